package document

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
)

// Receive takes a file whose bytes came with a request of somebody else's, as a form without a script sends them. It goes the
// way of an upload: into the place for what came in, and is looked at before it is kept. It is not to be called inside a transaction.
func (k *Documents) Receive(ctx context.Context, a Announcement, content []byte) (Document, error) {
	sum := sha256.Sum256(content)
	a.Size, a.SHA256 = int64(len(content)), hex.EncodeToString(sum[:])
	d, _, err := k.Announce(ctx, a)
	if err != nil {
		return d, err
	}
	v, ok := d.awaited()
	if !ok {
		return d, nil
	}
	if _, err := k.store.Put(ctx, v.uploadKey, v.MediaType, content, time.Time{}); err != nil {
		return d, fmt.Errorf("document %s: %w", d.ID, err)
	}
	return k.Complete(ctx, d.ID)
}

// AnnouncedBy is the actor that announced a document, and for what; ErrNotFound when there is none.
func AnnouncedBy(ctx context.Context, tx pgx.Tx, id ID) (by uuid.UUID, purpose string, err error) {
	var actor *uuid.UUID
	err = tx.QueryRow(ctx, `select created_by, purpose from app.documents where id = $1`, id).Scan(&actor, &purpose)
	if errors.Is(err, pgx.ErrNoRows) {
		return by, "", ErrNotFound
	}
	if actor != nil {
		by = *actor
	}
	return by, purpose, postgres.Wrap(err, "document %s", id)
}
