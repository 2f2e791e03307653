package exchange

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

// API serves the operations of the tags publications, grants, receipts and changes.
type API struct {
	x   *Exchange
	db  *tenancy.DB
	can func(ctx context.Context, permission string) bool
}

// NewAPI returns the operations over x. The function can says whether the caller of ctx has a permission; rules about
// permissions are no matter of this package.
func NewAPI(x *Exchange, can func(ctx context.Context, permission string) bool) *API {
	return &API{x, x.db, can}
}

// ListPublications lists what holds and the caller may read.
func (a *API) ListPublications(ctx context.Context, r api.ListPublicationsRequestObject) (api.ListPublicationsResponseObject, error) {
	f := Filter{Kind: wire.Or(r.Params.Kind), Publisher: wire.Or(r.Params.Publisher), RecordID: r.Params.RecordId}
	found, next, err := a.x.List(ctx, f, wire.Limit(r.Params.Limit), wire.Or(r.Params.Cursor))
	if err != nil {
		return nil, err
	}
	list := api.PublicationList{Items: []api.Publication{}, Next: wire.Optional(next)}
	for _, p := range found {
		list.Items = append(list.Items, wirePublication(p))
	}
	list.Count, err = a.counted(ctx, f, r.Params.Count)
	return api.ListPublications200JSONResponse{Body: list}, err
}

