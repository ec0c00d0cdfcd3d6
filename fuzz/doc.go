// Package fuzz holds the fuzz targets that go through exported interfaces of the reference stores, and their corpora in testdata/fuzz. Other
// targets stand beside what they try: sessions in spec, what a program answers in bridge, the file of known failures in report, the parts of
// the file store below reference/filestore.
//
// go test runs the corpora. The script fuzz/run looks for more with every target of the module.
package fuzz
