package chapters

import (
	"errors"
	"fmt"
	"strings"

	"github.com/storecheck/storecheck/conformance/internal/engine"
	"github.com/storecheck/storecheck/conformance/internal/phrase"
	"github.com/storecheck/storecheck/spec"
)

// largeSizes are the sizes of large sessions, in bytes.
var largeSizes = []int{70_000, 1 << 20, 5 << 20}

// sizedSession returns a session of about size bytes. No two pieces of it are the same.
func sizedSession(t *engine.C, size int) *spec.Session {
	const row = 1 << 10
	tag := t.Tag()
	var b strings.Builder
	b.WriteString(`[`)
	for i := 0; b.Len() < size-row; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"row":%d,"text":"`, i)
		piece := fmt.Sprintf("%s-%d é ", tag, i)
		b.WriteString(strings.Repeat(piece, row/len(piece)))
		b.WriteString(`"}`)
	}
	b.WriteString(`]`)
	return sessionWithMembers(t, sessionMember{"rows", b.String()}, sessionMember{"last", jsonString(tag)})
}

func fidelityLarge(t *engine.C) {
	t.Patient(4)
	sessions := longStrings(t)
	for _, size := range largeSizes {
		sessions = append(sessions, sizedSession(t, size))
	}
	for _, want := range sessions {
		id, old := t.ID(), t.Session("tag", t.Tag())
		t.Set(id, old)
		if err := t.TrySet(id, want); err != nil {
			expectRefusal(t, err)
			want = old
		}
		expectData(t, t.Get(id), want)
	}
}

func fidelitySizeLimit(t *engine.C) {
	t.Patient(4)
	taken := 0
	for _, size := range append([]int{4_000, 30_000}, largeSizes...) {
		id := t.ID()
		if err := t.TrySet(id, sizedSession(t, size)); err != nil {
			if errors.Is(err, engine.ErrTimedOut) {
				t.Observe("takes %s; does not answer to %s", phrase.Bytes(taken), phrase.Bytes(size))
			} else {
				t.Observe("takes %s; refuses %s: %s", phrase.Bytes(taken), phrase.Bytes(size), phrase.Text(err.Error()))
			}
			return
		}
		taken = size
	}
	t.Observe("takes %s", phrase.Bytes(taken))
}
