package marks

import (
	"context"
	"io"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

// ListMarkBatches lists batches.
func (a *API) ListMarkBatches(ctx context.Context, r api.ListMarkBatchesRequestObject) (api.ListMarkBatchesResponseObject, error) {
	p := r.Params
	f := BatchFilter{Registration: p.RegistrationId, Authorisation: p.AuthorisationId, Printer: wire.Or(p.Printer)}
	found, sums, next, err := a.batches.List(ctx, f, wire.Limit(p.Limit), wire.Or(p.Cursor))
	if err != nil {
		return nil, err
	}
	w := api.MarkBatchList{Items: make([]api.MarkBatch, 0, len(found)), Next: wire.Optional(next)}
	for _, b := range found {
		w.Items = append(w.Items, wireBatch(ctx, b, sums[b.ID]))
	}
	if wire.Or(p.Count) {
		n, err := a.batches.Count(ctx, f)
		if err != nil {
			return nil, err
		}
		w.Count = &n
	}
	return api.ListMarkBatches200JSONResponse{Body: w}, nil
}

// OrderMarkBatch orders marks.
func (a *API) OrderMarkBatch(ctx context.Context, r api.OrderMarkBatchRequestObject) (api.OrderMarkBatchResponseObject, error) {
	b := r.Body
	made, err := a.batches.Order(ctx, BatchOrder{RegistrationID: b.RegistrationId, AuthorisationID: b.AuthorisationId, Design: b.Design, DocumentID: b.DocumentId, Printer: b.Printer, Count: int64(b.Count), OrderedOn: b.OrderedOn.Time, Reference: wire.Or(b.Reference)})
	if err != nil {
		return nil, err
	}
	return api.OrderMarkBatch201JSONResponse{Body: wireBatch(ctx, made, []Balance{{Ordered, made.Count}}), Headers: api.OrderMarkBatch201ResponseHeaders{Location: new("/api/v1/mark-batches/" + made.ID.String())}}, nil
}

// ReadMarkBatch shows a batch.
func (a *API) ReadMarkBatch(ctx context.Context, r api.ReadMarkBatchRequestObject) (api.ReadMarkBatchResponseObject, error) {
	b, sums, err := a.batches.Read(ctx, r.Id)
	return api.ReadMarkBatch200JSONResponse(wireBatch(ctx, b, sums)), err
}

// ListMarkHoldings shows where the numbers of a batch are.
func (a *API) ListMarkHoldings(ctx context.Context, r api.ListMarkHoldingsRequestObject) (api.ListMarkHoldingsResponseObject, error) {
	found, next, err := a.batches.Holdings(ctx, r.Id, int64(wire.Or(r.Params.From)), wire.Limit(r.Params.Limit), wire.Or(r.Params.Cursor))
	w := api.ListMarkHoldings200JSONResponse{Items: make([]api.MarkHolding, 0, len(found)), Next: wire.Optional(next)}
	for _, h := range found {
		w.Items = append(w.Items, api.MarkHolding{First: int(h.Numbers.First), Count: int(h.Numbers.Count), Place: wirePlace(h.Place)})
	}
	return w, err
}

// ListMarkScans sums the scans of a batch.
func (a *API) ListMarkScans(ctx context.Context, r api.ListMarkScansRequestObject) (api.ListMarkScansResponseObject, error) {
	all, err := a.batches.Scans(ctx, r.Id)
	w := api.ListMarkScans200JSONResponse{Items: make([]api.MarkScanSum, 0, len(all))}
	for _, s := range all {
		w.Items = append(w.Items, api.MarkScanSum{Verdict: api.MarkVerdict(s.Verdict), Country: wire.Optional(s.Country), Scans: s.Scans, Codes: s.Codes, LastAt: s.LastAt})
	}
	return w, err
}

// ListMarkCounts shows the stock-takings of a batch.
func (a *API) ListMarkCounts(ctx context.Context, r api.ListMarkCountsRequestObject) (api.ListMarkCountsResponseObject, error) {
	all, err := a.batches.Counts(ctx, r.Id)
	w := api.ListMarkCounts200JSONResponse{Items: make([]api.MarkCount, 0, len(all))}
	for _, c := range all {
		w.Items = append(w.Items, wireCount(c))
	}
	return w, err
}

// CountMarkBatch keeps a stock-taking.
func (a *API) CountMarkBatch(ctx context.Context, r api.CountMarkBatchRequestObject) (api.CountMarkBatchResponseObject, error) {
	b := r.Body
	c := Count{BatchID: r.Id, Place: Place{PlaceKind(b.Place), wire.Or(b.Name)}, CountedOn: b.CountedOn.Time, Explanation: wire.Or(b.Explanation), Witnesses: wire.Or(b.Witnesses)}
	for _, n := range b.Counted {
		c.Counted = append(c.Counted, Numbers{int64(n.First), int64(n.Count)})
	}
	made, err := a.batches.TakeStock(ctx, c)
	return api.CountMarkBatch201JSONResponse(wireCount(made)), err
}

// ExportMarkBatch streams the codes of a batch.
func (a *API) ExportMarkBatch(ctx context.Context, r api.ExportMarkBatchRequestObject) (api.ExportMarkBatchResponseObject, error) {
	form := PrintCSV
	if r.Params.Format != nil {
		form = PrintForm(*r.Params.Format)
	}
	f, b, err := a.batches.PrintFile(ctx, r.Id, form, Numbers{int64(wire.Or(r.Params.First)), int64(wire.Or(r.Params.Count))}, a.base)
	if err != nil {
		return nil, err
	}
	read, write := io.Pipe()
	go func() { write.CloseWithError(f.Write(ctx, write)) }()
	headers := api.ExportMarkBatch200ResponseHeaders{ContentDisposition: new(`attachment; filename="marks-` + b.ID.String() + `.` + string(form) + `"`)}
	switch form {
	case PrintZPL:
		return api.ExportMarkBatch200ApplicationoctetStreamResponse{Body: read, Headers: headers}, nil
	case PrintPDF:
		return api.ExportMarkBatch200ApplicationpdfResponse{Body: read, Headers: headers}, nil
	}
	return api.ExportMarkBatch200TextcsvResponse{Body: read, Headers: headers}, nil
}

// ListMarkMoves shows the ledger.
func (a *API) ListMarkMoves(ctx context.Context, r api.ListMarkMovesRequestObject) (api.ListMarkMovesResponseObject, error) {
	p := r.Params
	f := MoveFilter{Batch: p.BatchId, Act: MoveAct(wire.Or(p.Act)), Authorisation: p.AuthorisationId, From: wire.TimeOf(p.HappenedFrom), To: wire.TimeOf(p.HappenedTo)}
	found, next, err := a.batches.Moves(ctx, f, wire.Limit(p.Limit), wire.Or(p.Cursor))
	if err != nil {
		return nil, err
	}
	w := api.MarkMoveList{Items: make([]api.MarkMove, 0, len(found)), Next: wire.Optional(next)}
	for _, m := range found {
		w.Items = append(w.Items, wireMove(m))
	}
	if wire.Or(p.Count) {
		n, err := a.batches.CountMoves(ctx, f)
		if err != nil {
			return nil, err
		}
		w.Count = &n
	}
	return api.ListMarkMoves200JSONResponse{Body: w}, nil
}

// ListMarkKeys lists the keys of codes.
func (a *API) ListMarkKeys(ctx context.Context, _ api.ListMarkKeysRequestObject) (api.ListMarkKeysResponseObject, error) {
	all, err := a.batches.Keys(ctx)
	w := api.ListMarkKeys200JSONResponse{Items: make([]api.MarkKey, 0, len(all))}
	for _, k := range all {
		w.Items = append(w.Items, wireKey(ctx, k))
	}
	return w, err
}

// RotateMarkKey makes the key of the batches to come.
func (a *API) RotateMarkKey(ctx context.Context, _ api.RotateMarkKeyRequestObject) (api.RotateMarkKeyResponseObject, error) {
	k, err := a.batches.RotateKey(ctx)
	return api.RotateMarkKey201JSONResponse(wireKey(ctx, k)), err
}

func wireKey(ctx context.Context, k Key) api.MarkKey {
	w := api.MarkKey{Version: k.Version, CreatedAt: k.CreatedAt, RetiredAt: k.RetiredAt, Allowed: []string{}}
	if k.RetiredAt == nil {
		w.Allowed = access.Allowed(ctx, "mark-key", "rotate")
	}
	return w
}

// batchActs are what may be done with a batch by where its marks are: an act is shown as long as one mark allows it.
func batchActs(sums []Balance) []MoveAct {
	var acts []MoveAct
	for _, act := range MoveActs() {
		for _, s := range sums {
			if _, err := ledger.Next(s.Kind, act); err == nil || act == MoveCorrect {
				acts = append(acts, act)
				break
			}
		}
	}
	return append(acts, "count", "export")
}

func wireBatch(ctx context.Context, b Batch, sums []Balance) api.MarkBatch {
	w := api.MarkBatch{Id: b.ID, Code: int(b.Code), KeyVersion: b.KeyVersion, RegistrationId: b.RegistrationID, AuthorisationId: b.AuthorisationID, Design: b.Design, DocumentId: b.DocumentID, Printer: b.Printer,
		Count: int(b.Count), Balances: []api.MarkBalance{}, CreatedName: b.CreatedName, CreatedAt: b.CreatedAt, Allowed: access.Allowed(ctx, "mark-batch", batchActs(sums)...)}
	for _, s := range sums {
		w.Balances = append(w.Balances, api.MarkBalance{Kind: api.MarkPlaceKind(s.Kind), Count: int(s.Count)})
	}
	return w
}

func wireMove(m Move) api.MarkMove {
	w := api.MarkMove{Id: m.ID, BatchId: m.BatchID, Seq: m.Seq, Act: api.MarkMoveAct(m.Act), First: int(m.Numbers.First), Count: int(m.Numbers.Count), FromPlace: wirePlace(m.From), ToPlace: wirePlace(m.To), HappenedOn: wire.Day(m.HappenedOn),
		Reference: wire.Optional(m.Reference), Reason: wire.Optional(m.Reason), Lot: wire.Optional(m.Lot), Packages: m.Packages, Destination: wire.Optional(m.Destination), Witnesses: some(m.Witnesses), Documents: some(m.Documents), Corrects: m.Corrects,
		RecordedName: m.RecordedName, RecordedAt: m.RecordedAt}
	if m.WeightG != nil {
		w.WeightG = new(int(*m.WeightG))
	}
	return w
}

func wireCount(c Count) api.MarkCount {
	return api.MarkCount{Id: c.ID, Place: wirePlace(c.Place), CountedOn: wire.Day(c.CountedOn), Counted: wireNumbers(c.Counted), Missing: wireNumbers(c.Missing), Surplus: wireNumbers(c.Surplus),
		Explanation: wire.Optional(c.Explanation), Witnesses: some(c.Witnesses), RecordedName: c.RecordedName, RecordedAt: c.RecordedAt}
}

// move is what every move has in common.
func (a *API) move(ctx context.Context, batch uuid.UUID, act MoveAct, b *api.MarkMoveInput) (api.MarkMove, error) {
	d := Doing{Act: act, Numbers: Numbers{int64(b.First), int64(b.Count)}, HappenedOn: b.HappenedOn.Time, Warehouse: wire.Or(b.Warehouse), Authorisation: wire.Or(b.AuthorisationId), Corrects: wire.Or(b.MoveId),
		Facts: Facts{Reference: wire.Or(b.Reference), Reason: wire.Or(b.Reason), Lot: wire.Or(b.Lot), Packages: b.Packages, Destination: wire.Or(b.Destination), Witnesses: wire.Or(b.Witnesses), Documents: wire.Or(b.Documents)}}
	if b.WeightG != nil {
		d.WeightG = new(int64(*b.WeightG))
	}
	m, err := a.batches.Do(ctx, batch, d)
	return wireMove(m), err
}

// PrintMarkBatch records that marks were printed.
func (a *API) PrintMarkBatch(ctx context.Context, r api.PrintMarkBatchRequestObject) (api.PrintMarkBatchResponseObject, error) {
	w, err := a.move(ctx, r.Id, MovePrint, r.Body)
	return api.PrintMarkBatch201JSONResponse(w), err
}

// ReceiveMarkBatch takes marks into stock.
func (a *API) ReceiveMarkBatch(ctx context.Context, r api.ReceiveMarkBatchRequestObject) (api.ReceiveMarkBatchResponseObject, error) {
	w, err := a.move(ctx, r.Id, MoveReceive, r.Body)
	return api.ReceiveMarkBatch201JSONResponse(w), err
}

// TransferMarkBatch moves marks to another warehouse.
func (a *API) TransferMarkBatch(ctx context.Context, r api.TransferMarkBatchRequestObject) (api.TransferMarkBatchResponseObject, error) {
	w, err := a.move(ctx, r.Id, MoveTransfer, r.Body)
	return api.TransferMarkBatch201JSONResponse(w), err
}

// IssueMarkBatch issues marks to a holder.
func (a *API) IssueMarkBatch(ctx context.Context, r api.IssueMarkBatchRequestObject) (api.IssueMarkBatchResponseObject, error) {
	w, err := a.move(ctx, r.Id, MoveIssue, r.Body)
	return api.IssueMarkBatch201JSONResponse(w), err
}

// UseMarkBatch records that marks were put on goods.
func (a *API) UseMarkBatch(ctx context.Context, r api.UseMarkBatchRequestObject) (api.UseMarkBatchResponseObject, error) {
	w, err := a.move(ctx, r.Id, MoveUse, r.Body)
	return api.UseMarkBatch201JSONResponse(w), err
}

// ReturnMarkBatch takes unused marks back.
func (a *API) ReturnMarkBatch(ctx context.Context, r api.ReturnMarkBatchRequestObject) (api.ReturnMarkBatchResponseObject, error) {
	w, err := a.move(ctx, r.Id, MoveReturn, r.Body)
	return api.ReturnMarkBatch201JSONResponse(w), err
}

// VoidMarkBatch takes marks out of use.
func (a *API) VoidMarkBatch(ctx context.Context, r api.VoidMarkBatchRequestObject) (api.VoidMarkBatchResponseObject, error) {
	w, err := a.move(ctx, r.Id, MoveVoid, r.Body)
	return api.VoidMarkBatch201JSONResponse(w), err
}

// LoseMarkBatch records marks as lost.
func (a *API) LoseMarkBatch(ctx context.Context, r api.LoseMarkBatchRequestObject) (api.LoseMarkBatchResponseObject, error) {
	w, err := a.move(ctx, r.Id, MoveLose, r.Body)
	return api.LoseMarkBatch201JSONResponse(w), err
}

// FindMarkBatch takes found marks into stock.
func (a *API) FindMarkBatch(ctx context.Context, r api.FindMarkBatchRequestObject) (api.FindMarkBatchResponseObject, error) {
	w, err := a.move(ctx, r.Id, MoveFind, r.Body)
	return api.FindMarkBatch201JSONResponse(w), err
}

// DestroyMarkBatch records that marks were destroyed.
func (a *API) DestroyMarkBatch(ctx context.Context, r api.DestroyMarkBatchRequestObject) (api.DestroyMarkBatchResponseObject, error) {
	w, err := a.move(ctx, r.Id, MoveDestroy, r.Body)
	return api.DestroyMarkBatch201JSONResponse(w), err
}

// CorrectMarkBatch puts marks back.
func (a *API) CorrectMarkBatch(ctx context.Context, r api.CorrectMarkBatchRequestObject) (api.CorrectMarkBatchResponseObject, error) {
	w, err := a.move(ctx, r.Id, MoveCorrect, r.Body)
	return api.CorrectMarkBatch201JSONResponse(w), err
}
