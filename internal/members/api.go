package members

import (
	"context"
	"encoding/json"
	"math/big"
	"time"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

// API serves the operations of the tag members.
type API struct {
	members  *Members
	dues     *Dues
	meetings *Meetings
	letters  *Letters
	papers   *Papers
	bundle   *locale.Bundle
	base     string // address of the house
	imports  func(context.Context, registry.Import) (api.RegistrationImport, error)
}

// NewAPI returns the operations of the verbs; imports writes an import as those of registrations are written.
func NewAPI(papers *Papers, b *locale.Bundle, base string, imports func(context.Context, registry.Import) (api.RegistrationImport, error)) *API {
	return &API{papers.Members, papers.Dues, papers.Meetings, papers.Meetings.Letters, papers, b, base, imports}
}

func none[T any](all []T) []T {
	if all == nil {
		return []T{}
	}
	return all
}

func shownArea(mu, hectares *big.Rat) api.AreaShown {
	return api.AreaShown{Mu: Decimal(mu), Hectares: Decimal(hectares)}
}

func areaIn(a *api.LandArea) *Area {
	if a == nil {
		return nil
	}
	return &Area{Value: a.Value, Unit: Unit(a.Unit)}
}

func factsIn(b *api.MemberInput) (f Facts, err error) {
	f = Facts{Category: Category(b.Category), Name: b.Name, CreditCode: marks.CreditCode(wire.Or(b.CreditCode)), Private: Private{IDNumber: wire.Or(b.IdNumber)}}
	if f.CreditCode != "" {
		if code, err := marks.ParseCreditCode(string(f.CreditCode)); err == nil { // what is no code is told by Check, with all else
			f.CreditCode = code
		}
	}
	if number, ok := ReadIDNumber(f.Private.IDNumber); ok {
		f.Private.IDNumber = number
	}
	c := Content{Representative: wire.Or(b.Representative), Address: wire.Or(b.Address), Declared: areaIn(b.DeclaredArea), Varieties: wire.Or(b.Varieties), Note: wire.Or(b.Note), Language: string(wire.Or(b.Language)), Documents: wire.Or(b.DocumentIds)}
	for _, x := range wire.Or(b.Contacts) {
		c.Contacts = append(c.Contacts, Contact{Name: x.Name, Role: wire.Or(x.Role)})
		f.Private.Reach = append(f.Private.Reach, Reach{Phone: wire.Or(x.Phone), Email: wire.Or(x.Email)})
	}
	for _, x := range wire.Or(b.Licences) {
		l := Licence{Kind: x.Kind, Number: x.Number}
		if x.UntilOn != nil {
			l.UntilOn = x.UntilOn.Format(time.DateOnly)
		}
		c.Licences = append(c.Licences, l)
	}
	for _, x := range wire.Or(b.Plots) {
		p := Plot{Name: x.Name, Place: wire.Or(x.Place), Area: *areaIn(&x.Area)}
		if x.Geometry != nil {
			if p.Geometry, err = json.Marshal(*x.Geometry); err != nil {
				return f, err
			}
		}
		c.Plots = append(c.Plots, p)
	}
	for _, x := range wire.Or(b.Production) {
		c.Production = append(c.Production, Production{Year: x.Year, Tonnes: x.Tonnes})
	}
	f.Content = c
	return f, nil
}

// ListMembers lists members.
func (a *API) ListMembers(ctx context.Context, r api.ListMembersRequestObject) (api.ListMembersResponseObject, error) {
	p := r.Params
	f := Filter{Words: wire.Or(p.Q), Category: Category(wire.Or(p.Category)), Status: Status(wire.Or(p.Status)), Standing: Standing(wire.Or(p.Standing))}
	found, next, err := a.members.List(ctx, f, wire.Limit(p.Limit), wire.Or(p.Cursor))
	if err != nil {
		return nil, err
	}
	owed, err := a.debtsOf(ctx, found)
	if err != nil {
		return nil, err
	}
	out := api.ListMembers200JSONResponse{Items: make([]api.MemberSummary, 0, len(found)), Next: wire.Optional(next)}
	for _, m := range found {
		s := api.MemberSummary{Id: m.ID, Number: wire.Optional(m.Number), Category: api.MemberCategory(m.Category), Status: api.MemberStatus(m.Status), Name: m.Name, CreditCode: wire.Optional(string(m.CreditCode)),
			Representative: wire.Optional(m.Content.Representative), Address: wire.Optional(m.Content.Address), AppliedOn: wire.Day(m.AppliedOn), AdmittedOn: wire.DayOf(m.AdmittedOn), EndedOn: wire.DayOf(m.EndedOn), UpdatedAt: m.UpdatedAt, Standing: api.DuesStanding(owed[m.ID].Standing)}
		if mu, hectares := m.Content.Land(); mu.Sign() > 0 {
			s.Area = new(shownArea(mu, hectares))
		}
		out.Items = append(out.Items, s)
	}
	if wire.Or(p.Count) {
		n, err := a.members.Count(ctx, f)
		if err != nil {
			return nil, err
		}
		out.Count = &n
	}
	return out, nil
}

// CreateMember enters an application.
func (a *API) CreateMember(ctx context.Context, r api.CreateMemberRequestObject) (api.CreateMemberResponseObject, error) {
	f, err := factsIn(r.Body)
	if err != nil {
		return nil, err
	}
	m, err := a.members.Create(ctx, f, wire.TimeOf(r.Body.AppliedOn))
	if err != nil {
		return nil, err
	}
	return api.CreateMember201JSONResponse{Body: wireMember(ctx, m), Headers: api.CreateMember201ResponseHeaders{ETag: new(problem.ETag(m.Version)), Location: new("/api/v1/members/" + m.ID.String())}}, nil
}

// ReadMember shows a member.
func (a *API) ReadMember(ctx context.Context, r api.ReadMemberRequestObject) (api.ReadMemberResponseObject, error) {
	m, err := a.members.Read(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	return api.ReadMember200JSONResponse{Body: wireMember(ctx, m), Headers: api.ReadMember200ResponseHeaders{ETag: new(problem.ETag(m.Version))}}, nil
}

// UpdateMember replaces what is written of a member.
func (a *API) UpdateMember(ctx context.Context, r api.UpdateMemberRequestObject) (api.UpdateMemberResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	f, err := factsIn(r.Body)
	if err != nil {
		return nil, err
	}
	m, err := a.members.Update(ctx, r.Id, version, f, wire.Or(r.Body.Reason))
	if err != nil {
		return nil, err
	}
	return api.UpdateMember200JSONResponse{Body: wireMember(ctx, m), Headers: api.UpdateMember200ResponseHeaders{ETag: new(problem.ETag(m.Version))}}, nil
}

// ReadMemberHistory lists what happened to a membership.
func (a *API) ReadMemberHistory(ctx context.Context, r api.ReadMemberHistoryRequestObject) (api.ReadMemberHistoryResponseObject, error) {
	all, err := a.members.History(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	return api.ReadMemberHistory200JSONResponse{Items: wireEvents(all)}, nil
}

func wireEvents(all []Event) []api.MemberEvent {
	out := make([]api.MemberEvent, 0, len(all))
	for _, e := range all {
		out = append(out, api.MemberEvent{Seq: e.Seq, Act: string(e.Act), Status: api.MemberStatus(e.Status), On: wire.Day(e.On), Reason: wire.Optional(e.Reason), Reference: wire.Optional(e.Reference), DocumentId: e.DocumentID,
			Changed: none(e.Changed), RecordedAt: e.RecordedAt, RecordedBy: e.RecordedBy})
	}
	return out
}

func wireContacts(c Content, p Private) []api.MemberContact {
	out := make([]api.MemberContact, 0, len(c.Contacts))
	for i, x := range c.Contacts {
		w := api.MemberContact{Name: x.Name, Role: wire.Optional(x.Role)}
		if i < len(p.Reach) {
			w.Phone, w.Email = wire.Optional(p.Reach[i].Phone), wire.Optional(p.Reach[i].Email)
		}
		out = append(out, w)
	}
	return out
}

func wireMember(ctx context.Context, m Shown) api.Member {
	masked, c := m.Private.Masked(), m.Content
	acts := append(moves.Allowed(m.Status), Update, "reveal", "extract")
	if m.Status == Admitted {
		acts = append(acts, "certify")
	}
	if over[m.Status] {
		acts = append(acts, Erase)
	} else {
		acts = append(acts, "invite")
	}
	acts = append(acts, "print")
	if m.ErasedAt != nil {
		acts = []Act{"extract", "print"}
	}
	w := api.Member{Id: m.ID, Version: m.Version, Number: wire.Optional(m.Number), Category: api.MemberCategory(m.Category), Status: api.MemberStatus(m.Status), Name: m.Name, CreditCode: wire.Optional(string(m.CreditCode)),
		IdNumber: wire.Optional(masked.IDNumber), Representative: wire.Optional(c.Representative), Contacts: wireContacts(c, masked), Address: wire.Optional(c.Address), Licences: []api.MemberLicence{}, Plots: []api.Plot{},
		Varieties: none(c.Varieties), Production: []api.MemberProduction{}, Note: wire.Optional(c.Note), DocumentIds: none(c.Documents), AppliedOn: wire.Day(m.AppliedOn), AdmittedOn: wire.DayOf(m.AdmittedOn), EndedOn: wire.DayOf(m.EndedOn),
		ErasedAt: m.ErasedAt, CreatedAt: m.CreatedAt, UpdatedAt: m.UpdatedAt, Allowed: access.Allowed(ctx, "member", acts...), Standing: api.DuesStanding(m.Debt.Standing), Owed: m.Debt.Open.String()}
	if c.Language != "" {
		w.Language = new(api.MemberLanguage(c.Language))
	}
	for _, l := range c.Licences {
		w.Licences = append(w.Licences, api.MemberLicence{Kind: l.Kind, Number: l.Number, UntilOn: wire.DayText(l.UntilOn)})
	}
	if len(m.Expiring) > 0 {
		numbers := []string{}
		for _, l := range m.Expiring {
			numbers = append(numbers, l.Number)
		}
		w.Expiring = &numbers
	}
	if c.Declared != nil {
		w.DeclaredArea = &api.LandArea{Value: c.Declared.Value, Unit: api.AreaUnit(c.Declared.Unit)}
		w.DeclaredShown = new(shownArea(c.Declared.Mu(), c.Declared.Hectares()))
	}
	for _, p := range c.Plots {
		w.Plots = append(w.Plots, wirePlot(p, m.Protected.Holds(p)))
	}
	w.PlotsArea = shownArea(c.plotted())
	for _, p := range sortedYears(c.Production) {
		w.Production = append(w.Production, api.MemberProduction{Year: p.Year, Tonnes: p.Tonnes})
	}
	if p := m.Protected; p != nil {
		w.ProtectedArea = &api.ProtectedArea{PublicationId: p.Publication, Version: p.Version, Title: p.Title, PublishedAt: p.PublishedAt}
	}
	return w
}

func wirePlot(p Plot, inside Inside) api.Plot {
	w := api.Plot{Name: p.Name, Place: wire.Optional(p.Place), Area: api.LandArea{Value: p.Area.Value, Unit: api.AreaUnit(p.Area.Unit)}, Shown: shownArea(p.Area.Mu(), p.Area.Hectares()), Inside: api.PlotInside(inside)}
	if len(p.Geometry) > 0 {
		var g map[string]any
		if json.Unmarshal(p.Geometry, &g) == nil { // it was read when it was written
			w.Geometry = &g
		}
	}
	return w
}

// RevealMember shows what is private of a member.
func (a *API) RevealMember(ctx context.Context, r api.RevealMemberRequestObject) (api.RevealMemberResponseObject, error) {
	m, err := a.members.Reveal(ctx, r.Id, r.Body.Purpose)
	if err != nil {
		return nil, err
	}
	return api.RevealMember200JSONResponse(wirePrivate(m)), nil
}

func wirePrivate(m Member) api.MemberPrivate {
	return api.MemberPrivate{IdNumber: wire.Optional(m.Private.IDNumber), Contacts: wireContacts(m.Content, m.Private)}
}

// ExtractMember gathers what the association has of a person.
func (a *API) ExtractMember(ctx context.Context, r api.ExtractMemberRequestObject) (api.ExtractMemberResponseObject, error) {
	x, err := a.members.Extract(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	return api.ExtractMember200JSONResponse(WireExtract(ctx, x)), nil
}

// WireExtract writes an extract as the interface does.
func WireExtract(ctx context.Context, x Extract) api.MemberExtract {
	w := api.MemberExtract{Member: wireMember(ctx, x.Shown), Private: wirePrivate(x.Member), Purpose: x.Rule.Purpose, RetentionYears: x.Rule.RetentionYears, EraseOn: wire.DayOf(x.EraseOn), Events: wireEvents(x.Events),
		Looked: make([]api.MemberLook, 0, len(x.Looked)), Invoices: make([]api.DuesInvoice, 0, len(x.Invoices)), Payments: make([]api.DuesPayment, 0, len(x.Payments)), Meetings: wireMeetings(x.Meetings), Letters: wireLetters(x.Letters)}
	for _, i := range x.Invoices {
		w.Invoices = append(w.Invoices, wireInvoice(ctx, i))
	}
	for _, p := range x.Payments {
		w.Payments = append(w.Payments, wirePayment(p))
	}
	for _, l := range x.Looked {
		w.Looked = append(w.Looked, api.MemberLook{At: l.At, By: l.By, Purpose: l.Purpose})
	}
	return w
}

// EraseMember erases what is personal.
func (a *API) EraseMember(ctx context.Context, r api.EraseMemberRequestObject) (api.EraseMemberResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	m, err := a.members.Erase(ctx, r.Id, version, r.Body.Reason)
	if err != nil {
		return nil, err
	}
	return api.EraseMember200JSONResponse{Body: wireMember(ctx, m), Headers: api.EraseMember200ResponseHeaders{ETag: new(problem.ETag(m.Version))}}, nil
}
