package mirror_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/lifecycle"
	"github.com/helianthus-gi/helianthus/internal/mirror"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/translog"
	"github.com/helianthus-gi/helianthus/internal/webhook"
)

// follower is another house, with a database of its own, whose operator follows houses.
type follower struct {
	*mirror.Partners
	operator context.Context
}

func newFollower(t *testing.T, client *http.Client, named ...translog.House) follower {
	t.Helper()
	own := dbtest.OwnHouse(t)
	return follower{mirror.NewPartners(own.DB, mirror.PartnersConfig{
		Houses: named, Own: func(context.Context) (string, error) { return "we.example/api/v1/log", nil }, Client: client, Every: 10 * time.Millisecond,
		Describe: describe, Fold: registry.NameKey, Log: slog.New(slog.DiscardHandler), Now: time.Now,
	}), own.Tenant(t, tenancy.Operator)}
}

func (f follower) received(t *testing.T, name string) int {
	t.Helper()
	all, _, err := f.List(tenancy.In(t.Context(), tenancy.Public), mirror.Filter{Name: name}, 50, "")
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

// An operator looks at a house, confirms its key, follows it, gives it another address, suspends it, goes on and removes it.
func TestAnOperatorFollowsAHouse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	secure := httptest.NewTLSServer(w.Server)
	t.Cleanup(secure.Close)
	owner := w.Tenant(t, tenancy.County)
	mark := "Followed" + strings.ToUpper(uuid.NewString()[:8])
	w.publish(t, owner, uuid.New(), mark+" one", exchange.Public, uuid.Nil)
	key := w.key(t)
	f := newFollower(t, secure.Client())
	ctx := f.operator

	sight, err := f.Look(ctx, secure.URL+"/")
	if err != nil || sight.Keys[0] != key || sight.URL != secure.URL || len(translog.Fingerprint(key)) != 64 {
		t.Fatalf("a look: %+v, %v", sight, err)
	}
	h, err := f.Follow(ctx, sight.URL, key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Follow(ctx, sight.URL, key); !errors.Is(err, mirror.ErrFollowed) {
		t.Errorf("twice: %v", err)
	}
	running, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); _ = f.Run(running) }()
	t.Cleanup(func() { stop(); <-ended })
	until(t, func() bool { return f.received(t, mark) == 1 })

	if h, err = f.SuspendHouse(ctx, h.ID, "a fault of its log"); err != nil || h.SuspendedWhy != "a fault of its log" {
		t.Fatalf("suspend: %+v, %v", h, err)
	}
	if _, err := f.SuspendHouse(ctx, h.ID, "again"); !errors.Is(err, lifecycle.ErrNoMove) {
		t.Errorf("suspended twice: %v", err)
	}
	w.publish(t, owner, uuid.New(), mark+" two", exchange.Public, uuid.Nil)
	elsewhere := httptest.NewTLSServer(w.Server)
	t.Cleanup(elsewhere.Close)
	stale := h.Version - 1
	if _, err := f.Readdress(ctx, h.ID, stale, &elsewhere.URL, nil); !errors.Is(err, mirror.ErrHouseChanged) {
		t.Errorf("changed meanwhile: %v", err)
	}
	if h, err = f.Readdress(ctx, h.ID, h.Version, &elsewhere.URL, &key); err != nil || h.URL != elsewhere.URL {
		t.Fatalf("another address: %v", err)
	}
	if n := f.received(t, mark); n != 1 {
		t.Errorf("suspended, and %d are there", n)
	}
	if h, err = f.ResumeHouse(ctx, h.ID); err != nil {
		t.Fatal(err)
	}
	until(t, func() bool { return f.received(t, mark) == 2 })
	if err := f.RemoveHouse(ctx, h.ID); err != nil {
		t.Fatal(err)
	}
	if n := f.received(t, mark); n != 0 {
		t.Errorf("removed, and %d of it are there", n)
	}
	if _, err := f.House(ctx, h.ID); !errors.Is(err, mirror.ErrHouseNotFound) {
		t.Errorf("removed, and read: %v", err)
	}
}

// What an operator gives wrongly is told so, and nothing is followed.
func TestHousesThatAreNotFollowed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	secure := httptest.NewTLSServer(w.Server)
	t.Cleanup(secure.Close)
	key := w.key(t)
	name := strings.Split(key, "+")[0]
	other := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"origin":"x","keys":["nonsense"]}`))
	}))
	t.Cleanup(other.Close)
	closed := httptest.NewTLSServer(http.NotFoundHandler())
	closed.Close()
	f := newFollower(t, secure.Client())
	ofFile := newFollower(t, secure.Client(), translog.House{Name: name, Key: key, URL: secure.URL})
	private := newFollower(t, webhook.PublicClient())
	for what, c := range map[string]struct {
		f            follower
		address, key string
		want         error
	}{
		"another key than the one that was confirmed": {f, secure.URL, strings.Replace(key, "+", "+0", 1), mirror.ErrOtherKey},
		"somebody else's server":                      {f, other.URL, key, mirror.ErrNoHouse},
		"nobody answers":                              {f, closed.URL, key, mirror.ErrUnreachable},
		"an address within the own network":           {private, secure.URL, key, mirror.ErrUnreachable},
		"no address":                                  {f, "partner", key, problem.ErrInvalid},
		"without encryption":                          {f, w.url, key, problem.ErrInvalid},
		"one that the machine's file names":           {ofFile, secure.URL, key, mirror.ErrOfFile},
	} {
		if _, err := c.f.Follow(c.f.operator, c.address, c.key); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", what, err, c.want)
		}
		if all, err := c.f.Houses(tenancy.In(t.Context(), tenancy.Public)); err != nil || len(all) != 0 {
			t.Errorf("%s: %d are followed, %v", what, len(all), err)
		}
	}
	own := mirror.NewPartners(w.DB, mirror.PartnersConfig{Own: func(context.Context) (string, error) { return name, nil }, Client: secure.Client()})
	if _, err := own.Look(f.operator, secure.URL); !errors.Is(err, mirror.ErrOwnHouse) {
		t.Errorf("its own: %v", err)
	}
}
