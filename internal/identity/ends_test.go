package identity_test

import (
	"testing"
	"time"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/identity"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Each reminder is told once, however often one looks; what ended is told no more.
func TestEndsAreToldInTime(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	n, ctx := newNode(t, 1), dbtest.Tenant(t, tenancy.County)
	const life = 100 * day
	if _, _, err := n.CreateClient(ctx, identity.Client{Name: "partner", Scopes: []string{"registration:read"}, ExpiresAt: time.Now().Add(life)}); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		left time.Duration // until the end
		told int           // altogether
	}{{90 * day, 0}, {59 * day, 1}, {58 * day, 1}, {20 * day, 2}, {6 * day, 3}, {day / 2, 4}, {day / 4, 4}, {-day, 4}} {
		n.ahead.Store(int64(life - step.left))
		for range 2 {
			if err := n.RemindOfEnds(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if told := count(trail(ctx, t), "api-client.end-soon"); told != step.told {
			t.Errorf("%v before the end: told %d times, want %d", step.left, told, step.told)
		}
	}
}
