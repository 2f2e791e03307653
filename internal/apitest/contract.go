package apitest

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/helianthus-gi/helianthus/internal/httpd"
)

// Watched is a server of which every answer is held against the specification, whoever asked. What does not keep to it
// fails the test that ends next, and the text says which request it was.
type Watched struct {
	*httpd.Server
	mu      sync.Mutex
	faults  []string
	checked int
}

// watchedMost is how much of an answer is looked at; of a longer one, status and media type alone.
const watchedMost = 16 << 20

// ServeHTTP answers as the server does.
func (s *Watched) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o := s.Named(r)
	method, address := r.Method, r.URL.String()
	tee := &tee{ResponseWriter: w}
	s.Server.ServeHTTP(tee, r)
	if tee.status == 0 {
		tee.status = http.StatusOK
	}
	if fault := tee.keeps(s.Spec(), o, r); fault != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.faults = append(s.faults, fmt.Sprintf("%s %s: %v", method, address, fault))
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.checked++
}

func (s *Watched) report(t testing.TB) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.faults {
		t.Error(f)
	}
	s.faults = nil
}

// tee keeps an answer while it passes.
type tee struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
	cut    bool
}

func (t *tee) Unwrap() http.ResponseWriter { return t.ResponseWriter }

func (t *tee) WriteHeader(status int) {
	if t.status == 0 {
		t.status = status
	}
	t.ResponseWriter.WriteHeader(status)
}

func (t *tee) Write(b []byte) (int, error) {
	if t.status == 0 {
		t.status = http.StatusOK
	}
	if t.cut = t.cut || t.body.Len()+len(b) > watchedMost; !t.cut {
		t.body.Write(b)
	}
	n, err := t.ResponseWriter.Write(b)
	t.cut = t.cut || err != nil
	return n, err
}

// keeps tells what is wrong with the answer. An address of the API that is no operation answers with a problem.
func (t *tee) keeps(spec *httpd.Spec, o *httpd.Operation, r *http.Request) error {
	if t.cut || r.Context().Err() != nil {
		return nil // nobody has the whole of it
	}
	body := t.body.Bytes()
	if t.Header().Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(&t.body)
		if err != nil {
			return err
		}
		if body, err = io.ReadAll(z); err != nil {
			return err
		}
	}
	switch {
	case o != nil && r.URL.Query().Has("fields"):
		return spec.KeepsPart(o, t.status, t.Header(), body)
	case o != nil:
		return spec.Keeps(o, t.status, t.Header(), body)
	case t.status >= http.StatusBadRequest && strings.HasPrefix(r.URL.Path, "/api/") && !strings.HasPrefix(r.URL.Path, "/api/v1/log/"):
		return httpd.Problem(t.status, t.Header(), body)
	}
	return nil
}
