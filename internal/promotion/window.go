package promotion

import (
	"time"
)

// localForm is a wall clock's time to the second, without a zone.
const localForm = "2006-01-02T15:04:05"

// instants are the instants that a clock in a zone shows a time at: one; two in the hour that is repeated when clocks are set back; none in
// the hour that is left out when they are set forward.
func instants(local string, zone *time.Location) (found []time.Time, ok bool) {
	wall, err := time.Parse(localForm, local)
	if err != nil {
		return nil, false
	}
	// The zone's offsets around that day are those of a day before and a day after it.
	for _, near := range []time.Time{wall.AddDate(0, 0, -1), wall.AddDate(0, 0, 1)} {
		_, offset := near.In(zone).Zone()
		at := wall.Add(-time.Duration(offset) * time.Second).In(zone)
		if at.Format(localForm) == local && (len(found) == 0 || !found[0].Equal(at)) {
			found = append(found, at)
		}
	}
	return found, true
}

// Window is from when to when a call takes applications, as clocks in its zone show it.
type Window struct {
	Opens  string `json:"opens"`
	Closes string `json:"closes"`
	Zone   string `json:"zone"`
}

// bounds are the first and the last second that count. A time that clocks show twice is the earlier one for the opening and the later one
// for the closing: whoever reads the clock in favour of the applicant is right.
func (w Window) bounds() (opens, closes time.Time, wrong []string) {
	zone, err := time.LoadLocation(w.Zone)
	if err != nil || w.Zone == "" || w.Zone == "Local" {
		return opens, closes, []string{"zone"}
	}
	first, _ := instants(w.Opens, zone)
	last, _ := instants(w.Closes, zone)
	if len(first) == 0 {
		wrong = append(wrong, "opens")
	}
	if len(last) == 0 {
		wrong = append(wrong, "closes")
	}
	if len(wrong) > 0 {
		return opens, closes, wrong
	}
	opens, closes = first[0], last[0]
	if len(first) == 2 && first[1].Before(opens) {
		opens = first[1]
	}
	if len(last) == 2 && last[1].After(closes) {
		closes = last[1]
	}
	if !closes.After(opens) {
		wrong = []string{"closes"}
	}
	return opens, closes, wrong
}

// over tells whether the last second that counts is over at an instant.
func over(closes, at time.Time) bool { return !at.Before(closes.Add(time.Second)) }
