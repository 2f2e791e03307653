package postgres

import (
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
		switch pg.Code {
		case "23505", "23503", "23P01", "23514":
			return constraints[pg.ConstraintName]
		case "22021", "22P05", "22P02", "22003", "22007", "22008":
			return ErrText
		case "40001", "40P01", "55P03":
			return ErrBusy
		case "57014":
			return ErrTimeout
		case "57P01", "57P02", "57P03", "53300":
			return ErrUnavailable
		}
		return nil
	}
	var connect *pgconn.ConnectError
	var network *net.OpError
	// A server that dies says nothing: the connection ends in the middle of an answer, or is found closed.
	ended := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || pgconn.SafeToRetry(err)
	if ended || errors.As(err, &connect) || errors.As(err, &network) {
		return ErrUnavailable
	}
	return nil
}

// Retryable tells whether the same work may succeed when it is tried again.
func Retryable(err error) bool {
	return errors.Is(err, ErrBusy) || errors.Is(err, ErrUnavailable) || errors.Is(err, ErrTimeout)
}
