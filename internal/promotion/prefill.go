package promotion

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/dossier"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/members"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// KnowledgeConfig is what Knowledge needs.
type KnowledgeConfig struct {
	Promotions *Promotions
	Users      *marks.Authorisations
	Watching   *marks.Supervision
	Members    *members.Members
	Dues       *members.Dues
	Dossiers   *dossier.Dossiers
}

// Knowledge are the verbs that tell who applies what is known of it elsewhere: each by the verbs of its own package, as far as the reader may.
type Knowledge struct{ KnowledgeConfig }

// NewKnowledge returns the verbs.
func NewKnowledge(c KnowledgeConfig) *Knowledge { return &Knowledge{c} }

// mostKnown are looked at of each.
const mostKnown = 20

// Eligibility tells what the reader may know of an applicant.
func (s *Knowledge) Eligibility(ctx context.Context, a Application) ([]Finding, error) {
	code, err := marks.ParseCreditCode(a.Form.CreditCode)
	if err != nil { // what is no code yet finds nobody
		return Eligibility(Known{}, s.Promotions.now()), nil
	}
	k, _, err := s.known(ctx, code)
	return Eligibility(k, s.Promotions.now()), err
}

// known is what the reader may know of who has a credit code, and its own member of that code.
func (s *Knowledge) known(ctx context.Context, code marks.CreditCode) (k Known, own *members.Member, err error) {
	tag := locale.From(ctx)
	listed, _, err := s.Users.Listed(ctx, marks.ListedFilter{Words: string(code)}, mostKnown, "")
	if err != nil {
		return k, nil, err
	}
	for _, l := range listed {
		u := Use{Status: l.Status, Source: locale.Pick(tag, l.Publisher.Names), On: dayIn(l.FromOn)}
		if l.Status == marks.Ended {
			u.On = dayIn(l.EndedOn)
		}
		k.Marks = append(k.Marks, u)
	}
	if access.Can(ctx, "mark-authorisation:read") {
		kept, _, err := s.Users.List(ctx, marks.Filter{Words: string(code)}, mostKnown, "")
		if err != nil {
			return k, nil, err
		}
		for _, m := range kept {
			if m.CreditCode != code || !m.Status.Shown() {
				continue
			}
			visit, err := s.lastVisit(ctx, m.ID)
			if err != nil {
				return k, nil, err
			}
			k.Marks = append(k.Marks, Use{Status: m.Status, On: m.FromOn, Kept: true, LastUse: m.LastUsedOn, Visit: visit})
		}
	}
	if access.Can(ctx, "member:read") {
		found, _, err := s.Members.List(ctx, members.Filter{Words: string(code)}, mostKnown, "")
		if err != nil {
			return k, nil, err
		}
		if i := slices.IndexFunc(found, func(m members.Member) bool { return m.CreditCode == code }); i >= 0 {
			own = &found[i]
			debts, err := s.Dues.Debts(ctx, []members.ID{own.ID})
			if err != nil {
				return k, nil, err
			}
			k.Standing = debts[own.ID].Standing
		}
	}
	return k, own, nil
}

// lastVisit is the last one that was paid to a user of the mark, as far as the reader may know of it; nil where there is none.
func (s *Knowledge) lastVisit(ctx context.Context, id marks.ID) (last *marks.Visit, err error) {
	if !access.Can(ctx, "mark-visit:read") {
		return nil, nil //nolint:nilnil // there may be none
	}
	paid, _, err := s.Watching.Visits(ctx, marks.VisitFilter{Authorisation: &id, Status: marks.VisitDone}, mostKnown, "")
	for i := range paid {
		if last == nil || paid[i].VisitedOn.After(*last.VisitedOn) {
			last = &paid[i]
		}
	}
	return last, err
}

func dayIn(text string) *time.Time {
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return nil
	}
	return &d
}

// Prefilled is what can be put into a field of a form, and where it comes from.
type Prefilled struct{ Field, Value, Source string }

// applying is who applies: the tenant, and the person at the form.
type applying struct {
	Application
	programme          Programme
	names              map[string]string
	email, name, spoke string
}

// applying reads an own application with who applies. It returns ErrApplicationNotFound for another's.
func (s *Knowledge) applying(ctx context.Context, id uuid.UUID) (a applying, err error) {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return a, err
	}
	err = s.Promotions.db.Read(ctx, func(tx pgx.Tx) error {
		if a.Application, err = applicationByID(ctx, tx, id); err != nil {
			return err
		}
		if !a.Own {
			return ErrApplicationNotFound
		}
		if a.programme, err = programmeByID(ctx, tx, a.ProgrammeID); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, `select names from app.tenants where id = app.tenant()`).Scan(&a.names); err != nil {
			return postgres.Wrap(err, "tenant")
		}
		rows, _ := tx.Query(ctx, `select email, name, locale from app.people where id = $1`, scope.Actor) // a machine is nobody
		_, err := pgx.ForEachRow(rows, []any{&a.email, &a.name, &a.spoke}, func() error { return nil })
		return postgres.Wrap(err, "person")
	})
	return a, err
}

// Prefill tells what can be put into the empty fields of an own form, and which own dossiers are issued for a country of the call. Nothing is
// saved. It returns ErrApplicationNotFound for another's.
func (s *Knowledge) Prefill(ctx context.Context, id uuid.UUID) (all []Prefilled, issued []dossier.Dossier, err error) {
	a, err := s.applying(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	put := func(field, has, value, source string) {
		if strings.TrimSpace(has) == "" && value != "" {
			all = append(all, Prefilled{field, value, source})
		}
	}
	name, source, err := s.called(ctx, a)
	if err != nil {
		return nil, nil, err
	}
	put("name", a.Form.Name, name, source)
	put("contact", a.Form.Contact, a.name, "person")
	put("email", a.Form.Email, a.email, "person")
	if a.spoke != "" {
		put("language", a.Form.Language, string(locale.Match(a.spoke)), "person")
	}
	issued, err = s.issued(ctx, a.programme)
	return all, issued, err
}

// called is the name of who is applied for: of the own member with its credit code, of the user of the mark, or the tenant's own. An
// association applies for others.
func (s *Knowledge) called(ctx context.Context, a applying) (name, source string, err error) {
	if code, err := marks.ParseCreditCode(a.Form.CreditCode); err == nil {
		_, member, err := s.known(ctx, code)
		if err != nil {
			return "", "", err
		}
		if member != nil {
			return member.Name, "member", nil
		}
		listed, _, err := s.Users.Listed(ctx, marks.ListedFilter{Words: string(code)}, 1, "")
		if err != nil {
			return "", "", err
		}
		if len(listed) > 0 {
			return locale.Pick(locale.Chinese, listed[0].Names), "mark", nil
		}
	}
	if a.Applicant.Kind == tenancy.Association {
		return "", "", nil
	}
	return locale.Pick(locale.Chinese, a.names), "tenant", nil
}

// issued are own dossiers that are issued for a country of a call.
func (s *Knowledge) issued(ctx context.Context, p Programme) (all []dossier.Dossier, err error) {
	if !access.Can(ctx, "dossier:read") {
		return nil, nil
	}
	found, _, err := s.Dossiers.List(ctx, dossier.Filter{Status: string(dossier.Issued)}, "", mostKnown)
	for _, d := range found {
		if slices.Contains(p.Content.Countries, d.Market) {
			all = append(all, d)
		}
	}
	return all, err
}
