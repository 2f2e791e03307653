package httpd_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/helianthus-gi/helianthus/internal/httpd"
)

func TestReadBaseMap(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		content string
		good    bool
	}{
		"a map":            {`{"type":"FeatureCollection","attribution":"GS(2026)0001","features":[{"type":"Feature","properties":null,"geometry":{"type":"LineString","coordinates":[[107,41],[108,41]]}}]}`, true},
		"an empty map":     {`{"type":"FeatureCollection","features":[]}`, true},
		"another GeoJSON":  {`{"type":"Point","coordinates":[107,41]}`, false},
		"no JSON":          {`<svg/>`, false},
		"cut off":          {`{"type":"FeatureCollection","features":[`, false},
		"larger than 5 MB": {`{"type":"FeatureCollection","features":[` + strings.Repeat(" ", 5<<20) + `]}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "map.json")
			if err := os.WriteFile(file, []byte(c.content), 0o600); err != nil {
				t.Fatal(err)
			}
			m, err := httpd.ReadBaseMap(file)
			if c.good && (err != nil || string(m) != c.content) {
				t.Errorf("got %d bytes, %v; want the file", len(m), err)
			}
			if !c.good && !errors.Is(err, httpd.ErrBaseMap) {
				t.Errorf("got %v, want it refused", err)
			}
		})
	}
	if _, err := httpd.ReadBaseMap(filepath.Join(t.TempDir(), "nothing.json")); !errors.Is(err, httpd.ErrBaseMap) {
		t.Errorf("a file that is not there: %v", err)
	}
}
