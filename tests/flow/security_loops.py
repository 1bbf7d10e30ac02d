#!/usr/bin/python3
"""Machines, loops, forged senders: who is answered, and how often (A, P6)."""
import base64
import os
import re
import shutil

from mails import UNIT, docx, draft, mail
from office import ADDRESS, NOW, STAFF, Office, parse, text_of
from servers import tempdir
from tap import equal, finish, test, true

AT = '2019-03-20 09:00'
FULL = '财政资金直达基层-县财政局-张敏-0539-6201001'
OTHER = 'dzb@other.example'


class World:
    """Offices whose outgoing mail is carried to each other's mailbox, as two
    servers would: with a Return-Path and a Received line, and (`strip`)
    without the fields by which a machine says that it is one."""

    def __init__(self, folder, *addresses, strip=False, more=''):
        self.offices, self.strip, self.carried = {}, strip, 0
        self.letters = []           # (from, to, mail)
        for n, address in enumerate(addresses):
            os.mkdir(f'{folder}/{n}')
            o = Office(f'{folder}/{n}', more=more)
            with open(o.config, encoding='utf-8') as f:
                text = f.read().replace(ADDRESS, address)
            with open(o.config, 'w', encoding='utf-8') as f:
                f.write(text)
            o.set_up()
            self.offices[address] = o

    def carry(self, data, sender, at):
        """One letter, to whom it is addressed."""
        m = parse(data)
        to = str(m['To'])
        self.letters.append((sender, to, m))
        path = '<>' if not self.strip else f'<{sender}>'
        if self.strip:
            head, body = data.split(b'\n\n', 1)
            keep = [line for line in re.split(rb'\n(?![ \t])', head)
                    if not re.match(rb'(?i)(auto-submitted|x-|precedence)',
                                    line)]
            data = b'\n'.join(keep) + b'\n\n' + body
        data = (f'Return-Path: {path}\nReceived: from a by b; {at}\n'
                ).encode() + data
        if to in self.offices:
            self.carried += 1
            self.offices[to].deliver(data, at, f'{self.carried:06}.carried')

    def round(self, minute):
        """Each office looks once; what it sends is carried."""
        at = f'2019-03-20 {10 + minute // 60:02}:{minute % 60:02}'
        moved = 0
        for address, o in self.offices.items():
            o.poll(now=at)
            for path in sorted(os.listdir(f'{o.outgoing}/new')):
                with open(f'{o.outgoing}/new/{path}', 'rb') as f:
                    self.carry(f.read(), address, at)
                os.remove(f'{o.outgoing}/new/{path}')
                moved += 1
        return moved

    def settle(self, rounds):
        for minute in range(rounds):
            if self.round(minute) == 0 and minute > 1:
                return minute
        return rounds

    def sent(self, sender, to):
        return [m for s, t, m in self.letters if (s, t) == (sender, to)]


# ---- two programs ----

@test('P6 two programs that answer each other stop: no more than one mail each')
def _():
    with tempdir() as tmp:
        w = World(tmp, ADDRESS, OTHER)
        forged = mail(FULL, '见附件', sender=OTHER)   # a draft that is missing
        w.offices[ADDRESS].deliver(forged, AT, 'forged')
        w.settle(12)
        equal(len(w.sent(ADDRESS, OTHER)), 1)
        equal(len(w.sent(OTHER, ADDRESS)), 0)


@test('P6 ... also where the servers between them take every mark away')
def _():
    with tempdir() as tmp:
        w = World(tmp, ADDRESS, OTHER, strip=True, more='replies-per-day: 5\n')
        w.offices[ADDRESS].deliver(mail(FULL, '见附件', sender=OTHER), AT, 'x')
        w.settle(30)
        for a, b in ((ADDRESS, OTHER), (OTHER, ADDRESS)):
            true(len(w.sent(a, b)) <= 1, (a, len(w.sent(a, b))))


# ---- a robot ----

@test('P6 a robot that answers all, without marks, each time anew: <= the cap')
def _():
    with tempdir() as tmp:
        o = Office(tmp, more='replies-per-day: 7\n')
        o.set_up()
        robot, answered = 'wuming@robot.example', 0
        for n in range(16):
            o.deliver(mail(f'回信第{n}号 {os.urandom(4).hex()}', f'收到{n}',
                           sender=robot), f'2019-03-20 09:{n:02}',
                      f'robot-{n}')
            o.poll(now=f'2019-03-20 10:{n:02}')
            new = len(o.sent(robot))
            if n > 8:
                equal(new, answered)
            answered = new
        equal(answered, 7)
        equal(o.rows("SELECT count(*) FROM message WHERE sender = ?", robot),
              [(16,)])
        silenced = [m for m in o.sent(STAFF) if robot in text_of(m)]
        equal(len(silenced), 1)


