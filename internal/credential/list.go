package credential

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Purpose is what a status list is for.
type Purpose string

// The purposes.
const (
	Revocation Purpose = "revocation"
	Suspension Purpose = "suspension"
)

// Purposes lists both.
var Purposes = []Purpose{Revocation, Suspension}

// Length is the entries of a list; fewer would let a place tell something of its holder (Bitstring Status List, section 6.1).
const Length = 131_072

const (
	listTTL  = 5 * time.Minute // how long a verifier may keep a list, and how old the one that we give may be
	listLife = 24 * time.Hour  // after that a list is no answer any more, only a witness of its day
	maxBits  = 1 << 20         // bytes of a list that we unpack
)

var errList = errors.New("not a status list")

// listClaims are the claims of a list in which the places given are set.
func listClaims(address string, issuer issuerClaim, p Purpose, places []int, at time.Time) (claimed, error) {
	bits := make([]byte, Length/8)
	for _, i := range places {
		bits[i/8] |= 0x80 >> (i % 8) // the first entry is the leftmost bit
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err := z.Write(bits)
	if err := errors.Join(err, z.Close()); err != nil {
		return claimed{}, err
	}
	return claimed{
		Context: []string{coreContext}, Type: []string{typeVC, typeList}, ID: address, Issuer: issuer, ValidFrom: instant(at), ValidUntil: instant(at.Add(listLife)),
		Subject: map[string]any{
			"id": address + "#list", "type": typeListItem, "statusPurpose": p, "ttl": listTTL.Milliseconds(),
			"encodedList": "u" + base64.RawURLEncoding.EncodeToString(packed.Bytes()),
		},
	}, nil
}

// list is a status list that was verified.
type list struct {
	address string
	purpose Purpose
	from    time.Time
	until   time.Time
	bits    []byte
}

func (l list) set(index int) bool {
	return index/8 < len(l.bits) && l.bits[index/8]&(0x80>>(index%8)) != 0
}

// readList verifies a list with the keys of one issuer.
func readList(text string, trust Trust, did string) (list, error) {
	t, ok := parse(text)
	if !ok || !strings.HasPrefix(t.header.KeyID, did+"#") {
		return list{}, errList
	}
	if _, k, known := trust.key(t.header.KeyID); !known || !t.fits(k) {
		return list{}, errList
	}
	var c struct {
		Context    []string    `json:"@context"`
		Type       []string    `json:"type"`
		ID         string      `json:"id"`
		Issuer     issuerClaim `json:"issuer"`
		ValidFrom  string      `json:"validFrom"`
		ValidUntil string      `json:"validUntil"`
		Subject    struct {
			Type    string  `json:"type"`
			Purpose Purpose `json:"statusPurpose"`
			Encoded string  `json:"encodedList"`
		} `json:"credentialSubject"`
	}
	if err := json.Unmarshal(t.claims, &c); err != nil {
		return list{}, errList
	}
	if c.Issuer.ID != did || len(c.Context) == 0 || c.Context[0] != coreContext || !has(c.Type, typeList) || c.Subject.Type != typeListItem {
		return list{}, errList
	}
	l := list{address: c.ID, purpose: c.Subject.Purpose}
	var err, err2 error
	l.from, err = time.Parse(time.RFC3339, c.ValidFrom)
	l.until, err2 = time.Parse(time.RFC3339, c.ValidUntil)
	if err != nil || err2 != nil {
		return list{}, errList
	}
	l.bits, err = unpack(c.Subject.Encoded)
	return l, err
}

// unpack reads one byte more than a list may have at most, so that a bomb costs no more than a list.
func unpack(encoded string) ([]byte, error) {
	text, ok := strings.CutPrefix(encoded, "u")
	packed, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if !ok || err != nil {
		return nil, errList
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, errList
	}
	bits, err := io.ReadAll(io.LimitReader(z, maxBits+1))
	if err != nil || len(bits) > maxBits || len(bits) < Length/8 {
		return nil, errList
	}
	return bits, nil
}

func listAddress(base string, id uuid.UUID) string {
	return strings.TrimSuffix(base, "/") + "/api/v1/credential-status-lists/" + id.String()
}
