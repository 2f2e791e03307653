package httpd

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html"
	"html/template"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/gorilla/mux"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/credential"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/web/brand"
	"github.com/helianthus-gi/helianthus/web/public"
)

// readers are the groups of people that have a guide, by the name of its folder.
var readers = []string{"county-bureau", "association", "partner-office", "trader"}

// pages serves what anybody may read.
func (s *Server) pages() error {
	if err := s.assets.load(); err != nil {
		return err
	}
	if err := s.parse(); err != nil {
		return err
	}
	get := func(path string, h http.HandlerFunc) {
		s.router.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) { named(w, path); h(w, r) }).Methods(http.MethodGet, http.MethodHead)
	}
	post := func(path, name string, h http.HandlerFunc) {
		s.router.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) { named(w, name); h(w, r) }).Methods(http.MethodPost)
	}
	get("/", func(w http.ResponseWriter, r *http.Request) { s.show(w, r, http.StatusOK, "home/home.html", page{}) })
	get("/status", s.statusPage)
	get("/verify", s.verifyPage)
	get("/verify-worker.js", verifyWorker)
	get("/keys", s.keysPage)
	get("/log", s.logPage)
	get("/log/entries/{index:[0-9]+}", s.entryPage)
	get("/log/entries/{index:[0-9]+}/tlog-proof", s.entryProof)
	get("/developers", s.developersPage)
	get("/developers/sandbox", s.sandboxPage)
	post("/developers/sandbox", "openSandbox", s.openSandbox)
	get("/m", s.markForm)
	get("/m/{code}", s.markPage)
	get("/mark-users", s.usersPage)
	get("/mark-users.csv", s.usersFile)
	get("/notices", s.noticesPage)
	get("/notices/{id}", s.noticePage)
	post("/notices/{id}", "fileNotice", s.fileNotice)
	get("/calls", s.callsPage)
	get("/calls/calendar.ics", s.callsCalendar)
	get("/calls/feed.atom", s.callsFeed)
	get("/calls/{keeper}/{id}", s.callPage)
	get("/calls/{keeper}/{id}/calendar.ics", s.callCalendar)
	get("/associations/{slug}/apply", s.applyPage)
	post("/associations/{slug}/apply", "apply", s.apply)
	get("/associations/{slug}/applications/{key}", s.applyPage)
	post("/associations/{slug}/applications/{key}", "applyAgain", s.apply)
	get("/associations/{slug}/portal", s.portalPage)
	post("/associations/{slug}/portal", "changePortal", s.changePortal)
	get("/associations/{slug}/portal/extract", s.portalExtract)
	get("/associations/{slug}/portal/certificates/{id}/{language}", s.portalPaper)
	get("/associations/{slug}/portal/papers/{what}", s.portalPrint)
	get("/associations/{slug}/portal/{key}", s.enterPage)
	post("/associations/{slug}/portal/{key}", "enterPortal", s.enterPortal)
	get("/opposition", s.oppositionPage)
	post("/opposition", "ownOpposition", s.ownOpposition)
	get("/developers/{topic}", s.topicPage)
	get("/api", s.referencePage)
	get("/problems", s.problemsPage)
	get("/guides/{reader}", s.guidePage)
	get("/favicon.svg", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/svg+xml")
		w.Header().Set("Cache-Control", "public, max-age=86400")
		_, _ = w.Write(brand.Icon) // the client may be gone
	})
	get("/assets/{sum}/{name}", s.assets.serve)
	return nil
}

// helpers let a template hand several values to another one, and show texts of the specification.
var helpers = template.FuncMap{"list": func(all ...any) []any { return all }, "ticked": ticked}

// ticked shows what stands between backticks as code, as the specification means it.
func ticked(text string) template.HTML {
	parts := strings.Split(html.EscapeString(text), "`")
	if len(parts)%2 == 0 { // one that is alone means itself
		return template.HTML(strings.Join(parts, "`")) //nolint:gosec // escaped above
	}
	for i := 1; i < len(parts); i += 2 {
		parts[i] = "<code>" + parts[i] + "</code>"
	}
	return template.HTML(strings.Join(parts, "")) //nolint:gosec // escaped above
}

