package custody

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

const (
	keysPath       = "/v1/keys"
	signaturesPath = "/v1/signatures"
	maxRequest     = 2 << 20 // a full status list is signed whole
)

type (
	wantedKey struct {
		Name      string    `json:"name"`
		Algorithm Algorithm `json:"algorithm"`
	}
	madeKey struct {
		Ref       string `json:"ref"`
		PublicKey []byte `json:"publicKey"`
	}
	wantedSignature struct {
		Ref   string `json:"ref"`
		Input []byte `json:"input"`
	}
	madeSignature struct {
		Signature []byte `json:"signature"`
	}
)

// remote is keys that another process holds.
type remote struct{ client *http.Client }

func newRemote(socket string) *remote {
	var d net.Dialer
	return &remote{&http.Client{Transport: &http.Transport{
		DialContext:         func(ctx context.Context, _, _ string) (net.Conn, error) { return d.DialContext(ctx, "unix", socket) },
		MaxIdleConnsPerHost: 8, IdleConnTimeout: time.Minute,
	}}}
}

// Make asks for a key.
func (r *remote) Make(ctx context.Context, name string, a Algorithm) (Key, error) {
	var made madeKey
	if err := r.ask(ctx, keysPath, wantedKey{name, a}, &made); err != nil {
		return Key{}, err
	}
	public, err := x509.ParsePKIXPublicKey(made.PublicKey)
	if err != nil || made.Ref == "" || len(made.Ref) > 200 {
		return Key{}, errors.New("the custodian's answer is no key")
	}
	return Key{made.Ref, public}, nil
}

// Sign asks for a signature.
func (r *remote) Sign(ctx context.Context, ref string, input []byte) ([]byte, error) {
	var made madeSignature
	err := r.ask(ctx, signaturesPath, wantedSignature{ref, input}, &made)
	return made.Signature, err
}

func (r *remote) ask(ctx context.Context, path string, question, answer any) error {
	body, err := json.Marshal(question)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://custodian"+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := r.client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, maxPEM))
	if err != nil {
		return err
	}
	switch res.StatusCode {
	case http.StatusOK:
		return json.Unmarshal(text, answer)
	case http.StatusNotFound:
		return errUnknown
	case http.StatusBadRequest:
		return errMalformed
	case http.StatusConflict:
		return ErrNotProvided.With("Where", "unix")
	}
	return fmt.Errorf("the custodian answered %d", res.StatusCode)
}

// Handler serves the protocol for a custodian. What was made and signed is in the log, by the digest of what was signed nothing.
func Handler(c Custodian, log *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+keysPath, func(w http.ResponseWriter, r *http.Request) {
		answer(w, r, log, func(ctx context.Context, q wantedKey) (madeKey, error) {
			k, err := c.Make(ctx, q.Name, q.Algorithm)
			if err != nil {
				return madeKey{}, err
			}
			log.InfoContext(ctx, "a key was handed out", "name", q.Name, "key", k.Ref)
			der, err := x509.MarshalPKIXPublicKey(k.Public)
			return madeKey{k.Ref, der}, err
		})
	})
	mux.HandleFunc("POST "+signaturesPath, func(w http.ResponseWriter, r *http.Request) {
		answer(w, r, log, func(ctx context.Context, q wantedSignature) (madeSignature, error) {
			s, err := c.Sign(ctx, q.Ref, q.Input)
			if err == nil {
				log.DebugContext(ctx, "signed", "key", q.Ref)
			}
			return madeSignature{s}, err
		})
	})
	return mux
}

func answer[Q, A any](w http.ResponseWriter, r *http.Request, log *slog.Logger, do func(context.Context, Q) (A, error)) {
	var q Q
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxRequest))
	d.DisallowUnknownFields()
	if d.Decode(&q) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	a, err := do(r.Context(), q)
	if err != nil {
		log.WarnContext(r.Context(), "a request for a key or a signature was refused", "error", err)
		w.WriteHeader(statusOf(err))
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(a) // whoever asked is gone
}

func statusOf(err error) int {
	_, isProblem := problem.As(err)
	switch {
	case errors.Is(err, errUnknown):
		return http.StatusNotFound
	case errors.Is(err, errMalformed):
		return http.StatusBadRequest
	case isProblem:
		return http.StatusConflict
	}
	return http.StatusInternalServerError
}
