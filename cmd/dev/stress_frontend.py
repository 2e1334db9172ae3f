#!/usr/bin/env python3
"""Feeds mgo programs of extreme size or shape, and large generated ones.

    stress_frontend.py --mgo build/release/bin/mgo            every case
    stress_frontend.py --mgo build/release/bin/mgo --speed    lines per second

Each case must end with diagnostics (exit status 1) or a result (0, and the
output it names) within SECONDS of processor time and BYTES of memory; never
with a crash, and never in silence. `--slowness N`: with N times as much of both,
for builds under a sanitizer, which also reserve too much address space to limit
that. `--keep FOLDER` leaves the programs there.
"""

import argparse
import os
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time

SECONDS = 10
BYTES = 2 << 30
# Reserved but never touched address space is free.
ADDRESS_SPACE = 16 << 30
# On the processor time, for a machine that does other things too.
WALL_FACTOR = 60

GENERATED_LINES = 100000
RANDOM_BYTES = 10_000_000
NESTING = 100_000
OPERANDS = 1_000_000
LITERAL_BYTES = 1 << 20
DAMAGED = 400


# --- a large, ordinary program ------------------------------------------------

STRUCT = '''
// Record{n} is one kind of entry.
type Record{n} struct {{
	id    int
	name  string
	score float64
	tags  []string
	next  *Record{n}
}}

func NewRecord{n}(id int, name string) *Record{n} {{
	r := &Record{n}{{id: id, name: name, score: float64(id) / 2}}
	for i := 0; i < id%3; i++ {{
		r.tags = append(r.tags, "tag"+strconv.Itoa(i))
	}}
	return r
}}

func (r *Record{n}) Weight() int {{
	total := r.id
	for i, tag := range r.tags {{
		if i%2 == 0 {{
			total += len(tag)
		}} else {{
			total -= i
		}}
	}}
	if r.next != nil {{
		total += r.next.Weight()
	}}
	return total
}}

func (r Record{n}) String() string {{
	return fmt.Sprintf("%d:%s(%.1f)", r.id, r.name, r.score)
}}
'''

FUNCTIONS = '''
func sum{n}(values []int, limit int) (total int, err error) {{
	for _, v := range values {{
		switch {{
		case v < 0:
			return total, errors.New("negative value in sum{n}")
		case v > limit:
			continue
		default:
			total += v*{k} + v>>1
		}}
	}}
	return total, nil
}}

func words{n}(text string) map[string]int {{
	counts := make(map[string]int)
	for _, word := range strings.Fields(text) {{
		word = strings.ToLower(strings.Trim(word, ".,"))
		if word == "" {{
			continue
		}}
		counts[word]++
	}}
	return counts
}}

func table{n}(size int) [][]float64 {{
	rows := make([][]float64, size)
	for i := range rows {{
		rows[i] = make([]float64, size)
		for j := 0; j < size; j++ {{
			rows[i][j] = float64(i*size+j) / {k}.5
		}}
	}}
	return rows
}}

func work{n}(seed int) int {{
	var shape Weigher = NewRecord{n}(seed, "record")
	values := []int{{1, 2, seed, {k}, 0x1f}}
	total, err := sum{n}(values, 1000)
	if err != nil {{
		fmt.Println("error:", err)
		return -1
	}}
	add := func(x int) {{ total += x }}
	for word, count := range words{n}("the quick, the slow and the {n}th.") {{
		add(len(word) * count)
	}}
	grid := table{n}(3)
	if grid[2][1] > 1.0 && total%7 != 0 || seed == {k} {{
		add(int(grid[1][2]))
	}}
	if named, ok := shape.(fmt.Stringer); ok {{
		add(len(named.String()))
	}}
	return total + shape.Weight()
}}
'''

HEADER = '''package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Weigher is what all records are.
type Weigher interface {
	Weight() int
}
'''


def large_program(lines):
    """A program of about that many lines of ordinary Go."""
    parts = [HEADER]
    count = HEADER.count('\n')
    n = 0
    while count < lines:
        part = (STRUCT + FUNCTIONS).format(n=n, k=n % 97 + 3)
        parts.append(part)
        count += part.count('\n') + 1
        n += 1
    calls = ''.join('\ttotal += work%d(%d)\n' % (i, i) for i in range(n))
    parts.append('\nfunc main() {\n\ttotal := 0\n%s'
                 '\tfmt.Println("done", total != 0)\n}\n' % calls)
    return ''.join(parts).encode()


