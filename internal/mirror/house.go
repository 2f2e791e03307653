package mirror

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/helianthus-gi/helianthus/internal/translog"
)

// House is the house that is copied, as its API client sees it; without an id, as everybody does.
type House struct {
	URL              string // https://gi.example
	ClientID, Secret string
	Client           *http.Client
	token            string
}

// answerMost bounds one answer: a page of changes with large contents.
const answerMost = 256 << 20

// problemOf is what the house refuses with.
type problemOf struct {
	Status        int
	Code, Message string
}

func (p problemOf) Error() string {
	return fmt.Sprintf("%s answered %d %s: %s", "the house", p.Status, p.Code, p.Message)
}

// errGone is met for a proof of what may no longer be read.
var errGone = errors.New("the publication is concealed by now")

// errNotYet is met for a proof of what has no place in the log yet.
var errNotYet = errors.New("no place in the log yet")

func (h *House) changes(ctx context.Context, after int64, wait time.Duration) (items []Change, position, head int64, err error) {
	q := url.Values{"after": {strconv.FormatInt(after, 10)}, "limit": {strconv.Itoa(page)}}
	if wait >= time.Second {
		q.Set("wait", strconv.Itoa(int(min(wait, time.Minute).Seconds())))
	}
	var answer struct {
		Items          []Change
		Position, Head int64
	}
	err = h.get(ctx, "/api/v1/changes?"+q.Encode(), &answer)
	return answer.Items, answer.Position, answer.Head, err
}

func (h *House) logKey(ctx context.Context) (string, error) {
	var answer struct{ Keys []string }
	if err := h.get(ctx, "/api/v1/log", &answer); err != nil {
		return "", err
	}
	if len(answer.Keys) == 0 {
		return "", errors.New("the house shows no key of its log")
	}
	return answer.Keys[0], nil
}

// proof asks for a proof, and again for a while when the entry has no place yet.
func (h *House) proof(ctx context.Context, publication string) (translog.Proof, error) {
	var answer struct {
		Salt          []byte // base64 in JSON
		Opened, Proof string
	}
	for range 20 {
		err := h.get(ctx, "/api/v1/publications/"+publication+"/proof", &answer)
		if !errors.Is(err, errNotYet) {
			return translog.Proof{Salt: answer.Salt, Opened: []byte(answer.Opened), TLog: answer.Proof}, err
		}
		select {
		case <-ctx.Done():
			return translog.Proof{}, ctx.Err()
		case <-time.After(500 * time.Millisecond):
		}
	}
	return translog.Proof{}, fmt.Errorf("%w: %w", ErrUnlogged, errNotYet)
}

// get asks for JSON, with a new token when the one before has ended.
func (h *House) get(ctx context.Context, path string, into any) error {
	for again := false; ; again = true {
		if h.ClientID != "" && h.token == "" {
			if err := h.renew(ctx); err != nil {
				return err
			}
		}
		err := h.getOnce(ctx, path, into)
		var refused problemOf
		if !again && h.ClientID != "" && errors.As(err, &refused) && refused.Status == http.StatusUnauthorized {
			h.token = ""
			continue
		}
		return err
	}
}

func (h *House) getOnce(ctx context.Context, path string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(h.URL, "/")+path, nil)
	if err != nil {
		return err
	}
	req.Header.Set("Accept", "application/json")
	if h.token != "" {
		req.Header.Set("Authorization", "Bearer "+h.token)
	}
	return h.do(req, into)
}

func (h *House) renew(ctx context.Context) error {
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {h.ClientID}, "client_secret": {h.Secret}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(h.URL, "/")+"/api/v1/token", strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	var answer struct {
		Token string `json:"access_token"`
	}
	err = h.do(req, &answer)
	h.token = answer.Token
	return err
}

func (h *House) do(req *http.Request, into any) error {
	res, err := h.Client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, answerMost))
	if err != nil {
		return err
	}
	if res.StatusCode == http.StatusOK {
		return json.Unmarshal(body, into)
	}
	p := problemOf{Status: res.StatusCode}
	_ = json.Unmarshal(body, &p) // what is no problem has its status at least
	p.Status = res.StatusCode
	switch p.Code {
	case "log.not-yet":
		return errNotYet
	case "log.not-logged":
		return errGone
	}
	return p
}
