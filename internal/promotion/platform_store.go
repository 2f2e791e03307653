package promotion

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

const platformColumns = `f.id, f.version, f.status, f.level, f.names, f.region, f.address, f.website, f.contact, f.partner, t.slug, t.kind, t.names, t.demo, f.recorded_name, f.created_at, f.updated_at`

const fromPlatforms = ` from app.promotion_platforms f left join app.tenants t on t.id = f.partner`

func scanPlatform(row pgx.CollectableRow) (p Platform, err error) {
	var id *uuid.UUID
	var slug *string
	var kind *tenancy.Kind
	var names map[string]string
	var demo *bool
	err = row.Scan(&p.ID, &p.Version, &p.Standing, &p.Level, &p.Names, &p.Region, &p.Address, &p.Website, &p.Contact, &id, &slug, &kind, &names, &demo, &p.RecordedName, &p.CreatedAt, &p.UpdatedAt)
	if err == nil && id != nil && slug != nil {
		p.Partner = &exchange.Publisher{ID: *id, Slug: *slug, Kind: *kind, Names: names, Demo: *demo}
	}
	return p, err
}

func platformByID(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Platform, error) {
	rows, _ := tx.Query(ctx, `select `+platformColumns+fromPlatforms+` where f.id = $1`, id)
	return onePlatform(rows)
}

// lockPlatform reads a platform that nobody else changes meanwhile.
func lockPlatform(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Platform, error) {
	rows, _ := tx.Query(ctx, `select `+platformColumns+fromPlatforms+` where f.id = $1 for update of f`, id)
	return onePlatform(rows)
}

// platformOf is the active platform that a tenant is.
func platformOf(ctx context.Context, tx pgx.Tx, partner uuid.UUID) (Platform, error) {
	rows, _ := tx.Query(ctx, `select `+platformColumns+fromPlatforms+` where f.partner = $1 and f.status = 'active'`, partner)
	return onePlatform(rows)
}

func onePlatform(rows pgx.Rows) (Platform, error) {
	p, err := pgx.CollectExactlyOneRow(rows, scanPlatform)
	if errors.Is(err, pgx.ErrNoRows) {
		return p, ErrPlatformNotFound
	}
	return p, postgres.Wrap(err, "platform")
}

// partnerWith is the other tenant with a short name.
func partnerWith(ctx context.Context, tx pgx.Tx, slug string) (p exchange.Publisher, err error) {
	rows, _ := tx.Query(ctx, `select id, slug, kind, names, demo from app.tenants where slug = $1 and id <> app.tenant() and suspended_at is null`, slug)
	p, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[exchange.Publisher])
	if errors.Is(err, pgx.ErrNoRows) {
		return p, problem.ErrInvalid.At("/partner", codePartner)
	}
	return p, postgres.Wrap(err, "tenant %s", slug)
}

func (p Platform) partnerID() *uuid.UUID {
	if p.Partner == nil {
		return nil
	}
	return &p.Partner.ID
}

func insertPlatform(ctx context.Context, tx pgx.Tx, p Platform) (id uuid.UUID, err error) {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return id, err
	}
	err = tx.QueryRow(ctx, `
		insert into app.promotion_platforms (level, names, folded, region, address, website, contact, partner, recorded_name) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id`,
		p.Level, p.Names, p.folded(), p.Region, p.Address, p.Website, p.Contact, p.partnerID(), scope.ActorName).Scan(&id)
	return id, postgres.Wrap(err, "platform")
}

func writePlatform(ctx context.Context, tx pgx.Tx, id uuid.UUID, p Platform) error {
	_, err := tx.Exec(ctx, `update app.promotion_platforms set level = $2, names = $3, folded = $4, region = $5, address = $6, website = $7, contact = $8, partner = $9 where id = $1`,
		id, p.Level, p.Names, p.folded(), p.Region, p.Address, p.Website, p.Contact, p.partnerID())
	return postgres.Wrap(err, "platform %s", id)
}

func standPlatform(ctx context.Context, tx pgx.Tx, id uuid.UUID, to Standing) error {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `update app.promotion_platforms set version = version + 1, status = $2, recorded_name = $3, updated_at = clock_timestamp() where id = $1`, id, to, scope.ActorName)
	return postgres.Wrap(err, "platform %s", id)
}

// PlatformFilter chooses platforms; empty fields choose all.
type PlatformFilter struct {
	Words    string
	Level    Level
	Standing Standing
}

const chosenPlatforms = fromPlatforms + ` where ($1 = '' or strpos(f.folded, $1) > 0) and ($2 = '' or f.level = $2) and ($3 = '' or f.status = $3)`

func (f PlatformFilter) args(more ...any) []any {
	return append([]any{searched(f.Words), f.Level, f.Standing}, more...)
}

func listPlatforms(ctx context.Context, tx pgx.Tx, f PlatformFilter, limit int, cursor string) ([]Platform, string, error) {
	after := uuid.Max
	if err := postgres.DecodeCursor(cursor, &after); err != nil {
		return nil, "", err
	}
	rows, _ := tx.Query(ctx, `select `+platformColumns+chosenPlatforms+` and f.id < $4 order by f.id desc limit $5`, f.args(after, limit+1)...)
	all, err := pgx.CollectRows(rows, scanPlatform)
	if err != nil || len(all) <= limit {
		return all, "", postgres.Wrap(err, "platforms")
	}
	return all[:limit], postgres.EncodeCursor(all[limit-1].ID), nil
}

func countPlatforms(ctx context.Context, tx pgx.Tx, f PlatformFilter) (n int, err error) {
	err = tx.QueryRow(ctx, `select count(*)`+chosenPlatforms, f.args()...).Scan(&n)
	return n, postgres.Wrap(err, "platforms")
}
