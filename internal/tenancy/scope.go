package tenancy

import (
	"context"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// ID identifies a tenant. Its zero value is no tenant.
type ID = uuid.UUID

// Kind is what sort of body a tenant is; role templates and ceilings hang on it.
type Kind string

// The kinds of tenants.
const (
	Operator     Kind = "operator"
	County       Kind = "county"
	Association  Kind = "association"
	Jurisdiction Kind = "jurisdiction" // a partner office
	Trader       Kind = "trader"       // a producer or exporter
	Laboratory   Kind = "laboratory"
)

// Kinds lists all kinds of tenants.
var Kinds = []Kind{Operator, County, Association, Jurisdiction, Trader, Laboratory}

// ActorKind says what sort of actor works in a scope.
type ActorKind string

// The kinds of actors.
const (
	Person  ActorKind = "person"
	Client  ActorKind = "client"  // an API client of the tenant
	System  ActorKind = "system"  // a job, or an operator's command
	Visitor ActorKind = "visitor" // nobody in particular
)

// Scope is for which tenant, and as whom, something is done.
type Scope struct {
	Tenant      ID
	Slug        string // the tenant's short name, `wuyuan`
	TenantKind  Kind
	Demo        bool // the tenant's facts are a demonstration and are marked so wherever they are shown
	Actor       uuid.UUID
	ActorKind   ActorKind
	ActorName   string
	Unit        string // the slug of the unit the person acts for; empty outside counties
	Roles       []string
	Permissions []string // the permissions of an API client; a person has Roles instead
}

// Public is the scope of work for nobody in particular: it sees published facts and nothing else.
var Public = Scope{ActorKind: Visitor}

// ErrNoScope is returned before any SQL when the context has no scope. It is a fault of ours, never of the caller.
var ErrNoScope = problem.New(problem.Unauthenticated, "tenancy.no-scope")

type key struct{}

// In returns a context in which everything is done in the scope s.
func In(ctx context.Context, s Scope) context.Context { return context.WithValue(ctx, key{}, s) }

// From returns the scope of the context, or ErrNoScope.
func From(ctx context.Context) (Scope, error) {
	s, ok := ctx.Value(key{}).(Scope)
	if !ok {
		return Scope{}, ErrNoScope
	}
	return s, nil
}
