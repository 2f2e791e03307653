package dossier_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/apitest"
	"github.com/helianthus-gi/helianthus/internal/dossier"
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
			all, err = dossier.Tasks(of, tx)
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
