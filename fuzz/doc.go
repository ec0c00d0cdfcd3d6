// Package fuzz holds the fuzz targets for exported interfaces of the reference stores, and their corpora in testdata/fuzz. Other targets are
// beside the code they test: sessions in spec, answers of a program in bridge, the file of known failures in report, parts of the file store
// below reference/filestore.
//
// go test runs the corpora. The script fuzz/run searches for more inputs, with every target of the module.
package fuzz
