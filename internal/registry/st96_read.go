package registry

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// maxUnknownPaths is how many elements without a place an import names.
const maxUnknownPaths = 50

// eachXML reads registrations from a document of ST.96: an application, the data of a GI, a registration record, or
// whatever has some of them within it, as a transaction has. It names the elements that have no place in a registration.
func eachXML(r io.Reader, visit func(row int, c Content, err error) error) ([]string, error) {
	x, unknown := newXMLReader(r), map[string]bool{}
	row := 0
	for {
		start, err := x.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if start.Name.Space != ginNS || !slices.Contains([]string{"GIApplication", "GIRegistrationRecord", "GIData"}, start.Name.Local) {
			continue
		}
		e, err := x.whole(start)
		if err != nil {
			return nil, err
		}
		if row++; row > maxRows {
			return nil, ErrFileLarge
		}
		c, rest, err := contentOf(e, nil)
		rest(func(path string) {
			if len(unknown) < maxUnknownPaths {
				unknown[path] = true
			}
		})
		if err := visit(row, c, err); err != nil {
			return nil, err
		}
	}
	if row == 0 {
		return nil, ErrFileForm
	}
	return append([]string{}, slices.Sorted(maps.Keys(unknown))...), nil
}

// isXML tells whether a file begins as XML does, in whatever encoding.
func isXML(r io.ReaderAt, size int64) bool {
	head := make([]byte, min(size, 64))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return false
	}
	for _, begin := range []string{"\xff\xfe<\x00", "\xfe\xff\x00<"} { // UTF-16
		if bytes.HasPrefix(head, []byte(begin)) {
			return true
		}
	}
	return bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n"), []byte("<"))
}

// st96Reading is one record on its way out of ST.96.
type st96Reading struct {
	tags map[string]string // what its codes stand for, where that is more than the code
}

// tag is the language of the innermost of the elements that says one.
func (r st96Reading) tag(es ...*element) string {
	for _, e := range es {
		if code := e.attr(comNS, "languageCode"); code != "" {
			if tag := r.tags[code]; tag != "" {
				return tag
			}
			return code
		}
	}
	return noLanguage
}

// contentOf reads a registration from its element. Given tags stand for the extension's, which is then not looked for.
func contentOf(root *element, tags map[string]string) (c Content, rest func(add func(string)), err error) {
	data := root
	if root.name.Local != "GIData" {
		data = root.first(ginNS, "GIData")
	}
	rest = func(add func(string)) { root.untaken(root.name.Local, add) }
	if data == nil {
		return c, rest, ErrFileForm
	}
	var x extension
	documents := root.first(comNS, "DocumentIncludedBag").all(comNS, "DocumentIncluded")
	if tags == nil {
		for _, d := range documents {
			found, ok, err := readExtension(uriOf(d))
			if err != nil {
				return c, rest, err
			}
			if ok {
				x, tags = found, found.languages
			}
		}
	}
	r := st96Reading{tags}
	for _, code := range []string{data.attr(comNS, "officeCode"), root.attr(comNS, "officeCode")} {
		if c.Office == "" {
			c.Office = code
		}
	}
	c.Names = r.names(data.first(ginNS, "GINameBag"), data, root)
	c.Bases = bases(c.Office, data, root)
	r.products(&c, data)
	r.descriptions(&c, data, root)
	r.region(&c, data.first(ginNS, "GeographicRegionDescriptionBag"), data, root)
	c.Holder = r.holder(root, data)
	if body := data.first(ginNS, "OriginCertificateBag").first(ginNS, "InspectionBodyText").words(); body != "" {
		c.ControlBody.Names = map[string]string{r.tag(data, root): body}
	}
	c.Sources = sourcesOf(documents)
	if link := data.first(comNS, "WebURI").words(); link != "" {
		c.Sources = append(c.Sources, Source{Title: link, URL: link})
	}
	for _, told := range []string{"RecordIdentifier", "RecordEventDate"} { // another register's own, not the right's
		data.first(comNS, told).words()
		root.first(comNS, told).words()
	}
	data.first(ginNS, "GIStatusCategory").words()
	c, err = x.apply(c)
	return c, rest, err
}

