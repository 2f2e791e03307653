package promotion_test

import (
	"testing"

	"github.com/helianthus-gi/helianthus/internal/apitest"
)

func TestScripts(t *testing.T) {
	t.Parallel()
	apitest.Run(t, "testdata/script")
}
