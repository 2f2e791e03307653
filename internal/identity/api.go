package identity

import (
	"context"
	"encoding/base64"
	"net/url"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// API is the operations of the tags session, people and clients.
type API struct{ *Identity }

// NewAPI makes it.
func NewAPI(i *Identity) *API { return &API{i} }

// noStore keeps credentials out of every cache (RFC 6749, section 5.1).
const noStore = "no-store"

type headersKey struct{}

// Headers are what sign-in and token need of a request besides its body.
type Headers struct{ UserAgent, Authorization string }

// WithHeaders returns a context that carries them.
func WithHeaders(ctx context.Context, h Headers) context.Context {
	return context.WithValue(ctx, headersKey{}, h)
}

func headersFrom(ctx context.Context) Headers { h, _ := ctx.Value(headersKey{}).(Headers); return h }

func (a *API) wire(ctx context.Context, s Session) (w api.Session, err error) {
	in := tenancy.In(ctx, s.Scope)
	set, err := a.access.Of(in, s.Scope)
	if err != nil {
		return w, err
	}
	w = api.Session{
		PersonId: s.Scope.Actor, Name: s.Scope.ActorName, Email: s.Email, Locale: s.Locale, Roles: s.Scope.Roles, Unit: s.Scope.Unit,
		Units: []api.UnitSummary{}, ExpiresAt: s.ExpiresAt, Permissions: access.Permissions(access.With(in, set)),
		Tenant: api.TenantSummary{Id: s.Scope.Tenant, Slug: s.Scope.Slug, Kind: api.TenantSummaryKind(s.Scope.TenantKind), Demo: s.Scope.Demo},
	}
	err = a.db.Read(in, func(tx pgx.Tx) error {
		err := tx.QueryRow(in, `select names, time_zone from app.tenants where id = $1`, s.Scope.Tenant).Scan(&w.Tenant.Names, &w.Tenant.TimeZone)
		if err != nil {
			return postgres.Wrap(err, "tenant %s", s.Scope.Slug)
		}
		rows, _ := tx.Query(in, `select slug, names from app.units where slug = any ($1) order by position`, s.Units)
		units, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Unit])
		for _, u := range units {
			w.Units = append(w.Units, api.UnitSummary{Slug: u.Slug, Names: u.Names})
		}
		return postgres.Wrap(err, "units")
	})
	return w, err
}

// ReadSession says who is signed in.
func (a *API) ReadSession(ctx context.Context, _ api.ReadSessionRequestObject) (api.ReadSessionResponseObject, error) {
	s, ok := SessionFrom(ctx)
	if !ok {
		return nil, ErrNotSignedIn
	}
	w, err := a.wire(ctx, s)
	return api.ReadSession200JSONResponse(w), err
}

// SignIn begins a session.
func (a *API) SignIn(ctx context.Context, r api.SignInRequestObject) (api.SignInResponseObject, error) {
	tenant := ""
	if r.Body.Tenant != nil {
		tenant = *r.Body.Tenant
	}
	s, cookie, err := a.Identity.SignIn(ctx, r.Body.Email, r.Body.Password, tenant, headersFrom(ctx).UserAgent)
	if err != nil {
		return nil, err
	}
	w, err := a.wire(ctx, s)
	return api.SignIn200JSONResponse{Body: w, Headers: api.SignIn200ResponseHeaders{SetCookie: new(cookie.String()), CacheControl: new(noStore)}}, err
}

// SignOut ends the session.
func (a *API) SignOut(ctx context.Context, _ api.SignOutRequestObject) (api.SignOutResponseObject, error) {
	cookie, err := a.Identity.SignOut(ctx)
	if err != nil {
		return nil, err
	}
	return api.SignOut204Response{Headers: api.SignOut204ResponseHeaders{SetCookie: new(cookie.String())}}, nil
}

// ListSessions lists the own sessions.
func (a *API) ListSessions(ctx context.Context, _ api.ListSessionsRequestObject) (api.ListSessionsResponseObject, error) {
	all, err := a.Sessions(ctx)
	current, _ := SessionFrom(ctx)
	w := api.ListSessions200JSONResponse{Items: []api.OwnSession{}}
	for _, s := range all {
		w.Items = append(w.Items, api.OwnSession{Id: s.ID, UserAgent: s.UserAgent, CreatedAt: s.CreatedAt, LastSeenAt: s.LastSeenAt, ExpiresAt: s.ExpiresAt, Current: s.ID == current.ID})
	}
	return w, err
}

