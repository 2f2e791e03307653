package recognition

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// ErrNoCalendar is returned for an address that is unknown or revoked, and for a person who may no longer read cases.
var ErrNoCalendar = problem.New(problem.NotFound, "calendar-feed.not-found")

// CalendarFeed is an address under which a person's calendar program reads the deadlines of all cases. Whoever has the address reads
// them as that person, so it is shown once and can be revoked.
type CalendarFeed struct {
	ID        uuid.UUID
	Token     string // shown once
	CreatedAt time.Time
}

// Feeds are the verbs of calendars.
type Feeds struct {
	db     *tenancy.DB
	cases  *Cases
	access *access.Access
	bundle *locale.Bundle
}

// NewFeeds returns the verbs.
func NewFeeds(db *tenancy.DB, cases *Cases, a *access.Access, b *locale.Bundle) *Feeds {
	return &Feeds{db, cases, a, b}
}

// Create makes a new address for the person who asks.
func (s *Feeds) Create(ctx context.Context) (f CalendarFeed, err error) {
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		return f, err
	}
	f.Token = base64.RawURLEncoding.EncodeToString(secret)
	hash := sha256.Sum256([]byte(f.Token))
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		scope, err := tenancy.From(ctx)
		if err != nil {
			return err
		}
		err = tx.QueryRow(ctx, `insert into app.calendar_feeds (person_id, token_hash) values ($1, $2) returning id, created_at`, scope.Actor, hash[:]).Scan(&f.ID, &f.CreatedAt)
		if err != nil {
			return postgres.Wrap(err, "calendar of %s", scope.Actor)
		}
		return audit.Record(ctx, tx, audit.Event{Action: "calendar-feed.create", ObjectKind: "calendar-feed", ObjectID: f.ID.String()})
	})
	return f, err
}

// List lists the addresses of the person who asks that hold, newest first.
func (s *Feeds) List(ctx context.Context) (all []CalendarFeed, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		scope, err := tenancy.From(ctx)
		if err != nil {
			return err
		}
		rows, _ := tx.Query(ctx, `select id, '', created_at from app.calendar_feeds where person_id = $1 and revoked_at is null order by id desc limit 100`, scope.Actor)
		all, err = pgx.CollectRows(rows, pgx.RowToStructByPos[CalendarFeed])
		return postgres.Wrap(err, "calendars of %s", scope.Actor)
	})
	return all, err
}

// Revoke ends an address of the person who asks; one that ended already stays so.
func (s *Feeds) Revoke(ctx context.Context, id uuid.UUID) error {
	return s.db.Tx(ctx, func(tx pgx.Tx) error {
		scope, err := tenancy.From(ctx)
		if err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `update app.calendar_feeds set revoked_at = coalesce(revoked_at, now()) where id = $1 and person_id = $2`, id, scope.Actor)
		if err == nil && tag.RowsAffected() == 0 {
			return ErrNoCalendar
		}
		if err != nil {
			return postgres.Wrap(err, "calendar %s", id)
		}
		return audit.Record(ctx, tx, audit.Event{Action: "calendar-feed.revoke", ObjectKind: "calendar-feed", ObjectID: id.String()})
	})
}

// Read is the calendar at an address, in the language of its person.
func (s *Feeds) Read(ctx context.Context, token string) (string, error) {
	hash := sha256.Sum256([]byte(token))
	scope := tenancy.Scope{ActorKind: tenancy.Person}
	var tag string
	err := s.db.Read(tenancy.In(ctx, tenancy.Public), func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `select tenant_id, slug, kind, demo, person_id, name, locale, roles from app.gate_calendar($1)`, hash[:]).
			Scan(&scope.Tenant, &scope.Slug, &scope.TenantKind, &scope.Demo, &scope.Actor, &scope.ActorName, &tag, &scope.Roles)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return "", ErrNoCalendar
	}
	if err != nil {
		return "", postgres.Wrap(err, "calendar")
	}
	ctx = tenancy.In(ctx, scope)
	may, err := s.access.Of(ctx, scope)
	if err != nil {
		return "", err
	}
	if !may["recognition-case:read"] {
		return "", ErrNoCalendar
	}
	all, _, _, err := s.cases.Due(ctx, DueFilter{}, mostEvents, "")
	if err != nil {
		return "", err
	}
	return calendarOf(s.bundle, locale.Match(tag), all, s.cases.now()), nil
}

// calendarOf writes deadlines as a calendar (RFC 5545): each is a whole day, its last one, wherever the reader is: a day of the
// office's calendar has no hour that another zone could move it by.
func calendarOf(b *locale.Bundle, tag locale.Tag, all []Due, now time.Time) string {
	c := ics.NewCalendarFor("helianthus")
	c.SetMethod(ics.MethodPublish)
	c.SetName(b.T(tag, "calendar.title", nil))
	c.SetXWRCalName(b.T(tag, "calendar.title", nil))
	for _, d := range all {
		if d.EndsOn == nil {
			continue // it is paused, and nobody knows
		}
		e := c.AddEvent(fmt.Sprintf("%s-%s-%d@helianthus", d.CaseID, d.Code, d.Start))
		e.SetDtStampTime(now.UTC())
		e.SetAllDayStartAt(*d.EndsOn)
		e.SetAllDayEndAt(d.EndsOn.AddDate(0, 0, 1))
		e.SetTimeTransparency(ics.TransparencyTransparent)
		e.SetSummary(b.T(tag, "calendar.summary", map[string]any{"Name": d.Name, "Market": d.Market.Name(b, tag), "Period": d.Code, "Side": b.T(tag, "case.side."+string(d.Side), nil)}))
		var notes []string
		if !d.Certain {
			notes = append(notes, b.T(tag, "calendar.uncertain", nil))
		}
		if zone, ok := Calendars[d.Calendar]; ok {
			notes = append(notes, b.T(tag, "calendar.zone", map[string]any{"Zone": zone.TimeZone}))
		}
		if len(notes) > 0 {
			e.SetDescription(strings.Join(notes, "\n"))
		}
	}
	return c.Serialize(ics.WithNewLineWindows)
}
