package marks_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/exchange"
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
	d.Applications = marks.NewApplications(d.db, docs, d.reach, func(context.Context, pgx.Tx, string) (bool, error) { return true, nil }, func() time.Time { return d.now })
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

// TestTheContactIsMasked: who reads an application is shown no number, nor is the trail; the keeper is told it for a purpose, until the
// application is withdrawn.
func TestTheContactIsMasked(t *testing.T) {
	t.Parallel()
	d := open(t).desk()
	f := form(firstCode)
	f.Phone = "13800001234"
	a, err := d.Begin(d.association, d.registration, f)
	if err != nil {
		t.Fatal(err)
	}
	if f.Phone = a.Form.Phone; f.Phone != "138******34" {
		t.Errorf("the applicant reads %q", f.Phone)
	}
	if a, err = d.Fill(d.association, a.ID, a.Version, f); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Reveal(d.ctx, a.ID, "x"); !errors.Is(err, marks.ErrApplicationNotFound) {
		t.Errorf("the keeper, of a draft: %v", err)
	}
	if a, err = d.Submit(d.association, a.ID, a.Version); err != nil {
		t.Fatal(err)
	}
	if got := d.read(d.ctx, a).Form.Phone; got != "138******34" {
		t.Errorf("the keeper reads %q", got)
	}
	for name, ctx := range map[string]context.Context{"the keeper": d.ctx, "the applicant": d.association} {
		if c, err := d.Reveal(ctx, a.ID, "电话核实"); err != nil || c.Phone != "13800001234" {
			t.Errorf("%s: %+v, %v", name, c, err)
		}
	}
	if _, err := d.Reveal(dbtest.Tenant(t, tenancy.Association), a.ID, "x"); !errors.Is(err, marks.ErrApplicationNotFound) {
		t.Errorf("a third tenant: %v", err)
	}
	if a, err = d.Withdraw(d.association, a.ID, a.Version); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Reveal(d.ctx, a.ID, "x"); !errors.Is(err, exchange.ErrNoContact) {
		t.Errorf("the keeper, after it is withdrawn: %v", err)
	}
	var trail string
	var told int
	if err := dbtest.Superuser(t).QueryRow(t.Context(), `select string_agg(e::text, E'\n'), count(*) filter (where action = 'mark-application.reveal' and after ->> 'purpose' = '电话核实') from app.audit_events e where object_id = $1`, a.ID.String()).Scan(&trail, &told); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(trail, "13800001234") || told != 2 {
		t.Errorf("the trail tells of %d looks, or has the number: %s", told, trail)
	}
}
