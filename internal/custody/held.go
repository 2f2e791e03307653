package custody

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"strings"
)

const (
	pemType = "PRIVATE KEY" // PKCS #8 (RFC 5958), which openssl genpkey writes
	maxPEM  = 64 << 10
)

// nameForm is that of what keys are for.
var nameForm = regexp.MustCompile(`^[a-z0-9]([a-z0-9/-]{0,98}[a-z0-9])?$`)

func generate(a Algorithm) (crypto.Signer, error) {
	switch a {
	case EdDSA:
		_, private, err := ed25519.GenerateKey(rand.Reader)
		return private, err
	case ES256:
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	}
	return nil, errMalformed
}

// idOf names a key by its public half.
func idOf(public crypto.PublicKey) string {
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		panic(err) // keys of both sorts have that form
	}
	sum := sha256.Sum256(der)
	return hex.EncodeToString(sum[:8])
}

// readKeys reads private keys in PEM; whatever else is in the text is refused.
func readKeys(text []byte) (keys []crypto.Signer, err error) {
	for {
		var block *pem.Block
		if block, text = pem.Decode(text); block == nil {
			break
		}
		key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if err != nil || block.Type != pemType {
			return nil, errors.New("not a private key of PKCS #8 in PEM")
		}
		s, ok := key.(crypto.Signer)
		if !ok || algorithmOf(s.Public()) == "" {
			return nil, errors.New("a private key is neither Ed25519 nor P-256")
		}
		keys = append(keys, s)
	}
	if strings.TrimSpace(string(text)) != "" || len(keys) == 0 {
		return nil, errors.New("not a private key of PKCS #8 in PEM")
	}
	return keys, nil
}

func signWith(key crypto.Signer, input []byte) ([]byte, error) {
	if algorithmOf(key.Public()) == EdDSA {
		return key.Sign(rand.Reader, input, crypto.Hash(0))
	}
	if len(input) != sha256.Size {
		return nil, errMalformed
	}
	return key.Sign(rand.Reader, input, crypto.SHA256)
}

// files are keys in a directory, each in a file of its own that nobody but this process's user may read.
type files string

var fileForm = regexp.MustCompile(`^[a-z0-9.-]+\.pem$`)

// Make makes a key and its file.
func (f files) Make(_ context.Context, name string, a Algorithm) (k Key, err error) {
	if !nameForm.MatchString(name) {
		return k, errMalformed
	}
	private, err := generate(a)
	if err != nil {
		return k, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return k, err
	}
	k.Public = private.Public()
	k.Ref = strings.ReplaceAll(name, "/", ".") + "-" + strings.ToLower(string(a)) + "-" + idOf(k.Public) + ".pem"
	return k, f.write(k.Ref, pem.EncodeToMemory(&pem.Block{Type: pemType, Bytes: der}))
}

// write returns when the key would survive a loss of power: the database is about to rely on it.
func (f files) write(name string, text []byte) error {
	root, err := os.OpenRoot(string(f))
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }() // files opened in it were closed by themselves
	file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	folder, err := root.Open(".")
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// Sign reads the key's file and signs.
func (f files) Sign(_ context.Context, ref string, input []byte) ([]byte, error) {
	if !fileForm.MatchString(ref) {
		return nil, errMalformed
	}
	root, err := os.OpenRoot(string(f))
	if err != nil {
		return nil, err
	}
	defer func() { _ = root.Close() }() // files opened in it were closed by themselves
	file, err := root.Open(ref)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", ref, errUnknown)
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%s: others may read it", ref)
	}
	text, err := io.ReadAll(io.LimitReader(file, maxPEM))
	if err != nil {
		return nil, err
	}
	keys, err := readKeys(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", ref, err)
	}
	return signWith(keys[0], input)
}

// environment is keys that an operator provides in variables, such as HELIANTHUS_KEY_TENANTS_WUYUAN_EDDSA. A variable holds one key
// or several; the first one is the present one, and those after it sign until the next one is taken.
type environment func(variable string) string

func variable(name string, a Algorithm) string {
	return "HELIANTHUS_KEY_" + strings.ToUpper(strings.NewReplacer("/", "_", "-", "_").Replace(name)+"_"+string(a))
}

// Make hands out the present key.
func (e environment) Make(_ context.Context, name string, a Algorithm) (Key, error) {
	if !nameForm.MatchString(name) || a != EdDSA && a != ES256 {
		return Key{}, errMalformed
	}
	v := variable(name, a)
	text := e(v)
	if text == "" {
		return Key{}, ErrNotProvided.With("Where", v)
	}
	keys, err := readKeys([]byte(text))
	if err != nil {
		return Key{}, fmt.Errorf("%s: %w", v, err)
	}
	public := keys[0].Public()
	return Key{v + "#" + idOf(public), public}, nil
}

// Sign signs with one of a variable's keys.
func (e environment) Sign(_ context.Context, ref string, input []byte) ([]byte, error) {
	v, id, ok := strings.Cut(ref, "#")
	if !ok || !strings.HasPrefix(v, "HELIANTHUS_KEY_") {
		return nil, errMalformed
	}
	if text := e(v); text != "" {
		keys, err := readKeys([]byte(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", v, err)
		}
		for _, k := range keys {
			if idOf(k.Public()) == id {
				return signWith(k, input)
			}
		}
	}
	return nil, fmt.Errorf("%s: %w", ref, errUnknown)
}
