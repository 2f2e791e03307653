package credential

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/c2sp/wycheproof"
)

// vector is one case of Wycheproof, as both verifiers get it.
type vector struct {
	Name      string `json:"name"`
	JWK       JWK    `json:"jwk"`
	Message   string `json:"message"`   // base64
	Signature string `json:"signature"` // base64
	Valid     bool   `json:"valid"`
}

// vectors are Wycheproof's cases for the two algorithms, in the encodings of JOSE.
func vectors(t *testing.T) []vector {
	t.Helper()
	var all []vector
	for _, file := range []string{"ed25519_test.json", "ecdsa_secp256r1_sha256_p1363_test.json"} {
		b, err := fs.ReadFile(wycheproof.TestVectors, file)
		if err != nil {
			t.Fatal(err)
		}
		var f struct {
			NumberOfTests int
			TestGroups    []struct {
				PublicKey struct{ PK, Uncompressed string }
				Tests     []struct {
					TcID                      int
					Comment, Msg, Sig, Result string
				}
			}
		}
		if err := json.Unmarshal(b, &f); err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, g := range f.TestGroups {
			a, public := EdDSA, unhex(t, g.PublicKey.PK)
			if g.PublicKey.Uncompressed != "" {
				a, public = ES256, unhex(t, g.PublicKey.Uncompressed)
			}
			for _, c := range g.Tests {
				n++
				all = append(all, vector{
					Name: file + " " + c.Comment, JWK: NewJWK(a, public), Message: base64.StdEncoding.EncodeToString(unhex(t, c.Msg)),
					Signature: base64.StdEncoding.EncodeToString(unhex(t, c.Sig)), Valid: c.Result == "valid",
				})
			}
		}
		if n != f.NumberOfTests || n < 100 {
			t.Errorf("%s: %d cases of %d", file, n, f.NumberOfTests)
		}
	}
	return all
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestWycheproof(t *testing.T) {
	t.Parallel()
	for _, v := range vectors(t) {
		message, err1 := base64.StdEncoding.DecodeString(v.Message)
		signature, err2 := base64.StdEncoding.DecodeString(v.Signature)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		k, ok := v.JWK.public()
		if got := ok && k.verify(message, signature); got != v.Valid {
			t.Errorf("%s: got %t, want %t", v.Name, got, v.Valid)
		}
	}
}

// The page's verifier gets the same cases, under Node's WebCrypto.
func TestWycheproofInTheBrowser(t *testing.T) {
	t.Parallel()
	all := vectors(t)
	list, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "vectors.json")
	if err := os.WriteFile(file, list, 0o600); err != nil {
		t.Fatal(err)
	}
	var faults bytes.Buffer
	cmd := exec.CommandContext(t.Context(), "node", "testdata/wycheproof.mjs", "../../web/public/verify/credential.js", file)
	cmd.Stderr = &faults
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, faults.String())
	}
	var got []bool
	if err := json.Unmarshal(out, &got); err != nil || len(got) != len(all) {
		t.Fatalf("%d answers to %d cases: %v", len(got), len(all), err)
	}
	for i, v := range all {
		if got[i] != v.Valid {
			t.Errorf("%s: got %t, want %t", v.Name, got[i], v.Valid)
		}
	}
}
