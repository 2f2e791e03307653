package promotion

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Problems of mirrored calls.
var (
	// ErrNoPlatform is returned for mirroring a call that is not the own one of an active platform.
	ErrNoPlatform = problem.New(problem.Conflict, "promotion-programme.no-platform")
	// ErrMirrored is returned for mirroring a call a second time.
	ErrMirrored = postgres.Constraint("promotion_programmes_mirrored_key", problem.New(problem.Conflict, "promotion-programme.mirrored"))
	// ErrElsewhere is returned for applying here to a call of a platform; its value Address is where that is done.
	ErrElsewhere = problem.New(problem.Conflict, "promotion-programme.elsewhere")
)

// Take is the act that makes a call out of a platform's.
const Take Act = "mirror"

// Mirror says whose a call is that was taken over from a platform (转载). Applications to it are made there.
type Mirror struct {
	PlatformID uuid.UUID         `json:"platformId"`
	Names      map[string]string `json:"names"` // of the platform, as they were
	Level      Level             `json:"level"`
	Address    string            `json:"address"` // where the original is read: a path of this house, or elsewhere on the web
	State      State             `json:"state"`   // of the original, when it was taken over; empty for one that is read elsewhere
	TakenAt    time.Time         `json:"takenAt"`
	TakenName  string            `json:"takenName"`
}

// Gone is the state of an original that is not shown any more.
const Gone State = "gone"

// Original is the call that another mirrors, as it is now.
type Original struct {
	ID     uuid.UUID
	Status Status // empty: it is not shown any more
	Opens  time.Time
	Closes time.Time
}

// Seen is how the public sees the original at an instant.
func (o Original) Seen(at time.Time) State {
	if o.Status == "" {
		return Gone
	}
	return Programme{Status: o.Status, OpensAt: o.Opens, ClosesAt: o.Closes}.Seen(at)
}

// Moved tells whether the original of a mirrored call stands otherwise than when it was taken over: it was closed, decided, cancelled or hidden.
// That it opened meanwhile was to be expected.
func (p Programme) Moved(at time.Time) bool {
	if p.Mirror == nil || p.Original == nil {
		return false
	}
	now := p.Original.Seen(at)
	return now != p.Mirror.State && (p.Mirror.State != Coming || now != Taking)
}

// Mirror takes over a published call of a tenant that is an active platform, as a draft of the own. It returns ErrNotFound, ErrNoPlatform or ErrMirrored.
func (s *Promotions) Mirror(ctx context.Context, id uuid.UUID) (Programme, error) {
	return s.take(ctx, func(tx pgx.Tx) (Content, Mirror, *uuid.UUID, error) {
		p, err := programmeByID(ctx, tx, id)
		if err != nil {
			return Content{}, Mirror{}, nil, err
		}
		f, err := platformOf(ctx, tx, p.Keeper.ID)
		if errors.Is(err, ErrPlatformNotFound) || p.Own || p.Mirror != nil {
			return Content{}, Mirror{}, nil, ErrNoPlatform
		}
		return p.Content, Mirror{PlatformID: f.ID, Names: f.Names, Level: f.Level, Address: p.Address(), State: p.Seen(s.now())}, &p.ID, err
	})
}

// MirrorElsewhere enters a call of a platform that is read at an address on the web, with as much of it as is known. It returns
// ErrPlatformNotFound, ErrPlatformArchived, or problem.ErrInvalid with each wrong field.
func (s *Promotions) MirrorElsewhere(ctx context.Context, platform uuid.UUID, address string, c Content) (Programme, error) {
	return s.take(ctx, func(tx pgx.Tx) (Content, Mirror, *uuid.UUID, error) {
		f, err := platformByID(ctx, tx, platform)
		if err != nil {
			return c, Mirror{}, nil, err
		}
		if f.Standing != Active {
			return c, Mirror{}, nil, ErrPlatformArchived
		}
		wrong := c.shape("/call")
		if !webAddress(address) {
			wrong = wrong.At("/address", codeWebsite)
		}
		return c, Mirror{PlatformID: f.ID, Names: f.Names, Level: f.Level, Address: address}, nil, wrong.Or()
	})
}

// take drafts what was found of a platform's call.
func (s *Promotions) take(ctx context.Context, find func(tx pgx.Tx) (Content, Mirror, *uuid.UUID, error)) (p Programme, err error) {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return p, err
	}
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		c, m, original, err := find(tx)
		if err != nil {
			return err
		}
		m.TakenAt, m.TakenName = s.now().UTC(), scope.ActorName
		id, err := insertProgramme(ctx, tx, c, &m, original)
		if err != nil {
			return err
		}
		if p, err = programmeByID(ctx, tx, id); err != nil {
			return err
		}
		return told(ctx, tx, Programme{ID: id, Status: None}, p, Take, "")
	})
	return p, err
}
