package registry

import (
	"cmp"
	"context"
	"io"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// WireImport writes an import, in the language of the request.
func (a *API) WireImport(ctx context.Context, i Import) (w api.RegistrationImport, err error) {
	w = api.RegistrationImport{Id: i.ID, DocumentId: i.DocumentID, Status: api.RegistrationImportStatus(i.Status), UnknownColumns: i.UnknownColumns, TaskId: i.TaskID, CreatedAt: i.CreatedAt,
		Encoding: string(i.Encoding), Allowed: importActs(ctx, i), Target: api.RegistrationImportTarget(cmp.Or(i.Target, "registrations"))}
	if i.Source != "" {
		w.Source = new(api.ImportSource(i.Source))
	}
	if w.Counts, err = as[api.ImportCounts](i.Counts); err != nil {
		return w, err
	}
	if i.Mapping.Columns == nil {
		i.Mapping.Columns = []MappedColumn{}
	}
	if w.Mapping, err = as[api.Mapping](i.Mapping); err != nil {
		return w, err
	}
	w.Columns, err = as[[]api.ImportColumn](i.Columns)
	for n, c := range w.Columns {
		if c.Why != nil {
			w.Columns[n].Why = new(a.bundle.T(locale.From(ctx), "problem."+*c.Why+".title", nil))
		}
	}
	return w, err
}

func importActs(ctx context.Context, i Import) []string {
	acts := []string{}
	if !access.Can(ctx, "registration:import") {
		return acts
	}
	if i.Status == Ready && i.Counts.Error == 0 {
		acts = append(acts, "commit")
	}
	if i.Status == Ready {
		acts = append(acts, "refuse", "restore")
	}
	if i.Status == Ready || i.Status == Unmapped {
		acts = append(acts, "map")
	}
	if i.Status != Done && i.Status != ImportCancelled {
		acts = append(acts, "cancel")
	}
	return acts
}

func taskPlace(i Import) *string {
	if i.TaskID == nil {
		return nil
	}
	return new("/api/v1/tasks/" + i.TaskID.String())
}

// ImportRegistrations begins an import.
func (a *API) ImportRegistrations(ctx context.Context, r api.ImportRegistrationsRequestObject) (api.ImportRegistrationsResponseObject, error) {
	said := Mapping{}
	if r.Body.MappingId != nil {
		k, err := a.imports.Mapping(ctx, *r.Body.MappingId)
		if err != nil {
			return nil, err
		}
		said = k.Mapping
	}
	if r.Body.Source != nil {
		said.Source = SourceForm(*r.Body.Source)
	}
	i, err := a.imports.Begin(ctx, r.Body.DocumentId, said)
	if err != nil {
		return nil, err
	}
	w, err := a.WireImport(ctx, i)
	return api.ImportRegistrations202JSONResponse{Body: w, Headers: api.ImportRegistrations202ResponseHeaders{Location: taskPlace(i)}}, err
}

// ReadRegistrationImport shows an import.
func (a *API) ReadRegistrationImport(ctx context.Context, r api.ReadRegistrationImportRequestObject) (api.ReadRegistrationImportResponseObject, error) {
	i, err := a.imports.Import(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	w, err := a.WireImport(ctx, i)
	return api.ReadRegistrationImport200JSONResponse(w), err
}

// CommitRegistrationImport writes an import.
func (a *API) CommitRegistrationImport(ctx context.Context, r api.CommitRegistrationImportRequestObject) (api.CommitRegistrationImportResponseObject, error) {
	i, err := a.imports.Commit(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	w, err := a.WireImport(ctx, i)
	return api.CommitRegistrationImport202JSONResponse{Body: w, Headers: api.CommitRegistrationImport202ResponseHeaders{Location: taskPlace(i)}}, err
}

// CancelRegistrationImport gives an import up.
func (a *API) CancelRegistrationImport(ctx context.Context, r api.CancelRegistrationImportRequestObject) (api.CancelRegistrationImportResponseObject, error) {
	i, err := a.imports.Cancel(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	w, err := a.WireImport(ctx, i)
	return api.CancelRegistrationImport200JSONResponse(w), err
}

// MapRegistrationImport says which field each column is.
func (a *API) MapRegistrationImport(ctx context.Context, r api.MapRegistrationImportRequestObject) (api.MapRegistrationImportResponseObject, error) {
	mapping, err := as[Mapping](r.Body)
	if err != nil {
		return nil, err
	}
	i, err := a.imports.Map(ctx, r.Id, mapping)
	if err != nil {
		return nil, err
	}
	w, err := a.WireImport(ctx, i)
	return api.MapRegistrationImport202JSONResponse{Body: w, Headers: api.MapRegistrationImport202ResponseHeaders{Location: taskPlace(i)}}, err
}

func choiceOf(b *api.ImportRowChoice) RowChoice {
	c := RowChoice{Code: str(b.Code)}
	if b.Rows != nil {
		c.Rows = *b.Rows
	}
	if b.Fate != nil {
		c.Fate = string(*b.Fate)
	}
	return c
}

// RefuseImportRows leaves rows out.
func (a *API) RefuseImportRows(ctx context.Context, r api.RefuseImportRowsRequestObject) (api.RefuseImportRowsResponseObject, error) {
	i, err := a.imports.Refuse(ctx, r.Id, choiceOf(r.Body))
	if err != nil {
		return nil, err
	}
	w, err := a.WireImport(ctx, i)
	return api.RefuseImportRows200JSONResponse(w), err
}

// RestoreImportRows takes rows back.
func (a *API) RestoreImportRows(ctx context.Context, r api.RestoreImportRowsRequestObject) (api.RestoreImportRowsResponseObject, error) {
	i, err := a.imports.Restore(ctx, r.Id, choiceOf(r.Body))
	if err != nil {
		return nil, err
	}
	w, err := a.WireImport(ctx, i)
	return api.RestoreImportRows200JSONResponse(w), err
}

// ListImportRows shows the fate of each row.
func (a *API) ListImportRows(ctx context.Context, r api.ListImportRowsRequestObject) (api.ListImportRowsResponseObject, error) {
	after, limit, f := 0, 50, RowFilter{}
	if err := postgres.DecodeCursor(str(r.Params.Cursor), &after); err != nil {
		return nil, err
	}
	if r.Params.Limit != nil {
		limit = *r.Params.Limit
	}
	if r.Params.Fate != nil {
		f.Fate = string(*r.Params.Fate)
	}
	f.Corrected = r.Params.Corrected != nil && *r.Params.Corrected
	rows, err := a.imports.Rows(ctx, r.Id, f, after, limit+1)
	if err != nil {
		return nil, err
	}
	w := api.ListImportRows200JSONResponse{Items: []api.ImportRow{}}
	for n, row := range rows {
		if n == limit {
			w.Next = new(postgres.EncodeCursor(rows[n-1].Number))
			break
		}
		out := api.ImportRow{Row: row.Number, Fate: api.ImportFate(row.Fate), Title: row.Title, Refused: row.Refused, Problems: []api.ImportFinding{}}
		for _, p := range row.Problems {
			f := api.ImportFinding{Pointer: p.Pointer, Code: p.Code, Message: a.bundle.T(locale.From(ctx), "problem."+p.Code+".title", p.Values), Severity: api.ImportFindingSeverity(SeverityOf(p.Code))}
			if p.Column > 0 {
				f.Column = new(p.Column)
			}
			out.Problems = append(out.Problems, f)
		}
		w.Items = append(w.Items, out)
	}
	return w, nil
}

// ExportImportFindings gives all findings as a table.
func (a *API) ExportImportFindings(ctx context.Context, r api.ExportImportFindingsRequestObject) (api.ExportImportFindingsResponseObject, error) {
	if _, err := a.imports.Import(ctx, r.Id); err != nil { // before the answer begins
		return nil, err
	}
	read, write := io.Pipe()
	words := speak(a.bundle, locale.From(ctx))
	go func() { write.CloseWithError(a.imports.Findings(ctx, r.Id, words, write)) }()
	headers := api.ExportImportFindings200ResponseHeaders{ContentDisposition: new(`attachment; filename="findings.csv"`)}
	return api.ExportImportFindings200TextcsvResponse{Body: read, Headers: headers}, nil
}

func mappingWire(ctx context.Context, k KeptMapping) (w api.ImportMapping, err error) {
	w = api.ImportMapping{Id: k.ID, Version: k.Version, Name: k.Name, CreatedAt: k.CreatedAt, UpdatedAt: k.UpdatedAt, Allowed: access.Allowed(ctx, "import-mapping", "update", "remove")}
	w.Mapping, err = as[api.Mapping](k.Mapping)
	return w, err
}

// ListImportMappings lists kept mappings.
func (a *API) ListImportMappings(ctx context.Context, _ api.ListImportMappingsRequestObject) (api.ListImportMappingsResponseObject, error) {
	all, err := a.imports.Mappings(ctx)
	if err != nil {
		return nil, err
	}
	list := api.ImportMappingList{Items: []api.ImportMapping{}}
	for _, k := range all {
		w, err := mappingWire(ctx, k)
		if err != nil {
			return nil, err
		}
		list.Items = append(list.Items, w)
	}
	return api.ListImportMappings200JSONResponse(list), nil
}

// CreateImportMapping keeps a mapping.
func (a *API) CreateImportMapping(ctx context.Context, r api.CreateImportMappingRequestObject) (api.CreateImportMappingResponseObject, error) {
	mapping, err := as[Mapping](r.Body.Mapping)
	if err != nil {
		return nil, err
	}
	k, err := a.imports.Keep(ctx, r.Body.Name, r.Body.Headings, mapping)
	if err != nil {
		return nil, err
	}
	w, err := mappingWire(ctx, k)
	headers := api.CreateImportMapping201ResponseHeaders{ETag: new(problem.ETag(k.Version)), Location: new("/api/v1/import-mappings/" + k.ID.String())}
	return api.CreateImportMapping201JSONResponse{Body: w, Headers: headers}, err
}

// ReadImportMapping shows one.
func (a *API) ReadImportMapping(ctx context.Context, r api.ReadImportMappingRequestObject) (api.ReadImportMappingResponseObject, error) {
	k, err := a.imports.Mapping(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	w, err := mappingWire(ctx, k)
	return api.ReadImportMapping200JSONResponse{Body: w, Headers: api.ReadImportMapping200ResponseHeaders{ETag: new(problem.ETag(k.Version))}}, err
}

// UpdateImportMapping replaces one.
func (a *API) UpdateImportMapping(ctx context.Context, r api.UpdateImportMappingRequestObject) (api.UpdateImportMappingResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	mapping, err := as[Mapping](r.Body.Mapping)
	if err != nil {
		return nil, err
	}
	k, err := a.imports.Replace(ctx, r.Id, version, r.Body.Name, r.Body.Headings, mapping)
	if err != nil {
		return nil, err
	}
	w, err := mappingWire(ctx, k)
	return api.UpdateImportMapping200JSONResponse{Body: w, Headers: api.UpdateImportMapping200ResponseHeaders{ETag: new(problem.ETag(k.Version))}}, err
}

// RemoveImportMapping forgets one.
func (a *API) RemoveImportMapping(ctx context.Context, r api.RemoveImportMappingRequestObject) (api.RemoveImportMappingResponseObject, error) {
	return api.RemoveImportMapping204Response{}, a.imports.Forget(ctx, r.Id)
}
