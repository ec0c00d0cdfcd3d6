// Package site makes a static web site of saved results: a matrix of stores and chapters, a page for each store, for each requirement and for each
// pair of runs, and the same as JSON. The site needs no server, sends no request anywhere, and can be read without JavaScript.
//
// The addresses are permanent. The newest run stands at the root of the site and under run/DATE/, where it stays when a newer one comes. A store
// has an address of its own ([SlugOf]), which no version and no date changes; that of a requirement is its id. The address of a package without a
// version leads to the newest version in the results.
//
// Text from stores is text: html/template escapes it, and a Content-Security-Policy allows no script but the site's own files.
package site
