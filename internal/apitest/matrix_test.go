package apitest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/clearance"
	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/httpd"
	"github.com/helianthus-gi/helianthus/internal/identity"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/webhook"
)

// The matrix: every operation × every role of every kind of tenant × session and machine × own records, another tenant's,
// none at all, and a suspended tenant; and anonymous. What it expects is read from the specification and the role files.

// credential is somebody of a tenant: a role, in a session or as a machine with the role's permissions.
type credential struct {
	name    string
	role    string
	machine bool
	caller  *Caller
	may     map[string]bool
}

type matrix struct {
	house    *House
	kind     tenancy.Kind
	own      context.Context
	slug     string
	mine     Records
	theirs   Records
	requests *atomic.Int64
	fault    func(format string, args ...any) // t.Errorf; or what collects faults that were planted
}

// destructive operations end the credential that asks: it is renewed after them.
var destructive = []string{"signOut", "endSessions"}

// remade are records that their own operation removes; each is asked of a new one.
var remade = map[string]struct {
	kind string
	make func(m *matrix) (id string, err error)
}{
	"deleteRole": {"roles", func(m *matrix) (string, error) {
		r, err := m.house.Access.CreateRole(m.own, access.Role{Slug: "r-" + uuid.NewString()[:8], Title: "CANARY-" + m.slug, Permissions: []string{"session:read"}})
		return r.ID, err
	}},
	"discardCaseLetter": {"letterId", func(m *matrix) (string, error) {
		l, err := m.house.Letters.Draft(m.own, uuid.MustParse(m.mine["recognition-cases"]), "cover", recognition.Origin, []string{"en"})
		return l.ID.String(), err
	}},
	"removeEarlierMark": {"earlier-marks", func(m *matrix) (string, error) {
		made, err := m.earlierMark()
		return made.ID.String(), err
	}},
	"removeEarlierMarkList": {"earlier-mark-lists", func(m *matrix) (string, error) {
		made, err := m.earlierMark()
		return made.ListID.String(), err
	}},
	"removeImportMapping": {"import-mappings", func(m *matrix) (string, error) {
		k, err := m.house.Imports.Keep(m.own, "CANARY-"+m.slug+uuid.NewString(), []string{"name"}, registry.Mapping{Columns: []registry.MappedColumn{{Heading: "name", Field: "name"}}})
		return k.ID.String(), err
	}},
	"removeWebhook": {"webhooks", func(m *matrix) (string, error) {
		e, _, err := m.house.Webhooks.Create(m.own, webhook.Endpoint{URL: "https://receiver.example/", Description: "CANARY-" + m.slug, Kinds: []string{}})
		return e.ID.String(), err
	}},
}

// mayMiss are operations whose own record is not simply the tenant's.
var mayMiss = map[string]string{
	"removePartnerHouse":      "houses that are followed are no tenant's, and none is there; mirror",
	"resumePartnerHouse":      "the same",
	"endSession":              "sessions are of the person, not of the tenant",
	"revokeCalendarFeed":      "calendars are of the person, not of the tenant",
	"readDeadlineCalendar":    "its address is a secret that nobody was told",
	"readDossierFile":         "the build's files are there once it is typeset",
	"readCredentialPaper":     "the papers are there once they are typeset",
	"readReceivedPublication": "they come from partner houses, and nobody follows one",
	"readMeetingRecord":       "minutes are of a meeting that is over, and the one of Records goes on; script meeting of members",
	"readPackage":             "packages are asked for by hash, and nobody issued one",
	"readCaseLetter":          "a draft is shown to those who write letters only",
	"readPublication":         "it is public, and anonymous callers see what is published to all",
}

// earlierMark enters a mark into a list of its own.
func (m *matrix) earlierMark() (clearance.Mark, error) {
	return m.house.Marks.Add(m.own, clearance.Origin{List: "l-" + uuid.NewString()[:8], Source: "CANARY-" + m.slug, TakenOn: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)},
		clearance.MarkFacts{Kind: clearance.TradeMark, Sign: "CANARY-" + m.slug, Status: clearance.MarkUnknown})
}

