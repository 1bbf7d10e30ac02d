#!/usr/bin/python3
"""A poll for which something is missing (F11r): descriptors, HOME, a place for
temporary files, a sane umask.  It says what is missing or does without it; no mail
is lost, and what it writes is for its own user alone."""
import os
import resource
import subprocess
import tempfile

from mails import draft
from office import GUARD, Office
from tap import equal, test, true, finish

# sysexits that a poll may end with: software, I/O, try again, configuration.
NAMED = (0, 69, 70, 74, 75, 78)


def poll(office, environment=None, before=None):
    return subprocess.run(
        office.command('poll'), cwd=office.folder, env=environment,
        preexec_fn=before, timeout=GUARD, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def office_with_a_draft(folder):
    office = Office(folder)
    office.set_up()
    office.deliver(draft(), name='draft')
    return office


def accepted_once(office):
    equal(office.folder_of('draft'), ['已受理'])
    equal(office.rows('SELECT count(*) FROM submission'), [(1,)])
    equal(office.rows('PRAGMA integrity_check'), [('ok',)])


@test('F11r too few descriptors: a sentence, and the next poll does it all')
def _():
    refused = 0
    for limit in (4, 6, 8, 10, 12, 16, 24):
        with tempfile.TemporaryDirectory() as folder:
            office = office_with_a_draft(folder)
            p = poll(office, dict(os.environ, LC_ALL='C.UTF-8'), lambda:
                     resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit)))
            true(p.returncode in NAMED,
                 f'{limit}: {p.returncode} {p.stderr[-300:]}')
            if p.returncode:
                true(p.stderr.strip(), f'{limit}: no word')
                refused += 1
            office.poll()
            accepted_once(office)
    true(refused >= 2, 'descriptors were never too few')


@test('F11r no HOME, no place for temporary files, no environment at all')
def _():
    with tempfile.TemporaryDirectory() as folder:
        office = office_with_a_draft(folder)
        p = poll(office, {'TMPDIR': '/nowhere'})
        equal(p.returncode, 0, p.stderr.decode('utf-8', 'replace'))
        accepted_once(office)


@test('F11r umask 000: what is written is for its own user')
def _():
    with tempfile.TemporaryDirectory() as folder:
        office = Office(folder)
        p = poll(office, dict(os.environ, LC_ALL='C.UTF-8'),
                 lambda: os.umask(0))
        equal(p.returncode, 0, p.stderr.decode('utf-8', 'replace'))
        office.deliver(draft(), name='draft')
        poll(office, dict(os.environ, LC_ALL='C.UTF-8'), lambda: os.umask(0))
        open_to_all = []
        for root, folders, files in os.walk(office.data):
            for name in folders + files:
                path = os.path.join(root, name)
                if not os.path.islink(path) and os.stat(path).st_mode & 0o077:
                    open_to_all.append(os.path.relpath(path, office.data))
        equal(open_to_all, [])
        true(os.listdir(office.data))


finish()
