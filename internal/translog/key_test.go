package translog_test

import (
	"testing"

	"golang.org/x/mod/sumdb/note"

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
