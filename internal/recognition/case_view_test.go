package recognition_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// mirrored is a house with a case, of which the other side has a house of its own.
type mirrored struct {
	*pair
	keys *exchange.Keys
}

// believing are the verbs of a house that believes keys.
func (p *mirrored) believing(keys exchange.KeySet) *recognition.Views {
	return recognition.NewViews(p.cases, recognition.ViewsConfig{
		Keys: p.keys, House: func(ctx context.Context) (string, error) { return slug(p.t, ctx) + ".example/api/v1/log", nil },
		Believe: func(context.Context, string, string) (exchange.KeySet, error) { return keys, nil },
	})
}

// mirrors are two houses, each with a case of the same name: its own side, and the other one kept by hand.
func mirrors(t *testing.T) (origin, destination *mirrored) {
	t.Helper()
	name := "Hetao " + slug(t, dbtest.Tenant(t, tenancy.County))
	house := func(kind tenancy.Kind, side recognition.Side, day string) *mirrored {
		ctx := dbtest.Tenant(t, kind)
		cases := recognition.NewCases(dbtest.DB(t), func() time.Time { return on("2026-11-27") })
		keys, err := exchange.NewKeys([32]byte{1, 2, 3})
		if err != nil {
			t.Fatal(err)
		}
		p := &mirrored{pair: &pair{t: t, cases: cases, origin: ctx, destination: ctx}, keys: keys}
		p.file, err = cases.Open(ctx, recognition.Opening{Side: side, On: on(day),
			Case: recognition.Case{OriginOffice: "XT", Market: "XT", Name: name, Language: "en", InstrumentID: adopted(t, ctx, "PILOT-3-3").ID}})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	origin = house(tenancy.County, recognition.Origin, "2026-01-05")
	origin.proposed()
	return origin, house(tenancy.Jurisdiction, recognition.Destination, "2026-01-07")
}

// step records an act of the destination.
func (p *mirrored) step(act recognition.CaseAct, day, reference string) {
	p.t.Helper()
	p.must(p.origin, act, day, func(e *recognition.CaseEvent) {
		e.Side, e.ReceivedOn, e.EffectiveOn, e.Reference = recognition.Destination, &e.On, &e.On, reference
	})
}

func (p *mirrored) view() recognition.SignedView {
	p.t.Helper()
	v, err := p.believing(nil).Give(p.origin, p.file.ID)
	if err != nil {
		p.t.Fatal(err)
	}
	return v
}

// given are the keys that the house of a tenant gives out.
func (p *mirrored) given() exchange.KeySet {
	p.t.Helper()
	var s exchange.Signer
	err := dbtest.DB(p.t).Tx(p.origin, func(tx pgx.Tx) (err error) { s, err = p.keys.Signer(p.origin, tx); return err })
	if err != nil {
		p.t.Fatal(err)
	}
	k := exchange.PublicKey{KeyID: exchange.KeyID(s.Public), Key: s.Public}
	k.Publisher.Slug = slug(p.t, p.origin)
	return exchange.KeySet{k.KeyID: k}
}

// receives is what p finds when it receives the other house's view.
func (p *mirrored) receives(other *mirrored) recognition.ReceivedView {
	p.t.Helper()
	r, err := p.believing(other.given()).Receive(p.origin, p.file.ID, other.view())
	if err != nil {
		p.t.Fatal(err)
	}
	return r
}

// Two houses keep a case each. Their views are the same as long as they write down the same; where they part, the first step is named,
// with what differs in it, whatever follows.
func TestTwoViewsOfACase(t *testing.T) {
	t.Parallel()
	ours, theirs := mirrors(t)
	check := func(relation recognition.Relation, common int, fields ...string) {
		t.Helper()
		r := ours.receives(theirs)
		if r.Relation != relation || r.Common != common || !slices.Equal(r.Fields, fields) || r.Rewritten != 0 {
			t.Errorf("got %s after %d common steps, fields %v, rewritten %d; want %s, %d, %v", r.Relation, r.Common, r.Fields, r.Rewritten, relation, common, fields)
		}
		back := map[recognition.Relation]recognition.Relation{recognition.Ahead: recognition.Behind, recognition.Behind: recognition.Ahead, recognition.Same: recognition.Same, recognition.Differs: recognition.Differs}
		if other := theirs.receives(ours); other.Relation != back[relation] || other.Common != common {
			t.Errorf("the other house got %s after %d", other.Relation, other.Common)
		}
	}
	tasks := recognition.NewTasks(dbtest.DB(t), func() time.Time { return on("2026-11-27") })
	differs := func(want bool) {
		t.Helper()
		for _, p := range []*mirrored{ours, theirs} {
			all, _, err := tasks.List(p.origin, &p.file.ID)
			if got := slices.ContainsFunc(all, func(t recognition.Task) bool { return t.Kind == recognition.TaskView }); err != nil || got != want {
				t.Errorf("a task to look at what the other house wrote: got %t, %v; want %t", got, err, want)
			}
		}
	}
	check(recognition.Same, 1)
	theirs.step("receive", "2026-01-10", "R-1")
	check(recognition.Behind, 1)
	ours.step("receive", "2026-01-10", "R-1")
	check(recognition.Same, 2)
	theirs.step("accept", "2026-01-12", "A-7")
	ours.step("accept", "2026-01-13", "A-7") // a slip of the pen: the twelfth
	check(recognition.Differs, 2, "effectiveOn", "on", "receivedOn")
	theirs.step("publish", "2026-02-01", "G-1")
	ours.step("publish", "2026-02-01", "G-1")
	check(recognition.Differs, 2, "effectiveOn", "on", "receivedOn")
	differs(true)
	r := ours.receives(theirs)
	if r.Settled || r.Ours == nil || r.Theirs == nil || r.Ours.Number != 3 || r.Theirs.Number != 3 || r.Ours.On != "2026-01-13" || r.Theirs.On != "2026-01-12" {
		t.Errorf("the step at which they part: %+v and %+v", r.Ours, r.Theirs)
	}
	// What was received is held against the file as it is now, and the same view is not kept twice.
	all, err := ours.believing(nil).Received(ours.origin, ours.file.ID)
	if err != nil || len(all) != 4 || all[0].Settled {
		t.Fatalf("%d views are kept, %v; want one for each length of theirs", len(all), err)
	}
	for _, v := range all[2:] {
		if v.Relation != recognition.Ahead {
			t.Errorf("a view of %d steps, which we have too: %s", v.Steps, v.Relation)
		}
	}
	// The slip is corrected: what was signed stays, and what holds is the same again, here at once and there with the next view.
	accepted := slices.IndexFunc(ours.file.Events, func(e recognition.CaseEvent) bool { return e.Act == recognition.ActAccept })
	ours.must(ours.origin, recognition.ActCorrect, "2026-02-02", func(e *recognition.CaseEvent) {
		day := on("2026-01-12")
		e.Side, e.About, e.On, e.ReceivedOn, e.EffectiveOn, e.Reference, e.Reason = recognition.Destination, ours.file.Events[accepted].Seq, day, &day, &day, "A-7", "the twelfth was read as the thirteenth"
	})
	if mine, _, err := tasks.List(ours.origin, &ours.file.ID); err != nil || slices.ContainsFunc(mine, func(t recognition.Task) bool { return t.Kind == recognition.TaskView }) {
		t.Errorf("after the correction there is still a task: %v, %v", mine, err)
	}
	if r := theirs.receives(ours); r.Relation != recognition.Differs || !r.Settled || r.Common != 2 {
		t.Errorf("after the correction: got %s, settled %t, %d common steps", r.Relation, r.Settled, r.Common)
	}
	differs(false)
}

// What was changed on its way, was signed by somebody else or is of another case is neither believed nor kept.
func TestViewsThatAreNotBelieved(t *testing.T) {
	t.Parallel()
	ours, theirs := mirrors(t)
	theirs.step("receive", "2026-01-10", "R-1")
	_, stranger := mirrors(t)
	good := theirs.view()
	longAgo := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	for what, c := range map[string]struct {
		change func(*recognition.SignedView)
		keys   exchange.KeySet
		want   error
	}{
		"a day was changed": {func(v *recognition.SignedView) {
			v.Chain[1] = strings.ReplaceAll(v.Chain[1], "2026-01-10", "2026-01-11")
		}, theirs.given(), recognition.ErrViewAltered},
		"an earlier one was": {func(v *recognition.SignedView) {
			v.Chain[0] = strings.ReplaceAll(v.Chain[0], "2026-01-07", "2026-01-08")
		}, theirs.given(), recognition.ErrViewAltered},
		"a step was written in another form": {func(v *recognition.SignedView) { v.Chain[0] = " " + v.Chain[0] }, theirs.given(), recognition.ErrViewAltered},
		"a step was taken away":              {func(v *recognition.SignedView) { v.Chain = v.Chain[:1] }, theirs.given(), recognition.ErrViewAltered},
		"the head was changed": {func(v *recognition.SignedView) {
			v.Statement = strings.Replace(v.Statement, `"steps":2`, `"steps":1`, 1)
		}, theirs.given(), recognition.ErrViewAltered},
		"no view":                      {func(v *recognition.SignedView) { v.Statement = "{}" }, theirs.given(), recognition.ErrViewAltered},
		"nobody's key":                 {func(*recognition.SignedView) {}, exchange.KeySet{}, recognition.ErrViewKey},
		"the key is another's":         {func(*recognition.SignedView) {}, changed(theirs.given(), func(k *exchange.PublicKey) { k.Publisher.Slug = "somebody-else" }), recognition.ErrViewKey},
		"the key was retired before":   {func(*recognition.SignedView) {}, changed(theirs.given(), func(k *exchange.PublicKey) { k.RetiredAt = &longAgo }), recognition.ErrViewKey},
		"it is of another case":        {func(v *recognition.SignedView) { *v = stranger.view() }, stranger.given(), recognition.ErrViewOtherCase},
		"it is our own":                {func(v *recognition.SignedView) { *v = ours.view() }, ours.given(), recognition.ErrViewOwn},
		"signed by somebody else":      {func(v *recognition.SignedView) { v.Signature = stranger.view().Signature }, theirs.given(), recognition.ErrViewAltered},
		"without a signature worth it": {func(v *recognition.SignedView) { v.Signature = nil }, theirs.given(), recognition.ErrViewAltered},
	} {
		v := good
		v.Chain = slices.Clone(good.Chain)
		c.change(&v)
		if _, err := ours.believing(c.keys).Receive(ours.origin, ours.file.ID, v); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", what, err, c.want)
		}
	}
	kept := func(want int) {
		t.Helper()
		if all, err := ours.believing(nil).Received(ours.origin, ours.file.ID); err != nil || len(all) != want {
			t.Errorf("%d are kept, %v; want %d", len(all), err, want)
		}
	}
	kept(0)
	for range 2 {
		if _, err := ours.believing(theirs.given()).Receive(ours.origin, ours.file.ID, good); err != nil {
			t.Fatal(err)
		}
	}
	kept(1)
}

