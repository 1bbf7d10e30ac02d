#!/usr/bin/python3
"""docs/security.md names tests: each of them exists."""
import os
import re

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


def is_there(named):
    word, _, rest = named.partition(' ')
    if word == 'make':
        return re.search(rf'^{rest}:', MAKEFILE, re.M)
    if word.startswith('test_'):
        path = f'{ROOT}/tests/unit/{word}.c'
        return os.path.exists(path) and \
            (not rest or f'"{rest}' in read(f'tests/unit/{word}.c'))
    if word.endswith('.py'):
        path = f'tests/flow/{word}'
        return os.path.exists(f'{ROOT}/{path}') and \
            (not rest or rest in names_of(path))
    return False


def rows_of(path):
    """(line number, the backquoted words of its last column), of the tables
    whose last column is headed `test`."""
    counts = False
    for number, line in enumerate(read(path).splitlines(), 1):
        cells = [c.strip() for c in line.strip('| ').split(' | ')]
        if not line.startswith('|'):
            counts = False
        elif cells[-1] == 'test':
            counts = True
        elif counts and '---' not in line:
            yield number, re.findall(r'`([^`]+)`', cells[-1])


@test('docs/security.md: every threat has a test, and every test is there')
def _():
    rows, missing = 0, []
    for number, named in rows_of('docs/security.md'):
        rows += 1
        tests = [n for n in named if n != 'CANARY=all']
        true(tests, f'line {number} names no test')
        missing += [f'line {number}: {n}' for n in tests if not is_there(n)]
    equal(missing, [])
    true(rows > 50, rows)


@test('the numbers that docs/security.md states are those of the sets')
def _():
    text = read('docs/security.md')
    for name, word in (('positive', 'positives'), ('negative', 'negatives')):
        n = len([line for line in read(
            f'tests/data/secrecy/{name}.tsv').splitlines()
            if line and not line.startswith('#')])
        true(f'{n} {word}' in text, f'{n} {word}')
        true(n >= 200)


finish()
