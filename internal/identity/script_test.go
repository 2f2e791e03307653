package identity_test

import (
	"testing"

	"github.com/helianthus-gi/helianthus/internal/apitest"
)

func TestScripts(t *testing.T) { apitest.Run(t, "testdata/script") }
