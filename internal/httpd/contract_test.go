package httpd_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/httpd"
)

// An answer that the specification does not have is found, whichever part of it is wrong.
func TestKeeps(t *testing.T) {
	t.Parallel()
	spec, err := httpd.ReadSpec(api.Spec)
	if err != nil {
		t.Fatal(err)
	}
	as := func(mediaType string) http.Header { return http.Header{"Content-Type": {mediaType}} }
	houses := spec.Operation("listPartnerHouses")
	good := `{"items": [{"id": "01a21e17-1ac2-7ab1-bd8f-6cd7400696a8", "name": "gi.example/log", "url": "https://gi.example", "state": "followed", "ofFile": false, "allowed": [], "position": 3, "records": 1, "unproved": 0, "logSize": 9}]}`
	for name, c := range map[string]struct {
		status int
		header http.Header
		body   string
		keeps  bool
	}{
		"what is specified":           {200, as("application/json"), good, true},
		"a problem":                   {404, as("application/problem+json"), `{"type": "/problems#x", "title": "x", "status": 404, "detail": "x", "code": "x", "message": "x", "correlationId": "x"}`, true},
		"a status that nobody named":  {201, as("application/json"), good, false},
		"another media type":          {200, as("text/html"), good, false},
		"no media type":               {200, http.Header{}, good, false},
		"a word missing":              {200, as("application/json"), strings.Replace(good, `"url"`, `"uri"`, 1), false},
		"another type":                {200, as("application/json"), strings.Replace(good, "3", `"3"`, 1), false},
		"no JSON":                     {200, as("application/json"), good[1:], false},
		"a problem that is none":      {404, as("application/problem+json"), `{}`, false},
		"an error that is no problem": {500, as("text/plain"), "Internal Server Error", false},
	} {
		if err := spec.Keeps(houses, c.status, c.header, []byte(c.body)); (err == nil) != c.keeps {
			t.Errorf("%s: got %v", name, err)
		}
	}
	for name, c := range map[string]struct {
		body  string
		keeps bool
	}{
		"a word missing": {strings.Replace(good, `"url": "https://gi.example", `, "", 1), true},
		"another type":   {`{"items": [{"position": "3"}]}`, false},
	} {
		if err := spec.KeepsPart(houses, 200, as("application/json"), []byte(c.body)); (err == nil) != c.keeps {
			t.Errorf("some fields, %s: got %v", name, err)
		}
	}
	if err := spec.Keeps(spec.Operation("endSessions"), 204, http.Header{}, []byte("x")); err == nil {
		t.Error("a body where there should be none, and nobody minds")
	}
}