func (r st96Reading) names(bag, data, root *element) (names []Name) {
	type numbered struct {
		n  int
		is Name
	}
	var all []numbered
	add := func(local, kind string) {
		for _, e := range bag.all(ginNS, local) {
			text := e.words()
			if text == "" {
				continue
			}
			n := Name{Text: text, Language: r.tag(e, data, root), Kind: kind}
			if kind == Transcription {
				n.Scheme = noScheme
			}
			place, err := strconv.Atoi(e.attr(comNS, "sequenceNumber"))
			if err != nil {
				place = len(all) + 1
			}
			all = append(all, numbered{place, n})
		}
	}
	add("GINameRichText", Original)
	for _, k := range nameElements {
		add(k.element, k.kind)
	}
	slices.SortStableFunc(all, func(a, b numbered) int { return a.n - b.n })
	for _, n := range all {
		names = append(names, n.is)
	}
	return names
}

// bases is the one basis that the elements tell of: a registration, or what was applied for.
func bases(office string, data, root *element) []Basis {
	b := Basis{Kind: "gi-product", Office: office}
	for _, e := range []*element{data, root} {
		if b.Number == "" {
			b.Number = e.first(comNS, "RegistrationNumber").words()
		}
		if day := e.first(comNS, "RegistrationDate").token(); day != "" && b.RegisteredOn == nil {
			day, _, _ = strings.Cut(day, "+")
			day = strings.TrimSuffix(day, "Z")
			b.RegisteredOn = &day
		}
		if b.Notice == "" {
			b.Notice = e.first(ginNS, "GIPublicationBag").first(ginNS, "GIPublication").first(comNS, "PublicationIdentifier").token()
		}
	}
	for _, e := range []*element{data, root} {
		application := e.first(comNS, "ApplicationNumber")
		for _, form := range []string{"ApplicationNumberText", "ST13ApplicationNumber"} {
			if b.Number == "" {
				b.Number = application.first(comNS, form).words()
			}
		}
	}
	if b == (Basis{Kind: "gi-product", Office: office}) {
		return nil
	}
	return []Basis{b}
}

func (r st96Reading) products(c *Content, data *element) {
	bag := data.first(ginNS, "ProductIndicationBag")
	for _, goods := range bag.all(tmkNS, "GoodsServices") {
		for _, e := range goods.first(tmkNS, "GoodsServicesClassificationBag").all(tmkNS, "GoodsServicesClassification") {
			k := Class{Scheme: e.first(tmkNS, "ClassificationKindCode").token(), Edition: e.first(comNS, "ClassificationVersion").words(), Code: e.first(tmkNS, "ClassNumber").words()}
			if k.Code == "" {
				k.Code = e.first(tmkNS, "NationalClassNumber").words()
			}
			switch {
			case k.Code == "":
			case k.Scheme == schemeHS && k.Edition == "":
				c.HSCodes = append(c.HSCodes, k.Code)
			default:
				c.Classes = append(c.Classes, k)
			}
		}
	}
	for _, e := range bag.all(ginNS, "ProductCategory") {
		c.Classes = append(c.Classes, Class{Scheme: schemeProduct, Code: e.token()})
	}
	if category := data.first(ginNS, "GICategory").token(); category != plainCategory && category != "" {
		c.Classes = append(c.Classes, Class{Scheme: schemeCategory, Code: category})
	}
}

