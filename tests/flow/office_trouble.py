#!/usr/bin/python3
"""The office with servers that misbehave: mail that cannot be had, lines that
break, letters that are refused."""
import os
import signal
import socket
import subprocess
import time

from fakes import by_imap, by_smtp
from mails import UNIT, draft, mail
from office import NOW, STAFF, Office, instant, parse, text_of
from relay import Plan, Relay
from servers import tempdir, until
from tap import equal, finish, test, true

TITLES = ('春耕备播进展顺利', '减税降费政策落地见效', '物价总体保持平稳',
          '水库除险加固完工', '城乡低保提标启动', '节日市场供应充足')


def subject(n):
    return f'{TITLES[n % 6]}{n or ""}-县财政局-张敏-0539-6201001'


# ---- mail that cannot be had ----

def refusing(s, uid, end):
    """A hook: the server does not give this one, or ends over it."""
    def hook(conn, tag, arguments):
        chosen = s.inbox.chosen(arguments.split(' ')[0], True)
        if 'BODY' not in arguments or all(m.uid != uid for _, m in chosen):
            return False
        if end:
            conn.sock.shutdown(socket.SHUT_RDWR)
        else:
            conn.no(tag, '[SERVERBUG] the file is damaged')
        return True
    return hook


@test('P4 a mail that the server does not give is held, others go on')
def _():
    for end in (False, True):
        with by_imap() as (o, s):
            for n in range(4):
                o.arrive(draft(subject(n)))
            s.hooks['UID FETCH'] = refusing(s, 2, end)
            o.poll()
            equal(o.places(), {'已受理': 3, '待处理': 1})
            held, = o.json('held')
            equal(held['reasons'], ['unreadable'])
            equal(len(o.sent(STAFF)), 1)
            equal(o.rows('SELECT count(*) FROM claim'), [(0,)])


@test('P4 when nothing comes it is the server that fails, and is asked again')
def _():
    with by_imap() as (o, s):
        o.arrive(draft(subject(0)))
        s.hooks['UID FETCH'] = refusing(s, 1, False)
        r = o.run('poll')
        true(r.code in (69, 75) and 'could-not-look' in r.err, str(r))
        del s.hooks['UID FETCH']
        o.arrive(draft(subject(1)))
        o.poll()
        equal(o.places(), {'已受理': 2})
        equal(len(o.sent(UNIT)), 2)


@test('C7 a line that breaks again and again holds nobody\'s mail')
def _():
    with by_imap() as (o, s):
        for n in range(30):
            o.arrive(draft(subject(n), f'第{n}批，1.2亿元。'))
        s.cut = 6000
        for _ in range(5):
            true(o.run('poll').code in (0, 69, 75))
            equal(o.rows('SELECT count(*) FROM claim'), [(0,)],
                  'nobody is suspected of the line')
        s.cut = None
        o.poll()
        equal(set(o.verdicts()), {'accepted'})
        equal(o.places(), {'已受理': 30})


def session_bytes():
    with by_imap() as (o, s):
        for n in range(3):
            o.arrive(draft(subject(n)))
        sizes = []
        s.hooks['LOGOUT'] = lambda conn, tag, _: sizes.append(conn.sent)
        o.poll()
        return sizes[0]


