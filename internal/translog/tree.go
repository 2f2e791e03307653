package translog

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"math/bits"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// Hash is a hash of the tree, as RFC 6962 makes them.
type Hash = tlog.Hash

// width is how many hashes a full tile has; depth how many levels of the tree it spans.
const (
	width = 256
	depth = 8
)

// place is where a tile stands: its level, and its number in that level.
type place struct {
	level int
	n     int64
}

// Edge is the right-hand edge of a tree: of each level the hashes of its last tile that is not full. It is all that is
// needed to add entries and to compute the root.
type Edge struct {
	Size  int64    `json:"size"`
	Tiles [][]Hash `json:"tiles"` // by level
}

// Add adds a leaf; done is called with each tile that becomes full.
func (e *Edge) Add(leaf Hash, done func(level int, n int64, hashes []Hash)) {
	e.Size++
	h := leaf
	for level := 0; ; level++ {
		if level == len(e.Tiles) {
			e.Tiles = append(e.Tiles, nil)
		}
		e.Tiles[level] = append(e.Tiles[level], h)
		if len(e.Tiles[level]) < width {
			return
		}
		h = perfect(e.Tiles[level])
		done(level, e.Size>>(depth*(level+1))-1, e.Tiles[level])
		e.Tiles[level] = nil
	}
}

// Root is the hash of the whole tree (RFC 6962, section 2.1).
func (e *Edge) Root() Hash {
	if e.Size == 0 {
		return sha256.Sum256(nil)
	}
	var parts []Hash // perfect trees, the largest first
	for level := len(e.Tiles) - 1; level >= 0; level-- {
		left := e.Tiles[level]
		for len(left) > 0 {
			size := 1 << (bits.Len(uint(len(left))) - 1)
			parts, left = append(parts, perfect(left[:size])), left[size:]
		}
	}
	root := parts[len(parts)-1]
	for i := len(parts) - 2; i >= 0; i-- {
		root = tlog.NodeHash(parts[i], root)
	}
	return root
}

// perfect is the hash of a tree of 2^k hashes.
func perfect(hashes []Hash) Hash {
	if len(hashes) == 1 {
		return hashes[0]
	}
	half := len(hashes) / 2
	return tlog.NodeHash(perfect(hashes[:half]), perfect(hashes[half:]))
}

// partial are the places of a tree's tiles that are not full, and their widths.
func partial(size int64) (all []place) {
	for level := 0; size>>(depth*level) > 0; level++ {
		if n := size >> (depth * level); n%width > 0 {
			all = append(all, place{level, n / width})
		}
	}
	return all
}

// edgeOf puts an edge together from the tiles that partial names.
func edgeOf(size int64, tiles map[place][]byte) (Edge, error) {
	e := Edge{Size: size}
	for level := 0; size>>(depth*level) > 0; level++ {
		n := size >> (depth * level)
		hashes, err := hashesOf(tiles[place{level, n / width}], int(n%width))
		if err != nil {
			return e, fmt.Errorf("tile %d/%d: %w", level, n/width, err)
		}
		e.Tiles = append(e.Tiles, hashes)
	}
	return e, nil
}

var errShort = errors.New("the tile has fewer hashes than the tree")

func hashesOf(data []byte, w int) ([]Hash, error) {
	if len(data) < w*tlog.HashSize {
		return nil, errShort
	}
	hashes := make([]Hash, w)
	for i := range hashes {
		hashes[i] = Hash(data[i*tlog.HashSize:])
	}
	return hashes, nil
}

func bytesOf(hashes []Hash) []byte {
	data := make([]byte, 0, len(hashes)*tlog.HashSize)
	for _, h := range hashes {
		data = append(data, h[:]...)
	}
	return data
}

// reader reads hashes of the tree out of tiles, for proofs: tlog numbers the hashes of all levels in one row.
type reader func(places []place) (map[place][]byte, error)

func (read reader) ReadHashes(indexes []int64) ([]Hash, error) {
	type spot struct {
		at   place
		from int
		size int
	}
	spots, places := make([]spot, len(indexes)), []place{}
	for i, index := range indexes {
		level, n := tlog.SplitStoredHashIndex(index)
		size := 1 << (level % depth)
		first := n * int64(size) // in the tile's own level
		spots[i] = spot{place{level / depth, first / width}, int(first % width), size}
		places = append(places, spots[i].at)
	}
	tiles, err := read(places)
	if err != nil {
		return nil, err
	}
	hashes := make([]Hash, len(indexes))
	for i, s := range spots {
		all, err := hashesOf(tiles[s.at], s.from+s.size)
		if err != nil {
			return nil, fmt.Errorf("tile %d/%d: %w", s.at.level, s.at.n, err)
		}
		hashes[i] = perfect(all[s.from:])
	}
	return hashes, nil
}

// tile is what an address under tile/ asks for.
type tile struct {
	place
	entries bool // a bundle of entries instead of hashes
	width   int
}

var errAddress = errors.New("no address of a tile")

// parseTile reads `<L>/<N>[.p/<W>]` or `entries/<N>[.p/<W>]`; <N> is in groups of three digits, all but the last with an x.
func parseTile(path string) (t tile, err error) {
	t.width = width
	if before, w, ok := strings.Cut(path, ".p/"); ok {
		path = before
		if t.width, err = decimal(w, width-1); err != nil || t.width == 0 {
			return t, errAddress
		}
	}
	first, rest, ok := strings.Cut(path, "/")
	if !ok {
		return t, errAddress
	}
	if t.entries = first == "entries"; !t.entries {
		if t.level, err = decimal(first, 63); err != nil {
			return t, errAddress
		}
	}
	groups := strings.Split(rest, "/")
	if len(groups) > 6 {
		return t, errAddress
	}
	for i, g := range groups {
		digits, marked := strings.CutPrefix(g, "x")
		if len(digits) != 3 || marked != (i < len(groups)-1) || strings.Trim(digits, "0123456789") != "" || i == 0 && marked && digits == "000" {
			return t, errAddress
		}
		n, _ := strconv.Atoi(digits)
		t.n = t.n*1000 + int64(n)
	}
	return t, nil
}

// decimal reads a number without leading zeroes.
func decimal(text string, most int) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > most || strconv.Itoa(n) != text {
		return 0, errAddress
	}
	return n, nil
}

// TilePath is the address of a tile under tile/; level -1 is that of entries.
func TilePath(level int, n int64, w int) string {
	text := fmt.Sprintf("%03d", n%1000)
	for n >= 1000 {
		n /= 1000
		text = fmt.Sprintf("x%03d/%s", n%1000, text)
	}
	first := "entries"
	if level >= 0 {
		first = strconv.Itoa(level)
	}
	if w < width {
		text += ".p/" + strconv.Itoa(w)
	}
	return first + "/" + text
}
