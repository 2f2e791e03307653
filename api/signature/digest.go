package signature

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"net/http"

	"github.com/dunglas/httpsfv"
)

const digestField = "Content-Digest"

// digests are the algorithms of RFC 9530, section 5, that are not insecure.
var digests = map[string]func([]byte) []byte{
	"sha-256": func(b []byte) []byte { sum := sha256.Sum256(b); return sum[:] },
	"sha-512": func(b []byte) []byte { sum := sha512.Sum512(b); return sum[:] },
}

func digestOf(content []byte) string {
	return "sha-256=:" + base64.StdEncoding.EncodeToString(digests["sha-256"](content)) + ":"
}

// checkDigest wants one digest at least that is known here, and each of them right.
func checkDigest(h http.Header, content []byte) error {
	said, err := httpsfv.UnmarshalDictionary(h.Values(digestField))
	if err != nil {
		return &Error{Malformed, digestField}
	}
	known := 0
	for _, name := range said.Names() {
		sum, ok := digests[name]
		if !ok {
			continue
		}
		known++
		member, _ := said.Get(name)
		item, _ := member.(httpsfv.Item)
		if value, ok := item.Value.([]byte); !ok || !bytes.Equal(value, sum(content)) {
			return &Error{Digest, name}
		}
	}
	if known == 0 {
		return &Error{Digest, digestField}
	}
	return nil
}
