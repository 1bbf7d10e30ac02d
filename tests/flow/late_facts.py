#!/usr/bin/python3
"""What is corrected after a bulletin: marks revoked or late, a submission moved
to another unit, a commission waived after its penalty, a zero for the whole
year, a bulletin corrected, a year that is over, money - and a roster that
changes in mid-year: joined, left, renamed, another class, merged.

Whatever happened: what is published stays as it was, and the sum over the
published bulletins and their adjustments is what a fresh computation gives.
Seen from outside; tests/tools/scorelaws.c draws the same by the thousand.
"""
import collections
import datetime
import os
import random
import re
import tempfile
from decimal import Decimal

from office import Office
from tap import equal, finish, test, true

PACK = '''pack: late-2019
title: 示例办法
version: 1
effective: 2019-01-01
bulletin: month
choices-by: 信息科
joint: full
decimals: 1
classes: [{name: 镇街}, {name: 部门}]
groups:
  - {name: 报送分, keep: all}
  - {name: 采用, keep: 1, at-most: 12}
  - {name: 约稿分, keep: 1, per: [commission]}
  - {name: 稿费, keep: all, currency: 元}
items:
  - {name: 报送, group: 报送分, when: submitted, points: 0.5, clause: 一}
  - {name: 普刊, group: 采用, points: 3, clause: 二}
  - {name: 专报, group: 采用, points: 10, clause: 二}
  - {name: 约稿未报, group: 约稿分, when: missed, points: -2, clause: 三}
  - {name: 稿酬, group: 稿费, points: 50, clause: 四}
  - {name: 泄密, effect: zero, clause: 五, text: 全年不得分}
measures: [{name: 得分, points: [all]}]
rankings:
  - {name: 月榜, per: month, by: 得分}
  - {name: 年榜, per: year, by: 得分, awards: [{name: 先进, places: 1}]}
'''
ROSTER = '''units:
  - {name: 东镇, class: 镇街}
  - {name: 西镇, class: 镇街}
  - {name: 县财政局, short: 财政局, class: 部门}
  - {name: 县粮食局, short: 粮食局, class: 部门}
'''
UNITS = ('东镇', '西镇', '财政局', '粮食局')


class Year:
    """An office of its own; what it published and what it knows."""

    def __init__(self, folder):
        self.o = Office(folder)
        self.rules = f'{folder}/rules'
        os.makedirs(self.rules)
        self.write('pack.yaml', PACK)
        self.write('roster.yaml', ROSTER)
        self.o.configure(rules='rules')
        self.o.poll(now='2019-01-01 08:00')
        self.published = {}

    def write(self, name, text):
        with open(f'{self.rules}/{name}', 'w', encoding='utf-8') as f:
            f.write(text)

    def desk(self, day, *order):
        r = self.o.run('desk', *order, now=f'{day} 09:00')
        equal(r.code, 0, r)
        return r.out

    def enter(self, day, unit, title='一件事', dated=None):
        """A submission; its number."""
        out = self.desk(day, '补录', unit, title, dated or day)
        return re.search(r'\d{4}-\d{4}', out).group()

    def publish(self, period, day=None):
        day = day or after(period)
        self.o.must('bulletin', '--publish', period, now=f'{day} 09:00')
        self.published[period] = self.scores(period, day)

    def correct(self, period, day):
        self.desk(day, '更正', period)
        self.published[period] = self.scores(period, day)

    def scores(self, period, day, *more):
        return self.o.json('scores', *more, period, now=f'{day} 10:00')

    def unit(self, name, period, day=None, *more):
        found = [u for u in self.scores(period, day or after(period),
                                        *more)['units']
                 if name in (u['unit'], u['name'])]
        return found[0] if found else None

    def printed(self, name, period, day, *more):
        """The words of the line of a unit in the table of `scores`"""
        table = self.o.must('scores', *more, period, now=f'{day} 10:00').out
        return next(words for words in map(str.split, table.splitlines())
                    if name in words)

    def check(self, last, first='2019-01'):
        """Nothing published has changed, and all adds up."""
        day = after(last)
        for period, scores in self.published.items():
            equal(self.scores(period, day), scores, f'{period} has changed')
        shown = sums(self.published.values())
        end = datetime.date.fromisoformat(day) - datetime.timedelta(1)
        span = self.scores(f'{first}-01..{end}', day, '--recompute')
        equal(shown, sums([span]), 'published and adjusted')


