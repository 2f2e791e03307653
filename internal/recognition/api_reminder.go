package recognition

import (
	"context"

	"github.com/oapi-codegen/runtime/types"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

// ReminderAPI serves the operations of the tag reminders.
type ReminderAPI struct{ reminders *Reminders }

// NewReminderAPI returns the operations of the verbs.
func NewReminderAPI(reminders *Reminders) *ReminderAPI { return &ReminderAPI{reminders} }

func (a *ReminderAPI) ruleOut(ctx context.Context, r ReminderRule, mine bool) api.ReminderRule {
	w := api.ReminderRule{Days: orEmpty(r.Days), Channels: []api.ReminderChannel{}, Mail: a.reminders.Mail != nil, Mine: mine, Etag: problem.ETag(r.Version),
		Allowed: append(access.Allowed(ctx, "reminder-rule", "update"), access.Allowed(ctx, "reminder-choice", "choose")...)}
	for _, c := range r.Channels {
		w.Channels = append(w.Channels, api.ReminderChannel(c))
	}
	return w
}

// ReadReminderRule shows how the tenant is reminded.
func (a *ReminderAPI) ReadReminderRule(ctx context.Context, _ api.ReadReminderRuleRequestObject) (api.ReadReminderRuleResponseObject, error) {
	r, mine, err := a.reminders.Rule(ctx)
	if err != nil {
		return nil, err
	}
	body := a.ruleOut(ctx, r, mine)
	return api.ReadReminderRule200JSONResponse{Body: body, Headers: api.ReadReminderRule200ResponseHeaders{ETag: &body.Etag}}, nil
}

// UpdateReminderRule says how the tenant is reminded.
func (a *ReminderAPI) UpdateReminderRule(ctx context.Context, r api.UpdateReminderRuleRequestObject) (api.UpdateReminderRuleResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	rule := ReminderRule{Version: version, Days: r.Body.Days}
	for _, c := range r.Body.Channels {
		rule.Channels = append(rule.Channels, Channel(c))
	}
	after, err := a.reminders.Update(ctx, rule)
	if err != nil {
		return nil, err
	}
	_, mine, err := a.reminders.Rule(ctx)
	body := a.ruleOut(ctx, after, mine)
	return api.UpdateReminderRule200JSONResponse{Body: body, Headers: api.UpdateReminderRule200ResponseHeaders{ETag: &body.Etag}}, err
}

// ChooseReminders says whether whoever asks is told by mail.
func (a *ReminderAPI) ChooseReminders(ctx context.Context, r api.ChooseRemindersRequestObject) (api.ChooseRemindersResponseObject, error) {
	return api.ChooseReminders204Response{}, a.reminders.Choose(ctx, r.Body.Mail)
}

// ListReminders lists what was told.
func (a *ReminderAPI) ListReminders(ctx context.Context, r api.ListRemindersRequestObject) (api.ListRemindersResponseObject, error) {
	found, next, err := a.reminders.List(ctx, r.Params.CaseId, ReminderStatus(or(r.Params.Status)), wire.Limit(r.Params.Limit), or(r.Params.Cursor))
	out := api.ListReminders200JSONResponse{Items: make([]api.Reminder, 0, len(found)), Next: wire.Optional(next)}
	for _, x := range found {
		out.Items = append(out.Items, api.Reminder{Id: x.ID, CaseId: x.CaseID, Name: x.Name, Code: x.Code, EndsOn: types.Date{Time: x.EndsOn}, Days: x.Days, Channel: api.ReminderChannel(x.Channel),
			Person: wire.Optional(x.Person), Status: api.ReminderStatus(x.Status), Tries: x.Tries, Answer: wire.Optional(x.Answer), At: x.At})
	}
	return out, err
}
