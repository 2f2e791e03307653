package status

import (
	"slices"
	"strings"
	"time"

	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/registry"
)

// Use is a published authorisation to use the mark of a registration (使用授权), as package marks publishes it.
type Use struct {
	Record
	marks.Public
	From  *time.Time // first day; nil: nobody said it
	Until *time.Time // first day no longer
}

// holder judges whether the holder asked for may use the name: the holder of a registration that carries the answer may, and whoever
// is authorised to use its mark. One authorisation that holds is enough; that one ended says no, whatever carries the name.
func holder(q Question, f Facts, said []statement) Reason {
	key := registry.NameKey(q.Holder)
	carries := func(r Registration) bool {
		return slices.ContainsFunc(said, func(s statement) bool { return s.Says == Yes && s.subject == r.ID })
	}
	for _, r := range f.Registrations {
		for n := range r.Bases {
			b := &r.Bases[n]
			if _, says := b.on(q.On, q.Today); says == Yes && carries(r) && b.Holder.is(q.Holder, key) {
				return Reason{Code: HolderIs, Says: Yes, Record: &r.Record, Basis: b, Name: r.Name, From: b.From, Until: b.Until, Sources: r.Sources}
			}
		}
	}
	best := Reason{Code: HolderUnknown, Says: Unknown}
	for n := range f.Uses {
		u := &f.Uses[n]
		r, found := u.registration(f)
		if !found {
			continue
		}
		code, says := u.on(q.On)
		if says == Yes && !carries(r) {
			continue // the mark of what is not protected there says nothing
		}
		if best.Says == Unknown || says == Yes && best.Says == No {
			best = Reason{Code: code, Says: says, Record: &u.Record, Use: &u.Public, Name: r.Name, From: u.From, Until: u.Until}
		}
	}
	return best
}

// registration is the one whose mark is used: only whoever publishes it can authorise its use.
func (u *Use) registration(f Facts) (Registration, bool) {
	for _, r := range f.Registrations {
		if r.ID == u.RegistrationID && r.Publisher.ID == u.Publisher.ID && r.House.same(u.House) {
			return r, true
		}
	}
	return Registration{}, false
}

// on judges an authorisation on a day. An order to put something right leaves the use as it is (marks.Status.InForce).
func (u *Use) on(day time.Time) (Code, Word) {
	switch {
	case u.Until != nil && !day.Before(*u.Until):
		return UseEnded, No
	case u.From != nil && day.Before(*u.From):
		return AuthorisedLater, No
	case u.Until != nil || u.Status == marks.Active:
		return Authorised, Yes
	case u.Status.InForce():
		return AuthorisedOrdered, Yes
	default:
		return UseEnded, No
	}
}

func (h *House) same(o *House) bool {
	if h == nil || o == nil {
		return h == o
	}
	return h.Name == o.Name
}

func (h Holder) is(asked, key string) bool {
	if h.Code != "" && strings.EqualFold(strings.TrimSpace(asked), h.Code) {
		return true
	}
	for _, n := range h.Names {
		if registry.NameKey(n) == key {
			return true
		}
	}
	return false
}
