package sandbox

import (
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/identity"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Life is how long a sandbox is open.
const Life = 7 * 24 * time.Hour

// Market is the market of a sandbox's office: a code that ISO 3166-1 leaves to users and WIPO ST.3 gives to nobody.
const Market recognition.Market = "XA"

// Problems of sandboxes.
var (
	ErrNone = problem.New(problem.NotFound, "sandbox.none")
	ErrFull = problem.New(problem.TooMany, "sandbox.full")
)

// withheld are the objects and permissions that the machine of a sandbox lacks although its kind of tenant may have them.
var withheld = []string{"document", "credential", "import-mapping", "registration:import"}

// Sandboxes opens them.
type Sandboxes struct {
	db       *tenancy.DB
	access   *access.Access
	identity *identity.Identity
	registry *registry.Registry
	law      *recognition.Recognitions
	most     int
	now      func() time.Time
}

// Config is what sandboxes are made with.
type Config struct {
	DB       *tenancy.DB
	Access   *access.Access
	Identity *identity.Identity
	Registry *registry.Registry
	Law      *recognition.Recognitions
	Most     int // that may be open at once; 0: the house wants none
	Now      func() time.Time
}

// New makes them.
func New(c Config) *Sandboxes {
	return &Sandboxes{db: c.DB, access: c.Access, identity: c.Identity, registry: c.Registry, law: c.Law, most: c.Most, now: c.Now}
}

// Wanted tells whether the house has sandboxes.
func (s *Sandboxes) Wanted() bool { return s.most > 0 }

// Opened is a sandbox as its developer learns of it, once.
type Opened struct {
	County, Office string // slugs
	Names          []string
	ClientID       string
	Secret         string
	Scopes         []string
	Until          time.Time
}

// records are what a new sandbox holds.
type records struct {
	CountyNames, OfficeNames map[string]string
	ClientName, Reason       string
	Registrations            []struct {
		Until     registry.Status
		Recognise bool
		Content   registry.Content
	}
	Instrument struct {
		Code         string
		Titles, List map[string]string
	}
	Source string
}

//go:embed records.json
var recordsJSON []byte

// Open makes a sandbox with its records and the credentials of a machine of its office. It returns ErrNone where the house
// wants none, and ErrFull while there are as many as it wants and all of them were used within a day.
func (s *Sandboxes) Open(ctx context.Context) (o Opened, err error) {
	if !s.Wanted() {
		return o, ErrNone
	}
	var r records
	if err := json.Unmarshal(recordsJSON, &r); err != nil {
		return o, fmt.Errorf("sandbox records: %w", err)
	}
	o.Until = s.now().Add(Life).Truncate(time.Second)
	county, office, err := s.tenants(ctx, r, o.Until)
	if err != nil {
		return o, err
	}
	o.County, o.Office = county.Slug, office.Slug
	inCounty, inOffice := tenancy.In(ctx, county), tenancy.In(ctx, office)
	if err := exchange.PlaceCanary(inCounty, s.db); err != nil {
		return o, err
	}
	if err := s.fill(inCounty, inOffice, r, &o); err != nil {
		return o, fmt.Errorf("sandbox %s: %w", office.Slug, err)
	}
	o.Scopes = slices.DeleteFunc(s.access.MachineCeiling(tenancy.Jurisdiction), func(permission string) bool {
		object, _, _ := strings.Cut(permission, ":")
		return slices.Contains(withheld, object) || slices.Contains(withheld, permission)
	})
	var client identity.Client
	client, o.Secret, err = s.identity.CreateClient(inOffice, identity.Client{Name: r.ClientName, Scopes: o.Scopes, ExpiresAt: o.Until})
	o.ClientID = client.ID
	return o, err
}

// tenants makes the two tenants and returns the scopes in which the system fills them.
func (s *Sandboxes) tenants(ctx context.Context, r records, until time.Time) (county, office tenancy.Scope, err error) {
	name := strings.ToLower(rand.Text()[:10])
	county = tenancy.Scope{Slug: "test-county-" + name, TenantKind: tenancy.County, Demo: true, ActorKind: tenancy.System, ActorName: "sandbox"}
	office = tenancy.Scope{Slug: "test-office-" + name, TenantKind: tenancy.Jurisdiction, Demo: true, ActorKind: tenancy.System, ActorName: "sandbox"}
	everybody := tenancy.In(ctx, tenancy.Public)
	err = s.db.Tx(everybody, func(tx pgx.Tx) error {
		err := tx.QueryRow(everybody, `select county, office from app.gate_sandbox($1, $2, $3, $4, $5, $6)`, name, r.CountyNames, r.OfficeNames, Market, s.most, until).
			Scan(&county.Tenant, &office.Tenant)
		if errors.Is(err, pgx.ErrNoRows) {
			return ErrFull.With("retryAfter", int((time.Hour).Seconds()))
		}
		return postgres.Wrap(err, "sandbox")
	})
	return county, office, err
}

// fill writes the records, by the verbs that people use.
func (s *Sandboxes) fill(inCounty, inOffice context.Context, r records, o *Opened) error {
	county, err := tenancy.From(inCounty)
	if err != nil {
		return err
	}
	instrument, err := s.instrument(inOffice, r)
	if err != nil {
		return err
	}
	for i, one := range r.Registrations {
		reg, err := s.register(inCounty, one.Content, one.Until, r.Reason)
		if err != nil {
			return err
		}
		o.Names = append(o.Names, one.Content.Title())
		if !one.Recognise {
			continue
		}
		record, err := uuid.Parse(string(reg.ID))
		if err != nil {
			return err
		}
		name := one.Content.Names[0]
		rec, err := s.law.Record(inOffice, recognition.Recognition{
			Market: Market, OriginOffice: one.Content.Office, Name: name.Text, Language: name.Language, Forms: []recognition.Form{}, InstrumentID: &instrument, List: "I",
			Position: fmt.Sprint(i + 1), Protection: recognition.Protected, From: day(9), Registration: &recognition.Link{Publisher: county.Tenant, Record: record}, Sources: []recognition.Source{{Title: r.Source}},
		})
		if err != nil {
			return err
		}
		if _, err := s.law.Publish(inOffice, rec.ID, rec.Version, exchange.Choice{}); err != nil {
			return err
		}
	}
	return nil
}

func (s *Sandboxes) instrument(ctx context.Context, r records) (id uuid.UUID, err error) {
	signed, force := day(1), day(9)
	i, err := s.law.CreateInstrument(ctx, recognition.Instrument{
		Code: r.Instrument.Code, Kind: recognition.Pilot, Titles: r.Instrument.Titles, Parties: []string{string(Market), "XT"},
		Scope: []recognition.Class{}, Lists: []recognition.List{{Code: "I", Titles: r.Instrument.List}}, SignedOn: &signed, InForceOn: &force, Sources: []recognition.Source{{Title: r.Source}},
	})
	if err != nil {
		return id, err
	}
	_, err = s.law.PublishInstrument(ctx, i.ID, i.Version, exchange.Choice{})
	return i.ID, err
}

// register brings a registration to a status, an act on the first day of each month.
func (s *Sandboxes) register(ctx context.Context, c registry.Content, until registry.Status, reason string) (reg registry.Registration, err error) {
	if reg, err = s.registry.Draft(ctx, c); err != nil {
		return reg, err
	}
	for i, act := range []registry.Act{registry.File, registry.Examine, registry.Publish, registry.Register, registry.Cancel} {
		if reg.Status == until {
			return reg, nil
		}
		if reg, err = s.registry.Do(ctx, reg.ID, registry.Event{Act: act, EffectiveOn: day(i + 2), Reason: reason}); err != nil {
			return reg, err
		}
	}
	return reg, nil
}

// day is the first day of a month of the year in which all of a sandbox's facts are set.
func day(month int) time.Time { return time.Date(2024, time.Month(month), 1, 0, 0, 0, 0, time.UTC) }
