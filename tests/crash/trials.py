"""Many trials on all cores, and what became of them.

    suite = Suite('a month of mail', lambda folder, program: Crashing(...))
    main('crash', [suite, ...], least=500)  ->  exit status

A suite makes, in a folder of its own, an object with `labels` and
attempt(n).  Workers make it again, each for its part of the points; they are
forked, so that a suite may hold anything.

What was tried is written down as it ends (Journal): a run that was broken
off, or that tried every 11th point only, is continued from there."""
import argparse
import collections
import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, wait
from multiprocessing import get_context

from crashing import roomy

SHOWN = 5           # failures of one suite that are told
SAY_AFTER = 60      # seconds without a word

Point = collections.namedtuple('Point', 'n label problem')


class Suite:
    def __init__(self, name, make, sample=None, native=False):
        """sample: every how manyth point `make check` tries; None: none.
        native: not with sanitizers, which want neither a shim nor strace."""
        self.name, self.make, self.sample = name, make, sample
        self.native = native

    def try_some(self, points_of, program, tried=lambda point: None):
        """[Point] of what points_of(all) gives; each is handed to tried()
        as soon as it is known."""
        folder = tempfile.mkdtemp(prefix='baosong-trial-', dir=roomy())
        os.chmod(folder, 0o711)
        trials, found = None, []
        try:
            trials = self.make(folder, program)
            for n in points_of(range(1, len(trials.labels) + 1)):
                found.append(Point(n, trials.labels[n - 1],
                                   attempted(trials, n)))
                tried(found[-1])
            return found
        finally:
            if hasattr(trials, 'close'):
                trials.close()
            shutil.rmtree(folder, ignore_errors=True)


def attempted(trials, n):
    """What is wrong with the n-th point: also that it could not be tried,
    which must not keep the others from it."""
    try:
        return trials.attempt(n)
    except Exception as e:
        return f'{type(e).__name__}: {e}'


class Journal:
    """A line for each point that was tried, beginning with one that says of
    which program.  Points that failed are tried again; a run that came to
    its end leaves nothing to go on from."""

    def __init__(self, path, program):
        self.path = path
        with open(program, 'rb') as f:
            of = hashlib.sha256(f.read()).hexdigest()
        if os.path.exists(path) and os.path.getsize(path):
            with open(path, encoding='utf-8') as f:
                if json.loads(f.readline()) != of:
                    raise SystemExit(f'{path} is of another program: '
                                     'remove it to begin anew')
        else:
            self.write(of)
        self.passed = {(name, n) for name, points in self.read().items()
                       for n, point in points.items() if not point.problem}

    def write(self, what):
        # one write(2) a line: workers do not mix theirs
        line = json.dumps(what, ensure_ascii=False) + '\n'
        with open(self.path, 'ab', buffering=0) as f:
            f.write(line.encode())

    def keep(self, suite):
        return lambda point: self.write([suite, *point])

    def read(self):
        """{suite: {n: Point}}, as each was tried last."""
        found = collections.defaultdict(dict)
        with open(self.path, encoding='utf-8') as f:
            f.readline()
            for line in f:
                if line.endswith('\n'):
                    name, *point = json.loads(line)
                    found[name][point[0]] = Point(*point)
        return found

    def left(self, suite, points):
        return [n for n in points if (suite, n) not in self.passed]


class Run:
    """All parts of all suites in one queue, so that no core waits."""

    def __init__(self, suites, journal, args):
        self.suites, self.journal = suites, journal
        self.every, self.jobs = args.every, args.jobs
        self.program = os.path.realpath(args.program)
        self.begin = time.monotonic()

    def work(self, number, part):
        """Seconds that it took."""
        suite, begin = self.suites[number], time.monotonic()
        suite.try_some(
            lambda all_: self.journal.left(
                suite.name, all_[::self.every])[part::self.jobs],
            self.program, self.journal.keep(suite.name))
        return time.monotonic() - begin

    def go(self):
        """(points, failures)"""
        global running
        running, points, failures = self, 0, 0
        with ProcessPoolExecutor(self.jobs, get_context('fork')) as pool:
            parts = [[pool.submit(work, number, part)
                      for part in range(self.jobs)]
                     for number in range(len(self.suites))]
            for suite, its in zip(self.suites, parts):
                self.await_all(its)
                tried, failed = self.tell(suite, its)
                points, failures = points + tried, failures + failed
        return points, failures

    def await_all(self, parts):
        while wait(parts, SAY_AFTER).not_done:
            found = [p for points in self.journal.read().values()
                     for p in points.values()]
            bad = sum(1 for p in found if p.problem)
            print(f'... {len(found)} points, {bad} failures, '
                  f'{time.monotonic() - self.begin:.0f} s',
                  file=sys.stderr, flush=True)

    def tell(self, suite, parts):
        """(points, failures); a suite that could not be set up is one."""
        found = self.journal.read()[suite.name].values()
        bad = sorted(p for p in found if p.problem)
        broken = [e for e in (p.exception() for p in parts) if e]
        seconds = sum(p.result() for p in parts if not p.exception())
        print(f'{suite.name:58} {len(found):5} points '
              f'{len(bad) + len(broken):3} failures {seconds:5.0f} s',
              flush=True)
        for n, label, problem in bad[:SHOWN]:
            print(f'  {n} ({label}): {problem}', flush=True)
        for e in broken:
            print(f'  {type(e).__name__}: {e}', flush=True)
        return len(found), len(bad) + len(broken)


running = None      # what the forked workers do their part of


def work(number, part):
    return running.work(number, part)


def arguments(description):
    a = argparse.ArgumentParser(
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument('program')
    a.add_argument('--only', action='append', metavar='WORD',
                   help='suites whose name holds this; also several times')
    a.add_argument('--every', type=int, default=1, help='every n-th point')
    a.add_argument('--list', action='store_true')
    a.add_argument('--journal', help='go on from what stands in this file')
    a.add_argument('-j', '--jobs', type=int, default=os.cpu_count())
    return a.parse_args()


def main(name, suites, least, words, description):
    """words: what suites and points are called, ('scenarios', 'points')."""
    args = arguments(description)
    chosen = [s for s in suites
              if any(word in s.name for word in args.only or [''])]
    if args.list:
        print('\n'.join(s.name for s in chosen))
        return 0
    with tempfile.NamedTemporaryFile(prefix='baosong-journal-') as own:
        journal = Journal(args.journal or own.name, args.program)
        points, failures = Run(chosen, journal, args).go()
    whole = args.every == 1 and not args.only
    if args.journal and whole and not failures:
        os.unlink(args.journal)
    few = whole and points <= least
    if few:
        print(f'only {points} {words[1]}: this tested nothing')
    print(f'{name}: {len(chosen)} {words[0]}, {points} {words[1]}, '
          f'{failures} failures')
    return 1 if failures or few or not points else 0
