package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/helianthus-gi/helianthus/internal/dossier"
	"github.com/helianthus-gi/helianthus/internal/jobs"
)

// benchDossier measures a build in three languages, and what a queue of builds does to the status check.
func benchDossier(ctx context.Context, r *benchRun) error {
	r.tenants, r.registrations = 10, min(r.registrations, 1000)
	if err := r.publish(ctx); err != nil {
		return err
	}
	tenants, err := r.tenantScopes(ctx)
	if err != nil {
		return err
	}
	scoped := asOfficer(tenants[0])
	d, err := r.longDossier(scoped)
	if err != nil {
		return err
	}
	var took []float64
	var last dossier.Build
	for n := range r.rounds + 1 {
		started := time.Now()
		if last, err = r.build(scoped, d); err != nil {
			return err
		}
		if n > 0 { // the first one warms the press
			took = append(took, time.Since(started).Seconds())
		}
	}
	for _, f := range last.Files {
		if f.Pages > 0 {
			r.figure("dossier_pages_"+f.Language, "%d", f.Pages)
		}
	}
	r.figure("dossier_build_s", "%.2f", median(took))
	return r.queued(ctx, scoped, d)
}

// queued asks the status check while nothing else happens, and again while builds are waiting in line.
func (r *benchRun) queued(ctx, scoped context.Context, d dossier.Dossier) error {
	quiet := make(chan struct{})
	time.AfterFunc(2*r.round, func() { close(quiet) })
	idle, err := r.patient(ctx, quiet)
	if err != nil {
		return err
	}
	started := time.Now()
	var tasks []jobs.TaskID
	for range r.builds {
		b, err := r.house.Dossiers.Build(scoped, d.ID)
		if err != nil {
			return err
		}
		tasks = append(tasks, *b.TaskID)
	}
	built := make(chan struct{})
	var group errgroup.Group
	group.Go(func() error {
		defer close(built)
		for _, id := range tasks {
			t, err := r.house.Jobs.Await(scoped, id)
			if err != nil {
				return err
			}
			if t.Status != jobs.Succeeded {
				return fmt.Errorf("build %s: %s", id, t.Status)
			}
		}
		return nil
	})
	busy, err := r.patient(ctx, built)
	if err != nil {
		return err
	}
	if err := group.Wait(); err != nil {
		return err
	}
	r.figure("dossier_builds_queued", "%d", r.builds)
	r.figure("dossier_queue_s", "%.1f", time.Since(started).Seconds())
	r.figure("dossier_status_p99_idle_ms", "%.2f", milliseconds(quantile(idle, 0.99)))
	r.figure("dossier_status_p99_building_ms", "%.2f", milliseconds(quantile(busy, 0.99)))
	r.memory("dossier")
	return nil
}

// patient asks the status check a hundred times a second, as a busy customs office does, until it is told to stop.
func (r *benchRun) patient(ctx context.Context, stop <-chan struct{}) (took []time.Duration, err error) {
	one, done, err := r.askWeb()
	if err != nil {
		return nil, err
	}
	defer done()
	dice := rand.New(rand.NewPCG(5, 6)) //nolint:gosec // the same dice in each run
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		q := r.question(dice)
		asked := time.Now()
		if err := one(ctx, q); err != nil {
			return nil, err
		}
		took = append(took, time.Since(asked))
		select {
		case <-stop:
			return took, nil
		case <-tick.C:
		}
	}
}

func (r *benchRun) build(ctx context.Context, d dossier.Dossier) (dossier.Build, error) {
	b, err := r.house.Dossiers.Build(ctx, d.ID)
	if err != nil {
		return b, err
	}
	t, err := r.house.Jobs.Await(ctx, *b.TaskID)
	if err != nil {
		return b, err
	}
	if t.Status != jobs.Succeeded {
		return b, fmt.Errorf("build %s: %s", b.ID, t.Status)
	}
	all, err := r.house.Dossiers.Builds(ctx, d.ID)
	if err != nil {
		return b, err
	}
	for _, done := range all {
		if done.ID == b.ID {
			return done, nil
		}
	}
	return b, fmt.Errorf("build %s is gone", b.ID)
}

// longDossier is a dossier of about fifteen pages a language: the demonstration's registration with a long specification.
func (r *benchRun) longDossier(ctx context.Context) (dossier.Dossier, error) {
	var from records
	if err := json.Unmarshal(demoRecords, &from); err != nil {
		return dossier.Dossier{}, err
	}
	c := from.Registration
	sections := c.Specification
	for n := 2; n <= 11; n++ {
		for _, s := range sections {
			s.Key = fmt.Sprintf("%s-%d", s.Key, n)
			c.Specification = append(c.Specification, s)
		}
	}
	reg, err := r.house.Registry.Draft(ctx, c)
	if err != nil {
		return dossier.Dossier{}, err
	}
	v, err := r.house.Dossiers.Create(ctx, dossier.Dossier{RegistrationID: reg.ID, Market: benchMarket, Profile: "general-presentation"})
	return v.Dossier, err
}
