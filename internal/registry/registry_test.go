package registry

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/helianthus-gi/helianthus/i18n"
	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/lifecycle"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

func TestLifeOfARegistration(t *testing.T) {
	t.Parallel()
	g, ctx, neighbour := New(dbtest.DB(t), time.Now), dbtest.Tenant(t, tenancy.County), dbtest.Tenant(t, tenancy.County)
	r, err := g.Draft(ctx, sunflower())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.State(neighbour, r.ID, time.Time{}, time.Time{}); !errors.Is(err, ErrNotFound) {
		t.Errorf("the neighbour: got %v, want not found", err)
	}
	if _, err := g.Draft(ctx, sunflower()); !errors.Is(err, ErrNumberUsed) {
		t.Errorf("the number again: got %v, want number-used", err)
	}
	if _, err := g.Draft(neighbour, sunflower()); err != nil {
		t.Errorf("the number at the neighbour: %v", err)
	}
	for i, act := range []Act{File, Examine, Publish, Register} {
		if r, err = g.Do(ctx, r.ID, Event{Act: act, EffectiveOn: on("2020-01-01").AddDate(0, i, 0)}); err != nil {
			t.Fatalf("%s: %v", act, err)
		}
	}
	if _, err := g.Do(ctx, r.ID, Event{Act: File, EffectiveOn: on("2021-01-01")}); !errors.Is(err, lifecycle.ErrNoMove) {
		t.Errorf("filing twice: got %v, want no-move", err)
	}
	s, err := g.State(ctx, r.ID, on("2020-02-15"), time.Time{})
	if err != nil || s.Status != Examined {
		t.Errorf("in February: got %s, %v, want examined", s.Status, err)
	}
	c := sunflower()
	c.HSCodes = []string{"120600"}
	if _, err := g.Update(ctx, r.ID, r.Version-1, c); !errors.Is(err, problem.ErrStale) {
		t.Errorf("an old version: got %v, want stale", err)
	}
	if r, err = g.Update(ctx, r.ID, r.Version, c); err != nil {
		t.Fatal(err)
	}
	es, vs, err := g.History(ctx, r.ID)
	if err != nil || len(es) != 4 || len(vs) != r.Version {
		t.Errorf("history: %d events, %d versions, %v", len(es), len(vs), err)
	}
	if r, err = g.Correct(ctx, r.ID, es[3].ID, on("2020-03-20"), false, "the gazette says so"); err != nil {
		t.Fatal(err)
	}
	if s, err = g.State(ctx, r.ID, on("2020-03-25"), time.Time{}); err != nil || s.Status != Registered {
		t.Errorf("after the correction: got %s, %v", s.Status, err)
	}
	if _, err := g.Correct(ctx, r.ID, es[3].ID, on("2020-03-21"), false, "again"); !errors.Is(err, ErrCorrected) {
		t.Errorf("correcting the same event twice: got %v", err)
	}
}

