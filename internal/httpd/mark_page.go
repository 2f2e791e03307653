package httpd

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/gorilla/mux"

	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/status"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// wordOf is the word of the style sheet that colours a verdict.
var wordOf = map[marks.Verdict]status.Word{marks.Genuine: status.Yes, marks.NotIssued: status.No, marks.Stopped: status.No, marks.Voided: status.No, marks.Mistyped: status.Unknown, marks.Unknown: status.No}

// markForm takes a code that is typed, and leads to its page, whose address can be kept and sent.
func (s *Server) markForm(w http.ResponseWriter, r *http.Request) {
	if typed := strings.TrimSpace(r.URL.Query().Get("code")); typed != "" {
		http.Redirect(w, r, "/m/"+url.PathEscape(strings.ReplaceAll(typed, "/", "-")), http.StatusSeeOther)
		return
	}
	s.show(w, r, http.StatusOK, "mark/mark.html", page{Data: map[string]any{"Check": nil}})
}

// markPage says what is known of a code on a package. It is asked by telephones in shops: no script, and nothing of who asks is kept.
func (s *Server) markPage(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	k, err := s.Codes.Check(ctx, mux.Vars(r)["code"])
	if err != nil {
		s.fail(w, r, err)
		return
	}
	market := strings.ToUpper(r.URL.Query().Get("market"))
	data := map[string]any{"Check": k, "Word": wordOf[k.Verdict], "Market": market}
	if market != "" && k.Product.Title != "" {
		word, err := s.protected(ctx, k.Product.Title, market)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		data["Protected"] = word
		data["Status"] = "/status?" + url.Values{"name": {k.Product.Title}, "market": {market}}.Encode()
	}
	s.show(w, r, http.StatusOK, "mark/mark.html", page{Data: data})
}

// protected asks the status check whether a name is protected in a market today.
func (h *House) protected(ctx context.Context, name, market string) (string, error) {
	q, err := status.Ask(name, market, nil, "", h.Now().UTC())
	if p, ok := problem.As(err); ok && p.Kind == problem.Invalid {
		return string(status.Unknown), nil // no such market: nobody knows anything of it
	}
	if err != nil {
		return "", err
	}
	a, err := status.Check(tenancy.In(ctx, tenancy.Public), h.DB, q)
	return string(a.Protected), err
}

// asking says who asks about a code: the address, by which wrong codes are counted in memory, and the country, which is kept with a
// scan when a proxy of the operator's says it.
func (s *Server) asking(r *http.Request) context.Context {
	a := marks.Asker{}
	if s.Limited {
		a.Address = s.address(r).String()
	}
	if s.Country != "" {
		a.Country = r.Header.Get(s.Country)
	}
	return marks.WithAsker(r.Context(), a)
}

// asksOfMark tells whether a path is of a code.
func asksOfMark(path string) bool {
	return strings.HasPrefix(path, "/m/") || strings.HasPrefix(path, "/api/v1/marks/")
}
