package marks

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/registry"
)

// longestPeriod is how many months one question may reach over.
const longestPeriod = 60

var (
	codePeriod   = problem.Field("mark-usage.period")
	codeMonth    = problem.Field("mark-usage-figure.month")
	codeMonthEnd = problem.Field("mark-usage-figure.not-over")
)

// period is checked for both ways of asking.
func period(from, to time.Time) error {
	if to.Before(from) || to.After(from.AddDate(0, longestPeriod, 0)) {
		return problem.ErrInvalid.At("?to", codePeriod, "Most", longestPeriod)
	}
	return nil
}

// Usage is the usage rate of a registration's mark, or of all the tenant's, over a period, as it stands now, with its months.
func (s *Usages) Usage(ctx context.Context, registration *uuid.UUID, from, to time.Time) (u Usage, err error) {
	if err := period(from, to); err != nil {
		return u, err
	}
	u.RegistrationID, u.From, u.To = registration, from, to
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		r, err := rule(ctx, tx)
		if err != nil {
			return err
		}
		u.Target = r.TargetPercent
		if u.Figures, err = figures(ctx, tx, registration, from, to); err != nil {
			return err
		}
		u.Months, err = months(ctx, tx, registration, from, to)
		return err
	})
	return u, err
}

// Of is a page of producers with what they did in a period, and the cursor of the next.
func (s *Usages) Of(ctx context.Context, f UsageFilter, limit int, cursor string) (all []ProducerUsage, next string, err error) {
	if err := period(f.From, f.To); err != nil {
		return nil, "", err
	}
	err = s.db.Read(ctx, func(tx pgx.Tx) error { all, next, err = producerUsages(ctx, tx, f, limit, cursor); return err })
	return all, next, err
}

// CountOf is how many producers a filter chooses.
func (s *Usages) CountOf(ctx context.Context, f UsageFilter) (n int, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		return postgres.Wrap(tx.QueryRow(ctx, chosenUsages+`select count(*)`+fromUsages, f.args()...).Scan(&n), "usage of marks by producers")
	})
	return n, err
}

// Freeze keeps the figures of a month that is over, as they are reported; the month is named by its first day. A second one of the same
// month needs a reason, and stands beside the first.
func (s *Usages) Freeze(ctx context.Context, registration uuid.UUID, month time.Time, reason string) (f Figure, err error) {
	if month.Day() != 1 {
		return f, problem.ErrInvalid.At("/month", codeMonth)
	}
	to := month.AddDate(0, 1, -1)
	if !to.Before(today(s.now())) {
		return f, problem.ErrInvalid.At("/month", codeMonthEnd)
	}
	f = Figure{RegistrationID: registration, Month: month, Reason: strings.TrimSpace(reason)}
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		if _, err := registry.ByID(ctx, tx, registry.ID(registration.String())); err != nil {
			return err
		}
		r, err := rule(ctx, tx)
		if err != nil {
			return err
		}
		f.Target = r.TargetPercent
		if f.Figures, err = figures(ctx, tx, &registration, month, to); err != nil {
			return err
		}
		producers, err := countedIn(ctx, tx, &registration, month, to)
		if err != nil {
			return err
		}
		var by Event
		signed(ctx, &by)
		if f, err = insertFigure(ctx, tx, f, producers, by); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "mark-usage-figure.freeze", ObjectKind: "mark-usage-figure", ObjectID: f.ID.String(), After: f})
	})
	return f, err
}

// Figure reads what was reported, with whom it counted.
func (s *Usages) Figure(ctx context.Context, id uuid.UUID) (f Figure, producers []Counted, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select `+figureColumns+` from app.mark_usage_figures f where f.id = $1`, id)
		if f, err = oneFigure(rows); err != nil {
			return err
		}
		return postgres.Wrap(tx.QueryRow(ctx, `select producers from app.mark_usage_figures where id = $1`, id).Scan(&producers), "usage figure %s", id)
	})
	return f, producers, err
}

// Figures is a page of what was reported, the newest first, and the cursor of the next.
func (s *Usages) Figures(ctx context.Context, f FigureFilter, limit int, cursor string) (all []Figure, next string, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error { all, next, err = listFigures(ctx, tx, f, limit, cursor); return err })
	return all, next, err
}

// CountFigures is how many a filter chooses.
func (s *Usages) CountFigures(ctx context.Context, f FigureFilter) (n int, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		return postgres.Wrap(tx.QueryRow(ctx, `select count(*)`+chosenFigures, f.Registration, f.Month).Scan(&n), "usage figures")
	})
	return n, err
}
