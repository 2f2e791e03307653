package clearance

import (
	"context"
	"time"

	"github.com/oapi-codegen/runtime/types"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

// ListEarlierMarkLists lists lists of marks.
func (a *API) ListEarlierMarkLists(ctx context.Context, _ api.ListEarlierMarkListsRequestObject) (api.ListEarlierMarkListsResponseObject, error) {
	all, err := a.marks.Lists(ctx)
	out := api.ListEarlierMarkLists200JSONResponse{Items: make([]api.EarlierMarkListSummary, 0, len(all))}
	for _, l := range all {
		out.Items = append(out.Items, api.EarlierMarkListSummary{Id: l.ID, Version: l.Version, Name: l.Name, Source: l.Source, TakenOn: types.Date{Time: l.TakenOn}, Marks: l.Marks, UpdatedAt: l.UpdatedAt, UpdatedBy: l.UpdatedBy,
			Allowed: access.Allowed(ctx, "earlier-mark", "remove", "import")})
	}
	return out, err
}

// RemoveEarlierMarkList takes a list away.
func (a *API) RemoveEarlierMarkList(ctx context.Context, r api.RemoveEarlierMarkListRequestObject) (api.RemoveEarlierMarkListResponseObject, error) {
	return api.RemoveEarlierMarkList204Response{}, a.marks.RemoveList(ctx, r.Id)
}

// ListEarlierMarks lists marks.
func (a *API) ListEarlierMarks(ctx context.Context, r api.ListEarlierMarksRequestObject) (api.ListEarlierMarksResponseObject, error) {
	p := r.Params
	found, next, err := a.marks.List(ctx, MarkFilter{Words: wire.Or(p.Q), List: p.ListId, Kind: Right(wire.Or(p.Kind)), Office: wire.Or(p.Office), Status: MarkStatus(wire.Or(p.Status))}, wire.Limit(p.Limit), wire.Or(p.Cursor))
	out := api.ListEarlierMarks200JSONResponse{Items: make([]api.EarlierMark, 0, len(found)), Next: wire.Optional(next)}
	for _, m := range found {
		out.Items = append(out.Items, wireMark(ctx, m))
	}
	return out, err
}

// AddEarlierMark enters a mark by hand.
func (a *API) AddEarlierMark(ctx context.Context, r api.AddEarlierMarkRequestObject) (api.AddEarlierMarkResponseObject, error) {
	b := r.Body
	m := MarkFacts{Kind: Right(b.Kind), Sign: b.Sign, Transcription: wire.Or(b.Transcription), Translation: wire.Or(b.Translation), Office: wire.Or(b.Office), Number: wire.Or(b.Number), Holder: wire.Or(b.Holder),
		Classes: classKeys(classesIn(b.Classes)), Status: MarkUnknown}
	if b.Status != nil {
		m.Status = MarkStatus(*b.Status)
	}
	if b.PriorityOn != nil {
		m.PriorityOn = b.PriorityOn.Format(time.DateOnly)
	}
	added, err := a.marks.Add(ctx, Origin{List: b.List, Source: b.Source, TakenOn: b.TakenOn.Time}, m)
	return api.AddEarlierMark201JSONResponse(wireMark(ctx, added)), err
}

// ImportEarlierMarks begins to read a file of marks.
func (a *API) ImportEarlierMarks(ctx context.Context, r api.ImportEarlierMarksRequestObject) (api.ImportEarlierMarksResponseObject, error) {
	b := r.Body
	i, err := a.marks.Import(ctx, b.DocumentId, ListImport{List: b.List, Source: b.Source, TakenOn: b.TakenOn.Format(time.DateOnly), Replace: wire.Or(b.Replace)})
	if err != nil {
		return nil, err
	}
	w, err := a.imports(ctx, i)
	return api.ImportEarlierMarks202JSONResponse{Body: w, Headers: api.ImportEarlierMarks202ResponseHeaders{Location: new("/api/v1/tasks/" + i.TaskID.String())}}, err
}

// RemoveEarlierMark takes a mark out of its list.
func (a *API) RemoveEarlierMark(ctx context.Context, r api.RemoveEarlierMarkRequestObject) (api.RemoveEarlierMarkResponseObject, error) {
	return api.RemoveEarlierMark204Response{}, a.marks.Remove(ctx, r.Id)
}

func wireMark(ctx context.Context, m Mark) api.EarlierMark {
	w := api.EarlierMark{Id: m.ID, ListId: m.ListID, List: m.ListName, Kind: api.EarlierMarkKind(m.Kind), Sign: m.Sign, Script: wire.Optional(m.Script), Transcription: wire.Optional(m.Transcription), Translation: wire.Optional(m.Translation),
		Office: wire.Optional(m.Office), Number: wire.Optional(m.Number), Holder: wire.Optional(m.Holder), PriorityOn: wire.DayText(m.PriorityOn), Status: api.EarlierMarkStatus(m.Status), Allowed: access.Allowed(ctx, "earlier-mark", "remove")}
	if len(m.Classes) > 0 {
		w.Classes = new(classesOf(m.Classes))
	}
	return w
}
