package credential

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/typeset"
)

// MakePapers does what the job does, with a press.
func (s *Credentials) MakePapers(ctx context.Context, press *typeset.Pool, id uuid.UUID) error {
	with := *s
	with.press = press
	return with.makePapers(ctx, id, func(int, int) {})
}

// PageSays is what the page /verify says of a file: what there is to say of it in Go, and the place in the log.
func PageSays(t *testing.T, issuers []byte, file []byte, fresh []string) (verdict Verdict, findings []Finding, logged int64) {
	t.Helper()
	if fresh == nil {
		fresh = []string{}
	}
	s := byBrowser(t, json.RawMessage(issuers), time.Now(), map[string]input{"it": {File: file, Fresh: fresh, Kept: []string{}}})["it"]
	return Verdict(s.Verdict), s.Findings, s.Logged
}
