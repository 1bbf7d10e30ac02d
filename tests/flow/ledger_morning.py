#!/usr/bin/python3
"""The ledger that comes by itself: every working morning when something new
was recorded, once, whatever happens; and what `status` says of it."""
import atexit
import io
import shutil
import tempfile

import openpyxl

from mails import draft, mail, order
from office import STAFF, Office, text_of
from tap import equal, finish, test, true

OTHER = 'liuyang@mail.tancheng.example'
TWO = f'  - {{name: 刘洋, address: {OTHER}}}\n'
KILLED = -9


def office(at='08:30', more='', files=None):
    """Set up on Friday, 1 March 2019; a first mail on Monday afternoon."""
    folder = tempfile.mkdtemp(prefix='baosong-morning-')
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name, text in (files or {}).items():
        with open(f'{folder}/{name}', 'w', encoding='utf-8') as f:
            f.write(text)
    o = Office(folder, more=f'{TWO}{more}' + (f'ledger-at: "{at}"\n' if at else ''))
    o.set_up()
    submit(o, 1, '2019-03-04 15:00')
    return o


def again(o):
    """The same office as it stands, in a folder of its own."""
    folder = tempfile.mkdtemp(prefix='baosong-morning-')
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    shutil.copytree(o.folder, folder, dirs_exist_ok=True)
    return Office(folder)


def submit(o, n, at):
    o.deliver(draft(f'财政资金直达基层第{n}期-县财政局-张敏-0539-6201001',
                    f'全县第{n}批资金{n}.2亿元已经下达。'), at)
    o.poll(now=at)


def ledgers(o, to=None):
    return [m for m in o.sent(to) if '台账' in m['Subject']]


def rows(message):
    """{number: notes} of the workbook attached."""
    sheet = [p for p in message.walk() if p.get_filename()][0]
    book = openpyxl.load_workbook(io.BytesIO(sheet.get_payload(decode=True)))
    head = [c.value for c in book['台账'][1]]
    return {r[0]: r[head.index('提示')] or '' for r in
            book['台账'].iter_rows(min_row=2, values_only=True)}


@test('the morning after, to all staff, once; nothing new: nothing')
def _():
    o = office()
    o.poll(now='2019-03-05 08:29')
    equal(ledgers(o), [])
    o.poll(now='2019-03-05 08:30')
    equal([m['To'] for m in ledgers(o)], [STAFF, OTHER])
    true('2019年3月份政务信息报送台账' in ledgers(o)[0]['Subject'])
    true('2019年3月5日8时30分' in text_of(ledgers(o)[0]))
    submit(o, 2, '2019-03-05 10:00')
    o.poll(now='2019-03-05 17:00')
    equal(len(ledgers(o)), 2)
    o.poll(now='2019-03-06 08:31')
    equal(len(ledgers(o)), 4)
    o.poll(now='2019-03-07 08:31')
    o.poll(now='2019-03-08 08:31')
    equal(len(ledgers(o)), 4)


@test('what came since the last one is noted as new')
def _():
    o = office()
    o.poll(now='2019-03-05 08:30')
    true('新收' not in rows(ledgers(o)[-1])['2019-0001'])
    submit(o, 2, '2019-03-05 10:00')
    o.poll(now='2019-03-06 08:31')
    last = ledgers(o)[-1]
    true('新收1条' in last['Subject'], last['Subject'])
    true('新收' not in rows(last)['2019-0001'], rows(last))
    true(rows(last)['2019-0002'].startswith('新收'), rows(last))


