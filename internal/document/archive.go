package document

import (
	"archive/zip"
	"context"
	"io"
	"path"
	"strings"
)

// Limits of archives. Declared sizes are not trusted; what is unpacked is counted.
const (
	maxEntries  = 1000
	maxUnpacked = 256 << 20
	maxRatio    = 100

	// Small files of one letter pack better than any ratio; they do no harm.
	ratioFrom = 1 << 20
)

// lookArchive reads a ZIP file through, and checks that it has the entry that makes it an office document, if any.
func lookArchive(must string) func(context.Context, content, int64) error {
	return func(ctx context.Context, f content, size int64) error {
		z, err := zip.NewReader(f, size)
		if err != nil {
			return refusal(reasonContent)
		}
		if len(z.File) > maxEntries {
			return refusal(reasonBomb)
		}
		names := map[string]bool{}
		left := int64(maxUnpacked)
		for _, e := range z.File {
			if ctx.Err() != nil {
				return refusal(reasonBomb)
			}
			if !goodEntry(e.Name) || names[e.Name] {
				return refusal(reasonPath)
			}
			names[e.Name] = true
			if e.Flags&1 != 0 { // APPNOTE, section 4.4.4, bit 0
				return refusal(reasonEncrypted)
			}
			if must != "" && strings.EqualFold(path.Base(e.Name), "vbaProject.bin") {
				return refusal(reasonMacro)
			}
			n, err := unpacked(e, left)
			if err != nil {
				return err
			}
			left -= n
		}
		if must != "" && (!names[must] || !names["[Content_Types].xml"]) {
			return refusal(reasonContent)
		}
		return nil
	}
}

// unpacked counts the bytes of an entry, which may be left bytes at most.
func unpacked(e *zip.File, left int64) (int64, error) {
	r, err := e.Open()
	if err != nil {
		return 0, refusal(reasonContent)
	}
	defer r.Close()
	n, err := io.Copy(io.Discard, io.LimitReader(r, left+1))
	if n > left || n > ratioFrom && n/maxRatio > int64(e.CompressedSize64) {
		return n, refusal(reasonBomb)
	}
	if err != nil {
		return n, refusal(reasonContent)
	}
	return n, nil
}

// goodEntry refuses names that could leave the folder they are unpacked in.
func goodEntry(name string) bool {
	if name == "" || strings.HasPrefix(name, "/") || strings.ContainsAny(name, "\\\x00") || len(name) > 1 && name[1] == ':' {
		return false
	}
	for part := range strings.SplitSeq(strings.TrimSuffix(name, "/"), "/") {
		if part == ".." {
			return false
		}
	}
	return true
}
