#!/usr/bin/env python3
"""Runs programs with goroutines again and again, with several GOMAXPROCS.

    repeat_runs.py --mgo build/release/bin/mgo [--runs 10000] [--procs 1,2,4,16]
                   [--jobs 2] testdata/run...

Takes every program of the folders that starts goroutines and has an expected
output; each run must print that and exit with 0. Prints each failure's program,
GOMAXPROCS and output, and the number of runs.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

SECONDS = 60
GOROUTINE = re.compile(r'^\s*go\s|\.Go\(|AfterFunc\(|iter\.Pull', re.M)


def programs(folders):
    """The programs to run: those with goroutines, but for the heavy ones."""
    for folder in folders:
        for path in sorted(pathlib.Path(folder).glob('*.mgo')):
            if path.stem.endswith('_heavy') or not path.with_suffix(
                    '.out').exists() or path.with_suffix('.args').exists():
                continue
            if GOROUTINE.search(path.read_text(encoding='utf-8')):
                yield path


def fault(mgo, path, procs):
    """What one run did wrong; None if nothing."""
    try:
        done = subprocess.run([mgo, 'run', path], capture_output=True,
                              timeout=SECONDS, check=False,
                              stdin=subprocess.DEVNULL,
                              env={**os.environ, 'GOMAXPROCS': str(procs)})
    except subprocess.TimeoutExpired:
        return f'takes over {SECONDS} s'
    if done.returncode != 0:
        return f'exit status {done.returncode}: {done.stderr.decode()[:2000]}'
    if done.stdout != path.with_suffix('.out').read_bytes():
        return f'prints {done.stdout.decode()[:2000]}'
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--mgo', required=True)
    parser.add_argument('--runs', type=int, default=10000)
    parser.add_argument('--procs', default='1,2,4,16')
    parser.add_argument('--jobs', type=int, default=2)
    parser.add_argument('folders', nargs='+')
    args = parser.parse_args()
    paths = list(programs(args.folders))
    if not paths:
        sys.exit('no programs')
    procs = [int(n) for n in args.procs.split(',')]
    jobs = [(paths[i % len(paths)], procs[i // len(paths) % len(procs)])
            for i in range(args.runs)]
    failures = 0
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        results = pool.map(lambda job: fault(args.mgo, *job), jobs)
        for (path, count), text in zip(jobs, results):
            if text:
                print(f'{path} with GOMAXPROCS={count}: {text}', flush=True)
                failures += 1
    print(f'{args.runs} runs of {len(paths)} programs, {failures} failed')
    sys.exit(failures != 0)


if __name__ == '__main__':
    main()
