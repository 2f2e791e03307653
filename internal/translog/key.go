package translog

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	cosign "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"

	"github.com/helianthus-gi/helianthus/internal/custody"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// key is a key of the log, or of the witness that we are.
type key struct {
	name, verifier string
	secret         string       // as signed-note writes it; empty when the key is held elsewhere
	held           *custody.Key // then this is what it is called there
}

// keysFor is how long keys are believed to be all: within that time after Rotate every node signs with the new one too.
const keysFor = time.Minute

// known are keys that were read.
type known struct {
	keys []key
	at   time.Time
}

// keysOf are the keys of a kind, the oldest first: all of them sign, so that whoever knows an older one goes on. The first
// call makes one under the name.
func (l *Log) keysOf(ctx context.Context, kind, name string) ([]key, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if k := l.keys[kind]; len(k.keys) > 0 && l.now().Sub(k.at) < keysFor {
		return k.keys, nil
	}
	everybody := tenancy.In(ctx, tenancy.Public)
	var found []key
	err := l.db.Tx(everybody, func(tx pgx.Tx) (err error) {
		if _, err := tx.Exec(everybody, `select pg_advisory_xact_lock($1)`, lockKey+1); err != nil {
			return postgres.Wrap(err, "keys of the log")
		}
		if found, err = l.readKeys(everybody, tx, kind); err != nil || len(found) > 0 {
			return err
		}
		k, err := l.makeKey(everybody, tx, kind, name)
		found = []key{k}
		return err
	})
	if err == nil {
		l.keys[kind] = known{found, l.now()}
	}
	return found, err
}

func (l *Log) readKeys(ctx context.Context, tx pgx.Tx, kind string) ([]key, error) {
	rows, _ := tx.Query(ctx, `select name, verifier, sealed, coalesce(held_as, '') from app.log_keys where kind = $1 order by id`, kind)
	b := &pgx.Batch{}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (k key, err error) {
		var sealed []byte
		var ref string
		if err := row.Scan(&k.name, &k.verifier, &sealed, &ref); err != nil {
			return k, err
		}
		if ref != "" {
			public, err := publicOf(k.verifier)
			k.held = &custody.Key{Ref: ref, Public: public}
			return k, err
		}
		bound := []byte("log key " + k.verifier)
		secret, err := l.vault.Open(sealed, bound)
		if err != nil {
			return k, err
		}
		k.secret = string(secret)
		sealed, renewed, err := l.vault.Renew(sealed, bound) // when the house's secret changed
		if renewed {
			b.Queue(`update app.log_keys set sealed = $2 where verifier = $1`, k.verifier, sealed)
		}
		return k, err
	})
	if err != nil || b.Len() == 0 {
		return found, postgres.Wrap(err, "keys of the log")
	}
	return found, postgres.Wrap(tx.SendBatch(ctx, b).Close(), "keys of the log")
}

func (l *Log) makeKey(ctx context.Context, tx pgx.Tx, kind, name string) (k key, err error) {
	k.name = name
	var sealed []byte
	var ref *string
	if l.custody.Outside() {
		held, err := l.custody.Make(ctx, kind, custody.EdDSA)
		if err != nil {
			return k, err
		}
		k.held, ref = &held, &held.Ref
		if k.verifier, err = note.NewEd25519VerifierKey(name, held.Public.(ed25519.PublicKey)); err != nil {
			return k, fmt.Errorf("key of the log: %w", err)
		}
	} else {
		if k.secret, k.verifier, err = note.GenerateKey(rand.Reader, name); err != nil {
			return k, fmt.Errorf("key of the log: %w", err)
		}
		sealed = l.vault.Seal([]byte(k.secret), []byte("log key "+k.verifier))
	}
	_, err = tx.Exec(ctx, `insert into app.log_keys (kind, name, verifier, sealed, held_as) values ($1, $2, $3, $4, $5)`, kind, name, k.verifier, sealed, ref)
	return k, postgres.Wrap(err, "key of the log")
}

