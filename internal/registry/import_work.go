package registry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/jobs"
	"github.com/helianthus-gi/helianthus/internal/postgres"
)

// importBatch is how many rows are looked at and written together.
const importBatch = 1000

var errGivenUp = errors.New("import given up")

// check reads the file and writes the preview. Done again it begins anew.
func (m *Imports) check(ctx context.Context, p *jobs.Progress, args CheckImport) error {
	i, err := m.Import(ctx, args.Import)
	if err != nil || i.Status != Reading {
		return err
	}
	p.Step(ctx, "task.step.reading")
	f, size, err := m.fetch(ctx, i.DocumentID)
	if err != nil {
		return err
	}
	defer f.Close()
	if isXML(f, size) && i.Target == "" {
		if err := m.Schemas.Check(ctx, io.NewSectionReader(f, 0, size)); err != nil {
			return m.fail(ctx, i.ID, err)
		}
	}
	err = m.db.Tx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `delete from app.import_rows where import_id = $1`, i.ID)
		return postgres.Wrap(err, "import %s", i.ID)
	})
	if err != nil {
		return err
	}
	w := &previewer{m: m, i: i, seen: map[string]int{}}
	kept, err := m.keptMappings(ctx)
	if err != nil {
		return err
	}
	found, err := readFile(m.forms[i.Target], f, size, i.Mapping, kept, func(r checked) error {
		w.batch = append(w.batch, r)
		if len(w.batch) < importBatch {
			return nil
		}
		if p.Cancelled() {
			return errGivenUp
		}
		p.At(ctx, int64(w.counts.Rows), 0)
		return w.flush(ctx)
	})
	if err == nil {
		err = w.flush(ctx)
	}
	if err != nil {
		return m.fail(ctx, i.ID, err)
	}
	status := Ready
	if !found.complete {
		status = Unmapped
	}
	return m.db.Tx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update app.imports set status = $2, counts = $3, unknown_columns = $4, source = $5, mapping = $6, columns = $7, encoding = $8 where id = $1 and status = 'reading'`,
			i.ID, status, w.counts, found.unknown, found.form, found.mapping, found.columns, found.encoding)
		return postgres.Wrap(err, "import %s", i.ID)
	})
}

// fail notes that an import has come to its end without being done, unless it is done again.
func (m *Imports) fail(ctx context.Context, id uuid.UUID, cause error) error {
	status := Failed
	switch stopped := jobs.Stopped(ctx); {
	case errors.Is(stopped, jobs.ErrInterrupted), stopped == nil && postgres.Retryable(cause):
		return cause
	case errors.Is(stopped, jobs.ErrCancelled):
		status = ImportCancelled
	}
	late := context.WithoutCancel(ctx)
	err := m.db.Tx(late, func(tx pgx.Tx) error {
		_, err := tx.Exec(late, `update app.imports set status = $2 where id = $1 and status in ('reading', 'writing')`, id, status)
		return postgres.Wrap(err, "import %s", id)
	})
	return errors.Join(cause, err)
}

// previewer writes rows with their fates.
type previewer struct {
	m      *Imports
	i      Import
	batch  []checked
	counts Counts
	seen   map[string]int // numbers, or names without a number, by the row that has them
}

// identity is what two rows are the same registration by: its first number, else office and name.
func (c Content) identity() string {
	if keys := c.basisKeys(); len(keys) > 0 {
		return keys[0]
	}
	return c.Office + "|" + NameKey(c.Title())
}

func (w *previewer) flush(ctx context.Context) error {
	rows := w.batch
	w.batch = w.batch[:0]
	if len(rows) == 0 {
		return nil
	}
	return w.m.db.Tx(ctx, func(tx pgx.Tx) error {
		fateOf, err := w.fates(ctx, tx, rows)
		if err != nil {
			return err
		}
		var numbers []int
		var fates, titles, contents, problems []string
		var known []*string
		var corrections []bool
		for _, r := range rows {
			fate, id := w.fate(&r, fateOf)
			w.counts.add(fate)
			_, corrected := worst(r.problems)
			if corrections = append(corrections, corrected); corrected {
				w.counts.Corrected++
			}
			c, p, err := r.json()
			if err != nil {
				return err
			}
			numbers, fates, titles = append(numbers, r.number), append(fates, string(fate)), append(titles, r.title())
			contents, problems, known = append(contents, c), append(problems, p), append(known, id)
		}
		_, err = tx.Exec(ctx, `
			insert into app.import_rows (import_id, row_number, fate, title, content, problems, registration_id, corrected)
			select $1, * from unnest($2::int[], $3::text[], $4::text[], $5::jsonb[], $6::jsonb[], $7::uuid[], $8::boolean[])`,
			w.i.ID, numbers, fates, titles, contents, problems, known, corrections)
		return postgres.Wrap(err, "rows of import %s", w.i.ID)
	})
}

// fates makes the function that compares a row with what is there already.
func (w *previewer) fates(ctx context.Context, tx pgx.Tx, rows []checked) (func(*checked) (Fate, *string), error) {
	if t := w.m.forms[w.i.Target].target; t != nil {
		var identities []string
		for _, r := range rows {
			identities = append(identities, r.identity())
		}
		have, err := t.Existing(ctx, tx, w.i, identities)
		return func(r *checked) (Fate, *string) {
			record, known := have[r.identity()]
			return targetFate(r, record, known)
		}, err
	}
	have, err := existing(ctx, tx, rows)
	return func(r *checked) (Fate, *string) {
		f, ok := have[r.identity()]
		if !ok {
			return FateNew, nil
		}
		differences := differ(f.content, merge(f.content, r.content))
		if len(differences) == 0 {
			return FateSame, &f.id
		}
		for _, d := range differences {
			r.problems = append(r.problems, r.located(d))
		}
		return FateChanged, &f.id
	}, err
}

func (w *previewer) fate(r *checked, compare func(*checked) (Fate, *string)) (Fate, *string) {
	if wrong, _ := worst(r.problems); wrong {
		return FateError, nil
	}
	key := r.identity()
	if row, twice := w.seen[key]; twice {
		r.problems = append(r.problems, r.located(RowProblem{Pointer: "number", Code: CodeDuplicate, Values: map[string]any{"Row": row}}))
		return FateDuplicate, nil
	}
	w.seen[key] = r.number
	return compare(r)
}

// identity is what two rows are the same record by.
func (r checked) identity() string {
	if r.row != nil {
		return r.row.Identity
	}
	return r.content.identity()
}

func (r checked) title() string {
	if r.row != nil {
		return r.row.Title
	}
	return r.content.Title()
}

type found struct {
	id      string
	content Content
}

// existing finds the registrations that rows may be: by number, and by office and name where there is none.
func existing(ctx context.Context, tx pgx.Tx, rows []checked) (map[string]found, error) {
	var keys, offices, titles []string
	for _, r := range rows {
		keys = append(keys, r.content.basisKeys()...)
		offices, titles = append(offices, r.content.Office), append(titles, r.content.Title())
	}
	have := map[string]found{}
	add := func(rows pgx.Rows) error {
		_, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (x struct{}, err error) {
			var f found
			if err := row.Scan(&f.id, &f.content); err != nil {
				return x, err
			}
			have[f.content.identity()] = f
			return x, nil
		})
		return postgres.Wrap(err, "registrations")
	}
	byNumber, _ := tx.Query(ctx, `select r.id::text, r.content from app.registration_numbers n join app.registrations r on r.id = n.registration_id where n.basis_key = any ($1)`, keys)
	if err := add(byNumber); err != nil {
		return nil, err
	}
	byName, _ := tx.Query(ctx, `select r.id::text, r.content from app.registrations r
		where r.number = '' and (r.office, r.title) in (select * from unnest($1::text[], $2::text[]))`, offices, titles)
	return have, add(byName)
}

// commit writes the rows in one transaction: all of them or nothing. Done again after it was done it changes nothing.
func (m *Imports) commit(ctx context.Context, p *jobs.Progress, args CommitImport) error {
	p.Step(ctx, "task.step.writing")
	err := m.db.Tx(ctx, func(tx pgx.Tx) error {
		i, err := lockImport(ctx, tx, args.Import)
		if err != nil || i.Status != Writing {
			return err
		}
		// A large file takes longer than a request may.
		if _, err := tx.Exec(ctx, `set local statement_timeout = '10min'`); err != nil {
			return postgres.Wrap(err, "import %s", i.ID)
		}
		total := int64(i.Counts.New + i.Counts.Changed)
		write, end, err := m.writer(ctx, tx, i)
		if err != nil {
			return err
		}
		for done, after := int64(0), 0; ; {
			rows, err := toWrite(ctx, tx, i.ID, after)
			if err != nil {
				return err
			}
			if len(rows) == 0 {
				break
			}
			if err := write(rows); err != nil {
				return err
			}
			after = rows[len(rows)-1].Number
			done += int64(len(rows))
			p.At(ctx, done, total)
			if p.Cancelled() {
				return errGivenUp
			}
		}
		if err := end(); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `update app.imports set status = 'done' where id = $1`, i.ID); err != nil {
			return postgres.Wrap(err, "import %s", i.ID)
		}
		return audit.Record(ctx, tx, audit.Event{Action: "registration-import.commit", ObjectKind: "registration-import", ObjectID: i.ID.String(), After: i.Counts})
	})
	if err != nil {
		return m.fail(ctx, args.Import, err)
	}
	return nil
}

// writer is what takes the rows of an import: the register, or another target.
func (m *Imports) writer(ctx context.Context, tx pgx.Tx, i Import) (rows func([]pending) error, end func() error, err error) {
	t := m.forms[i.Target].target
	if t == nil {
		return func(rows []pending) error { return m.writeRows(ctx, tx, rows) }, func() error { return nil }, nil
	}
	w, err := t.Write(ctx, tx, i)
	return func(rows []pending) error {
		var records []TargetRecord
		for _, r := range rows {
			records = append(records, TargetRecord{r.ID, r.Content})
		}
		return w.Rows(records)
	}, w.End, err
}

type pending struct {
	Number  int
	Fate    Fate
	Content json.RawMessage
	ID      *string
}

func toWrite(ctx context.Context, tx pgx.Tx, id uuid.UUID, after int) ([]pending, error) {
	rows, _ := tx.Query(ctx, `select row_number, fate, content, registration_id::text from app.import_rows
		where import_id = $1 and fate in ('new', 'changed') and not refused and row_number > $2 order by row_number limit $3`, id, after, importBatch)
	ps, err := pgx.CollectRows(rows, pgx.RowToStructByPos[pending])
	return ps, postgres.Wrap(err, "rows of import %s", id)
}

func (m *Imports) writeRows(ctx context.Context, tx pgx.Tx, rows []pending) error {
	var fresh []Content
	for _, r := range rows {
		var c Content
		if err := json.Unmarshal(r.Content, &c); err != nil {
			return fmt.Errorf("row %d: %w", r.Number, err)
		}
		if r.Fate == FateNew {
			fresh = append(fresh, c)
			continue
		}
		reg, err := lockByID(ctx, tx, ID(*r.ID))
		if err != nil {
			return err
		}
		reg.Content = merge(reg.Content, c)
		if reg, err = save(ctx, tx, reg); err != nil {
			return err
		}
		if err := show(ctx, tx, reg, exchange.Choice{}); err != nil {
			return err
		}
	}
	return insertMany(ctx, tx, fresh)
}
