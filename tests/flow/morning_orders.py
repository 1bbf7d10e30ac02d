#!/usr/bin/python3
"""The morning's letter tells all staff what was ordered, whoever ordered it:
who holds one mailbox and deletes the answers has not hidden anything."""
import atexit
import contextlib
import os
import re
import shutil
import sqlite3
import tempfile

from mails import draft, mail, order
from office import ROOT, STAFF, Office
from office import text_of as raw_text_of
from tap import equal, finish, test, true

OTHER = 'liuyang@mail.tancheng.example'
THIRD = 'lina@mail.tancheng.example'
MORE = (f'  - {{name: 刘洋, address: {OTHER}}}\n'
        f'  - {{name: 李娜, address: {THIRD}}}\n'
        'ledger-at: "08:30"\n')
KILLED = -9


def text_of(message):
    return raw_text_of(message).replace('\r', '')


def office(unproven=False):
    """Three of staff; a mail that is accepted, one that waits; the letters of
    Tuesday morning, 5 March 2019, have gone out."""
    folder = tempfile.mkdtemp(prefix='baosong-orders-')
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    o = Office(folder, more=MORE)
    if unproven:
        with open(o.config, encoding='utf-8') as f:
            text = f.read()
        with open(o.config, 'w', encoding='utf-8') as f:
            f.write(re.sub('(?m)^(trusted-authserv|own-hosts):.*\n', '', text))
    o.set_up()
    o.deliver(draft('财政资金直达基层-县财政局-张敏-0539-6201001'),
              '2019-03-04 15:00')
    o.deliver(draft('春耕备播进展顺利-县农业农材局-张敏-0539-6201001',
                    '春耕备播进展顺利。'), '2019-03-05 07:00')
    o.poll(now='2019-03-05 08:31')
    return o


def give(o, lines, at, sender=STAFF):
    o.deliver(order(lines, sender=sender), at)
    o.poll(now=at)


def digests(o, to=STAFF):
    return [m for m in o.sent(to) if '审计链完整' in text_of(m)
            or '不完整' in m['Subject']]


@test('an order by one of staff is told to all of them the next morning, once')
def _():
    o = office()
    before = len(digests(o))
    give(o, '标注 2019-0001 普刊 2019-03-04\n退回 待-1 请核实单位\n'
            '查询 2019-0001\n', '2019-03-05 09:30', OTHER)
    o.poll(now='2019-03-05 18:00')
    equal(len(digests(o)), before, 'not before the morning')
    o.poll(now='2019-03-06 08:29')
    equal(len(digests(o)), before)
    o.poll(now='2019-03-06 08:30')
    for address in (STAFF, OTHER, THIRD):
        letter = digests(o, address)[-1]
        said = text_of(letter)
        equal(letter['Subject'], '命令办理情况：1件')
        for words in (f'命令1　2019年3月5日9时30分　刘洋（{OTHER}）\n',
                      '　　标注：2019-0001 普刊 2019-03-04\n',
                      '　　退回来信：待-1\n', '审计链完整'):
            true(words in said, said)
        true('财政资金' not in said and '春耕' not in said and '请核实' not in
             said, said)
    count = len(digests(o))
    for day in (7, 8):
        o.poll(now=f'2019-03-0{day} 08:40')
    equal(len(digests(o)), count, 'there is nothing new')


@test('the command line, what was undone, questions; with the mail that waits')
def _():
    o = office()
    o.must('desk', '--as', '李娜', '信息员 财政局 张敏 zhang@dept.example',
           now='2019-03-05 10:00')
    o.must('desk', '记分 财政局 以干代训 2019-03-04 跟班一人',
           now='2019-03-05 10:10')
    o.must('desk', '撤销命令 2', now='2019-03-05 10:11')
    o.must('desk', '查询 2019-0001', now='2019-03-05 10:12')
    o.poll(now='2019-03-06 08:40')
    letter = digests(o, OTHER)[-1]
    said = text_of(letter)
    equal(letter['Subject'], '尚有1封来信待处理')
    for words in ('下列来信尚待信息科处理', '改动登记的命令共3件',
                  '命令1　2019年3月5日10时　李娜（在服务器上操作）\n'
                  '　　登记信息员：zhang@dept.example\n',
                  '命令2　2019年3月5日10时10分　王芳（在服务器上操作）　已撤销\n'
                  '　　标注：县财政局 以干代训 2019-03-04\n',
                  '　　撤销标注：县财政局 以干代训', '　　撤销：命令2\n',
                  '另有1件没有改动登记'):
        true(words in said, said)
    true('跟班' not in said, said)


