package exchange_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/apitest"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// walked is one record of a kind on its way: publish makes it its first version for others, correct the second one.
type walked struct {
	kind    string
	record  uuid.UUID
	publish func(to exchange.Choice) error
	correct func() error
}

var firstDay = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)

// walkedKinds make one record of each kind with the verbs of its own package.
var walkedKinds = map[string]func(t *testing.T, ctx context.Context, h *apitest.House) *walked{
	"registration": walkedRegistration,
	"recognition": func(t *testing.T, ctx context.Context, h *apitest.House) *walked {
		t.Helper()
		r, err := h.Law.Record(ctx, recognition.Recognition{Market: "XB", OriginOffice: "XA", Name: "Melon", Language: "en", Protection: recognition.Protected, From: firstDay, Sources: []recognition.Source{{Title: "Gazette"}}})
		if err != nil {
			t.Fatal(err)
		}
		return &walked{"recognition", r.ID, func(to exchange.Choice) (err error) {
			r, err = h.Law.Publish(ctx, r.ID, r.Version, to)
			return err
		}, func() (err error) {
			r.Limits = map[string]string{"en": "Not for seeds"}
			if r, err = h.Law.Update(ctx, r.Version, r); err == nil {
				r, err = h.Law.Publish(ctx, r.ID, r.Version, exchange.Choice{Corrects: 1, Reason: "A limit was forgotten"})
			}
			return err
		}}
	},
	"instrument": func(t *testing.T, ctx context.Context, h *apitest.House) *walked {
		t.Helper()
		i, err := h.Law.CreateInstrument(ctx, recognition.Instrument{Code: "W-1", Kind: "treaty", Titles: map[string]string{"en": "Treaty"}, Parties: []string{"XA", "XB"}, Lists: []recognition.List{}, Scope: []recognition.Class{},
			Sources: []recognition.Source{{Title: "Gazette"}}})
		if err != nil {
			t.Fatal(err)
		}
		return &walked{"instrument", i.ID, func(to exchange.Choice) (err error) {
			i, err = h.Law.PublishInstrument(ctx, i.ID, i.Version, to)
			return err
		}, func() (err error) {
			i.Titles = map[string]string{"en": "The treaty"}
			if i, err = h.Law.UpdateInstrument(ctx, i.Version, i); err == nil {
				i, err = h.Law.PublishInstrument(ctx, i.ID, i.Version, exchange.Choice{Corrects: 1, Reason: "Its title"})
			}
			return err
		}}
	},
	marks.PublicationKind: func(t *testing.T, ctx context.Context, h *apitest.House) *walked {
		t.Helper()
		of := walkedRegistration(t, ctx, h)
		w, err := walked{kind: marks.PublicationKind}, error(nil)
		var a marks.Authorisation
		do := func(act marks.Act) {
			if err == nil {
				a, err = h.Users.Do(ctx, a.ID, a.Version, marks.Event{Act: act, HappenedOn: firstDay, Reference: "R", Reason: "As found"})
			}
		}
		w.publish = func(to exchange.Choice) error { // the list of users is for whom the registration is
			if err = errors.Join(of.publish(to), of.correct()); err == nil {
				a, err = h.Users.Apply(ctx, of.record, marks.Holder{Kind: marks.Kinds[0], CreditCode: "91350100M000100Y43", Names: map[string]string{"en": "Melon growers"}}, marks.Event{HappenedOn: firstDay})
			}
			for _, act := range []marks.Act{marks.Verify, marks.Examine, marks.Announce, marks.Enter} {
				do(act)
			}
			w.record = a.ID
			return err
		}
		w.correct = func() error {
			do(marks.Flag)
			return err
		}
		return &w
	},
}

func walkedRegistration(t *testing.T, ctx context.Context, h *apitest.House) *walked {
	t.Helper()
	r, err := h.Registry.Draft(ctx, registry.Content{Office: "XA", Names: []registry.Name{{Text: "Melon", Language: "en", Kind: "original"}}})
	if err != nil {
		t.Fatal(err)
	}
	do := func(act registry.Act, to exchange.Choice) {
		if err == nil {
			_, err = h.Registry.Do(ctx, r.ID, registry.Event{Act: act, EffectiveOn: firstDay, To: to})
		}
	}
	return &walked{"registration", uuid.MustParse(string(r.ID)), func(to exchange.Choice) error {
		do(registry.File, exchange.Choice{})
		do(registry.Examine, exchange.Choice{})
		do(registry.Publish, to)
		return err
	}, func() error {
		do(registry.Register, exchange.Choice{Corrects: 1, Reason: "It was registered that day"})
		return err
	}}
}

// onlooker is a tenant that follows the feed as the rules for consumers say, and looks at the lists and the proofs too.
type onlooker struct {
	*apitest.Caller
	position int64
	copy     map[string]int // version by kind and record
}

// sight is what an onlooker has of a record: its version in the copy that followed the feed, in one that began at 0 and in the list
// of publications, 0 for nothing; and what the proof of its newest version says happened.
type sight struct {
	Followed, Fresh, Listed int
	Proof                   string
}

// nothing is the sight of who may not know that there is a record.
var nothing = sight{Proof: "log.not-logged"}

