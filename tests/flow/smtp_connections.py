#!/usr/bin/python3
"""Letters over several connections at once: each goes out once, in order for
each address, recorded before the next on its connection; and whatever the
server thinks of a second connection, all arrive."""
import collections
import os
import signal
import sqlite3
import subprocess
import threading
import time

from fake_smtp import FakeSmtp
from fakes import by_smtp
from mails import draft
from mbox import mbox
from office import STAFF, parse
from servers import Postfix, missing, tempdir, until
from tap import Skip, equal, finish, test, true

TEXT = b'Subject: x\r\n\r\nbody\r\n'
MANY = 16
ALL = [f'u{n:02}@unit.example' for n in range(MANY)]


def batch(server, to=ALL, connections=2, timeout=20, url=None, plain=True):
    with tempdir() as tmp:
        with open(tmp + '/mail', 'wb') as f:
            f.write(TEXT)
        return mbox('--out', *(['--plain'] if plain else []), '--connections',
                    str(connections), '--timeout', str(timeout),
                    url or server.url, f'batch={",".join(to)}:{tmp}/mail')


def reached(server):
    return sorted(r for m in server.mails for r in m.recipients)


# ---- the driver ----

@test('a connection for every few letters, up to the number that is allowed')
def _():
    for letters, allowed, made in ((3, 2, 1), (7, 2, 1), (8, 2, 2),
                                   (16, 2, 2), (16, 1, 1), (16, 3, 3)):
        with FakeSmtp() as s:
            r = batch(s, ALL[:letters], allowed)
            equal(r.sent, ['ok'] * letters, r.text)
            equal((letters, allowed, s.peak), (letters, allowed, made))
            equal(reached(s), ALL[:letters])
            # the program does not wait until the server has read the last one
            until(lambda: len(s.sent('QUIT')) == made, 'QUIT on each')


@test('a server that lets in one connection gets all letters over that one')
def _():
    for too_many, pipelining in (('421 4.7.0 too many connections', True),
                                 ('421 4.7.0 too many connections', False),
                                 ('554 go away', True), ('', True),
                                 (None, True)):
        with FakeSmtp() as s:
            s.most, s.too_many = 1, too_many
            if not pipelining:
                s.extensions = []
            start = time.monotonic()
            r = batch(s, timeout=60)
            equal(r.sent, ['ok'] * MANY, r.text)
            equal((reached(s), s.connections), (ALL, 2))
            true(time.monotonic() - start < 30, 'the first has not waited')


@test('421 to the MAIL of the second connection: its letter is no attempt')
def _():
    with FakeSmtp() as s:
        answer, began = s.answer, set()

        def second(number, text):
            if text.startswith('MAIL') and number == 2:
                began.add(threading.get_ident())

        def talk(f, name, default):
            if name == 'MAIL' and threading.get_ident() in began:
                default = '421 4.3.2 one at a time, please'
            answer(f, name, default)
        s.on_command, s.answer = second, talk
        r = batch(s)
        equal(r.sent, ['ok'] * MANY, r.text)
        equal((reached(s), len(began)), (ALL, 1))


@test('B13 one connection cut: its letter alone is uncertain, or goes again')
def _():
    for where, uncertain in (('MAIL', 0), ('RCPT', 0), ('DATA', 0),
                             ('END', 1)):
        with FakeSmtp() as s:
            s.cut, s.cut_times = where, 0

            def at_the_sixth(number, text, s=s):
                if text.startswith('MAIL') and len(s.sent('MAIL')) == 6:
                    s.cut_times = 1
            s.on_command = at_the_sixth
            r = batch(s)
            equal(collections.Counter(r.sent),
                  +collections.Counter(ok=MANY - uncertain,
                                       uncertain=uncertain), r.text)
            equal(reached(s), ALL, where)


