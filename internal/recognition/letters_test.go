package recognition_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/apitest"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/typeset"
)

// twoOffices are a county and an office with a case of the county's that is still inside the origin side.
type twoOffices struct {
	*apitest.House
	county, office, third context.Context
	file                  recognition.File
}

func openCase(t *testing.T) *twoOffices {
	t.Helper()
	h := apitest.Open(t)
	w := &twoOffices{House: h, county: h.Tenant(t, tenancy.County), office: h.Tenant(t, tenancy.Jurisdiction), third: h.Tenant(t, tenancy.Jurisdiction)}
	i, err := h.Law.CreateInstrument(w.county, recognition.Instrument{Code: "T-1", Kind: "pilot", Titles: map[string]string{"en": "Pilot on names", "zh-Hans": "名称互认试点"}, Parties: []string{"XT"},
		Lists: []recognition.List{}, Scope: []recognition.Class{}, Sources: []recognition.Source{{Title: "Exchange of letters"}}})
	if err != nil {
		t.Fatal(err)
	}
	p := recognition.Templates[0].Procedure
	for _, x := range recognition.Templates {
		if x.Instrument.Code == "MEMORANDUM" {
			p = x.Procedure
		}
	}
	if _, _, err := h.Law.UpdateProcedure(w.county, i.ID, i.Version, p); err != nil {
		t.Fatal(err)
	}
	office, err := tenancy.From(w.office)
	if err != nil {
		t.Fatal(err)
	}
	w.file, err = h.Cases.Open(w.county, recognition.Opening{Side: recognition.Origin, Other: office.Slug, On: on("2026-01-05"),
		Case: recognition.Case{OriginOffice: "XT", Market: "XT", Name: "五原向日葵", Language: "zh-Hans", InstrumentID: i.ID, Forms: []recognition.Form{{Text: "Wuyuan Sunflower", Language: "en", Kind: "translation"}}}})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *twoOffices) do(t *testing.T, who context.Context, e recognition.CaseEvent) {
	t.Helper()
	f, err := w.Cases.Do(who, w.file.ID, w.file.Version, e)
	if err != nil {
		t.Fatalf("%s: %v", e.Act, err)
	}
	w.file = f
}

// put keeps a file in a tenant's store.
func (w *twoOffices) put(t *testing.T, who context.Context, text string) recognition.Paper {
	t.Helper()
	d, err := w.Docs.Put(who, document.File{Filename: "specification.csv", MediaType: "text/csv", Purpose: "case", Content: []byte(text)})
	if err != nil {
		t.Fatal(err)
	}
	return recognition.Paper{Title: "Specification", Kind: "endorsement-letter", Language: "en", DocumentID: &d.ID}
}

// propose leads the case to the other side with a document of the county's that the step names.
func (w *twoOffices) propose(t *testing.T, named recognition.Paper) {
	t.Helper()
	hash := recognition.Paper{Title: "Dossier", SHA256: hex.EncodeToString(make([]byte, 32))}
	w.do(t, w.county, recognition.CaseEvent{Act: recognition.ActSubmit, On: on("2026-01-06"), Documents: []recognition.Paper{hash}})
	w.do(t, w.county, recognition.CaseEvent{Act: recognition.ActEndorse, On: on("2026-01-07"), Documents: []recognition.Paper{named}})
}

func download(t *testing.T, url string) []byte {
	t.Helper()
	client := http.Client{Timeout: time.Minute}
	r, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d, %v", url, r.StatusCode, err)
	}
	return b
}

