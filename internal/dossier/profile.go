package dossier

import (
	"embed"
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

// NeedKind is what sort of thing a market profile asks for; completeness.go has the rule of each.
type NeedKind string

// The kinds of needs.
const (
	NeedName          NeedKind = "name"          // a name of the kind Of
	NeedBasis         NeedKind = "basis"         // a legal basis with office and number
	NeedHolder        NeedKind = "holder"        // the holder's name
	NeedArea          NeedKind = "area"          // the protected area, in words and on the map
	NeedSpecification NeedKind = "specification" // a specification with sections
	NeedLink          NeedKind = "link"          // the link of quality and place
	NeedStatus        NeedKind = "status"        // a known answer to the status check in the market
	NeedProduct       NeedKind = "product"       // the presentation of the product
	NeedQuality       NeedKind = "quality"       // rows of quality evidence
	NeedAnnex         NeedKind = "annex"         // a document of the kind Of
	NeedUse           NeedKind = "use"           // that the producer named may use the mark
	NeedTranslations  NeedKind = "translations"  // every segment reviewed, one item a language
)

// Source says where a rule or fact comes from.
type Source struct {
	Title string `yaml:"title" json:"title"`
	URL   string `yaml:"url" json:"url,omitempty"`
}

// Need is one thing that a market profile asks for.
type Need struct {
	Kind     NeedKind `yaml:"kind"`
	Key      string   `yaml:"key"` // the messages are dossier.need.<key>.title and .why
	Of       string   `yaml:"of"`
	Required bool     `yaml:"required"` // without it nothing is issued; otherwise it is recommended
	Supplier string   `yaml:"supplier"` // the message is dossier.supplier.<supplier>
}

// Profile is what a market wants to see about a product, as data with sources (市场档案). Editions are never changed, only
// followed by new ones, so that a dossier stays what it was begun as.
type Profile struct {
	ID        string            `yaml:"id"`
	Edition   int               `yaml:"edition"`
	Titles    map[string]string `yaml:"titles"`
	Market    string            `yaml:"market"` // ST.3; empty: any market
	HSCodes   []string          `yaml:"hsCodes"`
	Languages []string          `yaml:"languages"`
	Demo      bool              `yaml:"demo"` // the rules are made up for demonstration
	Sources   []Source          `yaml:"sources"`
	Sections  []string          `yaml:"sections"` // of the PDF, in this order
	Needs     []Need            `yaml:"needs"`
}

//go:embed profiles/*.yaml
var profileFiles embed.FS

// Profiles are all market profiles, read once; a wrong file stops the program at start.
var Profiles = func() []Profile {
	files, err := profileFiles.ReadDir("profiles")
	if err != nil {
		panic(err)
	}
	var ps []Profile
	for _, f := range files {
		b, err := profileFiles.ReadFile("profiles/" + f.Name())
		if err != nil {
			panic(err)
		}
		var p Profile
		if err := yaml.Unmarshal(b, &p); err != nil {
			panic(fmt.Errorf("%s: %w", f.Name(), err))
		}
		ps = append(ps, p)
	}
	return ps
}()

// ProfileOf finds an edition of a profile; edition 0 means the newest one.
func ProfileOf(id string, edition int) (Profile, error) {
	var found *Profile
	for i, p := range Profiles {
		if p.ID == id && (p.Edition == edition || edition == 0 && (found == nil || p.Edition > found.Edition)) {
			found = &Profiles[i]
		}
	}
	if found == nil {
		return Profile{}, ErrProfile
	}
	return *found, nil
}

// For tells whether the profile is one of a market.
func (p Profile) For(market string) bool { return p.Market == "" || p.Market == market }

// Has tells whether a section belongs into the PDF.
func (p Profile) Has(section string) bool { return slices.Contains(p.Sections, section) }
