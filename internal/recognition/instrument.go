package recognition

import (
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/runtime/types"
	"golang.org/x/text/language"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

// InstrumentID identifies an instrument.
type InstrumentID = uuid.UUID

// InstrumentKind is what sort of instrument it is.
type InstrumentKind string

// The kinds of instruments.
const (
	Treaty     InstrumentKind = "treaty"
	Agreement  InstrumentKind = "agreement"
	Pilot      InstrumentKind = "pilot"
	Memorandum InstrumentKind = "memorandum"
)

// InstrumentKinds lists all kinds of instruments.
var InstrumentKinds = []InstrumentKind{Treaty, Agreement, Pilot, Memorandum}

// Problems of instruments.
var (
	ErrInstrumentNotFound = problem.New(problem.NotFound, "instrument.not-found")
	ErrInstrumentCodeUsed = postgres.Constraint("instruments_code_key", problem.New(problem.Conflict, "instrument.code-used"))
)

// Codes of details.
var (
	codeMissing   = problem.Field("recognition.missing")
	codeLanguage  = problem.Field("recognition.not-bcp47")
	codeCode      = problem.Field("instrument.bad-code")
	codeDouble    = problem.Field("recognition.double")
	codeKind      = problem.Field("recognition.unknown-word")
	codeDay       = problem.Field("recognition.absurd-day")
	codeOrder     = problem.Field("recognition.day-order")
	codeNoSource  = problem.Field("recognition.no-source")
	codeNoAddress = problem.Field("recognition.bad-address")
)

// Instrument is an act between jurisdictions under which names are recognised. Its procedure (who examines, in what time) is
// kept by the package that runs cases.
type Instrument struct {
	ID        InstrumentID
	Version   int
	Code      string // chosen by the tenant, unique in it; two publishers that mean one instrument agree on it
	Kind      InstrumentKind
	Titles    map[string]string // by BCP 47 tag
	Parties   []string          // ST.3
	Lists     []List            // lists or annexes that names stand in
	Scope     []Class           // the product classes that it covers; empty: all
	SignedOn  *time.Time
	InForceOn *time.Time // first day in force; nil: not known
	EndedOn   *time.Time // first day no longer in force; nil: in force or not ended as far as is known
	Sources   []Source
	Texts     []LegalText
	Changes   []Amendment
	UpdatedAt time.Time
	Published int // the version that is published; 0: none
}

// LegalText is the text of an instrument in a language: where it is read, or its document.
type LegalText struct {
	Language   string     `json:"language"`
	Title      string     `json:"title"`
	Authentic  bool       `json:"authentic,omitempty"` // it is the one that was signed
	URL        string     `json:"url,omitempty"`
	DocumentID *uuid.UUID `json:"documentId,omitempty"`
}

// Amendment is a change of an instrument.
type Amendment struct {
	Titles    map[string]string `json:"titles"`
	SignedOn  *types.Date       `json:"signedOn,omitempty"`
	InForceOn *types.Date       `json:"inForceOn,omitempty"`
	URL       string            `json:"url,omitempty"`
}

// List is one list or annex of an instrument.
type List struct {
	Code   string            `json:"code"`
	Titles map[string]string `json:"titles"`
}

// Class is a class of products in some classification.
type Class struct {
	Scheme  string `json:"scheme"`
	Code    string `json:"code"`
	Edition string `json:"edition,omitempty"`
}

// Source is where a fact comes from.
type Source struct {
	Title       string     `json:"title"`
	URL         string     `json:"url,omitempty"`
	DocumentID  *uuid.UUID `json:"documentId,omitempty"`
	Page        string     `json:"page,omitempty"`
	RetrievedAt *time.Time `json:"retrievedAt,omitempty"`
}

// InstrumentContent is an instrument as it is published.
type InstrumentContent struct {
	Version   int               `json:"version"`
	Code      string            `json:"code"`
	Kind      InstrumentKind    `json:"kind"`
	Titles    map[string]string `json:"titles"`
	Parties   []string          `json:"parties"`
	Lists     []List            `json:"lists"`
	Scope     []Class           `json:"scope"`
	SignedOn  *types.Date       `json:"signedOn,omitempty"`
	InForceOn *types.Date       `json:"inForceOn,omitempty"`
	EndedOn   *types.Date       `json:"endedOn,omitempty"`
	Sources   []Source          `json:"sources"`
	Texts     []LegalText       `json:"texts,omitempty"`
	Changes   []Amendment       `json:"amendments,omitempty"`
}

// Content is what is published of the instrument.
func (i Instrument) Content() InstrumentContent {
	return InstrumentContent{
		Version: i.Version, Code: i.Code, Kind: i.Kind, Titles: i.Titles, Parties: i.Parties, Lists: i.Lists, Scope: i.Scope,
		SignedOn: date(i.SignedOn), InForceOn: date(i.InForceOn), EndedOn: date(i.EndedOn), Sources: i.Sources, Texts: i.Texts, Changes: i.Changes,
	}
}

// HasList tells whether the instrument has a list of that code.
func (i Instrument) HasList(code string) bool {
	return slices.ContainsFunc(i.Lists, func(l List) bool { return l.Code == code })
}

var codePattern = regexp.MustCompile(`^[A-Z0-9][A-Z0-9.-]{1,39}$`)

// Check returns problem.ErrInvalid with a detail for each wrong field.
func (i Instrument) Check() error {
	err := problem.ErrInvalid
	if !codePattern.MatchString(i.Code) {
		err = err.At("/code", codeCode)
	}
	if !slices.Contains(InstrumentKinds, i.Kind) {
		err = err.At("/kind", codeKind)
	}
	err = checkTexts(err, "/titles", i.Titles)
	if len(i.Titles) == 0 {
		err = err.At("/titles", codeMissing)
	}
	if len(i.Parties) == 0 {
		err = err.At("/parties", codeMissing)
	}
	for n, p := range i.Parties {
		if _, ok := ParseMarket(p); !ok {
			err = err.At(fmt.Sprintf("/parties/%d", n), codeMarket, "Code", p)
		} else if slices.Index(i.Parties, p) != n {
			err = err.At(fmt.Sprintf("/parties/%d", n), codeDouble)
		}
	}
	for n, l := range i.Lists {
		if l.Code == "" {
			err = err.At(fmt.Sprintf("/lists/%d/code", n), codeMissing)
		} else if slices.IndexFunc(i.Lists, func(o List) bool { return o.Code == l.Code }) != n {
			err = err.At(fmt.Sprintf("/lists/%d/code", n), codeDouble)
		}
		err = checkTexts(err, fmt.Sprintf("/lists/%d/titles", n), l.Titles)
	}
	err = checkDays(err, []pointedDay{{"/signedOn", i.SignedOn}, {"/inForceOn", i.InForceOn}, {"/endedOn", i.EndedOn}})
	err = i.checkTexts(err)
	return checkSources(err, i.Sources).Or()
}

// checkTexts refuses texts that nobody could read and amendments without a name.
func (i Instrument) checkTexts(err *problem.Error) *problem.Error {
	for n, x := range i.Texts {
		at := fmt.Sprintf("/texts/%d", n)
		if _, bad := language.Parse(x.Language); bad != nil {
			err = err.At(at+"/language", codeLanguage)
		}
		if x.URL != "" && !webAddress(x.URL) {
			err = err.At(at+"/url", codeNoAddress)
		}
	}
	for n, x := range i.Changes {
		at := fmt.Sprintf("/amendments/%d", n)
		err = checkTexts(err, at+"/titles", x.Titles)
		if len(x.Titles) == 0 {
			err = err.At(at+"/titles", codeMissing)
		}
		err = checkDays(err, []pointedDay{{at + "/signedOn", wire.TimeOf(x.SignedOn)}, {at + "/inForceOn", wire.TimeOf(x.InForceOn)}})
		if x.URL != "" && !webAddress(x.URL) {
			err = err.At(at+"/url", codeNoAddress)
		}
	}
	return err
}

type pointedDay struct {
	pointer string
	day     *time.Time
}

// Registers and agreements began in the nineteenth century; what is further off is a slip of the pen.
var (
	firstDay = time.Date(1800, 1, 1, 0, 0, 0, 0, time.UTC)
	lastDay  = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)
)