@test('C7 cut at any byte: nothing half, and the next look completes it')
def _():
    total = session_bytes()
    for at in range(1, total, max(1, total // 9)):
        with by_imap() as (o, s):
            for n in range(3):
                o.arrive(draft(subject(n)))
            s.cut = at
            o.run('poll')
            s.cut = None
            o.poll()
            equal((at, o.verdicts(), o.places()),
                  (at, ['accepted'] * 3, {'已受理': 3}))
            equal((at, len(o.sent(UNIT))), (at, 3))


@test('C3 C4 numbers that cannot be trusted: nothing is done, staff are told')
def _():
    with by_imap() as (o, s):
        for n in range(3):
            o.arrive(draft(subject(n)))
        o.poll()
        s.inbox.uidnext = 1
        o.arrive(draft(subject(3)), NOW)
        for n in range(3):
            r = o.run('poll', now=f'2019-03-20 17:0{n}')
            equal(r.code, 69, str(r))
        equal(o.verdicts(), ['accepted'] * 3)
        equal(len(o.sent(STAFF)), 1)
        s.inbox.validity = 0
        equal(o.run('poll').code, 69)


@test('over the limit only the header is fetched')
def _():
    with by_imap() as (o, s):
        o.use('size-limit: 1 MB\n')
        big = mail(subject(0), files=[('a.docx', os.urandom(1 << 20))])
        o.arrive(big)
        o.poll()
        equal(o.places(), {'已退回': 1})
        equal(len([line for line in s.sent('UID FETCH')
                   if 'BODY.PEEK[]' in line]), 0)
        equal(len(o.sent(UNIT)), 1)


# ---- told to stop while a server says nothing ----

def seconds_to_stop(o, ready):
    """Run, wait for ready(), SIGTERM: how long until it ends in order."""
    p = subprocess.Popen(o.command('run', now=None), cwd=o.folder,
                         stderr=subprocess.DEVNULL)
    try:
        until(ready, 'the silence')
        begin = time.monotonic()
        p.send_signal(signal.SIGTERM)
        equal(p.wait(60), 0)
        return time.monotonic() - begin
    finally:
        p.kill()


@test('F9r SIGTERM while the mailbox is silent, wherever it fell silent')
def _():
    for down in (0, 30, 130, 900):
        with by_imap() as (o, s), Relay(s.port) as line:
            o.configure('password-file: password\ntls: none\n',
                        s.url.replace(str(s.port), str(line.port)))
            o.arrive(draft(subject(0)))
            line.plan = Plan(down=down, end='silent')
            took = seconds_to_stop(
                o, lambda: line.passed and line.passed[-1][1] >= down)
            true(took < 5, f'{took:.1f} s after {down} bytes')
            line.plan = Plan()
            o.poll()
            equal(o.verdicts(), ['accepted'])
            equal(o.rows('SELECT count(*) FROM claim'), [(0,)])


@test('F9r SIGTERM while the outgoing server owes the answer to DATA')
def _():
    with by_smtp() as (o, s):
        o.use('answer-since: 2019-01-01\n')
        o.deliver(draft(subject(0)), '2019-03-20 09:00')
        own, held = s.answer, []

        def silent_once(f, name, default):
            if name == 'END' and not held:
                held.append(name)
                time.sleep(30)
            own(f, name, default)
        s.answer = silent_once
        took = seconds_to_stop(o, lambda: held)
        true(took < 5, f'{took:.1f} s')
        o.poll(now=at_office(int(time.time()) + 300))
        ids = [parse(m.data)['Message-ID'] for m in s.mails
               if m.recipients == [UNIT]]
        equal((len(ids), len(set(ids))), (2, 1), 'repeated, and known by it')


# ---- letters that do not go out ----

def by_a_name_not_ascii(n):
    return draft(subject(n)).replace(f'From: {UNIT}'.encode(),
                                     'From: 张敏@tancheng.example'.encode())


@test('B10 a unit whose address is not ASCII: taken in; answered where the '
      'server can, else staff are told')
def _():
    with by_smtp() as (o, s):
        o.deliver(by_a_name_not_ascii(0), '2019-03-20 09:00')
        o.poll(now='2019-03-20 17:00')
        o.poll(now='2019-03-20 17:10')
        equal(o.verdicts(), ['accepted'])
        equal([m.recipients for m in s.mails], [[STAFF]])
        true('含有汉字等字符' in text_of(parse(s.mails[0].data)))
        s.extensions.append('SMTPUTF8')
        o.deliver(by_a_name_not_ascii(1), '2019-03-20 17:15')
        o.poll(now='2019-03-20 17:20')
        equal(o.verdicts(), ['accepted'] * 2)
        equal(s.mails[-1].recipients, ['张敏@tancheng.example'])
        true(s.mails[-1].data.isascii())


@test('B11 4xx: tried again after 1, 2, 4 ... 60 minutes, given up in 2 days')
def _():
    with by_smtp() as (o, s):
        o.deliver(draft(subject(0)), '2019-03-20 09:00')
        s.replies['RCPT'] = '451 later'
        tries, at = [], instant('2019-03-20 09:00')
        end = at + 50 * 3600
        while at < end:
            before = len(s.sent('RCPT'))
            o.run('poll', now=at_office(at))
            tries += [at] if len(s.sent('RCPT')) > before else []
            due = o.rows("SELECT min(due) FROM mail WHERE state = 'pending'")
            if due == [(None,)]:
                break
            at = max(at + 1, due[0][0])
        gaps = [(b - a) // 60 for a, b in zip(tries, tries[1:])]
        equal(gaps[:7], [1, 2, 4, 8, 16, 32, 60])
        true(46 * 3600 < tries[-2] - tries[0] < 50 * 3600, gaps)
        told = o.rows("SELECT recipient, kind FROM mail WHERE kind = 'staff'")
        equal(told, [(STAFF, 'staff')])
        equal(o.json('status')['outbox_failed'], 1)
        equal([m['status'] for m in o.json('list')], ['recorded'])


def at_office(seconds):
    from datetime import datetime, timedelta, timezone
    return datetime.fromtimestamp(
        seconds, timezone(timedelta(hours=8))).isoformat()


@test('B12 5xx: not tried again, staff are told')
def _():
    with by_smtp() as (o, s):
        o.deliver(draft(subject(0)), '2019-03-20 09:00')
        s.replies[f'RCPT TO:<{UNIT}>'] = '550 no such user'
        o.poll()
        o.poll(now='2019-03-21 17:00')
        equal(len([x for x in s.sent('RCPT') if UNIT in x]), 1)
        notice, = [parse(m.data) for m in s.mails]
        equal(notice['To'], STAFF)
        true(UNIT in text_of(notice) and '550' in text_of(notice))


@test('B13 the answer to DATA is lost: at most twice, one Message-ID')
def _():
    with by_smtp() as (o, s):
        o.deliver(draft(subject(0)), '2019-03-20 09:00')
        s.cut, s.cut_times = 'END', 1
        o.poll()
        o.poll(now='2019-03-20 18:00')
        o.poll(now='2019-03-20 20:00')
        ids = [parse(m.data)['Message-ID'] for m in s.mails]
        equal((len(ids), len(set(ids))), (2, 1))


@test('a server that demands a sender gets our own address, from then on')
def _():
    with by_smtp() as (o, s):
        s.replies['MAIL'] = '250 ok'
        own = s.answer

        def demanding(f, name, default):
            if name == 'MAIL' and 'MAIL FROM:<>' in s.log[-1]:
                f.write(b'553 <> sender rejected by policy\r\n')
                return f.flush()
            return own(f, name, default)
        s.answer = demanding
        o.deliver(draft(subject(0)), '2019-03-20 09:00')
        o.poll()
        o.poll(now='2019-03-20 18:00')
        equal([m.sender for m in s.mails], ['xxk@mail.tancheng.example'])
        o.deliver(draft(subject(1)), '2019-03-20 18:30')
        o.poll(now='2019-03-20 19:00')
        equal(len(s.mails), 2)
        equal(len([x for x in s.sent('MAIL') if x.startswith('MAIL FROM:<>')]),
              1)


def bounce(reply, action='failed', why='smtp; 550 5.1.1 no such user',
           of=None):
    """What a server sends when a letter of ours cannot be delivered."""
    boundary = 'B1'
    return '\r\n'.join([
        'Return-Path: <>', 'From: MAILER-DAEMON@mail.tancheng.example',
        'To: xxk@mail.tancheng.example', 'Subject: Undelivered Mail',
        'MIME-Version: 1.0',
        'Content-Type: multipart/report; report-type=delivery-status;'
        f' boundary="{boundary}"', '', f'--{boundary}', '', 'no such user',
        f'--{boundary}', 'Content-Type: message/delivery-status', '',
        'Reporting-MTA: dns; mail.tancheng.example', '',
        f'Final-Recipient: rfc822; {of or reply["To"]}', f'Action: {action}',
        f'Status: {"5.1.1" if action == "failed" else "4.4.1"}',
        *([f'Diagnostic-Code: {why}'] if why else []), '', f'--{boundary}',
        'Content-Type: text/rfc822-headers', '',
        f'Message-ID: {reply["Message-ID"]}', f'To: {reply["To"]}', '',
        f'--{boundary}--', '']).encode()


def mail_states(o):
    return [s for s, in o.rows("SELECT state FROM mail WHERE kind = 'reply' "
                               'ORDER BY id')]


def told(o, of):
    return [text_of(m).splitlines() for m in o.sent(STAFF)
            if of in m['Subject']]


def resting(lines):
    return [line for line in lines if '24小时内不再自动答复' in line]


def drafts_that_bounce(o, n, **how):
    """The n-th draft, from UNIT, and a report about what it was answered."""
    o.deliver(draft(subject(n)), f'2019-03-20 09:0{n}')
    o.poll()
    for m in o.sent(UNIT)[n:]:
        o.deliver(bounce(m, **how), f'2019-03-20 10:0{n}')
    o.poll()


@test('A18 a bounce is noted with its letter; a dead address gets no more')
def _():
    with tempdir() as tmp:
        o = Office(tmp)
        o.set_up()
        for n in range(3):
            drafts_that_bounce(o, n)
        equal([s['status'] for s in o.json('list')],
              ['recorded'] * 3)
        equal(mail_states(o), ['bounced', 'bounced', 'suppressed'])


@test('A18 staff are told what came back and why, and when an address rests')
def _():
    with tempdir() as tmp:
        o = Office(tmp)
        o.set_up()
        drafts_that_bounce(o, 0)
        first, = told(o, '未能送达')
        true(UNIT in first[0] and '被邮件系统退回' in first[0], first)
        true('退信所述：550 5.1.1 no such user（退信在“已忽略”文件夹中）' in first, first)
        equal(resting(first), [])
        o.deliver(bounce(o.sent(UNIT)[0]), '2019-03-20 10:30')  # once more
        o.poll()
        equal(len(told(o, '未能送达')), 1)
        drafts_that_bounce(o, 1, why=None)
        second = told(o, '未能送达')[1]
        true('退信所述：5.1.1（退信在“已忽略”文件夹中）' in second, second)
        equal(len(resting(second)), 1)
        drafts_that_bounce(o, 2)
        silenced, = told(o, '自动答复已暂停')
        equal(len(resting(silenced)), 1)


@test('A18 an address that bounced is tried again a day later')
def _():
    with tempdir() as tmp:
        o = Office(tmp)
        o.set_up()
        for n in range(2):
            drafts_that_bounce(o, n)
        for day, state in (('20 18:00', 'suppressed'), ('21 18:00', 'sent')):
            o.deliver(draft(subject(int(day[:2]))), f'2019-03-{day}')
            o.poll(now=f'2019-03-{day}')
            equal(mail_states(o)[-1], state)


@test('A18 a report of delay, and one that names another address')
def _():
    with tempdir() as tmp:
        o = Office(tmp)
        o.set_up()
        for n, action in enumerate(('delayed', 'relayed', 'delivered')):
            drafts_that_bounce(o, n, action=action)
        equal(mail_states(o), ['sent'] * 3)
        equal(told(o, '未能送达'), [])
        other = 'caizheng@tancheng.example'
        for m in o.sent(UNIT):      # a unit forges bounces of its own letters
            o.deliver(bounce(m, of=other), '2019-03-20 11:00')
        o.poll(now='2019-03-20 11:01')
        equal(mail_states(o), ['bounced'] * 3)
        o.deliver(draft(subject(5), sender=other), '2019-03-20 11:02')
        o.poll(now='2019-03-20 11:03')
        equal(mail_states(o)[-1], 'sent')


finish()
