package clearance

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/table"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

// API serves the operations of the tag clearance.
type API struct {
	reports *Reports
	marks   *Marks
	texts   *locale.Bundle
	imports WireImport
}

// WireImport writes an import as the operations of imports do.
type WireImport func(context.Context, registry.Import) (api.RegistrationImport, error)

// NewAPI returns the operations of the verbs.
func NewAPI(reports *Reports, marks *Marks, texts *locale.Bundle, imports WireImport) *API {
	return &API{reports, marks, texts, imports}
}

func pointer(list string, i int, member string) string {
	return fmt.Sprintf("%s/%d/%s", list, i, member)
}

func textOf(m map[string]string) *api.Text {
	if len(m) == 0 {
		return nil
	}
	return new(api.Text(m))
}

func classesOf(keys []string) []api.ProductClass {
	out := []api.ProductClass{}
	for _, k := range keys {
		scheme, code, _ := strings.Cut(k, "|")
		out = append(out, api.ProductClass{Scheme: scheme, Code: code})
	}
	return out
}

func classesIn(all *[]api.ProductClass) (out []registry.Class) {
	for _, c := range wire.Or(all) {
		out = append(out, registry.Class{Scheme: c.Scheme, Code: c.Code, Edition: wire.Or(c.Edition)})
	}
	return out
}

// ListClearanceReports lists reports.
func (a *API) ListClearanceReports(ctx context.Context, r api.ListClearanceReportsRequestObject) (api.ListClearanceReportsResponseObject, error) {
	p := r.Params
	found, next, err := a.reports.List(ctx, ReportFilter{Words: wire.Or(p.Q), Market: wire.Or(p.Market), Status: ReportStatus(wire.Or(p.Status)), Case: p.CaseId, Registration: p.RegistrationId}, wire.Limit(p.Limit), wire.Or(p.Cursor))
	out := api.ListClearanceReports200JSONResponse{Items: make([]api.ClearanceReport, 0, len(found)), Next: wire.Optional(next)}
	for _, one := range found {
		out.Items = append(out.Items, wireReport(ctx, one))
	}
	return out, err
}

// CreateClearanceReport asks what stands against a name.
func (a *API) CreateClearanceReport(ctx context.Context, r api.CreateClearanceReportRequestObject) (api.CreateClearanceReportResponseObject, error) {
	b := r.Body
	q := Question{Case: b.CaseId, Market: recognition.Market(wire.Or(b.Market)), Classes: classesIn(b.Classes), HSCodes: wire.Or(b.HsCodes), Floor: wire.Or(b.LeastScore)}
	if b.RegistrationId != nil {
		q.Registration = new(registry.ID(b.RegistrationId.String()))
	}
	for _, n := range wire.Or(b.Names) {
		q.Names = append(q.Names, Name{n.Text, n.Language})
	}
	made, err := a.reports.Ask(ctx, q)
	if err != nil {
		return nil, err
	}
	place := "/api/v1/tasks/" + made.TaskID.String()
	return api.CreateClearanceReport202JSONResponse{Body: wireReport(ctx, made), Headers: api.CreateClearanceReport202ResponseHeaders{Location: &place}}, nil
}

// ReadClearanceReport shows a report.
func (a *API) ReadClearanceReport(ctx context.Context, r api.ReadClearanceReportRequestObject) (api.ReadClearanceReportResponseObject, error) {
	one, err := a.reports.Report(ctx, r.Id)
	return api.ReadClearanceReport200JSONResponse(wireReport(ctx, one)), err
}

// ListClearanceFindings lists what was found.
func (a *API) ListClearanceFindings(ctx context.Context, r api.ListClearanceFindingsRequestObject) (api.ListClearanceFindingsResponseObject, error) {
	p, after, most := r.Params, 0, wire.Limit(r.Params.Limit)
	if err := postgres.DecodeCursor(wire.Or(p.Cursor), &after); err != nil {
		return nil, err
	}
	f := FindingFilter{Right: Right(wire.Or(p.Right)), Decision: string(wire.Or(p.Decision)), Least: wire.Or(p.LeastScore)}
	found, err := a.reports.Findings(ctx, r.Id, f, after, most+1)
	out := api.ListClearanceFindings200JSONResponse{Items: make([]api.ClearanceFinding, 0, len(found))}
	for i, one := range found {
		if i == most {
			out.Next = new(postgres.EncodeCursor(found[i-1].Place))
			break
		}
		out.Items = append(out.Items, wireFinding(ctx, one))
	}
	return out, err
}

// DecideClearanceReport says what a finding means.
func (a *API) DecideClearanceReport(ctx context.Context, r api.DecideClearanceReportRequestObject) (api.DecideClearanceReportResponseObject, error) {
	f, err := a.reports.Decide(ctx, r.Id, r.FindingId, Decision(r.Body.Decision), r.Body.Reason)
	return api.DecideClearanceReport200JSONResponse(wireFinding(ctx, f)), err
}

// UndoClearanceReport takes a decision back.
func (a *API) UndoClearanceReport(ctx context.Context, r api.UndoClearanceReportRequestObject) (api.UndoClearanceReportResponseObject, error) {
	f, err := a.reports.Undo(ctx, r.Id, r.FindingId)
	return api.UndoClearanceReport200JSONResponse(wireFinding(ctx, f)), err
}

// IssueClearanceReport starts to print a report.
func (a *API) IssueClearanceReport(ctx context.Context, r api.IssueClearanceReportRequestObject) (api.IssueClearanceReportResponseObject, error) {
	one, err := a.reports.Issue(ctx, r.Id, locale.Tag(r.Body.Language))
	if err != nil {
		return nil, err
	}
	return api.IssueClearanceReport202JSONResponse{Body: wireReport(ctx, one), Headers: api.IssueClearanceReport202ResponseHeaders{Location: new("/api/v1/tasks/" + one.TaskID.String())}}, nil
}

