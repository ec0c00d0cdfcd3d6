package mutants

var fidelityMutants = []Mutant{}