func changed(keys exchange.KeySet, change func(*exchange.PublicKey)) exchange.KeySet {
	for id, k := range keys {
		change(&k)
		keys[id] = k
	}
	return keys
}

// Before a name is proposed there is nothing that the other side may know; and what one side received is its own.
func TestNoViewOfADraft(t *testing.T) {
	t.Parallel()
	p := opened(t, "PILOT-3-3")
	m := &mirrored{pair: p}
	views := m.believing(nil)
	if _, err := views.Give(p.origin, p.file.ID); !errors.Is(err, recognition.ErrNotShared) {
		t.Errorf("got %v", err)
	}
	if _, err := views.Give(p.destination, p.file.ID); !errors.Is(err, recognition.ErrCaseNotFound) {
		t.Errorf("the other side got %v", err)
	}
	if _, err := views.Received(p.destination, p.file.ID); !errors.Is(err, recognition.ErrCaseNotFound) {
		t.Errorf("the other side got %v", err)
	}
}

// Views are rows of the tenant that received them; nobody changes one, and nobody reads another's.
func TestViewsAreKeptInSQL(t *testing.T) {
	t.Parallel()
	ours, theirs := mirrors(t)
	ours.receives(theirs)
	count := func(ctx context.Context) (n int) {
		t.Helper()
		if err := dbtest.DB(t).Read(ctx, func(tx pgx.Tx) error { return tx.QueryRow(ctx, `select count(*) from app.case_views`).Scan(&n) }); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if a, b := count(ours.origin), count(theirs.origin); a != 1 || b != 0 {
		t.Errorf("we see %d, they see %d; want 1 and 0", a, b)
	}
	for what, statement := range map[string]string{
		"change": `update app.case_views set statement = 'x'`, "remove": `delete from app.case_views`,
	} {
		err := dbtest.DB(t).Tx(ours.origin, func(tx pgx.Tx) error { _, err := tx.Exec(ours.origin, statement); return err })
		if err == nil || !strings.Contains(err.Error(), "permission denied") {
			t.Errorf("%s: %v", what, err)
		}
	}
}
