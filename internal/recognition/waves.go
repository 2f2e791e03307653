package recognition

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/jobs"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/typeset"
)

// WaveID identifies a wave.
type WaveID = uuid.UUID

// MostInWave is how many names move together at most: more than any list that was exchanged at once.
const MostInWave = 500

// Problems of waves.
var (
	ErrWaveNotFound = problem.New(problem.NotFound, "wave.not-found")

	codeEmptyWave = problem.Field("wave.empty")
	codeFullWave  = problem.Field("wave.too-many")
	codeNotInWave = problem.Field("wave.not-in-it")
	codeInWave    = problem.Field("wave.in-it")
	codeNoCase    = problem.Field("wave.no-such-case")
	codeNoAct     = problem.Field("wave.not-your-act")
	codeNoCommon  = problem.Field("wave.cases-missing")
)

// Wave (批次) is a bundle of cases that a tenant moves together, each by itself: what stands against one of them keeps no
// other back. It is the bundling side's own; the other side sees the cases.
type Wave struct {
	ID       WaveID
	Version  int
	Title    string
	OpenedAt time.Time
	States   []CaseCount
	Members  []WaveMember // of one that was read, not of those in a list
}

// CaseCount is how many cases are in a state.
type CaseCount struct {
	State State
	Count int
}

// Count is how many names a wave has.
func (w Wave) Count() (n int) {
	for _, s := range w.States {
		n += s.Count
	}
	return n
}

// WaveMember is a case in a wave.
type WaveMember struct {
	Case
	Exception       string // why it does not move with the others; empty: it does
	OpenOppositions int
}

// Waves are the verbs of waves.
type Waves struct {
	db    *tenancy.DB
	cases *Cases
	docs  *document.Documents
	jobs  *jobs.Jobs
	press *typeset.Pool
	texts *locale.Bundle
}

// NewWaves returns the verbs, whose files are in docs and whose papers press sets.
func NewWaves(cases *Cases, docs *document.Documents, j *jobs.Jobs, press *typeset.Pool, texts *locale.Bundle) *Waves {
	s := &Waves{cases.db, cases, docs, j, press, texts}
	jobs.Add(j, s.print)
	return s
}

// WaveOpening is what a wave is opened with: cases that are there, and names whose cases are opened alike.
type WaveOpening struct {
	Title string
	Cases []CaseID
	Names []WaveName
	Alike *Opening // what the cases of the names have in common
}

// WaveName is a name of a list.
type WaveName struct {
	Name, Language string
	Forms          []Form
	Registration   *Link
}

// Open opens a wave, all of it or nothing. It returns problem.ErrInvalid with what is wrong with each name of the list.
func (s *Waves) Open(ctx context.Context, o WaveOpening) (w Wave, err error) {
	if err := o.check(); err != nil {
		return w, err
	}
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		ids, err := s.members(ctx, tx, o)
		if err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, `insert into app.waves (title) values ($1) returning id`, o.Title).Scan(&w.ID); err != nil {
			return postgres.Wrap(err, "wave %s", o.Title)
		}
		if err := bundle(ctx, tx, w.ID, ids); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, audit.Event{Action: "wave.open", ObjectKind: "wave", ObjectID: w.ID.String(), After: map[string]any{"title": o.Title, "cases": len(ids)}}); err != nil {
			return err
		}
		w, err = waveByID(ctx, tx, w.ID)
		return err
	})
	return w, err
}

func (o WaveOpening) check() error {
	switch n := len(o.Cases) + len(o.Names); {
	case n == 0:
		return problem.ErrInvalid.At("/names", codeEmptyWave)
	case n > MostInWave:
		return problem.ErrInvalid.At("/names", codeFullWave, "Most", MostInWave)
	case len(o.Names) > 0 && o.Alike == nil:
		return problem.ErrInvalid.At("/cases", codeNoCommon)
	}
	return nil
}

// members are the cases of a wave: those named, and those that it opens. All names are looked at before anything is said.
func (s *Waves) members(ctx context.Context, tx pgx.Tx, o WaveOpening) (ids []CaseID, err error) {
	wrong := problem.ErrInvalid
	for n, id := range o.Cases {
		at := fmt.Sprintf("/caseIds/%d", n)
		if slices.Contains(o.Cases[:n], id) {
			wrong = wrong.At(at, codeDouble)
		} else if _, err := CaseByID(ctx, tx, id); errors.Is(err, ErrCaseNotFound) {
			wrong = wrong.At(at, codeNoCase)
		} else if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	for n, name := range o.Names {
		one := *o.Alike
		one.Name, one.Language, one.Forms, one.Registration = name.Name, name.Language, orEmpty(name.Forms), name.Registration
		id, err := s.cases.open(ctx, tx, one)
		if p, ok := problem.As(err); ok && len(p.Details) > 0 {
			for _, d := range p.Details {
				wrong = wrong.At(pointerInWave(d.Pointer, n), d.Code, pairs(d.Values)...)
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, wrong.Or()
}

// pointerInWave is where a wrong field of a case stands in the list: what all have in common is said once, at the first.
func pointerInWave(pointer string, n int) string {
	for _, own := range []string{"/name", "/language", "/forms", "/registration"} {
		if len(pointer) >= len(own) && pointer[:len(own)] == own {
			return fmt.Sprintf("/names/%d%s", n, pointer)
		}
	}
	return "/cases" + pointer
}

func pairs(values map[string]any) (all []any) {
	for k, v := range values {
		all = append(all, k, v)
	}
	return all
}

// List lists waves, newest first.
func (s *Waves) List(ctx context.Context, words string, limit int, cursor string) (found []Wave, next string, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		found, next, err = listWaves(ctx, tx, words, limit, cursor)
		return err
	})
	return found, next, err
}

// Read reads a wave with its cases as they stand now.
func (s *Waves) Read(ctx context.Context, id WaveID) (w Wave, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		w, err = waveByID(ctx, tx, id)
		return err
	})
	return w, err
}

