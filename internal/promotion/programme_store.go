package promotion

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// ErrSeated is returned for taking somebody off the committee who scored already.
var (
	ErrSeated = postgres.Constraint("promotion_scores_member_fkey", problem.New(problem.Conflict, "promotion-programme.seated"))
	_         = postgres.Constraint("promotion_conflicts_member_fkey", ErrSeated)
)

const programmeColumns = `p.id, p.tenant_id, t.slug, t.kind, t.names, t.demo, p.version, p.status, p.content, p.opens_at, p.closes_at, p.taken, p.published_at, p.drafted_name, p.reviewed_name, p.created_at, p.updated_at, p.tenant_id = app.tenant(),
	p.mirror, p.original, o.status, o.opens_at, o.closes_at, exists (select from app.promotion_platforms f where f.partner = p.tenant_id and f.status = 'active')`

const fromProgrammes = ` from app.promotion_programmes p join app.tenants t on t.id = p.tenant_id
	left join app.promotion_programmes o on o.id = p.original and o.published_at is not null`

func scanProgramme(row pgx.CollectableRow) (p Programme, err error) {
	var own *bool
	var original *uuid.UUID
	var status *Status
	var opens, closes *time.Time
	err = row.Scan(&p.ID, &p.Keeper.ID, &p.Keeper.Slug, &p.Keeper.Kind, &p.Keeper.Names, &p.Keeper.Demo, &p.Version, &p.Status, &p.Content, &p.OpensAt, &p.ClosesAt, &p.Taken, &p.PublishedAt, &p.DraftedName, &p.ReviewedName, &p.CreatedAt, &p.UpdatedAt, &own,
		&p.Mirror, &original, &status, &opens, &closes, &p.Mirrorable)
	if original != nil {
		if p.Original = (&Original{ID: *original}); status != nil {
			p.Original.Status, p.Original.Opens, p.Original.Closes = *status, *opens, *closes
		}
	}
	p.Own = own != nil && *own // nobody in particular owns nothing
	return p, err
}

// programmeByID reads an own programme, or one that is published.
func programmeByID(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Programme, error) {
	rows, _ := tx.Query(ctx, `select `+programmeColumns+fromProgrammes+` where p.id = $1`, id)
	p, err := pgx.CollectExactlyOneRow(rows, scanProgramme)
	if errors.Is(err, pgx.ErrNoRows) {
		return p, ErrNotFound
	}
	return p, postgres.Wrap(err, "programme %s", id)
}

// lockProgramme reads an own programme that nobody else changes meanwhile; decisions on its applications come one after the other.
func lockProgramme(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Programme, error) {
	rows, _ := tx.Query(ctx, `select `+programmeColumns+fromProgrammes+` where p.id = $1 for update of p`, id)
	p, err := pgx.CollectExactlyOneRow(rows, scanProgramme)
	if errors.Is(err, pgx.ErrNoRows) {
		return p, ErrNotFound
	}
	return p, postgres.Wrap(err, "programme %s", id)
}

// folded are the titles of a call as words are looked for.
func (c Content) folded() string {
	keys := []string{}
	for _, t := range c.Titles {
		keys = append(keys, registry.NameKey(t))
	}
	slices.Sort(keys)
	return strings.Join(keys, "\n")
}

// topicKeys are the topics of a call as they are looked for.
func (c Content) topicKeys() []string {
	return append([]string{}, codesOf(c.Topics, registry.NameKey)...)
}

// insertProgramme drafts a call; mirror and original say whose it is when it is a platform's.
func insertProgramme(ctx context.Context, tx pgx.Tx, c Content, mirror *Mirror, original *uuid.UUID) (id uuid.UUID, err error) {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return id, err
	}
	opens, closes, _ := c.Window.bounds()
	err = tx.QueryRow(ctx, `
		insert into app.promotion_programmes (content, kind, countries, folded, opens_at, closes_at, places, drafted_by, drafted_name, topics, mirror, original)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning id`,
		c, c.Kind, c.Countries, c.folded(), opens, closes, c.Places, scope.Actor, scope.ActorName, c.topicKeys(), mirror, original).Scan(&id)
	return id, postgres.Wrap(err, "programme")
}