func TestOtherSideReadsBytesOnceTheyAreShared(t *testing.T) {
	t.Parallel()
	w := openCase(t)
	named := w.put(t, w.county, "name\nfirst\n")
	private, err := w.Letters.Attach(w.county, w.file.ID, w.put(t, w.county, "name\nprivate\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Letters.Share(w.county, w.file.ID, private.ID); !errors.Is(err, recognition.ErrNotShared) {
		t.Errorf("got %v for a case that is not proposed, want not shared", err)
	}
	w.propose(t, named)

	seen, err := w.Letters.Documents(w.office, w.file.ID)
	if err != nil || len(seen) != 1 || seen[0].Seq == nil || *seen[0].Seq != 3 {
		t.Fatalf("got %+v, %v; want the document that the endorsement names", seen, err)
	}
	url, _, err := w.Letters.Link(w.office, w.file.ID, seen[0].ID, document.Attachment)
	if err != nil {
		t.Fatal(err)
	}
	b := download(t, url)
	sum := sha256.Sum256(b)
	if got := hex.EncodeToString(sum[:]); string(b) != "name\nfirst\n" || got != w.file.Events[len(w.file.Events)-1].Documents[0].SHA256 {
		t.Errorf("got %q with hash %s, want the bytes whose hash the event has", b, got)
	}
	if _, _, err := w.Letters.Link(w.office, w.file.ID, private.ID, document.Attachment); !errors.Is(err, recognition.ErrCaseDocumentNotFound) {
		t.Errorf("got %v for a private document, want not found", err)
	}
	if _, err := w.Letters.Share(w.office, w.file.ID, private.ID); !errors.Is(err, recognition.ErrCaseDocumentNotFound) {
		t.Errorf("got %v for sharing the other side's document, want not found", err)
	}
	if _, err := w.Letters.Share(w.county, w.file.ID, private.ID); err != nil {
		t.Fatal(err)
	}
	if url, _, err = w.Letters.Link(w.office, w.file.ID, private.ID, document.Attachment); err != nil || string(download(t, url)) != "name\nprivate\n" {
		t.Errorf("got %v after sharing", err)
	}
	if _, _, err := w.Letters.Link(w.third, w.file.ID, private.ID, document.Attachment); !errors.Is(err, recognition.ErrCaseNotFound) {
		t.Errorf("got %v for a third tenant, want not found", err)
	}
}

// A document that lies in the case is named by its hash: it goes with the step to the other side, and stands once in the case.
func TestDocumentOfTheCaseIsNamedByItsHash(t *testing.T) {
	t.Parallel()
	w := openCase(t)
	held, err := w.Letters.Attach(w.county, w.file.ID, w.put(t, w.county, "name\nin the case\n"))
	if err != nil {
		t.Fatal(err)
	}
	w.propose(t, recognition.Paper{Title: held.Title, Kind: held.Kind, Language: held.Language, SHA256: held.SHA256})
	for who, ctx := range map[string]context.Context{"the county": w.county, "the office": w.office} {
		seen, err := w.Letters.Documents(ctx, w.file.ID)
		if err != nil || len(seen) != 1 || seen[0].ID != held.ID || seen[0].Seq == nil || *seen[0].Seq != 3 || !seen[0].Shared {
			t.Errorf("%s sees %+v, %v; want the document that was attached, with the step that names it", who, seen, err)
		}
	}
	url, _, err := w.Letters.Link(w.office, w.file.ID, held.ID, document.Attachment)
	if err != nil || string(download(t, url)) != "name\nin the case\n" {
		t.Errorf("its bytes: %v", err)
	}
	// A hash of nothing that the tenant has says what it says, and opens nothing.
	w.do(t, w.office, recognition.CaseEvent{Act: recognition.ActReceive, On: on("2026-01-12"), ReceivedOn: dayOf("2026-01-12"), Reference: "R-1", Documents: []recognition.Paper{{Title: "Copy", SHA256: held.SHA256}}})
	if seen, err := w.Letters.Documents(w.office, w.file.ID); err != nil || len(seen) != 1 {
		t.Errorf("%d documents, %v", len(seen), err)
	}
}

// The database holds the wall by itself: as the application role, with the other tenant set and no condition in the statement.
func TestWallOfCaseDocumentsInSQL(t *testing.T) {
	t.Parallel()
	w := openCase(t)
	private, err := w.Letters.Attach(w.county, w.file.ID, w.put(t, w.county, "name\nprivate\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Letters.Draft(w.county, w.file.ID, "cover", recognition.Origin, []string{"en"}); err != nil {
		t.Fatal(err)
	}
	w.propose(t, w.put(t, w.county, "name\nshared\n"))
	count := func(who context.Context, sql string, args ...any) (n int) {
		t.Helper()
		if err := w.DB.Read(who, func(tx pgx.Tx) error { return tx.QueryRow(who, sql, args...).Scan(&n) }); err != nil {
			t.Fatal(err)
		}
		return n
	}
	shared, err := w.Letters.Documents(w.office, w.file.ID)
	if err != nil || len(shared) != 1 {
		t.Fatalf("got %d shared, %v", len(shared), err)
	}
	for _, c := range []struct {
		name string
		who  context.Context
		sql  string
		arg  uuid.UUID
		want int
	}{
		{"the office sees no attachment", w.office, `select count(*) from app.case_attachments where id = $1`, private.ID, 0},
		{"the office sees no draft", w.office, `select count(*) from app.case_letter_drafts where case_id = $1`, w.file.ID, 0},
		{"the office sees what was shared", w.office, `select count(*) from app.case_documents where id = $1`, shared[0].ID, 1},
		{"the office finds its bytes", w.office, `select count(*) from app.gate_case_document($1)`, shared[0].ID, 1},
		{"a third tenant sees nothing", w.third, `select count(*) from app.case_documents where id = $1`, shared[0].ID, 0},
		{"a third tenant finds no bytes", w.third, `select count(*) from app.gate_case_document($1)`, shared[0].ID, 0},
		{"the store's rows are the owner's", w.office, `select count(*) from app.document_versions where document_id = $1`, shared[0].DocumentID, 0},
	} {
		if got := count(c.who, c.sql, c.arg); got != c.want {
			t.Errorf("%s: got %d, want %d", c.name, got, c.want)
		}
	}
	for _, sql := range []string{`update app.case_documents set title = 'x'`, `delete from app.case_documents`, `update app.case_letters set number = 'x'`, `delete from app.case_letters`} {
		if err := w.DB.Tx(w.county, func(tx pgx.Tx) error { _, err := tx.Exec(w.county, sql); return err }); err == nil {
			t.Errorf("%s: was done", sql)
		}
	}
	forged := w.DB.Tx(w.third, func(tx pgx.Tx) error {
		_, err := tx.Exec(w.third, `insert into app.case_documents (tenant_id, id, case_id, owner, document_id, number, title, sha256, filename, media_type, size)
			values ($1, $2, $3, app.tenant(), $2, 1, 'x', $4, 'x', 'text/csv', 1)`, w.file.Keeper.ID, uuid.New(), w.file.ID, make([]byte, 32))
		return err
	})
	if forged == nil {
		t.Error("a third tenant put a document into the file")
	}
}

func TestLetterIsNumberedSealedAndKept(t *testing.T) {
	t.Parallel()
	w := openCase(t)
	w.propose(t, w.put(t, w.county, "name\nshared\n"))
	w.do(t, w.office, recognition.CaseEvent{Act: recognition.ActReceive, On: on("2026-01-12"), ReceivedOn: new(on("2026-01-12")), Reference: "R 7"})
	head, err := w.Letters.Letterhead(w.office)
	if err != nil || head.Version != 0 || head.Prefix == "" {
		t.Fatalf("got %+v, %v; want one with the tenant's name", head, err)
	}
	head.Prefix, head.Signatories = "XT-GI", []recognition.Signatory{{Role: "head", Names: map[string]string{"en": "A. Officer"}, Titles: map[string]string{"en": "Head of unit"}}}
	if _, err := w.Letters.UpdateLetterhead(w.office, 7, head.Letterhead); !errors.Is(err, problem.ErrStale) {
		t.Errorf("got %v for an old version of the letterhead", err)
	}
	if _, err := w.Letters.UpdateLetterhead(w.office, 0, head.Letterhead); err != nil {
		t.Fatal(err)
	}

	l, err := w.Letters.Draft(w.office, w.file.ID, "receive", "", []string{"zh-Hans", "en"})
	if err != nil {
		t.Fatal(err)
	}
	if got := l.Content.Texts["en"].Body; !bytes.Contains([]byte(got), []byte("R 7")) || !bytes.Contains([]byte(got), []byte("12 January 2026")) {
		t.Errorf("got %q, want the receipt's number and day from the file", got)
	}
	if all, err := w.Letters.Letters(w.county, w.file.ID); err != nil || len(all) != 0 {
		t.Errorf("the other side sees %d drafts, %v", len(all), err)
	}
	blank, err := w.Letters.Draft(w.office, w.file.ID, "cover", "", []string{"en"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Letters.Issue(w.office, w.file.ID, blank.ID, blank.Version); !errors.Is(err, problem.ErrInvalid) {
		t.Errorf("got %v for a letter with a blank", err)
	}
	l.Content.Signatory = "head"
	if l, err = w.Letters.Update(w.office, w.file.ID, l.ID, l.Version, l.Content); err != nil {
		t.Fatal(err)
	}
	l, err = w.Letters.Issue(w.office, w.file.ID, l.ID, l.Version)
	if err != nil {
		t.Fatal(err)
	}
	if want := "XT-GI-" + l.On.Format("2006") + "-0001"; l.Number != want || l.Status != recognition.LetterIssued {
		t.Errorf("got %s %s, want %s", l.Status, l.Number, want)
	}
	if _, err := w.Jobs.Await(w.office, *l.TaskID); err != nil { // it has no press here, and is done again where there is one
		t.Fatal(err)
	}
	press, err := typeset.New(typeset.Config{Size: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { press.Close() })
	printer := *w.Letters
	printer.Press = press
	for range 2 { // the second time changes nothing
		if err := printer.MakePaper(w.office, recognition.PrintLetter{Case: w.file.ID, Letter: l.ID}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Letters.Update(w.office, w.file.ID, l.ID, l.Version, l.Content); !errors.Is(err, problem.ErrStale) {
		t.Errorf("got %v for changing an issued letter", err)
	}

	read, err := w.Letters.Letter(w.county, w.file.ID, l.ID)
	if err != nil || read.Document == nil || read.TaskID != nil {
		t.Fatalf("the other side got %+v, %v; want the letter with its paper and no task", read, err)
	}
	url, _, err := w.Letters.Link(w.county, w.file.ID, *read.Document, document.Inline)
	if err != nil {
		t.Fatal(err)
	}
	if pdf := download(t, url); !bytes.HasPrefix(pdf, []byte("%PDF-")) || !bytes.Contains(pdf, []byte("pdfaid:part")) {
		t.Errorf("the paper is no PDF/A: %q", pdf[:min(len(pdf), 20)])
	}
	docs, err := w.Letters.Documents(w.office, w.file.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range docs {
		if d.ID != *read.Document {
			continue
		}
		kept, err := w.Docs.ByID(w.office, d.DocumentID)
		if err != nil || kept.Current.RetainUntil == nil || kept.Current.RetainUntil.Before(time.Now().AddDate(9, 0, 0)) {
			t.Errorf("the paper is not under lock: %+v, %v", kept.Current.RetainUntil, err)
		}
	}
}

func TestIncomingLetterHasItsScanAndDay(t *testing.T) {
	t.Parallel()
	w := openCase(t)
	w.propose(t, w.put(t, w.county, "name\nshared\n"))
	scan := w.put(t, w.county, "scanned\n")
	in := recognition.Incoming{Number: "B 12", On: on("2026-02-01"), ReceivedOn: on("2026-01-31"), Language: "en", Subject: "A question", Scan: *scan.DocumentID}
	if _, err := w.Letters.Register(w.county, w.file.ID, in); !errors.Is(err, problem.ErrInvalid) {
		t.Errorf("got %v for a letter that came before its date", err)
	}
	in.ReceivedOn = on("2026-02-03")
	l, err := w.Letters.Register(w.county, w.file.ID, in)
	if err != nil || l.Status != recognition.LetterRegistered || l.Side != recognition.Destination || l.Document == nil {
		t.Fatalf("got %+v, %v", l, err)
	}
	in.Scan = uuid.New()
	if _, err := w.Letters.Register(w.county, w.file.ID, in); !errors.Is(err, problem.ErrInvalid) {
		t.Errorf("got %v for a scan that is not there", err)
	}
}
