package recognition

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

const (
	filingTime = 2 * time.Hour // to write an opposition and hand in the papers
	mostBegun  = 100           // oppositions to one case that are begun and not filed

	// MostEvidence is how many papers an opponent hands in.
	MostEvidence = 10
	// MaxEvidence bounds one of them, in bytes.
	MaxEvidence = 20 << 20

	evidencePurpose = "opposition"
)

// EvidenceTypes are the media types of what opponents hand in: what an officer reads, and nothing that unpacks.
var EvidenceTypes = []string{"application/pdf", "image/png", "image/jpeg"}

// Begin begins an opposition to a published case, for anybody. The key is shown once: who has it writes, files and later
// reads this opposition, and nothing else. It returns ErrNoticeNotFound, ErrClosed, or ErrBusy.
func (s *Oppositions) Begin(ctx context.Context, id CaseID) (o Opposition, key string, err error) {
	n, err := s.Notice(tenancy.In(ctx, tenancy.Public), id)
	if err != nil {
		return o, "", err
	}
	if !n.Takes(s.now()) {
		return o, "", ErrClosed
	}
	key = newKey()
	ctx = n.office(ctx, keyID(key))
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		var open int
		if err := tx.QueryRow(ctx, `select count(*) from app.oppositions where case_id = $1 and state = 'begun' and expires_at > $2`, id, s.now()).Scan(&open); err != nil {
			return postgres.Wrap(err, "oppositions begun")
		}
		if open >= mostBegun {
			return ErrBusy.With("retryAfter", int(filingTime.Seconds()))
		}
		made, err := begin(ctx, tx, n, keyID(key), s.now().Add(filingTime))
		if err != nil {
			return err
		}
		o, err = writtenOpposition(ctx, tx, made)
		return err
	})
	return o, key, err
}

// office is the scope in which an opponent's own opposition is written: that of the office, whose record it is, for a visitor.
func (n Notice) office(ctx context.Context, key uuid.UUID) context.Context {
	return tenancy.In(ctx, tenancy.Scope{Tenant: n.Office.ID, Slug: n.Office.Slug, TenantKind: n.officeKind, Demo: n.Office.Demo, Actor: key, ActorKind: tenancy.Visitor})
}

// opponent is the scope of whoever has a key: no tenant, and an actor for whom the database shows one opposition.
func opponent(ctx context.Context, key string) context.Context {
	return tenancy.In(ctx, tenancy.Scope{ActorKind: tenancy.Visitor, Actor: keyID(key)})
}

// Own reads the opposition that a key opens, or returns ErrOppositionNotFound.
func (s *Oppositions) Own(ctx context.Context, key string) (o Opposition, err error) {
	ctx = opponent(ctx, key)
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		o, err = oppositionByKey(ctx, tx, keyID(key))
		return err
	})
	if err == nil && o.State == OppositionBegun && o.ExpiresAt.Before(s.now()) {
		return Opposition{}, ErrOppositionNotFound
	}
	return o, err
}

// mine is the opposition that a key opens, if it is the one that was asked for, with its notice and the scope to write it in.
func (s *Oppositions) mine(ctx context.Context, id OppositionID, key string) (context.Context, Opposition, Notice, error) {
	o, err := s.Own(ctx, key)
	if err == nil && o.ID != id {
		err = ErrOppositionNotFound
	}
	if err != nil {
		return ctx, o, Notice{}, err
	}
	n, err := s.Notice(tenancy.In(ctx, tenancy.Public), o.CaseID)
	if errors.Is(err, ErrNoticeNotFound) {
		err = ErrClosed // the publication was taken back
	}
	return n.office(ctx, keyID(key)), o, n, err
}

// Announce makes a document of the office whose bytes the opponent brings, as document.Announce does.
func (s *Oppositions) Announce(ctx context.Context, id OppositionID, key string, a document.Announcement) (d document.Document, u document.Upload, err error) {
	ctx, o, _, err := s.mine(ctx, id, key)
	if err != nil {
		return d, u, err
	}
	if err := mayHandIn(o, a); err != nil {
		return d, u, err
	}
	a.Purpose = evidencePurpose
	return s.docs.Announce(ctx, a)
}

func mayHandIn(o Opposition, a document.Announcement) error {
	if _, err := oppositionMoves.Next(o.State, OppositionFile); err != nil {
		return err
	}
	err := problem.ErrInvalid
	if len(o.Said(EntryEvidence)) >= MostEvidence {
		err = err.At("/filename", codeTooMany, "Most", MostEvidence)
	}
	if a.Size > MaxEvidence {
		return document.ErrTooLarge.With("MiB", MaxEvidence>>20)
	}
	if !slices.Contains(EvidenceTypes, a.MediaType) {
		err = err.At("/mediaType", codePaperType)
	}
	return err.Or()
}

