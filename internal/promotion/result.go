package promotion

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// ErrResultNotFound is returned for a report that is not there.
var ErrResultNotFound = problem.New(problem.NotFound, "promotion-result.not-found")

// Problems of what follows a report up.
var (
	// ErrFollowed is returned for following up a report that another follows up already.
	ErrFollowed = postgres.Constraint("promotion_results_follows_key", problem.New(problem.Conflict, "promotion-result.followed"))

	codeUnknown = problem.Field("promotion.unknown")
)

// Used is a dossier or a recognition case that opened a market, as it was called when it was linked: the other side of a report may not read it.
type Used struct {
	ID     uuid.UUID         `json:"id"`
	Number string            `json:"number,omitempty"`
	Names  map[string]string `json:"names"`
	Market string            `json:"market"`
}

// Export is goods that were sold abroad, by HS code and country.
type Export struct {
	HSCode   string   `json:"hsCode"`
	Country  string   `json:"country"`
	Amount   Money    `json:"amount"`
	Currency Currency `json:"currency"`
}

// Result is what an applicant reports after an event. What comes of it later is another report.
type Result struct {
	ID           uuid.UUID
	Version      int
	ProgrammeID  uuid.UUID
	AwardID      uuid.UUID
	Application  uuid.UUID
	Number       string // of the application
	Name         string
	HappenedOn   time.Time
	Contacts     int
	Inquiries    int
	Samples      int
	Contracts    int
	Exports      []Export
	Note         string
	RecordedName string
	CreatedAt    time.Time
	UpdatedAt    time.Time
	Own          bool
	Keeper       uuid.UUID
	FollowUpOn   *time.Time // when somebody looks what came of it
	FollowUpWhat string
	Follows      *uuid.UUID // the report that this one follows up
	FollowedAt   *time.Time // since when another one does
	Dossiers     []Used     // of the applicant
	Cases        []Used     // of the keeper
}

// Check collects what is wrong with a report by itself.
func (r Result) Check(today time.Time) error {
	wrong := problem.ErrInvalid
	if r.HappenedOn.After(today) {
		wrong = wrong.At("/happenedOn", codeFuture)
	}
	if r.FollowUpOn != nil && r.FollowUpOn.Before(r.HappenedOn) {
		wrong = wrong.At("/followUp/dueOn", codeUntil)
	}
	for i, e := range r.Exports {
		at := fmt.Sprintf("/exports/%d", i)
		if e.Amount <= 0 {
			wrong = wrong.At(at+"/amount", codeAmount)
		}
		if _, ok := ParseCurrency(string(e.Currency)); !ok {
			wrong = wrong.At(at+"/currency", codeCurrency)
		}
		if slices.ContainsFunc(r.Exports[:i], func(o Export) bool { return o.HSCode == e.HSCode && o.Country == e.Country && o.Currency == e.Currency }) {
			wrong = wrong.At(at+"/hsCode", codeTwice)
		}
	}
	return wrong.Or()
}

// Attached is what is handed in with a report: own documents as evidence, and own dossiers that were used.
type Attached struct{ Documents, Dossiers []uuid.UUID }

// Report records what came of an own award. It returns ErrNotPaying for what was not awarded, ErrResultNotFound or ErrFollowed for the report that it
// follows up, or problem.ErrInvalid.
func (s *Promotions) Report(ctx context.Context, r Result, with Attached) (made Result, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		w, _, err := ownAward(ctx, tx, r.AwardID)
		if err != nil {
			return err
		}
		if w.Outcome != Awarded {
			return ErrNotPaying
		}
		if err := r.Check(s.today()); err != nil {
			return err
		}
		papers := make([]Paper, len(with.Documents))
		for i, id := range with.Documents {
			papers[i].DocumentID = id
		}
		if err := known(ctx, tx, "/documentIds", papers); err != nil {
			return err
		}
		if r.Dossiers, err = usedDossiers(ctx, tx, with.Dossiers); err != nil {
			return err
		}
		if err := s.follow(ctx, tx, r); err != nil {
			return err
		}
		id, err := insertResult(ctx, tx, w, r)
		if err != nil {
			return err
		}
		if err := file(ctx, tx, id, w.Keeper, papers); err != nil {
			return err
		}
		made, err = resultTold(ctx, tx, id, "report", w.Keeper)
		return err
	})
	return made, err
}

// follow says of the report that another follows up that it is done.
func (s *Promotions) follow(ctx context.Context, tx pgx.Tx, r Result) error {
	if r.Follows == nil {
		return nil
	}
	before, err := resultByID(ctx, tx, *r.Follows)
	if err != nil {
		return err
	}
	if !before.Own || before.AwardID != r.AwardID {
		return ErrResultNotFound
	}
	_, err = tx.Exec(ctx, `update app.promotion_results set followed_at = $2, version = version + 1, updated_at = clock_timestamp() where id = $1`, before.ID, s.now())
	return postgres.Wrap(err, "report %s", before.ID)
}

// Link says which recognition cases that the keeper reads opened the market of version of a report under an own programme. It returns
// ErrResultNotFound, problem.ErrStale or problem.ErrInvalid.
func (s *Promotions) Link(ctx context.Context, id uuid.UUID, version int, cases []uuid.UUID) (after Result, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		p, err := lockResult(ctx, tx, id)
		if err != nil {
			return err
		}
		if !mine(ctx, p.Keeper) {
			return ErrResultNotFound
		}
		if p.Version != version {
			return problem.ErrStale
		}
		used, err := usedCases(ctx, tx, cases)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `update app.promotion_results set cases = $2, version = version + 1, updated_at = clock_timestamp() where id = $1`, id, used); err != nil {
			return postgres.Wrap(err, "report %s", id)
		}
		after, err = resultTold(ctx, tx, id, "link", uuid.Nil)
		return err
	})
	return after, err
}

// resultTold reads a report after something was done to it and writes it into the trail.
func resultTold(ctx context.Context, tx pgx.Tx, id uuid.UUID, act string, other uuid.UUID) (Result, error) {
	r, err := resultByID(ctx, tx, id)
	if err != nil {
		return r, err
	}
	return r, exchange.Across(ctx, tx, audit.Event{Action: "promotion-result." + act, ObjectKind: "promotion-result", ObjectID: id.String(), OtherParty: other, After: r})
}

// ReadResult reads a report.
func (s *Promotions) ReadResult(ctx context.Context, id uuid.UUID) (r Result, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error { r, err = resultByID(ctx, tx, id); return err })
	return r, err
}

// Results lists reports, the newest first, and returns the cursor of the next page.
func (s *Promotions) Results(ctx context.Context, f ResultFilter, limit int, cursor string) (all []Result, next string, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error { all, next, err = listResults(ctx, tx, f, limit, cursor); return err })
	return all, next, err
}

// CountResults counts what a filter chooses.
func (s *Promotions) CountResults(ctx context.Context, f ResultFilter) (n int, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error { n, err = countResults(ctx, tx, f); return err })
	return n, err
}
