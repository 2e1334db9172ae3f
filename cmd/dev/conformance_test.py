#!/usr/bin/env python3
"""One test of Go's tree: what it asks for, and whether mgo does it.

A test is a file whose first lines hold a comment with a verb:

  // run [ARGS]            runs; prints what NAME.out says, or nothing
  // runoutput [FILES]     prints a program, which is then run
  // rundir, compiledir    the packages in NAME.dir
  // compile, build        compiles
  // errorcheck [FLAGS]    the errors are those that the ERROR comments say
  // errorcheckdir         the same for packages in NAME.dir
  // errorcheckandrundir   errorcheckdir and rundir
  // errorcheckoutput      prints a program, which is then checked for errors

Packages in NAME.dir are named by their files; they import each other as "./a".
They are laid out as a module for mgo, a folder each, which changes import paths
and nothing else.
"""

import os
import re
import resource
import subprocess

VERBS = ('run', 'runoutput', 'rundir', 'runindir', 'compile', 'compiledir',
         'build', 'builddir', 'buildrun', 'buildrundir', 'errorcheck',
         'errorcheckdir', 'errorcheckandrundir', 'errorcheckoutput',
         'errorcheckwithauto', 'errorcheckandrundiag', 'asmcheck', 'skip',
         'cmpout')
VERB = re.compile(r'^//\s*(%s)\b(.*)$' % '|'.join(VERBS))
# As in Go's cmd/internal/testdir: what a line wants, and each pattern in it.
ERROR = re.compile(r'// (?:GC_)?ERROR (.*)$')
QUOTED = re.compile(r'"([^"]*)"')
# Flags of a test that take the next word.
WITH_WORD = ('-t', '-godebug', '-gomodversion')
FRAMES = re.compile(r'^stack frame too large')
LINE = re.compile(r'LINE(([+-])(\d+))?')
REPORT = re.compile(r'^(\S.*?\.go):(\d+):(?:(\d+):)? (.*)$')
SECONDS = 60
MEMORY = 4 << 30


class Skip(Exception):
    """The test is not for mgo; the argument says why."""


class Fail(Exception):
    """mgo does not do what the test asks for."""


class Wording(Fail):
    """The errors are at the right lines, but are not worded as wanted."""


# Tests that Go's own compiler fails since it has a new type checker, and that its
# runner expects to fail (types2Failures in cmd/internal/testdir).
GO_FAILS = {'shift1.go'} | {'fixedbugs/issue%d.go' % n for n in (
    10700, 18331, 18419, 20233, 20245, 31053)}
# Packages of Go's that mgo does not have.
NO_PACKAGE = re.compile(r'package (\S+) is not in std')
# What the compiler alone accepts: the linker would complain.
NO_MAIN = 'function main is undeclared in the main package'


def header(text):
    """The verb of a test and its arguments; (None, []) when it is no test."""
    for line in text.split('\n')[:20]:
        match = VERB.match(line)
        if match:
            return match.group(1), drop_words(match.group(2).split())
        if line.startswith('package '):
            break
    return None, []


def drop_words(args):
    """Without those flags of Go's test runner that take a word, and the word."""
    kept = []
    for i, arg in enumerate(args):
        if arg not in WITH_WORD and (i == 0 or args[i - 1] not in WITH_WORD):
            kept.append(arg)
    return kept


def limits():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class Outcome:
    """How a program ended."""

    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err


def execute(command, cwd, err=subprocess.PIPE):
    """Runs a command within the limits; err: where its standard error goes."""
    env = dict(os.environ, GOMAXPROCS='2')
    try:
        done = subprocess.run(command, cwd=cwd, env=env, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=err,
                              timeout=SECONDS, preexec_fn=limits)
    except subprocess.TimeoutExpired:
        raise Fail('takes more than %d s' % SECONDS) from None
    out = done.stdout.decode('utf-8', 'surrogateescape')
    err = (done.stderr or b'').decode('utf-8', 'replace')
    if done.returncode < 0 or 'LLVM ERROR' in out + err:
        raise Fail('killed by signal %d' % -done.returncode)
    return Outcome(done.returncode, out, err)


