package mutants

import (
	"strings"

	"github.com/storecheck/storecheck/spec/contract"
)

// foldsIDs makes a store keep sessions under what is left of each character of an id.
func foldsIDs(fold func(c rune) rune) func(*faulty, *backend) {
	return func(f *faulty, _ *backend) {
		storeUnder(f, func(id string) string { return strings.Map(fold, id) })
	}
}

// baseLetters are some letters with an accent, each before its base letter.
var baseLetters = strings.NewReplacer("á", "a", "Á", "A", "ä", "a", "é", "e", "É", "E", "\u0301", "", "\u0308", "")

var unicodeIDsMutants = []Mutant{
	{
		Name:   "of each character of an id the low byte is kept",
		Breaks: []*contract.Requirement{contract.IDsLookAlikes},
		From:   "stores that make a buffer of an id in latin1 or binary",
		fault:  foldsIDs(func(c rune) rune { return c & 0xff }),
	},
	{
		Name:   "of each character of an id 16 bits are kept",
		Breaks: []*contract.Requirement{contract.IDsLookAlikes},
		fault:  foldsIDs(func(c rune) rune { return c & 0xffff }),
	},
	{
		Name:   "a character of an id that ISO 8859-1 lacks becomes a question mark",
		Breaks: []*contract.Requirement{contract.IDsLookAlikes},
		From:   "columns in latin1, where the server is not strict",
		fault: foldsIDs(func(c rune) rune {
			if c > 0xff {
				return '?'
			}
			return c
		}),
	},
	{
		Name:   "ids are compared by base letters",
		Breaks: []*contract.Requirement{contract.IDsLookAlikes},
		From:   "collations that regard no accents, such as MySQL's default",
		fault:  renames(baseLetters.Replace),
	},
	{
		Name:   "letters of full width are those of half width",
		Breaks: []*contract.Requirement{contract.IDsLookAlikes},
		fault: foldsIDs(func(c rune) rune {
			if c >= 0xff01 && c <= 0xff5e {
				return c - 0xfee0
			}
			return c
		}),
	},
	{
		Name:   "spaces behind an id are padding",
		Breaks: []*contract.Requirement{contract.IDsLookAlikes},
		From:   "collations of MySQL and SQL Server that pad",
		fault: func(f *faulty, _ *backend) {
			storeUnder(f, func(id string) string { return strings.TrimRight(id, " ") })
		},
	},
	{
		Name:   "characters that nobody sees count for nothing in an id",
		Breaks: []*contract.Requirement{contract.IDsLookAlikes},
		fault: foldsIDs(func(c rune) rune {
			if strings.ContainsRune("\u200b\u200d\u00ad\ufeff", c) {
				return -1
			}
			return c
		}),
	},
}
