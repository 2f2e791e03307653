package exchange_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/apitest"
	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// open asks a server for the feed of one publisher as that caller and returns the body as it comes.
func open(t *testing.T, server *httptest.Server, c *apitest.Caller, publisher, accept string, header ...string) *http.Response {
	t.Helper()
	return openAt(t, server, c, "/api/v1/changes?publisher="+publisher, accept, header...)
}

func openAt(t *testing.T, server *httptest.Server, c *apitest.Caller, path, accept string, header ...string) *http.Response {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute) // a stream that never ends is a failure, not a wait
	t.Cleanup(stop)
	r, err := http.NewRequestWithContext(ctx, "GET", server.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", accept)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	if c.Cookie != nil {
		r.AddCookie(c.Cookie)
	}
	res, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	if res.StatusCode != http.StatusOK || !strings.HasPrefix(res.Header.Get("Content-Type"), accept) {
		t.Fatalf("got %d %s", res.StatusCode, res.Header.Get("Content-Type"))
	}
	return res
}

// event reads the next event of a stream: its id, its name and its data.
func event(t *testing.T, r *bufio.Reader) (id, name, data string, err error) {
	t.Helper()
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return id, name, data, err
		}
		field, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch field {
		case "id":
			id = value
		case "event":
			name = value
		case "data":
			data = value
		case "":
			if name != "" {
				return id, name, data, nil
			}
		}
	}
}

// secret publishes n records that only owner's grantees may read.
func secret(t *testing.T, owner context.Context, n int, text string) {
	t.Helper()
	keeper := tenantOf(t, dbtest.Tenant(t, tenancy.Trader)).Tenant
	inTx(t, owner, func(tx pgx.Tx) error {
		for range n {
			p := exchange.Publication{Kind: "registration", RecordID: uuid.New(), Audience: exchange.OneReader, Reader: keeper, Content: map[string]any{"text": text}}
			if _, err := exchange.Publish(owner, tx, p); err != nil {
				return err
			}
		}
		return nil
	})
}

func give(t *testing.T, owner, reader context.Context, x *exchange.Exchange, until time.Time) exchange.Grant {
	t.Helper()
	g, err := x.Give(owner, exchange.Grant{Reader: exchange.Publisher{Slug: tenantOf(t, reader).Slug}, Kinds: []string{"registration"}, Purpose: "test", Until: until})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// An open stream ends when a grant does, whoever ends it, and says why; coming back from where it ended the reader is told
// what to remove.
func TestAStreamEndsWithTheGrant(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	server := httptest.NewServer(h.Server)
	t.Cleanup(server.Close)
	for _, c := range []struct {
		name string
		end  func(owner context.Context, g exchange.Grant) error
	}{
		{"it is revoked", func(owner context.Context, g exchange.Grant) error {
			_, err := h.Exchange.Revoke(owner, g.ID, "done")
			return err
		}},
		{"its time is over", func(owner context.Context, g exchange.Grant) error {
			_, err := dbtest.Superuser(t).Exec(t.Context(), `update app.grants set until_at = now() where id = $1`, g.ID)
			return errors.Join(err, h.Exchange.Settle(owner))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			owner, reader := h.Tenant(t, tenancy.County), h.Tenant(t, tenancy.Jurisdiction)
			person := h.Person(t, reader)
			secret(t, owner, 1, "one")
			g := give(t, owner, reader, h.Exchange, time.Now().Add(time.Hour))
			stream := bufio.NewReader(open(t, server, person, tenantOf(t, owner).Slug, "text/event-stream").Body)
			for _, want := range []string{"publish", "reveal"} {
				if _, name, data, err := event(t, stream); err != nil || name != want || !strings.Contains(data, `"one"`) {
					t.Fatalf("got %s %s, %v, want %s", name, data, err, want)
				}
			}
			secret(t, owner, 1, "two") // while the stream is open
			id, name, data, err := event(t, stream)
			if err != nil || name != "publish" || !strings.Contains(data, `"two"`) {
				t.Fatalf("got %s %s, %v, want the second record", name, data, err)
			}
			if err := c.end(owner, g); err != nil {
				t.Fatal(err)
			}
			ended := time.Now()
			for name != "end" {
				if _, name, data, err = event(t, stream); err != nil {
					t.Fatalf("the stream broke off without a word: %v", err)
				}
			}
			if !strings.Contains(data, "change.access-ended") {
				t.Errorf("got %s, want the reason", data)
			}
			if rest, err := io.ReadAll(stream); err != nil || len(rest) > 0 {
				t.Errorf("after the end came %q, %v", rest, err)
			}
			t.Logf("the stream ended after %v", time.Since(ended))
			secret(t, owner, 1, "three")
			stream = bufio.NewReader(open(t, server, person, tenantOf(t, owner).Slug, "text/event-stream", "Last-Event-ID", id).Body)
			for range 2 {
				if _, name, data, err := event(t, stream); err != nil || name != "conceal" || strings.Contains(data, "content") {
					t.Errorf("got %s %s, %v, want the two records concealed", name, data, err)
				}
			}
		})
	}
}

// narrow starts a server whose connections hold little on the way: what was read has hardly been sent before.
func narrow(t *testing.T, h http.Handler) *httptest.Server {
	t.Helper()
	const held = 64 << 10 // bytes in each direction's buffer
	server := httptest.NewUnstartedServer(h)
	server.Config.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		if err := c.(*net.TCPConn).SetWriteBuffer(held); err != nil {
			t.Error(err)
		}
		return ctx
	}
	server.Start()
	t.Cleanup(server.Close)
	server.Client().Transport.(*http.Transport).DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := (&net.Dialer{}).DialContext(ctx, network, address)
		if err == nil {
			err = c.(*net.TCPConn).SetReadBuffer(held)
		}
		return c, err
	}
	return server
}

