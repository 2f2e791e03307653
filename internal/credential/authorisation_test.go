package credential_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/helianthus-gi/helianthus/internal/credential"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/marks"
)

// authorised is a producer that may use the mark of the registration.
func (s stage) authorised(t *testing.T) marks.Authorisation {
	t.Helper()
	h := marks.Holder{Kind: "certification-licensee", CreditCode: "91350100M000100Y43", Names: map[string]string{"zh-Hans": "演示合作社", "en": "Demonstration Co-operative"}}
	a, err := s.Users.Apply(s.ctx, s.recordID(), h, marks.Event{HappenedOn: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	return s.with(t, a, marks.Verify, marks.Examine, marks.Announce, marks.Enter)
}

// with is the authorisation after some acts.
func (s stage) with(t *testing.T, a marks.Authorisation, acts ...marks.Act) marks.Authorisation {
	t.Helper()
	for _, act := range acts {
		e := marks.Event{Act: act, HappenedOn: time.Date(2026, 2, 10, 0, 0, 0, 0, time.UTC), Reference: "Notice 475", Reason: "an error of theirs"}
		switch act {
		case marks.Order:
			e.DueOn = new(time.Date(2026, 6, 20, 0, 0, 0, 0, time.UTC))
		case marks.End:
			e.Ground = "own-request"
		}
		var err error
		if a, err = s.Users.Do(s.ctx, a.ID, a.Version, e); err != nil {
			t.Fatal(act, err)
		}
	}
	return a
}

// A certificate of authorisation holds as long as nothing that is published of the authorisation changes, and no longer than the use.
func TestAuthorisationsEndEndsItsCredentials(t *testing.T) {
	t.Parallel()
	act := func(acts ...marks.Act) func(*testing.T, stage, marks.Authorisation, credential.Credential) {
		return func(t *testing.T, s stage, a marks.Authorisation, _ credential.Credential) { s.with(t, a, acts...) }
	}
	officer := func(acts ...credential.Act) func(*testing.T, stage, marks.Authorisation, credential.Credential) {
		return func(t *testing.T, s stage, _ marks.Authorisation, c credential.Credential) {
			for _, what := range acts {
				if _, err := s.Attests.Do(s.ctx, c.ID, what, "to see"); err != nil {
					t.Fatal(what, err)
				}
			}
		}
	}
	for _, c := range []struct {
		name    string
		happens func(*testing.T, stage, marks.Authorisation, credential.Credential)
		want    credential.Verdict
		cause   credential.Cause
		now     string // how the authorisation stands by a new certificate; empty: there is none
	}{
		{"the holder reports", act(marks.Report), credential.Valid, credential.ByOfficer, "In force"},
		{"the holder has to put something right", act(marks.Order), credential.Withdrawn, credential.Superseded, "Being put right"},
		{"it was put right", act(marks.Order, marks.Rectify), credential.Withdrawn, credential.Superseded, "In force"},
		{"it is on the list of abnormal use", act(marks.Flag), credential.Withdrawn, credential.Superseded, "On the list of abnormal use"},
		{"the use ended", act(marks.End), credential.Withdrawn, credential.Superseded, ""},
		{"the certificate is suspended", officer(credential.Suspend), credential.Suspended, credential.ByOfficer, "In force"},
		{"and resumed", officer(credential.Suspend, credential.Resume), credential.Valid, credential.ByOfficer, "In force"},
		{"what is suspended ends too", func(t *testing.T, s stage, a marks.Authorisation, c credential.Credential) {
			officer(credential.Suspend)(t, s, a, c)
			s.with(t, a, marks.End)
		}, credential.Withdrawn, credential.Superseded, ""},
		{"the publication is withdrawn", func(t *testing.T, s stage, a marks.Authorisation, _ credential.Credential) {
			p, _, err := s.Exchange.List(s.ctx, exchange.Filter{Kind: marks.PublicationKind, RecordID: &a.ID}, 1, "")
			if err == nil {
				_, err = s.Exchange.Withdraw(s.ctx, p[0].ID, "an error of ours")
			}
			if err != nil {
				t.Fatal(err)
			}
		}, credential.Withdrawn, credential.ByRecord, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			a := s.authorised(t)
			o := credential.Order{Kind: marks.PublicationKind, RecordID: a.ID}
			kept, err := s.Attests.Issue(s.ctx, o)
			if err != nil {
				t.Fatal(err)
			}
			if r := s.verdict(t, kept); r.Verdict != credential.Valid || r.Claims.Title != "演示合作社" { // lists are signed before
				t.Fatalf("before: %+v", r)
			}
			c.happens(t, s, a, kept)
			if r := s.verdict(t, kept); r.Verdict != c.want {
				t.Errorf("got %s, want %s", r.Verdict, c.want)
			}
			if got := s.told(t, kept); got.Cause != c.cause {
				t.Errorf("told: %+v, want the cause %s", got, c.cause)
			}
			again, err := s.Attests.Issue(s.ctx, o)
			if c.now == "" {
				if !errors.Is(err, credential.ErrNothing) {
					t.Errorf("a new one: %v, want %v", err, credential.ErrNothing)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := s.said(t, again)["mark-status"]; got.Texts["en"] != c.now {
				t.Errorf("a new one says %q, want %q", got.Texts["en"], c.now)
			}
		})
	}
}

// What an authorisation attests names its user, the name that the mark stands for, and what it rests on.
func TestWhatAnAuthorisationAttests(t *testing.T) {
	t.Parallel()
	s := open(t)
	a := s.authorised(t)
	c, err := s.Attests.Issue(s.ctx, credential.Order{Kind: marks.PublicationKind, RecordID: a.ID})
	if err != nil {
		t.Fatal(err)
	}
	said := s.said(t, c)
	for key, want := range map[string]string{
		"mark-user": "Demonstration Co-operative/91350100M000100Y43", "mark-kind": "Licensee of the certification mark/", "mark-of": "五原向日葵/", "from": "/2026-02-10", "notice": "/Notice 475",
		"basis": "GI product/CN " + s.record.Content.Bases[0].Number,
	} {
		f := said[key]
		text := f.Texts["en"]
		if text == "" {
			text = f.Texts["zh-Hans"]
		}
		if got := text + "/" + f.Code; !strings.EqualFold(got, want) {
			t.Errorf("%s: got %q, want %q", key, got, want)
		}
	}
}

// said are the facts and the legal basis that a credential attests, by key.
func (s stage) said(t *testing.T, c credential.Credential) map[string]credential.Fact {
	t.Helper()
	var claims struct {
		Certificate struct{ Facts, LegalBasis []credential.Fact }
	}
	if err := json.Unmarshal(claimsOf(t, c), &claims); err != nil {
		t.Fatal(err)
	}
	all := map[string]credential.Fact{}
	for _, f := range append(claims.Certificate.Facts, claims.Certificate.LegalBasis...) {
		all[f.Key] = f
	}
	return all
}
