package registry

import (
	"encoding/json"
	"strings"

	"github.com/helianthus-gi/helianthus/internal/credential"
	"github.com/helianthus-gi/helianthus/internal/locale"
)

// Attest says what an extract from the register attests: that the name stands in it, on which bases, for whom, and since
// when in which status. The shape is UNTP's Digital Identity Anchor, whose registers of trade marks are the nearest kind.
func Attest(bundle *locale.Bundle) credential.Mapper {
	return func(content json.RawMessage, o credential.Origin) (credential.Claims, error) {
		var r Public
		if err := json.Unmarshal(content, &r); err != nil || r.Title() == "" {
			return credential.Claims{}, credential.ErrNothing
		}
		c := credential.Claims{Type: "DigitalIdentityAnchor", Context: credential.Anchor, Title: r.Title(), Names: map[string]string{}}
		scope := []string{}
		for _, n := range r.Content.Names {
			c.Facts = append(c.Facts, credential.Fact{Key: "name-" + n.Kind, Texts: map[string]string{n.Language: n.Text}, Code: n.Scheme})
			if n.Kind == Original && c.Language == "" {
				c.Language = n.Language
			}
		}
		for _, tag := range locale.Supported {
			c.Names[string(tag)] = bundle.T(tag, "credential.registration", map[string]any{"Name": r.Title()})
		}
		for _, b := range r.Bases {
			f := credential.Fact{Key: "basis", Texts: map[string]string{}, Code: strings.TrimSpace(b.Office + " " + b.Number)}
			for _, tag := range locale.Supported {
				f.Texts[string(tag)] = bundle.T(tag, "basis."+b.Kind, nil)
			}
			c.Basis = append(c.Basis, f)
			scope = append(scope, o.Base+"/contexts/gi/v1#"+b.Kind)
			if b.RegisteredOn != nil {
				c.Facts = append(c.Facts, credential.Fact{Key: "registered-on", Code: *b.RegisteredOn})
			}
		}
		status := credential.Fact{Key: "status", Texts: map[string]string{}}
		for _, tag := range locale.Supported {
			status.Texts[string(tag)] = bundle.T(tag, "registration.status."+string(r.Status), nil)
		}
		for _, p := range r.Periods {
			if p.Status == r.Status {
				status.Code = p.From.Format("2006-01-02")
			}
		}
		c.Facts = append(c.Facts, status)
		if len(scope) == 0 {
			scope = []string{o.Base + "/contexts/gi/v1#geographical-indication"}
		}
		for _, f := range []credential.Fact{{Key: "holder", Texts: r.Holder.Names, Code: r.Holder.Code}, {Key: "control-body", Texts: r.ControlBody.Names, Code: r.ControlBody.Code}, {Key: "area", Texts: r.Area.Words}} {
			if len(f.Texts) > 0 {
				c.Facts = append(c.Facts, f)
			}
		}
		c.Subject = map[string]any{
			"type": []string{"RegisteredIdentity"}, "id": "urn:uuid:" + o.Record.String(), "name": r.Title(), "registeredId": r.registeredID(o), "registerType": "Trademark",
			"idScheme": map[string]any{"type": []string{"IdentifierScheme"}, "id": o.Base + "/contexts/gi/v1#register", "name": "Register of geographical indications, office " + r.Office}, "registrationScopeList": scope,
		}
		return c, nil
	}
}

// registeredID is the number under which the name stands in a register; where no office gave one, the record's id.
func (r Public) registeredID(o credential.Origin) string {
	for _, b := range r.Bases {
		if b.Number != "" {
			return b.Number
		}
	}
	return o.Record.String()
}
