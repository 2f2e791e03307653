package marks

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/lifecycle"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// AlertKind is what should not be so.
type AlertKind string

// The kinds of alerts. Of a scan the country is known and no more, so that what is far apart is told by countries.
const (
	AlertFarApart  AlertKind = "far-apart"  // one mark in several countries within a short time: it was copied
	AlertBurst     AlertKind = "burst"      // one mark asked for very often within an hour
	AlertNotIssued AlertKind = "not-issued" // marks on goods that nobody was given
	AlertVoid      AlertKind = "void"       // marks on goods that were taken out of use, lost or destroyed
	AlertStopped   AlertKind = "stopped"    // marks of a holder who may use the mark no more
	AlertNoLot     AlertKind = "no-lot"     // marks on goods whose holder recorded no use of them

	AlertMassBalance AlertKind = "mass-balance" // marks on more goods than were produced, or more produced than grows: of a holder, not of a batch
)

// AlertKinds lists them.
var AlertKinds = []AlertKind{AlertFarApart, AlertBurst, AlertNotIssued, AlertVoid, AlertStopped, AlertNoLot, AlertMassBalance}

// The limits of alerts. They are ours, chosen so that a traveller and a class with telephones raise none.
const (
	farWithin     = 2 * time.Hour // between scans in two countries: shorter than goods travel
	farCountries  = 3             // countries within the window, however long between them
	burstScans    = 50            // of one mark within an hour
	useRecordedIn = 24 * time.Hour
	watchWindow   = 48 * time.Hour      // of scans that are looked at
	quietFor      = 30 * 24 * time.Hour // nothing is raised again of what an officer called a false alarm so long ago
)

// AlertStatus is what an officer made of an alert.
type AlertStatus string

// The statuses.
const (
	AlertOpen      AlertStatus = "open"
	AlertConfirmed AlertStatus = "confirmed"
	AlertDismissed AlertStatus = "dismissed" // a false alarm
)

// AlertAct is something done to an alert.
type AlertAct string

// The acts.
const (
	AlertConfirm AlertAct = "confirm"
	AlertDismiss AlertAct = "dismiss"
	AlertReopen  AlertAct = "reopen"
)

var alertMoves = lifecycle.Table[AlertStatus, AlertAct]{
	{From: AlertOpen, Act: AlertConfirm, To: AlertConfirmed},
	{From: AlertOpen, Act: AlertDismiss, To: AlertDismissed},
	{From: AlertConfirmed, Act: AlertReopen, To: AlertOpen},
	{From: AlertDismissed, Act: AlertReopen, To: AlertOpen},
}

// Alert is what scans, or a mass balance, say that should not be so, on a day.
type Alert struct {
	ID              uuid.UUID
	Version         int
	Kind            AlertKind
	BatchID         *uuid.UUID // nil: of a mass balance
	Number          *int64     // of the one mark; nil: of several
	AuthorisationID *uuid.UUID // of the holder whose marks they are
	Day             time.Time
	Evidence        Evidence
	Status          AlertStatus
	Reason          string
	DecidedName     string
	DecidedAt       *time.Time
	RaisedAt        time.Time
}

// Evidence is what was counted and against what, so that an alert can be calculated again.
type Evidence struct {
	Scans     int       `json:"scans"`
	Codes     int       `json:"codes"` // different ones
	Countries []string  `json:"countries"`
	FirstAt   time.Time `json:"firstAt"`
	LastAt    time.Time `json:"lastAt"`
	Numbers   []int64   `json:"numbers"`           // the first of them
	Minutes   *int      `json:"minutes,omitempty"` // between two scans in different countries, at least
	Limit     int       `json:"limit"`             // that was passed: minutes, countries or scans

	Balance *MassBalance `json:"balance,omitempty"` // the whole calculation
}

var codeAlertReason = problem.Field("mark-alert.reason")

// decide moves an alert by an officer's word.
func (a *Alert) decide(act AlertAct, reason string) error {
	to, err := alertMoves.Next(a.Status, act)
	if err != nil {
		return err
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return problem.ErrInvalid.At("/reason", codeAlertReason)
	}
	a.Status, a.Reason = to, reason
	return nil
}
