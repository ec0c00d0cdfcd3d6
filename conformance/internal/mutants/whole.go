package mutants

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// wholeMutants violate a requirement wholly: never does the store what it asks for. They prove on what others rest: all that rests on the
// requirement fails too.
var wholeMutants = []Mutant{
	{
		Name: "set acknowledges and keeps nothing",
		Breaks: wholly(contract.GetAfterSet,
			contract.SetMany, contract.ExpiryVeryLong, contract.EnumerationLengthCounts, contract.EnumerationLengthReset,
			contract.EnumerationLengthDestroy, contract.FidelityDottedKeys, contract.IDsLookAlikes, contract.IDsPrintable,
			contract.IDsLongApart, contract.InstancesFreshWriters,
		),
		fault: func(f *faulty, _ *backend) {
			f.set = func(ctx context.Context, _ string, _ *spec.Session) error { return f.enter(ctx) }
		},
	},
	{
		Name: "every call is an error",
		Breaks: wholly(contract.GetAfterSet,
			contract.GetMissing, contract.GetOwnSession, contract.GetBackendFailure, contract.GetBackendErrorReported,
			contract.SetArgumentUnchanged, contract.SetMany, contract.DestroyGone, contract.DestroyMissing, contract.DestroyTwice,
			contract.TouchNoResurrection, contract.TouchMissingNoError, contract.TouchExpiredData, contract.TouchExpiredStaysDead,
			contract.TouchShortens, contract.TouchArgumentUnchanged, contract.ExpiryGoneAfter, contract.ExpirySubSecond,
			contract.ExpiryPastIsMissing, contract.ExpiryPastRemovesOld, contract.ExpiryMaxAgeZeroAccepted, contract.ExpiryMaxAgeZero,
			contract.ExpiryFromExpires, contract.ExpiryOverOriginalMaxAge, contract.ExpiryAllExcludes, contract.ExpiryAllProlonged,
			contract.ExpiryGetDoesNotExtend, contract.EnumerationAllCollection, contract.EnumerationAllElements,
			contract.EnumerationAllNothingElse, contract.EnumerationAllEmpty, contract.EnumerationAllMany,
			contract.EnumerationLengthCounts, contract.EnumerationLengthReset, contract.EnumerationLengthDestroy,
			contract.EnumerationLengthMany, contract.EnumerationClearEmpties, contract.EnumerationClearEmpty,
			contract.EnumerationClearMany, contract.IsolationAll, contract.InstancesReopenMissing, contract.InstancesSeeDestroys,
			contract.ConcurrencyDestroyAndTouch, contract.MiddlewareEarlySave, contract.ResourcesOpenFiles, contract.ResourcesCloses, contract.ResourcesCloseTwice,
			contract.ResourcesAfterClose, contract.GoNoGoroutineLeak,
		),
		From: "any store whose server, table or rights are not there",
		fault: func(f *faulty, _ *backend) {
			f.enter = func(context.Context) error { return errDown }
		},
	},
	{
		Name: "get of a session that is there is an error",
		Breaks: wholly(contract.GetAfterSet,
			contract.DestroyGone, contract.ExpiryVeryLong, contract.ExpiryGetDoesNotExtend, contract.EnumerationAllOddIDs,
			contract.FidelityDottedKeys, contract.IsolationAll, contract.IDsLookAlikes, contract.IDsPrintable, contract.IDsLongApart,
			contract.InstancesSeeDestroys, contract.InstancesFreshWriters, contract.MiddlewareEarlySave, contract.ResourcesCloses,
			contract.GoNoGoroutineLeak,
		),
		fault: func(f *faulty, _ *backend) {
			get := f.get
			f.get = func(ctx context.Context, id string) (*spec.Session, error) {
				s, err := get(ctx, id)
				if s != nil {
					return nil, errors.New("unexpected token o in JSON at position 1")
				}
				return s, err
			}
		},
	},
	{
		Name: "a session loses its cookie",
		Breaks: wholly(contract.GetUsableCookie, wholly(contract.GetAfterSet,
			contract.DestroyGone, contract.TouchShortens, contract.ExpiryVeryLong, contract.ExpiryAllExcludes,
			contract.ExpiryAllProlonged, contract.ExpiryGetDoesNotExtend, contract.EnumerationAllCollection,
			contract.EnumerationAllElements, contract.EnumerationAllNothingElse, contract.EnumerationAllOddIDs,
			contract.EnumerationAllMany, contract.FidelityDottedKeys, contract.IDsLookAlikes, contract.IDsPrintable,
			contract.IDsLongApart, contract.InstancesSeeDestroys, contract.InstancesFreshWriters, contract.MiddlewareEarlySave,
			contract.ResourcesCloses, contract.GoNoGoroutineLeak,
		)...),
		fault: func(_ *faulty, b *backend) {
			b.keep = func(r tableRow) tableRow {
				var all map[string]json.RawMessage
				if json.Unmarshal([]byte(r.text), &all) != nil {
					return r
				}
				delete(all, "cookie")
				text, _ := json.Marshal(all)
				return tableRow{text: string(text), expires: r.expires}
			}
		},
	},
	{
		Name:   "every session is the same session",
		Breaks: wholly(contract.GetOwnSession),
		// Checks beside this one set the session too.
		MayBreak: []*contract.Requirement{contract.SetReplaces},
		fault: func(f *faulty, _ *backend) {
			get, set, destroy, touch := f.get, f.set, f.destroy, f.touch
			const id = "session"
			f.get = func(ctx context.Context, _ string) (*spec.Session, error) { return get(ctx, id) }
			f.set = func(ctx context.Context, _ string, s *spec.Session) error { return set(ctx, id, s) }
			f.destroy = func(ctx context.Context, _ string) error { return destroy(ctx, id) }
			f.touch = func(ctx context.Context, _ string, s *spec.Session) error { return touch(ctx, id, s) }
		},
	},
	{
		Name: "set keeps the session that is there",
		Breaks: wholly(contract.SetReplaces,
			contract.FidelityLarge, contract.IDsLookAlikes, contract.IDsLongApart,
		),
		fault: func(f *faulty, b *backend) {
			set := f.set
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				if _, ok := b.read(id); ok {
					return f.enter(ctx)
				}
				return set(ctx, id, s)
			}
		},
	},
	{
		Name: "set of a session that is there is an error",
		Breaks: wholly(contract.SetReplaces,
			contract.SetArgumentUnchanged, contract.DestroyGone, contract.EnumerationLengthReset, contract.InstancesSeeTouches,
			contract.ConcurrencyTornReads, contract.MiddlewareBrowserSession, contract.GoCancelledContext,
		),
		fault: func(f *faulty, b *backend) {
			set := f.set
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				if _, ok := b.read(id); ok {
					return errors.New("duplicate key value violates unique constraint")
				}
				return set(ctx, id, s)
			}
		},
	},
	{
		Name: "reads lag behind writes",
		Breaks: wholly(contract.SetReadYourWrite, wholly(contract.GetAfterSet,
			contract.SetMany, contract.ExpiryVeryLong, contract.FidelityDottedKeys, contract.IDsLookAlikes, contract.IDsPrintable,
			contract.IDsLongApart, contract.InstancesFreshWriters,
		)...),
		// A check that takes its time meets what it has set, and what comes late is counted and cleared by another.
		MayBreak: []*contract.Requirement{
			contract.InstancesReopenMany, contract.EnumerationAllOddIDs, contract.EnumerationAllEmpty, contract.EnumerationAllNothingElse,
			contract.EnumerationAllMany, contract.EnumerationLengthCounts, contract.EnumerationLengthReset, contract.EnumerationLengthDestroy,
			contract.EnumerationLengthMany, contract.EnumerationClearEmpties, contract.EnumerationClearEmpty, contract.EnumerationClearMany,
		},
		From: "any store that reads from a replica",
		fault: func(f *faulty, _ *backend) {
			const lag = time.Second
			set, destroy, touch := f.set, f.destroy, f.touch
			later := func(ctx context.Context, do func(context.Context)) error {
				if err := f.enter(ctx); err != nil {
					return err
				}
				time.AfterFunc(lag, func() { do(context.WithoutCancel(ctx)) })
				return nil
			}
			f.set = func(ctx context.Context, id string, s *spec.Session) error {
				s = s.Clone()
				return later(ctx, func(ctx context.Context) { _ = set(ctx, id, s) })
			}
			f.destroy = func(ctx context.Context, id string) error {
				return later(ctx, func(ctx context.Context) { _ = destroy(ctx, id) })
			}
			f.touch = func(ctx context.Context, id string, s *spec.Session) error {
				s = s.Clone()
				return later(ctx, func(ctx context.Context) { _ = touch(ctx, id, s) })
			}
		},
	},
	{
		Name:   "destroy does nothing",
		Breaks: wholly(contract.DestroyGone),
		fault: func(f *faulty, _ *backend) {
			f.destroy = func(ctx context.Context, _ string) error { return f.enter(ctx) }
		},
	},
	{
		Name:   "destroy removes every session",
		Breaks: wholly(contract.DestroyOthersStay),
		fault: func(f *faulty, _ *backend) {
			f.destroy = func(ctx context.Context, _ string) error { return f.clear(ctx) }
		},
	},
	{
		Name: "touch is an error",
		Breaks: wholly(contract.TouchExtends,
			contract.TouchKeepsData, contract.TouchMissingNoError, contract.ExpiryAllProlonged, contract.MiddlewareCookieKept,
			contract.MiddlewareBrowserSession, contract.MiddlewareSaveElsewhere, contract.MiddlewareEarlySave,
			contract.GoCancelledContext, contract.GoNoGoroutineLeak,
		),
		fault: func(f *faulty, _ *backend) {
			f.touch = func(context.Context, string, *spec.Session) error { return errors.New("not implemented") }
		},
	},
	{
		Name: "sessions end five hours early",
		Breaks: wholly(contract.ExpiryNotEarly,
			contract.GetAfterSet, contract.GetUsableCookie, contract.GetCorruptRecord, contract.SetReplaces, contract.SetReadYourWrite,
			contract.SetAfterDestroy, contract.SetFailed, contract.SetCookieOnly, contract.SetMany, contract.DestroyOthersStay,
			contract.DestroyOneOnly, contract.TouchKeepsData, contract.TouchBrowserSession, contract.ExpiryFractional,
			contract.ExpirySweepSparesLive, contract.EnumerationAllLive, contract.EnumerationLengthCounts,
			contract.EnumerationLengthReset, contract.EnumerationLengthDestroy, contract.EnumerationClearLaterSets,
			contract.EnumerationOwnOnly, contract.FidelityValues, contract.FidelityCookie, contract.FidelityUnicode,
			contract.FidelityNUL, contract.FidelityLoneSurrogates, contract.FidelityNumbers, contract.FidelityDepth100,
			contract.FidelityDepth1000, contract.FidelityKeys, contract.FidelityProtoKey, contract.FidelityProtoKeyKept,
			contract.FidelityDottedKeys, contract.FidelityDottedKeysKept, contract.FidelityReservedNames, contract.FidelityLookAlikes,
			contract.FidelityNestedCookie, contract.FidelityLarge, contract.IsolationArgument, contract.IsolationResult,
			contract.IsolationTwoResults, contract.IsolationRewrite, contract.IDsBase64URL, contract.IDsCase, contract.IDsLookAlikes,
			contract.IDsBookkeeping, contract.IDsPrototypeNames, contract.IDsNoEscape, contract.IDsPrintable, contract.IDsLength128,
			contract.IDsLongApart, contract.InstancesReopen, contract.InstancesReopenExpiry, contract.InstancesSeeWrites,
			contract.InstancesSeeTouches, contract.InstancesFreshWriters, contract.InstancesSeparate, contract.ConcurrencyManyIDs,
			contract.ConcurrencyOneID, contract.ConcurrencyLastAcknowledged, contract.ConcurrencyTornReads,
			contract.ConcurrencyStaleReads, contract.ConcurrencySetAndTouch, contract.ConcurrencySweepAndRefresh,
			contract.MiddlewareVisits, contract.MiddlewareEmptied, contract.MiddlewareCookieKept, contract.MiddlewareLogin,
			contract.MiddlewareLogoutElsewhere, contract.MiddlewareSaveElsewhere, contract.MiddlewareBothSave,
			contract.MiddlewareMaxAgeChange, contract.ResourcesAfterFailures, contract.GoCancelledContext,
		),
		From:  "stores with a column without a time zone, behind a server in America",
		fault: ends(func(t time.Time, _ *clock) time.Time { return t.Add(-5 * time.Hour) }),
	},
	{
		Name: "sessions end two hours late",
		Breaks: wholly(contract.ExpiryGoneAfter,
			contract.ExpiryAllExcludes,
		),
		From:  "stores with a column without a time zone, behind a server in Europe",
		fault: ends(func(t time.Time, _ *clock) time.Time { return t.Add(2 * time.Hour) }),
	},
	{
		Name: "every session lives a day",
		Breaks: wholly(contract.ExpiryGoneAfter,
			contract.ExpiryAllExcludes,
		),
		fault: ends(func(_ time.Time, c *clock) time.Time { return c.Now().Add(24 * time.Hour) }),
	},
	{
		Name:   "seconds are taken for milliseconds",
		Breaks: wholly(contract.ExpiryNotEarly),
		fault: ends(func(t time.Time, c *clock) time.Time {
			return c.Now().Add(t.Sub(c.Now()) / 1000)
		}),
	},
	{
		Name:   "all answers with nothing",
		Breaks: wholly(contract.EnumerationAllLive),
		fault: func(f *faulty, _ *backend) {
			f.all = func(ctx context.Context) ([]*spec.Session, error) { return nil, f.enter(ctx) }
		},
	},
	{
		Name:   "length is an error",
		Breaks: wholly(contract.EnumerationLengthCounts),
		fault: func(f *faulty, _ *backend) {
			f.length = func(context.Context) (int, error) { return 0, errors.New("not implemented") }
		},
	},
	{
		Name: "clear does nothing",
		Breaks: wholly(contract.EnumerationClearEmpties,
			contract.EnumerationClearMany,
		),
		fault: func(f *faulty, _ *backend) {
			f.clear = func(ctx context.Context) error { return f.enter(ctx) }
		},
	},
	{
		Name:   "each instance has sessions of its own",
		Breaks: wholly(contract.InstancesSeeWrites),
		fault: func(f *faulty, b *backend) {
			own := newBackend(b.clock).open()
			own.enter, own.close = f.enter, f.close
			*f = *own
		},
	},
	{
		Name:   "a close removes every session",
		Breaks: wholly(contract.InstancesReopen),
		fault: func(f *faulty, b *backend) {
			closes := f.close
			f.close = func() error {
				b.mu.Lock()
				clear(b.rows)
				b.mu.Unlock()
				return closes()
			}
		},
	},
}

