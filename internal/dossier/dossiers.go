package dossier

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/jobs"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/status"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/typeset"
)

// Dossiers is the verbs.
type Dossiers struct {
	db     *tenancy.DB
	docs   *document.Documents
	jobs   *jobs.Jobs
	keys   *exchange.Keys
	press  *typeset.Pool
	bundle *locale.Bundle
	base   string // address under which people reach us
	now    func() time.Time
}

// New makes it and registers its worker. Press may be nil in a process that does no jobs.
func New(db *tenancy.DB, docs *document.Documents, j *jobs.Jobs, keys *exchange.Keys, press *typeset.Pool, bundle *locale.Bundle, base string, now func() time.Time) *Dossiers {
	d := &Dossiers{db, docs, j, keys, press, bundle, base, now}
	jobs.Add(j, d.build)
	return d
}

// View is a dossier with what it has and lacks.
type View struct {
	Dossier
	Items    []Item
	Segments []Segment
}

// Create begins a dossier.
func (s *Dossiers) Create(ctx context.Context, d Dossier) (v View, err error) {
	p, err := ProfileOf(d.Profile, 0)
	if err != nil {
		return v, ErrProfile.At("/profile", CodeNeedMissing, "Need", d.Profile)
	}
	if !p.For(d.Market) {
		return v, ErrMarket
	}
	d.ProfileEdition = p.Edition
	if len(d.Languages) == 0 {
		d.Languages = p.Languages
	}
	if err := checkLanguages(d.Languages); err != nil {
		return v, err
	}
	if d.ProducerCode, err = producer(d.ProducerCode); err != nil {
		return v, err
	}
	scope, err := tenancy.From(ctx)
	if err != nil {
		return v, err
	}
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		if _, err := registry.ByID(ctx, tx, d.RegistrationID); err != nil {
			return err
		}
		if d.Supersedes != nil {
			if _, err := ByID(ctx, tx, *d.Supersedes); err != nil {
				return err
			}
		}
		var by *uuid.UUID
		if scope.Actor != uuid.Nil {
			by = &scope.Actor
		}
		if d, err = insert(ctx, tx, d, by); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "dossier.create", ObjectKind: "dossier", ObjectID: d.ID.String(), After: d})
	})
	if err != nil {
		return v, err
	}
	return s.View(ctx, d.ID)
}

func checkLanguages(languages []string) error {
	p := problem.ErrInvalid
	for i, l := range languages {
		if !slices.Contains(Languages, l) {
			p = p.At("/languages/"+strconv.Itoa(i), CodeLanguageNone, "Language", l)
		}
	}
	return p.Or()
}

// producer reads the code of a producer as it was typed; none is none.
func producer(typed marks.CreditCode) (marks.CreditCode, error) {
	if typed == "" {
		return "", nil
	}
	code, err := marks.ParseCreditCode(string(typed))
	if err != nil {
		return "", problem.ErrInvalid.At("/producerCode", marks.CodeCreditCode)
	}
	return code, nil
}

// Change holds what of a dossier is changed; nil leaves it.
type Change struct {
	Title, Product *map[string]string
	Languages      *[]string
	Annexes        *[]Annex
	ProducerCode   *marks.CreditCode
}

// Update changes an open dossier of the version read.
func (s *Dossiers) Update(ctx context.Context, id uuid.UUID, version int, c Change) (View, error) {
	if c.Languages != nil {
		if err := checkLanguages(*c.Languages); err != nil {
			return View{}, err
		}
	}
	if c.ProducerCode != nil {
		code, err := producer(*c.ProducerCode)
		if err != nil {
			return View{}, err
		}
		c.ProducerCode = &code
	}
	err := s.db.Tx(ctx, func(tx pgx.Tx) error {
		d, err := lockByID(ctx, tx, id)
		if err != nil {
			return err
		}
		before := d
		switch {
		case !d.Status.open():
			return ErrClosed
		case d.Version != version:
			return problem.ErrStale
		}
		if c.Title != nil {
			d.Title = *c.Title
		}
		if c.Product != nil {
			d.Product = *c.Product
		}
		if c.Languages != nil {
			d.Languages = *c.Languages
		}
		if c.ProducerCode != nil {
			d.ProducerCode = *c.ProducerCode
		}
		if c.Annexes != nil {
			if err := checkAnnexes(ctx, tx, *c.Annexes); err != nil {
				return err
			}
			d.Annexes = *c.Annexes
		}
		if d, err = save(ctx, tx, d); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "dossier.update", ObjectKind: "dossier", ObjectID: id.String(), Before: before, After: d})
	})
	if err != nil {
		return View{}, err
	}
	return s.View(ctx, id)
}

func checkAnnexes(ctx context.Context, tx pgx.Tx, annexes []Annex) error {
	p := problem.ErrInvalid
	for i, a := range annexes {
		d, err := document.ByID(ctx, tx, a.DocumentID)
		if err != nil || d.Status != document.Ready {
			p = p.At("/annexes/"+strconv.Itoa(i)+"/documentId", CodeDocument)
		}
	}
	return p.Or()
}

// View reads a dossier with its segments and completeness.
func (s *Dossiers) View(ctx context.Context, id uuid.UUID) (v View, err error) {
	var c registry.Content
	var now time.Time
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		if v, c, err = read(ctx, tx, id); err != nil {
			return err
		}
		now, err = s.here(ctx, tx)
		return err
	})
	if err != nil {
		return v, err
	}
	answer, err := s.answer(ctx, v.Dossier, c, now)
	if err != nil {
		return v, err
	}
	p, err := ProfileOf(v.Profile, v.ProfileEdition)
	if err != nil {
		return v, err
	}
	v.Items = Completeness(p, v.Dossier, c, v.Segments, answer)
	return v, nil
}

