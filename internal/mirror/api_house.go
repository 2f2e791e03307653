package mirror

import (
	"context"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/translog"
)

// LookAtPartnerHouse asks a house who it is, before it is followed.
func (a *API) LookAtPartnerHouse(ctx context.Context, r api.LookAtPartnerHouseRequestObject) (api.LookAtPartnerHouseResponseObject, error) {
	s, err := a.partners.Look(ctx, r.Body.Url)
	if err != nil {
		return nil, err
	}
	w := api.HouseSight{Url: s.URL, Name: s.Name, LogSize: s.LogSize, Keys: make([]api.HouseKey, len(s.Keys))}
	for i, k := range s.Keys {
		w.Keys[i] = api.HouseKey{Key: k, Fingerprint: translog.Fingerprint(k)}
	}
	return api.LookAtPartnerHouse200JSONResponse(w), nil
}

// CreatePartnerHouse follows a house.
func (a *API) CreatePartnerHouse(ctx context.Context, r api.CreatePartnerHouseRequestObject) (api.CreatePartnerHouseResponseObject, error) {
	h, err := a.partners.Follow(ctx, r.Body.Url, r.Body.Key)
	if err != nil {
		return nil, err
	}
	location, etag := "/api/v1/partner-houses/"+h.ID.String(), problem.ETag(h.Version)
	return api.CreatePartnerHouse201JSONResponse{Body: a.wireHouse(ctx, h), Headers: api.CreatePartnerHouse201ResponseHeaders{Location: &location, ETag: &etag}}, nil
}

// ReadPartnerHouse reads a house.
func (a *API) ReadPartnerHouse(ctx context.Context, r api.ReadPartnerHouseRequestObject) (api.ReadPartnerHouseResponseObject, error) {
	h, err := a.partners.House(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	etag := problem.ETag(h.Version)
	return api.ReadPartnerHouse200JSONResponse{Body: a.wireHouse(ctx, h), Headers: api.ReadPartnerHouse200ResponseHeaders{ETag: &etag}}, nil
}

// UpdatePartnerHouse changes the address or the key.
func (a *API) UpdatePartnerHouse(ctx context.Context, r api.UpdatePartnerHouseRequestObject) (api.UpdatePartnerHouseResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	h, err := a.partners.Readdress(ctx, r.Id, version, r.Body.Url, r.Body.Key)
	if err != nil {
		return nil, err
	}
	etag := problem.ETag(h.Version)
	return api.UpdatePartnerHouse200JSONResponse{Body: a.wireHouse(ctx, h), Headers: api.UpdatePartnerHouse200ResponseHeaders{ETag: &etag}}, nil
}

// SuspendPartnerHouse stops following for the time being.
func (a *API) SuspendPartnerHouse(ctx context.Context, r api.SuspendPartnerHouseRequestObject) (api.SuspendPartnerHouseResponseObject, error) {
	h, err := a.partners.SuspendHouse(ctx, r.Id, r.Body.Reason)
	if err != nil {
		return nil, err
	}
	return api.SuspendPartnerHouse200JSONResponse(a.wireHouse(ctx, h)), nil
}

// ResumePartnerHouse goes on.
func (a *API) ResumePartnerHouse(ctx context.Context, r api.ResumePartnerHouseRequestObject) (api.ResumePartnerHouseResponseObject, error) {
	h, err := a.partners.ResumeHouse(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	return api.ResumePartnerHouse200JSONResponse(a.wireHouse(ctx, h)), nil
}

// RemovePartnerHouse ends it.
func (a *API) RemovePartnerHouse(ctx context.Context, r api.RemovePartnerHouseRequestObject) (api.RemovePartnerHouseResponseObject, error) {
	return api.RemovePartnerHouse204Response{}, a.partners.RemoveHouse(ctx, r.Id)
}

func (a *API) wireHouse(ctx context.Context, p Partner) api.PartnerHouse {
	w := api.PartnerHouse{
		Id: p.ID, Name: p.Name, Url: p.URL, State: api.PartnerHouseState(a.partners.stateOf(p)), OfFile: a.partners.named(p.Name), Position: p.Position, Records: p.Records, Unproved: p.Unproved,
		LogSize: p.LogSize, TriedAt: p.TriedAt, CheckedAt: p.CheckedAt, SuspendedAt: p.SuspendedAt, Allowed: access.Allowed(ctx, "partner-house", a.partners.allowed(p)...),
	}
	if p.Key != "" {
		w.Key, w.Fingerprint = &p.Key, new(translog.Fingerprint(p.Key))
	}
	if p.SuspendedWhy != "" {
		w.SuspendedWhy = &p.SuspendedWhy
	}
	if p.Error != "" {
		w.Error = new(api.PartnerHouseError(p.Error))
	}
	if c := p.Cosigns; c != nil {
		w.Cosigns = &api.HouseCosigns{Size: c.Size, At: c.At}
		if c.Error != "" {
			w.Cosigns.Error = &c.Error
		}
	}
	if c := p.Cosigned; c != nil {
		w.Cosigned = &api.HouseCosigned{Size: c.Size, At: *c.At}
	}
	return w
}
