package promotion_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/promotion"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// infected is a drawing that runs a script: what is looked at before a file is kept refuses it.
const infected = `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`

// received is a document of a tenant that came as an upload does.
func (h *town) received(ctx context.Context, docs *document.Documents, name, media, content string) document.ID {
	h.t.Helper()
	d, err := docs.Receive(ctx, document.Announcement{Filename: name, MediaType: media, Purpose: "promotion"}, []byte(content))
	h.must(err)
	return d.ID
}

// bytes counts what the application role finds of the bytes of a document.
func (h *town) bytes(ctx context.Context, object, doc uuid.UUID) (n int) {
	h.t.Helper()
	h.must(dbtest.DB(h.t).Read(ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `select count(*) from app.gate_promotion_document($1, $2)`, object, doc).Scan(&n)
	}))
	return n
}

func TestTheKeeperReadsWhatWasHandedIn(t *testing.T) {
	t.Parallel()
	h := open(t, content())
	papers := h.papers()
	docs := papers.Docs
	trader, third := dbtest.Tenant(t, tenancy.Trader), dbtest.Tenant(t, tenancy.Trader)
	good, other := h.received(trader, docs, "a.txt", "text/plain", "licence"), h.received(trader, docs, "b.txt", "text/plain", "something else")
	bad := h.received(trader, docs, "c.svg", "image/svg+xml", infected)
	f := form(1200_00)
	f.Papers = []promotion.Paper{{DocumentID: good}, {DocumentID: bad}}
	a, err := h.own.Apply(trader, h.call.ID, f)
	h.must(err)
	_, err = h.own.Submit(trader, a.ID, a.Version)
	if p, ok := problem.As(err); !ok || len(p.Details) != 1 || p.Details[0].Pointer != "/papers/1/documentId" {
		t.Fatalf("an infected file is handed in: %v", err)
	}
	f.Papers = f.Papers[:1]
	a, err = h.own.Fill(trader, a.ID, a.Version, f)
	h.must(err)
	sees := func(when string, keeper, applicant int) {
		t.Helper()
		for name, c := range map[string]struct {
			ctx  context.Context
			doc  uuid.UUID
			want int
		}{
			"the keeper": {h.ctx, good, keeper}, "the applicant": {trader, good, applicant}, "a third tenant": {third, good, 0}, "nobody": {tenancy.In(t.Context(), tenancy.Public), good, 0},
			"the keeper, of another document": {h.ctx, other, 0}, "the keeper, of an infected one": {h.ctx, bad, 0},
		} {
			if got := h.bytes(c.ctx, a.ID, c.doc); got != c.want {
				t.Errorf("%s, %s: %d, want %d", when, name, got, c.want)
			}
		}
	}
	sees("before it is submitted", 0, 0)
	a, err = h.own.Submit(trader, a.ID, a.Version)
	h.must(err)
	sees("once it is submitted", 1, 1)
	_, all, err := papers.OfApplication(h.ctx, a.ID)
	if err != nil || len(all) != 1 || all[0].Filename != "a.txt" || all[0].Number != 1 {
		t.Errorf("the keeper sees %+v, %v", all, err)
	}
	_, _, err = papers.OfApplication(third, a.ID)
	h.wantErr(err, promotion.ErrApplicationNotFound)
	_, _, err = papers.Link(third, a.ID, good, document.Attachment)
	h.wantErr(err, promotion.ErrPaperNotFound)
	url, _, err := papers.Link(h.ctx, a.ID, good, document.Attachment)
	if err != nil || url == "" {
		t.Errorf("the keeper gets no link: %v", err)
	}
	// Nobody lends itself another's documents by naming them.
	err = dbtest.DB(t).Tx(third, func(tx pgx.Tx) error {
		s, _ := tenancy.From(third)
		_, err := tx.Exec(third, `insert into app.promotion_papers (object_id, place, keeper, document_id, number, filename, media_type, size, sha256) values ($1, 9, $2, $3, 1, 'x', 'x', 1, '\x00')`, a.ID, s.Tenant, good)
		return err
	})
	if err == nil {
		t.Error("a third tenant handed in another's document")
	}
	a, err = h.own.Withdraw(trader, a.ID, a.Version, "r")
	h.must(err)
	sees("after it is withdrawn", 0, 1)
	if _, all, err = papers.OfApplication(h.ctx, a.ID); err != nil || len(all) != 0 {
		t.Errorf("after it is withdrawn the keeper sees %+v, %v", all, err)
	}
}

// In a blind selection a search by name must not tell whose an application is.
func TestABlindSelectionIsNotSearchedByName(t *testing.T) {
	t.Parallel()
	c := content()
	c.Blind = true
	h := open(t, c)
	a := h.applied(1200_00)
	count := func(words string, blind bool) int {
		t.Helper()
		all, _, err := h.own.Applications(h.ctx, promotion.ApplicationFilter{Words: words, Programme: &h.call.ID, Blind: blind}, 10, "")
		h.must(err)
		n, err := h.own.CountApplications(h.ctx, promotion.ApplicationFilter{Words: words, Programme: &h.call.ID, Blind: blind})
		if err != nil || n != len(all) {
			t.Errorf("%d are counted, %d are shown, %v", n, len(all), err)
		}
		return n
	}
	for words, want := range map[string][2]int{"演示贸易": {0, 1}, a.Number: {1, 1}, "": {1, 1}} {
		if got := [2]int{count(words, true), count(words, false)}; got != want {
			t.Errorf("%q: who scores and who decides find %v, want %v", words, got, want)
		}
	}
	h.set(after)
	h.do(promotion.Close)
	w, err := h.own.Award(h.ctx, promotion.Decision{ApplicationID: a.ID, Outcome: promotion.Awarded, Reason: "r"}, "600.00")
	h.must(err)
	for blind, want := range map[bool]int{true: 0, false: 1} {
		if all, _, err := h.own.Awards(h.ctx, promotion.AwardFilter{Programme: &h.call.ID, Blind: blind}, 10, ""); err != nil || len(all) != want {
			t.Errorf("before the results are published %d decisions are shown, %v", len(all), err)
		}
	}
	h.do(promotion.Decide)
	if count("演示贸易", true) != 1 {
		t.Error("once the results are published it is no secret")
	}
	if all, _, err := h.own.Awards(h.ctx, promotion.AwardFilter{Programme: &h.call.ID, Blind: true}, 10, ""); err != nil || len(all) != 1 || all[0].ID != w.ID {
		t.Errorf("got %+v, %v", all, err)
	}
}
