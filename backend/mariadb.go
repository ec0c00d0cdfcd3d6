package backend

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"

	"github.com/storecheck/storecheck/backend/shift"
)

func mariadb() kind {
	return kind{
		name: "mariadb",
		ways: []way{{
			supply:   debian{programs: []string{"mariadbd", "mariadb-install-db"}, pkg: "mariadb-server", places: []string{"/usr/sbin", "/usr/local/sbin"}},
			accounts: []string{"mysql", "nobody"},
			prepare:  prepareMariaDB,
		}},
		schemes:   []string{"mysql", "mariadb"},
		secure:    func(u *url.URL) bool { return u.Query().Has("ssl") || u.Query().Has("tls") },
		port:      mariadbPort,
		example:   "mysql://USER:PASSWORD@HOST:PORT/DATABASE",
		shortcuts: "writes its log to the disk each second, not at each commit",
		validate: func(u *url.URL) error {
			if strings.Trim(u.Path, "/") == "" {
				return errors.New("the address names no database, as in mysql://USER:PASSWORD@HOST:PORT/DATABASE")
			}
			return nil
		},
		probe:   probeMariaDB,
		busy:    busyMariaDB,
		wipe:    wipeMariaDB,
		drop:    dropIdleMariaDB,
		count:   countMariaDB,
		counted: "rows",
		clock:   &follows{within: shift.Off, local: true, until: time.Date(2038, 1, 1, 0, 0, 0, 0, time.UTC)},
	}
}

const mariadbPort = "3306"

// mariadbDatabase is the one that a new server has.
const mariadbDatabase = "storecheck"

// prepareMariaDB makes a server with one user, who may do everything from this machine. It flushes nothing to its disk: see preparePostgres. Its
// characters are those of Debian's configuration, not those of MariaDB without one.
func prepareMariaDB(ctx context.Context, s *setup) (launch, error) {
	if err := s.run(ctx, "mariadb-install-db", "--no-defaults", "--datadir="+s.dir+"/data", "--skip-test-db", "--skip-name-resolve"); err != nil {
		return launch{}, err
	}
	users, err := s.write("users.sql", fmt.Sprintf(`DELETE FROM mysql.global_priv WHERE User <> 'mariadb.sys';
FLUSH PRIVILEGES;
CREATE USER 'storecheck'@'127.0.0.1' IDENTIFIED BY '%s';
GRANT ALL ON *.* TO 'storecheck'@'127.0.0.1';
CREATE DATABASE %s;
`, s.password, mariadbDatabase))
	if err != nil {
		return launch{}, err
	}
	return launch{
		program: "mariadbd",
		args: []string{
			"--no-defaults", "--datadir=" + s.dir + "/data", "--init-file=" + users, "--bind-address=127.0.0.1", "--port=" + strconv.Itoa(s.port),
			"--socket=socket", "--pid-file=pid", "--skip-name-resolve", "--skip-log-bin", "--character-set-server=utf8mb4",
			"--innodb-flush-log-at-trx-commit=0", "--innodb-use-native-aio=OFF", "--innodb-buffer-pool-size=64M", "--max-connections=1000",
		},
		url: fmt.Sprintf("mysql://storecheck:%s@127.0.0.1:%d/%s", s.password, s.port, mariadbDatabase),
	}, nil
}

func probeMariaDB(ctx context.Context, u *url.URL) (identity, error) {
	c, err := connectMariaDB(u)
	if err != nil {
		return identity{}, err
	}
	// The moment of the start, in MariaDB and in MySQL. Both numbers are of the moment at which the query began, so it is the same each time.
	// It is a whole second: two starts within one are taken for one.
	const start = "SELECT VERSION(), UNIX_TIMESTAMP() - VARIABLE_VALUE, UNIX_TIMESTAMP(NOW(6)) FROM %s.GLOBAL_STATUS WHERE VARIABLE_NAME = 'UPTIME'"
	who, err := probeSQL(ctx, c, fmt.Sprintf(start, "information_schema"), fmt.Sprintf(start, "performance_schema"), "SELECT VERSION(), '', UNIX_TIMESTAMP(NOW(6))")
	return who, sayMariaDB(err)
}

func connectMariaDB(u *url.URL) (driver.Connector, error) {
	c := mysql.NewConfig()
	c.Net, c.Addr, c.User, c.DBName, c.Logger = "tcp", u.Host, u.User.Username(), strings.Trim(u.Path, "/"), &mysql.NopLogger{}
	c.Passwd, _ = u.User.Password()
	c.AllowNativePasswords = true
	if u.Port() == "" {
		c.Addr = net.JoinHostPort(u.Hostname(), mariadbPort)
	}
	if u.Query().Has("ssl") || u.Query().Has("tls") {
		c.TLSConfig = "skip-verify" // the clients of the run check the certificate as they are told to
	}
	connector, err := mysql.NewConnector(c)
	if err != nil {
		return nil, errors.New("not an address that MariaDB's clients understand")
	}
	return connector, nil
}

func wipeMariaDB(ctx context.Context, u *url.URL) error {
	apart := *u
	apart.Path = ""
	c, err := connectMariaDB(&apart)
	if err != nil {
		return err
	}
	db := sql.OpenDB(c)
	defer db.Close() //nolint:errcheck // every statement is answered by then
	const own = "'information_schema', 'mysql', 'performance_schema', 'sys'"
	err = execEach(ctx, db, "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME NOT IN ("+own+")", func(name string) string {
		return "DROP DATABASE `" + strings.ReplaceAll(name, "`", "``") + "`"
	})
	if err == nil {
		_, err = db.ExecContext(ctx, "CREATE DATABASE "+mariadbDatabase)
	}
	return sayMariaDB(err)
}

// sayMariaDB says what to do about an error.
func sayMariaDB(err error) error {
	const accessDenied, databaseDenied, noDatabase = 1045, 1044, 1049
	var answer *mysql.MySQLError
	var network *net.OpError
	switch {
	case errors.As(err, &answer) && answer.Number == accessDenied:
		return errors.New("it refuses the user or password: correct the part of the address before the @")
	case errors.As(err, &answer) && (answer.Number == databaseDenied || answer.Number == noDatabase):
		return errors.New("it has no such database for this user: correct the part of the address after the host, or create the database")
	case errors.As(err, &answer):
		return fmt.Errorf("it answers %.200q: %w", answer.Message, answer)
	case errors.As(err, &network) && network.Op == "dial":
		return fmt.Errorf("cannot connect: %w: start the server or correct the address", network)
	case err != nil:
		return fmt.Errorf("it takes the connection but does not answer as MariaDB does: %w", err)
	}
	return nil
}

// busyMariaDB knows the answer of a server that has as many clients as it takes.
func busyMariaDB(err error) bool {
	const tooMany = 1040
	var answer *mysql.MySQLError
	return errors.As(err, &answer) && answer.Number == tooMany
}
