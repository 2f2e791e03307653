package registry

import (
	"encoding/base64"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// WIPO ST.96, version V6_0, as far as it concerns geographical indications. A registration is a gin:GIApplication, as in
// WIPO's own example of the standard; many are the bodies of one gin:GITransaction. The schemas are WIPO's: the operator
// gives their directory, we ship none of them.
const (
	ginNS = "http://www.wipo.int/standards/XMLSchema/ST96/GeographicalIndication"
	comNS = "http://www.wipo.int/standards/XMLSchema/ST96/Common"
	tmkNS = "http://www.wipo.int/standards/XMLSchema/ST96/Trademark"

	st96Version = "V6_0"
)

var prefixes = map[string]string{ginNS: "gin:", comNS: "com:", tmkNS: "tmk:", extensionNS: "h:"}

const declarations = ` xmlns:gin="` + ginNS + `" xmlns:com="` + comNS + `" xmlns:tmk="` + tmkNS + `"`

// The words of ours in elements that take any token.
const (
	schemeHS       = "HS"
	schemeCategory = "ST.96 GICategory"      // a class that says which kind of right it is
	schemeProduct  = "ST.96 ProductCategory" // a class of ST.96's own list of products
	plainCategory  = "Geographical Indication"
	kindSource     = "Source"
	kindGeometry   = "GeoJSON"
	kindExtension  = "Extension"
	noOffice       = "XX" // ST.3: unknown states, other entities
	noScheme       = "unspecified"
	noLanguage     = "und"
)

// categories are the values of gin:GICategory.
var categories = []string{plainCategory, "Protected Geographical Indication", "Protected Designation of Origin", "Traditional Specialty Guaranteed", "Appellation of Origin"}

// features are the texts of gin:FeatureDescription in the order of the schema, and the sections of a specification that
// they are. The first of them, or the second with the third, is always there.
var features = []struct{ element, section string }{
	{"FeatureDescriptionText", "product"}, {"MainFeatureDescriptionText", "product"}, {"ProductionDescriptionText", "production"},
	{"UniquenessText", "uniqueness"}, {"OriginProofText", "proof-of-origin"}, {"ProductPhysicalCharacteristicText", "physical"},
	{"ProductOrganolepticCharacteristicText", "sensory"}, {"ProductChemicalCharacteristicText", "chemical"}, {"ProductMaterialText", "materials"},
	{"ProductProcessingRuleText", "processing"}, {"ProductLabelingRuleText", "labelling"}, {"AnimalOriginDescriptionText", "animal-origin"},
	{"FeedDescriptionText", "feed"}, {"ProductAnalyticCharacteristicText", "analytic"}, {"ProductOenologicalPracticeText", "oenological-practices"},
	{"ProductSpiritRequirementText", "spirit-requirements"}, {"RawMaterialDescriptionText", "raw-materials"},
	{"SameCategoryProductSpecificCharacteristicText", "specific-characteristics"},
}

// statuses are the values of gin:GIStatusCategory. It is told and not read: what is imported becomes a draft.
var statuses = map[Status]string{Filed: "Filing", Examined: "Filing", Published: "Published", Opposed: "Published", Registered: "Registered",
	Refused: "Ended", Withdrawn: "Ended", Cancelled: "Ended", Surrendered: "Ended", Lapsed: "Ended"}

// codes639 are the languages of com:ISOLanguageCodeType (ISO 639-1).
var codes639 = func() map[string]bool {
	m := map[string]bool{}
	for c := range strings.FieldsSeq(`aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et
		eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky
		la lb lg li ln lo lt lu lv mg mh mi mk ml mn mo mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc
		sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu`) {
		m[c] = true
	}
	return m
}()

// code639 is the two-letter code that a tag begins with, empty when it has none.
func code639(tag string) string {
	code, _, _ := strings.Cut(tag, "-")
	if code = strings.ToLower(code); codes639[code] {
		return code
	}
	return ""
}

// st96 is one registration on its way into ST.96.
type st96 struct {
	Content
	tags map[string]string // the tag that a two-letter code stands for here
	main string            // code of the first original name, else en
}

func newST96(c Content) st96 {
	s := st96{Content: c, main: "en", tags: map[string]string{}}
	times := map[string]int{}
	count := func(tag string) { times[tag]++ }
	for _, n := range c.Names {
		if n.Kind != Transcription {
			count(n.Language)
		}
	}
	texts := []map[string]string{c.Holder.Names, c.Holder.Address, c.Area.Words, c.Link}
	for _, section := range c.Specification {
		texts = append(texts, section.Texts)
	}
	for _, q := range c.Quality {
		texts = append(texts, q.Property)
	}
	for _, t := range texts {
		for tag := range t {
			count(tag)
		}
	}
	for _, tag := range slices.Sorted(maps.Keys(times)) {
		if code := code639(tag); code != "" && times[tag] > times[s.tags[code]] {
			s.tags[code] = tag
		}
	}
	for _, n := range c.NamesOf(Original) {
		if code := code639(n.Language); code != "" {
			s.main = code
			break
		}
	}
	return s
}

// codes are the languages that a text has and this document can say, the document's own first.
func (s st96) codes(texts ...map[string]string) (codes []string) {
	for _, t := range texts {
		for tag, text := range t {
			if code := code639(tag); code != "" && s.tags[code] == tag && text != "" && !slices.Contains(codes, code) {
				codes = append(codes, code)
			}
		}
	}
	slices.SortFunc(codes, func(a, b string) int {
		switch {
		case a == s.main:
			return -1
		case b == s.main:
			return 1
		}
		return strings.Compare(a, b)
	})
	return codes
}

// differing are the tags that are more than their code.
func (s st96) differing() map[string]string {
	m := map[string]string{}
	for code, tag := range s.tags {
		if code != tag {
			m[code] = tag
		}
	}
	return m
}

// document makes the element: first what the standard has a place for, then an extension with the rest.
func (r Registration) document() (*element, error) {
	s := newST96(r.Content)
	data := s.data()
	data.kids = append(data.kids, optional(ginNS, "GIStatusCategory", statuses[r.Status]))
	data.kids = slices.DeleteFunc(data.kids, func(e *element) bool { return e == nil })
	app := el(ginNS, "GIApplication", data, s.applicants()).with(comNS, "officeCode", s.office()).with(comNS, "languageCode", s.main).with(comNS, "st96Version", st96Version)
	bag := el(comNS, "DocumentIncludedBag", s.sources()...)
	read, _, err := contentOf(el(ginNS, "GIApplication", data, app.kids[1], bag).with(comNS, "officeCode", s.office()).with(comNS, "languageCode", s.main), s.differing())
	if err != nil {
		return nil, err
	}
	x, err := extend(read, r.Content, s.differing())
	if err != nil {
		return nil, err
	}
	uri, err := x.uri()
	if err != nil {
		return nil, err
	}
	if uri != "" {
		bag.kids = append(bag.kids, el(comNS, "DocumentIncluded", leaf(comNS, "DocumentName", extensionName), leaf(comNS, "FileName", "extension.xml"),
			leaf(comNS, "DocumentFormatCategory", "XML"), leaf(comNS, "DocumentKindCategory", kindExtension), leaf(comNS, "DocumentLocationURI", uri)))
	}
	if len(bag.kids) > 0 {
		app.kids = append(app.kids, bag)
	}
	app.kids = append(app.kids, optional(comNS, "RecordIdentifier", string(r.ID)))
	app.kids = slices.DeleteFunc(app.kids, func(e *element) bool { return e == nil })
	return app, nil
}

func optional(space, local, text string) *element {
	if text == "" {
		return nil
	}
	return leaf(space, local, text)
}

func (s st96) office() string {
	if offices[s.Office] {
		return s.Office
	}
	return noOffice
}

// data is gin:GIData, without the status.
func (s st96) data() *element {
	e := el(ginNS, "GIData").with(comNS, "officeCode", s.office()).with(comNS, "languageCode", s.main)
	var basis Basis
	if len(s.Bases) > 0 {
		basis = s.Bases[0]
	}
	if basis.Number != "" {
		e.kids = append(e.kids, leaf(comNS, "RegistrationNumber", basis.Number))
		if basis.RegisteredOn != nil && sensibleDay(*basis.RegisteredOn) {
			e.kids = append(e.kids, leaf(comNS, "RegistrationDate", *basis.RegisteredOn))
		}
	}
	category := leaf(ginNS, "GICategory", plainCategory)
	for _, c := range s.Classes {
		if c.Scheme == schemeCategory && slices.Contains(categories, c.Code) {
			category = leaf(ginNS, "GICategory", c.Code)
		}
	}
	e.kids = append(e.kids, s.names(), s.products(), s.descriptions(), s.region(), category)
	if basis.Notice != "" {
		e.kids = append(e.kids, el(ginNS, "GIPublicationBag", el(ginNS, "GIPublication", leaf(comNS, "PublicationIdentifier", basis.Notice))))
	}
	return e
}

var nameElements = []struct{ element, kind string }{{"GINameText", Original}, {"GINameTransliterationText", Transcription}, {"GINameTranslationText", Translation}}

func (s st96) names() *element {
	bag := el(ginNS, "GINameBag")
	for _, k := range nameElements {
		for i, n := range s.Names {
			if n.Kind == k.kind {
				bag.kids = append(bag.kids, leaf(ginNS, k.element, n.Text).with(comNS, "languageCode", code639(n.Language)).with(comNS, "sequenceNumber", strconv.Itoa(i+1)))
			}
		}
	}
	return bag
}

func (s st96) products() *element {
	bag, own := el(tmkNS, "GoodsServicesClassificationBag"), []*element{}
	class := func(scheme, edition, code string) {
		bag.kids = append(bag.kids, el(tmkNS, "GoodsServicesClassification", leaf(tmkNS, "ClassificationKindCode", scheme),
			optional(comNS, "ClassificationVersion", edition), optional(tmkNS, "ClassNumber", code)))
	}
	for _, c := range s.Classes {
		switch {
		case c.Scheme == schemeCategory && slices.Contains(categories, c.Code) && c.Code != plainCategory:
		default:
			class(c.Scheme, c.Edition, c.Code)
		}
	}
	for _, code := range s.HSCodes {
		class(schemeHS, "", code)
	}
	if len(bag.kids) == 0 {
		class("Other", "", "") // the schema wants one
	}
	return el(ginNS, "ProductIndicationBag", append([]*element{el(tmkNS, "GoodsServices", bag)}, own...)...)
}

// descriptions is a description of the product in each language.
func (s st96) descriptions() *element {
	sections, texts := map[string]map[string]string{}, []map[string]string{}
	for _, section := range s.Specification {
		for _, f := range features {
			if f.section == section.Key && sections[section.Key] == nil {
				sections[section.Key] = section.Texts
				texts = append(texts, section.Texts)
			}
		}
	}
	for _, q := range s.Quality {
		texts = append(texts, q.Property)
	}
	bag, codes := el(ginNS, "FeatureDescriptionBag"), s.codes(texts...)
	if len(codes) == 0 {
		codes = []string{s.main}
	}
	for _, code := range codes {
		e := el(ginNS, "FeatureDescription").with(comNS, "languageCode", code)
		production := sections["production"][s.tags[code]]
		for i, f := range features {
			text := sections[f.section][s.tags[code]]
			switch {
			case i == 0 && production == "", i == 1 && production != "", text != "" && i > 1:
				e.kids = append(e.kids, leaf(ginNS, f.element, text))
			}
		}
		e.kids = append(e.kids, s.quality(s.tags[code])...)
		bag.kids = append(bag.kids, e)
	}
	return bag
}

// quality is the evidence in a language, if all of it is in that language: the rows of two languages are told by their place.
func (s st96) quality(tag string) (es []*element) {
	for _, q := range s.Quality {
		if q.Property[tag] == "" {
			return nil
		}
		es = append(es, el(ginNS, "QualityProduct", leaf(ginNS, "QualityProductNameText", q.Property[tag]), leaf(ginNS, "QualityProductPropertyText", q.Value)))
	}
	return es
}

func (s st96) region() *element {
	e := el(ginNS, "GeographicRegionDescription")
	for _, code := range s.codes(s.Area.Words) {
		e.kids = append(e.kids, leaf(ginNS, "GeographicRegionDescriptionText", s.Area.Words[s.tags[code]]).with(comNS, "languageCode", code))
	}
	if len(e.kids) == 0 {
		e.kids = append(e.kids, leaf(ginNS, "GeographicRegionDescriptionText", ""))
	}
	if len(s.Area.Geometry) > 0 {
		e.kids = append(e.kids, el(comNS, "DocumentIncludedBag", el(comNS, "DocumentIncluded", leaf(comNS, "DocumentName", "Area (GeoJSON, RFC 7946)"),
			leaf(comNS, "FileName", "area.geojson"), leaf(comNS, "DocumentKindCategory", kindGeometry),
			leaf(comNS, "DocumentLocationURI", geometryURI+base64.StdEncoding.EncodeToString(s.Area.Geometry)))))
	}
	bag := el(ginNS, "GeographicRegionDescriptionBag", e)
	if codes := s.codes(s.Link); len(codes) > 0 { // the schema has room for one
		bag.kids = append(bag.kids, leaf(ginNS, "CausalInteractionText", s.Link[s.tags[codes[0]]]).with(comNS, "languageCode", codes[0]))
	}
	return bag
}

const geometryURI = "data:application/geo+json;base64,"

func (s st96) applicants() *element {
	contact := el(comNS, "Contact")
	name := el(comNS, "Name")
	for _, code := range s.codes(s.Holder.Names) {
		name.kids = append(name.kids, el(comNS, "OrganizationName", leaf(comNS, "OrganizationStandardName", s.Holder.Names[s.tags[code]])).with(comNS, "languageCode", code))
	}
	if len(name.kids) == 0 {
		contact.kids = append(contact.kids, leaf(comNS, "ContactText", ""))
	} else {
		contact.kids = append(contact.kids, name)
		address := el(comNS, "PostalAddress")
		for _, code := range s.codes(s.Holder.Address) {
			address.kids = append(address.kids, leaf(comNS, "PostalAddressText", s.Holder.Address[s.tags[code]]).with(comNS, "languageCode", code))
		}
		if len(address.kids) > 0 {
			contact.kids = append(contact.kids, el(comNS, "PostalAddressBag", address))
		}
	}
	var identifier *element
	if s.Holder.Code != "" {
		identifier = leaf(comNS, "PartyIdentifier", s.Holder.Code).with(comNS, "partyIdentifierCategory", "Entity identifier")
	}
	return el(ginNS, "ApplicantBag", el(ginNS, "Applicant", identifier, contact))
}

// uriSigns are the signs of a URI (RFC 3986, section 2) but brackets: url.Parse leaves a query as it is, whatever stands in it.
var uriSigns = regexp.MustCompile(`^(?:[A-Za-z0-9._~:/?#@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*$`)

func (s st96) sources() (es []*element) {
	for _, src := range s.Sources {
		address := src.URL
		if u, err := url.Parse(address); err != nil || u.String() != address || strings.HasSuffix(u.Host, ":") || !uriSigns.MatchString(address) || strings.HasPrefix(address, "data:") {
			address = "" // no URI as the schema wants it
		}
		es = append(es, el(comNS, "DocumentIncluded", leaf(comNS, "DocumentName", src.Title), leaf(comNS, "DocumentKindCategory", kindSource),
			optional(comNS, "DocumentLocationURI", address), optional(comNS, "CommentText", src.Page)))
	}
	return es
}
