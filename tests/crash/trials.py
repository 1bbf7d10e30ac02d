"""Many trials on all cores, and what became of them.

    suite = Suite('a month of mail', lambda folder, program: Crashing(...))
    report([suite, ...], every=1, jobs=2, program=...)  ->  Tally

A suite makes, in a folder of its own, an object with `labels` and
attempt(n).  Workers make it again, each for its part of the points; they are
forked, so that a suite may hold anything."""
import collections
import os
import shutil
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from crashing import roomy

Tally = collections.namedtuple('Tally', 'suites points failures')
SHOWN = 5           # failures of one suite that are told

chosen = []         # what the forked workers know by its number


class Suite:
    def __init__(self, name, make, sample=None, native=False):
        """sample: every how manyth point `make check` tries; None: none.
        native: not with sanitizers, which want neither a shim nor strace."""
        self.name, self.make, self.sample = name, make, sample
        self.native = native

    def try_some(self, points_of, program):
        """[(n, label, problem)] of the points that points_of(all) gives."""
        folder = tempfile.mkdtemp(prefix='baosong-trial-', dir=roomy())
        os.chmod(folder, 0o711)
        trials = None
        try:
            trials = self.make(folder, program)
            points = points_of(range(1, len(trials.labels) + 1))
            return [(n, trials.labels[n - 1], trials.attempt(n))
                    for n in points]
        finally:
            if hasattr(trials, 'close'):
                trials.close()
            shutil.rmtree(folder, ignore_errors=True)


def work(number, part, parts, every, program):
    return chosen[number].try_some(lambda all_: all_[::every][part::parts],
                                   program)


def tell(suite, found, seconds):
    bad = sorted(f for f in found if f[2])
    print(f'{suite.name:58} {len(found):5} points {len(bad):3} failures '
          f'{seconds:5.0f} s', flush=True)
    for n, label, problem in bad[:SHOWN]:
        print(f'  {n} ({label}): {problem}', flush=True)
    return len(bad)


def report(suites, every, jobs, program):
    chosen[:] = suites
    points = failures = 0
    with ProcessPoolExecutor(jobs, get_context('fork')) as pool:
        for number, suite in enumerate(suites):
            begin = time.monotonic()
            parts = [pool.submit(work, number, p, jobs, every,
                                 os.path.realpath(program))
                     for p in range(jobs)]
            found = [f for p in parts for f in p.result()]
            points += len(found)
            failures += tell(suite, found, time.monotonic() - begin)
    return Tally(len(suites), points, failures)
