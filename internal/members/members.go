package members

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Config is what Members need.
type Config struct {
	DB       *tenancy.DB
	Exchange *exchange.Exchange
	Imports  *registry.Imports
	Docs     *document.Documents
	Vault    Vault
	Now      func() time.Time
}

// Members are the verbs.
type Members struct{ Config }

// New returns the verbs, and lets files become members.
func New(c Config) *Members {
	s := &Members{c}
	c.Imports.Add(s.target())
	return s
}

// List returns a page of members in the order of their numbers, those without one first, and the cursor of the next.
func (s *Members) List(ctx context.Context, f Filter, limit int, cursor string) (found []Member, next string, err error) {
	err = s.DB.Read(ctx, func(tx pgx.Tx) error { found, next, err = s.list(ctx, tx, f, limit, cursor); return err })
	return found, next, err
}

// Count counts what a filter chooses.
func (s *Members) Count(ctx context.Context, f Filter) (n int, err error) {
	err = s.DB.Read(ctx, func(tx pgx.Tx) error { n, err = s.count(ctx, tx, f); return err })
	return n, err
}

// Shown is a member with what was computed for it.
type Shown struct {
	Member
	Protected *Protected
	Expiring  []Licence // that ended, or end within two months
	Debt      Debt
}

// expiringWithin is how long before its end a licence is pointed out.
const expiringWithin = 60 * 24 * time.Hour

// Read returns a member.
func (s *Members) Read(ctx context.Context, id ID) (m Shown, err error) {
	err = s.DB.Read(ctx, func(tx pgx.Tx) error { m, err = s.shown(ctx, tx, id); return err })
	return m, err
}

func (s *Members) shown(ctx context.Context, tx pgx.Tx, id ID) (m Shown, err error) {
	if m.Member, err = s.byID(ctx, tx, id); err != nil {
		return m, err
	}
	today, err := s.today(ctx, tx)
	if err != nil {
		return m, err
	}
	m.Expiring = m.Content.expiring(today.Add(expiringWithin))
	owed, err := debts(ctx, tx, []ID{id}, today)
	if err != nil {
		return m, err
	}
	m.Debt = owed[id]
	if slices.ContainsFunc(m.Content.Plots, func(p Plot) bool { return len(p.Geometry) > 0 }) {
		m.Protected, err = protected(ctx, tx)
	}
	return m, err
}

// History lists what happened to a membership, first to last.
func (s *Members) History(ctx context.Context, id ID) (all []Event, err error) {
	err = s.DB.Read(ctx, func(tx pgx.Tx) error {
		if _, err := s.byID(ctx, tx, id); err != nil {
			return err
		}
		all, err = events(ctx, tx, id)
		return err
	})
	return all, err
}

// Create enters an application that came to the association. It returns problem.ErrInvalid with each wrong field, or ErrCodeUsed.
func (s *Members) Create(ctx context.Context, f Facts, on *time.Time) (m Shown, err error) {
	if err := f.Check(); err != nil {
		return m, err
	}
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		today, err := s.today(ctx, tx)
		if err != nil {
			return err
		}
		day := today
		if on != nil {
			day = *on
		}
		if day.After(today) {
			return problem.ErrInvalid.At("/appliedOn", codeDay)
		}
		id, err := s.enter(ctx, tx, f, day, "")
		if err != nil {
			return err
		}
		m, err = s.shown(ctx, tx, id)
		return err
	})
	return m, err
}

// enter writes a new application.
func (s *Members) enter(ctx context.Context, tx pgx.Tx, f Facts, on time.Time, reference string) (ID, error) {
	for _, d := range f.Content.Documents {
		if _, err := document.ByID(ctx, tx, d); err != nil {
			return ID{}, problem.ErrInvalid.At("/documentIds", codeDocument)
		}
	}
	m := Member{ID: uuid.Must(uuid.NewV7()), Status: Applied, Facts: f, AppliedOn: on}
	if err := s.save(ctx, tx, m); err != nil {
		return ID{}, err
	}
	if err := note(ctx, tx, m.ID, Event{Act: Create, Status: Applied, On: on, Reference: reference}); err != nil {
		return ID{}, err
	}
	return m.ID, trail(ctx, tx, Create, m, nil)
}

