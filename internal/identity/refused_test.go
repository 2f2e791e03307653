package identity_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/identity"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

func count(all []string, action string) (n int) {
	for _, a := range all {
		if a == action {
			n++
		}
	}
	return n
}

// Whoever tries names and passwords is seen in the trail of the tenant concerned, and cannot fill it.
func TestRefusalsAreInTheTrail(t *testing.T) {
	t.Parallel()
	n, ctx, neighbour := newNode(t, 1), dbtest.Tenant(t, tenancy.County), dbtest.Tenant(t, tenancy.County)
	p := n.person(ctx, t)
	if _, _, err := n.SignIn(t.Context(), p.Email, "wrong password here", "", "x"); !errors.Is(err, identity.ErrSignIn) {
		t.Fatal(err)
	}
	if got := count(trail(ctx, t), "session.refuse"); got != 1 {
		t.Errorf("a wrong password: %d events, %v", got, trail(ctx, t))
	}
	c, secret, err := n.CreateClient(ctx, identity.Client{Name: "x", Scopes: []string{"registration:read"}, Required: []identity.Proof{identity.ProofSignature}, ExpiresAt: time.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	_, other, err := n.CreateClient(neighbour, identity.Client{Name: "x", Scopes: []string{"registration:read"}, ExpiresAt: time.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := n.Token(t.Context(), grant, c.ID, secret, ""); !errors.Is(err, identity.ErrUnsigned) {
		t.Errorf("got %v", err)
	}
	for range 25 {
		if _, _, _, err := n.Token(t.Context(), grant, c.ID, other, ""); !errors.Is(err, identity.ErrClient) {
			t.Fatal(err)
		}
	}
	if got := count(trail(ctx, t), "api-client.refuse"); got != 10 {
		t.Errorf("26 refusals of a machine: %d events", got)
	}
	if got := trail(neighbour, t); !slices.Equal(got, []string{"api-client.create"}) {
		t.Errorf("the neighbour's trail says %v", got)
	}
	// An hour later there is room again.
	exec(t, `update app.audit_events set at = at - interval '61 minutes' where object_id = $1`, c.ID)
	if _, _, _, err := n.Token(t.Context(), grant, c.ID, other, ""); !errors.Is(err, identity.ErrClient) {
		t.Fatal(err)
	}
	if got := count(trail(ctx, t), "api-client.refuse"); got != 11 {
		t.Errorf("an hour later: %d events", got)
	}
}

// A token that the house signed with its secret of before is good for the rest of its quarter of an hour.
func TestTokensOutliveTheSecret(t *testing.T) {
	t.Parallel()
	n := newNode(t, 1)
	_, _, token := n.clientAndToken(t, "registration:read")
	next, err := identity.New(dbtest.DB(t), nil, []byte{2}, true, time.Now, []byte{1})
	if err != nil {
		t.Fatal(err)
	}
	m := &node{Identity: next}
	if _, err := m.with(t, nil, "Bearer "+token); err != nil {
		t.Errorf("with the secret of before beside it: %v", err)
	}
	m.Identity, err = identity.New(dbtest.DB(t), nil, []byte{2}, true, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.with(t, nil, "Bearer "+token); !errors.Is(err, identity.ErrTokenInvalid) {
		t.Errorf("without it: %v", err)
	}
}
