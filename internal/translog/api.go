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

// soon lets caches keep what changes with every checkpoint for a moment.
const soon = "public, max-age=1"

// ReadLog tells what the log is called and how far its witnesses are.
func (a *API) ReadLog(ctx context.Context, _ api.ReadLogRequestObject) (api.ReadLogResponseObject, error) {
	i, err := a.log.Info(ctx)
	if err != nil {
		return nil, err
	}
	w := api.LogInfo{Origin: i.Origin, Keys: i.Keys, Size: i.Size, Checkpoint: i.Signed, Witnesses: []api.LogWitness{}}
	if i.Witness != "" {
		w.WitnessKey = &i.Witness
	}
	for _, s := range i.Witnesses {
		one := api.LogWitness{Name: s.Name, Size: s.Size, At: s.At}
		if s.Error != "" {
			why := api.LogWitnessError(s.Error)
			one.Error = &why
		}
		w.Witnesses = append(w.Witnesses, one)
	}
	return api.ReadLog200JSONResponse{Body: w, Headers: api.ReadLog200ResponseHeaders{CacheControl: new(soon)}}, nil
}

// ReadCheckpoint serves the newest checkpoint.
func (a *API) ReadCheckpoint(ctx context.Context, _ api.ReadCheckpointRequestObject) (api.ReadCheckpointResponseObject, error) {
	signed, err := a.log.Checkpoint(ctx)
	if err != nil {
		return nil, err
	}
	return api.ReadCheckpoint200TextResponse{Body: signed, Headers: api.ReadCheckpoint200ResponseHeaders{CacheControl: new(soon)}}, nil
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
