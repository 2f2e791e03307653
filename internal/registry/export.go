package registry

import (
	"bufio"
	"context"
	"encoding/json"
	"io"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	tables "github.com/helianthus-gi/helianthus/internal/table"
)

// sink takes registrations one by one and writes them in a form.
type sink interface {
	write(Registration) error
	close() error
}

// Headings say what the column of a field is called in a table.
type Headings func(field string) string

// FieldNames are the headings that programs know, the same in every language.
func FieldNames(field string) string { return field }

// HeadingsIn are the headings that people read; an import knows them too.
func HeadingsIn(b *locale.Bundle, t locale.Tag) Headings {
	return func(field string) string { return b.T(t, "web.import.field."+field, nil) }
}

// sinks are the forms of an export.
var sinks = map[string]func(io.Writer, Headings) (sink, error){
	"csv":    func(w io.Writer, h Headings) (sink, error) { return newTableSink(tables.CSV, w, h) },
	"ndjson": func(w io.Writer, _ Headings) (sink, error) { return ndjsonSink{json.NewEncoder(w)}, nil },
	"xlsx":   func(w io.Writer, h Headings) (sink, error) { return newTableSink(tables.XLSX, w, h) },
	"xml":    func(w io.Writer, _ Headings) (sink, error) { return newST96Writer(w) },
}

// Export writes the selected registrations: csv (UTF-8 with the mark that spreadsheets need), xlsx, ndjson or xml (ST.96);
// the last two have all of each. A register of any size takes little memory.
func (g *Registry) Export(ctx context.Context, f Filter, format string, h Headings, w io.Writer) error {
	buffered := bufio.NewWriterSize(w, 1<<16)
	out, err := sinks[format](buffered, h)
	if err != nil {
		return err
	}
	if err := g.each(ctx, f, out.write); err != nil {
		return err
	}
	if err := out.close(); err != nil {
		return err
	}
	return buffered.Flush()
}

// exportPage is how many registrations are read in one transaction.
const exportPage = 200

// each visits the selected registrations, a page a transaction, in the order in which they were made: what is changed
// meanwhile keeps its place, and what is made meanwhile comes last.
func (g *Registry) each(ctx context.Context, f Filter, visit func(Registration) error) error {
	if f.Q != "" {
		return g.eachMatch(ctx, f, visit)
	}
	after := ID(firstID)
	for {
		var page []Registration
		err := g.db.Read(ctx, func(tx pgx.Tx) (err error) {
			rows, _ := tx.Query(ctx, `select `+columns+chosen+` and r.id > $8 order by r.id limit $9`, f.args(after, exportPage)...)
			page, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Registration])
			return postgres.Wrap(err, "registrations")
		})
		if err != nil {
			return err
		}
		for _, r := range page {
			if err := visit(r); err != nil {
				return err
			}
		}
		if len(page) < exportPage {
			return nil
		}
		after = page[len(page)-1].ID
	}
}

// eachMatch visits what a search finds, best match first.
func (g *Registry) eachMatch(ctx context.Context, f Filter, visit func(Registration) error) error {
	cursor := ""
	for {
		page, next, err := g.List(ctx, f, cursor, exportPage)
		if err != nil {
			return err
		}
		whole, err := g.whole(ctx, page)
		if err != nil {
			return err
		}
		for _, r := range whole {
			if err := visit(r); err != nil {
				return err
			}
		}
		if next == "" {
			return nil
		}
		cursor = next
	}
}

// tableSink writes the tabular form.
type tableSink struct{ tables.Writer }

func newTableSink(begin func(io.Writer) (tables.Writer, error), w io.Writer, h Headings) (sink, error) {
	t, err := begin(w)
	if err != nil {
		return nil, err
	}
	heading := make([]string, len(tabular))
	for i, c := range tabular {
		heading[i] = h(c.headings[0])
	}
	return tableSink{t}, t.Row(heading)
}

func (s tableSink) write(r Registration) error { return s.Row(toRow(r.Content)) }
func (s tableSink) close() error               { return s.Close() }

type ndjsonSink struct{ e *json.Encoder }

func (s ndjsonSink) write(r Registration) error { return s.e.Encode(r.Content) }
func (s ndjsonSink) close() error               { return nil }
