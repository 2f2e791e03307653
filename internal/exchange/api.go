package exchange

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// API serves the operations of the tag publications.
type API struct{ db *tenancy.DB }

// NewAPI returns the operations over db.
func NewAPI(db *tenancy.DB) *API { return &API{db} }

// ListPublications lists what is published to everybody and holds.
func (a *API) ListPublications(ctx context.Context, r api.ListPublicationsRequestObject) (api.ListPublicationsResponseObject, error) {
	f := Filter{RecordID: r.Params.RecordId}
	limit, cursor := 50, ""
	for _, p := range []struct {
		from *string
		to   *string
	}{{r.Params.Kind, &f.Kind}, {r.Params.Publisher, &f.Publisher}, {r.Params.Cursor, &cursor}} {
		if p.from != nil {
			*p.to = *p.from
		}
	}
	if r.Params.Limit != nil {
		limit = *r.Params.Limit
	}
	list := api.PublicationList{Items: []api.Publication{}}
	err := a.db.Read(tenancy.In(ctx, tenancy.Public), func(tx pgx.Tx) error {
		found, next, err := List(ctx, tx, f, limit, cursor)
		if err != nil {
			return err
		}
		for _, p := range found {
			w, err := wire(p)
			if err != nil {
				return err
			}
			list.Items = append(list.Items, w)
		}
		if next != "" {
			list.Next = &next
		}
		return nil
	})
	return api.ListPublications200JSONResponse(list), err
}

// ReadPublication shows one version of one publication to whoever may see it. A read by the one tenant it is meant for
// is recorded in that tenant's trail.
func (a *API) ReadPublication(ctx context.Context, r api.ReadPublicationRequestObject) (api.ReadPublicationResponseObject, error) {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return nil, err
	}
	var p Publication
	err = a.db.Read(ctx, func(tx pgx.Tx) error {
		p, err = ByID(ctx, tx, r.Id)
		return err
	})
	if err == nil && p.Audience == OneReader && p.Publisher.ID != scope.Tenant {
		err = a.db.Tx(ctx, func(tx pgx.Tx) error {
			return audit.Record(ctx, tx, audit.Event{Action: "publication.read", ObjectKind: "publication", ObjectID: p.ID.String(), OtherParty: p.Publisher.ID})
		})
	}
	if err != nil {
		return nil, err
	}
	w, err := wire(p)
	return api.ReadPublication200JSONResponse(w), err
}

// ListKeys lists the public keys that publishers sign with.
func (a *API) ListKeys(ctx context.Context, r api.ListKeysRequestObject) (api.ListKeysResponseObject, error) {
	limit, publisher, cursor := 5000, "", ""
	if r.Params.Limit != nil {
		limit = *r.Params.Limit
	}
	if r.Params.Publisher != nil {
		publisher = *r.Params.Publisher
	}
	if r.Params.Cursor != nil {
		cursor = *r.Params.Cursor
	}
	list := api.PublisherKeyList{Items: []api.PublisherKey{}}
	err := a.db.Read(tenancy.In(ctx, tenancy.Public), func(tx pgx.Tx) error {
		found, next, err := listKeys(ctx, tx, publisher, limit, cursor)
		for _, k := range found {
			list.Items = append(list.Items, api.PublisherKey{
				KeyId: k.ID, Algorithm: "Ed25519", PublicKey: base64.StdEncoding.EncodeToString(k.Key), Pem: PEM(k.Key),
				Publisher: wirePublisher(k.Publisher), CreatedAt: k.CreatedAt, RetiredAt: k.RetiredAt,
			})
		}
		if next != "" {
			list.Next = &next
		}
		return err
	})
	return api.ListKeys200JSONResponse(list), err
}

// ReadPackage says whether a data package was issued and still holds.
func (a *API) ReadPackage(ctx context.Context, r api.ReadPackageRequestObject) (api.ReadPackageResponseObject, error) {
	sum, err := hex.DecodeString(r.Sha256)
	if err != nil {
		return nil, ErrNoSuchPackage
	}
	var i IssuedPackage
	err = a.db.Read(tenancy.In(ctx, tenancy.Public), func(tx pgx.Tx) error {
		i, err = FindPackage(ctx, tx, sum)
		return err
	})
	if err != nil {
		return nil, err
	}
	return api.ReadPackage200JSONResponse(api.PackageStatus{
		Sha256: i.SHA256, Number: i.Number, IssuedAt: i.IssuedAt, Status: api.PackageStatusStatus(i.Status), WithdrawnAt: i.WithdrawnAt, Publisher: wirePublisher(i.Publisher),
	}), nil
}

func wire(p Publication) (api.Publication, error) {
	w := api.Publication{
		Id: p.ID, Kind: p.Kind, RecordId: p.RecordID, Version: p.Version, Publisher: wirePublisher(p.Publisher), Sha256: hexed(p.SHA256[:]),
		PublishedAt: p.PublishedAt, SupersededAt: p.SupersededAt, WithdrawnAt: p.WithdrawnAt,
	}
	if p.WithdrawnAt != nil {
		return w, nil
	}
	return w, json.Unmarshal(p.Content.(json.RawMessage), &w.Content)
}

func wirePublisher(p Publisher) api.Publisher {
	return api.Publisher{Id: p.ID, Slug: p.Slug, Kind: string(p.Kind), Names: p.Names, Demo: p.Demo}
}
