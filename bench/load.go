package bench

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/storecheck/storecheck/spec"
)

// A Load is what a bench stores: the same bytes for every store and every round. Each session is Session with its id as owner, and with a number
// n that grows with each set, so that a get shows whose session it is, and which.
type Load struct {
	IDs     []string
	Session json.RawMessage
}

const (
	// FirstN is n of a session that was set once. It keeps its number of digits.
	FirstN = 1_000_000_000
	// MinSize is the size of the smallest session, in bytes.
	MinSize = 256
	// life is longer than any bench.
	life = 24 * time.Hour
	// idBytes give ids as long as those of express-session.
	idBytes = 24
)

// NewLoad makes ids and a session from a seed. size is the length of a session's JSON in bytes.
func NewLoad(seed uint64, size, sessions int) Load {
	random := rand.New(rand.NewPCG(seed, uint64(size)))
	var l Load
	for range sessions {
		id := make([]byte, idBytes)
		for i := range id {
			id[i] = byte(random.Uint32())
		}
		l.IDs = append(l.IDs, base64.RawURLEncoding.EncodeToString(id))
	}
	cookie := spec.NewCookie()
	cookie.SetMaxAge(time.Now(), life)
	text := fmt.Sprintf(`{"cookie":%s,"owner":%q,"n":%d,"cart":[`, cookie, l.IDs[0], FirstN)
	const end = `],"text":""}`
	// Many small values, as applications have them, and a text up to the size.
	for comma := ""; ; comma = "," {
		item := fmt.Sprintf(`%s{"sku":"%06x","count":%d,"price":%d}`, comma, random.Uint32N(1<<24), 1+random.IntN(9), 100+random.IntN(9900))
		if len(text)+len(item)+len(end) > size {
			break
		}
		text += item
	}
	pad := strings.Repeat("x", max(size-len(text)-len(end), 0))
	l.Session = json.RawMessage(text + strings.Replace(end, `""`, `"`+pad+`"`, 1))
	return l
}
