package postgres

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// FuzzDecodeCursor reads what anybody may send: a key, or a refusal at the parameter; a key that was read is written as one that reads alike.
func FuzzDecodeCursor(f *testing.F) {
	type key struct {
		At time.Time
		ID uuid.UUID
		N  int64
	}
	f.Add(EncodeCursor(key{time.Unix(1, 2).UTC(), uuid.Max, -7}))
	f.Add("bnVsbA")
	f.Add("e30=")
	f.Fuzz(func(t *testing.T, cursor string) {
		var k, again key
		if err := DecodeCursor(cursor, &k); err != nil {
			if p, ok := problem.As(err); !ok || len(p.Details) != 1 || p.Details[0].Code != CodeCursor {
				t.Errorf("%q: got %v", cursor, err)
			}
			return
		}
		if err := DecodeCursor(EncodeCursor(k), &again); err != nil || !again.At.Equal(k.At) || again.ID != k.ID || again.N != k.N {
			t.Errorf("%q: %+v became %+v, %v", cursor, k, again, err)
		}
	})
}