def after(month):
    """The first day after it"""
    year, number = map(int, month.split('-'))
    return f'{year + number // 12}-{number % 12 + 1:02}-01'


def sums(tables):
    """{(unit, currency): what the tables give}, without zeros"""
    out = collections.Counter()
    for table in tables:
        for u in table['units']:
            out[u['unit'], ''] += Decimal(u['points']) + Decimal(u['adjustment'])
            for a in u['amounts']:
                out[u['unit'], a['currency']] += \
                    Decimal(a['amount']) + Decimal(a['adjustment'])
            lines = sum((Decimal(x['points']) for x in u['lines']), Decimal(0))
            equal(lines, Decimal(u['points']) + Decimal(u['adjustment']),
                  'the lines add up')
    return {k: v for k, v in out.items() if v}


def adjusted(unit):
    return [(x['item'], x['points']) for x in unit['lines'] if x['adjustment']]


def year(f):
    def run():
        with tempfile.TemporaryDirectory() as folder:
            f(Year(folder))
    return run


# ---------------------------------------------------------------- late facts
def january(y, *items):
    """A submission of 财政局 with marks, published; its number"""
    number = y.enter('2019-01-08', '财政局')
    for item in items:
        y.desk('2019-01-10', '标注', number, item, '2019-01-10')
    y.publish('2019-01')
    return number


@test('a mark revoked and a mark recorded after the bulletin')
@year
def _(y):
    n = y.enter('2019-01-08', '财政局')
    m = y.enter('2019-01-09', '财政局', '另一件')
    y.desk('2019-01-10', '标注', n, '专报', '2019-01-10')
    y.publish('2019-01')
    equal(y.unit('财政局', '2019-01')['points'], '11')
    y.desk('2019-02-05', '撤销', n, '专报', '查无此文')
    y.desk('2019-02-06', '标注', m, '普刊', '2019-01-20', '迟到的通知')
    feb = y.unit('财政局', '2019-02')
    equal((feb['points'], feb['adjustment']), ('0', '-7'))
    lines = {x['item']: x for x in feb['lines'] if x['adjustment']}
    equal((lines['专报']['published'], lines['专报']['now']), ('10', '0'))
    equal((lines['普刊']['by'], lines['普刊']['note']), ('王芳', '迟到的通知'))
    y.publish('2019-02')
    equal(y.unit('财政局', '2019-03')['adjustment'], '0')
    y.check('2019-02')


@test('on the terminal the numbers of --json: as published, or as now known')
@year
def _(y):
    n = january(y, '普刊')
    y.desk('2019-02-05', '标注', n, '专报', '2019-01-20')
    equal(y.printed('县财政局', '2019-01', '2019-02-06'),
          '1 县财政局 1 1 3.5 0 3.5'.split())
    equal(y.printed('县财政局', '2019-01', '2019-02-06', '--recompute'),
          '1 县财政局 1 1 10.5 0 10.5'.split())
    equal(y.printed('县财政局', '2019-02', '2019-02-06'),
          '1 县财政局 0 0 0 7 10.5'.split())


@test('a submission moved to another unit')
@year
def _(y):
    n = january(y, '普刊')
    y.desk('2019-02-05', '改', n, '单位=粮食局')
    y.publish('2019-02')
    equal(adjusted(y.unit('财政局', '2019-02')),
          [('报送', '-0.5'), ('普刊', '-3')])
    equal(adjusted(y.unit('粮食局', '2019-02')),
          [('报送', '0.5'), ('普刊', '3')])
    y.check('2019-02')


@test('a commission waived after its penalty: a line of its own day')
@year
def _(y):
    r = y.o.run('desk', '-', now='2019-01-03 09:00', stdin='''约稿 春耕
截止：2019-01-10
单位：财政局、粮食局
''')
    equal(r.code, 0, r)
    number = re.search(r'\d{4}-\d{2}', r.out).group()
    y.publish('2019-01')
    equal(y.unit('财政局', '2019-01')['points'], '-2')
    y.desk('2019-02-05', '免约', number, '财政局', '机构调整')
    feb = y.unit('财政局', '2019-02')
    equal((feb['points'], feb['adjustment']), ('2', '0'))
    equal(feb['lines'][0]['note'], '机构调整')
    y.publish('2019-02')
    y.check('2019-02')


