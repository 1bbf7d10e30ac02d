"""A machine that fails: calls of the C library by the program end in an
error, one of them or every one from there on."""
import re

from account import account
from crashing import SHIM, Crashing, difference

AFTER = {'2019-03-20 17:00': '2019-03-20 17:30',
         '2019-03-28 10:00': '2019-03-28 10:30',
         '2019-04-01 09:00': '2019-04-01 09:30'}
FOR_EVER = '0'


class Failing(Crashing):
    """The n-th of these calls fails; then the same again on a machine that
    works, half an hour later, when what was put off is due."""

    ends = (0, 65, 69, 74, 75, 78)

    def __init__(self, calls, kind, times, scenario, folder, program):
        self.env = {'LD_PRELOAD': SHIM, 'FAULT_CALLS': calls,
                    'FAULT_KIND': kind, 'FAULT_TIMES': times}
        self.later = AFTER[scenario.now]
        super().__init__(scenario, folder, program)

    def state(self, o):
        return account(o)

    def logged(self, o, log):
        return self.run(o, **dict(self.env, FAULT_LOG=log))

    def poll_after(self, o):
        o.poll(now=self.later)

    def disturb(self, o, n):
        r = self.run(o, **dict(self.env, FAULT_AT=str(n)))
        self.failed, self.said_last = r.code != 0, r.err
        if r.code not in self.ends:
            return f'ended with {r}'
        return self.is_told(r)

    @staticmethod
    def is_told(r):
        return None if r.code == 0 or r.err else 'failed without a word'

    def attempt(self, n):
        o = self.fresh()
        problem = self.disturb(o, n) or self.resume(o)
        self.poll_after(o)
        return (problem or difference(self.state(o), self.wanted)
                or self.nothing_more(o))

    def nothing_more(self, o):
        before = o.dump(), o.where(), o.outgoing_bytes()
        self.poll_after(o)
        if before != (o.dump(), o.where(), o.outgoing_bytes()):
            return 'another poll has changed something'
        return None


class Flushing(Failing):
    """A failed flush is final, and always told (F18): to people, or, at the
    very end, to the next program.  Two have no answer: SQLite does not ask
    how its flush of the directory went, behind the first commit's, and after
    the last one, of register.state, nobody is there to tell."""

    directory = 3

    def disturb(self, o, n):
        problem = super().disturb(o, n)
        if problem or self.failed or n in (self.directory, len(self.labels)) \
                or re.search('Input/output|I/O error', self.said_last):
            return problem
        with open(f'{o.data}/register.state', encoding='ascii') as f:
            left = f.read().split()[0]
        return None if left == 'failed' else 'passed in silence'


class FailingOrder(Failing):
    """What an order on the command line did, or did not, is the same register
    byte for byte."""

    def resume(self, o):
        if o.dump() != self.before:
            return None
        r = self.run(o)
        return None if r.code == 0 else f'resumed with {r}'


class Thin(Failing):
    """Of very many calls, every how manyth is tried."""

    every = 1

    def logged(self, o, log):
        r = super().logged(o, log)
        with open(log, encoding='ascii') as f:
            names = f.readlines()
        self.calls = len(names)
        with open(log, 'w', encoding='ascii') as f:
            f.writelines(names[::self.every])
        return r

    def disturb(self, o, n):
        return super().disturb(o, (n - 1) * self.every + 1)


class Some(Thin):
    every = 7


class NoMemory(Thin):
    """GLib ends the program when memory is refused: what counts is that the
    next run goes on.  It ends by SIGTRAP, g_error(), and never by a fault."""

    ends = (*Failing.ends, -5, -6, 70)
    every = 199


class NoMemoryForRegex(NoMemory):
    """PCRE2 is without memory once, where a pattern is made or looked for:
    what could not be looked at must not pass for "no match"."""

    every = 5

    def logged(self, o, log):
        self.env['FAULT_LIBRARY'] = 'libpcre2'
        return super().logged(o, log)


class NoMemoryForSqlite(Thin):
    """SQLite says that it was refused memory: an error like others, that no
    signal ends."""

    every = 61

    def logged(self, o, log):
        self.env['FAULT_LIBRARY'] = 'libsqlite3'
        return super().logged(o, log)


class NoMemoryForLibc(NoMemory):
    """The C library's own needs: behind GLib's printf, above all, which makes
    nothing of a refusal."""

    every = 37

    def logged(self, o, log):
        self.env['FAULT_LIBRARY'] = 'libc.so'
        return super().logged(o, log)


class ReaderWithoutMemory(Thin):
    """In a reader it is one message that is held, and no other; a copy of it
    is no copy then."""

    every = 97

    def __init__(self, *more):
        super().__init__('malloc', 'ENOMEM', '1', *more)

    def logged(self, o, log):
        self.env['FAULT_WHO'] = 'readers'
        return super().logged(o, log)

    def attempt(self, n):
        o = self.fresh()
        problem = self.disturb(o, n)
        if not problem and self.failed:
            problem = self.resume(o)    # it fell to a reader's start
        if problem:
            return problem
        was, now = set(self.wanted['messages']), set(account(o)['messages'])
        other = now - was
        held = {m for m in other if m[4] == 'held'
                and m[5] in ('reader-died', 'unreadable')}
        if len(now) != len(was) or len(held) > 1 or (other and not held):
            return f'{len(other)} messages otherwise: {other!r:.500}'
        if not all(self.was_copy(m, was) for m in other - held):
            return f'otherwise than held: {other!r:.500}'
        return None

    @staticmethod
    def was_copy(message, was):
        """The second of two that are the same is the first now."""
        identity, received, size, *_ = message
        return any((i, r, s, verdict) == (identity, received, size,
                                          'duplicate')
                   for i, r, s, _, verdict, *_ in was)
