package exchange_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

func inTx(t testing.TB, ctx context.Context, fn func(tx pgx.Tx) error) {
	t.Helper()
	if err := dbtest.DB(t).Tx(ctx, fn); err != nil {
		t.Fatal(err)
	}
}

// verbs are those of another node of the house of apitest, whose workers sweep the same tenants.
func verbs(t testing.TB) *exchange.Exchange {
	t.Helper()
	keys, err := exchange.NewKeys([32]byte{1})
	if err != nil {
		t.Fatal(err)
	}
	return exchange.New(dbtest.DB(t), keys, time.Now)
}

func newAPI(t testing.TB) *exchange.API {
	t.Helper()
	return exchange.NewAPI(verbs(t), func(context.Context, string) bool { return true })
}

func publish(t *testing.T, ctx context.Context, p exchange.Publication) (id exchange.ID) {
	t.Helper()
	inTx(t, ctx, func(tx pgx.Tx) (err error) {
		id, err = exchange.Publish(ctx, tx, p)
		return err
	})
	return id
}

func TestPublicationVersions(t *testing.T) {
	t.Parallel()
	ctx := dbtest.Tenant(t, tenancy.County)
	p := exchange.Publication{Kind: "registration", RecordID: uuid.New(), Content: map[string]any{"name": "五原向日葵", "b": 1, "a": 2},
		Names: []exchange.Name{{Key: "五原向日葵", Text: "五原向日葵", Language: "zh-Hans", Kind: "original"}}}
	first := publish(t, ctx, p)
	if again := publish(t, ctx, p); again != first {
		t.Errorf("the same content was published twice: %s, %s", first, again)
	}
	p.Content = map[string]any{"name": "五原向日葵", "b": 1, "a": 3}
	second := publish(t, ctx, p)
	if second == first {
		t.Fatal("another content got the same version")
	}
	inTx(t, ctx, func(tx pgx.Tx) error {
		current, err := exchange.Current(ctx, tx, "registration", p.RecordID)
		if err != nil || current.ID != second || current.Version != 2 {
			t.Errorf("got current %+v, %v, want version 2", current, err)
		}
		old, err := exchange.ByID(ctx, tx, first)
		if err != nil || old.SupersededAt == nil || old.WithdrawnAt != nil {
			t.Errorf("got first version %+v, %v, want it superseded", old, err)
		}
		return exchange.Withdraw(ctx, tx, "registration", p.RecordID, "")
	})
	inTx(t, ctx, func(tx pgx.Tx) error {
		if _, err := exchange.Current(ctx, tx, "registration", p.RecordID); !errors.Is(err, exchange.ErrNotFound) {
			t.Errorf("withdrawn: got %v, want not found", err)
		}
		return exchange.Withdraw(ctx, tx, "registration", p.RecordID, "") // changes nothing
	})
	if third := publish(t, ctx, p); third == second {
		t.Error("a withdrawn version came back; want a new one")
	}
}

