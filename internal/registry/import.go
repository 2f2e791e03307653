package registry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/jobs"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Problems of imports.
var (
	ErrImportNotFound = problem.New(problem.NotFound, "import.not-found")
	ErrImportState    = problem.New(problem.Conflict, "import.not-ready")
	ErrImportErrors   = problem.New(problem.Conflict, "import.has-errors")

	CodeDuplicate = problem.Field("import.duplicate")
	CodeRowForm   = problem.Field("import.row-form")
)

// ImportStatus is where an import stands.
type ImportStatus string

// The statuses of an import.
const (
	Reading         ImportStatus = "reading"
	Unmapped        ImportStatus = "unmapped" // somebody has to say which field each column is
	Ready           ImportStatus = "ready"
	Writing         ImportStatus = "writing"
	Done            ImportStatus = "done"
	Failed          ImportStatus = "failed"
	ImportCancelled ImportStatus = "cancelled"
)

// Fate is what becomes of a row.
type Fate string

// The fates.
const (
	FateNew       Fate = "new"
	FateSame      Fate = "same"      // the register has it just so
	FateChanged   Fate = "changed"   // the register has the number with other contents
	FateDuplicate Fate = "duplicate" // the file has it already, in a row above
	FateError     Fate = "error"
)

// Import is one file on its way into the register.
type Import struct {
	ID             uuid.UUID
	DocumentID     uuid.UUID
	Status         ImportStatus
	Counts         Counts
	UnknownColumns []string
	TaskID         *uuid.UUID
	CreatedAt      time.Time
	Source         SourceForm
	Mapping        Mapping
	Columns        []Column
	Encoding       Encoding
	Target         string          // empty: registrations
	Options        json.RawMessage // of the target
}

// Counts are the rows by fate.
type Counts struct {
	Rows      int `json:"rows"`
	New       int `json:"new"`
	Same      int `json:"same"`
	Changed   int `json:"changed"`
	Duplicate int `json:"duplicate"`
	Error     int `json:"error"`
	Corrected int `json:"corrected"` // in which something was understood with a correction, whatever their fate
	Refused   int `json:"refused"`   // left out by the officer, and counted in no fate
}

func (c *Counts) add(f Fate) { c.addMany(f, 1) }

func (c *Counts) addMany(f Fate, n int) {
	c.Rows += n
	switch f {
	case FateNew:
		c.New += n
	case FateSame:
		c.Same += n
	case FateChanged:
		c.Changed += n
	case FateDuplicate:
		c.Duplicate += n
	case FateError:
		c.Error += n
	}
}

// Imports brings files into the register.
type Imports struct {
	db   *tenancy.DB
	docs *document.Documents
	jobs *jobs.Jobs

	forms map[string]*form // by target

	Schemas *ST96Schemas // against which XML is checked; nil: it is not
}

// NewImports makes it and registers its workers.
func NewImports(db *tenancy.DB, docs *document.Documents, j *jobs.Jobs) *Imports {
	i := &Imports{db: db, docs: docs, jobs: j, forms: map[string]*form{"": ofRegistrations}}
	jobs.Add(j, i.check)
	jobs.Add(j, i.commit)
	return i
}

// CheckImport is the job that reads a file for its preview.
type CheckImport struct{ Import uuid.UUID }

// Kind names the job.
func (CheckImport) Kind() string { return "registration-import.check" }

// CommitImport is the job that writes what the preview showed.
type CommitImport struct{ Import uuid.UUID }

// Kind names the job.
func (CommitImport) Kind() string { return "registration-import.commit" }

const importColumns = `id, document_id, status, counts, unknown_columns, task_id, created_at, source, mapping, columns, encoding, target, options`

func importByID(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Import, error) {
	rows, _ := tx.Query(ctx, `select `+importColumns+` from app.imports where id = $1`, id)
	return oneImport(rows, id)
}

func lockImport(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Import, error) {
	rows, _ := tx.Query(ctx, `select `+importColumns+` from app.imports where id = $1 for update`, id)
	return oneImport(rows, id)
}

