export function makeStore () { return new Map() }
