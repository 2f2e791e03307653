package api_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/uuid"
	"github.com/gowebpki/jcs"
	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/note"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/apitest"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/translog"
)

// follow reads the feed from a position to its head and believes nothing: the hash of each content is computed again, and a
// proof of it must hold with the log's key. Package api is generated and knows no rules; those of a whole copy (killed
// at any moment, log read entry by entry) are in internal/mirror, which `helianthus sync` runs for whoever is outside this module.
func follow(ctx context.Context, house, logKey string, after int64, each func(api.Change)) (position int64, err error) {
	client, err := api.NewClientWithResponses(house, api.WithRequestEditorFn(func(_ context.Context, r *http.Request) error {
		r.Header.Set("Accept", "application/json") // with credentials: Authorization, Bearer and the token of issueToken
		return nil
	}))
	if err != nil {
		return after, err
	}
	for {
		page, err := client.ListChangesWithResponse(ctx, &api.ListChangesParams{After: &after})
		if err != nil {
			return after, err
		}
		if page.JSON200 == nil {
			return after, fmt.Errorf("the house refused: %s", page.ApplicationproblemJSONDefault.Code)
		}
		for _, c := range page.JSON200.Items {
			if err := verify(ctx, client, logKey, c); err != nil {
				return after, fmt.Errorf("change %d: %w", c.Seq, err)
			}
			each(c)
		}
		after = page.JSON200.Position // keep it when what the page says is done
		if after == page.JSON200.Head {
			return after, nil
		}
	}
}

func verify(ctx context.Context, client *api.ClientWithResponses, logKey string, c api.Change) error {
	if c.Publication == nil || c.Publication.Content == nil {
		return nil // a change that takes something away brings nothing to verify
	}
	content, err := jcs.Transform(*c.Publication.Content)
	if err != nil {
		return err
	}
	if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != c.Publication.Sha256 {
		return fmt.Errorf("the content is altered")
	}
	answer, err := client.ReadProofWithResponse(ctx, c.PublicationId)
	if err != nil {
		return err
	}
	if answer.JSON200 == nil {
		return fmt.Errorf("no proof: %s", answer.ApplicationproblemJSONDefault.Code)
	}
	proof := translog.Proof{TLog: answer.JSON200.Proof}
	if answer.JSON200.Salt != nil {
		if proof.Salt, err = base64.StdEncoding.DecodeString(*answer.JSON200.Salt); err != nil {
			return err
		}
		proof.Opened = []byte(*answer.JSON200.Opened)
	}
	key, err := note.NewVerifier(logKey)
	if err != nil {
		return err
	}
	says, _, err := proof.Check(key)
	if err != nil {
		return err
	}
	var entry struct{ Publication, SHA256 string }
	if err := json.Unmarshal(says, &entry); err != nil || entry.Publication != c.PublicationId.String() || entry.SHA256 != c.Publication.Sha256 {
		return fmt.Errorf("the entry is of something else")
	}
	return nil
}

func Example_feed() {
	position, err := follow(context.Background(), "https://gi.example", "gi.example/api/v1/log+9ae4f1c2+AX…", 0, func(c api.Change) {
		fmt.Println(c.Seq, c.Event, c.Kind, c.RecordId)
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("go on from", position)
}

// The example is run against a real house.
func TestExampleFollowsAndVerifies(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	server := httptest.NewServer(h.Server)
	t.Cleanup(server.Close)
	record, ctx := uuid.New(), h.Tenant(t, tenancy.County)
	err := h.DB.Tx(ctx, func(tx pgx.Tx) error {
		_, err := exchange.Publish(ctx, tx, exchange.Publication{Kind: "registration", RecordID: record, Content: map[string]any{"name": "五原向日葵"}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Translog.Sequence(ctx); err != nil {
		t.Fatal(err)
	}
	info, err := h.Translog.Info(tenancy.In(t.Context(), tenancy.Public))
	if err != nil || len(info.Keys) == 0 {
		t.Fatalf("the log has no key: %v", err)
	}
	var seen []uuid.UUID
	position, err := follow(t.Context(), server.URL, info.Keys[0], 0, func(c api.Change) { seen = append(seen, c.RecordId) })
	if err != nil || len(seen) == 0 || seen[len(seen)-1] != record {
		t.Fatalf("got %v, %v, want %s", seen, err, record)
	}
	again, err := follow(t.Context(), server.URL, info.Keys[0], position, func(c api.Change) { t.Errorf("again: %+v", c) })
	if err != nil || again != position {
		t.Errorf("from %d it went to %d, %v", position, again, err)
	}
	if _, err := follow(t.Context(), server.URL, "nobody+00000000+AA==", 0, func(api.Change) {}); err == nil {
		t.Error("a key of nobody was taken")
	}
}
