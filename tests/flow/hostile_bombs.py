#!/usr/bin/python3
"""Bombs (bombs.py), read by the program as it is: in its sandboxed readers and
under its limits.  Each ends with a named outcome, and all of them in one mailbox
hold up nothing; with $HOSTILE set, each alone keeps to 2 s of CPU and 200 MB.
"""
import json
import os
import subprocess
import sys
import tempfile

from bombs import bombs
from mails import draft
from office import Office
from tap import equal, test, true, finish

HERE = os.path.dirname(os.path.abspath(__file__))
SANITIZED = os.environ.get('VARIANT') in ('san', 'cov')
SECONDS, MEGABYTES = (30, 1500) if SANITIZED else (2, 200)
GUARD = 120
TITLES = ('春耕备播进展顺利', '防汛物资储备到位', '营商环境持续优化')

folder = tempfile.TemporaryDirectory()
office = Office(folder.name)
worst = {'seconds': 0, 'megabytes': 0, 'inputs': 0, 'checks': 0}


def measured(path):
    command = [sys.executable, os.path.join(HERE, 'measure.py'),
               *office.command('replay', '--json', path)]
    p = subprocess.run(command, cwd=folder.name, timeout=GUARD,
                       stdout=subprocess.PIPE,
                       env=dict(os.environ, LC_ALL='C.UTF-8'))
    said = json.loads(p.stdout)
    equal(said['status'], 0, 'the status of replay')
    return said, json.loads(said['out'])


def explode(make, arguments, outcome):
    path = os.path.join(folder.name, 'bomb.eml')
    with open(path, 'wb') as f:
        f.write(make(*arguments))
    used, said = measured(path)
    verdict, reason = outcome
    equal(said['verdict'], verdict, str(said['reasons']))
    true(not reason or reason in said['reasons'], str(said['reasons']))
    true(used['cpu'] <= SECONDS, f"{used['cpu']:.1f} s")
    true(used['megabytes'] <= MEGABYTES, f"{used['megabytes']:.0f} MB")
    worst['seconds'] = max(worst['seconds'], used['cpu'])
    worst['megabytes'] = max(worst['megabytes'], used['megabytes'])
    worst['inputs'] += 1
    worst['checks'] += 4


if os.environ.get('HOSTILE'):
    for name, make, arguments, outcome in bombs():
        test(f'bomb: {name}')(
            lambda m=make, a=arguments, o=outcome: explode(m, a, o))


def deliver_all():
    for n, (_, make, arguments, _) in enumerate(bombs()):
        if n % 20 == 0:
            title = TITLES[n // 20]
            office.deliver(draft(f'{title}-县财政局-张敏-0539-6201001',
                                 text=title * 20), name=f'draft-{n}')
        office.deliver(make(*arguments).replace(
            b'<b@tancheng', b'<b%d@tancheng' % n), name=f'bomb-{n}')
    office.deliver(draft(text='最后一件。' * 30), name='draft-last')


def check_outcomes():
    """Those that can be read are versions and copies of one draft."""
    told = {name.split(':')[0]: (verdict, reasons)
            for name, verdict, reasons in office.rows(
                'SELECT p.name, m.verdict, m.reasons FROM place p '
                'JOIN message m ON m.id = p.message')}
    for n, (name, _, _, (verdict, reason)) in enumerate(bombs()):
        got, reasons = told[f'bomb-{n}']
        same = got == verdict or (verdict, got) == ('accepted', 'duplicate')
        true(same and (reason or '') in reasons,
             f'{name}: {got} {reasons}, wanted {verdict} {reason}')
        worst['checks'] += 1


@test('P4 E13 every bomb in one mailbox, drafts before, between and behind')
def _():
    office.set_up()
    deliver_all()
    office.poll()
    equal(office.where()[''], [])
    for name in ('draft-0', 'draft-20', 'draft-40', 'draft-last'):
        equal(office.folder_of(name), ['已受理'], name)
    check_outcomes()
    equal(office.rows('PRAGMA integrity_check'), [('ok',)])
    worst['inputs'] += len(bombs()) + 4


@test('bombs: the worst of them')
def _():
    true(worst['inputs'] > 50)
    limits = (f"; at most {worst['seconds']:.1f} s CPU and "
              f"{worst['megabytes']:.0f} MB" if worst['seconds'] else '')
    print(f"# report: bombs: {worst['inputs']} inputs, {worst['checks']} "
          f"checks{limits}")


finish()
