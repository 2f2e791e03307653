package marks

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/helianthus-gi/helianthus/internal/credential"
	"github.com/helianthus-gi/helianthus/internal/locale"
)

// Attest says what a certificate of authorisation attests: that a producer of this name and code may use the mark of a registration,
// as which of the four kinds of users, by which notice, since when, and how it stands. The shape is UNTP's Digital Identity Anchor, an
// entry in the list of lawful users, and not its Conformity Credential: whoever has to put something right may use the mark, and
// nobody says of it that it conforms. What ended is nothing to certify.
func Attest(bundle *locale.Bundle) credential.Mapper {
	return func(content json.RawMessage, o credential.Origin) (credential.Claims, error) {
		var p Public
		if err := json.Unmarshal(content, &p); err != nil || !p.Status.InForce() {
			return credential.Claims{}, credential.ErrNothing
		}
		if _, err := time.Parse(time.DateOnly, p.FromOn); err != nil {
			return credential.Claims{}, credential.ErrNothing
		}
		each := func(id string, values map[string]any) map[string]string {
			all := map[string]string{}
			for _, tag := range locale.Supported {
				all[string(tag)] = bundle.T(tag, id, values)
			}
			return all
		}
		holder := Holder{Names: p.Names}
		c := credential.Claims{Type: "DigitalIdentityAnchor", Context: credential.Anchor, Title: holder.title(), Language: holder.language(), Names: each("credential.mark-authorisation", map[string]any{"Name": holder.title()})}
		c.Facts = []credential.Fact{{Key: "mark-user", Texts: p.Names, Code: string(p.CreditCode)}, {Key: "mark-kind", Texts: each("mark-authorisation.kind."+string(p.Kind), nil)}}
		if p.Registration != "" {
			c.Facts = append(c.Facts, credential.Fact{Key: "mark-of", Texts: map[string]string{p.Language: p.Registration}})
		}
		c.Facts = append(c.Facts, credential.Fact{Key: "from", Code: p.FromOn}, credential.Fact{Key: "mark-status", Texts: each("mark-authorisation.status."+string(p.Status), nil)})
		c.Basis = []credential.Fact{{Key: "notice", Code: p.Notice}}
		for _, b := range p.Bases {
			c.Basis = append(c.Basis, credential.Fact{Key: "basis", Texts: each("basis."+b.Kind, nil), Code: strings.TrimSpace(b.Office + " " + b.Number)})
		}
		c.Subject = map[string]any{
			"type": []string{"RegisteredIdentity"}, "id": "urn:uuid:" + o.Record.String(), "name": c.Title, "registeredId": string(p.CreditCode), "registerType": "Trademark",
			"idScheme":              map[string]any{"type": []string{"IdentifierScheme"}, "id": o.Base + "/contexts/gi/v1#mark-users", "name": "Lawful users of the special mark, " + locale.Pick("en", o.Publisher)},
			"registrationScopeList": []string{o.Base + "/contexts/gi/v1#" + string(p.Kind), "urn:uuid:" + p.RegistrationID.String()},
		}
		return c, nil
	}
}
