package mutants

var resourcesMutants = []Mutant{}
