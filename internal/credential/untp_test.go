package credential_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/oapi-codegen/runtime/types"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/helianthus-gi/helianthus/internal/credential"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/members"
	"github.com/helianthus-gi/helianthus/internal/recognition"
)

// untpSchemas is a directory with untp-dia-schema.json and untp-dcc-schema.json as UNTP released them (data-models/untp-…/artefacts of
// the repository uncefact/spec-untp, tag v0.6.1). They are under the GPL, so that they are not here; the rules below are, in our words.
const untpSchemas = "HELIANTHUS_UNTP_SCHEMAS"

// untpRule is what a schema of UNTP asks of the object at a place: members that it must have, the words that a member may be,
// and, where it takes no others, the members that it may have.
type untpRule struct {
	at    string // a JSON pointer; `*` is each item
	must  []string
	words map[string][]string
	only  []string
}

// untpRules are those of UNTP 0.6.1 (schemas of the Digital Identity Anchor and the Digital Conformity Credential), as far as they are
// about what we issue.
var untpRules = map[string][]untpRule{
	"DigitalIdentityAnchor": {
		{at: "", must: []string{"@context", "id", "issuer"}},
		{at: "/issuer", must: []string{"id", "name"}, only: []string{"type", "id", "name", "issuerAlsoKnownAs"}},
		{at: "/credentialSubject", must: []string{"id", "name"}, words: map[string][]string{"registerType": {"Product", "Facility", "Business", "Trademark", "Land", "Accreditation"}}},
		{at: "/credentialSubject/idScheme", only: []string{"type", "id", "name"}},
	},
	"DigitalConformityCredential": {
		{at: "", must: []string{"@context", "id", "issuer"}},
		{at: "/issuer", must: []string{"id", "name"}, only: []string{"type", "id", "name", "issuerAlsoKnownAs"}},
		{at: "/credentialSubject", must: []string{"id", "assessorLevel", "assessmentLevel", "attestationType", "issuedToParty"}, words: map[string][]string{
			"assessorLevel":   {"Self", "Commercial", "Buyer", "Membership", "Unspecified", "3rdParty"},
			"assessmentLevel": {"GovtApproval", "GlobalMRA", "Accredited", "Verified", "Validated", "Unspecified"},
			"attestationType": {"certification", "declaration", "inspection", "testing", "verification", "validation", "calibration"},
		}},
		{at: "/credentialSubject/assessment/*", must: []string{"id", "conformityTopic", "conformance"}, words: map[string][]string{"conformityTopic": {
			"environment.energy", "environment.emissions", "environment.water", "environment.waste", "environment.deforestation", "environment.biodiversity", "circularity.content", "circularity.design",
			"social.labour", "social.rights", "social.community", "social.safety", "governance.ethics", "governance.compliance", "governance.transparency"}}},
		{at: "/credentialSubject/assessment/*/referenceRegulation", must: []string{"administeredBy"}, only: []string{"type", "id", "name", "jurisdictionCountry", "administeredBy", "effectiveDate"}},
	},
}

var untpContexts = map[string]string{
	"DigitalIdentityAnchor":       "https://test.uncefact.org/vocabulary/untp/dia/0.6.1/",
	"DigitalConformityCredential": "https://test.uncefact.org/vocabulary/untp/dcc/0.6.1/",
}

// objectsAt are the objects at a place.
func objectsAt(v any, at string) []map[string]any {
	found := []any{v}
	for step := range strings.SplitSeq(at, "/") {
		var below []any
		for _, one := range found {
			items, _ := one.([]any)
			members, _ := one.(map[string]any)
			switch {
			case step == "":
				below = append(below, one)
			case step == "*":
				below = append(below, items...)
			case members[step] != nil:
				below = append(below, members[step])
			}
		}
		found = below
	}
	var objects []map[string]any
	for _, one := range found {
		if o, ok := one.(map[string]any); ok {
			objects = append(objects, o)
		}
	}
	return objects
}

// faults are what a credential lacks of its shape.
func faults(doc map[string]any) (found []string) {
	kinds, _ := doc["type"].([]any)
	if len(kinds) != 2 || kinds[1] != "VerifiableCredential" || untpRules[fmt.Sprint(kinds[0])] == nil {
		return []string{fmt.Sprint("type ", kinds)}
	}
	if contexts, _ := doc["@context"].([]any); len(contexts) < 2 || contexts[0] != "https://www.w3.org/ns/credentials/v2" || contexts[1] != untpContexts[fmt.Sprint(kinds[0])] {
		found = append(found, fmt.Sprint("@context ", doc["@context"]))
	}
	for _, rule := range untpRules[fmt.Sprint(kinds[0])] {
		all := objectsAt(doc, rule.at)
		if len(all) == 0 {
			found = append(found, "nothing at "+rule.at)
		}
		for _, o := range all {
			for _, name := range rule.must {
				if o[name] == nil || o[name] == "" {
					found = append(found, "missing "+rule.at+"/"+name)
				}
			}
			for name, words := range rule.words {
				if word, ok := o[name]; ok && !slices.Contains(words, fmt.Sprint(word)) {
					found = append(found, fmt.Sprintf("%s/%s is %v", rule.at, name, word))
				}
			}
			for name := range o {
				if rule.only != nil && !slices.Contains(rule.only, name) {
					found = append(found, "unknown "+rule.at+"/"+name)
				}
			}
		}
	}
	return found
}

