package marks_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// printed are the codes of a batch as its printer gets them.
func (h *house) printed(b marks.Batch, form marks.PrintForm, first, count int64) []string {
	h.t.Helper()
	f, _, err := h.batches.PrintFile(h.ctx, b.ID, form, marks.Numbers{First: first, Count: count}, "https://example.org")
	if err != nil {
		h.t.Fatal(err)
	}
	var out bytes.Buffer
	if err := f.Write(h.ctx, &out); err != nil {
		h.t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(out.String()), "\n")
}

func (h *house) ask(code string) marks.Check {
	h.t.Helper()
	k, err := h.codes.Check(tenancy.In(h.t.Context(), tenancy.Public), code)
	if err != nil {
		h.t.Fatal(err)
	}
	return k
}

// TestWhatACodeSays follows codes from the printer to the goods and out of use again.
func TestWhatACodeSays(t *testing.T) {
	t.Parallel()
	h := open(t)
	a := h.active(firstCode)
	b := h.ordered(10)
	lines := h.printed(b, marks.PrintCSV, 0, 0)
	if len(lines) != 11 || lines[0] != "number,code,address\r" {
		t.Fatalf("%d lines, %q", len(lines), lines[0])
	}
	code := func(n int) string { return strings.Split(lines[n+1], ",")[1] }
	if want := "https://example.org/m/" + code(0) + "\r"; strings.Split(lines[1], ",")[2] != want {
		t.Errorf("the address is %s, want %s", lines[1], want)
	}
	h.move(b, doing(marks.MovePrint, 0, 10))
	h.move(b, doing(marks.MoveReceive, 0, 10))
	h.issue(b, a, 0, 8)
	h.move(b, doing(marks.MoveUse, 0, 2))
	h.move(b, doing(marks.MoveVoid, 5, 1))
	for n, want := range map[int]marks.Verdict{0: marks.Genuine, 3: marks.Genuine, 5: marks.Voided, 9: marks.NotIssued} {
		if k := h.ask(strings.ToLower(code(n))); k.Verdict != want || k.Code != code(n) {
			t.Errorf("%d: %+v, want %s", n, k, want)
		}
	}
	k := h.ask(code(1))
	if k.Lot != "L-1" || k.Holder == nil || k.Holder.CreditCode != firstCode || !strings.HasPrefix(k.Product.Title, "五原向日葵") || !k.Publisher.Demo {
		t.Errorf("got %+v", k)
	}
	if k := h.ask(code(9)); k.Holder != nil {
		t.Errorf("nobody holds it, and %v is said to", k.Holder)
	}
	wrong := []byte(code(1))
	wrong[0] = "12"[bytes.IndexByte([]byte("21"), wrong[0])&1]
	if k := h.ask(string(wrong)); k.Verdict != marks.Mistyped || k.Product.Title != "" {
		t.Errorf("a mistyped code: %+v", k)
	}
	guess, err := marks.ParseCode(code(1))
	if err != nil {
		t.Fatal(err)
	}
	guess.MAC[0] ^= 1
	if k := h.ask(guess.String()); k.Verdict != marks.Unknown || k.Product.Title != "" || k.Holder != nil {
		t.Errorf("a guessed code says %+v", k)
	}
	guess.Number = 10 // one more than there are
	if k := h.ask(guess.String()); k.Verdict != marks.Unknown {
		t.Errorf("a number that there is not: %+v", k)
	}
}

// TestUseThatEnded: what ended counts for codes a moment later.
func TestUseThatEnded(t *testing.T) {
	t.Parallel()
	h := open(t)
	a := h.active(firstCode)
	b := h.ordered(2)
	code := strings.Split(h.printed(b, marks.PrintCSV, 0, 1)[1], ",")[1]
	h.move(b, doing(marks.MovePrint, 0, 2))
	h.move(b, doing(marks.MoveReceive, 0, 2))
	h.issue(b, a, 0, 2)
	want := func(v marks.Verdict) {
		t.Helper()
		h.now = h.now.Add(time.Minute)
		if k := h.ask(code); k.Verdict != v {
			t.Errorf("got %s, want %s", k.Verdict, v)
		}
	}
	want(marks.Genuine)
	a = h.do(a, marks.Order)
	want(marks.Genuine)
	a = h.do(a, marks.End)
	want(marks.Stopped)
	h.do(a, marks.Reopen)
	want(marks.Genuine)
	h.origin(registry.ID(h.registration.String()), registry.Lapse)
	want(marks.Stopped)
}