@test('a question alone is no news; over the weekend all waits for Monday')
def _():
    o = office()
    give(o, '忽略 待-1\n', '2019-03-05 09:30')
    o.poll(now='2019-03-06 08:30')
    count = len(digests(o))
    give(o, '查询 2019-0001\n', '2019-03-06 09:30')
    o.poll(now='2019-03-07 08:30')
    equal(len(digests(o)), count)
    give(o, '标注 2019-0001 普刊 2019-03-04\n', '2019-03-09 09:30')
    o.poll(now='2019-03-10 09:00')
    equal(len(digests(o)), count)
    o.poll(now='2019-03-11 08:30')
    equal(len(digests(o)), count + 1)
    true('另有1件没有改动' in text_of(digests(o)[-1]), digests(o)[-1])


@test('many orders, many numbers: the first of them, and how many there are')
def _():
    o = office()
    for n in range(2, 14):
        o.deliver(draft(f'财政监管第{n}次推进-县财政局-张敏-0539-6201001',
                        f'第{n}次推进会召开，{n}项。'), '2019-03-05 09:00')
    o.poll(now='2019-03-05 09:01')
    o.must('desk', '-', now='2019-03-05 09:10', stdin=''.join(
        f'标注 2019-00{n:02} 普刊 2019-03-05\n' for n in range(1, 14)))
    for n in range(30):
        o.must('desk', f'补录 财政局 会上的建议{n} 2019-03-05',
               now='2019-03-05 09:20')
    o.poll(now='2019-03-06 08:30')
    said = text_of(digests(o)[-1])
    true('2019-0010 普刊 2019-03-05等13项' in said and '2019-0011' not in said,
         said)
    equal(len(re.findall('(?m)^命令[0-9]+　', said)), 25)
    equal(re.search('命令共([0-9]+)件：', said).group(1), '31')
    true('另有6件未列出' in said and '建议' not in said, said)


@test('what 清除 removed is not named, nor are codes that were wrong forgotten')
def _():
    o = office(unproven=True)
    o.must('desk', '改 2019-0001 标题=不得外传的标题', now='2019-03-05 09:00')
    o.must('desk', '清除 2019-0001', now='2019-03-05 09:10')
    o.deliver(order('忽略 待-1\n', proof=None), '2019-03-05 09:20')
    o.poll(now='2019-03-05 09:21')
    code = re.search(r'确认 (\d{6})', text_of(o.sent(STAFF)[-1])).group(1)
    wrong = f'{(int(code) + 1) % 1000000:06}'
    for n in range(2):
        o.deliver(mail('确认', f'确认 {wrong}', sender=STAFF),
                  f'2019-03-05 09:3{n}')
    o.poll(now='2019-03-05 09:40')
    o.poll(now='2019-03-06 08:30')
    said = text_of(digests(o, OTHER)[-1])
    true('清除：2019-0001' in said and '外传' not in said and '直达基层' not in
         said, said)
    true('有2封来信的确认码不符' in said, said)


@contextlib.contextmanager
def unreachable(o):
    """What is sent fails, for now."""
    shutil.move(o.outgoing, f'{o.outgoing}.away')
    with open(o.outgoing, 'w', encoding='utf-8'):
        pass
    yield
    os.remove(o.outgoing)
    shutil.move(f'{o.outgoing}.away', o.outgoing)


def orders_told(letter):
    return re.findall('(?m)^命令([0-9]+)　', text_of(letter))


