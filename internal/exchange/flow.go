package exchange

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// lines writes the feed to its head, one change a line, as shown makes it.
func (x *Exchange) lines(ctx context.Context, after Position, f ChangeFilter, w io.Writer, shown func(Change) any) error {
	buffered := bufio.NewWriterSize(w, 32<<10)
	encoder := json.NewEncoder(buffered)
	err := x.Stream(ctx, after, f, func(c Change) error {
		return encoder.Encode(shown(c))
	})
	return errors.Join(err, buffered.Flush())
}

// events writes the feed as server-sent events, and why it ended when a right did.
func (x *Exchange) events(ctx context.Context, after Position, f ChangeFilter, w io.Writer, shown func(Change) any) error {
	err := x.Follow(ctx, after, f, func(c Change) error {
		data, err := json.Marshal(shown(c))
		if err == nil {
			_, err = fmt.Fprintf(w, "id: %d\nevent: %s\ndata: %s\n\n", c.Seq, c.Event, data)
		}
		return err
	}, func() error {
		_, err := io.WriteString(w, ": still there\n\n")
		return err
	})
	if errors.Is(err, ErrAccessEnded) {
		_, err = fmt.Fprintf(w, "event: end\ndata: {\"code\":%q}\n\n", ErrAccessEnded.Code)
	}
	return err
}

// flow is a body that write writes while it is read. It ends when the reader is closed.
func flow(write func(io.Writer) error) io.ReadCloser {
	r, w := io.Pipe()
	go func() { w.CloseWithError(write(w)) }()
	return r
}
