package promotion

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// AddPlatform enters a platform; partner is the short name of the tenant that it is here, or empty. It returns ErrPlatformTwice, or problem.ErrInvalid with each wrong field.
func (s *Promotions) AddPlatform(ctx context.Context, f Platform, partner string) (made Platform, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		if err := f.ready(ctx, tx, partner); err != nil {
			return err
		}
		id, err := insertPlatform(ctx, tx, f)
		if err != nil {
			return err
		}
		made, err = cared(ctx, tx, id, Platform{Standing: NoStanding}, Enter)
		return err
	})
	return made, err
}

// ready checks the record of a platform and finds the tenant that it is.
func (p *Platform) ready(ctx context.Context, tx pgx.Tx, partner string) error {
	if err := p.Check(); err != nil || partner == "" {
		return err
	}
	tenant, err := partnerWith(ctx, tx, partner)
	p.Partner = &tenant
	return err
}

// cared reads a platform after something was done to it and tells what happened.
func cared(ctx context.Context, tx pgx.Tx, id uuid.UUID, before Platform, care Care) (Platform, error) {
	after, err := platformByID(ctx, tx, id)
	if err != nil {
		return after, err
	}
	e := audit.Event{Action: "promotion-platform." + string(care), ObjectKind: "promotion-platform", ObjectID: id.String(), After: after}
	if before.Version > 0 {
		e.Before = before
	}
	return after, audit.Record(ctx, tx, e)
}

// tend does something to version of a platform that nobody else changes meanwhile.
func (s *Promotions) tend(ctx context.Context, id uuid.UUID, version int, care Care, do func(tx pgx.Tx) error) (after Platform, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		before, err := lockPlatform(ctx, tx, id)
		if err != nil {
			return err
		}
		if before.Version != version {
			return problem.ErrStale
		}
		next, err := cares.Next(before.Standing, care)
		if err != nil {
			return err
		}
		if err := do(tx); err != nil {
			return err
		}
		if err := standPlatform(ctx, tx, id, next); err != nil {
			return err
		}
		after, err = cared(ctx, tx, id, before, care)
		return err
	})
	return after, err
}

// UpdatePlatform replaces version of the record of a platform. It returns what AddPlatform does, problem.ErrStale or lifecycle.ErrNoMove.
func (s *Promotions) UpdatePlatform(ctx context.Context, id uuid.UUID, version int, f Platform, partner string) (Platform, error) {
	return s.tend(ctx, id, version, Correct, func(tx pgx.Tx) error {
		if err := f.ready(ctx, tx, partner); err != nil {
			return err
		}
		return writePlatform(ctx, tx, id, f)
	})
}

// DoPlatform archives version of a platform, or restores it.
func (s *Promotions) DoPlatform(ctx context.Context, id uuid.UUID, version int, care Care) (Platform, error) {
	return s.tend(ctx, id, version, care, func(pgx.Tx) error { return nil })
}

// Platform reads one.
func (s *Promotions) Platform(ctx context.Context, id uuid.UUID) (p Platform, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error { p, err = platformByID(ctx, tx, id); return err })
	return p, err
}

// Platforms lists platforms, the newest first, and returns the cursor of the next page.
func (s *Promotions) Platforms(ctx context.Context, f PlatformFilter, limit int, cursor string) (all []Platform, next string, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error { all, next, err = listPlatforms(ctx, tx, f, limit, cursor); return err })
	return all, next, err
}

// CountPlatforms counts what a filter chooses.
func (s *Promotions) CountPlatforms(ctx context.Context, f PlatformFilter) (n int, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error { n, err = countPlatforms(ctx, tx, f); return err })
	return n, err
}
