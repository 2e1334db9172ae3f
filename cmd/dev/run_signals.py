#!/usr/bin/env python3
"""How programs end by signals, and how much they tell then.

    run_signals.py --mgo build/release/bin/mgo testdata/signals
    run_signals.py --go /usr/local/go/bin/go [--write] testdata/signals

A program that prints `ready` gets SIGQUIT; the traces of its goroutines, as
normalise.py has them and sorted, are to be those of NAME.traces. --go runs the
same checks with real Go; --write then writes those files anew, but for programs
whose first line contains //mgo:hand.
"""

import argparse
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

import normalise

SECONDS = 30
HEAD = re.compile(r'SIGQUIT: quit\nPC=0x[0-9a-f]+ m=-?\d+ sigcode=\d+\n\n')
REGISTER = re.compile(r'^(r\w+|cs|fs|gs) +0x[0-9a-f]+\n', re.M)

# GOTRACEBACK, debug.SetTraceback: goroutines shown of three when one fails, and
# in a deadlock; with addresses; exit status.
LEVELS = [
    ('', None, 1, 3, False, 2),
    ('none', None, 0, 0, False, 2),
    ('single', None, 1, 3, False, 2),
    ('all', None, 3, 3, False, 2),
    ('system', None, 3, 3, True, 2),
    ('crash', None, 3, 3, True, -signal.SIGABRT),
    ('0', None, 0, 0, False, 2),
    ('1', None, 3, 3, False, 2),
    ('2', None, 3, 3, True, 2),
    ('bogus', None, 0, 0, False, 2),
    ('', 'none', 1, 3, False, 2),
    ('', 'all', 3, 3, False, 2),
    ('', 'system', 3, 3, True, 2),
    ('', 'crash', 3, 3, True, -signal.SIGABRT),
    ('none', 'single', 1, 3, False, 2),
    ('all', 'single', 3, 3, False, 2),
]
MESSAGES = {
    'panic': 'panic: boom\n',
    'fatal': 'fatal error: sync: unlock of unlocked mutex\n',
    'deadlock': 'fatal error: all goroutines are asleep - deadlock!\n',
}


class Fault(Exception):
    """Something is not as it should be."""


class Runner:
    """Runs a program of the folder by mgo, or by real Go."""

    def __init__(self, args, work):
        self.folder = args.folder.resolve()
        self.mgo = args.mgo
        self.go = args.go
        self.work = pathlib.Path(work)

    def command(self, name):
        source = self.folder / f'{name}.mgo'
        if not self.go:
            return [os.path.abspath(self.mgo), 'run', str(source)]
        binary = self.work / name
        if not binary.exists():
            copy = self.work / f'{name}.go'
            copy.write_text(source.read_text())
            subprocess.run([self.go, 'build', '-o', binary, copy], check=True)
        return [str(binary)]

    def start(self, name, *args, **variables):
        env = {k: v for k, v in os.environ.items() if k != 'GOTRACEBACK'}
        env.update(variables)
        return subprocess.Popen(
            self.command(name) + list(args), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env,
            cwd=self.work)

    def run(self, name, *args, **variables):
        with self.start(name, *args, **variables) as process:
            return finish(process)

    def signalled(self, name, *signals, **variables):
        """Sends signals to a program once it is ready."""
        with self.start(name, **variables) as process:
            line = process.stdout.readline()
            for number in signals:
                time.sleep(0.05)
                process.send_signal(number)
            out, err, status = finish(process)
            return line + out, err, status


def finish(process):
    """Standard output and error, exit status; stdin stays open meanwhile."""
    stdin, process.stdin = process.stdin, None
    try:
        out, err = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise Fault(f'not over after {SECONDS} s') from None
    finally:
        stdin.close()
    return out, err, process.returncode


def expect(what, seen, wanted):
    if seen != wanted:
        raise Fault(f'{what}: {seen!r}, not {wanted!r}')


def sorted_traces(err, hand):
    """The comparable form of what SIGQUIT printed."""
    head = HEAD.match(err)
    if not head:
        raise Fault(f'begins {err[:100]!r}')
    body = REGISTER.sub('', err[head.end():])
    blocks = normalise.traces(body).strip('\n').split('\n\n')
    if hand:
        # Whether a P was left for it is chance.
        blocks = [re.sub(r'\[runn(ing|able)\]', '[running or runnable]', b)
                  for b in blocks]
    return '\n\n'.join(sorted(blocks)) + '\n'


def check_quit(runner, name, write, **variables):
    """SIGQUIT shows what all goroutines do."""
    path = runner.folder / f'{name}.traces'
    hand = '//mgo:hand' in (runner.folder / f'{name}.mgo').read_text()
    if hand and runner.go:
        return
    _, err, status = runner.signalled(name, signal.SIGQUIT, **variables)
    expect('exit status', status, 2)
    traces = sorted_traces(err, hand)
    if write:
        path.write_text(traces)
    expect('traces', traces, path.read_text())


