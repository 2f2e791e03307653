package identity_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/identity"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/tenants"
)

func newProvisioner(t *testing.T) identity.Provisioner {
	return identity.Provisioner{Owner: dbtest.OwnerPool(t), DB: dbtest.DB(t)}
}

func lines(changes []identity.Change) (all []string) {
	for _, c := range changes {
		all = append(all, c.String())
	}
	return all
}

func TestDemonstrationTenantsSignIn(t *testing.T) {
	t.Parallel()
	p, n := newProvisioner(t), newNode(t, 1)
	files, err := tenants.Demo()
	if err != nil {
		t.Fatal(err)
	}
	const short = "demo"
	planned, err := p.Plan(t.Context(), files, short)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.ScopeOf(t.Context(), "wuyuan"); !errors.Is(err, identity.ErrTenantNotFound) {
		t.Fatalf("a plan made a tenant: %v", err)
	}
	done, err := p.Apply(t.Context(), files, short)
	if err != nil || !slices.Equal(lines(planned), lines(done)) {
		t.Errorf("done is not what was planned: %v\n%v\n%v", err, lines(planned), lines(done))
	}
	if !identity.SetPasswords(done) {
		t.Error("the changes do not tell that passwords were set")
	}
	if again, err := p.Apply(t.Context(), files, "another password"); err != nil || len(again) != 0 || identity.SetPasswords(again) {
		t.Errorf("a second time: got %v, %v", lines(again), err)
	}
	for _, f := range files {
		for _, who := range f.People {
			s, _, err := n.SignIn(t.Context(), who.Email, short, "", "")
			if err != nil {
				t.Errorf("%s: %v", who.Email, err)
				continue
			}
			if s.Scope.Slug != f.Slug || !s.Scope.Demo || !slices.Equal(s.Scope.Roles, who.Roles) || len(who.Units) > 0 && s.Scope.Unit != who.Units[0] {
				t.Errorf("%s: got %+v", who.Email, s.Scope)
			}
		}
	}
}

func TestApplyTellsAndDoesWhatDiffers(t *testing.T) {
	t.Parallel()
	p := newProvisioner(t)
	slug := "t-" + uuid.NewString()[:8]
	f := tenants.Tenant{Slug: slug, Kind: "county", Names: map[string]string{"zh-Hans": "县", "en": "County"}, Demo: true,
		Units:  []tenants.Unit{{Slug: "water", Names: map[string]string{"zh-Hans": "水利局", "en": "Water"}}},
		People: []tenants.Person{{Email: "a@" + slug + ".example", Name: "A", Roles: []string{"reader"}, Units: []string{"water"}}}}
	apply := func(want ...string) {
		t.Helper()
		planned, err := p.Plan(t.Context(), []tenants.Tenant{f}, password)
		if err != nil {
			t.Fatal(err)
		}
		done, err := p.Apply(t.Context(), []tenants.Tenant{f}, password)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(lines(planned), want) || !slices.Equal(lines(done), want) {
			t.Errorf("planned %q, done %q, want %q", lines(planned), lines(done), want)
		}
	}
	apply(`+ `+slug+` tenant `+slug+` kind=county names={"en":"County","zh-Hans":"县"} timeZone=UTC demo=true`,
		`+ `+slug+` unit water names={"en":"Water","zh-Hans":"水利局"} position=0`,
		`+ `+slug+` person a@`+slug+`.example name=A roles=["reader"] units=["water"] password=true`)
	apply()
	f.Office, f.TimeZone = "XA", "Asia/Shanghai"
	f.Units[0].Names = map[string]string{"zh-Hans": "水利局", "en": "Water Resources"}
	f.People[0].Roles = []string{"reader", "registrar"}
	apply(`~ `+slug+` tenant `+slug+` office=→XA timeZone=UTC→Asia/Shanghai`,
		`~ `+slug+` unit water names={"en":"Water","zh-Hans":"水利局"}→{"en":"Water Resources","zh-Hans":"水利局"}`,
		`~ `+slug+` person a@`+slug+`.example roles=["reader"]→["reader","registrar"]`)
	apply()
	f.Units, f.People[0].Units = nil, nil
	apply(`~ ` + slug + ` person a@` + slug + `.example units=["water"]→[]`)
	f.Kind, f.People = "trader", nil
	if _, err := p.Apply(t.Context(), []tenants.Tenant{f}, ""); !errors.Is(err, identity.ErrKindFixed) {
		t.Errorf("another kind: got %v", err)
	}
	s, err := p.ScopeOf(t.Context(), slug)
	if err != nil {
		t.Fatal(err)
	}
	in := tenancy.In(t.Context(), s)
	if got := trail(in, t); !slices.Equal(got, []string{"tenant.apply", "tenant.apply", "tenant.apply"}) {
		t.Errorf("the trail says %v", got)
	}
	var kept string
	err = dbtest.DB(t).Read(in, func(tx pgx.Tx) error {
		return tx.QueryRow(in, `select after #>> '{changes,0,what}' from app.audit_events order by id limit 1`).Scan(&kept)
	})
	if err != nil || kept != "tenant" {
		t.Errorf("the trail keeps %q, %v", kept, err)
	}
}

func TestPeopleOfRealTenantsGetNoDemonstrationPassword(t *testing.T) {
	t.Parallel()
	p, n := newProvisioner(t), newNode(t, 1)
	slug := "t-" + uuid.NewString()[:8]
	email := "admin@" + slug + ".example"
	f := tenants.Tenant{Slug: slug, Kind: "trader", Names: map[string]string{"zh-Hans": "公司", "en": "Company"},
		People: []tenants.Person{{Email: email, Name: "A", Roles: []string{"administrator"}}}}
	if _, err := p.Apply(t.Context(), []tenants.Tenant{f}, password); err != nil {
		t.Fatal(err)
	}
	if _, _, err := n.SignIn(t.Context(), email, password, "", ""); !errors.Is(err, identity.ErrSignIn) {
		t.Errorf("got %v", err)
	}
	if err := p.SetPassword(t.Context(), slug, email, password); err != nil {
		t.Fatal(err)
	}
	if _, _, err := n.SignIn(t.Context(), email, password, "", ""); err != nil {
		t.Error(err)
	}
	if err := p.SetPassword(t.Context(), slug, "nobody@"+slug, password); !errors.Is(err, identity.ErrPersonNotFound) {
		t.Errorf("got %v", err)
	}
}

func TestSuspendAndResumeAreToldAndListed(t *testing.T) {
	t.Parallel()
	p, ctx := newProvisioner(t), dbtest.Tenant(t, tenancy.Trader)
	slug := slugOf(ctx, t)
	suspended := func() bool {
		all, err := p.List(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(all, func(l identity.Listed) bool { return l.Slug == slug })
		return all[i].Suspended
	}
	if err := p.Suspend(t.Context(), slug); err != nil || !suspended() {
		t.Errorf("not suspended: %v", err)
	}
	if err := p.Resume(t.Context(), slug); err != nil || suspended() {
		t.Errorf("not resumed: %v", err)
	}
	if got := trail(ctx, t); !slices.Equal(got, []string{"tenant.suspend", "tenant.resume"}) {
		t.Errorf("the trail says %v", got)
	}
	if err := p.Suspend(t.Context(), "nobody"); !errors.Is(err, identity.ErrTenantNotFound) {
		t.Errorf("got %v", err)
	}
}
