#!/usr/bin/python3
"""Score random facts twice, by the reference evaluator and by ours, and
require the same: every line on its day, every mark, measure and ranking, for
everybody.

On the same facts tests/tools/scorelaws tries what must hold of any: lines add
up, the order of writing does not matter, published plus adjustments equals a
fresh computation.

Facts are drawn for the five reference packs, and for packs that are drawn
themselves, so that the whole language is met.  DIFF_SCORE=N sets how many
sequences over the five (200; drawn packs get a fifth as many, at most 5,000), DIFF_SCORE_JOBS how many processes share the work,
DIFF_SCORE_SEED the seed, DIFF_SCORE_KEEP=FOLDER where a shrunk counter-example
is written.  Without the reference (shared folder) all is skipped.
"""
import collections
import copy
import datetime as dt
import functools
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
from decimal import Decimal as D

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
SHARED = os.environ.get('BAOSONG_SHARED') or os.path.join(ROOT, '../shared')
VARIANT = os.environ.get('VARIANT', 'release')
TOOLS = os.path.join(ROOT, 'build', VARIANT, 'tools')
N = int(os.environ.get('DIFF_SCORE', '200'))
JOBS = int(os.environ.get('DIFF_SCORE_JOBS', '1'))
SEED = int(os.environ.get('DIFF_SCORE_SEED', '20190304'))
KEEP = os.environ.get('DIFF_SCORE_KEEP')
BATCH = 40
PACKS = ('tancheng-2019', 'haicheng-2019', 'panyu-2010', 'sample-city',
         'haidong-2023')
DRAWN = 'drawn packs'

if not os.path.exists(os.path.join(SHARED, 'pack', 'evaluate.py')):
    print('1..0 # SKIP the reference evaluator is not here')
    sys.exit(0)
sys.path.insert(0, os.path.join(SHARED, 'pack'))
sys.dont_write_bytecode = True
import yaml                                                     # noqa: E402
import evaluate as ev                                           # noqa: E402


class NumberedFacts(ev.Facts):
    """The reference decides between equals by the text of a mark's number:
    numbers of one length sort as numbers do."""

    def __init__(self, pack, rows):
        self.pack, self.subs, self.desk = pack, {}, []
        self.commissions, self.incidents, self.people = {}, {}, {}
        for n, r in enumerate(rows, 1000):
            for k in range(int(r.get('times', 1))):
                self.add(r, n, k)


ev.Facts = NumberedFacts


def remembered(formula):
    """A formula is a function of its columns; the reference asks anew, in a
    database of its own, on every day that it looks at."""
    known = {}

    def ask(text, columns, where):
        key = text, tuple(columns.items())
        if key not in known:
            known[key] = formula(text, columns, where)
        return known[key]
    return ask


def span(self, text, plain=ev.Calendar.span):
    known = self.__dict__.setdefault('spans', {})
    if text not in known:
        known[text] = plain(self, text)
    return known[text]


def ranking(self, rname, period, plain=ev.Score.ranking):
    """The reference also ranks units that saw no day of the period."""
    a, b = self.p.calendar.span(period)
    everybody = self.units

    def those_there():
        self.units = everybody      # a measure's best is that of everybody
        return [u for u in everybody()
                if self.p.life.get(u, (a, b))[0] <= b
                and self.p.life.get(u, (a, b))[1] >= a]
    self.units = those_there
    try:
        return plain(self, rname, period)
    finally:
        self.units = everybody


def outermost(self, item, plain=ev.Pack.root):
    known = self.__dict__.setdefault('roots', {})
    if item not in known:
        known[item] = plain(self, item)
    return known[item]


def select(self, names, plain=ev.Pack.select):
    known = self.__dict__.setdefault('selections', {})
    key = tuple(names)
    if key not in known:
        known[key] = frozenset(plain(self, names))
    return known[key]


ev.formula = remembered(ev.formula)
ev.Score.ranking = ranking
ev.Calendar.span = span
ev.Pack.root = outermost
ev.Pack.select = select