func TestPermissionMatrix(t *testing.T) {
	t.Parallel()
	h := Open(t)
	var requests atomic.Int64
	t.Run("kinds", func(t *testing.T) {
		for _, kind := range tenancy.Kinds {
			t.Run(string(kind), func(t *testing.T) {
				t.Parallel()
				own, other := h.Tenant(t, kind), h.Tenant(t, kind)
				s, err := tenancy.From(own)
				if err != nil {
					t.Fatal(err)
				}
				m := &matrix{house: h, kind: kind, own: own, slug: s.Slug, mine: h.Records(t, own), theirs: h.Records(t, other), requests: &requests, fault: t.Errorf}
				m.run(t, other)
			})
		}
	})
	if line := h.log.canary(); line != "" {
		t.Errorf("LEAK: a record's text is in the log: %s", line)
	}
	t.Logf("permission matrix: %d requests, %d operations", requests.Load(), len(h.Server.Spec().Operations))
}

func (m *matrix) run(t *testing.T, other context.Context) {
	before := snapshot(t, other)
	credentials := m.credentials(t)
	for _, c := range credentials {
		for _, o := range m.house.Server.Spec().Operations {
			if !slices.Contains(destructive, o.ID) {
				m.askOwn(t, c, o)
				m.askForeign(t, c, o)
			}
		}
	}
	for _, c := range credentials {
		for _, id := range destructive {
			m.askOwn(t, c, m.house.Server.Spec().Operation(id))
			if c.may["session:end"] && !c.machine {
				c.caller = m.house.Person(t, m.own, c.role)
			}
		}
	}
	m.askAsNobody(t)
	if after := snapshot(t, other); before != after {
		m.fault("the other tenant's records changed:\n%s\n%s", before, after)
	}
	m.askSuspended(t, credentials)
}

func (m *matrix) credentials(t *testing.T) []*credential {
	t.Helper()
	var all []*credential
	machines := m.house.Access.MachineCeiling(m.kind)
	for _, r := range m.house.Access.Templates(m.kind) {
		may := map[string]bool{}
		for _, p := range r.Permissions {
			may[p] = true
		}
		all = append(all, &credential{name: r.Slug, role: r.Slug, caller: m.house.Person(t, m.own, r.Slug), may: may})
		scopes := slices.DeleteFunc(slices.Clone(r.Permissions), func(p string) bool { return !slices.Contains(machines, p) })
		if len(scopes) == 0 {
			continue
		}
		may = map[string]bool{}
		for _, p := range scopes {
			may[p] = true
		}
		all = append(all, &credential{name: r.Slug + " as a machine", role: r.Slug, machine: true, caller: m.house.Client(t, m.own, scopes...), may: may})
	}
	return all
}

// address fills an operation's path with a tenant's records; a kind of record that nobody makes is a fault of the test.
func address(t *testing.T, o *httpd.Operation, r Records) string {
	t.Helper()
	path := o.Path
	for _, p := range o.Parameters {
		if p.In != "path" {
			continue
		}
		key := p.Name
		if key == "id" {
			before, _, _ := strings.Cut(o.Path, "/{id}")
			key = before[strings.LastIndexByte(before, '/')+1:]
		}
		id, ok := r[key]
		if !ok {
			t.Fatalf("%s: no record is made for {%s} (%s); add it to Records", o.ID, p.Name, key)
		}
		path = strings.ReplaceAll(path, "{"+p.Name+"}", id)
	}
	return path
}

func (m *matrix) send(t *testing.T, c *Caller, o *httpd.Operation, path string, body any, header http.Header) *httptest.ResponseRecorder {
	t.Helper()
	m.requests.Add(1)
	var r *httptest.ResponseRecorder
	if len(o.Bodies) == 0 {
		r = c.Do(t, o.Method, path, nil, header)
	} else {
		header = maps.Clone(header)
		if header == nil {
			header = http.Header{}
		}
		header.Set("Content-Type", o.Bodies[0].MediaType)
		b, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		r = c.Do(t, o.Method, path, bytes.NewReader(b), header)
	}
	m.checkCanaries(t, o, path, r)
	if r.Code >= http.StatusInternalServerError {
		m.fault("%s %s: %d %s", o.ID, path, r.Code, r.Body)
	}
	return r
}

