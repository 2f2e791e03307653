package apitest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/xuri/excelize/v2"

	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/httpd"
	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/members"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// notFilters are the parameters of lists that say how, and not what.
var notFilters = []string{"limit", "cursor", "fields", "count", "sort", "after", "wait"}

// lacking are the lists of which Records makes nothing, or nothing that differs, and where their filters are tested instead.
var lacking = map[string]string{
	"listDeadlines":                    "the cases of Records have no clock that runs; script case of recognition",
	"listCaseNotices":                  "they are public, and other tests add to them; recognition",
	"listReceivedPublications":         "they come from another house; TestReceivedIsFound of mirror",
	"listMarkUsageProducers from":      "it says of which days the uses are; TestUsageRate of marks",
	"listMarkUsageProducers to":        "the same",
	"listMarkUsageProducers using":     "the marks of Records are on no goods; TestUsageRate of marks",
	"listDuesInvoices reminder":        "nobody of Records is reminded; TestMembersAreRemindedOnce of members",
	"listMeetingRoll notice":           "letters are written once somebody is called; TestAMeeting of members",
	"listMarkScanCountries":            "no marks of Records are scanned; TestAlerts of marks",
	"listClearanceFindings leastScore": "it is a number, and no word of a record; clearance",
	"listMarkHoldings from":            "the same; TestFromApplicationToScan of marks",
}

// lists are the operations that answer with a page of records.
func lists(s *httpd.Spec) (found []*httpd.Operation) {
	for _, o := range s.Operations {
		if o.Method == http.MethodGet && strings.HasPrefix(o.ID, "list") {
			found = append(found, o)
		}
	}
	return found
}

type listed struct {
	Items []map[string]any
	Next  string
}

func (c *Caller) list(t *testing.T, path string, q url.Values) (l listed, status int) {
	t.Helper()
	r := c.JSON(t, http.MethodGet, path+"?"+q.Encode(), nil)
	if r.Code == http.StatusOK {
		if err := json.Unmarshal(r.Body.Bytes(), &l); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
	}
	return l, r.Code
}

// idOf is what tells the records of a list apart.
func idOf(item map[string]any) string {
	for _, path := range []string{"id", "seq", "publication.id", "index", "keyId", "tenant.slug"} {
		v := any(item)
		for step := range strings.SplitSeq(path, ".") {
			m, _ := v.(map[string]any)
			v = m[step]
		}
		if v != nil {
			return fmt.Sprint(v)
		}
	}
	b, _ := json.Marshal(item)
	return string(b)
}

func idsOf(items []map[string]any) (ids []string) {
	for _, item := range items {
		ids = append(ids, idOf(item))
	}
	return ids
}

// scalars are all values within a record, as a query would name them.
func scalars(v any, found map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		for _, inner := range v {
			scalars(inner, found)
		}
	case []any:
		for _, inner := range v {
			scalars(inner, found)
		}
	case nil:
	default:
		found[fmt.Sprint(v)] = true
	}
}

// candidates are values of a filter: its words, what the records say, and what none of them says.
func candidates(p httpd.Parameter, items []map[string]any, records Records) []string {
	found := map[string]bool{}
	if words, ok := p.Declared["enum"].([]any); ok {
		for _, w := range words {
			found[fmt.Sprint(w)] = true
		}
		return slices.Sorted(maps.Keys(found))
	}
	if len(items) > 40 { // of all tenants: the first and the last say enough
		items = slices.Concat(items[:20], items[len(items)-20:])
	}
	for _, item := range items {
		scalars(item, found)
	}
	for _, strange := range []string{"true", "false", uuid.NewString(), "ZZ", "zzqx", "1900-01-01", "2200-01-01", "1900-01-01T00:00:00Z", "2200-01-01T00:00:00Z", "9999", "1206", "nice|31"} {
		found[strange] = true
	}
	for _, id := range records {
		found[id] = true
	}
	maps.DeleteFunc(found, func(v string, _ bool) bool {
		return v == "" || p.Type != "boolean" && p.Schema.Validate(v) != nil || p.Type == "boolean" && v != "true" && v != "false"
	})
	return slices.Sorted(maps.Keys(found))
}

