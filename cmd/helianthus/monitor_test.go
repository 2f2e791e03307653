package main

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/helianthus-gi/helianthus/internal/translog"
)

// keeper keeps a log with a key of its own, truly or not: it serves what the test says.
type keeper struct {
	entries []string // that it has signed
	shown   []string // that it serves
	signer  note.Signer
	key     string
	url     string
}

func newKeeper(t *testing.T) *keeper {
	t.Helper()
	secret, key, err := note.GenerateKey(rand.Reader, "log.example")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	k := &keeper{signer: signer, key: key}
	s := httptest.NewServer(http.HandlerFunc(k.serve))
	t.Cleanup(s.Close)
	k.url = s.URL
	return k
}

func (k *keeper) serve(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/api/v1/log/checkpoint":
		_, _ = w.Write(k.checkpoint())
	case "/api/v1/log/tile/" + translog.TilePath(-1, 0, len(k.entries)):
		for _, e := range k.shown {
			_, _ = w.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(e))), e...)) //nolint:gosec // short texts
		}
	default:
		http.NotFound(w, r)
	}
}

func (k *keeper) checkpoint() []byte {
	var e translog.Edge
	for _, entry := range k.entries {
		e.Add(tlog.RecordHash([]byte(entry)), func(int, int64, []translog.Hash) {})
	}
	root := e.Root()
	signed, err := note.Sign(&note.Note{Text: fmt.Sprintf("log.example\n%d\n%s\n", len(k.entries), base64.StdEncoding.EncodeToString(root[:]))}, k.signer)
	if err != nil {
		panic(err)
	}
	return signed
}

// is makes the log have these entries, and serve them.
func (k *keeper) is(entries ...string) { k.entries, k.shown = entries, entries }

// monitored runs the command as an operator does, and returns the exit code, the line that it printed and its sentence.
func (k *keeper) monitored(t *testing.T, state string, more ...string) (code int, f finding, sentence string) {
	t.Helper()
	var out, errs strings.Builder
	code = run(t.Context(), append([]string{"monitor", "--url", k.url, "--key", k.key, "--state", state}, more...), &out, &errs)
	if out.Len() > 0 {
		if err := json.Unmarshal([]byte(out.String()), &f); err != nil {
			t.Fatalf("printed %q: %v", out.String(), err)
		}
	}
	return code, f, errs.String()
}

func TestMonitorKeepsQuietOnAnHonestLog(t *testing.T) {
	t.Parallel()
	k, state := newKeeper(t), filepath.Join(t.TempDir(), "state")
	for _, entries := range [][]string{{"a", "b"}, {"a", "b"}, {"a", "b", "c", "d", "e"}} {
		k.is(entries...)
		code, f, sentence := k.monitored(t, state)
		if code != 0 || sentence != "" || f.Alarm != "" || f.Size != int64(len(entries)) {
			t.Errorf("at %d entries: exit %d, %+v, %q", len(entries), code, f, sentence)
		}
	}
}

func TestMonitorRaisesTheAlarm(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, alarm string
		then        func(*keeper)
	}{
		{"an entry was rewritten and the log signed again, and grew", "rewritten", func(k *keeper) { k.is("a", "another", "c", "d") }},
		{"an entry was rewritten and the log signed again, at the same size", "rewritten", func(k *keeper) { k.is("a", "b", "another") }},
		{"an entry is served that was not signed", "rewritten", func(k *keeper) { k.is("a", "b", "c", "d"); k.shown = []string{"a", "b", "c", "another"} }},
		{"the newest entry is promised and not served", "withheld", func(k *keeper) { k.is("a", "b", "c", "d"); k.shown = k.shown[:3] }},
		{"no entry is served any more", "withheld", func(k *keeper) { k.is("a", "b", "c", "d"); k.shown = nil }},
		{"the log became smaller", "shrunk", func(k *keeper) { k.is("a", "b") }},
		{"somebody else signs", "signature", func(k *keeper) {
			other, _, err := note.GenerateKey(rand.Reader, "log.example")
			if err == nil {
				k.signer, err = note.NewSigner(other)
			}
			if err != nil {
				panic(err)
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			k, state := newKeeper(t), filepath.Join(t.TempDir(), "state")
			k.is("a", "b", "c")
			if code, _, sentence := k.monitored(t, state); code != 0 {
				t.Fatalf("before: exit %d %s", code, sentence)
			}
			before, err := os.ReadFile(state)
			if err != nil {
				t.Fatal(err)
			}
			c.then(k)
			for range 2 { // it is no less an alarm the second time
				code, f, sentence := k.monitored(t, state)
				if code != 1 || f.Alarm != c.alarm || f.Why == "" || !strings.Contains(sentence, say("cli.alarm."+c.alarm, nil)) || !strings.Contains(sentence, "log.example") {
					t.Errorf("exit %d, %+v, %q", code, f, sentence)
				}
			}
			if after, err := os.ReadFile(state); err != nil || string(after) != string(before) {
				t.Errorf("the evidence is changed: %v", err)
			}
		})
	}
}

func TestMonitorMissesWhatDoesNotGrow(t *testing.T) {
	t.Parallel()
	k, state := newKeeper(t), filepath.Join(t.TempDir(), "state")
	k.is("a")
	if code, _, sentence := k.monitored(t, state, "--stale", "1h"); code != 0 {
		t.Fatalf("exit %d %s", code, sentence)
	}
	m, err := readMonitored(state)
	if err != nil {
		t.Fatal(err)
	}
	m.GrewAt = m.GrewAt.Add(-2 * time.Hour)
	if err := writeMonitored(state, m); err != nil {
		t.Fatal(err)
	}
	if code, f, _ := k.monitored(t, state, "--stale", "1h"); code != 1 || f.Alarm != "withheld" {
		t.Errorf("exit %d, %+v", code, f)
	}
	if code, _, sentence := k.monitored(t, state, "--stale", "never"); code != 1 || !strings.Contains(sentence, say("cli.monitor-usage", nil)) {
		t.Errorf("a wrong flag: exit %d, %q", code, sentence)
	}
}

// A log that cannot be reached is a failure, and no accusation.
func TestMonitorThatReachesNobodyAccusesNobody(t *testing.T) {
	t.Parallel()
	k := newKeeper(t)
	k.url = "http://127.0.0.1:1"
	if code, f, sentence := k.monitored(t, filepath.Join(t.TempDir(), "state")); code != 1 || f.Alarm != "" || sentence == "" {
		t.Errorf("exit %d, %+v, %q", code, f, sentence)
	}
}
