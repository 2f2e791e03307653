package document

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// File is a file that the product made itself: a build, an export.
type File struct {
	ID        ID // chosen by the caller, so that a job that is done twice makes one document; zero for a new one
	Filename  string
	MediaType string
	Purpose   string
	Content   []byte
	// RetainUntil keeps issued papers: the store lets nobody change or remove the file before. Zero: no such day.
	RetainUntil time.Time
}

// Put keeps a file that the product made. Putting the same bytes again under the same id changes nothing; other bytes
// become a new version. It is not to be called inside a transaction.
func (k *Documents) Put(ctx context.Context, f File) (Document, error) {
	s, err := tenancy.From(ctx)
	if err != nil {
		return Document{}, err
	}
	if f.ID == uuid.Nil {
		f.ID = uuid.Must(uuid.NewV7())
	}
	sum := sha256.Sum256(f.Content)
	v := Version{Filename: f.Filename, MediaType: f.MediaType, Size: int64(len(f.Content)), SHA256: hex.EncodeToString(sum[:]), objectKey: newKey(s, kept)}
	var d Document
	err = k.db.Tx(ctx, func(tx pgx.Tx) error {
		d, v, err = place(ctx, tx, f, v, s)
		return err
	})
	if err != nil || v.Status == Ready {
		return d, err
	}
	at, err := k.store.Put(ctx, v.objectKey, v.MediaType, f.Content, f.RetainUntil)
	if err != nil {
		return d, fmt.Errorf("document %s: %w", f.ID, err)
	}
	v.objectVersion = at.Version
	if !f.RetainUntil.IsZero() {
		v.RetainUntil = &f.RetainUntil
	}
	return k.settle(ctx, f.ID, v, "")
}

// place finds the version that the file is, or makes it.
func place(ctx context.Context, tx pgx.Tx, f File, v Version, s tenancy.Scope) (Document, Version, error) {
	d, err := lockByID(ctx, tx, f.ID)
	switch {
	case errors.Is(err, ErrNotFound):
		v.Number = 1
		err = insertDocument(ctx, tx, f.ID, f.Filename, f.Purpose, s)
	case err == nil:
		for _, had := range d.Versions {
			if had.SHA256 == v.SHA256 && had.Status != Refused {
				return d, had, nil // done before, or begun and broken off
			}
		}
		v.Number = d.Versions[0].Number + 1
	}
	if err == nil {
		err = insertVersion(ctx, tx, f.ID, v, s)
	}
	return d, v, err
}

// Open opens the version of a document that holds. The caller closes it.
func (k *Documents) Open(ctx context.Context, id ID) (io.ReadCloser, Document, error) {
	d, err := k.ByID(ctx, id)
	if err != nil {
		return nil, d, err
	}
	if d.Current.Status != Ready {
		return nil, d, ErrNotReady
	}
	r, err := k.store.Get(ctx, d.Current.objectKey, d.Current.objectVersion)
	return r, d, err
}

// Keep puts the version of a document that holds under the store's lock until a day, because an issued paper names it.
// A lock that lasts longer already stays. It is not to be called inside a transaction.
func (k *Documents) Keep(ctx context.Context, id ID, until time.Time) (Document, error) {
	s, err := tenancy.From(ctx)
	if err != nil {
		return Document{}, err
	}
	d, err := k.ByID(ctx, id)
	if err != nil {
		return d, err
	}
	v := d.Current
	switch {
	case v.Status != Ready:
		return d, ErrNotReady
	case v.RetainUntil != nil && !v.RetainUntil.Before(until):
		return d, nil
	}
	// The lock is set as a file is written, so the file is written once more, under a key of its own.
	at, err := k.store.Copy(ctx, v.objectKey, v.objectVersion, newKey(s, kept), until)
	if err != nil {
		return d, fmt.Errorf("document %s: %w", id, err)
	}
	err = k.db.Tx(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `
			update app.document_versions set object_key = $4, object_version = $5, retain_until = $6
			where document_id = $1 and number = $2 and object_key = $3`, id, v.Number, v.objectKey, at.Key, at.Version, until)
		if err != nil || tag.RowsAffected() == 0 { // somebody else kept it at the same moment
			return postgres.Wrap(err, "keep document %s", id)
		}
		if err := record(ctx, tx, "document.retain", id, nil, map[string]any{"version": v.Number, "until": until}); err != nil {
			return err
		}
		d, err = ByID(ctx, tx, id)
		return err
	})
	return d, err
}