// checkDays refuses absurd days, and days that do not come one after the other.
func checkDays(err *problem.Error, days []pointedDay) *problem.Error {
	var before time.Time
	for _, d := range days {
		switch {
		case d.day == nil:
			continue
		case d.day.Before(firstDay) || d.day.After(lastDay):
			err = err.At(d.pointer, codeDay)
			continue
		case d.day.Before(before):
			err = err.At(d.pointer, codeOrder)
		}
		before = *d.day
	}
	return err
}

func checkTexts(err *problem.Error, pointer string, texts map[string]string) *problem.Error {
	for tag, text := range texts {
		if _, bad := language.Parse(tag); bad != nil {
			err = err.At(pointer+"/"+tag, codeLanguage)
		} else if text == "" {
			err = err.At(pointer+"/"+tag, codeMissing)
		}
	}
	return err
}

// checkSources asks for a source of every fact, with a title, and for addresses that a reader can open.
func checkSources(err *problem.Error, sources []Source) *problem.Error {
	if len(sources) == 0 {
		err = err.At("/sources", codeNoSource)
	}
	for n, s := range sources {
		if s.Title == "" {
			err = err.At(fmt.Sprintf("/sources/%d/title", n), codeMissing)
		}
		if s.URL != "" && !webAddress(s.URL) {
			err = err.At(fmt.Sprintf("/sources/%d/url", n), codeNoAddress)
		}
	}
	return err
}