var canaryForm = regexp.MustCompile(`CANARY-([a-z0-9-]+)`)

func (m *matrix) checkCanaries(t *testing.T, o *httpd.Operation, path string, r *httptest.ResponseRecorder) {
	t.Helper()
	text := fmt.Sprint(r.Header()) + r.Body.String()
	for _, found := range canaryForm.FindAllStringSubmatch(text, -1) {
		if !strings.HasPrefix(found[1], m.slug) {
			m.fault("LEAK: %s %s shows %s to %s: %s", o.ID, path, found[0], m.slug, around(text, found[0]))
		}
	}
}

// around is the text on both sides of what should not be in it.
func around(text, found string) string {
	at := strings.Index(text, found)
	return text[max(0, at-400):min(len(text), at+400)]
}

// askOwn asks for the tenant's own record. A body is sent that no schema takes, so that nothing changes but the question of
// permission is answered: it is asked first.
func (m *matrix) askOwn(t *testing.T, c *credential, o *httpd.Operation) {
	t.Helper()
	mine := m.mine
	if again, ok := remade[o.ID]; ok && c.may[o.Permission] {
		id, err := again.make(m)
		if err != nil {
			t.Fatal(err)
		}
		mine = maps.Clone(mine)
		mine[again.kind] = id
	}
	r := m.send(t, c.caller, o, address(t, o, mine), map[string]any{"no such member": true}, nil)
	switch {
	case o.Public:
		if r.Code == http.StatusUnauthorized && o.ID != "signIn" && o.ID != "issueToken" || r.Code == http.StatusForbidden {
			m.fault("%s: %s is public but got %d", c.name, o.ID, r.Code)
		}
	case !c.may[o.Permission]:
		if r.Code != http.StatusForbidden || !strings.Contains(r.Body.String(), o.Permission) {
			m.fault("%s: %s without %s: got %d %s", c.name, o.ID, o.Permission, r.Code, r.Body)
		}
	case r.Code == http.StatusNotFound && mayMiss[o.ID] == "" || slices.Contains([]int{http.StatusUnauthorized, http.StatusForbidden, http.StatusMethodNotAllowed, http.StatusUnsupportedMediaType}, r.Code):
		m.fault("%s: %s with %s: got %d %s", c.name, o.ID, o.Permission, r.Code, r.Body)
	}
	if !o.Public && r.Code < 400 && r.Header().Get("Cache-Control") != "private, no-store" {
		m.fault("%s may be kept by caches: %q", o.ID, r.Header().Get("Cache-Control"))
	}
}

// askForeign asks for the other tenant's records and for records that are not there; the answers must be the same but for
// the id. Bodies and queries that name foreign records are compared in the same way.
func (m *matrix) askForeign(t *testing.T, c *credential, o *httpd.Operation) {
	t.Helper()
	if !c.may[o.Permission] && !o.Public || o.ID == "signIn" || o.ID == "issueToken" {
		return // refused before any record is looked at
	}
	ghosts := Records{}
	for name, id := range m.theirs {
		if _, err := uuid.Parse(id); err == nil {
			id = uuid.NewString()
		}
		ghosts[name] = id
	}
	header := http.Header{"If-Match": {`"v1"`}, "Correlation-Id": {"matrix"}}
	ask := func(records Records) *httptest.ResponseRecorder {
		path := address(t, o, records) + m.query(o, records)
		var body any
		if len(o.Bodies) > 0 {
			body = examples{m.house.Server.Spec(), records, unsent()}.of(o.Bodies[0])
		}
		return m.send(t, c.caller, o, path, body, header)
	}
	if !m.namesRecords(o) {
		return
	}
	foreign, ghost := ask(m.theirs), ask(ghosts)
	if a, b := comparable(foreign, m.theirs), comparable(ghost, ghosts); a != b {
		m.fault("LEAK: %s: %s tells a foreign record from a missing one:\nforeign %s\nmissing %s", c.name, o.ID, a, b)
	}
	if strings.Contains(o.Path, "{id}") && foreign.Code != http.StatusNotFound {
		m.fault("%s: %s on a foreign record: got %d %s; either it leaks, or the test does not reach the record", c.name, o.ID, foreign.Code, foreign.Body)
	}
}

