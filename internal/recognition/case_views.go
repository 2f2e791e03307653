package recognition

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// ReceivedView is what another house signed of a case, as it was received, held against the tenant's own file as it is now.
type ReceivedView struct {
	ID         uuid.UUID
	View       // what it says
	Signed     SignedView
	ReceivedAt time.Time
	By         string // who received it
	Comparison
	Rewritten int // the first step that the same issuer signed otherwise before; 0: none
}

// Views are the verbs of views between houses.
type Views struct {
	cases *Cases
	c     ViewsConfig
}

// ViewsConfig says who signs, and whom to believe.
type ViewsConfig struct {
	Keys *exchange.Keys
	// House is the name of this house's log, by which others follow it.
	House func(ctx context.Context) (string, error)
	// Believe are the keys of a publisher of another house; an error for one that is not followed.
	Believe func(ctx context.Context, house, publisher string) (exchange.KeySet, error)
}

// NewViews returns the verbs over cases.
func NewViews(cases *Cases, c ViewsConfig) *Views { return &Views{cases, c} }

// Give is the tenant's view of a case, signed, for the house of the other side. It returns ErrNotShared before the name is
// proposed.
func (s *Views) Give(ctx context.Context, id CaseID) (v SignedView, err error) {
	house, err := s.c.House(ctx)
	if err != nil {
		return v, err
	}
	var f File
	var signer exchange.Signer
	err = s.cases.db.Tx(ctx, func(tx pgx.Tx) error {
		if f, err = s.cases.file(ctx, tx, id, CaseByID); err != nil {
			return err
		}
		if !f.Shared {
			return ErrNotShared
		}
		signer, err = s.c.Keys.Signer(ctx, tx)
		return err
	})
	if err != nil {
		return v, err
	}
	if v.Chain, err = stepsOf(f.Events); err != nil {
		return v, err
	}
	text, err := exchange.Canonical(View{Format: viewFormat, At: s.cases.now().UTC().Truncate(time.Second), House: house, Issuer: f.Me.Slug,
		OriginOffice: f.OriginOffice, Market: f.Market, Name: f.Name, Steps: len(v.Chain), SHA256: head(v.Chain)})
	if err != nil {
		return v, err
	}
	v.Statement, v.KeyID = string(text), exchange.KeyID(signer.Public)
	v.Signature, err = signer.Sign([]byte(viewPrefix + v.Statement)) // outside of the transaction: the key may be held elsewhere
	return v, err
}

// Receive verifies a view that another house gave with the keys of that house, keeps it and says where it parts from the tenant's
// own file. A view that is there already is not kept twice. It returns ErrViewAltered, ErrViewKey, ErrViewOwn, ErrViewOtherCase,
// ErrNotShared, or what Believe returns for a house that is not followed.
func (s *Views) Receive(ctx context.Context, id CaseID, v SignedView) (r ReceivedView, err error) {
	f, err := s.cases.Read(ctx, id)
	if err != nil {
		return r, err
	}
	said, err := v.says()
	if err != nil {
		return r, err
	}
	own, err := s.c.House(ctx)
	switch {
	case err != nil:
		return r, err
	case !f.Shared:
		return r, ErrNotShared
	case said.House == own:
		return r, ErrViewOwn
	}
	keys, err := s.c.Believe(ctx, said.House, said.Issuer)
	if err != nil {
		return r, err
	}
	if err := v.check(said, keys); err != nil {
		return r, err
	}
	if !f.sameAs(said) {
		return r, ErrViewOtherCase.With("Name", said.Name).With("Market", string(said.Market))
	}
	err = s.cases.db.Tx(ctx, func(tx pgx.Tx) error {
		kept, err := keepView(ctx, tx, id, said, v, keys[v.KeyID].Key)
		if err != nil {
			return err
		}
		all, err := s.received(ctx, tx, id)
		if err != nil {
			return err
		}
		for _, one := range all {
			if one.ID == kept {
				r = one
			}
		}
		if err := compared(ctx, tx, id, latestOfEach(all)); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "case-view.receive", ObjectKind: "recognition-case", ObjectID: id.String(), After: map[string]any{
			"house": said.House, "issuer": said.Issuer, "at": said.At, "steps": said.Steps, "sha256": said.SHA256, "relation": r.Relation, "common": r.Common, "fields": r.Fields, "rewritten": r.Rewritten}})
	})
	return r, err
}

// Received lists what other houses gave of a case, the newest first, each held against the tenant's own file as it is now.
func (s *Views) Received(ctx context.Context, id CaseID) (all []ReceivedView, err error) {
	err = s.cases.db.Read(ctx, func(tx pgx.Tx) error {
		all, err = s.received(ctx, tx, id)
		return err
	})
	return all, err
}

