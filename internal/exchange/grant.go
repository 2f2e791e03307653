package exchange

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// longestGrant keeps rights from outliving whoever gave them.
const longestGrant = 5 * 366 * 24 * time.Hour

// Problems of grants.
var (
	ErrGrantNotFound = problem.New(problem.NotFound, "grant.not-found")
	ErrGrantEnded    = problem.New(problem.Conflict, "grant.ended")

	codeScope = problem.Field("grant.no-scope")
	codeUntil = problem.Field("grant.absurd-until")
)

// GrantState says whether a grant gives rights.
type GrantState string

// The states of grants.
const (
	GrantLive    GrantState = "live"
	GrantRevoked GrantState = "revoked"
	GrantExpired GrantState = "expired"
)

// Grant lets a named reader (授权) read the publications of a scope that are not for everybody, for a purpose, until an
// instant. It gives nothing else, and nothing of what is not published.
type Grant struct {
	ID        uuid.UUID
	Owner     Publisher
	Reader    Publisher
	Kinds     []string    // all publications of these kinds,
	Records   []uuid.UUID // and those of these records
	Purpose   string
	CreatedAt time.Time
	Until     time.Time
	RevokedAt *time.Time
	Reason    string // why it was revoked
	State     GrantState
}

// GrantFilter narrows a list of grants; its zero value is all that the tenant gave or got.
type GrantFilter struct {
	Given bool // only those that the tenant gave
	Got   bool // only those that it got
	State GrantState
}

// Give makes a grant; the reader is named by its slug in g.Reader. It returns problem.ErrInvalid with each wrong field.
func (x *Exchange) Give(ctx context.Context, g Grant) (Grant, error) {
	err := problem.ErrInvalid
	if len(g.Kinds)+len(g.Records) == 0 {
		err = err.At("/kinds", codeScope)
	}
	if !g.Until.After(x.now()) || g.Until.After(x.now().Add(longestGrant)) {
		err = err.At("/until", codeUntil)
	}
	if err := err.Or(); err != nil {
		return g, err
	}
	return g, x.db.Tx(ctx, func(tx pgx.Tx) error {
		to, err := reader(ctx, tx, g.Reader.Slug, "/reader")
		if err != nil {
			return err
		}
		if err := lockReaders(ctx, tx); err != nil {
			return err
		}
		if err := tell(ctx, tx, eventReveal, reach{Kinds: g.Kinds, Records: g.Records}, []tenancy.ID{to.ID}); err != nil {
			return err
		}
		s, err := tenancy.From(ctx)
		if err != nil {
			return err
		}
		var id uuid.UUID
		err = tx.QueryRow(ctx, `
			insert into app.grants (reader, kinds, records, purpose, until_at, created_by)
			values ($1, coalesce($2::text[], '{}'), coalesce($3::uuid[], '{}'), $4, $5, $6) returning id`,
			to.ID, g.Kinds, g.Records, g.Purpose, g.Until, known(s.Actor)).Scan(&id)
		if err != nil {
			return postgres.Wrap(err, "grant")
		}
		if g, err = grantByID(ctx, tx, id); err != nil {
			return err
		}
		return recordGrant(ctx, tx, actGrant, g)
	})
}

// Revoke ends a grant at once: what the reader has open stops.
func (x *Exchange) Revoke(ctx context.Context, id uuid.UUID, reason string) (g Grant, err error) {
	err = x.db.Tx(ctx, func(tx pgx.Tx) error {
		if g, err = grantByID(ctx, tx, id); err != nil {
			return err
		}
		s, err := tenancy.From(ctx)
		if err != nil {
			return err
		}
		if g.Owner.ID != s.Tenant {
			return ErrGrantNotFound
		}
		tag, err := tx.Exec(ctx, `update app.grants set revoked_at = now(), reason = $2 where tenant_id = app.tenant() and id = $1 and revoked_at is null and until_at > now()`, id, reason)
		if err != nil {
			return postgres.Wrap(err, "revoke %s", id)
		}
		if tag.RowsAffected() == 0 {
			return ErrGrantEnded
		}
		if g, err = grantByID(ctx, tx, id); err != nil {
			return err
		}
		return recordGrant(ctx, tx, actRevoke, g)
	})
	if err != nil {
		return g, err
	}
	// The right is gone. That the feed says so is a second transaction, so that it sees all that the reader may have
	// read under the grant; if it fails, the sweep does it.
	if err := x.settleGrants(ctx); err != nil {
		slog.WarnContext(ctx, "the end of a grant is not in the feed yet", "grant", id, "error", err)
	}
	return g, nil
}

