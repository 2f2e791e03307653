package translog_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/note"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/translog"
)

// bare seals nothing: what is sealed is tested where keys are.
type bare struct{}

func (bare) Seal(secret, _ []byte) []byte                 { return secret }
func (bare) Open(sealed, _ []byte) ([]byte, error)        { return sealed, nil }
func (bare) Renew(sealed, _ []byte) ([]byte, bool, error) { return sealed, false, nil }

// open is a log in a database of its own, since a log is one for a database.
func open(t *testing.T, c translog.Config) (*translog.Log, dbtest.House) {
	t.Helper()
	h := dbtest.OwnHouse(t)
	return with(h, c), h
}

// with is the log of a house, with other settings.
func with(h dbtest.House, c translog.Config) *translog.Log {
	c.Log, c.Now = slog.New(slog.DiscardHandler), time.Now
	if c.Vault == nil {
		c.Vault = bare{}
	}
	return translog.New(h.DB, c)
}

// served is the log over HTTP, as httpd serves it.
func served(t *testing.T, l *translog.Log) *httptest.Server {
	t.Helper()
	everybody := tenancy.In(t.Context(), tenancy.Public)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /log/checkpoint", func(w http.ResponseWriter, _ *http.Request) {
		signed, err := l.Checkpoint(everybody)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		_, _ = w.Write([]byte(signed))
	})
	mux.HandleFunc("GET /log/tile/", func(w http.ResponseWriter, r *http.Request) {
		data, err := l.Tile(everybody, strings.TrimPrefix(r.URL.Path, "/log/tile/"))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(data)
	})
	mux.HandleFunc("POST /witness/add-checkpoint", func(w http.ResponseWriter, r *http.Request) {
		a, err := l.Cosign(r.Context(), r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", a.Type)
		w.WriteHeader(a.Status)
		_, _ = w.Write([]byte(a.Body))
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func entry(id uuid.UUID, public bool) translog.Entry {
	return translog.Entry{Event: "publish", Kind: "registration", Publication: id, Publisher: "wuyuan", Version: 1, SHA256: sha256.Sum256(id[:]), At: time.Now(), Public: public}
}

// publication is a row of the tenant that an entry can be of.
func publication(t testing.TB, ctx context.Context, db dbtest.House, audience string, reader *uuid.UUID) (id uuid.UUID) {
	t.Helper()
	err := db.Tx(ctx, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `insert into app.publications (kind, record_id, version, audience, reader, content, sha256, root)
			values ('registration', $1, 1, $2, $3, '{}', $4, uuidv7()) returning id`, uuid.New(), audience, reader, make([]byte, 32)).Scan(&id)
		if err != nil {
			return err
		}
		return translog.Append(ctx, tx, entry(id, audience == "public"))
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func sequence(t testing.TB, l *translog.Log) (n int) {
	t.Helper()
	for {
		m, err := l.Sequence(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if n += m; m == 0 {
			return n
		}
	}
}

func verifierOf(t testing.TB, l *translog.Log) note.Verifier {
	t.Helper()
	i, err := l.Info(tenancy.In(t.Context(), tenancy.Public))
	if err != nil {
		t.Fatal(err)
	}
	v, err := note.NewVerifier(i.Keys[0])
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// Eight writers at once, some of which take back what they did, and two sequencers: every committed entry is in the log
// once, nothing else is, and a monitor finds one history at every checkpoint.
func TestOneHistory(t *testing.T) {
	t.Parallel()
	l, db := open(t, translog.Config{BaseURL: "https://gi.example"})
	sequence(t, l)
	s, v := served(t, l), verifierOf(t, l)
	ctx := db.Tenant(t, tenancy.County)
	var mu sync.Mutex
	committed := map[uuid.UUID]bool{}
	var writers, others sync.WaitGroup
	done := make(chan struct{})
	errTaken := errors.New("taken back")
	for w := range 8 {
		writers.Go(func() {
			dice := rand.New(rand.NewPCG(uint64(w), 7)) //nolint:gosec // the same dice in each run
			for range 100 {
				id, takes := uuid.New(), dice.IntN(4) == 0
				err := db.Tx(ctx, func(tx pgx.Tx) error {
					if err := translog.Append(ctx, tx, entry(id, true)); err != nil {
						return err
					}
					if takes {
						return errTaken
					}
					return nil
				})
				if err != nil && !errors.Is(err, errTaken) {
					t.Error(err)
				}
				if err == nil {
					mu.Lock()
					committed[id] = true
					mu.Unlock()
				}
			}
		})
	}
	seen := map[string]int{}
	var edge translog.Edge
	follow := func() {
		var err error
		edge, err = translog.Monitor{URL: s.URL + "/log", Verifier: v, Client: s.Client()}.Follow(t.Context(), edge, func(_ int64, e []byte) error {
			var line struct{ Publication string }
			if err := json.Unmarshal(e, &line); err != nil {
				return err
			}
			seen[line.Publication]++
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
	for range 2 {
		others.Go(func() {
			for {
				if _, err := l.Sequence(t.Context()); err != nil {
					t.Error(err)
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	others.Go(func() {
		for {
			follow()
			select {
			case <-done:
				return
			default:
			}
		}
	})
	writers.Wait()
	close(done)
	others.Wait()
	sequence(t, l)
	follow()
	if len(seen) != len(committed) {
		t.Errorf("%d entries in the log, %d committed", len(seen), len(committed))
	}
	for id, n := range seen {
		if n != 1 || !committed[uuid.MustParse(id)] {
			t.Errorf("%s is in the log %d times, committed: %v", id, n, committed[uuid.MustParse(id)])
		}
	}
}

func TestProofs(t *testing.T) {
	t.Parallel()
	l, db := open(t, translog.Config{BaseURL: "https://gi.example"})
	ctx, reader, stranger := db.Tenant(t, tenancy.County), db.Tenant(t, tenancy.Jurisdiction), db.Tenant(t, tenancy.Trader)
	who, err := tenancy.From(reader)
	if err != nil {
		t.Fatal(err)
	}
	public, sealed := publication(t, ctx, db, "public", nil), publication(t, ctx, db, "tenant", &who.Tenant)
	if _, err := l.Prove(ctx, public); !errors.Is(err, translog.ErrNotYet) {
		t.Errorf("before it has a place: %v", err)
	}
	for range 300 {
		publication(t, ctx, db, "public", nil)
	}
	sequence(t, l)
	v := verifierOf(t, l)
	for name, c := range map[string]struct {
		ctx context.Context
		id  uuid.UUID
	}{"a public one, to nobody in particular": {tenancy.In(t.Context(), tenancy.Public), public}, "a sealed one, to its reader": {reader, sealed}, "a sealed one, to its publisher": {ctx, sealed}} {
		p, err := l.Prove(c.ctx, c.id)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		check(t, name, p, v, c.id)
	}
	for name, who := range map[string]context.Context{"a stranger": stranger, "nobody": tenancy.In(t.Context(), tenancy.Public)} {
		if _, err := l.Prove(who, sealed); !errors.Is(err, translog.ErrNotLogged) {
			t.Errorf("%s gets the proof of what is sealed: %v", name, err)
		}
	}
}

// check verifies a proof as somebody does who has the log's key and nothing else, and that it holds of nothing else.
func check(t *testing.T, name string, p translog.Proof, v note.Verifier, id uuid.UUID) {
	t.Helper()
	says, index, err := p.Check(v)
	if err != nil || index != p.Index {
		t.Fatalf("%s: place %d, %v; want %d", name, index, err, p.Index)
	}
	if !strings.Contains(string(says), id.String()) || !strings.Contains(string(says), `"publisher":"wuyuan"`) {
		t.Errorf("%s: it proves %s", name, says)
	}
	if p.Salt != nil && (strings.Contains(string(p.Entry), id.String()) || strings.Contains(string(p.Entry), "wuyuan")) {
		t.Errorf("%s: the log shows %s", name, p.Entry)
	}
	for what, forge := range map[string]func(*translog.Proof){
		"another place": func(p *translog.Proof) { p.TLog = strings.Replace(p.TLog, "index ", "index 1", 1) },
		"another entry": func(p *translog.Proof) { p.TLog = strings.Replace(p.TLog, "extra ", "extra AAAA", 1) },
		"a hash less": func(p *translog.Proof) {
			lines := strings.SplitAfter(p.TLog, "\n")
			p.TLog = strings.Join(append(lines[:3:3], lines[4:]...), "")
		},
		"another checkpoint": func(p *translog.Proof) { p.TLog = strings.Replace(p.TLog, "gi.example", "gj.example", 1) },
		"another opening":    func(p *translog.Proof) { p.Salt, p.Opened = make([]byte, 32), []byte(`{}`) },
		"nothing":            func(p *translog.Proof) { p.TLog = "" },
	} {
		forged := p
		forge(&forged)
		if says, _, err := forged.Check(v); err == nil {
			t.Errorf("%s, %s: it proves %s", name, what, says)
		}
	}
}

// The tables refuse to rewrite what is in the log, whoever asks.
func TestTablesKeepTheHistory(t *testing.T) {
	t.Parallel()
	l, db := open(t, translog.Config{})
	ctx := db.Tenant(t, tenancy.County)
	publication(t, ctx, db, "public", nil)
	sequence(t, l)
	for name, sql := range map[string]string{
		"a leaf is changed":     `update app.log_leaves set entry = 'other'`,
		"a leaf is removed":     `delete from app.log_leaves`,
		"a hash is changed":     `update app.log_tiles set data = sha256('other')`,
		"a tile is removed":     `delete from app.log_tiles`,
		"a key is changed":      `update app.log_keys set verifier = 'other'`,
		"another's entry":       `insert into app.log_queue (tenant_id, publication_id, event, entry) values (uuidv7(), uuidv7(), 'publish', 'x')`,
		"a checkpoint is moved": `update app.log_checkpoints set size = 7`,
	} {
		err := db.Tx(ctx, func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, sql)
			return err
		})
		if err == nil {
			t.Errorf("%s, and nobody minds", name)
		}
	}
}

// Two houses cosign each other's checkpoints; a history that was rewritten is not cosigned.
func TestWitnesses(t *testing.T) {
	t.Parallel()
	watching := map[string]note.Verifier{}
	witness, _ := open(t, translog.Config{BaseURL: "https://partner.example", Watched: watching})
	first, firstDB := open(t, translog.Config{BaseURL: "https://gi.example"})
	v := verifierOf(t, first)
	watching[v.Name()] = v
	at := served(t, witness)
	info, err := witness.Info(tenancy.In(t.Context(), tenancy.Public))
	if err != nil || info.Witness == "" {
		t.Fatalf("the witness has no key: %v", err)
	}
	file := filepath.Join(t.TempDir(), "witnesses")
	if err := os.WriteFile(file, []byte("# who looks at us\nwitness "+info.Witness+" "+at.URL+"/witness\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	others, err := translog.ReadOthers(file)
	if err != nil {
		t.Fatal(err)
	}
	house := with(firstDB, translog.Config{BaseURL: "https://gi.example", Witnesses: others.Witnesses})
	ctx := firstDB.Tenant(t, tenancy.County)
	for range 3 {
		for range 5 {
			publication(t, ctx, firstDB, "public", nil)
		}
		sequence(t, house)
		house.Ask(t.Context())
		signed, err := house.Checkpoint(tenancy.In(t.Context(), tenancy.Public))
		if err != nil {
			t.Fatal(err)
		}
		n, err := note.Open([]byte(signed), note.VerifierList(v, others.Witnesses[0].Verifier))
		if err != nil || len(n.Sigs) != 2 {
			t.Fatalf("%d signatures, %v, in\n%s", len(n.Sigs), err, signed)
		}
	}
	// A fork: the same key, the same size, other entries.
	fork, forkDB := open(t, translog.Config{BaseURL: "https://gi.example", Witnesses: others.Witnesses})
	copyKeys(t, firstDB, forkDB)
	other := forkDB.Tenant(t, tenancy.County)
	for range 20 {
		publication(t, other, forkDB, "public", nil)
	}
	sequence(t, fork)
	fork.Ask(t.Context())
	signed, err := fork.Checkpoint(tenancy.In(t.Context(), tenancy.Public))
	if err != nil {
		t.Fatal(err)
	}
	if n, err := note.Open([]byte(signed), note.VerifierList(v, others.Witnesses[0].Verifier)); err != nil || len(n.Sigs) != 1 {
		t.Errorf("the fork has %d signatures (%v), want the log's own alone", len(n.Sigs), err)
	}
	i, err := fork.Info(tenancy.In(t.Context(), tenancy.Public))
	if err != nil || len(i.Witnesses) != 1 || i.Witnesses[0].Error == "" {
		t.Errorf("the witness of the fork: %+v, %v", i.Witnesses, err)
	}
	// And a monitor that saw the first history finds out.
	s := served(t, house)
	edge, err := translog.Monitor{URL: s.URL + "/log", Verifier: v, Client: s.Client()}.Follow(t.Context(), translog.Edge{}, func(int64, []byte) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	f := served(t, fork)
	if _, err := (translog.Monitor{URL: f.URL + "/log", Verifier: v, Client: f.Client()}).Follow(t.Context(), edge, func(int64, []byte) error { return nil }); !errors.Is(err, translog.ErrRewritten) {
		t.Errorf("the monitor at the fork: %v", err)
	}
}

func copyKeys(t *testing.T, from, to dbtest.House) {
	t.Helper()
	ctx := tenancy.In(t.Context(), tenancy.Public)
	var name, verifier string
	var sealed []byte
	err := from.Read(ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `select name, verifier, sealed from app.log_keys where kind = 'log'`).Scan(&name, &verifier, &sealed)
	})
	if err == nil {
		err = to.Tx(ctx, func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, `insert into app.log_keys (kind, name, verifier, sealed) values ('log', $1, $2, $3)`, name, verifier, sealed)
			return err
		})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// The witness answers as tlog-witness says.
func TestWitnessAnswers(t *testing.T) {
	t.Parallel()
	l, db := open(t, translog.Config{BaseURL: "https://gi.example"})
	ctx := db.Tenant(t, tenancy.County)
	publication(t, ctx, db, "public", nil)
	sequence(t, l)
	v := verifierOf(t, l)
	w, _ := open(t, translog.Config{BaseURL: "https://partner.example", Watched: map[string]note.Verifier{v.Name(): v}})
	signed, err := l.Checkpoint(tenancy.In(t.Context(), tenancy.Public))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, body string
		want       int
	}{
		{"nonsense", "nonsense", 400},
		{"no old size", "old x\n\n" + signed, 400},
		{"a leading zero", "old 01\n\n" + signed, 400},
		{"a proof that is none", "old 0\nAAAA\n\n" + signed, 400},
		{"an old size past the checkpoint", "old 9\n\n" + signed, 400},
		{"a log that nobody knows", "old 0\n\n" + strings.Replace(signed, "gi.example", "other.example", 1), 404},
		{"a signature of nobody", "old 0\n\n" + strings.Replace(signed, "\n1\n", "\n2\n", 1), 403},
		{"another old size", "old 1\n\n" + signed, 409},
		{"a proof from nothing", "old 0\n" + base64.StdEncoding.EncodeToString(make([]byte, 32)) + "\n\n" + signed, 422},
		{"the first checkpoint", "old 0\n\n" + signed, 200},
		{"the same again", "old 1\n\n" + signed, 200},
		{"the old size of before", "old 0\n\n" + signed, 409},
		{"too long", "old 0\n\n" + strings.Repeat(signed, 1000), 400},
	} {
		a, err := w.Cosign(t.Context(), strings.NewReader(c.body))
		if err != nil || a.Status != c.want {
			t.Errorf("%s: got %d %q, %v, want %d", c.name, a.Status, a.Body, err, c.want)
		}
		if a.Status == 409 && (a.Type != "text/x.tlog.size" || strings.TrimSpace(a.Body) == "") {
			t.Errorf("%s: got %s %q", c.name, a.Type, a.Body)
		}
	}
}

func TestKeysOverlap(t *testing.T) {
	t.Parallel()
	l, db := open(t, translog.Config{BaseURL: "https://gi.example"})
	ctx := db.Tenant(t, tenancy.County)
	publication(t, ctx, db, "public", nil)
	sequence(t, l)
	old := verifierOf(t, l)
	fresh, err := l.Rotate(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	publication(t, ctx, db, "public", nil)
	sequence(t, l)
	signed, err := l.Checkpoint(tenancy.In(t.Context(), tenancy.Public))
	if err != nil {
		t.Fatal(err)
	}
	now, err := note.NewVerifier(fresh)
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]note.Verifier{"the new key": now, "the one before": old} {
		if _, err := note.Open([]byte(signed), note.VerifierList(v)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
