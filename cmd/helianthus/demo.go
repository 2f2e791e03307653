package main

import (
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/helianthus-gi/helianthus/internal/credential"
	"github.com/helianthus-gi/helianthus/internal/dossier"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/identity"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/tenants"
)

//go:embed demo/records.json
var demoRecords []byte

// records are what the demonstration tenants know: one registration, and one partner's recognition of it.
type records struct {
	Registration registry.Content
	Reason       string
	Instrument   struct {
		Code   string
		Titles map[string]string
		List   map[string]string
		Source string
	}
	Recognition struct {
		Position string
		Forms    []recognition.Form
		Source   string
	}
	Product  map[string]string
	Officers struct{ County, Partner string } // who decides on certificates, as tenants/demo names them
}

// demo makes the demonstration tenants and, where they know nothing yet, their records, by the verbs that people use. It
// returns the password when it made one up.
func demo(ctx context.Context, s Settings, n *node, ownerURL string) (string, error) {
	if !s.Demo {
		return "", nil
	}
	owner, err := pgxpool.New(ctx, ownerURL)
	if err != nil {
		return "", err
	}
	defer owner.Close()
	p := identity.Provisioner{Owner: owner, DB: n.house.DB}
	files, err := tenants.Demo()
	if err != nil {
		return "", err
	}
	password, madeUp := s.DemoPassword, ""
	if password == "" {
		text := strings.ToLower(rand.Text())
		password = text[:6] + "-" + text[6:12] + "-" + text[12:18]
		madeUp = password
	}
	changes, err := p.Apply(ctx, files, password)
	if err != nil {
		return "", fmt.Errorf("demonstration tenants: %w", err)
	}
	if !identity.SetPasswords(changes) {
		madeUp = "" // everybody has a password already
	}
	if err := placeCanary(ctx, p); err != nil {
		return "", err
	}
	if err := seed(ctx, n, p); err != nil {
		return "", fmt.Errorf("demonstration records: %w", err)
	}
	return madeUp, nil
}

func seed(ctx context.Context, n *node, p identity.Provisioner) error {
	var r records
	if err := json.Unmarshal(demoRecords, &r); err != nil {
		return err
	}
	county, err := p.ScopeOf(ctx, "wuyuan")
	if err != nil {
		return err
	}
	partner, err := p.ScopeOf(ctx, "alpha")
	if err != nil {
		return err
	}
	inCounty, inPartner := tenancy.In(ctx, county), tenancy.In(ctx, partner)
	reg, err := register(inCounty, n, r)
	if err != nil {
		return err
	}
	if err := recognise(inPartner, n, r, county, reg); err != nil {
		return err
	}
	if err := certify(ctx, n, r, county, partner, reg); err != nil {
		return err
	}
	if err := enrol(ctx, n, p, county, reg); err != nil {
		return err
	}
	if err := supervise(ctx, n, county, reg); err != nil {
		return err
	}
	if err := promote(ctx, n, p, county); err != nil {
		return err
	}
	have, _, err := n.house.Dossiers.List(inCounty, dossier.Filter{}, "", 1)
	if err != nil || len(have) > 0 {
		return err
	}
	d, err := n.house.Dossiers.Create(inCounty, dossier.Dossier{RegistrationID: reg.ID, Market: string(demoMarket), Profile: "alpha-sunflower-seeds"})
	if err != nil {
		return err
	}
	_, err = n.house.Dossiers.Update(inCounty, d.ID, d.Version, dossier.Change{Product: &r.Product})
	return err
}

