#!/usr/bin/python3
"""Formulas drawn at random give what SQLite gives, as the reference evaluator
asks it: blanks, truth, precedence, whole numbers, cases, LIKE.

The leaves are halves and small whole numbers, which a double holds exactly,
and what is divided is rounded before it is compared: so SQLite's doubles are
right too.  FORMULAS=N draws more than 4,000.
"""
import os
import random
import sqlite3
import subprocess
import tempfile

from tap import finish, test, true

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
SCOREFACTS = os.path.join(ROOT, 'build', os.environ.get('VARIANT', 'release'),
                          'tools', 'scorefacts')
N = int(os.environ.get('FORMULAS', '4000'))
PACK = '''pack: drawn
title: 随机
version: 1
effective: 2019-01-01
joint: full
classes: [{name: 甲类, units: [甲一]}]
groups: [{name: 组, keep: all}]
items: [{name: 项, group: 组, points: 1, clause: 一}]
measures:
'''
EXAMPLE = '''examples:
  - name: 空
    facts: [{date: 2019-01-02, mark: 项, unit: 甲一}]
    expect: [{unit: 甲一, period: 2019-01, points: 1}]
'''


class Drawn:
    """a number, a truth or a text, as SQL"""

    def __init__(self, rng):
        self.rng = rng

    def pick(self, kinds, depth):
        return self.rng.choice(kinds)(depth - 1)

    def number(self, depth):
        if depth <= 0:
            return self.rng.choice(('0', '1', '2', '3', '7', '0.5', '2.5',
                                    '12.0', 'null', '-4', '-1.5'))
        return self.pick((self.sum, self.sum, self.quotient, self.function,
                          self.case, self.truth, self.bracket, self.chain), depth)

    def bracket(self, depth):
        return f'({self.number(depth)})'

    def sum(self, depth):
        sign = self.rng.choice(('+', '-', '*', '%'))
        return f'{self.operand(depth)} {sign} {self.operand(depth)}'

    def operand(self, depth):
        text = self.number(depth)
        return text if text.lstrip('-').replace('.', '').isalnum() else \
            f'({text})'

    def chain(self, _):
        """which sign binds more tightly?"""
        signs = ('+', '-', '*', '%', '=', '<>', '<', '>=', 'is', 'is not',
                 'and', 'or')
        return self.rng.choice(('', 'not ')) + self.number(0) + ''.join(
            f' {self.rng.choice(signs)} {self.number(0)}' for _ in range(4))

    def quotient(self, depth):
        return f'round({self.operand(depth)} / {self.operand(depth)}, ' \
               f'{self.rng.randint(0, 1)})'

    def function(self, depth):
        name = self.rng.choice(('abs', 'min', 'max', 'iif', 'ifnull',
                                'coalesce', 'nullif', 'round'))
        count = {'abs': 1, 'round': 1, 'iif': 3, 'ifnull': 2, 'nullif': 2}.get(
            name, self.rng.randint(2, 3))
        return f'{name}({", ".join(self.number(depth) for _ in range(count))})'

    def case(self, depth):
        of = self.number(depth) if self.rng.random() < .5 else ''
        whens = ' '.join(f'when {self.number(depth)} then {self.number(depth)}'
                         for _ in range(self.rng.randint(1, 2)))
        rest = f'else {self.number(depth)}' if self.rng.random() < .5 else ''
        return f'case {of} {whens} {rest} end'

    def truth(self, depth):
        return self.pick((self.order, self.order, self.logic, self.range,
                          self.null, self.texts), depth)

    def order(self, depth):
        sign = self.rng.choice(('=', '==', '<>', '!=', '<', '<=', '>', '>='))
        return f'{self.operand(depth)} {sign} {self.operand(depth)}'

    def logic(self, depth):
        sign = self.rng.choice(('and', 'or'))
        before = self.rng.choice(('', 'not '))
        return f'{before}{self.number(depth)} {sign} {self.number(depth)}'

    def range(self, depth):
        before = self.rng.choice(('', 'not '))
        if self.rng.random() < .5:
            return f'{self.operand(depth)} {before}between ' \
                   f'{self.operand(depth)} and {self.operand(depth)}'
        return f'{self.operand(depth)} {before}in ' \
               f'({self.number(depth)}, {self.number(depth)})'

    def null(self, depth):
        return f'{self.operand(depth)} ' + self.rng.choice(
            ('is null', 'is not null', 'isnull', 'notnull',
             f'is {self.operand(depth)}'))

    def texts(self, depth):
        text = self.rng.choice(("'综合调研'", "'ABcab'", "''", "'a%b'"))
        pattern = self.rng.choice(("'%'", "'a%b'", "'_合%'", "'%ab%'", "'a!%b'",
                                   "'%调_'", "''"))
        if self.rng.random() < .3:
            return f"like({pattern}, {text}, '!')"
        if self.rng.random() < .3:
            return f'{text} || {pattern} < {pattern} || {text}'
        before = self.rng.choice(('', 'not '))
        return f'{text} {before}like {pattern}'


def ours(formulas):
    """what our evaluator says of each; None: a blank"""
    with tempfile.NamedTemporaryFile('w', suffix='.yaml') as f:
        f.write(PACK)
        for n, text in enumerate(formulas):
            quoted = text.replace("'", "''")
            f.write(f"  - {{name: 量{n}, value: '={quoted}'}}\n")
        f.write(EXAMPLE)
        f.flush()
        done = subprocess.run([SCOREFACTS, f.name, '2019-01-31'], text=True,
                              capture_output=True)
    if done.returncode:
        raise AssertionError(done.stderr)
    got = {}
    for line in done.stdout.splitlines():
        kind, *rest = line.split('\t')
        if kind == 'measure' and rest[2] == '2019-01':
            got[int(rest[0][1:])] = rest[3]
    return [number(got[n]) for n in range(len(formulas))]


def number(text):
    if text == '-':
        return None
    num, den = text.split('/')
    return int(num) / int(den)


def drawn():
    """(formula, what SQLite gives)"""
    draw = Drawn(random.Random(20190304))
    db = sqlite3.connect(':memory:')
    out = []
    while len(out) < N:
        text = draw.number(draw.rng.randint(1, 4))
        value = db.execute(f'SELECT ({text})').fetchone()[0]
        if value is None or abs(value) < 1e8:
            out.append((text, value))
    return out


@test('formulas drawn at random give what SQLite gives')
def _():
    formulas = drawn()
    values = {v for _, v in formulas}
    blanks = sum(v is None for _, v in formulas)
    true(len(values) > 50 and N / 20 < blanks < N / 2,
         f'{len(values)} values, {blanks} blanks')
    for n in range(0, N, 500):
        part = formulas[n:n + 500]
        for (text, theirs), mine in zip(part, ours([t for t, _ in part])):
            true(mine == theirs if None in (mine, theirs)
                 else abs(mine - theirs) < 6e-7,
                 f'{text}: {mine}, SQLite {theirs}')


finish()
