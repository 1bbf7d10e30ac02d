"""What tests/crash/run tries."""
from crashing import AnyInstant, Crashing, PowerCut, Shimmed, Traced
from scenes import scenarios
from trials import Suite

# Every how manyth point of these is in `make check`.
SAMPLE = {'the very first poll': 3, 'a month of mail': 29, 'desk order 11': 2,
          'a register of the first schema': 9,
          'orders by mail': 13, 'the first of the month': 13,
          'the power cut at a call: a month of mail': 199,
          'the power cut at a call: a register of the first schema': 41,
          'killed by strace: a month of mail': 499}

# Scenarios that are also killed in the other ways.
FLOWS = ('a month of mail', 'a register of the first schema',
         'desk order 11', 'orders by mail', 'the first of the month',
         'the bulletin is published',
         'the ledger of the morning',
         'the ledger comes back by mail')


def kill(how, scenario):
    return lambda folder, program: how(scenario, folder, program)


def suites():
    every = list(scenarios())
    for s in every:
        yield Suite(s.name, kill(Crashing, s), SAMPLE.get(s.name))
    for how, what in ((Shimmed, 'killed at a call'),
                      (PowerCut, 'the power cut at a call'),
                      (Traced, 'killed by strace'),
                      (AnyInstant, 'killed at any instant')):
        for s in every:
            if s.name in FLOWS:
                name = f'{what}: {s.name}'
                yield Suite(name, kill(how, s), SAMPLE.get(name),
                            how in (Shimmed, PowerCut, Traced))
