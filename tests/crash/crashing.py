"""Kill the program while it works, run it again, and compare with a run that
was never killed: at its n-th step (base/step.h), at a system call, at any
instant, and with all that was not flushed taken back."""
import collections
import os
import random
import re
import shutil
import signal
import subprocess
import time

from scenes import ROOT                                         # first: path
from office import Office, tree

SHIM = f'{ROOT}/build/tests/shim.so'
DISK = 'write,pwrite,fsync,fdatasync,rename,unlink,ftruncate,mkdir,open'
SAY_EVERY = 10


def roomy():
    """A folder where flushing costs nothing, if there is one."""
    return '/dev/shm' if os.access('/dev/shm', os.W_OK) else None


# ---- what must be the same ----

def is_empty_debris(path):
    """What libxlsxwriter makes, and unlinks before it writes; swept later."""
    return os.path.basename(path).startswith('tmp.') \
        and os.path.getsize(path) == 0


def masked(data):
    """Without what is drawn by lot for each letter."""
    return re.sub(rb'baosong\.[0-9a-f]{32}', b'baosong.ID', data)


def letters(o):
    """Each that went out, under one Message-ID, and how often it did."""
    return sorted([masked(data) for data in copies]
                  for copies in o.outgoing_bytes().values())


def state(o):
    """Everything that must be the same."""
    return {
        'register': o.dump(),
        'folders': o.where(),
        'outgoing': letters(o),
        'drafts': tree(f'{o.data}/稿件'),
        'files of data': sorted(n for n in os.listdir(o.data)
                                if not is_empty_debris(f'{o.data}/{n}')),
    }


def said(o, now):
    """What the commands say of that register; they take longer than all
    else, so that not every point asks them."""
    listed = o.json('list', now=now)
    return {
        'list': listed,
        'held': o.json('held', now=now),
        'scores': o.json('scores', '2019-03', now=now),
        'show': [masked(o.must('show', '--json', s['number'], now=now)
                        .out.encode()) for s in listed],
    }


def difference(got, wanted, path=''):
    """Where two states differ first, in words; None where they do not."""
    if type(got) is not type(wanted):
        return f'{path}: {got!r:.300} instead of {wanted!r:.300}'
    if isinstance(got, dict):
        for key in [*wanted, *got]:
            if key not in got or key not in wanted:
                return (f'{path}/{key}: '
                        f'{"missing" if key in wanted else "too much"}')
            found = difference(got[key], wanted[key], f'{path}/{key}')
            if found:
                return found
        return None
    if isinstance(got, list) and got != wanted:
        extra = [x for x in got if x not in wanted]
        lost = [x for x in wanted if x not in got]
        return (f'{path}: {len(got)} instead of {len(wanted)}; '
                f'too much {extra!r:.600}; missing {lost!r:.600}')
    return None if got == wanted else f'{path}: {got!r:.300} instead of ' \
                                      f'{wanted!r:.300}'


# ---- trials ----

class Crashing:
    """One scenario in a folder of its own.  Every run is at the same path,
    for the register knows a mailbox by it.

    labels: what can be tried; attempt(n) tries the n-th, from 1, and says
    what is wrong, or None."""

    def __init__(self, scenario, folder, program):
        self.scenario, self.program = scenario, program
        self.here, self.base = f'{folder}/office', f'{folder}/base'
        os.makedirs(self.here)
        o = self.office()
        scenario.prepare(o)
        words = scenario.arguments
        self.arguments = words(o) if callable(words) else words
        os.rename(self.here, self.base)
        self.keep_base()
        self.before = self.fresh().dump()
        self.labels, self.wanted, self.said = self.undisturbed()

    # What a subclass with servers does otherwise.

    def office(self):
        return Office(self.here, self.program)

    def keep_base(self):
        pass

    def state(self, o):
        return state(o)

    # ---- running ----

    def fresh(self):
        shutil.rmtree(self.here, ignore_errors=True)
        shutil.copytree(self.base, self.here)
        return self.office()

    def run(self, o, **env):
        return o.run(*self.arguments, now=self.scenario.now, env=env)

    def logged(self, o, log):
        """Run it, and write the names of what can be tried."""
        return self.run(o, BAOSONG_STEP_LOG=log)

    def undisturbed(self):
        """The names of the steps, the state they lead to, what is said."""
        o = self.fresh()
        log = f'{self.here}/steps'
        r = self.logged(o, log)
        if r.code != 0:
            raise RuntimeError(f'{self.scenario.name}: {r}')
        with open(log) as f:
            labels = f.read().split()
        self.poll_after(o)
        return labels, self.state(o), said(o, self.scenario.now)

    def poll_after(self, o):
        if self.scenario.more:
            o.poll(now=self.scenario.now)

    def resume(self, o):
        if self.scenario.once and o.dump() != self.before:
            return None         # it took effect: nobody gives it again
        r = self.run(o)
        return None if r.code == 0 else f'resumed with {r}'

    def disturb(self, o, n):
        """Run it with the n-th disturbance; what is wrong already."""
        r = self.run(o, BAOSONG_CRASH_AT=str(n))
        return None if r.code == -signal.SIGKILL else f'not killed: {r}'

    def attempt(self, n):
        o = self.fresh()
        problem = self.disturb(o, n) or self.resume(o)
        self.poll_after(o)
        problem = problem or difference(self.state(o), self.wanted)
        if not problem and n % SAY_EVERY == 1:
            problem = difference(said(o, self.scenario.now), self.said)
        if not problem and not self.scenario.once:
            problem = self.changes_nothing(o)
        return problem

    def changes_nothing(self, o):
        seen = self.state(o), tree(f'{o.folder}/mailbox')
        r = self.run(o)
        if r.code != 0:
            return f'a third time: {r}'
        if seen != (self.state(o), tree(f'{o.folder}/mailbox')):
            return 'a third run has changed something'
        return None