// trail tells the audit trail of an act, without personal data: those the record has.
func trail(ctx context.Context, tx pgx.Tx, act Act, m Member, more map[string]any) error {
	after := map[string]any{"status": m.Status, "category": m.Category, "number": m.Number}
	for k, v := range more {
		after[k] = v
	}
	return audit.Record(ctx, tx, audit.Event{Action: "member." + string(act), ObjectKind: "member", ObjectID: m.ID.String(), After: after})
}

// Update replaces what version of a member says. The history names the fields that changed.
func (s *Members) Update(ctx context.Context, id ID, version int, f Facts, reason string) (m Shown, err error) {
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		before, err := s.lockByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if before.Version != version {
			return problem.ErrStale
		}
		if before.ErasedAt != nil {
			return ErrErased
		}
		f.Private = f.Private.keeping(before.Private)
		if err := f.Check(); err != nil {
			return err
		}
		if err := s.replace(ctx, tx, before, f, reason); err != nil {
			return err
		}
		m, err = s.shown(ctx, tx, id)
		return err
	})
	return m, err
}

func (s *Members) replace(ctx context.Context, tx pgx.Tx, before Member, f Facts, reason string) error {
	fields := changed(before.Facts, f)
	if len(fields) == 0 {
		return nil
	}
	today, err := s.today(ctx, tx)
	if err != nil {
		return err
	}
	after := before
	after.Facts = f
	if err := s.save(ctx, tx, after); err != nil {
		return err
	}
	if err := follow(ctx, tx, after, ""); err != nil {
		return err
	}
	if err := note(ctx, tx, before.ID, Event{Act: Update, Status: before.Status, On: today, Reason: reason, Changed: fields}); err != nil {
		return err
	}
	return trail(ctx, tx, Update, after, map[string]any{"changed": fields})
}

// Do moves a membership on. It returns lifecycle.ErrNoMove, problem.ErrInvalid with each wrong field, or ErrNumberUsed.
func (s *Members) Do(ctx context.Context, id ID, version int, d Deed) (m Shown, err error) {
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		before, err := s.lockByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if before.Version != version {
			return problem.ErrStale
		}
		today, err := s.today(ctx, tx)
		if err != nil {
			return err
		}
		if d.On.IsZero() {
			d.On = today
		}
		if err := s.move(ctx, tx, before, d, today); err != nil {
			return err
		}
		m, err = s.shown(ctx, tx, id)
		return err
	})
	return m, err
}

func (s *Members) move(ctx context.Context, tx pgx.Tx, m Member, d Deed, today time.Time) (err error) {
	if m.ErasedAt != nil {
		return ErrErased
	}
	if m.Status, err = moves.Next(m.Status, d.Act); err != nil {
		return err
	}
	if err := d.Check(today); err != nil {
		return err
	}
	if d.DocumentID != nil {
		if _, err := document.ByID(ctx, tx, *d.DocumentID); err != nil {
			return problem.ErrInvalid.At("/documentId", codeDocument)
		}
	}
	if m.EndedOn = nil; over[m.Status] {
		m.EndedOn = &d.On
	}
	if d.Act == Admit || d.Act == Readmit {
		m.AdmittedOn = &d.On
	}
	if d.Act == Admit && m.Number == "" {
		if m.Number = strings.TrimSpace(d.Number); m.Number == "" {
			if m.Number, err = nextNumber(ctx, tx); err != nil {
				return err
			}
		}
	}
	if err := s.save(ctx, tx, m); err != nil {
		return err
	}
	if err := follow(ctx, tx, m, d.Reason); err != nil {
		return err
	}
	if err := note(ctx, tx, m.ID, Event{Act: d.Act, Status: m.Status, On: d.On, Reason: d.Reason, Reference: d.Reference, DocumentID: d.DocumentID}); err != nil {
		return err
	}
	return trail(ctx, tx, d.Act, m, nil)
}