// register brings the demonstration's registration to where it is registered, from wherever a start before was stopped.
func register(ctx context.Context, n *node, r records) (reg registry.Registration, err error) {
	have, _, err := n.house.Registry.List(ctx, registry.Filter{Q: r.Registration.Title()}, "", 1)
	if err != nil {
		return reg, err
	}
	if len(have) == 0 {
		reg, err = n.house.Registry.Draft(ctx, r.Registration)
	} else {
		var s registry.State
		s, err = n.house.Registry.State(ctx, have[0].ID, time.Time{}, time.Time{})
		reg = s.Registration
	}
	if err != nil {
		return reg, err
	}
	way := []registry.Status{registry.Draft, registry.Filed, registry.Examined, registry.Published}
	for i, act := range []registry.Act{registry.File, registry.Examine, registry.Publish, registry.Register} {
		if reg.Status != way[i] {
			continue
		}
		on := time.Date(2024, time.Month(2+2*i), 1, 0, 0, 0, 0, time.UTC)
		if reg, err = n.house.Registry.Do(ctx, reg.ID, registry.Event{Act: act, EffectiveOn: on, Reason: r.Reason}); err != nil {
			return reg, err
		}
	}
	return reg, nil
}

// certify issues one certificate of the registration and one of its recognition, so that a newcomer finds what to check.
// Both are marked as demonstrations, as all that their tenants publish.
func certify(ctx context.Context, n *node, r records, county, partner tenancy.Scope, reg registry.Registration) error {
	record, err := uuid.Parse(string(reg.ID))
	if err != nil {
		return err
	}
	county.ActorName, partner.ActorName = r.Officers.County, r.Officers.Partner
	inPartner := tenancy.In(ctx, partner)
	recognised, _, err := n.house.Law.List(inPartner, recognition.Filter{}, 1, "")
	if err != nil {
		return err
	}
	if err := attest(tenancy.In(ctx, county), n, "registration", record); err != nil || len(recognised) == 0 {
		return err
	}
	return attest(inPartner, n, "recognition", recognised[0].ID)
}

func attest(ctx context.Context, n *node, kind string, record uuid.UUID) error {
	have, _, err := n.house.Attests.List(ctx, credential.Filter{}, 1, "")
	if err != nil || len(have) > 0 {
		return err
	}
	_, err = n.house.Attests.Issue(ctx, credential.Order{Kind: kind, RecordID: record, Languages: credential.Languages})
	return err
}

// demoMarket is a code for users' own use, which names no real country (ISO 3166-1, user-assigned).
const demoMarket recognition.Market = "XA"

func recognise(ctx context.Context, n *node, r records, county tenancy.Scope, reg registry.Registration) error {
	signed, force := time.Date(2024, 11, 1, 0, 0, 0, 0, time.UTC), time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC)
	law := n.house.Law
	have, _, err := law.List(ctx, recognition.Filter{}, 1, "")
	if err != nil || len(have) > 0 {
		return err
	}
	i, err := law.CreateInstrument(ctx, recognition.Instrument{
		Code: r.Instrument.Code, Kind: recognition.Pilot, Titles: r.Instrument.Titles, Parties: []string{string(demoMarket), "CN"},
		Scope: []recognition.Class{}, Lists: []recognition.List{{Code: "I", Titles: r.Instrument.List}}, SignedOn: &signed, InForceOn: &force, Sources: []recognition.Source{{Title: r.Instrument.Source}},
	})
	if err != nil {
		return err
	}
	if i, err = law.PublishInstrument(ctx, i.ID, i.Version, exchange.Choice{}); err != nil {
		return err
	}
	record, err := uuid.Parse(string(reg.ID))
	if err != nil {
		return err
	}
	name := reg.Content.Names[0]
	rec, err := law.Record(ctx, recognition.Recognition{
		Market: demoMarket, OriginOffice: "CN", Name: name.Text, Language: name.Language, Forms: r.Recognition.Forms, InstrumentID: &i.ID, List: "I", Position: r.Recognition.Position,
		Protection: recognition.Protected, From: force, Registration: &recognition.Link{Publisher: county.Tenant, Record: record}, Sources: []recognition.Source{{Title: r.Recognition.Source}},
	})
	if err != nil {
		return err
	}
	_, err = law.Publish(ctx, rec.ID, rec.Version, exchange.Choice{})
	return err
}
