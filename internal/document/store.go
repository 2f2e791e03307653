package document

import (
	"context"
	"encoding/hex"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// maxVersions is how many versions of a document are shown.
const maxVersions = 100

const documentColumns = `d.id, d.version, d.status, d.filename, d.purpose, d.current_number, d.created_at, d.updated_at`

const versionColumns = `v.number, v.status, v.filename, v.media_type, v.size, v.sha256, v.reason, v.retain_until, v.uploaded_by_name, v.created_at, v.completed_at,
	v.upload_key, v.object_key, v.object_version`

func (d *Document) columns() []any {
	return []any{&d.ID, &d.Version, &d.Status, &d.Filename, &d.Purpose, &d.Number, &d.CreatedAt, &d.UpdatedAt}
}

func (v *Version) columns(sum *[]byte) []any {
	return []any{&v.Number, &v.Status, &v.Filename, &v.MediaType, &v.Size, sum, &v.Reason, &v.RetainUntil, &v.UploadedByName, &v.CreatedAt, &v.CompletedAt,
		&v.uploadKey, &v.objectKey, &v.objectVersion}
}

func scanVersion(row pgx.CollectableRow) (v Version, err error) {
	var sum []byte
	err = row.Scan(v.columns(&sum)...)
	v.SHA256 = hex.EncodeToString(sum)
	return v, err
}

// ByID reads a document and its versions in the caller's transaction.
func ByID(ctx context.Context, tx pgx.Tx, id ID) (Document, error) {
	rows, _ := tx.Query(ctx, `select `+documentColumns+` from app.documents d where d.id = $1`, id)
	return whole(ctx, tx, rows, id)
}

// lockByID reads a document that is to be changed.
func lockByID(ctx context.Context, tx pgx.Tx, id ID) (Document, error) {
	rows, _ := tx.Query(ctx, `select `+documentColumns+` from app.documents d where d.id = $1 for update`, id)
	return whole(ctx, tx, rows, id)
}

func whole(ctx context.Context, tx pgx.Tx, rows pgx.Rows, id ID) (Document, error) {
	d, err := pgx.CollectExactlyOneRow(rows, func(row pgx.CollectableRow) (d Document, err error) {
		err = row.Scan(d.columns()...)
		return d, err
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return d, ErrNotFound
	}
	if err != nil {
		return d, postgres.Wrap(err, "document %s", id)
	}
	rows, _ = tx.Query(ctx, `select `+versionColumns+` from app.document_versions v where v.document_id = $1 order by v.number desc limit $2`, id, maxVersions)
	if d.Versions, err = pgx.CollectRows(rows, scanVersion); err != nil {
		return d, postgres.Wrap(err, "versions of document %s", id)
	}
	d.Current = d.Versions[0]
	if v, ok := d.number(d.Number); ok {
		d.Current = v
	}
	return d, nil
}

// number finds one of the versions.
func (d *Document) number(n int) (Version, bool) {
	for _, v := range d.Versions {
		if v.Number == n {
			return v, true
		}
	}
	return Version{}, false
}

// awaited is the version whose bytes are awaited, if any. In lists it is only known of documents of which none holds yet.
func (d *Document) awaited() (Version, bool) {
	for _, v := range append([]Version{d.Current}, d.Versions...) {
		if v.Status == Uploading {
			return v, true
		}
	}
	return Version{}, false
}

// Filter narrows a list of documents; its zero value is all of them.
type Filter struct {
	Words     string // a part of the file's name
	Status    Status
	MediaType string
	Purpose   string
}

type cursorKey struct {
	At time.Time `json:"at"`
	ID uuid.UUID `json:"id"`
}

// list reads a page of documents with the version that holds, or the newest while none does.
func list(ctx context.Context, tx pgx.Tx, f Filter, limit int, cursor string) ([]Document, string, error) {
	c := cursorKey{At: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)}
	if err := postgres.DecodeCursor(cursor, &c); err != nil {
		return nil, "", err
	}
	rows, _ := tx.Query(ctx, `
		select `+documentColumns+`, `+versionColumns+`
		from app.documents d join lateral (
			select * from app.document_versions v
			where v.tenant_id = d.tenant_id and v.document_id = d.id and (d.current_number = 0 or v.number = d.current_number)
			order by v.number desc limit 1) v on true
		where (d.created_at, d.id) < ($1, $2) and ($3 = '' or position(lower($3) in lower(d.filename)) > 0)
			and ($4 = '' or d.status = $4) and ($5 = '' or v.media_type = $5) and ($6 = '' or d.purpose = $6)
		order by d.created_at desc, d.id desc limit $7`, c.At, c.ID, f.Words, f.Status, f.MediaType, f.Purpose, limit+1)
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (d Document, err error) {
		var sum []byte
		err = row.Scan(append(d.columns(), d.Current.columns(&sum)...)...)
		d.Current.SHA256 = hex.EncodeToString(sum)
		return d, err
	})
	if err != nil || len(found) <= limit {
		return found, "", postgres.Wrap(err, "list documents")
	}
	last := found[limit-1]
	return found[:limit], postgres.EncodeCursor(cursorKey{last.CreatedAt, last.ID}), nil
}

func insertDocument(ctx context.Context, tx pgx.Tx, id ID, filename, purpose string, s tenancy.Scope) error {
	_, err := tx.Exec(ctx, `
		insert into app.documents (id, filename, purpose, created_by) values ($1, $2, $3, nullif($4, '00000000-0000-0000-0000-000000000000'::uuid))`,
		id, filename, purpose, s.Actor)
	return postgres.Wrap(err, "document %s", id)
}

func insertVersion(ctx context.Context, tx pgx.Tx, id ID, v Version, s tenancy.Scope) error {
	sum, err := hex.DecodeString(v.SHA256)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		insert into app.document_versions (document_id, number, filename, media_type, size, sha256, upload_key, object_key, uploaded_by, uploaded_by_name)
		values ($1, $2, $3, $4, $5, $6, $7, $8, nullif($9, '00000000-0000-0000-0000-000000000000'::uuid), $10)`,
		id, v.Number, v.Filename, v.MediaType, v.Size, sum, v.uploadKey, v.objectKey, s.Actor, s.ActorName)
	return postgres.Wrap(err, "document %s version %d", id, v.Number)
}

// saveOutcome writes what became of a version, and the document's status after it.
func saveOutcome(ctx context.Context, tx pgx.Tx, d Document, v Version) error {
	_, err := tx.Exec(ctx, `
		update app.document_versions set status = $3, reason = $4, object_version = $5, retain_until = $6, completed_at = now()
		where document_id = $1 and number = $2`, d.ID, v.Number, v.Status, v.Reason, v.objectVersion, v.RetainUntil)
	if err != nil {
		return postgres.Wrap(err, "document %s version %d", d.ID, v.Number)
	}
	return saveDocument(ctx, tx, d)
}

func saveDocument(ctx context.Context, tx pgx.Tx, d Document) error {
	_, err := tx.Exec(ctx, `
		update app.documents set version = version + 1, updated_at = now(), status = $2, filename = $3, current_number = $4 where id = $1`,
		d.ID, d.Status, d.Filename, d.Number)
	return postgres.Wrap(err, "document %s", d.ID)
}
