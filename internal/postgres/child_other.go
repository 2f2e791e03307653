//go:build !linux

package postgres

import (
	"errors"
	"os"
	"syscall"
)

// child says as whom PostgreSQL runs; here always as the user himself, who must not be root.
type child struct{}

func newChild(_, _ string) (child, error) {
	if os.Geteuid() == 0 {
		return child{}, errors.New("PostgreSQL refuses root; run as an ordinary user")
	}
	return child{}, nil
}

func (child) attr() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

func (child) own(...string) error { return nil }
