#!/usr/bin/python3
"""Two packs of one office: random facts are scored across the seam, beside the
reference evaluator, which knows one pack only.

At a year's end the second pack has the rules of the first with every number of
points doubled, so that a line valued by the wrong pack shows; each year must be
what the reference makes of that year's facts under that year's pack alone.

In the middle of a month the second pack has the rules of the first, and facts
cross the seam as they like: all must be what the reference makes of them under
one pack.  Results of periods are left out there: a period that began under
another pack is not judged.  So it is with packs that are drawn, too, which have
every kind of pot.

DIFF_SEAM=N draws N sequences under each of the five packs, each way (40).
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
        if not re.fullmatch(r'-?\d+(\.\d+)?', points):
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


def written_packs(folder, old, new, sequences):
    examples = [{'name': str(n), 'facts': rows, 'expect': [
        {'unit': old['classes'][0]['units'][0], 'period': '2000',
         'points': '0'}]} for n, rows in enumerate(sequences)]
    for name, data in (('pack', old), ('pack-2020', new)):
        with open(f'{folder}/{name}.yaml', 'w', encoding='utf-8') as f:
            f.write(diff.written(dict(data, examples=examples)))


def broken_laws(old, new, sequences, until):
    """Lines add up, the order of writing does not matter, published and adjusted
    is what is known: whatever the two packs say, across the seam."""
    with tempfile.TemporaryDirectory() as folder:
        written_packs(folder, old, new, sequences)
        p = subprocess.run([f'{diff.TOOLS}/scorelaws', folder,
                            until.isoformat(), '7'],
                           capture_output=True, text=True)
    if p.returncode == 0:
        return None
    first = (p.stdout + p.stderr).splitlines()[0]
    at = first.split('\t')
    rows = sequences[int(at[1])] if at[0] == 'broken' else []
    return f'{first}\n{diff.written(dict(new))}{diff.written(rows)}'


def ours(old, new, sequences, until=UNTIL):
    with tempfile.TemporaryDirectory() as folder:
        written_packs(folder, old, new, sequences)
        p = subprocess.run([f'{diff.TOOLS}/scorefacts', folder,
                            until.isoformat()], capture_output=True, text=True)
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


# ---------------------------------------------------------------- one regulation
MIDDLE = dt.date(2019, 8, 14)
OVER = dt.date(2019, 12, 20)


def unjudged(data):
    """without the items that judge a period, and what looks at them"""
    gone = {i['name'] for i in data['items'] if 'measures' in i}
    data = dict(data, measures=[{'name': '总分', 'points': ['all']}],
                rankings=[],
                items=[i for i in data['items'] if i['name'] not in gone])
    text = str([data['items'], data.get('groups')])
    return None if any(name in text for name in gone) else data


def continued(data, rng):
    """(compared, the first difference) of one regulation in two files"""
    old, new = begun(data, dt.date(2019, 7, 1)), begun(data, MIDDLE)
    pack, sequences = diff.ev.Pack(old, 'whole'), []
    for _ in range(N):
        f = diff.Facts(rng, old, 130)
        f.first = dt.date(2019, 7, 1)
        sequences.append(f.draw())
    compared = 0
    for second in (new, doubled(new), otherwise(new, rng)):
        found = broken_laws(old, second, sequences, OVER)
        if found:
            return 0, found
    for rows, got in zip(sequences, ours(old, new, sequences, OVER)):
        try:
            reference = diff.ev.Score(pack, rows)
        except diff.ev.Refused:
            continue
        if got['refused']:
            continue
        found = next(diff.compare_lines(reference, got, OVER), None) or \
            next(diff.compare_marks(reference, got, OVER), None)
        if found:
            return compared, f'{found}\n{diff.written(dict(data))}' \
                             f'{diff.written(rows)}'
        compared += 1
    return compared, None


def otherwise(data, rng):
    """another regulation with the same names: what adds up, what is held within
    bounds, who gets how much and how it is rounded may all be different"""
    data = doubled(data)
    groups = [dict(g, keep=rng.choice(('all', '1', '2')))
              for g in data.get('groups', [])]
    for g in groups:
        for bound in ('at-most', 'at-least'):
            if rng.random() < .5:
                g.pop(bound, None)
    data = dict(data, groups=groups, decimals=rng.choice('012'))
    return data if groups else dict(data, groups=[])


def drawn_pack(rng):
    """One whose numbers the reference reckons as we do, and that both load."""
    while True:
        data = unjudged(diff.Packs(rng).draw())
        text = str(data)
        if data and '=' not in text and 'periods' not in data and \
                'credit' not in data:
            return dict(data, units=[u for u in data.get('units', [])
                                     if 'from' not in u])


def middle_test(name):
    @test(f'{name}: a seam in the middle of a month changes nothing by itself')
    def _():
        if not diff:
            raise Skip('the reference evaluator is not here')
        rng = random.Random(f'middle {name}')
        compared, found = continued(
            unjudged(diff.few_units(diff.reference_data(name), rng)), rng)
        true(not found, found)
        true(compared >= N / 3, f'{compared} of {N} compared')


@test('drawn packs: a seam in the middle of a month changes nothing by itself')
def _():
    if not diff:
        raise Skip('the reference evaluator is not here')
    rng, compared, refused = random.Random('drawn'), 0, 0
    for n in range(max(6, N // 4)):
        try:
            k, found = continued(drawn_pack(rng), rng)
        except diff.ev.PackError:
            refused += 1
            continue
        true(not found, found)
        compared += k
    true(compared >= N, f'{compared} compared, {refused} packs refused')


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
    middle_test(pack)
finish()
