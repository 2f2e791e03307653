package status_test

import "github.com/helianthus-gi/helianthus/internal/problem"

func pointers(err error) (all []string) {
	p, ok := problem.As(err)
	if !ok {
		return nil
	}
	for _, d := range p.Details {
		all = append(all, d.Pointer)
	}
	return all
}
