package access_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"go.yaml.in/yaml/v3"
	"pgregory.net/rapid"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/i18n"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/tenants"
)

func newAccess(t testing.TB) *access.Access {
	t.Helper()
	a, err := access.New(dbtest.DB(t))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// naive answers from the files alone, without Casbin.
func naive(kind tenancy.Kind, roles []string, permission string) bool {
	if permission == "session:read" || permission == "session:end" {
		return true
	}
	templates, _ := tenants.Roles(string(kind))
	return slices.ContainsFunc(roles, func(r string) bool { return slices.Contains(templates[r], permission) })
}

// hostile names are what somebody might call a role or a person to be taken for another one.
var hostile = []string{"*", "admin", "role:administrator", "user:somebody", "administrator,reader", "reader\nadministrator", "kind:county", "", "Administrator", "administrator ", "' or true --", strings.Repeat("x", 10_000)}

func TestDecisionsEqualTheFiles(t *testing.T) {
	t.Parallel()
	a := newAccess(t)
	permissions := append(specPermissions(t), "*:*", "registration:*", "*", "", ":")
	rapid.Check(t, func(rt *rapid.T) {
		kind := rapid.SampledFrom(tenancy.Kinds).Draw(rt, "kind")
		names := slices.Clone(hostile)
		for _, r := range a.Templates(kind) {
			names = append(names, r.Slug)
		}
		roles := rapid.SliceOfN(rapid.SampledFrom(names), 0, 4).Draw(rt, "roles")
		set, err := a.Of(t.Context(), tenancy.Scope{Tenant: uuid.Max, TenantKind: kind, ActorKind: tenancy.Person, Roles: roles})
		if err != nil {
			rt.Fatal(err)
		}
		for _, p := range permissions {
			if got, want := set[p], naive(kind, roles, p); got != want {
				rt.Fatalf("%s with roles %q, %q: got %v, want %v", kind, roles, p, got, want)
			}
		}
	})
}

func TestOnlyPeopleAndMachinesMayDoAnything(t *testing.T) {
	t.Parallel()
	a := newAccess(t)
	for _, kind := range []tenancy.ActorKind{tenancy.Visitor, tenancy.System, ""} {
		s := tenancy.Scope{Tenant: uuid.Max, TenantKind: tenancy.County, ActorKind: kind, Roles: []string{"administrator"}, Permissions: []string{"dossier:issue"}}
		if set, err := a.Of(t.Context(), s); err != nil || len(set) != 0 {
			t.Errorf("%q: got %v, %v", kind, set, err)
		}
	}
}

func TestMachineMayDoWhatItsScopesSayBelowTheCeiling(t *testing.T) {
	t.Parallel()
	a := newAccess(t)
	s := tenancy.Scope{TenantKind: tenancy.Laboratory, ActorKind: tenancy.Client, Roles: []string{"administrator"},
		Permissions: []string{"document:read", "dossier:issue", "person:create", "role:create", "api-client:create", "session:read", "*"}}
	set, err := a.Of(t.Context(), s)
	if err != nil || len(set) != 1 || !set["document:read"] {
		t.Errorf("got %v, %v", set, err)
	}
}

func TestOwnRoleStaysBelowTheCeiling(t *testing.T) {
	t.Parallel()
	a, ctx := newAccess(t), dbtest.Tenant(t, tenancy.Laboratory)
	_, err := a.CreateRole(ctx, access.Role{Slug: "sampler", Title: "Sampler", Permissions: []string{"document:upload", "dossier:issue"}})
	if p, ok := problem.As(err); !ok || len(p.Details) != 1 || p.Details[0].Pointer != "/permissions/1" || p.Details[0].Code != access.CodeAboveCeiling {
		t.Errorf("a laboratory's role may issue dossiers: %v", err)
	}
	if _, err := a.CreateRole(ctx, access.Role{Slug: "sampler", Title: "Sampler", Permissions: []string{"document:upload"}}); err != nil {
		t.Fatal(err)
	}
	s, _ := tenancy.From(ctx)
	for _, c := range []struct {
		roles []string
		want  []string
	}{
		{[]string{"sampler"}, []string{"document:upload", "session:end", "session:read"}},
		{[]string{"sampler", "nobody"}, []string{"document:upload", "session:end", "session:read"}},
		{nil, []string{"session:end", "session:read"}},
	} {
		s.Roles = c.roles
		set, err := a.Of(ctx, s)
		if got := access.Permissions(access.With(ctx, set)); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%v: got %v, %v, want %v", c.roles, got, err, c.want)
		}
	}
}

