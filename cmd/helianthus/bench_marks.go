package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// markCodes is how many codes are asked for, at most; as many stand in the table that they are looked up in.
const markCodes = 1_000_000

// benchMarks measures marks: how long it takes to issue very many and what that leaves in the database, how fast their codes are
// written for a printer, and how fast they are recognised, beside an endpoint that looks the same codes up in an indexed table and
// one that does nothing.
func benchMarks(ctx context.Context, r *benchRun) error {
	tenants, err := r.benchTenants(ctx, 1)
	if err != nil {
		return err
	}
	officer := asOfficer(tenants[0])
	registration, holder, err := r.lawfulUser(officer)
	if err != nil {
		return err
	}
	before, err := r.markBytes(ctx)
	if err != nil {
		return err
	}
	started := time.Now()
	b, err := r.issueMarks(officer, registration, holder, int64(r.marked))
	if err != nil {
		return err
	}
	took := time.Since(started)
	after, err := r.markBytes(ctx)
	if err != nil {
		return err
	}
	millions := float64(r.marked) / 1e6
	r.figure("marks_issued", "%d", r.marked)
	r.figure("marks_issue_s", "%.3f", took.Seconds())
	r.figure("marks_rows_per_million", "%.2f", float64(after.rows-before.rows)/millions)
	r.figure("marks_bytes_per_million", "%.0f", float64(after.bytes-before.bytes)/millions)
	codes, err := r.printMarks(officer, registration)
	if err != nil {
		return err
	}
	if err := r.keepLookup(ctx, codes); err != nil {
		return err
	}
	_ = b
	return r.verifyMarks(ctx, codes)
}

// lawfulUser registers a name and lets somebody use its mark.
func (r *benchRun) lawfulUser(ctx context.Context) (registration uuid.UUID, holder marks.Authorisation, err error) {
	day := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	made, err := r.house.Registry.Draft(ctx, benchContent(0).Content)
	if err != nil {
		return registration, holder, err
	}
	for _, act := range []registry.Act{registry.File, registry.Examine, registry.Publish, registry.Register} {
		if _, err := r.house.Registry.Do(ctx, made.ID, registry.Event{Act: act, EffectiveOn: day}); err != nil {
			return registration, holder, err
		}
	}
	registration = uuid.MustParse(string(made.ID))
	holder, err = r.house.Users.Apply(ctx, registration, marks.Holder{Kind: marks.Kinds[0], CreditCode: "91350100M000100Y43", Names: map[string]string{"en": "Bench"}}, marks.Event{HappenedOn: day})
	for _, act := range []marks.Act{marks.Verify, marks.Examine, marks.Announce, marks.Enter} {
		if err == nil {
			holder, err = r.house.Users.Do(ctx, holder.ID, holder.Version, marks.Event{Act: act, HappenedOn: day, Reference: "N"})
		}
	}
	return registration, holder, err
}

// issueMarks brings a batch from its order to its holder.
func (r *benchRun) issueMarks(ctx context.Context, registration uuid.UUID, to marks.Authorisation, count int64) (b marks.Batch, err error) {
	day := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	if b, err = r.house.Batches.Order(ctx, marks.BatchOrder{RegistrationID: registration, Design: "D", Printer: "P", Count: count, OrderedOn: day}); err != nil {
		return b, err
	}
	for _, act := range []marks.MoveAct{marks.MovePrint, marks.MoveReceive, marks.MoveIssue} {
		d := marks.Doing{Act: act, Numbers: marks.Numbers{Count: count}, HappenedOn: day, Authorisation: to.ID, Facts: marks.Facts{Reference: "R"}}
		if act == marks.MoveReceive {
			d.Warehouse = "W"
		}
		if _, err := r.house.Batches.Do(ctx, b.ID, d); err != nil {
			return b, err
		}
	}
	return b, nil
}

type markSize struct{ rows, bytes int64 }

// markBytes is what marks take in the database, with their indexes.
func (r *benchRun) markBytes(ctx context.Context) (s markSize, err error) {
	err = r.asSuperuser(ctx, func(c *pgx.Conn) error {
		return c.QueryRow(ctx, `
			select (select count(*) from app.mark_batches) + (select count(*) from app.mark_moves) + (select count(*) from app.mark_holdings),
			pg_total_relation_size('app.mark_batches') + pg_total_relation_size('app.mark_moves') + pg_total_relation_size('app.mark_holdings')`).Scan(&s.rows, &s.bytes)
	})
	return s, err
}

func (r *benchRun) asSuperuser(ctx context.Context, do func(*pgx.Conn) error) error {
	conn, err := pgx.Connect(ctx, r.server.URL("postgres", postgres.Database))
	if err != nil {
		return err
	}
	return errors.Join(do(conn), conn.Close(ctx))
}