// query names the records that the operation can be asked about in the query.
func (m *matrix) query(o *httpd.Operation, records Records) string {
	var parts []string
	for _, p := range o.Parameters {
		if id, ok := records[p.Name]; ok && p.In == "query" {
			parts = append(parts, p.Name+"="+id)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "?" + strings.Join(parts, "&")
}

func (m *matrix) namesRecords(o *httpd.Operation) bool {
	if strings.Contains(o.Path, "{") || m.query(o, m.theirs) != "" {
		return true
	}
	if len(o.Bodies) == 0 {
		return false
	}
	body := examples{m.house.Server.Spec(), m.theirs, "WORDS"}.of(o.Bodies[0])
	text := fmt.Sprint(body)
	for _, id := range m.theirs {
		if _, err := uuid.Parse(id); err == nil && strings.Contains(text, id) {
			return true
		}
	}
	return false
}

// unsent is a text that was not sent before, so that two requests do not meet each other's records.
func unsent() string { return "W" + strings.ToUpper(uuid.NewString()[:8]) }

var changing = regexp.MustCompile(`W[0-9A-F]{8}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[0-9:.]+Z`)

// comparable is an answer without what differs from one request to the next: ids and times.
func comparable(r *httptest.ResponseRecorder, records Records) string {
	h := r.Header().Clone()
	h.Del("Date")
	text := fmt.Sprintf("%d %v %s", r.Code, h, r.Body)
	return changing.ReplaceAllString(text, "ID")
}

func (m *matrix) askAsNobody(t *testing.T) {
	t.Helper()
	nobody := m.house.Nobody()
	for _, o := range m.house.Server.Spec().Operations {
		for _, records := range []Records{m.mine, m.theirs} {
			m.requests.Add(1)
			r := nobody.JSON(t, o.Method, address(t, o, records), nil)
			if canaryForm.MatchString(r.Body.String()) {
				m.fault("LEAK: %s shows a canary to nobody", o.ID)
			}
			if !o.Public && r.Code != http.StatusUnauthorized {
				m.fault("%s: anonymous got %d", o.ID, r.Code)
			}
			if o.Public && r.Code == http.StatusForbidden || r.Code >= http.StatusInternalServerError {
				m.fault("%s: anonymous got %d %s", o.ID, r.Code, r.Body)
			}
		}
	}
}

func (m *matrix) askSuspended(t *testing.T, credentials []*credential) {
	t.Helper()
	p := identity.Provisioner{Owner: dbtest.OwnerPool(t), DB: m.house.DB}
	if err := p.Suspend(t.Context(), m.slug); err != nil {
		t.Fatal(err)
	}
	m.house.Advance(tokenMemory)
	// Who asks is looked at before what is asked: each credential asks some operations, and each operation is asked by some credentials.
	const apart = 7
	for i, c := range credentials {
		for j, o := range m.house.Server.Spec().Operations {
			if (i+j)%min(apart, len(credentials)) != 0 {
				continue
			}
			m.requests.Add(1)
			r := c.caller.JSON(t, o.Method, address(t, o, m.mine), nil)
			if !o.Public && r.Code != http.StatusUnauthorized {
				m.fault("%s of a suspended tenant: %s got %d", c.name, o.ID, r.Code)
			}
			if canaryForm.MatchString(r.Body.String()) {
				m.fault("LEAK: %s shows a canary to a suspended tenant", o.ID)
			}
		}
	}
}

// snapshot is a fingerprint of every row of the tenant, past every policy.
func snapshot(t *testing.T, ctx context.Context) string {
	t.Helper()
	s, err := tenancy.From(ctx)
	if err != nil {
		t.Fatal(err)
	}
	conn := dbtest.Superuser(t)
	rows, err := conn.Query(t.Context(), `select table_name from information_schema.columns where table_schema = 'app' and column_name = 'tenant_id' order by 1`)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, table := range tables {
		var n int
		var sum string
		// When somebody was last seen is no change: it is written by the minute, and a busy machine takes some.
		q := `select count(*), coalesce(md5(string_agg((to_jsonb(r) - 'last_seen_at')::text, ';' order by (to_jsonb(r) - 'last_seen_at')::text)), '') from app.` + pgx.Identifier{table}.Sanitize() + ` r where tenant_id = $1`
		if err := conn.QueryRow(t.Context(), q, s.Tenant).Scan(&n, &sum); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&all, "%s %d %s\n", table, n, sum)
	}
	return all.String()
}

// plant changes the answers of a server as a careless change of ours might.
type plant struct {
	server http.Handler
	change func(w http.ResponseWriter, r *http.Request, good *httptest.ResponseRecorder) bool
}

func (p plant) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	good := httptest.NewRecorder()
	p.server.ServeHTTP(good, r)
	if p.change(w, r, good) {
		return
	}
	maps.Copy(w.Header(), good.Header())
	w.WriteHeader(good.Code)
	_, _ = w.Write(good.Body.Bytes())
}

