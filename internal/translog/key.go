package translog

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	cosign "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// key is a key of the log, or of the witness that we are.
type key struct {
	name, verifier, secret string // as signed-note writes them
}

// keysOf are the keys of a kind, the oldest first: all of them sign, so that whoever knows an older one goes on. The first
// call makes one under the name.
func (l *Log) keysOf(ctx context.Context, kind, name string) ([]key, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if known := l.keys[kind]; len(known) > 0 {
		return known, nil
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
		l.keys[kind] = found
	}
	return found, err
}

func (l *Log) readKeys(ctx context.Context, tx pgx.Tx, kind string) ([]key, error) {
	rows, _ := tx.Query(ctx, `select name, verifier, sealed from app.log_keys where kind = $1 order by id`, kind)
	b := &pgx.Batch{}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (k key, err error) {
		var sealed []byte
		if err := row.Scan(&k.name, &k.verifier, &sealed); err != nil {
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

func (l *Log) makeKey(ctx context.Context, tx pgx.Tx, kind, name string) (key, error) {
	secret, verifier, err := note.GenerateKey(rand.Reader, name)
	if err != nil {
		return key{}, fmt.Errorf("key of the log: %w", err)
	}
	_, err = tx.Exec(ctx, `insert into app.log_keys (kind, name, verifier, sealed) values ($1, $2, $3, $4)`,
		kind, name, verifier, l.vault.Seal([]byte(secret), []byte("log key "+verifier)))
	return key{name, verifier, secret}, postgres.Wrap(err, "key of the log")
}

// Rotate adds a key, which from now on signs beside the older ones. Its verifier is to be told to whoever checks.
func (l *Log) Rotate(ctx context.Context) (verifier string, err error) {
	everybody := tenancy.In(ctx, tenancy.Public)
	had, err := l.keysOf(everybody, "log", l.origin)
	if err != nil {
		return "", err
	}
	var k key
	err = l.db.Tx(everybody, func(tx pgx.Tx) error {
		k, err = l.makeKey(everybody, tx, "log", had[0].name)
		return err
	})
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.keys, "log")
	return k.verifier, err
}

// sign signs a checkpoint's text with all keys.
func sign(text string, keys []key) (string, error) {
	var signers []note.Signer
	for _, k := range slices.Backward(keys) { // the newest first
		s, err := note.NewSigner(k.secret)
		if err != nil {
			return "", fmt.Errorf("key of the log: %w", err)
		}
		signers = append(signers, s)
	}
	signed, err := note.Sign(&note.Note{Text: text}, signers...)
	return string(signed), err
}

// witnessSigner cosigns with the time (C2SP tlog-cosignature).
func witnessSigner(k key) (*cosign.Signer, error) {
	return cosign.NewSignerForCosignatureV1(k.secret)
}
