package httpd

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

const (
	keyHeader = "Idempotency-Key"
	onceLife  = 24 * time.Hour // as long as a partner's queue may stand still over a day
	onceName  = "idempotency"
	onceSweep = time.Hour
)

var (
	errKeyInWork = problem.New(problem.Conflict, "idempotency.in-work")
	errKeyReused = problem.New(problem.Unprocessable, "idempotency.reused")

	// errUndone ends a transaction whose answer is sent all the same.
	errUndone = errors.New("the answer is not kept")

	keyForm = regexp.MustCompile(`^[!-~]{1,255}$`)
)

// keptHeaders are those that are part of an answer. A cookie is not: it is a credential, and lives shorter than the record.
var keptHeaders = []string{"Content-Type", "Content-Language", "Cache-Control", "ETag", "Last-Modified", "Location", "Retry-After", "WWW-Authenticate"}

// kept is the first answer, sealed in the database.
type kept struct {
	Status int
	Header http.Header
	Body   []byte
}

func (k kept) send(w http.ResponseWriter) {
	for name, values := range k.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(k.Status)
	_, _ = w.Write(k.Body) // the client may be gone
}

// once does a write that carries an Idempotency-Key, or answers as it was answered the first time (doc.go). A visitor has no
// record to keep the key in: signing in and asking for a token give new credentials each time.
func (s *Server) once(w http.ResponseWriter, r *http.Request, o *Operation, next http.Handler) {
	given := r.Header.Values(keyHeader)
	scope, err := tenancy.From(r.Context())
	if len(given) == 0 || o.Method == http.MethodGet || err != nil || scope.ActorKind == tenancy.Visitor {
		next.ServeHTTP(w, r)
		return
	}
	if len(given) != 1 || !keyForm.MatchString(given[0]) {
		s.fail(w, r, problem.ErrInvalid.At(keyHeader, codeForm))
		return
	}
	request, err := o.digest(w, r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	id := sha256.Sum256([]byte(scope.Actor.String() + " " + o.ID + " " + given[0]))
	rec := &recorder{ResponseWriter: w}
	var answer kept
	err = s.DB.Whole(r.Context(), func(ctx context.Context, tx pgx.Tx) (err error) {
		answer, err = s.recall(ctx, tx, id, request)
		if !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		next.ServeHTTP(rec, r.WithContext(ctx))
		answer = rec.answer()
		if answer.Status >= http.StatusInternalServerError || answer.Status == http.StatusTooManyRequests {
			return errUndone
		}
		return s.remember(ctx, tx, id, request, answer)
	})
	if err != nil && !errors.Is(err, errUndone) {
		s.fail(w, r, err)
		return
	}
	if !rec.used {
		w.Header().Set("Idempotency-Replayed", "true")
	}
	answer.send(w)
}

// digest is what a request asked for: the same key with anything else is a mistake.
func (o *Operation) digest(w http.ResponseWriter, r *http.Request) (sum [32]byte, err error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, o.BodyLimit))
	if err != nil {
		return sum, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	h := sha256.New()
	// Lengths part the pieces, so that no two requests are one text.
	for _, piece := range []string{r.URL.EscapedPath(), r.URL.RawQuery, r.Header.Get("Content-Type"), r.Header.Get("If-Match"), string(body)} {
		fmt.Fprintf(h, "%d:%s", len(piece), piece)
	}
	return [32]byte(h.Sum(nil)), nil
}

// recall finds the first answer to a key; pgx.ErrNoRows says that there is none and that the key is ours until the
// transaction ends. The lock ends with the connection, so a node that dies leaves no key in work.
func (s *Server) recall(ctx context.Context, tx pgx.Tx, id, request [32]byte) (answer kept, err error) {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return answer, err
	}
	lock := sha256.Sum256(slices.Concat(scope.Tenant[:], id[:]))
	var free bool
	err = tx.QueryRow(ctx, `select pg_try_advisory_xact_lock($1)`, int64(binary.BigEndian.Uint64(lock[:8]))).Scan(&free)
	if err != nil {
		return answer, err
	}
	if !free {
		return answer, errKeyInWork.With("retryAfter", 1)
	}
	if _, err = tx.Exec(ctx, `delete from app.idempotency_keys where id = $1 and until_at <= $2`, id[:], s.Now()); err != nil {
		return answer, err
	}
	var before, sealed []byte
	if err = tx.QueryRow(ctx, `select request, answer from app.idempotency_keys where id = $1`, id[:]).Scan(&before, &sealed); err != nil {
		return answer, err
	}
	if !bytes.Equal(before, request[:]) {
		return answer, errKeyReused
	}
	text, err := s.Keys.Open(sealed, sealedFor(scope, id))
	if err != nil {
		return answer, err
	}
	return answer, json.Unmarshal(text, &answer)
}

func (s *Server) remember(ctx context.Context, tx pgx.Tx, id, request [32]byte, answer kept) error {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	text, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `insert into app.idempotency_keys (id, request, answer, until_at) values ($1, $2, $3, $4)`,
		id[:], request[:], s.Keys.Seal(text, sealedFor(scope, id)), s.Now().Add(onceLife))
	return err
}

func sealedFor(scope tenancy.Scope, id [32]byte) []byte {
	return slices.Concat([]byte(onceName), scope.Tenant[:], id[:])
}

// forgetAnswers removes a tenant's answers whose day is over.
func (h *House) forgetAnswers(ctx context.Context) error {
	return h.DB.Tx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `delete from app.idempotency_keys where until_at <= $1`, h.Now())
		return postgres.Wrap(err, "idempotency keys")
	})
}

// recorder holds an answer back until its transaction has ended. It shares the headers of the response beneath.
type recorder struct {
	http.ResponseWriter
	used   bool
	status int
	body   bytes.Buffer
}

func (c *recorder) WriteHeader(status int) {
	if !c.used {
		c.used, c.status = true, status
	}
}

func (c *recorder) Write(b []byte) (int, error) {
	c.WriteHeader(http.StatusOK)
	return c.body.Write(b)
}

func (c *recorder) answer() kept {
	c.WriteHeader(http.StatusOK)
	k := kept{Status: c.status, Header: http.Header{}, Body: c.body.Bytes()}
	for _, name := range keptHeaders {
		if values := c.Header().Values(name); len(values) > 0 {
			k.Header[http.CanonicalHeaderKey(name)] = slices.Clone(values)
		}
	}
	return k
}
