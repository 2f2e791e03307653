package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"time"

	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/members"
	"github.com/helianthus-gi/helianthus/internal/registry"
)

// benchMembers measures the list that an association brings along, its pages and searches, and the dues of a year asked of all at once.
func benchMembers(ctx context.Context, r *benchRun) error {
	tenants, err := r.benchTenants(ctx, 1)
	if err != nil {
		return err
	}
	ctx = asOfficer(tenants[0])
	r.figure("members", "%d", r.membered)
	if err := r.importMembers(ctx); err != nil {
		return err
	}
	if err := r.raiseDues(ctx); err != nil {
		return err
	}
	lists := []members.Filter{{}, {Category: members.Grower}, {Status: members.Admitted}, {Standing: members.DueStanding}}
	if err := r.memberLists(ctx, "member_list_p95_ms", lists); err != nil {
		return err
	}
	return r.memberLists(ctx, "member_search_p95_ms", []members.Filter{{Words: "种植户7"}, {Words: "M-0000"}, {Words: fmt.Sprint("种植户", r.membered-1)}})
}

func (r *benchRun) importMembers(ctx context.Context) error {
	var text bytes.Buffer
	w := csv.NewWriter(&text)
	rows := [][]string{{"姓名", "联系电话", "会员类别", "种植面积（亩）", "会员编号"}}
	for n := range r.membered {
		rows = append(rows, []string{fmt.Sprint("演示·种植户", n), fmt.Sprintf("138%08d", n), "种植户", "12.5", fmt.Sprintf("M-%06d", n)})
	}
	if err := w.WriteAll(rows); err != nil {
		return err
	}
	d, err := r.house.Docs.Put(ctx, document.File{Filename: "members.csv", MediaType: "text/csv", Purpose: "registration-import", Content: text.Bytes()})
	if err != nil {
		return err
	}
	started := time.Now()
	i, err := r.house.Members.Import(ctx, d.ID, members.ListImport{Year: 2025})
	if err == nil {
		i, err = r.awaitImport(ctx, i, registry.Ready)
	}
	if err == nil {
		i, err = r.house.Imports.Commit(ctx, i.ID)
	}
	if err == nil {
		i, err = r.awaitImport(ctx, i, registry.Done)
	}
	if err != nil {
		return err
	}
	if i.Counts.New != r.membered {
		return fmt.Errorf("%d of %d members are new", i.Counts.New, r.membered)
	}
	r.figure("member_import_rows_per_s", "%.0f", float64(r.membered)/time.Since(started).Seconds())
	return nil
}

func (r *benchRun) raiseDues(ctx context.Context) error {
	due := time.Now().AddDate(0, 1, 0)
	y, err := r.house.Dues.UpdateYear(ctx, members.DuesYear{Year: due.Year(), DueOn: &due, Amounts: map[members.Category]members.Money{members.Grower: 20_00}})
	if err != nil {
		return err
	}
	started := time.Now()
	asked, err := r.house.Dues.Raise(ctx, y.Year, y.Version)
	if err != nil {
		return err
	}
	if len(asked) != 1 || asked[0].Members != r.membered {
		return fmt.Errorf("asked %+v", asked)
	}
	r.figure("dues_raise_s", "%.2f", time.Since(started).Seconds())
	return nil
}

// memberLists reads pages of lists, the first and the one after it.
func (r *benchRun) memberLists(ctx context.Context, figure string, filters []members.Filter) error {
	var took []time.Duration
	for n := range 200 {
		f, asked := filters[n%len(filters)], time.Now()
		found, next, err := r.house.Members.List(ctx, f, 25, "")
		if err == nil && next != "" && n%2 == 0 {
			_, _, err = r.house.Members.List(ctx, f, 25, next)
		}
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return fmt.Errorf("nothing found for %v", f)
		}
		took = append(took, time.Since(asked))
	}
	r.figure(figure, "%.2f", milliseconds(quantile(took[20:], 0.95)))
	return nil
}
