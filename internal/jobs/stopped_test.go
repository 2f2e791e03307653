package jobs

import (
	"context"
	"errors"
	"testing"

	"github.com/riverqueue/river"
)

func TestStopped(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		cause error
		want  error
	}{
		{"a person cancels", river.ErrJobCancelledRemotely, ErrCancelled},
		{"too long", context.DeadlineExceeded, ErrTooLong},
		{"the tenant is suspended", errSuspended, ErrInterrupted},
		{"another worker has it", errTakenOver, ErrInterrupted},
		{"the node stops", context.Canceled, ErrInterrupted},
		{"the node stops, and River has a cause of its own", errors.New("stop initiated"), ErrInterrupted},
	} {
		ctx, stop := context.WithCancelCause(t.Context())
		if err := Stopped(ctx); err != nil {
			t.Errorf("%s: before, got %v", c.name, err)
		}
		stop(c.cause)
		if err := Stopped(ctx); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
	}
}
