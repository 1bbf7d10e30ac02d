#!/usr/bin/python3
"""A ledger is sent, edited as openpyxl and LibreOffice leave it, and taken
back: what changed is done, once; conflicts and foreign workbooks are not.

Plays an office on Maildirs with the mails of tests/demo; $VARIANT is release
unless given.
"""
import atexit
import datetime
import email
import email.policy
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from email.message import EmailMessage

import openpyxl

import calc
from office import written
from tap import Skip, equal, finish, test, true

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BAOSONG = os.path.join(ROOT, 'build', os.environ.get('VARIANT', 'release'),
                       'baosong')
MAILS = os.path.join(ROOT, 'tests', 'demo')
CONFIG = '''
office: 郯城县人民政府办公室信息科
rules: tancheng-2019
mailbox: maildir:mailbox
outgoing: maildir:outgoing
address: xxk@mail.tancheng.example
data: data
trusted-authserv: [mail.tancheng.example]
own-hosts: [mail.tancheng.example]
ledger-at: never
staff:
  - {name: 王芳, address: wangfang@mail.tancheng.example}
  - {name: 刘洋, address: liuyang@mail.tancheng.example}
'''


class Office:
    """One office in a folder of its own, with the submissions of March."""

    def __init__(self, config=CONFIG):
        self.folder = tempfile.mkdtemp(prefix='baosong-ledger-')
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
        for box in ('mailbox', 'outgoing'):
            for part in ('new', 'cur', 'tmp'):
                os.makedirs(self.path(box, part))
        os.mkdir(self.path('data'), 0o700)
        with open(self.path('baosong.yaml'), 'w') as f:
            f.write(config)
        self.now = '2019-03-01T09:00:00+08:00'
        self.run('poll')
        with open(os.path.join(MAILS, 'times.tsv')) as f:
            for line in f:
                name, received = line.split()
                to = self.path('mailbox', 'new', name[:-4])
                shutil.copy(os.path.join(MAILS, 'mail', name), to)
                when = datetime.datetime.fromisoformat(received).timestamp()
                os.utime(to, (when, when))
        self.now = '2019-04-02T09:00:00+08:00'
        self.run('poll')

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def ask(self, *words):
        return subprocess.run([BAOSONG, '-c', 'baosong.yaml', '--now', self.now,
                               *words], cwd=self.folder, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, *words, status=0):
        done = self.ask(*words)
        if status is not None:
            equal(done.returncode, status, done.stdout + done.stderr)
        return done.stdout

    def ledger(self, name='ledger.xlsx'):
        self.run('ledger', '2019-03', '-o', name)
        return self.path(name)

    def apply(self, path, status=0, *more):
        """What was done and what was not, without how to undo it all."""
        said = self.run('ledger', '--apply', path, *more, status=status)
        return ''.join(line for line in said.splitlines(True)
                       if '撤销命令' not in line)

    def marks(self, number):
        """Live marks as the next ledger would show them."""
        book = openpyxl.load_workbook(self.ledger('look.xlsx'))
        sheet = book['台账']
        end = column(sheet, '备注') - 1
        for row in sheet.iter_rows(min_row=2, values_only=True):
            if row[0] == number:
                pairs = row[10:end]
                return {(pairs[k], pairs[k + 1].strftime('%m-%d'))
                        for k in range(0, len(pairs), 2) if pairs[k]}
        raise AssertionError(number)

    def mail(self, sender, path, subject='回复：台账', proven=True, text=None):
        m = EmailMessage()
        m['From'] = sender
        m['To'] = 'xxk@mail.tancheng.example'
        m['Subject'] = subject
        m['Message-ID'] = f'<{os.urandom(8).hex()}@mail.tancheng.example>'
        m['Date'] = 'Tue, 2 Apr 2019 08:59:00 +0800'
        m.set_content(text or '已填好，请查收。\n')
        if path:
            with open(path, 'rb') as f:
                m.add_attachment(f.read(), maintype='application',
                                 subtype='octet-stream', filename='台账.xlsx')
        verdict = 'pass' if proven else 'fail'
        domain = sender.split('@')[1]
        top = (f'Return-Path: <{sender}>\n'
               f'Authentication-Results: mail.tancheng.example; '
               f'dmarc={verdict} header.from={domain}\n'
               'Received: from pc (pc.tancheng.example [192.0.2.20]) by '
               'mail.tancheng.example; Tue, 02 Apr 2019 08:59:30 +0800\n')
        name = self.path('mailbox', 'new', os.urandom(6).hex())
        with open(name, 'wb') as f:
            f.write(top.encode() + m.as_bytes())
        when = datetime.datetime.fromisoformat(self.now).timestamp() - 30
        os.utime(name, (when, when))
        self.run('poll')

    def letters(self, subject):
        """Plain texts of the mails sent whose subject holds a word."""
        found = []
        for name in os.listdir(self.path('outgoing', 'new')):
            with open(self.path('outgoing', 'new', name), 'rb') as f:
                m = email.message_from_binary_file(
                    f, policy=email.policy.default)
            if subject in m['Subject']:
                found.append(m)
        order = written(self.path('data', 'register.db'))
        return sorted(found, key=lambda m: order[m['Message-ID']])