// ExportClearanceReport gives all findings as a table, headed in the reader's language.
func (a *API) ExportClearanceReport(ctx context.Context, r api.ExportClearanceReportRequestObject) (api.ExportClearanceReportResponseObject, error) {
	report, err := a.reports.Report(ctx, r.Id)
	if err == nil {
		_, err = moves.Next(report.Status, Export)
	}
	if err != nil {
		return nil, err
	}
	found, err := a.reports.Findings(ctx, r.Id, FindingFilter{}, 0, weightOf("findings"))
	if err != nil {
		return nil, err
	}
	format := api.ExportClearanceReportParamsFormatXlsx
	if r.Params.Format != nil {
		format = *r.Params.Format
	}
	headers := api.ExportClearanceReport200ResponseHeaders{ContentDisposition: new(`attachment; filename="clearance.` + string(format) + `"`)}
	rows := sheetRows(a.texts, locale.From(ctx), found)
	var b bytes.Buffer
	open := table.XLSX
	if format == api.ExportClearanceReportParamsFormatCsv {
		open = table.CSV
	}
	t, err := open(&b)
	if err == nil {
		err = table.WriteTexts(t, rows)
	}
	if format == api.ExportClearanceReportParamsFormatCsv {
		return api.ExportClearanceReport200TextcsvResponse{Body: io.Reader(&b), Headers: headers, ContentLength: int64(b.Len())}, err
	}
	return api.ExportClearanceReport200ApplicationvndOpenxmlformatsOfficedocumentSpreadsheetmlSheetResponse{Body: io.Reader(&b), Headers: headers, ContentLength: int64(b.Len())}, err
}

func wireReport(ctx context.Context, r Report) api.ClearanceReport {
	w := api.ClearanceReport{
		Id: r.ID, Version: r.Version, Status: api.ClearanceStatus(r.Status), Title: r.Title, Names: []api.ClearanceName{}, Market: string(r.Market), Classes: classesOf(r.Classes), HsCodes: r.HSCodes, LeastScore: r.Floor,
		RegistrationId: r.Registration, CaseId: r.Case, TaskId: r.TaskID, AskedAt: r.AskedAt, AskedBy: r.AskedBy, Searched: []api.ClearanceSearched{}, Found: r.Found, Kept: r.Kept, Decided: r.Decided,
		Conflicts: r.Conflicts, Allowed: access.Allowed(ctx, "clearance-report", moves.Allowed(r.Status)...),
	}
	for _, n := range r.Names {
		w.Names = append(w.Names, api.ClearanceName{Text: n.Text, Language: n.Language})
	}
	for _, s := range r.Searched {
		one := api.ClearanceSearched{Source: api.ClearanceSearchedSource(s.Source), Count: s.Count, NewestAt: s.NewestAt}
		if s.Lists != nil {
			lists := []api.ClearanceSearchedList{}
			for _, l := range s.Lists {
				lists = append(lists, api.ClearanceSearchedList{Id: l.ID, Name: l.Name, Source: l.Source, TakenOn: wire.Or(wire.DayText(l.TakenOn)), Version: l.Version, Count: l.Count})
			}
			one.Lists = &lists
		}
		w.Searched = append(w.Searched, one)
	}
	if r.DocumentID != nil {
		w.DocumentId, w.PrintedVersion = r.DocumentID, &r.Printed
	}
	if m := r.Method; m != (Method{}) {
		w.Method = &api.ClearanceMethod{Weights: m.Weights, Pinyin: m.Pinyin, Latin: m.Latin, Variants: m.Variants}
	}
	return w
}

func wireFinding(ctx context.Context, f Finding) api.ClearanceFinding {
	w := api.ClearanceFinding{
		Id: f.ID, Place: f.Place, Right: api.ClearanceRight(f.Right), Source: f.Source, RecordId: f.RecordID, Sign: f.Facts.Sign, Main: wire.Optional(f.Facts.Main), Name: f.Name, Office: wire.Optional(f.Facts.Office),
		Number: wire.Optional(f.Facts.Number), Holder: textOf(f.Facts.Holder), Publisher: textOf(f.Facts.Publisher), State: wire.Optional(f.Facts.Status), Since: wire.DayText(f.Facts.Since), List: wire.Optional(f.Facts.List),
		InMarket: f.Facts.InMarket, Score: f.Score, Goods: api.ClearanceFindingGoods(f.Goods), Likenesses: []api.ClearanceLikeness{}, Reason: wire.Optional(f.Reason), DecidedBy: wire.Optional(f.DecidedBy), DecidedAt: f.DecidedAt,
		Allowed: access.Allowed(ctx, "clearance-report", deliberations.Allowed(f.Deliberation())...),
	}
	if len(f.Facts.Classes) > 0 {
		w.Classes = new(classesOf(f.Facts.Classes))
	}
	if len(f.Facts.HSCodes) > 0 {
		w.HsCodes = &f.Facts.HSCodes
	}
	if f.Facts.Ended {
		w.Ended = new(true)
	}
	if f.Decision != Undecided {
		w.Decision = new(api.ClearanceFindingDecision(f.Decision))
	}
	for _, l := range f.Likenesses {
		w.Likenesses = append(w.Likenesses, api.ClearanceLikeness{Kind: api.ClearanceLikenessKind(l.Kind), Score: l.Score, Ours: l.Ours, Theirs: l.Theirs, Shared: wire.Optional(l.Shared)})
	}
	return w
}
