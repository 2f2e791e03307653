package members

import (
	"bytes"
	"context"
	"io"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/table"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

// ImportMembers begins to read a file of members.
func (a *API) ImportMembers(ctx context.Context, r api.ImportMembersRequestObject) (api.ImportMembersResponseObject, error) {
	i, err := a.members.Import(ctx, r.Body.DocumentId, ListImport{Year: r.Body.Year})
	if err != nil {
		return nil, err
	}
	w, err := a.imports(ctx, i)
	return api.ImportMembers202JSONResponse{Body: w, Headers: api.ImportMembers202ResponseHeaders{Location: new("/api/v1/tasks/" + i.TaskID.String())}}, err
}

// ExportMembers gives the chosen members as a table, headed in the reader's language; an import reads both.
func (a *API) ExportMembers(ctx context.Context, r api.ExportMembersRequestObject) (api.ExportMembersResponseObject, error) {
	p := r.Params
	heading := registry.FieldNames
	if wire.Or(p.AcceptLanguage) != "" {
		heading = registry.HeadingsIn(a.bundle, locale.From(ctx))
	}
	rows := [][]string{{}}
	for _, key := range columnKeys {
		rows[0] = append(rows[0], heading(key))
	}
	f, cursor := Filter{Words: wire.Or(p.Q), Category: Category(wire.Or(p.Category)), Status: Status(wire.Or(p.Status)), Standing: Standing(wire.Or(p.Standing))}, ""
	for {
		page, next, err := a.members.List(ctx, f, exportPage, cursor)
		if err != nil {
			return nil, err
		}
		for _, m := range page {
			rows = append(rows, a.line(ctx, m, wire.Or(p.AcceptLanguage) != ""))
		}
		if cursor = next; next == "" {
			break
		}
	}
	open, format := table.XLSX, "xlsx"
	if wire.Or(p.Format) == api.ExportMembersParamsFormatCsv {
		open, format = table.CSV, "csv"
	}
	var b bytes.Buffer
	t, err := open(&b)
	if err == nil {
		err = table.WriteTexts(t, rows)
	}
	headers := api.ExportMembers200ResponseHeaders{ContentDisposition: new(`attachment; filename="members.` + format + `"`)}
	if format == "csv" {
		return api.ExportMembers200TextcsvResponse{Body: io.Reader(&b), Headers: headers, ContentLength: int64(b.Len())}, err
	}
	return api.ExportMembers200ApplicationvndOpenxmlformatsOfficedocumentSpreadsheetmlSheetResponse{Body: io.Reader(&b), Headers: headers, ContentLength: int64(b.Len())}, err
}

// exportPage is how many members are read in one transaction.
const exportPage = 500

// line is a member as a row of a table, for people in words.
func (a *API) line(ctx context.Context, m Member, inWords bool) (values []string) {
	r := rowOf(m, m.Private.Masked(), 0)
	if inWords {
		r.Category = a.bundle.T(locale.From(ctx), "member.category."+r.Category, nil)
	}
	by := r.byKey()
	for _, key := range columnKeys {
		values = append(values, *by[key])
	}
	return values
}
