package recognition

import (
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/runtime/types"
	"golang.org/x/text/language"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/registry"
)

// ID identifies a recognition through all its versions.
type ID = uuid.UUID

// Protection is what the market grants.
type Protection string

// The protections.
const (
	Protected Protection = "protected"
	Limited   Protection = "protected-limited" // with a reservation or a phase-out for prior users, see Limits
	Refused   Protection = "refused"
)

// Protections lists all protections.
var Protections = []Protection{Protected, Limited, Refused}

// FormKind says how a form of a name came about.
type FormKind string

// The kinds of forms. A transcription is protected with the name, a translation may be descriptive only.
const (
	Original      FormKind = "original"
	Transcription FormKind = "transcription"
	Translation   FormKind = "translation"
)

var formKinds = []FormKind{Original, Transcription, Translation}

// Problems of recognitions.
var (
	ErrNotFound = problem.New(problem.NotFound, "recognition.not-found")
	// ErrContradiction is returned when another row says something of the same name, market and instrument on the same day.
	ErrContradiction = postgres.Constraint("recognitions_contradiction", problem.New(problem.Conflict, "recognition.contradiction"))
	// ErrEnded is returned when the recognition ends no later than the day asked for.
	ErrEnded = problem.New(problem.Conflict, "recognition.ended")

	codeListed       = problem.Field("recognition.not-in-instrument")
	codeInstrument   = problem.Field("recognition.unknown-instrument")
	codeRegistration = problem.Field("recognition.unknown-registration")
	codeNoLimits     = problem.Field("recognition.no-limits")
	codeNoParty      = problem.Field("recognition.no-party")
	codeOverlap      = problem.Field("recognition.overlap")
)

// Recognition is the protection of a name in a market in time, or its refusal, as it was known from KnownFrom on.
type Recognition struct {
	ID             ID
	Version        int
	KnownFrom      time.Time
	KnownUntil     *time.Time // a newer version is known since then; nil: this one holds
	Market         Market
	OriginOffice   string // ST.3
	Name           string // as it is protected in the market
	Language       string // of Name, BCP 47
	Forms          []Form
	InstrumentID   *InstrumentID // nil: registered in the market directly
	InstrumentCode string        // of the instrument, when it was read
	List           string        // code of the instrument's list
	Position       string        // number or line in the list, or the number of the direct registration
	Protection     Protection
	Limits         map[string]string // by BCP 47 tag
	PhaseOutUntil  *time.Time        // prior users may go on until then
	From           time.Time         // first day
	Until          *time.Time        // first day on which it no longer holds; nil: no end is known
	Registration   *Link             // the registration at origin that is recognised
	Sources        []Source
	Reason         string // why this version superseded the one before
	RecordedBy     *uuid.UUID
	Published      int // the version that is published; 0: none
}

// Form is a name in some script or language.
type Form struct {
	Text     string   `json:"text"`
	Language string   `json:"language"`
	Kind     FormKind `json:"kind"`
	Scheme   string   `json:"scheme,omitempty"` // of a transcription: ISO 7098
}

// Link points at a published registration of any tenant, by value.
type Link struct {
	Publisher uuid.UUID `json:"publisherId"`
	Record    uuid.UUID `json:"recordId"`
}

// CitedInstrument is an instrument as a recognition cites it.
type CitedInstrument struct {
	RecordID  uuid.UUID         `json:"recordId"`
	Code      string            `json:"code"`
	Titles    map[string]string `json:"titles"`
	InForceOn *types.Date       `json:"inForceOn,omitempty"`
	EndedOn   *types.Date       `json:"endedOn,omitempty"`
}

// Content is a recognition as it is published.
type Content struct {
	Version       int               `json:"version"`
	Market        Market            `json:"market"`
	OriginOffice  string            `json:"originOffice"`
	Name          string            `json:"name"`
	Language      string            `json:"language"`
	Forms         []Form            `json:"forms"`
	Instrument    *CitedInstrument  `json:"instrument,omitempty"`
	List          string            `json:"list,omitempty"`
	Position      string            `json:"position,omitempty"`
	Protection    Protection        `json:"protection"`
	Limits        map[string]string `json:"limits,omitempty"`
	PhaseOutUntil *types.Date       `json:"phaseOutUntil,omitempty"`
	From          types.Date        `json:"from"`
	Until         *types.Date       `json:"until,omitempty"`
	Registration  *Link             `json:"registration,omitempty"`
	Sources       []Source          `json:"sources"`
}

