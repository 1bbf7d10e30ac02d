#!/usr/bin/python3
"""A server that refuses our login is asked three times and then every half
hour, whoever asks, so that it does not lock the account (C20)."""
import os
import signal
import subprocess
import time

from fake_imap import FakeImap
from fakes import Fakes, by_smtp
from mails import draft
from servers import tempdir, until
from tap import equal, finish, test, true

WRONG = '535 5.7.8 wrong, my friend'


def shut(server, reply=WRONG):
    server.extensions[:] = [x for x in server.extensions
                            if not x.startswith('AUTH')] + ['AUTH PLAIN']
    server.replies['AUTH'] = reply


def tries(server):
    return len(server.sent('AUTH'))


def arrive(office, number, at):
    office.deliver(draft(f'第{number}件事项进展顺利-县财政局-张敏-0539-6201001',
                         text=f'第{number}批增长{number}.5%。',
                         sender=f'u{number}@tancheng.example'), at)


@test('C20 many letters, one refused login a round; no letter pays for it')
def _():
    with by_smtp() as (o, s):
        shut(s)
        for n in range(12):
            arrive(o, n, f'2019-03-20 09:{n:02}')
        r = o.run('poll', now='2019-03-20 10:00')
        equal((r.code, tries(s)), (77, 1), str(r))
        true('refuses the login' in r.err and 'my friend' in r.err, r.err)
        (state, attempts, due), = o.rows(
            'SELECT state, max(attempts), count(DISTINCT due) '
            'FROM mail GROUP BY state')
        equal((state, attempts), ('pending', 0))
        # two days and more are no end of a letter that nobody has refused
        for day in (21, 22, 23, 24):
            equal(o.run('poll', now=f'2019-03-{day} 10:00').code, 77)
        equal(o.json('status', now='2019-03-24 10:00')['outbox_failed'], 0)
        shut(s, '235 in')
        o.poll(now='2019-03-25 10:00')
        equal(o.rows("SELECT state, attempts FROM mail GROUP BY 1, 2"),
              [('sent', 1)])


@test('C20 three polls, then one in half an hour; status and exit say so')
def _():
    with by_smtp() as (o, s):
        shut(s)
        for minute in range(60):
            now = f'2019-03-20 10:{minute:02}'
            if minute % 20 == 0:
                arrive(o, minute, now)
            r = o.run('poll', now=now)
            equal(r.code, 77, str(r))
            true('outgoing-refused' in r.err or 'not tried again' in r.err,
                 r.err)
        equal(tries(s), 4)
        status = o.json('status', now='2019-03-20 11:00')
        equal((status['outgoing_refused'], status['outbox_pending'],
               status['failures']), (4, 3, 0))
        true('my friend' in status['outgoing_error'])
        equal(status['outgoing_rests_until'][:16], '2019-03-20T11:02')
        said = o.must('status', now='2019-03-20 11:00').out
        true('login refused 4 times' in said and '11:02' in said, said)
        # a clock put back shuts nobody out for longer
        equal(o.run('poll', now='2019-03-20 10:20').code, 77)
        equal(tries(s), 5)
        shut(s, '235 in')
        o.poll(now='2019-03-20 11:10')
        status = o.json('status', now='2019-03-20 11:10')
        equal((status['outgoing_refused'], status['outgoing_error'],
               status['outgoing_rests_until'], status['outbox_pending']),
              (0, None, None, 0))
        true('refused' not in o.must('status', now='2019-03-20 11:10').out)


@test('C20 a password that was mended is tried at once')
def _():
    with by_smtp() as (o, s):
        shut(s)
        arrive(o, 1, '2019-03-20 09:00')
        for minute in range(5):
            o.run('poll', now=f'2019-03-20 10:{minute:02}')
        equal(tries(s), 3)
        shut(s, '235 in')
        equal(o.run('poll', now='2019-03-20 10:05').code, 77)
        os.utime(f'{o.folder}/password')
        o.poll(now='2019-03-20 10:06')
        equal((tries(s), len(s.mails)), (4, 1))


@test('C20 a server that once lets us in begins to count anew')
def _():
    with by_smtp() as (o, s):
        for n in range(4):
            arrive(o, n, f'2019-03-20 1{n}:00')
            shut(s)
            for minute in (1, 2):
                equal(o.run('poll', now=f'2019-03-20 1{n}:0{minute}').code, 77)
            shut(s, '235 in')
            o.poll(now=f'2019-03-20 1{n}:03')
        equal((tries(s), len(s.mails)), (12, 4))


@test('C20 the mailbox too, over polls that are programs of their own')
def _():
    with tempdir() as tmp, FakeImap() as s:
        s.office_folders()
        o = Fakes(tmp, s, None)
        o.set_up()
        o.arrive(draft(), '2019-03-20 09:00')
        s.refuse_login = '[AUTHENTICATIONFAILED] wrong, my friend'
        before = len(s.sent('AUTHENTICATE'))
        for minute in range(60):
            r = o.run('poll', now=f'2019-03-20 10:{minute:02}')
            equal(r.code, 77, str(r))
            true('my friend' in r.err, r.err)
        equal(len(s.sent('AUTHENTICATE')) - before, 4)
        status = o.json('status', now='2019-03-20 11:00')
        equal(status['failures'], 60)
        equal(len(o.sent()), 1)         # the alert, by the other way
        s.refuse_login = None
        o.poll(now='2019-03-20 11:10')
        equal(o.json('status', now='2019-03-20 11:10')['failures'], 0)
        equal(o.verdicts(), ['accepted'])


@test('C20 run waits its time though letters are due')
def _():
    with by_smtp() as (o, s):
        shut(s)
        o.use('poll-interval: 600 s\nanswer-since: 2000-01-01\n')
        arrive(o, 1, '2019-03-20 09:00')
        p = subprocess.Popen(o.command('run', now=None), cwd=o.folder,
                             stderr=subprocess.PIPE)
        until(lambda: tries(s) > 0, 'the first login')
        time.sleep(3)
        p.send_signal(signal.SIGTERM)
        err = p.communicate()[1].decode()
        equal((p.returncode, tries(s)), (0, 1), err)
        equal(err.count('not-done'), 1, err)


finish()