@test('what is open stands in the letter, and in status')
def _():
    o = office()
    o.must('desk', '-', now='2019-03-04 16:00', stdin='''约稿 春耕备播有关情况
截止：2019-03-08 17:00
单位：财政局、税务局
''')
    o.must('desk', '紧急', '2019-0001', '发生=2019-03-04 14:30', '燃气泄漏',
           now='2019-03-04 16:01')
    o.poll(now='2019-03-05 08:30')
    letter = text_of(ledgers(o, STAFF)[0])
    true('尚未办结的事项' in letter, letter)
    true('约稿2019-01《春耕备播有关情况》，2019年3月8日17时截止，还有2个单位未报'
         in letter, letter)
    true('紧急信息紧2019-01《燃气泄漏》' in letter, letter)
    said = o.json('status', now='2019-03-05 08:31')
    equal((said['open_incidents'], said['owed_commissions']),
          (['2019-01'], ['2019-01']))
    o.must('desk', '终结', '紧2019-01', now='2019-03-05 09:00')
    for unit in ('财政局', '税务局'):
        o.must('desk', '免约', '2019-01', unit, '另行报送',
               now='2019-03-05 09:00')
    said = o.json('status', now='2019-03-05 09:01')
    equal((said['open_incidents'], said['owed_commissions']), ([], []))
    submit(o, 2, '2019-03-05 15:00')
    o.poll(now='2019-03-06 08:30')
    true('尚未办结' not in text_of(ledgers(o, STAFF)[-1]))


def reminders(o):
    return [text_of(m) for m in o.sent(STAFF) if '来信待处理' in m['Subject']]


@test('P11 what waits for staff is told every working morning until decided')
def _():
    o = office()
    o.poll(now='2019-03-05 08:40')
    equal(reminders(o), [], 'nothing waits')
    o.deliver(draft('春耕备播进展顺利-县农业农材局-张敏-0539-6201001'),
              '2019-03-05 09:00')
    o.deliver(mail('机密★5年 某事', 'x', sender='q@q.example'),
              '2019-03-05 09:01')
    o.poll(now='2019-03-05 09:05')
    equal(reminders(o), [], 'its own notice has just gone out')
    for n, day in enumerate((6, 7, 8)):
        o.poll(now=f'2019-03-0{day} 08:40')
        equal(len(reminders(o)), n + 1)
    said = reminders(o)[-1]
    true('待-1　2019年3月5日9时　' in said and '县农业农材局' in said, said)
    true('待-2' in said and '疑似涉密' in said and '某事' not in said, said)
    o.poll(now='2019-03-09 08:40')
    equal(len(reminders(o)), 3, 'not at the weekend')
    o.must('desk', '忽略 待-1', now='2019-03-09 09:00')
    o.must('desk', '确认涉密 待-2', now='2019-03-09 09:00')
    o.poll(now='2019-03-11 08:40')
    equal(len(reminders(o)), 3, 'all is decided')


@test('findings stand in words: length, sender')
def _():
    o = office()
    o.deliver(draft('农村公路建设调研报告-县财政局-张敏-0539-6201001',
                    '全面推进农村公路建设。' * 300), '2019-03-04 16:00')
    o.poll(now='2019-03-05 08:30')
    notes = rows(ledgers(o)[-1])
    equal(notes['2019-0001'], '发件邮箱未备案')
    true('篇幅偏长' in notes['2019-0002'], notes)


@test('not at the weekend, not on a holiday; what waited comes then')
def _():
    o = office(more='holidays: days\n',
               files={'days': '2019-03-11 放假\n+2019-03-16 上班\n'})
    o.poll(now='2019-03-05 08:30')
    submit(o, 2, '2019-03-08 17:30')
    for day in ('09', '10', '11'):
        o.poll(now=f'2019-03-{day} 09:00')
    equal(len(ledgers(o)), 2)
    o.poll(now='2019-03-12 09:00')
    equal(len(ledgers(o)), 4)
    submit(o, 3, '2019-03-15 17:30')
    o.poll(now='2019-03-16 09:00')
    equal(len(ledgers(o)), 6)


@test('off for a week: one ledger; the last day of a month is in its own')
def _():
    o = office()
    o.poll(now='2019-03-05 08:30')
    for n in range(2, 5):
        o.deliver(draft(f'财政监管工作第{n}次推进-县财政局-张敏-0539-6201001',
                        f'第{n}次推进会召开。'),
                  f'2019-03-{26 + n} 16:00')
    o.deliver(draft('四月份财政监管工作推进-县财政局-张敏-0539-6201001',
                    '5项工作推进。'),
              '2019-04-01 07:00')
    o.poll(now='2019-04-01 08:45')
    got = [(m['Subject'], rows(m)) for m in ledgers(o, STAFF)[1:]]
    equal([list(r) for _, r in got],
          [['2019-0001', '2019-0002', '2019-0003', '2019-0004'],
           ['2019-0005']])
    true('3月份' in got[0][0] and '4月份' in got[1][0], got)


