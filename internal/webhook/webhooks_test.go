package webhook_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/webhook"
)

func newWebhooks(t testing.TB, client *http.Client) *webhook.Webhooks {
	t.Helper()
	keys, err := exchange.NewKeys([32]byte{51})
	if err != nil {
		t.Fatal(err)
	}
	return webhook.New(dbtest.DB(t), exchange.New(dbtest.DB(t), keys, time.Now), keys, client, slog.New(slog.DiscardHandler), time.Now)
}

// received is one request that the receiver had.
type received struct {
	header http.Header
	body   []byte
	Type   string
	Data   struct {
		Seq         int64
		Publication struct{ Content struct{ Name string } }
	}
}

// receiver is somebody's system that is told of changes: a real server under TLS.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	got    []received
	answer func(n int) int // the status of the nth request, from 1; nil: 204
}

func newReceiver(t testing.TB) *receiver {
	t.Helper()
	r := &receiver{}
	r.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		one := received{header: req.Header, body: body}
		if err == nil {
			err = json.Unmarshal(body, &one)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.got = append(r.got, one)
		status := http.StatusNoContent
		if r.answer != nil {
			status = r.answer(len(r.got))
		}
		if err != nil {
			status = http.StatusBadRequest
		}
		if status == http.StatusFound {
			w.Header().Set("Location", "/elsewhere")
		}
		w.WriteHeader(status)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) all() []received {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]received(nil), r.got...)
}

// stage is a tenant with one endpoint that leads to a receiver.
type stage struct {
	*webhook.Webhooks
	ctx      context.Context
	receiver *receiver
	endpoint webhook.Endpoint
	secret   string
}

func newStage(t *testing.T, kinds ...string) *stage {
	t.Helper()
	s := &stage{ctx: dbtest.Tenant(t, tenancy.County), receiver: newReceiver(t)}
	client := s.receiver.Client() // which trusts the receiver, and goes to addresses that are not public
	client.CheckRedirect = webhook.PublicClient().CheckRedirect
	s.Webhooks = newWebhooks(t, client)
	// Nobody's address in a test is public: the endpoint is added under a name, and led to the receiver afterwards.
	var err error
	if s.endpoint, s.secret, err = s.Create(s.ctx, webhook.Endpoint{URL: "https://receiver.example/", Kinds: append([]string{}, kinds...)}); err != nil {
		t.Fatal(err)
	}
	s.exec(t, `update app.webhooks set url = $1`, s.receiver.URL+"/hooks")
	return s
}

