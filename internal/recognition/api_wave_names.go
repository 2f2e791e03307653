package recognition

import (
	"context"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

// waveIn reads cases, and names whose cases are opened alike.
func waveIn(cases *[]api.Id, names *[]api.WaveName, alike *api.WaveCases) (o WaveOpening) {
	if cases != nil {
		o.Cases = *cases
	}
	if names != nil {
		for _, n := range *names {
			o.Names = append(o.Names, waveNameIn(n))
		}
	}
	if alike != nil {
		o.Alike = new(alikeIn(*alike))
	}
	return o
}

func waveNameIn(n api.WaveName) WaveName {
	name := WaveName{Name: n.Name, Language: n.Language}
	if n.Forms != nil {
		for _, f := range *n.Forms {
			name.Forms = append(name.Forms, Form{Text: f.Text, Language: f.Language, Kind: FormKind(f.Kind), Scheme: or(f.Scheme)})
		}
	}
	if l := n.Registration; l != nil {
		name.Registration = &Link{Publisher: l.PublisherId, Record: l.RecordId}
	}
	return name
}

func alikeIn(c api.WaveCases) Opening {
	return Opening{Side: Side(c.Side), Other: or(c.Other), On: c.On.Time, Case: Case{OriginOffice: c.OriginOffice, Market: Market(c.Market), InstrumentID: c.InstrumentId, List: or(c.List)}}
}

// PreviewWave reads a list of names and says what becomes of each.
func (a *WaveAPI) PreviewWave(ctx context.Context, r api.PreviewWaveRequestObject) (api.PreviewWaveResponseObject, error) {
	b := r.Body
	in := WaveList{Document: b.DocumentId, Text: or(b.Text), Language: or(b.Language), Alike: alikeIn(b.Cases), Form: registry.ListForm{Headings: b.Headings, Pasted: b.DocumentId == nil}}
	if b.Columns != nil {
		for _, c := range *b.Columns {
			in.Form.Mapping.Columns = append(in.Form.Mapping.Columns, registry.MappedColumn{Heading: c.Heading, Field: string(c.Field)})
		}
		if err := in.Form.Mapping.Check(""); err != nil {
			return nil, err
		}
	}
	list, rows, err := a.waves.Preview(ctx, r.Id, in)
	if err != nil {
		return nil, err
	}
	out := api.PreviewWave200JSONResponse{Headings: list.Headings, Complete: list.Complete, Encoding: string(list.Encoding), UnknownColumns: list.Unknown, Columns: []api.ImportColumn{}, Rows: make([]api.WaveRow, 0, len(rows))}
	for _, c := range list.Columns {
		w := api.ImportColumn{Column: c.Column, Heading: c.Heading, Samples: c.Samples}
		if c.Field != "" {
			w.Field = new(api.ImportField(c.Field))
		}
		if c.Suggested != "" {
			w.Suggested = new(api.ImportField(c.Suggested))
		}
		out.Columns = append(out.Columns, w)
	}
	for _, row := range rows {
		out.Rows = append(out.Rows, a.rowOut(ctx, row))
	}
	return out, nil
}

func (a *WaveAPI) rowOut(ctx context.Context, r RowFate) api.WaveRow {
	w := api.WaveRow{Row: r.Row, Fate: api.WaveRowFate(r.Fate), CaseId: r.Case, Found: []api.FoundName{}, Findings: []api.ImportFinding{}}
	if r.Name.Name != "" {
		w.Name = new(waveNameOut(r.Name))
	}
	for _, f := range r.Found {
		w.Found = append(w.Found, api.FoundName{Name: waveNameOut(f.WaveName), Number: wire.Optional(f.Number)})
	}
	for _, p := range r.Findings {
		f := api.ImportFinding{Pointer: p.Pointer, Code: p.Code, Message: a.texts.T(locale.From(ctx), "problem."+p.Code+".title", p.Values), Severity: api.ImportFindingSeverity(registry.SeverityOf(p.Code))}
		if p.Column > 0 {
			f.Column = new(p.Column)
		}
		w.Findings = append(w.Findings, f)
	}
	return w
}

func waveNameOut(n WaveName) api.WaveName {
	w := api.WaveName{Name: n.Name, Language: n.Language, Forms: &[]api.RecognisedForm{}}
	for _, f := range n.Forms {
		*w.Forms = append(*w.Forms, api.RecognisedForm{Text: f.Text, Language: f.Language, Kind: api.RecognisedFormKind(f.Kind), Scheme: wire.Optional(f.Scheme)})
	}
	if l := n.Registration; l != nil {
		w.Registration = &api.RecognisedRegistration{PublisherId: l.Publisher, RecordId: l.Record}
	}
	return w
}

// AddToWave adds cases, and names whose cases it opens.
func (a *WaveAPI) AddToWave(ctx context.Context, r api.AddToWaveRequestObject) (api.AddToWaveResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	w, err := a.waves.Add(ctx, r.Id, version, waveIn(r.Body.CaseIds, r.Body.Names, r.Body.Cases))
	if err != nil {
		return nil, err
	}
	body := wireWave(ctx, w)
	return api.AddToWave200JSONResponse{Body: body, Headers: api.AddToWave200ResponseHeaders{ETag: &body.Etag}}, nil
}

// PrintWave has the draft of the annex set.
func (a *WaveAPI) PrintWave(ctx context.Context, r api.PrintWaveRequestObject) (api.PrintWaveResponseObject, error) {
	d, task, err := a.waves.Print(ctx, r.Id, locale.From(ctx))
	if err != nil {
		return nil, err
	}
	return api.PrintWave202JSONResponse{Body: api.WavePrint{DocumentId: d, TaskId: task}, Headers: api.PrintWave202ResponseHeaders{Location: new("/api/v1/tasks/" + task.String())}}, nil
}
