package credential

import (
	"encoding/json"

	"github.com/helianthus-gi/helianthus/internal/translog"
)

// proof checks that the published version that is attested stands in a log that one trusts. Without a log's key it is not
// checked, and the report says so by having no place.
func (r Report) proof(e Evidence, trust Trust) Report {
	if e.Proof == "" || len(trust.logs) == 0 {
		return r
	}
	p := translog.Proof{TLog: e.Proof, Salt: e.Salt, Opened: e.Opened}
	for _, v := range trust.logs {
		says, index, err := p.Check(v)
		if err != nil {
			continue
		}
		var entry struct {
			Event, Publication, Publisher, SHA256 string
		}
		if json.Unmarshal(says, &entry) == nil && entry.Event == "publish" && entry.Publication == r.Claims.Publication &&
			entry.SHA256 == r.Claims.RecordSHA256 && entry.Publisher == r.Claims.Slug {
			r.Logged = &index
			return r
		}
	}
	return r.found(BadProof)
}
