package dossier

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/helianthus-gi/helianthus/i18n"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/typeset"
)

// demoContents are frozen contents of the demonstration's registration, an official build.
func demoContents(t testing.TB) Contents {
	t.Helper()
	b, err := os.ReadFile("../../cmd/helianthus/demo/records.json")
	if err != nil {
		t.Fatal(err)
	}
	var r struct {
		Registration registry.Content
		Product      map[string]string
	}
	if err := json.Unmarshal(b, &r); err != nil {
		t.Fatal(err)
	}
	c := Contents{
		Number: "WUYUAN-2026-0001", Demo: true, Official: true, Day: "2026-11-23", Instant: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC),
		Issuer: map[string]string{"zh-Hans": "五原县（演示）", "en": "Wuyuan County (demonstration)", "ar": "مقاطعة وويوان (عرض توضيحي)"}, IssuerSlug: "wuyuan",
		Market: "XA", Profile: "alpha-sunflower-seeds", Edition: 1, Languages: Languages,
		Registration: r.Registration, Status: registry.Registered, Base: "https://gi.example.org", Answers: map[string]Said{},
	}
	bundle := catalogue(t)
	for _, lang := range Languages {
		tag := locale.Tag(lang)
		values := map[string]any{"Name": r.Registration.Title(), "Market": "XA", "Day": locale.Day(tag, c.Instant), "On": locale.Day(tag, c.Instant)}
		c.Answers[lang] = Said{Answer: "yes", Question: bundle.T(tag, "paper.question", values), Text: bundle.T(tag, "status.answer.yes", values),
			Reasons: []PaperReason{{Text: bundle.T(tag, "paper.mark.users", nil), Source: "DEMO-PILOT-3-3, 2025-03-01"}, {Text: bundle.T(tag, "paper.mark.label", nil), Source: "Demo Partner Office Alpha, 2026-11-20"}}}
	}
	return segmented(c, r.Product)
}

func segmented(c Contents, product map[string]string) Contents {
	c.Segments = Segments(Dossier{Product: product, Languages: Languages}, c.Registration, nil)
	return c
}

// fullContents are contents of some fifteen pages: every part that a paper can have, and much of it.
func fullContents(t testing.TB) (Contents, map[string][]byte) {
	t.Helper()
	c := demoContents(t)
	reg := &c.Registration
	day := "2024-08-01"
	reg.Bases = append(reg.Bases, registry.Basis{Kind: "gi-product", Office: "CN", Notice: "演示公告第 0 号", RegisteredOn: &day})
	reg.Holder.Code, reg.Holder.Address = "91350100M000100Y43", map[string]string{"zh-Hans": "演示地址 1 号", "en": "1 Demonstration Road", "ar": "1 شارع العرض"}
	for i, n := range [][3]string{
		{"Wǔyuán Xiàngrìkuí", "zh-Latn", "ISO 7098"}, {"五原ヒマワリ", "ja", ""}, {"우위안 해바라기", "ko", ""}, {"ทานตะวันอู่หยวน", "th", ""}, {"آفتابگردان وویوان", "fa", ""},
		{"Подсолнечник Уюань", "ru", ""}, {"Вуюань күнбағысы", "kk-Cyrl", ""}, {"Wuyuan ayçiçeği", "tr", ""}, {"Hướng dương Ngũ Nguyên", "vi", ""}, {"Ηλίανθος Γουγιουάν", "el", ""}, {"ᠤ ᠶᠤᠸᠠᠨ ᠨᠠᠷᠠᠨ ᠴᠡᠴᠡᠭ", "mn-Mong", ""},
	} {
		kind := registry.Translation
		if i == 0 {
			kind = registry.Transcription
		}
		reg.Names = append(reg.Names, registry.Name{Text: n[0], Language: n[1], Kind: kind, Scheme: n[2]})
	}
	sections := reg.Specification
	for round := range 4 {
		for _, s := range sections {
			more := registry.Section{Key: fmt.Sprintf("%s-%d", s.Key, round), Titles: s.Titles, Texts: map[string]string{}}
			for lang, text := range s.Texts {
				more.Texts[lang] = strings.Repeat(text+"\n", 2) + "- " + strings.ReplaceAll(text, "\n", "\n- ")
			}
			reg.Specification = append(reg.Specification, more)
		}
	}
	for range 5 {
		reg.Quality = append(reg.Quality, reg.Quality[:4]...)
	}
	annexes := map[string][]byte{}
	for i := range 6 {
		a := AnnexFile{Annex: Annex{Kind: "test-report", Title: map[string]string{"zh-Hans": "演示检测报告", "en": "Demonstration test report", "ar": "تقرير اختبار للعرض"}}, File: fmt.Sprintf("%02d-检测报告-2026.pdf", i+1), MediaType: "application/pdf", SHA256: strings.Repeat("0123456789abcdef", 4)}
		c.Annexes = append(c.Annexes, a)
		annexes[a.File] = []byte("%PDF-1.7 demonstration " + a.File)
	}
	return segmented(c, map[string]string{"zh-Hans": "演示产品", "en": "Demonstration product", "ar": "منتج للعرض"}), annexes
}

func catalogue(t testing.TB) *locale.Bundle {
	t.Helper()
	b, err := locale.Load(i18n.FS)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func newPress(t testing.TB) *typeset.Pool {
	t.Helper()
	p, err := typeset.New(typeset.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}
