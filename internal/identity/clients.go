package identity

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Problems of machines.
var (
	ErrClientNotFound = problem.New(problem.NotFound, "api-client.not-found")

	CodeScopeTooWide = problem.Field("api-client.scope-too-wide")
	CodeExpiry       = problem.Field("api-client.expiry")
)

// clientLife is the longest a secret may be good for, from its making: a year, and a day for the reckoning of leap years.
const clientLife = 366 * 24 * time.Hour

// Client is a machine of the tenant.
type Client struct {
	ID         string      `json:"id"`
	Name       string      `json:"name"`
	Scopes     []string    `json:"scopes"` // permissions
	Required   []Proof     `json:"required"`
	Keys       []ClientKey `json:"keys"` // the newest first
	CreatedAt  time.Time   `json:"createdAt"`
	ExpiresAt  time.Time   `json:"expiresAt"`
	RevokedAt  *time.Time  `json:"revokedAt,omitempty"`
	LastUsedAt *time.Time  `json:"-"` // when it last got a token
}

const clientColumns = `id::text, name, scopes, required, coalesce((
	select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('id', k.id, 'kind', k.kind, 'algorithm', k.algorithm, 'fingerprint', encode(k.fingerprint, 'hex'),
		'createdAt', k.created_at, 'expiresAt', k.expires_at, 'revokedAt', k.revoked_at)) order by k.created_at desc, k.id)
	from app.api_client_keys k where k.tenant_id = api_clients.tenant_id and k.client_id = api_clients.id), '[]'), created_at, expires_at, revoked_at, last_used_at`

// Clients lists the tenant's machines, newest first, five hundred at most.
func (i *Identity) Clients(ctx context.Context) (cs []Client, err error) {
	err = i.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select `+clientColumns+` from app.api_clients order by created_at desc, id limit 500`)
		cs, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Client])
		return postgres.Wrap(err, "api clients")
	})
	return cs, err
}

// Client returns a machine.
func (i *Identity) Client(ctx context.Context, id string) (c Client, err error) {
	err = i.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select `+clientColumns+` from app.api_clients where id = $1`, id)
		c, err = oneClient(rows, id)
		return err
	})
	return c, err
}

func oneClient(rows pgx.Rows, id string) (Client, error) {
	c, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Client])
	if noRows(err) {
		return c, ErrClientNotFound
	}
	return c, postgres.Wrap(err, "api client %s", id)
}

// CreateClient adds a machine and returns its secret, of which only a hash is kept. It returns a problem with a detail for
// each scope above what machines of this kind of tenant may hold (access.MachineCeiling), and for an end that has passed
// or is more than a year away.
func (i *Identity) CreateClient(ctx context.Context, c Client) (Client, string, error) {
	s, err := tenancy.From(ctx)
	if err != nil {
		return c, "", err
	}
	if err := i.checkClient(s.TenantKind, c); err != nil {
		return c, "", err
	}
	if c.Required == nil {
		c.Required = []Proof{}
	}
	plain := newClientSecret()
	err = i.db.Tx(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `insert into app.api_clients (name, secret_hash, scopes, required, expires_at, created_by) values ($1, $2, $3, $4, $5, $6) returning `+clientColumns,
			c.Name, hashOf(plain), c.Scopes, c.Required, c.ExpiresAt, s.Actor)
		if c, err = oneClient(rows, c.Name); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "api-client.create", ObjectKind: "api-client", ObjectID: c.ID, After: c})
	})
	return c, plain, err
}

func (i *Identity) checkClient(k tenancy.Kind, c Client) error {
	wrong, ceiling := problem.ErrInvalid, i.access.MachineCeiling(k)
	for n, scope := range c.Scopes {
		if !slices.Contains(ceiling, scope) {
			wrong = wrong.At("/scopes/"+strconv.Itoa(n), CodeScopeTooWide, "Scope", scope)
		}
	}
	if !c.ExpiresAt.After(i.now()) || c.ExpiresAt.After(i.now().Add(clientLife)) {
		wrong = wrong.At("/expiresAt", CodeExpiry)
	}
	return wrong.Or()
}

// RevokeClient bars a machine; its tokens are refused within a second (clientMemory).
func (i *Identity) RevokeClient(ctx context.Context, id string) (c Client, err error) {
	err = i.db.Tx(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `update app.api_clients set revoked_at = coalesce(revoked_at, now()) where id = $1 returning `+clientColumns, id)
		if c, err = oneClient(rows, id); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "api-client.revoke", ObjectKind: "api-client", ObjectID: id, After: c})
	})
	return c, err
}
