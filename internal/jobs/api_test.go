package jobs_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/i18n"
	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/jobs"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

type steppedArgs struct{}

func (steppedArgs) Kind() string { return "test.stepped" }

func TestStreamShowsTheTaskUntilItsEnd(t *testing.T) {
	t.Parallel()
	ctx := dbtest.Tenant(t, tenancy.County)
	j := newJobs(t)
	goOn := make(chan bool)
	jobs.Add(j, func(ctx context.Context, p *jobs.Progress, _ steppedArgs) error {
		p.Step(ctx, "task.step.reading")
		<-goOn
		return jobs.ErrTooLong.With("Minutes", 30)
	})
	work(t, j)
	id := start(t, ctx, j, steppedArgs{})

	texts, err := locale.Load(i18n.FS)
	if err != nil {
		t.Fatal(err)
	}
	a := jobs.NewAPI(j, texts, func(context.Context, string) bool { return true })
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		scope, _ := tenancy.From(ctx)
		res, err := a.StreamTask(tenancy.In(locale.With(r.Context(), locale.Chinese), scope), api.StreamTaskRequestObject{Id: id})
		if err == nil {
			err = res.VisitStreamTaskResponse(w)
		}
		if err != nil {
			t.Error(err)
		}
	}))
	defer server.Close()
	res, err := server.Client().Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if got := res.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Errorf("got type %s", got)
	}
	var last api.Task
	released := false
	for lines := bufio.NewScanner(res.Body); lines.Scan(); {
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		if !ok {
			continue
		}
		last = api.Task{}
		if err := json.Unmarshal([]byte(data), &last); err != nil {
			t.Fatal(err)
		}
		if last.Step == "task.step.reading" && !released {
			released = true
			if len(last.Allowed) != 1 || last.Allowed[0] != "cancel" {
				t.Errorf("got allowed %v for a running task, want cancel", last.Allowed)
			}
			close(goOn)
		}
	}
	if string(last.Status) != string(jobs.Failed) || last.Problem == nil || last.Problem.Code != "task.too-long" || len(last.Allowed) != 0 {
		t.Fatalf("got last event %+v", last)
	}
	if want := texts.T(locale.Chinese, "problem.task.too-long.title", nil); last.Problem.Title != want {
		t.Errorf("got title %q, want %q", last.Problem.Title, want)
	}
}

func TestForeignTaskIsNotThere(t *testing.T) {
	t.Parallel()
	ctx, neighbour := dbtest.Tenant(t, tenancy.County), dbtest.Tenant(t, tenancy.County)
	j := newJobs(t)
	texts, err := locale.Load(i18n.FS)
	if err != nil {
		t.Fatal(err)
	}
	a := jobs.NewAPI(j, texts, func(context.Context, string) bool { return true })
	id := start(t, ctx, j, idleArgs{})
	for name, call := range map[string]func() error{
		"read":   func() error { _, err := a.ReadTask(neighbour, api.ReadTaskRequestObject{Id: id}); return err },
		"cancel": func() error { _, err := a.CancelTask(neighbour, api.CancelTaskRequestObject{Id: id}); return err },
		"stream": func() error { _, err := a.StreamTask(neighbour, api.StreamTaskRequestObject{Id: id}); return err },
	} {
		if err := call(); !errors.Is(err, jobs.ErrNotFound) {
			t.Errorf("%s: got %v, want not found", name, err)
		}
	}
}