func TestHashIsOfTheCanonicalForm(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		in   any
		want string
	}{
		{"members are sorted", map[string]any{"b": 1, "a": "x"}, `{"a":"x","b":1}`},
		{"nothing is escaped that need not be", map[string]any{"q": "<五原> & 'x'"}, `{"q":"<五原> & 'x'"}`},
		{"numbers as ECMAScript writes them", map[string]any{"n": 1.50, "m": 1e21}, `{"m":1e+21,"n":1.5}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := exchange.Canonical(c.in)
			if err != nil || string(got) != c.want {
				t.Errorf("got %s, %v, want %s", got, err, c.want)
			}
		})
	}
}

func TestWhoReadsAPublication(t *testing.T) {
	t.Parallel()
	ctx, reader, other := dbtest.Tenant(t, tenancy.County), dbtest.Tenant(t, tenancy.Jurisdiction), dbtest.Tenant(t, tenancy.Jurisdiction)
	readerScope, _ := tenancy.From(reader)
	public := publish(t, ctx, exchange.Publication{Kind: "registration", RecordID: uuid.New(), Content: map[string]any{"n": 1}})
	private := publish(t, ctx, exchange.Publication{Kind: "registration", RecordID: uuid.New(), Content: map[string]any{"n": 2}, Audience: exchange.OneReader, Reader: readerScope.Tenant})
	nobody := tenancy.In(t.Context(), tenancy.Public)
	a := newAPI(t)
	for _, c := range []struct {
		name string
		ctx  context.Context
		id   exchange.ID
		want error
	}{
		{"anybody, public", nobody, public, nil},
		{"anybody, for one reader", nobody, private, exchange.ErrNotFound},
		{"another tenant, for one reader", other, private, exchange.ErrNotFound},
		{"the reader", reader, private, nil},
		{"the publisher", ctx, private, nil},
		{"no such publication", nobody, uuid.New(), exchange.ErrNotFound},
	} {
		if _, err := a.ReadPublication(c.ctx, api.ReadPublicationRequestObject{Id: c.id}); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
	}
	// The read across the wall left a receipt that both sides see, and no one else.
	for _, c := range []struct {
		name string
		ctx  context.Context
		want int
	}{{"the publisher", ctx, 1}, {"the reader", reader, 1}, {"another tenant", other, 0}} {
		found, _, err := verbs(t).Receipts(c.ctx, exchange.ReceiptFilter{Publication: &private, Act: "read"}, 10, "")
		if err != nil || len(found) != c.want {
			t.Errorf("%s: got %d receipts of the read, %v, want %d", c.name, len(found), err, c.want)
		}
	}
}

// A tenant that publishes under the id of a foreign record changes nothing of the foreign publication.
func TestForeignRecordIDsDoNotCollide(t *testing.T) {
	t.Parallel()
	ctx, rogue := dbtest.Tenant(t, tenancy.County), dbtest.Tenant(t, tenancy.Trader)
	p := exchange.Publication{Kind: "registration", RecordID: uuid.New(), Content: map[string]any{"holder": "association"}}
	id := publish(t, ctx, p)
	p.Content = map[string]any{"holder": "rogue"}
	publish(t, rogue, p)
	inTx(t, rogue, func(tx pgx.Tx) error { return exchange.Withdraw(rogue, tx, p.Kind, p.RecordID, "") })
	inTx(t, ctx, func(tx pgx.Tx) error {
		current, err := exchange.Current(ctx, tx, p.Kind, p.RecordID)
		if err != nil || current.ID != id || current.Version != 1 {
			t.Errorf("got %+v, %v, want the first version untouched", current, err)
		}
		return nil
	})
}

func TestListShowsWhatHolds(t *testing.T) {
	t.Parallel()
	ctx := dbtest.Tenant(t, tenancy.Association)
	scope, _ := tenancy.From(ctx)
	var want []uuid.UUID
	for i := range 5 {
		want = append([]uuid.UUID{publish(t, ctx, exchange.Publication{Kind: "recognition", RecordID: uuid.New(), Content: map[string]any{"i": i}})}, want...)
	}
	gone := exchange.Publication{Kind: "recognition", RecordID: uuid.New(), Content: map[string]any{"i": 9}}
	withdrawn := publish(t, ctx, gone)
	inTx(t, ctx, func(tx pgx.Tx) error { return exchange.Withdraw(ctx, tx, gone.Kind, gone.RecordID, "") })
	publish(t, ctx, exchange.Publication{Kind: "registration", RecordID: uuid.New(), Content: map[string]any{}})

	a := newAPI(t)
	kind, limit, slug := "recognition", 2, scope.Slug
	params := api.ListPublicationsParams{Kind: &kind, Publisher: &slug, Limit: &limit}
	var got []uuid.UUID
	for {
		res, err := a.ListPublications(tenancy.In(t.Context(), tenancy.Public), api.ListPublicationsRequestObject{Params: params})
		if err != nil {
			t.Fatal(err)
		}
		page := res.(api.ListPublications200JSONResponse).Body
		for _, p := range page.Items {
			got = append(got, p.Id)
		}
		if params.Cursor = page.Next; page.Next == nil {
			break
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("publications (-want +got):\n%s", diff)
	}
	res, err := a.ReadPublication(ctx, api.ReadPublicationRequestObject{Id: withdrawn})
	if err != nil {
		t.Fatal(err)
	}
	if p := api.Publication(res.(api.ReadPublication200JSONResponse)); p.Content != nil || p.WithdrawnAt == nil {
		t.Errorf("got %+v, want the withdrawal without the content", p)
	}
}
