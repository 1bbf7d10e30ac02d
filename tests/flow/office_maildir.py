#!/usr/bin/python3
"""The interface from outside, on Maildirs: what becomes of a message, times,
repeats, limits, orders, commands, exit statuses, JSON."""
import base64
import contextlib
import io
import json
import os
import re
import signal
import sqlite3
import subprocess
import time
import zipfile

from mails import (CONTENT_TYPES, DOCUMENT, RELS, UNIT, docx, draft, mail,
                   order, pdf, zipped)
from office import (ADDRESS, DEMO, HEADERS, NOW, STAFF, Office, instant, iso,
                    parse, text_of, tree)
from servers import tempdir, until
from tap import equal, finish, test, true

FULL = '财政资金直达基层-县财政局-张敏-0539-6201001'
NOTED = 'unregistered-sender'
SMALL = 'size-limit: 1 MB\n'


@contextlib.contextmanager
def office(more='', set_up=True):
    with tempdir() as tmp:
        o = Office(tmp, more=more)
        if set_up:
            o.set_up()
        yield o


def judged(o):
    """{name in the mailbox: (verdict, reasons, notes)}"""
    return {name: (verdict, reasons.split(), notes.split())
            for name, verdict, reasons, notes in o.rows(
                'SELECT p.name, m.verdict, m.reasons, m.notes FROM place p '
                'JOIN message m ON m.id = p.message')}


def replied(o):
    """{name in the mailbox: what went back to its sender}"""
    mails = {m['Message-ID']: m for m in o.sent()}
    return {name: mails[mail_id] for name, mail_id in o.rows(
        "SELECT p.name, x.mail_id FROM place p JOIN mail x "
        "ON x.message = p.message WHERE x.kind IN ('reply', 'answer') "
        "AND x.state = 'sent'")}


# ---- the table "What becomes of a message" ----

def title(n):
    """A subject in order, another one for every row."""
    things = ('春耕备播进展顺利', '减税降费政策落地见效', '物价总体保持平稳',
              '水库除险加固完工', '城乡低保提标启动', '节日市场供应充足',
              '小微企业贷款增长', '招商引资项目开工')
    return f'{things[n]}-县财政局-张敏-0539-6201001'


def locked(data):
    """A ZIP whose entries say that they are encrypted."""
    data = bytearray(data)
    for mark, at in ((b'PK\3\4', 6), (b'PK\1\2', 8)):
        i = data.find(mark)
        while i >= 0:
            data[i + at] |= 1
            i = data.find(mark, i + 4)
    return bytes(data)


def with_macros():
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w') as z:
        z.writestr('[Content_Types].xml', CONTENT_TYPES.replace(
            'vnd.openxmlformats-officedocument.wordprocessingml.document.main',
            'vnd.ms-word.document.macroEnabled.main'))
        z.writestr('_rels/.rels', RELS)
        z.writestr('word/document.xml', DOCUMENT.format('<w:p/>'))
        z.writestr('word/vbaProject.bin', b'x' * 100)
    return out.getvalue()


def one_of_three():
    return draft(FULL).replace(
        b'Content-Type: multipart/mixed; boundary=',
        b'Content-Type: message/partial; id="x"; number=1; total=3; b=')


