#!/usr/bin/env python3
"""Compiles every input on which the compiler once crashed.

    run_crashers.py --mgo build/release/bin/mgo testdata/crashers

Each must end with diagnostics (exit status 1) or as a program that could run
(0), within SECONDS; never by a signal, and never in silence. Nothing is run.
"""

import argparse
import pathlib
import subprocess
import sys

SECONDS = 60


def fault(mgo, path):
    """What is wrong with how mgo takes the file; None if nothing is."""
    try:
        done = subprocess.run([mgo, 'dump', '--bytecode', path],
                              capture_output=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return f'takes over {SECONDS} s'
    if done.returncode not in (0, 1):
        return f'exit status {done.returncode}'
    if not (done.stderr if done.returncode == 1 else done.stdout):
        return 'says nothing'
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--mgo', required=True)
    parser.add_argument('folder', type=pathlib.Path)
    args = parser.parse_args()
    paths = sorted(p for p in args.folder.iterdir() if p.suffix != '.md')
    if not paths:
        sys.exit(f'{args.folder}: no inputs')
    failures = 0
    for path in paths:
        if text := fault(args.mgo, path):
            print(f'{path}: {text}')
            failures += 1
    print(f'{len(paths) - failures} of {len(paths)} inputs are well received')
    sys.exit(failures != 0)


if __name__ == '__main__':
    main()
