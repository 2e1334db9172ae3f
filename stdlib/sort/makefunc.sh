#!/bin/sh
# Makes quick_func.mgo from quick.mgo: the same for a slice and a function.
cd "$(dirname "$0")" || exit 1
{
  echo '// Made by makefunc.sh; do not edit.'
  sed -e '/^\/\/ This file is/,/^const (/{/^const (/!d;}' \
    -e '/^const (/,/^)/d' \
    -e 's/\b\(insertion\|siftDown\|heap\|quick\|split\|splitEqual\|repair\|scramble\|choosePivot\|median\|stable\|merge\|swapRange\|rotate\)(/\1Func(/g' \
    -e 's/data Interface/data *byFunc/' \
    -e 's/data\.Less(/data.less(/g' \
    -e 's/data\.Swap(/rt.SwapElems(data.slice, /g' \
    -e '/^\/\/ What choosePivot/d' \
    -e 's/^import "math\/bits"/import (\n\t"internal\/rt"\n\t"math\/bits"\n)/' quick.mgo |
    cat -s
} > quick_func.mgo
