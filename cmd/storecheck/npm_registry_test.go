package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
)

// registry serves packages as the registry of npm does, on loopback. Of those for other machines, which the packages depend on and nobody has
// built, it knows what npm needs to leave them out.
func registry(t *testing.T, packs []string) string {
	t.Helper()
	manifests, tarballs := map[string]map[string]any{}, map[string][]byte{}
	for _, file := range packs {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		m := manifestOf(t, text)
		name := m["name"].(string)
		manifests[name] = m
		tarballs["/-/"+path.Base(file)] = text
		m["dist"] = map[string]any{"tarball": "/-/" + path.Base(file)}
	}
	version := manifests["@storecheck/cli"]["version"].(string)
	for name := range manifests["@storecheck/cli"]["optionalDependencies"].(map[string]any) {
		if manifests[name] == nil {
			system, processor, _ := strings.Cut(strings.TrimPrefix(name, "@storecheck/"), "-")
			manifests[name] = map[string]any{
				"name": name, "version": version, "os": []string{system}, "cpu": []string{processor},
				"dist": map[string]any{"tarball": "/-/none.tgz"},
			}
		}
	}
	server := httptest.NewUnstartedServer(nil)
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if text, has := tarballs[r.URL.Path]; has {
			_, _ = w.Write(text)
			return
		}
		m, has := manifests[strings.TrimPrefix(r.URL.Path, "/")]
		if !has {
			http.NotFound(w, r)
			return
		}
		whole := map[string]any{}
		for k, v := range m {
			whole[k] = v
		}
		whole["dist"] = map[string]any{"tarball": server.URL + m["dist"].(map[string]any)["tarball"].(string)}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{
			"name": m["name"], "dist-tags": map[string]any{"latest": version}, "versions": map[string]any{version: whole},
		})
	})
	server.Start()
	t.Cleanup(server.Close)
	return server.URL
}

// recorder is a registry of npm on loopback that has nothing, and takes what is published. published returns the names in order.
func recorder(t *testing.T) (url string, published func() []string) {
	t.Helper()
	var mu sync.Mutex
	var names []string
	manifests := map[string]any{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		name := strings.TrimPrefix(r.URL.Path, "/")
		switch {
		case r.Method == http.MethodPut && r.Header.Get("Authorization") == "Bearer sesame":
			var m any
			_ = json.NewDecoder(r.Body).Decode(&m)
			manifests[name], names = m, append(names, name)
			_, _ = io.WriteString(w, "{}")
		case r.Method == http.MethodPut:
			w.WriteHeader(http.StatusUnauthorized)
		case manifests[name] != nil:
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(manifests[name])
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(names)
	}
}

// manifestOf is the package.json in a package.
func manifestOf(t *testing.T, pack []byte) map[string]any {
	t.Helper()
	unzipped, err := gzip.NewReader(bytes.NewReader(pack))
	if err != nil {
		t.Fatal(err)
	}
	for files := tar.NewReader(unzipped); ; {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			t.Fatal("a package has no package.json")
		}
		if err != nil {
			t.Fatal(err)
		}
		if header.Name == "package/package.json" {
			var m map[string]any
			if err := json.NewDecoder(files).Decode(&m); err != nil {
				t.Fatal(err)
			}
			return m
		}
	}
}
