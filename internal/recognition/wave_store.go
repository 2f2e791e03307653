package recognition

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// waveByID reads a wave with its cases, in the order of the list, or returns ErrWaveNotFound.
func waveByID(ctx context.Context, tx pgx.Tx, id WaveID) (w Wave, err error) {
	err = tx.QueryRow(ctx, `select id, version, title, opened_at from app.waves where id = $1`, id).Scan(&w.ID, &w.Version, &w.Title, &w.OpenedAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return w, ErrWaveNotFound
	}
	if err != nil {
		return w, postgres.Wrap(err, "wave %s", id)
	}
	rows, _ := tx.Query(ctx, `
		select c.id, c.version, c.state, c.since, c.name, c.language, c.forms, c.origin_office, c.market, c.instrument_id, c.list, m.exception,
			(select count(*) from app.oppositions o where o.case_id = c.id and o.state in ('filed', 'admitted'))
		from app.wave_cases m join app.recognition_cases c on c.id = m.case_id
		where m.wave_id = $1 order by m.position limit $2`, id, MostInWave)
	w.Members, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (m WaveMember, err error) {
		err = row.Scan(&m.ID, &m.Version, &m.State, &m.Since, &m.Name, &m.Language, &m.Forms, &m.OriginOffice, &m.Market, &m.InstrumentID, &m.List, &m.Exception, &m.OpenOppositions)
		return m, err
	})
	for _, s := range States() {
		n := 0
		for _, m := range w.Members {
			if m.State == s {
				n++
			}
		}
		if n > 0 {
			w.States = append(w.States, CaseCount{s, n})
		}
	}
	return w, postgres.Wrap(err, "cases of wave %s", id)
}

// lockWave reads a wave that is to be changed. It returns problem.ErrStale when that is not the version that it is in.
func lockWave(ctx context.Context, tx pgx.Tx, id WaveID, version int) (Wave, error) {
	var now int
	err := tx.QueryRow(ctx, `select version from app.waves where id = $1 for update`, id).Scan(&now)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return Wave{}, ErrWaveNotFound
	case err != nil:
		return Wave{}, postgres.Wrap(err, "wave %s", id)
	case now != version:
		return Wave{}, problem.ErrStale
	}
	return waveByID(ctx, tx, id)
}

func listWaves(ctx context.Context, tx pgx.Tx, words string, limit int, cursor string) ([]Wave, string, error) {
	cur := idCursor{uuid.Max}
	if err := postgres.DecodeCursor(cursor, &cur); err != nil {
		return nil, "", err
	}
	rows, _ := tx.Query(ctx, `select id, version, title, opened_at from app.waves where id < $1 and ($2 = '' or strpos(lower(title), lower($2)) > 0) order by id desc limit $3`, cur.ID, words, limit+1)
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (w Wave, err error) {
		err = row.Scan(&w.ID, &w.Version, &w.Title, &w.OpenedAt)
		return w, err
	})
	if err != nil {
		return nil, "", postgres.Wrap(err, "list waves")
	}
	next := ""
	if len(found) > limit {
		found = found[:limit]
		next = postgres.EncodeCursor(idCursor{found[limit-1].ID})
	}
	return found, next, countStates(ctx, tx, found)
}

// countStates says of each wave how many of its cases are in which state.
func countStates(ctx context.Context, tx pgx.Tx, waves []Wave) error {
	at, ids := map[WaveID]int{}, []WaveID{}
	for i, w := range waves {
		at[w.ID], ids = i, append(ids, w.ID)
	}
	rows, _ := tx.Query(ctx, `
		select m.wave_id, c.state, count(*) from app.wave_cases m join app.recognition_cases c on c.id = m.case_id where m.wave_id = any ($1) group by 1, 2 order by 1, 2`, ids)
	var id WaveID
	var n CaseCount
	_, err := pgx.ForEachRow(rows, []any{&id, &n.State, &n.Count}, func() error {
		waves[at[id]].States = append(waves[at[id]].States, n)
		return nil
	})
	return postgres.Wrap(err, "states of waves")
}

// CaseTime is how long cases stayed in a state that they left, in days.
type CaseTime struct {
	State                  State
	Count, Median, Longest int
}

// CasePartner is what came of the cases on one way, from an office to a market.
type CasePartner struct {
	OriginOffice                        string
	Market                              Market
	Pending, Protected, Refused, Closed int
}

// CaseStatistics are figures over all cases that the tenant is a side of.
type CaseStatistics struct {
	States   []CaseCount
	Times    []CaseTime
	Partners []CasePartner
}

// Statistics counts the tenant's cases. What was annulled is no stay in a state.
func (s *Cases) Statistics(ctx context.Context) (st CaseStatistics, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select state, count(*) from app.recognition_cases group by 1 order by 1`)
		if st.States, err = pgx.CollectRows(rows, pgx.RowToStructByPos[CaseCount]); err != nil {
			return postgres.Wrap(err, "states of cases")
		}
		rows, _ = tx.Query(ctx, `
			with stays as (
				select e.to_state as state, lead(e.happened_on) over (partition by e.case_id order by e.seq) - e.happened_on as days
				from app.case_events e
				where e.from_state <> e.to_state and e.act <> 'annul'
					and not exists (select from app.case_events a where a.tenant_id = e.tenant_id and a.case_id = e.case_id and a.act = 'annul' and a.about = e.seq))
			select state, count(*)::integer, percentile_disc(0.5) within group (order by days), max(days) from stays where days >= 0 group by 1 order by 1`)
		if st.Times, err = pgx.CollectRows(rows, pgx.RowToStructByPos[CaseTime]); err != nil {
			return postgres.Wrap(err, "times of cases")
		}
		rows, _ = tx.Query(ctx, `
			select origin_office, market,
				(count(*) filter (where state not in ('protected', 'protected-limited', 'refused', 'withdrawn', 'abandoned', 'renounced', 'invalidated', 'cancelled', 'expired')))::integer,
				(count(*) filter (where state in ('protected', 'protected-limited')))::integer, (count(*) filter (where state = 'refused'))::integer,
				(count(*) filter (where state in ('withdrawn', 'abandoned', 'renounced', 'invalidated', 'cancelled', 'expired')))::integer
			from app.recognition_cases group by 1, 2 order by count(*) desc, 1, 2 limit 200`)
		st.Partners, err = pgx.CollectRows(rows, pgx.RowToStructByPos[CasePartner])
		return postgres.Wrap(err, "partners of cases")
	})
	return st, err
}