def edit(path, change, out='edited.xlsx'):
    book = openpyxl.load_workbook(path)
    change(book['台账'])
    out = os.path.join(os.path.dirname(path), out)
    book.save(out)
    return out


def column(sheet, heading):
    """Number of a column, from 1."""
    return [c.value for c in sheet[1]].index(heading) + 1


def fill(sheet, number, pair, item, date=None):
    for row in sheet.iter_rows(min_row=2):
        if row[0].value == number:
            row[8 + 2 * pair].value = item
            row[9 + 2 * pair].value = date
            return row
    raise AssertionError(number)


def day(n):
    return datetime.datetime(2019, 3, n)


def libreoffice(path):
    if not shutil.which('soffice'):
        raise Skip('no soffice')
    folder = os.path.dirname(path)
    out = os.path.join(folder, 'saved')
    subprocess.run(['soffice', f'-env:UserInstallation=file://{folder}/profile',
                    '--headless', '--convert-to', 'xlsx', '--outdir', out,
                    path], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    return os.path.join(out, os.path.basename(path))


@test('sent and returned untouched: nothing is done, also after LibreOffice')
def _():
    o = Office()
    path = o.ledger()
    true('没有新的改动' in o.apply(path))
    true('没有新的改动' in o.apply(edit(path, lambda s: None)))
    true('没有新的改动' in o.apply(libreoffice(path)))


@test('new mark, other date, emptied cell, remark; the second time nothing')
def _():
    o = Office()
    before = o.marks('2019-0002')

    def change(s):
        fill(s, '2019-0004', 1, '普刊', day(20))
        fill(s, '2019-0001', 1, None)
        row = fill(s, '2019-0002', 1, '简讯', '2019年3月15日')
        row[column(s, '备注') - 1].value = '已核实， 存档'
    edited = edit(o.ledger(), change)
    said = o.apply(edited)
    equal(len(said.splitlines()), 5, said)
    equal(o.marks('2019-0004'), {('普刊', '03-20')})
    equal(o.marks('2019-0001'), {('市普刊采用', '03-19')})
    equal(o.marks('2019-0002'), before - {('简讯', '03-14')}
          | {('简讯', '03-15')})
    true('已核实' in o.run('show', '--json', '2019-0002'))
    true('没有新的改动' in o.apply(edited))


@test('the same by way of LibreOffice, rows sorted and deleted, a column moved')
def _():
    o = Office()

    def change(s):
        fill(s, '2019-0004', 1, '普刊', day(20))
        rows = [[c.value for c in r] for r in s.iter_rows()]
        head, body = rows[0], [r for r in rows[1:] if r[0] != '2019-0003']
        for n, r in enumerate([head] + body[::-1], 1):
            for k, value in enumerate(r[3:] + r[:3], 1):
                s.cell(n, k).value = value
        s.delete_rows(len(body) + 2)
    said = o.apply(libreoffice(edit(o.ledger(), change)))
    equal(len(said.splitlines()), 1, said)
    equal(o.marks('2019-0004'), {('普刊', '03-20')})
    equal(len(o.marks('2019-0001')), 2)


@test('sorted, a column hidden, filled in by hand in LibreOffice itself')
def _():
    o = Office()
    path, out = o.ledger(), o.path('by-hand.xlsx')
    with calc.opened(path, '台账', out) as sheet:
        before = sheet.column('编号')
        sheet.sort('单位')
        true(sheet.column('编号') != before)
        sheet.hide('电话')
        sheet.type('2019-0004', '标注1', '普刊')
        sheet.type('2019-0004', '日期1', '2019-03-20')
        sheet.type('2019-0001', '日期1', '2019-03-13')
        sheet.type('2019-0002', '备注', '已电话核实')
    said = o.apply(out)
    equal(len([line for line in said.splitlines() if '2019-000' in line]), 4,
          said)
    equal(o.marks('2019-0004'), {('普刊', '03-20')})
    true(('普刊', '03-13') in o.marks('2019-0001'), o.marks('2019-0001'))
    true('没有新的改动' in o.apply(out))


@test('all of it is one command that 撤销命令 takes back')
def _():
    o = Office()

    def change(s):
        fill(s, '2019-0004', 1, '普刊', day(20))
        fill(s, '2019-0001', 1, None)
    before = o.marks('2019-0001')
    o.apply(edit(o.ledger(), change))
    equal(o.marks('2019-0004'), {('普刊', '03-20')})
    o.run('desk', '撤销命令 2')  # 1 was the mail that marked
    equal(o.marks('2019-0004'), set())
    equal(o.marks('2019-0001'), before)


@test('refused row by row: fact changed, unknown item, no date, a foreign row')
def _():
    o = Office()

    def change(s):
        fill(s, '2019-0004', 1, '普刊', day(20))[2].value = '改过的标题'
        fill(s, '2019-0005', 1, '普刋')
        fill(s, '2019-0006', 1, '普刊', '二月三十')
        fill(s, '2019-0003', 2, '普刊', day(21))
        s.append(['2018-0099'])
    said = o.apply(edit(o.ledger(), change), status=65).splitlines()
    equal(len(said), 5, said)
    true('2019-0003' in said[0] and '已标注' in said[0], said)
    true('“标题”' in said[1] and '2019-0004' in said[1], said)
    true('2019-0005' in said[2] and '“普刊”' in said[2], said)
    true('二月三十' in said[3], said)
    true('2018-0099' in said[4], said)
    equal(o.marks('2019-0004') | o.marks('2019-0006'), set())


@test('D17 a row that changed meanwhile is a conflict, the others are done')
def _():
    o = Office()
    path = o.ledger()
    first = edit(path, lambda s: fill(s, '2019-0004', 1, '普刊', day(20)), 'a')
    second = edit(path, lambda s: (fill(s, '2019-0004', 1, '简讯', day(20)),
                                   fill(s, '2019-0005', 1, '简讯', day(21))),
                  'b')
    o.apply(first)
    said = o.apply(second, status=65)
    true('2019-0004在台账发出后已有其他改动' in said, said)
    true('现登记为：普刊 2019-03-20' in said, said)
    equal(o.marks('2019-0004'), {('普刊', '03-20')})
    equal(o.marks('2019-0005'), {('简讯', '03-21')})


@test('D17 a mark taken back meanwhile is not brought back by its row')
def _():
    o = Office()
    path = o.ledger()
    o.run('desk', '撤销 2019-0001 普刊')
    left = o.marks('2019-0001')
    true('普刊' not in {item for item, _ in left}, left)
    said = o.apply(edit(path, lambda s: fill(s, '2019-0001', 3, '简讯',
                                             day(20))), status=65)
    true('2019-0001在台账发出后已有其他改动' in said, said)
    equal(o.marks('2019-0001'), left)


@test('dates as people write them; without a year the one after the receipt')
def _():
    o = Office()

    def change(s):
        for n, text in ((4, '2019/3/20'), (5, '3月21日'),
                        (6, '２０１９年３月２２日（周五）'),
                        (3, '二〇一九年三月二十三日')):
            fill(s, f'2019-000{n}', 2, '普刊', text)
    o.apply(edit(o.ledger(), change))
    for n, date in ((4, '20'), (5, '21'), (6, '22'), (3, '23')):
        true(('普刊', f'03-{date}') in o.marks(f'2019-000{n}'),
             o.marks(f'2019-000{n}'))


@test('a workbook that counts days from 1904')
def _():
    o = Office()
    path = o.ledger()
    book = openpyxl.load_workbook(path)
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    fill(book['台账'], '2019-0004', 1, '普刊', day(20))
    book.save(path)
    said = o.apply(path)
    equal(len(said.splitlines()), 1, said)
    equal(o.marks('2019-0004'), {('普刊', '03-20')})


@test('cells merged over two rows hold for both; formulas as they came out')
def _():
    o = Office()

    def change(s):
        fill(s, '2019-0004', 1, '普刊', day(20))
        fill(s, '2019-0005', 1, None)
        rows = [r[0].row for r in s.iter_rows(min_row=2)
                if r[0].value in ('2019-0004', '2019-0005')]
        for k in 'KL':
            s.merge_cells(f'{k}{rows[0]}:{k}{rows[1]}')
        fill(s, '2019-0006', 1, '="普"&"刊"', '=DATE(2019,3,22)')
    o.apply(libreoffice(edit(o.ledger(), change)))
    equal(o.marks('2019-0004'), {('普刊', '03-20')})
    equal(o.marks('2019-0005'), {('普刊', '03-20')})
    equal(o.marks('2019-0006'), {('普刊', '03-22')})


@test('sheet renamed, columns hidden and put in, one more pair, rows hidden')
def _():
    o = Office()

    def change(s):
        s.title = '三月'
        s.insert_cols(3)
        s['C1'] = '我的序号'
        for n in range(2, s.max_row + 1):
            s.cell(n, 3).value = n - 1
        end = s.max_column + 1
        s.cell(1, end).value, s.cell(1, end + 1).value = '标注 ９', '日期9'
        for r in range(2, s.max_row + 1):
            if s.cell(r, 1).value == '2019-0004':
                s.cell(r, end).value = '普刊'
                s.cell(r, end + 1).value = day(20)
            s.row_dimensions[r].hidden = r % 2 == 0
        s.column_dimensions['B'].hidden = True
        s.auto_filter.add_filter_column(0, ['2019-0004'])
    said = o.apply(edit(o.ledger(), change))
    equal(len(said.splitlines()), 1, said)
    equal(o.marks('2019-0004'), {('普刊', '03-20')})


@test('rows added by hand, a date without an item: said, and what to do')
def _():
    o = Office()

    def change(s):
        s.append([None, None, '电话报来的一条', '县税务局'])
        s.append(['合计'])
        fill(s, '2019-0004', 1, None, day(20))
        fill(s, '2019-0005', 1, '普刊', day(21))
    said = o.apply(edit(o.ledger(), change), 65)
    true('电话报来的一条 县税务局' in said and '补录 单位 标题' in said, said)
    true('没有选择计分项' in said, said)
    true('已标注：2019-0005' in said, said)


@test('--as: done in the name of who filled it in; nobody else')
def _():
    o = Office()
    edited = edit(o.ledger(),
                  lambda s: fill(s, '2019-0004', 1, '普刊', day(20)))
    o.apply(edited, 64, '--as', '李四')
    equal(o.marks('2019-0004'), set())
    o.apply(edited, 0, '--as', '刘洋')
    equal(o.marks('2019-0004'), {('普刊', '03-20')})
    true('"by" : "刘洋"' in o.run('show', '--json', '2019-0004'),
         o.run('show', '--json', '2019-0004'))


@test('a ledger of a quarter ago: its rows are forgotten, and that is said')
def _():
    o = Office()
    edited = edit(o.ledger(),
                  lambda s: fill(s, '2019-0004', 1, '普刊', day(20)))
    db = sqlite3.connect(o.path('data', 'register.db'))
    db.execute('DELETE FROM ledger_row')
    db.commit()
    db.close()
    true('三个月以前' in o.apply(edited, 65))
    equal(o.marks('2019-0004'), set())


@test('a column of marks deleted takes no mark away')
def _():
    o = Office()
    said = o.apply(edit(o.ledger(), lambda s: s.delete_cols(11)), status=65)
    true('缺少“标注”列' in said, said)
    equal(len(o.marks('2019-0001')), 2)


@test('a copy of the sheet in the same workbook is named, not taken')
def _():
    o = Office()
    path = o.ledger()
    book = openpyxl.load_workbook(path)
    copy = book.copy_worksheet(book['台账'])
    copy.title = '台账 (2)'
    fill(copy, '2019-0004', 1, '普刊', day(20))
    book.save(o.path('copied.xlsx'))
    for returned in (o.path('copied.xlsx'),
                     libreoffice(o.path('copied.xlsx'))):
        said = o.apply(returned, status=65)
        true('没有新的改动' in said, said)
        true('“台账 (2)”表也是台账，未采用' in said, said)
        true('撤销命令' not in said, said)
    equal(o.marks('2019-0004'), set())


@test('D16 a token that was never sent, another workbook: not imported')
def _():
    o = Office()
    book = openpyxl.load_workbook(o.ledger())
    fill(book['台账'], '2019-0004', 1, '普刊', day(20))
    book['清单']['B1'] = 'baosong-ledger:00000000'
    book.save(o.path('forged.xlsx'))
    true('不是本登记簿发出的' in o.apply(o.path('forged.xlsx'), status=65))
    book['清单']['B1'] = None
    book.save(o.path('other.xlsx'))
    true('不是本系统发出的台账' in o.apply(o.path('other.xlsx'), status=65))
    equal(o.marks('2019-0004'), set())


@test('清除 takes the row out of what was sent; the others come back')
def _():
    o = Office()
    edited = edit(o.ledger(), lambda s: (
        fill(s, '2019-0004', 1, '普刊', day(20)),
        fill(s, '2019-0005', 1, '普刊', day(20))))
    o.run('desk', '清除', '2019-0004')
    said = o.apply(edited, status=65)
    true('没有2019-0004这一行' in said and '已标注：2019-0005' in said, said)
    db = sqlite3.connect(o.path('data', 'register.db'))
    kept = str(db.execute('SELECT * FROM ledger_row').fetchall())
    true('城乡低保提标工作启动' in kept and '一季度存贷款' not in kept, kept)


@test('清除 empties what was answered about marks, too')
def _():
    o = Office()
    o.run('desk', '标注 2019-0004 普刊 2019-03-20')
    o.run('desk', '清除', '2019-0004')
    db = sqlite3.connect(o.path('data', 'register.db'))
    said = str(db.execute('SELECT text, answer FROM command').fetchall())
    true('一季度存贷款情况分析' not in said, said)


@test('by mail: 台账 is answered with the workbook, which comes back')
def _():
    o = Office()
    o.run('desk', '--as', '刘洋', '台账 2019-03')
    o.run('poll')
    sent = o.letters('报送台账')
    equal([m['To'] for m in sent], ['liuyang@mail.tancheng.example'])
    attached = [p for p in sent[0].walk() if p.get_filename()]
    with open(o.path('sent.xlsx'), 'wb') as f:
        f.write(attached[0].get_payload(decode=True))
    edited = edit(o.path('sent.xlsx'),
                  lambda s: fill(s, '2019-0004', 1, '普刊', day(20)))
    before = len(o.letters('命令'))
    o.mail('liuyang@mail.tancheng.example', edited)
    answers = o.letters('命令')
    equal(len(answers), before + 1)
    text = max((m for m in answers),
               key=lambda m: int(re.search(r'命令(\d+)', m['Subject'])[1]))
    body = text.get_body(('plain',)).get_content()
    true('已标注：2019-0004' in body and '撤销命令' in body, body)
    equal(o.marks('2019-0004'), {('普刊', '03-20')})


@test('D16 by mail from somebody else, or unproven: nothing is done')
def _():
    o = Office()
    edited = edit(o.ledger(),
                  lambda s: fill(s, '2019-0004', 1, '普刊', day(20)))
    o.mail('liming@mail.tancheng.example', edited)
    o.mail('wangfang@mail.tancheng.example', edited, proven=False)
    equal(o.marks('2019-0004'), set())


@test('no server proves mail: a ledger is done once its code has come back')
def _():
    o = Office(CONFIG.replace('trusted-authserv: [mail.tancheng.example]\n',
                              ''))
    edited = edit(o.ledger(),
                  lambda s: fill(s, '2019-0004', 1, '普刊', day(20)))
    o.mail('wangfang@mail.tancheng.example', edited, proven=False)
    equal(o.marks('2019-0004'), set())
    code = re.search('确认码 ([0-9]{6})', o.letters('确认码')[-1]['Subject'])[1]
    wrong = f'{(int(code) + 1) % 1000000:06d}'
    o.mail('wangfang@mail.tancheng.example', None, '回复', False,
           f'确认 {wrong}\n')
    equal(o.marks('2019-0004'), set())
    o.mail('wangfang@mail.tancheng.example', None, '回复', False,
           f'确认 {code}\n')
    equal(o.marks('2019-0004'), {('普刊', '03-20')})


@test('what is no ledger: the command says so, and changes nothing')
def _():
    o = Office()
    before = o.marks('2019-0004')
    with zipfile.ZipFile(o.path('word.xlsx'), 'w') as z:
        z.writestr('[Content_Types].xml', '<Types/>')
        z.writestr('word/document.xml', '<w:document/>')
    whole = open(o.ledger(), 'rb').read()
    for name, data in (('a.txt', b'hello'), ('b.csv', '编号,标注\n'.encode()),
                       ('c.xlsx', whole[:len(whole) // 2]), ('d.xlsx', b''),
                       ('word.xlsx', None), ('e.txt', '标注 2019-0004 普刊'
                                             .encode())):
        if data is not None:
            with open(o.path(name), 'wb') as f:
                f.write(data)
        done = o.ask('ledger', '--apply', o.path(name))
        equal((name, done.returncode), (name, 65), done.stderr)
        true(name in done.stdout + done.stderr, done)
        true('not a ledger' in done.stderr or '台账' in done.stdout, done)
    equal(o.marks('2019-0004'), before)


finish()
