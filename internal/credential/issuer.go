package credential

import (
	"encoding/json"
	"io"
	"net/url"
	"strings"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// DID is the did:web of a tenant of the house at an address (W3C did:web method, section 2.5.2: `:` of a port is %3A).
func DID(base, slug string) string {
	_, host, _ := strings.Cut(strings.TrimSuffix(base, "/"), "://")
	host, path, _ := strings.Cut(host, "/")
	did := "did:web:" + strings.ReplaceAll(host, ":", "%3A")
	for part := range strings.SplitSeq(path, "/") {
		if part != "" {
			did += ":" + url.PathEscape(part)
		}
	}
	return did + ":tenants:" + slug
}

// Document is a DID document: who the issuer is and what it signs with.
type Document struct {
	Context         []string             `json:"@context"`
	ID              string               `json:"id"`
	AssertionMethod []string             `json:"assertionMethod"`
	Methods         []VerificationMethod `json:"verificationMethod"`
}

// VerificationMethod is one key of a DID document.
type VerificationMethod struct {
	Controller string `json:"controller"`
	ID         string `json:"id"`
	JWK        JWK    `json:"publicKeyJwk"`
	Type       string `json:"type"`
}

// Issuer is who issues credentials, as GET /api/v1/issuers tells it.
type Issuer struct {
	DID      string            `json:"did"`
	Slug     string            `json:"slug"`
	Names    map[string]string `json:"names"` // by BCP 47 tag
	Demo     bool              `json:"demo"`
	Document Document          `json:"document"`
	Lists    []uuid.UUID       `json:"statusLists"`
}

func newDocument(did string, keys []VerificationMethod) Document {
	d := Document{Context: []string{"https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1"}, ID: did, AssertionMethod: []string{}, Methods: keys}
	for _, k := range keys {
		d.AssertionMethod = append(d.AssertionMethod, k.ID)
	}
	return d
}

// Trust is whom a verifier believes: issuers, and the logs in which records are to stand.
type Trust struct {
	issuers map[string]trusted // by DID
	logs    []note.Verifier
}

type trusted struct {
	Issuer
	keys map[string]publicKey // by DID URL
}

// ErrIssuers is returned for a file that is no list of issuers.
var ErrIssuers = problem.New(problem.Invalid, "credential.issuer-file")

const maxIssuerFile = 16 << 20

// ReadTrust reads a list of issuers: an answer of GET /api/v1/issuers.
func ReadTrust(r io.Reader) (Trust, error) {
	var file struct {
		Items []Issuer `json:"items"`
		Log   struct {
			Keys []string `json:"keys"`
		} `json:"log"`
	}
	if err := json.NewDecoder(io.LimitReader(r, maxIssuerFile)).Decode(&file); err != nil || file.Items == nil {
		return Trust{}, ErrIssuers
	}
	t := Trust{issuers: map[string]trusted{}}
	for _, i := range file.Items {
		known := trusted{i, map[string]publicKey{}}
		for _, m := range i.Document.Methods {
			k, ok := m.JWK.public()
			if !ok || m.Controller != i.DID || !strings.HasPrefix(m.ID, i.DID+"#") || i.Document.ID != i.DID {
				return Trust{}, ErrIssuers
			}
			known.keys[m.ID] = k
		}
		t.issuers[i.DID] = known
	}
	for _, k := range file.Log.Keys {
		if v, err := note.NewVerifier(k); err == nil {
			t.logs = append(t.logs, v)
		}
	}
	return t, nil
}

// key finds the key that a token names, of the issuer that its claims name.
func (t Trust) key(id string) (trusted, publicKey, bool) {
	did, _, _ := strings.Cut(id, "#")
	i, ok := t.issuers[did]
	k, known := i.keys[id]
	return i, k, ok && known
}
