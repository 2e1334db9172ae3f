#!/usr/bin/env python3
"""Runs Go's test tree with mgo and compares with the list of what is known.

    conformance.py --mgo MGO --known FILE [--tree DIR] [--update] [--show] [TEST...]

The list has a line for each test that does not pass: its path, `skip` or `fail`,
and why. A test that fails and is not on it makes this fail, and so does one that
passes and is. --update writes the list anew, keeping the reasons it has.
"""

import argparse
import collections
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

from conformance_test import Fail, Skip, Test, Wording

ENTRY = re.compile(r'^(\S+) (skip|fail) (.*)$')


def find_tree():
    """The folder `test` of the newest Go that is installed; None: none is."""
    trees = []
    try:
        root = subprocess.run(['go', 'env', 'GOROOT'], stdout=subprocess.PIPE,
                              text=True, check=True).stdout.strip()
        trees.append(os.path.join(root, 'test'))
    except (OSError, subprocess.CalledProcessError):
        pass
    trees.append('/usr/local/go/test')
    share = '/usr/share'
    for name in sorted(os.listdir(share), reverse=True):
        if re.match(r'go-[\d.]+$', name):
            trees.append(os.path.join(share, name, 'test'))
    for tree in trees:
        if os.path.isdir(os.path.join(tree, 'ken')):
            return tree
    return None


def tests_of(tree):
    paths = []
    for folder, folders, names in os.walk(tree):
        folders[:] = sorted(f for f in folders if not f.endswith('.dir') and
                            f not in ('testdata', 'stress'))
        for name in sorted(names):
            if name.endswith('.go'):
                paths.append(os.path.relpath(os.path.join(folder, name), tree))
    return paths


def perform(mgo, tree, path):
    """(path, 'pass' | 'skip' | 'fail' | None, why, seconds); None: no test."""
    test = Test(mgo, tree, path)
    if test.verb is None:
        return path, None, '', 0
    start = time.monotonic()
    work = tempfile.mkdtemp(prefix='conformance')
    try:
        test.perform(work)
        result, why = 'pass', ''
    except Skip as e:
        result, why = 'skip', str(e)
    except Wording as e:
        result, why = 'fail', 'worded differently: ' + str(e)
    except Fail as e:
        result, why = 'fail', str(e)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    why = ''.join(c if c.isprintable() else '?' for c in why[:1500])
    return path, result, why, time.monotonic() - start


def read_known(path):
    known = {}
    if os.path.exists(path):
        with open(path, encoding='utf-8') as f:
            for line in f:
                match = ENTRY.match(line.rstrip('\n'))
                if match:
                    known[match.group(1)] = match.group(2), match.group(3)
    return known


HEAD = """\
# Tests of Go's own tree that mgo does not pass: path, skip or fail, and why.
# cmd/dev/conformance compares; --update writes the list, keeping reasons.
"""


def write_known(path, results, known):
    lines = []
    for test, (result, why) in sorted(results.items()):
        if result == 'pass':
            continue
        if test in known and known[test][0] == result == 'fail':
            why = known[test][1]
        lines.append('%s %s %s\n' % (test, result, why[:240]))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w', encoding='utf-8') as f:
        f.write(HEAD + ''.join(lines))


def print_marks(results, verbs):
    """Shares of the tests that run, and of those about errors."""
    runs = [r for p, r in results.items()
            if verbs[p].startswith(('run', 'buildrun')) and r[0] != 'skip']
    errors = [r for p, r in results.items()
              if verbs[p].startswith('errorcheck') and r[0] != 'skip']

    def share(of, wanted):
        n = sum(1 for r in of if wanted(r))
        return '%d of %d, %.1f%%' % (n, len(of), 100 * n / max(len(of), 1))
    print('programs run as wanted: ' + share(runs, lambda r: r[0] == 'pass'))
    print('errors on the lines wanted: ' + share(
        errors, lambda r: r[0] == 'pass' or r[1].startswith('worded')))
    print('and in the words wanted: ' + share(
        errors, lambda r: r[0] == 'pass'))


def print_table(results):
    table = collections.defaultdict(collections.Counter)
    for path, (result, _) in results.items():
        folder = os.path.dirname(path) or '.'
        table[folder][result] += 1
        table['all'][result] += 1
    print('%-24s %6s %6s %6s %8s' % ('folder', 'pass', 'fail', 'skip',
                                     'of run'))
    for folder in sorted(table, key=lambda f: (f == 'all', f)):
        row = table[folder]
        ran = row['pass'] + row['fail']
        print('%-24s %6d %6d %6d %7.1f%%' % (
            folder, row['pass'], row['fail'], row['skip'],
            100 * row['pass'] / ran if ran else 100))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--mgo', required=True)
    parser.add_argument('--known', required=True)
    parser.add_argument('--tree')
    parser.add_argument('--update', action='store_true')
    parser.add_argument('--show', action='store_true')
    parser.add_argument('--jobs', type=int, default=os.cpu_count())
    parser.add_argument('tests', nargs='*')
    options = parser.parse_args()
    tree = options.tree or find_tree()
    if tree is None:
        print('conformance: no Go tree is installed, nothing was compared')
        return 0
    mgo = os.path.abspath(options.mgo)
    paths = options.tests or tests_of(tree)
    results, verbs, seconds = {}, {}, []
    start = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for path, result, why, took in pool.map(
                lambda p: perform(mgo, tree, p), paths):
            if result is None:
                continue
            results[path] = result, why
            verbs[path] = Test(mgo, tree, path).verb
            seconds.append((took, path))
            if options.show:
                print('%s %s %s' % (path, result, why))
    known = read_known(options.known)
    # Some tests are about time, and other tests were running: what fails is run
    # once more, alone.
    for path, (result, _) in list(results.items()):
        if result == 'fail' and known.get(path, ('', ''))[0] != 'fail':
            _, result, why, _ = perform(mgo, tree, path)
            results[path] = result, why
    print_table(results)
    print_marks(results, verbs)
    seconds.sort(reverse=True)
    print('%s, %d s; slowest: %s' % (
        tree, time.monotonic() - start,
        ', '.join('%s %.0f s' % (p, s) for s, p in seconds[:5])))
    if options.update:
        write_known(options.known, results, known)
        return 0
    wrong = 0
    for path, (result, why) in sorted(results.items()):
        expected = known.get(path, ('pass', ''))[0]
        if result == expected:
            continue
        wrong += 1
        if result == 'pass':
            print('%s passes now: take it off the list' % path)
        else:
            print('%s: %s: %s' % (path, result, why))
    print('%d passed, %d failed' % (len(results) - wrong, wrong))
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
