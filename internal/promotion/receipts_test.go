package promotion_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/exchange/receipttest"
	"github.com/helianthus-gi/helianthus/internal/promotion"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Each side keeps receipts of what both did in an application for support; of a decision from the day on which it is published.
func TestApplicationsForSupportLeaveReceipts(t *testing.T) {
	t.Parallel()
	h := open(t, content())
	docs := document.New(dbtest.DB(t), dbtest.Store(t), document.DefaultMaxSize, time.Now)
	ctx := dbtest.Tenant(t, tenancy.Trader)
	paper, err := docs.Receive(ctx, document.Announcement{Filename: "a.txt", MediaType: "text/plain", Purpose: "promotion"}, []byte("contract"))
	h.must(err)
	f := form(100_00)
	f.Papers = []promotion.Paper{{Code: "contract", DocumentID: paper.ID}}
	a, err := h.own.Apply(ctx, h.call.ID, f)
	h.must(err)
	if got := receipttest.Of(t, ctx, h.ctx, a.ID); len(got) > 0 {
		t.Errorf("a draft leaves the receipts %v", got)
	}
	a, err = h.own.Submit(ctx, a.ID, a.Version)
	h.must(err)
	papers := &promotion.Papers{PapersConfig: promotion.PapersConfig{Promotions: h.own, Docs: docs}}
	_, _, err = papers.Link(h.ctx, a.ID, paper.ID, document.Attachment)
	h.must(err)
	back, err := h.own.Return(h.ctx, a.ID, a.Version, []string{"补充展位合同"}, h.at.Add(time.Hour))
	h.must(err)
	a, err = h.own.Submit(ctx, a.ID, back.Version)
	h.must(err)
	if got, want := receipttest.Of(t, ctx, h.ctx, a.ID), []string{"promotion-application.submit", "promotion-application.submit"}; !slices.Equal(got, want) {
		t.Errorf("the applicant's: got %v, want %v", got, want)
	}
	if got, want := receipttest.Of(t, h.ctx, ctx, a.ID), []string{"open", "promotion-application.return"}; !slices.Equal(got, want) {
		t.Errorf("the keeper's: got %v, want %v", got, want)
	}
	award := h.decided(applicant{ctx, a})
	if got := receipttest.Of(t, h.ctx, ctx, award); len(got) > 0 {
		t.Errorf("a decision that is not published leaves the receipts %v", got)
	}
	h.do(promotion.Decide)
	if got, want := receipttest.Of(t, h.ctx, ctx, award), []string{"promotion-award.publish"}; !slices.Equal(got, want) {
		t.Errorf("the decision: got %v, want %v", got, want)
	}
}

// decided is the decision on an application, once the call is over.
func (h *town) decided(a applicant) uuid.UUID {
	h.t.Helper()
	h.set(after)
	member := h.somebody()
	h.committee(member)
	h.do(promotion.Close)
	h.must(h.score(member, a, 80))
	w, err := h.own.Award(h.ctx, promotion.Decision{ApplicationID: a.ID, Outcome: promotion.Awarded, Reason: "r"}, "50.00")
	h.must(err)
	return w.ID
}
