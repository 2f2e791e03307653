package httpd

import (
	"context"
	"net/http"
	"strings"

	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// short is the short way to an operation that very many ask who have no account, and that answers from memory: nobody has to be
// recognised, no form to be chosen, and there is nothing to be checked but the one parameter that ends its path. Only a request that
// shows no credentials and wishes for nothing goes this way; to every other one, and to every one that the way does not fit, the
// operation answers as all do. So both ways give the same answer, and what is around a request is around both: its name, the log, the
// headers that protect it, and the limits.
type short struct {
	operation *Operation
	prefix    string // of its path
	most      int    // bytes of the parameter
	answer    func(ctx context.Context, parameter string) (json []byte, err error)
}

// shortWays are all there are.
func (s *Server) shortWays() []short {
	return []short{{operation: s.spec.Operation("readMark"), prefix: "/api/v1/marks/", most: 64, answer: s.marksAPI.Tell}}
}

// longWay are headers that can make a difference: who asks, and in which form an answer is wished for.
var longWay = []string{"Authorization", "Cookie", "Signature-Input", keyHeader}

// takes tells whether a request can go the short way, with the parameter of its path.
func (w short) takes(r *http.Request) (parameter string, ok bool) {
	parameter, ok = strings.CutPrefix(r.URL.Path, w.prefix)
	plain := r.Method == http.MethodGet && r.ContentLength == 0 && r.URL.RawQuery == "" && r.URL.RawPath == ""
	if !ok || !plain || parameter == "" || len(parameter) > w.most || strings.Contains(parameter, "/") || !storable(parameter) {
		return "", false
	}
	for _, name := range longWay {
		if len(r.Header[name]) > 0 {
			return "", false
		}
	}
	return parameter, true
}

// route gives a request the short way, or the router's.
func (s *Server) route(w http.ResponseWriter, r *http.Request) {
	for _, way := range s.shorts {
		if parameter, ok := way.takes(r); ok {
			s.goShort(w, r, way, parameter)
			return
		}
	}
	s.router.ServeHTTP(w, r)
}

func (s *Server) goShort(w http.ResponseWriter, r *http.Request, way short, parameter string) {
	named(w, way.operation.ID)
	ctx := tenancy.In(r.Context(), tenancy.Public)
	if err := s.limit(ctx, w, r, way.operation); err != nil {
		s.fail(w, r, err)
		return
	}
	if s.fair != nil {
		leave, err := s.enter(r.WithContext(ctx), way.operation)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		defer leave()
	}
	body, err := way.answer(ctx, parameter)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header()["Content-Type"] = jsonContent
	_, _ = w.Write(body) // the client may be gone
}

var jsonContent = []string{jsonType}
