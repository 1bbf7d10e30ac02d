#!/usr/bin/python3
"""Some of the faults of tests/faults/run: the machine fails there, or the
line breaks, and the next poll ends where an undisturbed one would have
(`make faults` tries every one)."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))), 'faults'))

from kinds import suites                                        # noqa: E402
from office import PROGRAM                                      # noqa: E402
from tap import Skip, equal, finish, test, true                 # noqa: E402


def sample(suite):
    if os.environ.get('VARIANT') == 'san' and suite.native:
        raise Skip('not with sanitizers')
    found = suite.try_some(lambda points: points[::suite.sample], PROGRAM)
    equal([f for f in found if f[2]], [], suite.name)
    true(found)


for s in suites():
    if s.sample:
        test(f'C7 F2r F18 a fault, and then none: {s.name}, every '
             f'{s.sample}. point')(lambda s=s: sample(s))
finish()