// writeCall replaces a call; whoever writes it does not review it.
func writeCall(ctx context.Context, tx pgx.Tx, id uuid.UUID, c Content) error {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	opens, closes, _ := c.Window.bounds()
	_, err = tx.Exec(ctx, `
		update app.promotion_programmes set content = $2, kind = $3, countries = $4, folded = $5, opens_at = $6, closes_at = $7, places = $8, drafted_by = $9, drafted_name = $10, reviewed_by = null, reviewed_name = '', topics = $11
		where id = $1`, id, c, c.Kind, c.Countries, c.folded(), opens, closes, c.Places, scope.Actor, scope.ActorName, c.topicKeys())
	return postgres.Wrap(err, "programme %s", id)
}

func review(ctx context.Context, tx pgx.Tx, p Programme) error {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `update app.promotion_programmes set reviewed_by = $2, reviewed_name = $3 where id = $1`, p.ID, scope.Actor, scope.ActorName)
	return postgres.Wrap(err, "review of programme %s", p.ID)
}

// publishCall shows a call to everybody and makes its budgets; those of another's call are not there to be promised.
func publishCall(ctx context.Context, tx pgx.Tx, p Programme, at time.Time) error {
	if _, err := tx.Exec(ctx, `update app.promotion_programmes set published_at = $2 where id = $1`, p.ID, at); err != nil {
		return postgres.Wrap(err, "programme %s", p.ID)
	}
	if p.Mirror != nil {
		return nil
	}
	for _, b := range p.Content.Budgets { // four at most
		if _, err := tx.Exec(ctx, `insert into app.promotion_budgets (programme_id, source, amount) values ($1, $2, $3)`, p.ID, b.Source, b.Amount); err != nil {
			return postgres.Wrap(err, "budget of programme %s", p.ID)
		}
	}
	return nil
}

func moveProgramme(ctx context.Context, tx pgx.Tx, id uuid.UUID, to Status) error {
	_, err := tx.Exec(ctx, `update app.promotion_programmes set version = version + 1, status = $2, updated_at = clock_timestamp() where id = $1`, id, to)
	return postgres.Wrap(err, "programme %s", id)
}

