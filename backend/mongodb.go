package backend

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/storecheck/storecheck/internal/install"
)

// The files of the module in ferretdb. A folder with a go.mod could not be embedded, and its needs are none of this module's. For another version
// of FerretDB, go mod tidy makes both files from a copy.
var (
	//go:embed ferretdb/main.go
	ferretMain string
	//go:embed ferretdb/go.mod.txt
	ferretMod string
	//go:embed ferretdb/go.sum.txt
	ferretSum string
)

func mongodb() kind {
	return kind{
		name: "mongodb",
		ways: []way{
			{supply: debian{programs: []string{"mongod"}, pkg: "mongodb-org-server"}, prepare: prepareMongod},
			{
				supply: golang{
					program: install.Program{Name: "ferretdb", Files: map[string]string{"main.go": ferretMain, "go.mod": ferretMod, "go.sum": ferretSum}},
					stands:  "FerretDB@" + ferretVersion(), instead: "mongod",
				},
				prepare: prepareFerret,
			},
		},
		schemes: []string{"mongodb"},
		secure:  func(u *url.URL) bool { return isTrue(u, "tls") || isTrue(u, "ssl") },
		port:    "27017",
		example: "mongodb://USER:PASSWORD@HOST:PORT/?directConnection=true",
		validate: func(u *url.URL) error {
			if strings.Trim(u.Path, "/") != "" {
				return errors.New("an address has no database: each store gets one of its own")
			}
			return nil
		},
		probe: probeMongo,
		limits: []Limit{
			{Shows: "(nested arrays are not supported)", Why: "takes no array in an array, which MongoDB takes"},
			{Shows: "(key must not start with '$' sign)", Why: "takes no key that begins with $, which MongoDB takes"},
			{Shows: "(key must not contain '.' sign)", Why: "takes no key with a dot, which MongoDB takes"},
			{Requirement: "set/replaces", Why: "leaves a document as it was when only the name of a member is another"},
		},
	}
}

func isTrue(u *url.URL, option string) bool {
	yes, _ := strconv.ParseBool(u.Query().Get(option))
	return yes
}

// ferretVersion is the version in ferretdb/go.mod.txt.
func ferretVersion() string {
	_, version, _ := strings.Cut(ferretMod, "github.com/FerretDB/FerretDB v")
	version, _, _ = strings.Cut(version, "\n")
	return version
}

// prepareMongod demands no password: a user can be made only once the server runs. Its process shows that our server answers.
func prepareMongod(_ context.Context, s *setup) (launch, error) {
	return launch{
		program: "mongod",
		args:    []string{"--dbpath", s.dir, "--port", strconv.Itoa(s.port), "--bind_ip", "127.0.0.1", "--nounixsocket", "--quiet"},
		url:     fmt.Sprintf("mongodb://127.0.0.1:%d/", s.port),
	}, nil
}

// prepareFerret demands no password: FerretDB asks for none when it keeps its data in SQLite.
func prepareFerret(_ context.Context, s *setup) (launch, error) {
	return launch{
		program: "ferretdb",
		args:    []string{"-address", net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port))},
		url:     fmt.Sprintf("mongodb://127.0.0.1:%d/", s.port),
	}, nil
}

// probeMongo logs in and asks the server for its version and its life.
func probeMongo(ctx context.Context, u *url.URL) (who identity, err error) {
	o := options.Client().ApplyURI(u.String()).SetDialer(within{ctx}).SetServerSelectionTimeout(checkTimeout)
	if err := o.Validate(); err != nil {
		return who, errors.New("not an address that MongoDB's clients understand")
	}
	client, err := mongo.Connect(o)
	if err != nil {
		return who, errors.New("not an address that MongoDB's clients understand")
	}
	defer client.Disconnect(context.WithoutCancel(ctx)) //nolint:errcheck // every command is answered by then
	admin := client.Database("admin")
	var build struct {
		Version string `bson:"version"`
		Ferret  string `bson:"ferretdbVersion"`
	}
	if err := admin.RunCommand(ctx, bson.D{{Key: "buildInfo", Value: 1}}).Decode(&build); err != nil {
		return who, sayMongo(err)
	}
	var hello struct {
		Set      string `bson:"setName"`
		Topology struct {
			Process bson.ObjectID `bson:"processId"`
		} `bson:"topologyVersion"`
	}
	if err := admin.RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&hello); err != nil {
		return who, sayMongo(err)
	}
	if hello.Set != "" && !isTrue(u, "directConnection") {
		return who, errors.New("it belongs to a replica set, whose members clients look for by themselves: add ?directConnection=true to the address")
	}
	if who.version = build.Version; !hello.Topology.Process.IsZero() {
		who.life = hello.Topology.Process.Hex()
	}
	// If the user may not use serverStatus, only the process is missing.
	var status struct {
		PID int `bson:"pid"`
	}
	if admin.RunCommand(ctx, bson.D{{Key: "serverStatus", Value: 1}}).Decode(&status) == nil {
		who.pid = status.PID
	}
	if build.Ferret != "" {
		who.program, who.version, who.emulator = "FerretDB", strings.TrimPrefix(build.Ferret, "v"), true
		who.life = strconv.Itoa(who.pid)
	}
	if who.version == "unknown" { // as one says that is part of another program, like ours
		who.version = ferretVersion()
	}
	return who, nil
}

// sayMongo says what to do about an error.
func sayMongo(err error) error {
	const unauthorized, authenticationFailed = 13, 18
	var answer mongo.CommandError
	switch {
	case errors.As(err, &answer) && (answer.Code == unauthorized || answer.Code == authenticationFailed):
		return errors.New("it refuses the user or password: correct the part of the address before the @, or give its ?authSource")
	case errors.As(err, &answer):
		return fmt.Errorf("it answers %.200q", answer.Message)
	case strings.Contains(err.Error(), "auth error"):
		return errors.New("it refuses the user or password: correct the part of the address before the @, or give its ?authSource")
	}
	return fmt.Errorf("cannot connect, or it does not answer as MongoDB does: %w: start the server or correct the address", err)
}
