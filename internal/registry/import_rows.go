package registry

import (
	"context"
	"encoding/csv"
	"io"
	"slices"
	"strconv"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	tables "github.com/helianthus-gi/helianthus/internal/table"
)

// RowChoice names rows of a preview: by their numbers, all with a finding, all of a fate.
type RowChoice struct {
	Rows []int
	Code string
	Fate string
}

// Refuse leaves rows out of what will be written: those whose correction the officer does not take, or that are wrong and
// nobody can put right now. Nothing is left out unless somebody says so.
func (m *Imports) Refuse(ctx context.Context, id uuid.UUID, c RowChoice) (Import, error) {
	return m.leave(ctx, id, c, true)
}

// Restore takes back what Refuse left out.
func (m *Imports) Restore(ctx context.Context, id uuid.UUID, c RowChoice) (Import, error) {
	return m.leave(ctx, id, c, false)
}

func (m *Imports) leave(ctx context.Context, id uuid.UUID, c RowChoice, out bool) (i Import, err error) {
	action := "registration-import.restore-rows"
	if out {
		action = "registration-import.refuse-rows"
	}
	err = m.db.Tx(ctx, func(tx pgx.Tx) error {
		if i, err = lockImport(ctx, tx, id); err != nil {
			return err
		}
		if i.Status != Ready {
			return ErrImportState
		}
		done, err := tx.Exec(ctx, `update app.import_rows set refused = $5 where import_id = $1 and refused <> $5
			and (row_number = any ($2) or $3 <> '' and problems @> jsonb_build_array(jsonb_build_object('code', $3::text)) or $4 <> '' and fate = $4)`, id, c.Rows, c.Code, c.Fate, out)
		if err != nil {
			return postgres.Wrap(err, "rows of import %s", id)
		}
		if i.Counts, err = countRows(ctx, tx, id); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `update app.imports set counts = $2 where id = $1`, id, i.Counts); err != nil {
			return postgres.Wrap(err, "import %s", id)
		}
		return audit.Record(ctx, tx, audit.Event{Action: action, ObjectKind: "registration-import", ObjectID: id.String(), After: map[string]any{"choice": c, "rows": done.RowsAffected()}})
	})
	return i, err
}

func countRows(ctx context.Context, tx pgx.Tx, id uuid.UUID) (c Counts, err error) {
	rows, _ := tx.Query(ctx, `select fate, refused, corrected, count(*) from app.import_rows where import_id = $1 group by fate, refused, corrected`, id)
	var fate Fate
	var refused, corrected bool
	var n int
	_, err = pgx.ForEachRow(rows, []any{&fate, &refused, &corrected, &n}, func() error {
		if corrected {
			c.Corrected += n
		}
		if refused {
			c.Rows, c.Refused = c.Rows+n, c.Refused+n
			return nil
		}
		c.addMany(fate, n)
		return nil
	})
	return c, postgres.Wrap(err, "rows of import %s", id)
}

// Map says which field each column is; the file is read again with it.
func (m *Imports) Map(ctx context.Context, id uuid.UUID, mapping Mapping) (i Import, err error) {
	err = m.db.Tx(ctx, func(tx pgx.Tx) error {
		if i, err = lockImport(ctx, tx, id); err != nil {
			return err
		}
		if err := mapping.check("", m.forms[i.Target]); err != nil {
			return err
		}
		if !slices.Contains(mappable, i.Status) {
			return ErrImportState
		}
		i.Status, i.Mapping, i.Counts = Reading, mapping, Counts{}
		if _, err := tx.Exec(ctx, `update app.imports set mapping = $2, counts = $3 where id = $1`, id, i.Mapping, i.Counts); err != nil {
			return postgres.Wrap(err, "import %s", id)
		}
		return m.start(ctx, tx, &i, "registration-import.map", CheckImport{i.ID})
	})
	return i, err
}

// mappable are the statuses in which a file may be read again.
var mappable = []ImportStatus{Unmapped, Ready, Failed}

// Findings writes all findings as a table, in a language: a line each, with row, column and what was said and read.
func (m *Imports) Findings(ctx context.Context, id uuid.UUID, word func(key string, values map[string]any) string, w io.Writer) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	head := []string{}
	for _, h := range []string{"row", "column", "heading", "severity", "finding", "code", "said", "read"} {
		head = append(head, word("import.findings."+h, nil))
	}
	if err := out.Write(head); err != nil {
		return err
	}
	for after := 0; ; {
		rows, err := m.Rows(ctx, id, RowFilter{}, after, importBatch)
		if err != nil {
			return err
		}
		for _, r := range rows {
			for _, p := range r.Problems {
				if err := out.Write(findingLine(r.Number, p, word)); err != nil {
					return err
				}
			}
		}
		if len(rows) < importBatch {
			out.Flush()
			return out.Error()
		}
		after = rows[len(rows)-1].Number
	}
}

func findingLine(row int, p RowProblem, word func(string, map[string]any) string) []string {
	column := ""
	if p.Column > 0 {
		column = strconv.Itoa(p.Column)
	}
	said, _ := p.Values["Said"].(string)
	read, _ := p.Values["Read"].(string)
	cells := []string{strconv.Itoa(row), column, p.Pointer, word("import.severity."+string(SeverityOf(p.Code)), nil), word("problem."+p.Code+".title", p.Values), p.Code, said, read}
	for i := range cells {
		cells[i] = tables.Harmless(cells[i])
	}
	return cells
}

// speak is how Findings words what it found in a language.
func speak(b *locale.Bundle, tag locale.Tag) func(string, map[string]any) string {
	return func(key string, values map[string]any) string { return b.T(tag, key, values) }
}