func TestOwnRoleIsNothingToTheNeighbour(t *testing.T) {
	t.Parallel()
	a, ctx := newAccess(t), dbtest.Tenant(t, tenancy.Trader)
	if _, err := a.CreateRole(ctx, access.Role{Slug: "packer", Title: "Packer", Permissions: []string{"document:upload"}}); err != nil {
		t.Fatal(err)
	}
	neighbour, _ := tenancy.From(dbtest.Tenant(t, tenancy.Trader))
	neighbour.Roles = []string{"packer"}
	if set, err := a.Of(ctx, neighbour); err != nil || set["document:upload"] {
		t.Errorf("got %v, %v", set, err)
	}
}

func TestOwnRoleIsChangedAtItsVersionAndKeptByItsPeople(t *testing.T) {
	t.Parallel()
	a, ctx, db := newAccess(t), dbtest.Tenant(t, tenancy.Trader), dbtest.DB(t)
	r, err := a.CreateRole(ctx, access.Role{Slug: "packer", Title: "Packer", Permissions: []string{"document:upload"}})
	if err != nil {
		t.Fatal(err)
	}
	err = db.Tx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `insert into app.people (email, name, roles) values ('p@x.example', 'P', '{reader,packer}')`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.DeleteRole(ctx, r.ID); !errors.Is(err, access.ErrRoleUsed) {
		t.Errorf("a role that somebody has was removed: %v", err)
	}
	old := r
	r.Slug = "shipper"
	if r, err = a.UpdateRole(ctx, r); err != nil || r.Version != 2 {
		t.Fatalf("got %+v, %v", r, err)
	}
	if _, err := a.UpdateRole(ctx, old); !errors.Is(err, problem.ErrStale) {
		t.Errorf("an old version was changed: %v", err)
	}
	var roles []string
	err = db.Read(ctx, func(tx pgx.Tx) error { return tx.QueryRow(ctx, `select roles from app.people`).Scan(&roles) })
	if err != nil || !slices.Equal(roles, []string{"reader", "shipper"}) {
		t.Errorf("got %v, %v", roles, err)
	}
	for _, name := range []string{"reader", "a,b", "role:reader", "-", "Ünlü"} {
		if _, err := a.CreateRole(ctx, access.Role{Slug: name, Title: "X", Permissions: []string{}}); err == nil {
			t.Errorf("a role may be named %q", name)
		}
	}
}

// Nobody's roles are remembered by a node that does not hear of changes; one that does forgets what another node changed.
func TestChangedRoleIsKnownToOtherNodes(t *testing.T) {
	t.Parallel()
	one, two, ctx := newAccess(t), newAccess(t), dbtest.Tenant(t, tenancy.Trader)
	listening, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- two.Listen(listening) }()
	r, err := one.CreateRole(ctx, access.Role{Slug: "packer", Title: "Packer", Permissions: []string{"document:read"}})
	if err != nil {
		t.Fatal(err)
	}
	s, _ := tenancy.From(ctx)
	s.Roles = []string{"packer"}
	may := func(permission string) bool {
		set, err := two.Of(ctx, s)
		if err != nil {
			t.Fatal(err)
		}
		return set[permission]
	}
	eventually(t, "the other node remembers the role", func() bool { return may("document:read") && access.Remembers(two, s.Tenant) })
	r.Permissions = []string{"document:upload"}
	if _, err = one.UpdateRole(ctx, r); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the other node hears of the change", func() bool { return may("document:upload") && !may("document:read") })
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if !may("document:upload") || access.Remembers(two, s.Tenant) {
		t.Error("a node that no longer listens remembers a role, or does not ask for it")
	}
}