@test('B11 B12 what is refused is refused by itself, on either connection')
def _():
    for pipelining in (True, False):
        with FakeSmtp() as s:
            if not pipelining:
                s.extensions = []
            s.replies[f'RCPT TO:<{ALL[1]}>'] = '550 no such user'
            s.replies[f'RCPT TO:<{ALL[6]}>'] = '450 greylisted'
            r = batch(s)
            equal(collections.Counter(r.sent),
                  {'ok': MANY - 2, 'never': 1, 'later': 1}, r.text)
            equal(reached(s), sorted(set(ALL) - {ALL[1], ALL[6]}))


@test('an answer before the end of the text: the server is out of step')
def _():
    with FakeSmtp() as s:
        s.replies['DATA'] = '354 go on\r\n552 5.3.4 enough of it'
        with tempdir() as tmp:
            with open(tmp + '/mail', 'wb') as f:
                f.write(TEXT + b'x' * 70 + b'\r\n' * 8000000)
            r = mbox('--out', '--plain', '--timeout', '20', s.url,
                     f'send={ALL[0]}:{tmp}/mail')
        true(r.sent[0] in ('never', 'later'), r.text)
        equal(s.mails, [])


@test('nobody there, a refused greeting: each letter later, and no more')
def _():
    with FakeSmtp() as s:
        s.greeting = '421 too busy'
        equal(batch(s, ALL[:8]).sent, ['later'] * 8)
        equal(s.connections, 8)
    equal(batch(s, ALL[:8]).sent, ['later'] * 8)


@test('while one connection waits for the server the other one goes on')
def _():
    """Each connection's first answer waits until both have asked for one:
    a program that serves one after the other gets no further."""
    with FakeSmtp() as s:
        answer, met, both = s.answer, set(), threading.Barrier(2)

        def together(f, name, default):
            if name == 'MAIL' and threading.get_ident() not in met:
                met.add(threading.get_ident())
                both.wait(30)
            answer(f, name, default)
        s.answer = together
        equal(batch(s, timeout=60).sent, ['ok'] * MANY)
        equal(len(met), 2)


# ---- a real server ----

def postfix_absent():
    absent = missing('postfix', 'dovecot', 'openssl')
    if absent:
        raise Skip(f'{absent} is not installed')
    if os.geteuid() != 0:
        raise Skip('a private Postfix needs root')


def send_all(p):
    """Again what was put off: on a loaded machine the server still counts the
    connection that has seen it start."""
    left = MANY
    while left:
        r = batch(None, ALL[:left], url=f'smtp://127.0.0.1:{p.port}')
        true(set(r.sent) <= {'ok', 'later'}, r.text)
        left -= r.sent.count('ok')
        time.sleep(0.5 if left else 0)


@test('Postfix over two connections, and when it allows one only')
def _():
    postfix_absent()
    alone = ('smtpd_client_connection_count_limit = 1\n'
             'smtpd_client_event_limit_exceptions =')
    with tempdir() as tmp, Postfix(tmp) as p:
        r = batch(None, url=f'smtp://127.0.0.1:{p.port}')
        equal(r.sent, ['ok'] * MANY, r.text)
        equal(len(p.messages(MANY)), MANY)
    with tempdir() as tmp, Postfix(tmp, extra=alone) as p:
        send_all(p)
        equal(len(p.messages(MANY)), MANY)


# ---- the whole program ----

def deliver_many(o, senders):
    for n, sender in enumerate(senders):
        o.deliver(draft(f'第{n}批项目开工-县财政局-张敏-0539-6201001',
                        f'第{n}批，{n}.2亿元。', sender=sender),
                  f'2019-03-20 09:{n:02}')


def pending(o):
    with sqlite3.connect(f'file:{o.data}/register.db?mode=ro', uri=True) as c:
        return {to for to, in c.execute(
            "SELECT recipient FROM mail WHERE state = 'pending' "
            'AND id NOT IN (SELECT mail FROM mail_sent)')}


@test('P2 what the server said is recorded before the next on its connection')
def _():
    with by_smtp() as (o, s):
        deliver_many(o, ALL)
        before, early = {}, []

        def look(number, text):
            """At each DATA: the letter before it is no longer pending."""
            if text.startswith('RCPT'):
                before.setdefault(number, []).append(text[9:-1])
            elif text == 'DATA' and before[number][:-1]:
                early.extend(set(before[number][:-1]) & pending(o))
        s.on_command = look
        o.poll()
        equal(sorted(before), [1, 2], 'both were used')
        equal((early, reached(s)), ([], ALL))
        equal(pending(o), set())


