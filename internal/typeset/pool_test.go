package typeset_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/helianthus-gi/helianthus/internal/typeset"
)

func pool(t *testing.T, c typeset.Config) *typeset.Pool {
	t.Helper()
	p, err := typeset.New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

const head = `#set document(title: "T", date: datetime(year: 2026, month: 11, day: 23, hour: 8, minute: 0, second: 0))
#set text(font: ("Noto Serif", "Noto Serif SC"), fallback: false)
`

func job(text string) typeset.Job {
	return typeset.Job{
		Template: fstest.MapFS{"main.typ": {Data: []byte(head + text)}}, Main: "main.typ", Standard: "a-3a",
		Created: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC),
		Files:   map[string][]byte{"data.json": []byte(`{"text": "#read(\"/etc/passwd\") 五原向日葵"}`)},
	}
}

// loops turns n × 9,000 times; Typst refuses a loop of more than 10,000 turns.
func loops(n string) string {
	return "#let (i, j) = (0, 0)\n#while i < " + n + " { j = 0; while j < 9000 { j += 1 }; i += 1 }\ndone"
}

// slow is work of a second or so, endless of many minutes.
var slow, endless = loops("600"), strings.Repeat(loops("9000")+"\n", 100)

func refused(t *testing.T, err error, words string) {
	t.Helper()
	var e *typeset.TemplateError
	if !errors.As(err, &e) || !strings.Contains(e.Diagnostics, words) {
		t.Errorf("got %v, want a refusal that says %q", err, words)
	}
	if errors.Is(err, typeset.ErrFailed) {
		t.Error("a refusal is not a failure that passes")
	}
}

