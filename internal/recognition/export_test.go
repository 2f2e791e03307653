package recognition

import "context"

// Moves are the moves of the law of the file, in words.
func Moves() (all []string) {
	for _, m := range sidedMoves {
		all = append(all, string(m.From)+" "+string(m.Act)+" "+string(m.To)+" "+string(m.Side))
	}
	return all
}

// MakePaper is what the worker of PrintLetter does.
func (s *Letters) MakePaper(ctx context.Context, args PrintLetter) error {
	return s.makePaper(ctx, args)
}
