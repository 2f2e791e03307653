package httpd

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/table"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

const (
	usersPage     = 20
	usersOfFile   = 200 // read at once for the file
	longestSearch = 200
)

// usersAsked is what somebody asks the public list of users for.
func usersAsked(r *http.Request) marks.ListedFilter {
	q := r.URL.Query()
	f := marks.ListedFilter{Words: strings.TrimSpace(q.Get("q"))}
	if len(f.Words) > longestSearch {
		f.Words = strings.ToValidUTF8(f.Words[:longestSearch], "")
	}
	if s := marks.Status(q.Get("status")); slices.Contains(marks.ListedStatuses(), s) {
		f.Status = s
	}
	return f
}

// usersPage is the public list of who may use the special mark and whose use ended, as it was published.
func (s *Server) usersPage(w http.ResponseWriter, r *http.Request) {
	f := usersAsked(r)
	found, next, err := s.Users.Listed(tenancy.In(r.Context(), tenancy.Public), f, usersPage, r.URL.Query().Get("cursor"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	same := url.Values{}
	if f.Words != "" {
		same.Set("q", f.Words)
	}
	if f.Status != "" {
		same.Set("status", string(f.Status))
	}
	file := "/mark-users.csv?" + same.Encode()
	if next != "" {
		same.Set("cursor", next)
		next = "/mark-users?" + same.Encode()
	}
	s.show(w, r, http.StatusOK, "users/users.html", page{Data: map[string]any{"Users": found, "Next": next, "File": file, "Asked": f, "Statuses": marks.ListedStatuses()}})
}

// usersFile is the same list as a table, all of it that is asked for, written as it is read.
func (s *Server) usersFile(w http.ResponseWriter, r *http.Request) {
	ctx, f, tag := tenancy.In(r.Context(), tenancy.Public), usersAsked(r), locale.From(r.Context())
	found, next, err := s.Users.Listed(ctx, f, usersOfFile, "")
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8; header=present")
	w.Header().Set("Content-Disposition", `attachment; filename="mark-users.csv"`)
	out, err := table.CSV(w)
	if err != nil {
		return // the client is gone
	}
	var heading []string
	for _, column := range []string{"name", "credit-code", "product", "kind", "status", "notice", "from", "ended", "authority"} {
		heading = append(heading, s.Bundle.T(tag, "page.mark-users."+column, nil))
	}
	rows := [][]string{heading}
	for {
		for _, u := range found {
			rows = append(rows, []string{locale.Pick(tag, u.Names), string(u.CreditCode), u.Product, s.Bundle.T(tag, "page.mark-users.kind."+string(u.Kind), nil),
				s.Bundle.T(tag, "page.mark-users.status."+string(u.Status), nil), u.Notice, u.FromOn, u.EndedOn, locale.Pick(tag, u.Publisher.Names)})
		}
		for _, row := range rows {
			for i := range row {
				row[i] = table.Harmless(row[i])
			}
			if err := out.Row(row); err != nil {
				return
			}
		}
		if rows = nil; next == "" {
			break
		}
		if found, next, err = s.Users.Listed(ctx, f, usersOfFile, next); err != nil {
			panic(http.ErrAbortHandler) // a table that is cut off must not look whole
		}
	}
	_ = out.Close() // the client may be gone
}
