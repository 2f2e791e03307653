package translog

import (
	"context"
	"fmt"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"golang.org/x/sync/errgroup"

	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Shelf takes the files of the log under the addresses that they have below /api/v1/log/, where caches and networks of
// delivery serve them without asking us: an object store.
type Shelf func(ctx context.Context, path, mediaType, cacheControl string, content []byte) error

// How long a file of the log may be kept. Tiles never change; a checkpoint is followed by the next one.
const (
	Immutable = "public, max-age=31536000, immutable"
	Soon      = "public, max-age=1"
)

const (
	shelvedAtOnce = 16          // files that are put at the same time
	shelveAgain   = time.Minute // after which the same checkpoint is put again: another node may have put an older one after it
)

// shelf is what a node knows of the shelf. A node that starts puts everything once more: files that are there already are
// the same files.
type shelf struct {
	put    Shelf // nil: there is none
	size   int64
	signed string
	at     time.Time
}

// Shelve puts what is new of the log on the shelf: first the tiles and the entries, then the checkpoint that promises them.
func (l *Log) Shelve(ctx context.Context) error {
	if l.shelf.put == nil {
		return nil
	}
	everybody := tenancy.In(ctx, tenancy.Public)
	signed, err := l.Checkpoint(everybody)
	if err != nil {
		return err
	}
	tree, err := ParseCheckpoint(signed[:strings.Index(signed, "\n\n")+1])
	if err != nil {
		return fmt.Errorf("%w: %w", errOtherTable, err)
	}
	if signed == l.shelf.signed && l.now().Sub(l.shelf.at) < shelveAgain {
		return nil
	}
	group, each := errgroup.WithContext(everybody)
	group.SetLimit(shelvedAtOnce)
	for _, t := range tlog.NewTiles(depth, l.shelf.size, tree.N) {
		paths := []string{TilePath(t.L, t.N, t.W)}
		if t.L == 0 {
			paths = append(paths, TilePath(-1, t.N, t.W))
		}
		for _, path := range paths {
			group.Go(func() error {
				data, err := l.Tile(each, path)
				if err != nil {
					return err
				}
				return l.shelf.put(each, "tile/"+path, "application/octet-stream", Immutable, data)
			})
		}
	}
	if err := group.Wait(); err != nil {
		return err
	}
	if err := l.shelf.put(everybody, "checkpoint", "text/plain; charset=utf-8", Soon, []byte(signed)); err != nil {
		return err
	}
	l.shelf.size, l.shelf.signed, l.shelf.at = tree.N, signed, l.now()
	return nil
}
