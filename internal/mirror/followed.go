package mirror

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/note"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/lifecycle"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/translog"
)

// Problems of the houses that operators follow; each says what to do.
var (
	ErrHouseNotFound = problem.New(problem.NotFound, "partner-house.not-found")
	ErrNoHouse       = problem.New(problem.Conflict, "partner-house.no-house")       // who answers is no house
	ErrUnreachable   = problem.New(problem.Unavailable, "partner-house.unreachable") // nobody answers
	ErrOtherKey      = problem.New(problem.Conflict, "partner-house.other-key")      // it shows another key than the one confirmed
	ErrOtherHouse    = problem.New(problem.Conflict, "partner-house.other-house")    // at the new address is another house
	ErrOwnHouse      = problem.New(problem.Conflict, "partner-house.own")            // it is this house
	ErrFollowed      = problem.New(problem.Conflict, "partner-house.followed")       // already
	ErrNotFollowed   = problem.New(problem.Conflict, "partner-house.not-followed")
	ErrKeysUnknown   = problem.New(problem.Unavailable, "partner-house.keys-unknown") // it does not answer, and gave none before
	ErrOfFile        = problem.New(problem.Conflict, "partner-house.of-file")         // the machine's file names it
	ErrMostHouses    = problem.New(problem.Conflict, "partner-house.too-many")
	ErrHouseChanged  = problem.New(problem.Stale, "partner-house.changed")

	codeAddress = problem.Field("partner-house.address")
)

// mostHouses bounds those that are followed: each is read every few seconds.
const mostHouses = 200

// HouseState says whether a house is followed.
type HouseState string

// The states.
const (
	Followed  HouseState = "followed"
	Suspended HouseState = "suspended" // what came from it stays, with its age
	Left      HouseState = "left"      // nobody names it any more
)

// HouseAct is what an operator does with a house.
type HouseAct string

// The acts.
const (
	Update  HouseAct = "update"
	Suspend HouseAct = "suspend"
	Resume  HouseAct = "resume"
	Remove  HouseAct = "remove" // ends it, with all that came from it
)

var houseMoves = lifecycle.Table[HouseState, HouseAct]{
	{From: Followed, Act: Update, To: Followed},
	{From: Suspended, Act: Update, To: Suspended},
	{From: Followed, Act: Suspend, To: Suspended},
	{From: Suspended, Act: Resume, To: Followed},
	{From: Followed, Act: Remove, To: Left},
	{From: Suspended, Act: Remove, To: Left},
	{From: Left, Act: Remove, To: Left},
}

// Sight is what a house shows of itself to whoever looks before following it.
type Sight struct {
	URL, Name string
	Keys      []string // verifier keys of its log, the newest first
	LogSize   int64
}

// named tells whether the machine's file names the house; such a house is changed there.
func (p *Partners) named(name string) bool {
	for _, h := range p.c.Houses {
		if h.Name == name {
			return true
		}
	}
	return false
}

func (p *Partners) stateOf(h Partner) HouseState {
	switch {
	case p.named(h.Name):
		return Followed
	case h.Key == "":
		return Left
	case h.SuspendedAt != nil:
		return Suspended
	}
	return Followed
}

// allowed are the acts that the house's state leaves.
func (p *Partners) allowed(h Partner) []HouseAct {
	if p.named(h.Name) {
		return []HouseAct{}
	}
	return houseMoves.Allowed(p.stateOf(h))
}

// Look asks the house at an address who it is, so that an operator compares its key's fingerprint with what the partner
// says by another way.
func (p *Partners) Look(ctx context.Context, address string) (s Sight, err error) {
	if err := checkAddress(address); err != nil {
		return s, err
	}
	s.URL = strings.TrimSuffix(address, "/")
	var answer struct {
		Origin string
		Keys   []string
		Size   int64
	}
	err = (&House{URL: s.URL, Client: p.c.Client}).get(ctx, "/api/v1/log", &answer)
	var network *url.Error
	switch {
	case errors.As(err, &network):
		return s, ErrUnreachable
	case err != nil || len(answer.Keys) == 0:
		return s, ErrNoHouse
	}
	for _, k := range answer.Keys {
		if v, err := note.NewVerifier(k); err != nil || v.Name() != answer.Origin {
			return s, ErrNoHouse
		}
	}
	s.Name, s.Keys, s.LogSize = answer.Origin, answer.Keys, answer.Size
	own, err := p.c.Own(ctx)
	if err == nil && s.Name == own {
		return s, ErrOwnHouse
	}
	return s, err
}