func TestSameJobSameBytes(t *testing.T) {
	t.Parallel()
	j := job(`= Heading` + "\n" + `#json("/data.json").text #table(columns: 2)[a][b] #pdf.attach("/data.json", relationship: "source", mime-type: "application/json", description: "d")`)
	var first []byte
	for range 2 { // two processes
		p := pool(t, typeset.Config{})
		for range 5 { // fresh, remembered, and after others
			r, err := p.Render(t.Context(), j)
			if err != nil {
				t.Fatal(err)
			}
			if first == nil {
				first = r.PDF
			}
			if !bytes.Equal(first, r.PDF) {
				t.Error("the same job gave other bytes")
			}
			if _, err := p.Render(t.Context(), job("another")); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestTemplatesReadNothingOutside(t *testing.T) {
	t.Parallel()
	p := pool(t, typeset.Config{})
	outside := filepath.Join(t.TempDir(), "secret.txt")
	if err := os.WriteFile(outside, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/etc/passwd", "../../../../etc/passwd", "/../../../../../../etc/passwd", outside, "../" + outside, "../../worker.mjs", "../worker.mjs", "/proc/self/environ", `C:\\windows\\win.ini`} {
		for _, text := range []string{`#read("` + path + `")`, `#image("` + path + `")`, `#include "` + path + `"`, `#pdf.attach("` + path + `")`} {
			_, err := p.Render(t.Context(), job(text))
			refused(t, err, "")
		}
	}
}

func TestTemplatesFetchNoPackages(t *testing.T) {
	t.Parallel()
	_, err := pool(t, typeset.Config{}).Render(t.Context(), job(`#import "@preview/cetz:0.3.0": *`))
	refused(t, err, "package")
}

func TestDataStayText(t *testing.T) {
	t.Parallel()
	p := pool(t, typeset.Config{})
	// Were it read as code, it would be refused.
	if _, err := p.Render(t.Context(), job(`#json("/data.json").text`)); err != nil {
		t.Error(err)
	}
	j := job(`#let d = json("/data.json")` + "\n" + `#pdf.attach(d.path, bytes("x"), relationship: "supplement")`)
	j.Files["data.json"] = []byte(`{"path": "../../../../etc/passwd"}`)
	if r, err := p.Render(t.Context(), j); err == nil && bytes.Contains(r.PDF, []byte("root:")) {
		t.Error("a path in the data was read")
	}
}

func TestNothingStaysFromTheDocumentBefore(t *testing.T) {
	t.Parallel()
	p := pool(t, typeset.Config{})
	j := job(`#read("/other.txt")`)
	j.Files["other.txt"] = []byte("of one tenant")
	if _, err := p.Render(t.Context(), j); err != nil {
		t.Fatal(err)
	}
	_, err := p.Render(t.Context(), job(`#read("/other.txt")`))
	refused(t, err, "not found")

	// The last characters have their last byte in common, at which Typst would stop looking for the difference.
	want, err := pool(t, typeset.Config{}).Render(t.Context(), job(`#text(font: "NanumMyeongjo")[씨]`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Render(t.Context(), job(`#text(font: "Noto Sans Mongolian")[ᠨ]`)); err != nil {
		t.Fatal(err)
	}
	got, err := p.Render(t.Context(), job(`#text(font: "NanumMyeongjo")[씨]`))
	if err != nil || !bytes.Equal(got.PDF, want.PDF) {
		t.Errorf("the text of another template stands in the document (%v)", err)
	}
}

func TestFontsAreOursAndMissingGlyphsAreRefused(t *testing.T) {
	t.Parallel()
	p := pool(t, typeset.Config{})
	for _, family := range []string{"DejaVu Sans", "Liberation Serif", "Arial", "No Such Font"} {
		_, err := p.Render(t.Context(), job(`#text(font: "`+family+`", fallback: false)[Hello]`))
		refused(t, err, "unknown font")
	}
	_, err := p.Render(t.Context(), job("𠮷野家"))
	refused(t, err, "𠮷")
	got, err := p.Missing("五原向日葵 Bāyànnào'ěr الشَّمس เมล็ด 해바라기 ひまわり ᠮᠣᠩᠭᠣᠯ Подсолнечник 𠮷 a\u0001\ue000\ufeff\u200d\n")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]rune{0x1, 0xe000, 0xfeff, '𠮷'}, got); d != "" {
		t.Error(d)
	}
}

func TestHungWorkerIsReplaced(t *testing.T) {
	t.Parallel()
	p := pool(t, typeset.Config{Timeout: 2 * time.Second})
	var wait sync.WaitGroup
	wait.Go(func() {
		if _, err := p.Render(t.Context(), job(endless)); !errors.Is(err, typeset.ErrFailed) {
			t.Errorf("got %v, want ErrFailed", err)
		}
	})
	// Whoever waits behind it has the whole time for himself.
	if _, err := p.Render(t.Context(), job("fine")); err != nil {
		t.Errorf("beside the hang: %v", err)
	}
	wait.Wait()
	if _, err := p.Render(t.Context(), job("fine")); err != nil {
		t.Errorf("after the hang: %v", err)
	}
	if n := p.Restarted.Load(); n != 1 {
		t.Errorf("replaced %d times, want 1", n)
	}
}

func TestGrownWorkerIsReplaced(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]typeset.Config{"memory": {MaxRSS: 1}, "documents": {MaxJobs: 1}} {
		p := pool(t, c)
		for range 2 {
			if _, err := p.Render(t.Context(), job("fine")); err != nil {
				t.Fatal(err)
			}
		}
		if n := p.Restarted.Load(); n != 2 {
			t.Errorf("%s: replaced %d times, want 2", name, n)
		}
	}
}

func TestCancelledDocumentEndsAtOnce(t *testing.T) {
	t.Parallel()
	p := pool(t, typeset.Config{})
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if _, err := p.Render(ctx, job(endless)); !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, typeset.ErrFailed) {
		t.Errorf("got %v, want the end of the context", err)
	}
	if _, err := p.Render(ctx, job("fine")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the end of the context", err)
	}
	if _, err := p.Render(t.Context(), job("fine")); err != nil {
		t.Error(err)
	}
}

func TestCloseEndsWhatRuns(t *testing.T) {
	t.Parallel()
	p := pool(t, typeset.Config{Size: 2})
	var wait sync.WaitGroup
	for range 3 { // two at it, one waiting
		wait.Go(func() {
			if _, err := p.Render(t.Context(), job(endless)); !errors.Is(err, typeset.ErrFailed) {
				t.Errorf("got %v, want ErrFailed", err)
			}
		})
	}
	for len(p.PIDs()) < 2 {
		<-time.After(time.Millisecond)
	}
	p.Close()
	p.Close()
	wait.Wait()
	if _, err := p.Render(t.Context(), job("fine")); !errors.Is(err, typeset.ErrFailed) {
		t.Errorf("after Close: got %v, want ErrFailed", err)
	}
	if n := len(p.PIDs()); n != 0 {
		t.Errorf("%d workers are left", n)
	}
}

func TestFilesStayInTheirPlace(t *testing.T) {
	t.Parallel()
	p := pool(t, typeset.Config{})
	for _, path := range []string{"../x", "/x", "a/../../x", "", ".", "a//b"} {
		j := job("fine")
		j.Files = map[string][]byte{path: []byte("x")}
		if _, err := p.Render(t.Context(), j); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("%q: got %v", path, err)
		}
	}
	j := job("fine")
	j.Main = "missing.typ"
	if _, err := p.Render(t.Context(), j); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no main file: got %v", err)
	}
}

func TestLargeFilesArrive(t *testing.T) {
	t.Parallel()
	p := pool(t, typeset.Config{})
	large := make([]byte, 20<<20)
	_, _ = rand.NewChaCha8([32]byte{}).Read(large) // of the kind that does not get smaller
	large[20000001] = 89
	j := job(`#let b = read("/large.bin", encoding: none)` + "\n" + `#assert(b.len() == 20971520 and b.at(20000001) == 89) #pdf.attach("/large.bin", b, relationship: "supplement", mime-type: "application/octet-stream", description: "d")`)
	j.Files["large.bin"] = large
	r, err := p.Render(t.Context(), j)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.PDF) < len(large) {
		t.Errorf("a PDF of %d bytes has no room for the attachment", len(r.PDF))
	}
	j.Files["large.bin"] = make([]byte, typeset.MaxInput+1)
	if _, err := p.Render(t.Context(), j); err == nil {
		t.Error("files above the limit were taken")
	}
}
