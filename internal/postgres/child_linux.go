package postgres

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// child says as whom PostgreSQL runs, which refuses to run as root. An ordinary user runs it as himself. Root enters a
// user namespace in which he is somebody else: files stay root's, and a home that only root may enter stays usable.
// Where user namespaces are forbidden, root becomes the user postgres or nobody.
type child struct {
	namespace bool
	uid, gid  int
}

const stranger = 1000 // the uid that root is called in the namespace

func newChild(bin, _ string) (child, error) {
	if os.Geteuid() != 0 {
		return child{uid: -1}, nil
	}
	c := child{namespace: true}
	probe := exec.Command(filepath.Join(bin, "postgres"), "--version")
	probe.SysProcAttr = c.attr()
	if onOwnThread(probe.Run) == nil {
		return c, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errUID := strconv.Atoi(u.Uid)
		gid, errGID := strconv.Atoi(u.Gid)
		if err := errors.Join(errUID, errGID); err != nil {
			return child{}, fmt.Errorf("user %s: %w", name, err)
		}
		c := child{uid: uid, gid: gid}
		probe := exec.Command(filepath.Join(bin, "postgres"), "--version")
		probe.SysProcAttr, probe.Dir = c.attr(), "/"
		if err := onOwnThread(probe.Run); err != nil {
			return child{}, fmt.Errorf("PostgreSQL refuses root, and the user %s cannot run %s; run as an ordinary user: %w", name, bin, err)
		}
		return c, nil
	}
	return child{}, errors.New("PostgreSQL refuses root, and there is neither a user namespace nor a user postgres or nobody; run as an ordinary user")
}

func (c child) attr() *syscall.SysProcAttr {
	// A group of its own, so that Ctrl-C reaches only us; an interrupt (fast shutdown) when our thread ends.
	a := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGINT}
	switch {
	case c.namespace:
		a.Cloneflags = syscall.CLONE_NEWUSER
		a.UidMappings = []syscall.SysProcIDMap{{ContainerID: stranger, HostID: 0, Size: 1}}
		a.GidMappings = []syscall.SysProcIDMap{{ContainerID: stranger, HostID: 0, Size: 1}}
		a.Credential = &syscall.Credential{Uid: stranger, Gid: stranger, NoSetGroups: true}
	case c.uid > 0:
		a.Credential = &syscall.Credential{Uid: uint32(c.uid), Gid: uint32(c.gid)}
	}
	return a
}

// own gives the directories to whom the server runs as.
func (c child) own(dirs ...string) error {
	if c.namespace || c.uid <= 0 {
		return nil
	}
	for _, d := range dirs {
		if err := os.Chown(d, c.uid, c.gid); err != nil {
			return err
		}
	}
	return nil
}
