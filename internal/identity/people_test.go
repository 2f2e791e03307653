package identity_test

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/identity"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

func TestCreatePersonNamesEachWrongField(t *testing.T) {
	t.Parallel()
	n, ctx := newNode(t, 1), dbtest.Tenant(t, tenancy.Laboratory)
	for name, c := range map[string]struct {
		person   identity.Person
		password string
		pointers []string
	}{
		"a role of another kind, and none":    {identity.Person{Email: "a@b.example", Roles: []string{"analyst", "examiner", "nobody"}}, password, []string{"/roles/1", "/roles/2"}},
		"a unit that the tenant lacks":        {identity.Person{Email: "a@b.example", Units: []string{"water"}}, password, []string{"/units/0"}},
		"no e-mail address":                   {identity.Person{Email: "somebody"}, password, []string{"/email"}},
		"an e-mail address of two":            {identity.Person{Email: "a@b.example c@d.example"}, password, []string{"/email"}},
		"a password of fourteen letters":      {identity.Person{Email: "a@b.example"}, "fourteen chars", []string{"/password"}},
		"a password that is the sign-in name": {identity.Person{Email: "somebody@somewhere.example"}, "Somebody@somewhere.example", []string{"/password"}},
	} {
		_, err := n.CreatePerson(ctx, c.person, c.password)
		var pointers []string
		if p, ok := problem.As(err); ok {
			for _, d := range p.Details {
				pointers = append(pointers, d.Pointer)
			}
		}
		if !slices.Equal(pointers, c.pointers) {
			t.Errorf("%s: got %v, want details at %v", name, err, c.pointers)
		}
	}
	p := n.person(ctx, t, "analyst")
	if _, err := n.CreatePerson(ctx, identity.Person{Email: p.Email, Name: "Again", Roles: []string{}, Units: []string{}}, password); !errors.Is(err, identity.ErrEmailUsed) {
		t.Errorf("got %v, want %v", err, identity.ErrEmailUsed)
	}
}

func TestUpdatePerson(t *testing.T) {
	t.Parallel()
	n, ctx, neighbour := newNode(t, 1), dbtest.Tenant(t, tenancy.County), dbtest.Tenant(t, tenancy.County)
	p := n.person(ctx, t, "reader")
	after, err := n.UpdatePerson(ctx, p.ID, p.Version, identity.PersonChange{Name: new("A new name"), Roles: &[]string{"registrar"}})
	if err != nil || after.Name != "A new name" || !slices.Equal(after.Roles, []string{"registrar"}) || after.Version != 2 || after.Email != p.Email {
		t.Errorf("got %+v, %v", after, err)
	}
	if _, err := n.UpdatePerson(ctx, p.ID, p.Version, identity.PersonChange{Name: new("Too late")}); !errors.Is(err, problem.ErrStale) {
		t.Errorf("an old version: got %v", err)
	}
	for name, id := range map[string]string{"missing": uuid.NewString(), "the neighbour's": n.person(neighbour, t).ID} {
		if _, err := n.UpdatePerson(ctx, id, 1, identity.PersonChange{Name: new("X")}); !errors.Is(err, identity.ErrPersonNotFound) {
			t.Errorf("%s: got %v", name, err)
		}
		if _, err := n.DisablePerson(ctx, id); !errors.Is(err, identity.ErrPersonNotFound) {
			t.Errorf("%s: got %v", name, err)
		}
		if _, err := n.Person(ctx, id); !errors.Is(err, identity.ErrPersonNotFound) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestLastAdministratorRemains(t *testing.T) {
	t.Parallel()
	n, ctx := newNode(t, 1), dbtest.Tenant(t, tenancy.County)
	if _, err := n.DisablePerson(ctx, n.person(ctx, t, "reader").ID); err != nil {
		t.Errorf("a reader of a tenant without administrators: %v", err)
	}
	last := n.person(ctx, t, "administrator", "reader")
	if _, err := n.DisablePerson(ctx, last.ID); !errors.Is(err, identity.ErrLastAdmin) {
		t.Errorf("barred: got %v", err)
	}
	if _, err := n.UpdatePerson(ctx, last.ID, 1, identity.PersonChange{Roles: &[]string{"reader"}}); !errors.Is(err, identity.ErrLastAdmin) {
		t.Errorf("made a reader: got %v", err)
	}
	if _, err := n.UpdatePerson(ctx, last.ID, 1, identity.PersonChange{Name: new("The last one")}); err != nil {
		t.Errorf("renamed: got %v", err)
	}
	second := n.person(ctx, t, "administrator")
	if _, err := n.DisablePerson(ctx, last.ID); err != nil {
		t.Errorf("one of two: got %v", err)
	}
	if _, err := n.UpdatePerson(ctx, second.ID, 1, identity.PersonChange{Roles: &[]string{}}); !errors.Is(err, identity.ErrLastAdmin) {
		t.Errorf("the other one is barred, and does not count: got %v", err)
	}
	if _, err := n.EnablePerson(ctx, last.ID); err != nil {
		t.Error(err)
	}
	if _, err := n.UpdatePerson(ctx, second.ID, 1, identity.PersonChange{Roles: &[]string{}}); err != nil {
		t.Errorf("one of two again: got %v", err)
	}
}

func TestAdministratorsWhoBarEachOtherAtOnce(t *testing.T) {
	t.Parallel()
	n := newNode(t, 1)
	for range 10 {
		ctx := dbtest.Tenant(t, tenancy.Trader)
		both := []identity.Person{n.person(ctx, t, "administrator"), n.person(ctx, t, "administrator")}
		errs := make([]error, len(both))
		var wg sync.WaitGroup
		for i, p := range both {
			wg.Go(func() { _, errs[i] = n.DisablePerson(ctx, p.ID) })
		}
		wg.Wait()
		if (errs[0] == nil) == (errs[1] == nil) || !errors.Is(errors.Join(errs...), identity.ErrLastAdmin) {
			t.Fatalf("got %v", errs)
		}
	}
}

func TestPeopleInPages(t *testing.T) {
	t.Parallel()
	n, ctx := newNode(t, 1), dbtest.Tenant(t, tenancy.County)
	exec(t, `insert into app.people (tenant_id, email, name) select t.id, 'p' || n || '@x.example', case when n % 2 = 0 then '向日葵' else 'Ördög' end
		from app.tenants t, generate_series(1, 25) n where t.slug = $1`, slugOf(ctx, t))
	for q, want := range map[string]int{"": 25, "向日": 12, "ördög": 13, "P7@": 1, "%": 0, "_": 0} {
		var seen []string
		for after := [2]string{}; ; {
			page, err := n.People(ctx, q, after, 10)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range page {
				seen = append(seen, p.ID)
			}
			if len(page) < 10 {
				break
			}
			after = [2]string{page[9].Name, page[9].ID}
		}
		if got := len(slices.Compact(slices.Sorted(slices.Values(seen)))); got != want || len(seen) != want {
			t.Errorf("%q: got %d people in %d rows, want %d", q, got, len(seen), want)
		}
	}
}
