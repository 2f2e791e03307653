package credential

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/postgres"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

const columns = `
	c.id, c.number, c.kind, c.record_id, c.publication_id, c.title, c.algorithm, c.token, c.list_number, c.list_index, c.legal_basis, c.languages,
	c.issued_at, c.valid_until, c.officer, c.task_id, c.papers, s.sha256, s.status, s.cause, s.reason, s.since, t.names`

const tables = ` app.credentials c join app.credential_statuses s on s.tenant_id = c.tenant_id and s.credential_id = c.id join app.tenants t on t.id = c.tenant_id `

func scanCredential(row pgx.CollectableRow) (c Credential, err error) {
	err = row.Scan(&c.ID, &c.Number, &c.Kind, &c.RecordID, &c.PublicationID, &c.Title, &c.Algorithm, &c.Token, &c.listNumber, &c.listIndex, &c.Basis, &c.Languages,
		&c.IssuedAt, &c.ValidUntil, &c.Officer, &c.TaskID, &c.Papers, &c.SHA256, &c.Status, &c.Cause, &c.Reason, &c.Since, &c.issuerNames)
	return c, err
}

// ByID reads one of the tenant's credentials, or returns ErrNotFound.
func ByID(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Credential, error) {
	rows, _ := tx.Query(ctx, `select `+columns+` from `+tables+` where c.id = $1`, id)
	return one(rows)
}

func lockByID(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Credential, error) {
	rows, _ := tx.Query(ctx, `select `+columns+` from `+tables+` where c.id = $1 for update of s`, id)
	return one(rows)
}

func one(rows pgx.Rows) (Credential, error) {
	c, err := pgx.CollectExactlyOneRow(rows, scanCredential)
	if errors.Is(err, pgx.ErrNoRows) {
		return c, ErrNotFound
	}
	return c, postgres.Wrap(err, "credential")
}

type listCursor struct {
	At time.Time `json:"at"`
	ID uuid.UUID `json:"id"`
}

func listCredentials(ctx context.Context, tx pgx.Tx, f Filter, limit int, cursor string) ([]Credential, string, error) {
	c := listCursor{At: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)}
	if err := postgres.DecodeCursor(cursor, &c); err != nil {
		return nil, "", err
	}
	rows, _ := tx.Query(ctx, `select `+columns+` from `+tables+`
		where ($1 = '' or c.kind = $1) and ($2::uuid is null or c.record_id = $2) and ($3 = '' or s.status = $3) and (c.issued_at, c.id) < ($4, $5)
		order by c.issued_at desc, c.id desc limit $6`, f.Kind, f.RecordID, f.Status, c.At, c.ID, limit+1)
	found, err := pgx.CollectRows(rows, scanCredential)
	if err != nil || len(found) <= limit {
		return found, "", postgres.Wrap(err, "credentials")
	}
	last := found[limit-1]
	return found[:limit], postgres.EncodeCursor(listCursor{last.IssuedAt, last.ID}), nil
}