func (s *Views) received(ctx context.Context, tx pgx.Tx, id CaseID) ([]ReceivedView, error) {
	f, err := s.cases.file(ctx, tx, id, CaseByID)
	if err != nil {
		return nil, err
	}
	all, err := heldAgainst(ctx, tx, f)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].Rewritten, err = rewritten(all[i], all[i+1:]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// heldAgainst reads the views of a case, and says how each stands to the tenant's own file.
func heldAgainst(ctx context.Context, tx pgx.Tx, f File) ([]ReceivedView, error) {
	all, err := viewsOf(ctx, tx, f.ID)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	ours, err := stepsOf(f.Events)
	if err != nil {
		return nil, err
	}
	for i := range all {
		r := &all[i]
		if r.View, err = r.Signed.says(); err != nil {
			return nil, err
		}
		if r.Comparison, err = compareChains(ours, r.Signed.Chain); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// compareAgain holds the views of a case against its file, which went on.
func compareAgain(ctx context.Context, tx pgx.Tx, f File) error {
	all, err := heldAgainst(ctx, tx, f)
	if err != nil {
		return err
	}
	return compared(ctx, tx, f.ID, latestOfEach(all))
}

// latestOfEach are the views that the houses gave last; all come newest first.
func latestOfEach(all []ReceivedView) (latest []ReceivedView) {
	for _, v := range all {
		if !slices.ContainsFunc(latest, func(l ReceivedView) bool { return l.House == v.House }) {
			latest = append(latest, v)
		}
	}
	return latest
}

// compared writes down how views stand to the tenant's own file; one that differs, and is not settled, is a task.
func compared(ctx context.Context, tx pgx.Tx, c CaseID, latest []ReceivedView) error {
	for _, v := range latest {
		_, err := tx.Exec(ctx, `
			insert into app.case_comparisons (case_id, house, relation, common, settled) values ($1, $2, $3, $4, $5)
			on conflict (tenant_id, case_id, house) do update set relation = excluded.relation, common = excluded.common, settled = excluded.settled, compared_at = now()`,
			c, v.House, v.Relation, v.Common, v.Settled)
		if err != nil {
			return postgres.Wrap(err, "comparison of case %s", c)
		}
	}
	return nil
}

// rewritten is the first step that the issuer of a view signed otherwise in one of those before: a file only goes on, so that of
// two views of one house the shorter is the beginning of the longer.
func rewritten(v ReceivedView, before []ReceivedView) (first int, err error) {
	for _, b := range before {
		if b.House != v.House || b.Issuer != v.Issuer {
			continue
		}
		c, err := compareChains(v.Signed.Chain, b.Signed.Chain)
		if err != nil {
			return 0, err
		}
		if c.Relation == Differs && (first == 0 || c.Common+1 < first) {
			first = c.Common + 1
		}
	}
	return first, nil
}

// mostViews are shown; each holds all that the one before held.
const mostViews = 20

func viewsOf(ctx context.Context, tx pgx.Tx, id CaseID) ([]ReceivedView, error) {
	rows, _ := tx.Query(ctx, `select id, statement, chain, key_id, signature, received_name, received_at from app.case_views where case_id = $1 order by id desc limit $2`, id, mostViews)
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r ReceivedView, err error) {
		err = row.Scan(&r.ID, &r.Signed.Statement, &r.Signed.Chain, &r.Signed.KeyID, &r.Signed.Signature, &r.By, &r.ReceivedAt)
		return r, err
	})
	return all, postgres.Wrap(err, "views of case %s", id)
}

// keepView keeps a view with the key that verifies it, or finds the one that is there.
func keepView(ctx context.Context, tx pgx.Tx, c CaseID, said View, v SignedView, key ed25519.PublicKey) (id uuid.UUID, err error) {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return id, err
	}
	sum := sha256.Sum256([]byte(v.Statement))
	err = tx.QueryRow(ctx, `
		insert into app.case_views (case_id, house, statement, sha256, chain, key_id, public_key, signature, received_name) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		on conflict on constraint case_views_statement_key do nothing returning id`,
		c, said.House, v.Statement, sum[:], orEmpty(v.Chain), v.KeyID, []byte(key), v.Signature, scope.ActorName).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		err = tx.QueryRow(ctx, `select id from app.case_views where case_id = $1 and sha256 = $2`, c, sum[:]).Scan(&id)
	}
	return id, postgres.Wrap(err, "view of case %s", c)
}
