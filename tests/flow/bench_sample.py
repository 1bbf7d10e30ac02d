#!/usr/bin/python3
"""Does the rig of `make bench` run: every stage once, with a few mails and
without the peers that are slow to begin?  No number is judged here."""
import os
import re
import subprocess

from office import PROGRAM, ROOT
from servers import missing
from tap import Skip, equal, finish, test, true

RUN = f'{ROOT}/tests/bench/run'
ROWS = re.compile(r'^([a-z-]+): ([0-9]+) rows of the table$', re.M)
# Compared with LibreOffice, with drafts of the shared generator.
NO_ROWS = {'word-equal', 'similar-given'}


def bench(*arguments):
    p = subprocess.run(['/usr/bin/python3', RUN, *arguments, PROGRAM],
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                       text=True, check=False)
    return p.returncode, p.stdout


def may_run():
    if os.environ.get('VARIANT', 'release') != 'release':
        raise Skip('times are those of the release')
    if not os.path.exists(f'{ROOT}/build/bench/bin/sendspeed'):
        raise Skip('`make bench-tools` was not run')
    absent = missing('dovecot', 'smtp-sink')
    if absent or os.geteuid() != 0:
        raise Skip(f'{absent or "root"} is missing')


@test('every stage of the bench runs and gives its row')
def _():
    may_run()
    stages = bench('--list')[1].split()
    status, out = bench('--smoke')
    equal(status, 0, out[-2000:])
    rows = {name: int(n) for name, n in ROWS.findall(out)}
    equal(sorted(rows), sorted(stages))
    alone = {'poll'} if missing('mbsync') and missing('catdoc') else set()
    equal({name for name, n in rows.items() if n == 0}, NO_ROWS | alone)


@test('a stage that does not exist is refused')
def _():
    status, out = bench('--stages', 'poll,pool')
    equal(status, 2)
    true('no such stage: pool' in out, out)


finish()
