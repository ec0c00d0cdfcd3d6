package target

import (
	"fmt"
	"os"
	"strings"

	"github.com/storecheck/storecheck/catalog"
	"github.com/storecheck/storecheck/cmd/storecheck/internal/nearest"
)

// unknown is the error of a text that is no target. It names the target that was meant, or the forms of targets.
func unknown(text string) error {
	if target := meant(text); target != "" {
		return fmt.Errorf("unknown target %q; did you mean %s?", text, target)
	}
	return fmt.Errorf("unknown target %q; use one of\n%s", text, Forms)
}

// meant returns the target that differs from text by its prefix, its ending or a typing mistake.
func meant(text string) string {
	name, version := splitVersion(text)
	if r, known := catalog.Lookup(name); known {
		kind, _, _ := strings.Cut(r.Target(), ":")
		return kind + ":" + text
	}
	for _, ending := range []string{"", ".js", ".mjs", ".cjs"} {
		if info, err := os.Stat(text + ending); err == nil && info.Mode().IsRegular() {
			return "./" + text + ending
		}
	}
	names := []string{"memory", "file"}
	for _, r := range catalog.All() {
		names = append(names, r.Name)
	}
	switch name = nearest.To(name, names); name {
	case "":
		return ""
	case "memory", "file":
		return name
	}
	if r, known := catalog.Lookup(name); known {
		return strings.TrimSuffix(r.Target()+"@"+version, "@")
	}
	return ""
}

// splitVersion splits NAME@VERSION. The @ of a scope is part of the name.
func splitVersion(text string) (name, version string) {
	if i := strings.LastIndexByte(text, '@'); i > 0 {
		return text[:i], text[i+1:]
	}
	return text, ""
}

// noRecipe is the error of an npm package without a recipe and a factory.
func noRecipe(name string) error {
	also := ""
	if near := nearest.To("npm:"+name, catalogTargets("npm")); near != "" {
		also = " (did you mean " + near + "?)"
	}
	return fmt.Errorf("the catalogue has no recipe for %s%s; say how to make its store, as in\n"+
		"  --factory 'async (session, env) => new (require(%q)(session))(env.options)'\n"+
		"or use one that storecheck stores lists", name, also, name)
}