@test('a letter that 清除 dropped before it was sent is told by the next one')
def _():
    o = office()
    give(o, '标注 2019-0001 普刊 2019-03-04\n', '2019-03-05 09:30', OTHER)
    o.poll(now='2019-03-06 08:30')
    equal(orders_told(digests(o)[-1]), ['1'])
    give(o, '退回 待-1 请核实单位\n', '2019-03-06 09:30', OTHER)
    with unreachable(o):
        for day in (7, 8):
            o.must('desk', '记分 财政局 以干代训 2019-03-04 跟班一人',
                   now=f'2019-03-0{day} 08:00')
            o.run('poll', now=f'2019-03-0{day} 08:30')
        o.must('desk', '清除 2019-0001', now='2019-03-08 09:00')
    before = len(digests(o))
    o.poll(now='2019-03-08 12:00')
    equal(len(digests(o)), before, 'dropped')
    o.poll(now='2019-03-11 08:30')
    for address in (STAFF, OTHER, THIRD):
        equal(orders_told(digests(o, address)[-1]), ['2', '3', '4', '5'])
    o.poll(now='2019-03-12 08:30')
    equal(len(digests(o)), before + 1, 'nothing is told twice')


@test('a letter that waits for its server is not told again by the next one')
def _():
    o = office()
    give(o, '标注 2019-0001 普刊 2019-03-04\n', '2019-03-05 09:30', OTHER)
    with unreachable(o):
        o.run('poll', now='2019-03-06 08:30')
        o.must('desk', '记分 财政局 以干代训 2019-03-04 跟班一人',
               now='2019-03-06 08:50')
        o.run('poll', now='2019-03-07 08:30')
    o.poll(now='2019-03-07 12:00')
    equal([orders_told(m) for m in digests(o)[-2:]], [['1'], ['2']])


@test('a history that somebody has changed is told, with nothing else to tell')
def _():
    for sql in ("DROP TRIGGER history_no_update; UPDATE history SET who = 'x' "
                "WHERE id = 1",
                'DROP TRIGGER history_words_no_delete; DROP TRIGGER '
                'history_no_delete; DELETE FROM history_words WHERE change = '
                '(SELECT max(id) FROM history); DELETE FROM history WHERE id '
                '= (SELECT max(id) FROM history)'):
        o = office()
        give(o, '忽略 待-1\n', '2019-03-05 09:30')
        o.poll(now='2019-03-06 08:30')
        with sqlite3.connect(f'{o.data}/register.db') as db:
            db.executescript(sql)
        db.close()
        o.poll(now='2019-03-07 08:30')
        letter = digests(o, OTHER)[-1]
        true('操作记录不完整' in letter['Subject'] and
             '审计链完整' not in text_of(letter), letter)


def contents(o):
    return sorted((m['To'], m['Subject'], text_of(m)) for m in digests(o, None))


@test('killed at every step of that morning: one letter each, and the same')
def _():
    evening = office()
    give(evening, '忽略 待-1\n', '2019-03-05 09:30')
    wanted, steps = None, 0
    while True:
        folder = tempfile.mkdtemp(prefix='baosong-orders-')
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        shutil.copytree(evening.folder, folder, dirs_exist_ok=True)
        o, steps = Office(folder), steps + 1
        if wanted is not None:
            r = o.run('poll', now='2019-03-06 08:30',
                      env={'BAOSONG_CRASH_AT': str(steps - 1)})
            if r.code != KILLED:
                equal(r.code, 0, r)
                break
        o.poll(now='2019-03-06 08:30')
        wanted = wanted or contents(o)
        equal(contents(o), wanted, steps)
    true(steps > 4, steps)


@test('there is a word for everything that can happen to the register')
def _():
    with open(f'{ROOT}/src/register/change.c', encoding='utf-8') as f:
        kinds = re.findall(r'\[CHANGE_\w+\] = "([a-z-]+)"', f.read())
    with open(f'{ROOT}/templates/waiting.txt.mustache', encoding='utf-8') as f:
        words = re.findall(r'\{\{#(\w+)\}\}', f.read())
    equal([k for k in kinds if k.replace('-', '_') not in words], [])
    true(len(kinds) > 20, kinds)


@test('check says that two people at least should get these letters')
def _():
    o = office()
    true('only one' not in o.run('check', now='2019-03-05 09:00').out)
    with open(o.config, encoding='utf-8') as f:
        text = f.read()
    with open(o.config, 'w', encoding='utf-8') as f:
        f.write(re.sub('(?m)^  - {name: (刘洋|李娜).*\n', '', text))
    r = o.run('check', now='2019-03-05 09:00')
    true('only one' in r.out and 'NOT OK' not in r.out, r)


finish()