// ReadPublication shows one version of one publication to whoever may see it.
func (a *API) ReadPublication(ctx context.Context, r api.ReadPublicationRequestObject) (api.ReadPublicationResponseObject, error) {
	p, err := a.x.Read(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	return api.ReadPublication200JSONResponse(wirePublication(p)), nil
}

// ListOwnPublications lists what the tenant published.
func (a *API) ListOwnPublications(ctx context.Context, r api.ListOwnPublicationsRequestObject) (api.ListOwnPublicationsResponseObject, error) {
	f := OwnFilter{Filter: Filter{Kind: wire.Or(r.Params.Kind), RecordID: r.Params.RecordId}, Audience: Audience(wire.Or(r.Params.Audience)), Withdrawn: wire.Or(r.Params.Withdrawn)}
	list := api.OwnPublicationList{Items: []api.OwnPublication{}}
	err := a.db.Read(ctx, func(tx pgx.Tx) error {
		found, next, err := ListOwn(ctx, tx, f, wire.Limit(r.Params.Limit), wire.Or(r.Params.Cursor))
		list.Next = wire.Optional(next)
		for _, p := range found {
			w, err := a.wireOwn(ctx, tx, p)
			if err != nil {
				return err
			}
			list.Items = append(list.Items, w)
		}
		return err
	})
	return api.ListOwnPublications200JSONResponse{Body: list}, err
}

// SharePublication shows a record to another audience.
func (a *API) SharePublication(ctx context.Context, r api.SharePublicationRequestObject) (api.SharePublicationResponseObject, error) {
	p, err := a.x.Share(ctx, r.Id, ChoiceOf(&r.Body.Audience, 0, ""))
	if err != nil {
		return nil, err
	}
	w, err := a.readOwn(ctx, p)
	return api.SharePublication200JSONResponse(w), err
}

// WithdrawPublication ends the publication of a record.
func (a *API) WithdrawPublication(ctx context.Context, r api.WithdrawPublicationRequestObject) (api.WithdrawPublicationResponseObject, error) {
	p, err := a.x.Withdraw(ctx, r.Id, r.Body.Reason)
	if err != nil {
		return nil, err
	}
	w, err := a.readOwn(ctx, p)
	return api.WithdrawPublication200JSONResponse(w), err
}

// ChoiceOf is what a request to publish asks for, see api.PublicationChoice.
func ChoiceOf(to *api.Audience, corrects int, reason string) Choice {
	c := Choice{Corrects: corrects, Reason: reason}
	if to != nil {
		c.Audience, c.Tenant, c.Instrument = Audience(to.Kind), wire.Or(to.Tenant), wire.Or(to.InstrumentId)
	}
	return c
}

// ChoiceIn is ChoiceOf of a request's whole body, which may be missing.
func ChoiceIn(b *api.PublicationChoice) Choice {
	switch {
	case b == nil:
		return Choice{}
	case b.Correction != nil:
		return ChoiceOf(b.Audience, b.Correction.Version, b.Correction.Reason)
	}
	return ChoiceOf(b.Audience, 0, "")
}

// ListGrants lists rights that the tenant gave or got.
func (a *API) ListGrants(ctx context.Context, r api.ListGrantsRequestObject) (api.ListGrantsResponseObject, error) {
	side := wire.Or(r.Params.Side)
	f := GrantFilter{Given: side == "owner", Got: side == "reader", State: GrantState(wire.Or(r.Params.State))}
	found, next, err := a.x.Grants(ctx, f, wire.Limit(r.Params.Limit), wire.Or(r.Params.Cursor))
	list := api.GrantList{Items: []api.Grant{}, Next: wire.Optional(next)}
	for _, g := range found {
		list.Items = append(list.Items, a.wireGrant(ctx, g))
	}
	return api.ListGrants200JSONResponse(list), err
}

// CreateGrant gives a right to read.
func (a *API) CreateGrant(ctx context.Context, r api.CreateGrantRequestObject) (api.CreateGrantResponseObject, error) {
	b := r.Body
	g, err := a.x.Give(ctx, Grant{Reader: Publisher{Slug: b.Reader}, Kinds: wire.Or(b.Kinds), Records: wire.Or(b.Records), Purpose: b.Purpose, Until: b.Until})
	if err != nil {
		return nil, err
	}
	location := "/api/v1/grants/" + g.ID.String()
	return api.CreateGrant201JSONResponse{Body: a.wireGrant(ctx, g), Headers: api.CreateGrant201ResponseHeaders{Location: &location}}, nil
}

// ReadGrant shows a right to read.
func (a *API) ReadGrant(ctx context.Context, r api.ReadGrantRequestObject) (api.ReadGrantResponseObject, error) {
	g, err := a.x.Grant(ctx, r.Id)
	return api.ReadGrant200JSONResponse(a.wireGrant(ctx, g)), err
}

// RevokeGrant ends a right to read.
func (a *API) RevokeGrant(ctx context.Context, r api.RevokeGrantRequestObject) (api.RevokeGrantResponseObject, error) {
	g, err := a.x.Revoke(ctx, r.Id, r.Body.Reason)
	return api.RevokeGrant200JSONResponse(a.wireGrant(ctx, g)), err
}

func receiptFilter(side *api.Side, other *string, act *api.ReceiptAct, publication, basis *uuid.UUID, from, to *time.Time) ReceiptFilter {
	s := wire.Or(side)
	return ReceiptFilter{Owner: s == "owner", Reader: s == "reader", Other: wire.Or(other), Act: Act(wire.Or(act)), Publication: publication, Basis: basis, From: from, To: to}
}

// ListReceipts lists who read what.
func (a *API) ListReceipts(ctx context.Context, r api.ListReceiptsRequestObject) (api.ListReceiptsResponseObject, error) {
	p := r.Params
	f := receiptFilter(p.Side, p.Other, p.Act, p.PublicationId, p.BasisId, p.From, p.To)
	found, next, err := a.x.Receipts(ctx, f, wire.Limit(p.Limit), wire.Or(p.Cursor))
	list := api.ReceiptList{Items: make([]api.Receipt, len(found)), Next: wire.Optional(next)}
	for i, c := range found {
		list.Items[i] = wireReceipt(c)
		list.Items[i].Items = nil
	}
	return api.ListReceipts200JSONResponse(list), err
}

// ReadReceipt shows a receipt with its items.
func (a *API) ReadReceipt(ctx context.Context, r api.ReadReceiptRequestObject) (api.ReadReceiptResponseObject, error) {
	c, err := a.x.Receipt(ctx, r.Id)
	return api.ReadReceipt200JSONResponse(wireReceipt(c)), err
}

// ExportReceipts streams receipts.
func (a *API) ExportReceipts(ctx context.Context, r api.ExportReceiptsRequestObject) (api.ExportReceiptsResponseObject, error) {
	p := r.Params
	f := receiptFilter(p.Side, p.Other, p.Act, p.PublicationId, p.BasisId, p.From, p.To)
	body := flow(func(w io.Writer) error {
		if p.Format == "csv" {
			t, err := newReceiptTable(w)
			if err == nil {
				err = a.x.ExportReceipts(ctx, f, t.write)
			}
			t.csv.Flush()
			return errors.Join(err, t.csv.Error())
		}
		lines := json.NewEncoder(w)
		return a.x.ExportReceipts(ctx, f, func(c Receipt) error { return lines.Encode(wireReceipt(c)) })
	})
	name := api.ExportReceipts200ResponseHeaders{ContentDisposition: new(`attachment; filename="receipts.` + string(p.Format) + `"`)}
	if p.Format == "csv" {
		return api.ExportReceipts200TextcsvResponse{Body: body, Headers: name}, nil
	}
	return api.ExportReceipts200ApplicationxNdjsonResponse{Body: body, Headers: name}, nil
}

// ListChanges serves the feed as a page, as lines, or as a stream of events.
func (a *API) ListChanges(ctx context.Context, r api.ListChangesRequestObject) (api.ListChangesResponseObject, error) {
	p := r.Params
	after, f := wire.Or(p.After), ChangeFilter{Kind: wire.Or(p.Kind), Publisher: wire.Or(p.Publisher)}
	accept := wire.Or(p.Accept)
	events := strings.Contains(accept, "text/event-stream")
	if p.LastEventID != nil && events {
		after, _ = strconv.ParseInt(*p.LastEventID, 10, 64) // its form is in the specification
	}
	if !events && !strings.Contains(accept, "application/x-ndjson") {
		page, err := a.x.Changes(ctx, after, wire.OrElse(p.Limit, 200), f, time.Duration(wire.Or(p.Wait))*time.Second)
		if err != nil {
			return nil, err
		}
		w := api.ChangePage{Items: make([]api.Change, len(page.Items)), Position: page.Position, Head: page.Head}
		for i, c := range page.Items {
			w.Items[i] = wireChange(c)
		}
		return api.ListChanges200JSONResponse(w), nil
	}
	if _, err := a.x.Changes(ctx, after, 1, ChangeFilter{Kind: nothing}, 0); err != nil {
		return nil, err // while a problem can still be told
	}
	if events {
		return api.ListChanges200TexteventStreamResponse{Body: flow(func(w io.Writer) error {
			return a.x.events(ctx, after, f, w, func(c Change) any { return wireChange(c) })
		})}, nil
	}
	return api.ListChanges200ApplicationxNdjsonResponse{Body: flow(func(w io.Writer) error {
		return a.x.lines(ctx, after, f, w, func(c Change) any { return wireChange(c) })
	})}, nil
}

// ListKeys lists the public keys that publishers sign with.
func (a *API) ListKeys(ctx context.Context, r api.ListKeysRequestObject) (api.ListKeysResponseObject, error) {
	list := api.PublisherKeyList{Items: []api.PublisherKey{}}
	err := a.db.Read(tenancy.In(ctx, tenancy.Public), func(tx pgx.Tx) error {
		found, next, err := listKeys(ctx, tx, wire.Or(r.Params.Publisher), wire.OrElse(r.Params.Limit, 5000), wire.Or(r.Params.Cursor))
		for _, k := range found {
			list.Items = append(list.Items, api.PublisherKey{
				KeyId: k.ID, Algorithm: "Ed25519", PublicKey: base64.StdEncoding.EncodeToString(k.Key), Pem: PEM(k.Key),
				Publisher: WirePublisher(k.Publisher), CreatedAt: k.CreatedAt, ExpiresAt: &k.ExpiresAt, RetiredAt: k.RetiredAt, RetiredWhy: (*api.SigningKeyRetirement)(wire.Optional(string(k.RetiredWhy))),
			})
		}
		list.Next = wire.Optional(next)
		return err
	})
	return api.ListKeys200JSONResponse(list), err
}

func wirePublication(p Publication) api.Publication {
	w := api.Publication{
		Id: p.ID, Kind: p.Kind, RecordId: p.RecordID, Version: p.Version, Publisher: WirePublisher(p.Publisher), Sha256: hexed(p.SHA256[:]),
		PublishedAt: p.PublishedAt, SupersededAt: p.SupersededAt, WithdrawnAt: p.WithdrawnAt, WithdrawalReason: wire.Optional(p.WithdrawalReason), CorrectionReason: wire.Optional(p.Reason),
		Basis: &api.Basis{Kind: api.BasisKind(p.Basis.Kind), Id: p.Basis.ID, Until: p.Basis.Until},
	}
	if p.Corrects != 0 {
		w.Corrects = &p.Corrects
	}
	if content, ok := p.Content.(json.RawMessage); ok && p.WithdrawnAt == nil {
		w.Content = &content
	}
	return w
}

// WirePublisher is a publisher as it is written.
func WirePublisher(p Publisher) api.Publisher {
	return api.Publisher{Id: p.ID, Slug: p.Slug, Kind: string(p.Kind), Names: p.Names, Demo: p.Demo}
}

// Line is a change as a line of the feed.
func Line(c Change) ([]byte, error) { return json.Marshal(wireChange(c)) }

func wireChange(c Change) api.Change {
	p := c.Publication
	w := api.Change{Seq: c.Seq, Event: api.ChangeEvent(c.Event), At: c.At, Publisher: WirePublisher(p.Publisher), Kind: p.Kind, RecordId: p.RecordID, PublicationId: p.ID, Version: p.Version}
	if c.Event != eventConceal {
		w.Publication = new(wirePublication(p))
	}
	return w
}

func (a *API) readOwn(ctx context.Context, p Publication) (w api.OwnPublication, err error) {
	err = a.db.Read(ctx, func(tx pgx.Tx) error {
		w, err = a.wireOwn(ctx, tx, p)
		return err
	})
	return w, err
}

func (a *API) wireOwn(ctx context.Context, tx pgx.Tx, p Publication) (w api.OwnPublication, err error) {
	w = api.OwnPublication{Publication: wirePublication(p), Audience: api.Audience{Kind: api.AudienceKind(p.Audience)}, AudienceSince: p.AudienceSince, Allowed: []string{}}
	switch p.Audience {
	case Parties:
		w.Audience.InstrumentId = &p.Instrument
	case OneReader:
		to, err := tenantByID(ctx, tx, p.Reader)
		if err != nil {
			return w, err
		}
		w.Audience.Tenant = &to.Slug
	}
	if p.WithdrawnAt == nil && p.SupersededAt == nil && p.Free() {
		for _, act := range []string{"share", "withdraw"} {
			if a.can(ctx, "publication:"+act) {
				w.Allowed = append(w.Allowed, act)
			}
		}
	}
	return w, nil
}

func (a *API) wireGrant(ctx context.Context, g Grant) api.Grant {
	w := api.Grant{
		Id: g.ID, Owner: WirePublisher(g.Owner), Reader: WirePublisher(g.Reader), Kinds: g.Kinds, Records: g.Records, Purpose: g.Purpose, CreatedAt: g.CreatedAt,
		Until: g.Until, RevokedAt: g.RevokedAt, Reason: wire.Optional(g.Reason), State: api.GrantState(g.State), Allowed: []string{},
	}
	if s, err := tenancy.From(ctx); err == nil && s.Tenant == g.Owner.ID && g.State == GrantLive && a.can(ctx, "grant:revoke") {
		w.Allowed = append(w.Allowed, "revoke")
	}
	return w
}

func wireReceipt(c Receipt) api.Receipt {
	w := api.Receipt{
		Id: c.ID, Act: api.ReceiptAct(c.Act), At: c.At, Owner: WirePublisher(c.Owner), Reader: WirePublisher(c.Reader), ActorKind: c.ActorKind, ActorId: c.ActorID,
		Count: c.Count, Statement: c.Text, KeyId: wire.Optional(c.KeyID),
	}
	if c.Grant != nil {
		w.GrantId = &c.Grant.ID
	}
	if c.Signature != nil {
		w.Signature = new(base64.StdEncoding.EncodeToString(c.Signature))
	}
	items := make([]api.ReceiptItem, len(c.Items))
	for n, i := range c.Items {
		items[n] = api.ReceiptItem{PublicationId: known(i.Publication), Kind: i.Kind, RecordId: i.Record, Version: wire.Optional(i.Version), Step: wire.Optional(i.Step), DocumentId: i.Document, Sha256: i.SHA256, BasisId: i.BasisID}
		if i.Basis != "" {
			items[n].Basis = new(api.ReceiptItemBasis(i.Basis))
		}
	}
	w.Items = &items
	return w
}

// ListPartners lists the tenants that we exchange with.
func (a *API) ListPartners(ctx context.Context, r api.ListPartnersRequestObject) (api.ListPartnersResponseObject, error) {
	found, next, err := a.x.Partners(ctx, wire.Limit(r.Params.Limit), wire.Or(r.Params.Cursor))
	list := api.PartnerList{Items: make([]api.Partner, len(found)), Next: wire.Optional(next)}
	for i, p := range found {
		list.Items[i] = wirePartner(p)
	}
	return api.ListPartners200JSONResponse(list), err
}

func wirePartner(p Partner) api.Partner {
	w := api.Partner{Tenant: WirePublisher(p.Tenant), SuspendedAt: p.SuspendedAt, Gives: wireRights(p.Gives), Gets: wireRights(p.Gets), ReadAt: p.ReadAt, WeReadAt: p.WeReadAt,
		Missing: p.Missing, MissingFrom: p.MissingFrom, Unsigned: p.Unsigned, Problems: []api.PartnerTrouble{}}
	if m := p.LastReceipt; m != nil {
		w.LastReceipt = &api.ReceiptMark{Id: m.ID, Act: api.ReceiptAct(m.Act), At: m.At}
	}
	if p.Received != nil {
		w.ReceivedId, w.ReceivedAt = &p.Received.ID, &p.Received.At
	}
	for _, t := range p.Problems {
		w.Problems = append(w.Problems, api.PartnerTrouble(t))
	}
	return w
}

func wireRights(r Rights) api.PartnerRights {
	return api.PartnerRights{Grants: r.Grants, Kinds: r.Kinds, Records: r.Records, Until: r.Until, Instruments: r.Instruments}
}

// ListFeedConsumers lists the tenant's readers of the feed.
func (a *API) ListFeedConsumers(ctx context.Context, _ api.ListFeedConsumersRequestObject) (api.ListFeedConsumersResponseObject, error) {
	found, head, err := a.x.Consumers(ctx)
	list := api.FeedConsumerList{Items: make([]api.FeedConsumer, len(found)), Head: head}
	for i, c := range found {
		list.Items[i] = api.FeedConsumer{ActorKind: api.FeedConsumerActorKind(c.ActorKind), ActorId: c.Actor, Name: c.Name, Kind: wire.Optional(c.Kind), Publisher: wire.Optional(c.Publisher),
			Position: c.Position, Lag: head - c.Position, Since: c.Since, ReadAt: c.ReadAt}
	}
	return api.ListFeedConsumers200JSONResponse(list), err
}