// wholly returns a requirement, what rests on it, and more, each once, as far as a store in Go shows it.
func wholly(r *contract.Requirement, more ...*contract.Requirement) []*contract.Requirement {
	return slices.DeleteFunc(whollyAnywhere(r, more...), func(r *contract.Requirement) bool {
		return slices.ContainsFunc(r.Needs, func(n contract.Need) bool { return slices.Contains(onlyNode, n) })
	})
}

// whollyInNode is wholly for a store in JavaScript.
func whollyInNode(r *contract.Requirement, more ...*contract.Requirement) []*contract.Requirement {
	return slices.DeleteFunc(whollyAnywhere(r, more...), func(r *contract.Requirement) bool {
		return slices.ContainsFunc(r.Needs, func(n contract.Need) bool { return slices.Contains(onlyGo, n) })
	})
}

// onlyGo are the needs that the stores in JavaScript, which keep their sessions in a Map, do not meet.
var onlyGo = []contract.Need{contract.NeedMovedClock, contract.NeedInProcess, contract.NeedRaces, contract.NeedCorrupt, contract.NeedBreak}

// onlyNode are the needs that no store in Go meets.
var onlyNode = []contract.Need{
	contract.NeedCallbacks, contract.NeedExpressions, contract.NeedExpress, contract.NeedEvents, contract.NeedTimers, contract.NeedHTTP,
}

