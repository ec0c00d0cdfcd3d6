package backend

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// dynamodb is DynamoDB without Amazon: a run makes tables by the dozen, which cost money there.
func dynamodb() kind {
	return kind{
		name: "dynamodb",
		ways: []way{npm{"dynalite@4.0.0"}.emulator("dynalite.js", func(s *setup) string {
			return fmt.Sprintf("http://127.0.0.1:%d", s.port)
		})},
		schemes: []string{"http"},
		port:    "80",
		example: "http://HOST:PORT",
		validate: func(u *url.URL) error {
			if u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
				return errors.New("an address has a host and a port only: an emulator of DynamoDB takes any key")
			}
			return nil
		},
		probe: probeDynamoDB,
		clock: onNode(),
	}
}

// probeDynamoDB asks for the tables. Emulators look at the form of a signature only.
func probeDynamoDB(ctx context.Context, u *url.URL) (identity, error) {
	a, err := askHTTP(ctx, u, http.MethodPost, "/", func(r *http.Request) {
		r.Body = io.NopCloser(strings.NewReader("{}"))
		r.Header.Set("Content-Type", "application/x-amz-json-1.0")
		r.Header.Set("X-Amz-Target", "DynamoDB_20120810.ListTables")
		r.Header.Set("X-Amz-Date", "20240101T000000Z")
		r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=storecheck/20240101/us-east-1/dynamodb/aws4_request, "+
			"SignedHeaders=host;x-amz-date;x-amz-target, Signature=0")
	})
	switch {
	case err != nil:
		return identity{}, err
	case a.status != http.StatusOK || !bytes.Contains(a.body, []byte("TableNames")):
		return identity{}, fmt.Errorf("not an emulator of DynamoDB: it answers ListTables with the status %d and %.100q", a.status, a.body)
	}
	return a.who, nil
}
