package recognition

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/registry"
)

// Group is a column of the board: states that belong together.
type Group string

// Column is a group of states with the cases that are in one of them.
type Column struct {
	Group  Group
	States []CaseCount
	Newest []Case // boardDepth of them at most
}

// Count is how many cases are in the column.
func (c Column) Count() (n int) {
	for _, s := range c.States {
		n += s.Count
	}
	return n
}

// groups are the columns of the board, in the order in which a case passes them. Every state is in one.
var groups = []struct {
	group  Group
	states []State
}{
	{"preparing", []State{"draft", "endorsement"}},
	{"filed", []State{"proposed", "formality", "deficient"}},
	{"examined", []State{"examination"}},
	{"published", []State{"published", "opposed", "consultation"}},
	{"deciding", []State{"decision-pending", "appeal"}},
	{"halted", []State{"suspended"}},
	{"protected", []State{"protected", "protected-limited"}},
	{"ended", []State{"refused", "withdrawn", "abandoned", "renounced", "invalidated", "cancelled", "expired"}},
}

// Groups are the states of each column of the board.
func Groups() map[Group][]State {
	all := map[Group][]State{}
	for _, g := range groups {
		all[g.group] = slices.Clone(g.states)
	}
	return all
}

// boardDepth is how many cases a column shows: who looks for more reads the list of a state.
const boardDepth = 10

// Board puts the cases that a filter chooses into columns, with the reader's tenant. It counts all of them, whatever is shown.
func (s *Cases) Board(ctx context.Context, f CaseFilter, overdue bool) (columns []Column, me Party, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		var today time.Time
		if me, today, err = ownTenant(ctx, tx, s.now()); err != nil {
			return err
		}
		if overdue {
			f.OverdueOn = &today
		}
		columns, err = board(ctx, tx, f)
		return err
	})
	return columns, me, err
}

func board(ctx context.Context, tx pgx.Tx, f CaseFilter) ([]Column, error) {
	args := []any{registry.NameKey(f.Words), f.State, f.Market, f.InstrumentID, f.Side, f.OverdueOn}
	found, _ := tx.Query(ctx, `select c.state, count(*) from app.recognition_cases c where `+caseChosen+` group by c.state`, args...)
	counts, err := pgx.CollectRows(found, pgx.RowToStructByPos[CaseCount])
	if err != nil {
		return nil, postgres.Wrap(err, "states of cases")
	}
	var states []State
	var column []int
	columns := make([]Column, len(groups))
	for n, g := range groups {
		columns[n] = Column{Group: g.group, Newest: []Case{}}
		for _, state := range g.states {
			states, column = append(states, state), append(column, n)
			i := slices.IndexFunc(counts, func(c CaseCount) bool { return c.State == state })
			if i >= 0 {
				columns[n].States = append(columns[n].States, counts[i])
			}
		}
	}
	found, _ = tx.Query(ctx, `
		with placed as (
			select c.id, row_number() over (partition by g.n order by c.id desc) as place
			from app.recognition_cases c join unnest($7::text[], $8::integer[]) as g (state, n) on g.state = c.state where `+caseChosen+`)
		select `+caseColumns+caseRows+` join placed on placed.id = c.id where placed.place <= $9 order by c.id desc`, append(args, states, column, boardDepth)...)
	newest, err := pgx.CollectRows(found, scanCase)
	for _, c := range newest {
		n := column[slices.Index(states, c.State)]
		columns[n].Newest = append(columns[n].Newest, c)
	}
	return columns, postgres.Wrap(err, "board of cases")
}
