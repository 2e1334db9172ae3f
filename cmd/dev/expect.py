#!/usr/bin/env python3
"""Regenerates the expectations under testdata from real Go.

Each NAME.mgo is copied to a folder of its own in one temporary module as
NAME.go; all that should run are built by one `go build` (without inlining, so
that every frame shows in a trace), then each is run in an empty folder. The
programs of testdata/errors are compiled one by one, as `go build NAME.go`.
What was printed is normalised (see normalise.py) and written beside the
program. The programs of testdata/packages are modules of their own, built one by
one. Programs marked //mgo:hand are left alone.
"""

import argparse
import concurrent.futures
import os
import shutil
import subprocess
import sys
import tempfile

import corpus
import normalise

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
FOLDERS = ['run', 'stdlib', 'panic', 'errors', 'examples', 'bench',
           'packages']
RUN_TIMEOUT_SECONDS = 120
# Names that Go would read as a build constraint.
RESERVED_ENDINGS = ('_test', '_linux', '_windows', '_darwin', '_js', '_unix',
                    '_amd64', '_arm', '_arm64', '_386', '_wasm')


def go_environment():
    """The environment in which go and the programs run."""
    env = dict(os.environ)
    env.update(GO111MODULE='on', GOFLAGS='', GOWORK='off', GOPROXY='off',
               GOTOOLCHAIN='local', CGO_ENABLED='0', GOTRACEBACK='single',
               TZ='UTC', LC_ALL='C')
    env.pop('GODEBUG', None)
    return env


def write(path, data):
    """Writes a file only where its bytes change; returns whether it did."""
    try:
        with open(path, 'rb') as file:
            if file.read() == data:
                return False
    except FileNotFoundError:
        pass
    with open(path, 'wb') as file:
        file.write(data)
    return True


def package_dir(work, program):
    """The folder of a program's copy, one package each."""
    return os.path.join(work, program.kind, 'p_' + program.name)


def copy_program(work, program):
    """Copies NAME.mgo into the module as NAME.go."""
    if program.name.endswith(RESERVED_ENDINGS):
        sys.exit('%s: a name Go gives a meaning to' % program.path)
    target = package_dir(work, program)
    if program.kind == 'packages':
        copy_module(program, target)
        return target
    os.makedirs(target, exist_ok=True)
    shutil.copy(program.path, os.path.join(target, program.name + '.go'))
    return target


def copy_module(program, target):
    """Copies a program in folders, its files as .go."""
    shutil.copytree(program.path, target)
    for folder, _, names in os.walk(target):
        for name in names:
            stem, suffix = os.path.splitext(os.path.join(folder, name))
            if suffix == '.mgo':
                os.rename(stem + suffix, stem + '.go')
    if not os.path.exists(os.path.join(target, 'go.mod')):
        with open(os.path.join(target, 'go.mod'), 'w') as file:
            file.write('module %s\n\ngo 1.26\n' % program.name)


def compile_error(go, env, work, program):
    """Compiles a program that must not compile; writes NAME.err."""
    target = copy_program(work, program)
    # Never os.devnull as the output: run by root, go would unlink the device.
    done = subprocess.run(
        [go, 'build', '-o', 'unwanted',
         '.' if program.kind == 'packages' else program.name + '.go'],
        cwd=target,
        env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    text = normalise.compile_errors(done.stdout.decode())
    if done.returncode == 0 or not text:
        return '%s: compiles, or no message:\n%s' % (
            program.label, done.stdout.decode())
    write(program.companion('.err'), text.encode())
    return None


def run(env, work, program):
    """Runs a built program; writes its expectations."""
    binary = os.path.join(work, 'bin', program.kind, 'p_' + program.name)
    folder = tempfile.mkdtemp(dir=work)
    try:
        done = subprocess.run(
            [binary] + program.args(), cwd=folder, env=env,
            input=program.read('.in') or b'', stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, timeout=RUN_TIMEOUT_SECONDS)
    except subprocess.TimeoutExpired:
        return '%s: timeout' % program.label
    except FileNotFoundError:
        return '%s: not built' % program.label
    finally:
        shutil.rmtree(folder)
    write(program.companion('.out'), done.stdout)
    if program.kind == 'panic':
        text = normalise.traces(done.stderr.decode(errors='surrogateescape'))
        write(program.companion('.err'),
              text.encode(errors='surrogateescape'))
        write(program.companion('.exit'), b'%d\n' % done.returncode)
    elif done.returncode != 0:
        return '%s: exit status %d\n%s' % (
            program.label, done.returncode, done.stderr.decode())
    return None


def build_modules(go, env, work, binaries, programs):
    """Builds the programs in folders; returns the problems."""
    problems = []
    for program in programs:
        if program.kind != 'packages':
            continue
        done = subprocess.run(
            [go, 'build', '-o', os.path.join(binaries, 'p_' + program.name),
             '.'],
            cwd=package_dir(work, program), env=env, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)
        if done.returncode != 0:
            problems.append(done.stdout.decode())
    return problems


def build_all(go, env, work, programs):
    """Builds every program that should run; returns the problems."""
    problems = []
    for kind in sorted({program.kind for program in programs}):
        for program in programs:
            if program.kind == kind:
                copy_program(work, program)
        binaries = os.path.join(work, 'bin', kind)
        os.makedirs(binaries, exist_ok=True)
        if kind == 'packages':
            problems += build_modules(go, env, work, binaries, programs)
            continue
        done = subprocess.run(
            [go, 'build', '-p', '2', '-gcflags=-l', '-o', binaries + os.sep,
             './' + kind + '/...'],
            cwd=work, env=env, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)
        if done.returncode != 0:
            problems.append(done.stdout.decode())
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--go', default=None, help='the go command')
    parser.add_argument('--jobs', type=int, default=2)
    parser.add_argument('paths', nargs='*', help='folders or programs')
    options = parser.parse_args()
    go = options.go or shutil.which('go') or '/usr/local/go/bin/go'
    paths = options.paths or [os.path.join(ROOT, 'testdata', folder)
                              for folder in FOLDERS]
    programs = []
    for path in paths:
        programs += corpus.programs(path)
        if os.path.isdir(os.path.join(path, 'EXPECT')):
            programs += corpus.programs(path, small=True)
    programs = [p for p in programs if not p.is_by_hand()]
    env = go_environment()
    with tempfile.TemporaryDirectory(prefix='expect-') as work:
        with open(os.path.join(work, 'go.mod'), 'w') as file:
            file.write('module expect\n\ngo 1.26\n')
        failing = [p for p in programs if not p.compiles]
        running = [p for p in programs if p.compiles]
        problems = build_all(go, env, work, running)
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            results = list(pool.map(
                lambda p: compile_error(go, env, work, p), failing))
            results += list(pool.map(lambda p: run(env, work, p), running))
    problems += [result for result in results if result]
    for problem in problems:
        print(problem, file=sys.stderr)
    print('%d programs, %d problems' % (len(programs), len(problems)))
    sys.exit(1 if problems else 0)


if __name__ == '__main__':
    main()
