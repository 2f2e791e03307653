package promotion

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

// wireMirror says whose a call is, and how the original stands at an instant.
func wireMirror(p Programme, at time.Time) *api.PromotionMirror {
	m := p.Mirror
	if m == nil {
		return nil
	}
	w := &api.PromotionMirror{Names: m.Names, Level: api.PromotionLevel(m.Level), Address: m.Address, TakenAt: m.TakenAt, Changed: p.Moved(at), StateThen: wire.Optional(api.PromotionState(m.State))}
	if p.Own {
		w.PlatformId, w.TakenName = &m.PlatformID, wire.Optional(m.TakenName)
	}
	if p.Original != nil {
		w.OriginalId, w.StateNow = &p.Original.ID, new(api.PromotionState(p.Original.Seen(at)))
	}
	return w
}

func platformFrom(b api.PromotionPlatformInput) (Platform, string) {
	return Platform{Level: Level(b.Level), Names: b.Names, Region: wire.Or(b.Region), Address: wire.Or(b.Address), Website: wire.Or(b.Website), Contact: wire.Or(b.Contact)}, wire.Or(b.Partner)
}

func wirePlatform(ctx context.Context, p Platform) api.PromotionPlatform {
	w := api.PromotionPlatform{Id: p.ID, Version: p.Version, Status: api.PromotionPlatformStatus(p.Standing), Level: api.PromotionLevel(p.Level), Names: p.Names, Region: wire.Optional(p.Region), Address: wire.Optional(p.Address), Website: wire.Optional(p.Website),
		Contact: wire.Optional(p.Contact), RecordedName: p.RecordedName, CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt, Etag: problem.ETag(p.Version)}
	if p.Partner != nil {
		w.Partner = new(exchange.WirePublisher(*p.Partner))
	}
	acts := cares.Allowed(p.Standing)
	if p.Standing == Active {
		acts = append(acts, Care(Take))
	}
	w.Allowed = access.Allowed(ctx, "promotion-platform", acts...)
	return w
}

// ListPromotionPlatforms lists platforms.
func (a *API) ListPromotionPlatforms(ctx context.Context, r api.ListPromotionPlatformsRequestObject) (api.ListPromotionPlatformsResponseObject, error) {
	p := r.Params
	f := PlatformFilter{Words: wire.Or(p.Q), Level: Level(wire.Or(p.Level)), Standing: Standing(wire.Or(p.Status))}
	found, next, err := a.promotions.Platforms(ctx, f, wire.Limit(p.Limit), wire.Or(p.Cursor))
	if err != nil {
		return nil, err
	}
	w := api.PromotionPlatformList{Items: make([]api.PromotionPlatform, 0, len(found)), Next: wire.Optional(next)}
	for _, one := range found {
		w.Items = append(w.Items, wirePlatform(ctx, one))
	}
	if wire.Or(p.Count) {
		n, err := a.promotions.CountPlatforms(ctx, f)
		if err != nil {
			return nil, err
		}
		w.Count = &n
	}
	return api.ListPromotionPlatforms200JSONResponse{Body: w}, nil
}

// CreatePromotionPlatform enters one.
func (a *API) CreatePromotionPlatform(ctx context.Context, r api.CreatePromotionPlatformRequestObject) (api.CreatePromotionPlatformResponseObject, error) {
	f, partner := platformFrom(*r.Body)
	p, err := a.promotions.AddPlatform(ctx, f, partner)
	return api.CreatePromotionPlatform201JSONResponse{Body: wirePlatform(ctx, p), Headers: api.CreatePromotionPlatform201ResponseHeaders{ETag: new(problem.ETag(p.Version)), Location: new("/api/v1/promotion-platforms/" + p.ID.String())}}, err
}

// ReadPromotionPlatform shows one.
func (a *API) ReadPromotionPlatform(ctx context.Context, r api.ReadPromotionPlatformRequestObject) (api.ReadPromotionPlatformResponseObject, error) {
	p, err := a.promotions.Platform(ctx, r.Id)
	return api.ReadPromotionPlatform200JSONResponse{Body: wirePlatform(ctx, p), Headers: api.ReadPromotionPlatform200ResponseHeaders{ETag: new(problem.ETag(p.Version))}}, err
}

// UpdatePromotionPlatform replaces what is known of one.
func (a *API) UpdatePromotionPlatform(ctx context.Context, r api.UpdatePromotionPlatformRequestObject) (api.UpdatePromotionPlatformResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	f, partner := platformFrom(*r.Body)
	p, err := a.promotions.UpdatePlatform(ctx, r.Id, version, f, partner)
	return api.UpdatePromotionPlatform200JSONResponse{Body: wirePlatform(ctx, p), Headers: api.UpdatePromotionPlatform200ResponseHeaders{ETag: new(problem.ETag(p.Version))}}, err
}

// care is what archiving and restoring have in common.
func (a *API) care(ctx context.Context, id uuid.UUID, ifMatch string, care Care) (w api.PromotionPlatform, etag *string, err error) {
	version, err := problem.Version(ifMatch)
	if err != nil {
		return w, nil, err
	}
	p, err := a.promotions.DoPlatform(ctx, id, version, care)
	return wirePlatform(ctx, p), new(problem.ETag(p.Version)), err
}

// ArchivePromotionPlatform says that one is not worked with any more.
func (a *API) ArchivePromotionPlatform(ctx context.Context, r api.ArchivePromotionPlatformRequestObject) (api.ArchivePromotionPlatformResponseObject, error) {
	w, etag, err := a.care(ctx, r.Id, r.Params.IfMatch, Archive)
	return api.ArchivePromotionPlatform200JSONResponse{Body: w, Headers: api.ArchivePromotionPlatform200ResponseHeaders{ETag: etag}}, err
}

// RestorePromotionPlatform says that it is again.
func (a *API) RestorePromotionPlatform(ctx context.Context, r api.RestorePromotionPlatformRequestObject) (api.RestorePromotionPlatformResponseObject, error) {
	w, etag, err := a.care(ctx, r.Id, r.Params.IfMatch, Restore)
	return api.RestorePromotionPlatform200JSONResponse{Body: w, Headers: api.RestorePromotionPlatform200ResponseHeaders{ETag: etag}}, err
}

// MirrorPromotionProgramme takes over the call of a platform that is a tenant here.
func (a *API) MirrorPromotionProgramme(ctx context.Context, r api.MirrorPromotionProgrammeRequestObject) (api.MirrorPromotionProgrammeResponseObject, error) {
	p, err := a.promotions.Mirror(ctx, r.Id)
	return api.MirrorPromotionProgramme201JSONResponse{Body: a.programme(ctx, p), Headers: api.MirrorPromotionProgramme201ResponseHeaders{ETag: new(problem.ETag(p.Version)), Location: new("/api/v1/promotion-programmes/" + p.ID.String())}}, err
}

// MirrorPromotionPlatform enters a call of a platform that is read elsewhere.
func (a *API) MirrorPromotionPlatform(ctx context.Context, r api.MirrorPromotionPlatformRequestObject) (api.MirrorPromotionPlatformResponseObject, error) {
	p, err := a.promotions.MirrorElsewhere(ctx, r.Id, r.Body.Address, callOf(r.Body.Call))
	return api.MirrorPromotionPlatform201JSONResponse{Body: a.programme(ctx, p), Headers: api.MirrorPromotionPlatform201ResponseHeaders{ETag: new(problem.ETag(p.Version)), Location: new("/api/v1/promotion-programmes/" + p.ID.String())}}, err
}
