package document

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
)

// forgotten is the name of a file whose name was erased.
const forgotten = "erased"

// Forget takes a document out of use for good, within the caller's transaction, since what it shows is personal and its time is over. Its name is
// erased, and no row names its files from then on, so that Expire removes them. What an issued paper keeps until a day stays until that
// day. Done again, or for a document that is not there, it changes nothing.
func Forget(ctx context.Context, tx pgx.Tx, id ID, now time.Time) error {
	done, err := tx.Exec(ctx, `
		update app.document_versions set status = 'refused', reason = $2, object_version = '', filename = $3
		where document_id = $1 and (retain_until is null or retain_until < $4) and filename <> $3`, id, reasonErased, forgotten, now)
	if err != nil || done.RowsAffected() == 0 {
		return postgres.Wrap(err, "forget document %s", id)
	}
	if _, err := tx.Exec(ctx, `
		update app.documents set version = version + 1, status = case when current_number > 0 then 'retired' else 'refused' end, filename = $2, updated_at = now() where id = $1`, id, forgotten); err != nil {
		return postgres.Wrap(err, "forget document %s", id)
	}
	return record(ctx, tx, "document.erase", id, nil, nil)
}