def answers_to(o, sender, mails):
    """How many letters each of these brought, a mail a look."""
    out, before = [], 0
    for n, data in enumerate(mails):
        o.deliver(data(o.sent(sender)), f'2019-03-20 09:{n:02}')
        o.poll(now=f'2019-03-20 10:{n:02}')
        out.append(len(o.sent(sender)) - before)
        before += out[-1]
    return out


@test('A23 a robot that answers under our own subject is stopped by the cap')
def _():
    with tempdir() as tmp:
        o = Office(tmp)
        o.set_up()
        robot = 'wuming@robot.example'

        def reply(sent):
            subject = f"回复：{sent[-1]['Subject']}" if sent else '咨询'
            return mail(subject, f'已收到，第{len(sent)}次', sender=robot)
        equal(answers_to(o, robot, [reply] * 24), [1] * 20 + [0] * 4)
        equal(len([m for m in o.sent(STAFF) if robot in text_of(m)]), 1)


@test('A23 a unit that calls all its items alike hears of each, wrong or right')
def _():
    with tempdir() as tmp:
        o = Office(tmp)
        o.set_up()
        wrong = [lambda _, n=n: mail('县财政局上报信息', f'见附件{n}',
                                     files=[(f'{n}.docx', docx(f'增长{n}%。'))])
                 for n in range(6)]
        right = [lambda _: draft(FULL)]
        equal(answers_to(o, UNIT, wrong + right), [1] * 7)
        equal([v for v, in o.rows('SELECT verdict FROM message')],
              ['returned'] * 6 + ['accepted'])


# ---- forged senders ----

def flood(n, domain):
    """Mail of n people who never wrote it, in the forms that get answers."""
    out = {}
    for k in range(n):
        text = ('见附件', '', '得分', '请查收')[k % 4]
        subject = (FULL, '你好', '查询 2019-0001', '材料-县财政局')[k % 4]
        out[f'flood-{k:04}'] = mail(subject, text,
                                    sender=f'victim{k}@{domain}')
    return out


@test('no backscatter: 1,000 forged senders get no more than the hour allows')
def _():
    with tempdir() as tmp:
        o = Office(tmp, more='replies-per-hour: 50\n')
        o.set_up()
        o.deliver_all(flood(1000, 'victims.example'), AT)
        o.poll()
        sent = [m for m in o.sent() if 'victim' in m['To']]
        true(0 < len(sent) <= 50, len(sent))
        equal(o.rows('SELECT count(*) FROM message'), [(1000,)])
        for m in sent[:5]:                  # and what goes, quotes nothing
            true(len(m.as_bytes()) < 16384 and '请查收' not in text_of(m))


def registered_only(o):
    o.own_rules(roster=lambda text: text.replace(
        '    short: 财政局\n', '    short: 财政局\n    informants:\n'
        f'      - {{name: 张敏, address: {UNIT}}}\n', 1))
    with open(f'{o.folder}/rules/pack.yaml', encoding='utf-8') as f:
        text = f.read()
    changed = re.sub(r'^senders: anyone', 'senders: registered', text,
                     flags=re.M)
    true(changed != text)
    with open(f'{o.folder}/rules/pack.yaml', 'w', encoding='utf-8') as f:
        f.write(changed)


@test('no backscatter: where senders are registered, strangers get nothing')
def _():
    with tempdir() as tmp:
        o = Office(tmp)
        registered_only(o)
        o.set_up()
        o.deliver_all(flood(200, 'victims.example'), AT)
        o.deliver_all({f'marked-{k}': mail(f'机密★5年 第{k}号', '见附件',
                                           sender=f'victim{k}@v.example')
                       for k in range(20)}, AT)
        o.deliver(draft(FULL), AT, 'known')
        o.deliver(mail('秘密★1年', '见附件'), AT, 'marked-known')
        o.poll()
        equal([m for m in o.sent() if 'victim' in m['To']], [])
        equal(len(o.sent(UNIT)), 2)
        equal(len(o.json('held')), 221)     # the officers are told as ever
        equal(o.rows("SELECT count(*) FROM message WHERE verdict = "
                     "'quarantined'"), [(21,)])


