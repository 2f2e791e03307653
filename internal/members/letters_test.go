package members_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/helianthus-gi/helianthus/internal/members"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// A member is told of the end of a licence on each day of the rule, once, in its language; of one that ended nobody is told. Who has no address of
// mail stands there. Erasure takes the letters along.
func TestEndsOfLicencesAreToldOnce(t *testing.T) {
	t.Parallel()
	a := openAssembly(t)
	f := grower("Ayan")
	f.Private.Reach[0].Email, f.Content.Language = "ayan@example.org", "en"
	f.Content.Licences = []members.Licence{{Kind: "营业执照", Number: "L 1", UntilOn: "2026-05-01"}, {Kind: "其他", Number: "L-2", UntilOn: "2026-03-01"}, {Kind: "其他", Number: "L-3"}}
	m := admitted(t, a.ctx, a.Members, f)
	silent := admitted(t, a.ctx, a.Members, members.Facts{Category: members.Grower, Name: "无邮箱", Content: members.Content{Licences: []members.Licence{{Kind: "营业执照", Number: "N-1", UntilOn: "2026-04-20"}}}})
	round := func(days, mails int) {
		t.Helper()
		a.now = now.AddDate(0, 0, days)
		for range 2 {
			if err := errors.Join(a.Letters.Write(a.ctx), a.Letters.Deliver(a.ctx)); err != nil {
				t.Fatal(err)
			}
		}
		if got := a.box.Taken(); len(got) != mails {
			t.Errorf("day %d: %d mails, want %d: %+v", days, len(got), mails, got)
		}
	}
	round(0, 1) // sixty days before
	if l := a.box.Taken()[0]; !strings.Contains(l.Text, "L 1") || !strings.Contains(l.Text, "1 May 2026") || l.Language != "en" {
		t.Errorf("%+v", l)
	}
	round(30, 1)
	round(46, 2) // fourteen days before
	round(70, 2)
	all, err := a.Letters.To(a.ctx, m.ID)
	if err != nil || len(all) != 2 || all[0].Address != "a***@example.org" || all[0].Status != "sent" {
		t.Errorf("what is kept: %+v, %v", all, err)
	}
	if all, err := a.Letters.To(a.ctx, silent.ID); err != nil || len(all) != 2 || all[0].Status != "no-address" {
		t.Errorf("who has no address: %+v, %v", all, err)
	}
	left, err := a.Members.Do(a.ctx, m.ID, m.Version, members.Deed{Act: members.Leave})
	if err == nil {
		_, err = a.Erase(a.ctx, left.ID, left.Version, "本人要求")
	}
	if err != nil {
		t.Fatal(err)
	}
	if all, err := a.Letters.To(a.ctx, m.ID); err != nil || len(all) != 0 {
		t.Errorf("left of an erased member: %+v, %v", all, err)
	}
}

// A link to the portal is mailed: it opens once, and the key stands nowhere but in the mail. In the portal the member says whether it comes to a
// meeting, and not to somebody else's.
func TestALinkIsMailed(t *testing.T) {
	t.Parallel()
	a := openAssembly(t)
	f := grower("Ayan")
	f.Private.Reach[0].Email = "ayan@example.org"
	m := admitted(t, a.ctx, a.Members, f)
	silent := admitted(t, a.ctx, a.Members, members.Facts{Category: members.Grower, Name: "无邮箱"})
	if _, err := a.Letters.SendLink(a.ctx, silent.ID); !errors.Is(err, members.ErrNoAddress) {
		t.Errorf("to nowhere: %v", err)
	}
	l, err := a.Letters.SendLink(a.ctx, m.ID)
	if err != nil || l.Address != "a***@example.org" {
		t.Fatalf("%+v, %v", l, err)
	}
	if err := a.Letters.Deliver(a.ctx); err != nil {
		t.Fatal(err)
	}
	got := a.box.Taken()
	scope, err := tenancy.From(a.ctx)
	if err != nil || len(got) != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	_, rest, found := strings.Cut(strings.ReplaceAll(got[0].Text, "=\r\n", ""), "https://house.example/associations/"+scope.Slug+"/portal/")
	if !found {
		t.Fatalf("no link in %s", got[0].Text)
	}
	key := strings.FieldsFunc(rest, func(r rune) bool { return r < 'A' && (r < '0' || r > '9') || r > 'Z' })[0]
	door, err := a.Door(t.Context(), scope.Slug)
	if err != nil {
		t.Fatal(err)
	}
	portal := members.NewPortal(members.PortalConfig{Members: a.Members})
	session, err := portal.Enter(t.Context(), door, key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := portal.Enter(t.Context(), door, key); !errors.Is(err, members.ErrNoKey) {
		t.Errorf("opened twice: %v", err)
	}
	a.rule(t, 15)
	g := a.called(t, 15)
	if err := portal.Answer(t.Context(), door, session, g.ID, true); err != nil {
		t.Fatal(err)
	}
	roll, _, err := a.Roll(a.ctx, g.ID, members.RollFilter{Words: "Ayan"}, 50, "")
	if err != nil || len(roll) != 1 || roll[0].Answer != "coming" {
		t.Errorf("what it answered: %+v, %v", roll, err)
	}
	if _, err := a.Cancel(a.ctx, g.ID, g.Version, "演示"); err != nil {
		t.Fatal(err)
	}
	if err := portal.Answer(t.Context(), door, session, g.ID, false); !errors.Is(err, members.ErrNotOnRoll) {
		t.Errorf("an answer to what is cancelled: %v", err)
	}
}
