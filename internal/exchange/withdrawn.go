package exchange

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// ErrListFile is returned for a file that is no list of withdrawn packages, or one that its signer did not make.
var ErrListFile = problem.New(problem.Invalid, "package.list-file")

const (
	withdrawnFormat = "helianthus-withdrawn-packages/1"
	// withdrawnPrefix keeps a signature of a list from passing for one of another thing.
	withdrawnPrefix = "helianthus withdrawn packages v1\n"
	// withdrawnEvery is how old the list that we give may be: whoever keeps it relies on its date.
	withdrawnEvery = time.Hour
	// mostWithdrawn bounds a list, about 10 MB; beyond it nothing is signed, since a list that lacks some would be believed.
	mostWithdrawn = 50_000
	// mostLists bounds the publishers of whom there are lists.
	mostLists = 5000
)

// WithdrawnPackage is a data package that its publisher took back.
type WithdrawnPackage struct {
	Reason      string    `json:"reason"` // may be empty
	SHA256      string    `json:"sha256"` // of its manifest, hexadecimal
	WithdrawnAt time.Time `json:"withdrawnAt"`
}

// Withdrawals are all data packages that a publisher has taken back, as of an instant.
type Withdrawals struct {
	At       time.Time          `json:"at"`
	Format   string             `json:"format"`
	Issuer   string             `json:"issuer"` // slug
	Packages []WithdrawnPackage `json:"packages"`
}

// signedWithdrawals is a list as it is kept and given.
type signedWithdrawals struct {
	Publisher string // slug
	At        time.Time
	Text      string // Withdrawals in the form of RFC 8785
	KeyID     string
	Signature []byte
}

