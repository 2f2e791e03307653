package credential_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/lestrrat-go/jwx/v3/jwk"
	"github.com/lestrrat-go/jwx/v3/jws"

	"github.com/helianthus-gi/helianthus/internal/credential"
)

// resolved are the keys of the DID document of an issuer, found as did:web says (W3C did:web method, section 2.5.2) and read by a
// library that knows nothing of us.
func (s stage) resolved(t *testing.T, did string) jwk.Set {
	t.Helper()
	parts := strings.Split(did, ":")
	if len(parts) < 4 || parts[0] != "did" || parts[1] != "web" {
		t.Fatalf("%s is no did:web with a path", did)
	}
	a := s.Nobody().Do(t, http.MethodGet, "/"+strings.Join(parts[3:], "/")+"/did.json", nil, nil)
	var doc struct {
		ID              string   `json:"id"`
		AssertionMethod []string `json:"assertionMethod"`
		Methods         []struct {
			ID  string          `json:"id"`
			Key json.RawMessage `json:"publicKeyJwk"`
		} `json:"verificationMethod"`
	}
	if err := json.Unmarshal(a.Body.Bytes(), &doc); err != nil || a.Code != http.StatusOK || doc.ID != did {
		t.Fatalf("%s: %d %s, %v", did, a.Code, a.Body, err)
	}
	set := jwk.NewSet()
	for _, m := range doc.Methods {
		key, err := jwk.ParseKey(m.Key)
		if err == nil {
			err = key.Set(jwk.KeyIDKey, m.ID)
		}
		if err == nil {
			err = set.AddKey(key)
		}
		if err != nil {
			t.Fatal(m.ID, err)
		}
	}
	return set
}

// opened are the claims of a token whose signature fits a key of the set.
func opened(t *testing.T, token string, keys jwk.Set, into any) {
	t.Helper()
	payload, err := jws.Verify([]byte(token), jws.WithKeySet(keys, jws.WithInferAlgorithmFromKey(true), jws.WithRequireKid(true)))
	if err == nil {
		err = json.Unmarshal(payload, into)
	}
	if err != nil {
		t.Fatalf("%v: %.200s", err, token)
	}
}

// Whoever has a JOSE library, a gzip reader and the DID document comes to the same outcome without a line of ours.
func TestOthersReadTokensAndLists(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, a := range []credential.Algorithm{credential.EdDSA, credential.ES256} {
		c := s.issue(t, credential.Order{Algorithm: a})
		var said struct {
			Type   []string `json:"type"`
			Issuer struct {
				ID string `json:"id"`
			} `json:"issuer"`
			Status []struct {
				Purpose string `json:"statusPurpose"`
				Index   string `json:"statusListIndex"`
				List    string `json:"statusListCredential"`
			} `json:"credentialStatus"`
		}
		opened(t, c.Token, s.resolved(t, credential.DID(s.BaseURL, s.slug(t))), &said)
		keys := s.resolved(t, said.Issuer.ID)
		if len(said.Status) != 2 {
			t.Fatalf("%s: %d status entries", a, len(said.Status))
		}
		for _, act := range []credential.Act{"", credential.Suspend, credential.Revoke} {
			if act != "" {
				if _, err := s.Attests.Do(s.ctx, c.ID, act, "to see"); err != nil {
					t.Fatal(err)
				}
			}
			for _, entry := range said.Status {
				_, path, _ := strings.Cut(entry.List, "/api/")
				answer := s.Nobody().Do(t, http.MethodGet, "/api/"+path, nil, nil)
				at, err := strconv.Atoi(entry.Index)
				if err != nil {
					t.Fatal(err)
				}
				got := bitAt(t, answer.Body.String(), keys, entry.Purpose, at)
				if want := act == credential.Suspend && entry.Purpose == "suspension" || act == credential.Revoke && entry.Purpose == "revocation"; got != want {
					t.Errorf("%s after %q: the bit of %s is %t", a, act, entry.Purpose, got)
				}
			}
		}
		other := c.Token[:len(c.Token)-6] + "AAAAAA"
		if _, err := jws.Verify([]byte(other), jws.WithKeySet(keys, jws.WithInferAlgorithmFromKey(true))); err == nil {
			t.Errorf("%s: another signature fits", a)
		}
	}
}

// bitAt is the entry at a place of a status list (Bitstring Status List 1.0, sections 3.2 and 4.3), by the standard library.
func bitAt(t *testing.T, token string, keys jwk.Set, purpose string, at int) bool {
	t.Helper()
	var list struct {
		Type    []string `json:"type"`
		Subject struct {
			Type    string `json:"type"`
			Purpose string `json:"statusPurpose"`
			TTL     int64  `json:"ttl"`
			Encoded string `json:"encodedList"`
		} `json:"credentialSubject"`
	}
	opened(t, token, keys, &list)
	if list.Subject.Type != "BitstringStatusList" || list.Subject.Purpose != purpose || list.Subject.TTL <= 0 || list.Subject.TTL > 3_600_000 {
		t.Errorf("got a list of %+v", list.Subject)
	}
	packed, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(list.Subject.Encoded, "u")) // multibase
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	bits, err := io.ReadAll(z)
	if err != nil || len(bits)*8 < 131_072 {
		t.Fatalf("%d entries, %v", len(bits)*8, err)
	}
	return bits[at/8]&(1<<(7-at%8)) != 0
}
