package signature

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"encoding/base64"
	"io"
	"net/http"
	"time"

	"github.com/dunglas/httpsfv"
)

// Signer signs requests with one key.
type Signer struct {
	KeyID string        // as Helianthus named the key when it was registered
	Key   crypto.Signer // ed25519.PrivateKey, *ecdsa.PrivateKey over P-256, or a key held elsewhere
	Now   func() time.Time
}

// Sign adds Content-Digest, Signature-Input and Signature to a request. Everything else must be on it already. The content is
// read whole; it is what the digest is of.
func (s Signer) Sign(r *http.Request) error {
	content, err := contentOf(r)
	if err != nil {
		return err
	}
	r.Header.Del(digestField)
	if len(content) > 0 {
		r.Header.Set(digestField, digestOf(content))
	}
	m := Request(r, r.URL.Scheme)
	components := needed(m, content, true)
	list := httpsfv.InnerList{Params: httpsfv.NewParams()}
	for _, name := range components {
		list.Items = append(list.Items, httpsfv.NewItem(name))
	}
	now := time.Now
	if s.Now != nil {
		now = s.Now
	}
	list.Params.Add("created", now().Unix())
	list.Params.Add("nonce", rand.Text())
	list.Params.Add("keyid", s.KeyID)
	list.Params.Add("tag", Tag)
	params, err := httpsfv.Marshal(list)
	if err != nil {
		return err
	}
	text, err := base(m, components, params)
	if err != nil {
		return err
	}
	value, err := sign(s.Key, []byte(text))
	if err != nil {
		return err
	}
	const label = "helianthus"
	r.Header.Set(inputField, label+"="+params)
	r.Header.Set(signatureField, label+"=:"+base64.StdEncoding.EncodeToString(value)+":")
	return nil
}

func contentOf(r *http.Request) ([]byte, error) {
	if r.Body == nil || r.Body == http.NoBody {
		return nil, nil
	}
	content, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.ContentLength = int64(len(content))
	r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil }
	r.Body, err = r.GetBody()
	return content, err
}

// Transport signs each request on its way, also one that is sent again after a redirect. Base is nil for
// http.DefaultTransport.
type Transport struct {
	Signer
	Base http.RoundTripper
}

// RoundTrip signs a copy of the request and sends it.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	signed := r.Clone(r.Context())
	if err := t.Sign(signed); err != nil {
		return nil, err
	}
	if r.Body != nil {
		defer r.Body.Close()
	}
	next := t.Base
	if next == nil {
		next = http.DefaultTransport
	}
	return next.RoundTrip(signed)
}
