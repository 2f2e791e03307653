package apitest

import (
	"testing"

	"github.com/helianthus-gi/helianthus/internal/httpd"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// A house that is started again over its stores opens the keys that it made the first time.
func TestHouseStartedAgain(t *testing.T) {
	t.Parallel()
	h := Open(t)
	everybody := tenancy.In(t.Context(), tenancy.Public)
	before, err := h.Translog.Info(everybody)
	if err != nil {
		t.Fatal(err)
	}
	again, err := httpd.Assemble(h.Config)
	if err != nil {
		t.Fatal(err)
	}
	after, err := again.Translog.Info(everybody)
	if err != nil || len(after.Keys) == 0 || after.Keys[0] != before.Keys[0] || after.Witness != before.Witness {
		t.Errorf("keys %v, before %v: %v", after.Keys, before.Keys, err)
	}
}
