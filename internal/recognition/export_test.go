package recognition

// Moves are the moves of the law of the file, in words.
func Moves() (all []string) {
	for _, m := range sidedMoves {
		all = append(all, string(m.From)+" "+string(m.Act)+" "+string(m.To)+" "+string(m.Side))
	}
	return all
}
