package promotion

import (
	"context"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

func wireScore(v Score) api.PromotionScore {
	w := api.PromotionScore{Id: v.ID, ProgrammeId: v.ProgrammeID, ApplicationId: v.ApplicationID, Number: v.Number, PersonId: v.PersonID, PersonName: v.PersonName, Stand: api.PromotionStand(v.Stand), Note: wire.Optional(v.Note), ScoredAt: v.ScoredAt}
	if v.Stand == Scored {
		w.Points = new(api.PromotionPoints(v.Points))
	}
	return w
}

// ListPromotionScores lists what members of the committee said.
func (a *API) ListPromotionScores(ctx context.Context, r api.ListPromotionScoresRequestObject) (api.ListPromotionScoresResponseObject, error) {
	p := r.Params
	f := ScoreFilter{Programme: p.ProgrammeId, Application: p.ApplicationId, Stand: Stand(wire.Or(p.Stand))}
	found, next, err := a.promotions.Scores(ctx, f, wire.Limit(p.Limit), wire.Or(p.Cursor))
	if err != nil {
		return nil, err
	}
	w := api.PromotionScoreList{Items: make([]api.PromotionScore, 0, len(found)), Next: wire.Optional(next)}
	for _, one := range found {
		w.Items = append(w.Items, wireScore(one))
	}
	if wire.Or(p.Count) {
		n, err := a.promotions.CountScores(ctx, f)
		if err != nil {
			return nil, err
		}
		w.Count = &n
	}
	return api.ListPromotionScores200JSONResponse{Body: w}, nil
}

// GivePromotionScore records what a member says.
func (a *API) GivePromotionScore(ctx context.Context, r api.GivePromotionScoreRequestObject) (api.GivePromotionScoreResponseObject, error) {
	v, err := a.promotions.Give(ctx, Score{ApplicationID: r.Body.ApplicationId, Stand: Stand(r.Body.Stand), Points: Ballot(wire.Or(r.Body.Points)), Note: wire.Or(r.Body.Note)})
	return api.GivePromotionScore201JSONResponse(wireScore(v)), err
}

// ReadPromotionRanking shows the order as it is now.
func (a *API) ReadPromotionRanking(ctx context.Context, r api.ReadPromotionRankingRequestObject) (api.ReadPromotionRankingResponseObject, error) {
	_, all, err := a.promotions.Ranking(ctx, r.Id)
	w := api.PromotionRanking{Items: make([]api.PromotionRank, 0, len(all))}
	for _, e := range all {
		w.Items = append(w.Items, api.PromotionRank{Position: e.Position, ApplicationId: e.ApplicationID, Number: e.Number, Points: e.Mean.FloatString(2), Scored: len(e.Ballots), Abstained: e.Abstained, Conflicts: e.Conflicts})
	}
	return api.ReadPromotionRanking200JSONResponse(w), err
}
