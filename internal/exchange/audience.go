package exchange

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// BasisKind is why a reader may read a publication.
type BasisKind string

// The bases, the first one that is true.
const (
	basisOwn     BasisKind = "own"
	basisPublic  BasisKind = "public"
	basisTenant  BasisKind = "tenant"  // it is published to the reader
	basisParties BasisKind = "parties" // the reader is a party of the instrument ID
	basisGrant   BasisKind = "grant"   // the reader has the grant ID
)

// Basis is why a reader may read a publication.
type Basis struct {
	Kind  BasisKind
	ID    *uuid.UUID // of the instrument or the grant
	Until *time.Time // when the grant ends by itself
}

// basisSQL finds why the tenant of the transaction may read publication p; that it may is known. Of several grants it
// takes the one that lasts longest.
const basisSQL = `
	select w.basis, case w.basis when 'parties' then p.parties_of when 'grant' then g.id end as id, g.until
	from (select case
		when p.tenant_id = app.tenant() then 'own'
		when p.audience = 'public' then 'public'
		when p.reader = app.tenant() then 'tenant'
		when p.audience = 'parties' and exists (select from app.instrument_parties i
			where i.tenant_id = p.tenant_id and i.instrument_id = p.parties_of and i.party = app.tenant()) then 'parties'
		else 'grant' end as basis) w
	left join lateral (
		select g.id, g.until_at as until from app.grants g
		where w.basis = 'grant' and g.reader = app.tenant() and g.tenant_id = p.tenant_id and g.revoked_at is null and g.until_at > now()
			and (p.kind = any (g.kinds) or p.record_id = any (g.records))
		order by g.until_at desc limit 1) g on true`

// mayRead asks whether the tenant c.id may read the own publication p, as the policies of publications ask it of whoever reads.
const mayRead = `(p.audience = 'public' or p.reader is not distinct from c.id
	or p.audience = 'parties' and exists (select from app.instrument_parties i
		where i.tenant_id = p.tenant_id and i.instrument_id = p.parties_of and i.party = c.id)
	or exists (select from app.grants g
		where g.reader = c.id and g.tenant_id = p.tenant_id and g.revoked_at is null and g.until_at > now()
			and (p.kind = any (g.kinds) or p.record_id = any (g.records))))`

var (
	codeAudience   = problem.Field("audience.incomplete")
	codeTenant     = problem.Field("audience.no-tenant")
	codeSelf       = problem.Field("audience.self")
	codeInstrument = problem.Field("audience.no-instrument")
)

// Choice is how a publication is asked for: to whom, and whether it corrects the version that holds. Its zero value
// leaves the audience as it is.
type Choice struct {
	Audience   Audience
	Tenant     string    // slug, for OneReader
	Instrument uuid.UUID // for Parties
	Corrects   int
	Reason     string
}

// Apply makes the choice in p. It returns problem.ErrInvalid with each wrong field of `audience`.
func (c Choice) Apply(ctx context.Context, tx pgx.Tx, p *Publication) error {
	p.Corrects, p.Reason = c.Corrects, c.Reason
	if c.Audience == "" {
		return nil
	}
	p.Audience, p.Reader, p.Instrument = c.Audience, uuid.Nil, uuid.Nil
	switch {
	case (c.Tenant != "") != (c.Audience == OneReader):
		return problem.ErrInvalid.At("/audience/tenant", codeAudience)
	case (c.Instrument != uuid.Nil) != (c.Audience == Parties):
		return problem.ErrInvalid.At("/audience/instrumentId", codeAudience)
	}
	switch c.Audience {
	case OneReader:
		to, err := reader(ctx, tx, c.Tenant, "/audience/tenant")
		p.Reader = to.ID
		return err
	case Parties:
		p.Instrument = c.Instrument
		var kept bool
		err := tx.QueryRow(ctx, `select exists (select from app.instrument_parties where tenant_id = app.tenant() and instrument_id = $1)`, c.Instrument).Scan(&kept)
		if err == nil && !kept {
			return problem.ErrInvalid.At("/audience/instrumentId", codeInstrument)
		}
		return postgres.Wrap(err, "instrument %s", c.Instrument)
	}
	return nil
}