// A test that finds nothing proves nothing: each defect must be found.
func TestMatrixFindsPlantedDefects(t *testing.T) {
	t.Parallel()
	h := Open(t)
	own, other := h.Tenant(t, tenancy.County), h.Tenant(t, tenancy.County)
	s, err := tenancy.From(own)
	if err != nil {
		t.Fatal(err)
	}
	mine, theirs := h.Records(t, own), h.Records(t, other)
	read := h.Server.Spec().Operation("readRegistration")
	stranger, err := tenancy.From(other)
	if err != nil {
		t.Fatal(err)
	}
	for _, defect := range []struct {
		name   string
		change func(w http.ResponseWriter, r *http.Request, good *httptest.ResponseRecorder) bool
	}{
		{"forbidden instead of missing", func(w http.ResponseWriter, r *http.Request, good *httptest.ResponseRecorder) bool {
			if strings.Contains(r.URL.Path, theirs["registrations"]) {
				w.WriteHeader(http.StatusForbidden)
			}
			return strings.Contains(r.URL.Path, theirs["registrations"])
		}},
		{"a header more", func(w http.ResponseWriter, r *http.Request, good *httptest.ResponseRecorder) bool {
			if strings.Contains(r.URL.Path, theirs["registrations"]) {
				w.Header().Set("ETag", `"v1"`)
			}
			return false
		}},
		{"a text of the neighbour's", func(w http.ResponseWriter, r *http.Request, good *httptest.ResponseRecorder) bool {
			_, _ = w.Write([]byte(Canary(stranger)))
			return true
		}},
		{"no check of the permission", func(w http.ResponseWriter, r *http.Request, good *httptest.ResponseRecorder) bool {
			w.WriteHeader(http.StatusOK)
			return good.Code == http.StatusForbidden
		}},
	} {
		var faults []string
		m := &matrix{house: h, kind: tenancy.County, own: own, slug: s.Slug, mine: mine, theirs: theirs, requests: &atomic.Int64{},
			fault: func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }}
		caller := h.Person(t, own, "reader")
		caller.handler = plant{h.Server, defect.change}
		m.askOwn(t, &credential{name: "reader", caller: caller, may: map[string]bool{}}, read)
		m.askForeign(t, &credential{name: "reader", caller: caller, may: map[string]bool{"registration:read": true}}, read)
		blind := len(faults) == 0 || len(faults) == 1 && defect.name != "no check of the permission" && strings.Contains(faults[0], "without registration:read")
		if blind {
			t.Errorf("the defect %q was not found: %v", defect.name, faults)
		}
	}
}
