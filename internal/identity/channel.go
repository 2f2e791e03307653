package identity

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/api/signature"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Problems of what a request shows. Those of signatures name the component or parameter.
var (
	ErrUnsigned        = problem.New(problem.Unauthenticated, "signature.needed")
	ErrReplayed        = problem.New(problem.Unauthenticated, "signature.replayed")
	ErrKeyUnknown      = problem.New(problem.Unauthenticated, "signature.key-unknown")
	ErrNoCertificate   = problem.New(problem.Unauthenticated, "certificate.needed")
	ErrCertificateLost = problem.New(problem.Unauthenticated, "certificate.other")
)

// signatureProblems are what may be wrong with a signature by itself.
var signatureProblems = map[signature.Code]*problem.Error{
	signature.Malformed:  problem.New(problem.Unauthenticated, "signature.malformed"),
	signature.Parameter:  problem.New(problem.Unauthenticated, "signature.parameter-missing"),
	signature.Component:  problem.New(problem.Unauthenticated, "signature.component-missing"),
	signature.Absent:     problem.New(problem.Unauthenticated, "signature.component-absent"),
	signature.OutOfTime:  problem.New(problem.Unauthenticated, "signature.outside-window"),
	signature.Digest:     problem.New(problem.Unauthenticated, "signature.digest-wrong"),
	signature.Algorithm:  problem.New(problem.Unauthenticated, "signature.algorithm"),
	signature.NotTheKeys: problem.New(problem.Unauthenticated, "signature.wrong"),
}

func asProblem(err error) error {
	var s *signature.Error
	if !errors.As(err, &s) {
		return err
	}
	p := signatureProblems[s.Code]
	if s.Name != "" {
		p = p.With("Name", s.Name)
	}
	return p
}

// Shown is what a request shows of its sender beside credentials.
type Shown struct {
	Message     signature.Message
	Content     []byte // read only when there is a signature that may cover it
	Certificate []byte // of the connection, DER; nil: none
}

type shownKey struct{}

// WithShown returns a context that carries it.
func WithShown(ctx context.Context, s Shown) context.Context {
	return context.WithValue(ctx, shownKey{}, s)
}

func shownFrom(ctx context.Context) Shown { s, _ := ctx.Value(shownKey{}).(Shown); return s }

// thumbprint is a certificate's x5t#S256 (RFC 8705, section 3.1).
func thumbprint(certificate []byte) string {
	sum := sha256.Sum256(certificate)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// held is one of a machine's keys that are good now.
type held struct {
	ID        uuid.UUID  `json:"id"`
	Kind      Proof      `json:"kind"`
	DER       []byte     `json:"der"`
	ExpiresAt *time.Time `json:"expiresAt"`
}

func (m machine) holds(now time.Time, good func(held) bool) bool {
	return slices.ContainsFunc(m.keys, func(k held) bool { return (k.ExpiresAt == nil || now.Before(*k.ExpiresAt)) && good(k) })
}

// channel is the one place where it is decided whether a request shows enough of the machine whose credentials it brings: at the
// token endpoint its secret, everywhere else a token, bound to a certificate or not. It returns the thumbprint of the registered
// certificate that the connection was made with.
//
// A signature for us that is there is checked whether or not it is required: one that is wrong means that something on the way
// changed the request.
func (i *Identity) channel(ctx context.Context, m machine, bound string) (certificate string, err error) {
	shown, now := shownFrom(ctx), i.now()
	if shown.Certificate != nil && m.holds(now, func(k held) bool { return k.Kind == ProofCertificate && slices.Equal(k.DER, shown.Certificate) }) {
		certificate = thumbprint(shown.Certificate)
	}
	switch {
	case bound != "" && bound != certificate:
		return "", ErrCertificateLost
	case certificate == "" && slices.Contains(m.required, ProofCertificate):
		return "", ErrNoCertificate
	}
	s, found, err := signature.Find(shown.Message.Header, signature.Tag)
	switch {
	case err != nil:
		return "", asProblem(err)
	case found:
		return certificate, i.signed(ctx, m, s, shown)
	case slices.Contains(m.required, ProofSignature):
		return "", ErrUnsigned
	}
	return certificate, nil
}

// signed takes a signature, once.
func (i *Identity) signed(ctx context.Context, m machine, s signature.Signature, shown Shown) error {
	if err := s.Check(shown.Message, shown.Content, i.now()); err != nil {
		return asProblem(err)
	}
	at := slices.IndexFunc(m.keys, func(k held) bool { return k.Kind == ProofSignature && k.ID.String() == s.KeyID })
	if at < 0 {
		return ErrKeyUnknown.With("Name", s.KeyID)
	}
	key, err := signature.PublicKey(m.keys[at].DER)
	if err != nil {
		return asProblem(err)
	}
	if err := s.Verify(shown.Message, key); err != nil {
		return asProblem(err)
	}
	nonce := sha256.Sum256([]byte(s.Nonce))
	return i.db.Tx(tenancy.In(ctx, m.scope), func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `insert into app.signature_nonces (client_id, nonce, until_at) values ($1, $2, $3) on conflict do nothing`,
			m.scope.Actor, nonce[:], s.Created.Add(signature.Window+2*signature.Skew))
		if err == nil && tag.RowsAffected() == 0 {
			return ErrReplayed
		}
		return postgres.Wrap(err, "nonce of api client %s", m.scope.Actor)
	})
}

// The sweep of nonces.
const (
	NonceSweepName  = "signature-nonces"
	NonceSweepEvery = 10 * time.Minute
)

// ForgetNonces removes the tenant's nonces whose signatures are too old to be taken anyway.
func (i *Identity) ForgetNonces(ctx context.Context) error {
	return i.db.Tx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `delete from app.signature_nonces where until_at <= $1`, i.now())
		return postgres.Wrap(err, "signature nonces")
	})
}
