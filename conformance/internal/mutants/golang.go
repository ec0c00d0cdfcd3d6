package mutants

var goMutants = []Mutant{}