# --- extreme shapes -----------------------------------------------------------

def in_main(statements):
    """Statements as a whole program."""
    return ('package main\n\nfunc main() {\n%s\n}\n' % statements).encode()


def nested(opening, inner, closing, count=NESTING):
    """`inner` within that many pairs."""
    return opening * count + inner + closing * count


def random_bytes():
    return random.Random(1).randbytes(RANDOM_BYTES)


def random_words():
    """Tokens in random order, as a broken editor might leave them."""
    words = ('func var type struct if for switch case return go defer select '
             'chan map interface x y f 1 2.5 "s" \'r\' ( ) { } [ ] , ; := = + '
             '- * / & <- ... . : package import \n \n').split(' ')
    chosen = random.Random(2).choices(words, k=RANDOM_BYTES // 4)
    return ('package main\n' + ' '.join(chosen)).encode()


def script_words():
    """The same without a package clause."""
    return random_words().split(b'\n', 1)[1]


def large_script(lines):
    """The large program as a script."""
    text = large_program(lines).decode().split('\n', 1)[1]
    return text.replace('\nfunc main() {\n', '\n').rstrip()[:-1].encode()


def chain_of_variables(count):
    """Variables each of which is made of the one before, asked for from the
    end."""
    lines = ['const size = len(a%d)' % (count - 1), 'a0 := [3]int{}']
    lines += ['a%d := a%d' % (i, i - 1) for i in range(1, count)]
    return '\n'.join(lines + ['println(size)']).encode()


def chain_of_else(count):
    branches = ''.join(' else if x == %d {\n\tx++\n}' % i
                       for i in range(count))
    return in_main('x := 1\nif x == 0 {\n}' + branches + '\nprintln(x)')


# name: (subcommand, makes the program, what it prints or None for whatever)
CASES = {
    'large': ('run', lambda: large_program(GENERATED_LINES), 'done true\n'),
    'random_bytes': ('check', random_bytes, None),
    'random_words': ('check', random_words, None),
    'random_in_string': ('check', lambda: b'package main\nvar x = `' +
                         random_bytes(), None),
    'empty': ('check', lambda: b'', None),
    'zeros': ('check', lambda: b'\0' * RANDOM_BYTES, None),
    'one_line': ('check', lambda: b'package main; ' + b'var _ = 1; ' *
                 200_000 + b'func main() {}', None),
    'parentheses': ('check', lambda: in_main(
        'var x = ' + nested('(', '1', ')')), None),
    'parentheses_open': ('check', lambda: in_main('x := ' + '(' * NESTING),
                         None),
    'parentheses_close': ('check', lambda: in_main('x := ' + ')' * NESTING),
                          None),
    'blocks': ('check', lambda: in_main(nested('{', '', '}')), None),
    'ifs': ('check', lambda: in_main(nested('if true {\n', '', '}\n')), None),
    'functions': ('check', lambda: in_main(
        'f := ' + nested('func() {', '', '}') + '; _ = f'), None),
    'calls': ('check', lambda: in_main(
        'f := func(x int) int { return x }\n_ = ' + nested('f(', '1', ')')),
              None),
    'indexes': ('check', lambda: in_main(
        'var a []int\n_ = ' + nested('a[', '1', ']')), None),
    'selectors': ('check', lambda: in_main('_ = x' + '.f' * NESTING), None),
    'unary': ('check', lambda: in_main('x := 1\n_ = ' + '- ' * NESTING + 'x'),
              None),
    'receives': ('check', lambda: in_main(
        'var c chan int\n_ = ' + '<-' * NESTING + 'c'), None),
    'slice_types': ('check', lambda: in_main('var x ' + '[]' * NESTING +
                                             'int\n_ = x'), None),
    'pointer_types': ('check', lambda: in_main('var x ' + '*' * NESTING +
                                               'int\n_ = x'), None),
    'function_types': ('check', lambda: in_main(
        'var x ' + nested('func(', 'int', ')') + '\n_ = x'), None),
    'struct_types': ('check', lambda: in_main(
        'var x ' + nested('struct { f ', 'int', ' }') + '\n_ = x'), None),
    'literals': ('check', lambda: in_main(
        'type T []T\n_ = T' + nested('{', '', '}')), None),
    'else_ifs': ('check', lambda: chain_of_else(NESTING), None),
    'operands': ('run', lambda: in_main(
        'x := 1\nprintln(' + ' + '.join(['x'] * OPERANDS) + ')'), ''),
    'constant_operands': ('run', lambda: in_main(
        'println(' + '+'.join(['1'] * OPERANDS) + ')'), ''),
    'string_operands': ('check', lambda: in_main(
        's := ' + ' + '.join(['"ab"'] * OPERANDS) + '\nprintln(len(s))'), None),
    'string_literal': ('run', lambda: in_main(
        'println(len("' + 'x' * LITERAL_BYTES + '"))'), ''),
    'raw_literal': ('run', lambda: in_main(
        'println(len(`' + 'x\n' * (LITERAL_BYTES // 2) + '`))'), ''),
    'number_literal': ('check', lambda: in_main(
        'var x = ' + '9' * LITERAL_BYTES), None),
    'exponent_literal': ('check', lambda: in_main(
        'var x = 1e1000000000\nvar y = 1e-999999999\nconst z = 1 << 100000000'),
                         None),
    'identifier': ('check', lambda: in_main(
        'var ' + 'x' * LITERAL_BYTES + ' = 1'), None),
    'comment': ('check', lambda: in_main('/*' + 'x' * RANDOM_BYTES), None),
    'script_words': ('check', script_words, None),
    'script_large': ('run', lambda: large_script(GENERATED_LINES),
                     'done true\n'),
    'script_statements': ('run', lambda: b'x := 1\n' + b'x++\n' * 200_000 +
                          b'println(x)\nfunc f() int { return x }', ''),
    'script_functions': ('check', lambda: '\n'.join(
        'func f%d() { f%d(); x%d++ }; x%d := %d' % (i, i + 1, i, i, i)
        for i in range(50_000)).encode(), None),
    'script_variables': ('run', lambda: chain_of_variables(10_000), ''),
    'script_receivers': ('check', lambda: b'func (\n' * NESTING, None),
    'script_closed': ('check', lambda: b'func () f[\n]}\n' * NESTING, None),
    'lines': ('check', lambda: in_main('\n' * RANDOM_BYTES), None),
}
# What `println` writes to standard error in the cases that run.
PRINTED = {
    'operands': '1000000\n', 'constant_operands': '1000000\n',
    'script_statements': '200001\n', 'script_variables': '3\n',
    'string_literal': '1048576\n', 'raw_literal': '1048576\n',
}


def run_case(mgo, name, folder, slowness):
    """Runs one case; returns its seconds, bytes, and what is wrong or None."""
    max_seconds = SECONDS * slowness
    max_bytes = BYTES * slowness

    def limit():
        """Sets the child's limits."""
        resource.setrlimit(resource.RLIMIT_CPU, (max_seconds, max_seconds + 2))
        if slowness == 1:
            resource.setrlimit(resource.RLIMIT_AS,
                               (ADDRESS_SPACE, ADDRESS_SPACE))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    command, make, expected = CASES[name]
    path = os.path.join(folder, name + '.mgo')
    with open(path, 'wb') as file:
        file.write(make())
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen([mgo, command, path], stdin=subprocess.DEVNULL,
                                   stdout=out, stderr=err, preexec_fn=limit)
        deadline = time.monotonic() + WALL_FACTOR * max_seconds
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() > deadline:
                process.kill()
            time.sleep(0.005)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        output = out.read().decode('utf-8', 'replace')
        errors = err.read(4096).decode('utf-8', 'replace')
    seconds = usage.ru_utime + usage.ru_stime
    memory = usage.ru_maxrss * 1024
    code = process.returncode
    what = None
    if code in (-signal.SIGXCPU, -signal.SIGKILL) or seconds > max_seconds:
        what = 'more than %d s' % max_seconds
    elif code < 0:
        what = 'killed by %s' % signal.Signals(-code).name
    elif memory > max_bytes:
        what = 'takes more than %d MB' % (max_bytes >> 20)
    elif 'Sanitizer' in errors or 'runtime error:' in errors:
        what = 'a sanitizer found: ' + errors[:2000]
    elif code not in (0, 1):
        what = 'exit status %d: %s' % (code, errors[:200])
    elif code == 1 and not errors.strip():
        what = 'fails in silence'
    elif code == 1 and 'mgo: ' not in errors and '.mgo:' not in errors:
        what = 'no diagnostic: ' + errors[:200]
    elif code == 0 and expected is not None:
        if (output, errors) != (expected, PRINTED.get(name, '')):
            what = 'printed %r %r' % (output[:100], errors[:100])
    first = errors.strip().split('\n')[0]
    note = first.split('.mgo:')[-1][:70] if code == 1 else 'accepted'
    return seconds, memory, what, note


WORD = re.compile(rb'\w+|\s+|"[^"\n]*"|.', re.S)
SCRIPTS = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))), 'testdata', 'script')


