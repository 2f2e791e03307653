package members

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/google/uuid"
	"golang.org/x/text/width"

	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Private is what is sealed of a member.
type Private struct {
	IDNumber string  `json:"idNumber,omitempty"`
	Reach    []Reach `json:"reach,omitempty"` // of each contact, in their order
}

// Reach is how a contact is reached.
type Reach struct {
	Phone string `json:"phone,omitempty"`
	Email string `json:"email,omitempty"`
}

// Vault seals what is private; exchange.Keys is one.
type Vault interface {
	Seal(secret, name []byte) []byte
	Open(sealed, name []byte) ([]byte, error)
	Renew(sealed, name []byte) (renewed []byte, changed bool, err error)
	Mark(secret, name []byte) string
}

// sealName is what a member's private data are bound to, so that a row copied elsewhere opens nothing.
func sealName(tenant tenancy.ID, id uuid.UUID) []byte {
	return append(append([]byte("member "), tenant[:]...), id[:]...)
}

func seal(v Vault, tenant tenancy.ID, id uuid.UUID, p Private) ([]byte, error) {
	text, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	return v.Seal(text, sealName(tenant, id)), nil
}

func unseal(v Vault, tenant tenancy.ID, id uuid.UUID, sealed []byte) (p Private, err error) {
	if len(sealed) == 0 { // erased
		return p, nil
	}
	text, err := v.Open(sealed, sealName(tenant, id))
	if err != nil {
		return p, fmt.Errorf("member %s: %w", id, err)
	}
	return p, json.Unmarshal(text, &p)
}

// Masked is what everybody in the association is shown of private data: enough to tell two apart, too little to use.
func (p Private) Masked() Private {
	m := Private{IDNumber: exchange.Mask(p.IDNumber, 3, 2)}
	for _, r := range p.Reach {
		m.Reach = append(m.Reach, Reach{Phone: exchange.MaskPhone(r.Phone), Email: exchange.MaskEmail(r.Email)})
	}
	return m
}

// keeping puts back what comes masked, as it was read: whoever may change a member need not have seen what is private.
func (p Private) keeping(before Private) Private {
	kept := Private{IDNumber: p.IDNumber}
	if masked := before.Masked(); p.IDNumber == masked.IDNumber {
		kept.IDNumber = before.IDNumber
	}
	for _, r := range p.Reach {
		for _, have := range before.Reach {
			if r.Phone != "" && r.Phone == exchange.MaskPhone(have.Phone) {
				r.Phone = have.Phone
			}
			if r.Email != "" && r.Email == exchange.MaskEmail(have.Email) {
				r.Email = have.Email
			}
		}
		kept.Reach = append(kept.Reach, r)
	}
	return kept
}

var (
	residentForm = regexp.MustCompile(`^\d{17}[\dX]$`)
	phoneForm    = regexp.MustCompile(`^\+?\d[\d -]{4,28}\d$`)
	emailForm    = regexp.MustCompile(`^[^\s@]{1,64}@[^\s@]{1,190}$`)
)

// ReadIDNumber reads the number of a Chinese resident's identity card as people write it: full-width or small letters, spaces. Its last
// place is a check of the seventeen before it, modulo 11.
func ReadIDNumber(s string) (number string, ok bool) {
	number = strings.ToUpper(strings.ReplaceAll(strings.TrimSpace(width.Narrow.String(s)), " ", ""))
	if !residentForm.MatchString(number) {
		return number, false
	}
	sum, weight := 0, 1
	for i := 17; i >= 0; i-- { // the weights are the powers of two, from the last place on
		digit := int(number[i] - '0')
		if number[i] == 'X' {
			digit = 10
		}
		sum += digit * weight
		weight = weight * 2 % 11
	}
	return number, sum%11 == 1
}

// hide leaves of what is private in a row its masks, which still tell one value from another.
func (s *Members) hide(r *row) {
	r.IDNumber, r.Phone, r.Email = s.marked(r.IDNumber, exchange.Mask(r.IDNumber, 3, 2)), s.marked(r.Phone, exchange.MaskPhone(r.Phone)), s.marked(r.Email, exchange.MaskEmail(r.Email))
}

// marked is a mask with a mark of what it hides.
func (s *Members) marked(secret, masked string) string {
	if secret == "" {
		return ""
	}
	return masked + " " + s.Vault.Mark([]byte(secret), importName)
}
