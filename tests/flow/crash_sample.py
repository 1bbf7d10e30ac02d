#!/usr/bin/python3
"""Some of the points of tests/crash/run: killed there and run again, the
program ends where it would have ended (`make crash` tries every point)."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))), 'crash'))

from suites import suites                                       # noqa: E402
from office import PROGRAM                                      # noqa: E402
from tap import Skip, equal, finish, test, true                       # noqa: E402


def sample(suite):
    if os.environ.get('VARIANT') == 'san' and suite.native:
        raise Skip('not with sanitizers')
    found = suite.try_some(lambda points: points[::suite.sample], PROGRAM)
    equal([f for f in found if f[2]], [], suite.name)
    true(found)


for s in suites():
    if s.sample:
        test(f'F1r F8r P1 P2 P3 killed and run again: {s.name}, every '
             f'{s.sample}. point')(lambda s=s: sample(s))
finish()
