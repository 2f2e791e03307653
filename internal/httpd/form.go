package httpd

import (
	"errors"
	"io"
	"math"
	"mime/multipart"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Forms of public pages, which work without a script and whose senders have no account.

const (
	// filingQuota is how many forms an address may send, or ask for by a key, in a minute.
	filingQuota = 10
	formMemory  = 1 << 20 // of a form; files beyond it wait on disk
)

// readForm reads a form whose files have at most so many bytes each, and what its fields say. Whoever has read it removes its files.
func readForm(r *http.Request, most int) (said map[string]string, err error) {
	said = map[string]string{}
	err = r.ParseMultipartForm(formMemory)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return said, document.ErrTooLarge.With("MiB", most>>20)
	case err != nil:
		return said, problem.ErrInvalid.At("", codeForm)
	}
	for name := range r.PostForm {
		said[name] = r.PostForm.Get(name)
	}
	return said, nil
}

// brought are the files of a field, without the empty one that a browser sends for none.
func brought(r *http.Request, field string) []*multipart.FileHeader {
	return slices.DeleteFunc(slices.Clone(r.MultipartForm.File[field]), func(h *multipart.FileHeader) bool { return h.Size == 0 })
}

// formTypes are the media types of what a form may bring, by the end of the file's name.
var formTypes = map[string]string{".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}

// readFile reads a file of a form, at most one byte more than it may have: who takes it sees that it is too large.
func readFile(h *multipart.FileHeader, most int) (a document.Announcement, content []byte, err error) {
	f, err := h.Open()
	if err != nil {
		return a, nil, err
	}
	defer f.Close()
	if content, err = io.ReadAll(io.LimitReader(f, int64(most)+1)); err != nil {
		return a, nil, err
	}
	return document.Announcement{Filename: path.Base(h.Filename), MediaType: formTypes[strings.ToLower(path.Ext(h.Filename))], Size: int64(len(content))}, content, nil
}

// formPage is a page with a form; when something is wrong with what the form held, the page says it, each at its field.
func (s *Server) formPage(w http.ResponseWriter, r *http.Request, data map[string]any, wrong *problem.Error) (p page, status int) {
	p = page{Data: data}
	if wrong == nil {
		return p, http.StatusOK
	}
	status = StatusOf(wrong.Kind)
	body := s.problemBody(r, wrong, status)
	data["Problem"] = body.Message
	if body.Details != nil {
		p.fix = *body.Details
	}
	if wait, ok := wrong.Values["retryAfter"].(int); ok {
		w.Header().Set("Retry-After", strconv.Itoa(wait))
	}
	return p, status
}

func (s *Server) limitFilings(r *http.Request) error {
	if s.buckets == nil {
		return nil
	}
	wait := take(s.buckets.now(), []counted{{"address-filing", filingQuota, s.buckets.of("filing"+s.address(r).String(), filingQuota)}})
	if wait > 0 {
		return errTooMany.With("retryAfter", int(math.Ceil(wait.Seconds())))
	}
	return nil
}
