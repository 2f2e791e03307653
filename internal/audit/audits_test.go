package audit_test

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

func record(ctx context.Context, t *testing.T, events ...audit.Event) {
	t.Helper()
	for _, e := range events { // each in a transaction of its own, since its time is the transaction's
		if err := dbtest.DB(t).Tx(ctx, func(tx pgx.Tx) error { return audit.Record(ctx, tx, e) }); err != nil {
			t.Fatal(err)
		}
	}
}

func actions(lines []audit.Line) (all []string) {
	for _, l := range lines {
		all = append(all, l.Action)
	}
	return all
}

func TestTrailIsSearched(t *testing.T) {
	t.Parallel()
	ctx, trail := dbtest.Tenant(t, tenancy.County), audit.New(dbtest.DB(t))
	s, _ := tenancy.From(ctx)
	record(ctx, t, audit.Event{Action: "registration.draft", ObjectKind: "registration", ObjectID: "1"},
		audit.Event{Action: "registration.publish", ObjectKind: "registration", ObjectID: "1"},
		audit.Event{Action: "dossier.create", ObjectKind: "dossier", ObjectID: "2"})
	all, err := trail.List(ctx, audit.Filter{}, audit.Cursor{}, 10)
	if err != nil || len(all) != 3 {
		t.Fatalf("got %v, %v", all, err)
	}
	middle := all[1].At
	for name, c := range map[string]struct {
		filter audit.Filter
		want   []string
	}{
		"all, newest first":   {audit.Filter{}, []string{"dossier.create", "registration.publish", "registration.draft"}},
		"one act":             {audit.Filter{Action: "registration.publish"}, []string{"registration.publish"}},
		"acts of one kind":    {audit.Filter{Action: "registration."}, []string{"registration.publish", "registration.draft"}},
		"an act as a pattern": {audit.Filter{Action: "registration%"}, nil},
		"one record":          {audit.Filter{ObjectKind: "dossier", ObjectID: "2"}, []string{"dossier.create"}},
		"one person":          {audit.Filter{Actor: s.Actor.String()}, []string{"dossier.create", "registration.publish", "registration.draft"}},
		"somebody else":       {audit.Filter{Actor: uuid.NewString()}, nil},
		"from an instant on":  {audit.Filter{From: &middle}, []string{"dossier.create", "registration.publish"}},
		"before an instant":   {audit.Filter{To: &middle}, []string{"registration.draft"}},
	} {
		lines, err := trail.List(ctx, c.filter, audit.Cursor{}, 10)
		if got := actions(lines); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, %v, want %v", name, got, err, c.want)
		}
	}
	if lines, err := trail.List(dbtest.Tenant(t, tenancy.County), audit.Filter{}, audit.Cursor{}, 10); err != nil || len(lines) != 0 {
		t.Errorf("the neighbour reads %v, %v", lines, err)
	}
}

func TestTrailIsReadInPages(t *testing.T) {
	t.Parallel()
	ctx, trail := dbtest.Tenant(t, tenancy.County), audit.New(dbtest.DB(t))
	err := dbtest.DB(t).Tx(ctx, func(tx pgx.Tx) error { // all at one instant
		for n := range 25 {
			if err := audit.Record(ctx, tx, audit.Event{Action: "x.y", ObjectKind: "x", ObjectID: fmt.Sprint(n)}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	for after := (audit.Cursor{}); ; {
		lines, err := trail.List(ctx, audit.Filter{}, after, 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range lines {
			seen = append(seen, l.ObjectID)
		}
		if len(lines) < 10 {
			break
		}
		after = audit.Cursor{At: lines[9].At, ID: lines[9].ID}
	}
	if len(seen) != 25 || len(slices.Compact(slices.Sorted(slices.Values(seen)))) != 25 {
		t.Errorf("got %v", seen)
	}
}

func TestExportIsItselfInTheTrailAndHarmlessInASpreadsheet(t *testing.T) {
	t.Parallel()
	ctx, trail := dbtest.Tenant(t, tenancy.County), audit.New(dbtest.DB(t))
	s, _ := tenancy.From(ctx)
	s.ActorName = `=HYPERLINK("http://evil.example")`
	record(tenancy.In(ctx, s), t, audit.Event{Action: "person.create", ObjectKind: "person", ObjectID: "+1", After: map[string]string{"name": "五原, \"甲\"\n"}},
		audit.Event{Action: "tenant.apply", ObjectKind: "tenant", After: []string{"a list"}})
	r, err := trail.Export(ctx, audit.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	rows, err := csv.NewReader(r).ReadAll()
	if err != nil || len(rows) != 4 {
		t.Fatalf("got %v, %v", rows, err)
	}
	if rows[1][5] != "audit-event.export" || rows[2][10] != `{"value":["a list"]}` || rows[3][10] != `{"name":"五原, \"甲\"\n"}` {
		t.Errorf("got %v", rows)
	}
	for _, row := range rows {
		for _, cell := range row {
			if strings.HasPrefix(cell, "=") || strings.HasPrefix(cell, "+") {
				t.Errorf("%q is a formula", cell)
			}
		}
	}
}

// Whoever breaks off an export ends its reading, too.
func TestExportIsBrokenOff(t *testing.T) {
	t.Parallel()
	ctx, trail := dbtest.Tenant(t, tenancy.County), audit.New(dbtest.DB(t))
	s, _ := tenancy.From(ctx)
	_, err := dbtest.Superuser(t).Exec(t.Context(), `insert into app.audit_events (tenant_id, actor_kind, action, object_kind, at)
		select $1, 'system', 'x.y', 'x', now() - n * interval '1 second' from generate_series(1, 5000) n`, s.Tenant)
	if err != nil {
		t.Fatal(err)
	}
	r, err := trail.Export(ctx, audit.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Read(make([]byte, 100)); err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	cancelled, cancel := context.WithCancel(ctx)
	r, err = trail.Export(cancelled, audit.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	rows, err := csv.NewReader(r).ReadAll()
	if !errors.Is(err, context.Canceled) && len(rows) == 5002 {
		t.Errorf("got %d rows, %v", len(rows), err)
	}
}

func TestTrailIsOnlyAddedTo(t *testing.T) {
	t.Parallel()
	ctx := dbtest.Tenant(t, tenancy.County)
	record(ctx, t, audit.Event{Action: "x.y", ObjectKind: "x"})
	for name, sql := range map[string]string{"changed": `update app.audit_events set action = 'z'`, "removed": `delete from app.audit_events`, "emptied": `truncate app.audit_events`} {
		err := dbtest.DB(t).Tx(ctx, func(tx pgx.Tx) error { _, err := tx.Exec(ctx, sql); return err })
		if err == nil {
			t.Errorf("the trail can be %s", name)
		}
	}
	if err := dbtest.DB(t).Tx(ctx, func(tx pgx.Tx) error {
		return audit.Record(tenancy.In(ctx, tenancy.Public), tx, audit.Event{Action: "x.y", ObjectKind: "x", After: time.Now()})
	}); err != nil {
		t.Errorf("a visitor's act is not recorded in the tenant it happens in: %v", err)
	}
}
