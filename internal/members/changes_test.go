package members_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/members"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// A change is proposed by one and decided by another: the fields that it names are shown as they are and as they would be, masked; what changed
// meanwhile stands against it; what it does not name stays as it is now.
func TestChangesWantASecondPerson(t *testing.T) {
	t.Parallel()
	s := open(t)
	one := dbtest.Tenant(t, tenancy.Association)
	scope, err := tenancy.From(one)
	if err != nil {
		t.Fatal(err)
	}
	scope.Actor, scope.ActorName = uuid.New(), "乙"
	two := tenancy.In(one, scope)
	m := admitted(t, one, s, grower("演示种植户"))
	propose := func(f members.Facts) members.Change {
		t.Helper()
		now, err := s.Read(one, m.ID)
		if err != nil {
			t.Fatal(err)
		}
		c, err := s.Propose(one, m.ID, now.Version, f, "搬迁")
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	if _, err := s.Propose(one, m.ID, m.Version, m.Facts, ""); !errors.Is(err, members.ErrNothingChanges) {
		t.Errorf("nothing would change: %v", err)
	}
	f := m.Facts
	f.Content.Address = "新公中镇"
	f.Private.Reach = []members.Reach{{Phone: "13900139000"}}
	c := propose(f)
	want := []members.Difference{{Field: "contacts", Before: "演示种植户 · 138******00", After: "演示种植户 · 139******00"}, {Field: "address", After: "新公中镇"}}
	if got := c.Differences(); !slices.Equal(got, want) {
		t.Errorf("got %+v", got)
	}
	if _, err := s.Propose(two, m.ID, m.Version, f, ""); !errors.Is(err, members.ErrChangeOpen) {
		t.Errorf("a second one: %v", err)
	}
	if _, err := s.AcceptChange(one, c.ID, ""); !errors.Is(err, members.ErrSamePerson) {
		t.Errorf("by who proposed it: %v", err)
	}
	if _, err := s.RefuseChange(dbtest.Tenant(t, tenancy.Association), c.ID, "x"); !errors.Is(err, members.ErrChangeNotFound) {
		t.Errorf("by another association: %v", err)
	}
	// What it does not name may change meanwhile.
	other := m.Facts
	other.Content.Note = "改了备注"
	if _, err := s.Update(two, m.ID, m.Version, other, ""); err != nil {
		t.Fatal(err)
	}
	if c, err = s.AcceptChange(two, c.ID, "已核对"); err != nil || c.Status != members.ChangeAccepted || len(c.Differences()) != len(c.Fields) || c.Differences()[1].After != "" {
		t.Errorf("accepted: %+v, %v", c, err)
	}
	now, err := s.Read(one, m.ID)
	if err != nil || now.Content.Address != "新公中镇" || now.Content.Note != "改了备注" || now.Private.Reach[0].Phone != "13900139000" || now.Private.IDNumber != idNumber {
		t.Errorf("the member: %+v, %v", now.Facts, err)
	}
	if _, err := s.AcceptChange(two, c.ID, ""); !errors.Is(err, members.ErrChangeDecided) {
		t.Errorf("twice: %v", err)
	}
	// What it names may not.
	f = now.Facts
	f.Content.Address = "隆兴昌镇"
	c = propose(f)
	f.Content.Address = "塔尔湖镇"
	if now, err = s.Update(two, m.ID, now.Version, f, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := s.AcceptChange(two, c.ID, ""); !errors.Is(err, members.ErrOvertaken) {
		t.Errorf("overtaken: %v", err)
	} else if p, _ := problem.As(err); p.Values["Fields"] != "address" {
		t.Errorf("by %v", p.Values)
	}
	if c, err = s.RefuseChange(two, c.ID, "地址已更新"); err != nil || c.Status != members.ChangeRefused || c.Decision != "地址已更新" {
		t.Errorf("refused: %+v, %v", c, err)
	}
	// Erasure takes what waits along, and the database refuses one pair of eyes, whatever the application forgets.
	f.Content.Address = "胜丰镇"
	c = propose(f)
	err = dbtest.DB(t).Tx(one, func(tx pgx.Tx) error {
		_, err := tx.Exec(one, `update app.member_changes set status = 'accepted', decided_at = now(), decided_by = proposed_by where id = $1`, c.ID)
		return err
	})
	if err == nil {
		t.Error("decided by who proposed it")
	}
	left, err := s.Do(two, m.ID, now.Version, members.Deed{Act: members.Leave})
	if err == nil {
		_, err = s.Erase(two, m.ID, left.Version, "本人要求")
	}
	if err != nil {
		t.Fatal(err)
	}
	found, _, err := s.Changes(one, members.ChangeFilter{Member: &m.ID}, 10, "")
	if err != nil || len(found) != 3 || found[0].Status != members.ChangeWithdrawn || found[0].Differences()[0].After != "" {
		t.Errorf("after erasure: %+v, %v", found, err)
	}
}
