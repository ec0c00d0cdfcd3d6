package site

import (
	"fmt"
	"html/template"

	"github.com/storecheck/storecheck/report"
	"github.com/storecheck/storecheck/spec/contract"
)

// A look is how a verdict on a requirement is shown: to the eye, and as a word.
type look struct{ Class, Symbol, Word string }

// lookOf shows a failed Must in another colour than a failed Should, and what is only recorded in none.
func lookOf(s contract.Status, level contract.Level) look {
	if s == "" {
		return look{"n", "·", "not in its list"}
	}
	switch report.OutcomeOf(s) {
	case report.Holds:
		if level == contract.May {
			return look{"n", "•", "recorded"}
		}
		return look{"p", "✓", "holds"}
	case report.Violated:
		if level == contract.Must {
			return look{"f", "✗", "fails"}
		}
		return look{"w", "✗", "fails"}
	case report.NotAsked:
		return look{"n", "–", "not asked"}
	case report.Unsure:
	}
	unsure := map[contract.Status]look{contract.Flaky: {"u", "~", "flaky"}, contract.Inconclusive: {"u", "?", "no clear answer"}}
	if l, ok := unsure[s]; ok {
		return l
	}
	return look{"u", "!", "broken"}
}

type lookKey struct {
	contract.Status
	contract.Level
}

// looks are all of them: a page has hundreds.
var looks = func() map[lookKey]look {
	all := map[lookKey]look{}
	for _, s := range append(contract.Statuses(), "") {
		for level := contract.Must; level <= contract.May; level++ {
			all[lookKey{s, level}] = lookOf(s, level)
		}
	}
	return all
}()

func lookAt(s contract.Status, level contract.Level) look {
	if l, ok := looks[lookKey{s, level}]; ok {
		return l
	}
	return lookOf(s, level)
}

// statusText is a verdict as HTML.
func statusText(s contract.Status, level contract.Level) template.HTML {
	var m markup
	m.status(s, level)
	return m.html()
}

// A cell is a chapter of a store.
type cell struct {
	Chapter      string
	Must, Should report.Tally
}

// Asked is how many requirements of the chapter could be asked.
func (c cell) Asked() int { return c.Must.Asked() + c.Should.Asked() }

// Unsure is how many have no clear verdict.
func (c cell) Unsure() int { return c.Must.Unsure + c.Should.Unsure }

// Class is how the cell looks.
func (c cell) Class() string {
	switch {
	case c.Must.Violated > 0:
		return "f"
	case c.Should.Violated > 0:
		return "w"
	case c.Unsure() > 0:
		return "u"
	case c.Asked() > 0:
		return "p"
	}
	return "n"
}

// symbol is what a cell shows in which nothing fails.
func (c cell) symbol() string { return map[string]string{"u": "?", "p": "✓", "n": "–"}[c.Class()] }

// musts is the cell where only Musts count.
func (c cell) musts() cell { return cell{c.Chapter, c.Must, report.Tally{}} }

// Tally says how the chapter stands. The viewer of reports says it in the same words.
func (c cell) Tally() string {
	held := c.Must.Held + c.Should.Held
	fails := func(n int, level string) string {
		if n == 1 {
			return "1 " + level + " fails"
		}
		return fmt.Sprintf("%d %ss fail", n, level)
	}
	switch must, should := c.Must.Violated, c.Should.Violated; {
	case c.Asked() == 0:
		return "nothing that counts could be asked"
	case must > 0 && should > 0:
		return fmt.Sprintf("%s and %s, of %d asked", fails(must, "Must"), fails(should, "Should"), c.Asked())
	case must > 0:
		return fmt.Sprintf("%s, of %d asked", fails(must, "Must"), c.Asked())
	case should > 0:
		return fmt.Sprintf("%s, of %d asked", fails(should, "Should"), c.Asked())
	case c.Unsure() > 0:
		return fmt.Sprintf("%d of %d hold, %d without a clear answer", held, c.Asked(), c.Unsure())
	case held == 1:
		return "the one that was asked holds"
	}
	return fmt.Sprintf("all %d that were asked hold", held)
}