@test('never, another hour, nonsense')
def _():
    o = office('never')
    o.poll(now='2019-03-05 18:00')
    equal(ledgers(o), [])
    true('ledger' not in o.run('status', now='2019-03-05 18:00').out)
    o = office('16:45')
    o.poll(now='2019-03-05 16:44')
    equal(ledgers(o), [])
    o.poll(now='2019-03-05 16:45')
    equal(len(ledgers(o)), 2)
    for bad in ('24:00', '8', '08:60', 'noon', '8:5x'):
        o.configure(f'ledger-at: "{bad}"\n')
        r = o.run('poll', now='2019-03-06 09:00')
        true(r.code == 78 and bad in r.err and 'baosong.yaml:' in r.err, r)


@test('the default is half past eight; status names it as next due')
def _():
    o = office(None)
    with open(o.config, encoding='utf-8') as f:
        text = f.read()
    with open(o.config, 'w', encoding='utf-8') as f:
        f.write(text.replace('ledger-at: never\n', ''))
    said = o.json('status', now='2019-03-05 08:00')
    equal((said['next_due'], said['next_due_at']),
          ('ledger 2019-03-05', '2019-03-05T08:30:00+08:00'))
    o.poll(now='2019-03-05 08:30')
    equal(len(ledgers(o)), 2)
    said = o.json('status', now='2019-03-08 18:00')
    o.poll(now='2019-03-08 18:00')
    said = o.json('status', now='2019-03-08 18:00')
    equal(said['next_due'], 'ledger 2019-03-11')


def contents(message):
    """All but the Message-ID, of which the boundary is made."""
    return [str(message['Subject'])] + [
        p.get_payload(decode=True) for p in message.walk()
        if not p.is_multipart()]


@test('killed at every step of that morning: one ledger each, the same bytes')
def _():
    o = office()
    o.poll(now='2019-03-05 08:30')
    want = {m['To']: contents(m) for m in ledgers(o)}
    evening, steps = office(), 0
    while True:
        steps += 1
        o = again(evening)
        r = o.run('poll', now='2019-03-05 08:30',
                  env={'BAOSONG_CRASH_AT': str(steps)})
        if r.code != KILLED:
            equal(r.code, 0, r)
            break
        o.poll(now='2019-03-05 08:30')
        equal({m['To']: contents(m) for m in ledgers(o)}, want, steps)
        equal(len({m['Message-ID'] for m in ledgers(o)}), 2, steps)
    true(steps > 3, steps)


@test('the morning\'s ledger comes back filled in, from either of the staff')
def _():
    o = office()
    o.poll(now='2019-03-05 08:30')
    sheet = [p for p in ledgers(o)[1].walk() if p.get_filename()][0]
    book = openpyxl.load_workbook(io.BytesIO(sheet.get_payload(decode=True)))
    head = [c.value for c in book['台账'][1]]
    book['台账'].cell(2, head.index('标注1') + 1).value = '普刊'
    out = io.BytesIO()
    book.save(out)
    o.deliver(order('', sender=STAFF, files=[('台账.xlsx', out.getvalue())]),
              '2019-03-05 09:00')
    o.poll(now='2019-03-05 09:01')
    equal([m['item'] for m in
           o.json('list', '2019-03', now='2019-03-05 10:00')[0]['marks']],
          ['普刊'])
    o.deliver(order('', sender=STAFF, files=[
        ('台账.xlsx', sheet.get_payload(decode=True))]), '2019-03-05 10:00')
    o.poll(now='2019-03-05 10:01')
    done, same = [text_of(m) for m in o.sent(STAFF)
                  if '命令' in m['Subject']]
    true('如需全部撤销，请发送：撤销命令' in done, done)
    true('没有新的改动' in same and '撤回' not in same, same)


finish()
