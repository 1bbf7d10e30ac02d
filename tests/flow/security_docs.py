#!/usr/bin/python3
"""docs/security.md and docs/delivery.md name tests: each of them exists."""
import glob
import os
import re
import shlex
import subprocess

from office import ROOT
from tap import equal, finish, test, true


def read(path):
    with open(f'{ROOT}/{path}', encoding='utf-8') as f:
        return f.read()


MAKEFILE = read('Makefile')


def names_of(path):
    """What the tests of a flow file are called, loops over tables too."""
    text = read(path)
    return ' '.join([*re.findall(r"@?test\((?:f?['\"])(.*?)['\"]\)", text,
                                 re.S),
                     *re.findall(r"^    '([^']+)':", text, re.M),
                     *re.findall(r"say\(.*?f?'(.*?)'", text)])


def is_suite(run, options):
    """`tests/faults/run --only "numbered anew"`: some suite has that name."""
    p = subprocess.run([f'{ROOT}/{run}', '--list', *options, 'no program'],
                       capture_output=True, check=False)
    return p.returncode == 0 and p.stdout.strip()


def is_there(named):
    word, _, rest = named.partition(' ')
    if word.startswith('tests/') and word.endswith('/run'):
        return is_suite(word, shlex.split(rest))
    if word.startswith('docs/'):
        return os.path.exists(f'{ROOT}/{word}')
    if word == 'make':
        return re.search(rf'^{rest}:', MAKEFILE, re.M)
    if word.startswith('test_'):
        path = f'{ROOT}/tests/unit/{word}.c'
        return os.path.exists(path) and \
            (not rest or f'"{rest}' in read(f'tests/unit/{word}.c'))
    if word.endswith('.py'):
        path = f'tests/flow/{word}'
        return os.path.exists(f'{ROOT}/{path}') and \
            (rest in names_of(path) or
             all(w in names_of(path) for w in shlex.split(rest)))
    return False


def rows_of(path):
    """(line number, the commands of its last column), of the tables whose
    last column is headed `test` or `tested by`."""
    counts = False
    for number, line in enumerate(read(path).splitlines(), 1):
        cells = [c.strip() for c in line.strip('| ').split(' | ')]
        if not line.startswith('|'):
            counts = False
        elif cells[-1] in ('test', 'tested by'):
            counts = True
        elif counts and '---' not in line:
            yield number, re.findall(r'`([^`]+)`|(?<= )(docs/\S+)',
                                     cells[-1])


def check_tables(path, least):
    rows, missing = 0, []
    for number, pairs in rows_of(path):
        named = [a or b for a, b in pairs]
        rows += 1
        tests = [n for n in named if n != 'CANARY=all']
        true(tests, f'line {number} names no test')
        missing += [f'line {number}: {n}' for n in tests if not is_there(n)]
    equal(missing, [])
    true(rows >= least, rows)


@test('docs/security.md: every threat has a test, and every test is there')
def _():
    check_tables('docs/security.md', 50)


@test('docs/delivery.md: every promise has a test, and every test is there')
def _():
    check_tables('docs/delivery.md', 15)


@test('the numbers that docs/security.md states are those of the sets')
def _():
    text = read('docs/security.md')
    for name, word in (('positive', 'positives'), ('negative', 'negatives')):
        n = len([line for line in read(
            f'tests/data/secrecy/{name}.tsv').splitlines()
            if line and not line.startswith('#')])
        true(f'{n} {word}' in text, f'{n} {word}')
        true(n >= 200)
    targets = len(glob.glob(f'{ROOT}/tests/fuzz/fuzz_*.c'))
    true(f'{targets} libFuzzer targets' in text, targets)


finish()
