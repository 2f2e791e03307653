package exchange

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// receiptPage is how many receipts a transaction signs or exports.
const receiptPage = 200

// receiptsOfRead writes, signed by the reader, one receipt for each other tenant among the publishers of what was read.
// Nobody in particular signs nothing. Where keys are held elsewhere Settle signs it within seconds: nobody who reads waits for
// another process.
func (x *Exchange) receiptsOfRead(ctx context.Context, tx pgx.Tx, read []Publication) error {
	scope, err := tenancy.From(ctx)
	if err != nil || scope.Tenant == uuid.Nil {
		return err
	}
	items, owners := map[tenancy.ID][]ReceiptItem{}, []Publisher{}
	for _, p := range read {
		if p.Publisher.ID == scope.Tenant {
			continue
		}
		if items[p.Publisher.ID] == nil {
			owners = append(owners, p.Publisher)
		}
		items[p.Publisher.ID] = append(items[p.Publisher.ID], itemOf(p))
	}
	if len(owners) == 0 {
		return nil
	}
	signer, err := x.keys.Signer(ctx, tx)
	if err != nil {
		return err
	}
	for _, owner := range owners {
		r, err := receipt(scope, audit.RequestID(ctx), x.now(), actRead, owner, signer.Publisher, items[owner.ID], nil)
		if err != nil {
			return err
		}
		if !signer.elsewhere {
			if err := r.sign(signer); err != nil {
				return err
			}
		}
		if err := addReceipt(ctx, tx, r); err != nil {
			return err
		}
	}
	return nil
}

// receiptOfWrite writes what the owner did for the readers that p names. It is signed by Settle, since those who publish
// hold no keys.
func receiptOfWrite(ctx context.Context, tx pgx.Tx, act Act, p Publication) error {
	if p.Audience == Public {
		return nil
	}
	rows, _ := tx.Query(ctx, `
		select t.id, t.slug, o.slug, now() from app.tenants t, app.tenants o
		where o.id = app.tenant() and t.id <> o.id and (t.id = $1
			or t.id in (select party from app.instrument_parties where tenant_id = app.tenant() and instrument_id = $2))`, p.Reader, p.Instrument)
	type pair struct {
		ID     tenancy.ID
		Reader string
		Owner  string
		At     time.Time
	}
	pairs, err := pgx.CollectRows(rows, pgx.RowToStructByPos[pair])
	if err != nil {
		return postgres.Wrap(err, "readers of %s", p.ID)
	}
	item := itemOf(p)
	item.Basis, item.BasisID = basisTenant, nil
	if p.Audience == Parties {
		item.Basis, item.BasisID = basisParties, &p.Instrument
	}
	for _, to := range pairs {
		if err := ownReceipt(ctx, tx, to.At, act, to.Owner, Publisher{ID: to.ID, Slug: to.Reader}, []ReceiptItem{item}, nil); err != nil {
			return err
		}
	}
	return nil
}

// ownReceipt writes a receipt of what the tenant did for a reader, to be signed by Settle.
func ownReceipt(ctx context.Context, tx pgx.Tx, at time.Time, act Act, owner string, to Publisher, items []ReceiptItem, g *Grant) error {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	r, err := receipt(scope, audit.RequestID(ctx), at, act, Publisher{ID: scope.Tenant, Slug: owner}, to, items, g)
	if err != nil {
		return err
	}
	return addReceipt(ctx, tx, r)
}

func addReceipt(ctx context.Context, tx pgx.Tx, r Receipt) error {
	ids := []ID{}
	for _, i := range r.Items {
		if i.Publication != uuid.Nil {
			ids = append(ids, i.Publication)
		}
	}
	var key *string
	if r.KeyID != "" {
		key = &r.KeyID
	}
	_, err := tx.Exec(ctx, `
		insert into app.receipts (id, owner, reader, act, at, count, publications, items, statement, key_id, signature)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		r.ID, r.Owner.ID, r.Reader.ID, r.Act, r.At, r.Count, ids, r.Items, r.Text, key, r.Signature)
	return postgres.Wrap(err, "receipt %s", r.ID)
}

// signReceipts signs what the tenant did and has not signed yet. Signatures are made between two transactions, since a key may be
// held elsewhere; two workers at once sign the same, and the first one's stays.
func (x *Exchange) signReceipts(ctx context.Context) error {
	for {
		all, signer, err := x.unsignedReceipts(ctx)
		if err != nil || len(all) == 0 {
			return err
		}
		b := &pgx.Batch{}
		for _, r := range all {
			if err := r.sign(signer); err != nil {
				return err
			}
			b.Queue(`update app.receipts set key_id = $2, signature = $3 where tenant_id = app.tenant() and id = $1 and signature is null`, r.ID, r.KeyID, r.Signature)
		}
		err = x.db.Tx(ctx, func(tx pgx.Tx) error { return postgres.Wrap(tx.SendBatch(ctx, b).Close(), "sign receipts") })
		if err != nil || len(all) < receiptPage {
			return err
		}
	}
}

func (x *Exchange) unsignedReceipts(ctx context.Context) (all []Receipt, signer Signer, err error) {
	err = x.db.Tx(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select id, statement from app.receipts where tenant_id = app.tenant() and signature is null order by id limit $1`, receiptPage)
		all, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (r Receipt, err error) { return r, row.Scan(&r.ID, &r.Text) })
		if err != nil || len(all) == 0 {
			return postgres.Wrap(err, "unsigned receipts")
		}
		signer, err = x.keys.Signer(ctx, tx)
		return err
	})
	return all, signer, err
}