func (o *onlooker) follow(t *testing.T, owner string, position int64, held map[string]int) int64 {
	t.Helper()
	for {
		var page struct {
			Items []struct {
				Event, Kind, RecordID string
				Version               int
				Publication           struct{ WithdrawnAt *time.Time }
			}
			Position, Head int64
		}
		o.Need(t, &page, "GET", fmt.Sprintf("/api/v1/changes?publisher=%s&after=%d&limit=1000", owner, position), nil)
		for _, c := range page.Items {
			key := c.Kind + " " + c.RecordID
			if gone := c.Event == "withdraw" || c.Event == "conceal"; gone || c.Publication.WithdrawnAt != nil {
				delete(held, key)
				continue
			}
			held[key] = c.Version
		}
		if position = page.Position; position >= page.Head {
			return position
		}
	}
}

// sees is what the onlooker has of a record, of which the newest version is newest.
func (o *onlooker) sees(t *testing.T, owner string, w *walked, newest exchange.ID) (s sight) {
	t.Helper()
	fresh, key := map[string]int{}, w.kind+" "+w.record.String()
	o.position = o.follow(t, owner, o.position, o.copy)
	o.follow(t, owner, 0, fresh)
	s.Followed, s.Fresh = o.copy[key], fresh[key]
	var list struct{ Items []struct{ Version int } }
	o.Need(t, &list, "GET", "/api/v1/publications?publisher="+owner+"&kind="+w.kind+"&recordId="+w.record.String(), nil)
	for _, i := range list.Items {
		s.Listed += i.Version
	}
	r := o.JSON(t, http.MethodGet, "/api/v1/publications/"+newest.String()+"/proof", nil)
	var proof struct{ Code, Entry, Opened string }
	if err := json.Unmarshal(r.Body.Bytes(), &proof); err != nil {
		t.Fatal(err)
	}
	if s.Proof = proof.Code; r.Code == http.StatusOK {
		var says struct {
			Event   string
			Version int
		}
		entry := proof.Entry
		if proof.Opened != "" {
			entry = proof.Opened
		}
		if err := json.Unmarshal([]byte(entry), &says); err != nil {
			t.Fatalf("%s: %v", entry, err)
		}
		s.Proof = fmt.Sprint(says.Event, " ", says.Version)
	}
	return s
}

// Each kind of record is published, corrected and withdrawn, to each kind of audience; who is of it, who is not, and who has a
// grant that ends in between find what they may in the feed, in the list and in the log, and nothing else.
func TestEachKindIsPublishedCorrectedAndWithdrawn(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	for kind, begin := range walkedKinds {
		for _, audience := range []exchange.Audience{exchange.Public, exchange.Parties, exchange.OneReader} {
			t.Run(kind+" for "+string(audience), func(t *testing.T) {
				t.Parallel()
				walkThrough(t, h, begin, audience)
			})
		}
	}
}

func walkThrough(t *testing.T, h *apitest.House, begin func(*testing.T, context.Context, *apitest.House) *walked, audience exchange.Audience) {
	t.Helper()
	owner, inside, outside, granted := h.Tenant(t, tenancy.County), h.Tenant(t, tenancy.Jurisdiction), h.Tenant(t, tenancy.Jurisdiction), h.Tenant(t, tenancy.Trader)
	us, w := tenantOf(t, owner).Slug, begin(t, owner, h)
	to := exchange.Choice{Audience: audience}
	switch audience {
	case exchange.OneReader:
		to.Tenant = tenantOf(t, inside).Slug
	case exchange.Parties:
		to.Instrument = uuid.New()
		inTx(t, owner, func(tx pgx.Tx) error {
			return exchange.SetParties(owner, tx, to.Instrument, []tenancy.ID{tenantOf(t, inside).Tenant})
		})
	}
	g, err := h.Exchange.Give(owner, exchange.Grant{Reader: exchange.Publisher{Slug: tenantOf(t, granted).Slug}, Kinds: []string{w.kind}, Purpose: "test", Until: time.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	who := map[string]*onlooker{}
	for name, ctx := range map[string]context.Context{"inside": inside, "outside": outside, "granted": granted} {
		who[name] = &onlooker{h.Person(t, ctx), 0, map[string]int{}}
	}
	var newest exchange.ID
	for _, step := range []struct {
		name            string
		do              func() error
		inside, granted sight
	}{
		{"published", func() error { return w.publish(to) }, sight{1, 1, 1, "publish 1"}, sight{1, 1, 1, "publish 1"}},
		{"corrected", w.correct, sight{2, 2, 2, "publish 2"}, sight{2, 2, 2, "publish 2"}},
		{"the grant is revoked", func() error {
			_, err := h.Exchange.Revoke(owner, g.ID, "done")
			return err
		}, sight{2, 2, 2, "publish 2"}, nothing},
		{"withdrawn", func() error {
			_, err := h.Exchange.Withdraw(owner, newest, "a mistake")
			return err
		}, sight{Proof: "withdraw 2"}, nothing},
	} {
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		inTx(t, owner, func(tx pgx.Tx) error {
			if p, err := exchange.Current(owner, tx, w.kind, w.record); err == nil {
				newest = p.ID
			}
			return nil
		})
		if _, err := h.Translog.Sequence(owner); err != nil {
			t.Fatal(err)
		}
		want := map[string]sight{"inside": step.inside, "outside": nothing, "granted": step.granted}
		if audience == exchange.Public {
			want["outside"], want["granted"] = step.inside, step.inside
		}
		got := map[string]sight{}
		for name, o := range who {
			got[name] = o.sees(t, us, w, newest)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.name, diff)
		}
	}
}