# ---------------------------------------------------------------- drawing facts
class Facts:
    """random facts for a pack, over about `days` days from its first"""

    def __init__(self, rng, data, days):
        self.rng, self.data = rng, data
        self.first = ev.day(data['effective']) - dt.timedelta(5)
        self.days = days
        self.units = [u for c in data['classes'] for u in c.get('units', [])]
        self.units = rng.sample(self.units, min(len(self.units),
                                                rng.randint(2, 5)))
        self.desk = [i for i in data['items'] if 'when' not in i]
        self.staged = [i['stage'] for i in data['items'] if 'stage' in i]
        self.levels = ['省', '市']
        self.rows, self.subs, self.asked = [], [], []
        self.n = 0

    def day(self, since=0):
        """few different days, so that much happens on one"""
        step = self.rng.choice((1, 1, 7, 30))
        d = self.rng.randrange(since, self.days)
        return max(since, d - d % step)

    def text(self, n, hour=False):
        d = (self.first + dt.timedelta(n)).isoformat()
        if hour:
            d += f' {self.rng.randint(0, 23):02}:{self.rng.choice((0, 30)):02}'
        return d

    def name(self, letter):
        self.n += 1
        return f'{letter}{self.n:02}'

    def submission(self):
        rng, at = self.rng, self.day()
        row = {'date': self.text(at, rng.random() < .3), 'submit': self.name('s')}
        joint = self.data['joint']
        most = 1 if rng.random() < .7 else 2
        if joint == 'full' and rng.random() < .1:
            most = 3
        row['units'] = rng.sample(self.units, min(most, len(self.units)))
        if joint == 'stated' and len(row['units']) == 2:
            row['shares'] = rng.choice((['0.6', '0.4'], ['0.25', '0.75'],
                                        ['1', '0']))
            if rng.random() < .01:
                row['shares'] = ['0.6', '0.3']
        if self.data.get('credit') == 'authors':
            row['authors'] = rng.sample(['张三', '李四', '王五'],
                                        1 if joint == 'stated' else most)
            if joint == 'stated':
                row['units'], row['shares'] = row['units'][:1], None
                del row['shares']
        if self.data.get('forms') and rng.random() < .8:
            row['form'] = rng.choice(self.data['forms'])
        if rng.random() < .5:
            row['words'] = str(rng.choice((100, 400, 401, 1000, 2500)))
        if self.asked and rng.random() < .4:
            row['answers'] = rng.choice(self.asked)
        if rng.random() < .1:
            row['times'] = str(rng.randint(1, 4))
            self.subs += [(row['submit'] + str(k + 1), at)
                          for k in range(int(row['times']))]
        else:
            self.subs.append((row['submit'], at))
        self.rows.append(row)

    def mark(self):
        rng = self.rng
        if not self.desk:
            return
        item = rng.choice(self.desk)
        if 'office' in str(self.data.get('groups')) and \
                '优秀' in item['name'] and rng.random() < .7:
            return
        row = {'mark': item['name']}
        if self.subs and rng.random() < .8:
            row['of'], at = rng.choice(self.subs)
            row['date'] = self.text(self.day(max(0, min(at, self.days - 1))))
            if rng.random() < .1:
                row['unit'] = rng.choice(self.units)
        else:
            row['unit'], row['date'] = rng.choice(self.units), self.text(self.day())
        if rng.random() < .2:
            row['quantity'] = rng.choice(('2', '3', '9', '0.5'))
        points = item.get('points', '') + ''.join(
            c.get('points', '') for c in item.get('cases', []))
        if '..' in points:
            minus = '-' if '-2..' in points or '-1..' in points else ''
            row['amount'] = minus + rng.choice(('2', '3.5', '8', '4', '2.25'))
        if rng.random() < .05:
            row['times'] = str(rng.randint(1, 3))
        self.rows.append(row)

    def commission(self):
        rng, at = self.rng, self.day()
        row = {'date': self.text(at), 'commission': self.name('c')}
        row['units'] = rng.sample(self.units, rng.randint(1, len(self.units)))
        row['due'] = self.text(self.day(at), rng.random() < .3)
        if rng.random() < .6:
            row['level'] = rng.choice(self.levels)
        self.asked.append(row['commission'])
        self.rows.append(row)
        if rng.random() < .3:
            self.rows.append({'date': self.text(self.day(at)),
                              'waive': row['commission'],
                              'unit': rng.choice(row['units'])})

    def incident(self):
        rng, at = self.rng, self.day()
        if not self.staged:
            return
        begin = dt.datetime.fromisoformat(self.text(at, True))
        name = self.name('i')
        self.rows.append({'date': begin.isoformat(' ')[:16], 'incident': name,
                          'unit': rng.choice(self.units)})
        for _ in range(rng.randint(0, 3)):
            came = begin + dt.timedelta(minutes=rng.choice(
                (10, 60, 239, 240, 241, 300, 1440, 2600)))
            self.rows.append({'date': came.isoformat(' ')[:16], 'report': name,
                              'stage': rng.choice(self.staged + ['终报'])})

    def draw(self):
        kinds = [self.submission] * 8 + [self.mark] * 12 + \
            [self.commission] * 2 + [self.incident]
        for _ in range(self.rng.choice((2, 4, 4, 7, 7, 12, 12, 25, 40))):
            self.rng.choice(kinds)()
        return self.rows


