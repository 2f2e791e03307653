package signature

import (
	"net/http"
	"strconv"
	"strings"
)

// Message is what a signature may cover of a request, or of a response (which has a status).
type Message struct {
	Method, Scheme, Authority string
	Path, Query               string // as sent: escaped
	Status                    int
	Header                    http.Header
}

// Request is the message of a request as a server got it or a client is about to send it. The scheme is said by the caller: a
// server behind a proxy does not see it.
func Request(r *http.Request, scheme string) Message {
	authority := r.Host
	if authority == "" {
		authority = r.URL.Host
	}
	return Message{Method: r.Method, Scheme: scheme, Authority: authority, Path: r.URL.EscapedPath(), Query: r.URL.RawQuery, Header: r.Header}
}

// value is a component's value; false when the message has none such.
func (m Message) value(name string) (string, bool) {
	if !strings.HasPrefix(name, "@") {
		return m.field(name)
	}
	if m.Status != 0 {
		return strconv.Itoa(m.Status), name == "@status"
	}
	switch name {
	case "@method":
		return m.Method, true
	case "@authority":
		return m.authority(), true
	case "@scheme":
		return strings.ToLower(m.Scheme), true
	case "@path":
		return m.path(), true
	case "@query":
		return "?" + m.Query, true
	case "@target-uri":
		return m.target(), true
	}
	return "", false
}

// field joins a field's lines (RFC 9421, section 2.1). A line cannot hold a line break: net/http refuses it.
func (m Message) field(name string) (string, bool) {
	lines := m.Header.Values(name)
	trimmed := make([]string, len(lines))
	for i, l := range lines {
		trimmed[i] = strings.TrimSpace(l)
	}
	return strings.Join(trimmed, ", "), len(lines) > 0
}

// authority is in lower case and without the scheme's own port (RFC 9421, section 2.2.3).
func (m Message) authority() string {
	a := strings.ToLower(m.Authority)
	switch strings.ToLower(m.Scheme) {
	case "http":
		return strings.TrimSuffix(a, ":80")
	case "https":
		return strings.TrimSuffix(a, ":443")
	}
	return a
}

func (m Message) path() string {
	if m.Path == "" {
		return "/"
	}
	return m.Path
}

func (m Message) target() string {
	t := strings.ToLower(m.Scheme) + "://" + m.authority() + m.path()
	if m.Query != "" {
		t += "?" + m.Query
	}
	return t
}
