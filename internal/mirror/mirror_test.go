package mirror_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/apitest"
	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/identity"
	"github.com/helianthus-gi/helianthus/internal/mirror"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/translog"
)

// world is a house that is served, with an operator who placed the canary, and a sequencer.
type world struct {
	*apitest.House
	url string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	h, url := apitest.OpenServed(t)
	return &world{h, url}
}

func (w *world) publish(t *testing.T, ctx context.Context, record uuid.UUID, name string, to exchange.Audience, reader tenancy.ID) (id exchange.ID) {
	t.Helper()
	err := w.DB.Tx(ctx, func(tx pgx.Tx) (err error) {
		id, err = exchange.Publish(ctx, tx, exchange.Publication{Kind: "registration", RecordID: record, Content: map[string]any{"name": name, "五原": 1.5}, Audience: to, Reader: reader})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// held is what a reader may read now, out of the database: version by record.
func (w *world) held(t *testing.T, ctx context.Context) map[string]int {
	t.Helper()
	all := map[string]int{}
	for cursor := ""; ; {
		found, next, err := w.Exchange.List(ctx, exchange.Filter{}, 200, cursor)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range found {
			all[p.Publisher.Slug+"/"+p.Kind+"/"+p.RecordID.String()] = p.Version
		}
		if next == "" {
			return all
		}
		cursor = next
	}
}

// copied is what a copy of files holds.
func copied(t *testing.T, dir string) map[string]int {
	t.Helper()
	all := map[string]int{}
	files, err := filepath.Glob(filepath.Join(dir, "records", "*", "*", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var p struct{ Version int }
		if err := json.Unmarshal(b, &p); err != nil {
			t.Fatal(err)
		}
		rel, _ := filepath.Rel(filepath.Join(dir, "records"), f)
		all[strings.TrimSuffix(filepath.ToSlash(rel), ".json")] = p.Version
	}
	return all
}

// weather is a network in bad weather: requests get lost, answers break off, houses are busy, a connection is cut while
// something is done.
type weather struct{ dice *rand.Rand }

func (w weather) RoundTrip(r *http.Request) (*http.Response, error) {
	n := w.dice.IntN(10)
	if n == 0 {
		return nil, errors.New("the request was lost")
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	switch n {
	case 1:
		_ = res.Body.Close()
		return nil, errors.New("the answer was lost")
	case 2:
		b, _ := io.ReadAll(res.Body)
		res.Body = io.NopCloser(io.MultiReader(bytes.NewReader(b[:w.dice.IntN(len(b)+1)]), broken{}))
	case 3:
		_ = res.Body.Close()
		res.StatusCode, res.Body = http.StatusServiceUnavailable, io.NopCloser(strings.NewReader("busy"))
	}
	return res, nil
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("the connection broke off") }

// A partner with its own machine follows, in bad weather and killed now and then, while others publish, withdraw, share and
// grant; in the end it has what it may read, and each content was verified.
func TestMirrorInBadWeather(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, reader := w.Tenant(t, tenancy.County), w.Tenant(t, tenancy.Jurisdiction)
	who, err := tenancy.From(reader)
	if err != nil {
		t.Fatal(err)
	}
	client, secret, err := w.Identity.CreateClient(reader, identity.Client{Name: "mirror", Scopes: w.Access.MachineCeiling(tenancy.Jurisdiction)[:1], ExpiresAt: time.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	dice := rand.New(rand.NewPCG(3, 11)) //nolint:gosec // the same dice in each run
	m := &mirror.Mirror{Copy: mirror.Files{Dir: dir}, House: &mirror.House{
		URL: w.url, ClientID: client.ID, Secret: secret, Client: &http.Client{Transport: weather{dice}, Timeout: 20 * time.Second},
	}}
	var records []uuid.UUID
	ids := map[uuid.UUID]exchange.ID{}
	round := func() error {
		ctx, stop := context.WithTimeout(t.Context(), time.Duration(20+dice.IntN(400))*time.Millisecond)
		defer stop()
		_, err := m.Round(ctx, "", 0)
		if errors.Is(err, mirror.ErrAltered) || errors.Is(err, mirror.ErrUnlogged) || errors.Is(err, translog.ErrRewritten) || errors.Is(err, translog.ErrWithheld) {
			t.Errorf("a false alarm: %v", err)
		}
		return err
	}
	for n := range 60 {
		switch k := dice.IntN(6); {
		case k < 3 || len(records) == 0:
			record, audience, to := uuid.New(), exchange.Public, uuid.Nil
			if dice.IntN(2) == 0 {
				audience, to = exchange.OneReader, who.Tenant
			}
			ids[record] = w.publish(t, owner, record, fmt.Sprint("name ", n), audience, to)
			records = append(records, record)
		case k == 3:
			record := records[dice.IntN(len(records))]
			ids[record] = w.publish(t, owner, record, fmt.Sprint("name ", n), "", uuid.Nil)
		case k == 4:
			record := records[dice.IntN(len(records))]
			if _, err := w.Exchange.Withdraw(owner, ids[record], "test"); err != nil && !errors.Is(err, exchange.ErrNotFound) {
				t.Fatal(err)
			}
		default:
			record := records[dice.IntN(len(records))]
			choice := exchange.Choice{Audience: exchange.Public}
			if dice.IntN(2) == 0 {
				choice = exchange.Choice{Audience: exchange.OneReader, Tenant: who.Slug}
			}
			if _, err := w.Exchange.Share(owner, ids[record], choice); err != nil && !errors.Is(err, exchange.ErrNotFound) {
				t.Fatal(err)
			}
		}
		if n%5 == 0 {
			_ = round() // as far as it comes
		}
	}
	m.House.Client = mirror.NewClient() // the weather clears
	s, err := m.Round(t.Context(), "", 0)
	if err != nil {
		t.Fatal(err)
	}
	mine, err := tenancy.From(owner)
	if err != nil {
		t.Fatal(err)
	}
	others := func(record string, _ int) bool { return !strings.HasPrefix(record, mine.Slug+"/") } // who publish beside this test
	may, have := w.held(t, reader), copied(t, dir)
	maps.DeleteFunc(may, others)
	maps.DeleteFunc(have, others)
	if diff := cmp.Diff(may, have); diff != "" || len(have) == 0 {
		t.Errorf("the copy is not what may be read (-may +copy):\n%s", diff)
	}
	if len(s.Awaited) != 0 || s.Log.Size == 0 {
		t.Errorf("%d are not in the log of %d entries", len(s.Awaited), s.Log.Size)
	}
}

func TestMirrorIntoADatabase(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.Tenant(t, tenancy.County)
	w.publish(t, owner, uuid.New(), "one", exchange.Public, uuid.Nil)
	own := dbtest.Own(t)
	d, err := mirror.OpenDatabase(t.Context(), own.URL("postgres", "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	m := &mirror.Mirror{Copy: d, House: &mirror.House{URL: w.url, Client: mirror.NewClient()}}
	for range 2 { // once more changes nothing
		if _, err := m.Round(t.Context(), "", 0); err != nil {
			t.Fatal(err)
		}
	}
	n, err := d.Count(t.Context())
	if want := len(w.held(t, tenancy.In(t.Context(), tenancy.Public))); err != nil || n < 2 || n > int64(want) {
		t.Errorf("%d records, %v; everybody may read %d", n, err, want)
	}
}

// between changes answers on their way.
type between func(path string, body []byte) []byte

func (f between) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(res.Body)
	res.Body = io.NopCloser(bytes.NewReader(f(r.URL.Path, b)))
	return res, err
}

func TestMirrorBelievesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.Tenant(t, tenancy.County)
	name := "genuine " + uuid.NewString()
	w.publish(t, owner, uuid.New(), name, exchange.Public, uuid.Nil)
	for what, c := range map[string]struct {
		change between
		want   error
	}{
		"a name is changed in the feed": {func(path string, b []byte) []byte {
			return bytes.ReplaceAll(b, []byte(name), []byte("forged "+name[8:]))
		}, mirror.ErrAltered},
		"an entry is changed in the log": {func(path string, b []byte) []byte {
			if strings.Contains(path, "/tile/entries/") {
				return bytes.Replace(b, []byte(`"kind":"registration"`), []byte(`"kind":"recognitions"`), 1)
			}
			return b
		}, translog.ErrRewritten},
		"entries are withheld": {func(path string, b []byte) []byte {
			if strings.Contains(path, "/tile/entries/") {
				return b[:len(b)/2]
			}
			return b
		}, translog.ErrWithheld},
		"the checkpoint is somebody else's": {func(path string, b []byte) []byte {
			if strings.HasSuffix(path, "/checkpoint") {
				return bytes.Replace(b, []byte("\n"), []byte("x\n"), 1)
			}
			return b
		}, translog.ErrSignature},
		"the feed is switched off": {func(path string, b []byte) []byte {
			if strings.HasSuffix(path, "/changes") {
				return []byte(`{"items":[],"position":0,"head":0}`)
			}
			return b
		}, mirror.ErrSilent},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			m := &mirror.Mirror{Copy: mirror.Files{Dir: dir}, House: &mirror.House{URL: w.url, Client: &http.Client{Transport: c.change, Timeout: time.Minute}}}
			if _, err := m.Round(t.Context(), "", 0); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
			forged := 0
			_ = filepath.WalkDir(dir, func(path string, _ os.DirEntry, _ error) error {
				if b, err := os.ReadFile(path); err == nil && bytes.Contains(b, []byte("forged")) {
					forged++
				}
				return nil
			})
			if forged > 0 {
				t.Error("a forged record was kept")
			}
		})
	}
}

// What a house says is no path.
func TestFilesStayInTheirDirectory(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		`{"seq":1,"event":"publish","publisher":{"slug":"../../etc"},"kind":"registration","recordId":"a","publication":{"content":{}}}`,
		`{"seq":1,"event":"withdraw","publisher":{"slug":"wuyuan"},"kind":"..","recordId":"a"}`,
		`{"seq":1,"event":"publish","publisher":{"slug":"wuyuan"},"kind":"registration","recordId":"a/../../b","publication":{"content":{}}}`,
	} {
		var c mirror.Change
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			t.Fatal(err)
		}
		if err := (mirror.Files{Dir: t.TempDir()}).Apply(t.Context(), []mirror.Change{c}, mirror.State{}); err == nil {
			t.Errorf("%s was taken", line)
		}
	}
}
