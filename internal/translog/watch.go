package translog

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// What a monitor may find. Each is a reason for alarm, and for a call to whoever keeps the log.
var (
	ErrSignature = errors.New("the checkpoint is not signed by the log")
	ErrShrunk    = errors.New("the log became smaller")
	ErrRewritten = errors.New("the log shows another history than before")
	ErrWithheld  = errors.New("the log withholds entries of its checkpoint")
)

// Monitor follows somebody's log: it reads every entry and holds the tree that they make against the log's checkpoints.
type Monitor struct {
	URL      string // prefix of the log, https://gi.example/api/v1/log
	Verifier note.Verifier
	Client   *http.Client
}

// answerMost bounds what is read of one answer: 256 entries of 64 KiB each.
const answerMost = 256 * (64<<10 + 2)

// Follow reads on from e, which is what was seen before, and returns what is seen now. each is called with every entry,
// in order, before it is known to be in the tree; what it did counts when Follow returns without an error.
func (m Monitor) Follow(ctx context.Context, e Edge, each func(index int64, entry []byte) error) (Edge, error) {
	signed, err := m.get(ctx, "checkpoint")
	if err != nil {
		return e, err
	}
	n, err := note.Open(signed, note.VerifierList(m.Verifier))
	if err != nil {
		return e, fmt.Errorf("%w: %w", ErrSignature, err)
	}
	if origin, _, _ := strings.Cut(n.Text, "\n"); origin != m.Verifier.Name() {
		return e, fmt.Errorf("%w: it is of %s", ErrSignature, origin)
	}
	tree, err := ParseCheckpoint(n.Text)
	if err != nil {
		return e, fmt.Errorf("%w: %w", ErrSignature, err)
	}
	if tree.N < e.Size {
		return e, fmt.Errorf("%w: %d entries, and %d before", ErrShrunk, tree.N, e.Size)
	}
	was := e.Size
	e.Tiles = cloned(e.Tiles)
	for e.Size < tree.N {
		if e, err = m.bundle(ctx, e, tree.N, each); err != nil {
			return e, err
		}
	}
	if e.Root() != tree.Hash {
		return e, fmt.Errorf("%w: between the entries %d and %d", ErrRewritten, was, tree.N)
	}
	return e, nil
}

func cloned(tiles [][]Hash) [][]Hash {
	all := make([][]Hash, len(tiles))
	for i := range tiles {
		all[i] = append([]Hash(nil), tiles[i]...)
	}
	return all
}

// bundle reads the bundle in which the next entry is, as far as the tree goes.
func (m Monitor) bundle(ctx context.Context, e Edge, size int64, each func(int64, []byte) error) (Edge, error) {
	n := e.Size / width
	w := min(size-n*width, width)
	data, err := m.get(ctx, "tile/"+TilePath(-1, n, int(w)))
	if err != nil {
		return e, err
	}
	for i := n * width; i < n*width+w; i++ {
		if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
			return e, fmt.Errorf("%w: bundle %d ends before entry %d", ErrWithheld, n, i)
		}
		entry := data[2 : 2+int(binary.BigEndian.Uint16(data))]
		data = data[2+len(entry):]
		if i < e.Size {
			continue
		}
		if err := each(i, entry); err != nil {
			return e, err
		}
		e.Add(tlog.RecordHash(entry), func(int, int64, []Hash) {})
	}
	return e, nil
}

func (m Monitor) get(ctx context.Context, path string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(m.URL, "/")+"/"+path, nil)
	if err != nil {
		return nil, err
	}
	res, err := m.Client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode == http.StatusNotFound && path != "checkpoint" {
		return nil, fmt.Errorf("%w: %s is not there", ErrWithheld, path)
	}
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: the log answered %d", path, res.StatusCode)
	}
	return io.ReadAll(io.LimitReader(res.Body, answerMost))
}
