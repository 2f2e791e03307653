package postgres

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// child says as whom PostgreSQL runs, which refuses to run as root. An ordinary user runs it as himself. Root enters a
// user namespace in which he is somebody else: files stay root's, and a home that only root may enter stays usable.
// Where user namespaces are forbidden, as in many containers, root becomes the user postgres or nobody.
type child struct {
	namespace bool
	uid, gid  int // whom root becomes; 0: nobody else
}

const stranger = 1000 // the uid that root is called in the namespace

// newChild finds out as whom PostgreSQL can run here, and where its programs are for him.
func newChild(bin, data string) (child, string, error) {
	if os.Geteuid() != 0 {
		return child{}, bin, nil
	}
	c := child{namespace: true}
	if c.runs(bin, "/") == nil {
		return c, bin, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		c := child{}
		var errUID, errGID error
		c.uid, errUID = strconv.Atoi(u.Uid)
		c.gid, errGID = strconv.Atoi(u.Gid)
		if err := errors.Join(errUID, errGID); err != nil {
			return child{}, "", fmt.Errorf("user %s: %w", name, err)
		}
		bin, err := c.settle(bin, data)
		if err != nil {
			return child{}, "", fmt.Errorf("PostgreSQL refuses root, user namespaces are forbidden, and the user %s cannot run it: %w; run as an ordinary user", name, err)
		}
		return c, bin, nil
	}
	return child{}, "", errors.New("PostgreSQL refuses root, and there is neither a user namespace nor a user postgres or nobody; run as an ordinary user")
}

// settle lets the other user enter where the data lie, and copies the programs there when they lie where he cannot go.
// What is private in our directory is so by its own mode.
func (c child) settle(bin, data string) (string, error) {
	home := filepath.Dir(data)
	info, err := os.Stat(home)
	if err != nil {
		return "", err
	}
	if err := os.Chmod(home, info.Mode().Perm()|0o011); err != nil {
		return "", err
	}
	if c.runs(bin, "/") != nil {
		if bin, err = copyPrograms(bin, home); err != nil {
			return "", err
		}
	}
	return bin, c.runs(bin, home)
}

// runs tries whether PostgreSQL can be executed, and a directory be entered, as the child.
func (c child) runs(bin, dir string) error {
	cmd := exec.Command(filepath.Join(bin, "postgres"), "--version")
	cmd.Dir, cmd.SysProcAttr = dir, c.attr()
	return onOwnThread(cmd.Run)
}

// copyPrograms copies the whole package once a version, below home.
func copyPrograms(bin, home string) (string, error) {
	info, err := os.Stat(filepath.Join(bin, "postgres"))
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(fmt.Append(nil, bin, info.Size(), info.ModTime()))
	to := filepath.Join(home, "programs-"+hex.EncodeToString(sum[:8]))
	if _, err := os.Stat(to); err == nil {
		return filepath.Join(to, filepath.Base(bin)), nil
	}
	making := to + ".making"
	if err := os.RemoveAll(making); err != nil {
		return "", err
	}
	if err := os.CopyFS(making, os.DirFS(filepath.Dir(bin))); err != nil {
		return "", fmt.Errorf("copy of the programs: %w", err)
	}
	err = filepath.WalkDir(making, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.Type()&fs.ModeSymlink != 0 {
			return err
		}
		mode := os.FileMode(0o644)
		if d.IsDir() || filepath.Dir(path) == filepath.Join(making, filepath.Base(bin)) {
			mode = 0o755
		}
		return os.Chmod(path, mode)
	})
	if err != nil {
		return "", err
	}
	return filepath.Join(to, filepath.Base(bin)), os.Rename(making, to)
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

// trusts tells whether what belongs to a user is ours.
func (c child) trusts(uid int) bool { return uid == os.Geteuid() || c.uid > 0 && uid == c.uid }

// own gives the directories, and all in them, to whom the server runs as. An earlier start may have been as another.
func (c child) own(dirs ...string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	for _, d := range dirs {
		info, err := os.Stat(d)
		if err != nil {
			return err
		}
		if s, ok := info.Sys().(*syscall.Stat_t); ok && int(s.Uid) == c.uid {
			continue
		}
		err = filepath.WalkDir(d, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || path == d {
				return err // the directory itself comes last, so that a walk that was broken off is taken up again
			}
			return os.Lchown(path, c.uid, c.gid)
		})
		if err := errors.Join(err, os.Chown(d, c.uid, c.gid)); err != nil {
			return err
		}
	}
	return nil
}
