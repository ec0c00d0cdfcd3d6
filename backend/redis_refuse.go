package backend

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// redisRefuser replaces a refused command by one whose name no server knows, and gives the error about that the text of a refusal. Inside of a
// transaction the server answers so too, and gives the transaction up, as it does after a refusal.
type redisRefuser struct {
	unknown string // the name
	sent    []byte // the beginning of a command
	lost    bool   // what is sent is not understood, and passes as it is

	mu      sync.Mutex
	reasons []string // of the refused commands that are not answered yet
	answers []byte   // the beginning of what may be an error
}

func newRedisRefuser(unknown string) refuser { return &redisRefuser{unknown: unknown} }

func (r *redisRefuser) up(sent []byte, what refusal) (passed []byte) {
	r.sent = append(r.sent, sent...)
	for !r.lost {
		name, size, err := redisCommand(r.sent)
		if err != nil {
			r.lost = true
			break
		}
		if size == 0 {
			return passed
		}
		if reason := redisRefusal(name, what); reason == "" {
			passed = append(passed, r.sent[:size]...)
		} else {
			r.mu.Lock()
			r.reasons = append(r.reasons, reason)
			r.mu.Unlock()
			passed = fmt.Appendf(passed, "*1\r\n$%d\r\n%s\r\n", len(r.unknown), r.unknown)
		}
		r.sent = r.sent[size:]
	}
	passed = append(passed, r.sent...)
	r.sent = nil
	return passed
}

// unknownCommand begins the error about a command that the server does not know.
const unknownCommand = "-ERR unknown command"

func (r *redisRefuser) down(answers []byte) (passed []byte) {
	r.answers = append(r.answers, answers...)
	rest := r.answers
	r.answers = nil
	for {
		at := bytes.Index(rest, []byte(r.unknown))
		if at < 0 {
			break
		}
		start := max(bytes.LastIndexByte(rest[:at], '-'), 0)
		end := bytes.Index(rest[at:], []byte("\r\n"))
		if end < 0 {
			r.answers = bytes.Clone(rest[start:])
			return append(passed, rest[:start]...)
		}
		passed = fmt.Appendf(append(passed, rest[:start]...), "-%s", r.nextReason())
		rest = rest[at+end:]
	}
	// The end may be the beginning of such an error, cut in two.
	if start := bytes.LastIndexByte(rest, '-'); start >= 0 && !bytes.Contains(rest[start:], []byte("\r\n")) {
		if end := string(rest[start:]); strings.HasPrefix(end, unknownCommand) || strings.HasPrefix(unknownCommand, end) {
			r.answers = bytes.Clone(rest[start:])
			rest = rest[:start]
		}
	}
	return append(passed, rest...)
}

func (r *redisRefuser) nextReason() (reason string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.reasons) > 0 {
		reason, r.reasons = r.reasons[0], r.reasons[1:]
	}
	return reason
}

// redisCommand returns the name of the first command, in capitals, and its size. The size is 0 when its end is not there yet.
func redisCommand(text []byte) (name string, size int, err error) {
	line, rest, ok := bytes.Cut(text, []byte("\r\n"))
	if !ok {
		return "", 0, nil
	}
	if len(line) == 0 || line[0] != '*' { // a command in one line, as people write them
		name, _, _ := strings.Cut(strings.TrimSpace(string(line)), " ")
		return strings.ToUpper(name), len(line) + 2, nil
	}
	count, err := strconv.ParseUint(string(line[1:]), 10, 31)
	if err != nil {
		return "", 0, err
	}
	size = len(line) + 2
	for i := range count {
		line, after, ok := bytes.Cut(rest, []byte("\r\n"))
		if !ok {
			return "", 0, nil
		}
		length, err := strconv.ParseUint(strings.TrimPrefix(string(line), "$"), 10, 31)
		if err != nil {
			return "", 0, err
		}
		if uint64(len(after)) < length+2 {
			return "", 0, nil
		}
		if i == 0 {
			name = strings.ToUpper(string(after[:length]))
		}
		size += len(line) + 2 + int(length) + 2
		rest = after[length+2:]
	}
	return name, size, nil
}

// redisRefusal returns the error with which a command is refused, "" for none.
func redisRefusal(name string, what refusal) string {
	switch {
	case what == refuseNothing, redisReads[name]:
		return ""
	case what == refuseChanges:
		return "READONLY You can't write against a read only replica."
	case redisNeedsNoRoom[name]:
		return ""
	}
	return "OOM command not allowed when used memory > 'maxmemory'."
}

// redisReads are the commands that change nothing. A command that is not known may write, and a script too.
var redisReads = wordSet(`
	GET MGET GETRANGE SUBSTR STRLEN EXISTS TTL PTTL EXPIRETIME PEXPIRETIME TYPE KEYS SCAN DBSIZE RANDOMKEY OBJECT DUMP TOUCH BITCOUNT GETBIT
	HGET HGETALL HMGET HKEYS HVALS HLEN HEXISTS HSCAN HSTRLEN SMEMBERS SCARD SISMEMBER SMISMEMBER SSCAN LLEN LRANGE LINDEX
	ZRANGE ZRANGEBYSCORE ZRANGEBYLEX ZREVRANGE ZREVRANGEBYSCORE ZSCORE ZMSCORE ZCARD ZCOUNT ZRANK ZSCAN XRANGE XREAD XLEN
	JSON.GET JSON.MGET JSON.TYPE FT.SEARCH FT.INFO EVAL_RO EVALSHA_RO FCALL_RO SCRIPT FUNCTION
	AUTH HELLO CLIENT SELECT PING ECHO QUIT RESET INFO COMMAND CONFIG MULTI EXEC DISCARD WATCH UNWATCH TIME ROLE CLUSTER READONLY READWRITE
	SUBSCRIBE PSUBSCRIBE SSUBSCRIBE UNSUBSCRIBE PUNSUBSCRIBE SUNSUBSCRIBE PUBLISH SPUBLISH PUBSUB ACL MEMORY MODULE WAIT LATENCY SLOWLOG
`)

// redisNeedsNoRoom are the commands that change something and work on a server that is full.
var redisNeedsNoRoom = wordSet(`
	DEL UNLINK GETDEL GETEX EXPIRE PEXPIRE EXPIREAT PEXPIREAT PERSIST RENAME RENAMENX MOVE FLUSHDB FLUSHALL HDEL SREM ZREM LREM LPOP RPOP SPOP
	LTRIM ZREMRANGEBYSCORE ZREMRANGEBYRANK ZREMRANGEBYLEX ZPOPMIN ZPOPMAX XDEL XTRIM JSON.DEL
`)

func wordSet(text string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(text) {
		set[word] = true
	}
	return set
}
