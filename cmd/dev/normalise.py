#!/usr/bin/env python3
"""Normal forms of standard error, one set of rules for both sides.

The same functions are applied to what real Go printed (by expect.py, when it
writes an expectation) and to what mgo printed (by run_tests.py, before the
comparison). Applying one twice changes nothing.

Compile errors, `compile_errors`:
  * lines that start with `    | ` (source line, caret) or `    = note: ` are
    mgo's own and dropped, as is Go's `# command-line-arguments`;
  * kept are lines `NAME.mgo:line:col: message`, the tab-indented lines that
    directly follow one, and `too many errors`;
  * a path is cut to its base name and `.go` becomes `.mgo`; the same for
    positions inside a message;
  * the same for the files and the folder of `found packages a (a.go) and …`,
    and for the folder after `exclude all Go files in`;
  * ` (/some/goroot/src/x)` after `is not in std` is dropped;
  * the position that Go gives `too many errors` is dropped: it is that of the
    error found last, before they are sorted;
  * Go's linker says without a position that main is missing; whatever stands
    before `function main is undeclared` is dropped.

Run-time failures, `traces`:
  * `[signal …]`, `exit status N` and `runtime: …` lines are dropped;
  * `goroutine 18 [chan send, 2 minutes]:` becomes `goroutine N [chan send]:`;
    goroutine 1 keeps its number; the same after `in goroutine`;
  * a frame is two lines; it is kept only if its function is in a package
    `main` and its file is a program's; arguments become `(...)`, the file its
    base name, and `+0x…` goes;
  * a goroutine other than 1 without a kept frame is the runtime's own and
    dropped;
  * an address after a panic value's type, `panic: (main.T) 0xc000012345`,
    becomes `0xADDR`;
  * everything after `fatal error: stack overflow` is dropped, since it depends
    on the sizes of frames.
"""

import os
import re

_POSITION = re.compile(r'^(\S+)\.m?go:(\d+):(\d+): (.*)$')
_INNER_POSITION = re.compile(r'(?:[^\s:]*/)?([^\s:/]+)\.m?go:(\d+)')
_NOT_IN_STD = re.compile(r'(is not in std) \(.*\)$')
_FILES_OF_FOLDER = re.compile(
    r'(found packages .*|build constraints exclude all Go files|has no package '
    r'clause: .*) in (?:\S*/)?(\S+)$')
_TOO_MANY = 'too many errors'
_NO_MAIN = 'function main is undeclared in the main package'

_GOROUTINE = re.compile(r'^goroutine (\d+)(?: gp=.*?)? \[(.*)\]:$')
_IN_GOROUTINE = re.compile(r' in goroutine (\d+)$')
_FRAME_FILE = re.compile(r'^\t(.*?)([^/\s]+)\.(m?go):(\d+)(?: .*)?$')
_VALUE_ADDRESS = re.compile(r'(panic: \(.*?\) )0x[0-9a-f]+')


def base_positions(text):
    """Cuts every path in front of a position to its base name, as .mgo."""
    return _INNER_POSITION.sub(r'\1.mgo:\2', text)


def files_of_folder(match):
    """What was found in a folder, by base names."""
    return '%s in %s' % (match.group(1).replace('.go)', '.mgo)'),
                         match.group(2))


def compile_errors(text):
    """The comparable lines of a compiler's standard error."""
    kept = []
    in_message = False
    for line in text.splitlines():
        if line.startswith('    |') or line.startswith('    = note: '):
            continue
        if line.endswith(_NO_MAIN):
            kept.append(_NO_MAIN)
            in_message = False
            continue
        if line == _TOO_MANY or line.endswith(': ' + _TOO_MANY):
            kept.append(_TOO_MANY)
            in_message = False
            continue
        match = _POSITION.match(line)
        if match:
            name = os.path.basename(match.group(1))
            message = base_positions(match.group(4))
            message = _NOT_IN_STD.sub(r'\1', message)
            message = _FILES_OF_FOLDER.sub(files_of_folder, message)
            kept.append('%s.mgo:%s:%s: %s' %
                        (name, match.group(2), match.group(3), message))
            in_message = True
        elif in_message and line.startswith('\t'):
            kept.append(base_positions(line))
        else:
            in_message = False
    return ''.join(line + '\n' for line in kept)


def _goroutine_number(number):
    return '1' if number == '1' else 'N'


def _wait_reason(state):
    return ', '.join(part for part in state.split(', ')
                     if not re.match(r'\d+ minutes|locked to thread', part))


def _frame(function, file_line):
    """The kept form of one frame, or [] for a frame to leave out."""
    match = _FRAME_FILE.match(file_line)
    created = function.startswith('created by ')
    name = function[len('created by '):] if created else function
    if not match or not name.startswith('main.'):
        return []
    if created:
        creator = _IN_GOROUTINE.search(name)
        if creator:
            name = '%s in goroutine %s' % (
                name[:creator.start()], _goroutine_number(creator.group(1)))
        name = 'created by ' + name
    else:
        name = name[:name.rindex('(')] + '(...)' if '(' in name else name
    return [name, '\t%s.mgo:%s' % (match.group(2), match.group(4))]


def _without_empty_stacks(lines):
    """Drops the headers of goroutines that have no kept frame."""
    kept = []
    for i, line in enumerate(lines):
        is_empty = i + 1 == len(lines) or lines[i + 1] == ''
        if line.startswith('goroutine N [') and is_empty:
            continue
        if line == '' and (not kept or kept[-1] == ''):
            continue
        kept.append(line)
    return kept


def traces(text):
    """The comparable lines of a failed program's standard error."""
    lines = text.splitlines()
    kept = []
    in_stack = False
    skipping = False
    i = 0
    while i < len(lines):
        line = lines[i]
        i += 1
        header = _GOROUTINE.match(line)
        if header:
            kept.append('goroutine %s [%s]:' % (
                _goroutine_number(header.group(1)),
                _wait_reason(header.group(2))))
            in_stack, skipping = True, False
        elif line == '':
            kept.append('')
            skipping = False
        elif line == 'runtime stack:':
            skipping = True
        elif skipping or line.startswith('[signal ') or (
                line.startswith('exit status ') or
                line.startswith('runtime: ')):
            continue
        elif line == 'fatal error: stack overflow':
            kept.append(line)
            break
        elif in_stack and i < len(lines) and lines[i].startswith('\t'):
            kept += _frame(line, lines[i])
            i += 1
        else:
            kept.append(_VALUE_ADDRESS.sub(r'\g<1>0xADDR', line))
    kept = _without_empty_stacks(kept)
    while kept and kept[-1] == '':
        kept.pop()
    return ''.join(line + '\n' for line in kept)
