package access_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"go.yaml.in/yaml/v3"
	"pgregory.net/rapid"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/dbtest"
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
	templates, _ := tenants.Roles(string(kind))
	for _, r := range roles {
		if slices.Contains(templates[r], permission) {
			return true
		}
	}
	return false
}

func TestDecisionsEqualTheFiles(t *testing.T) {
	t.Parallel()
	a := newAccess(t)
	all := specPermissions(t)
	names := []string{"administrator", "auditor", "reader", "registrar", "dossier-officer", "translator", "secretary", "examiner", "exporter", "analyst", "*", "role:administrator", "a,b", "admin\nistrator", "", strings.Repeat("x", 10000)}
	rapid.Check(t, func(rt *rapid.T) {
		kind := rapid.SampledFrom(tenancy.Kinds).Draw(rt, "kind")
		roles := rapid.SliceOfN(rapid.SampledFrom(names), 0, 4).Draw(rt, "roles")
		permission := rapid.SampledFrom(append(all, "*:*", "registration:*", "")).Draw(rt, "permission")
		ctx := context.Background()
		set, err := a.Of(ctx, tenancy.Scope{Tenant: uuid.Max, TenantKind: kind, ActorKind: tenancy.Person, Roles: roles})
		if err != nil {
			rt.Fatal(err)
		}
		if got, want := set[permission], naive(kind, roles, permission); got != want {
			rt.Fatalf("%s %q %q: got %v, want %v", kind, roles, permission, got, want)
		}
	})
}

func TestOwnRoleStaysBelowTheCeiling(t *testing.T) {
	t.Parallel()
	a, ctx := newAccess(t), dbtest.Tenant(t, tenancy.Laboratory)
	if _, err := a.CreateRole(ctx, access.Role{Slug: "sampler", Title: "Sampler", Permissions: []string{"document:upload", "dossier:issue"}}); err == nil {
		t.Error("a laboratory's role may issue dossiers")
	}
	if _, err := a.CreateRole(ctx, access.Role{Slug: "sampler", Title: "Sampler", Permissions: []string{"document:upload"}}); err != nil {
		t.Fatal(err)
	}
	s, _ := tenancy.From(ctx)
	s.Roles = []string{"sampler"}
	if set, err := a.Of(ctx, s); err != nil || !set["document:upload"] || len(set) != 1 {
		t.Errorf("got %v, %v", set, err)
	}
}

func TestChangedRoleIsKnownToOtherNodes(t *testing.T) {
	t.Parallel()
	one, two, ctx := newAccess(t), newAccess(t), dbtest.Tenant(t, tenancy.Trader)
	go two.Listen(t.Context())
	r, err := one.CreateRole(ctx, access.Role{Slug: "helper", Title: "Helper", Permissions: []string{"document:read"}})
	if err != nil {
		t.Fatal(err)
	}
	s, _ := tenancy.From(ctx)
	s.Roles = []string{"helper"}
	for {
		if set, err := two.Of(ctx, s); err != nil || !set["document:read"] {
			t.Fatalf("got %v, %v", set, err)
		}
		r.Permissions = []string{"document:upload"}
		if r, err = one.UpdateRole(ctx, r); err != nil {
			t.Fatal(err)
		}
		// The notice travels; asking until it has arrived ends with the test's deadline.
		for range 1_000_000 {
			if set, _ := two.Of(ctx, s); set["document:upload"] && !set["document:read"] {
				return
			}
		}
		t.Fatal("the other node did not hear of the change")
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
		held = append(held, ceiling...)
	}
	for _, p := range asked {
		if !slices.Contains(held, p) {
			t.Errorf("nobody can hold %s, which an operation asks for", p)
		}
	}
	for _, p := range held {
		if !slices.Contains(asked, p) {
			t.Errorf("%s is in a ceiling, and no operation asks for it", p)
		}
	}
}

func BenchmarkDecisionAtAThousandTenants(b *testing.B) {
	a := newAccess(b)
	scopes := make([]tenancy.Scope, 1000)
	for i := range scopes {
		scopes[i] = tenancy.Scope{Tenant: uuid.New(), TenantKind: tenancy.Kinds[i%len(tenancy.Kinds)], ActorKind: tenancy.Person, Roles: []string{"administrator", "reader"}}
	}
	for i := 0; b.Loop(); i++ {
		if set, err := a.Of(b.Context(), scopes[i%1000]); err != nil || set["dossier:issue"] {
			b.Fatal(err)
		}
	}
}
