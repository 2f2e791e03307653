package translog

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/gowebpki/jcs"
	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/helianthus-gi/helianthus/internal/custody"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Problems of the log.
var (
	ErrNoTile     = problem.New(problem.NotFound, "log.no-tile")
	ErrNotLogged  = problem.New(problem.NotFound, "log.not-logged")
	ErrNotYet     = problem.New(problem.Unavailable, "log.not-yet")
	errOtherTable = errors.New("the log's tables do not fit its checkpoint")
)

// Vault hides and opens keys of the house; exchange.Keys is one.
type Vault interface {
	Seal(secret, name []byte) []byte
	Open(sealed, name []byte) ([]byte, error)
	// Renew seals again what an older secret of the house sealed.
	Renew(sealed, name []byte) (renewed []byte, changed bool, err error)
}

// Log is the house's transparency log.
type Log struct {
	db        *tenancy.DB
	vault     Vault
	custody   *custody.Custody
	origin    string // of a new log
	witnesses []Witness
	watched   map[string]note.Verifier // logs whose witness we are, by origin
	client    *http.Client
	log       *slog.Logger
	now       func() time.Time
	shelf     shelf // of the sequencer's goroutine

	mu   sync.Mutex
	keys map[string]known // by kind
}

// Config says what a log is called and who else looks at it.
type Config struct {
	BaseURL   string // the origin of a new log is this address without its scheme, and /api/v1/log
	Vault     Vault
	Custody   *custody.Custody         // where new keys are made; nil: in the database, sealed
	Witnesses []Witness                // who cosigns our checkpoints
	Watched   map[string]note.Verifier // whose checkpoints we cosign, by origin
	Shelf     Shelf                    // where the log's files are put; nil: nowhere
	Log       *slog.Logger
	Now       func() time.Time
}

// New returns the log over db; its keys are made at its first checkpoint.
func New(db *tenancy.DB, c Config) *Log {
	_, host, ok := strings.Cut(c.BaseURL, "://")
	if !ok {
		host = "localhost"
	}
	return &Log{
		db: db, vault: c.Vault, custody: c.Custody, origin: strings.TrimSuffix(host, "/") + "/api/v1/log", witnesses: c.Witnesses, watched: c.Watched,
		client: &http.Client{Timeout: witnessTimeout}, log: c.Log, now: c.Now, shelf: shelf{put: c.Shelf}, keys: map[string]known{},
	}
}

// Entry is an event that is to be in the log.
type Entry struct {
	Event       string // publish, withdraw
	Kind        string
	Publication uuid.UUID
	Publisher   string // slug
	Version     int
	SHA256      [32]byte // of the content
	At          time.Time
	Public      bool // else a commitment stands in the log
}

// line is an entry as it is hashed; the order of its members is that of RFC 8785.
type line struct {
	At          string    `json:"at"`
	Event       string    `json:"event"`
	Kind        string    `json:"kind"`
	Publication uuid.UUID `json:"publication"`
	Publisher   string    `json:"publisher"`
	SHA256      string    `json:"sha256"`
	Version     int       `json:"version"`
}

func canonical(v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return jcs.Transform(b)
}

// Append puts an entry into the caller's transaction.
func Append(ctx context.Context, tx pgx.Tx, e Entry) error {
	at := e.At.UTC().Format(time.RFC3339Nano)
	full, err := canonical(line{at, e.Event, e.Kind, e.Publication, e.Publisher, hex.EncodeToString(e.SHA256[:]), e.Version})
	if err != nil {
		return fmt.Errorf("log entry: %w", err)
	}
	leaf := full
	if !e.Public {
		salt := make([]byte, 32)
		_, _ = rand.Read(salt) // never fails
		sum := sha256.Sum256(append(append([]byte{}, salt...), full...))
		if leaf, err = canonical(map[string]string{"at": at, "commitment": hex.EncodeToString(sum[:])}); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `insert into app.log_openings (publication_id, event, salt, entry) values ($1, $2, $3, $4)
			on conflict (tenant_id, publication_id, event) do nothing`, e.Publication, e.Event, salt, full)
		if err != nil {
			return postgres.Wrap(err, "log opening %s", e.Publication)
		}
	}
	_, err = tx.Exec(ctx, `insert into app.log_queue (publication_id, event, entry) values ($1, $2, $3)`, e.Publication, e.Event, leaf)
	return postgres.Wrap(err, "log %s", e.Publication)
}

