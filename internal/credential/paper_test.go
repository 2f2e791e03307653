package credential_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/credential"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/typeset"
	"github.com/helianthus-gi/helianthus/internal/typeset/pdftest"
)

// Certificates are kept in archives, and say by themselves who decided, on what, in the reader's language and in the record's own.
// HELIANTHUS_OUTPUT names a directory that the papers are written to, to be looked at.
func TestCertificatesAreArchivalAndSayWhoDecided(t *testing.T) {
	t.Parallel()
	s := open(t)
	records := map[string]uuid.UUID{"registration": s.recordID(), "recognition": s.recognised(t), marks.PublicationKind: s.authorised(t).ID}
	if _, err := s.Translog.Sequence(t.Context()); err != nil {
		t.Fatal(err)
	}
	press, err := typeset.New(typeset.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(press.Close)
	basis := map[string][]string{
		"registration": {"CN " + s.record.Content.Bases[0].Number}, "recognition": {"CN-XB-2026", "Agreement", "Annex IV · 12"}, marks.PublicationKind: {"Notice 475", "CN " + s.record.Content.Bases[0].Number},
	}
	attached := map[string]string{"credential.jwt": "Source", "record.tlog-proof": "Supplement", "revocation.jwt": "Supplement", "suspension.jwt": "Supplement"}
	for kind, record := range records {
		c, err := s.Attests.Issue(s.ctx, credential.Order{Kind: kind, RecordID: record, Languages: credential.Languages})
		if err != nil {
			t.Fatal(kind, err)
		}
		if err := s.Attests.MakePapers(s.ctx, press, c.ID); err != nil {
			t.Fatal(kind, err)
		}
		for lang, tag := range map[locale.Tag]string{"zh-Hans": "zh-CN", "en": "en", "ar": "ar"} {
			pdf := s.paper(t, c, string(lang))
			if dir := os.Getenv("HELIANTHUS_OUTPUT"); dir != "" {
				if err := os.WriteFile(filepath.Join(dir, kind+"-"+string(lang)+".pdf"), pdf, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			pdftest.Archival(t, pdf, tag, attached, c.Number)
			text := pdftest.Text(t, pdf)
			want := append([]string{c.Officer, c.Number, c.Title}, basis[kind]...)
			for _, id := range []string{"credential.paper." + kind, "credential.paper.basis", "credential.paper.decision", "credential.fact.officer"} {
				want = append(want, s.Bundle.T(lang, id, nil), s.Bundle.T("zh-Hans", id, nil)) // the record is in Chinese
			}
			for _, words := range want {
				if !pdftest.Printed(text, words) {
					t.Errorf("%s %s does not print %q in %s", kind, lang, words, text)
				}
			}
		}
	}
}
