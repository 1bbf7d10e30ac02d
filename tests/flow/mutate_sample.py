#!/usr/bin/python3
"""The packs' own examples notice a changed number: all numbers of
tancheng-2019, each tenth of the others.  `make mutate-packs` changes all.

And the tool itself notices a number that no example holds.
"""
import os
import subprocess
import sys
import tempfile

from tap import equal, finish, test, true

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
TOOL = os.path.join(ROOT, 'tests', 'tools', 'mutate_packs.py')
RULES = os.path.join(ROOT, 'mailrules')
WHOLE = 'tancheng-2019'
LOOSE = '''pack: loose
title: 一
version: 1
effective: 2019-01-01
joint: full
classes: [{name: 甲, units: [一局]}]
groups: [{name: 组, keep: 2}]
items:
  - {name: 项, group: 组, points: 3, clause: 一1}
  - {name: 未试, clause: 一2}
examples:
  - name: 只说三分，没有说同一条最多记两次
    facts: [{date: 2019-01-02, mark: 项, unit: 一局}]
    expect: [{unit: 一局, period: 2019-01, points: 3}]
'''


def mutate(*args):
    p = subprocess.run([sys.executable, TOOL, *args], capture_output=True)
    return p.returncode, (p.stdout + p.stderr).decode('utf-8', 'replace')


@test(f'every number of {WHOLE} is held by an example')
def _():
    code, out = mutate(os.path.join(RULES, WHOLE, 'pack.yaml'))
    equal(code, 0, out)


@test('each tenth number of the other packs is held')
def _():
    packs = [os.path.join(RULES, name, 'pack.yaml')
             for name in sorted(os.listdir(RULES)) if name != WHOLE]
    true(len(packs) >= 4)
    code, out = mutate('--every', '10', *packs)
    equal(code, 0, out)


@test('a number and an item that no example holds are named')
def _():
    with tempfile.TemporaryDirectory() as folder:
        loose = os.path.join(folder, 'pack.yaml')
        with open(loose, 'w', encoding='utf-8') as f:
            f.write(LOOSE)
        code, out = mutate(loose)
    equal(code, 1, out)
    true('keep 2 may as well be 3 or 1' in out, out)
    true('no example speaks of 未试' in out, out)
    true('3 numbers, 1 caught, 2 survived' in out, out)


finish()
