package identity_test

import (
	"crypto/sha256"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/identity"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

func TestSignIn(t *testing.T) {
	t.Parallel()
	n, ctx := newNode(t, 1), dbtest.Tenant(t, tenancy.County)
	suspended := dbtest.Tenant(t, tenancy.Trader)
	exec(t, `update app.tenants set suspended_at = now() where slug = $1`, slugOf(suspended, t))
	disabled := n.person(ctx, t, "reader")
	if _, err := n.DisablePerson(ctx, disabled.ID); err != nil {
		t.Fatal(err)
	}
	without := n.person(ctx, t)
	exec(t, `update app.people set password_hash = '' where email = $1`, without.Email)
	for name, c := range map[string]struct {
		email, password, tenant string
		want                    error
	}{
		"right":                           {n.person(ctx, t).Email, password, "", nil},
		"in capitals and with spaces":     {" " + strings.ToUpper(n.person(ctx, t).Email) + " ", password, "", nil},
		"right, with the tenant":          {n.person(ctx, t).Email, password, slugOf(ctx, t), nil},
		"another tenant":                  {n.person(ctx, t).Email, password, "elsewhere", identity.ErrSignIn},
		"wrong password":                  {n.person(ctx, t).Email, "correct horse battery stable", "", identity.ErrSignIn},
		"empty password":                  {n.person(ctx, t).Email, "", "", identity.ErrSignIn},
		"unknown name":                    {"nobody@" + uuid.NewString(), password, "", identity.ErrSignIn},
		"disabled":                        {disabled.Email, password, "", identity.ErrSignIn},
		"of a suspended tenant":           {n.person(suspended, t).Email, password, "", identity.ErrSignIn},
		"somebody who has no password":    {without.Email, "", "", identity.ErrSignIn},
		"no name":                         {"", password, "", identity.ErrSignIn},
		"a name that is a pattern of all": {"%", password, "", identity.ErrSignIn},
	} {
		s, cookie, err := n.SignIn(t.Context(), c.email, c.password, c.tenant, "a browser")
		if !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
		if (c.want == nil) != (cookie != nil) || c.want == nil && s.Scope.Slug != slugOf(ctx, t) {
			t.Errorf("%s: got the session %+v and the cookie %v", name, s, cookie)
		}
	}
}

func TestSameNameInTwoTenants(t *testing.T) {
	t.Parallel()
	n, one, two := newNode(t, 1), dbtest.Tenant(t, tenancy.County), dbtest.Tenant(t, tenancy.Association)
	p := n.person(one, t)
	if _, err := n.CreatePerson(two, identity.Person{Email: p.Email, Name: "The same", Roles: []string{}, Units: []string{}}, password); err != nil {
		t.Fatal(err)
	}
	if _, _, err := n.SignIn(t.Context(), p.Email, password, "", ""); !errors.Is(err, identity.ErrWhichTenant) {
		t.Errorf("got %v, want %v", err, identity.ErrWhichTenant)
	}
	s, _, err := n.SignIn(t.Context(), p.Email, password, slugOf(two, t), "")
	if err != nil || s.Scope.Slug != slugOf(two, t) {
		t.Errorf("got %v, %v", s.Scope.Slug, err)
	}
}

func TestNameTriedInVainWaits(t *testing.T) {
	t.Parallel()
	n, ctx := newNode(t, 1), dbtest.Tenant(t, tenancy.Trader)
	p, other := n.person(ctx, t), n.person(ctx, t)
	name := sha256.Sum256([]byte(p.Email))
	for range 5 {
		if _, _, err := n.SignIn(t.Context(), p.Email, "wrong", "", ""); !errors.Is(err, identity.ErrSignIn) {
			t.Fatalf("got %v", err)
		}
	}
	waits := []int{}
	for range 12 {
		_, _, err := n.SignIn(t.Context(), p.Email, password, "", "")
		refused, ok := problem.As(err)
		if !ok || !errors.Is(err, identity.ErrWait) {
			t.Fatalf("the right password is good at once after wrong ones: %v", err)
		}
		waits = append(waits, refused.Values["retryAfter"].(int))
		exec(t, `update app.sign_in_failures set last_at = now() - interval '1000 seconds' where name_hash = $1`, name[:])
		if _, _, err := n.SignIn(t.Context(), p.Email, "wrong", "", ""); !errors.Is(err, identity.ErrSignIn) {
			t.Fatalf("nobody is let try after waiting: %v", err)
		}
	}
	if want := []int{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900}; !slices.Equal(waits, want) {
		t.Errorf("waits of %v seconds, want %v", waits, want)
	}
	if _, _, err := n.SignIn(t.Context(), other.Email, password, "", ""); err != nil {
		t.Errorf("somebody else has to wait: %v", err)
	}
	exec(t, `update app.sign_in_failures set last_at = now() - interval '1000 seconds' where name_hash = $1`, name[:])
	n.signIn(t, p)
	for range 5 {
		if _, _, err := n.SignIn(t.Context(), p.Email, "wrong", "", ""); !errors.Is(err, identity.ErrSignIn) {
			t.Errorf("old failures count after a sign-in: %v", err)
		}
	}
}

func TestGuessesSentAtOnceAreAllCounted(t *testing.T) {
	t.Parallel()
	n, ctx := newNode(t, 1), dbtest.Tenant(t, tenancy.Trader)
	p := n.person(ctx, t)
	var looked atomic.Int32
	var wg sync.WaitGroup
	for range 40 {
		wg.Go(func() {
			if _, _, err := n.SignIn(t.Context(), p.Email, "wrong", "", ""); errors.Is(err, identity.ErrSignIn) {
				looked.Add(1)
			}
		})
	}
	wg.Wait()
	if got := looked.Load(); got > 7 { // five, and what a slow machine lets by after a second or two
		t.Errorf("%d guesses were looked at", got)
	}
}

// The time of a refusal would tell which names exist, if passwords were hashed for those only: with no place to hash in,
// all names are sent away alike.
func TestUnknownNameIsHashedAsAKnownOne(t *testing.T) {
	t.Parallel()
	n, ctx := newNode(t, 1), dbtest.Tenant(t, tenancy.Trader)
	known := n.person(ctx, t).Email
	identity.FillQueue(n.Identity)
	for name, email := range map[string]string{"known": known, "unknown": "nobody@" + uuid.NewString()} {
		_, _, err := n.SignIn(t.Context(), email, "wrong", "", "")
		if refused, ok := problem.As(err); !ok || !errors.Is(err, identity.ErrCrowded) || refused.Values["retryAfter"] == nil {
			t.Errorf("a name that is %s: got %v", name, err)
		}
	}
}

func TestCookie(t *testing.T) {
	t.Parallel()
	n, ctx := newNode(t, 1), dbtest.Tenant(t, tenancy.Trader)
	c := n.signIn(t, n.person(ctx, t))
	if c.Name != "__Host-session" || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge != 12*60*60 || len(c.Value) < 43 {
		t.Errorf("got %+v", c)
	}
	var kept int
	err := dbtest.Superuser(t).QueryRow(t.Context(), `select count(*) from app.sessions s where strpos(s::text, $1) > 0`, c.Value).Scan(&kept)
	if err != nil || kept != 0 {
		t.Errorf("the token is kept as it is: %d, %v", kept, err)
	}
	for name, wrong := range map[string]string{"unknown": strings.Repeat("A", 52), "empty": "", "of ten thousand letters": strings.Repeat("A", 10_000), "cut": c.Value[:51]} {
		if _, ok := n.signedIn(t, &http.Cookie{Name: c.Name, Value: wrong}); ok {
			t.Errorf("a cookie that is %s is somebody's", name)
		}
	}
	if _, ok := n.signedIn(t, &http.Cookie{Name: "session", Value: c.Value}); ok {
		t.Error("a cookie without the prefix is taken over HTTPS")
	}
}

func TestSessionEnds(t *testing.T) {
	t.Parallel()
	n, ctx := newNode(t, 1), dbtest.Tenant(t, tenancy.County)
	for name, end := range map[string]func(p identity.Person){
		"unused for half an hour": func(p identity.Person) {
			exec(t, `update app.sessions set last_seen_at = now() - interval '31 minutes' where person_id = $1`, p.ID)
		},
		"twelve hours old": func(p identity.Person) {
			exec(t, `update app.sessions set expires_at = now() - interval '1 second' where person_id = $1`, p.ID)
		},
		"of a person who is disabled": func(p identity.Person) {
			if _, err := n.DisablePerson(ctx, p.ID); err != nil {
				t.Fatal(err)
			}
		},
		"of a person with a new password": func(p identity.Person) {
			if _, err := n.UpdatePerson(ctx, p.ID, 1, identity.PersonChange{Password: new("another horse battery staple")}); err != nil {
				t.Fatal(err)
			}
		},
	} {
		p := n.person(ctx, t, "reader")
		c := n.signIn(t, p)
		if _, ok := n.signedIn(t, c); !ok {
			t.Fatalf("%s: not signed in", name)
		}
		end(p)
		if _, ok := n.signedIn(t, c); ok {
			t.Errorf("%s: still signed in", name)
		}
	}
}

func TestSuspensionStopsAtOnceAndResumes(t *testing.T) {
	t.Parallel()
	n, ctx := newNode(t, 1), dbtest.Tenant(t, tenancy.County)
	operator := identity.Provisioner{Owner: dbtest.OwnerPool(t), DB: dbtest.DB(t)}
	p := n.person(ctx, t, "reader")
	c := n.signIn(t, p)
	if err := operator.Suspend(t.Context(), slugOf(ctx, t)); err != nil {
		t.Fatal(err)
	}
	if _, ok := n.signedIn(t, c); ok {
		t.Error("a session of a suspended tenant holds")
	}
	if _, _, err := n.SignIn(t.Context(), p.Email, password, "", ""); !errors.Is(err, identity.ErrSignIn) {
		t.Errorf("somebody of a suspended tenant signs in: %v", err)
	}
	if err := operator.Resume(t.Context(), slugOf(ctx, t)); err != nil {
		t.Fatal(err)
	}
	if _, ok := n.signedIn(t, c); !ok {
		t.Error("the session does not hold after the tenant is resumed")
	}
}

func TestUseOfASessionIsWrittenOnceAMinute(t *testing.T) {
	t.Parallel()
	n, ctx := newNode(t, 1), dbtest.Tenant(t, tenancy.County)
	p := n.person(ctx, t)
	c := n.signIn(t, p)
	seen := func() (at time.Time) {
		t.Helper()
		if _, ok := n.signedIn(t, c); !ok {
			t.Fatal("not signed in")
		}
		if err := dbtest.Superuser(t).QueryRow(t.Context(), `select last_seen_at from app.sessions where person_id = $1`, p.ID).Scan(&at); err != nil {
			t.Fatal(err)
		}
		return at
	}
	exec(t, `update app.sessions set last_seen_at = now() - interval '50 seconds' where person_id = $1`, p.ID)
	if at := seen(); time.Since(at) < 49*time.Second {
		t.Errorf("written after 50 seconds: %v", at)
	}
	exec(t, `update app.sessions set last_seen_at = now() - interval '70 seconds' where person_id = $1`, p.ID)
	if at := seen(); time.Since(at) > 60*time.Second {
		t.Errorf("not written after 70 seconds: %v", at)
	}
}

func TestOwnSessions(t *testing.T) {
	t.Parallel()
	n, ctx := newNode(t, 1), dbtest.Tenant(t, tenancy.County)
	p := n.person(ctx, t)
	here, there, stranger := n.signIn(t, p), n.signIn(t, p), n.signIn(t, n.person(ctx, t))
	me, _ := n.signedIn(t, here)
	other, _ := n.signedIn(t, there)
	foreign, _ := n.signedIn(t, stranger)
	all, err := n.Sessions(me)
	if err != nil || len(all) != 2 || all[0].UserAgent != "a browser" {
		t.Fatalf("got %+v, %v", all, err)
	}
	theirs, _ := identity.SessionFrom(foreign)
	if err := n.EndSession(me, theirs.ID); !errors.Is(err, identity.ErrSessionNotFound) {
		t.Errorf("somebody else's session: got %v", err)
	}
	second, _ := identity.SessionFrom(other)
	if err := n.EndSession(me, second.ID); err != nil {
		t.Error(err)
	}
	if _, ok := n.signedIn(t, there); ok {
		t.Error("the session that was ended holds")
	}
	gone, err := n.SignOut(me)
	if err != nil || gone.MaxAge >= 0 || gone.Value != "" {
		t.Errorf("got %+v, %v", gone, err)
	}
	if _, ok := n.signedIn(t, here); ok {
		t.Error("signed in after signing out")
	}
	one, two := n.signIn(t, p), n.signIn(t, p)
	me, _ = n.signedIn(t, one)
	if _, err := n.EndSessions(me); err != nil {
		t.Fatal(err)
	}
	for _, c := range []*http.Cookie{one, two} {
		if _, ok := n.signedIn(t, c); ok {
			t.Error("signed in after signing out everywhere")
		}
	}
	if _, ok := n.signedIn(t, stranger); !ok {
		t.Error("somebody else was signed out")
	}
}

func TestChangePassword(t *testing.T) {
	t.Parallel()
	n, ctx := newNode(t, 1), dbtest.Tenant(t, tenancy.County)
	p := n.person(ctx, t)
	here, there := n.signIn(t, p), n.signIn(t, p)
	me, _ := n.signedIn(t, here)
	const wanted = "another horse battery staple"
	for _, c := range []struct{ current, wanted, pointer string }{
		{"wrong", wanted, "/current"}, {password, "short", "/new"}, {password, "八个字的口令不够长", "/new"}, {password, strings.ToUpper(p.Email), "/new"},
	} {
		refused, ok := problem.As(n.ChangePassword(me, c.current, c.wanted))
		if !ok || len(refused.Details) != 1 || refused.Details[0].Pointer != c.pointer {
			t.Errorf("%q to %q: got %v", c.current, c.wanted, refused)
		}
	}
	if err := n.ChangePassword(me, password, wanted); err != nil {
		t.Fatal(err)
	}
	if _, ok := n.signedIn(t, here); !ok {
		t.Error("the session that changed the password ended")
	}
	if _, ok := n.signedIn(t, there); ok {
		t.Error("another session goes on with the old password")
	}
	if _, _, err := n.SignIn(t.Context(), p.Email, password, "", ""); !errors.Is(err, identity.ErrSignIn) {
		t.Errorf("the old password is good: %v", err)
	}
	if _, _, err := n.SignIn(t.Context(), p.Email, wanted, "", ""); err != nil {
		t.Error(err)
	}
}

func TestActForUnit(t *testing.T) {
	t.Parallel()
	n, ctx := newNode(t, 1), dbtest.Tenant(t, tenancy.County)
	err := dbtest.DB(t).Tx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `insert into app.units (slug, names) values ('water', '{}'), ('finance', '{}'), ('justice', '{}')`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	p := n.person(ctx, t)
	if p, err = n.UpdatePerson(ctx, p.ID, 1, identity.PersonChange{Units: &[]string{"water", "finance"}}); err != nil {
		t.Fatal(err)
	}
	c := n.signIn(t, p)
	acting := func() string {
		ctx, _ := n.signedIn(t, c)
		s, _ := tenancy.From(ctx)
		return s.Unit
	}
	if got := acting(); got != "water" {
		t.Errorf("begins for %q, want the first unit", got)
	}
	me, _ := n.signedIn(t, c)
	if _, err := n.ActFor(me, "justice"); !errors.Is(err, problem.ErrInvalid) {
		t.Errorf("acts for a unit that is not the person's: %v", err)
	}
	if _, err := n.ActFor(me, "finance"); err != nil || acting() != "finance" {
		t.Errorf("acts for %q, %v", acting(), err)
	}
	if _, err := n.UpdatePerson(ctx, p.ID, p.Version, identity.PersonChange{Units: &[]string{"justice"}}); err != nil {
		t.Fatal(err)
	}
	if got := acting(); got != "justice" {
		t.Errorf("acts for %q, which is no longer the person's", got)
	}
	want := []string{"person.create", "person.update", "session.begin", "session.act-for-unit", "person.update"}
	if got := trail(ctx, t); !slices.Equal(got, want) {
		t.Errorf("the trail says %v, want %v", got, want)
	}
}
