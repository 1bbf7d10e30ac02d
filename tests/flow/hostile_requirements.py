#!/usr/bin/python3
"""Every requirement of priority M is named by a test (tests/hostile/coverage)."""
import os
import subprocess

from tap import equal, test, true, finish

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


@test('every requirement of priority M is named by a test')
def _():
    p = subprocess.run([os.path.join(ROOT, 'tests', 'hostile', 'coverage')],
                       stdout=subprocess.PIPE, text=True)
    *untested, last = p.stdout.splitlines()
    equal(p.returncode, 0, p.stdout)
    true(last.startswith('requirements: '), last)
    for line in untested:
        print('#', line)
    print('# report:', last)


finish()
