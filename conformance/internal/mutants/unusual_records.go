package mutants

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf16"

	"github.com/storecheck/storecheck/conformance"
	"github.com/storecheck/storecheck/spec"
	"github.com/storecheck/storecheck/spec/contract"
)

// unusualRecords are stores that keep records in another form.
func unusualRecords() []Unusual {
	return []Unusual{
		unusual("a key of its own in every session", "declared, as session-file-store's __lastAccess is",
			func(s *conformance.Subject, r *rig) {
				s.AddedKeys = []string{"_rev"}
				var n atomic.Int64
				keepTextAs(r, func(text string) string {
					session, err := spec.ParseSession([]byte(text))
					if err != nil {
						return text
					}
					_ = session.Set("_rev", n.Add(1))
					return session.String()
				})
			}),
		unusual("other JSON for the same value", "keys sorted, white space, characters escaped, 1000 written as 1e+03",
			func(_ *conformance.Subject, r *rig) { keepTextAs(r, rewrite) }),
		unusual("ids are kept as their hash", "who reads the backend learns no id",
			func(s *conformance.Subject, r *rig) {
				s.Corrupt = nil
				wrapInstances(s, r, func(f *faulty, _ *backend) spec.Store {
					storeUnder(f, func(id string) string {
						sum := sha256.Sum256([]byte(id))
						return string(sum[:])
					})
					return f
				})
			}),
		unusual("the least recently used goes when there are 100,000", "more than anybody stores here",
			func(s *conformance.Subject, r *rig) {
				var (
					mu   sync.Mutex
					turn int
					used = map[string]int{}
				)
				wrapInstances(s, r, func(f *faulty, b *backend) spec.Store {
					if b != r.backend {
						return f
					}
					use := func(id string) {
						mu.Lock()
						defer mu.Unlock()
						turn++
						used[id] = turn
						if len(used) > 100000 {
							oldest := slices.MinFunc(slices.Collect(maps.Keys(used)), func(a, b string) int { return used[a] - used[b] })
							delete(used, oldest)
							b.remove(oldest)
						}
					}
					checkID(f, func(id string) error { use(id); return nil })
					return f
				})
			}),
		unusual("clear begins a new generation", "the records of the old one are out of reach, and stay",
			func(s *conformance.Subject, r *rig) {
				generations := map[*backend]*atomic.Int64{r.backend: {}, r.foreign: {}}
				s.Corrupt = nil
				wrapInstances(s, r, func(f *faulty, b *backend) spec.Store {
					generation := generations[b]
					storeUnder(f, func(id string) string { return fmt.Sprintf("%d:%s", generation.Load(), id) })
					f.all, f.length = nil, nil
					f.clear = func(ctx context.Context) error {
						if err := f.enter(ctx); err != nil {
							return err
						}
						generation.Add(1)
						return nil
					}
					return f
				})
			}),
		unusual("a destroyed record stays, marked", "rows with a deletedAt; a set writes over the mark",
			changeInstances(func(f *faulty, b *backend) {
				f.destroy = func(ctx context.Context, id string) error {
					if err := f.enter(ctx); err != nil {
						return err
					}
					b.write(id, tableRow{expires: time.Unix(1, 0)})
					return nil
				}
			})),
		unusual("the expired stay until a sweep, and length counts them", "most SQL stores; length is the store's to say",
			changeInstances(func(f *faulty, b *backend) { sweeping(f, b, 40) })),
		unusual("the expired stay for ever, in all as well", "better-sqlite3-session-store and the stores of objects; a Should",
			changeInstances(func(f *faulty, b *backend) {
				sweeping(f, b, math.MaxInt64)
				f.all = everyRow(f, b)
			}), contract.ExpiryAllExcludes),
	}
}

// keepTextAs makes the store write the text of sessions in another way.
func keepTextAs(r *rig, write func(text string) string) {
	keep := func(row tableRow) tableRow {
		row.text = write(row.text)
		return row
	}
	r.backend.keep, r.foreign.keep = keep, keep
}

// rewrite writes JSON in another way with the same meaning. It returns invalid JSON as it is.
func rewrite(text string) string {
	raw := bytes.TrimSpace([]byte(text))
	if !json.Valid(raw) {
		return text
	}
	switch raw[0] {
	case '{':
		var members map[string]json.RawMessage
		if json.Unmarshal(raw, &members) != nil || strings.Contains(text, `\u`) {
			// A Go map does not keep names with half of a surrogate pair.
			return text
		}
		parts := []string{}
		for _, name := range slices.Sorted(maps.Keys(members)) {
			key, _ := json.Marshal(name)
			parts = append(parts, escape(string(key))+" : "+rewrite(string(members[name])))
		}
		return "{ " + strings.Join(parts, ",\n\t") + " }"
	case '[':
		var elements []json.RawMessage
		_ = json.Unmarshal(raw, &elements)
		parts := []string{}
		for _, e := range elements {
			parts = append(parts, rewrite(string(e)))
		}
		return "[ " + strings.Join(parts, " ,\r\n") + " ]"
	case '"':
		return escape(string(raw))
	case 't', 'f', 'n':
		return string(raw)
	}
	f, err := strconv.ParseFloat(string(raw), 64)
	if err != nil || math.Abs(f) >= 1<<53 {
		return string(raw)
	}
	return strconv.FormatFloat(f, 'e', -1, 64)
}

// escape writes a JSON string in ASCII.
func escape(quoted string) string {
	var b strings.Builder
	escaped := false
	for _, c := range quoted {
		switch {
		case c == '/' && !escaped:
			b.WriteString(`\/`)
		case c < 0x80:
			b.WriteRune(c)
		case c > 0xffff:
			high, low := utf16.EncodeRune(c)
			fmt.Fprintf(&b, `\u%04X\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04X`, c)
		}
		escaped = c == '\\' && !escaped
	}
	return b.String()
}
