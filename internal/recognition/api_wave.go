package recognition

import (
	"bytes"
	"context"
	"io"

	"github.com/oapi-codegen/runtime/types"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/table"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

// WaveAPI serves the operations of the tag waves.
type WaveAPI struct {
	waves    *Waves
	texts    *locale.Bundle
	describe Describe
}

// Describe puts a problem into the words of the request's language, as an answer that is only a problem would.
type Describe func(ctx context.Context, p *problem.Error) api.Problem

// NewWaveAPI returns the operations of the verbs.
func NewWaveAPI(waves *Waves, texts *locale.Bundle, describe Describe) *WaveAPI {
	return &WaveAPI{waves, texts, describe}
}

// ReadCaseStatistics counts cases.
func (a *WaveAPI) ReadCaseStatistics(ctx context.Context, _ api.ReadCaseStatisticsRequestObject) (api.ReadCaseStatisticsResponseObject, error) {
	st, err := a.waves.cases.Statistics(ctx)
	out := api.ReadCaseStatistics200JSONResponse{States: wireCounts(st.States), Times: []api.CaseTime{}, Partners: []api.CasePartner{}}
	for _, t := range st.Times {
		out.Times = append(out.Times, api.CaseTime{State: api.CaseState(t.State), Count: t.Count, MedianDays: t.Median, LongestDays: t.Longest})
	}
	for _, p := range st.Partners {
		out.Partners = append(out.Partners, api.CasePartner{OriginOffice: p.OriginOffice, Market: string(p.Market), Pending: p.Pending, Protected: p.Protected, Refused: p.Refused, Ended: p.Closed})
	}
	return out, err
}

// ListWaves lists waves.
func (a *WaveAPI) ListWaves(ctx context.Context, r api.ListWavesRequestObject) (api.ListWavesResponseObject, error) {
	found, next, err := a.waves.List(ctx, or(r.Params.Q), wire.Limit(r.Params.Limit), or(r.Params.Cursor))
	out := api.ListWaves200JSONResponse{Items: make([]api.WaveSummary, 0, len(found)), Next: wire.Optional(next)}
	for _, w := range found {
		out.Items = append(out.Items, wireWaveSummary(w))
	}
	return out, err
}

// OpenWave opens a wave.
func (a *WaveAPI) OpenWave(ctx context.Context, r api.OpenWaveRequestObject) (api.OpenWaveResponseObject, error) {
	b := r.Body
	o := waveIn(b.CaseIds, b.Names, b.Cases)
	o.Title = b.Title
	w, err := a.waves.Open(ctx, o)
	if err != nil {
		return nil, err
	}
	body, location := wireWave(ctx, w), "/api/v1/waves/"+w.ID.String()
	return api.OpenWave201JSONResponse{Body: body, Headers: api.OpenWave201ResponseHeaders{ETag: &body.Etag, Location: &location}}, nil
}

// ReadWave shows a wave.
func (a *WaveAPI) ReadWave(ctx context.Context, r api.ReadWaveRequestObject) (api.ReadWaveResponseObject, error) {
	w, err := a.waves.Read(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	body := wireWave(ctx, w)
	return api.ReadWave200JSONResponse{Body: body, Headers: api.ReadWave200ResponseHeaders{ETag: &body.Etag}}, nil
}

// ExceptWave lets names go their own way.
func (a *WaveAPI) ExceptWave(ctx context.Context, r api.ExceptWaveRequestObject) (api.ExceptWaveResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	w, err := a.waves.Except(ctx, r.Id, version, r.Body.CaseIds, or(r.Body.Reason))
	if err != nil {
		return nil, err
	}
	body := wireWave(ctx, w)
	return api.ExceptWave200JSONResponse{Body: body, Headers: api.ExceptWave200ResponseHeaders{ETag: &body.Etag}}, nil
}

// MoveWave does an act on the cases of a wave. Who may move waves may still do only those acts that are his in a case.
func (a *WaveAPI) MoveWave(ctx context.Context, r api.MoveWaveRequestObject) (api.MoveWaveResponseObject, error) {
	b := r.Body
	if permission := "recognition-case:" + string(b.Act); !access.Can(ctx, permission) {
		return nil, problem.ErrInvalid.At("/act", codeNoAct, "Permission", permission)
	}
	e := eventIn(&b.How)
	e.Act = CaseAct(b.Act)
	var only []Asked
	if b.Cases != nil {
		for _, c := range *b.Cases {
			only = append(only, Asked{c.CaseId, c.Version})
		}
	}
	moved, err := a.waves.Move(ctx, r.Id, e, only)
	if err != nil {
		return nil, err
	}
	out := api.MoveWave200JSONResponse{Results: make([]api.WaveResult, 0, len(moved))}
	for _, m := range moved {
		w := api.WaveResult{CaseId: m.ID, Name: m.Name, Moved: m.Problem == nil, State: api.CaseState(m.State)}
		if m.Problem != nil {
			w.Problem = new(a.describe(ctx, m.Problem))
			out.Stayed++
		} else {
			out.Moved++
		}
		out.Results = append(out.Results, w)
	}
	return out, nil
}

// DraftWaveAnnex drafts the annex of a wave: its names in the order of the list, those left out that go their own way.
func (a *WaveAPI) DraftWaveAnnex(ctx context.Context, r api.DraftWaveAnnexRequestObject) (api.DraftWaveAnnexResponseObject, error) {
	w, err := a.waves.Read(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	tag, format := locale.From(ctx), api.DraftWaveAnnexParamsFormatDocx
	rows := plainRows(annexRows(a.texts, tag, w))
	if r.Params.Format != nil {
		format = *r.Params.Format
	}
	name := `attachment; filename="annex.` + string(format) + `"`
	headers := api.DraftWaveAnnex200ResponseHeaders{ContentDisposition: &name}
	var b bytes.Buffer
	if format == api.DraftWaveAnnexParamsFormatDocx {
		err := table.DOCX(&b, w.Title, string(tag), rows)
		return api.DraftWaveAnnex200ApplicationvndOpenxmlformatsOfficedocumentWordprocessingmlDocumentResponse{Body: io.Reader(&b), Headers: headers, ContentLength: int64(b.Len())}, err
	}
	t, err := table.XLSX(&b)
	if err == nil {
		err = table.WriteTexts(t, rows)
	}
	return api.DraftWaveAnnex200ApplicationvndOpenxmlformatsOfficedocumentSpreadsheetmlSheetResponse{Body: io.Reader(&b), Headers: headers, ContentLength: int64(b.Len())}, err
}

func plainRows(rows [][]annexCell) (all [][]string) {
	for _, row := range rows {
		var cells []string
		for _, c := range row {
			cells = append(cells, c.Text)
		}
		all = append(all, cells)
	}
	return all
}

func wireCounts(all []CaseCount) []api.CaseCount {
	out := []api.CaseCount{}
	for _, s := range all {
		out = append(out, api.CaseCount{State: api.CaseState(s.State), Count: s.Count})
	}
	return out
}

func wireWaveSummary(w Wave) api.WaveSummary {
	return api.WaveSummary{Id: w.ID, Title: w.Title, Count: w.Count(), States: wireCounts(w.States), OpenedAt: w.OpenedAt}
}

func wireWave(ctx context.Context, w Wave) api.Wave {
	out := api.Wave{Id: w.ID, Title: w.Title, Count: w.Count(), States: wireCounts(w.States), OpenedAt: w.OpenedAt, Etag: problem.ETag(w.Version), Members: make([]api.WaveMember, 0, len(w.Members)),
		Allowed: access.Allowed(ctx, "wave", "add", "except", "move", "print")}
	for _, m := range w.Members {
		x := api.WaveMember{CaseId: m.ID, Name: m.Name, Language: m.Language, State: api.CaseState(m.State), Since: types.Date{Time: m.Since}, Version: m.Version, OriginOffice: m.OriginOffice,
			Market: string(m.Market), InstrumentId: m.InstrumentID, Exception: wire.Optional(m.Exception)}
		if m.OpenOppositions > 0 {
			x.OpenOppositions = new(m.OpenOppositions)
		}
		out.Members = append(out.Members, x)
	}
	return out
}
