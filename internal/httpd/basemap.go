package httpd

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// ErrBaseMap is returned for a file that is not a map as readBaseMap answers it.
var ErrBaseMap = problem.New(problem.Invalid, "base-map.wrong")

// maxBaseMap bounds the file: every browser that shows an area loads it.
const maxBaseMap = 5 << 20

// BaseMap is what is drawn beneath areas, as its file has it: the operator's, since a map with borders needs the approval
// of where it is shown. Its zero value is an empty map.
type BaseMap []byte

// ReadBaseMap reads a GeoJSON FeatureCollection (RFC 7946) of at most 5 MB; an empty name gives an empty map.
func ReadBaseMap(file string) (BaseMap, error) {
	if file == "" {
		return nil, nil
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBaseMap.With("File", file), err)
	}
	var m api.BaseMap
	if len(content) > maxBaseMap || json.Unmarshal(content, &m) != nil || !m.Type.Valid() {
		return nil, ErrBaseMap.With("File", file)
	}
	return content, nil
}

type mapAPI struct{ base BaseMap }

// ReadBaseMap answers with the operator's map as the file has it.
func (a mapAPI) ReadBaseMap(context.Context, api.ReadBaseMapRequestObject) (api.ReadBaseMapResponseObject, error) {
	return a.base, nil
}

// VisitReadBaseMapResponse writes the map.
func (m BaseMap) VisitReadBaseMapResponse(w http.ResponseWriter) error {
	h := w.Header()
	h.Set("Content-Type", "application/geo+json")
	h.Set("Cache-Control", "public, max-age=3600")
	if m == nil {
		m = BaseMap(`{"type":"FeatureCollection","features":[]}`)
	}
	_, err := w.Write(m)
	return err
}
