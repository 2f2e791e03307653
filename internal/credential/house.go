package credential

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// ErrNoAnswer is returned when the publisher's house does not answer.
var ErrNoAnswer = problem.New(problem.Unavailable, "credential.no-answer")

// Check checks a file: a paper, or a token. Lists of now, when there are any, count instead of those in a paper; kept ones
// are those of another day, see Evidence.
func Check(b []byte, fresh, kept []string, trust Trust, now time.Time) (Report, error) {
	if IsPaper(b) {
		return VerifyPaper(b, fresh, kept, trust, now)
	}
	e := Evidence{Lists: fresh, Fresh: len(fresh) > 0}
	if !e.Fresh {
		e.Kept = kept
	}
	return Verify(string(b), e, trust, now)
}

// House is a house of this software, asked over the network by `helianthus verify --url`.
type House struct {
	Base   string // https://gi.example
	Client *http.Client
}

// Trust fetches the list of its issuers.
func (h House) Trust(ctx context.Context) (t Trust, err error) {
	err = h.get(ctx, "/api/v1/issuers", func(body io.Reader) error {
		t, err = ReadTrust(body)
		return err
	})
	return t, err
}

// Check checks a file with the status lists of now and, where it does not hold, the publisher's word why. Lists are
// fetched by their place in the house that one named, not from wherever a credential says.
func (h House) Check(ctx context.Context, b []byte, trust Trust, now time.Time) (Report, error) {
	r, err := Check(b, nil, nil, trust, now)
	if err != nil || r.Verdict == Altered || r.Verdict == UnknownIssuer {
		return r, err
	}
	var fresh []string
	for _, address := range r.Claims.Lists() {
		u, err := url.Parse(address)
		if err != nil {
			return r.found(BadList), nil
		}
		err = h.get(ctx, u.Path, func(body io.Reader) error {
			signed, err := io.ReadAll(io.LimitReader(body, maxToken))
			fresh = append(fresh, string(signed))
			return err
		})
		if err != nil {
			return r, err
		}
	}
	if r, err = Check(b, fresh, nil, trust, now); err != nil || r.Cause != "" || r.Verdict != Withdrawn && r.Verdict != Suspended {
		return r, err
	}
	var why struct {
		Cause  Cause     `json:"cause"`
		Reason string    `json:"reason"`
		Since  time.Time `json:"since"`
	}
	if err := h.get(ctx, "/api/v1/credential-statuses/"+r.SHA256, func(body io.Reader) error { return json.NewDecoder(body).Decode(&why) }); err != nil {
		return r, err
	}
	if has(causes(), string(why.Cause)) {
		r.Cause, r.Reason, r.Since = why.Cause, why.Reason, &why.Since
	}
	return r, nil
}

func causes() (all []string) {
	for _, c := range Causes {
		all = append(all, string(c))
	}
	return all
}

func (h House) get(ctx context.Context, path string, read func(io.Reader) error) error {
	address := strings.TrimSuffix(h.Base, "/") + path
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return fmt.Errorf("ask %s: %w", address, err)
	}
	res, err := h.Client.Do(req)
	if err != nil {
		return fmt.Errorf("ask %s: %w: %w", address, ErrNoAnswer, err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("ask %s: answer %d: %w", address, res.StatusCode, ErrNoAnswer)
	}
	if err := read(io.LimitReader(res.Body, maxIssuerFile)); err != nil {
		return fmt.Errorf("ask %s: %w", address, err)
	}
	return nil
}

// Printable is a text out of a foreign file as it may be shown on a terminal.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(s, string(utf8.RuneError)))
}
