package postgres

import (
	"encoding/base64"
	"encoding/json"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// CodeCursor is the detail of a cursor that is not one of ours.
var CodeCursor = problem.Field("cursor.bad")

// EncodeCursor makes the opaque `next` of a list from the sort key of its last row.
func EncodeCursor(key any) string {
	b, err := json.Marshal(key)
	if err != nil {
		panic(err) // a sort key of ours is always plain data
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// DecodeCursor reads a cursor into key; the empty cursor leaves it as it is.
func DecodeCursor(cursor string, key any) error {
	if cursor == "" {
		return nil
	}
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		err = json.Unmarshal(b, key)
	}
	if err != nil {
		return problem.ErrInvalid.At("?cursor", CodeCursor)
	}
	return nil
}
