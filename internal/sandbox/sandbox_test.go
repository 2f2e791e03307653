package sandbox_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/apitest"
	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/sandbox"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

const question = "/api/v1/status?name=test+sunflower&market=XA&on=2026-01-01"

// open opens a sandbox and returns it with its machine, signed in.
func open(t *testing.T, h *apitest.House) (sandbox.Opened, *apitest.Caller) {
	t.Helper()
	o, err := h.Sandbox.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return o, h.Machine(t, o.ClientID, o.Secret)
}

// list reads the publications that a caller sees, as kind and publisher.
func list(t *testing.T, c *apitest.Caller, path string) (found []string) {
	t.Helper()
	var page struct {
		Items []struct {
			Kind      string
			Publisher struct{ Slug string }
		}
	}
	c.Need(t, &page, "GET", path, nil)
	for _, i := range page.Items {
		found = append(found, i.Kind+" "+i.Publisher.Slug)
	}
	return found
}

func TestASandboxSeesItselfAndNothingElse(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	// The house publishes something, to have what must not be seen.
	county := h.Tenant(t, tenancy.County)
	err := h.DB.Tx(county, func(tx pgx.Tx) error {
		_, err := exchange.Publish(county, tx, exchange.Publication{Kind: "registration", RecordID: uuid.New(), Audience: exchange.Public, Content: map[string]string{"text": "true"}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	o, machine := open(t, h)
	open(t, h) // a neighbour
	for _, path := range []string{"/api/v1/publications?limit=200", "/api/v1/changes?limit=200"} {
		found := list(t, machine, path)
		if len(found) < 7 { // canary, instrument, three registrations, two recognitions
			t.Errorf("%s: the sandbox sees %v", path, found)
		}
		for _, f := range found {
			if !strings.HasSuffix(f, " "+o.County) && !strings.HasSuffix(f, " "+o.Office) {
				t.Errorf("%s: the sandbox sees %s", path, f)
			}
		}
	}
	var answer struct{ Answer string }
	r := machine.JSON(t, "GET", question, nil)
	if err := json.Unmarshal(r.Body.Bytes(), &answer); err != nil || answer.Answer != "yes" {
		t.Errorf("in the sandbox the test name is %d %s", r.Code, r.Body)
	}
	if got := r.Header().Get("Cache-Control"); !strings.Contains(got, "no-store") {
		t.Errorf("a sandbox's answer may be kept for others: %q", got)
	}
}

func TestTheHouseSeesNothingOfASandbox(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	o, machine := open(t, h)
	own := list(t, machine, "/api/v1/publications?limit=200&kind=registration")
	if len(own) != 3 {
		t.Fatalf("the sandbox has %v", own)
	}
	var page struct{ Items []struct{ ID string } }
	machine.Need(t, &page, "GET", "/api/v1/publications?limit=1&kind=registration", nil)
	real := h.Tenant(t, tenancy.Jurisdiction)
	_, neighbour := open(t, h)
	for name, c := range map[string]*apitest.Caller{"nobody": h.Nobody(), "a real office": h.Person(t, real), "a real machine": h.Client(t, real), "another sandbox": neighbour} {
		for _, path := range []string{"/api/v1/publications?publisher=" + o.County, "/api/v1/publications?publisher=" + o.Office, "/api/v1/changes?publisher=" + o.County} {
			if found := list(t, c, path); len(found) > 0 {
				t.Errorf("%s sees %v at %s", name, found, path)
			}
		}
		if r := c.JSON(t, "GET", "/api/v1/publications/"+page.Items[0].ID, nil); r.Code != http.StatusNotFound {
			t.Errorf("%s reads a publication of the sandbox: %d", name, r.Code)
		}
		if r := c.JSON(t, "GET", "/api/v1/publications/"+page.Items[0].ID+"/proof", nil); r.Code != http.StatusNotFound {
			t.Errorf("%s gets a proof of the sandbox: %d", name, r.Code)
		}
		if found := c.JSON(t, "GET", "/api/v1/keys?publisher="+o.Office, nil); strings.Contains(found.Body.String(), o.Office) {
			t.Errorf("%s sees the sandbox's key: %s", name, found.Body)
		}
		if name == "another sandbox" {
			continue // it has the same test names of its own
		}
		if r := c.JSON(t, "GET", question, nil); !strings.Contains(r.Body.String(), `"answer":"unknown"`) {
			t.Errorf("%s gets an answer that rests on the sandbox: %s", name, r.Body)
		}
	}
}

func TestNothingIsGivenAcross(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	o, machine := open(t, h)
	real := h.Tenant(t, tenancy.Jurisdiction)
	scope, err := tenancy.From(real)
	if err != nil {
		t.Fatal(err)
	}
	grant := func(to string) map[string]any {
		return map[string]any{"reader": to, "kinds": []string{"registration"}, "purpose": "a try", "until": time.Now().Add(time.Hour).UTC().Format(time.RFC3339)}
	}
	if r := machine.JSON(t, "POST", "/api/v1/grants", grant(scope.Slug)); r.Code != http.StatusBadRequest || !strings.Contains(r.Body.String(), "audience.no-tenant") {
		t.Errorf("a sandbox grants to a real tenant: %d %s", r.Code, r.Body)
	}
	if r := h.Person(t, real).JSON(t, "POST", "/api/v1/grants", grant(o.Office)); r.Code != http.StatusBadRequest || !strings.Contains(r.Body.String(), "audience.no-tenant") {
		t.Errorf("a real tenant grants to a sandbox: %d %s", r.Code, r.Body)
	}
	if r := machine.JSON(t, "POST", "/api/v1/grants", grant(o.County)); r.Code != http.StatusCreated {
		t.Errorf("inside the sandbox: %d %s", r.Code, r.Body)
	}
}

// Whoever forgets the side in a query is stopped by the database.
func TestTheDatabaseDivides(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	o, _ := open(t, h)
	count := func(ctx context.Context, query string) (n int) {
		t.Helper()
		if err := dbtest.DB(t).Read(ctx, func(tx pgx.Tx) error { return tx.QueryRow(ctx, query).Scan(&n) }); err != nil {
			t.Fatal(err)
		}
		return n
	}
	real, public := h.Tenant(t, tenancy.County), tenancy.In(t.Context(), tenancy.Public)
	for _, query := range []string{
		`select count(*) from app.tenants where slug like 'test-%-%' and id in (select member from app.sandbox_tenants)`,
		`select count(*) from app.publications where sandbox is not null`,
		`select count(*) from app.changes where sandbox is not null`,
	} {
		if n := count(real, query) + count(public, query); n != 0 {
			t.Errorf("outside the sandbox there are %d rows: %s", n, query)
		}
	}
	// A row of the house is not to be written from a sandbox, nor the other way about.
	var office tenancy.ID
	if err := dbtest.Superuser(t).QueryRow(t.Context(), `select id from app.tenants where slug = $1`, o.Office).Scan(&office); err != nil {
		t.Fatal(err)
	}
	for name, ctx := range map[string]context.Context{"sandbox": tenancy.In(t.Context(), tenancy.Scope{Tenant: office}), "house": real} {
		err := dbtest.DB(t).Tx(ctx, func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, `insert into app.publications (kind, record_id, version, content, sha256, root, sandbox)
				values ('x', uuidv7(), 1, '{}', '\x00', uuidv7(), case when app.sandbox() is null then uuidv7() end)`)
			return err
		})
		if err == nil {
			t.Errorf("a row of the other side was written from the %s", name)
		}
	}
}

func TestTheMachineOfASandboxStoresNothing(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	o, machine := open(t, h)
	for _, s := range o.Scopes {
		if strings.HasPrefix(s, "document:") || s == "registration:import" || strings.HasPrefix(s, "credential:") {
			t.Errorf("it may %s", s)
		}
	}
	if r := machine.JSON(t, "POST", "/api/v1/documents", map[string]any{"name": "x.pdf", "mediaType": "application/pdf", "size": 1}); r.Code != http.StatusForbidden {
		t.Errorf("an upload: %d %s", r.Code, r.Body)
	}
}

func TestSandboxesAreBounded(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	make := func(most int) *sandbox.Sandboxes {
		return sandbox.New(sandbox.Config{DB: h.DB, Access: h.Access, Identity: h.Identity, Registry: h.Registry, Law: h.Law, Most: most, Now: h.Now})
	}
	if _, err := make(0).Open(t.Context()); !errors.Is(err, sandbox.ErrNone) {
		t.Errorf("a house that wants none: %v", err)
	}
	open(t, h)
	if _, err := make(1).Open(t.Context()); !errors.Is(err, sandbox.ErrFull) {
		t.Errorf("a house that has enough: %v", err)
	}
}