// Except lets names go their own way for a reason, or takes them back when there is none. It returns problem.ErrStale when
// the wave was changed since it was read.
func (s *Waves) Except(ctx context.Context, id WaveID, version int, cases []CaseID, reason string) (w Wave, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		if w, err = lockWave(ctx, tx, id, version); err != nil {
			return err
		}
		wrong := problem.ErrInvalid
		for n, c := range cases {
			if !w.has(c) {
				wrong = wrong.At(fmt.Sprintf("/caseIds/%d", n), codeNotInWave)
			}
		}
		if err := wrong.Or(); err != nil {
			return err
		}
		b := &pgx.Batch{}
		b.Queue(`update app.wave_cases set exception = $3 where wave_id = $1 and case_id = any ($2)`, id, cases, reason)
		b.Queue(`update app.waves set version = version + 1 where id = $1`, id)
		if err := tx.SendBatch(ctx, b).Close(); err != nil {
			return postgres.Wrap(err, "exceptions of wave %s", id)
		}
		if err := audit.Record(ctx, tx, audit.Event{Action: "wave.except", ObjectKind: "wave", ObjectID: id.String(), After: map[string]any{"cases": cases, "reason": reason}}); err != nil {
			return err
		}
		w, err = waveByID(ctx, tx, id)
		return err
	})
	return w, err
}

func (w Wave) has(id CaseID) bool {
	return slices.ContainsFunc(w.Members, func(m WaveMember) bool { return m.ID == id })
}

// Asked is a case that is to move, as it was read.
type Asked struct {
	ID      CaseID
	Version int
}

// Moved is what became of a case of a wave: it moved, or Problem says what stood against it.
type Moved struct {
	ID      CaseID
	Name    string
	State   State
	Problem *problem.Error
}

// Move does an act on the cases of a wave: on those asked for, as they were read, or on all that are no exceptions, as they
// are now. Each moves in a transaction of its own, so that one that cannot keeps no other back; two who move one case at once
// find that one of them did, and the other's result says what came first.
func (s *Waves) Move(ctx context.Context, id WaveID, e CaseEvent, only []Asked) (moved []Moved, err error) {
	w, err := s.Read(ctx, id)
	if err != nil {
		return nil, err
	}
	wrong := problem.ErrInvalid
	for n, a := range only {
		if !w.has(a.ID) {
			wrong = wrong.At(fmt.Sprintf("/cases/%d/caseId", n), codeNotInWave)
		}
	}
	if err := wrong.Or(); err != nil {
		return nil, err
	}
	for _, m := range w.Members {
		version := m.Version
		if i := slices.IndexFunc(only, func(a Asked) bool { return a.ID == m.ID }); i >= 0 {
			version = only[i].Version
		} else if len(only) > 0 || m.Exception != "" {
			continue
		}
		one := e
		one.Documents = slices.Clone(e.Documents)
		r := Moved{ID: m.ID, Name: m.Name, State: m.State}
		f, err := s.cases.Do(ctx, m.ID, version, one)
		if p, ok := problem.As(err); ok {
			r.Problem = p
		} else if err != nil {
			return moved, fmt.Errorf("wave %s: case %s: %w", id, m.ID, err)
		} else {
			r.State = f.State
		}
		moved = append(moved, r)
	}
	return moved, s.recordMove(ctx, id, e.Act, moved)
}

// recordMove leaves in the trail that the wave moved; the acts on the cases have their own lines.
func (s *Waves) recordMove(ctx context.Context, id WaveID, act CaseAct, moved []Moved) error {
	stayed := 0
	for _, m := range moved {
		if m.Problem != nil {
			stayed++
		}
	}
	return s.db.Tx(ctx, func(tx pgx.Tx) error {
		return audit.Record(ctx, tx, audit.Event{Action: "wave.move", ObjectKind: "wave", ObjectID: id.String(), After: map[string]any{"act": act, "moved": len(moved) - stayed, "stayed": stayed}})
	})
}
