#!/usr/bin/python3
"""Checks of a pack that ask the register: what comes bunched at the end of a
period, and what is like another unit's.  Whatever the pack says then is what
happens, what the letters say, and what the ledger shows."""
import contextlib
import random

import openpyxl

from mails import draft
from office import SET_UP, STAFF, Office, text_of
from servers import tempdir
from tap import equal, finish, test, true

FINANCE = ('县财政局', 'czj@tancheng.example')
WATER = ('县水利局', 'slj@tancheng.example')
BUNCHING = '{check: [bunching], value: 80, days: 3, per: month, then: %s, clause: 五}'
SIMILAR = '{check: [similar], then: %s, clause: 六}'
FAILED = 'mail.tancheng.example; dmarc=fail header.from=tancheng.example'
COMMON = [bytes((a, b)).decode('gb2312')
          for a in range(0xb0, 0xd7) for b in range(0xa1, 0xfa)]


def prose(seed):
    r = random.Random(seed)
    return ''.join(''.join(r.choices(COMMON, k=r.randint(9, 16))) + '，'
                   + ''.join(r.choices(COMMON, k=r.randint(14, 30))) + '3。'
                   for _ in range(12))


@contextlib.contextmanager
def office(*checks, more=''):
    """With these checks beside those of the pack."""
    with tempdir() as tmp:
        o = Office(tmp)
        o.own_rules(more)
        path = f'{tmp}/rules/pack.yaml'
        with open(path, encoding='utf-8') as f:
            text = f.read()
        lines = ''.join(f'  - {c}\n' for c in checks)
        with open(path, 'w', encoding='utf-8') as f:
            f.write(text.replace('\nchecks:\n', f'\nchecks:\n{lines}', 1))
        o.poll(now=SET_UP)
        yield o


def sends(o, title, at, text=None, unit=FINANCE):
    name, sender = unit
    return o.deliver(draft(f'{title}-{name}-张敏-0539-6201001',
                           text or prose(title), sender=sender), at)


def judged(o):
    """[(title, verdict, reasons, which of the two is noted)], as they came."""
    return [(title, verdict, reasons,
             [n for n in notes.split() if n in ('bunching', 'similar')])
            for title, verdict, reasons, notes in o.rows(
                'SELECT title, verdict, reasons, notes FROM message '
                "WHERE title IS NOT NULL ORDER BY id")]


def letters(o, to, word):
    return [text_of(m) for m in o.sent(to) if word in m['Subject']]


def ledger(o, column, now):
    o.must('ledger', '2019-03', '-o', f'{o.folder}/l.xlsx', now=now)
    sheet = openpyxl.load_workbook(f'{o.folder}/l.xlsx')['台账']
    at = [c.value for c in sheet[1]].index(column)
    return [row[at].value for row in sheet.iter_rows(min_row=2)]


@test('bunching: held once most of a month came in its last days')
def _():
    with office(BUNCHING % 'hold') as o:
        sends(o, '春耕备播进展', '2019-03-05 09:00')
        o.poll(now='2019-03-05 09:10')
        # one batch: each is judged by those before it
        for n, title in enumerate(('项目建设提速', '减税政策落地', '信访工作创新',
                                   '河道治理见效', '就业服务升级')):
            sends(o, title, f'2019-03-29 09:0{n}')
        sends(o, '水库除险加固', '2019-03-15 10:00', unit=WATER)
        o.poll(now='2019-03-29 10:00')
        equal([(t, v, r) for t, v, r, _ in judged(o)],
              [('春耕备播进展', 'accepted', ''),
               ('水库除险加固', 'accepted', ''),
               ('项目建设提速', 'accepted', ''),
               ('减税政策落地', 'accepted', ''),
               ('信访工作创新', 'accepted', ''),
               ('河道治理见效', 'held', 'bunching'),
               ('就业服务升级', 'held', 'bunching')])
        told = letters(o, STAFF, '待处理')
        equal(len(told), 2)
        true('集中报送' in told[0] and '受理' in told[0], told[0])
        # the next month begins anew
        sends(o, '防汛准备就绪', '2019-04-01 09:00')
        o.poll(now='2019-04-01 09:10')
        equal(judged(o)[-1][1], 'accepted')


@test('bunching: what staff accept is not held again, and is noted')
def _():
    with office(BUNCHING % 'hold') as o:
        name = sends(o, '项目建设提速', '2019-03-30 09:00')
        o.poll(now='2019-03-30 09:10')
        equal(judged(o), [('项目建设提速', 'held', 'bunching', [])])
        o.must('desk', '重办', '待-1', now='2019-03-30 09:20')
        equal(judged(o)[0][1:3], ('held', 'bunching'))
        o.must('desk', '受理', '待-1', now='2019-03-30 09:30')
        equal(judged(o), [('项目建设提速', 'accepted', '', ['bunching'])])
        o.poll(now='2019-03-30 09:40')
        o.put_back(name)
        o.poll(now='2019-03-30 09:50')
        equal(judged(o)[0][1], 'accepted')
        # the same once more is a version of it, and says when it came first
        sends(o, '项目建设提速', '2019-03-31 09:00')
        o.poll(now='2019-03-31 09:10')
        equal(judged(o)[1][1], 'accepted')
        equal(o.rows('SELECT count(*) FROM submission'), [(1,)])
        [item] = o.json('list', now='2019-03-31 09:20')
        true('bunching' in item['notes'], item)
        equal(['集中报送' in x for x in
               ledger(o, '提示', '2019-03-31 09:30')], [True])