@test('letters to one address go in the order in which they were written')
def _():
    with by_smtp() as (o, s):
        deliver_many(o, ['a@unit.example'] * 8 + ['b@unit.example'] * 8)
        keep, lock, now = s.keep, threading.Lock(), collections.Counter()

        def slowly(sender, recipients, raw):
            with lock:
                now[recipients[0]] += 1
                equal(now[recipients[0]], 1, 'two to one address at once')
            time.sleep(0.02)
            keep(sender, recipients, raw)
            with lock:
                now[recipients[0]] -= 1
        s.keep = slowly
        o.poll()
        equal(s.peak, 2)
        for who in ('a@unit.example', 'b@unit.example'):
            equal([parse(m.data)['Message-ID'] for m in s.mails
                   if m.recipients == [who]],
                  [i for i, in o.rows('SELECT mail_id FROM mail WHERE '
                                      f"recipient = '{who}' ORDER BY id")])


@test('F9r SIGTERM with two letters on the way: recorded, or due again')
def _():
    with by_smtp() as (o, s):
        deliver_many(o, ALL)
        keep, reading = s.keep, threading.Semaphore(0)

        def slowly(sender, recipients, raw):
            keep(sender, recipients, raw)
            reading.release()
            time.sleep(0.5)
        s.keep = slowly
        p = subprocess.Popen(o.command('run'), cwd=o.folder,
                             stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
        for _ in range(3):
            true(reading.acquire(timeout=30), 'letters go out')
        start = time.monotonic()
        p.send_signal(signal.SIGTERM)
        equal(p.wait(10), 0)
        true(time.monotonic() - start < 5, 'within the time')
        known = set(reached(s))
        equal(pending(o), set(ALL) - known, 'each was recorded')
        true(pending(o), 'it did not send all of them first')
        s.keep = keep
        o.poll(now='2019-03-20 17:10')
        equal(reached(s), ALL, 'each once')


@test('B11 a server that puts off everything is left alone after some')
def _():
    with by_smtp() as (o, s):
        deliver_many(o, ALL)
        s.replies['RCPT'] = '451 greylisted'
        o.poll()
        equal((len(pending(o)), s.mails), (MANY, []))
        true(len(s.sent('RCPT')) <= 4, str(len(s.sent('RCPT'))))
        del s.replies['RCPT']
        o.poll(now='2019-03-20 17:10')
        equal(reached(s), ALL)


@test('the cap of the hour holds over several connections')
def _():
    with by_smtp() as (o, s):
        o.use('replies-per-hour: 9\n')
        deliver_many(o, ALL)
        o.poll()
        equal(len(set(reached(s)) & set(ALL)), 9)
        equal(set(reached(s)) - set(ALL), {STAFF}, 'staff are told')
        true(s.peak == 2, 'over two')
        o.poll(now='2019-03-20 18:30')
        equal(reached(s), sorted([*ALL, STAFF]))


@test('outgoing-connections: 1 is one connection')
def _():
    with by_smtp() as (o, s):
        o.use('outgoing-connections: 1\n')
        deliver_many(o, ALL)
        o.poll()
        equal((reached(s), s.peak, s.connections), (ALL, 1, 1))


@test('B12 the null sender refused: those on the way go out by the own one')
def _():
    with by_smtp() as (o, s):
        deliver_many(o, ALL)

        def choose(number, text):
            if text.startswith('MAIL FROM:<>'):
                s.replies['MAIL'] = '553 Mail from must equal authorized user'
            elif text.startswith('MAIL'):
                s.replies.pop('MAIL', None)
        s.most, s.on_command = 1, choose
        o.poll()
        equal(reached(s), ALL)
        true(len([x for x in s.sent('MAIL') if '<>' in x]) <= 2)


finish()