const (
	lookEvery = 200 * time.Millisecond
	batch     = 5000

	// checkpointsKept is how long checkpoints are kept that newer ones followed.
	checkpointsKept = time.Hour

	// lockKey lets one sequencer work at a time.
	lockKey = 5000
)

// Run gives entries their places until ctx ends, and asks the witnesses. Any number of nodes may run it.
func (l *Log) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		n, err := l.Sequence(ctx)
		if err != nil && ctx.Err() == nil {
			l.log.ErrorContext(ctx, "the transparency log", "error", err)
		}
		if err == nil {
			l.ask(ctx)
			if err := l.Shelve(ctx); err != nil && ctx.Err() == nil {
				l.log.ErrorContext(ctx, "the log's files in the object store", "error", err)
			}
		}
		if n == batch {
			continue
		}
		select {
		case <-ctx.Done():
		case <-time.After(lookEvery):
		}
	}
	return nil
}

// Sequence gives their places to the entries that wait, at most a batch, and signs the tree that they make. It returns
// how many there were; none when another node does so at this moment.
func (l *Log) Sequence(ctx context.Context) (n int, err error) {
	everybody := tenancy.In(ctx, tenancy.Public)
	keys, err := l.keysOf(everybody, "log", l.origin)
	if err != nil {
		return 0, err
	}
	err = l.db.Tx(everybody, func(tx pgx.Tx) error {
		n, err = l.sequence(everybody, tx, keys)
		return err
	})
	return n, err
}

func (l *Log) sequence(ctx context.Context, tx pgx.Tx, keys []key) (int, error) {
	var mine bool
	if err := tx.QueryRow(ctx, `select pg_try_advisory_xact_lock($1)`, lockKey).Scan(&mine); err != nil || !mine {
		return 0, postgres.Wrap(err, "lock of the log")
	}
	entries, err := takeQueue(ctx, tx, batch)
	if err != nil {
		return 0, err
	}
	size, err := newestSize(ctx, tx)
	if err != nil || len(entries) == 0 && size >= 0 {
		return 0, err
	}
	size = max(size, 0)
	tiles, err := readTiles(ctx, tx, partial(size))
	if err != nil {
		return 0, err
	}
	edge, err := edgeOf(size, tiles)
	if err != nil {
		return 0, fmt.Errorf("%w: %w", errOtherTable, err)
	}
	changed := map[place][]byte{}
	for i := range entries {
		entries[i].Index = edge.Size
		edge.Add(tlog.RecordHash(entries[i].Entry), func(level int, n int64, hashes []Hash) { changed[place{level, n}] = bytesOf(hashes) })
	}
	for _, at := range partial(edge.Size) {
		changed[at] = bytesOf(edge.Tiles[at.level])
	}
	text, root := tlogText(keys[0].name, edge), edge.Root()
	signed, err := l.sign(ctx, text, keys)
	if err != nil {
		return 0, err
	}
	if err := write(ctx, tx, entries, changed); err != nil {
		return 0, err
	}
	return len(entries), addCheckpoint(ctx, tx, edge.Size, root, signed, l.now())
}

// tlogText is the text of a checkpoint (C2SP tlog-checkpoint).
func tlogText(origin string, e Edge) string {
	return fmt.Sprintf("%s\n%d\n%s\n", origin, e.Size, e.Root())
}

// Checkpoint is the newest signed checkpoint with the cosignatures that it has.
func (l *Log) Checkpoint(ctx context.Context) (signed string, err error) {
	err = l.db.Read(ctx, func(tx pgx.Tx) error {
		signed, _, err = newestCheckpoint(ctx, tx)
		return err
	})
	return signed, err
}

// Tile is what is served under an address below tile/: hashes, or a bundle of entries; it never changes.
func (l *Log) Tile(ctx context.Context, path string) (data []byte, err error) {
	t, err := parseTile(path)
	if err != nil {
		return nil, ErrNoTile
	}
	err = l.db.Read(ctx, func(tx pgx.Tx) error {
		if t.entries {
			data, err = bundle(ctx, tx, t.n*width, t.width)
			return err
		}
		tiles, err := readTiles(ctx, tx, []place{t.place})
		if err != nil {
			return err
		}
		if data = tiles[t.place]; len(data) < t.width*tlog.HashSize {
			return ErrNoTile
		}
		data = data[:t.width*tlog.HashSize]
		return nil
	})
	return data, err
}
