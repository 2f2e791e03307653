package recognition_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/apitest"
	"github.com/helianthus-gi/helianthus/internal/mail/mailtest"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// office is a tenant with a case whose period ends in ten days, and what reminds it.
type office struct {
	house     *apitest.House
	ctx       context.Context
	box       *mailtest.Box
	reminders *recognition.Reminders
	officer   *apitest.Caller
	now       time.Time
}

func newOffice(t *testing.T) *office {
	t.Helper()
	h := apitest.Open(t)
	o := &office{house: h, ctx: h.Tenant(t, tenancy.Jurisdiction), box: mailtest.Open(t)}
	o.officer = h.Person(t, o.ctx)
	day := time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, -20)
	o.now = day.AddDate(0, 0, 20).Add(12 * time.Hour)
	i, err := h.Law.CreateInstrument(o.ctx, recognition.Instrument{Code: "R-1", Kind: "pilot", Titles: map[string]string{"en": "Pilot"}, Parties: []string{"XT"}, Lists: []recognition.List{}, Scope: []recognition.Class{}, Sources: []recognition.Source{{Title: "Letters"}}})
	if err != nil {
		t.Fatal(err)
	}
	p := recognition.Procedure{Steps: []recognition.Step{{Act: recognition.ActReceive}, {Act: recognition.ActAccept}, {Act: recognition.ActEnter}, {Act: recognition.ActGrant}},
		Periods: []recognition.Period{{Code: "examination", Titles: map[string]string{"en": "Examination", "zh-Hans": "审查期"}, Starts: []recognition.CaseAct{recognition.ActReceive}, From: recognition.FromEvent, Length: recognition.Length{Count: 30, Unit: "day"},
			Calendar: "CN", Side: recognition.Destination, Ends: []recognition.CaseAct{recognition.ActAccept}}}, Grounds: []recognition.Ground{}}
	if _, _, err := h.Law.UpdateProcedure(o.ctx, i.ID, i.Version, p); err != nil {
		t.Fatal(err)
	}
	f, err := h.Cases.Open(o.ctx, recognition.Opening{Side: recognition.Destination, On: day, Case: recognition.Case{OriginOffice: "XT", Market: "XT", Name: "五原向日葵", Language: "zh-Hans", InstrumentID: i.ID}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Cases.Do(o.ctx, f.ID, f.Version, recognition.CaseEvent{Act: recognition.ActReceive, Side: recognition.Destination, On: day, ReceivedOn: &day, Reference: "R 1"}); err != nil {
		t.Fatal(err)
	}
	o.reminders = &recognition.Reminders{RemindersConfig: recognition.RemindersConfig{DB: h.DB, Access: h.Access, Jobs: h.Jobs, Bundle: h.Bundle, Base: "https://house.example", Now: func() time.Time { return o.now },
		Mail: o.box.Server()}}
	return o
}

// round does a sweep and what it starts, with the postbox of the test.
func (o *office) round(t *testing.T) {
	t.Helper()
	if err := o.reminders.Remind(o.ctx); err != nil {
		t.Fatal(err)
	}
	for _, person := range o.people(t) {
		if err := o.reminders.Deliver(o.ctx, person); err != nil {
			t.Log(err) // what became of it stands with the reminder
		}
	}
}

func (o *office) people(t *testing.T) (all []uuid.UUID) {
	t.Helper()
	err := o.house.DB.Read(o.ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(o.ctx, `select distinct person_id from app.reminders where status = 'queued' and person_id is not null`)
		var err error
		all, err = pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func (o *office) told(t *testing.T) (all []string) {
	t.Helper()
	found, _, err := o.reminders.List(o.ctx, nil, "", 50, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range found {
		all = append(all, fmt.Sprintf("%s %d %s", r.Channel, r.Days, r.Status))
	}
	return all
}

// A person is told once at each step of the rule, in the language of the settings, and once when it is over; never twice on a day.
func TestPeopleAreRemindedOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	if r := o.officer.JSON(t, "PUT", "/api/v1/session/locale", map[string]string{"locale": "zh-Hans"}); r.Code != http.StatusOK {
		t.Fatalf("%d %s", r.Code, r.Body)
	}
	o.round(t)
	o.round(t)
	got := o.box.Taken()
	if len(got) != 1 {
		t.Fatalf("%d mails: %+v", len(got), got)
	}
	if m := got[0]; m.Language != "zh-Hans" || !strings.Contains(m.Text, "五原向日葵") || !strings.Contains(m.Text, "审查期") || !strings.Contains(m.Text, "https://house.example/app/cases/") || !strings.Contains(m.Subject, "1") {
		t.Errorf("%+v", m)
	}
	for _, step := range []struct {
		days  int // later
		mails int // in all
	}{{1, 1}, {3, 2}, {0, 2}, {3, 2}, {2, 3}, {2, 4}, {1, 4}, {30, 4}} { // 7 days before, a day before, over
		o.now = o.now.AddDate(0, 0, step.days)
		o.round(t)
		if got := o.box.Taken(); len(got) != step.mails {
			t.Fatalf("%d days later: %d mails, want %d: %v", step.days, len(got), step.mails, o.told(t))
		}
	}
	// The database refuses a second one of a day, whoever writes it.
	err := o.house.DB.Tx(o.ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(o.ctx, `insert into app.reminders (case_id, code, start_seq, ends_on, days, told_on, channel, person_id)
			select case_id, code, start_seq, ends_on, 99, told_on, channel, person_id from app.reminders limit 1`)
		return err
	})
	if err == nil || !strings.Contains(err.Error(), "reminders_day_key") {
		t.Errorf("a second one of a day: %v", err)
	}
}

// Who does not want mail gets none; a rule without mail, or a house without a server, sends none.
func TestWhoIsNotReminded(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	if r := o.officer.JSON(t, "PUT", "/api/v1/session/reminders", map[string]bool{"mail": false}); r.Code != http.StatusNoContent {
		t.Fatalf("%d %s", r.Code, r.Body)
	}
	var rule struct {
		Mail, Mine bool
		Days       []int
		Etag       string
	}
	o.officer.Need(t, &rule, "GET", "/api/v1/reminder-rule", nil)
	if rule.Mail || rule.Mine || len(rule.Days) != 3 {
		t.Errorf("the house of the tests sends no mail, and the officer wants none: %+v", rule)
	}
	o.round(t)
	if got := o.told(t); len(got) != 0 {
		t.Errorf("told %v", got)
	}
	if r := o.officer.JSON(t, "PUT", "/api/v1/session/reminders", map[string]bool{"mail": true}); r.Code != http.StatusNoContent {
		t.Fatalf("%d %s", r.Code, r.Body)
	}
	put := func(etag string, body any) int {
		return o.officer.JSON(t, "PUT", "/api/v1/reminder-rule", body, "If-Match", etag).Code
	}
	if code := put(rule.Etag, map[string]any{"days": []int{5, 5}, "channels": []string{"e-mail"}}); code != http.StatusBadRequest {
		t.Errorf("a day twice: %d", code)
	}
	if code := put(rule.Etag, map[string]any{"days": []int{15}, "channels": []string{"webhook"}}); code != http.StatusOK {
		t.Errorf("a rule: %d", code)
	}
	if code := put(rule.Etag, map[string]any{"days": []int{15}, "channels": []string{"webhook"}}); code != http.StatusPreconditionFailed {
		t.Errorf("the version before: %d", code)
	}
	o.round(t)
	if got := strings.Join(o.told(t), ";"); got != "webhook 15 sent" || len(o.box.Taken()) != 0 {
		t.Errorf("told %s", got)
	}
	var trail struct{ Items []struct{ Action string } }
	o.officer.Need(t, &trail, "GET", "/api/v1/audit-events?action=deadline.end-soon", nil)
	if len(trail.Items) != 1 {
		t.Errorf("endpoints are told what the trail says: %+v", trail)
	}
	o.reminders.Mail = nil
	if code := put(`"v1"`, map[string]any{"days": []int{15}, "channels": []string{"e-mail"}}); code != http.StatusOK {
		t.Errorf("back to mail: %d", code)
	}
	o.now = o.now.AddDate(0, 0, 1)
	o.round(t)
	if got := o.told(t); len(got) != 1 {
		t.Errorf("without a server: %v", got)
	}
}

// What a server does not take for good is shown; what it may take later is tried again, and given up after two days.
func TestMailThatIsNotTaken(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.box.Refuses(&smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "later"})
	o.round(t)
	if got := strings.Join(o.told(t), ";"); got != "e-mail 30 queued" {
		t.Errorf("later: %s", got)
	}
	o.box.Refuses(nil)
	o.round(t)
	if got := strings.Join(o.told(t), ";"); got != "e-mail 30 sent" || len(o.box.Taken()) != 1 {
		t.Errorf("taken: %s", got)
	}
	o.box.Refuses(&smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"})
	o.now = o.now.AddDate(0, 0, 4)
	o.round(t)
	found, _, err := o.reminders.List(o.ctx, nil, recognition.ReminderRefused, 50, "")
	if err != nil || len(found) != 1 || !strings.Contains(found[0].Answer, "no such user") {
		t.Errorf("refused: %+v, %v", found, err)
	}
	o.box.Refuses(&smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "later"})
	o.now = o.now.AddDate(0, 0, 5)
	o.round(t)
	o.now = o.now.AddDate(0, 0, 3)
	o.round(t)
	if got := o.told(t); !strings.Contains(strings.Join(got, ";"), "e-mail 1 failed") {
		t.Errorf("given up: %v", got)
	}
}
