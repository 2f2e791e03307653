package promotion_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/promotion"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// beside is another county with the clock of a first.
func (h *town) beside() *town {
	return &town{t: h.t, own: h.own, ctx: dbtest.Tenant(h.t, tenancy.County), at: h.at}
}

func (h *town) platform(partner string) promotion.Platform {
	h.t.Helper()
	f, err := h.own.AddPlatform(h.ctx, promotion.Platform{Level: "municipal", Names: map[string]string{"en": "Platform"}, Website: "https://p.example"}, partner)
	h.must(err)
	return f
}

// A call of a platform is taken over as it is, says whose it is, takes no applications, promises no money, and tells when its original moved.
func TestCallOfAPlatformIsMirrored(t *testing.T) {
	t.Parallel()
	c := content()
	c.Topics = []string{"葵花籽"}
	h := open(t, c)
	county := h.beside()
	_, err := h.own.Mirror(county.ctx, h.call.ID)
	h.wantErr(err, promotion.ErrNoPlatform)
	f := county.platform(h.call.Keeper.Slug)
	if f.Partner == nil || f.Partner.ID != h.call.Keeper.ID {
		t.Errorf("the platform is %+v", f.Partner)
	}
	_, err = h.own.AddPlatform(county.ctx, promotion.Platform{Level: "national", Names: map[string]string{"en": "Again"}}, h.call.Keeper.Slug)
	h.wantErr(err, promotion.ErrPlatformTwice)
	seen, _, err := h.own.Programme(county.ctx, h.call.ID)
	h.must(err)
	if !seen.Mirrorable {
		t.Error("the call of a platform cannot be mirrored")
	}
	m, err := h.own.Mirror(county.somebody(), h.call.ID)
	h.must(err)
	if m.Status != promotion.Draft || m.Mirror.Address != h.call.Address() || m.Mirror.State != promotion.Taking || m.Content.Titles["en"] != "Food fair" || m.Original.ID != h.call.ID || m.Moved(begin) {
		t.Errorf("got %+v, %+v", m, m.Mirror)
	}
	_, err = h.own.Mirror(county.ctx, h.call.ID)
	h.wantErr(err, promotion.ErrMirrored)
	county.call = m
	county.do(promotion.Review, promotion.OpenIt)
	trader := dbtest.Tenant(t, tenancy.Trader)
	_, err = h.own.Apply(trader, m.ID, form(100_00))
	h.wantErr(err, promotion.ErrElsewhere)
	if n := county.count(`select count(*) from app.promotion_budgets where programme_id = $1`, m.ID); n != 0 {
		t.Error("money of another's call is there to be promised")
	}
	if d, err := h.own.Dashboard(county.ctx, 2026); err != nil || d.Funnel.Calls != 0 {
		t.Errorf("another's call is counted: %+v, %v", d.Funnel, err)
	}
	_, err = h.own.Mirror(h.ctx, m.ID)
	h.wantErr(err, promotion.ErrNoPlatform)
	h.set(after)
	h.do(promotion.Close)
	public, _, err := h.own.Call(tenancy.In(t.Context(), tenancy.Public), m.Keeper.Slug, m.ID)
	h.must(err)
	if !public.Moved(after) || public.Original.Seen(after) != promotion.InSelection {
		t.Errorf("the original was closed, and the mirror says %+v", public.Original)
	}
	err = dbtest.DB(t).Tx(county.ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(county.ctx, `update app.promotion_programmes set mirror = null, original = null where id = $1`, m.ID)
		return err
	})
	if err == nil {
		t.Error("whose call it is was changed")
	}
}

// Of a platform that is known by its address only, a call is entered with as much as is known of it.
func TestCallReadElsewhereIsMirrored(t *testing.T) {
	t.Parallel()
	h := open(t, content())
	f := h.platform("")
	c := promotion.Content{Kind: "fair", Titles: map[string]string{"en": "Elsewhere"}, Countries: []string{"DE"}, Window: content().Window, Places: 1, Currency: "CNY", Budgets: []promotion.Budget{}, Criteria: []promotion.Criterion{}, Documents: []promotion.Required{}}
	if err := c.Check(); err == nil {
		t.Error("an own call without rules is taken")
	}
	_, err := h.own.MirrorElsewhere(h.ctx, f.ID, "javascript:alert(1)", c)
	if p, ok := problem.As(err); !ok || p.Details[0].Pointer != "/address" {
		t.Errorf("got %v", err)
	}
	m, err := h.own.MirrorElsewhere(h.somebody(), f.ID, "https://p.example/7", c)
	h.must(err)
	if m.Original != nil || m.Moved(after) || m.Mirror.Address != "https://p.example/7" {
		t.Errorf("got %+v", m.Mirror)
	}
	c.Places = 2
	if m, err = h.own.Update(h.somebody(), m.ID, m.Version, c); err != nil || m.Content.Places != 2 || m.Mirror == nil {
		t.Errorf("got %+v, %v", m, err)
	}
	f, err = h.own.DoPlatform(h.ctx, f.ID, f.Version, promotion.Archive)
	h.must(err)
	_, err = h.own.MirrorElsewhere(h.ctx, f.ID, "https://p.example/8", c)
	h.wantErr(err, promotion.ErrPlatformArchived)
	_, err = h.own.DoPlatform(h.ctx, f.ID, f.Version, promotion.Restore)
	h.must(err)
	_, err = h.own.Platform(h.beside().ctx, f.ID)
	h.wantErr(err, promotion.ErrPlatformNotFound)
}

func TestCallsByTopic(t *testing.T) {
	t.Parallel()
	c := content()
	topic := "Topic " + uuid.NewString()
	c.Topics = []string{topic, "葵花籽"}
	h := open(t, c)
	nobody := tenancy.In(t.Context(), tenancy.Public)
	for asked, want := range map[string]bool{topic: true, "葵花籽": true, topic + "x": false, "Topic": false, "…": false} {
		l, err := h.own.LatestCalls(nobody, promotion.CallFilter{Topic: asked})
		h.must(err)
		n, err := h.own.CurrentCalls(nobody, promotion.CallFilter{Topic: asked})
		h.must(err)
		if found(l, h.call.ID) != want || found(n, h.call.ID) != want {
			t.Errorf("%q: feed %t, calendar %t, want %t", asked, found(l, h.call.ID), found(n, h.call.ID), want)
		}
	}
	c.Topics = []string{"Seeds", "seeds"}
	if err := c.Check(); err == nil {
		t.Error("a topic stands twice")
	}
}
