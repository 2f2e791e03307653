package marks

import (
	"context"
	"time"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

// ListMarkProducers lists the producers of a registration's mark.
func (a *API) ListMarkProducers(ctx context.Context, r api.ListMarkProducersRequestObject) (api.ListMarkProducersResponseObject, error) {
	p := r.Params
	f := ProducerFilter{Words: wire.Or(p.Q), Registration: p.RegistrationId, Township: wire.Or(p.Township), Exports: p.Exports, Counted: p.Counted}
	found, next, err := a.usages.Producers(ctx, f, wire.Limit(p.Limit), wire.Or(p.Cursor))
	if err != nil {
		return nil, err
	}
	w := api.MarkProducerList{Items: make([]api.MarkProducer, 0, len(found)), Next: wire.Optional(next)}
	for _, one := range found {
		w.Items = append(w.Items, wireProducer(ctx, one))
	}
	if wire.Or(p.Count) {
		n, err := a.usages.CountProducers(ctx, f)
		if err != nil {
			return nil, err
		}
		w.Count = &n
	}
	return api.ListMarkProducers200JSONResponse{Body: w}, nil
}

// CreateMarkProducer enters a producer.
func (a *API) CreateMarkProducer(ctx context.Context, r api.CreateMarkProducerRequestObject) (api.CreateMarkProducerResponseObject, error) {
	b := r.Body
	p, err := a.usages.Create(ctx, b.RegistrationId, ProducerFacts{CreditCode: CreditCode(b.CreditCode), Name: b.Name, Township: wire.Or(b.Township), Exports: wire.Or(b.Exports), ListedOn: b.ListedOn.Time, EndedOn: wire.TimeOf(b.EndedOn),
		Excluded: wire.Or(b.Excluded), Source: b.Source})
	return api.CreateMarkProducer201JSONResponse{Body: wireProducer(ctx, p), Headers: api.CreateMarkProducer201ResponseHeaders{ETag: new(problem.ETag(p.Version)), Location: new("/api/v1/mark-producers/" + p.ID.String())}}, err
}

// ReadMarkProducer shows one.
func (a *API) ReadMarkProducer(ctx context.Context, r api.ReadMarkProducerRequestObject) (api.ReadMarkProducerResponseObject, error) {
	p, err := a.usages.Producer(ctx, r.Id)
	return api.ReadMarkProducer200JSONResponse{Body: wireProducer(ctx, p), Headers: api.ReadMarkProducer200ResponseHeaders{ETag: new(problem.ETag(p.Version))}}, err
}

// UpdateMarkProducer replaces what is kept of one.
func (a *API) UpdateMarkProducer(ctx context.Context, r api.UpdateMarkProducerRequestObject) (api.UpdateMarkProducerResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	b := r.Body
	p, err := a.usages.Update(ctx, r.Id, version, ProducerFacts{Name: b.Name, Township: wire.Or(b.Township), Exports: wire.Or(b.Exports), ListedOn: b.ListedOn.Time, EndedOn: wire.TimeOf(b.EndedOn), Excluded: wire.Or(b.Excluded), Source: b.Source})
	return api.UpdateMarkProducer200JSONResponse{Body: wireProducer(ctx, p), Headers: api.UpdateMarkProducer200ResponseHeaders{ETag: new(problem.ETag(p.Version))}}, err
}

// ImportMarkProducers begins to read a file of producers.
func (a *API) ImportMarkProducers(ctx context.Context, r api.ImportMarkProducersRequestObject) (api.ImportMarkProducersResponseObject, error) {
	b := r.Body
	i, err := a.usages.Import(ctx, b.DocumentId, ListImport{RegistrationID: b.RegistrationId, Source: b.Source, ListedOn: b.ListedOn.Format(time.DateOnly)})
	if err != nil {
		return nil, err
	}
	w, err := a.imports(ctx, i)
	return api.ImportMarkProducers202JSONResponse{Body: w, Headers: api.ImportMarkProducers202ResponseHeaders{Location: new("/api/v1/tasks/" + i.TaskID.String())}}, err
}

func wireProducer(ctx context.Context, p Producer) api.MarkProducer {
	return api.MarkProducer{Id: p.ID, Version: p.Version, RegistrationId: p.RegistrationID, CreditCode: string(p.CreditCode), Name: p.Name, Township: p.Township, Exports: p.Exports, ListedOn: wire.Day(p.ListedOn), EndedOn: wire.DayOf(p.EndedOn),
		Excluded: wire.Optional(p.Excluded), Source: p.Source, CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt, UpdatedName: p.UpdatedName, Allowed: access.Allowed(ctx, "mark-producer", "update")}
}
