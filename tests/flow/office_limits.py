#!/usr/bin/python3
"""Nobody can, by writing mail, keep others from being told: what the limits
on automatic letters hold back, and what they never do."""
import contextlib

from fakes import by_smtp
from mails import UNIT, draft, mail, order
from office import STAFF, Office, parse, text_of
from servers import tempdir
from tap import equal, finish, test, true

OFFICER = 'baomi@mail.tancheng.example'
OTHER = 'lisi@mail.tancheng.example'
TITLES = ('春耕备播进展顺利', '减税降费政策落地见效', '物价总体保持平稳',
          '水库除险加固完工', '城乡低保提标启动', '节日市场供应充足')


def subject(n):
    return f'{TITLES[n % 6]}{n or ""}-县财政局-张敏-0539-6201001'


def informants(text):
    """The roster, in which UNIT is an informant of 财政局."""
    short = '    short: 财政局\n'
    return text.replace(short, f'{short}    informants:\n'
                        f'      - {{name: 张敏, address: {UNIT}}}\n', 1)


@contextlib.contextmanager
def office(more='', set_up=True):
    with tempdir() as tmp:
        o = Office(tmp, more=more)
        o.own_rules(more, informants)
        if set_up:
            o.set_up()
        yield o


def letters(o, to, kind):
    return o.rows('SELECT state FROM mail WHERE recipient = ? AND kind = ? '
                  'ORDER BY id', to, kind)


def chatter(o, sender, n, day='2019-03-20 08'):
    for k in range(n):
        o.deliver(mail(f'随便第{k}次', f'x{k}', sender=sender), f'{day}:{k:02}')


@test('P6 mails in the name of an officer do not keep a 涉密 notice back')
def _():
    with office(f'replies-per-day: 5\nsecrecy-officers: {OFFICER}\n') as o:
        chatter(o, OFFICER, 6)
        o.deliver(mail('机密★5年 某事', 'x', sender='q@q.example'),
                  '2019-03-20 09:00')
        o.poll()
        equal(letters(o, OFFICER, 'reply')[-1], ('suppressed',))
        equal(letters(o, OFFICER, 'staff'), [('sent',)])


@test('P6 mails in the name of a unit do not keep a commission back')
def _():
    with office('replies-per-day: 5\nreplies-per-hour: 5\n') as o:
        chatter(o, UNIT, 6)
        chatter(o, 'wuming@elsewhere.example', 5)
        o.poll(now='2019-03-20 10:00')
        said = o.must('desk', '约稿 春耕备播\n截止：3月25日\n单位：财政局',
                      now='2019-03-20 10:01').out
        true('已通知1个单位' in said, said)
        o.poll(now='2019-03-20 10:02')
        equal(letters(o, UNIT, 'notice'), [('sent',)])


@test('P6 answers to questions are limited as receipts are')
def _():
    with office('replies-per-day: 5\n') as o:
        for k in range(9):
            o.deliver(mail('得分', f'x{k}', sender=UNIT), f'2019-03-20 09:0{k}')
        o.deliver(draft(subject(0)), '2019-03-20 09:30')
        o.poll()
        equal([s for s, in letters(o, UNIT, 'answer')],
              ['sent'] * 5 + ['suppressed'] * 4)
        equal(letters(o, UNIT, 'reply'), [('suppressed',)])


@test('P6 answers to orders of staff are not; a robot at their address is')
def _():
    with office('replies-per-day: 2\nreplies-per-hour: 3\n') as o:
        for k in range(3):
            o.deliver(order(f'得分 财政局 2019-0{k + 1}'), f'2019-03-20 09:0{k}')
        o.poll(now='2019-03-20 10:00')
        equal([s for s, in letters(o, STAFF, 'answer')], ['sent'] * 3)
        chatter(o, STAFF, 5)
        o.poll(now='2019-03-20 11:01')
        equal([s for s, in letters(o, STAFF, 'reply')],
              ['sent'] * 2 + ['suppressed'] * 3)


@test('A23 staff are told once of an address, however it is written')
def _():
    with office('replies-per-day: 2\n') as o:
        for k in range(6):
            name = 'abcdef'[:k].upper() + 'abcdef'[k:]
            o.deliver(mail(f'随便{k}', f'x{k}', sender=f'{name}@x.example'),
                      f'2019-03-20 09:0{k}')
        o.poll()
        equal(len([m for m in o.sent(STAFF)
                   if '自动答复已暂停' in m['Subject']]), 1)


@test('A24 letters over the limit of the hour keep their order')
def _():
    with office('replies-per-hour: 3\n') as o:
        chatter(o, 'wuming@elsewhere.example', 3)
        o.deliver(mail('稿子', 'x', sender=UNIT), '2019-03-20 08:30')
        o.poll(now='2019-03-20 09:00')
        equal(letters(o, UNIT, 'reply'), [('pending',)])
        o.poll(now='2019-03-20 09:58')
        for n, now in enumerate(('10:01', '10:04')):
            o.deliver(draft(subject(n)), f'2019-03-20 {now}')
            o.poll(now=f'2019-03-20 {now}')
            states = [s for s, in letters(o, UNIT, 'reply')]
            equal(states, sorted(states, reverse=True), 'the older ones first')
        equal(states, ['sent'] * 3)


@test('A18 the mail that came back is named by an answer to it, or by an id')
def _():
    for header in ('In-Reply-To', 'References'):
        with office() as o:
            o.deliver(draft(subject(0)), '2019-03-20 09:00')
            o.poll(now='2019-03-20 09:01')
            receipt, = o.sent(UNIT)
            o.deliver(mail('系统退信', '无法送达', sender='postmaster@qq.example',
                           headers=[(header, receipt['Message-ID'])]),
                      '2019-03-20 09:05')
            o.poll(now='2019-03-20 09:06')
            equal(letters(o, UNIT, 'reply'), [('bounced',)])


@test('B11 a letter to one of the staff that fails is told to the others, once')
def _():
    with by_smtp() as (o, s):
        with open(o.config, encoding='utf-8') as f:
            text = f.read()
        with open(o.config, 'w', encoding='utf-8') as f:
            f.write(text.replace('staff:\n', 'staff:\n  - {name: 李四, '
                                 f'address: {OTHER}}}\n'))
        s.replies[f'RCPT TO:<{OTHER}>'] = '550 no such user'
        for n in range(3):
            o.deliver(draft(f'{TITLES[n]}-县农业农材局-张敏-0539-6201001'),
                      f'2019-03-20 09:0{n}')
        o.poll()
        told = [m for m in map(parse, (m.data for m in s.mails))
                if '未能送达' in m['Subject']]
        equal([m['To'] for m in told], [STAFF])
        true(OTHER in text_of(told[0]), text_of(told[0]))


finish()