@test('a zero for the whole year, and its revocation')
@year
def _(y):
    n = january(y, '专报')
    y.desk('2019-02-20', '记分', '财政局', '泄密', '2019-02-20', '通报在案')
    y.publish('2019-02')
    feb = y.unit('财政局', '2019-02')
    equal((feb['points'], feb['points_to_date']), ('-10.5', '0'))
    y.check('2019-02')
    # a new one of March earns nothing either, until the mark is revoked
    y.enter('2019-03-05', '财政局', '三月')
    y.publish('2019-03')
    equal(y.unit('财政局', '2019-03')['points'], '0')
    y.desk('2019-04-02', '撤销', '财政局', '泄密', '2019-02-20', '经复核不属实')
    y.publish('2019-04')
    april = y.unit('财政局', '2019-04')
    equal((april['adjustment'], april['points_to_date']), ('11', '11'))
    y.check('2019-04')


@test('a corrected bulletin is not adjusted a second time')
@year
def _(y):
    n = january(y)
    y.enter('2019-02-08', '财政局', '二月')
    y.publish('2019-02')
    y.desk('2019-03-02', '标注', n, '专报', '2019-01-15')
    y.correct('2019-01', '2019-03-03')
    equal(y.unit('财政局', '2019-01', '2019-03-03')['points'], '10.5')
    equal(y.unit('财政局', '2019-03')['adjustment'], '0')
    y.publish('2019-03')
    y.check('2019-03')
    # and one that February had adjusted already is taken back there
    y.desk('2019-04-02', '标注', n, '稿酬', '2019-01-16')
    y.publish('2019-04')
    y.correct('2019-01', '2019-05-02')
    y.publish('2019-05')
    y.check('2019-05')


@test('money is adjusted beside the points')
@year
def _(y):
    n = january(y, '稿酬')
    y.desk('2019-02-05', '标注', n, '稿酬', '2019-01-12', '×2')
    y.publish('2019-02')
    feb = y.unit('财政局', '2019-02')
    equal(feb['adjustment'], '0')
    equal([(a['currency'], a['amount'], a['adjustment'])
           for a in feb['amounts']], [('元', '0', '100')])
    out = y.o.must('explain', '财政局', '2019-01', now='2019-03-01 09:00').out
    totals = [line.split()[1] for line in out.splitlines()
              if line.startswith('total')]
    equal(totals, ['0.5', '150元'], 'explain adds up by currency')
    y.check('2019-02')


@test('what is corrected in the year after appears there, in any month')
@year
def _(y):
    n = y.enter('2019-11-08', '财政局')
    for m in ('2019-11', '2019-12'):
        y.publish(m, '2020-01-02')
    y.publish('2020-01')
    y.desk('2020-02-10', '标注', n, '专报', '2019-11-20')
    equal(y.unit('财政局', '2020-02')['adjustment'], '10')
    y.publish('2020-02')
    equal(y.unit('财政局', '2020-03')['adjustment'], '0')
    y.check('2020-02', first='2019-11')


@test('what is corrected years later appears in the next bulletin')
@year
def _(y):
    n = y.enter('2019-11-08', '财政局')
    m = y.enter('2019-11-09', '财政局', '另一件')
    y.desk('2019-11-20', '标注', n, '普刊', '2019-11-20')
    for month in ('2019-11', '2019-12', '2020-12', '2021-12', '2022-01'):
        y.publish(month)
    equal(y.unit('财政局', '2022-02')['adjustment'], '0')
    y.desk('2022-02-10', '撤销', n, '普刊', '查无此文')
    y.desk('2022-02-11', '标注', m, '专报', '2019-11-20', '补报')
    feb = y.unit('财政局', '2022-02')
    equal(feb['adjustment'], '7')
    equal({(x['item'], x['date'], x['published'], x['now'])
           for x in feb['lines'] if x['adjustment']},
          {('普刊', '2019-12-31', '3', '0'), ('专报', '2019-12-31', '0', '10')})
    y.publish('2022-02')
    equal(y.unit('财政局', '2022-03')['adjustment'], '0')
    y.publish('2022-03')
    y.desk('2022-04-10', '撤销', m, '专报', '也查无此文')
    equal(y.unit('财政局', '2022-04')['adjustment'], '-10')
    y.publish('2022-04')
    y.check('2022-04', first='2019-11')


