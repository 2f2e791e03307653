package apitest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"context"

	"golang.org/x/tools/txtar"

	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Run runs every script of a folder, testdata/script by custom. A script is a txtar file: lines of words, then the files
// they name. In words, $NAME stands for a variable. The tenants of a script are its own.
//
//	as TENANT [ROLE...]        speak as a person of that tenant, with all roles when none is named; `as nobody` as nobody
//	client TENANT [SCOPE...]   speak as a machine of that tenant
//	http METHOD PATH [FILE] [NAME=VALUE...]  send, with a file as body and headers
//	status N                   the answer's status
//	field PATH VALUE           a field of the answer (items.0.names.en); `field PATH -> NAME` keeps it as a variable
//	no PATH                    the answer lacks that field
//	problem STATUS CODE [POINTER...]   the answer is that problem, with details at these pointers
//	header NAME VALUE          a header of the answer; `header NAME -> NAME` keeps it
//	contains TEXT              the answer's body holds the text
//	document TENANT FILE NAME [ENCODING]  keep a file as a document of that tenant; its id is then in NAME
//	task ID STATUS             wait for long work to end in that status; the answer is then the task
//
// TENANT is a name of the script's choosing whose first word before a dash is its kind, or one of wuyuan (county),
// neighbour (county), office (jurisdiction).
func Run(t *testing.T, dir string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts in %s (%v)", dir, err)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".txtar"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			newScript(t, text).run()
		})
	}
}

type script struct {
	t       *testing.T
	house   *House
	archive *txtar.Archive
	tenants map[string]context.Context
	callers map[string]*Caller
	vars    map[string]string
	who     *Caller
	answer  *httptest.ResponseRecorder
	body    any
	log     strings.Builder
	line    string
}

func newScript(t *testing.T, text []byte) *script {
	h := Open(t)
	return &script{t: t, house: h, archive: txtar.Parse(text), tenants: map[string]context.Context{}, callers: map[string]*Caller{}, vars: map[string]string{}, who: h.Nobody()}
}

// commands are the words a line may begin with, and how many words follow at least.
var commands = map[string]struct {
	least int
	do    func(*script, []string)
}{
	"as": {1, (*script).as}, "client": {1, (*script).client}, "http": {2, (*script).http}, "status": {1, (*script).status},
	"field": {2, (*script).field}, "no": {1, (*script).no}, "problem": {2, (*script).problem}, "header": {2, (*script).header},
	"contains": {1, (*script).contains}, "task": {2, (*script).task}, "document": {3, (*script).document},
}

func (s *script) run() {
	for n, line := range strings.Split(string(s.archive.Comment), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		s.line = fmt.Sprintf("%d: %s", n+1, line)
		fmt.Fprintf(&s.log, "> %s\n", line)
		words, err := split(line)
		if err != nil {
			s.fail("%v", err)
		}
		for i := range words {
			words[i] = os.Expand(words[i], s.variable)
		}
		c, ok := commands[words[0]]
		if !ok || len(words)-1 < c.least {
			s.fail("no such command, or words are missing")
		}
		c.do(s, words[1:])
	}
}

// split takes a line apart at spaces; quotes hold words together.
func split(line string) (words []string, err error) {
	for line = strings.TrimSpace(line); line != ""; line = strings.TrimSpace(line) {
		if !strings.HasPrefix(line, `"`) {
			word, rest, _ := strings.Cut(line, " ")
			words, line = append(words, word), rest
			continue
		}
		quoted, err := strconv.QuotedPrefix(line)
		if err != nil {
			return nil, fmt.Errorf("quotes: %w", err)
		}
		word, err := strconv.Unquote(quoted)
		if err != nil {
			return nil, fmt.Errorf("quotes: %w", err)
		}
		words, line = append(words, word), line[len(quoted):]
	}
	return words, nil
}

func (s *script) variable(name string) string {
	v, ok := s.vars[name]
	if !ok {
		s.fail("the variable %s is not set", name)
	}
	return v
}

// fail ends the script and prints the dialogue up to the failing line.
func (s *script) fail(format string, args ...any) {
	s.t.Helper()
	s.t.Fatalf("%s\n%s: %s", s.log.String(), s.line, fmt.Sprintf(format, args...))
}

func (s *script) tenant(name string) context.Context {
	if ctx, ok := s.tenants[name]; ok {
		return ctx
	}
	kind, _, _ := strings.Cut(name, "-")
	if known, ok := map[string]tenancy.Kind{"wuyuan": tenancy.County, "neighbour": tenancy.County, "office": tenancy.Jurisdiction}[name]; ok {
		kind = string(known)
	}
	if !slices.Contains(tenancy.Kinds, tenancy.Kind(kind)) {
		s.fail("%s is no kind of tenant", kind)
	}
	s.tenants[name] = s.house.Tenant(s.t, tenancy.Kind(kind))
	return s.tenants[name]
}

func (s *script) as(words []string) {
	if words[0] == "nobody" {
		s.who = s.house.Nobody()
		return
	}
	s.speak("as "+strings.Join(words, " "), func() *Caller { return s.house.Person(s.t, s.tenant(words[0]), words[1:]...) })
}

