// key-agent is an SSH agent with one Ed25519 key: litewitness signs through an agent only. The first line of its
// standard input is the key (PKCS #8, base64). It prints the key's fingerprint when it listens, and ends when its
// input does, so that it cannot outlive whoever started it.
//
//	key-agent SOCKET
package main

import (
	"bufio"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	if len(os.Args) != 2 {
		return errors.New("usage: key-agent SOCKET")
	}
	input := bufio.NewReader(os.Stdin)
	key, err := readKey(input)
	if err != nil {
		return err
	}
	signer, err := ssh.NewSignerFromKey(key)
	if err != nil {
		return err
	}
	keyring := agent.NewKeyring()
	if err := keyring.Add(agent.AddedKey{PrivateKey: key}); err != nil {
		return err
	}
	listener, err := net.Listen("unix", os.Args[1])
	if err != nil {
		return err
	}
	defer listener.Close()
	go serve(listener, keyring)
	fmt.Println(ssh.FingerprintSHA256(signer.PublicKey()))
	_, err = io.Copy(io.Discard, input)
	return err
}

func readKey(input *bufio.Reader) (ed25519.PrivateKey, error) {
	line, err := input.ReadString('\n')
	if err != nil {
		return nil, err
	}
	der, err := base64.StdEncoding.DecodeString(strings.TrimSpace(line))
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, err
	}
	key, ok := parsed.(ed25519.PrivateKey)
	if !ok {
		return nil, errors.New("the key is not an Ed25519 key")
	}
	return key, nil
}

func serve(listener net.Listener, keyring agent.Agent) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer connection.Close()
			agent.ServeAgent(keyring, connection)
		}()
	}
}
