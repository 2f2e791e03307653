package signature

import (
	"crypto"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/dunglas/httpsfv"
)

const (
	inputField     = "Signature-Input"
	signatureField = "Signature"
	mostComponents = 64
)

// Signature is one signature of a message, as its two fields say.
type Signature struct {
	Components       []string
	Created, Expires time.Time // zero when they are not said
	Nonce, KeyID     string
	Alg, Tag         string
	value            []byte
	params           string // @signature-params: list and parameters as they are signed
}

// Find returns the signature that carries the tag; false when none does. Two are an error: nobody could say which one counts.
func Find(h http.Header, tag string) (s Signature, found bool, err error) {
	if len(h.Values(inputField)) == 0 {
		return s, false, nil
	}
	inputs, err := httpsfv.UnmarshalDictionary(h.Values(inputField))
	if err != nil {
		return s, false, &Error{Malformed, inputField}
	}
	for _, label := range inputs.Names() {
		member, _ := inputs.Get(label)
		list, ok := member.(httpsfv.InnerList)
		if !ok {
			return s, false, &Error{Malformed, inputField}
		}
		if t, _ := list.Params.Get("tag"); t != tag {
			continue
		}
		if found {
			return s, false, &Error{Malformed, "tag"}
		}
		found = true
		if s, err = read(list); err != nil {
			return s, false, err
		}
		if s.value, err = valueOf(h, label); err != nil {
			return s, false, err
		}
	}
	return s, found, nil
}

func valueOf(h http.Header, label string) ([]byte, error) {
	signatures, err := httpsfv.UnmarshalDictionary(h.Values(signatureField))
	if err != nil {
		return nil, &Error{Malformed, signatureField}
	}
	member, _ := signatures.Get(label)
	item, _ := member.(httpsfv.Item)
	value, ok := item.Value.([]byte)
	if !ok {
		return nil, &Error{Malformed, signatureField}
	}
	return value, nil
}

// read takes apart what is signed. A component twice is refused (RFC 9421, section 2), and one with parameters is not known here.
func read(list httpsfv.InnerList) (s Signature, err error) {
	if len(list.Items) > mostComponents {
		return s, &Error{Malformed, inputField}
	}
	for _, item := range list.Items {
		name, ok := item.Value.(string)
		if !ok || name != strings.ToLower(name) || name == "@signature-params" || slices.Contains(s.Components, name) {
			return s, &Error{Malformed, inputField}
		}
		if len(item.Params.Names()) > 0 {
			return s, &Error{Absent, name + ";" + item.Params.Names()[0]}
		}
		s.Components = append(s.Components, name)
	}
	for _, name := range list.Params.Names() {
		value, _ := list.Params.Get(name)
		if !s.take(name, value) {
			return s, &Error{Malformed, name}
		}
	}
	if s.params, err = httpsfv.Marshal(list); err != nil {
		return s, &Error{Malformed, inputField}
	}
	return s, nil
}

// take keeps a parameter; it tells whether the value is of the parameter's type. Parameters that are not known are signed, and
// mean nothing here.
func (s *Signature) take(name string, value any) (ok bool) {
	instant := func(t *time.Time) bool {
		n, ok := value.(int64)
		*t = time.Unix(n, 0)
		return ok
	}
	switch name {
	case "created":
		return instant(&s.Created)
	case "expires":
		return instant(&s.Expires)
	case "nonce":
		s.Nonce, ok = value.(string)
	case "keyid":
		s.KeyID, ok = value.(string)
	case "alg":
		s.Alg, ok = value.(string)
	case "tag":
		s.Tag, ok = value.(string)
	default:
		ok = true
	}
	return ok
}

// base is the text that is signed (RFC 9421, section 2.5).
func base(m Message, components []string, params string) (string, error) {
	var b strings.Builder
	for _, name := range components {
		value, ok := m.value(name)
		if !ok {
			return "", &Error{Absent, name}
		}
		b.WriteString(`"` + name + `": ` + value + "\n")
	}
	b.WriteString(`"@signature-params": ` + params)
	return b.String(), nil
}

// Check tells whether a signature covers what it must of a request with this content, within its time, and whether the content
// is what its digest says. The nonce is for the caller to remember, and the key for Verify.
func (s Signature) Check(m Message, content []byte, now time.Time) error {
	for _, p := range []struct {
		name    string
		missing bool
	}{{"created", s.Created.IsZero()}, {"nonce", s.Nonce == ""}, {"keyid", s.KeyID == ""}, {"tag", s.Tag == ""}} {
		if p.missing {
			return &Error{Parameter, p.name}
		}
	}
	if age := now.Sub(s.Created); age > Window || age < -Skew || !s.Expires.IsZero() && now.After(s.Expires) {
		return &Error{Code: OutOfTime}
	}
	for _, name := range needed(m, content, slices.Contains(s.Components, "@target-uri")) {
		if !slices.Contains(s.Components, name) {
			return &Error{Component, name}
		}
	}
	if len(content) > 0 || slices.Contains(s.Components, "content-digest") {
		return checkDigest(m.Header, content)
	}
	return nil
}

// needed are the components that a request's signature must cover.
func needed(m Message, content []byte, whole bool) []string {
	names := []string{"@method", "@authority", "@path", "@query"}
	if whole {
		names = []string{"@method", "@target-uri"}
	}
	if len(content) > 0 {
		names = append(names, "content-digest")
	}
	if _, ok := m.field("Authorization"); ok {
		names = append(names, "authorization")
	}
	return names
}

// Verify tells whether the signature is the key's over this message.
func (s Signature) Verify(m Message, key crypto.PublicKey) error {
	alg, err := AlgorithmOf(key)
	if err != nil {
		return err
	}
	if s.Alg != "" && s.Alg != alg {
		return &Error{Algorithm, s.Alg}
	}
	text, err := base(m, s.Components, s.params)
	if err != nil {
		return err
	}
	if !good(key, []byte(text), s.value) {
		return &Error{Code: NotTheKeys}
	}
	return nil
}
