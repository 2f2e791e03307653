package dossier

import (
	"crypto/sha256"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/status"
)

// Problems of dossiers.
var (
	ErrNotFound    = problem.New(problem.NotFound, "dossier.not-found")
	ErrProfile     = problem.New(problem.Invalid, "dossier.profile-unknown")
	ErrMarket      = problem.New(problem.Invalid, "dossier.profile-market")
	ErrIncomplete  = problem.New(problem.Conflict, "dossier.incomplete")
	ErrClosed      = problem.New(problem.Conflict, "dossier.closed")
	ErrSegment     = problem.New(problem.NotFound, "dossier.segment-not-found")
	ErrLanguage    = problem.New(problem.Invalid, "dossier.language-not-wanted")
	ErrTranslation = problem.New(problem.NotFound, "dossier.translation-missing")
	ErrStale       = problem.New(problem.Conflict, "dossier.translation-stale")
	ErrNotReviewed = problem.New(problem.Conflict, "dossier.translation-not-reviewed")
	ErrFile        = problem.New(problem.NotFound, "dossier.file-not-found")

	CodeNeedMissing  = problem.Field("dossier.need-missing")
	CodeDocument     = problem.Field("dossier.document-unknown")
	CodeLanguageNone = problem.Field("dossier.language-unknown")
)

// SourceLanguage is the language that registers of the first customers are kept in; segments are translated from it.
const SourceLanguage = "zh-Hans"

// Languages are those the press can set: their fonts are there and the template knows their direction.
var Languages = []string{"zh-Hans", "en", "ar"}

// Dossier is what one market shall see of one registration (出口卷宗).
type Dossier struct {
	ID               uuid.UUID
	Version          int
	RegistrationID   registry.ID
	RegistrationName string
	Market           string // ST.3
	Profile          string
	ProfileEdition   int
	Status           Status
	Languages        []string
	Title            map[string]string
	Product          map[string]string // presentation of the product
	Annexes          []Annex
	Number           *string // given at issue
	Supersedes       *uuid.UUID
	IssuedAt         *time.Time
	WithdrawnAt      *time.Time
	WithdrawnWhy     string
	CreatedAt        time.Time
	UpdatedAt        time.Time
	ProducerCode     marks.CreditCode // whose goods it presents, and who has to be let use the mark; empty: nobody in particular
}

// Annex is a document that goes with the dossier; Kind is what the profile calls it.
type Annex struct {
	DocumentID uuid.UUID         `json:"documentId"`
	Kind       string            `json:"kind"`
	Title      map[string]string `json:"title,omitempty"`
}

// State is how far a translation is.
type State string

// The states, from nothing to certified.
const (
	Missing   State = "missing"
	Machine   State = "machine"
	Drafted   State = "drafted"
	Reviewed  State = "reviewed"
	Certified State = "certified"
)

// Good tells whether a translation may be issued: somebody compared it with its source.
func (s State) Good() bool { return s == Reviewed || s == Certified }

// Translation is a segment in another language.
type Translation struct {
	Segment      string
	Language     string
	Text         string
	State        State
	Source       []byte // SHA-256 of the text that was translated
	Means        string // person, machine, register
	TranslatedBy string
	ReviewedBy   string
	CertifiedBy  string
}

// Segment is a text of the dossier with its translations.
type Segment struct {
	Key          string
	Source       string
	Translations []Translation // one for each language of the dossier but the source's
}

// Stale tells whether the source has changed since t was translated.
func (s Segment) Stale(t Translation) bool {
	return t.State != Missing && !slices.Equal(t.Source, sum(s.Source))
}

// In is the segment's text in a language; false when there is none that may stand in a paper.
func (s Segment) In(language string) (string, bool) {
	if language == SourceLanguage {
		return s.Source, true
	}
	for _, t := range s.Translations {
		if t.Language == language && t.State != Missing {
			return t.Text, true
		}
	}
	return s.Source, false
}

func sum(text string) []byte {
	h := sha256.Sum256([]byte(text))
	return h[:]
}

