package mutants

var idsMutants = []Mutant{}
