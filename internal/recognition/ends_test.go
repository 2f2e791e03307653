package recognition_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// An end is told once for each reminder, and only of what holds until then.
func TestEndsAreToldInTime(t *testing.T) {
	t.Parallel()
	ctx, law := dbtest.Tenant(t, tenancy.Jurisdiction), recognition.New(dbtest.DB(t))
	until := time.Date(2027, 6, 1, 0, 0, 0, 0, time.UTC)
	for _, p := range []recognition.Protection{recognition.Protected, recognition.Refused} {
		_, err := law.Record(ctx, recognition.Recognition{Market: "XC", OriginOffice: "XA", Name: "Melon " + string(p), Language: "en", Protection: p,
			From: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), Until: &until, Sources: []recognition.Source{{Title: "Gazette"}}})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, step := range []struct{ left, told int }{{90, 0}, {59, 1}, {58, 1}, {20, 2}, {6, 3}, {1, 4}, {0, 4}, {-5, 4}} {
		remind := law.RemindOfEnds(func() time.Time { return until.AddDate(0, 0, -step.left) })
		for range 2 {
			if err := remind(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if told := reminders(t, ctx, "recognition.end-soon"); told != step.told {
			t.Errorf("%d days before the end: told %d times, want %d", step.left, told, step.told)
		}
	}
}

func reminders(t *testing.T, ctx context.Context, action string) (n int) {
	t.Helper()
	err := dbtest.DB(t).Tx(ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `select count(*) from app.audit_events where action = $1`, action).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
