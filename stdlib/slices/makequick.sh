#!/bin/sh
# Makes quick.mgo and quick_func.mgo from package sort's quick.mgo: the same for
# slices of ordered elements, and for slices and a function that compares.
cd "$(dirname "$0")" || exit 1
names='insertion\|siftDown\|heap\|quick\|split\|splitEqual\|repair\|scramble'
names="$names"'\|choosePivot\|median\|stable\|merge\|swapRange\|rotate'
pair='(\([^,]*\), \([^)]*\))'

# Both: swaps, and no constants' essay.
common() {
  sed -e "s/data\.Swap$pair/data[\1], data[\2] = data[\2], data[\1]/g" \
    -e '/^\/\/ This file is/,/^const (/{/^const (/!d;}' ../sort/quick.mgo
}

{
  echo '// Made by makequick.sh from package sort; do not edit.'
  common | sed \
    -e '/^func \(stable\|merge\|swapRange\|rotate\)(/,/^}/d' \
    -e '/^\/\/ \(merge\|rotate\) /d' \
    -e 's/^package sort/package slices/' \
    -e "s/^func \($names\)(data Interface/func \1[E cmp.Ordered](data []E/" \
    -e "s/data\.Less$pair/cmp.Less(data[\1], data[\2])/g" \
    -e 's/^import "math\/bits"/import (\n\t"cmp"\n\t"math\/bits"\n)/' |
    cat -s | sed -e '${/^$/d;}'
} > quick.mgo
{
  echo '// Made by makequick.sh from package sort; do not edit.'
  common | sed \
    -e 's/^package sort/package slices/' \
    -e '/^const (/,/^)/d' -e '/^\/\/ What choosePivot/d' \
    -e "s/^func \($names\)(data Interface/func \1Func[E any](data []E, cmp func(a, b E) int/" \
    -e "s/\b\($names\)(data\b/\1Func(data, cmp/g" \
    -e "s/data\.Less$pair/(cmp(data[\1], data[\2]) < 0)/g" \
    -e 's/^\(\t*\)if (\(cmp([^()]*) < 0\)) {/\1if \2 {/' | cat -s
} > quick_func.mgo
