package backend

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

func azureTables() kind {
	return kind{
		name: "azuretables",
		// The last version that runs on each Node on which storecheck does.
		ways: []way{npm{"azurite@3.35.0"}.emulator("azurite.js", func(s *setup) string {
			u := url.URL{
				Scheme: "http", Host: fmt.Sprintf("127.0.0.1:%d", s.port), Path: "/storecheck",
				User: url.UserPassword("storecheck", base64.StdEncoding.EncodeToString([]byte(s.password))),
			}
			return u.String()
		})},
		schemes: []string{"http", "https"},
		secure:  func(u *url.URL) bool { return u.Scheme == "https" },
		port:    "80",
		example: "http://ACCOUNT:KEY@HOST:PORT/ACCOUNT or https://ACCOUNT:KEY@ACCOUNT.table.core.windows.net",
		validate: func(u *url.URL) error {
			if _, err := azureKey(u); err != nil {
				return err
			}
			if u.RawQuery != "" {
				return errors.New("the address has a part after ?, which is not read")
			}
			return nil
		},
		probe: probeAzureTables,
		clock: onNode(),
	}
}

// azureKey returns the key of the account in an address.
func azureKey(u *url.URL) ([]byte, error) {
	text, _ := u.User.Password()
	key, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(key) == 0 || u.User.Username() == "" {
		return nil, errors.New("the address needs an account and its key in base64, as in http://ACCOUNT:KEY@HOST:PORT/ACCOUNT (write / in the key as %2F)")
	}
	return key, nil
}

// probeAzureTables asks for the tables, with the signature that the service calls SharedKeyLite.
func probeAzureTables(ctx context.Context, u *url.URL) (identity, error) {
	key, err := azureKey(u)
	if err != nil {
		return identity{}, err
	}
	a, err := askHTTP(ctx, u, http.MethodGet, "Tables", func(r *http.Request) {
		date := time.Now().UTC().Format(http.TimeFormat)
		signature := hmac.New(sha256.New, key)
		fmt.Fprintf(signature, "%s\n/%s%s", date, u.User.Username(), r.URL.EscapedPath())
		r.Header.Set("X-Ms-Date", date)
		r.Header.Set("X-Ms-Version", "2019-02-02")
		r.Header.Set("Accept", "application/json;odata=nometadata")
		r.Header.Set("Authorization", "SharedKeyLite "+u.User.Username()+":"+base64.StdEncoding.EncodeToString(signature.Sum(nil)))
	})
	switch {
	case err != nil:
		return identity{}, err
	case a.refused() != nil:
		return identity{}, a.refused()
	case a.status != http.StatusOK || a.header.Get("X-Ms-Version") == "":
		return identity{}, fmt.Errorf("not a server of Azure tables: it answers with the status %d and %.100q", a.status, a.body)
	}
	return a.who, nil
}
