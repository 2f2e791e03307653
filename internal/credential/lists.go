package credential

import (
	"context"
	"crypto/rand"
	"math/big"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// allot draws a place in the newest pair of lists. A pair is closed when half of it is taken, so that a free place is
// found at once and neighbours tell nothing.
func (s *Credentials) allot(ctx context.Context, tx pgx.Tx, c *Credential) (map[Purpose]statusList, error) {
	// Two at once would make two pairs, or draw the same place.
	if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtextextended('credential places ' || app.tenant()::text, 0))`); err != nil {
		return nil, postgres.Wrap(err, "places of credentials")
	}
	var taken int
	err := tx.QueryRow(ctx, `
		select n.last, (select count(*) from app.credentials c where c.list_number = n.last)
		from (select coalesce(max(number), 0) as last from app.credential_status_lists where tenant_id = app.tenant()) n`).Scan(&c.listNumber, &taken)
	if err != nil {
		return nil, postgres.Wrap(err, "places of credentials")
	}
	if c.listNumber == 0 || taken >= Length/2 {
		c.listNumber++
		if _, err := tx.Exec(ctx, `insert into app.credential_status_lists (number, purpose) values ($1, 'revocation'), ($1, 'suspension')`, c.listNumber); err != nil {
			return nil, postgres.Wrap(err, "status lists %d", c.listNumber)
		}
	}
	for free := false; !free; {
		n, err := rand.Int(rand.Reader, big.NewInt(Length))
		if err != nil {
			return nil, err
		}
		c.listIndex = int(n.Int64())
		err = tx.QueryRow(ctx, `select not exists (select from app.credentials where list_number = $1 and list_index = $2)`, c.listNumber, c.listIndex).Scan(&free)
		if err != nil {
			return nil, postgres.Wrap(err, "place %d", c.listIndex)
		}
	}
	return pairOf(ctx, tx, c.listNumber)
}

// public is the scope in which what is for everybody is read.
func (s *Credentials) public(ctx context.Context) context.Context {
	return tenancy.In(ctx, tenancy.Public)
}

// StatusOf tells whoever holds a credential whether it holds, and why not, by the SHA-256 of its token.
func (s *Credentials) StatusOf(ctx context.Context, sum []byte) (found StatusOf, err error) {
	err = s.db.Read(s.public(ctx), func(tx pgx.Tx) error {
		found, err = findStatus(ctx, tx, sum)
		return err
	})
	return found, err
}

// SignedList is a list as it is now: the last one, unless it is old or a bit was turned since; then it is signed anew.
func (s *Credentials) SignedList(ctx context.Context, id uuid.UUID) (signed string, err error) {
	var l statusList
	var slug string
	err = s.db.Read(s.public(ctx), func(tx pgx.Tx) error {
		if l, err = listByID(ctx, tx, id); err != nil {
			return err
		}
		return postgres.Wrap(tx.QueryRow(ctx, `select slug from app.tenants where id = $1`, l.Tenant).Scan(&slug), "tenant of list %s", id)
	})
	if err != nil || l.Signed != nil && l.At.After(l.Changed) && s.now().Sub(*l.At) < listTTL/2 {
		return orEmpty(l.Signed), err
	}
	issuer := tenancy.In(ctx, tenancy.Scope{Tenant: l.Tenant, Slug: slug, ActorKind: tenancy.System, ActorName: "credential"})
	err = s.db.Tx(issuer, func(tx pgx.Tx) error {
		signed, err = s.signList(issuer, tx, l, slug)
		return err
	})
	return signed, err
}

// signList signs what the bits are now. The instant is the database's, as that of a turned bit is.
func (s *Credentials) signList(ctx context.Context, tx pgx.Tx, l statusList, slug string) (string, error) {
	var at time.Time
	// The row is locked before the bits are read: a bit that is turned meanwhile makes the list old again.
	if err := tx.QueryRow(ctx, `select clock_timestamp() from app.credential_status_lists where id = $1 and tenant_id = app.tenant() for update`, l.ID).Scan(&at); err != nil {
		return "", postgres.Wrap(err, "status list %s", l.ID)
	}
	set, err := places(ctx, tx, l)
	if err != nil {
		return "", err
	}
	signer, err := s.keys.Signer(ctx, tx)
	if err != nil {
		return "", err
	}
	c, err := listClaims(listAddress(s.named, l.ID), issuerOf(s.named, signer.Publisher), l.Purpose, set, at)
	if err != nil {
		return "", err
	}
	k := key{DID(s.named, slug) + "#" + exchange.KeyID(signer.Public), EdDSA, signer.Private()}
	signed, err := sign(k, c)
	if err != nil {
		return "", err
	}
	_, err = tx.Exec(ctx, `update app.credential_status_lists set snapshot = $2, signed_at = $3 where id = $1 and tenant_id = app.tenant()`, l.ID, signed, at)
	return signed, postgres.Wrap(err, "status list %s", l.ID)
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// Issuers are all tenants that sign, with their DID documents; a slug narrows them to one.
func (s *Credentials) Issuers(ctx context.Context, slug string) ([]Issuer, error) {
	var keys []issuerKey
	var lists map[string][]uuid.UUID
	err := s.db.Read(s.public(ctx), func(tx pgx.Tx) (err error) {
		if keys, err = issuerKeys(ctx, tx, slug); err != nil {
			return err
		}
		lists, err = listsOf(ctx, tx, slug)
		return err
	})
	all := []Issuer{}
	var methods []VerificationMethod
	for i, k := range keys {
		did := DID(s.named, k.Publisher.Slug)
		methods = append(methods, VerificationMethod{Controller: did, ID: did + "#" + k.ID, JWK: NewJWK(k.Algorithm, k.Public), Type: "JsonWebKey"})
		if i == len(keys)-1 || keys[i+1].Publisher.Slug != k.Publisher.Slug {
			all = append(all, Issuer{DID: did, Slug: k.Publisher.Slug, Names: k.Publisher.Names, Demo: k.Publisher.Demo, Document: newDocument(did, methods), Lists: lists[k.Publisher.Slug]})
			methods = nil
		}
	}
	return all, err
}