def lost_bytes():
    data = docx()
    return data[:len(data) // 2] + data[len(data) // 2 + 40:]


def attached(name, data, subject=FULL):
    return mail(subject, files=[(name, data)])


LINK = ('<div>从QQ邮箱发来的超大附件</div><a href="https://wx.mail.qq.com/ftn/'
        'download?func=3&key=1">稿件.docx</a>')
FAILED = 'mail.tancheng.example; dmarc=fail header.from=tancheng.example'

IGNORED, DUPLICATE, SECRET = '已忽略', '已忽略', ''
ACCEPTED, RETURNED, HELD = '已受理', '已退回', '待处理'

# name: (what it shows, mail, verdict, reasons, notes that must be there,
#        folder, subject of the reply or None)
ROWS = {
    # machines are never answered
    'auto': ('A1 an automatic reply',
             draft(headers=[('Auto-Submitted', 'auto-replied')]),
             'ignored', ['auto-submitted'], [], IGNORED, None),
    'auto-comment': ('A2 parameters and comments do not hide it',
                     draft(headers=[('Auto-Submitted',
                                     'auto-generated; x=y (cron)')]),
                     'ignored', ['auto-submitted'], [], IGNORED, None),
    'auto-no': ('A3 Auto-Submitted: no is a person',
                draft(title(0), headers=[('Auto-Submitted', 'no')]),
                'accepted', [], [NOTED], ACCEPTED, '已受理'),
    'auto-case': ('A4 in capitals',
                  draft(headers=[('auto-submitted', 'AUTO-REPLIED')]),
                  'ignored', ['auto-submitted'], [], IGNORED, None),
    'auto-both': ('A5 once no, once not',
                  draft(headers=[('Auto-Submitted', 'no'),
                                 ('Auto-Submitted', 'auto-replied')]),
                  'ignored', ['auto-submitted'], [], IGNORED, None),
    'null': ('A6 a null return path', draft(headers=[('Return-Path^', '<>')]),
             'ignored', ['null-sender'], [], IGNORED, None),
    'daemon': ('A8 a mailer daemon',
               mail('Delivery failure', sender='MAILER-DAEMON@x.example'),
               'ignored', ['bounce'], [], IGNORED, None),
    'robot': ('A9 an address that nobody reads',
              draft(sender='noreply@x.example'),
              'ignored', ['robot'], [], IGNORED, None),
    'list': ('A10 a mailing list', draft(headers=[('List-Id', '<a.b>')]),
             'ignored', ['list'], [], IGNORED, None),
    'bulk': ('A11 bulk', draft(headers=[('Precedence', 'bulk')]),
             'ignored', ['bulk'], [], IGNORED, None),
    'first-class': ('A12 another precedence is answered',
                    draft(title(1), headers=[('Precedence', 'first-class')]),
                    'accepted', [], [NOTED], ACCEPTED, '已受理'),
    'oof': ('A13 only out-of-office is unwanted',
            draft(title(2), headers=[('X-Auto-Response-Suppress', 'OOF')]),
            'accepted', [], [NOTED], ACCEPTED, '已受理'),
    'suppress': ('A14 who wants no answer is recorded and gets none',
                 draft(title(3), headers=[('X-Auto-Response-Suppress',
                                           'DR, RN, NRN, OOF, AutoReply')]),
                 'accepted', [], ['suppress'], ACCEPTED, None),
    'qq': ('A15 QQ answers automatically',
           mail('自动回复: 退回补正', headers=[('X-QQ-AUTO-REPLY', 'true')]),
           'ignored', ['auto-submitted'], [], IGNORED, None),
    'subject': ('A16 only the subject says so', mail('自动回复：我在外出差'),
                'ignored', ['auto-submitted'], [], IGNORED, None),
    'self': ('A21 our own address',
             draft(sender=ADDRESS.replace('xxk', 'XXK+a')),
             'ignored', ['self'], [], IGNORED, None),
    'loop': ('A22 our own mark', draft(headers=[('X-Baosong-Loop', 'x')]),
             'ignored', ['self'], [], IGNORED, None),
    'recall': ('a recall', mail('发信方已撤回邮件：春耕备播'),
               'ignored', ['recall'], [], IGNORED, None),
    'receipt': ('a read receipt of Coremail', mail('回执（已显示）：受理通知'),
                'ignored', ['receipt'], [], IGNORED, None),
    'spam': ('A31 spam without a draft',
             mail('代开发票', headers=[('X-Spam-Flag', 'YES')]),
             'ignored', ['bulk'], [], IGNORED, None),
    # submissions in order
    'good': ('a submission in order', draft(FULL),
             'accepted', [], [NOTED], ACCEPTED, '已受理'),
    'again': ('C12 the same mail again', None,
              'duplicate', ['same-message'], [], DUPLICATE, None),
    'long': ('a long draft is noted, not refused',
             draft(title(4), '增长1' + '增长' * 1100),
             'accepted', [], ['too-long'], ACCEPTED, '已受理'),
    'figures': ('a draft without figures is noted',
                draft(title(5), '各项工作有序推进，成效明显。'),
                'accepted', [], ['no-figures'], ACCEPTED, '已受理'),
    # what the sender can mend
    'no-title': ('no title', draft('县财政局-张敏-6201001'),
                 'returned', ['no-title'], [], RETURNED, '退回补正'),
    'no-unit': ('no unit', draft('春耕备播进展顺利-张敏-6201001'),
                'returned', ['no-unit'], [], RETURNED, '退回补正'),
    'no-submitter': ('no submitter', draft('春耕备播进展顺利-县财政局-6201001'),
                     'returned', ['no-submitter'], [], RETURNED, '退回补正'),
    'no-phone': ('no phone', draft('春耕备播进展顺利-县财政局-张敏'),
                 'returned', ['no-phone'], [], RETURNED, '退回补正'),
    'nothing': ('everything that is missing at once', mail('', '见附件'),
                'returned', ['no-draft', 'no-title', 'no-unit', 'no-submitter',
                             'no-phone'], [], RETURNED, '退回补正'),
    'no-draft': ('E19 no draft', mail(FULL, '见附件'),
                 'returned', ['no-draft'], [], RETURNED, '退回补正'),
    'two': ('E19 two drafts',
            mail(FULL, files=[('a.docx', docx('甲1')), ('b.docx', docx('乙2'))]),
            'returned', ['several-drafts'], [], RETURNED, '退回补正'),
    'pdf': ('a PDF', attached('a.pdf', pdf()),
            'returned', ['not-word'], [], RETURNED, '退回补正'),
    'zip': ('an archive', attached('a.zip', zipped(docx())),
            'returned', ['archive'], [], RETURNED, '退回补正'),
    'locked': ('an encrypted file', attached('a.docx', locked(docx())),
               'returned', ['encrypted'], [], RETURNED, '退回补正'),
    'macro': ('a file with macros', attached('a.docm', with_macros()),
              'returned', ['macro'], [], RETURNED, '退回补正'),
    'link': ('only a link', mail(FULL, html=LINK),
             'returned', ['link-only'], [], RETURNED, '退回补正'),
    'partial': ('E17 a part of a mail', one_of_three(),
                'returned', ['partial'], [], RETURNED, '退回补正'),
    'big': ('over the size limit', attached('a.docx', os.urandom(1 << 20)),
            'returned', ['too-big'], [], RETURNED, '退回补正'),
    # what staff must look at
    'unknown': ('an unknown unit', draft('电商进农村-县电商办-何平-15253901234'),
                'held', ['unknown-unit'], [NOTED], HELD, None),
    'unsure': ('a subject that can be read in two ways',
               draft('张敏-王芳-县财政局-6201001'),
               'held', ['ambiguous-subject'], [], HELD, None),
    'authors': ('A27 E9 two authors', draft(headers=[('From', 'a@b.example')]),
                'held', ['several-senders', 'ambiguous-subject'], [], HELD,
                None),
    'sender': ('A27 another Sender', draft(headers=[('Sender', 'a@b.example')]),
               'held', ['several-senders'], [], HELD, None),
    'subjects': ('E9 two subjects', draft(headers=[('Subject', '另一个')]),
                 'held', ['ambiguous-subject'], [], HELD, None),
    'failed': ('A30 failed authentication',
               draft(headers=[('Authentication-Results^', FAILED)]),
               'held', ['failed-authentication'], [], HELD, None),
    'damaged': ('a damaged Word file', attached('a.docx', lost_bytes()),
                'held', ['unreadable'], [], HELD, None),
    'no-author': ('A28 no author', draft(sender=None),
                  'held', ['no-author'], [], HELD, None),
    'literal': ('A28 an address literal', draft(sender='x@[192.0.2.1]'),
                'held', ['no-author'], [], HELD, None),
    'unproven': ('D2 an order without proof', order('帮助', proof=None),
                 'held', ['unproven-command'], [], HELD, None),
    'question': ("a stranger's question", mail('得分 财政局'),
                 'held', ['unregistered-sender'], [], HELD, None),
    # the rest
    'order': ('D1 a proven order', order('帮助'),
              'command', [], [], ACCEPTED, '命令'),
    'secret': ('a marking of secrecy is left where it is',
               draft('有关情况报告-县财政局-张敏-6201001',
                     '机密★1年\n关于某项工作的情况'),
               'quarantined', ['secrecy'], [], SECRET, '关于您发来邮件的提示'),
}


class Table:
    """All rows in one mailbox, looked at once."""
    found = None

    @classmethod
    def look(cls):
        if cls.found is None:
            with office(SMALL + 'replies-per-day: 100\n') as o:
                mails = {name: row[1] or ROWS['good'][1]
                         for name, row in ROWS.items()}
                o.deliver_all(mails)
                o.poll()
                where = {name: folder for folder, names in o.where().items()
                         for name in names}
                cls.found = judged(o), where, replied(o)
        return cls.found


def check_row(name):
    _, _, verdict, reasons, notes, folder, reply = ROWS[name]
    verdicts, where, replies = Table.look()
    got = verdicts[name]
    equal((got[0], sorted(got[1])), (verdict, sorted(reasons)))
    true(set(notes) <= set(got[2]), got)
    equal(where[name], folder)
    if reply is None:
        true(name not in replies, replies.get(name))
    else:
        true(replies[name]['Subject'].startswith(reply),
             replies[name]['Subject'])


for _name in ROWS:
    test(f'table: {ROWS[_name][0]}')(lambda name=_name: check_row(name))


@test('table: A32 bytes that are no mail are recorded and not answered')
def _():
    with office() as o:
        o.deliver(b'\0\0\0', '2019-03-05 09:00', 'zeros')
        o.deliver(b'', '2019-03-05 09:00', 'empty')
        o.poll()
        equal({v[0] for v in judged(o).values()}, {'held'})
        equal(o.where()[HELD], ['empty', 'zeros'])
        equal(replied(o), {})


@test("table: a registered informant's question is answered")
def _():
    with office() as o:
        o.own_rules(roster=lambda text: text.replace(
            '    short: 财政局\n', '    short: 财政局\n    informants:\n'
            f'      - {{name: 张敏, address: {UNIT}}}\n', 1))
        o.deliver(draft(FULL), '2019-03-05 09:00', 'draft')
        o.deliver(mail('得分', '2019-03'), '2019-03-05 09:01', 'question')
        o.deliver(mail('得分 县税务局'), '2019-03-05 09:02', 'of-others')
        o.poll()
        equal(judged(o)['question'][0], 'query')
        true(NOTED not in judged(o)['draft'][2])
        equal(o.folder_of('question'), [ACCEPTED])
        true('县财政局' in text_of(replied(o)['question']))
        said = text_of(replied(o)['of-others'])
        true('只能查询本单位' in said and '报送0条' not in said, said)


# ---- time ----

@test('C23 the Date of a mail is never believed; the file tells')
def _():
    with office() as o:
        for n, date in enumerate(('Thu, 01 Jan 1970 00:00:00 +0000',
                                  'Fri, 01 Jan 2099 00:00:00 +0000', None)):
            data = draft(title(n))
            data = re.sub(rb'Date: [^\r]*\r\n',
                          b'' if date is None else
                          f'Date: {date}\r\n'.encode(), data)
            o.deliver(data, f'2019-03-0{n + 5} 23:59')
        o.poll()
        equal([s['received'] for s in o.json('list')],
              [f'2019-03-0{n + 5}T23:59:00+08:00' for n in range(3)])
        for number in ('2019-0001', '2019-0002'):
            equal(o.rows('SELECT DISTINCT receipt FROM message'), [('mtime',)])


@test('C22 a receipt in the future is taken as now, and noted')
def _():
    with office() as o:
        o.deliver(draft(FULL), '2019-06-01 09:00', 'future')
        o.poll()
        equal(o.json('list')[0]['received'], iso(NOW))
        true('future-receipt' in judged(o)['future'][2])
        true('future' in replied(o))


@test('C22 with --now nothing reads the real clock')
def _():
    with office(set_up=False) as o:
        o.deliver_demo()
        o.poll(now='2019-03-20 17:00')
        o.must('desk', '补录', '县财政局', '电话报送', now='2019-03-20 17:00')
        year = time.strftime('%Y')
        for table, rows in o.dump().items():
            for row in rows:
                for value in row:
                    true(not isinstance(value, int) or value < 1600000000
                         or table in ('counter', 'fingerprint'), (table, row))
        for m in o.sent():
            true(year not in m['Date'] and year not in text_of(m), m)


@test('the day of receipt is that of the office, not of the machine')
def _():
    with office() as o:
        o.deliver(draft(FULL), '2019-03-31 23:30')
        o.deliver(draft(title(0)), '2019-04-01 00:30')
        for zone in ('America/Los_Angeles', 'UTC', 'Asia/Tokyo'):
            r = o.must('poll', now='2019-04-02 09:00', env={'TZ': zone})
        equal([len(o.json('list', m)) for m in ('2019-03', '2019-04')], [1, 1])


# ---- the first run, repeats ----

@test('A25 the first look: old mail is recorded, listed to staff, not answered')
def _():
    with office(set_up=False) as o:
        for n in range(60):
            o.deliver(draft(f'第{n + 1}次全县招商引资项目集中开工'
                            f'-县财政局-张敏-6201001', f'第{n + 1}批。'),
                      '2019-02-11 09:00')
        o.deliver(order('补录 财政局 旧命令\n'), '2019-02-12 09:00', 'old-order')
        o.deliver(draft(title(0)), '2019-03-19 09:00', 'new')
        o.poll()
        equal(len(o.json('list')), 61)
        equal(list(replied(o)), ['new'])
        listed, = [m for m in o.sent(STAFF)]
        text = text_of(listed)
        true('61' in listed['Subject'], listed['Subject'])
        equal(text.count('招商引资'), 50)
        equal(judged(o)['old-order'][:2], ('held', ['old']))
        o.poll()
        equal(len(o.sent()), 2)


@test('C1 a second look at the same mailbox changes nothing and sends nothing')
def _():
    with office() as o:
        o.deliver_demo()
        o.poll()
        seen = o.dump(), tree(o.mailbox, o.outgoing, f'{o.data}/稿件')
        o.poll()
        equal(o.dump(), seen[0])
        true(tree(o.mailbox, o.outgoing, f'{o.data}/稿件') == seen[1])


@test('C12 C14 the same mail in a later poll is a duplicate, without a receipt')
def _():
    with office() as o:
        data, bare = draft(FULL), draft(title(0), message_id=None)
        o.deliver(data, '2019-03-05 09:00', 'a')
        o.deliver(bare, '2019-03-05 09:00', 'b')
        o.poll()
        sent = len(o.sent())
        o.deliver(data, '2019-03-06 09:00', 'a-again')
        o.deliver(bare, '2019-03-06 09:00', 'b-again')
        # another way through the network: other trace fields
        o.deliver(b'Received: from x by mail.tancheng.example\r\n' + data,
                  '2019-03-06 09:01', 'a-elsewhere')
        o.poll()
        for name in ('a-again', 'b-again', 'a-elsewhere'):
            equal(judged(o)[name][:2], ('duplicate', ['same-message']), name)
            equal(o.folder_of(name), [IGNORED], name)
        equal((len(o.json('list')), len(o.sent())), (2, sent))


@test('C13 the same Message-ID with other content is a record of its own')
def _():
    with office() as o:
        o.deliver(draft(title(0), '一季度1.2亿元。', message_id='<same@x>'),
                  '2019-03-05 09:00', 'one')
        o.deliver(draft(title(1), '二季度2.4亿元。', message_id='<same@x>'),
                  '2019-03-05 09:01', 'two')
        o.poll()
        equal(len(o.json('list')), 2)
        true('same-id-other-text' in judged(o)['two'][2])
        equal(sorted(replied(o)), ['one', 'two'])


@test('C15 sent again with the phone put right: a new version, scored once')
def _():
    with office() as o:
        o.deliver(draft('春耕备播进展顺利-县财政局-张敏-0539-6201001'),
                  '2019-03-05 09:00', 'first')
        o.deliver(draft('春耕备播进展顺利-县财政局-张敏-0539-6201002'),
                  '2019-03-06 09:00', 'second')
        o.poll()
        one, = o.json('list')
        equal(one['phones'], ['05396201002'])
        true('new-version' in judged(o)['second'][2])
        equal(o.json('show', one['number'])['version'], 2)
        unit, = [u for u in o.json('scores', '2019-03')['units']
                 if u['unit'] == '财政局']
        equal((unit['submitted'], unit['counts']['报送']), (1, 1))


@test('C15 from another address nothing is changed until staff say so')
def _():
    with office() as o:
        o.deliver(draft('春耕备播进展顺利-县财政局-张敏-0539-6201001'),
                  '2019-03-05 09:00', 'first')
        o.deliver(draft('春耕备播进展顺利-县财政局-李四-0539-6209999',
                        sender='wuming@elsewhere.example'),
                  '2019-03-06 09:00', 'other')
        o.poll()
        equal(judged(o)['other'][:2], ('held', ['other-sender']))
        one, = o.json('list')
        equal((one['submitter'], one['phones']), ('张敏', ['05396201001']))
        equal(o.sent('wuming@elsewhere.example'), [])
        held, = [m for m in o.sent(STAFF) if '待处理：' in m['Subject']]
        true('已由另一邮箱报送并登记' in text_of(held), text_of(held))
        o.must('desk', '受理 待-1')
        one, = o.json('list')
        equal((one['submitter'], one['phones']), ('李四', ['05396209999']))
        equal(o.json('show', one['number'])['version'], 2)


@test('C15 the addresses of the unit speak for each other')
def _():
    with office(set_up=False) as o:
        short = '    short: 财政局\n'
        o.own_rules(roster=lambda text: text.replace(
            short, f'{short}    informants:\n      - {{name: 李四, '
            'address: lisi@tancheng.example}\n', 1))
        o.set_up()
        o.deliver(draft('春耕备播进展顺利-县财政局-张敏-0539-6201001'),
                  '2019-03-05 09:00', 'first')
        o.deliver(draft('春耕备播进展顺利-县财政局-李四-0539-6201002',
                        sender='lisi@tancheng.example'),
                  '2019-03-06 09:00', 'second')
        o.poll()
        one, = o.json('list')
        equal((one['submitter'], one['phones']), ('李四', ['05396201002']))


@test('C15 a new version that earns nothing new has nothing reckoned anew')
def _():
    with office() as o:
        o.deliver(draft('春耕备播进展顺利-县财政局-张敏-0539-6201001'),
                  '2019-03-05 09:00', 'first')
        o.poll()
        with contextlib.closing(sqlite3.connect(
                f'{o.data}/register.db')) as db:    # to be known again
            db.execute("UPDATE progress SET submitted = 7 "
                       "WHERE unit = '财政局'")
            db.commit()
        o.deliver(draft('春耕备播进展顺利-县财政局-张敏-0539-6201002'),
                  '2019-03-06 09:00', 'second')
        o.poll()
        true('new-version' in judged(o)['second'][2])
        equal(o.rows("SELECT submitted FROM progress WHERE unit = '财政局'"),
              [(7,)])


@test('P4 what the register refuses of one message: that one is held')
def _():
    with office() as o:
        o.deliver(draft(title(0)), '2019-03-05 09:00', 'before')
        o.poll()
        with contextlib.closing(sqlite3.connect(
                f'{o.data}/register.db')) as db:
            db.execute("CREATE TRIGGER refuse BEFORE INSERT ON message "
                       "WHEN NEW.message_id = '<two@x>' "
                       "BEGIN SELECT RAISE(ABORT, 'for the test'); END")
            db.commit()
        for n, name in enumerate(('one', 'two', 'three'), 1):
            o.deliver(draft(title(n), '第%d期。' % n,
                            message_id=f'<{name}@x>'),
                      f'2019-03-06 09:0{n}', name)
        log = o.poll().err
        equal(log.count('event=not-recorded'), 1)
        equal(log.count('event=accepted'), 2)
        equal([judged(o)[name][0] for name in ('one', 'two', 'three')],
              ['accepted', 'held', 'accepted'])
        equal([s['number'] for s in o.json('list')],
              ['2019-0001', '2019-0002', '2019-0003'])
        equal(sorted(replied(o)), ['before', 'one', 'three'])
        o.poll()
        equal(len(judged(o)), 4)


@test('another mail under the name of one that was moved is taken in')
def _():
    with office() as o:
        o.deliver(draft(title(0)), '2019-03-05 09:00', 'mail')
        o.poll()
        o.deliver(draft(title(1)), '2019-03-06 09:00', 'mail')
        o.poll()
        equal([s['title'] for s in o.json('list')],
              [title(n).split('-')[0] for n in (0, 1)])
        equal(len(o.sent()), 2)


# ---- dragged back to the inbox ----

@test('a held mail dragged back is judged by what is in force now')
def _():
    with office() as o:
        o.deliver(draft('电商进农村示范县通过验收-县电商办-何平-15253901234'),
                  '2019-03-05 09:00', 'mail')
        o.poll()
        equal(judged(o)['mail'][:2], ('held', ['unknown-unit']))
        o.own_rules(roster=lambda text: text.replace(
            '    aliases: [郯城县商务局]', '    aliases: [郯城县商务局, 县电商办]'))
        o.put_back('mail')
        o.poll()
        equal(judged(o)['mail'][0], 'accepted')
        equal(o.folder_of('mail'), [ACCEPTED])
        equal(o.json('list')[0]['unit'], '商务局')
        equal(o.json('held'), [])
        true(replied(o)['mail']['Subject'].startswith('已受理'))


@test('a returned mail just put back is judged anew, and not returned twice')
def _():
    with office() as o:
        o.deliver(draft('春耕备播进展顺利-县财政局-张敏'), '2019-03-05 09:00',
                  'mail')
        o.poll()
        o.put_back('mail')
        o.poll()
        equal(o.folder_of('mail'), [RETURNED])
        equal(len(o.sent()), 1)


@test('an accepted mail, a machine and a duplicate put back go back again')
def _():
    with office() as o:
        data = draft(FULL)
        o.deliver_all({'good': data, 'twice': data,
                       'auto': ROWS['auto'][1]})
        o.poll()
        for name in ('good', 'twice', 'auto'):
            o.put_back(name)
        o.poll()
        equal([o.folder_of(n) for n in ('good', 'twice', 'auto')],
              [[ACCEPTED], [IGNORED], [IGNORED]])
        equal((len(o.json('list')), len(o.sent())), (1, 1))


# ---- limits ----

@test('A23 over the limit of a day: recorded, not answered, staff told once')
def _():
    with office('replies-per-day: 3\n') as o:
        for n in range(6):
            o.deliver(draft(title(n)), f'2019-03-20 1{n}:00')
        o.poll()
        equal(len(o.json('list')), 6)
        equal(len(o.sent(UNIT)), 3)
        notice, = o.sent(STAFF)
        true(UNIT in text_of(notice))
        o.deliver(draft(title(6)), '2019-03-21 18:00', 'next-day')
        o.poll(now='2019-03-21 18:01')
        true('next-day' in replied(o))


@test('A24 over the limit of an hour: paced, none lost')
def _():
    with office('replies-per-hour: 2\n') as o:
        for n in range(5):
            o.deliver(draft(title(n), sender=f'unit{n}@tancheng.example'),
                      '2019-03-20 10:00')
        counts = []
        for now in ('10:01', '10:30', '11:05', '12:10'):
            o.poll(now=f'2019-03-20 {now}')
            counts.append(len(o.sent()) - len(o.sent(STAFF)))
        equal(counts, [2, 2, 4, 5])
        equal(len(o.json('list')), 5)
        equal(len({m['To'] for m in o.sent()} - {STAFF}), 5)
        told, = o.sent(STAFF)
        true('已达2封上限，其余答复将顺延发出' in text_of(told), text_of(told))


@test('over the size limit only the header is read; the sender is told')
def _():
    with office(SMALL) as o:
        canary = 'QJXZVKWPLMRT'
        o.deliver(mail(FULL, files=[('a.docx', os.urandom(1 << 20)),
                                    (f'{canary}.docx', docx(canary))]),
                  '2019-03-20 10:00', 'big')
        o.poll()
        equal(judged(o)['big'][:2], ('returned', ['too-big']))
        text = text_of(replied(o)['big'])
        true('MB' in text and '1' in text, text)
        equal(found(o, canary), [])


@test('F5r below the floor of the disk nothing is fetched, staff are told once')
def _():
    with office() as o:
        o.configure('disk-floor: 900000 GB\n')
        o.deliver(draft(FULL), '2019-03-20 10:00')
        for _ in range(2):
            r = o.run('poll')
            equal(r.code, 75)
            true('disk-floor' in r.err)
        equal(len(o.sent(STAFF)), 1)
        equal(o.json('status')['failures'], 2)
        o.configure()
        o.poll()
        equal(len(o.json('list')), 1)


@test('P9 what a program that is gone left half written is swept away')
def _():
    with office() as o:
        new = time.time()       # files are dated by the real clock
        old = new - 7200
        for name, age, goes in (('ledger.xlsx.999999999.tmp', new, True),
                                (f'b.xlsx.{os.getpid()}.tmp', old, False),
                                ('tmp.a1B2c3D4e5', old, True),
                                ('tmp.f1B2c3D4e5', new, False),
                                ('notes.tmp', old, False)):
            path = f'{o.data}/{name}'
            with open(path, 'wb') as f:
                f.write(b'CANARY')
            os.utime(path, (age, age))
            o.poll()
            equal((name, os.path.exists(path)), (name, not goes))


# ---- the reply ----

@test('B1 a reply: its marks, one recipient, a null envelope sender')
def _():
    with office() as o:
        o.deliver(draft(FULL, headers=[('Reply-To', 'other@x.example'),
                                       ('Cc', 'third@x.example')]),
                  '2019-03-05 09:00', 'mail')
        o.poll()
        r, = o.sent()
        equal((r['To'], r['From'].addresses[0].addr_spec), (UNIT, ADDRESS))
        equal((r['Auto-Submitted'], r['Cc'], r['Bcc']),
              ('auto-replied', None, None))
        true(r['X-Baosong-Loop'] and r['Date'] and r['Message-ID'])
        equal(o.rows('SELECT recipient, envelope_from FROM mail'),
              [(UNIT, '')])


@test('B2 B3 a reply stands under the mail that it answers, where that can be')
def _():
    with office() as o:
        o.deliver_all({
            'good': draft(title(0), message_id='<a.1@x.example>'),
            'none': draft(title(1), message_id=None),
            'long': draft(title(2), message_id=f'<{"x" * 1000}@x.example>'),
            'bad': draft(title(3)).replace(b'Message-ID: <',
                                           b'Message-ID: <a b\1')})
        o.poll()
        replies = replied(o)
        equal(replies['good']['In-Reply-To'], '<a.1@x.example>')
        equal(replies['good']['References'], '<a.1@x.example>')
        for name in ('none', 'long', 'bad'):
            equal((name, replies[name]['In-Reply-To'],
                   replies[name]['References']), (name, None, None))


@test('B4 B5 B7 a subject cannot forge a header, and nothing is quoted')
def _():
    with office() as o:
        evil = base64.b64encode(('\r\nBcc: evil@x.example\r\n\r\n'
                                 + '无' * 900).encode()).decode()
        data = draft('x', '稿件里的句子不得出现在回复里。').replace(
            b'Subject: x', f'Subject: =?utf-8?B?{evil}?='.encode())
        o.deliver(data, '2019-03-05 09:00', 'mail')
        o.poll()
        (copies,) = o.outgoing_bytes().values()
        head = copies[0].split(b'\n\n', 1)[0]
        equal(len(re.findall(rb'(?mi)^bcc:', head)), 0)
        equal(len(re.findall(rb'(?mi)^subject:', head)), 1)
        true(max(len(line) for line in head.split(b'\n')) <= 76)
        true(len(copies[0]) <= 16384)
        true('稿件里的句子' not in text_of(parse(copies[0])))


# ---- secrecy ----

def forms(word):
    """The word as it might lie in a file."""
    out = {word.encode(c) for c in ('utf-8', 'gb18030', 'utf-16-le',
                                    'utf-16-be')}
    for plain in list(out):
        for shift in range(3):
            code = base64.b64encode(b'\0' * shift + plain)
            out.add(code[4 if shift else 0:-4])
    return {f for f in out if len(f) > 5}


def found(o, word):
    """Files of the office, but for the mailbox, that hold the word."""
    hits = []
    for path, content in tree(o.data, o.outgoing).items():
        texts = [path.encode(), content]
        if content[:2] == b'PK':
            with zipfile.ZipFile(io.BytesIO(content)) as z:
                texts += [z.read(n) for n in z.namelist()]
        if any(f in t for f in forms(word) for t in texts):
            hits.append(path)
    return hits


@test('P9 what is marked secret leaves no trace of its content')
def _():
    with office() as o:
        canary, said = '绝无此词甲乙丙丁', ''
        marked = f'机密★1年\n{canary}'
        subject = f'{canary}情况-县财政局-张敏-6201001'
        for n, data in enumerate((
                draft(subject, marked),
                mail(subject, files=[(f'{canary}.docx', docx(marked))]),
                mail(f'【机密】{canary}', canary),
                mail(subject, marked, files=[('a.docx', docx(canary))]))):
            o.deliver(data, f'2019-03-05 09:0{n}', f'secret-{n}')
        r = o.must('-v', 'poll')
        equal({v[0] for v in judged(o).values()}, {'quarantined'})
        equal(len(o.where()['']), 4)
        for command in (['held'], ['held', '--json'], ['list'], ['status']):
            said += o.must(*command).out
        equal(found(o, canary), [])
        true(canary not in r.out + r.err + said)
        # identity: nothing by which a guess could be confirmed
        equal(o.rows('SELECT count(*) FROM message WHERE coalesce(identity, '
                     'raw_hash, message_id, subject, title) IS NOT NULL'),
              [(0,)])
        officers = [m for m in o.sent(STAFF)]
        equal(len(officers), 4)
        o.poll()
        equal(len(o.sent()), 8)


@test('a secret mail is known again by receipt, size and sender')
def _():
    with office() as o:
        o.deliver(ROWS['secret'][1], '2019-03-05 09:00', 'one')
        o.poll()
        sent = len(o.sent())
        os.rename(o.path_of('one'), f'{o.mailbox}/cur/renamed:2,S')
        o.poll()
        equal((len(o.json('held')), len(o.sent())), (1, sent))


@test('清除 takes every trace of a draft away, also when it was killed')
def _():
    with office() as o:
        canary = '绝无此词戊己庚辛'
        o.deliver(draft(f'{canary}进展-县财政局-张敏-6201001',
                        f'{canary}，增长1.2%。'), '2019-03-05 09:00')
        o.deliver(mail(f'发信方已撤回邮件：{canary}进展-县财政局-张敏-6201001'),
                  '2019-03-05 09:05')
        o.poll()
        o.must('desk', '查询', '2019-0001')
        true(len(found(o, canary)) > 0)
        for path in os.listdir(f'{o.outgoing}/new'):
            os.remove(f'{o.outgoing}/new/{path}')   # what was sent is sent
        true(any('稿件' in path for path in found(o, canary)))
        later = '2019-06-03 09:00'
        r = o.run('desk', '清除', '2019-0001', now=later,
                  env={'BAOSONG_CRASH_AT': '2'})
        equal(r.code, -signal.SIGKILL)
        o.poll(now=later)
        equal(found(o, canary), [])


# ---- orders ----

@test('D1 D3 D4 proof: dmarc, dkim, auth of the own server, above its trace')
def _():
    with office() as o:
        lines = '补录 财政局 {}\n'
        right = {p: order(lines.format(f'由{p}证明'), proof=p)
                 for p in ('dmarc', 'dkim', 'auth')}
        wrong = {
            'spf': order(lines.format('只有spf'), proof='spf'),
            'none': order(lines.format('没有证明'), proof=None),
            'below': order(lines.format('证明在下面'), below=True),
            'evil-host': order(lines.format('别的服务器'),
                               host='mail.tancheng.example.evil.example'),
            'dmarc-fail': order(lines.format('证明失败'), proof='dmarc=fail'),
            'stranger': order(lines.format('别人'),
                              sender='wf@other.example'),
        }
        o.deliver_all({**right, **wrong}, '2019-03-20 09:00')
        o.poll()
        for name in right:
            equal(judged(o)[name][0], 'command', name)
        for name in wrong:
            true(judged(o)[name][0] != 'command', name)
            equal(o.folder_of(name)[0] in (HELD, RETURNED), True, name)
        equal(len(o.json('list')), 3)
        equal([m['To'] for m in replied(o).values()
               if m['Subject'].startswith('命令')], [STAFF] * 3)


@test('D7 a mail once obeyed is never obeyed again; its undo line undoes it')
def _():
    with office() as o:
        data = order('补录 财政局 电话报送的信息\n')
        o.deliver(data, '2019-03-20 09:00', 'first')
        o.poll()
        o.deliver(data, '2019-03-20 10:00', 'replayed')
        o.deliver(b'Received: from y by z.example\r\n' + data,
                  '2019-03-20 10:01', 'elsewhere')
        o.poll()
        equal(len(o.json('list')), 1)
        equal([judged(o)[n][0] == 'command' for n in
               ('first', 'replayed', 'elsewhere')], [True, False, False])
        answer = text_of(replied(o)['first'])
        undo = re.search(r'撤销命令 ?\d+', answer).group()
        o.deliver(order(undo), '2019-03-20 11:00')
        o.poll()
        equal([s['status'] for s in o.json('list')], ['withdrawn'])


@test('D10 D11 D12 D13 what is an order in a mail, line by line')
def _():
    with office() as o:
        o.deliver(draft(FULL), '2019-03-05 09:00')
        o.deliver(order('标注　２０１９－０００１　普刊　２０１９－０３－１２\n'
                        '标注 2019-0099 普刊\n标注 2019-0001 没有此项\n'
                        '> 退稿 2019-0001 引用的命令\n'),
                  '2019-03-20 09:00', 'lines')
        o.deliver(mail('命令', '见HTML', sender=STAFF, headers=[
            ('Authentication-Results^', 'mail.tancheng.example; dmarc=pass '
             'header.from=mail.tancheng.example')],
            html='<div style="display:none">退稿 2019-0001 隐藏</div><p>你好</p>'),
            '2019-03-20 09:01', 'hidden')
        o.poll()
        one, = o.json('list')
        equal([m['item'] for m in one['marks']], ['普刊'])
        equal(one['status'], 'recorded')
        answer = text_of(replied(o)['lines'])
        true('0099' in answer and '没有此项' in answer, answer)


@test('desk: what was held is accepted, returned, ignored; letters follow, '
      'and it leaves 待处理')
def _():
    with office() as o:
        o.deliver_all({'unit': ROWS['unknown'][1], 'file': ROWS['damaged'][1],
                       'order': ROWS['unproven'][1]})
        o.poll()
        handle = {m['reasons'][0]: m['handle'] for m in o.json('held')}
        r = o.must('desk', '-', stdin=f'受理 {handle["unknown-unit"]} '
                   f'单位=县商务局\n退回 {handle["unreadable"]} 打不开\n'
                   f'忽略 {handle["unproven-command"]}\n')
        equal(len(r.out.splitlines()), 4, 'and how to take it back')
        equal(o.json('held'), [])
        equal({f: n for f, n in o.where().items() if n},
              {'待处理': ['file', 'order', 'unit']})
        o.poll()
        equal({f: n for f, n in o.where().items() if n},
              {'已受理': ['unit'], '已退回': ['file'], '已忽略': ['order']})
        equal(sorted(m['Subject'][:2] for m in o.sent(UNIT)), ['已受', '退回'])
        equal(o.json('list')[0]['unit'], '商务局')
        equal(o.run('desk', '受理', '待-99').code, 65)
        equal(o.run('desk', '标柱', '2019-0001', '普刊').code, 65)
        equal(o.run('desk', '--as', '李四', '帮助').code, 64)


@test('what staff decide about may be elsewhere by then; nothing else is moved')
def _():
    with office() as o:
        o.deliver_all({'unit': ROWS['unknown'][1], 'file': ROWS['damaged'][1]})
        o.poll()
        handle = {m['reasons'][0]: m['handle'] for m in o.json('held')}
        os.rename(o.path_of('unit'), f'{o.mailbox}/.已忽略/cur/renamed:2,S')
        with open(f'{o.mailbox}/.待处理/cur/unit:2,', 'wb') as f:
            f.write(b'another of its name')
        o.must('desk', '忽略', handle['unreadable'])
        o.must('desk', '受理', handle['unknown-unit'], '单位=县商务局')
        o.poll()
        equal(o.where()['已忽略'], ['file', 'renamed'])
        equal(o.where()['待处理'], ['unit'])
        equal(o.rows('SELECT count(*) FROM place WHERE refile IS NOT NULL'),
              [(0,)])


# ---- one bad message ----

@test('P4 what kills the program three times is set aside; others are not')
def _():
    with office() as o:
        for n in range(3):
            o.deliver(draft(title(n)), f'2019-03-05 09:0{n}', f'mail-{n}')
        for _ in range(4):
            # 1, 2: its claim; 3: before its record
            r = o.run('poll', env={'BAOSONG_CRASH_AT': '3'})
            equal(r.code, -signal.SIGKILL)
            if judged(o):
                break
        o.poll()
        equal(judged(o)['mail-0'][:2], ('held', ['reader-died']))
        equal([judged(o)[f'mail-{n}'][0] for n in (1, 2)], ['accepted'] * 2)
        equal(len(o.sent(STAFF)), 1)


# ---- commands ----

@test('exit statuses of what cannot be done')
def _():
    with office() as o:
        wrong = {
            64: [['nonsense'], [], ['list', '2019-13'], ['list', 'a', 'b'],
                 ['scores'], ['replay'], ['poll', '--what'], ['show'],
                 ['preview', 'nonsense'], ['check', 'x']],
            65: [['show', '2019-0099'], ['desk', '受理', '待-99']],
        }
        for status, commands in wrong.items():
            for c in commands:
                r = o.run(*c)
                equal((c, r.code), (c, status), str(r))
                true(r.err or r.out)
        equal(o.run('list', now='gestern').code, 64)
        for c in (['--help'], ['--version'], *([n, '--help'] for n in (
                'run', 'poll', 'replay', 'import', 'desk', 'list', 'show',
                'held', 'scores', 'explain', 'rules', 'bulletin', 'check',
                'status', 'preview', 'backup'))):
            r = o.run(*c)
            equal((c, r.code), (c, 0))
            true(r.out)


@test('78: a configuration that is wrong, with file, line and column')
def _():
    with office() as o:
        text = open(o.config, encoding='utf-8').read()
        for bad, place, words in (
                (text.replace('phone:', 'phoen:'), ':6:1:', 'phone'),
                (text + 'poll-interval: soon\n', ':13:16:', 'soon'),
                (text.replace('tancheng-2019', 'tancheng-2018'), ':2:8:',
                 'tancheng-2019'),
                (text + 'phone: 1\n', ':13:1:', 'phone'),
                ('', ':', 'empty'),
                (text.replace('outgoing: maildir:outgoing',
                              'outgoing: maildir:mailbox'), ':4:', 'mailbox')):
            with open(o.config, 'w', encoding='utf-8') as f:
                f.write(bad)
            r = o.run('poll')
            equal(r.code, 78, str(r))
            true('baosong.yaml' in r.err and place in r.err and
                 words in r.err, r.err)
        os.remove(o.config)
        equal(o.run('poll').code, 78)


@test('C21 a second program exits with 75; the lock dies with its holder')
def _():
    with office('poll-interval: 600 s\n') as o:
        p = subprocess.Popen(o.command('run', now=None), cwd=o.folder,
                             stderr=subprocess.PIPE)
        try:
            true(b'started' in p.stderr.readline())  # it has the lock
            equal(o.run('poll').code, 75)
            equal(o.run('run').code, 75)
            equal(o.run('import', f'{DEMO}/mail/01-finance.eml').code, 75)
            equal(o.run('list').code, 0)
            equal(o.run('desk', '补录', '县财政局', '同时录入').code, 0)
        finally:
            p.kill()
            p.wait()
        o.poll()
        equal(len(o.json('list')), 1)


@test('run answers at once, and ends within 5 s of SIGTERM')
def _():
    with office('poll-interval: 600 s\nanswer-since: 2000-01-01\n') as o:
        p = subprocess.Popen(o.command('run', now=None), cwd=o.folder,
                             stderr=subprocess.PIPE)
        try:
            true(b'started' in p.stderr.readline())
            time.sleep(0.5)
            o.deliver(draft(FULL))
            until(lambda: o.outgoing_bytes(), 'a receipt', 60)
            begin = time.monotonic()
            p.send_signal(signal.SIGTERM)
            equal(p.wait(20), 0)
            true(time.monotonic() - begin < 5)
        finally:
            p.kill()
            p.wait()
            p.stderr.close()


@test('"nothing new" and "could not look" differ in all that is said')
def _():
    with office() as o:
        quiet = o.json('status')
        equal((quiet['failures'], quiet['last_error']), (0, None))
        os.rename(o.mailbox, f'{o.folder}/away')
        with open(o.mailbox, 'w', encoding='ascii') as f:
            f.write('no folder')
        for n in range(4):
            r = o.run('poll', now=f'2019-03-20 17:0{n}')
            true(r.code in (69, 74, 75), str(r))
            true('could-not-look' in r.err)
        status = o.json('status')
        equal(status['failures'], 4)
        true(status['last_error'])
        equal(status['last_success'], quiet['last_success'])
        true('4' in o.must('status').out)
        alert, = o.sent(STAFF)         # after three failures, once
        equal(alert['Auto-Submitted'], 'auto-generated')
        true('本机读写文件出错' in text_of(alert), text_of(alert))
        os.remove(o.mailbox)
        os.rename(f'{o.folder}/away', o.mailbox)
        o.poll(now='2019-03-20 17:10')
        equal(o.json('status')['failures'], 0)


@test('replay touches nothing, and says what the mailbox would have said')
def _():
    with office(set_up=False) as o:
        files = sorted(f'{DEMO}/mail/{n}' for n in os.listdir(f'{DEMO}/mail'))
        before = tree(o.folder)
        told = o.replay(*files)
        true(tree(o.folder) == before)
        keys = {'file', 'verdict', 'reasons', 'notes', 'subject', 'title',
                'unit', 'unit_name', 'submitter', 'phones', 'extensions',
                'category', 'words', 'text_prefix', 'attachments', 'machine',
                'secrecy', 'reply_to'}
        for t in told:
            true(keys <= set(t), keys - set(t))
        equal([t['file'] for t in told], files)
        first = told[0]
        equal((first['verdict'], first['title'], first['unit'],
               first['submitter'], first['phones']),
              ('accepted', '我县扎实推进财政资金直达基层', '财政局', '张敏',
               ['05396201001']))
        equal(set(first['attachments'][0]),
              {'name', 'kind', 'state', 'size', 'sha256', 'words'})
        true(len(first['text_prefix']) <= 200)
        marked, = [t for t in told if t['verdict'] == 'quarantined']
        for key in ('subject', 'title', 'unit', 'submitter', 'phones',
                    'words', 'text_prefix', 'attachments'):
            equal((key, marked[key]), (key, None))
        true(marked['secrecy'])
        o.set_up()
        o.deliver_demo()
        o.poll()
        verdicts = judged(o)
        for t in told:
            name = os.path.basename(t['file']).removesuffix('.eml')
            if not name.startswith('12-'):      # the same mail again
                equal((name, t['verdict'], t['reasons']),
                      (name, verdicts[name][0], verdicts[name][1]))
        r = o.must('replay', '--text', files[0])
        true('县财政局建立直达资金台账' in r.out)


@test('--json: the keys of the interface, points without trailing zeros')
def _():
    with office() as o:
        o.deliver_demo()
        o.poll()
        one = o.json('list', '2019-03')[0]
        true({'number', 'received', 'title', 'unit', 'unit_name', 'submitter',
              'phones', 'category', 'words', 'status', 'marks'} <= set(one))
        true({'item', 'date'} <= set(one['marks'][0]))
        equal(re.fullmatch(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00',
                           one['received']) is not None, True)
        s = o.json('scores', '2019-03')
        true({'office', 'period', 'from', 'to', 'units'} <= set(s))
        equal((s['period'], s['from'], s['to']),
              ('2019-03', '2019-03-01', '2019-03-31'))
        unit, = [u for u in s['units'] if u['unit'] == '农业农村局']
        true({'unit', 'name', 'class', 'submitted', 'adopted', 'counts',
              'points', 'adjustment', 'points_to_date', 'rank', 'targets',
              'lines'} <= set(unit))
        equal((unit['points'], unit['adjustment'], unit['rank']),
              ('11.2', '0', 1))
        true({'item', 'label', 'clause', 'points', 'date', 'number', 'title',
              'by'} <= set(unit['lines'][0]))
        true({'number', 'title', 'marks', 'history', 'mails', 'version'} <=
             set(o.json('show', one['number'])))
        true({'handle', 'verdict', 'reasons', 'received', 'sender',
              'subject'} <= set(o.json('held')[0]))
        true({'last_success', 'held', 'outbox_pending', 'next_due'} <=
             set(o.json('status')))
        true(o.json('rules'))


@test('PERIOD: month, quarter, half, year, week, two dates')
def _():
    with office() as o:
        for n, at in enumerate(('2019-03-04 09:00', '2019-03-10 23:59',
                                '2019-03-11 00:00', '2019-06-30 12:00')):
            o.deliver(draft(title(n)), at)
        o.poll(now='2019-07-01 09:00')
        for period, count in (('2019-03', 3), ('2019-02', 0), ('2019-Q1', 3),
                              ('2019-Q2', 1), ('2019-H1', 4), ('2019', 4),
                              ('2019-W10', 2), ('2019-W11', 1),
                              ('2019-03-10..2019-03-11', 2),
                              ('2019-06-30..2019-06-30', 1)):
            equal((period, len(o.json('list', period))), (period, count))
            found = o.json('scores', period)
            if '..' in period:
                found['period'] = f'{found["from"]}..{found["to"]}'
            equal(found['period'], period)
        for bad in ('2019-13', '2019-Q5', '2019-W60', '19-03', '2019-H3',
                    '2019-03-11..2019-03-10', '2019-02-30..2019-03-01', 'x'):
            equal((bad, o.run('list', bad).code), (bad, 64))


finish()