// recordGrant writes what was done into the trail and a receipt for the reader.
func recordGrant(ctx context.Context, tx pgx.Tx, act Act, g Grant) error {
	after := map[string]any{"reader": g.Reader.Slug, "kinds": g.Kinds, "records": g.Records, "purpose": g.Purpose, "until": g.Until}
	if g.Reason != "" {
		after["reason"] = g.Reason
	}
	at := g.CreatedAt
	if g.RevokedAt != nil {
		at = *g.RevokedAt
	}
	if err := ownReceipt(ctx, tx, at, act, g.Owner.Slug, g.Reader, nil, &g); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Event{Action: "grant." + grantActs[act], ObjectKind: "grant", ObjectID: g.ID.String(), OtherParty: g.Reader.ID, After: after})
}

// grantActs are the words of permissions and the trail.
var grantActs = map[Act]string{actGrant: "create", actRevoke: "revoke"}

// settleGrants tells the readers of grants that ended what they may no longer read.
func (x *Exchange) settleGrants(ctx context.Context) error {
	for {
		var some int
		err := x.db.Tx(ctx, func(tx pgx.Tx) error {
			rows, _ := tx.Query(ctx, `
				select id from app.grants where tenant_id = app.tenant() and settled_at is null and (revoked_at is not null or until_at <= now())
				order by until_at limit 100 for update skip locked`)
			ids, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
			if err != nil {
				return postgres.Wrap(err, "ended grants")
			}
			some = len(ids)
			for _, id := range ids {
				g, err := grantByID(ctx, tx, id)
				if err != nil {
					return err
				}
				if err := tell(ctx, tx, eventConceal, reach{Kinds: g.Kinds, Records: g.Records}, []tenancy.ID{g.Reader.ID}); err != nil {
					return err
				}
			}
			_, err = tx.Exec(ctx, `update app.grants set settled_at = now() where tenant_id = app.tenant() and id = any ($1)`, ids)
			return postgres.Wrap(err, "ended grants")
		})
		if err != nil || some < 100 {
			return err
		}
	}
}

const grantColumns = `
	g.id, o.id, o.slug, o.kind, o.names, o.demo, r.id, r.slug, r.kind, r.names, r.demo, g.kinds, g.records, g.purpose, g.created_at, g.until_at, g.revoked_at, g.reason,
	case when g.revoked_at is not null then 'revoked' when g.until_at <= now() then 'expired' else 'live' end`

const grantTables = ` app.grants g join app.tenants o on o.id = g.tenant_id join app.tenants r on r.id = g.reader `

func scanGrant(row pgx.CollectableRow) (g Grant, err error) {
	err = row.Scan(&g.ID, &g.Owner.ID, &g.Owner.Slug, &g.Owner.Kind, &g.Owner.Names, &g.Owner.Demo, &g.Reader.ID, &g.Reader.Slug, &g.Reader.Kind, &g.Reader.Names, &g.Reader.Demo,
		&g.Kinds, &g.Records, &g.Purpose, &g.CreatedAt, &g.Until, &g.RevokedAt, &g.Reason, &g.State)
	return g, err
}

func grantByID(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Grant, error) {
	rows, _ := tx.Query(ctx, `select `+grantColumns+` from `+grantTables+` where g.id = $1`, id)
	g, err := pgx.CollectExactlyOneRow(rows, scanGrant)
	if errors.Is(err, pgx.ErrNoRows) {
		return g, ErrGrantNotFound
	}
	return g, postgres.Wrap(err, "grant %s", id)
}

// Grant reads a grant that the tenant gave or got, or returns ErrGrantNotFound.
func (x *Exchange) Grant(ctx context.Context, id uuid.UUID) (g Grant, err error) {
	err = x.db.Read(ctx, func(tx pgx.Tx) error {
		g, err = grantByID(ctx, tx, id)
		return err
	})
	return g, err
}

type idCursor struct {
	ID uuid.UUID `json:"id"`
}

var lastID = uuid.Max

// Grants lists grants that the tenant gave or got, newest first.
func (x *Exchange) Grants(ctx context.Context, f GrantFilter, limit int, cursor string) (found []Grant, next string, err error) {
	c := idCursor{lastID}
	if err := postgres.DecodeCursor(cursor, &c); err != nil {
		return nil, "", err
	}
	err = x.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `
			select * from (select `+grantColumns+` as state from `+grantTables+`
				where g.id < $1 and (not $2 or g.tenant_id = app.tenant()) and (not $3 or g.reader = app.tenant())) g
			where $4 = '' or g.state = $4
			order by 1 desc limit $5`, c.ID, f.Given, f.Got, f.State, limit+1)
		found, err = pgx.CollectRows(rows, scanGrant)
		return postgres.Wrap(err, "grants")
	})
	if err != nil || len(found) <= limit {
		return found, "", err
	}
	return found[:limit], postgres.EncodeCursor(idCursor{found[limit-1].ID}), nil
}
