package httpd

import "net/http"

func (s *Server) pages() error { return nil }

func (s *Server) show(w http.ResponseWriter, r *http.Request, status int, name string, data any) {
	w.WriteHeader(status)
}
