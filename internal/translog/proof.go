package translog

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/transparency-dev/formats/proof"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Proof proves an entry to anybody.
type Proof struct {
	Index int64
	Entry []byte // the leaf of the log
	// Salt and Opened are of an entry of which the log has a commitment only: commitment = SHA-256(Salt ‖ Opened).
	Salt, Opened []byte
	// TLog is the proof in the form of C2SP tlog-proof; its extra data is the entry.
	TLog string
}

// Prove proves the last event of a publication that the tenant may read. It returns ErrNotYet for what has no place yet.
func (l *Log) Prove(ctx context.Context, publication uuid.UUID) (p Proof, err error) {
	err = l.db.Read(ctx, func(tx pgx.Tx) error {
		p, err = prove(ctx, tx, publication)
		return err
	})
	return p, err
}

func prove(ctx context.Context, tx pgx.Tx, publication uuid.UUID) (p Proof, err error) {
	leaf, err := leafOf(ctx, tx, publication)
	if err != nil {
		return p, err
	}
	_, _, file, err := proveLeaf(ctx, tx, leaf)
	if err != nil {
		return p, err
	}
	p = Proof{Index: leaf.Index, Entry: leaf.Entry, TLog: file}
	p.Salt, p.Opened, err = opening(ctx, tx, publication, leaf.Event)
	return p, err
}

// proveLeaf proves an entry in the newest checkpoint: the hashes beside its way to the root, the checkpoint, and both as a
// file of C2SP tlog-proof.
func proveLeaf(ctx context.Context, tx pgx.Tx, f leaf) (path []Hash, signed, file string, err error) {
	signed, size, err := newestCheckpoint(ctx, tx)
	if err != nil {
		return nil, "", "", err
	}
	path, err = tlog.ProveRecord(size, f.Index, reader(func(places []place) (map[place][]byte, error) { return readTiles(ctx, tx, places) }))
	if err != nil {
		return nil, "", "", fmt.Errorf("%w: %w", errOtherTable, err)
	}
	out := proof.TLogProof{ExtraData: f.Entry, Index: uint64(f.Index), Checkpoint: []byte(signed)} //nolint:gosec // places are not negative
	for _, h := range path {
		out.Hashes = append(out.Hashes, h)
	}
	return path, signed, string(out.Marshal()), nil
}

// errProof is met for a proof that proves nothing, or something else.
var errProof = errors.New("the proof does not hold")

// Check verifies a proof with the log's key and nothing else, and returns what it proves: the entry, or what the commitment
// is of, and its place.
func (p Proof) Check(v note.Verifier) (says []byte, index int64, err error) {
	var file proof.TLogProof
	if err := file.Unmarshal([]byte(p.TLog)); err != nil {
		return nil, 0, fmt.Errorf("%w: %w", errProof, err)
	}
	n, err := note.Open(file.Checkpoint, note.VerifierList(v))
	if err != nil {
		return nil, 0, fmt.Errorf("%w: %w", errProof, err)
	}
	tree, err := ParseCheckpoint(n.Text)
	if err != nil {
		return nil, 0, fmt.Errorf("%w: %w", errProof, err)
	}
	path := make(tlog.RecordProof, len(file.Hashes))
	for i, h := range file.Hashes {
		path[i] = h
	}
	index = int64(file.Index) //nolint:gosec // a number that does not fit is in no tree
	if err := tlog.CheckRecord(path, tree.N, tree.Hash, index, tlog.RecordHash(file.ExtraData)); err != nil {
		return nil, 0, fmt.Errorf("%w: %w", errProof, err)
	}
	if p.Salt == nil {
		return file.ExtraData, index, nil
	}
	var sealed struct{ Commitment string }
	sum := sha256.Sum256(append(append([]byte{}, p.Salt...), p.Opened...))
	if err := json.Unmarshal(file.ExtraData, &sealed); err != nil || sealed.Commitment != hex.EncodeToString(sum[:]) {
		return nil, 0, fmt.Errorf("%w: the commitment is of something else", errProof)
	}
	return p.Opened, index, nil
}