# ---------------------------------------------------------------- drawing packs
class Packs:
    """a random pack that uses every word of the language"""

    def __init__(self, rng):
        self.rng = rng
        # of one sign: the reference compares sizes only (docs/scoring.md)
        self.ranges = rng.choice((('-2..-8', '-1..'), ('0..', '1..5')))

    def some(self, names, least=1):
        return self.rng.sample(names, self.rng.randint(
            min(least, len(names)), min(len(names), 3)))

    def classes(self):
        rng = self.rng
        out = [{'name': '甲类', 'units': ['甲一', '甲二', '甲三']},
               {'name': '乙类', 'units': ['乙一', '乙二']}]
        if rng.random() < .5:
            out.append({'name': '本办', 'units': ['科室'], 'standing': rng.choice(
                ('ranked', 'listed', 'uncredited', 'hidden'))})
        return out

    def units(self, first):
        rng, out = self.rng, []
        if rng.random() < .3:
            out.append({'name': '乙二', 'credit-to': '乙一'})
        if rng.random() < .3:
            out.append({'name': '甲三', 'from': (first + dt.timedelta(
                rng.randint(1, 100))).isoformat()})
        return out

    def per(self):
        rng = self.rng
        kinds = rng.choice((['submission'], ['submission'], ['commission'],
                            [], ['submission']))
        kinds = list(kinds)
        if not kinds or rng.random() < .2:
            kinds.append(rng.choice(('week', 'month', 'quarter', 'year')))
        return kinds

    def groups(self):
        rng, out = self.rng, []
        for n in range(rng.randint(2, 6)):
            g = {'name': f'组{n}', 'keep': rng.choice(('all', '1', '2', '1'))}
            if rng.random() < .5:
                g['per'] = self.per()
            if rng.random() < .25:
                g['at-most'] = rng.choice(('3', '4.5', '10'))
            if rng.random() < .25:
                g['at-least'] = rng.choice(('-3', '-4.5', '-10'))
            if out and rng.random() < .5:
                g['group'] = rng.choice(out)['name']
            elif rng.random() < .1:
                g['currency'] = '元'
            out.append(g)
        return out

    def points(self, formulas):
        rng = self.rng
        r = rng.random()
        if r < .1:
            return rng.choice(self.ranges)
        if r < .15:
            return 'unstated'
        if r < .15 + .15 * formulas:
            return rng.choice((
                '=quantity * 2', '=iif(nth > 1, 0.5, 3)', '=base',
                '=min(words, 500) / 100', '=base * 2 - nth',
                "=iif(form = '长', 4, 1.5)", "=iif(class like '甲%', 2, -1)",
                '=case when amount > 2 then amount else null end'))
        return rng.choice(('1', '2', '3', '5', '0.2', '-1', '-2.5', '10'))

    def case(self, names, formulas):
        rng, c = self.rng, {}
        if rng.random() < .3:
            c['forms'] = self.some(['长', '短'])
        if rng.random() < .2:
            c['classes'] = self.some(['甲类', '乙类'])
        if rng.random() < .1:
            c['units'] = self.some(['甲一', '乙一'])
        if rng.random() < .15:
            c['levels'] = ['省']
        if rng.random() < .4 and names:
            c['with'] = self.some(names)
        if rng.random() < .1:
            c['min-words'] = '401'
        if rng.random() < .2:
            c['first'] = rng.choice(('1', '2', '3'))
        if not c:       # a case that always holds: the last of them
            return None
        if rng.random() < .95:
            c['points'] = self.points(formulas)
        return c

    def value(self, item, before):
        rng = self.rng
        formulas = rng.random() < .3
        if 'measures' in item and rng.random() < .3:
            item['points'] = rng.choice((
                '=ifnull(actual, 0) - ifnull(target, 1)', '=-quantity',
                '=iif(actual > target, 2, -2)'))
            return
        if rng.random() < .4:
            item['cases'] = []
            for _ in range(rng.randint(1, 3)):
                c = self.case(before, formulas)
                item['cases'].append(c or {'points': '1'})
                if not c:
                    break
        else:
            item['points'] = self.points(formulas)
        if item.get('when') or item.get('effect') == 'zero':
            for c in item.get('cases', [item]):
                if '..' in c.get('points', ''):
                    c['points'] = '2'

    def items(self, groups):
        rng, out = self.rng, []
        whens = [None] * 8 + ['submitted', 'volunteered', 'answered', 'late',
                              'missed', 'overdue', 'month', 'quarter', 'year',
                              'week', 'stage']
        for n in range(rng.randint(4, 9)):
            i = {'name': f'项{n}', 'clause': '一'}
            when = rng.choice(whens)
            if when == 'stage':
                i['when'] = rng.choice(('answered', 'late', 'missed', 'overdue'))
                i['stage'], i['within-hours'] = '续报', rng.choice(('4', '24'))
            elif when:
                i['when'] = when
            if rng.random() < .75:
                i['group'] = rng.choice(groups)['name']
                self.value(i, [x['name'] for x in out])
            if rng.random() < .1:
                i['effect'] = rng.choice(('praise', 'veto', 'zero'))
            out.append(i)
        return out

    def targets(self):
        rng, out = self.rng, []
        for _ in range(rng.randint(1, 2)):
            t = {rng.choice(('at-least', 'at-least', 'at-most')):
                 rng.choice(('1', '2', '4', '5', '8', '10'))}
            if rng.random() < .5:
                t['classes'] = self.some(['甲类', '乙类'])
            if rng.random() < .1:
                t['units'] = ['甲二']
            out.append(t)
            if len(t) == 1:
                break
        return out

    def measures(self, names, formulas):
        rng, out = self.rng, []
        for n in range(rng.randint(2, 5)):
            m = {'name': f'量{n}'}
            kind = rng.choice(('points', 'count', 'count', 'streak', 'value'))
            if kind == 'value' and (not out or not formulas):
                kind = 'points'
            if kind == 'value':
                x = rng.choice(out)['name']
                y = rng.choice([o for o in out if 'targets' in o] or
                               [{'name': '量9'}])['name']
                m['value'] = rng.choice((
                    f'={x} - {y}', f'={x} / {y}', f'={x} * 100 / {y}_target',
                    f'=iif({x} >= {x}_best, 1, 0)', f'=ifnull({x}, 0) * 0.1',
                    '5', 'unstated'))
            else:
                m[kind] = self.some(names)
                if kind == 'points' and rng.random() < .4:
                    m[kind] = ['all']
            if kind in ('count', 'streak') and rng.random() < .3:
                m['forms'] = ['长']
            if kind == 'streak' or rng.random() < .7:
                m['per'] = rng.choice(('month', 'quarter', 'month', 'week',
                                       'half', 'year'))
                m['targets'] = self.targets()
            out.append(m)
        return out

    def results(self, items, measures, groups):
        """items that follow from targets; in a group of their own"""
        rng = self.rng
        judged = [m for m in measures if 'per' in m]
        for n in range(rng.randint(0, 4)):
            if not judged:
                return
            m = rng.choice(judged)
            i = {'name': f'果{n}', 'clause': '二', 'when': rng.choice(
                ('met', 'unmet', 'unmet', 'missing', 'surplus', 'progress'))}
            i['measures'] = [m['name']]
            other = rng.choice(judged)
            if i['when'] in ('met', 'unmet') and other['per'] == m['per'] \
                    and other is not m:
                i['measures'].append(other['name'])
            if rng.random() < .5:
                if not any(g['name'] == '果组' for g in groups):
                    groups.append({'name': '果组', 'keep': rng.choice(
                        ('all', '1')), 'per': ['year'] if rng.random() < .5
                        else ['submission']})
                i['group'] = '果组'
                self.value(i, [])
            items.append(i)
            if rng.random() < .3:
                name = f'量{len(measures)}'
                kind = rng.choice(('count', 'streak'))
                new = {'name': name, kind: [i['name']], 'per': m['per'],
                       'targets': self.targets()}
                measures.append(new)
                judged.append(new)

    def rankings(self, measures):
        rng, out = self.rng, []
        for n in range(rng.randint(0, 2)):
            r = {'name': f'榜{n}', 'per': rng.choice(('month', 'quarter', 'year')),
                 'by': rng.choice(measures)['name'],
                 'as': rng.choice(('value', 'percent', 'excess'))}
            if rng.random() < .3:
                r['classes'] = self.some(['甲类', '乙类'])
            judged = [m['name'] for m in measures if 'targets' in m]
            if rng.random() < .3 and judged:
                r['requires'] = [rng.choice(judged)]
            if rng.random() < .5:
                r['awards'] = [{'name': '一等', 'places': '1'},
                               {'name': '二等', 'places': '2'}]
            out.append(r)
        return out

    def draw(self):
        rng = self.rng
        first = dt.date(2019, rng.choice((1, 1, 3)), rng.choice((1, 1, 15)))
        formulas = rng.random() < .5
        d = {'pack': 'drawn', 'title': '随机', 'version': '1',
             'effective': first.isoformat(), 'decimals': rng.choice('0123'),
             'joint': rng.choice(('full', 'equal', 'stated', '3:1', '1:1')),
             'forms': ['长', '短'], 'classes': self.classes(),
             'units': self.units(first), 'groups': self.groups()}
        if rng.random() < .15:
            d['credit'] = 'authors'
        if rng.random() < .2:
            d['periods'] = [{'name': '2019-Q1', 'from': '2019-01-01',
                             'to': '2019-04-10'}]
        d['items'] = self.items(d['groups'])
        names = [i['name'] for i in d['items']] + \
            [g['name'] for g in d['groups']]
        d['measures'] = self.measures(names, formulas)
        self.results(d['items'], d['measures'], d['groups'])
        d['rankings'] = self.rankings(d['measures'])
        return {k: v for k, v in d.items() if v != []}


