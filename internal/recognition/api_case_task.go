package recognition

import (
	"context"
	"strings"

	"github.com/oapi-codegen/runtime/types"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

// TaskAPI serves what is to be done, and the calendars that one can subscribe to.
type TaskAPI struct {
	tasks *Tasks
	feeds *Feeds
}

// NewTaskAPI returns the operations of the verbs.
func NewTaskAPI(tasks *Tasks, feeds *Feeds) *TaskAPI { return &TaskAPI{tasks, feeds} }

// ListCaseTasks lists what the tenant has to do.
func (a *TaskAPI) ListCaseTasks(ctx context.Context, r api.ListCaseTasksRequestObject) (api.ListCaseTasksResponseObject, error) {
	all, today, err := a.tasks.List(ctx, r.Params.CaseId)
	out := api.ListCaseTasks200JSONResponse{Items: make([]api.CaseTask, 0, len(all)), Today: types.Date{Time: today}}
	for _, t := range all {
		out.Items = append(out.Items, wireTask(ctx, t))
	}
	return out, err
}

// AddCaseTask writes down a task of the own side.
func (a *TaskAPI) AddCaseTask(ctx context.Context, r api.AddCaseTaskRequestObject) (api.AddCaseTaskResponseObject, error) {
	t, err := a.tasks.Add(ctx, r.Id, r.Body.Text, wire.TimeOf(r.Body.DueOn))
	return api.AddCaseTask201JSONResponse(wireTask(ctx, t)), err
}

// FinishCaseTask ticks it off.
func (a *TaskAPI) FinishCaseTask(ctx context.Context, r api.FinishCaseTaskRequestObject) (api.FinishCaseTaskResponseObject, error) {
	return api.FinishCaseTask204Response{}, a.tasks.Finish(ctx, r.Id, r.CaseTaskId)
}

// ListCalendarFeeds lists the own addresses.
func (a *TaskAPI) ListCalendarFeeds(ctx context.Context, _ api.ListCalendarFeedsRequestObject) (api.ListCalendarFeedsResponseObject, error) {
	all, err := a.feeds.List(ctx)
	out := api.ListCalendarFeeds200JSONResponse{Items: make([]api.CalendarFeed, 0, len(all))}
	for _, f := range all {
		out.Items = append(out.Items, api.CalendarFeed{Id: f.ID, CreatedAt: f.CreatedAt})
	}
	return out, err
}

// CreateCalendarFeed makes an address.
func (a *TaskAPI) CreateCalendarFeed(ctx context.Context, _ api.CreateCalendarFeedRequestObject) (api.CreateCalendarFeedResponseObject, error) {
	f, err := a.feeds.Create(ctx)
	path := "/api/v1/deadlines/calendar?token=" + f.Token
	return api.CreateCalendarFeed201JSONResponse{Id: f.ID, CreatedAt: f.CreatedAt, Path: &path}, err
}

// RevokeCalendarFeed ends one.
func (a *TaskAPI) RevokeCalendarFeed(ctx context.Context, r api.RevokeCalendarFeedRequestObject) (api.RevokeCalendarFeedResponseObject, error) {
	return api.RevokeCalendarFeed204Response{}, a.feeds.Revoke(ctx, r.Id)
}

// ReadDeadlineCalendar is the calendar at an address.
func (a *TaskAPI) ReadDeadlineCalendar(ctx context.Context, r api.ReadDeadlineCalendarRequestObject) (api.ReadDeadlineCalendarResponseObject, error) {
	text, err := a.feeds.Read(ctx, r.Params.Token)
	return api.ReadDeadlineCalendar200TextcalendarResponse{Body: strings.NewReader(text), ContentLength: int64(len(text))}, err
}

func wireTask(ctx context.Context, t Task) api.CaseTask {
	w := api.CaseTask{Kind: api.CaseTaskKind(t.Kind), Id: t.ID, ObjectId: t.Object, Name: t.Name, Market: string(t.Market), Period: wire.Optional(t.Period), DueOn: date(t.DueOn), Text: wire.Optional(t.Text),
		By: wire.Optional(t.By), Allowed: []string{}}
	if t.Side != "" {
		w.Side = new(api.CaseSide(t.Side))
	}
	if t.Act != "" {
		w.Act = new(api.CaseAct(t.Act))
	}
	if t.Kind == TaskOwn {
		w.Allowed = access.Allowed(ctx, "case-task", "finish")
	}
	return w
}
