//go:build !linux

package postgres

import (
	"errors"
	"os"
	"syscall"
)

// child says as whom PostgreSQL runs; here always as the user himself, who must not be root.
type child struct{}

func newChild(bin, _ string) (child, string, error) {
	if os.Geteuid() == 0 {
		return child{}, "", errors.New("PostgreSQL refuses root; run as an ordinary user")
	}
	return child{}, bin, nil
}

func (child) attr() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

func (child) trusts(uid int) bool { return uid == os.Geteuid() }

func (child) own(...string) error { return nil }