// parse makes a set of templates of each page: the layout, the form of the status question, and the page's own.
func (s *Server) parse() error {
	files, err := fs.Glob(public.FS, "*/*.html")
	if err != nil {
		return err
	}
	guides, err := fs.Glob(public.FS, "guides/*/*.html")
	if err != nil {
		return err
	}
	developers, err := fs.Glob(public.FS, "developers/*/*.html")
	if err != nil {
		return err
	}
	s.templates = templates{}
	for _, f := range slices.Concat(files, guides, developers) {
		if dir := path.Dir(f); dir == "layout" || dir == "guides" {
			continue
		}
		with := []string{"layout/layout.html", "layout/ask.html", "layout/examples.html", "layout/fields.html", f}
		if strings.HasPrefix(f, "guides/") {
			with = append(with, "guides/guide.html", "guides/lifecycle.html", "guides/st96.html")
		}
		if s.templates[f], err = template.New(f).Funcs(helpers).ParseFS(public.FS, with...); err != nil {
			return fmt.Errorf("page %s: %w", f, err)
		}
	}
	return nil
}

// assets are style sheets and scripts, by name. Their addresses hold their hash, so that they may be kept for ever.
type assets struct{ content, sums map[string]string }

func (a *assets) load() error {
	layout, err := fs.ReadFile(public.FS, "layout/layout.css")
	if err != nil {
		return err
	}
	a.content = map[string]string{"site.css": string(brand.Tokens) + string(layout)}
	for _, name := range []string{"verify.js", "package.js", "credential.js", "log.js", "offline.js"} {
		b, err := fs.ReadFile(public.FS, "verify/"+name)
		if err != nil {
			return err
		}
		a.content[name] = string(b)
	}
	a.sums = map[string]string{}
	for name, content := range a.content {
		sum := sha256.Sum256([]byte(content))
		a.sums[name] = hex.EncodeToString(sum[:8])
	}
	return nil
}

func (a *assets) address(name string) string { return "/assets/" + a.sums[name] + "/" + name }

// serve gives an asset, under an old address too: then it must not be kept.
func (a *assets) serve(w http.ResponseWriter, r *http.Request) {
	name := mux.Vars(r)["name"]
	content, ok := a.content[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	if mux.Vars(r)["sum"] == a.sums[name] {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	h.Del("Vary")
	h.Set("Vary", "Accept-Encoding")
	_, _ = fmt.Fprint(w, content) // the client may be gone
}

func (s *Server) verifyPage(w http.ResponseWriter, r *http.Request) {
	s.show(w, r, http.StatusOK, "verify/verify.html", page{Data: map[string]any{
		"Verdicts":   []exchange.Verdict{exchange.Valid, exchange.Altered, exchange.UnknownIssuer, exchange.Withdrawn, exchange.NotIssued},
		"Credential": credential.Verdicts, "Findings": credential.Findings, "Causes": credential.Causes, "Facts": credential.FactKeys,
		"Told":   []string{"valid", "suspended", "revoked", "unknown"},
		"Faults": []string{"not-a-package", "too-large", "no-keys", "old-browser"},
		"Lists":  []string{"changed", "missing", "added"},
	}})
}

// verifyWorker gives the page /verify without a network. Its address never changes, since a browser looks there for a newer
// one, and at the root it may serve /verify.
func verifyWorker(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; connect-src 'self'")
	h.Set("Cache-Control", "no-cache")
	http.ServeFileFS(w, r, public.FS, "verify/worker.js")
}

func (s *Server) keysPage(w http.ResponseWriter, r *http.Request) {
	limit := 20
	keys, err := s.ListKeys(r.Context(), api.ListKeysRequestObject{})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	published, err := s.ListPublications(tenancy.In(r.Context(), tenancy.Public), api.ListPublicationsRequestObject{Params: api.ListPublicationsParams{Limit: &limit}})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	k, _ := keys.(api.ListKeys200JSONResponse)
	p, _ := published.(api.ListPublications200JSONResponse)
	s.show(w, r, http.StatusOK, "keys/keys.html", page{Data: map[string]any{"Keys": k.Items, "Publications": p.Body.Items}})
}

func (s *Server) guidePage(w http.ResponseWriter, r *http.Request) {
	r = r.WithContext(locale.With(r.Context(), locale.From(r.Context()).Whole()))
	name := "guides/" + mux.Vars(r)["reader"] + "/" + string(locale.From(r.Context())) + ".html"
	if _, ok := s.templates[name]; !ok {
		s.fail(w, r, errNoRoute)
		return
	}
	s.show(w, r, http.StatusOK, name, page{Data: mux.Vars(r)["reader"]})
}
