"""What tests/faults/run tries."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, f'{os.path.dirname(HERE)}/crash')

from scenes import scenarios                                    # noqa: E402
from trials import Suite                                        # noqa: E402
from cuts import (ABLE, SCENES, ByServers, Cuts, NoMemoryForCurl,  # noqa: E402
                  Renumbered, Segments, TwoLines)
from machine import (FOR_EVER, Failing, FailingOrder, Flushing,  # noqa: E402
                     NoMemory, NoMemoryForLibc, NoMemoryForRegex,
                     NoMemoryForSqlite, ReaderWithoutMemory, Some)

WRITES, FLUSHES = 'write,pwrite', 'fsync,fdatasync'
NAMES = 'rename,unlink,ftruncate,mkdir'
FAULTS = ((WRITES, 'EIO', '1'), (WRITES, 'ENOSPC', FOR_EVER),
          (FLUSHES, 'EIO', '1'), (FLUSHES, 'EIO', FOR_EVER),
          (NAMES, 'EIO', '1'), (NAMES, 'ENOSPC', FOR_EVER),
          ('open', 'EMFILE', '1'), ('open', 'ENOSPC', FOR_EVER),
          ('pread', 'EIO', '1'), ('fork', 'EAGAIN', '1'))

# Every how manyth point is in `make check`.
SAMPLE = {'EIO in fsync,fdatasync: a month of mail': 37,
          'ENOSPC in write,pwrite for ever: a month of mail': 199,
          'ENOSPC in write,pwrite for ever: a register of the first schema':
          41,
          'cut, by MOVE': 599, 'steps, by COPY': 17,
          'numbered anew, by MOVE, decided': 13,
          'memory refused to the program': 97,
          'memory refused to regular expressions': 97,
          'memory refused to SQLite': 61, 'memory refused to libcurl': 37,
          'steps, over two connections': 7}

CUT_EVERY = 7       # bytes


def made(how, *first):
    return lambda folder, program: how(*first, folder, program)


def failing():
    by_name = {s.name: s for s in scenarios()}
    month, order = by_name['a month of mail'], by_name['desk order 4']
    for calls, kind, times in FAULTS:
        for s, how in ((month, Flushing if calls == FLUSHES else Failing),
                       (order, FailingOrder)):
            more = ' for ever' if times == FOR_EVER else ''
            yield (f'{kind} in {calls}{more}: {s.name}',
                   made(how, calls, kind, times, s))
    old = by_name['a register of the first schema']
    yield (f'ENOSPC in {WRITES} for ever: {old.name}',
           made(Failing, WRITES, 'ENOSPC', FOR_EVER, old))
    for kind in ('EDQUOT', 'SHORT'):
        yield (f'{kind} in {WRITES}, some',
               made(Some, WRITES, kind, '1', month))
    yield ('memory refused to the program',
           made(NoMemory, 'malloc', 'ENOMEM', '1', month))
    yield ('memory refused to regular expressions',
           made(NoMemoryForRegex, 'malloc', 'ENOMEM', '1', month))
    yield ('memory refused to the C library',
           made(NoMemoryForLibc, 'malloc', 'ENOMEM', '1', month))
    yield ('memory refused to SQLite',
           made(NoMemoryForSqlite, 'malloc', 'ENOMEM', '1', month))
    yield 'memory refused to libcurl', made(NoMemoryForCurl, 'MOVE', '')
    yield 'memory refused to a reader', made(ReaderWithoutMemory, month)


def breaking():
    for able in ABLE:
        for scene in SCENES:
            name = f'by {able}{scene}'
            yield f'steps, {name}', made(ByServers, able, scene)
            yield f'numbered anew, {name}', made(Renumbered, able, scene)
            yield f'pieces, {name}', made(Segments, able, scene)
            every = CUT_EVERY if (able, scene) == ('MOVE', '') else 19
            yield f'cut, {name}', made(Cuts, able, scene, 'cut', every)
    yield 'steps, over two connections', TwoLines
    yield 'reset, by MOVE', made(Cuts, 'MOVE', '', 'reset', 61)


def suites():
    for name, make in failing():
        yield Suite(name, make, SAMPLE.get(name), native=True)
    for name, make in breaking():
        yield Suite(name, make, SAMPLE.get(name))
