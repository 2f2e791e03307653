package translog

import (
	"context"
	"encoding/binary"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
)

// leaf is an entry with its place.
type leaf struct {
	Index       int64
	Publication uuid.UUID
	Event       string
	Entry       []byte
}

func takeQueue(ctx context.Context, tx pgx.Tx, most int) ([]leaf, error) {
	rows, _ := tx.Query(ctx, `select publication_id, event, entry from app.take_log_queue($1)`, most)
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (f leaf, err error) {
		err = row.Scan(&f.Publication, &f.Event, &f.Entry)
		return f, err
	})
	return all, postgres.Wrap(err, "queue of the log")
}

// newestSize is the size of the newest checkpoint, -1 before the first one.
func newestSize(ctx context.Context, tx pgx.Tx) (size int64, err error) {
	err = tx.QueryRow(ctx, `select coalesce(max(size), -1) from app.log_checkpoints`).Scan(&size)
	return size, postgres.Wrap(err, "size of the log")
}

func newestCheckpoint(ctx context.Context, tx pgx.Tx) (signed string, size int64, err error) {
	err = tx.QueryRow(ctx, `
		select c.size, c.note || coalesce((select string_agg(w.cosigned, '' order by w.name) from app.log_witnesses w where w.size = c.size and w.cosigned <> ''), '')
		from app.log_checkpoints c order by c.size desc limit 1`).Scan(&size, &signed)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", 0, ErrNotYet
	}
	return signed, size, postgres.Wrap(err, "checkpoint")
}

func readTiles(ctx context.Context, tx pgx.Tx, places []place) (map[place][]byte, error) {
	levels, numbers := make([]int16, len(places)), make([]int64, len(places))
	for i, p := range places {
		levels[i], numbers[i] = int16(p.level), p.n
	}
	tiles := make(map[place][]byte, len(places))
	rows, _ := tx.Query(ctx, `select t.level, t.n, t.data from app.log_tiles t join unnest($1::smallint[], $2::bigint[]) as w(level, n) on t.level = w.level and t.n = w.n`, levels, numbers)
	var level int16
	var n int64
	var data []byte
	_, err := pgx.ForEachRow(rows, []any{&level, &n, &data}, func() error {
		tiles[place{int(level), n}] = append([]byte(nil), data...)
		return nil
	})
	return tiles, postgres.Wrap(err, "tiles")
}

func write(ctx context.Context, tx pgx.Tx, entries []leaf, tiles map[place][]byte) error {
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"app", "log_leaves"}, []string{"index", "entry", "publication_id", "event"},
		pgx.CopyFromSlice(len(entries), func(i int) ([]any, error) {
			return []any{entries[i].Index, entries[i].Entry, entries[i].Publication, entries[i].Event}, nil
		}))
	if err != nil {
		return postgres.Wrap(err, "leaves")
	}
	return writeTiles(ctx, tx, tiles)
}

func writeTiles(ctx context.Context, tx pgx.Tx, tiles map[place][]byte) error {
	levels, numbers, data := []int16{}, []int64{}, [][]byte{}
	for p, d := range tiles {
		levels, numbers, data = append(levels, int16(p.level)), append(numbers, p.n), append(data, d)
	}
	_, err := tx.Exec(ctx, `
		insert into app.log_tiles (level, n, data) select * from unnest($1::smallint[], $2::bigint[], $3::bytea[])
		on conflict (level, n) do update set data = excluded.data`, levels, numbers, data)
	return postgres.Wrap(err, "tiles")
}

func addCheckpoint(ctx context.Context, tx pgx.Tx, size int64, root Hash, signed string, now time.Time) error {
	if _, err := tx.Exec(ctx, `delete from app.log_checkpoints where at < $1`, now.Add(-checkpointsKept)); err != nil {
		return postgres.Wrap(err, "old checkpoints")
	}
	_, err := tx.Exec(ctx, `insert into app.log_checkpoints (size, root, note, at) values ($1, $2, $3, $4)`, size, root[:], signed, now)
	return postgres.Wrap(err, "checkpoint")
}

// bundle is w entries from first on, each with its length before it (C2SP tlog-tiles).
func bundle(ctx context.Context, tx pgx.Tx, first int64, w int) ([]byte, error) {
	rows, _ := tx.Query(ctx, `select entry from app.log_leaves where index >= $1 and index < $2 order by index`, first, first+int64(w))
	entries, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
	if err != nil {
		return nil, postgres.Wrap(err, "entries")
	}
	if len(entries) < w {
		return nil, ErrNoTile
	}
	var data []byte
	for _, e := range entries {
		data = append(binary.BigEndian.AppendUint16(data, uint16(len(e))), e...) //nolint:gosec // the table bounds entries
	}
	return data, nil
}

// leafOf is the last event of a publication that the tenant may read.
func leafOf(ctx context.Context, tx pgx.Tx, publication uuid.UUID) (f leaf, err error) {
	var known bool
	if err := tx.QueryRow(ctx, `select exists (select from app.publications where id = $1)`, publication).Scan(&known); err != nil || !known {
		return f, errors.Join(postgres.Wrap(err, "publication %s", publication), notLogged(err))
	}
	err = tx.QueryRow(ctx, `select index, publication_id, event, entry from app.log_leaves where publication_id = $1 order by index desc limit 1`, publication).
		Scan(&f.Index, &f.Publication, &f.Event, &f.Entry)
	if errors.Is(err, pgx.ErrNoRows) {
		return f, ErrNotYet
	}
	return f, postgres.Wrap(err, "leaf of %s", publication)
}

func notLogged(err error) error {
	if err != nil {
		return nil
	}
	return ErrNotLogged
}

// opening is what a commitment was made of; nothing for entries that are in the log as they are.
func opening(ctx context.Context, tx pgx.Tx, publication uuid.UUID, event string) (salt, entry []byte, err error) {
	err = tx.QueryRow(ctx, `select salt, entry from app.log_openings where publication_id = $1 and event = $2`, publication, event).Scan(&salt, &entry)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil, nil
	}
	return salt, entry, postgres.Wrap(err, "opening of %s", publication)
}
