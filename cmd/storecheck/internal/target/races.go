package target

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/storecheck/storecheck/internal/excerpt"
)

// watchRaces has the race detector of a host write its reports into a folder of the run, a file for each process, and lets the host live on.
func (h *host) watchRaces() error {
	h.races = filepath.Join(h.dir, "races")
	h.command.Env = append(h.command.Env, "GORACE=halt_on_error=0 exitcode=0 atexit_sleep_ms=0 log_path="+filepath.Join(h.races, "report"))
	return os.MkdirAll(h.races, 0o700)
}

const (
	// maxRaces is how much is read of the reports of one process, and how many count.
	maxRaces       = 1 << 20
	maxRaceReports = 100
	// maxRace is the length of one report that is shown.
	maxRace = 4 << 10
	// raceRule is the line around each report.
	raceRule = "=================="
)

// shape is what stands for the types of a generic function in a stack.
var shape = regexp.MustCompile(`\[go\.shape.*\]`)

// raceReports returns what the race detector has reported so far.
func (h *host) raceReports() ([]string, error) {
	files, err := filepath.Glob(filepath.Join(h.races, "report*"))
	var reports []string
	for _, file := range files {
		text, readErr := readStart(file, maxRaces)
		err = errors.Join(err, readErr)
		for report := range strings.SplitSeq(text, raceRule) {
			if report = strings.TrimSpace(report); strings.Contains(report, "DATA RACE") && len(reports) < maxRaceReports {
				reports = append(reports, excerpt.Start(shape.ReplaceAllString(report, "[…]"), maxRace))
			}
		}
	}
	return reports, err
}

func readStart(file string, most int64) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close() //nolint:errcheck // only read
	text, err := io.ReadAll(io.LimitReader(f, most))
	return string(text), err
}