class Shimmed(Crashing):
    """Killed at a call of the C library that reaches the disk; `kind` is a
    word of tests/faults/shim.c."""

    kind = 'KILL'

    def shimmed(self, o, **more):
        return self.run(o, LD_PRELOAD=SHIM, FAULT_CALLS=DISK, **more)

    def logged(self, o, log):
        return self.shimmed(o, FAULT_LOG=log)

    def disturb(self, o, n):
        r = self.shimmed(o, FAULT_AT=str(n), FAULT_KIND=self.kind)
        return None if r.code == -signal.SIGKILL else f'not killed: {r}'


class PowerCut(Shimmed):
    """Killed there, and what was not flushed is as it was before."""

    kind = 'POWER'


class Traced(Crashing):
    """Killed at a system call, from outside: what no shim can miss.

    strace counts what each thread does by itself, and the one that gets to
    the n-th first is killed at it: where the program begins a thread late,
    as for a batch's commit, that one's first calls are hidden behind its own.
    At these only the shim kills, which counts all threads together.  What
    readers do as well is counted and killed at in the program's own thread
    alone."""

    disk = ('pwrite64', 'fsync', 'fdatasync', 'rename', 'renameat2', 'unlink',
            'ftruncate')
    like_readers = ('write', 'sendto')

    def traced(self, o, calls, *options):
        command = ['strace', '-qq', '-e', f'trace={",".join(calls)}',
                   *options, '--', *o.command(*self.arguments,
                                              now=self.scenario.now)]
        return subprocess.run(command, cwd=o.folder, capture_output=True,
                              env=dict(os.environ, LC_ALL='C.UTF-8'),
                              check=False)

    def logged(self, o, log):
        raw = f'{self.here}/trace'
        r = self.traced(o, self.disk + self.like_readers, '-f', '-o', raw)
        with open(raw, encoding='utf-8', errors='replace') as f:
            calls = re.findall(r'^(\d+) +(\w+)\(', f.read(), re.M)
        own = calls[0][0]
        most = {}
        for (thread, name), times in collections.Counter(calls).items():
            if thread == own or name in self.disk:
                most[name] = max(times, most.get(name, 0))
        with open(log, 'w', encoding='ascii') as out:
            for name in sorted(most):
                out.write(f'{name}\n' * most[name])
        os.unlink(raw)
        r.code = r.returncode
        return r

    def disturb(self, o, n):
        name = self.labels[n - 1]
        when = self.labels[:n].count(name)
        r = self.traced(o, (name,), *(['-f'] if name in self.disk else []),
                        '-o', '/dev/null', '-e',
                        f'inject={name}:signal=KILL:when={when}')
        return None if r.returncode in (-signal.SIGKILL, 137) \
            else f'not killed: {r}'

    def attempt(self, n):
        # how often a reader is asked once more hangs on time
        problem = super().attempt(n)
        return super().attempt(n) \
            if problem and problem.startswith('not killed') else problem


class AnyInstant(Crashing):
    """Killed at random instants, wherever it is."""

    times = 60

    def logged(self, o, log):
        begin = time.monotonic()
        r = self.run(o)
        self.lasts = time.monotonic() - begin
        with open(log, 'w', encoding='ascii') as f:
            f.write('instant\n' * self.times)
        return r

    def disturb(self, o, n):
        after = random.Random(n).uniform(0, self.lasts)
        p = subprocess.Popen(
            o.command(*self.arguments, now=self.scenario.now), cwd=o.folder,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            p.wait(after)
        except subprocess.TimeoutExpired:
            p.kill()
            p.wait()
        return None
