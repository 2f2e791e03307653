package httpd

import (
	"bytes"
	"io"
	"net/http"
	"net/netip"

	"github.com/dunglas/httpsfv"

	"github.com/helianthus-gi/helianthus/api/signature"
	"github.com/helianthus-gi/helianthus/internal/identity"
)

// signatureWanted tells a machine whose signature was missing or wrong what is wanted of it (RFC 9421, section 5.1).
const signatureWanted = `helianthus=("@method" "@target-uri" "content-digest" "authorization");created;nonce;keyid;tag="` + signature.Tag + `"`

// shown is what a request shows of its sender beside credentials. The content is read only when there is a signature, which may
// cover its digest.
func (s *Server) shown(w http.ResponseWriter, r *http.Request, o *Operation) (identity.Shown, error) {
	scheme := "http"
	if s.Secure {
		scheme = "https"
	}
	shown := identity.Shown{Message: signature.Request(r, scheme), Certificate: s.certificate(r)}
	if r.Header.Get("Signature-Input") == "" {
		return shown, nil
	}
	var err error
	if shown.Content, err = io.ReadAll(http.MaxBytesReader(w, r.Body, o.BodyLimit)); err != nil {
		return shown, err
	}
	r.Body = io.NopCloser(bytes.NewReader(shown.Content))
	return shown, nil
}

// certificate is the client's, as the operator's own proxy, where TLS ends, says it in Client-Cert (RFC 9440, section 2.1). From
// anybody else the header says nothing: whoever reaches us past the proxy could write any certificate into it. A proxy that
// passes a client's own header on would be believed, hence the runbook says how it is taken off.
func (s *Server) certificate(r *http.Request) []byte {
	lines := r.Header.Values("Client-Cert")
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if len(lines) != 1 || err != nil || !s.ownProxy(at.Addr().Unmap()) {
		return nil
	}
	item, err := httpsfv.UnmarshalItem(lines)
	if err != nil {
		return nil
	}
	der, _ := item.Value.([]byte)
	return der
}
