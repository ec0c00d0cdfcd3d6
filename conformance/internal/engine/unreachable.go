package engine

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/storecheck/storecheck/internal/awake"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/probe"
)

// severed matches the errors of a connection that has ended or is not there, in the words of systems and of the clients of servers.
var severed = regexp.MustCompile(`(?i)` + strings.Join([]string{
	refused.String(), `\bECONNRESET\b`, `\bEPIPE\b`, `\bETIMEDOUT\b`, `connection reset`, `broken pipe`, `bad connection`, `socket hang up`,
	`(connection|socket|client|pool)\b.{0,40}\b(closed|terminated|lost|ended)`, `closed the connection`,
}, "|"))

// refused matches the errors of a connection that cannot be made.
var refused = regexp.MustCompile(`(?i)` + strings.Join([]string{
	`\bECONNREFUSED\b`, `\bENOTFOUND\b`, `\bEAI_AGAIN\b`, `\bEHOSTUNREACH\b`, `\bENETUNREACH\b`, `\bEHOSTDOWN\b`,
	`connection refused`, `no such host`, `no route to host`, `network is unreachable`, `actively refused`,
	`connect ETIMEDOUT`, `server ?selection`, `buffering timed out`, `max retries per request`,
}, "|"))

// doubt asks a store whose backend cannot be asked for its most basic calls, where a check that did not pass has met a severed connection,
// or the process of the store has. It ends the run when none of them works and one says that no connection can be made.
func (s *Suite) doubt(ctx context.Context, r *contract.Requirement, v contract.Verdict) {
	// What a check has seen whose connections the suite cuts says nothing of the server.
	if s.watch.alive != nil || slices.Contains(r.Needs, contract.NeedFaults) || slices.Contains(r.Needs, contract.NeedRefusals) {
		return
	}
	s.gate.RLock()
	defer s.gate.RUnlock()
	s.askBasics(ctx, strings.Join(append(slices.Clone(v.Calls), v.Reason, v.Message), "\n"))
}

// doubtHang is doubt for the first call of a run that is not answered, when no other was: the checks that hang one after the other are not
// waited for. The check with that call may end before the store is asked.
func (s *Suite) doubtHang(c *condition) {
	if s.watch.alive == nil && c == s.condition && c.patience.firstHang() {
		go s.askBasics(s.watch.pulses, "")
	}
}

// askBasics ends the run when no basic call works, and a connection is known that cannot be made. seen is what was seen of the store.
func (s *Suite) askBasics(ctx context.Context, seen string) {
	store, _, err := s.instance(ctx)
	if err != nil {
		return
	}
	connections := s.refusedConnections(ctx, store)
	seen += connections
	if !severed.MatchString(seen) {
		return
	}
	start := time.Now()
	tried, works := s.basicCalls(ctx, store)
	for !works && time.Since(start) < reconnecting {
		select {
		case <-time.After(between):
		case <-ctx.Done():
			return
		}
		tried, works = s.basicCalls(ctx, store)
	}
	if ctx.Err() != nil {
		return // the answers are those of calls that were broken off
	}
	if !works && refused.MatchString(seen+"\n"+tried) {
		if connections != "" {
			tried += "; its process:" + connections
		}
		s.watch.end(fmt.Errorf("the store reaches no server (%s): start the server, or correct its address in the store", tried))
	}
}

// refusedConnections returns the connections that the process of a store could not make, if it can tell.
func (s *Suite) refusedConnections(ctx context.Context, store spec.Store) string {
	p, ok := store.(probe.Prober)
	if !ok || !p.Features().Resources {
		return ""
	}
	ctx, cancel := awake.WithTimeout(ctx, basicCallTime+diagnosis)
	defer cancel()
	out, err := p.Do(ctx, probe.Call{Method: "resources", Timeout: basicCallTime})
	var told struct{ Refused []string }
	if err != nil || json.Unmarshal(out.Value, &told) != nil || len(told.Refused) == 0 {
		return ""
	}
	return " " + strings.Join(told.Refused, ", ")
}

// reconnecting is how long a store is asked again that fails at once: it may have just lost its connection, and be about to make another.
const reconnecting = 1200 * time.Millisecond

// basicCallTime is how long each of the basic calls may take: a store that waits for its server for longer has no other answer.
const basicCallTime = 3 * time.Second

// basicCalls makes one call of each method that every store has, until one works. It returns the answers of those that did not.
func (s *Suite) basicCalls(ctx context.Context, store spec.Store) (tried string, works bool) {
	limit := min(basicCallTime, s.settings.CallTimeout)
	id := s.freshID()
	cookie := spec.NewCookie()
	cookie.SetMaxAge(now(s.subject.Clock), time.Hour)
	basic := []struct {
		name string
		call func(context.Context) error
	}{
		{"get", func(ctx context.Context) error {
			session, err := store.Get(ctx, id)
			if spec.IsMissing(session, err) {
				return nil
			}
			return err
		}},
		{"destroy", func(ctx context.Context) error { return store.Destroy(ctx, id) }},
		{"set", func(ctx context.Context) error { return store.Set(ctx, id, spec.NewSession(cookie)) }},
	}
	var answers []string
	for _, b := range basic {
		ctx, cancel := awake.WithTimeout(probe.WithLimit(ctx, limit), limit+diagnosis)
		err := GuardError(ctx, b.call)
		cancel()
		if err == nil {
			return "", true
		}
		first, _, _ := strings.Cut(err.Error(), "\n")
		answers = append(answers, b.name+": "+first)
	}
	return strings.Join(answers, "; "), false
}

// freshID returns an id for calls that no check makes. It is destroyed at the end of the run.
func (s *Suite) freshID() string {
	id := rand.Text()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept[id] = true
	return id
}
