#!/usr/bin/env python3
"""What lies in a folder of testdata, for expect.py and run_tests.py.

A program is NAME.mgo (NAME.go in a folder with an EXPECT folder, which holds
benchmarks). Beside it, each optional:
  NAME.out   standard output        NAME.args  arguments, one per line
  NAME.err   standard error         NAME.in    standard input
  NAME.exit  exit status
In the folder `packages` a program is a folder NAME, with its main package in it
and others below; its main.mgo says whether it is by hand.
A file whose first line contains `//mgo:hand` has hand-written expectations.

Names that end in `_heavy` need seconds or much memory.

By the folder's name: in `errors` the program does not compile (exit status 1,
NAME.err has the compiler's lines, standard output is empty), nor do those of
`script` and `packages` whose names begin with `error_`; in `panic` all of
output, error and exit status are compared; elsewhere standard output and exit
status (0 unless NAME.exit says otherwise), and standard error where NAME.err
exists.
"""

import os


class Program:
    """One program of the corpus and the paths of its companions."""

    def __init__(self, path, kind, expect_dir=None, size=None, by_hand=False):
        self.path = path
        self.kind = kind
        folder, file_name = os.path.split(path)
        self.name = os.path.splitext(file_name)[0]
        self.stem = os.path.join(expect_dir or folder, self.name)
        if size is not None:
            self.stem += '.small'
        self.size = size
        self.by_hand = by_hand
        self.compiles = kind != 'errors' and not (
            kind in ('script', 'packages') and self.name.startswith('error_'))
        self.label = '%s/%s%s' % (os.path.basename(folder), self.name,
                                  '' if size is None else '.small')

    def companion(self, suffix):
        """The path of the file beside the program with this suffix."""
        return self.stem + suffix

    def read(self, suffix):
        """The bytes of a companion, or None where there is none."""
        try:
            with open(self.companion(suffix), 'rb') as file:
                return file.read()
        except FileNotFoundError:
            return None

    def args(self):
        """The command line arguments of the program."""
        if self.size is not None:
            return [self.size]
        text = self.read('.args')
        return text.decode().splitlines() if text else []

    def is_by_hand(self):
        """Whether the expectations are written by hand."""
        path = self.path
        if os.path.isdir(path):
            path = os.path.join(path, 'main.mgo')
        with open(path, 'rb') as file:
            return self.by_hand or b'//mgo:hand' in file.readline()


def read_sizes(path):
    """sizes.txt, a benchmark per line: its name, its small size or `-` for
    none, and `hand` where that output is written by hand."""
    sizes = {}
    with open(path) as file:
        for line in file:
            fields = line.split('#')[0].split()
            if fields:
                sizes[fields[0]] = fields[1:]
    return sizes


def programs(folder, small=False):
    """The programs of one folder, or of one file, sorted by name."""
    parent, file_name = os.path.split(os.path.abspath(folder))
    if os.path.isfile(folder) or os.path.basename(parent) == 'packages':
        return [p for p in programs(parent, small)
                if os.path.basename(p.path) == file_name]
    folder = os.path.abspath(folder)
    kind = os.path.basename(folder)
    expect_dir = os.path.join(folder, 'EXPECT')
    found = []
    if os.path.isdir(expect_dir):
        sizes = read_sizes(os.path.join(folder, 'sizes.txt'))
        for file_name in sorted(os.listdir(folder)):
            name, suffix = os.path.splitext(file_name)
            path = os.path.join(folder, file_name)
            if suffix != '.go':
                continue
            if not small:
                found.append(Program(path, 'bench', expect_dir))
            elif sizes[name][0] != '-':
                found.append(Program(path, 'bench', expect_dir,
                                     size=sizes[name][0],
                                     by_hand='hand' in sizes[name]))
        return found
    for file_name in sorted(os.listdir(folder)):
        path = os.path.join(folder, file_name)
        if file_name.endswith('.mgo') or (
                kind == 'packages' and os.path.isdir(path)):
            found.append(Program(path, kind))
    return found
