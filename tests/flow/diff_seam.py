#!/usr/bin/python3
"""Two packs of one office, the second from 1 January 2020: random facts of
both years are scored across the seam, and each year must be what the reference
evaluator makes of that year's facts under that year's pack alone.

The second pack has the rules of the first with every number of points doubled
and a ranking by points, so that a line valued by the wrong pack shows.
DIFF_SEAM=N draws N sequences under each of the five packs (40).
"""
import datetime as dt
import os
import random
import re
import subprocess
import tempfile

from tap import Skip, finish, test, true

N = int(os.environ.get('DIFF_SEAM', '40'))
SEAM = dt.date(2020, 1, 1)
UNTIL = dt.date(2020, 7, 20)

try:
    import diff_score as diff
    PACKS = diff.PACKS
except SystemExit:          # the reference is not here
    diff, PACKS = None, ('all five packs',)


def begun(data, day):
    return dict(data, effective=day.isoformat())


def doubled(data):
    """the same regulation, twice as generous"""
    def twice(points):
        if not re.fullmatch(r'-?[0-9.]+', points):
            return points
        return str(2 * diff.D(points))
    items = []
    for i in data['items']:
        i = dict(i)
        if 'points' in i:
            i['points'] = twice(i['points'])
        if 'cases' in i:
            i['cases'] = [dict(c, **({'points': twice(c['points'])}
                                     if 'points' in c else {}))
                          for c in i['cases']]
        items.append(i)
    return dict(data, items=items)


def drawn(rng, data, first):
    """facts of one year; numbers of their own"""
    f = diff.Facts(rng, data, 130)
    f.first = first
    f.n = (first.year - 2019) * 50
    return f.draw()


def ours(old, new, sequences):
    examples = [{'name': str(n), 'facts': rows, 'expect': [
        {'unit': old['classes'][0]['units'][0], 'period': '2000',
         'points': '0'}]} for n, rows in enumerate(sequences)]
    with tempfile.TemporaryDirectory() as folder:
        for name, data in (('pack', old), ('pack-2020', new)):
            with open(f'{folder}/{name}.yaml', 'w', encoding='utf-8') as f:
                f.write(diff.written(dict(data, examples=examples)))
        p = subprocess.run([f'{diff.TOOLS}/scorefacts', folder,
                            UNTIL.isoformat()], capture_output=True, text=True)
    if p.returncode:
        raise AssertionError(p.stderr)
    out = []
    for line in p.stdout.splitlines():
        kind, *rest = line.split('\t')
        if kind == 'example':
            out.append(diff.collections.defaultdict(list))
        else:
            out[-1][kind].append(rest)
    return out


def part(got, since, before):
    """what of it is dated in one year"""
    def here(day):
        return since.isoformat() <= day < before.isoformat()
    return diff.collections.defaultdict(
        list, got, line=[x for x in got['line'] if here(x[2])],
        mark=[x for x in got['mark'] if here(x[2])])


def differences(old, new, first, second, got):
    """None: a year that the desk would refuse"""
    try:
        a, b = diff.ev.Score(old, first), diff.ev.Score(new, second)
        if got['refused']:
            return None
        end = SEAM - dt.timedelta(1)
        out = list(diff.compare_lines(
            a, part(got, dt.date(2019, 1, 1), SEAM), end))
        for compare in (diff.compare_lines, diff.compare_marks,
                        diff.compare_measures, diff.compare_rankings):
            out += compare(b, part(got, SEAM, dt.date(2021, 1, 1)), UNTIL)
        return out
    except diff.ev.Refused:
        return None


def across(name, rng):
    """(compared, the first difference)"""
    data = diff.few_units(diff.reference_data(name), rng)
    old = begun(data, dt.date(2019, 7, 1))
    new = doubled(begun(data, SEAM))
    years = [(drawn(rng, old, dt.date(2019, 7, 1)), drawn(rng, new, SEAM))
             for _ in range(N)]
    packs = diff.ev.Pack(old, 'old'), diff.ev.Pack(new, 'new')
    compared = 0
    for (first, second), got in zip(years, ours(old, new,
                                                [a + b for a, b in years])):
        found = differences(*packs, first, second, got)
        if found:
            return compared, f'{found[0]}\n{diff.written(first + second)}'
        compared += found is not None
    return compared, None


def seam_test(name):
    @test(f'{name}: each side of the seam is what its own pack says')
    def _():
        if not diff:
            raise Skip('the reference evaluator is not here')
        compared, found = across(name, random.Random(f'seam {name}'))
        true(not found, found)
        true(compared >= N / 3, f'{compared} of {N} compared')


for pack in PACKS:
    seam_test(pack)
finish()