# ---------------------------------------------------------------- both answers
class Plain(getattr(yaml, 'CSafeDumper', yaml.SafeDumper)):
    """no anchors: packs do not take them"""

    def ignore_aliases(self, data):
        return True


def written(data):
    return yaml.dump(data, Dumper=Plain, allow_unicode=True, sort_keys=False)


def ours(data, sequences, until):
    """what our evaluator says of each sequence, or None: pack refused"""
    def anything(rows):                 # an example must expect something
        names = [data['classes'][0]['units'][0]]
        if data.get('credit') == 'authors':
            names = [a for r in rows for a in r.get('authors', [])] or ['?']
        return {'unit': names[0], 'period': '2000', 'points': '0'}
    data = dict(data, examples=[
        {'name': str(n), 'facts': rows, 'expect': [anything(rows)]}
        for n, rows in enumerate(sequences)])
    with tempfile.NamedTemporaryFile('w', suffix='.yaml', encoding='utf-8') as f:
        f.write(written(data))
        f.flush()
        p = subprocess.run([f'{TOOLS}/scorefacts', f.name, until.isoformat()],
                           capture_output=True, text=True)
        if p.returncode:
            return p.stderr.strip()
        laws = subprocess.run([f'{TOOLS}/scorelaws', f.name, until.isoformat(),
                               str(SEED + until.toordinal())],
                              capture_output=True, text=True)
    out = []
    for line in p.stdout.splitlines():
        kind, *rest = line.split('\t')
        if kind == 'example':
            out.append(collections.defaultdict(list))
        else:
            out[-1][kind].append(rest)
    if laws.returncode not in (0, 1):
        return 'scorelaws: ' + laws.stderr.strip()
    for line in laws.stdout.splitlines():
        kind, n, *rest = line.split('\t')
        if kind == 'broken':
            out[int(n)]['broken'].append(' '.join(rest))
    return out


