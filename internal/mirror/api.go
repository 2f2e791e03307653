package mirror

import (
	"context"
	"encoding/hex"

	"github.com/helianthus-gi/helianthus/api"
)

// API serves the operations of the tag partner-houses.
type API struct{ partners *Partners }

// NewAPI returns the operations.
func NewAPI(p *Partners) *API { return &API{p} }

// ListPartnerHouses lists the houses that this one follows.
func (a *API) ListPartnerHouses(ctx context.Context, _ api.ListPartnerHousesRequestObject) (api.ListPartnerHousesResponseObject, error) {
	all, err := a.partners.Houses(ctx)
	if err != nil {
		return nil, err
	}
	w := api.PartnerHouseList{Items: []api.PartnerHouse{}}
	for _, p := range all {
		w.Items = append(w.Items, a.wireHouse(ctx, p))
	}
	return api.ListPartnerHouses200JSONResponse(w), nil
}

// ListReceivedPublications lists what other houses publish.
func (a *API) ListReceivedPublications(ctx context.Context, r api.ListReceivedPublicationsRequestObject) (api.ListReceivedPublicationsResponseObject, error) {
	q := r.Params
	f := Filter{House: value(q.House), Kind: value(q.Kind), RecordID: q.RecordId, Name: value(q.Q), Ended: value(q.Ended), Proved: q.Proved}
	limit := 50
	if q.Limit != nil {
		limit = *q.Limit
	}
	found, next, err := a.partners.List(ctx, f, limit, value(q.Cursor))
	if err != nil {
		return nil, err
	}
	w := api.ReceivedList{Items: []api.Received{}}
	if next != "" {
		w.Next = &next
	}
	for _, p := range found {
		w.Items = append(w.Items, wire(p))
	}
	return api.ListReceivedPublications200JSONResponse(w), nil
}

// ReadReceivedPublication reads one version.
func (a *API) ReadReceivedPublication(ctx context.Context, r api.ReadReceivedPublicationRequestObject) (api.ReadReceivedPublicationResponseObject, error) {
	p, err := a.partners.ByID(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	return api.ReadReceivedPublication200JSONResponse(wire(p)), nil
}

func wire(p Received) api.Received {
	one := api.Received{
		House: p.House, Seq: p.Seq, PublicationId: p.Publication, Kind: p.Kind, RecordId: p.RecordID, Version: p.Version, Content: p.Content, Sha256: hex.EncodeToString(p.SHA256),
		Publisher: api.StatusPublisher{Slug: p.Publisher.Slug, Names: p.Publisher.Names}, PublishedAt: p.PublishedAt, ReceivedAt: p.ReceivedAt, EndedSeq: p.EndedSeq, EndedAt: p.EndedAt,
	}
	if p.Proof != "" {
		one.Proof = &p.Proof
	}
	return one
}

func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}