// HandIn looks at the bytes that an opponent brought, and puts them into the opposition.
func (s *Oppositions) HandIn(ctx context.Context, id OppositionID, key string, doc uuid.UUID) (o Opposition, err error) {
	ctx, o, _, err = s.mine(ctx, id, key)
	if err != nil {
		return o, err
	}
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		by, purpose, err := document.AnnouncedBy(ctx, tx, doc)
		if err == nil && (by != keyID(key) || purpose != evidencePurpose) {
			err = document.ErrNotFound
		}
		return err
	})
	if err != nil {
		return o, err
	}
	d, err := s.docs.Complete(ctx, doc)
	if err != nil {
		return o, err
	}
	return s.enclose(ctx, id, d)
}

// Bring is Announce and HandIn of bytes that are there, for a form without a script.
func (s *Oppositions) Bring(ctx context.Context, id OppositionID, key string, a document.Announcement, content []byte) (o Opposition, err error) {
	ctx, o, _, err = s.mine(ctx, id, key)
	if err != nil {
		return o, err
	}
	if err := mayHandIn(o, a); err != nil {
		return o, err
	}
	a.Purpose = evidencePurpose
	d, err := s.docs.Receive(ctx, a, content)
	if err != nil {
		return o, err
	}
	return s.enclose(ctx, id, d)
}

// enclose puts a document that is ready into an opposition.
func (s *Oppositions) enclose(ctx context.Context, id OppositionID, d document.Document) (o Opposition, err error) {
	if d.Status != document.Ready {
		return o, problem.ErrInvalid.At("/documentId", codeNotReady)
	}
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		if o, err = lockOpposition(ctx, tx, id); err != nil {
			return err
		}
		_, today, err := ownTenant(ctx, tx, s.now())
		if err != nil {
			return err
		}
		p := Paper{Title: d.Filename, SHA256: d.Current.SHA256, DocumentID: &d.ID}
		for _, e := range o.Said(EntryEvidence) {
			if *e.Documents[0].DocumentID == d.ID {
				return nil // handed in before
			}
		}
		if _, err := oppositionMoves.Next(o.State, OppositionFile); err != nil {
			return err
		}
		if err := moveOpposition(ctx, tx, o, []OppositionEntry{{Kind: EntryEvidence, Side: OfOpponent, Documents: []Paper{p}, On: today}}, nil); err != nil {
			return err
		}
		o, err = writtenOpposition(ctx, tx, id)
		return err
	})
	return o, err
}

// File files an opposition: it gets its number, and the office sees it. It returns ErrClosed after the last day, or
// problem.ErrInvalid with each wrong field.
func (s *Oppositions) File(ctx context.Context, id OppositionID, key string, f Filing) (o Opposition, err error) {
	ctx, o, n, err := s.mine(ctx, id, key)
	if err != nil {
		return o, err
	}
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		if o, err = lockOpposition(ctx, tx, id); err != nil {
			return err
		}
		if _, err := oppositionMoves.Next(o.State, OppositionFile); err != nil {
			return err
		}
		if !n.Takes(s.now()) {
			return ErrClosed
		}
		_, today, err := ownTenant(ctx, tx, s.now())
		if err != nil {
			return err
		}
		o, err = file(ctx, tx, o, n, f, today, nil)
		return err
	})
	return o, err
}

// Withdraw withdraws an opposition, by its opponent.
func (s *Oppositions) Withdraw(ctx context.Context, id OppositionID, key, reason string) (o Opposition, err error) {
	ctx, o, _, err = s.mine(ctx, id, key)
	if err != nil {
		return o, err
	}
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		if o, err = lockOpposition(ctx, tx, id); err != nil {
			return err
		}
		_, today, err := ownTenant(ctx, tx, s.now())
		if err != nil {
			return err
		}
		if o.State, err = oppositionMoves.Next(o.State, OppositionWithdraw); err != nil {
			return err
		}
		if err := moveOpposition(ctx, tx, o, []OppositionEntry{{Kind: EntryNote, Side: OfOpponent, Text: reason, On: today}}, nil); err != nil {
			return err
		}
		o, err = trail(ctx, tx, o, OppositionWithdraw)
		return err
	})
	return o, err
}

// Sweeping says how Forget is registered.
const (
	FilingSweepName  = "opposition.forget"
	FilingSweepEvery = 6 * time.Hour
)

// Forget removes the tenant's oppositions that were begun and never filed.
func (s *Oppositions) Forget(ctx context.Context) error {
	return s.db.Tx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `delete from app.oppositions where state = 'begun' and expires_at < $1`, s.now())
		return postgres.Wrap(err, "forget oppositions")
	})
}
