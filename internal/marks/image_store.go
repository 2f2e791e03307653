package marks

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
)

const imageColumns = `i.id, i.version, i.name, i.document_id, i.media_type, i.sha256, i.code_box, i.least_mm, i.colours, i.source, i.retired_at, i.created_at, i.created_name`

func scanImage(row pgx.CollectableRow) (i Image, err error) {
	var box []int
	if err = row.Scan(&i.ID, &i.Version, &i.Name, &i.DocumentID, &i.MediaType, &i.SHA256, &box, &i.LeastMM, &i.Colours, &i.Source, &i.RetiredAt, &i.CreatedAt, &i.CreatedName); err == nil {
		i.Code = Box{box[0], box[1], box[2], box[3]}
	}
	return i, err
}

func oneImage(rows pgx.Rows, id uuid.UUID) (Image, error) {
	i, err := pgx.CollectExactlyOneRow(rows, scanImage)
	if errors.Is(err, pgx.ErrNoRows) {
		return i, ErrImageNotFound
	}
	return i, postgres.Wrap(err, "mark image %s", id)
}

func imageByID(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Image, error) {
	rows, _ := tx.Query(ctx, `select `+imageColumns+` from app.mark_images i where i.id = $1`, id)
	return oneImage(rows, id)
}

func lockImage(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Image, error) {
	rows, _ := tx.Query(ctx, `select `+imageColumns+` from app.mark_images i where i.id = $1 for update`, id)
	return oneImage(rows, id)
}

func insertImage(ctx context.Context, tx pgx.Tx, i Image) (Image, error) {
	rows, _ := tx.Query(ctx, `
		insert into app.mark_images as i (name, document_id, media_type, sha256, code_box, least_mm, colours, source, created_name)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning `+imageColumns,
		i.Name, i.DocumentID, i.MediaType, i.SHA256, []int{i.Code.Left, i.Code.Top, i.Code.Width, i.Code.Height}, i.LeastMM, i.Colours, i.Source, i.CreatedName)
	return oneImage(rows, uuid.Nil)
}

// ImageFilter chooses images; an empty field chooses all.
type ImageFilter struct{ Status ImageStatus }

const chosenImages = ` from app.mark_images i where ($1 = '' or (i.retired_at is null) = ($1 = 'current'))`

func listImages(ctx context.Context, tx pgx.Tx, f ImageFilter, limit int, cursor string) (all []Image, next string, err error) {
	after := uuid.Max
	if err := postgres.DecodeCursor(cursor, &after); err != nil {
		return nil, "", err
	}
	rows, _ := tx.Query(ctx, `select `+imageColumns+chosenImages+` and i.id < $2 order by i.id desc limit $3`, f.Status, after, limit+1)
	if all, err = pgx.CollectRows(rows, scanImage); err != nil {
		return nil, "", postgres.Wrap(err, "mark images")
	}
	if len(all) > limit {
		all = all[:limit]
		next = postgres.EncodeCursor(all[limit-1].ID)
	}
	return all, next, nil
}
