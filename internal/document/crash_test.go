package document_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/objectstore"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// victimVariable makes the test binary a server that completes documents until it is killed.
const victimVariable = "HELIANTHUS_TEST_COMPLETE"

type order struct {
	Database string
	Store    objectstore.Config
	Scope    tenancy.Scope
	IDs      []document.ID
}

func TestMain(m *testing.M) {
	if o := os.Getenv(victimVariable); o != "" {
		completeAll(o)
		return
	}
	os.Exit(m.Run())
}

func completeAll(text string) {
	var o order
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		panic(err)
	}
	ctx := tenancy.In(context.Background(), o.Scope)
	pool, err := postgres.Open(ctx, o.Database, 4)
	if err != nil {
		panic(err)
	}
	store, err := objectstore.Open(ctx, o.Store)
	if err != nil {
		panic(err)
	}
	docs := document.New(tenancy.New(pool), store, document.DefaultMaxSize, time.Now)
	_, _ = os.Stdout.WriteString("began\n")
	for _, id := range o.IDs {
		if _, err := docs.Complete(ctx, id); err != nil {
			panic(err)
		}
	}
}

// A server that is killed while it completes documents leaves each of them awaited or ready, never between.
func TestKilledWhileCompleting(t *testing.T) {
	t.Parallel()
	ctx := dbtest.Tenant(t, tenancy.County)
	scope, _ := tenancy.From(ctx)
	g, err := dbtest.StartGateway(t.Context(), t.TempDir(), false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = g.Stop() })
	o := order{Database: dbtest.URL(t, postgres.App), Store: g.Config("test"), Scope: scope}
	store, err := objectstore.Open(t.Context(), o.Store)
	if err != nil {
		t.Fatal(err)
	}
	docs := document.New(dbtest.DB(t), store, document.DefaultMaxSize, time.Now)
	contents := map[document.ID]string{}
	for i := range 40 {
		content := strings.Repeat("向", 1+i*2000)
		d, u := announce(t, ctx, docs, announced(content))
		send(t, u, content)
		contents[d.ID] = content
		o.IDs = append(o.IDs, d.ID)
	}
	kills := 0
	for wait := 5 * time.Millisecond; len(o.IDs) > 0 && kills < 50; wait += 5 * time.Millisecond {
		kill(t, o, wait)
		kills++
		var left []document.ID
		for _, id := range o.IDs {
			d, err := docs.ByID(ctx, id)
			switch {
			case err != nil:
				t.Fatal(err)
			case d.Status == document.Uploading:
				left = append(left, id)
			case d.Status != document.Ready || read(t, ctx, docs, id) != contents[id]:
				t.Errorf("after kill %d: got %+v", kills, d)
			}
		}
		o.IDs = left
	}
	t.Logf("%d kills", kills)
	for _, id := range o.IDs {
		if d, err := docs.Complete(ctx, id); err != nil || d.Status != document.Ready {
			t.Errorf("got %+v, %v, want it ready in the end", d, err)
		}
	}
}

// kill lets a victim work for a moment.
func kill(t *testing.T, o order, after time.Duration) {
	t.Helper()
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	victim := exec.Command(exe)
	victim.Env = append(os.Environ(), victimVariable+"="+string(text))
	said, err := victim.StdoutPipe()
	if err == nil {
		err = victim.Start()
	}
	if err == nil {
		_, err = said.Read(make([]byte, 6))
	}
	if err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(after, func() { _ = victim.Process.Kill() })
	defer timer.Stop()
	var exit *exec.ExitError
	if err := victim.Wait(); err != nil && (!errors.As(err, &exit) || exit.Exited()) {
		t.Fatalf("the victim failed by itself: %v", err)
	}
}
