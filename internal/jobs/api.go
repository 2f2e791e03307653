package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/locale"
)

// heartbeat keeps proxies from closing a stream on which nothing happens.
const heartbeat = 15 * time.Second

// API serves the operations of the tag tasks.
type API struct {
	jobs  *Jobs
	texts *locale.Bundle
	can   func(ctx context.Context, permission string) bool
}

// NewAPI returns the operations over j. The function can says whether the caller of ctx has a permission; rules about
// permissions live on a higher floor.
func NewAPI(j *Jobs, texts *locale.Bundle, can func(ctx context.Context, permission string) bool) *API {
	return &API{j, texts, can}
}

// ListTasks lists the tenant's tasks.
func (a *API) ListTasks(ctx context.Context, r api.ListTasksRequestObject) (api.ListTasksResponseObject, error) {
	f := Filter{ObjectID: r.Params.ObjectId}
	if r.Params.Status != nil {
		f.Status = Status(*r.Params.Status)
	}
	limit, cursor := 50, ""
	if r.Params.Limit != nil {
		limit = *r.Params.Limit
	}
	if r.Params.Cursor != nil {
		cursor = *r.Params.Cursor
	}
	tasks, next, err := a.jobs.List(ctx, f, limit, cursor)
	if err != nil {
		return nil, err
	}
	list := api.TaskList{Items: make([]api.Task, len(tasks))}
	for i, t := range tasks {
		list.Items[i] = a.wire(ctx, t)
	}
	if next != "" {
		list.Next = &next
	}
	return api.ListTasks200JSONResponse(list), nil
}

// ReadTask shows one task.
func (a *API) ReadTask(ctx context.Context, r api.ReadTaskRequestObject) (api.ReadTaskResponseObject, error) {
	t, err := a.jobs.Task(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	return api.ReadTask200JSONResponse(a.wire(ctx, t)), nil
}

// CancelTask stops a task.
func (a *API) CancelTask(ctx context.Context, r api.CancelTaskRequestObject) (api.CancelTaskResponseObject, error) {
	t, err := a.jobs.Cancel(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	return api.CancelTask200JSONResponse(a.wire(ctx, t)), nil
}

// StreamTask sends a task's progress as it happens. A missing task is a problem as elsewhere, since the task is read
// before the stream begins.
func (a *API) StreamTask(ctx context.Context, r api.StreamTaskRequestObject) (api.StreamTaskResponseObject, error) {
	if _, err := a.jobs.Task(ctx, r.Id); err != nil {
		return nil, err
	}
	reader, writer := io.Pipe()
	go func() { writer.CloseWithError(a.stream(ctx, r.Id, writer)) }()
	return api.StreamTask200TexteventStreamResponse{Body: reader}, nil
}

// stream ends with the task, with the request, or when the reader is closed.
func (a *API) stream(ctx context.Context, id TaskID, w io.Writer) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	events := make(chan Task)
	done := make(chan error, 1)
	go func() {
		done <- a.jobs.Follow(ctx, id, func(t Task) error {
			select {
			case events <- t:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}()
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		var err error
		select {
		case err := <-done:
			return err
		case t := <-events:
			var data []byte
			if data, err = json.Marshal(a.wire(ctx, t)); err == nil {
				_, err = fmt.Fprintf(w, "id: %d\nevent: task\ndata: %s\n\n", t.UpdatedAt.UnixMicro(), data)
			}
		case <-beat.C:
			_, err = io.WriteString(w, ": still there\n\n")
		}
		if err != nil {
			stop()
			return errors.Join(err, <-done)
		}
	}
}

func (a *API) wire(ctx context.Context, t Task) api.Task {
	w := api.Task{
		Id: t.ID, Kind: t.Kind, ObjectId: t.ObjectID, Status: api.TaskStatus(t.Status), Done: t.Done, Total: t.Total, Step: t.Step,
		CreatedBy: t.CreatedBy, CreatedAt: t.CreatedAt, UpdatedAt: t.UpdatedAt, FinishedAt: t.FinishedAt, Allowed: []string{},
	}
	if t.ActorName != "" {
		w.CreatedByName = &t.ActorName
	}
	asked := t.CancelAskedAt != nil
	w.CancelAsked = &asked
	if !t.Status.Final() && !asked && a.can(ctx, "task:cancel") {
		w.Allowed = append(w.Allowed, "cancel")
	}
	if t.Problem != nil {
		w.Problem = a.wireProblem(ctx, *t.Problem)
	}
	return w
}

// wireProblem says in the reader's language why a task failed; the language of whoever started it may be another.
func (a *API) wireProblem(ctx context.Context, f Failure) *api.TaskProblem {
	tag := locale.From(ctx)
	w := &api.TaskProblem{Code: f.Code, Title: a.texts.T(tag, "problem."+f.Code+".title", f.Values)}
	w.Message = w.Title
	if id := "problem." + f.Code + ".detail"; a.texts.Has(locale.English, id) {
		w.Message += " " + a.texts.T(tag, id, f.Values)
	}
	if f.Reference != "" {
		w.Reference = &f.Reference
	}
	if len(f.Details) > 0 {
		details := make([]api.ProblemDetail, len(f.Details))
		for i, d := range f.Details {
			details[i] = api.ProblemDetail{Pointer: d.Pointer, Code: d.Code, Message: a.texts.T(tag, "problem."+d.Code+".title", d.Values)}
		}
		w.Details = &details
	}
	return w
}
