"""Scenarios: states of an office and what is run in them.  crashing.py kills
the program while it runs; tests/faults lets the machine under it fail."""
import os
import sqlite3
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path.insert(0, f'{ROOT}/tests/flow')

import openpyxl                                                 # noqa: E402

from mails import docx, draft, mail, order                      # noqa: E402

LIMIT = 'size-limit: 1 MB\n'
HOST, DOMAIN = 'mail.tancheng.example', 'tancheng.example'
PROVEN = f'Authentication-Results: {HOST}; dmarc=pass header.from={{}}\r\n'
FAILED = f'Authentication-Results: {HOST}; dmarc=fail header.from={{}}\r\n'
MARCH, LATER, APRIL = '2019-03-20 17:00', '2019-03-28 10:00', '2019-04-01 09:00'


# ---- what lies in the mailbox ----

def damaged():
    """A Word file of which some bytes were lost on the way."""
    data = docx()
    return data[:len(data) // 2] + data[len(data) // 2 + 40:]


def deliver_mixed(o):
    """The demo's month, and what a month seldom has: a second copy, another
    content under the same Message-ID, a damaged file, one too large, orders
    proven in three ways and not at all, a bounce, a question."""
    o.deliver_demo()
    first = draft('物价保持平稳-县发改局-周涛-6201188')
    for data, at in (
            (first, '2019-03-18 10:00'),
            (first, '2019-03-18 10:05'),
            (draft('物价保持平稳-县发改局-周涛-6201188', '更正后的稿件，环比上涨0.4%。',
                   message_id='<test.same@tancheng.example>'),
             '2019-03-18 10:06'),
            (draft('粮食储备充足-县发改局-周涛-6201188', '储备粮4.2万吨。',
                   message_id='<test.same@tancheng.example>'),
             '2019-03-18 10:07'),
            (mail('社保扩面-县人社局-刘洋-6202020',
                  files=[('稿件.docx', damaged())]), '2019-03-18 10:08'),
            (mail('大文件-县财政局-张敏-6201001',
                  files=[('图.docx', os.urandom(1 << 20))]),
             '2019-03-18 10:09'),
            (order('补录 财政局 电话报送的信息 2019-03-11\n标注 2019-0001 没有此项\n',
                   proof='dkim'), '2019-03-20 09:00'),
            (order('得分 财政局 2019-03\n', proof='auth'), '2019-03-20 09:01'),
            (order('退稿 2019-0001 冒充的命令\n', proof='spf'),
             '2019-03-20 09:02'),
            (order('退稿 2019-0002 冒充的命令\n', proof=None),
             '2019-03-20 09:03'),
            (mail('Undelivered Mail Returned to Sender', 'unknown user',
                  sender='MAILER-DAEMON@mail.tancheng.example',
                  headers=[('Return-Path^', '<>')]), '2019-03-20 09:04')):
        o.deliver(data, at)


# ---- scenarios ----

class Scenario:
    """prepare(office) makes the state in which `arguments` are run at `now`.
    once: a person gave the command and repeats it only when it had no
    effect; otherwise it is simply run again.  more: another poll follows,
    for what the orders bring about is done at the next look."""

    def __init__(self, name, prepare, arguments, now, once=False, more=False):
        self.name, self.prepare, self.once = name, prepare, once
        self.arguments, self.now = arguments, now
        self.more = more or once


def nothing(_):
    pass


def first_look(o):
    """Mail of the weeks before the office was set up, and of the last days."""
    o.configure(LIMIT)
    deliver_mixed(o)


def a_month(o):
    o.configure(LIMIT)
    o.set_up()
    deliver_mixed(o)


def after_the_month(o):
    a_month(o)
    o.poll(now=MARCH)


def handle(o, reason):
    """The handle of what is held for this reason."""
    return next(m['handle'] for m in o.json('held', now=LATER)
                if reason in m['reasons'])


def of_the_first_schema(o):
    """A register that an old program left, and a mail since then."""
    o.configure(LIMIT)
    os.makedirs(o.data, 0o700)
    with open(f'{ROOT}/tests/data/register-1.sql', encoding='utf-8') as f:
        dump = f.read().replace('@MAILBOX@', o.mailbox)
    db = sqlite3.connect(f'{o.data}/register.db')
    db.execute('PRAGMA journal_mode = WAL')
    db.execute('PRAGMA application_id = 1112756807')
    db.executescript(dump)
    db.close()
    os.chmod(f'{o.data}/register.db', 0o600)
    with open(f'{o.data}/register.state', 'w', encoding='ascii') as f:
        f.write('closed           1553073000\n')
    o.deliver(draft('粮食储备充足-县发改局-周涛-6201188', '储备粮4.2万吨。'),
              '2019-03-27 09:00')


# Orders of the desk, each upon what those before it have left.
ORDERS = (
    lambda o: ['标注', '2019-0003', '市专报采用', '2019-03-27'],
    lambda o: ['记分', '县人社局', '以干代训', '2019-03-26', '跟班一人'],
    lambda o: ['撤销', '2019-0003', '市专报采用', '误标'],
    lambda o: ['受理', handle(o, 'unknown-unit'), '单位=县商务局'],
    lambda o: ['退回', handle(o, 'unreadable'), '附件打不开，请重发'],
    lambda o: ['忽略', handle(o, 'unproven-command')],
    lambda o: ['补录', '县财政局', '座谈会上的建议', '2019-03-25'],
    lambda o: ['改', '2019-0004', '标题=一季度存贷款分析', '电话=6204456'],
    lambda o: ['退稿', '2019-0005', '内容重复'],
    lambda o: ['撤销命令', '5'],
    lambda o: ['清除', '2019-0006'],
    lambda o: ['解除隔离', handle(o, 'secrecy'), '并无密级'],
)


def after_orders(n):
    def prepare(o):
        after_the_month(o)
        for words in ORDERS[:n]:
            o.must('desk', *words(o), now=LATER)
    return prepare


def desk(words):
    """The arguments of an order on the command line."""
    return lambda o: ['desk', *words(o)]


def at_the_first(o):
    after_orders(len(ORDERS))(o)
    o.poll(now=APRIL)


ASK = ('约稿 春耕备播有关情况\n层级：县\n截止：3月30日17时\n'
       '单位：县商务局、县财政局、县人社局\n要求：写清进度\n')


def orders_by_mail(o):
    """A mail of orders of every kind, an incident, a false alarm, a purge,
    and an answer to a commission of the same look."""
    after_the_month(o)
    for n, lines in enumerate((
            ASK,
            '紧急 2019-0003 发生=2019-03-06 名称\n终结 紧急2019-01\n',
            f'解除隔离 {handle(o, "secrecy")}\n清除 2019-0006\n',
            '信息员 县财政局 张敏 czj@tancheng.example 0539-6201001\n',
            '标注 2019-0004 普刊 2019-03-25\n联合 2019-0004 财政局 税务局\n',
            '发布 2019-W11\n')):
        o.deliver(order(lines), f'2019-03-27 09:{n:02}')
    o.deliver(draft('[约稿2019-01] 春耕物资供应-县财政局-张敏-6201001',
                    '全县备足化肥2.6万吨。'), '2019-03-27 10:00')


def commissioned(o):
    after_the_month(o)
    o.must('desk', ASK, now='2019-03-21 09:00')
    o.poll(now='2019-03-21 09:01')


def deadline_over(o):
    commissioned(o)
    o.poll(now='2019-03-30 09:00')


def incident(o):
    """An event of eight, its 初报, and a pack that wants a 续报 by noon."""
    o.own_rules(LIMIT)
    path = f'{o.folder}/rules/pack.yaml'
    with open(path, encoding='utf-8') as f:
        text = f.read()
    with open(path, 'w', encoding='utf-8') as f:
        f.write(text.replace('\nitems:\n', '\nitems:\n  - {name: 续报迟报, '
                             'when: overdue, stage: 续报, within-hours: 4, '
                             'effect: criticism, clause: 三}\n', 1))
    o.set_up()
    o.deliver(draft('燃气泄漏险情初报-县财政局-张敏-6201001'), '2019-03-21 08:30')
    o.poll(now='2019-03-21 08:31')
    o.must('desk', '紧急', '2019-0001', '发生=2019-03-21 08:00',
           now='2019-03-21 08:40')


def behind_copies(o):
    """Proven mail whose unproven copies came first: one in an earlier look,
    one in the same."""
    after_the_month(o)
    forged = order('补录 财政局 电话报送的第二条信息\n', proof=None)
    o.deliver(forged, '2019-03-21 09:00')
    o.poll(now='2019-03-21 09:01')
    item = draft('粮食收购平稳-县发改局-周涛-6201188', '收购0.4万吨。')
    for data, at in ((PROVEN.format(HOST).encode() + forged, '2019-03-21 10:00'),
                     (FAILED.format(DOMAIN).encode() + item, '2019-03-21 10:01'),
                     (PROVEN.format(DOMAIN).encode() + item, '2019-03-21 10:02')):
        o.deliver(data, at)


def ledger(o):
    """A ledger as staff fill it in: a mark given, another taken back."""
    path = f'{o.folder}/台账.xlsx'
    o.must('desk', '标注', '2019-0003', '普刊', '2019-03-18', now=LATER)
    o.must('ledger', '2019-03', '-o', path, now=LATER)
    book = openpyxl.load_workbook(path)
    sheet = book['台账']
    title = [c.value for c in sheet[1]]
    mark, day = title.index('标注1'), title.index('日期1')
    for row in sheet.iter_rows(min_row=2):
        if row[0].value == '2019-0003':
            row[mark].value = row[day].value = None
        elif row[0].value in ('2019-0004', '2019-0005'):
            row[mark].value, row[day].value = '简讯', '2019-03-20'
    book.save(path)
    return path


def ledger_by_mail(o):
    after_the_month(o)
    with open(ledger(o), 'rb') as f:
        data = f.read()
    o.deliver(order('已填好。\n', subject='台账', files=[('台账.xlsx', data)]),
              LATER)


def ledger_on_disk(o):
    after_the_month(o)
    ledger(o)


def on_a_morning(o):
    """The ledger goes out by itself, with what came the day before."""
    o.configure(LIMIT + "ledger-at: '08:30'\n")
    o.set_up()
    deliver_mixed(o)
    o.poll(now=MARCH)
    o.deliver(draft('春茶开采-县农业农村局-孙丽-6203003', '开采1.2万亩。'),
              '2019-03-21 08:00')


def scenarios():
    yield Scenario('the very first poll', nothing, ['poll'], MARCH)
    yield Scenario('the first poll of an old mailbox', first_look, ['poll'],
                   MARCH)
    yield Scenario('a month of mail', a_month, ['poll'], MARCH)
    yield Scenario('a register of the first schema', of_the_first_schema,
                   ['poll'], LATER)
    for n, words in enumerate(ORDERS):
        yield Scenario(f'desk order {n + 1}', after_orders(n), desk(words),
                       LATER, once=True)
    yield Scenario('what the desk decided is carried out',
                   after_orders(len(ORDERS)), ['poll'], LATER)
    yield Scenario('the first of the month', after_orders(len(ORDERS)),
                   ['poll'], APRIL)
    yield Scenario('the bulletin is published', at_the_first,
                   desk(lambda o: ['发布', '2019-03']), APRIL, once=True)
    yield Scenario('proven mail behind its copies', behind_copies, ['poll'],
                   LATER)
    yield Scenario('orders by mail', orders_by_mail, ['poll'], LATER,
                   more=True)
    yield Scenario('a commission is sent out', after_the_month,
                   desk(lambda o: [ASK]), LATER, once=True)
    yield Scenario('units are reminded of a commission', commissioned,
                   ['poll'], '2019-03-30 09:00')
    yield Scenario('a commission is over', deadline_over, ['poll'],
                   '2019-03-30 18:00')
    yield Scenario('units are reminded by hand', commissioned,
                   desk(lambda o: ['催办', '2019-01']), LATER, once=True)
    yield Scenario('units short of their tasks are reminded', after_the_month,
                   ['poll'], '2019-03-29 09:00')
    yield Scenario('a report nears its limit', incident, ['poll'],
                   '2019-03-21 11:30')
    yield Scenario('a marking is confirmed', after_the_month,
                   desk(lambda o: ['确认涉密', handle(o, 'secrecy')]), LATER,
                   once=True)
    yield Scenario('the ledger of the morning', on_a_morning, ['poll'],
                   '2019-03-21 08:40')
    yield Scenario('the ledger comes back by mail', ledger_by_mail, ['poll'],
                   LATER)
    yield Scenario('the ledger is taken back by hand', ledger_on_disk,
                   lambda o: ['ledger', '--apply', f'{o.folder}/台账.xlsx'],
                   LATER, once=True)
