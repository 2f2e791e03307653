package members_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/members"
	"github.com/helianthus-gi/helianthus/internal/objectstore"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// paper is a file as an applicant hands it in.
func paper(t *testing.T) (document.Announcement, []byte) {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	return document.Announcement{Filename: "身份证.png", MediaType: "image/png"}, b.Bytes()
}

// Files of drafts that were never sent and of members that are erased go too: their names at once, their bytes with the next sweep of
// documents. A file that another member names stays.
func TestErasureReachesPapers(t *testing.T) {
	t.Parallel()
	ctx := dbtest.Tenant(t, tenancy.Association)
	store, at := dbtest.Store(t), time.Now()
	clock := func() time.Time { return at }
	s := open(t)
	s.Now, s.Docs = clock, document.New(dbtest.DB(t), store, document.DefaultMaxSize, clock)
	scope, err := tenancy.From(ctx)
	if err != nil {
		t.Fatal(err)
	}
	door, err := s.Door(t.Context(), scope.Slug)
	if err != nil {
		t.Fatal(err)
	}
	a, content := paper(t)
	bring := func() uuid.UUID {
		t.Helper()
		key, err := s.KeepDraft(t.Context(), door, "", map[string]string{"name": "演示申请人"})
		if err == nil {
			err = s.Bring(t.Context(), door, key, a, content)
		}
		if err != nil {
			t.Fatal(err)
		}
		d, err := s.ReadDraft(t.Context(), door, key)
		if err != nil {
			t.Fatal(err)
		}
		return d.Papers[0].ID
	}
	forgotten := bring()
	receive := func() uuid.UUID {
		t.Helper()
		d, err := s.Docs.Receive(ctx, a, content)
		if err != nil || d.Status != document.Ready {
			t.Fatalf("%+v, %v", d, err)
		}
		return d.ID
	}
	own, common := receive(), receive()
	f := grower("演示种植户")
	f.Content.Documents = []uuid.UUID{own, common}
	m := admitted(t, ctx, s, f)
	other := members.Facts{Category: members.Grower, Name: "另一户", Content: members.Content{Documents: []uuid.UUID{common}}}
	admitted(t, ctx, s, other)
	left, err := s.Do(ctx, m.ID, m.Version, members.Deed{Act: members.Leave})
	if err == nil {
		_, err = s.Erase(ctx, left.ID, left.Version, "本人要求")
	}
	if err != nil {
		t.Fatal(err)
	}
	at = at.AddDate(0, 0, 15) // the drafts are over
	if err := errors.Join(s.Tend(ctx), s.Docs.Expire(ctx)); err != nil {
		t.Fatal(err)
	}
	for name, id := range map[string]uuid.UUID{"of the draft": forgotten, "of the member": own} {
		d, err := s.Docs.ByID(ctx, id)
		if err != nil || d.Status != document.Retired || d.Filename == a.Filename || d.Current.Filename == a.Filename {
			t.Errorf("%s: %+v, %v", name, d, err)
		}
		if _, _, err := s.Docs.Open(ctx, id); !errors.Is(err, document.ErrNotReady) {
			t.Errorf("%s opens: %v", name, err)
		}
	}
	if d, err := s.Docs.ByID(ctx, common); err != nil || d.Status != document.Ready {
		t.Errorf("of both: %+v, %v", d, err)
	}
	files := 0
	if err := store.List(context.Background(), "t/"+scope.Tenant.String()+"/", func(objectstore.Object) bool { files++; return true }); err != nil || files != 1 {
		t.Errorf("%d files are left, %v", files, err)
	}
}
