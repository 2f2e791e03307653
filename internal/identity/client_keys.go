package identity

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/api/signature"
	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Proof is what a machine may have to show with each request, beside its token.
type Proof string

// The proofs.
const (
	ProofSignature   Proof = "signature"   // the request is signed with a registered key (RFC 9421)
	ProofCertificate Proof = "certificate" // the connection is made with a registered certificate (RFC 8705)
)

// Problems of what a machine shows itself by.
var (
	ErrClientKeyNotFound = problem.New(problem.NotFound, "api-client-key.not-found")
	ErrClientKeyKnown    = problem.New(problem.Conflict, "api-client-key.known")
	ErrClientRevoked     = problem.New(problem.Conflict, "api-client.revoked")
	ErrLoosened          = problem.New(problem.Conflict, "api-client.required-grows")
	ErrTooManyKeys       = problem.New(problem.Conflict, "api-client-key.too-many")

	CodePEM = problem.Field("api-client-key.pem")
)

const mostClientKeys = 20 // of one machine, revoked ones included: enough for years of rotation

// ClientKey is a public key that a machine signs with, or a certificate that it connects with.
type ClientKey struct {
	ID          string     `json:"id"`
	Kind        Proof      `json:"kind"`
	Algorithm   string     `json:"algorithm"`
	Fingerprint string     `json:"fingerprint"` // SHA-256 of the DER form, hexadecimal
	CreatedAt   time.Time  `json:"createdAt"`
	ExpiresAt   *time.Time `json:"expiresAt,omitempty"` // the certificate's end
	RevokedAt   *time.Time `json:"revokedAt,omitempty"`
	der         []byte
}

// readClientKey reads a public key or a certificate in PEM, and nothing besides.
func readClientKey(text string, now time.Time) (k ClientKey, err error) {
	wrong := problem.ErrInvalid.At("/pem", CodePEM)
	block, rest := pem.Decode([]byte(text))
	if block == nil || strings.TrimSpace(string(rest)) != "" {
		return k, wrong
	}
	k.der = block.Bytes
	switch block.Type {
	case "PUBLIC KEY":
		key, err := signature.PublicKey(k.der)
		if err != nil {
			return k, wrong
		}
		k.Kind = ProofSignature
		if k.Algorithm, err = signature.AlgorithmOf(key); err != nil {
			return k, wrong
		}
	case "CERTIFICATE":
		c, err := x509.ParseCertificate(k.der)
		if err != nil || now.After(c.NotAfter) {
			return k, wrong
		}
		k.Kind, k.Algorithm, k.ExpiresAt = ProofCertificate, strings.ToLower(c.PublicKeyAlgorithm.String()), &c.NotAfter
	default:
		return k, wrong
	}
	return k, nil
}

const keyColumns = `id::text, kind, algorithm, encode(fingerprint, 'hex'), created_at, expires_at, revoked_at`

func oneClientKey(rows pgx.Rows, id string) (k ClientKey, err error) {
	k, err = pgx.CollectExactlyOneRow(rows, func(row pgx.CollectableRow) (k ClientKey, err error) {
		return k, row.Scan(&k.ID, &k.Kind, &k.Algorithm, &k.Fingerprint, &k.CreatedAt, &k.ExpiresAt, &k.RevokedAt)
	})
	if noRows(err) {
		return k, ErrClientKeyNotFound
	}
	return k, postgres.Wrap(err, "key of api client %s", id)
}

// AddClientKey registers a public key or a certificate, in PEM, of a machine.
func (i *Identity) AddClientKey(ctx context.Context, client, text string) (k ClientKey, err error) {
	s, err := tenancy.From(ctx)
	if err != nil {
		return k, err
	}
	given, err := readClientKey(text, i.now())
	if err != nil {
		return k, err
	}
	err = i.db.Tx(ctx, func(tx pgx.Tx) error {
		c, err := lockClient(ctx, tx, client)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(given.der)
		switch {
		case c.RevokedAt != nil:
			return ErrClientRevoked
		case slices.ContainsFunc(c.Keys, func(k ClientKey) bool { return k.Fingerprint == hex.EncodeToString(sum[:]) }):
			return ErrClientKeyKnown
		case len(c.Keys) >= mostClientKeys:
			return ErrTooManyKeys
		}
		rows, _ := tx.Query(ctx, `
			insert into app.api_client_keys (client_id, kind, algorithm, der, fingerprint, created_by, expires_at)
			values ($1, $2, $3, $4, $5, $6, $7) returning `+keyColumns,
			client, given.Kind, given.Algorithm, given.der, sum[:], s.Actor, given.ExpiresAt)
		if k, err = oneClientKey(rows, client); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "api-client-key.create", ObjectKind: "api-client", ObjectID: client, After: k})
	})
	return k, err
}

// RevokeClientKey takes nothing more from a key or certificate, within a second (clientMemory).
func (i *Identity) RevokeClientKey(ctx context.Context, client string, id uuid.UUID) (k ClientKey, err error) {
	err = i.db.Tx(ctx, func(tx pgx.Tx) error {
		if _, err := lockClient(ctx, tx, client); err != nil {
			return err
		}
		rows, _ := tx.Query(ctx, `
			update app.api_client_keys set revoked_at = coalesce(revoked_at, now()) where client_id = $1 and id = $2 returning `+keyColumns, client, id)
		if k, err = oneClientKey(rows, client); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "api-client-key.revoke", ObjectKind: "api-client", ObjectID: client, After: k})
	})
	return k, err
}

// RequireOfClient says what a machine must show from now on. It returns ErrLoosened for less than is required already.
func (i *Identity) RequireOfClient(ctx context.Context, client string, proofs []Proof) (c Client, err error) {
	err = i.db.Tx(ctx, func(tx pgx.Tx) error {
		before, err := lockClient(ctx, tx, client)
		if err != nil {
			return err
		}
		for _, p := range before.Required {
			if !slices.Contains(proofs, p) {
				return ErrLoosened
			}
		}
		if before.RevokedAt != nil {
			return ErrClientRevoked
		}
		rows, _ := tx.Query(ctx, `update app.api_clients set required = $2 where id = $1 returning `+clientColumns, client, proofs)
		if c, err = oneClient(rows, client); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "api-client.require", ObjectKind: "api-client", ObjectID: client, Before: before, After: c})
	})
	return c, err
}

func lockClient(ctx context.Context, tx pgx.Tx, id string) (Client, error) {
	rows, _ := tx.Query(ctx, `select `+clientColumns+` from app.api_clients where id = $1 for update`, id)
	return oneClient(rows, id)
}