def execute_merged(command, cwd):
    """The same, with standard error in the standard output, in order."""
    return execute(command, cwd, subprocess.STDOUT)


def first_line(text):
    for line in text.split('\n'):
        if line.strip():
            return line.strip()[:150]
    return ''


class Test:
    """A test of the tree; path is relative to `root`."""

    def __init__(self, mgo, root, path):
        self.mgo, self.root, self.path = mgo, root, path
        self.file = os.path.join(root, path)
        with open(self.file, encoding='utf-8', errors='replace') as f:
            self.text = f.read()
        self.verb, self.args = header(self.text)
        self.dir = self.file[:-len('.go')] + '.dir'

    def perform(self, work):
        """As attempt, but tells a test that needs a missing package from one that
        fails."""
        try:
            self.attempt(work)
        except Fail as e:
            if self.path in GO_FAILS:
                raise Skip("Go's own compiler fails it as well") from None
            missing = NO_PACKAGE.search(str(e))
            if missing and ('"%s"' % missing.group(1)) in self.all_text():
                raise Skip('needs package %s' % missing.group(1)) from None
            raise

    def all_text(self):
        text = self.text
        if os.path.isdir(self.dir):
            for folder, _, names in os.walk(self.dir):
                for name in names:
                    if name.endswith('.go'):
                        with open(os.path.join(folder, name),
                                  encoding='utf-8', errors='replace') as f:
                            text += f.read()
        for path in self.program_args()[0]:
            if os.path.exists(path):
                with open(path, encoding='utf-8', errors='replace') as f:
                    text += f.read()
        return text

    def attempt(self, work):
        """Raises Skip or Fail, or returns when the test passes. `work`: an empty
        folder."""
        if self.verb == 'skip':
            raise Skip('skipped by Go as well')
        if self.verb == 'asmcheck':
            raise Skip('about machine code')
        self.check_constraints()
        self.check_flags()
        method = {
            'run': self.run, 'buildrun': self.run, 'cmpout': self.run,
            'runoutput': self.run_output,
            'compile': self.compile, 'build': self.compile,
            'rundir': self.run_dir, 'buildrundir': self.run_dir,
            'runindir': self.run_in_dir,
            'compiledir': self.compile_dir, 'builddir': self.compile_dir,
            'errorcheck': self.errors, 'errorcheckwithauto': self.errors,
            'errorcheckandrundiag': self.errors,
            'errorcheckdir': self.errors_dir,
            'errorcheckandrundir': self.errors_and_run_dir,
            'errorcheckoutput': self.errors_output,
        }[self.verb]
        method(work)

    # --- what mgo is not asked to do ---------------------------------------

    def check_constraints(self):
        for line in self.text.split('\n'):
            if line.startswith('package '):
                break
            match = re.match(r'//go:build (.*)$', line)
            if match and not evaluate(match.group(1)):
                raise Skip('not for this platform: %s' % match.group(1))

    def check_flags(self):
        flags = [a for a in self.args if a.startswith('-')]
        compiler = self.verb.startswith('errorcheck')
        for flag in flags:
            if re.match(r'-(m|live|wb|race|asan|msan|d=(ssa|nil|wb|libfuzzer|'
                        r'inl|escape|panic|checkptr|typecheck|defer|typeassert|'
                        r'append|slice|tailcall))', flag) and (
                            compiler and flag != '-d=panic'):
                raise Skip("about the compiler's own messages: %s" % flag)
            if flag in ('-+', '-std'):
                raise Skip("for the compiler of Go's runtime: %s" % flag)
            if flag.startswith(('-goexperiment', '-race', '-asan', '-msan')):
                raise Skip('needs %s' % flag)
            if flag.startswith('-lang=') or flag == '-lang':
                raise Skip('about an older language version: %s' % flag)
        if compiler and self.verb == 'errorcheckandrundiag':
            raise Skip("about the compiler's own messages")
        if re.search(r'^import "C"$', self.text, re.M):
            raise Skip('needs cgo')
        if compiler:
            wanted = [pattern for _, pattern in wanted_errors(self.file)]
            if wanted and all(map(FRAMES.match, wanted)):
                raise Skip("about the size of the compiler's stack frames")

    # --- verbs --------------------------------------------------------------

    def source(self):
        return self.file

    def expect_output(self, outcome):
        expected = ''
        path = self.file[:-len('.go')] + '.out'
        if os.path.exists(path):
            with open(path, encoding='utf-8', errors='surrogateescape') as f:
                expected = f.read()
        if 'missing function body' in outcome.out:
            raise Skip('has functions without bodies')
        if outcome.status != 0:
            raise Fail('exit status %d: %s' % (
                outcome.status, first_line(outcome.out)))
        if outcome.out != expected:
            raise Fail('prints something else: %s' % different(
                expected, outcome.out))

    def program_args(self):
        """Source files and arguments that follow the verb."""
        args = [a for a in self.args if not a.startswith('-')]
        files = [a for a in args if a.endswith('.go')]
        rest = [a for a in args if not a.endswith('.go')]
        folder = os.path.dirname(self.file)
        return [os.path.join(folder, f) for f in files], rest

    def run(self, work):
        files, rest = self.program_args()
        self.expect_output(execute_merged(
            [self.mgo, 'run', self.file] + files + rest, os.path.dirname(
                self.file) if self.text.count('os.Open') else work))

    def run_output(self, work):
        program = self.generate(work)
        self.expect_output(execute_merged([self.mgo, 'run', program], work))

    def generate(self, work):
        files, rest = self.program_args()
        made = execute([self.mgo, 'run', self.file] + files + rest, work)
        if made.status != 0:
            raise Fail('the generator ends with exit status %d: %s' % (
                made.status, first_line(made.err)))
        program = os.path.join(work, 'tmp__.go')
        with open(program, 'w', encoding='utf-8',
                  errors='surrogateescape') as f:
            f.write(made.out)
        return program

    def compile(self, work):
        self.must_compile([self.file], work)

    def must_compile(self, sources, work):
        done = execute([self.mgo, 'check'] + sources, work)
        if done.status == 0 or done.err.strip() == NO_MAIN:
            return
        if 'missing function body' in done.err:
            raise Skip('has functions without bodies')
        raise Fail('does not compile: %s' % first_line(done.err))

    def run_dir(self, work):
        packages = self.lay_out(work)
        self.expect_output(execute_merged(
            [self.mgo, 'run'] + packages[-1], work))

    def run_in_dir(self, work):
        if not os.path.exists(os.path.join(self.dir, 'go.mod')):
            with open(os.path.join(work, 'go.mod'), 'w', encoding='utf-8') as f:
                f.write('module %s\n' % os.path.basename(self.dir))
        self.refuse_assembly()
        subprocess.run(['cp', '-r', self.dir + '/.', work], check=True)
        self.expect_output(execute_merged([self.mgo, 'run', '.'], work))

    def refuse_assembly(self):
        if any(n.endswith('.s') for n in os.listdir(self.dir)):
            raise Skip('needs assembly')

    def compile_dir(self, work):
        for files in self.lay_out(work):
            self.must_compile(files, work)

    def lay_out(self, work):
        """Writes the packages of NAME.dir as folders of a module; returns them in
        order, as their files."""
        if not os.path.isdir(self.dir):
            raise Fail('has no folder')
        with open(os.path.join(work, 'go.mod'), 'w', encoding='utf-8') as f:
            f.write('module test\n')
        names = sorted(n for n in os.listdir(self.dir) if n.endswith('.go'))
        self.refuse_assembly()
        order, folder_of = [], {}
        texts = {}
        alone = '-s' in self.args
        for name in names:
            with open(os.path.join(self.dir, name), encoding='utf-8') as f:
                texts[name] = f.read()
            package = re.search(r'^package (\w+)', texts[name], re.M).group(1)
            key = name if alone else package
            if key not in order:
                order.append(key)
            folder_of[name] = key
        # A package is imported by the name of its first file, which is its
        # folder's here.
        first = {}
        for name in names:
            first.setdefault(folder_of[name], name[:-len('.go')])
        packages = []
        for key in order:
            folder = os.path.join(work, first[key])
            os.makedirs(folder)
            files = []
            for name in names:
                if folder_of[name] != key:
                    continue
                text = re.sub(r'"\./(\w+)"', r'"test/\1"', texts[name])
                with open(os.path.join(folder, name), 'w',
                          encoding='utf-8') as f:
                    f.write(text)
                files.append(os.path.join(folder, name))
            packages.append(files)
        return packages

    def errors(self, work):
        files, _ = self.program_args()
        self.match_errors([self.file] + files, [self.file] + files, work)

    def errors_dir(self, work):
        for files in self.lay_out(work):
            self.match_errors(files, files, work)

    def errors_and_run_dir(self, work):
        packages = self.lay_out(work)
        for files in packages:
            self.match_errors(files, files, work)
        if '-1' not in self.args:
            self.expect_output(execute_merged(
                [self.mgo, 'run'] + packages[-1], work))

    def errors_output(self, work):
        program = self.generate(work)
        self.match_errors([program], [program], work)

    def match_errors(self, arguments, files, work):
        """Compares the errors that mgo reports with the ERROR comments."""
        done = execute([self.mgo, 'check', '-e'] + arguments, work)
        got = {}
        for line in done.err.split('\n'):
            match = REPORT.match(line)
            if match:
                place = (os.path.basename(match.group(1)), int(match.group(2)))
                got.setdefault(place, []).append(match.group(4))
            elif line.startswith('\t') and got:
                got[place][-1] += '\n' + line
        wanted, problems, wording = [], [], True
        for path in files:
            wanted += wanted_errors(path)
        names = {os.path.basename(path) for path in files}
        for place, pattern in wanted:
            messages = got.get(place, [])
            rest = [m for m in messages if not re.search(pattern, m)]
            if len(rest) == len(messages):
                wording &= bool(messages)
                problems.append('%s:%d: not reported: %s' % (
                    place + (pattern,)))
            got[place] = rest
        places = {place for place, _ in wanted}
        for place, messages in sorted(got.items()):
            # What a package that it imports is told is not its own.
            if place[0] not in names:
                continue
            known = place in places
            for message in messages:
                wording &= known
                problems.append('%s:%d: %s: %s' % (
                    place + ('reported as' if known else 'not wanted', message)))
        if problems:
            kind = Wording if wording else Fail
            raise kind(' || '.join(p.replace('\n', ' ') for p in problems))
        if wanted and done.status == 0:
            raise Fail('exit status 0')