def fraction(text):
    if text == '-':
        return None
    num, den = text.split('/')
    return D(num) / D(den)


def close(a, b):
    """equal but for the 28th digit of a quotient"""
    if a is None or b is None:
        return a is b
    return abs(a - b) <= D(10) ** -15


def standing(sc, d):
    """{(who, item): points} on a day"""
    out = collections.Counter()
    roots = sc.p.__dict__.setdefault('every_root', sorted(
        {sc.p.root(i) for i in sc.p.items} - {None}))
    for root in roots:
        for (item, _, who), (v, _) in sc.lines(root, d).items():
            out[who, item] += v
    return out


def eventful(sc, until):
    """the days on which a standing may change: those of the facts, of
    deadlines, and the ends and beginnings of the periods that some item of
    the pack speaks of"""
    f, items = sc.f, sc.p.items.values()
    days = {m.date for m in f.desk} | {s.date for s in f.subs.values()}
    for c in f.commissions.values():
        days |= {ev.day(c['due']), *c['waived'].values()}
    for i in f.incidents.values():
        days |= {t.date() for _, t in i['reports']}
        days |= {(i['at'] + dt.timedelta(hours=float(x['within-hours']))).date()
                 for x in items if 'stage' in x}
    kinds = {x['when'] for x in items if x.get('when') in ev.PERIODS}
    kinds |= {sc.p.measures[m]['per'] for x in items
              for m in x.get('measures', [])}
    for kind in kinds:
        for name in sc.p.calendar.between(kind, sc.p.effective, until):
            days |= set(sc.p.calendar.span(name))
    return days


