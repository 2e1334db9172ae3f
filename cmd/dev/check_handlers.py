#!/usr/bin/env python3
"""Checks that the interpreter's fast handlers never touch the C++ stack.

    check_handlers.py build/release/bin/mgo

Disassembles the program's handlers (mgo::interp::OpNAME, one per instruction of
opcodes.def) and fails when one that is not in SLOW pushes, pops, calls, or uses
the stack pointer. So a new instruction has to be fast, or to be named here.
Optimized builds only.
"""

import os
import re
import subprocess
import sys

OBJDUMPS = ('llvm-objdump-19', '/usr/lib/llvm-19/bin/llvm-objdump',
            'llvm-objdump', 'objdump')

# Instructions that call the runtime on their way, by what for.
SLOW = {
    'allocation': '''
        Box BytesToStr Concat MakeChan MakeMap MakeSlice New NewClosure
        RunesToStr RuneToStr StrToBytes StrToRunes''',
    'append of whole slices and of large elements, copy': '''
        AppendN AppendReserve AppendSlice AppendStr CopySlice CopyStr''',
    'maps': '''
        MapAssign MapAssign32 MapAssign64 MapAssignStr MapClear MapDelete
        MapDelete32 MapDelete64 MapDeleteStr MapGet64To64 MapGetStrTo64
        MapIterInit MapIterNext MapPtr MapPtr32 MapPtr64 MapPtrStr MapPtrOk
        MapPtrOk32 MapPtrOk64 MapPtrOkStr''',
    'channels and goroutines': '''
        ChanCap ChanLen Close Go GoroutineExit Recv Select Send''',
    'natives': 'CallNative',
    'defer and panic': '''
        Defer DeferReturn FatalReturn Panic PanicAssert PanicDeferReturn
        Recover RunDefers Unreachable''',
    'interfaces of several dynamic types': '''
        AssertIface AssertIfaceOk IfaceEq ValueEq''',
    'values of any size, by memcpy and its like': '''
        LoadN MemCopy MemZero MovN StoreN ZeroN''',
    'strings, by memcmp': 'StrEq StrLe StrLt StrNe',
    'mathematics of the C library': 'Ceil Floor Fma Trunc',
    'the rest': 'ChunkReturn Print PrintLine PrintSpace',
}

FUNCTION = re.compile(r'^[0-9a-f]+ <(.*)>:$')
HANDLER = re.compile(r'^mgo::interp::Op(\w+)\(')
STACK = re.compile(r'\b(push|pop|call|leave|enter)[a-z]?\b|%[re]?sp[l]?\b')


def disassemble(program):
    """The instructions of each handler, by the name in opcodes.def."""
    for tool in OBJDUMPS:
        try:
            result = subprocess.run(
                [tool, '-d', '--no-show-raw-insn', '--demangle', program],
                stdout=subprocess.PIPE, text=True, check=True)
            break
        except FileNotFoundError:
            continue
    else:
        sys.exit('check_handlers: none of %s here' % ', '.join(OBJDUMPS))
    handlers = {}
    current = None
    for line in result.stdout.splitlines():
        function = FUNCTION.match(line)
        if function:
            handler = HANDLER.match(function.group(1))
            current = (handlers.setdefault(handler.group(1), [])
                       if handler else None)
        elif current is not None and '\t' in line:
            current.append(line.split('\t', 1)[1].replace('\t', ' ').strip())
    return handlers


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    handlers = disassemble(sys.argv[1])
    slow = {name: why for why, names in SLOW.items() for name in names.split()}
    touching = {name: [i for i in code if STACK.search(i)]
                for name, code in handlers.items()}
    touching = {name: code for name, code in touching.items() if code}
    problems = 0
    for name in sorted(set(touching) - set(slow)):
        problems += 1
        print('%s touches the stack:' % name)
        for instruction in touching[name][:4]:
            print('    ' + instruction)
    for name in sorted(set(slow) - set(handlers)):
        problems += 1
        print('%s is in SLOW, but no handler' % name)
    for name in sorted((set(slow) & set(handlers)) - set(touching)):
        print('note: %s is fast now, and can leave SLOW' % name)
    # Far fewer would mean that names or conventions have changed.
    if len(handlers) < 200:
        problems += 1
    print('%d handlers of %s, %d of them fast, %d problems' %
          (len(handlers), os.path.basename(sys.argv[1]),
           len(handlers) - len(touching), problems))
    sys.exit(1 if problems else 0)


if __name__ == '__main__':
    main()