func insert(ctx context.Context, tx pgx.Tx, c Credential, keyID string, by *uuid.UUID) error {
	_, err := tx.Exec(ctx, `
		insert into app.credentials (id, number, kind, record_id, publication_id, title, algorithm, key_id, token, list_number, list_index, legal_basis, languages,
			issued_at, valid_until, issued_by, officer)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		c.ID, c.Number, c.Kind, c.RecordID, c.PublicationID, c.Title, c.Algorithm, keyID, c.Token, c.listNumber, c.listIndex, c.Basis, c.Languages,
		c.IssuedAt, c.ValidUntil, by, c.Officer)
	if err == nil {
		_, err = tx.Exec(ctx, `insert into app.credential_statuses (credential_id, sha256, since) values ($1, $2, $3)`, c.ID, c.SHA256, c.IssuedAt)
	}
	if err != nil {
		return postgres.Wrap(err, "credential %s", c.Number)
	}
	return happened(ctx, tx, c, Holds, "", c.Officer)
}

func setStatus(ctx context.Context, tx pgx.Tx, c Credential, s Status, reason, byName string) error {
	_, err := tx.Exec(ctx, `update app.credential_statuses set status = $2, cause = 'officer', reason = $3, since = now() where credential_id = $1 and tenant_id = app.tenant()`, c.ID, s, reason)
	if err != nil {
		return postgres.Wrap(err, "status of credential %s", c.Number)
	}
	return happened(ctx, tx, c, s, reason, byName)
}

// Event is something that happened to a credential.
type Event struct {
	Status Status // from then on
	Cause  Cause
	Reason string
	ByName string // empty: it followed its record, by the database
	At     time.Time
}

func happened(ctx context.Context, tx pgx.Tx, c Credential, s Status, reason, byName string) error {
	_, err := tx.Exec(ctx, `insert into app.credential_events (credential_id, status, cause, reason, by_name) values ($1, $2, 'officer', $3, $4)`, c.ID, s, reason, byName)
	return postgres.Wrap(err, "event of credential %s", c.Number)
}

// mostEvents bounds a history; a credential that is suspended and resumed so often has another trouble.
const mostEvents = 1000

func events(ctx context.Context, tx pgx.Tx, id uuid.UUID) ([]Event, error) {
	rows, _ := tx.Query(ctx, `select status, cause, reason, by_name, at from app.credential_events where credential_id = $1 order by id desc limit $2`, id, mostEvents)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Event])
	return all, postgres.Wrap(err, "events of credential %s", id)
}

// statusList is a list of a tenant, as the table has it.
type statusList struct {
	ID      uuid.UUID
	Tenant  uuid.UUID
	Number  int
	Purpose Purpose
	Signed  *string
	At      *time.Time
	Changed time.Time
}

const listColumns = `l.id, l.tenant_id, l.number, l.purpose, l.snapshot, l.signed_at, l.changed_at`

func scanList(row pgx.CollectableRow) (l statusList, err error) {
	err = row.Scan(&l.ID, &l.Tenant, &l.Number, &l.Purpose, &l.Signed, &l.At, &l.Changed)
	return l, err
}

// listByID reads a list of any tenant; lists are public.
func listByID(ctx context.Context, tx pgx.Tx, id uuid.UUID) (statusList, error) {
	rows, _ := tx.Query(ctx, `select `+listColumns+` from app.credential_status_lists l where l.id = $1`, id)
	l, err := pgx.CollectExactlyOneRow(rows, scanList)
	if errors.Is(err, pgx.ErrNoRows) {
		return l, ErrNoList
	}
	return l, postgres.Wrap(err, "status list %s", id)
}

// pairOf reads the two lists with a number of the tenant's own.
func pairOf(ctx context.Context, tx pgx.Tx, number int) (map[Purpose]statusList, error) {
	rows, _ := tx.Query(ctx, `select `+listColumns+` from app.credential_status_lists l where l.tenant_id = app.tenant() and l.number = $1`, number)
	all, err := pgx.CollectRows(rows, scanList)
	pair := map[Purpose]statusList{}
	for _, l := range all {
		pair[l.Purpose] = l
	}
	return pair, postgres.Wrap(err, "status lists %d", number)
}

// places are those of the list that are set.
func places(ctx context.Context, tx pgx.Tx, l statusList) ([]int, error) {
	status := Revoked
	if l.Purpose == Suspension {
		status = OnHold
	}
	rows, _ := tx.Query(ctx, `select c.list_index from `+tables+` where c.list_number = $1 and s.status = $2`, l.Number, status)
	all, err := pgx.CollectRows(rows, pgx.RowTo[int])
	return all, postgres.Wrap(err, "places of %s", l.ID)
}

// StatusOf is what the public may know of a credential that it holds.
type StatusOf struct {
	Status    Status
	Cause     Cause
	Reason    string
	Since     time.Time
	Publisher exchange.Publisher
}

// findStatus finds a credential by the hash of its token.
func findStatus(ctx context.Context, tx pgx.Tx, sum []byte) (s StatusOf, err error) {
	err = tx.QueryRow(ctx, `
		select s.status, s.cause, s.reason, s.since, t.id, t.slug, t.kind, t.names, t.demo
		from app.credential_statuses s join app.tenants t on t.id = s.tenant_id where s.sha256 = $1 limit 1`, sum).
		Scan(&s.Status, &s.Cause, &s.Reason, &s.Since, &s.Publisher.ID, &s.Publisher.Slug, &s.Publisher.Kind, &s.Publisher.Names, &s.Publisher.Demo)
	if errors.Is(err, pgx.ErrNoRows) {
		return s, ErrNotFound
	}
	return s, postgres.Wrap(err, "status of a credential")
}

// issuerKey is a public key of a tenant that issued credentials.
type issuerKey struct {
	Publisher exchange.Publisher
	ID        string
	Algorithm Algorithm
	Public    []byte
}

// issuerKeys are all keys that a tenant, or with an empty slug everybody, ever signed with.
func issuerKeys(ctx context.Context, tx pgx.Tx, slug string) ([]issuerKey, error) {
	rows, _ := tx.Query(ctx, `
		select t.id, t.slug, t.kind, t.names, t.demo, k.id, k.algorithm, k.public_key
		from app.public_keys k join app.tenants t on t.id = k.tenant_id
		where ($1 = '' or t.slug = $1) order by t.slug, k.created_at, k.id limit $2`, slug, mostKeys)
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (k issuerKey, err error) {
		err = row.Scan(&k.Publisher.ID, &k.Publisher.Slug, &k.Publisher.Kind, &k.Publisher.Names, &k.Publisher.Demo, &k.ID, &k.Algorithm, &k.Public)
		return k, err
	})
	return all, postgres.Wrap(err, "keys of issuers")
}

// listsOf are the ids of the status lists of a tenant, or with an empty slug of everybody, by slug.
func listsOf(ctx context.Context, tx pgx.Tx, slug string) (map[string][]uuid.UUID, error) {
	rows, _ := tx.Query(ctx, `
		select t.slug, array_agg(l.id order by l.number, l.purpose) from app.credential_status_lists l join app.tenants t on t.id = l.tenant_id
		where ($1 = '' or t.slug = $1) group by t.slug limit $2`, slug, mostKeys)
	all := map[string][]uuid.UUID{}
	var of string
	var ids []uuid.UUID
	_, err := pgx.ForEachRow(rows, []any{&of, &ids}, func() error {
		all[of] = ids
		ids = nil
		return nil
	})
	return all, postgres.Wrap(err, "status lists of issuers")
}

// mostKeys bounds a list of issuers; 10,000 keys take about 8 MB.
const mostKeys = 10_000
