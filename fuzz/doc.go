// Package fuzz holds the fuzz targets that go through exported interfaces, and their corpora in testdata/fuzz. Targets of internal packages
// stand beside these: reference/filestore/internal/seal and internal/kruptein have one each.
//
// go test runs the corpora. To look for more:
//
//	go test -fuzz FuzzFilestoreFile -fuzztime 5m ./fuzz
//	go test -fuzz FuzzFilestorePath -fuzztime 5m ./fuzz
package fuzz
