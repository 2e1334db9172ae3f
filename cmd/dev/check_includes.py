#!/usr/bin/env python3
"""Checks that #include lines point the way that the folders' order allows.

    check_includes.py ROOT

ALLOWED says for each folder which others it may include; itself it always may.
A folder that is no row here, or an include that is in no row, fails: whoever
adds one decides on its place. Names in EXCEPTIONS each have a reason.
"""

import os
import re
import sys

LANG = ['lang/diag', 'lang/lex', 'lang/syntax', 'lang/types']
RUNTIME = ['runtime/base', 'runtime/abi', 'runtime/heap', 'runtime/sched',
           'runtime/gc', 'runtime/object', 'runtime/chan']

# Each of a chain may include those before it.
ALLOWED = {folder: set(chain[:i]) for chain in (LANG, RUNTIME)
           for i, folder in enumerate(chain)}
# What a program is: from the checked package on, no syntax-directed errors.
ALLOWED['vm/ir'] = set(LANG)
ALLOWED['vm/bytecode'] = {'runtime/base', 'runtime/abi'}
# Here lang and runtime meet.
ALLOWED['vm/codegen'] = {'vm/ir', 'vm/bytecode', 'lang/diag', 'lang/types',
                         'runtime/base', 'runtime/abi', 'runtime/object'}
ALLOWED['vm/interp'] = {'vm/bytecode'} | set(RUNTIME)
VM = ['vm/ir', 'vm/bytecode', 'vm/codegen', 'vm/interp']
ALLOWED['stdlib'] = set(RUNTIME)
ALLOWED['cmd/mgo'] = {'stdlib'} | set(LANG + RUNTIME + VM)

# (file, what it includes: a folder or a header outside): why.
EXCEPTIONS = {
    ('vm/codegen/image.cpp', 'runtime/gc'):
        'tells the collector where the global variables are',
    ('lang/types/check_tool.cpp', 'fstream'): 'a tool for tests, no part of mgo',
    ('lang/types/test_importer.cpp', 'fstream'):
        'a tool for tests, no part of mgo',
}

# Headers of others that a folder must do without: (which folders, headers, why).
FORBIDDEN = [
    (re.compile(r'runtime/|vm/interp'), re.compile(r'llvm/'),
     'the runtime is plain C++ and libc'),
    (re.compile(r''), re.compile(r'iostream$|fstream$|sstream$|regex$'),
     'slow to compile and to start'),
]

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+([<"])([^>"]+)[>"]', re.M)
SUFFIXES = ('.h', '.cpp', '.def', '.re', '.y', '.yy')


def folder_of(path):
    """The row of ALLOWED that a path belongs to, or None."""
    parts = path.split('/')
    if parts[0] == 'stdlib':
        return 'stdlib'
    folder = '/'.join(parts[:2])
    return folder if folder in ALLOWED else None


def sources(root):
    """The paths of all sources, relative to the root."""
    for top in ('cmd', 'lang', 'vm', 'runtime', 'stdlib'):
        for folder, _, names in os.walk(os.path.join(root, top)):
            for name in sorted(names):
                if name.endswith(SUFFIXES):
                    yield os.path.relpath(os.path.join(folder, name), root)


def problem(root, path, kind, target):
    """What is wrong with an include, or None."""
    if (path, folder_of(target) or target) in EXCEPTIONS:
        return None
    here = folder_of(path)
    for folders, headers, why in FORBIDDEN:
        if folders.match(here) and headers.match(target):
            return '%s: not here, %s' % (target, why)
    if kind == '<':
        return None
    there = folder_of(target)
    if there is None:
        if target.split('/')[0] == 'llvm':
            return None
        # Made by the build, or a library's.
        if os.path.exists(os.path.join(root, os.path.dirname(path), target)):
            return '%s: paths begin at the root' % target
        return None
    if there == here or there in ALLOWED[here]:
        return None
    return '%s: %s may not include %s' % (target, here, there)


def main():
    root = sys.argv[1]
    problems = 0
    count = 0
    used = set()
    for path in sources(root):
        if folder_of(path) is None:
            print('%s: folder has no row in check_includes.py' % path)
            problems += 1
            continue
        with open(os.path.join(root, path), encoding='utf-8') as file:
            text = file.read()
        for match in INCLUDE.finditer(text):
            count += 1
            target = match.group(2)
            used.add((path, folder_of(target) or target))
            what = problem(root, path, *match.groups())
            if what:
                line = text.count('\n', 0, match.start(1)) + 1
                print('%s:%d: %s' % (path, line, what))
                problems += 1
    for exception in sorted(set(EXCEPTIONS) - used):
        print('%s no longer includes %s: drop the exception' % exception)
        problems += 1
    print('%d includes, %d wrong' % (count, problems))
    sys.exit(1 if problems or not count else 0)


if __name__ == '__main__':
    main()
