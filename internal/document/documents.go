package document

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/objectstore"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

const (
	// uploadTime is how long an upload link is good: 50 MiB over a slow line.
	uploadTime = 15 * time.Minute

	// linkTime is how long a download link is good. It can be passed on, so it is short.
	linkTime = 60 * time.Second

	// lookers is how many files are looked at at once; each may take a core and a few times its size in memory.
	lookers = 2

	// lookTime is what a parser gets for one file; a scanned report of 50 MiB takes about a second.
	lookTime = 20 * time.Second
)

// Documents keeps the documents of all tenants.
type Documents struct {
	db      *tenancy.DB
	store   *objectstore.Store
	maxSize int64
	now     func() time.Time
	looking chan struct{}
}

// New returns the documents over a database and an object store. maxSize bounds one file, in bytes.
func New(db *tenancy.DB, store *objectstore.Store, maxSize int64, now func() time.Time) *Documents {
	return &Documents{db: db, store: store, maxSize: maxSize, now: now, looking: make(chan struct{}, lookers)}
}

// DefaultMaxSize bounds one file where nothing else is set: a scanned test report of a hundred pages.
const DefaultMaxSize = 50 << 20

// Upload is the one request that brings the bytes.
type Upload struct {
	objectstore.Upload
	ExpiresAt time.Time
}

// Announce makes a document whose bytes are awaited. It returns problem.ErrInvalid with the wrong fields, or ErrTooLarge.
func (k *Documents) Announce(ctx context.Context, a Announcement) (Document, Upload, error) {
	return k.await(ctx, a, func(tx pgx.Tx, s tenancy.Scope) (ID, int, error) {
		id := uuid.Must(uuid.NewV7())
		if err := insertDocument(ctx, tx, id, a.Filename, a.Purpose, s); err != nil {
			return id, 0, err
		}
		return id, 1, record(ctx, tx, "document.upload", id, nil, a)
	})
}

// Revise awaits a new version of a document; the present one holds until the new one is ready.
func (k *Documents) Revise(ctx context.Context, id ID, a Announcement) (Document, Upload, error) {
	return k.await(ctx, a, func(tx pgx.Tx, _ tenancy.Scope) (ID, int, error) {
		d, err := lockByID(ctx, tx, id)
		if err != nil {
			return id, 0, err
		}
		if v, ok := d.awaited(); ok {
			if d, err = settle(ctx, tx, d, v, reasonReplaced); err != nil {
				return id, 0, err
			}
		}
		if _, err := moves.Next(d.Status, Revise); err != nil {
			return id, 0, err
		}
		return id, d.Versions[0].Number + 1, record(ctx, tx, "document.upload", id, nil, a)
	})
}

// await writes the version that place found a place for, and signs the upload.
func (k *Documents) await(ctx context.Context, a Announcement, place func(tx pgx.Tx, s tenancy.Scope) (ID, int, error)) (d Document, u Upload, err error) {
	if err := a.Check(k.maxSize); err != nil {
		return d, u, err
	}
	s, err := tenancy.From(ctx)
	if err != nil {
		return d, u, err
	}
	v := Version{Status: Uploading, Filename: a.Filename, MediaType: a.MediaType, Size: a.Size, SHA256: a.SHA256, uploadKey: newKey(s, incoming), objectKey: newKey(s, kept)}
	err = k.db.Tx(ctx, func(tx pgx.Tx) error {
		var id ID
		if id, v.Number, err = place(tx, s); err != nil {
			return err
		}
		if err := insertVersion(ctx, tx, id, v, s); err != nil {
			return err
		}
		d, err = ByID(ctx, tx, id)
		return err
	})
	if err != nil {
		return d, u, err
	}
	u.ExpiresAt = k.now().Add(uploadTime)
	u.Upload, err = k.store.PresignPut(ctx, v.uploadKey, v.MediaType, v.Size, v.SHA256, uploadTime)
	return d, u, err
}

// The two places of a tenant in the store.
const (
	incoming = "in"  // written by browsers, once; read by us only
	kept     = "doc" // written by us only
)

// newKey is a key that nobody can guess.
func newKey(s tenancy.Scope, place string) string {
	return prefix(s, place) + uuid.NewString()
}

