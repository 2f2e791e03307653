package dossier_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/apitest"
	"github.com/helianthus-gi/helianthus/internal/dossier"
	"github.com/helianthus-gi/helianthus/internal/exchange"
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
