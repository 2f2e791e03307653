package httpd

import (
	_ "embed"
	"encoding/json"
	"net/http"

	"github.com/gorilla/mux"

	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Addresses that identifiers resolve to by the rules of others: did:web names where a DID document is, and JSON-LD where a
// context is. They are no operations of ours.
const (
	didAddress     = "/tenants/{slug}/did.json"
	contextAddress = "/contexts/gi/v1"
)

// giContext defines our own terms in credentials (JSON-LD 1.1).
//
//go:embed gi-context.json
var giContext []byte

func (s *Server) identifiers() {
	s.router.HandleFunc(didAddress, func(w http.ResponseWriter, r *http.Request) {
		named(w, didAddress)
		found, err := s.Attests.Issuers(tenancy.In(r.Context(), tenancy.Public), mux.Vars(r)["slug"])
		if err == nil && len(found) == 0 {
			err = errNoRoute
		}
		if err != nil {
			s.fail(w, r, err)
			return
		}
		openly(w, "application/did+json", "public, max-age=300")
		_ = json.NewEncoder(w).Encode(found[0].Document) // the client may be gone
	}).Methods(http.MethodGet, http.MethodHead)
	s.router.HandleFunc(contextAddress, func(w http.ResponseWriter, _ *http.Request) {
		named(w, contextAddress)
		openly(w, "application/ld+json", "public, max-age=86400")
		_, _ = w.Write(giContext) // the client may be gone
	}).Methods(http.MethodGet, http.MethodHead)
}

// openly lets verifiers in browsers of other sites read what is public anyway.
func openly(w http.ResponseWriter, mediaType, keep string) {
	h := w.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Cache-Control", keep)
	h.Set("Access-Control-Allow-Origin", "*")
}
