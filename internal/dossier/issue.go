package dossier

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/status"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Build freezes the contents as they are and starts to make a draft of the papers.
func (s *Dossiers) Build(ctx context.Context, id uuid.UUID) (Build, error) {
	return s.freeze(ctx, id, func(ctx context.Context, tx pgx.Tx, d *Dossier, _ []Item, at time.Time) (string, error) {
		return "DRAFT-" + at.Format("20060102-150405"), nil
	}, false)
}

// Issue freezes the dossier, gives it its number and starts to make the official papers. Everything required must be
// there. A dossier that this one replaces is superseded in the same moment.
func (s *Dossiers) Issue(ctx context.Context, id uuid.UUID) (View, error) {
	_, err := s.freeze(ctx, id, s.issue, true)
	if err != nil {
		return View{}, err
	}
	return s.View(ctx, id)
}

func (s *Dossiers) issue(ctx context.Context, tx pgx.Tx, d *Dossier, items []Item, at time.Time) (string, error) {
	if _, err := moves.Next(d.Status, Issue); err != nil {
		return "", err
	}
	if err := ready(items); err != nil {
		return "", err
	}
	scope, err := tenancy.From(ctx)
	if err != nil {
		return "", err
	}
	number, err := nextNumber(ctx, tx, upper(scope.Slug), at.Year())
	if err != nil {
		return "", err
	}
	err = move(ctx, tx, d, Issue, func(d *Dossier) {
		instant := at.UTC()
		d.Number, d.IssuedAt = &number, &instant
	})
	if err != nil || d.Supersedes == nil {
		return number, err
	}
	old, err := lockByID(ctx, tx, *d.Supersedes)
	if err != nil {
		return "", err
	}
	if old.Status != Issued {
		return number, nil // it was withdrawn meanwhile
	}
	if err := move(ctx, tx, &old, Supersede, nil); err != nil {
		return "", err
	}
	return number, withdrawPackages(ctx, tx, old.ID, "")
}

func upper(slug string) string { return string(bytes.ToUpper([]byte(slug))) }

type numbering func(ctx context.Context, tx pgx.Tx, d *Dossier, items []Item, at time.Time) (string, error)

// freeze writes the contents of a build and starts its job, in one transaction. The status check is asked before, since
// it is a question that anybody may ask; its answer is that of this moment either way.
func (s *Dossiers) freeze(ctx context.Context, id uuid.UUID, number numbering, official bool) (b Build, err error) {
	v, err := s.View(ctx, id)
	if err != nil {
		return b, err
	}
	scope, err := tenancy.From(ctx)
	if err != nil {
		return b, err
	}
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		d, err := lockByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if !d.Status.open() {
			return ErrClosed
		}
		c, err := s.contents(ctx, tx, d, scope)
		if err != nil {
			return err
		}
		if c.Number, err = number(ctx, tx, &d, v.Items, c.Instant); err != nil {
			return err
		}
		c.Official = official
		b = Build{DossierID: id, Official: official, Number: c.Number, Files: []BuiltFile{}}
		if err := tx.QueryRow(ctx, `insert into app.builds (dossier_id, official, number, input) values ($1, $2, $3, $4) returning id, created_at`, id, official, c.Number, c).Scan(&b.ID, &b.CreatedAt); err != nil {
			return postgres.Wrap(err, "build of %s", id)
		}
		task, err := s.jobs.Start(ctx, tx, "dossier.build", b.ID, BuildDossier{b.ID})
		if err != nil {
			return err
		}
		b.TaskID = &task
		if _, err := tx.Exec(ctx, `update app.builds set task_id = $2 where id = $1`, b.ID, task); err != nil {
			return postgres.Wrap(err, "build %s", b.ID)
		}
		return audit.Record(ctx, tx, audit.Event{Action: "dossier.build", ObjectKind: "dossier", ObjectID: id.String(), After: b})
	})
	return b, err
}

