package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/storecheck/storecheck/spec"
)

// keepsSessions sets a session, gets it, and destroys it.
func keepsSessions(ctx context.Context, a *audit) result {
	id := a.newID()
	o, err := a.call(ctx, "get", id, "")
	switch {
	case err != nil:
		return violated("%v", err)
	case o.Error != nil && !o.missing:
		return violated("get of a session that was never set fails with %s", o.Error).but(missingMend)
	case o.fails() != nil:
		return violated("get of a session that was never set: %v", o.fails())
	case !o.missing:
		return violated("get of a session that was never set answers the kind %q with %s", o.Kind, shown(o.Value)).but(missingMend)
	}
	if r, ok := a.roundTrip(ctx, id, `"text"`); !ok {
		return r
	}
	if o, err = a.call(ctx, "destroy", id, ""); err != nil || o.fails() != nil {
		return violated("destroy: %v", firstOf(err, o.fails()))
	}
	if o, err = a.call(ctx, "get", id, ""); err != nil || !o.missing {
		return violated("get of a session that was destroyed: %s", seen(o, err))
	}
	return kept("")
}

const missingMend = `answer "kind":"undefined" without a value where there is no session, or an error with the code ENOENT`

// roundTrip sets a session with a member value and gets it. ok says that the value came back.
func (a *audit) roundTrip(ctx context.Context, id, value string) (r result, ok bool) {
	session := sessionOf(id, value)
	o, err := a.call(ctx, "set", id, session)
	if err != nil || o.fails() != nil {
		return violated("set: %v", firstOf(err, o.fails())), false
	}
	o, err = a.call(ctx, "get", id, "")
	switch {
	case err != nil || o.fails() != nil:
		return violated("get after set: %v", firstOf(err, o.fails())), false
	case o.missing:
		return violated("get answers that there is no session, right after set").but("look whether set waits until the store has the session, and whether both use the same id"), false
	case o.Kind != "object":
		return violated("get answers the kind %q with %s", o.Kind, shown(o.Value)).but(`answer a session with "kind":"object" and the session as the value`), false
	}
	got, err := application(o.Value)
	if err != nil {
		return violated("get answers %s, which is no session: %v", shown(o.Value), err).but(`answer the whole session, with its member cookie, as the value`), false
	}
	want, _ := application([]byte(session))
	if diff := spec.Diff([]byte(want), []byte(got)); diff != "" {
		return violated("%s", diff), false
	}
	if want != got {
		a.noteRounding(value, o.Value)
		return doubtful("the same value, in another text"), true
	}
	return kept(""), true
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// seen tells an answer that is not the one that was asked for.
func seen(o outcome, err error) string {
	switch err = firstOf(err, o.fails()); {
	case err != nil:
		return err.Error()
	case o.missing:
		return "no session"
	}
	return strings.TrimSpace(o.Kind + " " + shown(o.Value))
}

// optional tries the methods that a store need not have, as open says that it has them.
func optional(method string, try func(context.Context, *audit) result) func(context.Context, *audit) result {
	return func(ctx context.Context, a *audit) result {
		if _, err := a.living(ctx); err != nil {
			return violated("%v", err)
		}
		if a.opened.Capabilities[method] {
			return try(ctx, a)
		}
		if method == "clear" && a.options.Keep {
			return notAsked("open says that the store has no %s", method)
		}
		id := a.newID()
		session := ""
		if method == "touch" {
			session = sessionOf(id, "1")
		} else {
			id = ""
		}
		if o, err := a.call(ctx, method, id, session); err == nil && o.fails() == nil {
			return doubtful("open says that the store has no %s, but a call of it succeeds", method).
				but("say so in capabilities if the store has the method itself, and refuse the call with the error 3 if it has not: do not make the method of others")
		}
		return notAsked("open says that the store has no %s", method)
	}
}

func touches(ctx context.Context, a *audit) result {
	id := a.newID()
	if r, ok := a.roundTrip(ctx, id, `"touched"`); !ok {
		return r
	}
	o, err := a.call(ctx, "touch", id, sessionOf(id, `"touched"`))
	if err != nil || o.fails() != nil {
		return violated("touch: %v", firstOf(err, o.fails()))
	}
	if o, err = a.call(ctx, "get", id, ""); err != nil || o.fails() != nil || o.Kind != "object" {
		return violated("get after touch: %s", seen(o, err)).but("look what touch does to the session; if the store has no touch of its own, say so in capabilities")
	}
	return kept("")
}

// lists has two sessions, and asks for all.
func lists(ctx context.Context, a *audit) result {
	ids := []string{a.newID(), a.newID()}
	for _, id := range ids {
		if r, ok := a.roundTrip(ctx, id, "1"); !ok {
			return r
		}
	}
	o, err := a.call(ctx, "all", "", "")
	if err != nil || o.fails() != nil {
		return violated("%v", firstOf(err, o.fails()))
	}
	var sessions []json.RawMessage
	var byID map[string]json.RawMessage
	switch {
	case json.Unmarshal(o.Value, &sessions) == nil && sessions != nil:
	case json.Unmarshal(o.Value, &byID) == nil && byID != nil:
		for _, s := range byID {
			sessions = append(sessions, s)
		}
	default:
		return violated("all answers the kind %q with %s", o.Kind, shown(o.Value))
	}
	owners := map[string]bool{}
	for _, text := range sessions {
		s, err := spec.ParseSession(text)
		if err != nil {
			return violated("an element of all is no session: %s: %v", shown(text), err)
		}
		var owner string
		_, _ = s.Decode("owner", &owner) // sessions of others have no owner
		owners[owner] = true
	}
	for _, id := range ids {
		if !owners[id] {
			return violated("all answers %d sessions, and a session that was just set is not among them", len(sessions)).but("answer every session that lives, each whole, as it was set")
		}
	}
	if byID != nil {
		return doubtful("all answers an object").but("an array is what a store of express-session answers: an object is read, and fails enumeration/all-array if the store has no reason for it")
	}
	return kept("an array of sessions")
}

func counts(ctx context.Context, a *audit) result {
	id := a.newID()
	if r, ok := a.roundTrip(ctx, id, "1"); !ok {
		return r
	}
	o, err := a.call(ctx, "length", "", "")
	if err != nil || o.fails() != nil {
		return violated("%v", firstOf(err, o.fails()))
	}
	var n *int
	if json.Unmarshal(o.Value, &n) != nil || n == nil || *n < 1 {
		return violated("length answers the kind %q with %s, while the store has a session", o.Kind, shown(o.Value))
	}
	return kept("")
}

func clears(ctx context.Context, a *audit) result {
	if a.options.Keep {
		return notAsked("the sessions of your server stay")
	}
	id := a.newID()
	if r, ok := a.roundTrip(ctx, id, "1"); !ok {
		return r
	}
	o, err := a.call(ctx, "clear", "", "")
	if err != nil || o.fails() != nil {
		return violated("%v", firstOf(err, o.fails()))
	}
	if o, err = a.call(ctx, "get", id, ""); err != nil || !o.missing {
		return violated("get after clear: %s", seen(o, err)).but("look whether clear waits until the store has cleared, and clears what set has written")
	}
	return kept("")
}

// atOnce is how many calls are written before the first answer is read.
const atOnce = 64

// answersAtOnce writes many requests together, and looks whether each has its own answer.
func answersAtOnce(ctx context.Context, a *audit) result {
	p, err := a.living(ctx)
	if err != nil {
		return violated("%v", err)
	}
	ids := make([]string, atOnce)
	for i := range ids {
		ids[i] = a.newID()
	}
	sets, err := a.together(ctx, p, ids, func(id string) json.RawMessage {
		return a.params(a.instance, "set", id, sessionOf(id, `"at once"`))
	})
	if err != nil {
		return violated("%d sets that are written together: %v", atOnce, err)
	}
	for i, got := range sets {
		if o, err := a.read("set", got); err != nil || o.fails() != nil {
			return violated("set number %d of %d that are written together: %v", i+1, atOnce, firstOf(err, o.fails()))
		}
	}
	gets, err := a.together(ctx, p, ids, func(id string) json.RawMessage { return a.params(a.instance, "get", id, "") })
	if err != nil {
		return violated("%d gets that are written together: %v", atOnce, err)
	}
	for i, got := range gets {
		o, err := a.read("get", got)
		if err != nil || o.fails() != nil || o.missing {
			return violated("get number %d of %d that are written together: %s", i+1, atOnce, seen(o, err))
		}
		var s struct{ Owner string }
		if json.Unmarshal(o.Value, &s) != nil || s.Owner != ids[i] {
			return violated("get of %s is answered with the session of %q", ids[i], s.Owner).but("give each answer the id of its own request, and share no variable between the requests that are in flight")
		}
	}
	return kept("%d requests", atOnce)
}

// together writes a call for each id in one piece and returns the answers in the order of the ids.
func (a *audit) together(ctx context.Context, p *program, ids []string, params func(string) json.RawMessage) ([]answer, error) {
	var text []byte
	questions := make([]*question, len(ids))
	for i, id := range ids {
		var line []byte
		line, questions[i] = p.request("call", params(id))
		text = append(text, line...)
	}
	p.write(text)
	answers := make([]answer, len(ids))
	for i, q := range questions {
		var err error
		if answers[i], err = p.await(ctx, q); err != nil {
			return nil, fmt.Errorf("answer %d: %w", i+1, err)
		}
	}
	return answers, nil
}