# What forbids the answer to an ordinary mail, beside the pack.
UNANSWERED = {
    'spam': dict(headers=[('X-Spam-Flag', 'YES')]),
    'Sender': dict(headers=[('Sender', 'other@x.example')]),
    'two authors': dict(sender=f'{UNIT}, other@x.example'),
    'suppressed': dict(headers=[('X-Auto-Response-Suppress', 'All')]),
    'list': dict(headers=[('List-Id', '<a.example>')]),
    'null sender': dict(headers=[('Return-Path^', '<>')]),
}


@test('A27 A31 no backscatter: nor is a marked mail, for all that forbids it')
def _():
    with tempdir() as tmp:
        o = Office(tmp, more='replies-per-day: 100\n')
        o.set_up()
        for n, (what, how) in enumerate(UNANSWERED.items()):
            o.deliver(mail(f'机密★5年 {n}', '见附件', **how), AT, f'm{n}')
        o.poll()
        equal({v for v, in o.rows('SELECT verdict FROM message')},
              {'quarantined'})
        equal([m['To'] for m in o.sent() if STAFF not in str(m['To'])], [])


@test('A30 mail that the own server found forged is held, and not answered')
def _():
    with tempdir() as tmp:
        o = Office(tmp)
        o.set_up()
        for n in range(20):
            o.deliver(draft(('', '机密★5年 ')[n % 2] + FULL, headers=[(
                'Authentication-Results^', 'mail.tancheng.example; dmarc=fail '
                'header.from=tancheng.example')]), AT, f'forged-{n}')
        o.poll()
        equal(o.sent(UNIT), [])
        equal({v for v, in o.rows('SELECT verdict FROM message')},
              {'held', 'quarantined'})


# ---- our own address, wherever it may stand ----

OWN = {
    'From': dict(sender=ADDRESS),
    'From, in capitals': dict(sender=ADDRESS.upper()),
    'From, with a tag': dict(sender=ADDRESS.replace('@', '+1@')),
    'From, with a name': dict(sender=f'"a" <{ADDRESS}>'),
    'From, and another': dict(sender=f'{ADDRESS}, {UNIT}'),
    'From, twice': dict(headers=[('From^', ADDRESS)]),
    'Sender': dict(headers=[('Sender', ADDRESS)]),
    'Reply-To': dict(headers=[('Reply-To', ADDRESS)]),
    'Return-Path': dict(headers=[('Return-Path^', f'<{ADDRESS}>')]),
    'Errors-To': dict(headers=[('Errors-To', ADDRESS)]),
    'Resent-From': dict(headers=[('Resent-From^', ADDRESS)]),
    'Cc and Bcc': dict(headers=[('Cc', ADDRESS), ('Bcc', ADDRESS)]),
    'Disposition-Notification-To':
        dict(headers=[('Disposition-Notification-To', ADDRESS)]),
    'Return-Receipt-To': dict(headers=[('Return-Receipt-To', ADDRESS)]),
    'Message-ID': dict(message_id=f'<{ADDRESS}>'),
    'display name': dict(sender=f'"{ADDRESS}" <{UNIT}>'),
    'comment': dict(sender=f'{UNIT} ({ADDRESS})'),
}


@test('A21 A22 our own address in every field: never a mail to ourselves')
def _():
    with tempdir() as tmp:
        o = Office(tmp, more='replies-per-day: 100\n')
        o.set_up()
        for n, (what, how) in enumerate(OWN.items()):
            o.deliver(draft(f'第{n}件事项进展-县财政局-张敏-0539-6201001',
                            text=f'增长{n}%。', **how), AT, f'own-{n:02}')
        o.poll()
        o.poll()
        everybody = [str(m['To']) for m in o.sent()]
        true(not [a for a in everybody
                  if ADDRESS.split('@')[0] in a.lower()], everybody)
        true(set(everybody) <= {UNIT, STAFF}, everybody)
        became = [v for v, in o.rows('SELECT m.verdict FROM message m JOIN '
                                     'place p ON p.message = m.id '
                                     'ORDER BY p.name')]
        for what, verdict in zip(OWN, became, strict=True):
            equal((what, verdict == 'ignored'),
                  (what, what.startswith('From')))


@test('A21 staff are told once a day of who writes in our name; of no letter '
      'of ours')
