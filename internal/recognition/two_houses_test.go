package recognition_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/helianthus-gi/helianthus/internal/apitest"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/translog"
)

// side is one of two houses with a file of the same case.
type side struct {
	*apitest.House
	ctx     context.Context
	officer *apitest.Caller
	door    *served
	address string
	file    recognition.File
}

// served is a door that stands before there is a house behind it: two houses that follow each other need each other's address.
type served struct{ house atomic.Pointer[http.Handler] }

func (s *served) open(h http.Handler) { s.house.Store(&h) }

func (s *served) ServeHTTP(w http.ResponseWriter, r *http.Request) { (*s.house.Load()).ServeHTTP(w, r) }

// twoHouses are two houses, each with a database of its own, that follow each other and keep a file of one case.
func twoHouses(t *testing.T) (origin, destination *side) {
	t.Helper()
	doors := []*served{{}, {}}
	sides := []*side{{}, {}}
	houses := []translog.House{}
	for n, name := range []string{"origin.example", "destination.example"} {
		s := httptest.NewServer(doors[n])
		t.Cleanup(s.Close)
		houses = append(houses, translog.House{Name: name + "/api/v1/log", URL: s.URL})
		sides[n].address = "/api/v1/recognition-cases/"
	}
	for n, of := range []struct {
		kind tenancy.Kind
		side recognition.Side
		day  string
	}{{tenancy.County, recognition.Origin, "2026-01-05"}, {tenancy.Jurisdiction, recognition.Destination, "2026-01-07"}} {
		s := sides[n]
		s.House = apitest.OpenOwn(t, "https://"+strings.TrimSuffix(houses[n].Name, "/api/v1/log"), translog.Others{Houses: []translog.House{houses[1-n]}})
		s.door = doors[n]
		s.door.open(s.Server)
		s.ctx = s.Tenant(t, of.kind)
		s.officer = s.Person(t, s.ctx)
		i := slices.IndexFunc(recognition.Templates, func(x recognition.Template) bool { return x.Instrument.Code == "PILOT-3-3" })
		in, err := s.Law.CreateInstrument(s.ctx, recognition.Instrument{Code: "P-1", Kind: "pilot", Titles: map[string]string{"en": "Pilot"}, Parties: []string{"XT"},
			Lists: []recognition.List{}, Scope: []recognition.Class{}, Sources: []recognition.Source{{Title: "Test"}}})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.Law.UpdateProcedure(s.ctx, in.ID, in.Version, recognition.Templates[i].Procedure); err != nil {
			t.Fatal(err)
		}
		s.file, err = s.Cases.Open(s.ctx, recognition.Opening{Side: of.side, On: on(of.day), Case: recognition.Case{OriginOffice: "XT", Market: "XT", Name: "Hetao Melon", Language: "en", InstrumentID: in.ID}})
		if err != nil {
			t.Fatal(err)
		}
		s.address += s.file.ID.String()
	}
	origin, destination = sides[0], sides[1]
	origin.does(t, "submit", "2026-01-06", recognition.Origin, "")
	origin.does(t, "endorse", "2026-01-07", recognition.Origin, "")
	for _, s := range sides {
		s.does(t, "receive", "2026-01-12", recognition.Destination, "R-1")
		s.does(t, "accept", "2026-01-20", recognition.Destination, "A-1")
	}
	return origin, destination
}

// does records an act, of the own side or, by hand, of the other.
func (s *side) does(t *testing.T, act recognition.CaseAct, day string, of recognition.Side, reference string) {
	t.Helper()
	d := on(day)
	e := recognition.CaseEvent{Act: act, Side: of, On: d, Reference: reference}
	if of == recognition.Origin {
		e.Documents = paper
	} else {
		e.ReceivedOn, e.EffectiveOn = &d, &d
	}
	var err error
	if s.file, err = s.Cases.Do(s.ctx, s.file.ID, s.file.Version, e); err != nil {
		t.Fatalf("%s: %v", act, err)
	}
}

// told is what the API says of a step.
type told struct {
	Number          int
	On, Act         string
	Reference, Side string
}

type receivedView struct {
	House, Issuer, Relation string
	Common, Rewritten       int
	Fields                  []string
	Ours, Theirs            *told
}

// takes receives the other house's view as it was given.
func (s *side) takes(t *testing.T, view any) (r receivedView) {
	t.Helper()
	s.officer.Need(t, &r, http.MethodPost, s.address+"/views", view)
	return r
}

func (s *side) gives(t *testing.T) (view map[string]any) {
	t.Helper()
	s.officer.Need(t, &view, http.MethodGet, s.address+"/view", nil)
	return view
}

