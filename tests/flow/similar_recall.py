#!/usr/bin/python3
"""A sample of `make neardup`: copies found, unrelated drafts left alone,
among a few thousand drafts of official prose. NEARDUP_SEED tries others."""
import os
import subprocess

from office import ROOT
from tap import finish, test, true

TOOL = f'{ROOT}/build/{os.environ.get("VARIANT", "release")}/tools/neardup_bench'
SEED = int(os.environ.get('NEARDUP_SEED', 20190304))


def recall(drafts, queries, least, most):
    """Of each kind of copy `least` percent are named, of unrelated drafts
    `most` flagged."""
    r = subprocess.run([TOOL, '--drafts', str(drafts), '--queries',
                        str(queries), '--seed', str(SEED)], cwd=ROOT,
                       check=True, capture_output=True, text=True)
    lines = [line for line in r.stdout.splitlines() if ' asked ' in line]
    true(len(lines) == 11, r.stdout)
    for line in lines:
        name, rest = line[:20].strip(), line[20:]
        named = float(rest.split('named')[1].split('%')[0])
        flagged = float(rest.split('flagged')[1].split('%')[0])
        if name == 'unrelated':
            true(flagged <= most, line)
        elif name != 'every 3rd sentence':
            true(named >= least, line)


@test(f'copies among 3,000 drafts are named, others are not (seed {SEED})')
def _():
    recall(3000, 60, 95, 5)     # 3 of 60: chance must not fail it


@test('a register of 300 drafts does not take stock sentences for copies '
      f'(seed {SEED})')
def _():
    recall(300, 400, 98, 1)


finish()