func (s *stage) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	err := dbtest.DB(t).Tx(s.ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(s.ctx, sql, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// serve does what a worker does in a round.
func (s *stage) serve(t *testing.T) {
	t.Helper()
	if err := s.Serve(s.ctx); err != nil {
		t.Fatal(err)
	}
}

// due lets all that waits be due.
func (s *stage) due(t *testing.T) {
	t.Helper()
	s.exec(t, `update app.webhook_deliveries set next_at = now() - interval '1 second' where status = 'queued'`)
}

// only is what this tenant published, of all that the receiver had.
func (s *stage) only(names ...string) (got []received) {
	for _, r := range s.receiver.all() {
		for _, n := range names {
			if r.Data.Publication.Content.Name == n {
				got = append(got, r)
			}
		}
	}
	return got
}

func (s *stage) log(t *testing.T) []webhook.Delivery {
	t.Helper()
	all, _, err := s.Deliveries(s.ctx, s.endpoint.ID, "", 200, "")
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func (s *stage) read(t *testing.T) webhook.Endpoint {
	t.Helper()
	e, err := s.Endpoint(s.ctx, s.endpoint.ID)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func publish(t *testing.T, ctx context.Context, kind, name string, to exchange.Audience, reader tenancy.ID) (id exchange.ID) {
	t.Helper()
	err := dbtest.DB(t).Tx(ctx, func(tx pgx.Tx) (err error) {
		id, err = exchange.Publish(ctx, tx, exchange.Publication{Kind: kind, RecordID: uuid.New(), Content: map[string]any{"name": name}, Audience: to, Reader: reader})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func tenantOf(t *testing.T, ctx context.Context) tenancy.ID {
	t.Helper()
	s, err := tenancy.From(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return s.Tenant
}

func TestDelivery(t *testing.T) {
	t.Parallel()
	// A kind of its own: what other tests publish to everybody meanwhile would be queued here too.
	s, other := newStage(t, "delivery"), dbtest.Tenant(t, tenancy.Jurisdiction)
	own, theirs, forUs, notForUs := "own "+uuid.NewString(), "theirs "+uuid.NewString(), "for us "+uuid.NewString(), "not for us "+uuid.NewString()
	publish(t, s.ctx, "delivery", own, exchange.Public, uuid.Nil)
	publish(t, other, "delivery", theirs, exchange.Public, uuid.Nil)
	publish(t, other, "delivery", forUs, exchange.OneReader, tenantOf(t, s.ctx))
	publish(t, other, "delivery", notForUs, exchange.OneReader, tenantOf(t, dbtest.Tenant(t, tenancy.Trader)))
	s.serve(t)
	s.serve(t) // once more changes nothing
	got := s.only(own, theirs, forUs, notForUs)
	if len(got) != 3 || s.only(notForUs) != nil {
		t.Fatalf("got %d deliveries, want the three that may be read, once", len(got))
	}
	verifier, err := standard.NewWebhook(s.secret)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range got {
		if err := verifier.Verify(r.body, r.header); err != nil {
			t.Errorf("signature: %v", err)
		}
		if r.Type != "delivery.publish" || r.header.Get("Webhook-Id") != webhook.MessageID(s.endpoint.ID, r.Data.Seq) {
			t.Errorf("got %s, id %s", r.Type, r.header.Get("Webhook-Id"))
		}
	}
	for _, d := range s.log(t) {
		if d.Status != webhook.Delivered || d.Tries != 1 || len(d.Log) != 1 || d.Log[0].Response == nil || *d.Log[0].Response != 204 {
			t.Errorf("the log has %+v", d)
		}
	}
	if e := s.read(t); e.Position < got[2].Data.Seq || e.Waiting != 0 {
		t.Errorf("position %d, %d waiting; want all told up to %d", e.Position, e.Waiting, got[2].Data.Seq)
	}
}

func TestKindsNarrowWhatIsTold(t *testing.T) {
	t.Parallel()
	s := newStage(t, "recognition")
	no, yes := "no "+uuid.NewString(), "yes "+uuid.NewString()
	publish(t, s.ctx, "registration", no, exchange.Public, uuid.Nil)
	publish(t, s.ctx, "recognition", yes, exchange.Public, uuid.Nil)
	s.serve(t)
	if got := s.only(no, yes); len(got) != 1 || got[0].Data.Publication.Content.Name != yes {
		t.Errorf("got %d deliveries, want the recognition alone", len(got))
	}
}

func TestFailuresAreTriedAgain(t *testing.T) {
	t.Parallel()
	s := newStage(t, "late")
	s.receiver.answer = func(n int) int { return []int{0, 500, 302, 204}[min(n, 3)] } // a redirect is not followed
	name := "late " + uuid.NewString()
	publish(t, s.ctx, "late", name, exchange.Public, uuid.Nil)
	s.serve(t)
	for range 4 {
		s.due(t)
		s.serve(t)
	}
	got := s.only(name)
	if len(got) != 3 || len(s.receiver.all()) != 3 {
		t.Fatalf("it came %d times in %d requests, want 500, 302 and 204", len(got), len(s.receiver.all()))
	}
	for _, d := range s.log(t) {
		if d.MessageID != got[0].header.Get("Webhook-Id") {
			continue
		}
		if d.Status != webhook.Delivered || d.Tries != len(got) || len(d.Log) != len(got) {
			t.Errorf("got %+v after %d tries, want it delivered by the last and all in the log", d, len(got))
		}
	}
	if e := s.read(t); e.FailingSince != nil {
		t.Errorf("failing since %v, though the last one arrived", e.FailingSince)
	}
}

func TestGoneDisables(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.receiver.answer = func(int) int { return http.StatusGone }
	if _, err := s.Test(s.ctx, s.endpoint.ID); err != nil {
		t.Fatal(err)
	}
	s.serve(t)
	if e := s.read(t); e.Status != webhook.Disabled || e.DisabledWhy != webhook.ByGone {
		t.Fatalf("got %s because of %q", e.Status, e.DisabledWhy)
	}
	if _, err := s.Test(s.ctx, s.endpoint.ID); !errors.Is(err, webhook.ErrDisabled) {
		t.Errorf("a test of a disabled one: %v", err)
	}
	name := "missed " + uuid.NewString()
	publish(t, s.ctx, "registration", name, exchange.Public, uuid.Nil)
	s.serve(t)
	s.receiver.answer = nil
	if _, err := s.Enable(s.ctx, s.endpoint.ID); err != nil {
		t.Fatal(err)
	}
	s.serve(t)
	if len(s.only(name)) != 1 {
		t.Error("enabled again, it was not told what it missed")
	}
}

func TestThreeDaysWithoutAnythingDisable(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.receiver.answer = func(int) int { return http.StatusServiceUnavailable }
	if _, err := s.Test(s.ctx, s.endpoint.ID); err != nil {
		t.Fatal(err)
	}
	s.serve(t)
	s.exec(t, `update app.webhook_deliveries set tries = 9`)
	s.due(t)
	s.serve(t)
	if e := s.read(t); e.Status != webhook.Active || e.FailingSince == nil {
		t.Fatalf("got %+v, want it failing and active: three days have not passed", e)
	}
	s.exec(t, `update app.webhooks set failing_since = now() - interval '73 hours'`)
	s.exec(t, `update app.webhook_deliveries set status = 'queued', tries = 9`)
	s.due(t)
	s.serve(t)
	e := s.read(t)
	if e.Status != webhook.Disabled || e.DisabledWhy != webhook.ByFailure {
		t.Fatalf("got %s because of %q", e.Status, e.DisabledWhy)
	}
	var told int
	err := dbtest.DB(t).Read(s.ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(s.ctx, `select count(*) from app.audit_events where action = 'webhook.disable'`).Scan(&told)
	})
	if err != nil || told != 1 {
		t.Errorf("%d lines in the audit trail, %v; want one", told, err)
	}
}

func TestConcealedMeanwhile(t *testing.T) {
	t.Parallel()
	s, other := newStage(t), dbtest.Tenant(t, tenancy.Jurisdiction)
	s.receiver.answer = func(n int) int { return 503 }
	name := "secret " + uuid.NewString()
	id := publish(t, other, "registration", name, exchange.OneReader, tenantOf(t, s.ctx))
	s.serve(t)
	if len(s.only(name)) == 0 {
		t.Fatal("it was never tried")
	}
	before := len(s.only(name))
	keys, err := exchange.NewKeys([32]byte{51})
	if err != nil {
		t.Fatal(err)
	}
	third := tenantOf(t, dbtest.Tenant(t, tenancy.Trader))
	if _, err := exchange.New(dbtest.DB(t), keys, time.Now).Share(other, id, exchange.Choice{Audience: exchange.OneReader, Tenant: slugOf(t, third)}); err != nil {
		t.Fatal(err)
	}
	s.receiver.mu.Lock()
	s.receiver.answer = nil
	s.receiver.mu.Unlock()
	s.due(t)
	s.serve(t)
	if after := len(s.only(name)); after != before {
		t.Error("what was concealed was sent")
	}
}

func slugOf(t *testing.T, id tenancy.ID) (slug string) {
	t.Helper()
	if err := dbtest.Pool(t).QueryRow(t.Context(), `select slug from app.tenants where id = $1`, id).Scan(&slug); err != nil {
		t.Fatal(err)
	}
	return slug
}

func TestReplayHasTheSameIDs(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	name := "twice " + uuid.NewString()
	publish(t, s.ctx, "registration", name, exchange.Public, uuid.Nil)
	start := s.read(t).Position
	s.serve(t)
	if _, err := s.Replay(s.ctx, s.endpoint.ID, start); err != nil {
		t.Fatal(err)
	}
	s.serve(t)
	got := s.only(name)
	if len(got) != 2 || got[0].header.Get("Webhook-Id") != got[1].header.Get("Webhook-Id") {
		t.Errorf("got %d deliveries, want two of one id", len(got))
	}
	if _, err := s.Replay(s.ctx, s.endpoint.ID, 1<<60); !errors.Is(err, exchange.ErrAhead) {
		t.Errorf("a replay from the future: %v", err)
	}
}

func TestSecretsOverlap(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	fresh, until, err := s.Rotate(s.ctx, s.endpoint.ID)
	if err != nil || until.Before(time.Now().Add(23*time.Hour)) {
		t.Fatalf("until %v, %v", until, err)
	}
	if _, err := s.Test(s.ctx, s.endpoint.ID); err != nil {
		t.Fatal(err)
	}
	s.serve(t)
	believed := func(secret string, r received) bool {
		v, err := standard.NewWebhook(secret)
		return err == nil && v.Verify(r.body, r.header) == nil
	}
	var last received
	for _, r := range s.receiver.all() {
		if r.Type == "webhook.test" {
			last = r
		}
	}
	if last.body == nil || !believed(s.secret, last) || !believed(fresh, last) {
		t.Error("want both secrets to fit while one replaces the other")
	}
	s.exec(t, `update app.webhook_secrets set until_at = now() - interval '1 second' where until_at is not null`)
	if err := s.Expire(s.ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Test(s.ctx, s.endpoint.ID); err != nil {
		t.Fatal(err)
	}
	s.serve(t)
	all := s.receiver.all()
	if last = all[len(all)-1]; believed(s.secret, last) || !believed(fresh, last) {
		t.Error("want the new secret alone to fit after a day")
	}
}

func TestPrivateAddressIsNotCalled(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	guarded := newWebhooks(t, webhook.PublicClient())
	if _, err := guarded.Test(s.ctx, s.endpoint.ID); err != nil {
		t.Fatal(err)
	}
	if err := guarded.Serve(s.ctx); err != nil {
		t.Fatal(err)
	}
	if n := len(s.receiver.all()); n != 0 {
		t.Errorf("%d requests came to a loopback address", n)
	}
	for _, d := range s.log(t) {
		if len(d.Log) != 1 || d.Log[0].Error != "private" || d.Status != webhook.Queued {
			t.Errorf("the log has %+v", d)
		}
	}
}

// Many workers at once, one of which dies with what it claimed: each message arrives, and none twice but the dead one's.
func TestManyWorkers(t *testing.T) {
	t.Parallel()
	s := newStage(t, "many")
	var names []string
	for n := range 100 {
		names = append(names, fmt.Sprintf("many %d %s", n, uuid.NewString()))
		publish(t, s.ctx, "many", names[n], exchange.Public, uuid.Nil)
	}
	for range 3 {
		var wait sync.WaitGroup
		for range 8 {
			wait.Go(func() {
				if err := s.Serve(s.ctx); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
	}
	for s.read(t).Waiting > 0 {
		s.serve(t)
	}
	times := map[string]int{}
	for _, r := range s.only(names...) {
		times[r.header.Get("Webhook-Id")]++
	}
	if len(times) != 100 {
		t.Errorf("%d of 100 arrived", len(times))
	}
	for id, n := range times {
		if n != 1 {
			t.Errorf("%s came %d times", id, n)
		}
	}
}

func TestEndpointsAreTheTenants(t *testing.T) {
	t.Parallel()
	s, other := newStage(t), dbtest.Tenant(t, tenancy.County)
	if _, err := s.Endpoint(other, s.endpoint.ID); !errors.Is(err, webhook.ErrNotFound) {
		t.Errorf("another tenant reads it: %v", err)
	}
	if _, err := s.Disable(other, s.endpoint.ID); !errors.Is(err, webhook.ErrNotFound) {
		t.Errorf("another tenant disables it: %v", err)
	}
	if err := s.Remove(other, s.endpoint.ID); !errors.Is(err, webhook.ErrNotFound) {
		t.Errorf("another tenant removes it: %v", err)
	}
	if _, err := s.Update(s.ctx, s.endpoint.ID, 99, webhook.Change{}); !errors.Is(err, problem.ErrStale) {
		t.Errorf("an old version: %v", err)
	}
	for n := 1; ; n++ {
		_, _, err := s.Create(s.ctx, webhook.Endpoint{URL: "https://receiver.example/", Kinds: []string{}})
		if errors.Is(err, webhook.ErrTooMany) && n == 20 {
			break
		}
		if err != nil || n > 20 {
			t.Fatalf("endpoint %d: %v", n+1, err)
		}
	}
	if err := s.Remove(s.ctx, s.endpoint.ID); err != nil {
		t.Fatal(err)
	}
}

// endsIn moves the end of the tenant's keys, which the application cannot.
func endsIn(t *testing.T, ctx context.Context, left string) {
	t.Helper()
	_, err := dbtest.Superuser(t).Exec(t.Context(), `update app.signing_keys set expires_at = now() + $1::text::interval where tenant_id = $2`, left, tenantOf(t, ctx))
	if err != nil {
		t.Fatal(err)
	}
}

// A signing key that ends is told to the endpoints that want it, once for each reminder, and by nobody who has rotated it.
func TestKeysThatEndAreTold(t *testing.T) {
	t.Parallel()
	s, elsewhere := newStage(t, "signing-key"), newStage(t, "registration")
	keys, err := exchange.NewKeys([32]byte{51})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, at := range []*stage{s, elsewhere} {
		var signer exchange.Signer
		if err := dbtest.DB(t).Tx(at.ctx, func(tx pgx.Tx) error { signer, err = keys.Signer(at.ctx, tx); return err }); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, exchange.KeyID(signer.Public))
	}
	told := func(at *stage) (n int) {
		for range 2 {
			if err := at.Expire(at.ctx); err != nil {
				t.Fatal(err)
			}
		}
		at.serve(t)
		for _, r := range at.receiver.all() {
			if r.Type == "signing-key.end-soon" {
				n++
				if !bytes.Contains(r.body, []byte(ids[0])) || !bytes.Contains(r.body, []byte("expiresAt")) {
					t.Errorf("told %s", r.body)
				}
			}
		}
		return n
	}
	for _, step := range []struct {
		left string
		told int
	}{{"70 days", 0}, {"50 days", 1}, {"49 days", 1}, {"20 days", 2}} {
		for n, at := range []*stage{s, elsewhere} {
			endsIn(t, at.ctx, step.left)
			if got := told(at); n == 0 && got != step.told || n == 1 && got != 0 {
				t.Errorf("%s before the end endpoint %d was told %d times, want %d at the first alone", step.left, n, got, step.told)
			}
		}
	}
	endsIn(t, s.ctx, "2 days")
	if err := s.Expire(s.ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := exchange.New(dbtest.DB(t), keys, time.Now).RotateKey(s.ctx, ids[0], exchange.Routine); err != nil {
		t.Fatal(err)
	}
	if got := told(s); got != 2 {
		t.Errorf("of a key that was rotated: told %d times, want no more than before", got)
	}
}

// What else ends is told as the trail has it: once for each reminder, to the endpoints that want it, and no more when it was
// ended by somebody meanwhile.
func TestEndsAreTold(t *testing.T) {
	t.Parallel()
	s, elsewhere := newStage(t, "grant", "recognition"), newStage(t, "registration")
	now := time.Now()
	remind := func(kind, id string) {
		for _, at := range []*stage{s, elsewhere} {
			err := dbtest.DB(t).Tx(at.ctx, func(tx pgx.Tx) error {
				return audit.Remind(at.ctx, tx, audit.Event{Action: kind + ".end-soon", ObjectKind: kind, ObjectID: id}, now.Add(20*24*time.Hour), now)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	remind("grant", "g1")
	remind("recognition", "r1")
	remind("api-client", "c1") // nobody wants it
	remind("grant", "g2")
	err := dbtest.DB(t).Tx(s.ctx, func(tx pgx.Tx) error {
		return audit.Record(s.ctx, tx, audit.Event{Action: "grant.revoke", ObjectKind: "grant", ObjectID: "g2"})
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []*stage{s, elsewhere} {
		for range 2 {
			if err := at.Expire(at.ctx); err != nil {
				t.Fatal(err)
			}
			at.serve(t)
		}
	}
	if told, others := ends(t, s), ends(t, elsewhere); !slices.Equal(told, []string{"g1", "r1"}) || len(others) != 0 {
		t.Errorf("told of %v, and elsewhere of %v", told, others)
	}
}

// ends are the records of whose end a stage was told, in order. What others publish to everybody meanwhile is no end.
func ends(t *testing.T, s *stage) (told []string) {
	t.Helper()
	for _, r := range s.receiver.all() {
		var m struct {
			Type string
			Data struct {
				Kind, ID   string
				DaysBefore int
				ExpiresAt  time.Time
			}
		}
		if err := json.Unmarshal(r.body, &m); err != nil {
			t.Fatalf("told %s, %v", r.body, err)
		}
		if !strings.HasSuffix(m.Type, ".end-soon") {
			continue
		}
		if m.Data.DaysBefore != 30 || m.Type != m.Data.Kind+".end-soon" || m.Data.ExpiresAt.IsZero() {
			t.Errorf("told %s", r.body)
		}
		told = append(told, m.Data.ID)
	}
	slices.Sort(told)
	return told
}