// TestEveryFilterChooses: each documented filter of each list finds something with one value and less with another, and what
// it finds says so, where the record has a field of the filter's name. What is no filter is refused, with its place, in
// the reader's language.
func TestEveryFilterChooses(t *testing.T) {
	t.Parallel()
	h := Open(t)
	asked := map[string]bool{}
	for _, kind := range []tenancy.Kind{tenancy.Jurisdiction, tenancy.County, tenancy.Operator, tenancy.Association} {
		ctx := h.Tenant(t, kind)
		records := h.Records(t, ctx)
		h.differing(t, ctx, records)
		caller := h.Person(t, ctx)
		may := callerMay(t, caller)
		for _, o := range lists(h.Server.Spec()) {
			if asked[o.ID] || !o.Public && !slices.Contains(may, o.Permission) {
				continue
			}
			asked[o.ID] = true
			path := address(t, o, records)
			refusesUnknown(t, caller, o, path)
			if lacking[o.ID] == "" {
				filtersChoose(t, caller, o, path, records)
			}
		}
	}
	for _, o := range lists(h.Server.Spec()) {
		if !asked[o.ID] {
			t.Errorf("nobody may ask %s", o.ID)
		}
	}
}

// differing makes more records, which say what those of Records do not.
func (h *House) differing(t *testing.T, ctx context.Context, records Records) {
	t.Helper()
	since := "2020-01-01"
	_, err := h.Registry.Draft(ctx, registry.Content{Office: "XB", Names: []registry.Name{{Text: "Melon", Language: "en", Kind: "original"}}, HSCodes: []string{"120600"},
		Classes: []registry.Class{{Scheme: "nice", Code: "31"}}, Bases: []registry.Basis{{Kind: "gi-product", Office: "XB", Number: "4711", RegisteredOn: &since}}})
	if err != nil {
		t.Fatal(err)
	}
	from := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	if _, err := h.Law.CreateInstrument(ctx, recognition.Instrument{Code: "C-2", Kind: "pilot", Titles: map[string]string{"en": "Pilot"}, Parties: []string{"XA", "XC"},
		Lists: []recognition.List{}, Scope: []recognition.Class{}, InForceOn: &from, Sources: []recognition.Source{{Title: "Gazette"}}}); err != nil {
		t.Fatal(err)
	}
	scope, err := tenancy.From(ctx)
	if err != nil {
		t.Fatal(err)
	}
	other, err := tenancy.From(h.Tenant(t, tenancy.Trader))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // each leaves a receipt of its own
		err = errors.Join(err, h.DB.Tx(ctx, func(tx pgx.Tx) error {
			id, err := exchange.Publish(ctx, tx, exchange.Publication{Kind: "registration", RecordID: uuid.New(), Audience: exchange.OneReader, Reader: other.Tenant, Content: map[string]string{"text": "x"}})
			records["a publication with a receipt"] = id.String()
			return err
		}))
	}
	_, again := h.Imports.Begin(ctx, uuid.MustParse(records["documents"]), registry.Mapping{})
	if err = errors.Join(err, again, h.Exchange.Settle(ctx)); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Law.Record(ctx, recognition.Recognition{Market: "XC", OriginOffice: "XA", Name: "Melon", Language: "en", Protection: recognition.Refused, From: from, Sources: []recognition.Source{{Title: "Gazette"}},
		Registration: &recognition.Link{Publisher: scope.Tenant, Record: uuid.MustParse(records["recordId"])}}); err != nil {
		t.Fatal(err)
	}
	partner, err := tenancy.From(h.Tenant(t, tenancy.Jurisdiction)) // who keeps both sides by hand is on both
	if err != nil {
		t.Fatal(err)
	}
	i, err := h.Law.CreateInstrument(ctx, recognition.Instrument{Code: "C-3", Kind: "treaty", Titles: map[string]string{"en": "Treaty"}, Parties: []string{"XT", "XB"},
		Lists: []recognition.List{}, Scope: []recognition.Class{}, Sources: []recognition.Source{{Title: "Gazette"}}})
	if err == nil {
		_, _, err = h.Law.UpdateProcedure(ctx, i.ID, i.Version, recognition.Templates[0].Procedure)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []recognition.Opening{
		{Case: recognition.Case{OriginOffice: "XA", InstrumentID: uuid.MustParse(records["instruments"])}},
		{Case: recognition.Case{OriginOffice: "XT", InstrumentID: i.ID}, Other: partner.Slug},
	} {
		c.Side, c.On, c.Market, c.Name, c.Language = recognition.Destination, time.Date(2026, 1, 6, 0, 0, 0, 0, time.UTC), "XB", "Melon", "en"
		if _, err := h.Cases.Open(ctx, c); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := h.Members.Create(ctx, members.Facts{Category: members.Expert, Name: "Melon"}, nil); err != nil {
		t.Fatal(err)
	}
	h.corrected(t, ctx, records)
	h.otherMarks(t, ctx, scope)
}

// otherMarks makes an authorisation, a batch and their moves beside those of Records, for another registration and on another day.
func (h *House) otherMarks(t *testing.T, ctx context.Context, scope tenancy.Scope) {
	t.Helper()
	b := &builder{t: t, house: h, ctx: ctx, made: Records{}}
	registration := b.registered(scope, "Melon seeds")
	day := time.Date(2025, 1, 5, 0, 0, 0, 0, time.UTC)
	a, err := h.Users.Apply(ctx, registration, marks.Holder{Kind: "filed-user", CreditCode: "91110000802100433B", Names: map[string]string{"en": "Melon"}, Township: "Elsewhere"}, marks.Event{HappenedOn: day})
	var batch marks.Batch
	if err == nil {
		batch, err = h.Batches.Order(ctx, marks.BatchOrder{RegistrationID: registration, Design: "D", Printer: "Another", Count: 5, OrderedOn: day})
	}
	var alert uuid.UUID
	if err == nil {
		alert, err = h.alarmed(ctx, marks.AlertBurst, batch.ID, nil, 1)
	}
	if err == nil {
		_, err = h.Batches.Decide(ctx, alert, 1, marks.AlertDismiss, "A class")
	}
	if err == nil {
		_, err = h.Usages.Create(ctx, registration, marks.ProducerFacts{CreditCode: a.CreditCode, Name: "Melon", Township: "Elsewhere", ListedOn: day, Excluded: "Gone", Source: "List"})
	}
	if err == nil {
		_, err = h.Usages.Freeze(ctx, registration, time.Date(2025, 12, 1, 0, 0, 0, 0, time.UTC), "")
	}
	if err != nil || a.ID == uuid.Nil {
		t.Fatal(err)
	}
}

// corrected imports a table in which one day is read with a correction.
func (h *House) corrected(t *testing.T, ctx context.Context, records Records) {
	t.Helper()
	d, err := h.Docs.Put(ctx, document.File{Filename: "days.csv", MediaType: "text/csv", Purpose: "registration-import",
		Content: []byte("office,name,number,registeredOn\nXA,One,1,2020-03-01\nXA,Two,2,1 March 2020\n")})
	if err != nil {
		t.Fatal(err)
	}
	i, err := h.Imports.Begin(ctx, d.ID, registry.Mapping{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Jobs.Await(ctx, *i.TaskID); err != nil {
		t.Fatal(err)
	}
	records["registration-imports"] = i.ID.String()
}

func filtersChoose(t *testing.T, c *Caller, o *httpd.Operation, path string, records Records) {
	t.Helper()
	all, status := c.list(t, path, url.Values{})
	for _, p := range o.Parameters {
		if p.In != "query" || slices.Contains(notFilters, p.Name) || lacking[o.ID+" "+p.Name] != "" {
			continue
		}
		if status != http.StatusOK || len(all.Items) == 0 {
			t.Errorf("%s: %d, there is nothing to choose from", o.ID, status)
			return
		}
		finds, spares := false, false
		for _, v := range candidates(p, all.Items, records) {
			some, status := c.list(t, path, url.Values{p.Name: {v}})
			if status != http.StatusOK {
				t.Errorf("%s: %s=%s: got %d", o.ID, p.Name, v, status)
			}
			finds = finds || len(some.Items) > 0
			found := idsOf(some.Items)
			spares = spares || slices.ContainsFunc(all.Items, func(item map[string]any) bool { return !slices.Contains(found, idOf(item)) })
			for _, item := range some.Items {
				got, ok := item[p.Name].(string)
				if of, is := item[p.Name].(map[string]any); is {
					got, ok = of["slug"].(string)
				}
				if ok && !strings.HasPrefix(got, v) {
					t.Errorf("%s: %s=%s found one with %q", o.ID, p.Name, v, got)
				}
			}
		}
		if !finds || !spares {
			t.Errorf("%s: the filter %s finds something: %t, spares something: %t, of %v", o.ID, p.Name, finds, spares, candidates(p, all.Items, records))
		}
	}
}

// refusesUnknown asks with a word that is no filter, in each language.
func refusesUnknown(t *testing.T, c *Caller, o *httpd.Operation, path string) {
	t.Helper()
	said := map[string]bool{}
	for _, language := range []string{"en", "zh-Hans", "ar"} {
		r := c.JSON(t, http.MethodGet, path+"?colour=red", nil, "Accept-Language", language)
		var p struct {
			Message string
			Details []struct{ Pointer, Message string }
		}
		if err := json.Unmarshal(r.Body.Bytes(), &p); err != nil || r.Code != http.StatusBadRequest || len(p.Details) != 1 || p.Details[0].Pointer != "?colour" {
			t.Errorf("%s?colour: got %d %s", path, r.Code, r.Body)
			return
		}
		if got := r.Header().Get("Content-Language"); got != language {
			t.Errorf("%s: asked in %s, answered in %q", o.ID, language, got)
		}
		said[p.Message+p.Details[0].Message] = true
		if ok := c.JSON(t, http.MethodGet, path, nil, "Accept-Language", language); ok.Code == http.StatusOK && ok.Header().Get("Content-Language") != language {
			t.Errorf("%s: a list asked for in %s came in %q", o.ID, language, ok.Header().Get("Content-Language"))
		}
	}
	if len(said) != 3 {
		t.Errorf("%s: three languages, and the sentences %v", o.ID, slices.Sorted(maps.Keys(said)))
	}
}

// TestWholeListsAsFiles reads files with the readers of others: all of a list of more than a page, headed in the reader's
// language.
func TestWholeListsAsFiles(t *testing.T) {
	t.Parallel()
	const many = 450
	h := Open(t)
	ctx := h.Tenant(t, tenancy.County)
	contents := make([]registry.Content, many)
	for i := range contents {
		contents[i] = registry.Content{Office: "XA", Names: []registry.Name{{Text: fmt.Sprintf("=Name %d", i), Language: "en", Kind: "original"}}}
	}
	if err := h.Registry.DraftMany(ctx, contents); err != nil {
		t.Fatal(err)
	}
	c := h.Person(t, ctx)
	get := func(query, accept, language string) []byte {
		r := c.JSON(t, http.MethodGet, "/api/v1/registrations"+query, nil, "Accept", accept, "Accept-Language", language)
		if r.Code != http.StatusOK || r.Header().Get("Content-Type") != accept {
			t.Fatalf("%s: %d %v", accept, r.Code, r.Header())
		}
		return r.Body.Bytes()
	}
	lines := map[string]bool{}
	for line := range bytes.Lines(get("", "application/x-ndjson", "en")) {
		var one struct{ Title string }
		if err := json.Unmarshal(line, &one); err != nil {
			t.Fatal(err)
		}
		lines[one.Title] = true
	}
	if len(lines) != many {
		t.Errorf("lines: %d of %d", len(lines), many)
	}
	if n := bytes.Count(get("", "application/xml", "en"), []byte("<gin:GIApplication ")); n != many {
		t.Errorf("XML: %d of %d", n, many)
	}
	for language, headings := range map[string][]string{"en": {"Title", "Office", "HS codes"}, "zh-Hans": {"标题", "受理机构", "HS 编码"}, "ar": {"العنوان", "المكتب", "رموز النظام المنسق"}} {
		book, err := excelize.OpenReader(bytes.NewReader(get("?fields=title,office,hsCodes", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", language)))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := book.GetRows(book.GetSheetName(0))
		if err != nil || len(rows) != many+1 || !slices.Equal(rows[0], headings) || !strings.HasPrefix(rows[1][0], "'=Name ") {
			t.Errorf("%s: %d rows, headed %v, %v", language, len(rows), rows[0], err)
		}
	}
}