// A download that is under way stops when the grant ends, and its end shows that it is not whole.
func TestADownloadStopsWithTheGrant(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	server := narrow(t, h.Server)
	owner, reader := h.Tenant(t, tenancy.County), h.Tenant(t, tenancy.Jurisdiction)
	const records = 1000
	secret(t, owner, records, strings.Repeat("五原", 4000))
	g := give(t, owner, reader, h.Exchange, time.Now().Add(time.Hour))
	body := open(t, server, h.Person(t, reader), tenantOf(t, owner).Slug, "application/x-ndjson").Body
	lines := bufio.NewReader(body)
	if _, err := lines.ReadBytes('\n'); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Exchange.Revoke(owner, g.ID, "done"); err != nil {
		t.Fatal(err)
	}
	slowly := time.NewTicker(time.Millisecond) // the reader takes much longer than rights go unasked for
	defer slowly.Stop()
	n := 1
	for ; ; n++ {
		<-slowly.C
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			t.Fatalf("after %d lines the download looks whole", n)
		}
		if err != nil {
			break // the connection ended in the middle
		}
		if !json.Valid(line) {
			t.Fatalf("line %d is no JSON", n)
		}
	}
	if n >= records {
		t.Errorf("got %d lines after the grant was revoked, want fewer than the %d records", n, records)
	}
}

// A list that is delivered page by page breaks off as the feed does when a grant ends, in whatever form it is asked for: what has
// come by then must not look like the whole.
func TestAListStopsWithTheGrant(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	server := narrow(t, h.Server)
	for _, form := range []string{"application/x-ndjson", "text/csv", "application/xml"} {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			owner, reader := h.Tenant(t, tenancy.County), h.Tenant(t, tenancy.Jurisdiction)
			const records = 600 // three pages
			secret(t, owner, records, strings.Repeat("五原", 4000))
			g := give(t, owner, reader, h.Exchange, time.Now().Add(time.Hour))
			body := bufio.NewReader(openAt(t, server, h.Person(t, reader), "/api/v1/publications?publisher="+tenantOf(t, owner).Slug, form).Body)
			if _, err := body.ReadString(':'); err != nil { // of what comes first
				t.Fatal(err)
			}
			if _, err := h.Exchange.Revoke(owner, g.ID, "done"); err != nil {
				t.Fatal(err)
			}
			rest, err := io.ReadAll(body)
			if err == nil {
				t.Fatalf("after %d bytes the list looks whole", len(rest))
			}
			if n := strings.Count(string(rest), strings.Repeat("五原", 4000)); n >= records-1 {
				t.Errorf("got %d records after the grant was revoked, of %d", n, records)
			}
		})
	}
}