@test('bunching: returned, and only noted, as the pack says')
def _():
    with office(BUNCHING % 'return') as o:
        sends(o, '项目建设提速', '2019-03-30 09:00')
        o.poll(now='2019-03-30 09:10')
        equal(judged(o)[0][1:3], ('returned', 'bunching'))
        [letter] = letters(o, FINANCE[1], '退回')
        true('本期报送集中在期末' in letter, letter)
    with office(BUNCHING % 'note') as o:
        sends(o, '项目建设提速', '2019-03-30 09:00')
        sends(o, '就业服务升级', '2019-03-28 09:00', unit=WATER)
        o.poll(now='2019-03-30 09:10')
        equal(judged(o), [('就业服务升级', 'accepted', '', []),
                          ('项目建设提速', 'accepted', '', ['bunching'])])
        [letter] = letters(o, FINANCE[1], '已受理')
        true('集中在期末' in letter, letter)
        [letter] = letters(o, WATER[1], '已受理')
        true('集中在期末' not in letter, letter)


def copied(o, at='2019-03-06 09:00'):
    """WATER sends what FINANCE has sent."""
    sends(o, '春耕备播进展', '2019-03-05 09:00', prose(1))
    o.poll(now='2019-03-05 09:10')
    return sends(o, '全县备播就绪', at, prose(1) + '特此报告。', WATER)


@test('similar: held, with what it is like; accepted, it is noted')
def _():
    with office(SIMILAR % 'hold') as o:
        copied(o)
        o.poll(now='2019-03-06 09:10')
        equal(judged(o), [('春耕备播进展', 'accepted', '', []),
                          ('全县备播就绪', 'held', 'similar', [])])
        equal(o.rows('SELECT count(*) FROM similar'), [(0,)])
        [told] = letters(o, STAFF, '待处理')
        true('相近的是：2019-0001 ' in told, told)
        equal(letters(o, STAFF, '查重'), [])
        o.must('desk', '受理', '待-1', now='2019-03-06 09:30')
        o.poll(now='2019-03-06 09:40')
        equal(judged(o)[1][1:], ('accepted', '', ['similar']))
        equal(len(letters(o, STAFF, '查重')), 1)
        true('2019-0001' not in ''.join(letters(o, WATER[1], '')), 'told')
        # a second sending is the same submission, not held again
        sends(o, '全县备播就绪', '2019-03-07 09:00', prose(1) + '特此报告。',
              WATER)
        o.poll(now='2019-03-07 09:10')
        equal(judged(o)[2][1], 'accepted')
        equal(o.rows('SELECT version FROM submission ORDER BY id'),
              [(1,), (2,)])


@test('similar: returned, and the unit is not told whose it is')
def _():
    with office(SIMILAR % 'return') as o:
        copied(o)
        o.poll(now='2019-03-06 09:10')
        equal(judged(o)[1][1:3], ('returned', 'similar'))
        [letter] = letters(o, WATER[1], '退回')
        true('内容相近' in letter and '请核实是否重复报送' in letter, letter)
        true('2019-0001' not in letter and FINANCE[0] not in letter, letter)
        # its own is no other's
        sends(o, '春耕备播续报', '2019-03-07 09:00', prose(1) + '续。')
        o.poll(now='2019-03-07 09:10')
        equal(judged(o)[2][1], 'accepted')


@test('similar: noted once, staff told, the unit not')
def _():
    with office(SIMILAR % 'note') as o:
        copied(o)
        o.poll(now='2019-03-06 09:10')
        equal(judged(o)[1][1:], ('accepted', '', ['similar']))
        equal(len(letters(o, STAFF, '查重')), 1)
        true('相近' not in ''.join(letters(o, WATER[1], '')), 'told')
        # returned or held for another reason: no number yet to tell staff of
        o.deliver(draft('减税政策落地-县水利局-张敏', prose(1),
                        sender=WATER[1]), '2019-03-07 09:00')
        o.deliver(draft('水库除险加固-县水利局-张敏-0539-6201001', prose(1),
                        sender='x@tancheng.example',
                        headers=[('Authentication-Results^', FAILED)]),
                  '2019-03-07 09:01')
        o.poll(now='2019-03-07 09:10')
        equal([j[1:] for j in judged(o)[2:]],
              [('returned', 'no-phone', ['similar']),
               ('held', 'failed-authentication', ['similar'])])
        equal(len(letters(o, STAFF, '查重')), 1)


@test('both at once, in one batch, with an import in between')
def _():
    with office(SIMILAR % 'hold', BUNCHING % 'hold') as o:
        sends(o, '春耕备播进展', '2019-03-05 09:00', prose(1))
        sends(o, '河道治理见效', '2019-03-05 09:01', prose(2), WATER)
        sends(o, '全县备播就绪', '2019-03-30 09:00', prose(1), WATER)
        o.poll(now='2019-03-30 09:10')
        equal(judged(o)[2][1:3], ('held', 'similar'))
        path = f'{o.folder}/old.eml'
        with open(path, 'wb') as f:
            f.write(draft('备播再部署-县民政局-王强-0539-6201003', prose(1),
                          sender='mzj@tancheng.example'))
        o.must('import', path, now='2019-03-30 09:20')
        equal(judged(o)[3][1], 'held')
        true('similar' in judged(o)[3][2], judged(o))
        # a replay asks no register
        equal([r['verdict'] for r in o.replay(path)], ['accepted'])


@test('the tag that is missing is named, to be copied')
def _():
    with office('{check: [no-tag], text: 报政务, then: return, clause: 七}') as o:
        sends(o, '春耕备播进展顺利', '2019-03-20 09:00')
        o.poll()
        back, = o.sent(FINANCE[1])
        true('没有读到规定的标识“报政务”。请按规定加注“报政务”后重新发送' in
             text_of(back).replace('\r', '').replace('\n', ''), text_of(back))


finish()
