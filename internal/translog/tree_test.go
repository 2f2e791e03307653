package translog_test

import (
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/helianthus-gi/helianthus/internal/translog"
)

// Known answers: roots of the first trees whose entries are those of the tests of Certificate Transparency's log.
func TestRootsOfKnownTrees(t *testing.T) {
	t.Parallel()
	entries := []string{"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"}
	roots := []string{
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c", "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	}
	var e translog.Edge
	if got, want := hex.EncodeToString(hashBytes(e.Root())), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"; got != want {
		t.Errorf("the empty tree: %s, want %s", got, want)
	}
	for n, text := range entries {
		entry, err := hex.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		e.Add(tlog.RecordHash(entry), func(int, int64, []translog.Hash) { t.Error("a tile of eight entries is full") })
		if got := hex.EncodeToString(hashBytes(e.Root())); got != roots[n] {
			t.Errorf("%d entries: %s, want %s", n+1, got, roots[n])
		}
	}
}

func hashBytes(h translog.Hash) []byte { return h[:] }

// Over many sizes the root is the one that the library of Go's checksum database computes, and full tiles come once each.
func TestEdgeIsTheLibrarysTree(t *testing.T) {
	t.Parallel()
	var stored []tlog.Hash
	read := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		all := make([]tlog.Hash, len(indexes))
		for i, n := range indexes {
			all[i] = stored[n]
		}
		return all, nil
	})
	var e translog.Edge
	full := map[string]bool{}
	for n := range int64(256*256 + 700) {
		record := fmt.Appendf(nil, "entry %d", n)
		hashes, err := tlog.StoredHashes(n, record, read)
		if err != nil {
			t.Fatal(err)
		}
		stored = append(stored, hashes...)
		e.Add(tlog.RecordHash(record), func(level int, n int64, hashes []translog.Hash) {
			at := translog.TilePath(level, n, 256)
			if full[at] || len(hashes) != 256 {
				t.Errorf("tile %s of %d hashes comes again", at, len(hashes))
			}
			full[at] = true
		})
		if n < 600 || n%257 == 0 || n > 256*256-3 {
			want, err := tlog.TreeHash(n+1, read)
			if err != nil || e.Root() != want {
				t.Fatalf("%d entries: %s, want %s (%v)", n+1, e.Root(), want, err)
			}
		}
	}
	if len(full) != 256+2+1 {
		t.Errorf("%d full tiles, want 258 of leaves and one above", len(full))
	}
}

func TestTileAddresses(t *testing.T) {
	t.Parallel()
	for range 2000 {
		level, n, w := rand.IntN(5)-1, rand.Int64N(1<<40), 1+rand.IntN(256)
		path := translog.TilePath(level, n, w)
		got, err := translog.ParseTile(path)
		if err != nil || fmt.Sprint(got) != fmt.Sprint(mustTile(t, path)) {
			t.Fatalf("%s: %v %v", path, got, err)
		}
	}
	if got := translog.TilePath(0, 1234067, 256); got != "0/x001/x234/067" {
		t.Errorf("got %s", got)
	}
	for _, wrong := range []string{"", "0", "0/", "/000", "00/000", "64/000", "-1/000", "0/0", "0/0000", "0/x001", "0/x000/001", "0/001/002", "0/000.p/0", "0/000.p/256", "0/000.p/01", "0/000.p/", "0/000/x001", "entries/x", "0/00a", "0/x001/x002/x003/x004/x005/x006/007", "0/../000"} {
		if got, err := translog.ParseTile(wrong); err == nil {
			t.Errorf("%q was taken for %v", wrong, got)
		}
	}
}

func mustTile(t *testing.T, path string) any {
	t.Helper()
	got, err := translog.ParseTile(path)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func FuzzParseTile(f *testing.F) {
	f.Add("0/x001/234.p/17")
	f.Add("entries/000")
	f.Fuzz(func(t *testing.T, path string) {
		if got, err := translog.ParseTile(path); err == nil && fmt.Sprint(got) == "" {
			t.Error("nothing")
		}
	})
}