// Lines, pages and events say the same.
func TestTheFormsOfTheFeedAgree(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	server := httptest.NewServer(h.Server)
	t.Cleanup(server.Close)
	owner := h.Tenant(t, tenancy.County)
	slug, count := tenantOf(t, owner).Slug, 1200 // more than a page of the stream
	inTx(t, owner, func(tx pgx.Tx) error {
		for n := range count {
			if _, err := exchange.Publish(owner, tx, exchange.Publication{Kind: "registration", RecordID: uuid.New(), Content: map[string]any{"n": n}}); err != nil {
				return err
			}
		}
		return nil
	})
	var pages, lines, events []string
	for after := int64(0); ; {
		var page struct {
			Items          []json.RawMessage
			Position, Head int64
		}
		h.Nobody().Need(t, &page, "GET", fmt.Sprintf("/api/v1/changes?publisher=%s&limit=333&after=%d", slug, after), nil)
		for _, i := range page.Items {
			pages = append(pages, string(i))
		}
		if after = page.Position; after >= page.Head {
			break
		}
	}
	scan := bufio.NewScanner(open(t, server, h.Nobody(), slug, "application/x-ndjson").Body)
	scan.Buffer(nil, 1<<20)
	for scan.Scan() {
		lines = append(lines, scan.Text())
	}
	stream := bufio.NewReader(open(t, server, h.Nobody(), slug, "text/event-stream").Body)
	for range pages {
		_, _, data, err := event(t, stream)
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, data)
	}
	if len(pages) != count || strings.Join(pages, "\n") != strings.Join(lines, "\n") || strings.Join(pages, "\n") != strings.Join(events, "\n") {
		t.Errorf("got %d changes in pages, %d lines, %d events, or other ones; want %d times the same", len(pages), len(lines), len(events), count)
	}
}

// Whoever reads without signing in, and slowly, has no rights to lose and gets all of it.
func TestNobodyReadsSlowly(t *testing.T) {
	t.Parallel()
	x, owner, nobody := verbs(t), dbtest.Tenant(t, tenancy.County), tenancy.In(t.Context(), tenancy.Public)
	inTx(t, owner, func(tx pgx.Tx) (err error) {
		for range 3 {
			if _, err = exchange.Publish(owner, tx, exchange.Publication{Kind: "registration", RecordID: uuid.New(), Content: map[string]any{}}); err != nil {
				break
			}
		}
		return err
	})
	got := 0
	err := x.Stream(nobody, 0, exchange.ChangeFilter{Publisher: tenantOf(t, owner).Slug}, func(exchange.Change) error {
		got++
		<-time.After(300 * time.Millisecond) // longer than rights are believed
		return nil
	})
	if err != nil || got != 3 {
		t.Errorf("got %d changes, %v", got, err)
	}
}

// Who waits is answered as soon as there is something.
func TestWaitingForAChange(t *testing.T) {
	t.Parallel()
	x, owner, nobody := verbs(t), dbtest.Tenant(t, tenancy.County), tenancy.In(t.Context(), tenancy.Public)
	head, err := x.Head(nobody)
	if err != nil {
		t.Fatal(err)
	}
	kind := "test-" + uuid.NewString()
	got := make(chan exchange.Page, 1)
	go func() {
		page, err := x.Changes(nobody, head, 10, exchange.ChangeFilter{Kind: kind}, time.Minute)
		if err != nil {
			t.Error(err)
		}
		got <- page
	}()
	id := publish(t, owner, exchange.Publication{Kind: kind, RecordID: uuid.New(), Content: map[string]any{}})
	page := <-got
	if len(page.Items) != 1 || page.Items[0].Publication.ID != id || page.Position < page.Items[0].Seq {
		t.Errorf("got %+v, want the change that was waited for", page)
	}
}

// Over HTTP it is the same: who waits is answered when there is something, and with an empty page when there is nothing.
func TestLongPoll(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	owner, nobody := h.Tenant(t, tenancy.County), h.Nobody()
	var page struct {
		Items          []struct{ RecordID string }
		Position, Head int64
	}
	slug := tenantOf(t, owner).Slug
	nobody.Need(t, &page, "GET", "/api/v1/changes?publisher="+slug, nil)
	began := time.Now()
	nobody.Need(t, &page, "GET", fmt.Sprintf("/api/v1/changes?publisher=%s&after=%d&wait=1", slug, page.Head), nil)
	if took := time.Since(began); len(page.Items) != 0 || took < time.Second {
		t.Errorf("with nothing to come: %d changes after %v", len(page.Items), took)
	}
	record, published := uuid.New(), make(chan time.Time, 1)
	go func() {
		<-time.After(300 * time.Millisecond) // the request waits by now
		publish(t, owner, exchange.Publication{Kind: "registration", RecordID: record, Content: map[string]any{}})
		published <- time.Now()
	}()
	nobody.Need(t, &page, "GET", fmt.Sprintf("/api/v1/changes?publisher=%s&after=%d&wait=30", slug, page.Position), nil)
	if took := time.Since(<-published); len(page.Items) != 1 || page.Items[0].RecordID != record.String() || took > 2*time.Second {
		t.Errorf("got %+v, %v after it was published", page.Items, took)
	}
}
