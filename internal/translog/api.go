package translog

import (
	"context"
	"encoding/base64"
	"strings"

	"github.com/helianthus-gi/helianthus/api"
)

// API serves the operations of the tag log.
type API struct{ log *Log }

// NewAPI returns the operations of the log.
func NewAPI(log *Log) *API { return &API{log} }

// ReadLog tells what the log is called and how far its witnesses are.
func (a *API) ReadLog(ctx context.Context, _ api.ReadLogRequestObject) (api.ReadLogResponseObject, error) {
	i, err := a.log.Info(ctx)
	if err != nil {
		return nil, err
	}
	w := api.LogInfo{Origin: i.Origin, Keys: i.Keys, Fingerprint: i.Fingerprint(), Size: i.Size, WitnessKey: &i.Witness, Checkpoint: i.Signed, Witnesses: []api.LogWitness{}}
	for _, s := range i.Witnesses {
		one := api.LogWitness{Name: s.Name, Size: s.Size, At: s.At}
		if s.Error != "" {
			why := api.LogWitnessError(s.Error)
			one.Error = &why
		}
		w.Witnesses = append(w.Witnesses, one)
	}
	return api.ReadLog200JSONResponse{Body: w, Headers: api.ReadLog200ResponseHeaders{CacheControl: new(Soon)}}, nil
}

// ReadCheckpoint serves the newest checkpoint.
func (a *API) ReadCheckpoint(ctx context.Context, _ api.ReadCheckpointRequestObject) (api.ReadCheckpointResponseObject, error) {
	signed, err := a.log.Checkpoint(ctx)
	if err != nil {
		return nil, err
	}
	return api.ReadCheckpoint200TextResponse{Body: signed, Headers: api.ReadCheckpoint200ResponseHeaders{CacheControl: new(Soon)}}, nil
}

// ListLogEntries lists what the log says, for people who look.
func (a *API) ListLogEntries(ctx context.Context, r api.ListLogEntriesRequestObject) (api.ListLogEntriesResponseObject, error) {
	limit, cursor := 50, ""
	if r.Params.Limit != nil {
		limit = *r.Params.Limit
	}
	if r.Params.Cursor != nil {
		cursor = *r.Params.Cursor
	}
	found, size, next, err := a.log.Entries(ctx, limit, cursor)
	list := api.LogEntryList{Items: make([]api.LogEntry, len(found)), Size: size}
	for i, e := range found {
		list.Items[i] = wire(e)
	}
	if next != "" {
		list.Next = &next
	}
	return api.ListLogEntries200JSONResponse(list), err
}

// ReadLogEntry shows an entry with its proof.
func (a *API) ReadLogEntry(ctx context.Context, r api.ReadLogEntryRequestObject) (api.ReadLogEntryResponseObject, error) {
	e, err := a.log.Entry(ctx, r.Index)
	if err != nil {
		return nil, err
	}
	w := api.ProvedLogEntry{Entry: wire(e.Logged), Leaf: e.Leaf.String(), Path: make([]string, len(e.Path)), Proof: e.TLog, Signatures: make([]api.LogSignature, len(e.Signatures))}
	for i, h := range e.Path {
		w.Path[i] = h.String()
	}
	for i, s := range e.Signatures {
		w.Signatures[i] = api.LogSignature{Name: s.Name, Key: s.Key}
	}
	return api.ReadLogEntry200JSONResponse(w), nil
}

func wire(e Logged) api.LogEntry {
	w := api.LogEntry{Index: e.Index, At: e.At, Text: string(e.Text)}
	if e.Commitment != "" {
		w.Commitment = &e.Commitment
		return w
	}
	w.Event, w.Kind, w.Publisher, w.PublicationId, w.Version, w.Sha256 = new(api.LogEntryEvent(e.Event)), &e.Kind, &e.Publisher, &e.Publication, &e.Version, &e.SHA256
	return w
}

// ReadProof proves a publication's last event.
func (a *API) ReadProof(ctx context.Context, r api.ReadProofRequestObject) (api.ReadProofResponseObject, error) {
	p, err := a.log.Prove(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	w := api.LogProof{Index: p.Index, Entry: string(p.Entry), Proof: p.TLog}
	if p.Salt != nil {
		w.Salt, w.Opened = new(base64.StdEncoding.EncodeToString(p.Salt)), new(strings.Clone(string(p.Opened)))
	}
	return api.ReadProof200JSONResponse(w), nil
}