// reader finds another tenant by its slug; pointer is where the slug was given.
func reader(ctx context.Context, tx pgx.Tx, slug, pointer string) (p Publisher, err error) {
	err = tx.QueryRow(ctx, `select id, slug, kind, names, demo from app.tenants where slug = $1 and suspended_at is null`, slug).Scan(&p.ID, &p.Slug, &p.Kind, &p.Names, &p.Demo)
	if errors.Is(err, pgx.ErrNoRows) {
		return p, problem.ErrInvalid.At(pointer, codeTenant)
	}
	if err != nil {
		return p, postgres.Wrap(err, "tenant %s", slug)
	}
	s, err := tenancy.From(ctx)
	if err == nil && s.Tenant == p.ID {
		return p, problem.ErrInvalid.At(pointer, codeSelf)
	}
	return p, err
}

func tenantByID(ctx context.Context, tx pgx.Tx, id tenancy.ID) (p Publisher, err error) {
	err = tx.QueryRow(ctx, `select id, slug, kind, names, demo from app.tenants where id = $1`, id).Scan(&p.ID, &p.Slug, &p.Kind, &p.Names, &p.Demo)
	return p, postgres.Wrap(err, "tenant %s", id)
}

// SetParties says which tenants are parties of the tenant's own instrument, instead of those before. Tenants that gain
// or lose publications by it are told in the feed. It comes before Publish in a transaction that does both.
func SetParties(ctx context.Context, tx pgx.Tx, instrument uuid.UUID, parties []tenancy.ID) error {
	s, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	parties = without(parties, []tenancy.ID{s.Tenant})
	rows, _ := tx.Query(ctx, `select party from app.instrument_parties where tenant_id = app.tenant() and instrument_id = $1`, instrument)
	before, err := pgx.CollectRows(rows, pgx.RowTo[tenancy.ID])
	if err != nil {
		return postgres.Wrap(err, "parties of %s", instrument)
	}
	lost, gained := without(before, parties), without(parties, before)
	if len(lost)+len(gained) == 0 {
		return nil
	}
	if err := lockReaders(ctx, tx); err != nil {
		return err
	}
	if err := tell(ctx, tx, eventReveal, reach{Instrument: &instrument}, gained); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `insert into app.instrument_parties (instrument_id, party) select $1, unnest($2::uuid[]) on conflict do nothing`, instrument, gained)
	if err == nil {
		_, err = tx.Exec(ctx, `delete from app.instrument_parties where tenant_id = app.tenant() and instrument_id = $1 and party = any ($2)`, instrument, lost)
	}
	if err != nil {
		return postgres.Wrap(err, "parties of %s", instrument)
	}
	if err := tell(ctx, tx, eventConceal, reach{Instrument: &instrument}, lost); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Event{Action: "instrument.parties", ObjectKind: "instrument", ObjectID: instrument.String(),
		Before: map[string]any{"tenants": before}, After: map[string]any{"tenants": parties}})
}

// lockToPublish and lockReaders keep one tenant's publishing and its giving of rights apart, until the transaction ends: a
// reader that gains a right is told of all that was published before, and hears of what comes after by the feed itself.
func lockToPublish(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, `select pg_advisory_xact_lock_shared(5101, hashtext(app.tenant()::text))`)
	return postgres.Wrap(err, "lock readers")
}

func lockReaders(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, `select pg_advisory_xact_lock(5101, hashtext(app.tenant()::text))`)
	return postgres.Wrap(err, "lock readers")
}

// candidates are the tenants that a record's change of audience may concern, but for everybody.
func candidates(ctx context.Context, tx pgx.Tx, old, to Publication) ([]tenancy.ID, error) {
	rows, _ := tx.Query(ctx, `
		select distinct c.id from (
			select unnest($1::uuid[]) as id
			union all select party from app.instrument_parties where tenant_id = app.tenant() and instrument_id = any ($2)
			union all select g.reader from app.grants g
				where g.tenant_id = app.tenant() and g.revoked_at is null and g.until_at > now() and ($3 = any (g.kinds) or $4 = any (g.records))) c
		where c.id <> app.tenant() and c.id <> '00000000-0000-0000-0000-000000000000'`,
		[]uuid.UUID{old.Reader, to.Reader}, []uuid.UUID{old.Instrument, to.Instrument}, old.Kind, old.RecordID)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[tenancy.ID])
	return ids, postgres.Wrap(err, "readers of %s", old.RecordID)
}

// readersAmong are those of some tenants that may read p as the database has it now.
func readersAmong(ctx context.Context, tx pgx.Tx, p Publication, among []tenancy.ID) ([]tenancy.ID, error) {
	rows, _ := tx.Query(ctx, `
		select c.id from app.publications p, unnest($2::uuid[]) as c(id)
		where p.tenant_id = app.tenant() and p.id = $1 and `+mayRead, p.ID, among)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[tenancy.ID])
	return ids, postgres.Wrap(err, "readers of %s", p.ID)
}