// TestShapesOfUNTP holds issued credentials of each kind against the rules, and against the published schemas where they are at hand.
func TestShapesOfUNTP(t *testing.T) {
	t.Parallel()
	dir := os.Getenv(untpSchemas)
	if dir == "" {
		t.Log("NOT CHECKED against UNTP's schemas, which are not here: set " + untpSchemas + " to the directory that holds untp-dia-schema.json and untp-dcc-schema.json")
	}
	s := open(t)
	for _, c := range []struct {
		kind, schema string
		record       uuid.UUID
		algorithm    credential.Algorithm
	}{
		{"registration", "untp-dia-schema.json", s.recordID(), credential.EdDSA},
		{"recognition", "untp-dcc-schema.json", s.recognised(t), credential.ES256},
		{marks.PublicationKind, "untp-dia-schema.json", s.authorised(t).ID, credential.ES256},
		{members.Kind, "untp-dia-schema.json", s.joined(t), credential.EdDSA},
	} {
		issued, err := s.Attests.Issue(s.ctx, credential.Order{Kind: c.kind, RecordID: c.record, Languages: []string{"en"}, Algorithm: c.algorithm})
		if err != nil {
			t.Fatal(c.kind, err)
		}
		if r := s.verdict(t, issued); r.Verdict != credential.Valid {
			t.Errorf("%s: %+v", c.kind, r)
		}
		text := claimsOf(t, issued)
		keepsToShape(t, c.kind, text)
		if dir != "" {
			validate(t, filepath.Join(dir, c.schema), text)
		}
	}
}

// claimsOf are the claims of a credential, as its token has them.
func claimsOf(t *testing.T, c credential.Credential) []byte {
	t.Helper()
	text, err := base64.RawURLEncoding.DecodeString(strings.Split(c.Token, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// keepsToShape holds the claims of a credential against the rules, and shows that each rule can be broken.
func keepsToShape(t *testing.T, kind string, text []byte) {
	t.Helper()
	read := func() (doc map[string]any) {
		if err := json.Unmarshal(text, &doc); err != nil {
			t.Fatal(err)
		}
		return doc
	}
	if found := faults(read()); len(found) > 0 {
		t.Errorf("%s: %v in %s", kind, found, text)
	}
	for _, rule := range untpRules[fmt.Sprint(read()["type"].([]any)[0])] {
		for _, name := range rule.must {
			doc := read()
			delete(objectsAt(doc, rule.at)[0], name)
			if len(faults(doc)) == 0 {
				t.Errorf("%s without %s/%s is no fault", kind, rule.at, name)
			}
		}
	}
}

// recognised is a recognition that is published.
func (s stage) recognised(t *testing.T) uuid.UUID {
	t.Helper()
	id, instrument := uuid.New(), recognition.CitedInstrument{RecordID: uuid.New(), Code: "CN-XB-2026", Titles: map[string]string{"en": "Agreement"}}
	s.publish(t, exchange.Publication{Kind: "recognition", RecordID: id, Content: recognition.Content{
		Version: 1, Market: "XB", OriginOffice: "CN", Name: "五原向日葵", Language: "zh-Hans", Forms: []recognition.Form{}, Protection: recognition.Protected,
		From: types.Date{Time: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}, Instrument: &instrument, List: "Annex IV", Position: "12", Sources: []recognition.Source{}}})
	return id
}

// joined is a membership that is published.
func (s stage) joined(t *testing.T) uuid.UUID {
	t.Helper()
	id := uuid.New()
	s.publish(t, exchange.Publication{Kind: members.Kind, RecordID: id, Content: members.Published{
		Number: "M-1", Name: "演示合作社", Category: "cooperative", CreditCode: "91350100M000100Y43", Status: members.Admitted, Since: "2026-02-01"}})
	return id
}

func (s stage) publish(t *testing.T, p exchange.Publication) {
	t.Helper()
	if err := s.DB.Tx(s.ctx, func(tx pgx.Tx) error {
		_, err := exchange.Publish(s.ctx, tx, p)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// validate holds the claims of a credential against a schema of UNTP.
func validate(t *testing.T, file string, text []byte) {
	t.Helper()
	compiled, err := jsonschema.NewCompiler().Compile(file)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := compiled.Validate(doc); err != nil {
		t.Errorf("%s: %v", filepath.Base(file), err)
	}
}
