package clearance

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/registry"
)

// Right is the kind of right that a finding is, or the lack of one.
type Right string

// The kinds of rights.
const (
	Indication   Right = "geographical-indication"
	Recognised   Right = "recognition"
	Pending      Right = "pending-name" // in a case that has no end yet
	TradeMark    Right = "trade-mark"
	PlantVariety Right = "plant-variety"
	GenericTerm  Right = "generic-term"
)

// Rights are the kinds of rights in the order in which a report shows them.
var Rights = []Right{Indication, Recognised, Pending, TradeMark, PlantVariety, GenericTerm}

// MarkKinds are the kinds that an earlier mark may be of.
var MarkKinds = []Right{TradeMark, PlantVariety, Indication, GenericTerm}

// MarkStatus is where an earlier mark stood on the day on which its list was taken.
type MarkStatus string

// The statuses of marks.
const (
	MarkPending    MarkStatus = "pending"
	MarkRegistered MarkStatus = "registered"
	MarkEnded      MarkStatus = "ended"
	MarkUnknown    MarkStatus = "unknown"
)

// Problems of earlier marks.
var (
	ErrListNotFound = problem.New(problem.NotFound, "earlier-mark-list.not-found")
	ErrMarkNotFound = problem.New(problem.NotFound, "earlier-mark.not-found")

	codeOffice = problem.Field("earlier-mark.office")
	codeSign   = problem.Field("earlier-mark.sign")
)

// MarkList is a list of earlier marks: what it was taken from, and on which day. Version counts what was done with it.
type MarkList struct {
	ID        uuid.UUID
	Version   int
	Name      string
	Source    string
	TakenOn   time.Time
	Marks     int
	UpdatedAt time.Time
	UpdatedBy string
}

// Mark is an earlier mark.
type Mark struct {
	ID       uuid.UUID
	ListID   uuid.UUID
	ListName string
	MarkFacts
}

// MarkFacts are what a list says of a mark.
type MarkFacts struct {
	Kind          Right      `json:"kind"`
	Sign          string     `json:"sign"`
	Script        string     `json:"script,omitempty"` // ISO 15924
	Transcription string     `json:"transcription,omitempty"`
	Translation   string     `json:"translation,omitempty"`
	Office        string     `json:"office,omitempty"` // ST.3; empty: wherever the name is asked for
	Number        string     `json:"number,omitempty"`
	Holder        string     `json:"holder,omitempty"`
	Classes       []string   `json:"classes,omitempty"` // scheme|code
	PriorityOn    string     `json:"priorityOn,omitempty"`
	Status        MarkStatus `json:"status"`
}

// Check collects what is wrong with a mark by itself.
func (m MarkFacts) Check() error {
	wrong := problem.ErrInvalid
	if registry.NameKey(m.Sign) == "" {
		wrong = wrong.At("/sign", codeSign)
	}
	if m.Office != "" {
		if _, ok := recognition.ParseMarket(m.Office); !ok {
			wrong = wrong.At("/office", codeOffice)
		}
	}
	return wrong.Or()
}

// identity is what two rows of a list are the same mark by: a mark with a number is the one of that number.
func (m MarkFacts) identity() string {
	if m.Number != "" {
		return strings.Join([]string{string(m.Kind), m.Office, strings.ToUpper(m.Number)}, "|")
	}
	return strings.Join([]string{string(m.Kind), m.Office, "=" + registry.NameKey(m.Sign)}, "|")
}

// folded are the forms of a mark as they are looked for, a line each.
func (m MarkFacts) folded() string {
	var lines []string
	for _, form := range []string{m.Sign, m.Transcription, m.Translation} {
		if key := registry.NameKey(form); key != "" {
			lines = append(lines, key)
		}
	}
	return strings.Join(lines, "\n")
}

// scripts are those that a sign is known by, with their codes (ISO 15924).
var scripts = []struct {
	table *unicode.RangeTable
	code  string
}{{unicode.Hiragana, "Jpan"}, {unicode.Katakana, "Jpan"}, {unicode.Han, "Hani"}, {unicode.Hangul, "Kore"}, {unicode.Cyrillic, "Cyrl"}, {unicode.Greek, "Grek"}, {unicode.Arabic, "Arab"}, {unicode.Hebrew, "Hebr"},
	{unicode.Georgian, "Geor"}, {unicode.Armenian, "Armn"}, {unicode.Thai, "Thai"}, {unicode.Mongolian, "Mong"}, {unicode.Latin, "Latn"}}

// scriptOf is the script of a sign by its letters; empty when it has none that is known.
func scriptOf(sign string) string {
	for _, s := range scripts {
		if strings.ContainsFunc(sign, func(r rune) bool { return unicode.Is(s.table, r) }) {
			return s.code
		}
	}
	return ""
}

// Goods is what is known of the goods of two names.
type Goods string

// The answers.
const (
	SameGoods      Goods = "same"      // a class of one scheme, or a heading of the Harmonized System, is the same
	DifferentGoods Goods = "different" // both have classes of one scheme, and none is the same
	UnknownGoods   Goods = "unknown"   // nothing can be held against each other
)

// goodsOf compares classes (scheme|code) and HS codes. Food classes are the same when one has the other in it: 1 and 1.6.
func goodsOf(classes, theirs, hs, theirHS []string) Goods {
	answer := UnknownGoods
	for _, a := range classes {
		scheme, code, _ := strings.Cut(a, "|")
		for _, b := range theirs {
			other, of, _ := strings.Cut(b, "|")
			if scheme != other {
				continue
			}
			if sameClass(code, of) {
				return SameGoods
			}
			answer = DifferentGoods
		}
	}
	for _, a := range hs {
		for _, b := range theirHS {
			n := min(len(a), len(b), 4) // a heading
			if n > 0 && a[:n] == b[:n] {
				return SameGoods
			}
			answer = DifferentGoods
		}
	}
	return answer
}

func sameClass(a, b string) bool {
	if x, err := strconv.Atoi(a); err == nil {
		if y, err := strconv.Atoi(b); err == nil {
			return x == y // 05 and 5
		}
	}
	return a == b || strings.HasPrefix(a, b+".") || strings.HasPrefix(b, a+".")
}

// classKeys writes classes as the database keeps them, sorted and each once.
func classKeys(all []registry.Class) []string {
	keys := []string{}
	for _, c := range all {
		keys = append(keys, strings.ToLower(strings.TrimSpace(c.Scheme))+"|"+strings.TrimSpace(c.Code))
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}