// checkAddress applies the rules of an address as it is written; where it leads is looked at when it is dialled.
func checkAddress(text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Opaque != "" {
		return problem.ErrInvalid.At("/url", codeAddress)
	}
	return nil
}

// sighted looks again for a key that an operator confirmed: what is followed is the house that shows it now.
func (p *Partners) sighted(ctx context.Context, address, key string) (Sight, error) {
	s, err := p.Look(ctx, address)
	if err != nil {
		return s, err
	}
	for _, k := range s.Keys {
		if k == key {
			return s, nil
		}
	}
	return s, ErrOtherKey
}

// Follow follows a house from now on, from its beginning.
func (p *Partners) Follow(ctx context.Context, address, key string) (h Partner, err error) {
	s, err := p.sighted(ctx, address, key)
	if err != nil {
		return h, err
	}
	if p.named(s.Name) {
		return h, ErrOfFile
	}
	err = p.db.Tx(ctx, func(tx pgx.Tx) error {
		var id uuid.UUID
		err := tx.QueryRow(ctx, `
			insert into app.partner_houses (name, url, key) select $1, $2, $3 where (select count(*) from app.partner_houses where key <> '') < $4
			on conflict (name) do update set url = excluded.url, key = excluded.key, version = app.partner_houses.version + 1 where app.partner_houses.key = ''
			returning id`, s.Name, s.URL, key, mostHouses).Scan(&id)
		if errors.Is(err, pgx.ErrNoRows) {
			if h, err = houseByName(ctx, tx, s.Name); errors.Is(err, ErrHouseNotFound) {
				return ErrMostHouses.With("Most", mostHouses)
			}
			return errors.Join(err, ErrFollowed)
		}
		if err != nil {
			return postgres.Wrap(err, "partner house %s", s.Name)
		}
		if h, err = houseByID(ctx, tx, id); err != nil {
			return err
		}
		return recorded(ctx, tx, "create", h, nil)
	})
	return h, err
}

// Readdress changes the address or the key of a house; the house at the address must be the same, and show the key.
func (p *Partners) Readdress(ctx context.Context, id uuid.UUID, version int, address, key *string) (h Partner, err error) {
	old, err := p.House(ctx, id)
	if err != nil {
		return h, err
	}
	to := old
	if address != nil {
		to.URL = *address
	}
	if key != nil {
		to.Key = *key
	}
	if err := p.may(old, Update); err != nil {
		return old, err
	}
	s, err := p.sighted(ctx, to.URL, to.Key)
	if err != nil {
		return old, err
	}
	if s.Name != old.Name {
		return old, ErrOtherHouse.With("Name", s.Name)
	}
	return p.change(ctx, id, Update, func(h *Partner) error {
		if h.Version != version {
			return ErrHouseChanged
		}
		h.URL, h.Key = s.URL, to.Key
		return nil
	})
}

// SuspendHouse stops following for the time being; what came stays, with its age.
func (p *Partners) SuspendHouse(ctx context.Context, id uuid.UUID, reason string) (Partner, error) {
	return p.change(ctx, id, Suspend, func(h *Partner) error {
		now := p.c.Now()
		h.SuspendedAt, h.SuspendedWhy = &now, reason
		return nil
	})
}

// ResumeHouse goes on where it stopped.
func (p *Partners) ResumeHouse(ctx context.Context, id uuid.UUID) (Partner, error) {
	return p.change(ctx, id, Resume, func(h *Partner) error {
		h.SuspendedAt, h.SuspendedWhy = nil, ""
		return nil
	})
}

