// Package browser tries the site in Chromium, as a person would use it: from a file and from a server, on a phone and on a desk, in light and dark.
// It is a module of its own, so that nobody who imports storecheck gets a browser's library. The tests skip where there is no Chromium.
package browser
