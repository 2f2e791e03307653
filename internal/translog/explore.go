package translog

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// ErrNoEntry is returned for a place that the log has not reached.
var ErrNoEntry = problem.New(problem.NotFound, "log.no-entry")

// Logged is an entry as everybody may read it: the event in full, or a commitment and when it was made.
type Logged struct {
	Index       int64     `json:"-"`
	Text        []byte    `json:"-"` // what is hashed
	At          time.Time `json:"at"`
	Event       string    `json:"event"`
	Kind        string    `json:"kind"`
	Publisher   string    `json:"publisher"`
	Publication uuid.UUID `json:"publication"`
	Version     int       `json:"version"`
	SHA256      string    `json:"sha256"`
	Commitment  string    `json:"commitment"`
}

func scanLogged(row pgx.CollectableRow) (l Logged, err error) {
	if err = row.Scan(&l.Index, &l.Text); err == nil {
		err = json.Unmarshal(l.Text, &l)
	}
	return l, err
}

// newestFirst is the place in a list of entries: after that of the entry Before.
type newestFirst struct{ Before int64 }

// Entries lists entries, the newest first, and says how many the log has.
func (l *Log) Entries(ctx context.Context, limit int, cursor string) (found []Logged, size int64, next string, err error) {
	c := newestFirst{1<<63 - 1}
	if err := postgres.DecodeCursor(cursor, &c); err != nil {
		return nil, 0, "", err
	}
	everybody := tenancy.In(ctx, tenancy.Public)
	err = l.db.Read(everybody, func(tx pgx.Tx) error {
		if size, err = newestSize(ctx, tx); err != nil {
			return err
		}
		rows, _ := tx.Query(ctx, `select index, entry from app.log_leaves where index < $1 order by index desc limit $2`, c.Before, limit)
		found, err = pgx.CollectRows(rows, scanLogged)
		return postgres.Wrap(err, "entries")
	})
	if n := len(found); n == limit && found[n-1].Index > 0 {
		next = postgres.EncodeCursor(newestFirst{found[n-1].Index})
	}
	return found, max(size, 0), next, err
}

// Signature says that somebody signed a checkpoint: the log, or a witness.
type Signature struct{ Name, Key string }

// Shown is an entry with what proves it, taken apart for those who look.
type Shown struct {
	Logged
	Leaf       Hash
	Path       []Hash
	TLog       string // C2SP tlog-proof
	Signatures []Signature
}

// Entry reads the entry at a place, with its proof in the newest checkpoint. It returns ErrNoEntry.
func (l *Log) Entry(ctx context.Context, index int64) (s Shown, err error) {
	everybody := tenancy.In(ctx, tenancy.Public)
	err = l.db.Read(everybody, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select index, entry from app.log_leaves where index = $1`, index)
		if s.Logged, err = pgx.CollectExactlyOneRow(rows, scanLogged); errors.Is(err, pgx.ErrNoRows) {
			return ErrNoEntry
		}
		if err != nil {
			return postgres.Wrap(err, "entry %d", index)
		}
		var signed string
		s.Path, signed, s.TLog, err = proveLeaf(ctx, tx, leaf{Index: index, Entry: s.Text})
		s.Leaf, s.Signatures = tlog.RecordHash(s.Text), signatures(signed)
		return err
	})
	return s, err
}

// PlaceOf is the place of a publication's last event, of one that the tenant may read.
func (l *Log) PlaceOf(ctx context.Context, publication uuid.UUID) (index int64, err error) {
	err = l.db.Read(ctx, func(tx pgx.Tx) error {
		leaf, err := leafOf(ctx, tx, publication)
		index = leaf.Index
		return err
	})
	return index, err
}

// signatures reads who signed a note: lines `— NAME BASE64`, in which the first four bytes are the hash of the key
// (C2SP signed-note).
func signatures(signed string) (all []Signature) {
	_, lines, _ := strings.Cut(signed, "\n\n")
	for line := range strings.Lines(lines) {
		words := strings.Fields(line)
		if len(words) != 3 || words[0] != "—" {
			continue
		}
		if b, err := base64.StdEncoding.DecodeString(words[2]); err == nil && len(b) > 4 {
			all = append(all, Signature{words[1], hex.EncodeToString(b[:4])})
		}
	}
	return all
}
