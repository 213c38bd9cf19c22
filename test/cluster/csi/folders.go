// Volumes and snapshots as folders beside each other.
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

type folders string

// What is asked for twice by one name is made once.
func idFor(kind, name string) string {
	sum := sha256.Sum256([]byte(name))
	return kind + "-" + hex.EncodeToString(sum[:8])
}

var idPattern = regexp.MustCompile(`^(volume|snapshot)-[0-9a-f]{16}$`)

// NotFound where the driver has never given out such an id: nothing else of the node is ever read or removed.
func (f folders) path(id string) (string, error) {
	if !idPattern.MatchString(id) {
		return "", status.Errorf(codes.NotFound, "there is no %q", id)
	}
	return filepath.Join(string(f), id), nil
}

func (f folders) find(id string) (os.FileInfo, error) {
	path, err := f.path(id)
	if err != nil {
		return nil, err
	}
	found, err := os.Stat(path)
	if err != nil {
		return nil, status.Errorf(codes.NotFound, "there is no %q", id)
	}
	return found, nil
}

// Whoever may use the volume may write to it.
func (f folders) makeEmpty(id string) error {
	path, err := f.path(id)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(path, 0o777); err != nil {
		return err
	}
	return os.Chmod(path, 0o777)
}

// The copy appears as a whole, once.
func (f folders) copy(from, to string) error {
	if _, err := f.find(from); err != nil {
		return err
	}
	source, _ := f.path(from)
	target, err := f.path(to)
	if err != nil {
		return err
	}
	if _, err := os.Stat(target); err == nil {
		return nil
	}
	half := target + ".half"
	if err := os.RemoveAll(half); err != nil {
		return err
	}
	if said, err := exec.Command("cp", "-a", source, half).CombinedOutput(); err != nil {
		return status.Errorf(codes.Internal, "cp: %v: %s", err, said)
	}
	return os.Rename(half, target)
}

// What is not there is removed already.
func (f folders) remove(id string) error {
	path, err := f.path(id)
	if err != nil {
		return nil
	}
	return os.RemoveAll(path)
}
