package document_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/objectstore"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

func TestPutIsSafeToDoTwice(t *testing.T) {
	t.Parallel()
	ctx := dbtest.Tenant(t, tenancy.County)
	docs := newDocs(t)
	f := document.File{ID: uuid.New(), Filename: "dossier.pdf", MediaType: "application/pdf", Purpose: "dossier", Content: []byte("%PDF-")}
	first, err := docs.Put(ctx, f)
	if err != nil || first.Status != document.Ready {
		t.Fatalf("got %+v, %v", first, err)
	}
	again, err := docs.Put(ctx, f)
	if err != nil || again.Number != 1 || again.Version != first.Version || len(again.Versions) != 1 {
		t.Errorf("got %+v, %v, want nothing changed", again, err)
	}
	f.Content = []byte("%PDF-2")
	if next, err := docs.Put(ctx, f); err != nil || next.Number != 2 {
		t.Errorf("got %+v, %v, want version 2", next, err)
	}
	// A put that broke off before the store had the bytes is finished by the next one.
	broken := document.New(dbtest.DB(t), gone(t), document.DefaultMaxSize, time.Now)
	g := document.File{ID: uuid.New(), Filename: "a.txt", MediaType: "text/plain", Content: []byte("a")}
	if _, err := broken.Put(ctx, g); !errors.Is(err, objectstore.ErrUnavailable) {
		t.Fatalf("got %v, want the store unavailable", err)
	}
	if d, err := docs.Put(ctx, g); err != nil || d.Status != document.Ready || len(d.Versions) != 1 || read(t, ctx, docs, g.ID) != "a" {
		t.Errorf("got %+v, %v, want it ready", d, err)
	}
}

// gone is a store whose gateway has been stopped.
func gone(t *testing.T) *objectstore.Store {
	t.Helper()
	g, err := dbtest.StartGateway(t.Context(), t.TempDir(), false)
	if err != nil {
		t.Fatal(err)
	}
	s, err := objectstore.Open(t.Context(), g.Config("test"))
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Stop(); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestIssuedPapersCannotBeRemoved(t *testing.T) {
	t.Parallel()
	ctx := dbtest.Tenant(t, tenancy.County)
	docs := newDocs(t)
	until := time.Now().Add(time.Hour).UTC().Truncate(time.Second)
	uploaded := ready(t, ctx, docs, text)
	kept, err := docs.Keep(ctx, uploaded.ID, until)
	if err != nil || kept.Current.RetainUntil == nil || !kept.Current.RetainUntil.Equal(until) || read(t, ctx, docs, kept.ID) != text {
		t.Fatalf("got %+v, %v", kept, err)
	}
	if _, err := docs.Keep(ctx, uploaded.ID, until.Add(-time.Minute)); err != nil {
		t.Errorf("a shorter time: got %v", err)
	}
	made, err := docs.Put(ctx, document.File{Filename: "dossier.txt", MediaType: "text/plain", Content: []byte("issued"), RetainUntil: until})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []document.Document{kept, made} {
		var key, version string
		err := dbtest.DB(t).Read(ctx, func(tx pgx.Tx) error {
			return tx.QueryRow(ctx, `select object_key, object_version from app.document_versions where document_id = $1`, d.ID).Scan(&key, &version)
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := dbtest.Store(t).DeleteVersion(ctx, key, version); err == nil {
			t.Errorf("%s: an issued paper was removed", d.Filename)
		}
	}
}

func TestAbandonedUploadsExpire(t *testing.T) {
	t.Parallel()
	ctx := dbtest.Tenant(t, tenancy.County)
	scope, _ := tenancy.From(ctx)
	docs, tomorrow := newDocs(t), docsAt(t, func() time.Time { return time.Now().Add(25 * time.Hour) })
	kept := ready(t, ctx, docs, text)
	never, _ := announce(t, ctx, docs, announced("never sent\n"))
	sent, u := announce(t, ctx, docs, announced("sent\n"))
	send(t, u, "sent\n")
	// Two files that no row names: of a crash between the store and the row, and of somebody who used a link again.
	for _, place := range []string{"in", "doc"} {
		if _, err := dbtest.Store(t).Put(ctx, "t/"+scope.Tenant.String()+"/"+place+"/"+uuid.NewString(), "text/plain", []byte("lost"), time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := docs.Expire(ctx); err != nil {
		t.Fatal(err)
	}
	if d, err := docs.ByID(ctx, sent.ID); err != nil || d.Status != document.Uploading {
		t.Errorf("today: got %+v, %v, want it still awaited", d, err)
	}
	for range 2 {
		if err := tomorrow.Expire(ctx); err != nil {
			t.Fatal(err)
		}
	}
	for _, id := range []document.ID{never.ID, sent.ID} {
		if d, err := docs.ByID(ctx, id); err != nil || d.Status != document.Refused || d.Current.Reason != "document.refused.expired" {
			t.Errorf("got %+v, %v, want it expired", d, err)
		}
	}
	if got := stored(t, "t/"+scope.Tenant.String()+"/"); got != 1 || read(t, ctx, docs, kept.ID) != text {
		t.Errorf("got %d files, want the one that is kept", got)
	}
}

func TestTwoCompleteAtOnce(t *testing.T) {
	t.Parallel()
	ctx := dbtest.Tenant(t, tenancy.County)
	docs := newDocs(t)
	d, u := announce(t, ctx, docs, announced(text))
	send(t, u, text)
	var wait sync.WaitGroup
	for range 5 {
		wait.Go(func() {
			got, err := docs.Complete(ctx, d.ID)
			if err != nil || got.Status != document.Ready {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
	wait.Wait()
	var kept int
	err := dbtest.DB(t).Read(ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `select count(*) from app.audit_events where action = 'document.keep' and object_id = $1`, d.ID.String()).Scan(&kept)
	})
	if err != nil || kept != 1 || read(t, ctx, docs, d.ID) != text {
		t.Errorf("got %d times kept, %v, want once", kept, err)
	}
}

// Whatever breaks on the way, a document is ready or it is not, and completing again makes it ready.
func TestStoreBreaksWhileCompleting(t *testing.T) {
	t.Parallel()
	ctx := dbtest.Tenant(t, tenancy.County)
	docs := newDocs(t)
	d, u := announce(t, ctx, docs, announced(text))
	send(t, u, text)
	broken := document.New(dbtest.DB(t), gone(t), document.DefaultMaxSize, time.Now)
	if _, err := broken.Complete(ctx, d.ID); !errors.Is(err, objectstore.ErrUnavailable) {
		t.Fatalf("got %v, want the store unavailable", err)
	}
	if now, err := docs.ByID(ctx, d.ID); err != nil || now.Status != document.Uploading {
		t.Fatalf("got %+v, %v, want it awaited as before", now, err)
	}
	if now, err := docs.Complete(ctx, d.ID); err != nil || now.Status != document.Ready {
		t.Errorf("got %+v, %v, want it ready", now, err)
	}
	if got := read(t, ctx, docs, d.ID); got != text {
		t.Errorf("got %q", got)
	}
}
