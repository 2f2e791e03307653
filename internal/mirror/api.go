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
		one := api.PartnerHouse{Name: p.Name, Url: p.URL, Position: p.Position, Records: p.Records, CheckedAt: p.CheckedAt}
		if p.Error != "" {
			one.Error = new(api.PartnerHouseError(p.Error))
		}
		w.Items = append(w.Items, one)
	}
	return api.ListPartnerHouses200JSONResponse(w), nil
}

// ListReceivedPublications lists what other houses publish.
func (a *API) ListReceivedPublications(ctx context.Context, r api.ListReceivedPublicationsRequestObject) (api.ListReceivedPublicationsResponseObject, error) {
	q := r.Params
	f := Filter{House: value(q.House), Kind: value(q.Kind), RecordID: q.RecordId, Name: value(q.Q), Ended: value(q.Ended)}
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
		one := api.Received{
			House: p.House, Seq: p.Seq, PublicationId: p.Publication, Kind: p.Kind, RecordId: p.RecordID, Version: p.Version, Content: p.Content, Sha256: hex.EncodeToString(p.SHA256),
			Publisher: api.StatusPublisher{Slug: p.Publisher.Slug, Names: p.Publisher.Names}, PublishedAt: p.PublishedAt, ReceivedAt: p.ReceivedAt, EndedSeq: p.EndedSeq, EndedAt: p.EndedAt,
		}
		if p.Proof != "" {
			one.Proof = &p.Proof
		}
		w.Items = append(w.Items, one)
	}
	return api.ListReceivedPublications200JSONResponse(w), nil
}

func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}
