package marks_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// infected is a drawing that runs a script: what is looked at before a file is kept refuses it.
const infected = `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`

// TestTheKeeperReadsWhatWasHandedIn: documents as they were handed in, by their bytes, never before it and never after a withdrawal; an
// infected one is refused at its line.
func TestTheKeeperReadsWhatWasHandedIn(t *testing.T) {
	t.Parallel()
	d := open(t).desk()
	docs := document.New(d.db, dbtest.Store(t), document.DefaultMaxSize, time.Now)
	d.Applications = marks.NewApplications(d.db, docs, func(context.Context, pgx.Tx, string) (bool, error) { return true, nil }, func() time.Time { return d.now })
	received := func(name, media, content string) uuid.UUID {
		t.Helper()
		got, err := docs.Receive(d.association, document.Announcement{Filename: name, MediaType: media, Purpose: "special-mark"}, []byte(content))
		if err != nil {
			t.Fatal(err)
		}
		return got.ID
	}
	good, other, bad := received("a.txt", "text/plain", "licence"), received("b.txt", "text/plain", "something else"), received("c.svg", "image/svg+xml", infected)
	third := dbtest.Tenant(t, tenancy.Association)
	f := form(firstCode)
	f.Documents = []uuid.UUID{good, bad}
	a, err := d.Begin(d.association, d.registration, f)
	if err != nil {
		t.Fatal(err)
	}
	_, err = d.Submit(d.association, a.ID, a.Version)
	if e, ok := problem.As(err); !ok || len(e.Details) != 1 || e.Details[0].Pointer != "/documents/1" {
		t.Fatalf("an infected file is handed in: %v", err)
	}
	f.Documents = f.Documents[:1]
	if a, err = d.Fill(d.association, a.ID, a.Version, f); err != nil {
		t.Fatal(err)
	}
	sees := func(when string, keeper, applicant int) {
		t.Helper()
		for name, c := range map[string]struct {
			ctx  context.Context
			doc  uuid.UUID
			want int
		}{
			"the keeper": {d.ctx, good, keeper}, "the applicant": {d.association, good, applicant}, "a third tenant": {third, good, 0}, "nobody": {tenancy.In(t.Context(), tenancy.Public), good, 0},
			"the keeper, of another document": {d.ctx, other, 0}, "the keeper, of an infected one": {d.ctx, bad, 0},
		} {
			var n int
			if err := d.db.Read(c.ctx, func(tx pgx.Tx) error {
				return tx.QueryRow(c.ctx, `select count(*) from app.gate_mark_document($1, $2)`, a.ID, c.doc).Scan(&n)
			}); err != nil || n != c.want {
				t.Errorf("%s, %s: %d, want %d, %v", when, name, n, c.want, err)
			}
		}
	}
	lists := func(when string, ctx context.Context, want ...string) {
		t.Helper()
		all, err := d.Documents(ctx, a.ID)
		var got []string
		for _, one := range all {
			got = append(got, one.Filename)
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v, %v, want %v", when, got, err, want)
		}
	}
	sees("before it is handed in", 0, 0)
	if a, err = d.Submit(d.association, a.ID, a.Version); err != nil {
		t.Fatal(err)
	}
	sees("once it is handed in", 1, 1)
	lists("the keeper", d.ctx, "a.txt")
	if url, _, err := d.Link(d.ctx, a.ID, good, document.Attachment); err != nil || url == "" {
		t.Errorf("the keeper gets no link: %v", err)
	}
	if _, _, err := d.Link(d.ctx, a.ID, other, document.Attachment); !errors.Is(err, marks.ErrPaperNotFound) {
		t.Errorf("a document that was not handed in: %v", err)
	}
	if _, _, err := d.Link(third, a.ID, good, document.Attachment); !errors.Is(err, marks.ErrApplicationNotFound) {
		t.Errorf("a third tenant: %v", err)
	}
	// Nobody lends itself another's documents by naming them, and neither does a keeper.
	for name, ctx := range map[string]context.Context{"a third tenant": third, "the keeper": d.ctx} {
		err = d.db.Tx(ctx, func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, `insert into app.mark_application_papers (application_id, place, keeper, document_id, number, filename, media_type, size, sha256) values ($1, 9, app.tenant(), $2, 1, 'x', 'x', 1, '\x00')`, a.ID, good)
			return err
		})
		if err == nil {
			t.Errorf("%s handed in another's document", name)
		}
	}
	// A new version is the applicant's own until it hands that in.
	if a, err = d.Return(d.ctx, a.ID, a.Version, []string{"检验报告"}, on("2026-07-01")); err != nil {
		t.Fatal(err)
	}
	lists("while it is completed", d.ctx, "a.txt")
	f.Documents = []uuid.UUID{other}
	if a, err = d.Fill(d.association, a.ID, a.Version, f); err != nil {
		t.Fatal(err)
	}
	lists("what is filled in, not handed in", d.ctx, "a.txt")
	if a, err = d.Submit(d.association, a.ID, a.Version); err != nil {
		t.Fatal(err)
	}
	lists("handed in again", d.ctx, "b.txt")
	if a, err = d.Withdraw(d.association, a.ID, a.Version); err != nil {
		t.Fatal(err)
	}
	good = other
	sees("after it is withdrawn", 0, 1)
	lists("the keeper, after it is withdrawn", d.ctx)
}
