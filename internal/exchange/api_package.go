package exchange

import (
	"context"
	"encoding/base64"
	"encoding/hex"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

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
		Sha256: i.SHA256, Number: i.Number, IssuedAt: i.IssuedAt, Status: api.PackageStatusStatus(i.Status), WithdrawnAt: i.WithdrawnAt, Reason: wire.Optional(i.Reason),
		Publisher: WirePublisher(i.Publisher),
	}), nil
}

// ReadWithdrawnPackages gives the lists of what publishers took back.
func (a *API) ReadWithdrawnPackages(ctx context.Context, _ api.ReadWithdrawnPackagesRequestObject) (api.ReadWithdrawnPackagesResponseObject, error) {
	all, err := a.x.withdrawnLists(ctx)
	if err != nil {
		return nil, err
	}
	w := api.WithdrawnPackages{Items: make([]api.WithdrawnPackageList, len(all))}
	for i, l := range all {
		w.Items[i] = api.WithdrawnPackageList{Publisher: l.Publisher, SignedAt: l.At, Statement: l.Text, KeyId: l.KeyID, Signature: base64.StdEncoding.EncodeToString(l.Signature)}
	}
	keep := "public, max-age=60"
	return api.ReadWithdrawnPackages200JSONResponse{Body: w, Headers: api.ReadWithdrawnPackages200ResponseHeaders{CacheControl: &keep}}, nil
}