// ReceiptFilter narrows a list of receipts; its zero value is all of both sides.
type ReceiptFilter struct {
	Owner       bool   // only of the tenant's own records: who looked at us
	Reader      bool   // only of what the tenant got
	Other       string // slug of the other side
	Act         Act
	Publication *ID
	Basis       *uuid.UUID // the grant or the instrument under which it was read
	From, To    *time.Time
}

const receiptQuery = `
	select o.id, o.slug, o.kind, o.names, o.demo, r.id, r.slug, r.kind, r.names, r.demo, c.items, c.statement, coalesce(c.key_id, ''), c.signature
	from app.receipts c join app.tenants o on o.id = c.owner join app.tenants r on r.id = c.reader `

func scanReceipt(row pgx.CollectableRow) (c Receipt, err error) {
	o, r := &c.Owner, &c.Reader
	err = row.Scan(&o.ID, &o.Slug, &o.Kind, &o.Names, &o.Demo, &r.ID, &r.Slug, &r.Kind, &r.Names, &r.Demo, &c.Items, &c.Text, &c.KeyID, &c.Signature)
	if err == nil {
		err = json.Unmarshal([]byte(c.Text), &c.Statement)
	}
	return c, err
}

// Receipts lists receipts of either side, newest first.
func (x *Exchange) Receipts(ctx context.Context, f ReceiptFilter, limit int, cursor string) (found []Receipt, next string, err error) {
	c := idCursor{lastID}
	if err := postgres.DecodeCursor(cursor, &c); err != nil {
		return nil, "", err
	}
	err = x.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, receiptQuery+`
			where c.id < $1 and (not $2 or c.owner = app.tenant()) and (not $3 or c.reader = app.tenant())
				and ($4 = '' or (case when c.owner = app.tenant() then r.slug else o.slug end) = $4) and ($5 = '' or c.act = $5)
				and ($6::uuid is null or $6 = any (c.publications)) and ($7::timestamptz is null or c.at >= $7) and ($8::timestamptz is null or c.at < $8)
				and ($9::uuid is null or c.items @> jsonb_build_array(jsonb_build_object('basisId', $9)) or c.statement::jsonb @> jsonb_build_object('grant', jsonb_build_object('id', $9)))
			order by c.id desc limit $10`, c.ID, f.Owner, f.Reader, f.Other, f.Act, f.Publication, f.From, f.To, f.Basis, limit+1)
		found, err = pgx.CollectRows(rows, scanReceipt)
		return postgres.Wrap(err, "receipts")
	})
	if err != nil || len(found) <= limit {
		return found, "", err
	}
	return found[:limit], postgres.EncodeCursor(idCursor{found[limit-1].ID}), nil
}

// Receipt reads one receipt of either side, or returns ErrReceiptNotFound.
func (x *Exchange) Receipt(ctx context.Context, id uuid.UUID) (r Receipt, err error) {
	err = x.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, receiptQuery+`where c.id = $1`, id)
		r, err = pgx.CollectExactlyOneRow(rows, scanReceipt)
		if errors.Is(err, pgx.ErrNoRows) {
			return ErrReceiptNotFound
		}
		return postgres.Wrap(err, "receipt %s", id)
	})
	return r, err
}

// ExportReceipts gives all receipts that fit, each as write takes it, in pages, so that any number needs little memory.
// That they were exported is in the trail before the first one leaves.
func (x *Exchange) ExportReceipts(ctx context.Context, f ReceiptFilter, write func(Receipt) error) error {
	err := x.db.Tx(ctx, func(tx pgx.Tx) error {
		return audit.Record(ctx, tx, audit.Event{Action: "receipt.export", ObjectKind: "receipt"})
	})
	for cursor := ""; err == nil; {
		var page []Receipt
		if page, cursor, err = x.Receipts(ctx, f, receiptPage, cursor); err != nil {
			return err
		}
		for _, r := range page {
			if err := write(r); err != nil {
				return err
			}
		}
		if cursor == "" {
			return nil
		}
	}
	return err
}

var receiptHeading = []string{"id", "at", "act", "owner", "reader", "actorKind", "actorId", "publicationId", "kind", "recordId", "version", "sha256", "basis", "basisId", "grantId", "keyId", "request", "step", "documentId"}

// receiptTable writes receipts as CSV, a line for each publication; a receipt of a grant is one line.
type receiptTable struct{ csv *csv.Writer }

func newReceiptTable(w io.Writer) (receiptTable, error) {
	t := receiptTable{csv.NewWriter(w)}
	return t, t.csv.Write(receiptHeading)
}

func (t receiptTable) write(r Receipt) error {
	items := r.Items
	if len(items) == 0 {
		items = []ReceiptItem{{}}
	}
	for _, i := range items {
		line := []string{r.ID.String(), r.At.Format(time.RFC3339Nano), string(r.Act), r.Owner.Slug, r.Reader.Slug, r.ActorKind, idText(r.ActorID),
			idText(known(i.Publication)), i.Kind, idText(known(i.Record)), strconv.Itoa(i.Version), i.SHA256, string(i.Basis), idText(i.BasisID), "", r.KeyID, r.Request, i.Step, idText(i.Document)}
		if r.Grant != nil {
			line[14] = r.Grant.ID.String()
		}
		if err := t.csv.Write(line); err != nil {
			return err
		}
	}
	return nil
}

func idText(id *uuid.UUID) string {
	if id == nil {
		return ""
	}
	return id.String()
}
