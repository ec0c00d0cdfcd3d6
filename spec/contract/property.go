package contract

func propertyChapter() Chapter {
	return Chapter{"property", "calls in random order, one after the other and at the same time", []*Requirement{
		PropertySequences, PropertyLinearizable,
	}}
}

// The chapter property. Its checks are those of package conformance/property, which tries calls that nobody thought of; a run that does
// not take them in leaves it out.
var (
	PropertySequences = &Requirement{
		ID: "property/sequences", Level: Must, Harm: Loses, Since: "1.0.0", ByChance: true,
		Title:  "any sequence of calls is answered as by the model",
		Breach: "a sequence of calls is answered wrongly",
		Text: "Any sequence of set, get, destroy, touch, all, length and clear, one call after the other, through one instance or several, " +
			"with instances closed and opened and with time passing in between, is answered as the contract's sequential model answers it, " +
			"for ids, sessions and lists that the store gets right one by one.",
		Why:    "A bug that needs four calls in a certain order passes every example, and is met by the first thousand users.",
		Source: "express-session README, the methods together; package spec/model",
	}
	PropertyLinearizable = &Requirement{
		ID: "property/linearizable", Level: Must, Harm: Loses, Since: "1.0.0", ByChance: true,
		Title:  "calls in flight together leave what one order of them leaves",
		Breach: "calls in flight together leave what no order of them leaves",
		Text: "The sets and destroys of one id by clients that call at the same time, through one instance or several, take effect in one order " +
			"that keeps to their callbacks, which every get that meets none of them agrees with, a get that meets some of them answers with what " +
			"was there before or with what one of them leaves, and no touch changes anything of it.",
		Why:    "A lost update, a revival after a logout, or an instance that serves yesterday's session shows in production only, under load.",
		Source: "express-session serves requests in parallel; README, store.set, store.get, store.destroy and store.touch",
	}
)
