package status

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/oapi-codegen/runtime/types"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/translog"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

// API serves the operation of the tag status.
type API struct {
	db    *tenancy.DB
	words *locale.Bundle
	log   *translog.Log
	now   func() time.Time
}

// NewAPI returns the operation over db; words hold the sentences of the answers, and the log their proofs.
func NewAPI(db *tenancy.DB, words *locale.Bundle, log *translog.Log, now func() time.Time) *API {
	return &API{db, words, log, now}
}

// ReadStatus answers whether a name may be used in a market on a day.
func (a *API) ReadStatus(ctx context.Context, r api.ReadStatusRequestObject) (api.ReadStatusResponseObject, error) {
	var on *time.Time
	if r.Params.On != nil {
		on = &r.Params.On.Time
	}
	q, err := Ask(r.Params.Name, r.Params.Market, on, text(r.Params.Holder), a.now().UTC())
	if err != nil {
		return nil, err
	}
	answer, err := Check(ctx, a.db, q)
	if err != nil {
		return nil, err
	}
	t := locale.From(ctx)
	w := a.wire(answer, t)
	if r.Params.Proof != nil && *r.Params.Proof {
		if err := a.prove(ctx, answer, w.Reasons); err != nil {
			return nil, err
		}
	}
	body, err := json.Marshal(w)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(body)
	return response{body: body, etag: `"` + hex.EncodeToString(sum[:12]) + `"`, known: text(r.Params.IfNoneMatch), private: answer.Sandbox}, nil
}

// prove puts the log's proof to each record that is cited. What was published a moment ago has none yet.
// What other houses publish has the proof of their own log.
func (a *API) prove(ctx context.Context, answer Answer, reasons []api.StatusReason) error {
	reader := ctx
	if !answer.Sandbox {
		reader = tenancy.In(ctx, tenancy.Public)
	}
	for n, r := range reasons {
		if r.Record == nil {
			continue
		}
		if house := answer.Reasons[n].Record.House; house != nil {
			r.Record.Proof = wire.Optional(house.Proof)
			continue
		}
		p, err := a.log.Prove(reader, r.Record.PublicationId)
		if errors.Is(err, translog.ErrNotYet) {
			continue
		}
		if err != nil {
			return err
		}
		r.Record.Proof = &p.TLog
	}
	return nil
}

// response is an answer, already written; or word that the asker knows it.
type response struct {
	body    []byte
	etag    string
	known   string // If-None-Match
	private bool   // it is of a sandbox: no cache may give it to anybody else
}

// VisitReadStatusResponse writes the answer. A minute in shared caches takes the load of a rush; a cancellation is seen a
// minute later, and the answer to yesterday's question never changes without a correction.
func (r response) VisitReadStatusResponse(w http.ResponseWriter) error {
	h := w.Header()
	h.Set("ETag", r.etag)
	h.Set("Cache-Control", "public, max-age=60")
	h.Set("Vary", "Accept-Language, Accept-Encoding") // and on nobody's identity: the answer is the same for all
	if r.private {
		h.Set("Cache-Control", "private, no-store")
		h.Set("Vary", "Accept-Language, Accept-Encoding, Authorization, Cookie")
	}
	for known := range strings.SplitSeq(r.known, ",") {
		if known = strings.TrimPrefix(strings.TrimSpace(known), "W/"); known == r.etag || known == "*" {
			w.WriteHeader(http.StatusNotModified)
			return nil
		}
	}
	h.Set("Content-Type", "application/json")
	_, err := w.Write(r.body)
	return err
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func (a *API) wire(answer Answer, t locale.Tag) api.Status {
	q := answer.Asked
	w := api.Status{
		Answer: api.StatusAnswer(answer.Word), Message: answer.Sentence(a.words, t), Name: q.Name, NameAnswer: api.StatusAnswer(answer.Protected),
		Market: string(q.Market), MarketName: q.Market.Name(a.words, t), On: types.Date{Time: q.On},
		Names: make([]api.StatusName, 0, len(answer.Names)), Reasons: make([]api.StatusReason, 0, len(answer.Reasons)),
	}
	if q.Holder != "" {
		entitled := api.StatusAnswer(answer.Entitled)
		w.Holder, w.HolderAnswer = &q.Holder, &entitled
	}
	for _, n := range answer.Names {
		w.Names = append(w.Names, api.StatusName{Text: n.Text, Language: n.Language, Kind: n.Kind})
	}
	for _, r := range answer.Reasons {
		w.Reasons = append(w.Reasons, wireReason(r, r.Sentence(a.words, t, q), q.Today, t))
	}
	return w
}

func wireReason(r Reason, sentence string, today time.Time, t locale.Tag) api.StatusReason {
	w := api.StatusReason{Code: string(r.Code), Says: api.StatusAnswer(r.Says), Message: sentence, From: date(r.From), Until: date(r.Until), Sources: []api.Source{}}
	for _, s := range r.Sources {
		w.Sources = append(w.Sources, api.Source{Title: s.Title, Url: wire.Optional(s.URL), DocumentId: s.DocumentID, Page: wire.Optional(s.Page), RetrievedAt: s.RetrievedAt})
	}
	if r.Record != nil {
		w.Record = &api.StatusRecord{
			Kind: r.Record.Kind, Id: r.Record.ID, PublicationId: r.Record.Publication, PublishedAt: r.Record.PublishedAt, Demo: r.Record.Publisher.Demo,
			Publisher: api.StatusPublisher{Slug: r.Record.Publisher.Slug, Names: r.Record.Publisher.Names},
		}
		if h := r.Record.House; h != nil {
			w.Record.House = &api.StatusHouse{Name: h.Name, Url: h.URL, CheckedAt: h.CheckedAt}
		}
		at := r.AsOf()
		age := int(today.Sub(at.UTC().Truncate(24*time.Hour)).Hours() / 24)
		w.AsOf, w.AgeDays = &at, &age
	}
	if r.Basis != nil && r.Basis.Kind != "" {
		w.Basis = &api.StatusBasis{Kind: r.Basis.Kind, Office: string(r.Basis.Office), Number: r.Basis.Number, Holder: wire.Optional(locale.Pick(t, r.Basis.Holder.Names))}
	}
	if u := r.Use; u != nil {
		w.Use = &api.StatusUse{Kind: api.MarkUserKind(u.Kind), CreditCode: string(u.CreditCode), Names: u.Names, Status: api.MarkStatus(u.Status), Notice: wire.Optional(u.Notice)}
		if u.Ground != "" {
			w.Use.Ground = new(api.MarkEndGround(u.Ground))
		}
	}
	if r.Recognition != nil {
		w.Recognition, w.Instrument = wireRecognition(*r.Recognition)
	}
	return w
}

func wireRecognition(c recognition.Content) (*api.StatusRecognition, *api.StatusInstrument) {
	r := &api.StatusRecognition{
		Market: string(c.Market), OriginOffice: c.OriginOffice, Name: c.Name, Language: c.Language, List: c.List, Position: c.Position,
		Protection: api.Protection(c.Protection), Limits: c.Limits, PhaseOutUntil: c.PhaseOutUntil,
	}
	if r.Limits == nil {
		r.Limits = api.Text{}
	}
	if c.Instrument == nil {
		return r, nil
	}
	return r, &api.StatusInstrument{Code: c.Instrument.Code, Titles: c.Instrument.Titles, InForceOn: c.Instrument.InForceOn, EndedOn: c.Instrument.EndedOn}
}

func date(d *time.Time) *types.Date {
	if d == nil {
		return nil
	}
	return &types.Date{Time: *d}
}