func oneImport(rows pgx.Rows, id uuid.UUID) (Import, error) {
	i, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Import])
	if errors.Is(err, pgx.ErrNoRows) {
		return i, ErrImportNotFound
	}
	return i, postgres.Wrap(err, "import %s", id)
}

// Begin starts to read an uploaded document. What is said of its form counts; the rest is recognised.
func (m *Imports) Begin(ctx context.Context, doc uuid.UUID, said Mapping) (Import, error) {
	return m.BeginTo(ctx, "", nil, doc, said)
}

// BeginTo starts to read an uploaded document whose rows become something else, as the options of that target say.
func (m *Imports) BeginTo(ctx context.Context, target string, options any, doc uuid.UUID, said Mapping) (i Import, err error) {
	text, err := json.Marshal(options)
	if err != nil {
		return i, fmt.Errorf("import to %s: %w", target, err)
	}
	err = m.db.Tx(ctx, func(tx pgx.Tx) error {
		if _, err := document.ByID(ctx, tx, doc); err != nil {
			return err
		}
		rows, _ := tx.Query(ctx, `insert into app.imports (document_id, mapping, target, options) values ($1, $2, $3, $4) returning `+importColumns, doc, said, target, string(text))
		if i, err = oneImport(rows, doc); err != nil {
			return err
		}
		return m.start(ctx, tx, &i, "registration.import", CheckImport{i.ID})
	})
	return i, err
}

func (m *Imports) start(ctx context.Context, tx pgx.Tx, i *Import, action string, args jobs.Args) error {
	task, err := m.jobs.Start(ctx, tx, args.Kind(), i.ID, args)
	if err != nil {
		return err
	}
	i.TaskID = &task
	if _, err := tx.Exec(ctx, `update app.imports set task_id = $2, status = $3 where id = $1`, i.ID, task, i.Status); err != nil {
		return postgres.Wrap(err, "import %s", i.ID)
	}
	return audit.Record(ctx, tx, audit.Event{Action: action, ObjectKind: "registration-import", ObjectID: i.ID.String(), After: i})
}

// Import returns an import.
func (m *Imports) Import(ctx context.Context, id uuid.UUID) (i Import, err error) {
	err = m.db.Read(ctx, func(tx pgx.Tx) error { i, err = importByID(ctx, tx, id); return err })
	return i, err
}

// Commit starts to write what the preview showed. A file with wrong rows is not written, since nobody would notice which
// rows are missing.
func (m *Imports) Commit(ctx context.Context, id uuid.UUID) (i Import, err error) {
	err = m.db.Tx(ctx, func(tx pgx.Tx) error {
		if i, err = lockImport(ctx, tx, id); err != nil {
			return err
		}
		if i.Status != Ready {
			return ErrImportState
		}
		if i.Counts.Error > 0 {
			return ErrImportErrors.With("Count", i.Counts.Error)
		}
		i.Status = Writing
		return m.start(ctx, tx, &i, "registration-import.commit", CommitImport{i.ID})
	})
	return i, err
}

// Cancel gives an import up; what is being read or written stops and leaves nothing.
func (m *Imports) Cancel(ctx context.Context, id uuid.UUID) (i Import, err error) {
	if i, err = m.Import(ctx, id); err != nil {
		return i, err
	}
	// The work is stopped first: while it writes it holds the import.
	stopped := i.Status == Reading || i.Status == Writing
	if stopped && i.TaskID != nil {
		var p *problem.Error
		if _, err := m.jobs.Cancel(ctx, *i.TaskID); err != nil && !errors.As(err, &p) { // a task that has ended needs no cancelling
			return i, err
		}
	}
	err = m.db.Tx(ctx, func(tx pgx.Tx) error {
		if i, err = lockImport(ctx, tx, id); err != nil {
			return err
		}
		if i.Status == Done || i.Status == ImportCancelled && !stopped {
			return ErrImportState
		}
		i.Status = ImportCancelled
		if _, err := tx.Exec(ctx, `update app.imports set status = $2 where id = $1`, id, i.Status); err != nil {
			return postgres.Wrap(err, "import %s", id)
		}
		return audit.Record(ctx, tx, audit.Event{Action: "registration-import.cancel", ObjectKind: "registration-import", ObjectID: id.String()})
	})
	return i, err
}

