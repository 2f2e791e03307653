package registry

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// ID identifies a registration.
type ID string

// Registration is a right to a geographical indication in one jurisdiction (地理标志登记).
type Registration struct {
	ID        ID
	Version   int
	Status    Status
	Content   Content
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Content is what a registration says. Texts are by BCP 47 tag.
type Content struct {
	Office        string            `json:"office"` // ST.3 of the jurisdiction
	Names         []Name            `json:"names"`
	Bases         []Basis           `json:"bases"`
	Classes       []Class           `json:"classes,omitempty"`
	HSCodes       []string          `json:"hsCodes,omitempty"`
	Holder        Party             `json:"holder"`
	ControlBody   Party             `json:"controlBody"`
	Area          Area              `json:"area"`
	Specification []Section         `json:"specification,omitempty"`
	Link          map[string]string `json:"link,omitempty"` // of quality and place
	Quality       []Quality         `json:"quality,omitempty"`
	Sources       []Source          `json:"sources,omitempty"`
}

// Name is one form of the name.
type Name struct {
	Text           string `json:"text"`
	Language       string `json:"language"` // BCP 47, with a script where it is not the language's own
	Kind           string `json:"kind"`     // original, transcription, translation
	Scheme         string `json:"scheme,omitempty"`
	DoNotTranslate bool   `json:"doNotTranslate,omitempty"`
}

// The kinds of names.
const (
	Original      = "original"
	Transcription = "transcription"
	Translation   = "translation"
)

// Basis is one legal basis.
type Basis struct {
	Kind         string  `json:"kind"` // gi-product, certification-mark, collective-mark, agricultural-gi, agreement
	Office       string  `json:"office"`
	Number       string  `json:"number,omitempty"`
	Notice       string  `json:"notice,omitempty"`
	RegisteredOn *string `json:"registeredOn,omitempty"` // RFC 3339 full-date
}

// BasisKinds lists the kinds of legal bases.
var BasisKinds = []string{"gi-product", "certification-mark", "collective-mark", "agricultural-gi", "agreement"}

// Class is a product class with its scheme and edition.
type Class struct {
	Scheme  string `json:"scheme"`
	Code    string `json:"code"`
	Edition string `json:"edition,omitempty"`
}

// Party is a holder or control body. Code is a register's number; for Chinese bodies the unified social credit code.
type Party struct {
	Names   map[string]string `json:"names,omitempty"`
	Code    string            `json:"code,omitempty"`
	Address map[string]string `json:"address,omitempty"`
}

// Area is the protected area: words, and a GeoJSON Polygon or MultiPolygon (RFC 7946).
type Area struct {
	Words    map[string]string `json:"words,omitempty"`
	Geometry json.RawMessage   `json:"geometry,omitempty"`
}

// Section is a part of the specification.
type Section struct {
	Key    string            `json:"key"`
	Titles map[string]string `json:"titles,omitempty"`
	Texts  map[string]string `json:"texts,omitempty"`
}

// Quality is a row of quality evidence.
type Quality struct {
	Property map[string]string `json:"property"`
	Value    string            `json:"value"`
	Method   string            `json:"method,omitempty"`
	Evidence map[string]string `json:"evidence,omitempty"`
}

// Source says where facts come from.
type Source struct {
	Title       string     `json:"title"`
	URL         string     `json:"url,omitempty"`
	Page        string     `json:"page,omitempty"`
	RetrievedAt *time.Time `json:"retrievedAt,omitempty"`
}

// Codes of wrong fields.
var (
	CodeLanguage     = problem.Field("language.not-bcp47")
	CodeOffice       = problem.Field("office.unknown")
	CodeNoOriginal   = problem.Field("registration.no-original-name")
	CodeNameTwice    = problem.Field("registration.name-twice")
	CodeScheme       = problem.Field("registration.scheme-missing")
	CodeHS           = problem.Field("registration.hs-code")
	CodeCreditCode   = problem.Field("registration.credit-code")
	CodeGeometry     = problem.Field("registration.geometry")
	CodeDay          = problem.Field("registration.day")
	CodeSectionTwice = problem.Field("registration.section-twice")
)

// Title is the original name.
func (c Content) Title() string {
	for _, n := range c.Names {
		if n.Kind == Original {
			return n.Text
		}
	}
	if len(c.Names) > 0 {
		return c.Names[0].Text
	}
	return ""
}

// NamesOf returns the names of a kind.
func (c Content) NamesOf(kind string) []Name {
	var out []Name
	for _, n := range c.Names {
		if n.Kind == kind {
			out = append(out, n)
		}
	}
	return out
}

// Check collects every wrong field. It cannot tell whether a number is used already; the database does.
func (c Content) Check() error {
	wrong := problem.ErrInvalid
	if !knownOffice(c.Office) {
		wrong = wrong.At("/office", CodeOffice, "Office", c.Office)
	}
	wrong = c.checkNames(wrong)
	for i, b := range c.Bases {
		at := "/bases/" + strconv.Itoa(i)
		if !knownOffice(b.Office) {
			wrong = wrong.At(at+"/office", CodeOffice, "Office", b.Office)
		}
		if b.RegisteredOn != nil && !sensibleDay(*b.RegisteredOn) {
			wrong = wrong.At(at+"/registeredOn", CodeDay)
		}
	}
	for i, hs := range c.HSCodes {
		if !hsForm(hs) {
			wrong = wrong.At("/hsCodes/"+strconv.Itoa(i), CodeHS)
		}
	}
	wrong = c.checkParty(c.checkParty(wrong, "/holder", c.Holder), "/controlBody", c.ControlBody)
	if len(c.Area.Geometry) > 0 {
		if _, err := Rings(c.Area.Geometry); err != nil {
			wrong = wrong.At("/area/geometry", CodeGeometry)
		}
	}
	wrong = checkTexts(wrong, "/area/words", c.Area.Words)
	wrong = checkTexts(wrong, "/link", c.Link)
	seen := map[string]bool{}
	for i, s := range c.Specification {
		at := "/specification/" + strconv.Itoa(i)
		if seen[s.Key] {
			wrong = wrong.At(at+"/key", CodeSectionTwice)
		}
		seen[s.Key] = true
		wrong = checkTexts(checkTexts(wrong, at+"/titles", s.Titles), at+"/texts", s.Texts)
	}
	return wrong.Or()
}

func (c Content) checkParty(wrong *problem.Error, at string, p Party) *problem.Error {
	if p.Code != "" && c.Office == "CN" && !CreditCode(p.Code) {
		wrong = wrong.At(at+"/code", CodeCreditCode)
	}
	return checkTexts(wrong, at+"/names", p.Names)
}

func (c Content) checkNames(wrong *problem.Error) *problem.Error {
	seen, original := map[string]bool{}, false
	for i, n := range c.Names {
		at := "/names/" + strconv.Itoa(i)
		if _, err := language.Parse(n.Language); err != nil {
			wrong = wrong.At(at+"/language", CodeLanguage, "Language", n.Language)
		}
		if n.Kind == Transcription && n.Scheme == "" {
			wrong = wrong.At(at+"/scheme", CodeScheme)
		}
		key := n.Kind + "|" + n.Language + "|" + NameKey(n.Text)
		if seen[key] {
			wrong = wrong.At(at+"/text", CodeNameTwice)
		}
		seen[key] = true
		original = original || n.Kind == Original
	}
	if !original {
		wrong = wrong.At("/names", CodeNoOriginal)
	}
	return wrong
}

func checkTexts(wrong *problem.Error, at string, texts map[string]string) *problem.Error {
	for _, tag := range slices.Sorted(maps.Keys(texts)) {
		if _, err := language.Parse(tag); err != nil {
			wrong = wrong.At(at+"/"+strings.ReplaceAll(tag, "/", "~1"), CodeLanguage, "Language", tag)
		}
	}
	return wrong
}

// sensibleDay tells whether s is a full-date between the first registers and the next century.
func sensibleDay(s string) bool {
	d, err := time.Parse(time.DateOnly, s)
	return err == nil && d.Year() >= 1800 && d.Year() < 2200
}

// hsForm: chapter, heading or subheading of the Harmonized System, or a national line, digits only.
func hsForm(s string) bool {
	if len(s) < 2 || len(s) > 12 || len(s)%2 != 0 {
		return false
	}
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return true
}

// basisKeys are the numbers that a registration uses.
func (c Content) basisKeys() []string {
	keys := []string{}
	for _, b := range c.Bases {
		if b.Number != "" {
			keys = append(keys, b.Kind+"|"+b.Office+"|"+strings.ToUpper(strings.TrimSpace(b.Number)))
		}
	}
	return keys
}

func (c Content) number() string {
	for _, b := range c.Bases {
		if b.Number != "" {
			return b.Number
		}
	}
	return ""
}

func (c Content) classKeys() []string {
	keys := []string{}
	for _, k := range c.Classes {
		keys = append(keys, k.Scheme+"|"+k.Code)
	}
	return keys
}
