package target

// Version is the version of storecheck.
const Version = "0.1.0"
