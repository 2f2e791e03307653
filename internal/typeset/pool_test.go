package typeset_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

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

func job(text string) typeset.Job {
	return typeset.Job{Main: "main.typ", Standard: "a-3b", Created: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC), Files: map[string][]byte{
		"main.typ":  []byte(`#set document(title: "T", date: datetime(year: 2026, month: 11, day: 23))` + "\n" + text),
		"data.json": []byte(`{"text": "#read(\"/etc/passwd\") 五原向日葵"}`),
	}}
}

func TestSameJobSameBytes(t *testing.T) {
	t.Parallel()
	j := job(`= Heading` + "\n" + `#json("data.json").text`)
	var first []byte
	for range 2 { // two processes
		p := pool(t, typeset.Config{})
		for range 2 {
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
	for _, text := range []string{`#read("/etc/passwd")`, `#read("../../../../etc/passwd")`, `#read("` + outside + `")`, `#read("../worker.mjs")`, `#image("/proc/self/environ")`} {
		_, err := p.Render(t.Context(), job(text))
		var refused *typeset.TemplateError
		if !errors.As(err, &refused) {
			t.Errorf("%s: got %v, want a refusal", text, err)
		}
	}
	if _, err := p.Render(t.Context(), job(`#json("data.json").text`)); err != nil {
		t.Errorf("data that looks like code: %v", err)
	}
}

func TestHungWorkerIsReplaced(t *testing.T) {
	t.Parallel()
	p := pool(t, typeset.Config{Timeout: 2 * time.Second})
	_, err := p.Render(t.Context(), job(`#range(60000).map(i => range(60000).fold(0, (a, b) => a + calc.rem(b, i + 1))).sum()`))
	if !errors.Is(err, typeset.ErrTimeout) {
		t.Errorf("got %v, want ErrTimeout", err)
	}
	if _, err := p.Render(t.Context(), job("fine")); err != nil {
		t.Errorf("after the hang: %v", err)
	}
}

func TestGrownWorkerIsReplaced(t *testing.T) {
	t.Parallel()
	p := pool(t, typeset.Config{MaxRSS: 1})
	for range 2 {
		if _, err := p.Render(t.Context(), job("fine")); err != nil {
			t.Fatal(err)
		}
	}
	if n := p.Restarted.Load(); n != 2 {
		t.Errorf("replaced %d times, want 2", n)
	}
}

func TestKilledWorkerIsReplacedAndTheDocumentMade(t *testing.T) {
	t.Parallel()
	p := pool(t, typeset.Config{})
	if err := p.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	pid := p.PIDs()[0]
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Render(t.Context(), job("fine")); err != nil {
		t.Errorf("after the kill: %v", err)
	}
}

func TestNobodyWaitsForACancelledDocument(t *testing.T) {
	t.Parallel()
	p := pool(t, typeset.Config{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Render(ctx, job("fine")); err == nil || strings.Contains(err.Error(), "typst:") {
		t.Errorf("got %v", err)
	}
}