// EndSession ends one of the own sessions.
func (a *API) EndSession(ctx context.Context, r api.EndSessionRequestObject) (api.EndSessionResponseObject, error) {
	return api.EndSession204Response{}, a.Identity.EndSession(ctx, r.Id)
}

// EndSessions signs out everywhere.
func (a *API) EndSessions(ctx context.Context, _ api.EndSessionsRequestObject) (api.EndSessionsResponseObject, error) {
	cookie, err := a.Identity.EndSessions(ctx)
	if err != nil {
		return nil, err
	}
	return api.EndSessions204Response{Headers: api.EndSessions204ResponseHeaders{SetCookie: new(cookie.String())}}, nil
}

// ChangePassword changes the own password.
func (a *API) ChangePassword(ctx context.Context, r api.ChangePasswordRequestObject) (api.ChangePasswordResponseObject, error) {
	return api.ChangePassword204Response{}, a.Identity.ChangePassword(ctx, r.Body.Current, r.Body.New)
}

// ActForUnit chooses the unit acted for.
func (a *API) ActForUnit(ctx context.Context, r api.ActForUnitRequestObject) (api.ActForUnitResponseObject, error) {
	s, err := a.ActFor(ctx, r.Body.Unit)
	if err != nil {
		return nil, err
	}
	w, err := a.wire(ctx, s)
	return api.ActForUnit200JSONResponse(w), err
}

// ChooseLocale remembers the own language.
func (a *API) ChooseLocale(ctx context.Context, r api.ChooseLocaleRequestObject) (api.ChooseLocaleResponseObject, error) {
	s, err := a.Identity.ChooseLocale(ctx, string(locale.Match(r.Body.Locale)))
	if err != nil {
		return nil, err
	}
	w, err := a.wire(ctx, s)
	return api.ChooseLocale200JSONResponse(w), err
}

func personWire(ctx context.Context, p Person) api.Person {
	w := api.Person{Id: uuid.MustParse(p.ID), Email: p.Email, Name: p.Name, Locale: p.Locale, Roles: p.Roles, Units: p.Units, Disabled: p.DisabledAt != nil, LastSeenAt: p.LastSeenAt, CreatedAt: p.CreatedAt}
	acts := []string{"update", "disable"}
	if w.Disabled {
		acts = []string{"update", "enable"}
	}
	w.Allowed = access.Allowed(ctx, "person", acts...)
	return w
}

