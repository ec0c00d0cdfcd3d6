package mutants

import (
	"slices"

	"github.com/storecheck/storecheck/spec/contract"
	"github.com/storecheck/storecheck/spec/profile"
)

// A ProfileMutant is a store for the middleware of a profile, with one fault that matters there.
type ProfileMutant struct {
	Profile *profile.Profile
	// Name says what the store does wrong.
	Name string
	// Store is its name in the file of the profile in folder js/profiles.
	Store string
	// Breaks are the requirements that the fault violates. The first one is there to catch it.
	Breaks []*contract.Requirement
	// Wholly: hardly any requirement can hold. Those in Breaks are checked alone.
	Wholly bool
	// MayBreak are others whose checks do not always meet the fault.
	MayBreak []*contract.Requirement
}

// A ProfileStore is a store that is right in an unusual way.
type ProfileStore struct {
	Profile *profile.Profile
	Store   string
	// Breaks are requirements below Must that the way violates.
	Breaks []*contract.Requirement
}

// ForProfiles returns the mutants of all profiles but express-session's.
func ForProfiles() []ProfileMutant {
	return slices.Concat(fastifyMutants, mgcreaSessionMutants, koaSessionMutants, koaGenericSessionMutants, honoSessionsMutants, shopifyStorageMutants, keyvMutants, unstorageMutants)
}

// UnusualForProfiles returns the unusual stores of all profiles but express-session's.
func UnusualForProfiles() []ProfileStore {
	return slices.Concat(fastifyStores, mgcreaSessionStores, koaSessionStores, koaGenericSessionStores, honoSessionsStores, shopifyStorageStores, keyvStores, unstorageStores)
}