// here is now, to the second, by the tenant's clock: what it issues in its morning bears its own day.
func (s *Dossiers) here(ctx context.Context, tx pgx.Tx) (now time.Time, err error) {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return now, err
	}
	var zone string
	if err := tx.QueryRow(ctx, `select time_zone from app.tenants where id = $1`, scope.Tenant).Scan(&zone); err != nil {
		return now, postgres.Wrap(err, "tenant %s", scope.Slug)
	}
	where, err := time.LoadLocation(zone)
	if err != nil {
		return now, fmt.Errorf("time zone of %s: %w", scope.Slug, err)
	}
	return s.now().In(where).Truncate(time.Second), nil
}

func (s *Dossiers) contents(ctx context.Context, tx pgx.Tx, d Dossier, scope tenancy.Scope) (c Contents, err error) {
	v, reg, err := read(ctx, tx, d.ID)
	if err != nil {
		return c, err
	}
	if err := tx.QueryRow(ctx, `select names from app.tenants where id = $1`, scope.Tenant).Scan(&c.Issuer); err != nil {
		return c, postgres.Wrap(err, "tenant %s", scope.Slug)
	}
	if c.Instant, err = s.here(ctx, tx); err != nil {
		return c, err
	}
	c.Day, c.Demo, c.IssuerSlug, c.Base = c.Instant.Format(time.DateOnly), scope.Demo, scope.Slug, s.base
	c.Market, c.Profile, c.Edition, c.Languages, c.Title = d.Market, d.Profile, d.ProfileEdition, d.Languages, d.Title
	c.Registration, c.Record, c.Segments = reg, d.RegistrationID, v.Segments
	if c.Periods, c.Status, err = registry.PeriodsOf(ctx, tx, d.RegistrationID, s.now()); err != nil {
		return c, err
	}
	q, err := status.Ask(reg.Title(), d.Market, nil, string(d.ProducerCode), c.Instant)
	if err != nil {
		return c, err
	}
	answer, err := status.Check(ctx, s.db, q)
	if err != nil {
		return c, err
	}
	c.Answers = map[string]Said{}
	for _, lang := range d.Languages {
		c.Answers[lang] = s.say(answer, locale.Tag(lang))
	}
	for _, a := range d.Annexes {
		doc, err := document.ByID(ctx, tx, a.DocumentID)
		if err != nil {
			return c, err
		}
		c.Annexes = append(c.Annexes, AnnexFile{Annex: a, File: fmt.Sprintf("%02d-%s", len(c.Annexes)+1, plainName(doc.Current.Filename)), MediaType: doc.Current.MediaType, SHA256: doc.Current.SHA256})
	}
	return c, nil
}

// plainName keeps a file's name to what every archive and system takes.
func plainName(name string) string {
	out := []rune{}
	for _, r := range name {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-' || r == '_' || r > 0x2e7f && r < 0xa000 {
			out = append(out, r)
		} else {
			out = append(out, '-')
		}
	}
	if len(out) > 80 {
		out = out[len(out)-80:]
	}
	return string(out)
}

// withdrawPackages takes the dossier's official packages back. The reason is told to whoever checks one; it is empty where a
// newer dossier took its place.
func withdrawPackages(ctx context.Context, tx pgx.Tx, dossier uuid.UUID, reason string) error {
	all, err := builds(ctx, tx, dossier)
	if err != nil {
		return err
	}
	for _, b := range all {
		if b.Official {
			if err := exchange.Withdraw(ctx, tx, exchange.PackageKind, b.ID, reason); err != nil {
				return err
			}
		}
	}
	return nil
}

// Withdraw withdraws a dossier with a reason; issued packages are withdrawn for everybody who checks them.
func (s *Dossiers) Withdraw(ctx context.Context, id uuid.UUID, reason string) (View, error) {
	err := s.db.Tx(ctx, func(tx pgx.Tx) error {
		d, err := lockByID(ctx, tx, id)
		if err != nil {
			return err
		}
		err = move(ctx, tx, &d, Withdraw, func(d *Dossier) {
			now := s.now().UTC()
			d.WithdrawnAt, d.WithdrawnWhy = &now, reason
		})
		if err != nil {
			return err
		}
		return withdrawPackages(ctx, tx, id, reason)
	})
	if err != nil {
		return View{}, err
	}
	return s.View(ctx, id)
}
