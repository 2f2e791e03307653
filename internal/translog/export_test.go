package translog

import "context"

// For tests.
var ParseTile = parseTile

// Ask asks the witnesses once.
func (l *Log) Ask(ctx context.Context) { l.ask(ctx) }
