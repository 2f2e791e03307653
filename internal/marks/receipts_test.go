package marks_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/exchange/receipttest"
	"github.com/helianthus-gi/helianthus/internal/marks"
)

// Each side keeps receipts of what both did in an application, from the day on which the other sees it.
func TestApplicationsLeaveReceipts(t *testing.T) {
	t.Parallel()
	d := open(t).desk()
	docs := document.New(d.db, dbtest.Store(t), document.DefaultMaxSize, time.Now)
	d.Applications = marks.NewApplications(d.db, docs, d.reach, func(context.Context, pgx.Tx, string) (bool, error) { return true, nil }, func() time.Time { return d.now })
	paper, err := docs.Receive(d.association, document.Announcement{Filename: "a.txt", MediaType: "text/plain", Purpose: "special-mark"}, []byte("licence"))
	if err != nil {
		t.Fatal(err)
	}
	f := form(firstCode)
	f.Documents = []uuid.UUID{paper.ID}
	a, err := d.Begin(d.association, d.registration, f)
	if err != nil {
		t.Fatal(err)
	}
	if got := receipttest.Of(t, d.association, d.ctx, a.ID); len(got) > 0 {
		t.Errorf("a draft leaves the receipts %v", got)
	}
	if a, err = d.Submit(d.association, a.ID, a.Version); err != nil {
		t.Fatal(err)
	}
	for _, ctx := range []context.Context{d.ctx, d.association} { // who opens its own leaves none
		if _, _, err := d.Link(ctx, a.ID, paper.ID, document.Attachment); err != nil {
			t.Fatal(err)
		}
	}
	if a, err = d.Take(d.ctx, a.ID, a.Version); err != nil {
		t.Fatal(err)
	}
	user, err := d.authorisations.Read(d.ctx, *a.AuthorisationID)
	if err != nil {
		t.Fatal(err)
	}
	d.do(user, marks.Verify, marks.Refuse)
	if got, want := receipttest.Of(t, d.association, d.ctx, a.ID), []string{"mark-application.submit"}; !slices.Equal(got, want) {
		t.Errorf("the applicant's: got %v, want %v", got, want)
	}
	want := []string{"open", "mark-application.take", "mark-authorisation.verify", "mark-authorisation.refuse"}
	if got := receipttest.Of(t, d.ctx, d.association, a.ID); !slices.Equal(got, want) {
		t.Errorf("the keeper's: got %v, want %v", got, want)
	}
}
