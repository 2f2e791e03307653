package document_test

import (
	"testing"

	"github.com/helianthus-gi/helianthus/i18n"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/locale"
)

func TestEveryReasonHasItsSentence(t *testing.T) {
	t.Parallel()
	texts, err := locale.Load(i18n.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, reason := range document.Reasons {
		for _, tag := range []locale.Tag{locale.Chinese, locale.English} {
			if !texts.Has(tag, reason) {
				t.Errorf("%s has no message %s", tag, reason)
			}
		}
	}
}