def compare_lines(sc, got, until):
    mine = collections.Counter()
    for who, item, day, points in got['line']:
        mine[who, item, ev.day(day)] += D(points)
    days = eventful(sc, until) | {k[2] for k in mine} | {until}
    days |= {d - dt.timedelta(1) for d in {k[2] for k in mine}}
    theirs, before = collections.Counter(), {}
    for d in sorted(x for x in days if x <= until):
        after = standing(sc, d)
        for k in set(before) | set(after):
            theirs[k + (d,)] += after.get(k, D(0)) - before.get(k, D(0))
        before = after
    for k in sorted(set(mine) | set(theirs), key=str):
        if mine.get(k, 0) != theirs.get(k, 0):
            yield f'line {k[0]} {k[1]} {k[2]}: {mine.get(k, 0)}, ' \
                  f'reference {theirs.get(k, 0)}'


def compare_marks(sc, got, until):
    mine = collections.Counter((who, item, day, fraction(qty)) for
                               who, item, day, qty in got['mark'])
    theirs = collections.Counter(
        (who, i, m.date.isoformat(), +m.qty) for i in sc.p.items
        for m in sc.marks(i, until) for who, _ in m.who)
    for k in (mine - theirs):
        if not any(k[:3] == x[:3] and close(k[3], x[3]) for x in theirs - mine):
            yield f'mark {k}: not in the reference'
    for k in (theirs - mine):
        if not any(k[:3] == x[:3] and close(k[3], x[3]) for x in mine - theirs):
            yield f'mark {k}: only in the reference'


