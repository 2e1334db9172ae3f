#!/usr/bin/env python3
"""Writes the assembler file and the table that put the library's sources into
the binary: embed.py SOURCE_FOLDER OUT.S OUT.inc"""
import os
import sys

source, assembler, table = sys.argv[1:4]
files = []
for folder, _, names in os.walk(source):
    for name in names:
        if name.endswith(".mgo"):
            path = os.path.join(folder, name)
            files.append(os.path.relpath(path, source))
# By package, then by name: the files of a package are neighbours.
files.sort(key=lambda path: (os.path.dirname(path), os.path.basename(path)))

with open(assembler, "w") as out:
    out.write('.section .rodata\n.globl mgo_stdlib_text\nmgo_stdlib_text:\n')
    for path in files:
        out.write('.incbin "%s"\n' % os.path.join(source, path))
    out.write('.section .note.GNU-stack,"",@progbits\n')

with open(table, "w") as out:
    at = 0
    for path in files:
        size = os.path.getsize(os.path.join(source, path))
        out.write('EMBEDDED("%s", "%s", %d, %d)\n'
                  % (os.path.dirname(path), path, at, size))
        at += size