// Content is what is published of the recognition; i is its instrument, the zero one without.
func (r Recognition) Content(i Instrument) Content {
	c := Content{
		Version: r.Version, Market: r.Market, OriginOffice: r.OriginOffice, Name: r.Name, Language: r.Language, Forms: r.Forms, List: r.List, Position: r.Position,
		Protection: r.Protection, Limits: r.Limits, PhaseOutUntil: date(r.PhaseOutUntil), From: types.Date{Time: r.From}, Until: date(r.Until),
		Registration: r.Registration, Sources: r.Sources,
	}
	if i.ID != uuid.Nil {
		c.Instrument = &CitedInstrument{RecordID: i.ID, Code: i.Code, Titles: i.Titles, InForceOn: date(i.InForceOn), EndedOn: date(i.EndedOn)}
	}
	return c
}

// InForceOn tells whether the recognition, or its refusal, holds on a day.
func (r Recognition) InForceOn(day time.Time) bool {
	return !day.Before(r.From) && (r.Until == nil || day.Before(*r.Until))
}

// Check returns problem.ErrInvalid with a detail for each wrong field; i is the recognition's instrument, the zero one without.
func (r Recognition) Check(i Instrument) error {
	err := problem.ErrInvalid
	if _, ok := ParseMarket(string(r.Market)); !ok {
		err = err.At("/market", codeMarket, "Code", string(r.Market))
	}
	if _, ok := ParseMarket(r.OriginOffice); !ok {
		err = err.At("/originOffice", codeMarket, "Code", r.OriginOffice)
	}
	err = checkForm(err, "", r.Name, r.Language)
	for n, f := range r.Forms {
		at := fmt.Sprintf("/forms/%d", n)
		err = checkForm(err, at, f.Text, f.Language)
		if !slices.Contains(formKinds, f.Kind) {
			err = err.At(at+"/kind", codeKind)
		}
	}
	if !slices.Contains(Protections, r.Protection) {
		err = err.At("/protection", codeKind)
	}
	if r.Protection == Limited && len(r.Limits) == 0 {
		err = err.At("/limits", codeNoLimits)
	}
	err = checkTexts(err, "/limits", r.Limits)
	err = checkDays(err, []pointedDay{{"/from", &r.From}, {"/until", r.Until}})
	err = checkDays(err, []pointedDay{{"/from", nil}, {"/phaseOutUntil", r.PhaseOutUntil}})
	if r.Until != nil && r.Until.Equal(r.From) {
		err = err.At("/until", codeOrder)
	}
	err = r.checkInstrument(err, i)
	return checkSources(err, r.Sources).Or()
}

func (r Recognition) checkInstrument(err *problem.Error, i Instrument) *problem.Error {
	switch {
	case i.ID == uuid.Nil && r.List != "":
		return err.At("/list", codeListed)
	case i.ID == uuid.Nil:
		return err
	}
	if r.List != "" && !i.HasList(r.List) {
		err = err.At("/list", codeListed)
	}
	if !slices.ContainsFunc(r.Market.Within(), func(m Market) bool { return slices.Contains(i.Parties, string(m)) }) {
		err = err.At("/market", codeNoParty)
	}
	return err
}

func checkForm(err *problem.Error, at, text, tag string) *problem.Error {
	if registry.NameKey(text) == "" {
		pointer := at + "/text"
		if at == "" {
			pointer = "/name"
		}
		err = err.At(pointer, codeMissing)
	}
	if _, bad := language.Parse(tag); bad != nil {
		err = err.At(at+"/language", codeLanguage)
	}
	return err
}

func webAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

func date(day *time.Time) *types.Date {
	if day == nil {
		return nil
	}
	return &types.Date{Time: *day}
}