// addEvent writes what happened to a programme or an application, of who did it.
func addEvent(ctx context.Context, tx pgx.Tx, object uuid.UUID, e Event) error {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `insert into app.promotion_events (object_id, version, act, from_status, to_status, reason, recorded_by, recorded_name) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		object, e.Version, e.Act, e.From, e.To, e.Reason, scope.Actor, scope.ActorName)
	return postgres.Wrap(err, "event of %s", object)
}

func events(ctx context.Context, tx pgx.Tx, object uuid.UUID) ([]Event, error) {
	rows, _ := tx.Query(ctx, `select version, act, from_status, to_status, reason, recorded_name, recorded_at from app.promotion_events where object_id = $1 order by version limit 1000`, object)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Event])
	return all, postgres.Wrap(err, "events of %s", object)
}

func funds(ctx context.Context, tx pgx.Tx, programme uuid.UUID) ([]Fund, error) {
	rows, _ := tx.Query(ctx, `select source, amount, committed, paid from app.promotion_budgets where programme_id = $1`, programme)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Fund])
	slices.SortFunc(all, func(a, b Fund) int { return slices.Index(Sources, a.Source) - slices.Index(Sources, b.Source) })
	return all, postgres.Wrap(err, "budgets of programme %s", programme)
}

func committee(ctx context.Context, tx pgx.Tx, programme uuid.UUID) ([]Member, error) {
	rows, _ := tx.Query(ctx, `select c.person_id, p.name from app.promotion_committee c join app.people p on p.id = c.person_id where c.programme_id = $1 order by p.name, p.id`, programme)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Member])
	return all, postgres.Wrap(err, "committee of programme %s", programme)
}

func peopleWith(ctx context.Context, tx pgx.Tx, roles []string) ([]Member, error) {
	rows, _ := tx.Query(ctx, `select id, name from app.people where roles && $1::text[] and disabled_at is null order by name, id limit 1000`, roles)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Member])
	return all, postgres.Wrap(err, "people with a role of %s", roles)
}

func inside(ctx context.Context, tx pgx.Tx, id uuid.UUID) (in Inside, err error) {
	if in.History, err = events(ctx, tx, id); err != nil {
		return in, err
	}
	if in.Funds, err = funds(ctx, tx, id); err != nil {
		return in, err
	}
	in.Committee, err = committee(ctx, tx, id)
	return in, err
}

func appoint(ctx context.Context, tx pgx.Tx, programme uuid.UUID, people []uuid.UUID) error {
	var known []uuid.UUID
	rows, _ := tx.Query(ctx, `select id from app.people where id = any ($1) and disabled_at is null`, people)
	known, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return postgres.Wrap(err, "people")
	}
	wrong := problem.ErrInvalid
	for i, p := range people {
		if !slices.Contains(known, p) || slices.Contains(people[:i], p) {
			wrong = wrong.At(fmt.Sprintf("/people/%d", i), codeCommittee)
		}
	}
	if err := wrong.Or(); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `delete from app.promotion_committee where programme_id = $1 and person_id <> all ($2)`, programme, people); err != nil {
		return postgres.Wrap(err, "committee of programme %s", programme)
	}
	_, err = tx.Exec(ctx, `insert into app.promotion_committee (programme_id, person_id) select $1, unnest($2::uuid[]) on conflict do nothing`, programme, people)
	return postgres.Wrap(err, "committee of programme %s", programme)
}

// ProgrammeFilter chooses programmes; empty fields choose all.
type ProgrammeFilter struct {
	Words   string
	Status  Status
	Kind    Kind
	Country string
	Topic   string
	Own     *bool
}

const chosenProgrammes = fromProgrammes + `
	where ($1 = '' or strpos(p.folded, $1) > 0) and ($2 = '' or p.status = $2) and ($3 = '' or p.kind = $3) and ($4 = '' or p.countries @> array[$4::text])
	  and ($5::boolean is null or (p.tenant_id = app.tenant()) = $5) and ($6 = '' or p.topics @> array[$6::text])`

// searched are words as they are looked for in the titles of calls.
func searched(words string) string {
	key := registry.NameKey(words)
	if words != "" && key == "" {
		return "\x01" // signs only, which no title has
	}
	return key
}

func (f ProgrammeFilter) args(more ...any) []any {
	return append([]any{searched(f.Words), f.Status, f.Kind, f.Country, f.Own, searched(f.Topic)}, more...)
}

// place is where a list goes on.
type place struct {
	At time.Time `json:"at"`
	ID uuid.UUID `json:"id"`
}

// newest is the place before the first of a list that has the newest first.
var newest = place{time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), uuid.Max}

func listProgrammes(ctx context.Context, tx pgx.Tx, f ProgrammeFilter, limit int, cursor string) ([]Programme, string, error) {
	after := newest
	if err := postgres.DecodeCursor(cursor, &after); err != nil {
		return nil, "", err
	}
	rows, _ := tx.Query(ctx, `select `+programmeColumns+chosenProgrammes+` and (p.updated_at, p.id) < ($7, $8) order by p.updated_at desc, p.id desc limit $9`, f.args(after.At, after.ID, limit+1)...)
	all, err := pgx.CollectRows(rows, scanProgramme)
	if err != nil || len(all) <= limit {
		return all, "", postgres.Wrap(err, "programmes")
	}
	last := all[limit-1]
	return all[:limit], postgres.EncodeCursor(place{last.UpdatedAt, last.ID}), nil
}

func countProgrammes(ctx context.Context, tx pgx.Tx, f ProgrammeFilter) (n int, err error) {
	err = tx.QueryRow(ctx, `select count(*)`+chosenProgrammes, f.args()...).Scan(&n)
	return n, postgres.Wrap(err, "programmes")
}
