//go:build ignore

// Command ferretdb serves MongoDB's protocol on SQLite, where no mongod is installed. It is a module of its own, which a run builds from these
// files: nothing else needs what it needs.
package main

import (
	"context"
	"encoding/binary"
	"errors"
	"flag"
	"io"
	"log"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"

	"github.com/FerretDB/FerretDB/ferretdb"
)

// socket is where FerretDB itself listens, in the working folder.
const socket = "socket"

func main() {
	address := flag.String("address", "", "host and port to listen on")
	flag.Parse()
	f, err := ferretdb.New(&ferretdb.Config{
		Listener: ferretdb.ListenerConfig{Unix: socket},
		Logger:   slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
		Handler:  "sqlite",
		// Nothing is flushed to the disk: only the machine could lose it. Otherwise writes wait for one another for seconds.
		SQLiteURL: "file:./?_pragma=synchronous(off)",
	})
	if err != nil {
		log.Fatal(err)
	}
	l, err := net.Listen("tcp", *address)
	if err != nil {
		log.Fatal(err)
	}
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				log.Fatal(err)
			}
			go serve(client)
		}
	}()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := f.Run(ctx); err != nil {
		log.Fatal(err)
	}
}

// atomic lets one write run at a time. MongoDB changes a document in one step. FerretDB reads it, changes it and writes it, so that of two
// changes at the same time one is lost, and of two upserts of a new document one fails.
var atomic sync.RWMutex

// reads are the commands that change nothing.
const reads = " find getMore count distinct aggregate hello ismaster isMaster ping buildInfo serverStatus endSessions "

// serve passes a client's commands to FerretDB, and the answers back.
func serve(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("unix", socket)
	if err != nil {
		return
	}
	defer server.Close()
	for {
		request, err := message(client)
		if err != nil {
			return
		}
		name, answered := command(request)
		lock, unlock := atomic.Lock, atomic.Unlock
		if strings.Contains(reads, " "+name+" ") {
			lock, unlock = atomic.RLock, atomic.RUnlock
		}
		lock()
		_, err = server.Write(request)
		var answer []byte
		if err == nil && answered {
			answer, err = message(server)
		}
		unlock()
		if err != nil {
			return
		}
		if _, err := client.Write(answer); err != nil {
			return
		}
	}
}

// The parts of a message: its size, three more numbers, the last of them its kind. Then, in an OP_MSG, flags, and sections of which one is the
// command, a BSON document whose first element has the command's name.
const (
	headerSize = 16
	opMsg      = 2013
	noAnswer   = 1 << 1 // a flag
	mostBytes  = 64 << 20
)

func message(from io.Reader) ([]byte, error) {
	header := make([]byte, headerSize)
	if _, err := io.ReadFull(from, header); err != nil {
		return nil, err
	}
	size := binary.LittleEndian.Uint32(header)
	if size < headerSize || size > mostBytes {
		return nil, errors.New("not a message of MongoDB's protocol")
	}
	whole := append(header, make([]byte, size-headerSize)...)
	_, err := io.ReadFull(from, whole[headerSize:])
	return whole, err
}

// command returns the name of a command, "" where it is not seen, and whether it is answered.
func command(message []byte) (name string, answered bool) {
	if binary.LittleEndian.Uint32(message[12:]) != opMsg || len(message) < headerSize+4 {
		return "", true
	}
	answered = binary.LittleEndian.Uint32(message[headerSize:])&noAnswer == 0
	for rest := message[headerSize+4:]; len(rest) > 6; {
		if rest[0] == 0 {
			name, _, _ = strings.Cut(string(rest[6:min(len(rest), 64)]), "\x00")
			return name, answered
		}
		size := 1 + uint64(binary.LittleEndian.Uint32(rest[1:]))
		if size > uint64(len(rest)) {
			break
		}
		rest = rest[size:]
	}
	return "", answered
}