@test('corrections of any age: published and adjusted is what is known')
@year
def _(y):
    draw = random.Random(5)
    numbers, marks = [], []
    for at in range(2019, 2024):
        for _ in range(8):
            kind = draw.choice(('enter', 'mark', 'mark', 'revoke', 'move'))
            day = f'{at}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}'
            said = f'{at}-12-31'
            if kind == 'enter' or not numbers:
                numbers.append((y.enter(said, draw.choice(UNITS), dated=day),
                                day))
            elif kind == 'mark':
                number, since = draw.choice(numbers)
                item = draw.choice(('普刊', '专报', '稿酬'))
                if (number, item) not in marks:
                    y.desk(said, '标注', number, item,
                           draw.choice((since, max(day, since))))
                    marks.append((number, item))
            elif kind == 'revoke' and marks:
                number, item = marks.pop(draw.randrange(len(marks)))
                y.desk(said, '撤销', number, item)
            elif kind == 'move':
                number, _ = draw.choice(numbers)
                y.desk(said, '改', number, f'单位={draw.choice(UNITS)}')
        y.publish(str(at), f'{at + 1}-01-01')
        shown = sums(y.published.values())
        known = y.scores(f'2019-01-01..{at}-12-31', f'{at + 1}-01-01',
                         '--recompute')
        equal(shown, sums([known]), f'until {at}')
    true(any(x['date'] < '2021' for u in y.published['2023']['units']
             for x in u['lines'] if x['adjustment']), 'none so old was drawn')


@test('ranks and awards follow the adjustment')
@year
def _(y):
    n = y.enter('2019-03-08', '财政局')
    y.enter('2019-03-08', '粮食局')
    y.publish('2019', '2020-01-02')
    y.desk('2020-01-10', '标注', n, '普刊', '2019-03-20')
    y.enter('2020-05-08', '粮食局')
    y.enter('2020-05-09', '财政局')
    now = {u['unit']: u for u in y.scores('2020', '2021-01-02')['units']}
    equal((now['财政局']['rank'], now['财政局']['award'],
           now['财政局']['adjustment']), (1, '先进', '3'))
    equal((now['粮食局']['rank'], now['粮食局']['award']), (2, None))


# ---------------------------------------------------------------- the roster
def two_months(y):
    """Two published months; the numbers of a submission of each unit"""
    numbers = {}
    for n, unit in enumerate(('东镇', '西镇', '财政局', '粮食局')):
        numbers[unit] = y.enter(f'2019-01-0{n + 2}', unit, f'{unit}的事')
        y.desk('2019-01-20', '标注', numbers[unit], '普刊', '2019-01-20')
    y.publish('2019-01')
    y.publish('2019-02')
    return numbers


def changed(y, old, new):
    true(old in ROSTER)
    y.write('roster.yaml', ROSTER.replace(old, new))


@test('joined: in the tables since its day, in none before')
@year
def _(y):
    two_months(y)
    y.write('roster.yaml', ROSTER +
            '  - {name: 新镇, class: 镇街, from: 2019-03-15}\n')
    equal(y.unit('新镇', '2019-02', '2019-03-20', '--recompute'), None)
    y.enter('2019-03-20', '新镇')
    y.publish('2019-03')
    equal(y.unit('新镇', '2019-03')['points'], '0.5')
    y.check('2019-03')


@test('left: not in later tables, but where it is corrected')
@year
def _(y):
    numbers = two_months(y)
    changed(y, '{name: 西镇, class: 镇街}',
            '{name: 西镇, class: 镇街, to: 2019-02-28}')
    equal(y.unit('西镇', '2019-03'), None)
    y.publish('2019-03')
    y.desk('2019-04-02', '标注', numbers['西镇'], '专报', '2019-01-25')
    west = y.unit('西镇', '2019-04')
    equal((west['points'], west['adjustment'], west['rank']), ('0', '7', None))
    y.publish('2019-04')
    equal(y.unit('西镇', '2019-05'), None)
    y.check('2019-04')
    y.desk('2019-05-03', '撤销', numbers['西镇'], '专报')
    y.publish('2019-05')
    y.check('2019-05')