// A connection that ends is opened again; what was remembered meanwhile is worth nothing.
func TestListeningGoesOnAfterItsConnectionEnded(t *testing.T) {
	t.Parallel()
	one, two, ctx := newAccess(t), newAccess(t), dbtest.Tenant(t, tenancy.Trader)
	go two.Listen(t.Context())
	r, err := one.CreateRole(ctx, access.Role{Slug: "packer", Title: "Packer", Permissions: []string{"document:read"}})
	if err != nil {
		t.Fatal(err)
	}
	s, _ := tenancy.From(ctx)
	s.Roles = []string{"packer"}
	remembered := func() bool {
		if _, err := two.Of(ctx, s); err != nil {
			t.Fatal(err)
		}
		return access.Remembers(two, s.Tenant)
	}
	eventually(t, "the node remembers the role", remembered)
	if _, err := dbtest.Superuser(t).Exec(t.Context(), `select pg_terminate_backend(pid) from pg_stat_activity where query = 'listen access'`); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the node forgets", func() bool { return !access.Remembers(two, s.Tenant) })
	r.Permissions = []string{"document:upload"}
	if _, err = one.UpdateRole(ctx, r); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the node remembers again", remembered)
	if set, err := two.Of(ctx, s); err != nil || !set["document:upload"] {
		t.Errorf("got %v, %v", set, err)
	}
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for end := time.After(20 * time.Second); !is(); {
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("not so: %s", what)
		}
	}
}

func specPermissions(t testing.TB) []string {
	t.Helper()
	var spec struct {
		Paths map[string]map[string]yaml.Node `yaml:"paths"`
	}
	if err := yaml.Unmarshal(api.Spec, &spec); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, operations := range spec.Paths {
		for method, node := range operations {
			if method == "parameters" {
				continue
			}
			var op struct {
				Permission string `yaml:"x-permission"`
			}
			if err := node.Decode(&op); err != nil {
				t.Fatal(err)
			}
			if op.Permission != "" && !slices.Contains(all, op.Permission) {
				all = append(all, op.Permission)
			}
		}
	}
	return all
}

func TestEveryPermissionIsHeldAndAsked(t *testing.T) {
	t.Parallel()
	asked := specPermissions(t)
	var held []string
	for _, k := range tenancy.Kinds {
		ceiling, err := tenants.Ceiling(string(k))
		if err != nil {
			t.Fatal(err)
		}
		roles, err := tenants.Roles(string(k))
		if err != nil {
			t.Fatal(err)
		}
		for role, permissions := range roles {
			held = append(held, permissions...)
			for _, p := range permissions {
				if !slices.Contains(ceiling, p) {
					t.Errorf("%s of %s holds %s, which is above the ceiling", role, k, p)
				}
			}
		}
		for _, p := range ceiling {
			if !slices.Contains(asked, p) {
				t.Errorf("%s is in the ceiling of %s, and no operation asks for it", p, k)
			}
		}
	}
	for _, p := range asked {
		if !slices.Contains(held, p) {
			t.Errorf("no role of any kind holds %s, which an operation asks for", p)
		}
	}
}

func TestRefusalNamesWhatIsMissingAndWhoHasIt(t *testing.T) {
	t.Parallel()
	bundle, err := locale.Load(i18n.FS)
	if err != nil {
		t.Fatal(err)
	}
	a := newAccess(t)
	for _, c := range []struct {
		kind             tenancy.Kind
		permission, want string
	}{
		{tenancy.Laboratory, "audit-event:export", "Auditor"},
		{tenancy.County, "person:read", "Administrator · Auditor"},
		{tenancy.Laboratory, "dossier:issue", "no role in this kind of organisation"},
	} {
		ctx := locale.With(tenancy.In(t.Context(), tenancy.Scope{TenantKind: c.kind}), locale.English)
		p, ok := problem.As(a.Missing(ctx, bundle, c.permission))
		if !ok || p.Kind != problem.Forbidden || p.Values["Permission"] != c.permission || p.Values["Who"] != c.want {
			t.Errorf("%s %s: got %v", c.kind, c.permission, p)
		}
	}
}

func BenchmarkDecisionAtAThousandTenants(b *testing.B) {
	a := newAccess(b)
	scopes := make([]tenancy.Scope, 1000)
	for i := range scopes {
		scopes[i] = tenancy.Scope{Tenant: uuid.New(), TenantKind: tenancy.Kinds[i%len(tenancy.Kinds)], ActorKind: tenancy.Person, Roles: []string{"administrator", "auditor"}}
		if i%10 == 0 {
			scopes[i].ActorKind, scopes[i].Permissions = tenancy.Client, a.MachineCeiling(scopes[i].TenantKind)
		}
	}
	for i := 0; b.Loop(); i++ {
		set, err := a.Of(b.Context(), scopes[i%1000])
		if err != nil || !access.Can(access.With(b.Context(), set), "document:read") && scopes[i%1000].TenantKind != tenancy.Operator {
			b.Fatal(err, set)
		}
	}
}
