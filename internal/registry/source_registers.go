package registry

import (
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Reasons why a column of a known register is left out.
var (
	// WhyEUDate: the euProtectionDate of the European Union's register is the day of registration for some records, of
	// application, publication or removal for others, so that nobody may conclude from it that a name was protected.
	WhyEUDate = problem.Field("import.why.eu-protection-date")
	// WhyOtherDay: a day of the procedure, or of another register, is no day of this right.
	WhyOtherDay = problem.Field("import.why.other-day")
)

// register is what a public register's own files look like. Headings are compared folded, so that giIdentifier, "GI identifier"
// and gi_identifier are one; whatever a register wraps its records in comes off first.
type register struct {
	form    SourceForm
	title   string // of the source that each registration names
	known   [][]string
	prefix  []string // of keys
	fields  map[string]string
	untaken map[string]string
	values  map[string]string // for all rows
	order   DayOrder
}

// registers are the public registers whose files are recognised. Keys and headings are those that their interfaces and tables
// show; a column that is none of them can still be mapped by hand.
var registers = []*register{
	{
		form: GIview, title: "GIview (EUIPO)",
		known:  [][]string{{"basicData.protectedNames", "basicData.fileNumber"}, {"basicData.protectedNames", "basicData.giType"}},
		prefix: []string{"basicData.", "extendedData."}, fields: euFields, untaken: euUntaken, values: euValues, order: DayFirst,
	},
	{
		form: EAmbrosia, title: "eAmbrosia (European Commission)",
		known:  [][]string{{"giIdentifier", "fileNumber"}, {"protectedNames", "fileNumber"}, {"appUniqueId", "protectedName"}},
		fields: euFields, untaken: euUntaken, values: euValues, order: DayFirst,
	},
	{
		form: UKForm, title: "UK register of protected food and drink names",
		known: [][]string{{"Registered product name", "Protection type"}, {"registered_name", "protection_type"}, {"title", "protection_type", "reason_for_protection"},
			{"details.metadata.registered_name", "details.metadata.protection_type"}, {"title", "details.metadata.protection_type"}},
		prefix: []string{"details.metadata.", "metadata."},
		fields: map[string]string{
			"registeredproductname": "name", "registeredname": "name", "title": "name", "protectiontype": "giType", "protectiontypelabel": "giType", "status": "registerStatus", "statuslabel": "registerStatus",
			"classorcategoryofproduct": "classes", "classcategory": "classes", "classcategorylabel": "classes", "reasonforprotection": "basisKind", "reasonforprotectionlabel": "basisKind",
			"countryoforigin": "origin", "countryoforiginlabel": "origin", "country": "origin", "dateofukregistration": "registeredOn", "dateregistration": "registeredOn",
			"link": "sourceUrl", "basepath": "sourceUrl", "protectioninstrument": "sourceUrl", "decisionnotice": "notice",
		},
		untaken: map[string]string{
			"dateofapplication": WhyOtherDay, "dateapplication": WhyOtherDay, "dateoforiginalregistrationwiththeeu": WhyOtherDay, "dateregistrationeu": WhyOtherDay,
			"dateofpublicationoftheinstrument": WhyOtherDay, "timeregistration": WhyOtherDay, "publictimestamp": WhyOtherDay,
		},
		values: map[string]string{"office": "GB"}, order: DayFirst,
	},
}

var euFields = map[string]string{
	"protectednames": "name", "protectedname": "name", "transcriptions": "transcription", "countries": "origin", "countryid": "origin", "gitype": "giType",
	"geographicalindicatortypecode": "giType", "productcategories": "classes", "filenumber": "number", "giidentifier": "sourcePage", "appuniqueid": "sourcePage",
	"status": "registerStatus", "producergroupname": "holder", "registrationdate": "registeredOn",
}

var euUntaken = map[string]string{"euprotectiondate": WhyEUDate, "modificationdate": WhyOtherDay}

var euValues = map[string]string{"office": "EU", "basisKind": "gi-product"}

// field tells which field a column of the register is, or why it is none.
func (r *register) field(heading string) (field int, why string, ok bool) {
	key := r.key(heading)
	name, ok := r.fields[key]
	return ofRegistrations.byKey[name], r.untaken[key], ok
}

func (r *register) key(heading string) string {
	for _, p := range r.prefix {
		if rest, had := strings.CutPrefix(heading, p); had {
			return NameKey(rest)
		}
	}
	return NameKey(heading)
}

// recognise tells which register a file with these headings is of.
func recognise(headings []string) (SourceForm, *register) {
	have := map[string]bool{}
	for _, h := range headings {
		have[NameKey(h)] = true
	}
	for _, r := range registers {
		for _, all := range r.known {
			if !slices.ContainsFunc(all, func(h string) bool { return !have[NameKey(h)] }) {
				return r.form, r
			}
		}
	}
	return "", nil
}

func registerOf(form SourceForm) *register {
	for _, r := range registers {
		if r.form == form {
			return r
		}
	}
	return nil
}

// notGI are kinds of protection that are no geographical indication: traditional specialities and traditional terms protect a
// way of making or describing a product, not a place.
func notGI(kind string) bool {
	key := NameKey(kind)
	return key == "tsg" || strings.Contains(key, "traditionalspecialit") || strings.Contains(key, "traditionalterm")
}

// settle gives a registration what follows from the register it comes from.
func (r *register) settle(x *reading, c *Content) {
	if kind := x.values[ofRegistrations.byKey["giType"]]; notGI(kind) {
		x.find("giType", CodeNotGI, "Said", kind)
	}
	if status := x.values[ofRegistrations.byKey["registerStatus"]]; status != "" && NameKey(status) != "registered" {
		x.find("registerStatus", CodeRegisterStatus, "Said", status)
	} else if status != "" && x.removed() {
		x.find("registerStatus", CodeRemoved, "Said", status)
	}
	for i := range c.Names {
		n := &c.Names[i]
		if n.Language == "zh-Latn" {
			n.Language, n.Scheme = "und-Latn", r.title // whose scheme it is the register does not say
		}
	}
	if c.Holder.Names != nil { // a register of many countries does not say in which language
		c.Holder.Names = map[string]string{"und": c.Holder.Names["zh-Hans"]}
	}
	s := source(c)
	s.Title = r.title
	if strings.HasPrefix(s.URL, "/") && r.form == UKForm {
		s.URL = "https://www.gov.uk" + s.URL
	}
	if !strings.HasPrefix(s.URL, "https://") && !strings.HasPrefix(s.URL, "http://") {
		s.URL = ""
	}
}

// removed tells whether the record carries a mark that it was removed: some of those still say "registered".
func (x *reading) removed() bool {
	for i, h := range x.plan.headings {
		if key := NameKey(h); i < len(x.cells) && (strings.HasSuffix(key, "removed") || strings.HasSuffix(key, "removedflag")) && strings.EqualFold(x.cells[i], "true") {
			return true
		}
	}
	return false
}

var englishRegions = display.Regions(language.English)

// regionName is the English name of a country by its code, or what was said. Registers of the Union write EL for Greece.
func regionName(said string) string {
	if len(said) != 2 {
		return said
	}
	if said = strings.ToUpper(said); said == "EL" {
		said = "GR"
	}
	region, err := language.ParseRegion(said)
	if err != nil {
		return said
	}
	return englishRegions.Name(region)
}
