// verify-proof checks a C2SP tlog-proof file offline with torchwood's VerifyProof: that the entry is in a log whose
// checkpoint, which is in the proof, satisfies a policy (the lines of a C2SP tlog-policy file).
//
//	verify-proof POLICY ENTRY PROOF
//
// It exits with 0, with 1 and a line that says what failed, or with 2 when it cannot read its files.
package main

import (
	"fmt"
	"os"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	if len(os.Args) != 4 {
		fail(2, "usage: verify-proof POLICY ENTRY PROOF")
	}
	policy, err := torchwood.ParsePolicy(read(os.Args[1]))
	if err != nil {
		fail(2, err)
	}
	entry, proof := read(os.Args[2]), read(os.Args[3])
	if err := torchwood.VerifyProof(policy, tlog.RecordHash(entry), proof); err != nil {
		fail(1, err)
	}
}

func read(path string) []byte {
	data, err := os.ReadFile(path)
	if err != nil {
		fail(2, err)
	}
	return data
}

func fail(code int, why any) {
	fmt.Fprintln(os.Stderr, why)
	os.Exit(code)
}
