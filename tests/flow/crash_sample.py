#!/usr/bin/python3
"""Some of the points of tests/crash/run: killed there and run again, the
program ends where it would have ended (`make crash` tries every point)."""
import os
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))), 'crash'))

from crashing import Crashing, scenarios                        # noqa: E402
from office import PROGRAM                                      # noqa: E402
from tap import equal, finish, test, true                       # noqa: E402

EVERY = {'the very first poll': 3, 'the first poll of an old mailbox': 19,
         'a month of mail': 19, 'desk order 4': 1, 'desk order 11': 1,
         'what the desk decided is carried out': 7,
         'the first of the month': 7}


def sample(scenario, every):
    folder = tempfile.mkdtemp(prefix='baosong-crash-')
    try:
        c = Crashing(scenario, folder, PROGRAM)
        points = range(1, len(c.steps) + 1, every)
        found = [(n, c.steps[n - 1], c.crash_at(n)) for n in points]
        equal([f for f in found if f[2]], [], scenario.name)
        true(found)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


for s in scenarios():
    if s.name in EVERY:
        test(f'F1r P1 P2 P3 killed and run again: {s.name}, every '
             f'{EVERY[s.name]}. step')(lambda s=s: sample(s, EVERY[s.name]))
finish()