// A register that shows what was never public, or keeps showing it, says an untruth under the county's name.
func TestOthersSeeWhatIsPublicAndNothingElse(t *testing.T) {
	t.Parallel()
	db := dbtest.DB(t)
	x := exchange.New(db, nil, time.Now)
	acts := func(all ...Act) []Act { return all }
	tests := []struct {
		name   string
		acts   []Act
		undone Act
		want   []exchange.EventKind // of the feed, in order
	}{
		{"published", acts(File, Examine, Publish), "", []exchange.EventKind{"publish"}},
		{"refused after its publication", acts(File, Examine, Publish, Refuse), "", []exchange.EventKind{"publish", "publish"}},
		{"refused before anybody saw it", acts(File, Examine, Refuse), "", nil},
		{"withdrawn before anybody saw it", acts(File, Withdraw), "", nil},
		{"withdrawn after its publication", acts(File, Examine, Publish, Withdraw), "", []exchange.EventKind{"publish", "withdraw"}},
		{"the publication did not happen", acts(File, Examine, Publish), Publish, []exchange.EventKind{"publish", "withdraw"}},
		{"the examination of a registered one did not happen", acts(File, Examine, Publish, Register), Examine, []exchange.EventKind{"publish", "publish", "withdraw"}},
		{"the registration did not happen", acts(File, Examine, Publish, Register), Register, []exchange.EventKind{"publish", "publish", "publish"}},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			g, ctx := New(db, time.Now), dbtest.Tenant(t, tenancy.County)
			r, err := g.Draft(ctx, sunflower())
			for i := 0; err == nil && i < len(c.acts); i++ {
				r, err = g.Do(ctx, r.ID, Event{Act: c.acts[i], EffectiveOn: on("2020-01-01").AddDate(0, i, 0)})
			}
			if err != nil {
				t.Fatal(err)
			}
			if c.undone != "" {
				es, _, err := g.History(ctx, r.ID)
				if err != nil {
					t.Fatal(err)
				}
				at := slices.IndexFunc(es, func(e Event) bool { return e.Act == c.undone })
				if _, err := g.Correct(ctx, r.ID, es[at].ID, es[at].EffectiveOn, true, "an error of ours"); err != nil {
					t.Fatal(err)
				}
			}
			s, err := tenancy.From(ctx)
			if err != nil {
				t.Fatal(err)
			}
			var got []exchange.EventKind
			// Anybody's feed, as mirrors read it.
			everybody := tenancy.In(t.Context(), tenancy.Public)
			if err := x.Stream(everybody, 0, exchange.ChangeFilter{Publisher: s.Slug}, func(c exchange.Change) error {
				got = append(got, c.Event)
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("the feed (-want +got):\n%s", diff)
			}
			shown := len(c.want) > 0 && c.want[len(c.want)-1] == "publish"
			found, _, err := x.List(ctx, exchange.Filter{Kind: "registration", RecordID: new(uuid.MustParse(string(r.ID)))}, 1, "")
			if err != nil || shown != (len(found) == 1) {
				t.Errorf("publications that hold: got %d, %v", len(found), err)
			}
		})
	}
}

func TestTwoOfficersAtOnce(t *testing.T) {
	t.Parallel()
	g, ctx := New(dbtest.DB(t), time.Now), dbtest.Tenant(t, tenancy.County)
	r, err := g.Draft(ctx, sunflower())
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	results := make([]error, 2)
	for i, act := range []Act{File, Withdraw} {
		wg.Go(func() { _, results[i] = g.Do(ctx, r.ID, Event{Act: act, EffectiveOn: on("2020-01-01")}) })
	}
	wg.Wait()
	if results[0] != nil && results[1] != nil {
		t.Errorf("nobody succeeded: %v, %v", results[0], results[1])
	}
}

func titles(page []Summary) (out []string) {
	for _, s := range page {
		out = append(out, s.Title)
	}
	return out
}

