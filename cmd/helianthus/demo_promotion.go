package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/identity"
	"github.com/helianthus-gi/helianthus/internal/promotion"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// demoPromotion is a call of the demonstration's county and applications to it. Their texts say that they are made up; the rate in them is of nobody.
//
//go:embed demo/promotion.json
var demoPromotion []byte

// demoPlatform is a platform that the county works with, and a call of it.
//
//go:embed demo/platform.json
var demoPlatform []byte

type demoCall struct {
	Drafter, Reviewer string // people of the county, by address of mail; they are its committee, too
	Call              promotion.Content
	Days              int // for which it is open
	Platform          promotion.Platform
	Applications      []struct {
		Tenant string
		promotion.Form
		Submitted bool
	}
}

// promote gives a county without calls one that is open, and applications to it: one that is handed in, and one that is still being filled in.
func promote(ctx context.Context, n *node, p identity.Provisioner, county tenancy.Scope) error {
	var d demoCall
	if err := json.Unmarshal(demoPromotion, &d); err != nil {
		return err
	}
	own := true
	have, _, err := n.house.Promotion.Programmes(tenancy.In(ctx, county), promotion.ProgrammeFilter{Own: &own}, 1, "")
	if err != nil || len(have) > 0 {
		return err
	}
	call, err := openDemoCall(ctx, n, county, d)
	if err != nil {
		return fmt.Errorf("call: %w", err)
	}
	if err := offer(ctx, n, p, county); err != nil {
		return fmt.Errorf("platform: %w", err)
	}
	for _, a := range d.Applications {
		scope, err := p.ScopeOf(ctx, a.Tenant)
		if err != nil {
			return err
		}
		in := tenancy.In(ctx, scope)
		made, err := n.house.Promotion.Apply(in, call, a.Form)
		if err == nil && a.Submitted {
			_, err = n.house.Promotion.Submit(in, made.ID, made.Version)
		}
		if err != nil {
			return fmt.Errorf("application of %s: %w", a.Tenant, err)
		}
	}
	return nil
}

// offer opens a call of the demonstration's platform, and enters the platform in the county's list of them.
func offer(ctx context.Context, n *node, p identity.Provisioner, county tenancy.Scope) error {
	var d demoCall
	if err := json.Unmarshal(demoPlatform, &d); err != nil {
		return err
	}
	platform, err := p.ScopeOf(ctx, "hetao-platform")
	if err != nil {
		return err
	}
	if _, err := openDemoCall(ctx, n, platform, d); err != nil {
		return err
	}
	_, err = n.house.Promotion.AddPlatform(tenancy.In(ctx, county), d.Platform, platform.Slug)
	return err
}

// openDemoCall drafts the call as one person of the county and reviews it as another, since nobody reviews what they wrote.
func openDemoCall(ctx context.Context, n *node, county tenancy.Scope, d demoCall) (id uuid.UUID, err error) {
	drafter, err := demoPerson(ctx, n, county, d.Drafter)
	if err != nil {
		return id, err
	}
	reviewer, err := demoPerson(ctx, n, county, d.Reviewer)
	if err != nil {
		return id, err
	}
	zone, err := time.LoadLocation(d.Call.Window.Zone)
	if err != nil {
		return id, err
	}
	now := time.Now().In(zone)
	d.Call.Window.Opens = now.AddDate(0, 0, -1).Format("2006-01-02T15:04:05")
	d.Call.Window.Closes = now.AddDate(0, 0, d.Days).Format(time.DateOnly) + "T23:59:59"
	made, err := n.house.Promotion.Create(tenancy.In(ctx, drafter), d.Call)
	for _, act := range []promotion.Act{promotion.Review, promotion.OpenIt} {
		if err == nil {
			made, err = n.house.Promotion.Do(tenancy.In(ctx, reviewer), made.ID, made.Version, act, "")
		}
	}
	if err == nil {
		_, _, err = n.house.Promotion.Appoint(tenancy.In(ctx, drafter), made.ID, made.Version, []uuid.UUID{drafter.Actor, reviewer.Actor})
	}
	return made.ID, err
}

// demoPerson is the scope of a person of a tenant.
func demoPerson(ctx context.Context, n *node, s tenancy.Scope, email string) (tenancy.Scope, error) {
	found, err := n.house.Identity.People(tenancy.In(ctx, s), email, [2]string{}, 1)
	if err != nil || len(found) == 0 {
		return s, fmt.Errorf("person %s of %s: %w", email, s.Slug, err)
	}
	s.ActorKind, s.ActorName = tenancy.Person, found[0].Name
	s.Actor, err = uuid.Parse(found[0].ID)
	return s, err
}
