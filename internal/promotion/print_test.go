package promotion_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/helianthus-gi/helianthus/i18n"
	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/jobs"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/promotion"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/typeset"
)

// papers are the verbs of what is handed in and printed, without a press.
func (h *town) papers() *promotion.Papers {
	h.t.Helper()
	b, err := locale.Load(i18n.FS)
	h.must(err)
	j, err := jobs.New(dbtest.DB(h.t), slog.New(slog.DiscardHandler))
	h.must(err)
	return promotion.NewPapers(promotion.PapersConfig{Promotions: h.own, Docs: document.New(dbtest.DB(h.t), dbtest.Store(h.t), document.DefaultMaxSize, time.Now), Jobs: j, Bundle: b})
}

// Confirmations and letters are set in each language; with PAPERS=DIR they are kept there to be looked at.
func TestPapersOfAnApplication(t *testing.T) {
	t.Parallel()
	h := open(t, content())
	s := h.papers()
	trader := dbtest.Tenant(t, tenancy.Trader)
	on := time.Date(2026, 2, 27, 0, 0, 0, 0, time.UTC)
	f := form(1200_00)
	f.Language, f.Team = "ar", []string{"王小明", "李小红"}
	f.Costs = append(f.Costs, promotion.Cost{Kind: "travel", Text: "机票", Amount: 1000_00, Currency: "USD", Rate: "7.1234", RateSource: "演示汇率", RateOn: &on}, promotion.Cost{Kind: "booth", Text: "بناء الجناح", Amount: 99_000, Currency: "JPY", Rate: "0.0462", RateSource: "Demo rate", RateOn: &on})
	f.Papers = []promotion.Paper{{DocumentID: h.received(trader, s.Docs, "营业执照.txt", "text/plain", "licence")}}
	a, err := h.own.Apply(trader, h.call.ID, f)
	h.must(err)
	_, err = s.PrintConfirmation(trader, a.ID, "")
	h.wantErr(err, promotion.ErrNotSubmitted)
	a, err = h.own.Submit(trader, a.ID, a.Version)
	h.must(err)
	p, err := s.PrintConfirmation(trader, a.ID, "")
	if err != nil || p.Language != locale.Arabic {
		t.Errorf("it is not set in the applicant's language: %+v, %v", p, err)
	}
	second := h.applied(800_00)
	_, err = s.PrintConfirmation(second.ctx, a.ID, "")
	h.wantErr(err, promotion.ErrApplicationNotFound)
	h.set(after)
	h.do(promotion.Close)
	w, err := h.own.Award(h.ctx, promotion.Decision{ApplicationID: a.ID, Outcome: promotion.Awarded, Reason: "市场前景明确，展位预算合理。"}, "600.00")
	h.must(err)
	v, err := h.own.Award(h.ctx, promotion.Decision{ApplicationID: second.ID, Outcome: promotion.Rejected, Reason: "The plan names no buyers."}, "")
	h.must(err)
	_, err = s.PrintLetter(trader, w.ID, "")
	h.wantErr(err, promotion.ErrAwardNotFound) // nobody learns a decision before it is published
	h.do(promotion.Decide)
	_, err = s.PrintLetter(trader, w.ID, "")
	h.must(err)
	_, err = s.PrintLetter(trader, v.ID, "")
	h.wantErr(err, promotion.ErrAwardNotFound)
	press, err := typeset.New(typeset.Config{Size: 1})
	h.must(err)
	t.Cleanup(func() { press.Close() })
	s.Press = press
	for _, tag := range locale.Supported {
		for name, c := range map[string]promotion.Print{
			"confirmation": {Paper: promotion.ConfirmationPaper, Record: a.ID}, "letter": {Paper: promotion.LetterPaper, Record: w.ID}, "refusal": {Paper: promotion.LetterPaper, Record: v.ID},
		} {
			c.Language = tag
			pdf, err := s.Set(h.ctx, c)
			if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
				t.Errorf("%s %s: %v", name, tag, err)
				continue
			}
			if dir := os.Getenv("PAPERS"); dir != "" {
				h.must(os.WriteFile(filepath.Join(dir, name+"-"+string(tag)+".pdf"), pdf, 0o600))
			}
		}
	}
}
