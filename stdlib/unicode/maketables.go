//go:build ignore

// Command maketables writes tables.mgo and tables.inc: the range tables of
// the Unicode Character Database, as an installed Go's package unicode
// exports them. Run it in this folder: go run maketables.go
package main

import (
	"fmt"
	"os"
	"sort"
	"strings"
	"unicode"
)

var longNames = map[string]string{
	"Cc": "Cc", "L": "Letter", "M": "Mark", "N": "Number", "P": "Punct",
	"S": "Symbol", "Z": "Space", "C": "Other", "Lu": "Upper", "Ll": "Lower",
	"Lt": "Title", "Nd": "Digit",
}

func sorted(m map[string]*unicode.RangeTable) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func main() {
	var api, data, index strings.Builder
	var n16, n32 int
	var d16, d32 []string
	add := func(key string, t *unicode.RangeTable) {
		fmt.Fprintf(&index, "{%q, %d, %d, %d, %d, %d},\n", key, n16, len(t.R16), n32, len(t.R32), t.LatinOffset)
		for _, r := range t.R16 {
			d16 = append(d16, fmt.Sprintf("%d,%d,%d,", r.Lo, r.Hi, r.Stride))
		}
		for _, r := range t.R32 {
			d32 = append(d32, fmt.Sprintf("%d,%d,%d,", r.Lo, r.Hi, r.Stride))
		}
		n16 += len(t.R16)
		n32 += len(t.R32)
	}
	api.WriteString("// Made by maketables.go; do not edit.\n\npackage unicode\n")
	group := func(title, prefix, mapName string, m map[string]*unicode.RangeTable) {
		names := sorted(m)
		fmt.Fprintf(&api, "\n// %s.\nvar (\n", title)
		exported := map[string]string{}
		for _, name := range names {
			key := prefix + name
			add(key, m[name])
			if prefix == "f" {
				continue
			}
			fmt.Fprintf(&api, "\t%s = table(%q)\n", name, key)
			exported[name] = name
			if long := longNames[name]; long != "" && long != name {
				fmt.Fprintf(&api, "\t%s = %s\n", long, name)
			}
		}
		fmt.Fprintf(&api, ")\n\n// %s is %s by name.\nvar %s = map[string]*RangeTable{\n", mapName, strings.ToLower(title[:1])+title[1:], mapName)
		for _, name := range names {
			fmt.Fprintf(&api, "\t%q: %s,\n", name, exported[name])
		}
		api.WriteString("}\n")
	}
	group("The general categories", "c", "Categories", unicode.Categories)
	group("The scripts", "s", "Scripts", unicode.Scripts)
	group("The properties", "p", "Properties", unicode.Properties)
	fold := func(doc, prefix, mapName string, m map[string]*unicode.RangeTable) {
		fmt.Fprintf(&api, "\n// %s %s\nvar %s = map[string]*RangeTable{\n", mapName, doc, mapName)
		for _, name := range sorted(m) {
			add(prefix+name, m[name])
			fmt.Fprintf(&api, "\t%q: table(%q),\n", name, prefix+name)
		}
		api.WriteString("}\n")
	}
	fold("has, for a category, what is not in it but folds to something in it.", "f", "FoldCategory", unicode.FoldCategory)
	fold("has, for a script, what is not in it but folds to something in it.", "g", "FoldScript", unicode.FoldScript)
	var aliases []string
	for name := range unicode.CategoryAliases {
		aliases = append(aliases, name)
	}
	sort.Strings(aliases)
	api.WriteString("\n// CategoryAliases has the long names of the categories.\nvar CategoryAliases = map[string]string{\n")
	for _, name := range aliases {
		fmt.Fprintf(&api, "\t%q: %q,\n", name, unicode.CategoryAliases[name])
	}
	api.WriteString("}\n")

	wrap := func(w *strings.Builder, items []string) {
		line := ""
		for _, s := range items {
			if len(line)+len(s) > 78 {
				w.WriteString(line + "\n")
				line = ""
			}
			line += s
		}
		w.WriteString(line + "\n")
	}
	data.WriteString("// Made by maketables.go; do not edit.\n#ifdef RANGES16\n")
	wrap(&data, d16)
	data.WriteString("#endif\n#ifdef RANGES32\n")
	wrap(&data, d32)
	data.WriteString("#endif\n#ifdef TABLES\n" + index.String() + "#endif\n#ifdef CASES\n")
	var cases []string
	for _, c := range unicode.CaseRanges {
		cases = append(cases, fmt.Sprintf("%d,%d,%d,%d,%d,", c.Lo, c.Hi, c.Delta[0], c.Delta[1], c.Delta[2]))
	}
	wrap(&data, cases)
	data.WriteString("#endif\n#ifdef ORBITS\n")
	var orbits []string
	for r := rune(0); r <= unicode.MaxRune; r++ {
		// Only folds that lower and upper case alone do not give.
		want := unicode.SimpleFold(r)
		plain := unicode.ToLower(r)
		if plain == r {
			plain = unicode.ToUpper(r)
		}
		if want != plain {
			orbits = append(orbits, fmt.Sprintf("%d,%d,", r, want))
		}
	}
	wrap(&data, orbits)
	data.WriteString("#endif\n")
	os.WriteFile("tables.mgo", []byte(api.String()), 0o644)
	os.WriteFile("tables.inc", []byte(data.String()), 0o644)
}
