package members

import (
	"encoding/json"
	"time"

	"github.com/helianthus-gi/helianthus/internal/credential"
	"github.com/helianthus-gi/helianthus/internal/locale"
)

// Attest says what a certificate of membership attests: that a producer of this name and code is a member, since when, under which
// number. The shape is UNTP's Digital Identity Anchor, an entry in a register of members.
func Attest(bundle *locale.Bundle) credential.Mapper {
	return func(content json.RawMessage, o credential.Origin) (credential.Claims, error) {
		var p Published
		if err := json.Unmarshal(content, &p); err != nil || p.Name == "" || p.Status != Admitted {
			return credential.Claims{}, credential.ErrNothing
		}
		each := func(id string, values map[string]any) map[string]string {
			all := map[string]string{}
			for _, tag := range locale.Supported {
				all[string(tag)] = bundle.T(tag, id, values)
			}
			return all
		}
		c := credential.Claims{Type: "DigitalIdentityAnchor", Context: credential.Anchor, Title: p.Name, Language: "zh-Hans", Names: each("credential.membership", map[string]any{"Name": p.Name})}
		c.Facts = []credential.Fact{{Key: "member-number", Code: p.Number}, {Key: "member-category", Texts: each("member.category."+string(p.Category), nil)}}
		if p.CreditCode != "" {
			c.Facts = append(c.Facts, credential.Fact{Key: "credit-code", Code: p.CreditCode})
		}
		c.Facts = append(c.Facts, credential.Fact{Key: "from", Code: p.Since})
		c.Basis = []credential.Fact{{Key: "association", Texts: o.Publisher}}
		if _, err := time.Parse(time.DateOnly, p.Since); err != nil {
			return credential.Claims{}, credential.ErrNothing
		}
		c.Subject = map[string]any{
			"type": []string{"RegisteredIdentity"}, "id": "urn:uuid:" + o.Record.String(), "name": p.Name, "registeredId": p.Number, "registerType": "Business",
			"idScheme":              map[string]any{"type": []string{"IdentifierScheme"}, "id": o.Base + "/contexts/gi/v1#members", "name": "Register of members, " + locale.Pick("en", o.Publisher)},
			"registrationScopeList": []string{o.Base + "/contexts/gi/v1#membership"},
		}
		return c, nil
	}
}