// Segments are the texts of a registration and a dossier, in the order of the paper. A translation that somebody wrote
// for the dossier counts; else the register's own text in that language, which its keeper answers for and is therefore
// reviewed.
func Segments(d Dossier, c registry.Content, written []Translation) []Segment {
	var out []Segment
	add := func(key string, texts map[string]string) {
		source := texts[SourceLanguage]
		if strings.TrimSpace(source) == "" {
			return
		}
		s := Segment{Key: key, Source: source}
		for _, lang := range d.Languages {
			if lang != SourceLanguage {
				s.Translations = append(s.Translations, translation(key, lang, source, texts[lang], written))
			}
		}
		out = append(out, s)
	}
	add("product", d.Product)
	add("area", c.Area.Words)
	for _, s := range c.Specification {
		add("specification."+s.Key+".title", s.Titles)
		add("specification."+s.Key, s.Texts)
	}
	add("link", c.Link)
	add("holder", c.Holder.Names)
	add("control-body", c.ControlBody.Names)
	for i, q := range c.Quality {
		n := strconv.Itoa(i + 1)
		add("quality."+n, q.Property)
		add("quality."+n+".evidence", q.Evidence)
	}
	return out
}

func translation(key, lang, source, known string, written []Translation) Translation {
	for _, t := range written {
		if t.Segment == key && t.Language == lang {
			return t
		}
	}
	if known != "" {
		return Translation{Segment: key, Language: lang, Text: known, State: Reviewed, Source: sum(source), Means: "register"}
	}
	return Translation{Segment: key, Language: lang, State: Missing}
}

// segment finds one by its key.
func segment(all []Segment, key string) (Segment, error) {
	for _, s := range all {
		if s.Key == key {
			return s, nil
		}
	}
	return Segment{}, ErrSegment
}

// Item is one thing that the profile wants, and whether it is there.
type Item struct {
	Need     Need
	Met      bool
	Missing  int    // how many are missing, where they can be counted
	Language string // for translations
	Place    string // where it is supplied: registration, segments, annexes, product
}

// useNeed is what every market wants of a producer who is named: nobody's goods are presented under a mark that it may not use.
var useNeed = Need{Kind: NeedUse, Key: "use", Required: true, Supplier: "market-supervision"}

// Completeness says what a dossier has and lacks, with what the status check answered.
func Completeness(p Profile, d Dossier, c registry.Content, segments []Segment, a status.Answer) []Item {
	var items []Item
	if d.ProducerCode != "" {
		use := Item{Need: useNeed, Met: a.Entitled == status.Yes, Place: "status"}
		if !use.Met {
			use.Missing = 1
		}
		items = append(items, use)
	}
	for _, n := range p.Needs {
		if n.Kind == NeedTranslations {
			items = append(items, translations(n, d, segments)...)
			continue
		}
		i := Item{Need: n, Place: "registration"}
		switch n.Kind {
		case NeedName:
			i.Met = len(c.NamesOf(n.Of)) > 0
		case NeedBasis:
			i.Met = slices.ContainsFunc(c.Bases, func(b registry.Basis) bool { return b.Number != "" })
		case NeedHolder:
			i.Met = len(c.Holder.Names) > 0
		case NeedArea:
			i.Met = len(c.Area.Words) > 0 && len(c.Area.Geometry) > 0
		case NeedSpecification:
			i.Met = len(c.Specification) > 0
		case NeedLink:
			i.Met = len(c.Link) > 0
		case NeedQuality:
			i.Met = len(c.Quality) > 0
		case NeedProduct:
			i.Place, i.Met = "product", strings.TrimSpace(d.Product[SourceLanguage]) != ""
		case NeedStatus:
			i.Place, i.Met = "status", a.Protected != status.Unknown
		case NeedAnnex:
			i.Place = "annexes"
			i.Met = slices.ContainsFunc(d.Annexes, func(a Annex) bool { return a.Kind == n.Of })
		}
		if !i.Met {
			i.Missing = 1
		}
		items = append(items, i)
	}
	return items
}

func translations(n Need, d Dossier, segments []Segment) []Item {
	var items []Item
	for _, lang := range d.Languages {
		if lang == SourceLanguage {
			continue
		}
		i := Item{Need: n, Language: lang, Place: "segments"}
		for _, s := range segments {
			for _, t := range s.Translations {
				if t.Language == lang && (!t.State.Good() || s.Stale(t)) {
					i.Missing++
				}
			}
		}
		i.Met = i.Missing == 0
		items = append(items, i)
	}
	return items
}

// ready returns ErrIncomplete with a detail for each required item that is missing.
func ready(items []Item) error {
	p := ErrIncomplete
	for _, i := range items {
		if i.Need.Required && !i.Met {
			at := "/completeness/" + i.Need.Key
			if i.Language != "" {
				at += "/" + i.Language
			}
			p = p.At(at, CodeNeedMissing, "Need", i.Need.Key)
		}
	}
	return p.Or()
}