// Row is a row of the preview.
type Row struct {
	Number   int
	Fate     Fate
	Title    string
	Problems []RowProblem
	Refused  bool
}

// RowProblem is what was found in a row, at the heading of a column: what is wrong, what was read with a correction, or what is
// worth knowing (SeverityOf its code).
type RowProblem struct {
	Pointer string         `json:"pointer"`
	Column  int            `json:"column,omitempty"` // from 1
	Code    string         `json:"code"`
	Values  map[string]any `json:"values,omitempty"`
}

// RowFilter selects rows of a preview.
type RowFilter struct {
	Fate      string // empty: all
	Corrected bool
}

// Rows lists the rows of a preview after a row's number.
func (m *Imports) Rows(ctx context.Context, id uuid.UUID, f RowFilter, after, limit int) (rows []Row, err error) {
	err = m.db.Read(ctx, func(tx pgx.Tx) error {
		if _, err := importByID(ctx, tx, id); err != nil {
			return err
		}
		rows, err = rowsOf(ctx, tx, id, f, after, limit)
		return err
	})
	return rows, err
}

func rowsOf(ctx context.Context, tx pgx.Tx, id uuid.UUID, f RowFilter, after, limit int) ([]Row, error) {
	found, _ := tx.Query(ctx, `select row_number, fate, title, problems, refused from app.import_rows
		where import_id = $1 and ($2 = '' or fate = $2) and (not $3 or corrected) and row_number > $4 order by row_number limit $5`, id, f.Fate, f.Corrected, after, limit)
	rows, err := pgx.CollectRows(found, pgx.RowToStructByPos[Row])
	return rows, postgres.Wrap(err, "rows of import %s", id)
}

// fetch copies a document into a file that can be read at any place, and forgets it when it is closed.
func (m *Imports) fetch(ctx context.Context, doc uuid.UUID) (*os.File, int64, error) {
	r, _, err := m.docs.Open(ctx, doc)
	if err != nil {
		return nil, 0, err
	}
	defer r.Close()
	f, err := os.CreateTemp("", "helianthus-import-")
	if err != nil {
		return nil, 0, err
	}
	_ = os.Remove(f.Name()) // the open file stays
	n, err := io.Copy(f, io.LimitReader(r, maxFile+1))
	if err != nil {
		f.Close()
		return nil, 0, fmt.Errorf("import: %w", err)
	}
	return f, n, nil
}

// checked is a row with its fate, on its way into the preview.
type checked struct {
	number   int
	content  Content
	row      *TargetRow // instead of contents, where rows become something else
	problems []RowProblem
	plan     *plan // how its columns became fields; none for rows that have no columns
}

// located puts a finding about a field at the file's own column.
func (r checked) located(f RowProblem) RowProblem {
	if r.plan == nil {
		return f
	}
	if c := r.plan.columnOf(r.plan.of.byKey[f.Pointer]); c > 0 {
		f.Column, f.Pointer = c, r.plan.headings[c-1]
	}
	return f
}

func checkRow(number int, c Content, err error) checked {
	r := checked{number: number, content: c}
	if err != nil {
		r.problems = []RowProblem{{Pointer: "", Code: CodeRowForm}}
		return r
	}
	if p, ok := problem.As(c.Check()); ok {
		for _, d := range p.Details {
			r.problems = append(r.problems, RowProblem{Pointer: headingOf(d.Pointer), Code: d.Code, Values: d.Values})
		}
	}
	if c.Title() == "" {
		r.problems = append(r.problems, RowProblem{Pointer: "name", Code: CodeColumnNeeded})
	}
	return r
}

func (r checked) json() (content, problems string, err error) {
	b, err := json.Marshal(r.content)
	if r.row != nil {
		b, err = r.row.Content, nil
	}
	if err != nil {
		return "", "", err
	}
	if r.problems == nil {
		return string(b), "[]", nil
	}
	p, err := json.Marshal(r.problems)
	return string(b), string(p), err
}
