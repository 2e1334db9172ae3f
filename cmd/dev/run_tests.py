#!/usr/bin/env python3
"""Runs programs of testdata with mgo and compares what they print.

    run_tests.py --mgo build/release/bin/mgo testdata/run testdata/errors

Each argument is a folder or one program; corpus.py says which files make a
test and what is compared, normalise.py how. Each program runs in an empty
folder of its own. A program without any expectation fails.
"""

import argparse
import concurrent.futures
import difflib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import corpus
import normalise

# With what a sanitizer ends a program that it has found something in; none of
# the programs does.
SANITIZER_EXIT = 77
# A program that ends with an error would hide a report of the thread sanitizer
# unless that ends it; nor need the thousand programs wait a second each at
# their ends for other threads' races.
SANITIZER_OPTIONS = (
    ('ASAN_OPTIONS', ''),
    ('UBSAN_OPTIONS', 'print_stacktrace=1'),
    ('TSAN_OPTIONS', 'halt_on_error=1:atexit_sleep_ms=20'),
)
DIFF_LINES = 24
STDERR_LINES = 12
REPORT_LINES = 60


class Outcome:
    """What one run printed, or why there is nothing to compare."""

    def __init__(self, out=b'', err=b'', exit_code=0, timed_out=False):
        self.out = out
        self.err = err
        self.exit_code = exit_code
        self.timed_out = timed_out


def execute(options, env, program):
    """Runs one program to its end, or kills it with its children."""
    folder = tempfile.mkdtemp(prefix='mgo-test-')
    command = [options.mgo] + options.mgo_arg + ['run', program.path]
    command += program.args()
    try:
        process = subprocess.Popen(
            command, cwd=folder, env=env, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True)
        try:
            out, err = process.communicate(program.read('.in') or b'',
                                           timeout=60 * options.timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
            return Outcome(out, err, process.returncode, timed_out=True)
        return Outcome(out, err, process.returncode)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def text_of(data):
    """Bytes as text; bytes that are no UTF-8 survive."""
    return data.decode('utf-8', errors='surrogateescape')


def difference(what, expected, actual):
    """A short unified diff of two texts, or nothing where they are equal."""
    if expected == actual:
        return []
    lines = list(difflib.unified_diff(
        expected.splitlines(), actual.splitlines(), 'expected ' + what,
        'actual ' + what, lineterm='', n=2))
    if not lines:
        lines = ['%s differs only at the end of a line' % what]
    if len(lines) > DIFF_LINES:
        lines = lines[:DIFF_LINES] + ['... (%d more)' %
                                      (len(lines) - DIFF_LINES)]
    return lines


def judge(program, outcome):
    """The lines that say what is wrong with an outcome; none if it passes."""
    if outcome.timed_out:
        return ['timeout']
    if outcome.exit_code == SANITIZER_EXIT:
        lines = text_of(outcome.err).splitlines()
        starts = [i for i, line in enumerate(lines)
                  if re.search('Sanitizer|runtime error:', line)]
        start = starts[0] if starts else 0
        return ['a sanitizer found:'] + lines[start:start + REPORT_LINES]
    expected_out = program.read('.out')
    expected_err = program.read('.err')
    if expected_out is None and expected_err is None:
        return ['no expectation']
    problems = difference('stdout', text_of(expected_out or b''),
                          text_of(outcome.out))
    form = (normalise.traces if program.compiles
            else normalise.compile_errors)
    if expected_err is not None:
        problems += difference('stderr', form(text_of(expected_err)),
                               form(text_of(outcome.err)))
    default_exit = 0 if program.compiles else 1
    exit_text = program.read('.exit')
    expected_exit = int(exit_text) if exit_text else default_exit
    if outcome.exit_code != expected_exit:
        problems.append('exit status %d, expected %d' %
                        (outcome.exit_code, expected_exit))
        if expected_err is None:
            err_lines = text_of(outcome.err).splitlines()
            problems += ['stderr: ' + line
                         for line in err_lines[:STDERR_LINES]]
    return problems


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--mgo', required=True, help='the program under test')
    parser.add_argument('--mgo-arg', action='append', default=[],
                        help='an argument for mgo itself, before `run`')
    parser.add_argument('--env', action='append', default=[],
                        metavar='K=V', help='set in the environment')
    parser.add_argument('--filter', default='', metavar='RE',
                        help='only programs whose FOLDER/NAME matches')
    parser.add_argument('--skip', default=None, metavar='RE',
                        help='not the programs whose FOLDER/NAME matches')
    parser.add_argument('--jobs', type=int, default=os.cpu_count() or 2)
    parser.add_argument('--timeout', type=float, default=1.0,
                        help='factor on the 60 seconds each program has')
    parser.add_argument('--small', action='store_true',
                        help='benchmarks with the sizes of sizes.txt')
    parser.add_argument('--slowest', type=int, default=0, metavar='N',
                        help='list the N slowest programs')
    parser.add_argument('--quiet', action='store_true',
                        help='names of failing programs only')
    parser.add_argument('dirs', nargs='+', metavar='DIR')
    options = parser.parse_args()
    options.mgo = os.path.abspath(options.mgo)

    programs = []
    for folder in options.dirs:
        programs += corpus.programs(folder, options.small)
    programs = [p for p in programs if re.search(options.filter, p.label)
                and not (options.skip and re.search(options.skip, p.label))]
    env = dict(os.environ, TZ='UTC', LC_ALL='C', GOTRACEBACK='single')
    for name, extra in SANITIZER_OPTIONS:
        env[name] = ':'.join(('exitcode=%d' % SANITIZER_EXIT, extra,
                              env.get(name, '')))
    env.update(setting.split('=', 1) for setting in options.env)

    def test(program):
        start = time.monotonic()
        outcome = execute(options, env, program)
        return judge(program, outcome), time.monotonic() - start

    failed = 0
    times = []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for program, (problems, seconds) in zip(programs,
                                                pool.map(test, programs)):
            times.append((seconds, program.label))
            if problems:
                failed += 1
                print('FAIL %s' % program.label)
                if not options.quiet:
                    for line in problems:
                        print('    ' + line.encode(
                            'utf-8', 'backslashreplace').decode())
                sys.stdout.flush()
    for seconds, label in sorted(times, reverse=True)[:options.slowest]:
        print('%7.2f s  %s' % (seconds, label))
    print('%d passed, %d failed' % (len(programs) - failed, failed))
    sys.exit(1 if failed or not programs else 0)


if __name__ == '__main__':
    main()