def compare_measures(sc, got, until):
    mine = {tuple(x[:3]): x[3:] for x in got['measure']}
    theirs = {}
    for kind in ('month', 'quarter', 'year'):
        for pn in sc.p.calendar.between(kind, sc.p.effective, until):
            b = min(sc.p.calendar.span(pn)[1], until)
            for m in sc.p.measures:
                for u in sc.units():
                    theirs[m, u, pn] = sc.result(m, u, pn, b)
    if set(mine) != set(theirs):
        yield f'measures of {set(mine) ^ set(theirs)}'
        return
    for k, r in theirs.items():
        value, met, missing = mine[k]
        word = {True: 'true', False: 'false', None: '-'}[r['met']]
        if not close(fraction(value), r['value']) or met != word or \
                not close(fraction(missing), r['missing']):
            yield f'measure {k}: {mine[k]}, reference {r}'


def compare_rankings(sc, got, until):
    mine = collections.defaultdict(dict)
    for name, pn, who, value, rank, award in got['rank']:
        mine[name, pn][who] = (fraction(value), int(rank),
                               None if award == '-' else award)
    for kind in ('month', 'quarter', 'year'):
        for pn in sc.p.calendar.between(kind, sc.p.effective, until):
            if sc.p.calendar.span(pn)[1] > until:
                continue
            for r in sc.p.rankings:
                theirs = {w: (v, n, a) for w, v, n, a in sc.ranking(r, pn)}
                here = mine[r, pn]
                if set(theirs) != set(here):
                    yield f'ranking {r} {pn}: {set(theirs) ^ set(here)}'
                    continue
                for w, (v, n, a) in theirs.items():
                    if not close(v, here[w][0]) or (n, a) != here[w][1:]:
                        yield f'ranking {r} {pn} {w}: {here[w]}, ' \
                              f'reference {(v, n, a)}'


def differences(pack, rows, got, until):
    if got['broken']:
        return got['broken']
    refused = got['refused'][0][0] if got['refused'] else None
    try:
        sc = ev.Score(pack, rows)
    except ev.Refused as e:
        return [] if refused == str(e) else \
            [f'refused {refused}, reference {e}']
    if refused:
        return [f'refused {refused}, reference not']
    out = []
    try:
        for f in (compare_lines, compare_marks, compare_measures,
                  compare_rankings):
            out += f(sc, got, until)
    except ev.Refused:      # on a day before the last; the desk saw the last
        return []
    except ev.PackError as e:
        if 'depends on itself' not in str(e):
            raise
        return [f'reference: {e}']
    return out


# ---------------------------------------------------------------- shrinking
def shrunk(data, pack, rows, until):
    """the fewest facts that still differ"""
    def differs(some):
        try:
            got = ours(data, [some], until)
            return isinstance(got, list) and \
                bool(differences(pack, some, got[0], until))
        except (ev.PackError, KeyError):
            return False
    again = True
    while again:
        again = False
        for n in reversed(range(len(rows))):
            fewer = rows[:n] + rows[n + 1:]
            if differs(fewer):
                rows, again = fewer, True
    return rows


def report(name, data, pack, rows, until, found):
    rows = shrunk(data, pack, rows, until)
    got = ours(data, [rows], until)
    found = differences(pack, rows, got[0], until) or found
    for f in found[:5]:
        print(f'# {name}: {f}')
    text = written(dict(data, examples=[{'name': name, 'facts': rows}]))
    if KEEP:
        path = os.path.join(KEEP, name + '.yaml')
        with open(path, 'w', encoding='utf-8') as f:
            f.write(text)
        print(f'# kept as {path}')
    else:
        for line in text.splitlines():
            print(f'#   {line}')


def try_pack(name, data, rng, count):
    """(compared, refused as a pack, differing)"""
    pack = ev.Pack(data, name)
    days = rng.choice((20, 40, 40, 40, 130, 130, 400))
    until = pack.effective + dt.timedelta(days + rng.randint(0, 40))
    sequences = [Facts(rng, data, days).draw() for _ in range(count)]
    got = ours(data, sequences, until)
    if not isinstance(got, list):
        return 0, got, 0
    bad = 0
    for n, (rows, one) in enumerate(zip(sequences, got)):
        found = differences(pack, rows, one, until)
        if found:
            bad += 1
            if bad == 1:
                report(f'{name}-{n}', data, pack, copy.deepcopy(rows), until,
                       found)
    return len(sequences), None, bad