// printMarks writes the codes of a batch of its own in each form and returns them.
func (r *benchRun) printMarks(ctx context.Context, registration uuid.UUID) (codes []string, err error) {
	count := min(r.marked, markCodes)
	b, err := r.house.Batches.Order(ctx, marks.BatchOrder{RegistrationID: registration, Design: "D", Printer: "P", Count: int64(count), OrderedOn: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		return nil, err
	}
	var csv bytes.Buffer
	for _, form := range []marks.PrintForm{marks.PrintZPL, marks.PrintCSV} {
		started := time.Now()
		f, _, err := r.house.Batches.PrintFile(ctx, b.ID, form, marks.Numbers{}, "https://example.org")
		if err != nil {
			return nil, err
		}
		to := io.Discard
		if form == marks.PrintCSV {
			to = &csv
		}
		if err := f.Write(ctx, to); err != nil {
			return nil, err
		}
		r.figure("marks_print_"+string(form)+"_per_s", "%.0f", float64(count)/time.Since(started).Seconds())
	}
	lines := strings.Split(strings.TrimSpace(csv.String()), "\n")[1:]
	for _, line := range lines {
		_, rest, _ := strings.Cut(line, ",")
		code, _, _ := strings.Cut(rest, ",")
		codes = append(codes, code)
	}
	return codes, nil
}

// keepLookup puts the codes into a table with an index, as a house does that stores each code: with what it has to say of each.
func (r *benchRun) keepLookup(ctx context.Context, codes []string) error {
	return r.asSuperuser(ctx, func(c *pgx.Conn) error {
		if _, err := c.Exec(ctx, `create table app.bench_codes (code text not null, batch_id uuid not null, number bigint not null, verdict text not null, product text not null, holder text not null)`); err != nil {
			return err
		}
		n := 0
		_, err := c.CopyFrom(ctx, pgx.Identifier{"app", "bench_codes"}, []string{"code", "batch_id", "number", "verdict", "product", "holder"}, pgx.CopyFromFunc(func() ([]any, error) {
			if n == len(codes) {
				return nil, nil
			}
			n++
			return []any{strings.ReplaceAll(codes[n-1], "-", ""), uuid.Nil, int64(n - 1), "not-issued", benchContent(0).Title(), "Bench"}, nil
		}))
		if err != nil {
			return err
		}
		_, err = c.Exec(ctx, `alter table app.bench_codes add primary key (code); analyze app.bench_codes; grant select on app.bench_codes to helianthus_app`)
		return err
	})
}

// verifyMarks asks for codes in turns of the product, of an endpoint that looks them up, and of one that does nothing.
func (r *benchRun) verifyMarks(ctx context.Context, codes []string) error {
	lookup, closeLookup, err := serveBench(ctx, r.lookup)
	if err != nil {
		return err
	}
	defer closeLookup()
	const product = "/api/v1/marks/"
	ways := []struct {
		name, address, path, want string
		rates                     []float64
	}{{name: "verify", address: r.address, path: product, want: `"verdict":"not-issued"`}, {name: "lookup", address: lookup, path: product, want: `"verdict":"not-issued"`}, {name: "empty", address: r.address, path: "/healthz?", want: "ok"}}
	var took []time.Duration
	for round := range r.rounds + 1 {
		for i := range ways {
			w := &ways[i]
			rate, each, err := r.askCodes(ctx, w.address, w.path, w.want, codes)
			if err != nil {
				return fmt.Errorf("%s: %w", w.name, err)
			}
			if round == 0 {
				continue // the first one warms caches and statements
			}
			if w.rates = append(w.rates, rate); i == 0 {
				took = append(took, each...)
			}
		}
	}
	for i := range ways {
		r.figure("marks_"+ways[i].name+"_rps", "%.0f", median(ways[i].rates))
	}
	r.figure("marks_verify_p99_ms", "%.2f", milliseconds(quantile(took, 0.99)))
	r.figure("verify_vs_lookup", "%.2f", median(ways[0].rates)/median(ways[1].rates))
	r.figure("verify_vs_empty", "%.2f", median(ways[0].rates)/median(ways[2].rates))
	return nil
}

// lookup answers as an endpoint does that has a row for each code: one prepared statement, and nothing around it.
func (r *benchRun) lookup(w http.ResponseWriter, q *http.Request) {
	code := strings.ReplaceAll(strings.ToUpper(q.URL.Path[strings.LastIndexByte(q.URL.Path, '/')+1:]), "-", "")
	var batch uuid.UUID
	var number int64
	var verdict, product, holder string
	err := r.house.DB.Read(tenancy.In(q.Context(), tenancy.Public), func(tx pgx.Tx) error {
		return tx.QueryRow(q.Context(), `select batch_id, number, verdict, product, holder from app.bench_codes where code = $1`, code).Scan(&batch, &number, &verdict, &product, &holder)
	})
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"code": code, "verdict": verdict, "product": product, "holder": holder, "number": number}) // the client may be gone
}

// serveBench serves a handler on a free port.
func serveBench(ctx context.Context, h http.HandlerFunc) (address string, closeIt func(), err error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	s := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	var wait sync.WaitGroup
	wait.Go(func() { _ = s.Serve(l) }) // it ends when it is closed
	return l.Addr().String(), func() { _ = s.Close(); wait.Wait() }, nil
}

// askCodes loads with codes, each client over one kept connection.
func (r *benchRun) askCodes(ctx context.Context, address, path, want string, codes []string) (rate float64, took []time.Duration, err error) {
	return r.load(ctx, 104729, func() (func(ctx context.Context, n int) error, func(), error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
		if err != nil {
			return nil, nil, err
		}
		from := bufio.NewReaderSize(conn, 16<<10)
		// Far apart, so that no client comes upon what another has just asked.
		one := func(_ context.Context, n int) error { return askCode(conn, from, path+codes[n*7919%len(codes)], want) }
		return one, func() { _ = conn.Close() }, nil
	})
}

func askCode(conn net.Conn, from *bufio.Reader, path, want string) error {
	if _, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: bench\r\nAccept-Language: en\r\n\r\n", path); err != nil {
		return err
	}
	answer, err := http.ReadResponse(from, nil)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(answer.Body)
	if err := errors.Join(err, answer.Body.Close()); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK || !bytes.Contains(body, []byte(want)) {
		return fmt.Errorf("%s: got %d %s, want %s", path, answer.StatusCode, body, want)
	}
	return nil
}
