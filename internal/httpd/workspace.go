package httpd

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/identity"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/web"
)

var errNoWorkspace = problem.New(problem.Unavailable, "workspace.not-built")

// workspace serves the single-page application; web's package documentation has the contract.
func (s *Server) workspace() {
	files := web.Workspace()
	get := func(h http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { named(w, "/app/"); h(w, r) }
	}
	s.router.HandleFunc("/app", get(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/app/", http.StatusMovedPermanently)
	})).Methods(http.MethodGet, http.MethodHead)
	s.router.PathPrefix("/app/").Handler(get(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, "/app/")
		info, err := fs.Stat(files, name)
		switch {
		case err == nil && !info.IsDir() && name != web.Index:
			s.built(w, r, files, name)
		case strings.HasPrefix(name, "assets/"):
			s.fail(w, r, errNoRoute) // of an older build; the page would be a wrong answer to a request for a script
		default:
			s.index(w, r, files)
		}
	})).Methods(http.MethodGet, http.MethodHead)
}

// encodings are the endings of a file's compressed neighbours, the smallest first.
var encodings = []struct{ name, ending string }{{"br", ".br"}, {"gzip", ".gz"}}

// built serves a file of the build.
func (s *Server) built(w http.ResponseWriter, r *http.Request, files fs.FS, name string) {
	h := w.Header()
	h.Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	h.Set("Vary", "Accept-Encoding")
	h.Set("Cache-Control", "no-cache")
	if strings.HasPrefix(name, "assets/") {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	for _, e := range encodings {
		if !strings.Contains(r.Header.Get("Accept-Encoding"), e.name) {
			continue
		}
		b, err := fs.ReadFile(files, name+e.ending)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			s.fail(w, r, err)
			return
		}
		h.Set("Content-Encoding", e.name)
		_, _ = w.Write(b) //nolint:gosec // a file of the build; the client may be gone
		return
	}
	b, err := fs.ReadFile(files, name)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	_, _ = w.Write(b) //nolint:gosec // a file of the build; the client may be gone
}

// index serves the page for one person: with the session in it, so that the first screen needs no further request.
func (s *Server) index(w http.ResponseWriter, r *http.Request, files fs.FS) {
	page, err := fs.ReadFile(files, web.Index)
	if errors.Is(err, fs.ErrNotExist) {
		s.fail(w, r, errNoWorkspace)
		return
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	tag, session, err := s.signedIn(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	nonce := rand.Text()
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(tag))
	h.Set("Cache-Control", "private, no-store")
	h.Set("Content-Security-Policy", fmt.Sprintf("default-src 'none'; script-src 'self'; style-src 'self' 'nonce-%[1]s'; font-src 'self'; img-src 'self' data: blob: %[2]s; "+
		"connect-src 'self' %[2]s; frame-src 'self' blob: %[2]s; worker-src 'self' blob:; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'", nonce, s.S3Origin))
	filled := strings.NewReplacer("__NONCE__", nonce, "__LANG__", string(tag), "__DIR__", tag.Dir(), "__SESSION__", session).Replace(string(page))
	_, _ = w.Write([]byte(filled)) // the client may be gone
}

// signedIn is the language and the session of whoever asks, as JSON that can stand in a script element; null for nobody.
func (s *Server) signedIn(r *http.Request) (locale.Tag, string, error) {
	tag := locale.From(r.Context())
	ctx, err := s.Identity.Authenticate(r)
	if err != nil {
		return tag, "", err
	}
	session, ok := identity.SessionFrom(ctx)
	if !ok {
		return tag, "null", nil
	}
	if session.Locale != "" {
		tag = locale.Match(session.Locale)
	}
	answer, err := s.ReadSession(ctx, api.ReadSessionRequestObject{})
	if err != nil {
		return tag, "", err
	}
	b, err := json.Marshal(answer) // escapes <, > and &
	return tag, string(b), err
}