def _():
    with tempdir() as tmp:
        o = Office(tmp)
        o.set_up()
        o.deliver(draft(FULL), AT, 'draft')
        o.poll()
        receipt, = o.sent(UNIT)
        ours = receipt.as_bytes()
        marks = rb'(?m)^X-Baosong-Loop:.*\r?\n'
        for n, data in enumerate((ours, re.sub(marks, b'', ours),
                                  re.sub(rb'(?m)^Message-ID:.*\r?\n', b'',
                                         ours))):
            o.deliver(data, AT, f'ours-{n}')
        r = o.poll()
        equal((told_of_own(o), r.err.count('from-own-address')), ([], 0))
        for day in ('20', '21'):
            for n in range(2):
                o.deliver(draft(f'第{day}{n}件事项-县财政局-张敏-6201001',
                                sender=f'"县委" <{ADDRESS.upper()}>'),
                          f'2019-03-{day} 17:3{n}', f'forged-{day}-{n}')
            r = o.poll(now=f'2019-03-{day} 17:40')
            equal(r.err.count('event=from-own-address'), 2)
        letters = told_of_own(o)
        equal(len(letters), 2)
        true('第200件事项' in text_of(letters[0]) and ADDRESS in
             text_of(letters[0]), text_of(letters[0]))
        equal(o.rows("SELECT DISTINCT reasons FROM message WHERE verdict = "
                     "'ignored'"), [('self',)])
        equal(len(o.sent(UNIT)), 1)


def told_of_own(o):
    return [m for m in o.sent() if '以本邮箱的名义' in m['Subject']]


# ---- the rest of A, each by its id ----

def answered(data, **how):
    """(verdict, reason codes, letters to the sender)"""
    with tempdir() as tmp:
        o = Office(tmp)
        o.set_up()
        o.deliver(data, AT, 'mail')
        o.poll()
        (row,) = o.rows('SELECT verdict, reasons FROM message')
        return (*row, len([m for m in o.sent() if m['To'] != STAFF]))


@test('A7 without a Return-Path the From decides')
def _():
    true(b'Return-Path' not in draft(FULL))
    equal(answered(draft(FULL)), ('accepted', '', 1))
    equal(answered(draft(FULL, sender='MAILER-DAEMON@x.example'))[0::2],
          ('ignored', 0))


@test('A17 自动回复 in a title, with a draft: recorded, and answered once')
def _():
    equal(answered(draft('自动回复系统上线运行-县财政局-张敏-0539-6201001')),
          ('accepted', '', 1))


def report(kind, part):
    return (f'From: {UNIT}\r\nTo: {ADDRESS}\r\nSubject: x\r\n'
            f'MIME-Version: 1.0\r\nContent-Type: multipart/report; '
            f'report-type={kind}; boundary=b\r\n\r\n--b\r\n\r\n已读\r\n--b\r\n'
            f'Content-Type: {part}\r\n\r\nOriginal-Message-ID: <a@b>\r\n'
            'Disposition: manual-action/MDN-sent-manually; displayed\r\n\r\n'
            '--b--\r\n').encode()


@test('A18 A19 reports are never answered, whatever address they come from')
def _():
    for kind, part, reason in (
            ('delivery-status', 'message/delivery-status', 'bounce'),
            ('disposition-notification', 'message/disposition-notification',
             'receipt'),
            ('feedback-report', 'message/feedback-report', 'bounce')):
        equal(answered(report(kind, part)), ('ignored', reason, 0))


@test('A20 who wants to know that it was read is not told so')
def _():
    for name in ('Disposition-Notification-To', 'Return-Receipt-To',
                 'X-Confirm-Reading-To'):
        with tempdir() as tmp:
            o = Office(tmp)
            o.set_up()
            o.deliver(draft(FULL, headers=[(name, 'spy@x.example')]), AT)
            o.poll()
            letter, = o.sent(UNIT)
            equal(letter.get_content_type() != 'multipart/report', True)
            equal([m['To'] for m in o.sent() if 'spy' in m['To']], [])
            equal(letter[name], None)


@test('A26 a register restored from last week: recorded, not answered again')
def _():
    with tempdir() as tmp:
        o = Office(tmp)
        o.set_up()
        o.must('backup', f'{tmp}/copy.db', now='2019-03-08 09:00')
        for n in range(3):
            o.deliver(draft(f'第{n}件事项进展-县财政局-张敏-0539-6201001',
                            text=f'增长{n}%。'), f'2019-03-1{n} 09:00',
                      f'mail-{n}')
        o.poll(now='2019-03-14 09:00')
        equal(len(o.sent(UNIT)), 3)
        for name in ('register.db-wal', 'register.db-shm'):
            if os.path.exists(f'{o.data}/{name}'):
                os.remove(f'{o.data}/{name}')
        shutil.copy(f'{tmp}/copy.db', f'{o.data}/register.db')
        shutil.rmtree(o.outgoing)
        for part in ('new', 'cur', 'tmp'):
            os.makedirs(f'{o.outgoing}/{part}')
        for n in range(3):
            o.put_back(f'mail-{n}')
        o.poll(now='2019-03-20 09:00')
        equal(o.rows('SELECT count(*) FROM message WHERE verdict = '
                     "'accepted'"), [(3,)])
        equal(o.sent(UNIT), [])