func prefix(s tenancy.Scope, place string) string {
	return "t/" + s.Tenant.String() + "/" + place + "/"
}

func record(ctx context.Context, tx pgx.Tx, action string, id ID, before, after any) error {
	return audit.Record(ctx, tx, audit.Event{Action: action, ObjectKind: "document", ObjectID: id.String(), Before: before, After: after})
}

// Complete looks at the bytes that arrived and keeps or refuses them. Asked again, or by two at once, it answers with
// what became of them. It returns ErrNotArrived while nothing is there.
func (k *Documents) Complete(ctx context.Context, id ID) (Document, error) {
	d, err := k.ByID(ctx, id)
	if err != nil {
		return d, err
	}
	v, ok := d.awaited()
	if !ok || v.uploadKey == "" {
		return d, nil
	}
	settled, err := k.take(ctx, id, v)
	if !errors.Is(err, objectstore.ErrNotFound) {
		return settled, err
	}
	// Nothing has arrived, or somebody else took it a moment ago.
	if d, err = k.ByID(ctx, id); err != nil {
		return d, err
	}
	if now, ok := d.number(v.Number); ok && now.Status == Uploading {
		return d, ErrNotArrived
	}
	return d, nil
}

// take judges what arrived, keeps it where only we write, and says so in the row. Dying between any two of these steps
// leaves a document that is awaited as before, or one that is ready.
func (k *Documents) take(ctx context.Context, id ID, v Version) (d Document, err error) {
	at, err := k.store.Stat(ctx, v.uploadKey)
	if err != nil {
		return d, err
	}
	reason, err := k.judge(ctx, v, at)
	if err != nil {
		return d, fmt.Errorf("document %s: %w", id, err)
	}
	if reason == "" {
		kept, err := k.store.Copy(ctx, v.uploadKey, at.Version, v.objectKey, time.Time{})
		if err != nil {
			return d, err
		}
		v.objectVersion = kept.Version
	}
	if d, err = k.settle(ctx, id, v, reason); err != nil {
		return d, err
	}
	// The row no longer needs these bytes. When this fails, or we die here, Expire removes them.
	if err := k.store.DeleteVersion(ctx, v.uploadKey, at.Version); err != nil {
		slog.WarnContext(ctx, "an upload was not removed", "document", id, "error", err)
	}
	return d, nil
}

// settle records what became of a version, unless somebody else was faster.
func (k *Documents) settle(ctx context.Context, id ID, v Version, reason string) (d Document, err error) {
	err = k.db.Tx(ctx, func(tx pgx.Tx) error {
		if d, err = lockByID(ctx, tx, id); err != nil {
			return err
		}
		if now, ok := d.number(v.Number); !ok || now.Status != Uploading {
			return nil
		}
		d, err = settle(ctx, tx, d, v, reason)
		return err
	})
	return d, err
}

// settle moves the document, which the caller has locked, by the outcome of one of its versions.
func settle(ctx context.Context, tx pgx.Tx, d Document, v Version, reason string) (Document, error) {
	act := Keep
	v.Status = Ready
	if reason != "" {
		act, v.Status, v.Reason, v.objectVersion = Refuse, Refused, reason, ""
	}
	next, err := moves.Next(d.Status, act)
	if err != nil {
		return d, err
	}
	before := map[string]any{"status": d.Status, "version": d.Number}
	if d.Status = next; act == Keep {
		d.Number, d.Filename = v.Number, v.Filename
	}
	if err := saveOutcome(ctx, tx, d, v); err != nil {
		return d, err
	}
	after := map[string]any{"status": next, "version": v.Number, "sha256": v.SHA256, "reason": reason}
	if err := record(ctx, tx, "document."+string(act), d.ID, before, after); err != nil {
		return d, err
	}
	return ByID(ctx, tx, d.ID)
}