func (s *script) client(words []string) {
	s.speak("client "+strings.Join(words, " "), func() *Caller { return s.house.Client(s.t, s.tenant(words[0]), words[1:]...) })
}

func (s *script) speak(who string, make func() *Caller) {
	if s.callers[who] == nil {
		s.callers[who] = make()
	}
	s.who = s.callers[who]
}

func (s *script) http(words []string) {
	method, path, header := words[0], words[1], http.Header{}
	var body *strings.Reader
	for _, w := range words[2:] {
		if name, value, ok := strings.Cut(w, "="); ok {
			header.Set(name, value)
			continue
		}
		i := slices.IndexFunc(s.archive.Files, func(f txtar.File) bool { return f.Name == w })
		if i < 0 {
			s.fail("there is no file %s", w)
		}
		body = strings.NewReader(os.Expand(string(s.archive.Files[i].Data), s.inFile))
	}
	if body == nil {
		s.keep(s.who.Do(s.t, method, path, nil, header))
		return
	}
	if header.Get("Content-Type") == "" {
		header.Set("Content-Type", mediaTypeOf(method))
	}
	s.keep(s.who.Do(s.t, method, path, body, header))
}

// inFile leaves alone what is no variable of the script: files may hold dollars.
func (s *script) inFile(name string) string {
	if v, ok := s.vars[name]; ok {
		return v
	}
	return "$" + name
}

func (s *script) keep(r *httptest.ResponseRecorder) {
	s.answer, s.body = r, nil
	if kind := r.Header().Get("Content-Type"); strings.Contains(kind, "json") && !strings.Contains(kind, "ndjson") {
		if err := json.Unmarshal(r.Body.Bytes(), &s.body); err != nil {
			s.fail("the answer is no JSON: %v", err)
		}
	}
	s.vars["ETAG"], s.vars["LOCATION"] = r.Header().Get("ETag"), r.Header().Get("Location")
	shown := r.Body.String()
	if len(shown) > 2000 {
		shown = shown[:2000] + "…"
	}
	fmt.Fprintf(&s.log, "< %d %s\n", r.Code, strings.TrimSpace(shown))
}

func (s *script) status(words []string) {
	if got := strconv.Itoa(s.answer.Code); got != words[0] {
		s.fail("got status %s", got)
	}
}

// at finds a field of the answer by a path with dots.
func (s *script) at(path string) (any, bool) {
	v := s.body
	for _, step := range strings.Split(path, ".") {
		switch in := v.(type) {
		case map[string]any:
			var ok bool
			if v, ok = in[step]; !ok {
				return nil, false
			}
		case []any:
			i, err := strconv.Atoi(step)
			if step == "length" {
				return float64(len(in)), true
			}
			if err != nil || i >= len(in) {
				return nil, false
			}
			v = in[i]
		default:
			return nil, false
		}
	}
	return v, true
}

func (s *script) field(words []string) {
	v, ok := s.at(words[0])
	if !ok {
		s.fail("the answer has no field %s", words[0])
	}
	got, isText := v.(string)
	if !isText {
		b, err := json.Marshal(v)
		if err != nil {
			s.fail("%v", err)
		}
		got = string(b)
	}
	if words[1] == "->" {
		s.vars[words[2]] = got
	} else if got != strings.Join(words[1:], " ") {
		s.fail("got %s", got)
	}
}

func (s *script) no(words []string) {
	if v, ok := s.at(words[0]); ok {
		s.fail("the answer has %s: %v", words[0], v)
	}
}

func (s *script) problem(words []string) {
	s.status(words)
	if code, _ := s.at("code"); code != words[1] {
		s.fail("got the problem %v", code)
	}
	var pointers []string
	details, _ := s.at("details")
	all, _ := details.([]any)
	for _, d := range all {
		if m, ok := d.(map[string]any); ok {
			pointers = append(pointers, fmt.Sprint(m["pointer"]))
		}
	}
	for _, p := range words[2:] {
		if !slices.Contains(pointers, p) {
			s.fail("no detail points at %s, but at %v", p, pointers)
		}
	}
}

func (s *script) header(words []string) {
	got := s.answer.Header().Get(words[0])
	if words[1] == "->" {
		s.vars[words[2]] = got
	} else if got != strings.Join(words[1:], " ") {
		s.fail("got %q", got)
	}
}

func (s *script) contains(words []string) {
	if text := strings.Join(words, " "); !strings.Contains(s.answer.Body.String(), text) {
		s.fail("the answer does not hold %q", text)
	}
}

// task waits by the stream of events, which ends with the task.
func (s *script) task(words []string) {
	s.who.Do(s.t, "GET", "/api/v1/tasks/"+words[0]+"/events", nil, nil)
	s.keep(s.who.Do(s.t, "GET", "/api/v1/tasks/"+words[0], nil, nil))
	if got, _ := s.at("status"); got != words[1] {
		s.fail("the task is %v", got)
	}
}
