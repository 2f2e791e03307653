package mirror_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/mirror"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/translog"
)

// describe finds what worlds publish under its name.
func describe(_ string, content []byte) (f mirror.Facts, err error) {
	if _, rest, ok := strings.Cut(string(content), `"name":`); ok {
		name, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(rest), `"`), `"`)
		f.Names = []mirror.Name{{Key: registry.NameKey(name), Text: name, Language: "en", Kind: "original"}}
	}
	return f, nil
}

// A house that follows a house (itself, here) has pages of what it received: found by name, kind, house and proof, each with
// where it comes from; and of the house, how far it is. A sandbox sees nothing of it.
func TestReceivedIsFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.Tenant(t, tenancy.County)
	mark := "Found" + strings.ToUpper(uuid.NewString()[:8])
	record := uuid.New()
	w.publish(t, owner, record, mark+" old", exchange.Public, uuid.Nil)
	w.publish(t, owner, record, mark+" Sunflower", exchange.Public, uuid.Nil)
	w.publish(t, owner, uuid.New(), mark+" Melon", exchange.Public, uuid.Nil)
	key := w.key(t)
	house := translog.House{Name: strings.Split(key, "+")[0], Key: key, URL: w.url}
	p := mirror.NewPartners(w.DB, mirror.PartnersConfig{
		Houses: []translog.House{house}, Every: time.Millisecond, Describe: describe, Fold: registry.NameKey, Log: slog.Default(), Now: time.Now,
	})
	everybody := tenancy.In(t.Context(), tenancy.Public)
	names := func(f mirror.Filter) (found []string) {
		t.Helper()
		all, _, err := p.List(everybody, f, 50, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range all {
			found = append(found, string(r.Content))
		}
		return found
	}
	until(t, func() bool {
		return p.Round(t.Context(), house) == nil && len(names(mirror.Filter{Name: mark, Proved: new(true)})) == 2
	})
	yes, no := true, false
	for _, c := range []struct {
		name string
		f    mirror.Filter
		want int
	}{
		{"the beginning of a name, in another spelling", mirror.Filter{Name: strings.ToLower(mark) + " SUN"}, 1},
		{"the end of a name", mirror.Filter{Name: "Sunflower " + mark}, 0},
		{"what no longer holds, too", mirror.Filter{Name: mark, Ended: true}, 3},
		{"of this house", mirror.Filter{Name: mark, House: house.Name}, 2},
		{"of another house", mirror.Filter{Name: mark, House: "other.example/log"}, 0},
		{"of another kind", mirror.Filter{Name: mark, Kind: "recognition"}, 0},
		{"proved", mirror.Filter{Name: mark, Proved: &yes}, 2},
		{"not proved", mirror.Filter{Name: mark, Proved: &no}, 0},
		{"no letter", mirror.Filter{Name: "%%"}, 0},
	} {
		if got := names(c.f); len(got) != c.want {
			t.Errorf("%s: got %v", c.name, got)
		}
	}
	all, _, err := p.List(everybody, mirror.Filter{RecordID: &record}, 1, "")
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	one, err := p.ByID(everybody, all[0].Publication)
	if err != nil || one.House != house.Name || one.Seq != all[0].Seq || !strings.HasPrefix(one.Proof, "c2sp.org/tlog-proof@v1\n") {
		t.Errorf("one: %+v, %v", one, err)
	}
	if _, err := p.ByID(everybody, uuid.New()); !errors.Is(err, mirror.ErrNotReceived) {
		t.Errorf("one that nobody published: %v", err)
	}
	w.houseIsSeen(t, everybody, p, house)
	w.sandboxSeesNoHouse(t, one)
}

func (w *world) houseIsSeen(t *testing.T, everybody context.Context, p *mirror.Partners, house translog.House) {
	t.Helper()
	houses, err := p.Houses(everybody)
	if err != nil || len(houses) == 0 {
		t.Fatal(houses, err)
	}
	for _, h := range houses {
		if h.Name == house.Name && (h.CheckedAt == nil || h.TriedAt == nil || h.Position == 0 || h.Records < 2 || h.LogSize == 0 || h.Error != "" || h.Cosigns != nil || h.Cosigned != nil) {
			t.Errorf("the house: %+v", h)
		}
	}
}

func (w *world) sandboxSeesNoHouse(t *testing.T, one mirror.Received) {
	t.Helper()
	o, err := w.Sandbox.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	machine := w.Machine(t, o.ClientID, o.Secret)
	for _, path := range []string{"/api/v1/received-publications?ended=true", "/api/v1/partner-houses"} {
		var list struct{ Items []any }
		machine.Need(t, &list, http.MethodGet, path, nil)
		if len(list.Items) > 0 {
			t.Errorf("a sandbox sees %v at %s", list.Items, path)
		}
	}
	if r := machine.JSON(t, http.MethodGet, "/api/v1/received-publications/"+one.Publication.String(), nil); r.Code != http.StatusNotFound {
		t.Errorf("a sandbox reads what was received: %d", r.Code)
	}
}

// key is the key of the world's log.
func (w *world) key(t *testing.T) string {
	t.Helper()
	var log struct{ Keys []string }
	until(t, func() bool {
		r := w.Nobody().JSON(t, http.MethodGet, "/api/v1/log", nil)
		return r.Code == http.StatusOK
	})
	w.Nobody().Need(t, &log, http.MethodGet, "/api/v1/log", nil)
	return log.Keys[0]
}

// until waits for what workers do by themselves.
func until(t *testing.T, holds func() bool) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-ctx.Done():
			t.Fatal("it did not come about within a minute")
		case <-tick.C:
		}
	}
}