// Two houses, each with its own database, keep one case and exchange what they sign over the API. A step that is altered in one of them is
// named in the other, with what each says of it, and that the house signed it otherwise before.
func TestTwoHousesKeepOneCase(t *testing.T) {
	t.Parallel()
	origin, destination := twoHouses(t)
	check := func(r receivedView, relation string, common, rewritten int, fields ...string) {
		t.Helper()
		if r.Relation != relation || r.Common != common || r.Rewritten != rewritten || !slices.Equal(r.Fields, fields) {
			t.Errorf("got %s after %d, rewritten %d, fields %v; want %s, %d, %d, %v", r.Relation, r.Common, r.Rewritten, r.Fields, relation, common, rewritten, fields)
		}
	}
	r := origin.takes(t, destination.gives(t))
	check(r, "same", 3, 0)
	if r.House != "destination.example/api/v1/log" || r.Issuer != slug(t, destination.ctx) {
		t.Errorf("signed by %s at %s", r.Issuer, r.House)
	}
	check(destination.takes(t, origin.gives(t)), "same", 3, 0)

	// Somebody alters a step past every rule, in the database of the destination.
	tag, err := destination.Superuser(t).Exec(t.Context(), `update app.case_events set reference = 'R-9' where case_id = $1 and act = 'receive'`, destination.file.ID)
	if err != nil || tag.RowsAffected() != 1 {
		t.Fatalf("%d rows, %v", tag.RowsAffected(), err)
	}
	r = origin.takes(t, destination.gives(t))
	check(r, "differs", 1, 2, "reference")
	want := []told{{Number: 2, On: "2026-01-12", Act: "receive", Side: "destination", Reference: "R-1"}, {Number: 2, On: "2026-01-12", Act: "receive", Side: "destination", Reference: "R-9"}}
	if r.Ours == nil || r.Theirs == nil {
		t.Fatal("the steps are not shown")
	}
	if diff := cmp.Diff(want, []told{*r.Ours, *r.Theirs}); diff != "" {
		t.Error(diff)
	}
	// The altered house finds the same step when it holds what it received against its own file.
	var list struct{ Items []receivedView }
	destination.officer.Need(t, &list, http.MethodGet, destination.address+"/views", nil)
	if len(list.Items) != 1 {
		t.Fatalf("%d are kept", len(list.Items))
	}
	check(list.Items[0], "differs", 1, 0, "reference")
}

// What is signed is believed for the keys of the house that signed it: those that it gives now, and those it gave last when it does
// not answer. A key that was retired signs nothing more, and a house that nobody follows is not believed.
func TestKeysOfTheOtherHouse(t *testing.T) {
	t.Parallel()
	origin, destination := twoHouses(t)
	refused := func(view any, status int, code string) {
		t.Helper()
		if w := origin.officer.JSON(t, http.MethodPost, origin.address+"/views", view); w.Code != status || !strings.Contains(w.Body.String(), `"`+code+`"`) {
			t.Errorf("got %d %s, want %d %s", w.Code, w.Body, status, code)
		}
	}
	before := destination.gives(t)
	var keys []exchange.SigningKey
	keys, err := destination.Exchange.SigningKeys(destination.ctx)
	if err != nil {
		t.Fatal(err)
	}
	signing := slices.IndexFunc(keys, func(k exchange.SigningKey) bool { return k.ID == before["keyId"] })
	if _, err := destination.Exchange.RotateKey(destination.ctx, keys[signing].ID, exchange.Routine); err != nil {
		t.Fatal(err)
	}
	origin.takes(t, before) // signed before the key was retired
	after := destination.gives(t)
	if after["keyId"] == before["keyId"] {
		t.Fatal("the key was not rotated")
	}
	origin.takes(t, after)

	refused(origin.gives(t), http.StatusBadRequest, "case-view.own")
	elsewhere := map[string]any{"chain": after["chain"], "keyId": after["keyId"], "signature": after["signature"],
		"statement": strings.ReplaceAll(after["statement"].(string), "destination.example", "elsewhere.example")}
	refused(elsewhere, http.StatusConflict, "partner-house.not-followed")

	// It does not answer: what it gave last counts, and of a publisher of whom it never gave a key nothing is believed.
	destination.door.open(http.NotFoundHandler())
	destination.does(t, "publish", "2026-02-01", recognition.Destination, "G-1")
	if r := origin.takes(t, destination.gives(t)); r.Relation != "behind" || r.Common != 3 || r.Theirs == nil || r.Theirs.Act != "publish" {
		t.Errorf("a house that does not answer: %+v", r)
	}
	elsewhere["statement"] = strings.ReplaceAll(after["statement"].(string), slug(t, destination.ctx), "somebody-else")
	refused(elsewhere, http.StatusServiceUnavailable, "partner-house.keys-unknown")
}
