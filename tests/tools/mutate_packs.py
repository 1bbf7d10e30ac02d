#!/usr/bin/python3
"""Change every number of a pack, one at a time, and require that one of the
pack's own examples notices.

    tests/tools/mutate_packs.py [--every N] [--jobs N] [PACK.yaml...]

Without a PACK: every pack.yaml under mailrules/ and tests/data/rules/everything*, and
tests/data/rules/grades.yaml.
Each number is raised and lowered by one in its last place (0.2: 0.3 and 0.1);
a date is moved by one day.  A number is caught when `baosong check --rules`
refuses the pack after both.  Survivors are printed with their place.  The last
line is `mutate-packs: N numbers, N caught, N survived`; exit 1 when any survived.

What is a number of the rules is decided by the key it stands under.  NUMBERS
are the keys whose values are rules.  WORDS are those whose digits are part of
a name, a quotation or the pack's identity: `clause: 三(二)1`, `version: 2`, and
`effective`, which says from when the pack is used, not what it is worth.
`examples` are the judge and are not changed.  A digit under any other key is an
error, so that a key added to the language cannot be forgotten here.

Every item must also stand in an example, as a mark or as what is expected;
one that does not is named, and counts as a survivor.

--every 10 takes each tenth number: a sample for `make check`.
"""
import argparse
import concurrent.futures
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

import yaml

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BAOSONG = os.path.join(ROOT, 'build', os.environ.get('VARIANT', 'release'),
                       'baosong')
NUMBERS = {'points', 'keep', 'at-most', 'at-least', 'value', 'days', 'decimals',
           'within-hours', 'min-words', 'first', 'places', 'joint', 'from', 'to'}
WORDS = {'pack', 'title', 'document', 'note', 'version', 'effective',
         'choices-by', 'clause', 'choice', 'name', 'label', 'text', 'was',
         'classes', 'units', 'samples', 'aliases', 'short', 'class', 'forms',
         'levels', 'with', 'measures', 'count', 'streak', 'points of', 'by',
         'requires', 'group', 'currency', 'credit-to', 'domains', 'address',
         'phone'}
DATE = re.compile(r'\d{4}-\d{2}-\d{2}')
NUMBER = re.compile(r'(?<![\w.])\d+(?:\.\d+)?(?![\w.])|'
                    r'(?<![\w.])\d+(?:\.\d+)?(?=\.\.)|'
                    r'(?<=\.\.)\d+(?:\.\d+)?')


class Unknown(Exception):
    pass


def scalars(node, key, out):
    """(key, node) of every scalar outside of `examples`"""
    if isinstance(node, yaml.MappingNode):
        for k, v in node.value:
            if k.value != 'examples':
                scalars(v, k.value, out)
    elif isinstance(node, yaml.SequenceNode):
        # points: [all] of a measure names items; points: 3 of an item is one
        for v in node.value:
            scalars(v, 'points of' if key == 'points' else key, out)
    elif re.search(r'\d', node.value):
        out.append((key, node))


def next_day(date, step):
    import datetime as dt
    return (dt.date.fromisoformat(date) + dt.timedelta(step)).isoformat()


def step(number, up):
    """one more or less in the last place; a sign stands before it"""
    whole, dot, part = number.partition('.')
    n = int(whole + part) + (1 if up else -1)
    if n < 0:
        return None
    digits = str(n).rjust(len(part) + 1, '0')
    return digits if not dot else digits[:-len(part)] + '.' + digits[-len(part):]


def changes(text):
    """[(start, end, line, column, old, [new, new])] of a pack's text"""
    out, found = [], []
    scalars(yaml.compose(text, Loader=yaml.BaseLoader), None, found)
    for key, node in found:
        a, b = node.start_mark.index, node.end_mark.index
        if key in WORDS:
            continue
        if key not in NUMBERS:
            raise Unknown(f'{node.start_mark.line + 1}: is "{key}" a number? '
                          'say so in tests/tools/mutate_packs.py')
        for m in (DATE if key in ('from', 'to') else NUMBER).finditer(text, a, b):
            new = [next_day(m.group(), 1), next_day(m.group(), -1)] \
                if key in ('from', 'to') else \
                [step(m.group(), True), step(m.group(), False)]
            out.append((m.start(), m.end(), node.start_mark.line + 1,
                        f'{key} {m.group()}', [x for x in new if x is not None]))
    return out


def untried(text):
    """names of items that no example speaks of"""
    pack = yaml.load(text, Loader=yaml.BaseLoader)
    said = {line.get(key) for x in pack.get('examples', [])
            for line in x.get('facts', []) + x.get('expect', [])
            for key in ('mark', 'item')}
    return [i['name'] for i in pack.get('items', []) if i['name'] not in said]


def refused(folder, text, roster):
    """does `check --rules` refuse this text?"""
    with tempfile.TemporaryDirectory(dir=folder) as d:
        with open(os.path.join(d, 'pack.yaml'), 'w', encoding='utf-8') as f:
            f.write(text)
        if roster:
            shutil.copy(roster, os.path.join(d, 'roster.yaml'))
        p = subprocess.run([BAOSONG, 'check', '--rules', d],
                           stdin=subprocess.DEVNULL, capture_output=True)
    if p.returncode not in (0, 78):
        raise RuntimeError(f'check ended with {p.returncode}: '
                           + p.stderr.decode('utf-8', 'replace'))
    return p.returncode != 0


def try_number(job):
    """the values that nobody noticed"""
    folder, text, roster, (a, b, line, what, news) = job
    return [n for n in news if not refused(folder, text[:a] + n + text[b:], roster)]


def mutate(path, every, pool, folder):
    """(numbers, survived) of one pack; survivors are printed"""
    with open(path, encoding='utf-8') as f:
        text = f.read()
    roster = os.path.join(os.path.dirname(path), 'roster.yaml')
    roster = roster if os.path.exists(roster) else None
    if refused(folder, text, roster):
        raise RuntimeError(f'{path}: not even the pack as it is passes its examples')
    left_out = untried(text)
    for name in left_out:
        print(f'{os.path.relpath(path, ROOT)}: no example speaks of {name}')
    todo = changes(text)[::every]
    jobs = [(folder, text, roster, c) for c in todo]
    survived = len(left_out)
    for c, left in zip(todo, pool.map(try_number, jobs)):
        if left:
            survived += 1
            print(f'{os.path.relpath(path, ROOT)}:{c[2]}: {c[3]} may as well be '
                  + ' or '.join(left), flush=True)
    return len(todo) + len(left_out), survived


def main():
    a = argparse.ArgumentParser()
    a.add_argument('--every', type=int, default=1)
    a.add_argument('--jobs', type=int, default=2)
    a.add_argument('packs', nargs='*')
    args = a.parse_args()
    packs = args.packs or sorted(
        glob.glob(f'{ROOT}/mailrules/*/pack*.yaml')
        + glob.glob(f'{ROOT}/tests/data/rules/everything*/pack*.yaml')
        + [f'{ROOT}/tests/data/rules/grades.yaml'])
    numbers = survived = 0
    with tempfile.TemporaryDirectory() as folder, \
            concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for path in packs:
            n, s = mutate(path, args.every, pool, folder)
            print(f'{os.path.relpath(path, ROOT)}: {n} numbers, {n - s} caught',
                  flush=True)
            numbers, survived = numbers + n, survived + s
    print(f'mutate-packs: {numbers} numbers, {numbers - survived} caught, '
          f'{survived} survived')
    return 1 if survived else 0


if __name__ == '__main__':
    sys.exit(main())