// Keys are the verifiers of the log's keys, the newest first.
func (l *Log) Keys(ctx context.Context) (verifiers []string, err error) {
	keys, err := l.keysOf(ctx, "log", l.origin)
	for _, k := range slices.Backward(keys) {
		verifiers = append(verifiers, k.verifier)
	}
	return verifiers, err
}

// Rotate adds a key, which signs beside the older ones: from now on here, within a minute at every node. Its verifier is to be
// told to whoever checks. It returns custody.ErrNotProvided when the key that an operator provides is one that signs already.
func (l *Log) Rotate(ctx context.Context) (verifier string, err error) {
	everybody := tenancy.In(ctx, tenancy.Public)
	had, err := l.keysOf(everybody, "log", l.origin)
	if err != nil {
		return "", err
	}
	var k key
	err = l.db.Tx(everybody, func(tx pgx.Tx) error {
		if k, err = l.makeKey(everybody, tx, "log", had[0].name); err != nil {
			return err
		}
		if slices.ContainsFunc(had, func(h key) bool { return h.verifier == k.verifier }) {
			return custody.ErrNotProvided.With("Where", k.held.Ref)
		}
		return nil
	})
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.keys, "log")
	return k.verifier, err
}

// sign signs a checkpoint's text with all keys.
func (l *Log) sign(ctx context.Context, text string, keys []key) (string, error) {
	var signers []note.Signer
	for _, k := range slices.Backward(keys) { // the newest first
		s, err := l.signer(ctx, k)
		if err != nil {
			return "", fmt.Errorf("key of the log: %w", err)
		}
		signers = append(signers, s)
	}
	signed, err := note.Sign(&note.Note{Text: text}, signers...)
	return string(signed), err
}

func (l *Log) signer(ctx context.Context, k key) (note.Signer, error) {
	if k.held == nil {
		return note.NewSigner(k.secret)
	}
	v, err := note.NewVerifier(k.verifier)
	if err != nil {
		return nil, err
	}
	private := l.custody.Signer(ctx, *k.held)
	return heldSigner{k.name, v.KeyHash(), func(text []byte) ([]byte, error) { return private.Sign(rand.Reader, text, crypto.Hash(0)) }}, nil
}

// witnessSigner cosigns with the time (C2SP tlog-cosignature).
func (l *Log) witnessSigner(ctx context.Context, k key) (note.Signer, error) {
	if k.held == nil {
		return cosign.NewSignerForCosignatureV1(k.secret)
	}
	v, err := cosign.NewVerifierForCosignatureV1(k.verifier)
	if err != nil {
		return nil, err
	}
	private := l.custody.Signer(ctx, *k.held)
	return heldSigner{k.name, v.KeyHash(), func(text []byte) ([]byte, error) {
		at := uint64(l.now().Unix()) //nolint:gosec // after 1970
		signature, err := private.Sign(rand.Reader, fmt.Appendf(nil, "cosignature/v1\ntime %d\n%s", at, text), crypto.Hash(0))
		return append(binary.BigEndian.AppendUint64(nil, at), signature...), err
	}}, nil
}

// heldSigner signs notes with a key that is held elsewhere.
type heldSigner struct {
	name string
	hash uint32
	sign func(text []byte) ([]byte, error)
}

func (s heldSigner) Name() string                     { return s.name }
func (s heldSigner) KeyHash() uint32                  { return s.hash }
func (s heldSigner) Sign(text []byte) ([]byte, error) { return s.sign(text) }

// publicOf is the public key in a verifier: name, hash, and the key behind a byte that says its algorithm (C2SP signed-note).
func publicOf(verifier string) (ed25519.PublicKey, error) {
	parts := strings.SplitN(verifier, "+", 3)
	b, err := base64.StdEncoding.DecodeString(parts[len(parts)-1])
	if err != nil || len(b) != 1+ed25519.PublicKeySize {
		return nil, fmt.Errorf("key of the log %s: not a verifier", verifier)
	}
	return b[1:], nil
}
