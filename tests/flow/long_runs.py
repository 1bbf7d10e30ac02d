#!/usr/bin/python3
"""What makes hours of trials (tests/crash/trials.py) trustworthy: a run that
was broken off goes on, what failed is tried again, and what could not be
tried is a failure."""
import contextlib
import io
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))), 'crash'))

import trials                                                   # noqa: E402
from tap import equal, finish, test, true                       # noqa: E402


class Trials:
    """Seven points, of which some fail and one may end the whole run."""

    def __init__(self, failing):
        self.labels, self.failing = ['commit'] * 7, failing

    def attempt(self, n):
        if n == 6 and self.failing == 'the harness':
            raise ValueError('nothing listens')
        return 'lost' if n == 3 and self.failing == 'the program' else None


def unable(_folder, _program):
    raise RuntimeError('no servers')


def run(journal, *options, failing='', program='/bin/true', more=()):
    """(exit status, the last line)"""
    suites = [trials.Suite('one', lambda _f, _p: Trials(failing)), *more]
    sys.argv = ['run', program, '-j', '2', '--journal', journal, *options]
    with contextlib.redirect_stdout(io.StringIO()) as out:
        status = trials.main('trials', suites, 5, ('kinds', 'points'), '')
    return status, out.getvalue().splitlines()[-1]


@contextlib.contextmanager
def journal_file():
    with tempfile.TemporaryDirectory() as folder:
        yield f'{folder}/journal'


def lines(path):
    with open(path, encoding='utf-8') as f:
        return len(f.readlines())


@test('a run of some points is filled up by a whole one, which leaves none')
def _():
    with journal_file() as path:
        equal(run(path, '--every', '3'),
              (0, 'trials: 1 kinds, 3 points, 0 failures'))
        before = lines(path)
        equal(run(path, '--every', '2'),            # 1 and 7 are known
              (0, 'trials: 1 kinds, 5 points, 0 failures'))
        equal(lines(path), before + 2)
        equal(run(path), (0, 'trials: 1 kinds, 7 points, 0 failures'))
        true(not os.path.exists(path))


@test('what failed, or could not be tried, is tried again, and only that')
def _():
    for failing in ('the program', 'the harness'):
        with journal_file() as path:
            for more in (0, 1):
                equal(run(path, failing=failing),
                      (1, 'trials: 1 kinds, 7 points, 1 failures'))
                equal(lines(path), 1 + 7 + more)
            equal(run(path), (0, 'trials: 1 kinds, 7 points, 0 failures'))


@test('a suite that cannot be set up is a failure')
def _():
    with journal_file() as path:
        status, last = run(path, more=[trials.Suite('two', unable)])
        equal((status, last), (1, 'trials: 2 kinds, 7 points, 2 failures'))


@test('what was tried of another program does not count')
def _():
    with journal_file() as path:
        run(path, '--every', '3')
        try:
            run(path, program='/bin/false')
        except SystemExit as e:
            true('another program' in str(e), e)
        else:
            raise AssertionError('taken')


@test('a run of nearly nothing does not pass')
def _():
    with journal_file() as path:
        equal(run(path, '--only', 'nothing'),
              (1, 'trials: 0 kinds, 0 points, 0 failures'))


finish()
