package marks

import (
	"bufio"
	"context"
	"io"
	"strconv"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// PrintForm is a form of the file that a printer gets.
type PrintForm string

// The forms.
const (
	PrintCSV PrintForm = "csv" // number, code and address, a mark a line
	PrintZPL PrintForm = "zpl" // a label a mark, for thermal printers that know ZPL II
	PrintPDF PrintForm = "pdf" // sheets of labels, for any printer
)

// ErrNotPrintable is returned for codes of marks that were printed already, or never will be: a second print makes two of one.
var ErrNotPrintable = problem.New(problem.Conflict, "mark-batch.not-printable")

// PrintFile writes the codes of a range of a batch that are with their printer. It says who took them in the trail.
type PrintFile struct {
	numbers Numbers
	form    PrintForm
	batch   uint32 // its number, which stands on sheets
	sealer  *Sealer
	address string // of a code, without it
}

// PrintFile prepares the file; Write then needs no database. count 0 means all from first on.
func (s *Batches) PrintFile(ctx context.Context, batch uuid.UUID, form PrintForm, n Numbers, base string) (f *PrintFile, b Batch, err error) {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return nil, b, err
	}
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		if b, err = batchByID(ctx, tx, batch); err != nil {
			return err
		}
		if n.Count == 0 {
			n.Count = b.Count - n.First
		}
		if n.First < 0 || n.Count < 1 || n.end() > b.Count {
			return ErrNoNumbers
		}
		if form == PrintPDF {
			if err := checkSheets(n); err != nil {
				return err
			}
		}
		var there bool
		err := tx.QueryRow(ctx, `
			select coalesce(range_agg(numbers) @> int8range($2, $3), false) from app.mark_holdings where batch_id = $1 and numbers && int8range($2, $3) and place_kind in ('ordered', 'printed')`,
			batch, n.First, n.end()).Scan(&there)
		if err != nil {
			return postgres.Wrap(err, "print file of mark batch %s", batch)
		}
		if !there {
			return ErrNotPrintable
		}
		f = &PrintFile{numbers: n, form: form, batch: b.Code, address: base + "/m/"}
		if f.sealer, _, err = sealerOf(ctx, tx, s.vault, scope.Tenant, b); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "mark-batch.export", ObjectKind: "mark-batch", ObjectID: batch.String(), After: map[string]any{"form": form, "first": n.First, "count": n.Count}})
	})
	return f, b, err
}

// Write writes the file, a mark after the other, in little memory whatever their number.
func (f *PrintFile) Write(ctx context.Context, w io.Writer) error {
	if f.form == PrintPDF {
		return f.sheets(ctx, w)
	}
	out := bufio.NewWriterSize(w, 1<<16)
	line := make([]byte, 0, 512)
	if f.form == PrintCSV {
		_, _ = out.WriteString("number,code,address\r\n") // the writer keeps its first error
	}
	for i := range f.numbers.Count {
		if i%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		n := f.numbers.First + i
		code := f.sealer.Code(uint32(n))
		if f.form == PrintZPL {
			line = f.zpl(line[:0], code)
		} else {
			line = strconv.AppendInt(line[:0], n, 10)
			line = code.AppendTo(append(line, ','))
			line = code.AppendTo(append(append(line, ','), f.address...))
			line = append(line, '\r', '\n')
		}
		if _, err := out.Write(line); err != nil {
			return err
		}
	}
	return out.Flush()
}

// zpl is a label of 25 mm by 25 mm at 8 dots a millimetre: the QR code of the address with the correction that bears a scratch (Q),
// and below it the code in two lines.
func (f *PrintFile) zpl(line []byte, code Code) []byte {
	var text [32]byte
	printed := code.AppendTo(text[:0])
	line = append(line, "^XA^PW200^LL200^FO40,8^BQN,2,3^FDQA,"...)
	line = append(append(line, f.address...), printed...)
	line = append(line, "^FS^FO16,150^A0N,18,16^FD"...)
	line = append(line, printed[:14]...)
	line = append(line, "^FS^FO16,172^A0N,18,16^FD"...)
	line = append(line, printed[15:]...)
	return append(line, "^FS^XZ\n"...)
}
