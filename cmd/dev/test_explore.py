#!/usr/bin/env python3
"""Tests `mgo run --explore` with programs that some schedules break.

    test_explore.py --mgo build/release/bin/mgo testdata/sched/explore

A program's first line says how many seeds to try and what must be found:
`// explore 500: deadlocks`. The seed that is found is run again, twice, by
itself: both runs must be the same, byte for byte, and end as was reported.
`ends well` stands for programs on which nothing may be found.
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys

SECONDS = 120


def run(command, **env):
    """Exit status, standard output and standard error."""
    done = subprocess.run(command, capture_output=True, timeout=SECONDS,
                          env={**os.environ, **env}, check=False)
    return done.returncode, done.stdout, done.stderr


def fault(mgo, path):
    """What is wrong with how the program is explored; None if nothing is."""
    with path.open(encoding='utf-8') as file:
        spec = re.match(r'// explore (\d+): (.+)', file.readline())
    if not spec:
        return 'its first line does not say what to find'
    seeds, wanted = spec.groups()
    status, _, err = run([mgo, 'run', f'--explore={seeds}', str(path)])
    text = err.decode()
    if wanted == 'ends well':
        return None if status == 0 else f'found: {text}'
    found = re.match(r'mgo: seed (\d+) of \d+ (.+); to run it again:', text)
    if status != 1 or not found:
        return f'nothing found: status {status}, {text}'
    if found.group(2) != wanted:
        return f'found another thing: {text}'
    replay = [run([mgo, 'run', str(path)],
                  MGODEBUG=f'schedseed={found.group(1)}') for _ in range(2)]
    if replay[0] != replay[1]:
        return f'seed {found.group(1)} does not repeat'
    failed = wanted != 'prints something else'
    if (replay[0][0] != 0) != failed:
        return f'seed {found.group(1)} does not fail when it is run again'
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--mgo', required=True)
    parser.add_argument('folder', type=pathlib.Path)
    args = parser.parse_args()
    programs = sorted(args.folder.glob('*.mgo'))
    if not programs:
        sys.exit(f'{args.folder}: no programs')
    failures = 0
    for path in programs:
        if text := fault(args.mgo, path):
            print(f'{path}: {text}')
            failures += 1
    print(f'{len(programs) - failures} of {len(programs)} explored as expected')
    sys.exit(failures != 0)


if __name__ == '__main__':
    main()
