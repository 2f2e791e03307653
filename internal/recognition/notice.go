package recognition

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Notice is what anybody may read of a case once it is published for opposition (异议公告).
type Notice struct {
	CaseID          CaseID
	Office          Party // that takes oppositions
	TimeZone        string
	Open            bool // as long as EndsOn has not passed
	State           State
	Name            string
	Language        string
	Forms           []Form
	OriginOffice    string
	Market          Market
	InstrumentCode  string
	InstrumentNames map[string]string
	Reference       string
	PublishedOn     time.Time
	EndsOn          *time.Time
	Certain         bool
	Grounds         []Ground
	keeper          uuid.UUID
	officeKind      tenancy.Kind
	origin          *uuid.UUID
}

// Takes tells whether an opposition may be filed at an instant: until the end of the last day where the office is.
func (n Notice) Takes(at time.Time) bool {
	return n.Open && (n.EndsOn == nil || !Calendar{TimeZone: n.TimeZone}.Day(at).After(*n.EndsOn))
}

// noticeOf is what a case's events say to everybody; ok is false when nothing is published.
func noticeOf(c Case, p Procedure, events []CaseEvent) (n Notice, ok bool) {
	standing := Standing(events)
	i := slices.IndexFunc(standing, func(e CaseEvent) bool { return e.Act == ActPublish })
	if _, opposable := p.Step(ActOppose); i < 0 || !opposable {
		return n, false
	}
	e := standing[i]
	n = Notice{Open: slices.Contains([]State{StatePublished, StateOpposed}, c.State), State: c.State, Name: c.Name, Language: c.Language, Forms: c.Forms, OriginOffice: c.OriginOffice,
		Market: c.Market, InstrumentCode: c.InstrumentCode, InstrumentNames: c.InstrumentName, Reference: e.Reference, PublishedOn: e.On, Certain: true, Grounds: orEmpty(opposable(p.Grounds))}
	if e.EffectiveOn != nil {
		n.PublishedOn = *e.EffectiveOn
	}
	for _, d := range DeadlinesOf(p, events) {
		if q, _ := p.Period(d.Code); d.Start == e.Seq && slices.Contains(q.Ends, ActOppose) {
			n.EndsOn, n.Certain = d.EndsOn, d.Certain
		}
	}
	return n, true
}

// saveNotice replaces what everybody may read of a case.
func saveNotice(ctx context.Context, tx pgx.Tx, c Case, p Procedure, events []CaseEvent) error {
	n, ok := noticeOf(c, p, events)
	b := &pgx.Batch{}
	b.Queue(`delete from app.case_notices where case_id = $1`, c.ID)
	if ok {
		b.Queue(`
			insert into app.case_notices (tenant_id, case_id, origin, destination, open, state, name, name_key, language, forms, origin_office, market, instrument_code, instrument_titles,
				reference, published_on, ends_on, certain, grounds)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
			c.Keeper.ID, c.ID, idOf(c.Origin), idOf(c.Destination), n.Open, n.State, n.Name, nameKeys(c), n.Language, orEmpty(n.Forms), n.OriginOffice, n.Market, n.InstrumentCode,
			orNone(n.InstrumentNames), n.Reference, n.PublishedOn, n.EndsOn, n.Certain, n.Grounds)
	}
	return postgres.Wrap(tx.SendBatch(ctx, b).Close(), "notice of case %s", c.ID)
}

const noticeColumns = `
	n.case_id, n.tenant_id, n.origin, t.id, t.slug, t.names, t.demo, t.kind, t.time_zone, n.open, n.state, n.name, n.language, n.forms, n.origin_office, n.market,
	n.instrument_code, n.instrument_titles, n.reference, n.published_on, n.ends_on, n.certain, n.grounds`

const noticeRows = ` from app.case_notices n join app.tenants t on t.id = coalesce(n.destination, n.tenant_id) and t.suspended_at is null`

func scanNotice(row pgx.CollectableRow) (n Notice, err error) {
	err = row.Scan(&n.CaseID, &n.keeper, &n.origin, &n.Office.ID, &n.Office.Slug, &n.Office.Names, &n.Office.Demo, &n.officeKind, &n.TimeZone, &n.Open, &n.State, &n.Name, &n.Language, &n.Forms,
		&n.OriginOffice, &n.Market, &n.InstrumentCode, &n.InstrumentNames, &n.Reference, &n.PublishedOn, &n.EndsOn, &n.Certain, &n.Grounds)
	return n, err
}

// noticeByID reads the notice of a case, or returns ErrNoticeNotFound.
func noticeByID(ctx context.Context, tx pgx.Tx, id CaseID) (Notice, error) {
	rows, _ := tx.Query(ctx, `select `+noticeColumns+noticeRows+` where n.case_id = $1`, id)
	n, err := pgx.CollectExactlyOneRow(rows, scanNotice)
	if errors.Is(err, pgx.ErrNoRows) {
		return n, ErrNoticeNotFound
	}
	return n, postgres.Wrap(err, "notice of case %s", id)
}

// NoticeFilter narrows a list of notices; its zero value is all that are open.
type NoticeFilter struct {
	Words  string
	Market Market
}

// Notices lists what is published for opposition and still open, the newest first.
func (s *Oppositions) Notices(ctx context.Context, f NoticeFilter, limit int, cursor string) (found []Notice, next string, err error) {
	cur := noticeCursor{On: never, ID: uuid.Max}
	if err := postgres.DecodeCursor(cursor, &cur); err != nil {
		return nil, "", err
	}
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select `+noticeColumns+noticeRows+`
			where n.open and (n.published_on, n.case_id) < ($1::date, $2) and ($3 = '' or n.market = $3) and ($4 = '' or strpos(n.name_key, $4) > 0)
			order by n.published_on desc, n.case_id desc limit $5`, cur.On, cur.ID, f.Market, registry.NameKey(f.Words), limit+1)
		found, err = pgx.CollectRows(rows, scanNotice)
		return postgres.Wrap(err, "list notices")
	})
	if err != nil || len(found) <= limit {
		return found, "", err
	}
	last := found[limit-1]
	return found[:limit], postgres.EncodeCursor(noticeCursor{last.PublishedOn.Format(time.DateOnly), last.CaseID}), nil
}

type noticeCursor struct {
	On string    `json:"on"`
	ID uuid.UUID `json:"id"`
}

// Notice reads the notice of a case; it stays when the case has gone on.
func (s *Oppositions) Notice(ctx context.Context, id CaseID) (n Notice, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		n, err = noticeByID(ctx, tx, id)
		return err
	})
	return n, err
}