@test('renamed: what it has stays its own, under both names')
@year
def _(y):
    numbers = two_months(y)
    changed(y, '{name: 县财政局, short: 财政局, class: 部门}',
            '{name: 县财政金融局, short: 财金局, class: 部门, '
            'was: [县财政局, 财政局]}')
    y.desk('2019-03-05', '标注', numbers['财政局'], '专报', '2019-03-05')
    march = y.unit('县财政金融局', '2019-03')
    equal((march['points'], march['adjustment'], march['points_to_date']),
          ('7', '0', '10.5'))
    y.desk('2019-03-06', '记分', '财政局', '稿酬', '2019-03-06', '旧名')
    y.publish('2019-03')
    for period, scores in y.published.items():
        equal(y.scores(period, '2019-04-01'), scores, period)
    # told of the old name and the new, it is one unit
    shown = sums(y.published.values())
    equal(shown['财政局', ''] + shown['财金局', ''], Decimal('10.5'))


@test('moved to another class: there from its day on')
@year
def _(y):
    two_months(y)
    changed(y, '{name: 东镇, class: 镇街}',
            '{name: 东镇, class: 镇街, moves: [{from: 2019-03-01, '
            'class: 部门}]}')
    equal(y.unit('东镇', '2019-02', '2019-03-05', '--recompute')['class'],
          '镇街')
    march = y.unit('东镇', '2019-03')
    equal((march['class'], march['adjustment'], march['points_to_date']),
          ('部门', '0', '3.5'))
    y.publish('2019-03')
    y.check('2019-03')


@test('merged: what it earned stays, what comes after is the other one\'s')
@year
def _(y):
    numbers = two_months(y)
    changed(y, '{name: 县粮食局, short: 粮食局, class: 部门}',
            '{name: 县粮食局, short: 粮食局, class: 部门, to: 2019-02-28, '
            'credit-to: 县财政局}')
    # of an old submission, adopted after the end
    y.desk('2019-03-05', '标注', numbers['粮食局'], '专报', '2019-03-05')
    march = y.unit('财政局', '2019-03')
    true(Decimal(march['points']) > 0, march)
    y.publish('2019-03')
    y.check('2019-03')
    # and one of its time that was forgotten is still its own
    y.desk('2019-04-02', '标注', numbers['粮食局'], '稿酬', '2019-02-20')
    y.publish('2019-04')
    grain = y.unit('粮食局', '2019-04')
    equal([(a['amount'], a['adjustment']) for a in grain['amounts']],
          [('0', '50')])
    y.check('2019-04')


@test('a year of random orders: published plus adjusted is fresh')
@year
def _(y):
    rng = random.Random(2019)
    numbers, marks = [], []
    for month in range(1, 6):
        for k in range(9):
            day = f'2019-{month:02}-{4 + 2 * k:02}'
            # some are dated back, into months that are published
            dated = f'2019-{rng.randint(1, month):02}-{rng.randint(1, 3):02}'
            what = rng.random()
            if what < .4 or not numbers:
                numbers.append(y.enter(day, rng.choice(
                    ('东镇', '西镇', '财政局', '粮食局')), f'事{month}{k}', dated))
            elif what < .75:
                n, item = rng.choice(numbers), rng.choice(
                    ('普刊', '专报', '稿酬'))
                if '已标注：' in y.o.run('desk', '标注', n, item, dated,
                                     now=f'{day} 09:00').out:
                    marks.append((n, item, dated))
            elif what < .85 and marks:
                y.o.run('desk', '撤销', *marks.pop(rng.randrange(len(marks))),
                        now=f'{day} 09:00')
            elif what < .95:
                y.desk(day, '改', rng.choice(numbers),
                       f'单位={rng.choice(("东镇", "西镇", "财政局"))}')
            else:
                y.desk(day, '记分', rng.choice(('东镇', '粮食局')), '泄密',
                       dated, '通报')
        if month == 4:
            y.correct('2019-02', '2019-04-28')
        y.publish(f'2019-{month:02}')
    y.check('2019-05')


finish()
