package credential

import (
	"context"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/typeset"
)

// MakePapers does what the job does, with a press.
func (s *Credentials) MakePapers(ctx context.Context, press *typeset.Pool, id uuid.UUID) error {
	with := *s
	with.press = press
	return with.makePapers(ctx, id, func(int, int) {})
}
