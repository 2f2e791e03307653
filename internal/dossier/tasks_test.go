package dossier_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/apitest"
	"github.com/helianthus-gi/helianthus/internal/dossier"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// When a registration ends, whoever works on a dossier of it is told, and nobody else; a dossier that was withdrawn is no task.
func TestOwnersOfDossiersAreToldOfAnEnd(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	ctx, neighbour := h.Tenant(t, tenancy.County), h.Tenant(t, tenancy.County)
	r, err := h.Registry.Draft(ctx, registry.Content{Office: "CN", Names: []registry.Name{{Text: "五原向日葵", Language: "zh-Hans", Kind: "original"}}, Holder: registry.Party{Names: map[string]string{"en": "Holder"}}})
	if err != nil {
		t.Fatal(err)
	}
	do := func(month time.Month, acts ...registry.Act) {
		t.Helper()
		for i, act := range acts {
			if r, err = h.Registry.Do(ctx, r.ID, registry.Event{Act: act, EffectiveOn: time.Date(2020, month+time.Month(i), 1, 0, 0, 0, 0, time.UTC)}); err != nil {
				t.Fatalf("%s: %v", act, err)
			}
		}
	}
	do(1, registry.File, registry.Examine, registry.Publish, registry.Register)
	running, err := h.Dossiers.Create(ctx, dossier.Dossier{RegistrationID: r.ID, Market: "XA", Profile: "general-presentation", Languages: []string{"zh-Hans", "en"}})
	if err != nil {
		t.Fatal(err)
	}
	tasks := func(of context.Context) (all []recognition.Task) {
		t.Helper()
		err := h.DB.Read(of, func(tx pgx.Tx) (err error) {
			all, err = dossier.Tasks(of, tx, time.Now())
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	if got := tasks(ctx); len(got) != 0 {
		t.Errorf("while it holds: %+v", got)
	}
	do(6, registry.Cancel)
	got := tasks(ctx)
	if len(got) != 1 || got[0].Kind != recognition.TaskDossier || got[0].Object != running.ID || got[0].Name != "五原向日葵" || got[0].Market != "XA" {
		t.Errorf("after its end: %+v", got)
	}
	if got := tasks(neighbour); len(got) != 0 {
		t.Errorf("the neighbour: %+v", got)
	}
	all, _, err := h.Tasks.List(ctx, nil)
	if err != nil || len(all) != 1 || all[0].Kind != recognition.TaskDossier {
		t.Errorf("among all that is to be done: %+v, %v", all, err)
	}
	if _, err := h.Dossiers.Do(ctx, running.ID, dossier.Withdraw); err != nil {
		t.Fatal(err)
	}
	if got := tasks(ctx); len(got) != 0 {
		t.Errorf("of a dossier that was withdrawn: %+v", got)
	}
}

// When a recognition ends in a market and the registration goes on, whoever works on a dossier for that market is told; one for another
// market is no task, nor is one whose market has another recognition that holds.
func TestOwnersOfDossiersAreToldOfAMarketThatEnded(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	ctx, office := h.Tenant(t, tenancy.County), h.Tenant(t, tenancy.Jurisdiction)
	day := func(year int) time.Time { return time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC) }
	r, err := h.Registry.Draft(ctx, registry.Content{Office: "CN", Names: []registry.Name{{Text: "五原向日葵", Language: "zh-Hans", Kind: "original"}}, Holder: registry.Party{Names: map[string]string{"en": "Holder"}}})
	if err != nil {
		t.Fatal(err)
	}
	for i, act := range []registry.Act{registry.File, registry.Examine, registry.Publish, registry.Register} {
		if r, err = h.Registry.Do(ctx, r.ID, registry.Event{Act: act, EffectiveOn: day(2016 + i)}); err != nil {
			t.Fatalf("%s: %v", act, err)
		}
	}
	made := map[recognition.Market]uuid.UUID{}
	for _, market := range []recognition.Market{"DE", "TH"} {
		d, err := h.Dossiers.Create(ctx, dossier.Dossier{RegistrationID: r.ID, Market: string(market), Profile: "general-presentation", Languages: []string{"zh-Hans", "en"}})
		if err != nil {
			t.Fatal(err)
		}
		made[market] = d.ID
	}
	county, err := tenancy.From(ctx)
	if err != nil {
		t.Fatal(err)
	}
	grant := func(market recognition.Market) recognition.ID {
		t.Helper()
		record, err := uuid.Parse(string(r.ID))
		if err != nil {
			t.Fatal(err)
		}
		granted, err := h.Law.Record(office, recognition.Recognition{Market: market, OriginOffice: "CN", Name: "五原向日葵", Language: "zh-Hans", Protection: recognition.Protected, From: day(2020),
			Registration: &recognition.Link{Publisher: county.Tenant, Record: record}, Sources: []recognition.Source{{Title: "Gazette"}}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.Law.Publish(office, granted.ID, granted.Version, exchange.Choice{}); err != nil {
			t.Fatal(err)
		}
		return granted.ID
	}
	told := func(want ...recognition.Market) {
		t.Helper()
		all, _, err := h.Tasks.List(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		var got []recognition.Market
		for _, one := range all {
			if one.Kind != recognition.TaskDossierMarket || one.Object != made[one.Market] {
				t.Errorf("a task of another kind: %+v", one)
			}
			got = append(got, one.Market)
		}
		if !slices.Equal(got, want) {
			t.Errorf("told of %v, want %v", got, want)
		}
	}
	union, thai := grant("EM"), grant("TH")
	told()
	end := func(id recognition.ID) {
		t.Helper()
		over, err := h.Law.End(office, id, 1, day(2024), "the mark lapsed", []recognition.Source{{Title: "Gazette 2024"}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.Law.Publish(office, id, over.Version, exchange.Choice{}); err != nil {
			t.Fatal(err)
		}
	}
	end(union) // of which Germany is a member
	told("DE")
	grant("DE")
	told()
	end(thai)
	told("TH")
}

// When the use of the producer that a dossier names ends, whoever works on the dossier is told at once, and it cannot be issued before
// the producer may use the mark again.
func TestOwnersOfDossiersAreToldOfAUseThatEnded(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	ctx := h.Tenant(t, tenancy.County)
	day := time.Date(2020, 1, 5, 0, 0, 0, 0, time.UTC)
	r, err := h.Registry.Draft(ctx, registry.Content{Office: "CN", Names: []registry.Name{{Text: "葵" + uuid.NewString()[:8], Language: "zh-Hans", Kind: "original"}}, Holder: registry.Party{Names: map[string]string{"en": "Holder"}}})
	for _, act := range []registry.Act{registry.File, registry.Examine, registry.Publish, registry.Register} {
		if err == nil {
			r, err = h.Registry.Do(ctx, r.ID, registry.Event{Act: act, EffectiveOn: day})
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	const producer = "91350100M000100Y43"
	of := func(code string) dossier.View {
		t.Helper()
		v, err := h.Dossiers.Create(ctx, dossier.Dossier{RegistrationID: r.ID, Market: "CN", Profile: "general-presentation", Languages: []string{"zh-Hans"}, ProducerCode: marks.CreditCode(code)})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if _, err := h.Dossiers.Create(ctx, dossier.Dossier{RegistrationID: r.ID, Market: "CN", Profile: "general-presentation", ProducerCode: "91350100M000100Y44"}); !errors.Is(err, problem.ErrInvalid) {
		t.Errorf("a code that is none: %v", err)
	}
	named, nobody := of("9135 0100 M000 100Y 43"), of("")
	needs := func(of dossier.View, want bool) {
		t.Helper()
		v, err := h.Dossiers.View(ctx, of.ID)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(v.Items, func(i dossier.Item) bool { return i.Need.Kind == dossier.NeedUse })
		if i < 0 || v.Items[i].Met != want {
			t.Errorf("what the dossier needs of its producer: %+v, want met: %v", v.Items, want)
		}
	}
	told := func(want int) {
		t.Helper()
		all, _, err := h.Tasks.List(ctx, nil)
		if err != nil || len(all) != want {
			t.Fatalf("got %+v, %v, want %d", all, err, want)
		}
		for _, one := range all {
			if one.Kind != recognition.TaskDossierUser || one.Object != named.ID || one.Market != "CN" {
				t.Errorf("got %+v", one)
			}
		}
	}
	needs(named, false) // nobody published that it may
	if slices.ContainsFunc(nobody.Items, func(i dossier.Item) bool { return i.Need.Kind == dossier.NeedUse }) {
		t.Errorf("a dossier of nobody in particular needs %+v", nobody.Items)
	}
	a, err := h.Users.Apply(ctx, uuid.MustParse(string(r.ID)), marks.Holder{Kind: marks.Kinds[0], CreditCode: producer, Names: map[string]string{"zh-Hans": "演示农业"}}, marks.Event{HappenedOn: day})
	do := func(acts ...marks.Act) {
		t.Helper()
		for _, act := range acts {
			e := marks.Event{Act: act, HappenedOn: day, Reference: "N-1", Reason: "r"}
			if act == marks.End {
				e.Ground = "own-request"
			}
			if err == nil {
				a, err = h.Users.Do(ctx, a.ID, a.Version, e)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	do(marks.Verify, marks.Examine, marks.Announce, marks.Enter)
	needs(named, true)
	told(0)
	do(marks.End)
	needs(named, false)
	told(1)
	do(marks.Reopen)
	needs(named, true)
	told(0)
}