def check_details(runner):
    """The parts of a header that are not compared otherwise."""
    _, err, status = runner.signalled('asleep', signal.SIGQUIT,
                                      GOTRACEBACK='crash')
    expect('exit status', status, -signal.SIGABRT)
    for part in (r'\[sleep\]:',
                 r'\[chan receive \(nil chan\), locked to thread\]:',
                 r'^goroutine 1 gp=0x[0-9a-f]+ m=\w+ ',
                 r'^created by main\.main in goroutine 1$'):
        if not re.search(part, err, re.M):
            raise Fault(f'no {part} in {err}')


def check_everything(runner):
    """SIGQUIT at any moment ends a busy program, and finds its goroutines."""
    for run in range(6):
        _, err, status = runner.signalled(
            'everything', signal.SIGQUIT, MGODEBUG=f'gcstress={run % 2 * 200}')
        expect('exit status', status, 2)
        if not HEAD.match(err) or 'fatal error' in err:
            raise Fault(f'standard error: {err}')
        names = set(re.findall(r'^(main\.main\S*?)\(', err, re.M))
        for name in ('main.main', 'main.main.func1', 'main.main.func2',
                     'main.main.func3'):
            if name not in names and not runner.go:
                raise Fault(f'no {name} in {err}')


WAITS = r"""fatal error: all goroutines are asleep - deadlock!

goroutine 1 \[chan receive \(nil chan\)\]:
main\.receive\(.*
\t.*waits\.mgo:10
main\.main\(\)
\t.*waits\.mgo:21

goroutine \d+ \[chan receive, 5 minutes\]:
main\.receive\(.*
\t.*waits\.mgo:10
main\.main\.func1\(\)
\t.*waits\.mgo:13
created by main\.main in goroutine 1
\t.*waits\.mgo:13

goroutine \d+ \[select \(no cases\), 5 minutes, locked to thread\]:
main\.main\.func2\(\)
\t.*waits\.mgo:16
created by main\.main in goroutine 1
\t.*waits\.mgo:14
"""


def check_waits(runner):
    """How long goroutines have waited; only mgo has virtual time."""
    if runner.go:
        return
    out, err, status = runner.run('waits', MGODEBUG='schedseed=1')
    expect('exit status', status, 2)
    expect('output', out, '')
    if not re.fullmatch(WAITS, err):
        raise Fault(f'standard error: {err}')


def check_other_signals(runner):
    """Others kill, or do nothing."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        _, err, status = runner.signalled('asleep', number)
        expect('exit status', status, -number)
        expect('standard error', err, '')
    _, err, status = runner.signalled(
        'asleep', signal.SIGUSR1, signal.SIGALRM, signal.SIGUSR2,
        signal.SIGABRT)
    expect('exit status', status, 2)
    if not err.startswith('SIGABRT: abort\nPC='):
        raise Fault(f'begins {err[:100]!r}')


def check_levels(runner):
    """GOTRACEBACK and debug.SetTraceback."""
    for variable, set_to, of_one, of_all, addresses, status in LEVELS:
        for how, message in MESSAGES.items():
            args = [how] if set_to is None else [how, set_to]
            out, err, seen = runner.run('levels', *args, GOTRACEBACK=variable)
            what = f'GOTRACEBACK={variable} levels {" ".join(args)}'
            expect(f'{what}: output', out, '')
            expect(f'{what}: exit status', seen, status)
            if not err.startswith(message):
                raise Fault(f'{what}: begins {err[:100]!r}')
            count = len(re.findall(
                r'^main\.(main|wait)\(', normalise.traces(err), re.M))
            wanted = of_one if how != 'deadlock' else of_all
            # wait is inlined or not, and main waits in the deadlock.
            count -= how == 'deadlock' and wanted > 0
            expect(f'{what}: goroutines', count, wanted)
            expect(f'{what}: addresses', ' gp=0x' in err, addresses)


def check_threads(runner):
    """The limit of threads."""
    out, err, status = runner.run('threads')
    expect('output', out, '10000 20\n')
    expect('exit status', status, 2)
    if not err.startswith('runtime: program exceeds 20-thread limit\n'
                          'fatal error: thread exhaustion\n'):
        raise Fault(f'begins {err[:200]!r}')


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--mgo')
    parser.add_argument('--go')
    parser.add_argument('--write', action='store_true')
    parser.add_argument('folder', type=pathlib.Path)
    args = parser.parse_args()
    failures = 0
    with tempfile.TemporaryDirectory() as work:
        runner = Runner(args, work)
        checks = {
            'asleep': lambda: check_quit(runner, 'asleep', args.write),
            'reading': lambda: check_quit(runner, 'reading', args.write),
            'busy': lambda: check_quit(runner, 'busy', args.write),
            'busy, 1 P': lambda: check_quit(runner, 'busy', args.write,
                                            GOMAXPROCS='1'),
            'seeded': lambda: check_quit(runner, 'busy', args.write,
                                         MGODEBUG='schedseed=7'),
            'details': lambda: check_details(runner),
            'everything': lambda: check_everything(runner),
            'waits': lambda: check_waits(runner),
            'other signals': lambda: check_other_signals(runner),
            'levels': lambda: check_levels(runner),
            'threads': lambda: check_threads(runner),
        }
        for name, check in checks.items():
            try:
                check()
            except Fault as fault:
                print(f'{name}: {fault}')
                failures += 1
    print(f'{len(checks) - failures} of {len(checks)} checks pass')
    sys.exit(failures != 0)


if __name__ == '__main__':
    main()