// judge reads the bytes and returns the reason for which they are refused, empty when they are not.
func (k *Documents) judge(ctx context.Context, v Version, at objectstore.Object) (reason string, err error) {
	if at.Size != v.Size {
		return reasonSize, nil
	}
	if at.SHA256 != "" && at.SHA256 != v.SHA256 {
		return reasonDigest, nil
	}
	select {
	case k.looking <- struct{}{}:
		defer func() { <-k.looking }()
	case <-ctx.Done():
		return "", ErrBusy
	}
	f, err := os.CreateTemp("", "helianthus-upload-*")
	if err != nil {
		return "", err
	}
	defer f.Close()
	if err := os.Remove(f.Name()); err != nil { // open, but without a name: gone with us, also when we are killed
		return "", err
	}
	r, err := k.store.Get(ctx, v.uploadKey, at.Version)
	if err != nil {
		return "", err
	}
	defer r.Close()
	hash := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, hash), io.LimitReader(r, v.Size+1))
	if err != nil {
		return "", fmt.Errorf("read upload: %w: %w", objectstore.ErrUnavailable, err)
	}
	if n != v.Size || hex.EncodeToString(hash.Sum(nil)) != v.SHA256 {
		return reasonDigest, nil
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	var refused refusal
	look, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	err = kinds[v.MediaType].look(look, f, n)
	if ctx.Err() != nil { // the caller has gone; that says nothing of the file
		return "", ctx.Err()
	}
	if errors.As(err, &refused) {
		return string(refused), nil
	}
	return "", err
}

// ByID reads a document and its versions.
func (k *Documents) ByID(ctx context.Context, id ID) (d Document, err error) {
	err = k.db.Read(ctx, func(tx pgx.Tx) error {
		d, err = ByID(ctx, tx, id)
		return err
	})
	return d, err
}

// List returns documents, newest first, and the cursor of the next page, empty on the last one.
func (k *Documents) List(ctx context.Context, f Filter, limit int, cursor string) (found []Document, next string, err error) {
	err = k.db.Read(ctx, func(tx pgx.Tx) error {
		found, next, err = list(ctx, tx, f, limit, cursor)
		return err
	})
	return found, next, err
}

// Retire takes a document out of use. The version is the record's that was read; another one is problem.ErrStale.
func (k *Documents) Retire(ctx context.Context, id ID, version int) (d Document, err error) {
	err = k.db.Tx(ctx, func(tx pgx.Tx) error {
		if d, err = lockByID(ctx, tx, id); err != nil {
			return err
		}
		if d.Version != version {
			return problem.ErrStale
		}
		before := map[string]any{"status": d.Status}
		if d.Status, err = moves.Next(d.Status, Retire); err != nil {
			return err
		}
		if err := saveDocument(ctx, tx, d); err != nil {
			return err
		}
		if err := record(ctx, tx, "document.retire", id, before, map[string]any{"status": d.Status}); err != nil {
			return err
		}
		d, err = ByID(ctx, tx, id)
		return err
	})
	return d, err
}

// Disposition says what a browser does with a file that a link leads to.
type Disposition string

// The dispositions.
const (
	Attachment Disposition = "attachment" // it is saved
	Inline     Disposition = "inline"     // it is shown; for PDF and images only
)

// Link signs a link to a version of a document, or to the one that holds for number 0. It is good for a minute.
func (k *Documents) Link(ctx context.Context, id ID, number int, how Disposition) (url string, expires time.Time, err error) {
	d, err := k.ByID(ctx, id)
	if err != nil {
		return "", expires, err
	}
	v := d.Current
	if number != 0 {
		var ok bool
		if v, ok = d.number(number); !ok {
			return "", expires, ErrNotFound
		}
	}
	if v.Status != Ready {
		return "", expires, ErrNotReady
	}
	inline := how == Inline && kinds[v.MediaType].inline
	url, err = k.store.PresignGet(ctx, v.objectKey, v.Filename, v.MediaType, inline, linkTime)
	return url, k.now().Add(linkTime), err
}

// Object is where the bytes of a version are, for packages that show a tenant's file to somebody else by a rule of their own.
type Object struct {
	Key       string
	Filename  string
	MediaType string
}

// LinkTo signs a link to bytes that a rule of the caller's lets the reader have. It is good for a minute.
func (k *Documents) LinkTo(ctx context.Context, o Object, how Disposition) (url string, expires time.Time, err error) {
	url, err = k.store.PresignGet(ctx, o.Key, o.Filename, o.MediaType, how == Inline && kinds[o.MediaType].inline, linkTime)
	return url, k.now().Add(linkTime), err
}
