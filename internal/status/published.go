package status

import (
	"time"

	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/registry"
)

// published is what the status check reads of registry.Public.
type published struct {
	Office  recognition.Market
	Names   []registry.Name
	Bases   []registry.Basis
	Holder  registry.Party
	Status  registry.Status
	Periods []registry.Period
	Sources []recognition.Source
}

// registration gives each basis its life: from its own day of registration, else from the day on which the whole was
// registered, until the day on which the whole ended.
func (p published) registration(r Record) Registration {
	out := Registration{Record: r, Name: registry.Content{Names: p.Names}.Title(), Sources: p.Sources}
	whole := Basis{Office: p.Office, Holder: Holder{Code: p.Holder.Code, Names: p.Holder.Names}}
	for _, period := range p.Periods {
		switch period.Status {
		case registry.Registered:
			whole.From = &period.From
		case registry.Cancelled, registry.Surrendered, registry.Lapsed:
			whole.Until = &period.From
		}
	}
	switch p.Status {
	case registry.Registered, registry.Cancelled, registry.Surrendered, registry.Lapsed:
	case registry.Refused, registry.Withdrawn:
		whole.Never = true
	default:
		whole.Pending = true
	}
	if len(p.Bases) == 0 {
		out.Bases = []Basis{whole}
	}
	for _, basis := range p.Bases {
		b := whole
		b.Kind, b.Office, b.Number = basis.Kind, recognition.Market(basis.Office), basis.Number
		if basis.RegisteredOn != nil {
			if day, err := time.Parse(time.DateOnly, *basis.RegisteredOn); err == nil {
				b.From, b.Pending = &day, false
			}
		}
		out.Bases = append(out.Bases, b)
	}
	return out
}
