package recognition_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/runtime/types"

	"github.com/helianthus-gi/helianthus/i18n"
	"github.com/helianthus-gi/helianthus/internal/credential"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/recognition"
)

func TestWhatARecognitionAttests(t *testing.T) {
	t.Parallel()
	bundle, err := locale.Load(i18n.FS)
	if err != nil {
		t.Fatal(err)
	}
	day := func(text string) time.Time {
		d, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	content := recognition.Content{
		Version: 1, Market: "XB", OriginOffice: "CN", Name: "五原向日葵", Language: "zh-Hans", Protection: recognition.Protected, From: types.Date{Time: day("2026-03-01")}, List: "Annex IV", Position: "12",
		Instrument: &recognition.CitedInstrument{RecordID: uuid.New(), Code: "CN-XB-2026", Titles: map[string]string{"en": "Agreement"}},
	}
	origin := credential.Origin{Base: "https://gi.example", DID: "did:web:gi.example:tenants:xb", Publisher: map[string]string{"en": "Office of XB"}, Record: uuid.New(), On: day("2026-11-27")}
	attest := recognition.Attest(bundle)
	try := func(change func(*recognition.Content)) (credential.Claims, error) {
		c := content
		change(&c)
		b, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		return attest(b, origin)
	}
	got, err := try(func(*recognition.Content) {})
	if err != nil {
		t.Fatal(err)
	}
	if got.Type != "DigitalConformityCredential" || got.Title != "五原向日葵" || got.Until != nil || len(got.Basis) != 2 || got.Basis[0].Code != "CN-XB-2026" || got.Basis[1].Code != "Annex IV · 12" {
		t.Errorf("got %+v", got)
	}
	// It ends with the last second on which it holds.
	got, err = try(func(c *recognition.Content) { c.Until = &types.Date{Time: day("2027-01-01")} })
	if err != nil || got.Until == nil || !got.Until.Equal(day("2027-01-01").Add(-time.Second)) {
		t.Errorf("an end ahead: %v, %v", got.Until, err)
	}
	for name, change := range map[string]func(*recognition.Content){
		"a refusal":        func(c *recognition.Content) { c.Protection = recognition.Refused },
		"over since today": func(c *recognition.Content) { c.Until = &types.Date{Time: day("2026-11-27")} },
		"no name":          func(c *recognition.Content) { c.Name = "" },
	} {
		if _, err := try(change); !errors.Is(err, credential.ErrNothing) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
