package apitest

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/note"

	attest "github.com/helianthus-gi/helianthus/internal/credential"
	"github.com/helianthus-gi/helianthus/internal/custody"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/httpd"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/translog"
)

// inCustody is another node of the house, whose new keys are made by a custodian behind a socket.
func (h *House) inCustody(t *testing.T) *House {
	t.Helper()
	held, err := custody.Open("file:" + t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "keys") // the path of a socket is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket := filepath.Join(dir, "s")
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	custodian := &http.Server{Handler: custody.Handler(held.Custodian(), slog.New(slog.DiscardHandler))} //nolint:gosec // ends with the test
	go custodian.Serve(l)                                                                                //nolint:errcheck // ends with the test
	t.Cleanup(func() { custodian.Close() })
	c := h.Config
	if c.Custody, err = custody.Open("unix:" + socket); err != nil {
		t.Fatal(err)
	}
	house, err := httpd.Assemble(c)
	if err != nil {
		t.Fatal(err)
	}
	server, err := httpd.New(house)
	if err != nil {
		t.Fatal(err)
	}
	return &House{house, &Watched{Server: server}, h.ahead, h.log, nil}
}

// signed is what partners keep: a data package, a receipt's key, two credentials with their lists and a proof of the log.
type signed struct {
	pack  []byte
	token map[attest.Algorithm]string
	lists []string
	proof translog.Proof
	log   note.Verifier // as it was known then
}

// TestRotationKeepsWhatWasSigned rotates every key of a tenant, and looks whether what was signed before is believed afterwards, and
// what is signed afterwards too: with keys in the database, and with keys that are held elsewhere.
func TestRotationKeepsWhatWasSigned(t *testing.T) {
	t.Parallel()
	shared := Open(t)
	for name, h := range map[string]*House{"database": shared, "custodian": shared.inCustody(t)} {
		ctx := h.Tenant(t, tenancy.Jurisdiction)
		s, err := tenancy.From(ctx)
		if err != nil {
			t.Fatal(err)
		}
		record := uuid.New()
		err = h.DB.Tx(ctx, func(tx pgx.Tx) error {
			_, err := exchange.Publish(ctx, tx, exchange.Publication{Kind: "registration", RecordID: record,
				Content: registry.Public{Content: registry.Content{Office: "XA", Names: []registry.Name{{Text: "Canola", Language: "en", Kind: "original"}}}, Status: registry.Registered}})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		before := h.signs(t, ctx, record)
		keys, err := h.Exchange.SigningKeys(ctx)
		if err != nil || len(keys) != 2 {
			t.Fatalf("%s: %d keys, %v, want one of each algorithm", name, len(keys), err)
		}
		for _, k := range keys {
			if _, err := h.Exchange.RotateKey(ctx, k.ID, exchange.Routine); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		after := h.signs(t, ctx, record)
		for when, kept := range map[string]signed{"before": before, "after": after} {
			h.believes(t, name+", signed "+when, s.Slug, kept, after.lists)
		}
		for a, text := range before.token {
			if text == after.token[a] {
				t.Errorf("%s: %s signed nothing new", name, a)
			}
		}
	}
}

// signs has everything signed with the present keys.
func (h *House) signs(t *testing.T, ctx context.Context, record uuid.UUID) (s signed) {
	t.Helper()
	if _, err := h.Translog.Sequence(ctx); err != nil {
		t.Fatal(err)
	}
	var signer exchange.Signer
	var publication uuid.UUID
	err := h.DB.Tx(ctx, func(tx pgx.Tx) (err error) {
		if signer, err = h.Keys.Signer(ctx, tx); err != nil {
			return err
		}
		return tx.QueryRow(ctx, `select id from app.publications where record_id = $1 and tenant_id = app.tenant() and superseded_at is null`, record).Scan(&publication)
	})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	_, err = exchange.NewPacker(h.Bundle).Pack(ctx, &b, signer, exchange.Package{Number: "N-1", IssuedAt: time.Now().UTC().Truncate(time.Second), BaseURL: "https://gi.example",
		Files: []exchange.File{{Path: "a.txt", MediaType: "text/plain", Source: "test", Open: exchange.Bytes([]byte("one"))}}})
	if err != nil {
		t.Fatal(err)
	}
	s.pack, s.token = b.Bytes(), map[attest.Algorithm]string{}
	for _, a := range []attest.Algorithm{attest.EdDSA, attest.ES256} {
		c, err := h.Attests.Issue(ctx, attest.Order{Kind: "registration", RecordID: record, Algorithm: a, Languages: []string{"en"}})
		if err != nil {
			t.Fatal(err)
		}
		s.token[a] = c.Token
		for _, id := range c.StatusLists() {
			s.lists = append(s.lists, h.Nobody().Do(t, http.MethodGet, "/api/v1/credential-status-lists/"+id.String(), nil, nil).Body.String())
		}
	}
	if s.proof, err = h.Translog.Prove(ctx, publication); err != nil {
		t.Fatal(err)
	}
	info, err := h.Translog.Info(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if s.log, err = note.NewVerifier(info.Keys[0]); err != nil {
		t.Fatal(err)
	}
	return s
}

// believes verifies with what anybody is given now.
func (h *House) believes(t *testing.T, name, slug string, s signed, lists []string) {
	t.Helper()
	keys, err := exchange.ReadKeys(h.Nobody().Do(t, http.MethodGet, "/api/v1/keys?publisher="+slug, nil, nil).Body)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := exchange.Verify(bytes.NewReader(s.pack), int64(len(s.pack)), keys); err != nil || r.Verdict != exchange.Valid {
		t.Errorf("%s: the package is %s, %v", name, r.Verdict, err)
	}
	trust, err := attest.ReadTrust(h.Nobody().Do(t, http.MethodGet, "/api/v1/issuers", nil, nil).Body)
	if err != nil {
		t.Fatal(err)
	}
	for a, text := range s.token {
		r, err := attest.Verify(text, attest.Evidence{Lists: lists, Fresh: true, Proof: s.proof.TLog}, trust, time.Now())
		if err != nil || r.Verdict != attest.Valid {
			t.Errorf("%s: the credential in %s is %s %v, %v", name, a, r.Verdict, r.Findings, err)
		}
	}
	if _, _, err := s.proof.Check(s.log); err != nil {
		t.Errorf("%s: the proof of the log: %v", name, err)
	}
}
