package credential_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/note"

	"github.com/helianthus-gi/helianthus/internal/apitest"
	"github.com/helianthus-gi/helianthus/internal/credential"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/lifecycle"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/typeset"
)

// stage is a house with a tenant that has a registered, published registration.
type stage struct {
	*apitest.House
	ctx    context.Context
	record registry.Registration
}

func open(t *testing.T) stage {
	t.Helper()
	h := apitest.Open(t)
	s := stage{House: h, ctx: h.Tenant(t, tenancy.County)}
	r, err := h.Registry.Draft(s.ctx, registry.Content{
		Office: "CN", Names: []registry.Name{{Text: "五原向日葵", Language: "zh-Hans", Kind: "original"}, {Text: "Wuyuan Xiangrikui", Language: "zh-Latn", Kind: "transcription", Scheme: "ISO 7098"}},
		Bases: []registry.Basis{{Kind: "gi-product", Office: "CN", Number: uuid.NewString()}}, Holder: registry.Party{Names: map[string]string{"zh-Hans": "五原县", "en": "Wuyuan County"}},
		ControlBody: registry.Party{Names: map[string]string{"zh-Hans": "监督机构"}}, Area: registry.Area{Words: map[string]string{"zh-Hans": "五原县全境"}},
		Specification: []registry.Section{{Key: "product", Texts: map[string]string{"zh-Hans": "向日葵"}}},
		Classes:       []registry.Class{{Scheme: "nice", Code: "31"}}, Link: map[string]string{"zh-Hans": "水土"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, act := range []registry.Act{registry.File, registry.Examine, registry.Publish, registry.Register} {
		if r, err = h.Registry.Do(s.ctx, r.ID, registry.Event{Act: act, EffectiveOn: time.Date(2026, 1, 1+i, 0, 0, 0, 0, time.UTC)}); err != nil {
			t.Fatal(act, err)
		}
	}
	s.record = r
	return s
}

func (s stage) recordID() uuid.UUID { return uuid.MustParse(string(s.record.ID)) }

func (s stage) slug(t *testing.T) string {
	t.Helper()
	scope, err := tenancy.From(s.ctx)
	if err != nil {
		t.Fatal(err)
	}
	return scope.Slug
}

func (s stage) issue(t *testing.T, o credential.Order) credential.Credential {
	t.Helper()
	o.Kind, o.RecordID = "registration", s.recordID()
	c, err := s.Attests.Issue(s.ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// issuers is the list that anybody keeps to verify without a network.
func (s stage) issuers(t *testing.T) []byte {
	t.Helper()
	return s.Nobody().Do(t, http.MethodGet, "/api/v1/issuers", nil, nil).Body.Bytes()
}

// logKey is the verifier key of the house's log.
func (s stage) logKey(t *testing.T) []byte {
	t.Helper()
	info, err := s.Translog.Info(tenancy.In(t.Context(), tenancy.Public))
	if err != nil || len(info.Keys) != 1 {
		t.Fatalf("%+v, %v", info, err)
	}
	return []byte(info.Keys[0])
}

func (s stage) trust(t *testing.T) credential.Trust {
	t.Helper()
	trust, err := credential.ReadTrust(bytes.NewReader(s.issuers(t)))
	if err != nil {
		t.Fatal(err)
	}
	return trust
}

// lists are the status lists of a credential as anybody gets them now.
func (s stage) lists(t *testing.T, c credential.Credential) []string {
	t.Helper()
	var all []string
	for _, id := range c.StatusLists() {
		a := s.Nobody().Do(t, http.MethodGet, "/api/v1/credential-status-lists/"+id.String(), nil, nil)
		if a.Code != http.StatusOK || a.Header().Get("Content-Type") != "application/vc+jwt" {
			t.Fatalf("list %s: %d %s", id, a.Code, a.Body)
		}
		all = append(all, a.Body.String())
	}
	return all
}

func (s stage) verdict(t *testing.T, c credential.Credential) credential.Report {
	t.Helper()
	r, err := credential.Verify(c.Token, credential.Evidence{Lists: s.lists(t, c), Fresh: true}, s.trust(t), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// told is what the publisher says of a credential to whoever holds it.
func (s stage) told(t *testing.T, c credential.Credential) credential.StatusOf {
	t.Helper()
	got, err := s.Attests.StatusOf(t.Context(), c.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestIssueSuspendResumeRevoke(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, a := range []credential.Algorithm{credential.EdDSA, credential.ES256} {
		c := s.issue(t, credential.Order{Algorithm: a})
		if r := s.verdict(t, c); r.Verdict != credential.Valid || !r.Fresh || r.Claims.Title != "五原向日葵" || r.Claims.Algorithm != a {
			t.Fatalf("%s: %+v", a, r)
		}
		steps := []struct {
			act  credential.Act
			want credential.Verdict
		}{{credential.Suspend, credential.Suspended}, {credential.Resume, credential.Valid}, {credential.Suspend, credential.Suspended}, {credential.Revoke, credential.Withdrawn}}
		for _, step := range steps {
			if _, err := s.Attests.Do(s.ctx, c.ID, step.act, "because "+string(step.act)); err != nil {
				t.Fatal(a, step.act, err)
			}
			if r := s.verdict(t, c); r.Verdict != step.want {
				t.Errorf("%s after %s: got %s, want %s", a, step.act, r.Verdict, step.want)
			}
		}
		if got := s.told(t, c); got.Status != credential.Revoked || got.Reason != "because revoke" || got.Cause != credential.ByOfficer {
			t.Errorf("told: %+v", got)
		}
		var story []credential.Status
		past, err := s.Attests.History(s.ctx, c.ID)
		for _, e := range past {
			if story = append(story, e.Status); e.ByName == "" || e.At.IsZero() {
				t.Errorf("nobody did it: %+v", e)
			}
		}
		if want := []credential.Status{credential.Revoked, credential.OnHold, credential.Holds, credential.OnHold, credential.Holds}; err != nil || !slices.Equal(story, want) || past[0].Reason != "because revoke" {
			t.Errorf("the history: got %+v, %v, want %v", past, err, want)
		}
		if _, err := s.Attests.Do(s.ctx, c.ID, credential.Resume, "no"); !errors.Is(err, lifecycle.ErrNoMove) {
			t.Errorf("resuming what is revoked: %v", err)
		}
	}
}

func TestRecordsEndEndsItsCredentials(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		end  func(t *testing.T, s stage)
		want credential.Cause
	}{
		{"the publication is withdrawn", func(t *testing.T, s stage) {
			p, _, err := s.Exchange.List(s.ctx, exchange.Filter{Kind: "registration", RecordID: new(s.recordID())}, 1, "")
			if err == nil {
				_, err = s.Exchange.Withdraw(s.ctx, p[0].ID, "an error of ours")
			}
			if err != nil {
				t.Fatal(err)
			}
		}, credential.ByRecord},
		{"an event is corrected", func(t *testing.T, s stage) {
			events, _, err := s.Registry.History(s.ctx, s.record.ID)
			at := slices.IndexFunc(events, func(e registry.Event) bool { return e.Act == registry.Register })
			if err == nil {
				_, err = s.Registry.Correct(s.ctx, s.record.ID, events[at].ID, time.Date(2026, 1, 9, 0, 0, 0, 0, time.UTC), false, "an error of ours")
			}
			if err != nil {
				t.Fatal(err)
			}
		}, credential.Corrected},
		{"it was never made public", func(t *testing.T, s stage) { s.undo(t, registry.Publish, "an error of ours") }, credential.ByRecord},
		{"it was withdrawn after all", func(t *testing.T, s stage) {
			s.undo(t, registry.Register, "an error of ours")
			if _, err := s.Registry.Do(s.ctx, s.record.ID, registry.Event{Act: registry.Withdraw, EffectiveOn: time.Date(2026, 1, 8, 0, 0, 0, 0, time.UTC), Reason: "an error of ours"}); err != nil {
				t.Fatal(err)
			}
		}, credential.Corrected},
		{"the right is cancelled", func(t *testing.T, s stage) {
			if _, err := s.Registry.Do(s.ctx, s.record.ID, registry.Event{Act: registry.Cancel, EffectiveOn: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)}); err != nil {
				t.Fatal(err)
			}
		}, credential.Superseded},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			kept := s.issue(t, credential.Order{})
			s.lists(t, kept) // signed before
			c.end(t, s)
			if r := s.verdict(t, kept); r.Verdict != credential.Withdrawn {
				t.Errorf("got %s", r.Verdict)
			}
			got := s.told(t, kept)
			if got.Status != credential.Revoked || got.Cause != c.want || c.want != credential.Superseded && got.Reason != "an error of ours" {
				t.Errorf("told: %+v", got)
			}
			past, err := s.Attests.History(s.ctx, kept.ID)
			if err != nil || len(past) != 2 || past[0].Status != credential.Revoked || past[0].Cause != c.want || past[0].ByName != "" {
				t.Errorf("the history: %+v, %v", past, err)
			}
		})
	}
}

// undo records that the registration's event of an act did not happen.
func (s stage) undo(t *testing.T, act registry.Act, reason string) {
	t.Helper()
	events, _, err := s.Registry.History(s.ctx, s.record.ID)
	at := slices.IndexFunc(events, func(e registry.Event) bool { return e.Act == act })
	if err == nil {
		_, err = s.Registry.Correct(s.ctx, s.record.ID, events[at].ID, events[at].EffectiveOn, true, reason)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestNeighboursHaveTheirOwn(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := s.issue(t, credential.Order{})
	other := s.Tenant(t, tenancy.County)
	if _, err := s.Attests.Credential(other, c.ID); !errors.Is(err, credential.ErrNotFound) {
		t.Errorf("a neighbour reads: %v", err)
	}
	if _, err := s.Attests.Do(other, c.ID, credential.Revoke, "no"); !errors.Is(err, credential.ErrNotFound) {
		t.Errorf("a neighbour revokes: %v", err)
	}
	if _, err := s.Attests.History(other, c.ID); !errors.Is(err, credential.ErrNotFound) {
		t.Errorf("a neighbour reads the history: %v", err)
	}
	if _, err := s.Attests.Issue(other, credential.Order{Kind: "registration", RecordID: s.recordID()}); !errors.Is(err, credential.ErrNothing) {
		t.Errorf("a neighbour attests: %v", err)
	}
	err := s.DB.Tx(other, func(tx pgx.Tx) error {
		tag, err := tx.Exec(other, `update app.credential_statuses set status = 'revoked' where credential_id = $1`, c.ID)
		if err == nil && tag.RowsAffected() > 0 {
			t.Error("a neighbour turned a bit")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestRevokedStaysRevokedInTheTablesToo(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := s.issue(t, credential.Order{})
	if _, err := s.Attests.Do(s.ctx, c.ID, credential.Revoke, "over"); err != nil {
		t.Fatal(err)
	}
	err := s.DB.Tx(s.ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(s.ctx, `update app.credential_statuses set status = 'valid' where credential_id = $1`, c.ID)
		return err
	})
	if err == nil {
		t.Error("a revoked credential was made valid")
	}
}

func TestPapersCarryWhatProvesThem(t *testing.T) {
	t.Parallel()
	s := open(t)
	if _, err := s.Translog.Sequence(t.Context()); err != nil {
		t.Fatal(err)
	}
	c := s.issue(t, credential.Order{Languages: []string{"zh-Hans", "en", "ar"}})
	press, err := typeset.New(typeset.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(press.Close)
	if err := s.Attests.MakePapers(s.ctx, press, c.ID); err != nil {
		t.Fatal(err)
	}
	trust, issuers := s.trust(t), s.issuers(t)
	_, other, err := note.GenerateKey(rand.Reader, "other.example/log")
	if err != nil {
		t.Fatal(err)
	}
	otherLog := bytes.Replace(issuers, s.logKey(t), []byte(other), 1)
	stranger, err := credential.ReadTrust(bytes.NewReader(otherLog))
	if err != nil {
		t.Fatal(err)
	}
	for _, language := range c.Languages {
		pdf := s.paper(t, c, language)
		r, err := credential.VerifyPaper(pdf, nil, nil, trust, time.Now())
		if err != nil {
			t.Fatal(language, err)
		}
		if r.Verdict != credential.Valid || !r.Paper || r.Logged == nil || r.AsOf == nil || r.Fresh || r.Claims.Number != c.Number {
			t.Errorf("%s: %+v", language, r)
		}
		if verdict, findings, logged := credential.PageSays(t, issuers, pdf, nil); verdict != credential.Valid || len(findings) > 0 || logged != *r.Logged {
			t.Errorf("%s, the page: %s %v, logged at %d", language, verdict, findings, logged)
		}
		// A log that the reader trusts, and that signed nothing of this.
		if r, err := credential.VerifyPaper(pdf, nil, nil, stranger, time.Now()); err != nil || !slices.Contains(r.Findings, credential.BadProof) {
			t.Errorf("%s, another log: %+v, %v", language, r, err)
		}
		if verdict, findings, _ := credential.PageSays(t, otherLog, pdf, nil); verdict != credential.Altered || !slices.Contains(findings, credential.BadProof) {
			t.Errorf("%s, another log, the page: %s %v", language, verdict, findings)
		}
		// One byte of the print.
		at := bytes.Index(pdf, []byte("endobj"))
		for at < len(pdf) && pdf[at] != '\n' {
			at++
		}
		changed := bytes.Clone(pdf)
		changed[at] = ' '
		if r, err := credential.VerifyPaper(changed, nil, nil, trust, time.Now()); err != nil || r.Verdict != credential.Altered || r.Findings[0] != credential.BadPaper {
			t.Errorf("%s, changed: %+v, %v", language, r, err)
		}
		if r, err := credential.VerifyPaper(append(bytes.Clone(pdf), "% more\n"...), nil, nil, trust, time.Now()); err != nil || r.Verdict != credential.Altered {
			t.Errorf("%s, longer: %+v, %v", language, r, err)
		}
		// The lists of now count instead of those in the paper.
		if _, err := s.Attests.Do(s.ctx, c.ID, credential.Suspend, "to see"); err != nil {
			t.Fatal(err)
		}
		if r, err := credential.VerifyPaper(pdf, s.lists(t, c), nil, trust, time.Now()); err != nil || r.Verdict != credential.Suspended || !r.Fresh {
			t.Errorf("%s, suspended: %+v, %v", language, r, err)
		}
		if _, err := s.Attests.Do(s.ctx, c.ID, credential.Resume, "seen"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := credential.VerifyPaper([]byte("%PDF-1.7 nothing"), nil, nil, trust, time.Now()); !errors.Is(err, credential.ErrNone) {
		t.Errorf("a PDF without a credential: %v", err)
	}
}

// paper is the file behind the link.
func (s stage) paper(t *testing.T, c credential.Credential, language string) []byte {
	t.Helper()
	link, _, err := s.Attests.PaperLink(s.ctx, c.ID, language, document.Attachment)
	if err != nil {
		t.Fatal(err)
	}
	res, err := (&http.Client{Timeout: time.Minute}).Get(link)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil || !strings.HasPrefix(string(b), "%PDF-") {
		t.Fatalf("%d: %.100s %v", res.StatusCode, b, err)
	}
	return b
}

func TestDIDDocument(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.issue(t, credential.Order{Algorithm: credential.ES256})
	s.issue(t, credential.Order{Algorithm: credential.EdDSA})
	slug := s.slug(t)
	a := s.Nobody().Do(t, http.MethodGet, "/tenants/"+slug+"/did.json", nil, nil)
	var d credential.Document
	if err := json.Unmarshal(a.Body.Bytes(), &d); err != nil || a.Code != http.StatusOK {
		t.Fatalf("%d %v", a.Code, err)
	}
	if d.ID != credential.DID(s.BaseURL, slug) || len(d.Methods) != 2 || len(d.AssertionMethod) != 2 {
		t.Errorf("got %+v", d)
	}
	if a := s.Nobody().Do(t, http.MethodGet, "/tenants/nobody/did.json", nil, nil); a.Code != http.StatusNotFound {
		t.Errorf("an unknown tenant: %d", a.Code)
	}
}

func TestPlacesAreRandom(t *testing.T) {
	t.Parallel()
	s := open(t)
	var places []int
	for range 8 {
		s.issue(t, credential.Order{})
	}
	err := s.DB.Read(s.ctx, func(tx pgx.Tx) (err error) {
		rows, _ := tx.Query(s.ctx, `select list_index from app.credentials order by issued_at, id`)
		places, err = pgx.CollectRows(rows, pgx.RowTo[int])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	near := 0
	for i := 1; i < len(places); i++ {
		if d := places[i] - places[i-1]; d > -64 && d < 64 {
			near++
		}
	}
	if near > 2 { // one in a thousand pairs is that near by chance
		t.Errorf("places follow each other: %v", places)
	}
}
