package exchange_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// FuzzVerify changes a good package at will: nothing but the unchanged content is valid, and nothing panics.
func FuzzVerify(f *testing.F) {
	ctx := dbtest.Tenant(f, tenancy.County)
	s := signer(f, ctx)
	good, _ := pack(f, s, file("dossier.pdf", "the dossier"))
	keys := keySet(s)
	f.Add(good)
	f.Add(good[:len(good)-1])
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(func(t *testing.T, b []byte) {
		rep, err := exchange.Verify(bytes.NewReader(b), int64(len(b)), keys)
		if err == nil && rep.Verdict == exchange.Valid && (rep.Number != "WY-2026-17" || !bytes.Contains(b, []byte("the dossier"))) {
			t.Errorf("altered bytes are valid: %+v", rep)
		}
	})
}

func FuzzReadKeys(f *testing.F) {
	f.Add([]byte(`{"items":[{"keyId":"21fe31dfa154a261","publicKey":"AAAA","publisher":{"slug":"x"}}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		keys, err := exchange.ReadKeys(bytes.NewReader(b))
		for id, k := range keys {
			if err != nil || exchange.KeyID(k.Key) != id {
				t.Errorf("got key %s %+v, %v", id, k, err)
			}
		}
	})
}