@test('A27 a second Sender, or two in one: held, and nobody is answered')
def _():
    for headers in ([('Sender', 'other@x.example')],
                    [('Sender', UNIT), ('Sender', 'other@x.example')],
                    [('Sender', f'{UNIT}, other@x.example')]):
        equal(answered(draft(FULL, headers=headers)),
              ('held', 'several-senders', 0))
    equal(answered(draft(FULL, headers=[('Sender', UNIT)])),
          ('accepted', '', 1))


@test('A28 what is no address is recorded, and nothing is sent to it')
def _():
    for sender in ('x@[192.0.2.1]', 'x@localhost', f'{"x" * 300}@y.example',
                   '@y.example', 'x@', 'x', '<>',
                   '=?utf-8?q?x=0D=0ABcc=3A_y=40z=2Eexample?=@y.example'):
        data = draft(FULL).replace(f'From: {UNIT}'.encode(),
                                   f'From: {sender}'.encode())
        true(sender.encode() in data)
        verdict, _, letters = answered(data)
        true(verdict == 'held' or letters <= 1, (sender, verdict, letters))
        equal((sender, letters), (sender, 0))


@test('A29 we stand only in Cc, and 80 others in To: recorded once, one answer')
def _():
    others = ', '.join(f'u{n}@tancheng.example' for n in range(80))
    data = draft(FULL).replace(f'To: {ADDRESS}'.encode(),
                               f'To: {others}\r\nCc: {ADDRESS}'.encode())
    true(others.encode() in data)
    equal(answered(data), ('accepted', '', 1))
    hidden = draft(FULL).replace(f'To: {ADDRESS}\r\n'.encode(), b'')
    equal(answered(hidden), ('accepted', '', 1))


# ---- the habits of mailers ----

HABITS = {
    'QQ': [('X-QQ-AUTO-REPLY', 'true')],
    'QQ, in its own words': [('X-QQ-AUTO-REPLY', 'TRUE')],
    'RFC 3834, old name': [('X-Auto-Submitted', 'auto-replied')],
    'Exchange': [('Auto-Submitted', 'auto-generated'),
                 ('X-MS-Exchange-Inbox-Rules-Loop', 'x')],
    'vacation': [('X-Autoreply', 'yes'), ('Precedence', 'bulk')],
    'autorespond': [('X-Autorespond', 'out of office')],
    'a responder': [('X-Autoresponder', '1')],
    'Precedence: auto_reply': [('Precedence', 'auto_reply')],
    'Precedence: JUNK': [('precedence', 'JUNK')],
    'Precedence: list': [('Precedence', 'list')],
    'cPanel': [('X-Auto-Reply', 'x')],
    'a bounce of qmail': [('X-Failed-Recipients', 'x@y.example')],
    **{f'a list: {name}': [(name, '<x>')] for name in (
        'List-Id', 'List-Post', 'List-Unsubscribe', 'List-Help',
        'List-Subscribe', 'List-Owner', 'List-Archive')},
}


@test('habits: QQ, Coremail, Exchange, vacation, lists: ignored, no answer')
def _():
    with tempdir() as tmp:
        o = Office(tmp)
        o.set_up()
        for n, headers in enumerate(HABITS.values()):
            o.deliver(draft(FULL, headers=headers), AT, f'habit-{n:02}')
        for n, subject in enumerate((
                '自动回复：已收到', '[自动回复]收到', 'Automatic reply: x',
                'Auto: Out of Office', '退信：x', '系统退信', 'AUTO: x',
                '回执（已阅读）', '已读: x', '发信方已撤回邮件：x',
                'Undeliverable: x', 'Delivery Status Notification (Failure)')):
            o.deliver(mail(subject, 'x'), AT, f'subject-{n:02}')
        o.poll()
        left = o.rows("SELECT p.name, m.verdict, m.subject FROM place p JOIN "
                      "message m ON m.id = p.message WHERE verdict <> "
                      "'ignored'")
        equal(left, [])
        equal(o.sent(UNIT), [])


finish()
