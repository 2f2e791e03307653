package credential

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Contexts of the terms in our credentials. The last one is ours, served at <house>/contexts/gi/v1.
const (
	coreContext  = "https://www.w3.org/ns/credentials/v2"
	giContext    = "/contexts/gi/v1"
	typeVC       = "VerifiableCredential"
	typeList     = "BitstringStatusListCredential"
	typeEntry    = "BitstringStatusListEntry"
	typeListItem = "BitstringStatusList"
)

// Contexts of the terms of UNTP's credentials, of its release 0.6.1 (tag v0.6.1 of uncefact/spec-untp, 16 June 2025): that of 0.6.0
// does not define a subject's name.
const (
	Anchor     = "https://test.uncefact.org/vocabulary/untp/dia/0.6.1/" // Digital Identity Anchor
	Conformity = "https://test.uncefact.org/vocabulary/untp/dcc/0.6.1/" // Digital Conformity Credential
)

// Fact is one line of what is attested, as the paper prints it: a text in some languages, a code, or both.
type Fact struct {
	Key   string            `json:"key"`             // the message credential.fact.<key> names it
	Texts map[string]string `json:"texts,omitempty"` // by BCP 47 tag
	Code  string            `json:"code,omitempty"`  // a number, day or code, the same in every language
}

// FactKeys are the keys of all facts that are attested of any kind of record; each has a message credential.fact.<key>.
var FactKeys = []string{
	"name-original", "name-transcription", "name-translation", "market", "origin", "protection", "from", "until", "status", "registered-on", "holder", "control-body", "area", "limits", "basis", "list", "member-number", "member-category", "credit-code", "association", "mark-user", "mark-kind", "mark-of", "mark-status", "notice",
}

// Claims is what a domain package attests of a record: the subject in the shape of UNTP, and the lines of the paper.
type Claims struct {
	Type     string            // DigitalIdentityAnchor, DigitalConformityCredential
	Context  string            // of that type
	Title    string            // the name in its own language
	Language string            // of the title, BCP 47; the paper prints it beside the reader's
	Names    map[string]string // the credential's name, by BCP 47 tag
	Subject  map[string]any    // credentialSubject
	Facts    []Fact
	Basis    []Fact // the legal basis
	Until    *time.Time
}

// Origin is what a Mapper may name addresses of.
type Origin struct {
	Base      string // address of the house
	DID       string // of the issuer
	Publisher map[string]string
	Office    string // ST.3 code of the office that the issuer speaks for
	Record    uuid.UUID
	On        time.Time // for which day
}

// Mapper says what of a published content is attested. It returns ErrNothing for what has nothing to attest.
type Mapper func(content json.RawMessage, o Origin) (Claims, error)

// Claimed is a credential's claims, as far as we read them.
type claimed struct {
	Context     []string          `json:"@context"`
	Type        []string          `json:"type"`
	ID          string            `json:"id"`
	Issuer      issuerClaim       `json:"issuer"`
	Name        []langValue       `json:"name,omitempty"`
	ValidFrom   string            `json:"validFrom"`
	ValidUntil  string            `json:"validUntil,omitempty"`
	Subject     map[string]any    `json:"credentialSubject"`
	Status      []statusEntry     `json:"credentialStatus,omitempty"`
	Certificate *certificateClaim `json:"certificate,omitempty"`
}

type issuerClaim struct {
	Type []string `json:"type,omitempty"`
	ID   string   `json:"id"`
	Name string   `json:"name,omitempty"`
}

// langValue is a text in a language (VC 2.0, section 11.1).
type langValue struct {
	Value     string `json:"@value"`
	Language  string `json:"@language"`
	Direction string `json:"@direction,omitempty"`
}

type statusEntry struct {
	ID      string `json:"id,omitempty"`
	Type    string `json:"type"`
	Purpose string `json:"statusPurpose"`
	Index   string `json:"statusListIndex"`
	List    string `json:"statusListCredential"`
}

// certificateClaim is our own part: the paper's number, who decided and on what, and which published version is attested.
type certificateClaim struct {
	Number   string      `json:"number"`
	Title    string      `json:"title"`
	Language string      `json:"language"`
	Demo     bool        `json:"demo"`
	Officer  string      `json:"decidingOfficer"`
	Unit     string      `json:"unit,omitempty"`
	Basis    []Fact      `json:"legalBasis"`
	Facts    []Fact      `json:"facts"`
	Record   recordClaim `json:"record"`
}

type recordClaim struct {
	Kind        string `json:"kind"`
	RecordID    string `json:"recordId"`
	Publication string `json:"publication"`
	Version     int    `json:"version"`
	SHA256      string `json:"sha256"`
}

// langValues is a text by tag, in the order of the tags.
func langValues(texts map[string]string) []langValue {
	var all []langValue
	for _, tag := range sortedKeys(texts) {
		v := langValue{Value: texts[tag], Language: tag}
		if rightToLeft(tag) {
			v.Direction = "rtl"
		}
		all = append(all, v)
	}
	return all
}

func rightToLeft(tag string) bool {
	first, _, _ := strings.Cut(tag, "-")
	return first == "ar" || first == "fa" || first == "ur" || first == "he"
}

// instant is a time as credentials write it, to the second.
func instant(t time.Time) string { return t.UTC().Truncate(time.Second).Format(time.RFC3339) }