func read(ctx context.Context, tx pgx.Tx, id uuid.UUID) (v View, c registry.Content, err error) {
	if v.Dossier, err = ByID(ctx, tx, id); err != nil {
		return v, c, err
	}
	r, err := registry.ByID(ctx, tx, v.RegistrationID)
	if err != nil {
		return v, c, err
	}
	ts, err := written(ctx, tx, id)
	if err != nil {
		return v, c, err
	}
	v.Segments = Segments(v.Dossier, r.Content, ts)
	return v, r.Content, nil
}

// answer asks the status check, as anybody would, about the original name in the market today, and about the producer.
func (s *Dossiers) answer(ctx context.Context, d Dossier, c registry.Content, now time.Time) (status.Answer, error) {
	q, err := status.Ask(c.Title(), d.Market, nil, string(d.ProducerCode), now)
	if err != nil {
		return status.Answer{}, err
	}
	return status.Check(ctx, s.db, q)
}

// List returns a page of dossiers, newest change first.
func (s *Dossiers) List(ctx context.Context, f Filter, cursor string, limit int) (page []Dossier, next string, err error) {
	p := place{At: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), ID: uuid.Max}
	if err := postgres.DecodeCursor(cursor, &p); err != nil {
		return nil, "", err
	}
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		page, err = list(ctx, tx, f, p, limit+1)
		return err
	})
	if err == nil && len(page) > limit {
		page = page[:limit]
		next = postgres.EncodeCursor(place{page[limit-1].UpdatedAt, page[limit-1].ID})
	}
	return page, next, err
}

// Do moves an open dossier along; issuing and withdrawing have verbs of their own.
func (s *Dossiers) Do(ctx context.Context, id uuid.UUID, act Act) (View, error) {
	err := s.db.Tx(ctx, func(tx pgx.Tx) error {
		d, err := lockByID(ctx, tx, id)
		if err != nil {
			return err
		}
		return move(ctx, tx, &d, act, nil)
	})
	if err != nil {
		return View{}, err
	}
	return s.View(ctx, id)
}

func move(ctx context.Context, tx pgx.Tx, d *Dossier, act Act, change func(*Dossier)) error {
	before := d.Status
	next, err := moves.Next(d.Status, act)
	if err != nil {
		return err
	}
	d.Status = next
	if change != nil {
		change(d)
	}
	if *d, err = save(ctx, tx, *d); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Event{Action: "dossier." + string(act), ObjectKind: "dossier", ObjectID: d.ID.String(), Before: map[string]any{"status": before}, After: d})
}

// Translate writes the translation of a segment. A machine's is marked so and must be reviewed like any other.
func (s *Dossiers) Translate(ctx context.Context, id uuid.UUID, key, language, text, means string) (Segment, error) {
	return s.onTranslation(ctx, id, key, language, "translate", func(seg Segment, t *Translation, who string) error {
		*t = Translation{Segment: key, Language: language, Text: strings.TrimSpace(text), State: Drafted, Source: sum(seg.Source), Means: means, TranslatedBy: who}
		if means == "machine" {
			t.State = Machine
		}
		return nil
	})
}

// ReviewTranslation confirms that a translation says what its source says.
func (s *Dossiers) ReviewTranslation(ctx context.Context, id uuid.UUID, key, language string) (Segment, error) {
	return s.onTranslation(ctx, id, key, language, "review", func(seg Segment, t *Translation, who string) error {
		switch {
		case t.State == Missing:
			return ErrTranslation
		case seg.Stale(*t):
			return ErrStale
		}
		t.State, t.ReviewedBy = Reviewed, who
		return nil
	})
}

// CertifyTranslation certifies a reviewed translation.
func (s *Dossiers) CertifyTranslation(ctx context.Context, id uuid.UUID, key, language string) (Segment, error) {
	return s.onTranslation(ctx, id, key, language, "certify", func(seg Segment, t *Translation, who string) error {
		switch {
		case t.State == Missing:
			return ErrTranslation
		case seg.Stale(*t):
			return ErrStale
		case !t.State.Good():
			return ErrNotReviewed
		}
		t.State, t.CertifiedBy = Certified, who
		return nil
	})
}

func (s *Dossiers) onTranslation(ctx context.Context, id uuid.UUID, key, language, act string, change func(Segment, *Translation, string) error) (seg Segment, err error) {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return seg, err
	}
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		if _, err := lockByID(ctx, tx, id); err != nil {
			return err
		}
		v, _, err := read(ctx, tx, id)
		if err != nil {
			return err
		}
		if !v.Status.open() {
			return ErrClosed
		}
		if seg, err = segment(v.Segments, key); err != nil {
			return err
		}
		i := slices.IndexFunc(seg.Translations, func(t Translation) bool { return t.Language == language })
		if i < 0 {
			return ErrLanguage
		}
		before := seg.Translations[i]
		if err := change(seg, &seg.Translations[i], scope.ActorName); err != nil {
			return err
		}
		if err := putTranslation(ctx, tx, id, seg.Translations[i]); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "dossier." + act + "-translation", ObjectKind: "dossier", ObjectID: id.String(), Before: before, After: seg.Translations[i]})
	})
	return seg, err
}
