"""Taking times side by side: what is compared runs in turn, the order
another one in every round, so that whatever else the machine does hits all
alike.  Ratios are of medians; the spread is the least and the most."""
import os
import re
import resource
import signal
import statistics
import subprocess
import threading
import time

SAYS = re.compile(r'^([0-9.]+) s\b', re.M)


class Took:
    """wall and cpu in seconds; cpu with all children that were waited for."""

    def __init__(self, wall, cpu, out='', peak=0):
        self.wall, self.cpu, self.out, self.peak = wall, cpu, out, peak


def used():
    r = resource.getrusage(resource.RUSAGE_CHILDREN)
    return r.ru_utime + r.ru_stime


def smaps(pid):
    """Proportional and own memory of a process, in kB."""
    try:
        with open(f'/proc/{pid}/smaps_rollup') as f:
            text = f.read()
        return int(re.search(r'^Pss: +(\d+)', text, re.M).group(1))
    except (OSError, AttributeError):
        return 0


def family(pid):
    """The process and all below it."""
    try:
        with open(f'/proc/{pid}/task/{pid}/children') as f:
            children = [int(n) for n in f.read().split()]
    except OSError:
        return []
    return [pid] + [p for c in children for p in family(c)]


def tell(pids, what):
    for pid in pids:
        try:
            os.kill(pid, what)
        except ProcessLookupError:
            pass


def watch(process, peak):
    """They stand still while they are looked at: what one hands to another
    would else be counted with both."""
    while process.poll() is None:
        pids = family(process.pid)
        tell(pids, signal.SIGSTOP)
        peak[0] = max(peak[0], sum(map(smaps, pids)))
        tell(pids, signal.SIGCONT)
        time.sleep(0.01)


def run(command, cwd=None, memory=False, env=None):
    """Run to its end.  Where it prints "SECONDS s" itself, that is its time:
    what it measures without its own start."""
    before, start = used(), time.monotonic()
    p = subprocess.Popen(command, cwd=cwd, stdin=subprocess.DEVNULL,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         env=dict(os.environ, LC_ALL='C.UTF-8', **(env or {})))
    peak = [0]
    if memory:
        threading.Thread(target=watch, args=(p, peak), daemon=True).start()
    out, err = p.communicate()
    wall = time.monotonic() - start
    if p.returncode != 0:
        raise RuntimeError(f'{command[0]}: status {p.returncode}: '
                           f'{err.decode(errors="replace")[-400:]}')
    text = out.decode(errors='replace')
    said = SAYS.findall(text)
    return Took(statistics.median(map(float, said)) if said else wall,
                used() - before, text, peak[0])


class Row:
    """What one thing took in all rounds."""

    def __init__(self, name):
        self.name, self.walls, self.cpus, self.peak = name, [], [], 0

    def add(self, took):
        self.walls.append(took.wall)
        self.cpus.append(took.cpu)
        self.peak = max(self.peak, took.peak)

    @property
    def wall(self):
        return statistics.median(self.walls)

    @property
    def cpu(self):
        return statistics.median(self.cpus)

    def line(self, first):
        return (f'  {self.name:28} {self.wall:9.4f} s  '
                f'[{min(self.walls):.4f} .. {max(self.walls):.4f}]  '
                f'cpu {self.cpu:8.3f}  x{self.wall / first.wall:.2f}')


def side_by_side(title, rounds, things):
    """things: {name: function giving Took}.  {name: Row}, and it is printed."""
    rows = {name: Row(name) for name in things}
    names = list(things)
    for n in range(rounds):
        for name in names[n % len(names):] + names[:n % len(names)]:
            rows[name].add(things[name]())
    print(f'\n{title}')
    for row in rows.values():
        print(row.line(rows[names[0]]), flush=True)
    return rows


class Goals:
    """The table at the end: what was to be reached, and what was."""

    def __init__(self):
        self.rows = []

    def at_least(self, what, wanted, peers, ours):
        """ours must be so many times as fast."""
        self.ratio(what, f'>= {wanted:g}x', peers, ours,
                   lambda r: r >= wanted)

    def at_most(self, what, wanted, ours, peers, cpu=False):
        """ours may take so many times as long."""
        self.ratio(what, f'<= {wanted:g}x', ours, peers,
                   lambda r: r <= wanted, cpu)

    def ratio(self, what, wanted, a, b, good, cpu=False):
        x, y = (a.cpus, b.cpus) if cpu else (a.walls, b.walls)
        each = sorted(p / q for p, q in zip(x, y))
        r = statistics.median(x) / statistics.median(y)
        self.add(what, wanted, f'{r:.2f}x', f'{each[0]:.2f} .. {each[-1]:.2f}',
                 good(r))

    def add(self, what, wanted, got, spread, good):
        self.rows.append((what, wanted, got, spread, good))

    def print(self):
        print('\n| what | goal | measured | spread | |\n'
              '| --- | --- | --- | --- | --- |')
        for what, wanted, got, spread, good in self.rows:
            print(f'| {what} | {wanted} | {got} | {spread} | '
                  f'{"reached" if good else "**not reached**"} |')
