package status_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/transparency-dev/formats/proof"

	"github.com/helianthus-gi/helianthus/internal/apitest"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Whoever asks for proofs gets one with each record that the answer cites; nobody else pays for them.
func TestAnswersCarryProofs(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	county := h.Tenant(t, tenancy.County)
	name := "Proven " + uuid.NewString()[:8]
	reg, err := h.Registry.Draft(county, registry.Content{Office: "CN", Names: []registry.Name{{Text: name, Language: "en", Kind: registry.Original}}})
	if err != nil {
		t.Fatal(err)
	}
	for n, act := range []registry.Act{registry.File, registry.Examine, registry.Publish, registry.Register} {
		if reg, err = h.Registry.Do(county, reg.ID, registry.Event{Act: act, EffectiveOn: time.Date(2020, time.Month(1+n), 1, 0, 0, 0, 0, time.UTC)}); err != nil {
			t.Fatal(err)
		}
	}
	type reason struct {
		Record *struct{ PublicationID, Proof string }
	}
	ask := func(more string) (reasons []reason) {
		var answer struct {
			Answer  string
			Reasons []reason
		}
		h.Nobody().Need(t, &answer, "GET", "/api/v1/status?market=CN&name="+strings.ReplaceAll(name, " ", "+")+more, nil)
		if answer.Answer != "yes" || len(answer.Reasons) == 0 || answer.Reasons[0].Record == nil {
			t.Fatalf("got %+v, want yes and its record", answer)
		}
		return answer.Reasons
	}
	if _, err := h.Translog.Sequence(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := ask("")[0].Record.Proof; got != "" {
		t.Errorf("a proof that nobody asked for: %s", got)
	}
	got := ask("&proof=true")[0].Record
	var file proof.TLogProof
	if err := file.Unmarshal([]byte(got.Proof)); err != nil || !strings.Contains(string(file.ExtraData), got.PublicationID) {
		t.Errorf("the proof is %q, %v; want one of publication %s", got.Proof, err, got.PublicationID)
	}
}