// RemoveHouse ends following and takes away what came from the house: nothing of it is cited any more.
func (p *Partners) RemoveHouse(ctx context.Context, id uuid.UUID) error {
	return p.db.Tx(ctx, func(tx pgx.Tx) error {
		h, err := houseByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := p.may(h, Remove); err != nil {
			return err
		}
		// The names go with what was received, and that goes first: it belongs to the house.
		var all pgx.Batch
		all.Queue(`delete from app.received_names where house = $1`, h.Name)
		all.Queue(`delete from app.received where house = $1`, h.Name)
		all.Queue(`delete from app.partner_keys where house = $1`, h.Name)
		all.Queue(`delete from app.partner_houses where name = $1`, h.Name)
		if err := tx.SendBatch(ctx, &all).Close(); err != nil {
			return postgres.Wrap(err, "partner house %s", h.Name)
		}
		return recorded(ctx, tx, "remove", h, nil)
	})
}

// House reads a house.
func (p *Partners) House(ctx context.Context, id uuid.UUID) (h Partner, err error) {
	err = p.db.Read(ctx, func(tx pgx.Tx) error {
		h, err = shownHouse(ctx, tx, id)
		return err
	})
	return h, err
}

func (p *Partners) may(h Partner, act HouseAct) error {
	if p.named(h.Name) {
		return ErrOfFile
	}
	_, err := houseMoves.Next(p.stateOf(h), act)
	return err
}

func (p *Partners) change(ctx context.Context, id uuid.UUID, act HouseAct, change func(*Partner) error) (h Partner, err error) {
	err = p.db.Tx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select from app.partner_houses where id = $1 for update`, id); err != nil {
			return postgres.Wrap(err, "partner house %s", id)
		}
		if h, err = houseByID(ctx, tx, id); err != nil {
			return err
		}
		if err := p.may(h, act); err != nil {
			return err
		}
		old := h
		if err := change(&h); err != nil {
			return err
		}
		h.Version++
		_, err := tx.Exec(ctx, `update app.partner_houses set url = $2, key = $3, suspended_at = $4, suspended_why = $5, version = $6 where id = $1`,
			id, h.URL, h.Key, h.SuspendedAt, h.SuspendedWhy, h.Version)
		if err != nil {
			return postgres.Wrap(err, "partner house %s", h.Name)
		}
		return recorded(ctx, tx, string(act), h, &old)
	})
	return h, err
}

// recorded writes what an operator did with a house into the trail.
func recorded(ctx context.Context, tx pgx.Tx, act string, h Partner, before *Partner) error {
	says := func(h Partner) map[string]any {
		return map[string]any{"name": h.Name, "url": h.URL, "key": h.Key, "suspendedAt": h.SuspendedAt, "reason": h.SuspendedWhy}
	}
	e := audit.Event{Action: "partner-house." + act, ObjectKind: "partner-house", ObjectID: h.ID.String(), After: says(h)}
	if before != nil {
		e.Before = says(*before)
	}
	return audit.Record(ctx, tx, e)
}

// follows are the houses that are read now: those that the machine's file names, and those that operators added.
func (p *Partners) follows(ctx context.Context) (all []translog.House, err error) {
	all = append(all, p.c.Houses...)
	err = p.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select name, key, url from app.partner_houses where key <> '' and suspended_at is null order by name limit $1`, mostHouses)
		added, err := pgx.CollectRows(rows, pgx.RowToStructByPos[translog.House])
		for _, h := range added {
			if !p.named(h.Name) {
				all = append(all, h)
			}
		}
		return postgres.Wrap(err, "houses that are followed")
	})
	return all, err
}

// Run follows until ctx ends. Any number of nodes may run it: each house is claimed by one of them at a time, and one that an
// operator adds is read within Every.
func (p *Partners) Run(ctx context.Context) error {
	rounds := newRounds()
	defer rounds.all.Wait()
	for {
		houses, err := p.follows(everybodyIn(ctx))
		if err != nil && ctx.Err() == nil {
			p.c.Log.WarnContext(ctx, "partner houses", "error", err)
		}
		for _, h := range houses {
			rounds.begin(h.Name, func() {
				if err := p.Round(ctx, h); err != nil && ctx.Err() == nil {
					p.c.Log.WarnContext(ctx, "a partner house", "house", h.Name, "error", err)
				}
			})
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(p.c.Every):
		}
	}
}
