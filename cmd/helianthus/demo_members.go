package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/identity"
	"github.com/helianthus-gi/helianthus/internal/members"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// demoMembers are members of the demonstration's associations. Their names say that they are made up, and so are their codes, which have the
// right form only.
//
//go:embed demo/members.json
var demoMembers []byte

type demoMember struct {
	members.Facts
	Acts []members.Act
}

// demoAssociation is what an association of the demonstration has.
type demoAssociation struct {
	Purpose string // for which it keeps personal data
	Members []demoMember
}

// enrol gives associations without members theirs, and says that plots are held against the county's registration.
func enrol(ctx context.Context, n *node, p identity.Provisioner, county tenancy.Scope, reg registry.Registration) error {
	var all map[string]demoAssociation
	if err := json.Unmarshal(demoMembers, &all); err != nil {
		return err
	}
	for slug, a := range all {
		scope, err := p.ScopeOf(ctx, slug)
		if err != nil {
			return err
		}
		in := tenancy.In(ctx, scope)
		have, _, err := n.house.Members.List(in, members.Filter{}, 1, "")
		if err != nil || len(have) > 0 {
			return err
		}
		record, err := uuid.Parse(string(reg.ID))
		if err != nil {
			return err
		}
		if _, err := n.house.Members.UpdateRule(in, members.Rule{Publisher: county.Slug, RegistrationID: &record, RetentionYears: 5, Purpose: a.Purpose}); err != nil {
			return fmt.Errorf("rule of %s: %w", slug, err)
		}
		for _, d := range a.Members {
			m, err := n.house.Members.Create(in, d.Facts, new(time.Date(2026, 1, 12, 0, 0, 0, 0, time.UTC)))
			for _, act := range d.Acts {
				if err == nil {
					m, err = n.house.Members.Do(in, m.ID, m.Version, members.Deed{Act: act})
				}
			}
			if err != nil {
				return fmt.Errorf("members of %s: %w", slug, err)
			}
		}
		if err := demoDues(in, n); err != nil {
			return fmt.Errorf("dues of %s: %w", slug, err)
		}
	}
	return nil
}

// demoDues asks the members of an association for the dues of this year.
func demoDues(ctx context.Context, n *node) error {
	year := time.Now().Year()
	due := time.Date(year, 12, 31, 0, 0, 0, 0, time.UTC)
	y, err := n.house.Dues.UpdateYear(ctx, members.DuesYear{Year: year, DueOn: &due, Amounts: map[members.Category]members.Money{members.Enterprise: 2000_00, members.Cooperative: 500_00, members.Grower: 20_00}})
	if err == nil {
		_, err = n.house.Dues.Raise(ctx, year, y.Version)
	}
	return err
}