func whollyAnywhere(r *contract.Requirement, more ...*contract.Requirement) []*contract.Requirement {
	all := []*contract.Requirement{r}
	for _, f := range contract.Foundations() {
		if f.Requirement == r {
			more = slices.Concat(f.Resting, more)
		}
	}
	for _, m := range more {
		if !slices.Contains(all, m) {
			all = append(all, m)
		}
	}
	return all
}

// javaScriptWhole are wholeMutants for what only Node shows.
var javaScriptWhole = []JavaScriptMutant{
	{
		"set acknowledges and keeps nothing", "keeps-nothing.js",
		whollyInNode(contract.GetAfterSet,
			contract.SetMany, contract.ExpiryVeryLong, contract.EnumerationLengthCounts, contract.EnumerationLengthReset,
			contract.EnumerationLengthDestroy, contract.FidelityDottedKeys, contract.IDsLookAlikes, contract.IDsPrintable, contract.IDsLongApart,
			contract.InstancesFreshWriters, contract.InstancesWrongSecret,
		),
		"",
	},
}

// ends moves the end of each session that has one.
func ends(move func(time.Time, *clock) time.Time) func(*faulty, *backend) {
	return func(_ *faulty, b *backend) {
		b.keep = func(r tableRow) tableRow {
			if !r.expires.IsZero() {
				r.expires = move(r.expires, b.clock)
			}
			return r
		}
	}
}
