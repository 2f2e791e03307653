package httpd

import (
	"compress/gzip"
	"net/http"
	"strings"
	"sync"
)

// compressFrom is where compressing begins to pay: a smaller answer is one packet anyway.
const compressFrom = 1400 // bytes

var zips = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // the level is one of gzip's own
	return z
}}

// answer is the response on its way. It remembers what the log and the metrics want to know, and compresses texts, but
// neither streams of events nor what is compressed already. The status is held back until the first byte, since only
// then it is known whether the body is worth compressing.
type answer struct {
	http.ResponseWriter
	operation string // the operation's id, or the page's path
	status    int
	bytes     int // before compressing
	zipped    bool
	sent      bool
	zip       *gzip.Writer
}

func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

func (a *answer) Write(b []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	a.send(len(b), b)
	a.bytes += len(b)
	if a.zip != nil {
		return a.zip.Write(b)
	}
	return a.ResponseWriter.Write(b)
}

// send writes the header, once; size is that of the first piece of the body, b the piece.
func (a *answer) send(size int, b []byte) {
	if a.sent {
		return
	}
	a.sent = true
	h := a.Header()
	if size > 0 && h.Get("Content-Type") == "" {
		h.Set("Content-Type", http.DetectContentType(b))
	}
	if a.zipped && size >= compressFrom && h.Get("Content-Encoding") == "" && isText(h.Get("Content-Type")) {
		h.Set("Content-Encoding", "gzip")
		h.Del("Content-Length")
		a.zip = zips.Get().(*gzip.Writer)
		a.zip.Reset(a.ResponseWriter)
	}
	a.ResponseWriter.WriteHeader(a.status)
}

func isText(contentType string) bool {
	kind, _, _ := strings.Cut(contentType, ";")
	switch {
	case kind == "text/event-stream":
		return false
	case strings.HasPrefix(kind, "text/"), kind == "image/svg+xml", kind == "application/yaml", kind == "application/javascript":
		return true
	}
	return isJSON(kind)
}

// Flush lets streams through.
func (a *answer) Flush() {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	a.send(0, nil)
	if a.zip != nil {
		_ = a.zip.Flush() // the client may be gone
	}
	_ = http.NewResponseController(a.ResponseWriter).Flush()
}

// finish sends what is held back.
func (a *answer) finish() {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	a.send(0, nil)
	if a.zip != nil {
		_ = a.zip.Close() // the client may be gone
		zips.Put(a.zip)
		a.zip = nil
	}
}
