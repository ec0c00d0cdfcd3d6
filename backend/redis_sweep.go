package backend

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	// scanned is how many keys the server looks at for one answer. The others have to wait meanwhile.
	scanned = 1000
	// mostAnswer bounds an answer: the list of ten thousand clients is a tenth of it.
	mostAnswer = 32 << 20
)

// heldRedis is a connection with a name.
type heldRedis struct{ *redisConn }

func (h heldRedis) Ping() error {
	if err := h.SetDeadline(time.Now().Add(checkTimeout)); err != nil {
		return err
	}
	h.unread(64 << 10)
	_, err := h.do("PING")
	return err
}

func holdRedis(ctx context.Context, u *url.URL, name string) (held, error) {
	c, err := openRedis(ctx, u)
	if err != nil {
		return nil, err
	}
	if _, err := c.do("CLIENT", "SETNAME", name); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	c.stop() // ctx bounds the opening
	return heldRedis{c}, nil
}

// sweepRedis removes keys with SCAN and UNLINK: no command blocks the server.
func sweepRedis(ctx context.Context, u *url.URL, glob string, owner Owner, mine []string) (done Swept, err error) {
	c, err := openRedis(ctx, u)
	if err != nil {
		return done, err
	}
	defer c.Close() //nolint:errcheck // every command is answered by then
	names, listErr := c.clientNames()
	living := map[string]bool{}
	for cursor := "0"; ; {
		page, err := c.array("SCAN", cursor, "MATCH", glob, "COUNT", strconv.Itoa(scanned))
		if err != nil {
			return done, err
		}
		if len(page) != 2 {
			return done, errors.New("not a Redis server: it does not answer SCAN in Redis's protocol")
		}
		var over []string
		for _, key := range page[1].list {
			name, owned := owner(key.text)
			switch {
			case !owned:
			case slices.Contains(mine, name):
				over = append(over, key.text)
			case listErr != nil:
				err = ErrCannotTell
			case slices.Contains(names, name):
				living[name] = true
			default:
				over = append(over, key.text)
			}
		}
		if err != nil {
			return done, err
		}
		n, err := c.remove(over)
		if done.Removed += n; err != nil {
			return done, err
		}
		if cursor = page[0].text; cursor == "0" {
			break
		}
	}
	for name := range living {
		done.Living = append(done.Living, name)
	}
	slices.Sort(done.Living)
	return done, nil
}

// clientNames returns the names that the clients of the server have given their connections.
func (c *redisConn) clientNames() (names []string, err error) {
	c.unread(mostAnswer)
	list, err := c.answer("CLIENT", "LIST")
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(list.text) {
		for field := range strings.FieldsSeq(line) {
			if name, ok := strings.CutPrefix(field, "name="); ok && name != "" {
				names = append(names, name)
			}
		}
	}
	return names, nil
}

// remove removes keys. A server before version 4 knows DEL alone.
func (c *redisConn) remove(keys []string) (removed int, err error) {
	if len(keys) == 0 {
		return 0, nil
	}
	c.unread(mostAnswer)
	got, err := c.answer(append([]string{"UNLINK"}, keys...)...)
	if answer := redisError(""); errors.As(err, &answer) && answer.code() == "ERR" {
		got, err = c.answer(append([]string{"DEL"}, keys...)...)
	}
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(got.text)
}

// unread lets so many bytes more be read.
func (c *redisConn) unread(most int64) {
	c.r = bufio.NewReader(io.MultiReader(buffered(c.r), io.LimitReader(c.Conn, most)))
}

func buffered(r *bufio.Reader) io.Reader {
	rest, _ := r.Peek(r.Buffered())
	return strings.NewReader(string(rest))
}

// A redisValue is an answer: a text, which may stand for a number, or a list.
type redisValue struct {
	text string
	list []redisValue
}

func (c *redisConn) array(args ...string) ([]redisValue, error) {
	c.unread(mostAnswer)
	v, err := c.answer(args...)
	return v.list, err
}

// answer sends a command and returns an answer of any kind.
func (c *redisConn) answer(args ...string) (redisValue, error) {
	if err := c.send(args); err != nil {
		return redisValue{}, err
	}
	return c.value(0)
}

func (c *redisConn) value(depth int) (v redisValue, err error) {
	const deepest = 3
	line, err := c.r.ReadString('\n')
	if err != nil {
		return v, c.broken(err)
	}
	kind, rest := line[0], strings.TrimRight(line[1:], "\r\n")
	switch kind {
	case '+', ':':
		return redisValue{text: rest}, nil
	case '-':
		return v, redisError(rest)
	}
	n, err := strconv.ParseInt(rest, 10, 32)
	switch {
	case err != nil || n > mostAnswer || depth > deepest:
	case kind == '$' && n < 0, kind == '*' && n < 0:
		return v, nil
	case kind == '$':
		bulk := make([]byte, n+2)
		if _, err := io.ReadFull(c.r, bulk); err != nil {
			return v, c.broken(err)
		}
		return redisValue{text: string(bulk[:n])}, nil
	case kind == '*':
		for range n {
			one, err := c.value(depth + 1)
			if err != nil {
				return v, err
			}
			v.list = append(v.list, one)
		}
		return v, nil
	}
	return v, fmt.Errorf("not a Redis server: it answers with %.40q", line)
}
