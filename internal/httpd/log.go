package httpd

import (
	"net/http"
	"strings"

	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/translog"
)

// The parts of the log that are addresses of files and the protocol of witnesses, and so no operations of ours.
const (
	tilePrefix    = "/api/v1/log/tile/"
	cosignAddress = "/api/v1/log/witness/add-checkpoint"
)

func (s *Server) log() {
	s.router.PathPrefix(tilePrefix).HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		named(w, tilePrefix)
		data, err := s.Translog.Tile(tenancy.In(r.Context(), tenancy.Public), strings.TrimPrefix(r.URL.Path, tilePrefix))
		if err != nil {
			s.fail(w, r, err)
			return
		}
		h := w.Header()
		h.Set("Content-Type", "application/octet-stream")
		h.Set("Cache-Control", translog.Immutable)
		_, _ = w.Write(data) //nolint:gosec // bytes of the log under a type that no browser shows; the client may be gone
	}).Methods(http.MethodGet, http.MethodHead)
	s.router.HandleFunc(cosignAddress, func(w http.ResponseWriter, r *http.Request) {
		named(w, cosignAddress)
		a, err := s.Translog.Cosign(r.Context(), r.Body)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		w.Header().Set("Content-Type", a.Type)
		w.WriteHeader(a.Status)
		_, _ = w.Write([]byte(a.Body)) // the client may be gone
	}).Methods(http.MethodPost)
}