// signWithdrawn signs the tenant's list anew when the last one is old or lacks a package. The signature is made between two
// transactions, since the key may be held elsewhere; of two workers at once the later list stays.
func (x *Exchange) signWithdrawn(ctx context.Context) error {
	var w Withdrawals
	var signer Signer
	var stale bool
	err := x.db.Tx(ctx, func(tx pgx.Tx) (err error) {
		if stale, err = withdrawnStale(ctx, tx); err != nil || !stale {
			return err
		}
		if signer, err = x.keys.Signer(ctx, tx); err != nil {
			return err
		}
		w, err = withdrawals(ctx, tx, signer.Publisher.Slug)
		return err
	})
	if err != nil || !stale {
		return err
	}
	text, err := Canonical(w)
	if err != nil {
		return err
	}
	signature, err := signer.Sign(append([]byte(withdrawnPrefix), text...))
	if err != nil {
		return err
	}
	return x.db.Tx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			insert into app.withdrawn_package_lists (statement, packages, key_id, signature, signed_at) values ($1, $2, $3, $4, $5)
			on conflict (tenant_id) do update set statement = excluded.statement, packages = excluded.packages, key_id = excluded.key_id,
				signature = excluded.signature, signed_at = excluded.signed_at where app.withdrawn_package_lists.signed_at < excluded.signed_at`,
			string(text), len(w.Packages), KeyID(signer.Public), signature, w.At)
		return postgres.Wrap(err, "withdrawn packages")
	})
}

// withdrawnStale tells whether the list is to be signed anew. What it lacks is counted and not dated: a withdrawal has the
// time at which its transaction began, which may be before a list that does not know of it.
func withdrawnStale(ctx context.Context, tx pgx.Tx) (stale bool, err error) {
	err = tx.QueryRow(ctx, `
		select exists (select from app.published_packages k where k.tenant_id = app.tenant())
			and not exists (select from app.withdrawn_package_lists l where l.tenant_id = app.tenant() and l.signed_at > now() - $1::interval
				and l.packages = (select count(distinct k.sha256) from app.published_packages k
					join app.publications p on p.tenant_id = k.tenant_id and p.id = k.publication_id
					where k.tenant_id = app.tenant() and p.withdrawn_at is not null))`, withdrawnEvery).Scan(&stale)
	return stale, postgres.Wrap(err, "withdrawn packages")
}

func withdrawals(ctx context.Context, tx pgx.Tx, slug string) (w Withdrawals, err error) {
	w = Withdrawals{Format: withdrawnFormat, Issuer: slug}
	if err := tx.QueryRow(ctx, `select now()`).Scan(&w.At); err != nil {
		return w, postgres.Wrap(err, "withdrawn packages")
	}
	w.At = w.At.UTC()
	rows, _ := tx.Query(ctx, `
		select encode(k.sha256, 'hex'), min(p.withdrawn_at), (array_agg(p.withdrawal_reason order by p.withdrawn_at))[1]
		from app.published_packages k join app.publications p on p.tenant_id = k.tenant_id and p.id = k.publication_id
		where k.tenant_id = app.tenant() and p.withdrawn_at is not null group by k.sha256 order by 1 limit $1`, mostWithdrawn+1)
	w.Packages, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (p WithdrawnPackage, err error) {
		err = row.Scan(&p.SHA256, &p.WithdrawnAt, &p.Reason)
		p.WithdrawnAt = p.WithdrawnAt.UTC()
		return p, err
	})
	if err == nil && len(w.Packages) > mostWithdrawn {
		return w, fmt.Errorf("%s has taken back more than %d packages", slug, mostWithdrawn)
	}
	return w, postgres.Wrap(err, "withdrawn packages")
}

// withdrawnLists are the lists of all publishers that the reader may see.
func (x *Exchange) withdrawnLists(ctx context.Context) (all []signedWithdrawals, err error) {
	ctx = tenancy.In(ctx, tenancy.Public)
	err = x.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `
			select t.slug, l.signed_at, l.statement, l.key_id, l.signature from app.withdrawn_package_lists l join app.tenants t on t.id = l.tenant_id
			order by t.slug limit $1`, mostLists)
		all, err = pgx.CollectRows(rows, pgx.RowToStructByPos[signedWithdrawals])
		return postgres.Wrap(err, "lists of withdrawn packages")
	})
	return all, err
}

// ReadWithdrawn reads lists of withdrawn packages, an answer of GET /api/v1/withdrawn-packages, and verifies them without a
// network. Lists by a key that one does not know say nothing and are left out; ErrListFile is returned for one that was
// altered.
func ReadWithdrawn(r io.Reader, keys KeySet) (all []Withdrawals, err error) {
	var file struct {
		Items []struct {
			Statement string `json:"statement"`
			KeyID     string `json:"keyId"`
			Signature []byte `json:"signature"`
		} `json:"items"`
	}
	if err := json.NewDecoder(io.LimitReader(r, maxListFile)).Decode(&file); err != nil || file.Items == nil {
		return nil, ErrListFile
	}
	for _, i := range file.Items {
		key, known := keys[i.KeyID]
		if !known {
			continue
		}
		var w Withdrawals
		if !ed25519.Verify(key.Key, []byte(withdrawnPrefix+i.Statement), i.Signature) || json.Unmarshal([]byte(i.Statement), &w) != nil {
			return nil, ErrListFile
		}
		if w.Format != withdrawnFormat || !key.MaySign(w.Issuer, w.At) {
			return nil, ErrListFile
		}
		all = append(all, w)
	}
	return all, nil
}

// maxListFile bounds a file of lists, which may be those of many publishers.
const maxListFile = 64 << 20

// Against completes the report of a valid package without a network: whether a list of its publisher says that it was
// taken back, and of when the newest list is. What is taken back stays so, whatever an older list says.
func (rep Report) Against(lists []Withdrawals) Report {
	if rep.Verdict != Valid {
		return rep
	}
	for _, l := range lists {
		if l.Issuer != rep.Issuer.Tenant || l.At.Before(rep.IssuedAt) { // a list that is older than the package knows nothing of it
			continue
		}
		if rep.AsOf == nil || l.At.After(*rep.AsOf) {
			rep.AsOf = &l.At
		}
		for _, p := range l.Packages {
			if p.SHA256 == rep.ManifestSHA {
				rep.Verdict, rep.WithdrawnAt, rep.Reason = Withdrawn, &p.WithdrawnAt, p.Reason
			}
		}
	}
	return rep
}