// ListPeople lists the tenant's people.
func (a *API) ListPeople(ctx context.Context, r api.ListPeopleRequestObject) (api.ListPeopleResponseObject, error) {
	var after [2]string
	if err := postgres.DecodeCursor(deref(r.Params.Cursor), &after); err != nil {
		return nil, err
	}
	limit := 50
	if r.Params.Limit != nil {
		limit = *r.Params.Limit
	}
	people, err := a.People(ctx, deref(r.Params.Q), after, limit+1)
	if err != nil {
		return nil, err
	}
	w := api.ListPeople200JSONResponse{Items: []api.Person{}}
	for n, p := range people {
		if n == limit {
			last := people[n-1]
			w.Next = new(postgres.EncodeCursor([2]string{last.Name, last.ID}))
			break
		}
		w.Items = append(w.Items, personWire(ctx, p))
	}
	return w, nil
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// CreatePerson adds somebody.
func (a *API) CreatePerson(ctx context.Context, r api.CreatePersonRequestObject) (api.CreatePersonResponseObject, error) {
	p := Person{Email: r.Body.Email, Name: r.Body.Name, Roles: r.Body.Roles, Units: []string{}, Locale: deref(r.Body.Locale)}
	if r.Body.Units != nil {
		p.Units = *r.Body.Units
	}
	p, err := a.Identity.CreatePerson(ctx, p, r.Body.Password)
	if err != nil {
		return nil, err
	}
	return api.CreatePerson201JSONResponse{Body: personWire(ctx, p), Headers: api.CreatePerson201ResponseHeaders{Location: new("/api/v1/people/" + p.ID), ETag: new(problem.ETag(p.Version))}}, nil
}

// ReadPerson shows somebody.
func (a *API) ReadPerson(ctx context.Context, r api.ReadPersonRequestObject) (api.ReadPersonResponseObject, error) {
	p, err := a.Person(ctx, r.Id.String())
	if err != nil {
		return nil, err
	}
	return api.ReadPerson200JSONResponse{Body: personWire(ctx, p), Headers: api.ReadPerson200ResponseHeaders{ETag: new(problem.ETag(p.Version))}}, nil
}

// UpdatePerson changes somebody.
func (a *API) UpdatePerson(ctx context.Context, r api.UpdatePersonRequestObject) (api.UpdatePersonResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	p, err := a.Identity.UpdatePerson(ctx, r.Id.String(), version, PersonChange{Name: r.Body.Name, Password: r.Body.Password, Roles: r.Body.Roles, Units: r.Body.Units})
	if err != nil {
		return nil, err
	}
	return api.UpdatePerson200JSONResponse{Body: personWire(ctx, p), Headers: api.UpdatePerson200ResponseHeaders{ETag: new(problem.ETag(p.Version))}}, nil
}

// DisablePerson bars somebody.
func (a *API) DisablePerson(ctx context.Context, r api.DisablePersonRequestObject) (api.DisablePersonResponseObject, error) {
	p, err := a.Identity.DisablePerson(ctx, r.Id.String())
	if err != nil {
		return nil, err
	}
	return api.DisablePerson200JSONResponse{Body: personWire(ctx, p), Headers: api.DisablePerson200ResponseHeaders{ETag: new(problem.ETag(p.Version))}}, nil
}

// EnablePerson lets somebody in again.
func (a *API) EnablePerson(ctx context.Context, r api.EnablePersonRequestObject) (api.EnablePersonResponseObject, error) {
	p, err := a.Identity.EnablePerson(ctx, r.Id.String())
	if err != nil {
		return nil, err
	}
	return api.EnablePerson200JSONResponse{Body: personWire(ctx, p), Headers: api.EnablePerson200ResponseHeaders{ETag: new(problem.ETag(p.Version))}}, nil
}

// ListUnits lists the tenant's units.
func (a *API) ListUnits(ctx context.Context, _ api.ListUnitsRequestObject) (api.ListUnitsResponseObject, error) {
	units, err := a.Units(ctx)
	w := api.ListUnits200JSONResponse{Items: []api.UnitSummary{}}
	for _, u := range units {
		w.Items = append(w.Items, api.UnitSummary{Slug: u.Slug, Names: u.Names})
	}
	return w, err
}

func clientWire(ctx context.Context, c Client) api.ApiClient {
	w := api.ApiClient{Id: uuid.MustParse(c.ID), Name: c.Name, Scopes: c.Scopes, Required: proofsWire(c.Required), Keys: []api.ApiClientKey{}, CreatedAt: c.CreatedAt, ExpiresAt: c.ExpiresAt, RevokedAt: c.RevokedAt, LastUsedAt: c.LastUsedAt, Allowed: []string{}}
	for _, k := range c.Keys {
		key := clientKeyWire(ctx, k)
		if c.RevokedAt != nil {
			key.Allowed = []string{}
		}
		w.Keys = append(w.Keys, key)
	}
	if c.RevokedAt == nil {
		w.Allowed = access.Allowed(ctx, "api-client", "revoke", "require")
	}
	return w
}

func proofsWire(proofs []Proof) []api.ApiClientProof {
	w := make([]api.ApiClientProof, len(proofs))
	for i, p := range proofs {
		w[i] = api.ApiClientProof(p)
	}
	return w
}

func proofsOf(w []api.ApiClientProof) []Proof {
	proofs := make([]Proof, len(w))
	for i, p := range w {
		proofs[i] = Proof(p)
	}
	return proofs
}

func clientKeyWire(ctx context.Context, k ClientKey) api.ApiClientKey {
	w := api.ApiClientKey{Id: uuid.MustParse(k.ID), Kind: api.ApiClientProof(k.Kind), Algorithm: k.Algorithm, Fingerprint: k.Fingerprint, CreatedAt: k.CreatedAt, ExpiresAt: k.ExpiresAt, RevokedAt: k.RevokedAt, Allowed: []string{}}
	if k.RevokedAt == nil {
		w.Allowed = access.Allowed(ctx, "api-client-key", "revoke")
	}
	return w
}

// ListApiClients lists the tenant's machines.
//
//nolint:revive // the name is generated from the specification
func (a *API) ListApiClients(ctx context.Context, _ api.ListApiClientsRequestObject) (api.ListApiClientsResponseObject, error) {
	s, err := tenancy.From(ctx)
	if err != nil {
		return nil, err
	}
	clients, err := a.Clients(ctx)
	w := api.ListApiClients200JSONResponse{Items: []api.ApiClient{}, Ceiling: a.access.MachineCeiling(s.TenantKind)}
	for _, c := range clients {
		w.Items = append(w.Items, clientWire(ctx, c))
	}
	return w, err
}

// CreateApiClient adds a machine.
//
//nolint:revive // the name is generated from the specification
func (a *API) CreateApiClient(ctx context.Context, r api.CreateApiClientRequestObject) (api.CreateApiClientResponseObject, error) {
	in := Client{Name: r.Body.Name, Scopes: r.Body.Scopes, ExpiresAt: r.Body.ExpiresAt}
	if r.Body.Required != nil {
		in.Required = proofsOf(*r.Body.Required)
	}
	c, plain, err := a.CreateClient(ctx, in)
	if err != nil {
		return nil, err
	}
	return api.CreateApiClient201JSONResponse{Body: api.ApiClientCreated{Client: clientWire(ctx, c), Secret: plain}, Headers: api.CreateApiClient201ResponseHeaders{Location: new("/api/v1/api-clients/" + c.ID)}}, nil
}

// ReadApiClient shows a machine.
//
//nolint:revive // the name is generated from the specification
func (a *API) ReadApiClient(ctx context.Context, r api.ReadApiClientRequestObject) (api.ReadApiClientResponseObject, error) {
	c, err := a.Client(ctx, r.Id.String())
	if err != nil {
		return nil, err
	}
	return api.ReadApiClient200JSONResponse(clientWire(ctx, c)), nil
}

// RevokeApiClient bars a machine.
//
//nolint:revive // the name is generated from the specification
func (a *API) RevokeApiClient(ctx context.Context, r api.RevokeApiClientRequestObject) (api.RevokeApiClientResponseObject, error) {
	c, err := a.RevokeClient(ctx, r.Id.String())
	if err != nil {
		return nil, err
	}
	return api.RevokeApiClient200JSONResponse(clientWire(ctx, c)), nil
}

// RequireOfApiClient says what a machine must show.
//
//nolint:revive // the name is generated from the specification
func (a *API) RequireOfApiClient(ctx context.Context, r api.RequireOfApiClientRequestObject) (api.RequireOfApiClientResponseObject, error) {
	c, err := a.RequireOfClient(ctx, r.Id.String(), proofsOf(r.Body.Required))
	if err != nil {
		return nil, err
	}
	return api.RequireOfApiClient200JSONResponse(clientWire(ctx, c)), nil
}

// AddApiClientKey registers a key or a certificate of a machine.
//
//nolint:revive // the name is generated from the specification
func (a *API) AddApiClientKey(ctx context.Context, r api.AddApiClientKeyRequestObject) (api.AddApiClientKeyResponseObject, error) {
	k, err := a.AddClientKey(ctx, r.Id.String(), r.Body.Pem)
	if err != nil {
		return nil, err
	}
	return api.AddApiClientKey201JSONResponse(clientKeyWire(ctx, k)), nil
}

// RevokeApiClientKey takes nothing more from a key or certificate.
//
//nolint:revive // the name is generated from the specification
func (a *API) RevokeApiClientKey(ctx context.Context, r api.RevokeApiClientKeyRequestObject) (api.RevokeApiClientKeyResponseObject, error) {
	k, err := a.RevokeClientKey(ctx, r.Id.String(), r.ClientKeyId)
	if err != nil {
		return nil, err
	}
	return api.RevokeApiClientKey200JSONResponse(clientKeyWire(ctx, k)), nil
}

// IssueToken gives a machine its token. Credentials stand in the body or in HTTP Basic (RFC 6749, section 2.3.1).
func (a *API) IssueToken(ctx context.Context, r api.IssueTokenRequestObject) (api.IssueTokenResponseObject, error) {
	id, plain := deref(r.Body.ClientId), deref(r.Body.ClientSecret)
	if basic, ok := credentials(headersFrom(ctx).Authorization, "Basic"); ok {
		if b, err := base64.StdEncoding.DecodeString(basic); err == nil {
			user, pass, _ := strings.Cut(string(b), ":")
			id, _ = url.QueryUnescape(user)
			plain, _ = url.QueryUnescape(pass)
		}
	}
	token, scopes, life, err := a.Token(ctx, r.Body.GrantType, id, plain, deref(r.Body.Scope))
	if err != nil {
		return nil, err
	}
	w := api.Token{AccessToken: token, TokenType: "Bearer", ExpiresIn: int(life.Seconds()), Scope: strings.Join(scopes, " ")}
	return api.IssueToken200JSONResponse{Body: w, Headers: api.IssueToken200ResponseHeaders{CacheControl: new(noStore)}}, nil
}
