package document

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"sync"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// What runs, sends or starts something when a PDF is opened (ISO 32000-2, tables 201 and 207). Attached files are let
// pass: archival papers (PDF/A-3) have them, viewers do not open them by themselves.
var (
	runningKeys    = []string{"JS", "JavaScript", "XFA"}
	runningActions = []string{"JavaScript", "Launch", "SubmitForm", "ImportData", "RichMediaExecute"}
	runningParts   = []string{"RichMedia"}
)

// maxPDFDepth bounds how deep objects hold each other; deeper ones are made by hand to break readers.
const maxPDFDepth = 100

var disableConfig = sync.OnceFunc(api.DisableConfigDir) // the parser would else write into the home directory

// lookPDF reads every object of a PDF, packed or not, and refuses what runs. Looking for the words alone is not enough:
// they hide in object streams and behind #-escapes.
// A panic of the parser is a refusal too: a file that breaks it would break viewers.
func lookPDF(ctx context.Context, f content, size int64) (err error) {
	defer func() {
		if recover() != nil {
			err = refusal(reasonContent)
		}
	}()
	if err := lookPDFBytes(f, size); err != nil {
		return err
	}
	disableConfig()
	conf := model.NewDefaultConfiguration()
	conf.Limits = model.ResourceLimits{
		MaxStreamBytes: 64 << 20, MaxDecodeBytes: 64 << 20, MaxImagePixels: maxPixels, MaxImageBytes: 64 << 20,
		MaxObjectCount: 500_000, MaxObjectStreamCount: 50_000, MaxObjectStreamFirst: 4 << 20, MaxXRefEntries: 500_000, MaxRecursionDepth: maxPDFDepth,
	}
	whole, err := pdfcpu.ReadWithContext(ctx, f, conf)
	if err != nil {
		return refusal(reasonContent)
	}
	if whole.Encrypt != nil {
		return refusal(reasonEncrypted)
	}
	return lookPDFObjects(ctx, whole)
}

func lookPDFObjects(ctx context.Context, whole *model.Context) error {
	for number, entry := range whole.Table {
		if ctx.Err() != nil {
			return refusal(reasonContent) // it takes longer than any file for people does
		}
		if entry == nil || entry.Free {
			continue
		}
		o, err := whole.Dereference(*types.NewIndirectRef(number, 0))
		if err != nil {
			return refusal(reasonContent)
		}
		if err := lookPDFObject(o, 0); err != nil {
			return err
		}
	}
	if whole.EnsurePageCount() != nil || whole.PageCount == 0 { // the parser mends what is cut; there must be something left
		return refusal(reasonContent)
	}
	return nil
}

func lookPDFObject(o types.Object, depth int) error {
	if depth > maxPDFDepth {
		return refusal(reasonDepth)
	}
	switch o := o.(type) {
	case types.Dict:
		return lookPDFDict(o, depth)
	case types.StreamDict:
		return lookPDFDict(o.Dict, depth)
	case *types.StreamDict:
		return lookPDFDict(o.Dict, depth)
	case types.ObjectStreamDict:
		return lookPDFDict(o.Dict, depth)
	case *types.ObjectStreamDict:
		return lookPDFDict(o.Dict, depth)
	case types.Array:
		for _, e := range o {
			if err := lookPDFObject(e, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

func lookPDFDict(d types.Dict, depth int) error {
	for key, value := range d {
		key = plainName(key)
		if slices.Contains(runningKeys, key) {
			return refusal(reasonScript)
		}
		if name, ok := value.(types.Name); ok {
			n := plainName(string(name))
			if key == "S" && slices.Contains(runningActions, n) || key == "Subtype" && slices.Contains(runningParts, n) {
				return refusal(reasonScript)
			}
		}
		if err := lookPDFObject(value, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// plainName undoes #-escapes (ISO 32000-2, section 7.3.5).
func plainName(name string) string {
	plain, err := types.DecodeName(name)
	if err != nil {
		return name
	}
	return plain
}

// lookPDFBytes looks at the head, and for words that a viewer finds which mends a broken table of objects. They are long
// enough not to come about by chance in compressed bytes.
func lookPDFBytes(f content, size int64) error {
	head := make([]byte, min(size, 1024))
	if _, err := f.ReadAt(head, 0); err != nil || !bytes.HasPrefix(head, []byte("%PDF-")) {
		return refusal(reasonContent)
	}
	words := [][]byte{[]byte("/JavaScript"), []byte("/Launch")}
	const piece, overlap = 1 << 20, 16
	buf := make([]byte, piece+overlap)
	for at := int64(0); at < size; at += piece {
		n, err := f.ReadAt(buf, at)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		for _, w := range words {
			if bytes.Contains(buf[:n], w) {
				return refusal(reasonScript)
			}
		}
	}
	_, err := f.Seek(0, io.SeekStart)
	return err
}