func TestSearch(t *testing.T) {
	t.Parallel()
	g, ctx, neighbour := New(dbtest.DB(t), time.Now), dbtest.Tenant(t, tenancy.County), dbtest.Tenant(t, tenancy.County)
	add := func(ctx context.Context, names ...Name) {
		t.Helper()
		if _, err := g.Draft(ctx, Content{Office: "CN", Names: names, HSCodes: []string{"120600"}}); err != nil {
			t.Fatal(err)
		}
	}
	name := func(text, lang string) Name { return Name{Text: text, Language: lang, Kind: Original} }
	add(ctx, name("五原向日葵", "zh-Hans"), Name{Text: "Wǔyuán Xiàngrìkuí", Language: "zh-Latn", Kind: Transcription, Scheme: "ISO 7098"})
	add(ctx, name("向日葵", "zh-Hans"))
	add(ctx, name("巴彦淖尔向日葵油", "zh-Hans"))
	add(ctx, name("Crème de Cassis", "fr"))
	add(neighbour, name("邻居向日葵", "zh-Hans"))
	for _, c := range []struct {
		name string
		f    Filter
		want []string
	}{
		{"exact first, then shorter", Filter{Q: "向日葵"}, []string{"向日葵", "五原向日葵", "巴彦淖尔向日葵油"}},
		{"one character", Filter{Q: "淖"}, []string{"巴彦淖尔向日葵油"}},
		{"two characters inside", Filter{Q: "日葵"}, []string{"向日葵", "五原向日葵", "巴彦淖尔向日葵油"}},
		{"transcription without accents", Filter{Q: "wuyuan xiang"}, []string{"五原向日葵"}},
		{"accents folded", Filter{Q: "creme"}, []string{"Crème de Cassis"}},
		{"nothing", Filter{Q: "香梨"}, nil},
		{"signs only", Filter{Q: "%_"}, nil},
		{"with a filter that excludes", Filter{Q: "向日葵", Status: "registered"}, nil},
		{"HS heading", Filter{Q: "cassis", HS: "1206"}, []string{"Crème de Cassis"}},
	} {
		page, _, err := g.List(ctx, c.f, "", 10)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(c.want, titles(page)); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
	first, next, err := g.List(ctx, Filter{Q: "向日葵"}, "", 2)
	if err != nil || next == "" || len(first) != 2 {
		t.Fatalf("first page: %v %q %v", titles(first), next, err)
	}
	second, next, err := g.List(ctx, Filter{Q: "向日葵"}, next, 2)
	if err != nil || next != "" || len(second) != 1 {
		t.Errorf("second page: %v %q %v", titles(second), next, err)
	}
}

func noneKept(string) (Mapping, bool) { return Mapping{}, false }

func read(t *testing.T, file []byte) (titles []string, wrong []string) {
	t.Helper()
	_, err := readFile(ofRegistrations, bytes.NewReader(file), int64(len(file)), Mapping{}, noneKept, func(r checked) error {
		titles = append(titles, r.content.Title())
		for _, p := range r.problems {
			wrong = append(wrong, p.Pointer+" "+p.Code)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return titles, wrong
}

func TestFilesOfAllForms(t *testing.T) {
	t.Parallel()
	text := "编号,名称,机关,未知列\n1001,五原向日葵,CN,x\n1002,河套向日葵,CN,\n"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"五原向日葵", "河套向日葵"}
	for name, file := range map[string][]byte{
		"UTF-8":               []byte(text),
		"UTF-8 with its mark": []byte("\ufeff" + text),
		"GB 18030":            []byte(gb),
		"lines of JSON":       []byte(`{"office":"CN","names":[{"text":"五原向日葵","language":"zh-Hans","kind":"original"}]}` + "\n" + `{"office":"CN","names":[{"text":"河套向日葵","language":"zh-Hans","kind":"original"}]}`),
		"an array of JSON":    []byte(`[{"office":"CN","names":[{"text":"五原向日葵","language":"zh-Hans","kind":"original"}]},{"office":"CN","names":[{"text":"河套向日葵","language":"zh-Hans","kind":"original"}]}]`),
	} {
		got, wrong := read(t, file)
		if d := cmp.Diff(want, got); d != "" || len(wrong) > 0 {
			t.Errorf("%s: %s %v", name, d, wrong)
		}
	}
}

func TestRowsWithErrorsNameTheColumn(t *testing.T) {
	t.Parallel()
	_, wrong := read(t, []byte("office,name,number,registeredOn,holderCode\nZZ,x,1,2026-02-30,123\nCN,,2,,\n"))
	want := []string{"registeredOn registration.day", "office office.unknown", "number office.unknown", "name registration.no-original-name", "name import.value-needed"}
	if d := cmp.Diff(want, wrong); d != "" {
		t.Error(d)
	}
}

// TestExportComesBackAsItWas: in every form and, where there are headings, with those of programs and of each language.
func TestExportComesBackAsItWas(t *testing.T) {
	t.Parallel()
	bundle, err := locale.Load(i18n.FS)
	if err != nil {
		t.Fatal(err)
	}
	g, ctx := New(dbtest.DB(t), time.Now), dbtest.Tenant(t, tenancy.County)
	c := sunflower()
	c.Holder.Names["zh-Hans"] = "=HYPERLINK(1)"
	if _, err := g.Draft(ctx, c); err != nil {
		t.Fatal(err)
	}
	check := func(form, name string, h Headings) {
		var b bytes.Buffer
		if err := g.Export(ctx, Filter{}, form, h, &b); err != nil {
			t.Fatal(err)
		}
		var got []Content
		seen, err := readFile(ofRegistrations, bytes.NewReader(b.Bytes()), int64(b.Len()), Mapping{}, noneKept, func(r checked) error { got = append(got, r.content); return nil })
		if err != nil || len(got) != 1 || len(seen.unknown) > 0 || seen.form != OwnForm {
			t.Fatalf("%s, %s: %d rows, form %s, unknown %v, %v", form, name, len(got), seen.form, seen.unknown, err)
		}
		if d := cmp.Diff(toRow(c), toRow(got[0])); d != "" {
			t.Errorf("%s, %s: %s", form, name, d)
		}
		if form == "csv" && (!bytes.Contains(b.Bytes(), []byte("'=HYPERLINK")) || !bytes.Contains(b.Bytes(), []byte(h("holderCode")))) {
			t.Errorf("%s: a formula would run in a spreadsheet, or the headings are others: %s", name, b.Bytes())
		}
	}
	check("ndjson", "lines", FieldNames)
	for _, form := range []string{"csv", "xlsx"} {
		check(form, "of programs", FieldNames)
		for _, tag := range locale.Supported {
			check(form, string(tag), HeadingsIn(bundle, tag))
		}
	}
}

func FuzzFiles(f *testing.F) {
	f.Add([]byte("office,name\nCN,x\n"))
	f.Add([]byte(`[{"office":"CN"}]`))
	f.Add([]byte("PK\x03\x04"))
	f.Add(dirtySheet(f))
	f.Add([]byte("\"office\n"))
	f.Fuzz(func(_ *testing.T, b []byte) {
		_, _ = readFile(ofRegistrations, bytes.NewReader(b), int64(len(b)), Mapping{}, noneKept, func(checked) error { return nil })
	})
}

func TestAListGoesOnToItsEnd(t *testing.T) {
	t.Parallel()
	g, ctx := New(dbtest.DB(t), time.Now), dbtest.Tenant(t, tenancy.County)
	const many = 2505 // more than a search ranks
	var cs []Content
	for i := range many {
		c := sunflower()
		c.Bases[0].Number = "N-" + strconv.Itoa(i)
		cs = append(cs, c)
	}
	if err := g.DraftMany(ctx, cs); err != nil {
		t.Fatal(err)
	}
	seen := map[ID]bool{}
	for cursor := ""; ; {
		page, next, err := g.List(ctx, Filter{}, cursor, 200)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range page {
			seen[s.ID] = true
		}
		if cursor = next; next == "" {
			break
		}
	}
	if len(seen) != many {
		t.Errorf("the list shows %d registrations, want %d", len(seen), many)
	}
	var b bytes.Buffer
	if err := g.Export(ctx, Filter{}, "ndjson", FieldNames, &b); err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(b.Bytes(), []byte("\n")); n != many {
		t.Errorf("the export has %d lines, want %d", n, many)
	}
	matches := 0
	for cursor := ""; ; {
		page, next, err := g.List(ctx, Filter{Q: "\u5411\u65e5\u8475"}, cursor, 200)
		if err != nil {
			t.Fatal(err)
		}
		matches += len(page)
		if cursor = next; next == "" {
			break
		}
	}
	if matches != mostMatches {
		t.Errorf("the search shows %d matches, want %d", matches, mostMatches)
	}
}
