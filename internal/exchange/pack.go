package exchange

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/helianthus-gi/helianthus/internal/locale"
)

// File is one file to be put into a data package.
type File struct {
	Path      string // relative, `/` between its parts
	MediaType string
	Source    string // the record or document it was made from, for people
	// Open opens the content from its beginning. It is called twice, once for the hash and once for the bytes.
	Open func() (io.ReadCloser, error)
}

// Bytes opens content that is in memory.
func Bytes(b []byte) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }
}

// Package is what Pack makes a data package of. Equal packages, packed by the same signer, have equal bytes.
type Package struct {
	Number   string
	IssuedAt time.Time // to the second
	BaseURL  string    // of this house, `https://gi.example`; tells a verifier where to ask whether the package holds
	Files    []File
}

// Packer makes data packages; it needs the catalogue for the README.
type Packer struct{ texts *locale.Bundle }

// NewPacker returns a Packer that takes its texts from the bundle.
func NewPacker(texts *locale.Bundle) *Packer { return &Packer{texts} }

// Pack writes a data package and returns the SHA-256 of its manifest, which PublishPackage makes known.
// It reads every file twice and is not to be called inside a transaction.
func (k *Packer) Pack(ctx context.Context, w io.Writer, s Signer, p Package) (sum [32]byte, err error) {
	m := Manifest{
		Check: strings.TrimSuffix(p.BaseURL, "/") + "/api/v1/packages/", Format: format, IssuedAt: p.IssuedAt.UTC().Truncate(time.Second), Number: p.Number,
		Issuer: Issuer{KeyID: KeyID(s.Public), Names: s.Publisher.Names, Tenant: s.Publisher.Slug},
	}
	files := append(slices.Clone(p.Files), File{Path: readmeName, MediaType: "text/plain; charset=utf-8", Open: Bytes(k.readme(m))})
	slices.SortFunc(files, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	paths := make([]string, len(files))
	for i, f := range files {
		paths[i] = f.Path
	}
	if err := checkPaths(paths); err != nil {
		return sum, err
	}
	sums := make([]uint32, len(files))
	for i, f := range files {
		if err := ctx.Err(); err != nil {
			return sum, err
		}
		var entry ManifestFile
		if entry, sums[i], err = measure(f); err != nil {
			return sum, fmt.Errorf("pack %s: %w", f.Path, err)
		}
		m.Files = append(m.Files, entry)
	}
	manifest, err := Canonical(m)
	if err != nil {
		return sum, err
	}
	signature, err := s.Sign(append([]byte(signedPrefix), manifest...))
	if err != nil {
		return sum, err
	}
	return sha256.Sum256(manifest), write(ctx, w, m, files, sums, manifest, signature)
}

func measure(f File) (ManifestFile, uint32, error) {
	entry := ManifestFile{Path: f.Path, MediaType: f.MediaType, Source: f.Source}
	r, err := f.Open()
	if err != nil {
		return entry, 0, err
	}
	defer r.Close()
	hash, crc := sha256.New(), crc32.NewIEEE()
	if entry.Size, err = io.Copy(io.MultiWriter(hash, crc), r); err != nil {
		return entry, 0, err
	}
	entry.SHA256 = hexed(hash.Sum(nil))
	return entry, crc.Sum32(), nil
}

// write puts the entries down one after the other, stored, with sizes known before (no data descriptors) and the time
// of issue, so that the same package is the same bytes wherever it is made.
func write(ctx context.Context, w io.Writer, m Manifest, files []File, sums []uint32, manifest, signature []byte) error {
	z := zip.NewWriter(w)
	at := func(path string, crc uint32, size int64) *zip.FileHeader {
		h := &zip.FileHeader{Name: path, Method: zip.Store, CRC32: crc, CompressedSize64: uint64(size), UncompressedSize64: uint64(size), Flags: utf8Names}
		h.ModifiedDate, h.ModifiedTime = dosTime(m.IssuedAt) //nolint:staticcheck // CreateRaw writes these two, and no Modified
		return h
	}
	for _, own := range []struct {
		name string
		b    []byte
	}{{manifestName, manifest}, {signatureName, signature}} {
		e, err := z.CreateRaw(at(own.name, crc32.ChecksumIEEE(own.b), int64(len(own.b))))
		if err != nil {
			return err
		}
		if _, err := e.Write(own.b); err != nil {
			return err
		}
	}
	for i, f := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		e, err := z.CreateRaw(at(f.Path, sums[i], m.Files[i].Size))
		if err != nil {
			return err
		}
		if err := copyFile(e, f, m.Files[i].Size); err != nil {
			return fmt.Errorf("pack %s: %w", f.Path, err)
		}
	}
	return z.Close()
}

func copyFile(w io.Writer, f File, size int64) error {
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	n, err := io.Copy(w, r)
	if err == nil && n != size {
		err = fmt.Errorf("read %d bytes, %d before", n, size)
	}
	return err
}

// utf8Names is the general purpose bit 11: names are UTF-8 (APPNOTE, section 4.4.4).
const utf8Names = 0x800

// dosTime is a time as ZIP keeps it, in steps of two seconds since 1980 (APPNOTE, section 4.4.6).
func dosTime(t time.Time) (date, clock uint16) {
	t = t.UTC()
	return uint16(t.Day() + int(t.Month())<<5 + (t.Year()-1980)<<9), uint16(t.Second()/2 + t.Minute()<<5 + t.Hour()<<11)
}

// readme says in Chinese and English how to check the package; commands are the same in both.
func (k *Packer) readme(m Manifest) []byte {
	var b strings.Builder
	for _, tag := range []locale.Tag{"zh-Hans", "en"} {
		b.WriteString(k.texts.T(tag, "package.readme", map[string]any{
			"Number": m.Number, "Issuer": nameIn(m.Issuer, string(tag)), "Tenant": m.Issuer.Tenant, "KeyID": m.Issuer.KeyID, "Check": m.Check,
			"Keys": strings.TrimSuffix(m.Check, "packages/") + "keys?publisher=" + m.Issuer.Tenant,
		}))
		b.WriteString("\n\n")
	}
	return []byte(strings.TrimSpace(b.String()) + "\n")
}

func nameIn(i Issuer, tag string) string {
	if n := i.Names[tag]; n != "" {
		return n
	}
	return i.Tenant
}