// descriptions reads the sections of the specification and the quality, a language at a time.
func (r st96Reading) descriptions(c *Content, data, root *element) {
	sections := map[string]map[string]string{}
	for _, d := range data.first(ginNS, "FeatureDescriptionBag").all(ginNS, "FeatureDescription") {
		for _, f := range features {
			for _, e := range d.all(ginNS, f.element) {
				if text := e.words(); text != "" {
					add(sections, f.section, r.tag(e, d, data, root), text)
				}
			}
		}
		for i, e := range d.all(ginNS, "QualityProduct") {
			property, value := e.first(ginNS, "QualityProductNameText").token(), e.first(ginNS, "QualityProductPropertyText").token()
			if i >= len(c.Quality) {
				c.Quality = append(c.Quality, Quality{Property: map[string]string{}, Value: value})
			}
			c.Quality[i].Property[r.tag(d, data, root)] = property
		}
	}
	for _, f := range features {
		if texts := sections[f.section]; texts != nil {
			c.Specification = append(c.Specification, Section{Key: f.section, Texts: texts})
			delete(sections, f.section)
		}
	}
}

// add puts a text beneath a key and a language; several of the same stand on lines of their own.
func add(to map[string]map[string]string, key, tag, text string) {
	if to[key] == nil {
		to[key] = map[string]string{}
	}
	if before := to[key][tag]; before != "" {
		text = before + "\n" + text
	}
	to[key][tag] = text
}

func (r st96Reading) region(c *Content, bag, data, root *element) {
	words := map[string]map[string]string{}
	for _, d := range bag.all(ginNS, "GeographicRegionDescription") {
		for _, e := range d.all(ginNS, "GeographicRegionDescriptionText") {
			if text := e.words(); text != "" {
				add(words, "area", r.tag(e, data, root), text)
			}
		}
		for _, doc := range d.first(comNS, "DocumentIncludedBag").all(comNS, "DocumentIncluded") {
			if encoded, ok := strings.CutPrefix(uriOf(doc), geometryURI); ok {
				if b, err := base64.StdEncoding.DecodeString(encoded); err == nil && json.Valid(b) {
					c.Area.Geometry = b
					doc.words()
				}
			}
		}
	}
	c.Area.Words = words["area"]
	if e := bag.first(ginNS, "CausalInteractionText"); e.words() != "" {
		c.Link = map[string]string{r.tag(e, data, root): e.words()}
	}
}

// holder is the first applicant.
func (r st96Reading) holder(root, data *element) (p Party) {
	applicant := root.first(ginNS, "ApplicantBag").first(ginNS, "Applicant")
	contact := applicant.first(comNS, "Contact")
	if contact == nil {
		contact = applicant.first(comNS, "PublicationContact")
	}
	p.Code = applicant.first(comNS, "PartyIdentifier").token()
	names := map[string]map[string]string{}
	take := func(kind string, e *element, langs ...*element) {
		if text := e.words(); text != "" {
			add(names, kind, r.tag(append(langs, contact, data, root)...), text)
		}
	}
	name := contact.first(comNS, "Name")
	for _, e := range name.all(comNS, "OrganizationName") {
		take("name", e.first(comNS, "OrganizationStandardName"), e)
	}
	for _, e := range name.all(comNS, "EntityName") {
		take("name", e, e)
	}
	for _, e := range name.all(comNS, "PersonName") {
		take("name", e.first(comNS, "PersonFullName"), e)
	}
	take("name", contact.first(comNS, "ContactText"))
	for _, address := range contact.first(comNS, "PostalAddressBag").all(comNS, "PostalAddress") {
		for _, e := range address.all(comNS, "PostalAddressText") {
			take("address", e, e)
		}
	}
	p.Names, p.Address = names["name"], names["address"]
	return p
}

func sourcesOf(documents []*element) (sources []Source) {
	for _, d := range documents {
		address, kind := uriOf(d), d.first(comNS, "DocumentKindCategory").token()
		title := d.first(comNS, "DocumentName").words()
		if kind == kindExtension && strings.HasPrefix(address, dataURI) {
			d.words()
			continue
		}
		if strings.HasPrefix(address, "data:") {
			continue // a document, and not a place where facts come from
		}
		sources = append(sources, Source{Title: title, URL: address, Page: d.first(comNS, "CommentText").words()})
	}
	return sources
}

func uriOf(document *element) string { return document.first(comNS, "DocumentLocationURI").token() }
