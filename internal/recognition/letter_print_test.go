package recognition

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/i18n"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/typeset"
)

// A letter is set in each pair of the house's languages, whichever way they are written, with its seal; with LETTERS=DIR the papers
// are kept there to be looked at.
func TestLettersAreSetSideBySide(t *testing.T) {
	t.Parallel()
	b, err := locale.Load(i18n.FS)
	if err != nil {
		t.Fatal(err)
	}
	press, err := typeset.New(typeset.Config{Size: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { press.Close() })
	day := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	f := File{Case: Case{Name: "五原向日葵", Language: "zh-Hans", OriginOffice: "CN", Market: "AE", Forms: []Form{{Text: "Wuyuan Sunflower", Language: "en"}, {Text: "عباد شمس وويوان", Language: "ar"}},
		InstrumentName: map[string]string{"zh-Hans": "地理标志互认备忘录", "en": "Memorandum on mutual recognition", "ar": "مذكرة تفاهم بشأن الاعتراف المتبادل"}}, Sides: []Side{Destination}}
	f.Events = []CaseEvent{{Seq: 1, Act: ActReceive, Side: Destination, On: day, ReceivedOn: &day, Reference: "R 7/2026"},
		{Seq: 2, Act: ActNotify, Side: Destination, On: day, Reason: "The map of the area is not legible · 地域范围图不清晰"}}
	f.Procedure = Procedure{}
	for _, tag := range locale.Supported {
		w := Wave{Title: b.T(tag, "web.wave.annex", nil) + " II"}
		for n := range 60 {
			m := WaveMember{Case: f.Case}
			m.State = States()[n%len(States())]
			m.Forms = append(m.Forms[:2:2], Form{Text: "Wǔyuán Xiàngrìkuí", Language: "zh-Latn", Kind: Transcription}, Form{Text: "Wuyuan Sunflower", Language: "en", Kind: Translation})
			w.Members = append(w.Members, m)
		}
		w.Members[3].Exception = "Waits"
		annex := annexSheetOf(b, tag, true, w, day)
		if annex.Demo == "" || annexSheetOf(b, tag, false, w, day).Demo != "" {
			t.Errorf("annex in %s: a demonstration must say so, and nobody else", tag)
		}
		pdf, err := setPaper(context.Background(), press, "annex.typ", &annex, nil)
		if err != nil || !bytes.Contains(pdf, []byte("pdfaid:part")) {
			t.Errorf("annex in %s: %v", tag, err)
		}
		if dir := os.Getenv("LETTERS"); dir != "" && err == nil {
			if err := os.WriteFile(filepath.Join(dir, "annex-"+string(tag)+".pdf"), pdf, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, languages := range [][]string{{"zh-Hans", "en"}, {"ar", "en"}, {"en", "zh-Hans"}, {"zh-Hans"}} {
		tmpl, _ := templateOf("notify")
		content := f.fill(b, tmpl, Destination, languages)
		content.Signatory, content.Answers = "head", "WY-2026-0003"
		l := Letter{ID: uuid.New(), Number: "AE-GI-2026-0012", On: &day, Owner: Party{Demo: true}, Content: content, Head: Letterhead{
			Names:       map[string]string{"zh-Hans": "示范国地理标志局", "en": "Office of Geographical Indications", "ar": "مكتب المؤشرات الجغرافية"},
			Addresses:   map[string]string{"zh-Hans": "示范市河滨路 1 号", "en": "1 River Road, Demo City", "ar": "1 شارع النهر، المدينة النموذجية"},
			Signatories: []Signatory{{Role: "head", Names: map[string]string{"zh-Hans": "王海", "en": "Wang Hai", "ar": "وانغ هاي"}, Titles: map[string]string{"zh-Hans": "审查处处长", "en": "Head of Examination", "ar": "رئيس الفحص"}}}}}
		files := map[string][]byte{}
		if len(languages) == 1 { // nor has every office a seal, an address or somebody who signs
			l.Head.Addresses, l.Head.Signatories = nil, nil
		}
		sh := letterSheetOf(b, l)
		if len(languages) > 1 {
			sh.Seal, files["seal.png"] = "seal.png", stamp(t)
		}
		pdf, err := setPaper(context.Background(), press, "letter.typ", &sh, files)
		if err != nil {
			t.Errorf("%v: %v", languages, err)
			continue
		}
		if !bytes.Contains(pdf, []byte("pdfaid:part")) {
			t.Errorf("%v: the paper does not say that it is PDF/A", languages)
		}
		if dir := os.Getenv("LETTERS"); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, strings.Join(languages, "+")+".pdf"), pdf, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// stamp draws a round seal.
func stamp(t *testing.T) []byte {
	t.Helper()
	const side = 300
	m := image.NewNRGBA(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			d := (x-side/2)*(x-side/2) + (y-side/2)*(y-side/2)
			if d < 148*148 && d > 134*134 || d < 40*40 {
				m.Set(x, y, color.NRGBA{R: 200, G: 30, B: 30, A: 200})
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
