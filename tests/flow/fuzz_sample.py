#!/usr/bin/python3
"""A short run of every fuzz target of tests/fuzz, without libFuzzer: its seeds,
every input that ever broke it, and a fixed number of mutations of them.

$FUZZ_RUNS is the number of mutations; `make fuzz` runs the same targets for as
long as one likes.
"""
import glob
import os
import re
import subprocess
import sys
from importlib.machinery import SourceFileLoader

from servers import tempdir
from tap import equal, test, true, finish

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FUZZ = os.path.join(ROOT, 'tests', 'fuzz')
BUILD = os.path.join(ROOT, 'build', os.environ.get('VARIANT', 'release'), 'fuzz')
SEEDS = os.path.join(ROOT, 'tests', 'fuzz', 'seeds')
RUNS = int(os.environ.get('FUZZ_RUNS', 0))
GUARD = 300         # seconds; only against hanging

# Mutations in `make check`: a few seconds for all targets together.
USUAL = 2000
SLOWER = {'subject': 300, 'mail': 500, 'order': 300, 'doc': 500, 'text': 1000,
          'desk': 300}

done = {'inputs': 0, 'broken': 0}


def command(name, mutations):
    return [os.path.join(BUILD, 'fuzz_' + name), f'-{mutations}',
            os.path.join(SEEDS, name)]


def ends_well(name, mutations):
    p = subprocess.run(command(name, mutations), cwd=ROOT, timeout=GUARD,
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return p.returncode == 0, p.stdout.decode('utf-8', 'replace')


def first_bad(name, mutations):
    """The number of the first mutation that breaks it: one more ends badly,
    one fewer ends well."""
    low, high = -1, mutations
    while high - low > 1:
        middle = (low + high) // 2
        if ends_well(name, middle)[0]:
            low = middle
        else:
            high = middle
    return high - 1


def sample(name):
    mutations = RUNS or SLOWER.get(name, USUAL)
    well, out = ends_well(name, mutations)
    if not well:
        done['broken'] += 1
        n = first_bad(name, mutations)
        where = 'a seed' if n < 0 else f'-d{n} writes it'
        raise AssertionError(f'{out[-2000:]}\nfirst broken by: {where}')
    inputs = re.search(r'(\d+) inputs$', out.strip())
    true(inputs, out)
    done['inputs'] += int(inputs.group(1))


def names():
    sources = glob.glob(os.path.join(ROOT, 'tests', 'fuzz', 'fuzz_*.c'))
    return sorted(os.path.basename(s)[5:-2] for s in sources)


for target in names():
    test(f'fuzz {target}: seeds and mutations')(
        lambda target=target: sample(target))


def taken(files):
    """Does the program take this configuration, and the pack that it names?"""
    with tempdir() as tmp:
        for name, data in files.items():
            with open(f'{tmp}/{name}', 'wb') as f:
                f.write(data)
        p = subprocess.run(
            [os.path.join(os.path.dirname(BUILD), 'baosong'), '-c',
             f'{tmp}/baosong.yaml', 'check'], cwd=tmp, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, env=dict(os.environ, BAOSONG_SHARE=ROOT))
        out = p.stdout.decode('utf-8', 'replace')
        true(re.search('^ok +configuration, rules', out, re.M), out[:400])


def seed(*names):
    with open(os.path.join(SEEDS, *names), 'rb') as f:
        return f.read()


@test('fuzz: what shall be taken of the configurations and packs is taken')
def _():
    for name in ('full', 'local', 'loopback'):
        text, _, days = seed('config', name).partition(b'\x1f')
        taken({'baosong.yaml': text, 'holidays': days})
    config = seed('config', 'local')
    taken({'baosong.yaml': config.replace(b'tancheng-2019', b'.'),
           'pack.yaml': seed('yaml', 'formulas')})


@test('fuzz: an edge counts for the target whose file it is in')
def _():
    sys.path.insert(0, FUZZ)
    sys.dont_write_bytecode = True
    run = SourceFileLoader('fuzz_run', os.path.join(FUZZ, 'run')).load_module()
    for line, own in (('NEW_PC: 0x5 in add /x/src/desk/do_joint.c:32:5', 1),
                      ('NEW_PC: 0x5 in add /x/src/desk/do_joint.c', 1),
                      ('NEW_PC: 0x5 in known /x/src/rules/meaning.c', 0),
                      ('NEW_PC: 0x5 in known /x/src/rules/meaning.c:3:1', 0),
                      ('NEW_PC: 0x5 in take_in /x/tests/fuzz/fuzz_desk.c:9', 0),
                      ('NEW_PC: 0x5', 1)):
        watch = run.Watch('desk', None, 1, 0, False)
        watch.note(line + '\n')
        equal(watch.own, own, line)


@test('fuzz: every target has seeds and a dictionary')
def _():
    for target in names():
        true(os.listdir(os.path.join(SEEDS, target)), target)
        true(os.path.exists(os.path.join(ROOT, 'tests', 'fuzz', 'dict',
                                         target + '.dict')), target)
    print(f"# report: fuzz: {len(names())} targets, {done['inputs']} executions, "
          f"{done['broken']} crashes")


finish()