def damaged_scripts(count):
    """Scripts of testdata with some words left out, doubled or exchanged."""
    chance = random.Random(3)
    texts = []
    for name in sorted(os.listdir(SCRIPTS)):
        if name.endswith('.mgo'):
            with open(os.path.join(SCRIPTS, name), 'rb') as file:
                texts.append(WORD.findall(file.read().split(b'\n', 1)[1]))
    for _ in range(count):
        words = list(chance.choice(texts))
        for _ in range(chance.randint(1, 3)):
            if not words:
                break
            at = chance.randrange(len(words))
            how = chance.randrange(3)
            if how == 0:
                del words[at]
            elif how == 1:
                words.insert(at, words[at])
            else:
                words[at] = chance.choice(chance.choice(texts) or [b''])
        yield b''.join(words)


def run_damaged(mgo, folder, slowness):
    """Compiles damaged scripts; returns what is wrong with the first bad one."""
    path = os.path.join(folder, 'damaged.mgo')
    accepted = 0
    for text in damaged_scripts(DAMAGED):
        with open(path, 'wb') as file:
            file.write(text)
        try:
            done = subprocess.run([mgo, 'dump', '--bytecode', path],
                                  stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL,
                                  stderr=subprocess.PIPE,
                                  timeout=SECONDS * slowness)
        except subprocess.TimeoutExpired:
            return 'timeout: %r' % text
        errors = done.stderr.decode('utf-8', 'replace')
        accepted += done.returncode == 0
        if done.returncode not in (0, 1) or 'Sanitizer' in errors or (
                done.returncode == 1 and '.mgo:' not in errors):
            return 'exit status %d: %s\n%s' % (done.returncode, errors[:2000],
                                               text.decode('utf-8', 'replace'))
    print('ok   %-18s %d of %d accepted' % ('damaged scripts', accepted, DAMAGED))
    return None


