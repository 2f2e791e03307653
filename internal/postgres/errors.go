package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Problems of the store itself.
var (
	ErrBusy        = problem.New(problem.Unavailable, "store.busy")
	ErrUnavailable = problem.New(problem.Unavailable, "store.unavailable")
	ErrTimeout     = problem.New(problem.Unavailable, "store.timeout")
	ErrText        = problem.New(problem.Invalid, "store.text") // bytes that PostgreSQL takes for no text, number or id
)

var constraints = map[string]*problem.Error{}

// Constraint declares the problem that a violation of the named constraint means. It is called for package-level
// variables and returns the problem; a test finds each constraint in the schema.
func Constraint(name string, p *problem.Error) *problem.Error {
	constraints[name] = p
	return p
}

// Wrap puts place and identity before err and turns what PostgreSQL says into a problem, by SQLSTATE and constraint
// name, never by text. It returns nil for nil, and an error that already is a problem as it is.
func Wrap(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	if _, ok := problem.As(err); ok {
		return err
	}
	if p := meaning(err); p != nil {
		return fmt.Errorf(format+": %w: %w", append(args, p, err)...)
	}
	return fmt.Errorf(format+": %w", append(args, err)...)
}

func meaning(err error) *problem.Error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		class := pg.Code[:min(2, len(pg.Code))]
		if class == "23" {
			return constraints[pg.ConstraintName]
		}
		if p, ok := meanings[pg.Code]; ok {
			return p
		}
		return meanings[class]
	}
	var connect *pgconn.ConnectError
	var network *net.OpError
	// A server that dies says nothing: the connection ends in the middle of an answer, or is found closed.
	ended := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || pgconn.SafeToRetry(err)
	switch {
	case errors.Is(err, context.Canceled): // nobody waits for the answer any more
		return nil
	case errors.Is(err, context.DeadlineExceeded):
		return ErrTimeout
	case ended || errors.As(err, &connect) || errors.As(err, &network):
		return ErrUnavailable
	}
	return nil
}

// meanings are the problems of SQLSTATEs, or of whole classes of them (PostgreSQL, appendix A). What is not here is a
// fault of ours.
var meanings = map[string]*problem.Error{
	"22021": ErrText, // a byte that is no text, NUL for one
	"22P02": ErrText, // no number, day or id
	"22P05": ErrText, // no such character
	"22003": ErrText, // a number out of range
	"22007": ErrText, // no date
	"22008": ErrText, // a date out of range

	"40":    ErrBusy, // deadlock, or not serializable
	"55P03": ErrBusy, // a lock was not to be had in time

	"57014": ErrTimeout, // statement_timeout
	"25P03": ErrTimeout, // idle_in_transaction_session_timeout
	"25P04": ErrTimeout, // transaction_timeout

	"08":    ErrUnavailable, // the connection failed
	"08P01": nil,            // but this is a message that we wrote wrongly
	"25006": ErrUnavailable, // read only: this server is a standby now
	"53":    ErrUnavailable, // disk, memory or connections used up
	"57":    ErrUnavailable, // shutting down, or starting up
}

// Retryable tells whether the same work may succeed when it is tried again.
func Retryable(err error) bool {
	return errors.Is(err, ErrBusy) || errors.Is(err, ErrUnavailable) || errors.Is(err, ErrTimeout)
}