// TestRecognisedWithoutTheDatabase: of a batch that is known, a genuine code asks the database nothing.
func TestRecognisedWithoutTheDatabase(t *testing.T) {
	t.Parallel()
	h := open(t)
	b := h.coded(3)
	codes := h.codesOf[b.ID]
	h.ask(codes[0])
	gone, cancel := context.WithCancel(tenancy.In(t.Context(), tenancy.Public))
	cancel() // whoever asks the database now fails
	for _, code := range codes {
		if k, err := h.codes.Check(gone, code); err != nil || k.Verdict != marks.NotIssued {
			t.Errorf("%s: %+v, %v", code, k, err)
		}
	}
}

func TestRotationKeepsWhatIsPrinted(t *testing.T) {
	t.Parallel()
	h := open(t)
	before := h.coded(1)
	k, err := h.batches.RotateKey(h.ctx)
	if err != nil || k.Version != 2 {
		t.Fatalf("%+v, %v", k, err)
	}
	after := h.coded(1)
	if before.KeyVersion != 1 || after.KeyVersion != 2 {
		t.Errorf("keys %d and %d", before.KeyVersion, after.KeyVersion)
	}
	for _, b := range []marks.Batch{before, after} {
		if got := h.ask(h.codesOf[b.ID][0]); got.Verdict != marks.NotIssued {
			t.Errorf("key %d: %s", b.KeyVersion, got.Verdict)
		}
	}
	all, err := h.batches.Keys(h.ctx)
	if err != nil || len(all) != 2 || all[0].RetiredAt != nil || all[1].RetiredAt == nil {
		t.Errorf("%+v, %v", all, err)
	}
	if err := h.batches.Reseal(h.ctx); err != nil {
		t.Error(err)
	}
}

// TestScansKeepNoPeople: what is kept of a scan is the code, the answer, the time and the country.
func TestScansKeepNoPeople(t *testing.T) {
	t.Parallel()
	h := open(t)
	b := h.coded(2)
	for _, country := range []string{"AE", "AE", "no country", ""} {
		ctx := marks.WithAsker(tenancy.In(t.Context(), tenancy.Public), marks.Asker{Address: "192.0.2.7/32", Country: country})
		if _, err := h.codes.Check(ctx, h.codesOf[b.ID][0]); err != nil {
			t.Fatal(err)
		}
	}
	h.codes.Flush(t.Context())
	all, err := h.batches.Scans(h.ctx, b.ID)
	if err != nil || len(all) != 2 || all[0].Scans+all[1].Scans != 4 {
		t.Fatalf("%+v, %v", all, err)
	}
	var kept string
	err = h.db.Read(h.ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(h.ctx, `select string_agg(to_jsonb(s)::text, ' ') from app.mark_scans s where batch_id = $1`, b.ID).Scan(&kept)
	})
	if err != nil || strings.Contains(kept, "192.0.2.7") || strings.Contains(kept, "no country") {
		t.Errorf("%s, %v", kept, err)
	}
}

// TestGuessingIsSlow: an address that asks for one wrong code after the other is asked to wait, and another one is not.
func TestGuessingIsSlow(t *testing.T) {
	t.Parallel()
	h := open(t)
	from := func(address string) error {
		_, err := h.codes.Check(marks.WithAsker(tenancy.In(t.Context(), tenancy.Public), marks.Asker{Address: address}), "1234")
		return err
	}
	n := 0
	for ; n < 1000 && from("192.0.2.8/32") == nil; n++ {
		continue
	}
	if n > 100 {
		t.Errorf("%d wrong codes were answered", n)
	}
	if err := from("192.0.2.9/32"); err != nil {
		t.Errorf("another address: %v", err)
	}
	h.now = h.now.Add(time.Minute)
	if err := from("192.0.2.8/32"); err != nil {
		t.Errorf("a minute later: %v", err)
	}
}

// TestCodesAreForPrinters: what left the printer is not printed again.
func TestCodesAreForPrinters(t *testing.T) {
	t.Parallel()
	h := open(t)
	b := h.stocked(10)
	if _, _, err := h.batches.PrintFile(h.ctx, b.ID, marks.PrintCSV, marks.Numbers{}, ""); err == nil {
		t.Error("codes of marks in stock were given out")
	}
	if _, _, err := h.batches.PrintFile(h.ctx, b.ID, marks.PrintCSV, marks.Numbers{First: 10}, ""); err == nil {
		t.Error("codes that there are not were given out")
	}
	zpl := h.printed(h.ordered(2), marks.PrintZPL, 0, 2)
	if len(zpl) != 2 || !strings.HasPrefix(zpl[0], "^XA") || !strings.HasSuffix(zpl[1], "^XZ") || !strings.Contains(zpl[0], "https://example.org/m/") {
		t.Errorf("%q", zpl)
	}
}
