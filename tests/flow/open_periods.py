#!/usr/bin/python3
"""A period that is not over: reckoned until today, and not to be published.
What is due later is charged to nobody before it is due."""
from desk_office import TEXT, Office
from tap import equal, finish, test, true

NOW = '2019-03-07 09:00'


def asked():
    """One unit has sent something, two owe an answer by the 25th."""
    o = Office(informants={'县财政局': 'czj@x.example'})
    o.mail('czj@x.example', '春耕备播进展顺利-县财政局-张敏-0539-6201000',
           at='2019-03-05 09:00', draft=TEXT)
    o.poll('2019-03-05 10:00')
    o.desk('2019-03-06 09:00',
           '约稿 题目甲\n截止：3月25日\n单位：财政局、税务局')
    equal(o.code, 0, o.errors)
    o.poll('2019-03-06 09:10')
    return o


def standing(o, now, unit, period='2019-03'):
    return [u for u in o.json(now, 'scores', period)['units']
            if u['unit'] == unit][0]


def items(row):
    return [line['item'] for line in row['lines']]


# -------------------------------------------------------------------- deadlines
@test('a 约稿 that is not due yet costs nothing')
def _():
    o = asked()
    for now in (NOW, '2019-03-24 18:00'):
        row = standing(o, now, '税务局')
        equal((row['points'], items(row)), ('0', []), now)
        equal(standing(o, now, '财政局')['points'], '0.2', now)
        true('题目甲' not in o.run(now, 'explain', '税务局', '2019-03'), now)
    true('得分0.2分' in o.desk(NOW, '得分 财政局'))
    row = standing(o, '2019-03-26 09:00', '税务局')
    equal((row['points'], items(row)), ('-2', ['约稿未报']))
    o.close()


@test('on its last day a 约稿 costs nothing until the hour it is due')
def _():
    o = Office()
    o.desk('2019-03-06 09:00',
           '约稿 题目甲\n截止：3月25日 17:00\n单位：税务局')
    equal(o.code, 0, o.errors)
    for now in ('2019-03-25 08:00', '2019-03-25 17:00'):
        row = standing(o, now, '税务局')
        equal((row['points'], items(row)), ('0', []), now)
    row = standing(o, '2019-03-25 17:01', '税务局')
    equal((row['points'], items(row)), ('-2', ['约稿未报']))
    o.close()


@test("the unit's own question and its receipt say the same")
def _():
    o = asked()
    o.mail('czj@x.example', '得分', '得分', at=NOW)
    answer, = o.poll('2019-03-07 09:10')
    true('得分0.2分' in answer.text, answer)
    o.mail('czj@x.example', '减税降费落地见效-县财政局-张敏-0539-6201000',
           at=NOW, draft='减税降费落地见效，共为企业减负3200万元。')
    receipt, = o.poll('2019-03-07 09:20')
    true('已报送2条，被采用0条，得分0.4分' in receipt.text, receipt)
    o.close()


@test('the receipt of the day after the deadline counts what is missed')
def _():
    o = asked()
    o.mail('czj@x.example', '减税降费落地见效-县财政局-张敏-0539-6201000',
           at='2019-03-24 09:00', draft='减税降费落地见效，减负3200万元。')
    receipt, = [x for x in o.poll('2019-03-24 09:10')
                if '已报送2条' in x.text]
    true('得分0.4分' in receipt.text, receipt)
    o.mail('czj@x.example', '节日市场供应充足-县财政局-张敏-0539-6201000',
           at='2019-03-26 09:00', draft='节日市场供应充足，储备肉1200吨。')
    receipt, = [x for x in o.poll('2019-03-26 09:10')
                if '已报送3条' in x.text]
    true('得分-1.4分' in receipt.text, receipt)
    o.close()


# ------------------------------------------------------------------------ tasks
def tasks(o, now, period):
    row = o.json(now, 'scores', period)['units'][0]
    return {(t['metric'], t['period']): t['met'] for t in row['targets']}, row


@test('a task that runs, or begins later, is neither met nor missed')
def _():
    o = Office(rules='haicheng-2019')
    met, row = tasks(o, '2019-05-20 09:00', '2019-Q2')
    equal([met['月报送', f'2019-0{m}'] for m in (4, 5, 6)],
          [False, None, None])
    equal(met['季采用', '2019-Q2'], None)
    out = o.run('2019-05-20 09:00', 'explain', row['name'], '2019-Q2')
    equal(out.count('not judged yet'), 5, out)
    met, row = tasks(o, '2019-07-01 09:00', '2019-Q2')
    true(all(m is False for m in met.values()), met)
    o.close()


@test('番禺: no quarter counts as missed while it runs')
def _():
    o = Office(rules='panyu-2010')
    _, row = tasks(o, '2019-04-20 09:00', '2019-Q2')
    true('季度未完成' not in row['counts'], row['counts'])
    _, row = tasks(o, '2019-07-01 09:00', '2019-Q2')
    equal(row['counts']['季度未完成'], 1)
    o.close()


@test('a period that has not begun is empty')
def _():
    for pack in ('tancheng-2019', 'haicheng-2019', 'panyu-2010'):
        o = Office(rules=pack)
        for period in ('2019-12', '2019-Q4'):
            met, row = tasks(o, NOW, period)
            equal((row['points'], row['lines'], set(met.values()) - {None}),
                  ('0', [], set()))
        o.close()


# ------------------------------------------------------------------- publishing
@test('a bulletin is published when its period is over, not before')
def _():
    o = asked()
    for now, period in ((NOW, '2019-03'), ('2019-03-31 23:00', '2019-03'),
                        (NOW, '2019-04'), (NOW, '2019-03-01..2019-03-07')):
        out = o.run(now, 'bulletin', '--publish', period)
        equal((o.code, out), (65, ''), o.errors)
        true(f'{period} is not over yet and cannot be published' in o.errors,
             o.errors)
    equal(o.poll('2019-03-31 23:10')[-1].subject.count('通报'), 0)
    o.desk('2019-03-31 23:20', '发布 2019-03')
    equal(o.code, 65)
    o.run('2019-04-01 00:10', 'bulletin', '--publish', '2019-03', '-o',
          f'{o.dir}/out.xlsx')
    equal(o.code, 0, o.errors)
    o.close()


finish()
