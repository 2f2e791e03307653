package recognition

import (
	"encoding/json"
	"time"

	"github.com/helianthus-gi/helianthus/internal/credential"
	"github.com/helianthus-gi/helianthus/internal/locale"
)

// Attest says what a certificate of recognition attests: that the name is protected in the market, by which instrument,
// from when, with which limits. The shape is UNTP's Digital Conformity Credential: a certification by an authority that the
// name meets the instrument. A refusal, and what is over, is nothing to certify.
func Attest(bundle *locale.Bundle) credential.Mapper {
	return func(content json.RawMessage, o credential.Origin) (credential.Claims, error) {
		var r Content
		if err := json.Unmarshal(content, &r); err != nil || r.Name == "" || r.Protection == Refused || r.Until != nil && !o.On.Before(r.Until.Time) {
			return credential.Claims{}, credential.ErrNothing
		}
		each := func(message string, values map[string]any) map[string]string {
			all := map[string]string{}
			for _, tag := range locale.Supported {
				all[string(tag)] = bundle.T(tag, message, values)
			}
			return all
		}
		country := func(m Market) map[string]string {
			all := map[string]string{}
			for _, tag := range locale.Supported {
				all[string(tag)] = m.Name(bundle, tag)
			}
			return all
		}
		c := credential.Claims{Type: "DigitalConformityCredential", Context: credential.Conformity, Title: r.Name, Language: r.Language, Names: each("credential.recognition", map[string]any{"Name": r.Name})}
		c.Facts = []credential.Fact{{Key: "name-original", Texts: map[string]string{r.Language: r.Name}}}
		for _, f := range r.Forms {
			c.Facts = append(c.Facts, credential.Fact{Key: "name-" + string(f.Kind), Texts: map[string]string{f.Language: f.Text}, Code: f.Scheme})
		}
		c.Facts = append(c.Facts,
			credential.Fact{Key: "market", Texts: country(r.Market), Code: string(r.Market)},
			credential.Fact{Key: "origin", Texts: country(Market(r.OriginOffice)), Code: r.OriginOffice},
			credential.Fact{Key: "protection", Texts: each("credential.protection."+string(r.Protection), nil)},
			credential.Fact{Key: "from", Code: r.From.Format(time.DateOnly)})
		if r.Until != nil {
			end := r.Until.Time.Add(-time.Second) // the first day on which it no longer holds
			c.Until = &end
			c.Facts = append(c.Facts, credential.Fact{Key: "until", Code: r.Until.Format(time.DateOnly)})
		}
		if len(r.Limits) > 0 {
			c.Facts = append(c.Facts, credential.Fact{Key: "limits", Texts: r.Limits})
		}
		c.Basis = r.basis(each)
		c.Subject = r.subject(o, c)
		return c, nil
	}
}

// basis is the instrument with the place in its list, or the entry in the market's own register.
func (r Content) basis(each func(string, map[string]any) map[string]string) []credential.Fact {
	if r.Instrument == nil {
		return []credential.Fact{{Key: "basis", Texts: each("credential.direct", nil), Code: r.Position}}
	}
	all := []credential.Fact{{Key: "basis", Texts: r.Instrument.Titles, Code: r.Instrument.Code}}
	if r.List != "" || r.Position != "" {
		all = append(all, credential.Fact{Key: "list", Code: joined(r.List, r.Position)})
	}
	return all
}

func joined(list, position string) string {
	if list == "" || position == "" {
		return list + position
	}
	return list + " · " + position
}

func (r Content) subject(o credential.Origin, c credential.Claims) map[string]any {
	id := "urn:uuid:" + o.Record.String()
	regulation := map[string]any{
		"type": []string{"Regulation"}, "id": o.Base + "/contexts/gi/v1#direct-registration", "name": "Register of " + string(r.Market), "jurisdictionCountry": string(r.Market),
		"administeredBy": map[string]any{"id": o.DID, "name": locale.Pick("en", o.Publisher)}, "effectiveDate": r.From.Format(time.DateOnly),
	}
	if r.Instrument != nil {
		regulation["id"], regulation["name"] = "urn:uuid:"+r.Instrument.RecordID.String(), locale.Pick("en", r.Instrument.Titles)
	}
	return map[string]any{
		"type": []string{"ConformityAttestation", "Attestation"}, "id": id, "name": c.Names["en"],
		"assessorLevel": "3rdParty", "assessmentLevel": "GovtApproval", "attestationType": "certification",
		"issuedToParty": map[string]any{
			"id": o.Base + "/contexts/gi/v1#office-" + r.OriginOffice, "name": "Office of origin " + r.OriginOffice, "registeredId": r.OriginOffice,
			"idScheme": map[string]any{"type": []string{"IdentifierScheme"}, "id": "https://www.wipo.int/standards/en/st3", "name": "WIPO ST.3"},
		},
		"assessment": []map[string]any{{
			"type": []string{"ConformityAssessment", "Declaration"}, "id": id + "#protection", "name": r.Name, "assessmentDate": r.From.Format(time.DateOnly),
			"conformityTopic": "governance.compliance", "conformance": true, "referenceRegulation": regulation,
		}},
	}
}
