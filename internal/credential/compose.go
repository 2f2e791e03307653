package credential

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/typeset"
)

// labels are the template's own words.
var labels = []string{"pageOf", "demo", "demoWhy", "verification", "qrAlt", "qrCaption", "attached"}

// mediaTypes are those of what a paper carries.
var mediaTypes = map[string]string{tokenFile: MediaType, revocationFile: MediaType, suspensionFile: MediaType, proofFile: "text/plain", openingFile: "application/json"}

// composer writes a sheet in a language, beside the record's own.
type composer struct {
	bundle   *locale.Bundle
	tag      locale.Tag
	original locale.Tag // empty where it is the paper's, or one that we do not speak
}

func (k composer) t(id string, values map[string]any) sheetText {
	out := sheetText{Text: k.bundle.T(k.tag, id, values)}
	if k.original != "" {
		out.Original = k.bundle.T(k.original, id, values)
	}
	return out
}

// texts are a fact's: in the reader's language, or in the record's own, or in any.
func (k composer) texts(all map[string]string, own string) sheetText {
	if len(all) == 0 {
		return sheetText{}
	}
	original := all[own]
	if text, ok := all[string(k.tag)]; ok {
		if original == text || own == string(k.tag) {
			original = ""
		}
		return sheetText{Text: text, Original: original}
	}
	language := own
	if original == "" {
		language = sortedKeys(all)[0]
	}
	return sheetText{Text: all[language], Language: language}
}

func (k composer) rows(facts []Fact, own string) []sheetRow {
	rows := []sheetRow{}
	for _, f := range facts {
		rows = append(rows, sheetRow{Label: k.t("credential.fact."+f.Key, nil), Value: k.texts(f.Texts, own), Code: f.Code})
	}
	return rows
}

func (k composer) plain(key, code string) sheetRow {
	return sheetRow{Label: sheetText{Text: k.bundle.T(k.tag, "credential.fact."+key, nil)}, Code: code}
}

// sheet is what the paper says: nothing but what the token says, and how to check it.
func (s *Credentials) sheet(c Credential, tag locale.Tag, files map[string][]byte, logged int64, keyID string) (sheet, error) {
	t, ok := parse(c.Token)
	var said claimed
	if !ok || json.Unmarshal(t.claims, &said) != nil || said.Certificate == nil {
		return sheet{}, fmt.Errorf("credential %s: its own token cannot be read", c.Number)
	}
	cert := said.Certificate
	k := composer{bundle: s.bundle, tag: tag}
	if own := locale.Tag(cert.Language); own != tag && slices.Contains(locale.Supported, own) {
		k.original = own
	}
	code, err := s.code(c)
	if err != nil {
		return sheet{}, err
	}
	sh := sheet{
		Sheet: typeset.SheetOf(tag, c.IssuedAt), Number: c.Number, Title: cert.Title, Spoken: cert.Language, Original: string(k.original), Kind: k.t("credential.paper."+c.Kind, nil),
		Demo: cert.Demo, QR: code, Seal: emptySeal(keyID),
		Lead: s.bundle.T(tag, "credential.paper.lead", map[string]any{"Name": cert.Title, "Version": cert.Record.Version}),
	}
	for _, l := range labels {
		sh.Words[l] = s.bundle.T(tag, "credential.paper."+l, nil)
	}
	sh.Issuer = k.texts(c.issuerNames, cert.Language)
	decision := []sheetRow{
		{Label: k.t("credential.fact.officer", nil), Value: sheetText{Text: cert.Officer}, Code: cert.Unit},
		{Label: k.t("credential.fact.issuer", nil), Value: sh.Issuer},
		{Label: k.t("credential.fact.issued-on", nil), Value: sheetText{Text: locale.Day(tag, c.IssuedAt)}},
	}
	if c.ValidUntil != nil {
		decision = append(decision, sheetRow{Label: k.t("credential.fact.valid-until", nil), Value: sheetText{Text: locale.Day(tag, *c.ValidUntil)}})
	}
	sh.Groups = []sheetGroup{
		{k.t("credential.paper.facts", nil), k.rows(cert.Facts, cert.Language)},
		{k.t("credential.paper.basis", nil), k.rows(cert.Basis, cert.Language)},
		{k.t("credential.paper.decision", nil), decision},
	}
	for _, n := range []string{"1", "2", "3"} {
		sh.Steps = append(sh.Steps, s.bundle.T(tag, "credential.paper.step."+n, map[string]any{"Address": s.base + "/verify"}))
	}
	sh.Checks = []sheetRow{
		k.plain("did", said.Issuer.ID), k.plain("token", fmt.Sprintf("%x", c.SHA256)), k.plain("record", cert.Record.SHA256),
		k.plain("logged", strconv.FormatInt(logged, 10)), k.plain("seal", keyID), k.plain("algorithm", string(c.Algorithm)),
	}
	for _, name := range sortedKeys(files) {
		sh.Attached = append(sh.Attached, sheetFile{name, mediaTypes[name], s.bundle.T(tag, "credential.file."+name, nil)})
	}
	return sh, nil
}
