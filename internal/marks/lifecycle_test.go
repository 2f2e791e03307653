package marks_test

import (
	"slices"
	"testing"
	"time"

	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

func on(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

// details are the fields that a check finds wrong.
func details(err error) (pointers []string) {
	if p, ok := problem.As(err); ok {
		for _, d := range p.Details {
			pointers = append(pointers, d.Pointer)
		}
	}
	slices.Sort(pointers)
	return pointers
}

func TestWhatAnActNeeds(t *testing.T) {
	t.Parallel()
	day, later, earlier := on("2026-03-01"), on("2026-04-01"), on("2026-02-01")
	for _, c := range []struct {
		name  string
		event marks.Event
		want  []string
	}{
		{"a check on site needs nothing", marks.Event{Act: marks.Verify}, nil},
		{"who enters it names the notice", marks.Event{Act: marks.Enter}, []string{"/reference"}},
		{"a refusal needs a reason and can be appealed", marks.Event{Act: marks.Refuse}, []string{"/appealUntil", "/reason"}},
		{"a reason of blanks is none", marks.Event{Act: marks.Refuse, Reason: " \t", AppealUntil: &later}, []string{"/reason"}},
		{"an appeal cannot end before the refusal", marks.Event{Act: marks.Refuse, Reason: "r", AppealUntil: &earlier}, []string{"/appealUntil"}},
		{"a rectification has a last day", marks.Event{Act: marks.Order, Reason: "r"}, []string{"/dueOn"}},
		{"an end at the holder's wish needs no appeal", marks.Event{Act: marks.End, Reason: "r", Ground: "own-request"}, nil},
		{"an ordered end can be appealed", marks.Event{Act: marks.End, Reason: "r", Ground: "exit-ordered"}, []string{"/appealUntil"}},
		{"an end has a ground", marks.Event{Act: marks.End, Reason: "r"}, []string{"/ground"}},
		{"nothing else has one", marks.Event{Act: marks.Flag, Reason: "r", Ground: "unused"}, []string{"/ground"}},
		{"nothing happens tomorrow", marks.Event{Act: marks.Verify, HappenedOn: on("2026-03-03")}, []string{"/happenedOn"}},
	} {
		if c.event.HappenedOn.IsZero() {
			c.event.HappenedOn = day
		}
		if got := details(c.event.Check(on("2026-03-02"))); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestWhatAMoveNeeds(t *testing.T) {
	t.Parallel()
	one := marks.Numbers{First: 0, Count: 1}
	for _, c := range []struct {
		name string
		d    marks.Doing
		want []string
	}{
		{"print with its proof", marks.Doing{Act: marks.MovePrint, Numbers: one, Facts: marks.Facts{Reference: "P-1"}}, nil},
		{"print without", marks.Doing{Act: marks.MovePrint, Numbers: one}, []string{"/reference"}},
		{"issue to nobody", marks.Doing{Act: marks.MoveIssue, Numbers: one}, []string{"/authorisationId"}},
		{"use on no lot", marks.Doing{Act: marks.MoveUse, Numbers: one}, []string{"/lot"}},
		{"a lot of what is lost", marks.Doing{Act: marks.MoveLose, Numbers: one, Facts: marks.Facts{Reason: "r", Lot: "L"}}, []string{"/lot"}},
		{"destroy before one witness", marks.Doing{Act: marks.MoveDestroy, Numbers: one, Facts: marks.Facts{Reason: "r", Witnesses: []string{"A"}}}, []string{"/witnesses"}},
		{"no numbers", marks.Doing{Act: marks.MoveVoid, Facts: marks.Facts{Reason: "r"}}, []string{"/count"}},
		{"a correction of nothing", marks.Doing{Act: marks.MoveCorrect, Numbers: one}, []string{"/moveId", "/reason"}},
	} {
		if got := details(c.d.Check(on("2026-03-02"))); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}