def wanted_errors(path):
    """The errors that the comments of a file want: ((file, line), pattern)."""
    wanted = []
    name = os.path.basename(path)
    with open(path, encoding='utf-8', errors='replace') as f:
        lines = f.read().split('\n')
    for number, line in enumerate(lines, 1):
        match = ERROR.search(line)
        if not match or '////' in line:
            continue

        def place(m, number=number):
            offset = int(m.group(3) or 0)
            return '%s:%d' % (
                name, number + (-offset if m.group(2) == '-' else offset))
        for pattern in QUOTED.findall(match.group(1)):
            wanted.append(((name, number),
                           to_python(LINE.sub(place, pattern))))
    return wanted


def to_python(pattern):
    """A pattern of Go's regexp package as one of Python's."""
    return pattern.replace('[[:space:]]', r'\s').replace(r'\pL', r'\w')


def different(expected, got):
    """The first line in which two texts differ."""
    wanted, seen = expected.split('\n'), got.split('\n')
    for i in range(max(len(wanted), len(seen))):
        a = wanted[i] if i < len(wanted) else None
        b = seen[i] if i < len(seen) else None
        if a != b:
            return 'line %d is %r, not %r' % (i + 1, (b or '')[:80],
                                              (a or '')[:80])
    return ''


TAGS = {'linux', 'amd64', 'unix', 'gc', 'goexperiment.aliastypeparams',
        'goexperiment.regabiargs', 'goexperiment.regabiwrappers'}


def evaluate(constraint):
    """Whether a build constraint holds on linux/amd64."""
    words = re.sub(r'[\w.]+', lambda m: str(
        m.group(0) in TAGS or bool(re.match(r'go1\.\d+$', m.group(0)))),
        constraint)
    words = words.replace('&&', ' and ').replace('||', ' or ')
    words = words.replace('!', ' not ')
    return bool(eval(words))  # pylint: disable=eval-used