# ---------------------------------------------------------------- work, in parts
@functools.cache
def reference_data(name):
    """not to be changed"""
    with open(os.path.join(SHARED, 'pack', 'packs', name, 'pack.yaml'),
              encoding='utf-8') as f:
        data = yaml.load(f, Loader=yaml.BaseLoader)
    data.pop('examples')
    return data


def few_units(data, rng):
    """the same rules for two units of each class: what is said of units that
    nothing happened to is soon known"""
    classes = [dict(c, units=rng.sample(c['units'], min(2, len(c['units']))))
               for c in data['classes']]
    left = {u for c in classes for u in c['units']}
    data = dict(data, classes=classes)
    if 'units' in data:
        data['units'] = [u for u in data['units'] if u['name'] in left]
    return data


def reference_part(name, rng, count):
    """(compared, differing, packs, refused)"""
    data = reference_data(name)
    if rng.random() < .9:
        data = few_units(data, rng)
    done, why, bad = try_pack(name, data, rng, count)
    if why:
        print(f'# {why}')
    return done, bad + bool(why), 1, 0


def drawn_part(rng, count):
    done = bad = packs = refused = 0
    while done < count and not bad and refused <= 100 + packs // 2:
        data = Packs(rng).draw()
        try:
            k, why, b = try_pack(f'drawn-{packs}', data, rng,
                                 min(5, count - done))
        except ev.PackError as e:
            why, k, b = str(e), 0, 0
        packs, refused = packs + 1, refused + bool(why)
        if why and os.environ.get('DIFF_SCORE_VERBOSE'):
            print(f'# {why}')
        done, bad = done + k, bad + b
    return done, bad, packs, refused


def part(task):
    """one batch of one subject, with a seed of its own"""
    subject, n, count = task
    rng = random.Random(f'{SEED} {subject} {n}')
    if subject == DRAWN:
        return subject, drawn_part(rng, count)
    return subject, reference_part(subject, rng, count)


def tasks():
    """N sequences over the five packs by turns, and as many more over drawn
    packs as each of the five gets, at most 5,000: they are slow"""
    share = max(1, -(-N // len(PACKS)))
    for n in range(0, share, BATCH):
        for subject in PACKS:
            yield subject, n, min(BATCH, share - n)
    for n in range(0, min(share, 5000), BATCH):
        yield DRAWN, n, min(BATCH, min(share, 5000) - n)


def main():
    print('1..6', flush=True)
    total = {subject: [0, 0, 0, 0] for subject in PACKS + (DRAWN,)}
    asked = collections.Counter()
    work = list(tasks())
    for subject, _, count in work:
        asked[subject] += count
    pool = multiprocessing.Pool(JOBS) if JOBS > 1 else None
    for subject, got in pool.imap_unordered(part, work) if pool else \
            map(part, work):
        total[subject] = [a + b for a, b in zip(total[subject], got)]
        done = sum(t[0] for t in total.values())
        if done // 10000 > (done - got[0]) // 10000:
            print(f'# {done} sequences, '
                  f'{sum(t[1] for t in total.values())} differ', flush=True)
    good, sequences, different = True, 0, 0
    for n, (subject, (done, bad, packs, refused)) in enumerate(total.items(), 1):
        fine = not bad and done >= asked[subject]
        good = good and fine
        sequences, different = sequences + done, different + bad
        what = subject if subject != DRAWN else \
            f'{packs} {DRAWN}, {refused} of them refused'
        print(f'{"" if fine else "not "}ok {n} - {what}: {done} sequences '
              f'give what the reference gives')
    print(f'# diff-score: {sequences} sequences, {different} differ, seed {SEED}')
    sys.exit(0 if good else 1)


if __name__ == '__main__':
    main()
