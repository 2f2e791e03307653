package translog_test

import (
	"log/slog"
	"testing"
	"time"

	cosign "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"

	"github.com/helianthus-gi/helianthus/internal/custody"
	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/translog"
)

// A house that is started again finds its keys, also after its secret was exchanged, and after the one before was forgotten.
func TestKeysOutliveTheSecret(t *testing.T) {
	t.Parallel()
	h := dbtest.OwnHouse(t)
	ctx := h.Tenant(t, tenancy.County)
	first, second := [32]byte{1}, [32]byte{2}
	var old note.Verifier
	for _, secrets := range [][][32]byte{{first}, {first}, {second, first}, {second}} {
		keys, err := exchange.NewKeys(secrets[0], secrets[1:]...)
		if err != nil {
			t.Fatal(err)
		}
		l := with(h, translog.Config{Vault: keys})
		publication(t, ctx, h, "public", nil)
		sequence(t, l)
		if old == nil {
			old = verifierOf(t, l)
		}
		signed, err := l.Checkpoint(tenancy.In(t.Context(), tenancy.Public))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := note.Open([]byte(signed), note.VerifierList(old)); err != nil {
			t.Errorf("secret %d: %v", secrets[0][0], err)
		}
	}
	keys, err := exchange.NewKeys(first)
	if err != nil {
		t.Fatal(err)
	}
	l := with(h, translog.Config{Vault: keys})
	publication(t, ctx, h, "public", nil)
	if _, err := l.Sequence(t.Context()); err == nil {
		t.Error("the forgotten secret opens the log's key")
	}
}

// Keys of the log and of the witness that are held elsewhere sign as those do that are sealed, and a key that moves there signs
// beside the one before.
func TestKeysHeldElsewhere(t *testing.T) {
	t.Parallel()
	held, err := custody.Open("file:" + t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	watching := map[string]note.Verifier{}
	witness, _ := open(t, translog.Config{BaseURL: "https://partner.example", Watched: watching, Custody: held})
	h := dbtest.OwnHouse(t)
	ctx := h.Tenant(t, tenancy.County)
	sealed := with(h, translog.Config{BaseURL: "https://gi.example"})
	publication(t, ctx, h, "public", nil)
	sequence(t, sealed)
	old := verifierOf(t, sealed)
	watching[old.Name()] = old

	everybody := tenancy.In(t.Context(), tenancy.Public)
	info, err := witness.Info(everybody)
	if err != nil {
		t.Fatal(err)
	}
	cosigner, err := cosign.NewVerifierForCosignatureV1(info.Witness)
	if err != nil {
		t.Fatal(err)
	}
	at := served(t, witness)
	l := with(h, translog.Config{BaseURL: "https://gi.example", Custody: held, Witnesses: []translog.Witness{{Verifier: cosigner, URL: at.URL + "/witness"}}})
	fresh, err := l.Rotate(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	next, err := note.NewVerifier(fresh)
	if err != nil {
		t.Fatal(err)
	}
	publication(t, ctx, h, "public", nil)
	sequence(t, l)
	l.Ask(t.Context())
	signed, err := l.Checkpoint(everybody)
	if err != nil {
		t.Fatal(err)
	}
	n, err := note.Open([]byte(signed), note.VerifierList(next, old, cosigner))
	if err != nil || len(n.Sigs) != 3 {
		t.Errorf("got %v in\n%s, want the signatures of both keys and of the witness", err, signed)
	}
	// Another node that does not know the place says so, and signs nothing with half the keys.
	publication(t, ctx, h, "public", nil)
	if _, err := with(h, translog.Config{BaseURL: "https://gi.example"}).Sequence(t.Context()); err == nil {
		t.Error("a node signed without one of the keys")
	}
}

// A node that runs learns of a key that another process added.
func TestRotationReachesEveryNode(t *testing.T) {
	t.Parallel()
	h := dbtest.OwnHouse(t)
	ctx := h.Tenant(t, tenancy.County)
	clock := time.Now()
	node := translog.New(h.DB, translog.Config{BaseURL: "https://gi.example", Vault: bare{}, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return clock }})
	publication(t, ctx, h, "public", nil)
	sequence(t, node)
	fresh, err := with(h, translog.Config{BaseURL: "https://gi.example"}).Rotate(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	v, err := note.NewVerifier(fresh)
	if err != nil {
		t.Fatal(err)
	}
	clock = clock.Add(time.Minute)
	publication(t, ctx, h, "public", nil)
	sequence(t, node)
	signed, err := node.Checkpoint(tenancy.In(t.Context(), tenancy.Public))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := note.Open([]byte(signed), note.VerifierList(v)); err != nil {
		t.Errorf("a minute later: %v in\n%s", err, signed)
	}
}
