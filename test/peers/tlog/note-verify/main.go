// note-verify reads one JSON object from its standard input and checks it with golang.org/x/mod: that a C2SP
// checkpoint bears the signatures of all the keys given and, where they are given, that an inclusion proof
// (tlog.CheckRecord) and a consistency proof (tlog.CheckTree) hold for its tree.
//
// It exits with 0, with 1 and a line that says what failed, or with 2 when the input is not what it reads.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type request struct {
	Checkpoint  string       `json:"checkpoint"`
	VKeys       []string     `json:"vkeys"`
	Inclusion   *inclusion   `json:"inclusion"`
	Consistency *consistency `json:"consistency"`
}

type inclusion struct {
	Entry []byte      `json:"entry"`
	Index int64       `json:"index"`
	Proof []tlog.Hash `json:"proof"`
}

// consistency is that of an older tree with the one of the checkpoint.
type consistency struct {
	Size  int64       `json:"size"`
	Root  tlog.Hash   `json:"root"`
	Proof []tlog.Hash `json:"proof"`
}

func main() {
	r, err := read()
	if err != nil {
		fail(2, "input", err)
	}
	tree, err := open(r.Checkpoint, r.VKeys)
	if err != nil {
		fail(1, "checkpoint", err)
	}
	if i := r.Inclusion; i != nil {
		if err := tlog.CheckRecord(i.Proof, tree.N, tree.Hash, i.Index, tlog.RecordHash(i.Entry)); err != nil {
			fail(1, "inclusion", err)
		}
	}
	if c := r.Consistency; c != nil {
		if err := tlog.CheckTree(c.Proof, tree.N, tree.Hash, c.Size, c.Root); err != nil {
			fail(1, "consistency", err)
		}
	}
	fmt.Printf("%s %d\n", tree.Origin, tree.N)
}

func read() (*request, error) {
	decoder := json.NewDecoder(os.Stdin)
	decoder.DisallowUnknownFields()
	r := new(request)
	if err := decoder.Decode(r); err != nil {
		return nil, err
	}
	if len(r.VKeys) == 0 {
		return nil, errors.New("it names no vkeys")
	}
	return r, nil
}

// open gives what a checkpoint says once every key has been found to have signed it.
func open(checkpoint string, vkeys []string) (torchwood.Checkpoint, error) {
	var none torchwood.Checkpoint
	var verifiers []note.Verifier
	for _, vkey := range vkeys {
		v, err := verifierOf(vkey)
		if err != nil {
			return none, fmt.Errorf("%s: %w", vkey, err)
		}
		verifiers = append(verifiers, v)
	}
	n, err := note.Open([]byte(checkpoint), note.VerifierList(verifiers...))
	if err != nil {
		return none, err
	}
	for _, v := range verifiers {
		if err := torchwood.SingleVerifierPolicy(v).Check("", n.Sigs); err != nil {
			return none, err
		}
	}
	return torchwood.ParseCheckpoint(n.Text)
}

// verifierOf knows the keys of logs from x/mod, and those of witnesses, which x/mod does not know, from torchwood.
func verifierOf(vkey string) (note.Verifier, error) {
	if v, err := torchwood.NewCosignatureVerifier(vkey); err == nil {
		return v, nil
	}
	return note.NewVerifier(vkey)
}

func fail(code int, what string, err error) {
	fmt.Fprintf(os.Stderr, "%s: %v\n", what, err)
	os.Exit(code)
}