def measure_speed(mgo, folder, repeat=5):
    """Prints how many lines `mgo check` takes in per second of wall time."""
    path = os.path.join(folder, 'large.mgo')
    text = large_program(GENERATED_LINES)
    with open(path, 'wb') as file:
        file.write(text)
    lines = text.count(b'\n')
    times = []
    for _ in range(repeat):
        start = time.monotonic()
        subprocess.run([mgo, 'check', path], check=True)
        times.append(time.monotonic() - start)
    median = sorted(times)[repeat // 2]
    print('%d lines, %d bytes: median %.3f s of %d, %d lines/s (best %.3f s)' %
          (lines, len(text), median, repeat, lines / median, min(times)))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--mgo', required=True, help='the program under test')
    parser.add_argument('--speed', action='store_true',
                        help='measure `mgo check` of the large program instead')
    parser.add_argument('--keep', metavar='FOLDER',
                        help='write the programs there, and leave them')
    parser.add_argument('--slowness', type=int, default=1, metavar='N',
                        help='factor on the limits')
    parser.add_argument('cases', nargs='*', metavar='CASE',
                        help='only these (default: all)')
    options = parser.parse_args()
    mgo = os.path.abspath(options.mgo)
    failed = 0
    with tempfile.TemporaryDirectory(prefix='mgo-stress-') as scratch:
        folder = options.keep or scratch
        os.makedirs(folder, exist_ok=True)
        if options.speed:
            measure_speed(mgo, folder)
            return
        for name in options.cases or CASES:
            seconds, memory, what, note = run_case(mgo, name, folder,
                                                   options.slowness)
            print('%s %-18s %6.2f s %6d MB  %s' %
                  ('FAIL' if what else 'ok  ', name, seconds, memory >> 20,
                   what or note), flush=True)
            failed += bool(what)
        if not options.cases:
            what = run_damaged(mgo, folder, options.slowness)
            if what:
                print('FAIL damaged script: ' + what)
                failed += 1
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    main()
