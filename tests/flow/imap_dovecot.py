#!/usr/bin/python3
"""The IMAP driver against a real Dovecot: TLS, STARTTLS, large mail, moves
with and without MOVE, deliveries while we wait."""
import signal
import threading
import time

from mbox import mbox, sha
from servers import Authority, Dovecot, missing, tempdir
from tap import Skip, equal, finish, test, true

LESSER = [None, 'IMAP4rev1 ID UIDPLUS SASL-IR', 'IMAP4rev1 SASL-IR']


def need():
    absent = missing('dovecot', 'openssl')
    if absent:
        raise Skip(f'{absent} is not installed')


def talk(d, *commands, url=None, more=(), env=None):
    return mbox('--ca', d.ca, '--password', d.password, *more, url or d.url,
                *commands, env=env)


def crlf(data):
    return data.replace(b'\n', b'\r\n')


def deliver(d, n, size=2000):
    """{uid: bytes} of n mails, one of them large."""
    out = {}
    for i in range(n):
        data = b'Subject: mail %d\nMessage-ID: <%d@x>\n\n' % (i, i)
        data += b'%060d\n' % i * ((size if i else 3000000) // 61)
        d.deliver(data, 1551749400 + i)
        out[i + 1] = crlf(data)
    return out


def complete(result, wanted):
    equal(result.messages,
          {uid: (len(x), sha(x)) for uid, x in wanted.items()}, result.text)


@test('imaps and STARTTLS: every message, byte for byte')
def _():
    need()
    with tempdir() as tmp, Dovecot(tmp) as d:
        sent = deliver(d, 150)
        for url in (d.url, d.starttls_url):
            r = talk(d, 'open', 'list', 'fetch', url=url)
            equal(r.code, 0, r.text)
            complete(r, sent)
        equal(r.listed[7], (8, 1551749407, len(sent[8])))
        flags = b''.join(d.fetch('INBOX', '(FLAGS)'))
        true(b'Seen' not in flags, 'C10 nothing is marked as read')


@test('C19 another authority\'s certificate is refused; plain text is not used')
def _():
    need()
    with tempdir() as tmp, Dovecot(tmp) as d:
        other = Authority(tmp + '/other')
        for url in (d.url, d.starttls_url):
            r = mbox('--ca', other.ca, '--password', d.password, url, 'open')
            equal((r.code, r.errors[0][0]), (69, 'retry'), r.text)
        true('xxk' not in d.log(), 'nobody has tried to log in')


@test('C20 a wrong password: status 77 and Dovecot\'s sentence')
def _():
    need()
    with tempdir() as tmp, Dovecot(tmp) as d:
        r = mbox('--ca', d.ca, '--password', 'wrong', d.url, 'open')
        equal((r.code, r.errors[0][0]), (77, 'reject'), r.text)
        true('AUTHENTICATIONFAILED' in r.errors[0][2], r.text)


@test('folders, and moves into them, as other clients see it')
def _():
    need()
    for capability in LESSER:
        with tempdir() as tmp, Dovecot(tmp, capability=capability) as d:
            sent = deliver(d, 6)
            r = talk(d, 'open', 'list', 'move=1:0', 'move=1:0', 'move=2:1',
                     'move=4', 'list')
            equal(r.code, 0, r.text)
            equal(d.messages('已受理'), [sent[1]])
            equal(d.messages('已退回'), [sent[2]])
            equal(len(d.messages('待处理')), 4)
            equal(d.messages('已忽略'), [])
            left = b''.join(d.fetch('INBOX', '(FLAGS)'))
            if capability and 'UIDPLUS' not in capability:
                equal(left.count(b'Deleted'), 6)
            else:
                equal(left, b'')
            when = d.fetch('已退回', '(INTERNALDATE)')[0]
            true(b'05-Mar-2019' in when, 'the time of receipt moves along')


@test('promise 1: killed at every step of a move, then again: one of each')
def _():
    need()
    for capability in LESSER:
        with tempdir() as tmp, Dovecot(tmp, capability=capability) as d:
            step, killed, total = 1, 0, 0
            while True:
                d.deliver(b'Subject: one %d\n\n1\n' % step)
                d.deliver(b'Subject: two %d\n\n1\n' % step)
                total += 2
                r = talk(d, 'open', 'list', 'move=1',
                         env={'BAOSONG_CRASH_AT': str(step)})
                if r.code == 0:
                    break
                equal(r.code, -signal.SIGKILL, r.text)
                killed += 1
                equal(talk(d, 'open', 'list', 'move=1').code, 0)
                got = d.messages('已受理')
                equal((len(got), len(set(got))), (total, total),
                      f'{capability}, step {step}')
                step += 1
            true(killed >= 3, f'{killed} steps')


def sought(data, known=True, received=1551749401):
    """What the register knows of the mail that refile= is to find."""
    return f'{len(data)}:{received}:{sha(data) if known else ""}'


def held(d, wanted):
    """One mail among two of its size in 待处理; its bytes."""
    for i, text in enumerate((b'1', b'2', b'3')):
        d.deliver(b'Subject: %d-%s\n\nsame size\n' % (wanted, text),
                  1551749400 + i)
    equal(talk(d, 'open', 'list', 'move=4').code, 0)
    return crlf(b'Subject: %d-2\n\nsame size\n' % wanted)


@test('refile: the one that is meant, by content, else by time; once')
def _():
    need()
    for capability in LESSER:
        with tempdir() as tmp, Dovecot(tmp, capability=capability) as d:
            data = held(d, 1)
            order = f'refile=4:1:{sought(data)}'
            equal(talk(d, 'open', 'list', order, 'list').having('refiled'),
                  [['1']])
            equal(d.messages('已受理'), [data])
            if not capability or 'UIDPLUS' in capability:
                r = talk(d, 'open', order)
                equal(r.having('refiled'), [['0']], 'no longer there')
            held(d, 2)
            twice = sought(data, known=False, received=1551749402)
            r = talk(d, 'open', f'refile=4:1:{twice}')
            equal(r.having('refiled'), [['0']], 'two of that second')
            d.deliver(b'Subject: 9-9\n\nsame size\n', 1551749409)
            talk(d, 'open', 'list', 'move=4')
            alone = sought(data, known=False, received=1551749409)
            r = talk(d, 'open', f'refile=4:1:{alone}')
            equal(r.having('refiled'), [['1']], r.text)
            true(b'9-9' in d.messages('已受理')[1])


@test('promise 1: killed at every step of refiling, then again: one of each')
def _():
    need()
    for capability in LESSER:
        with tempdir() as tmp, Dovecot(tmp, capability=capability) as d:
            step = 1
            while True:
                data = held(d, step)
                order = f'refile=4:2:{sought(data)}'
                r = talk(d, 'open', order, env={'BAOSONG_CRASH_AT': str(step)})
                got = d.messages('已退回').count(data)
                if r.code == 0:
                    break
                equal(r.code, -signal.SIGKILL, r.text)
                equal(talk(d, 'open', order).code, 0)
                equal(d.messages('已退回').count(data), 1,
                      f'{capability}, step {step}, {got} before')
                flags = b''.join(d.fetch('待处理', '(FLAGS)'))
                left = d.messages('待处理').count(data)
                true(left == 0 or b'Deleted' in flags, flags)
                step += 1
            true(step > 3, f'{step} steps')


@test('a namespace with a prefix and another delimiter')
def _():
    need()
    with tempdir() as tmp, Dovecot(tmp, separator='.', prefix='INBOX.') as d:
        sent = deliver(d, 2)
        equal(talk(d, 'open', 'list', 'move=1').code, 0)
        equal(len(d.messages('INBOX.已受理')), len(sent))


@test('a delivery during IDLE ends the wait at once')
def _():
    need()
    with tempdir() as tmp, Dovecot(tmp) as d:
        timer = threading.Timer(2, lambda: d.deliver(b'Subject: new\n\n'))
        timer.start()
        start = time.monotonic()
        r = talk(d, 'open', 'list', 'wait=60', 'list')
        took = time.monotonic() - start
        timer.join()
        equal((r.code, len(r.listed)), (0, 1), r.text)
        true(took < 30, f'{took:.1f} s')
        print(f'# report: delivery to wake {r.waited[0] - 2 + 0.05:.1f} s, '
              'of which Dovecot\'s own notify delay is 0.5')


@test('IDLE withheld: mail is found at the next look')
def _():
    need()
    with tempdir() as tmp, Dovecot(tmp, capability=LESSER[2]) as d:
        d.deliver(b'Subject: a\n\n')
        r = talk(d, 'open', 'list', 'wait=1', 'list')
        equal((r.code, len(r.listed)), (0, 2), r.text)


@test('a colleague deletes, reads and moves while we work')
def _():
    need()
    with tempdir() as tmp, Dovecot(tmp) as d:
        sent = deliver(d, 8)
        r = talk(d, 'open', 'list')
        with d.session() as c:
            c.select('INBOX')
            c.store('3', '+FLAGS', '\\Deleted')
            c.expunge()
            c.store('1', '+FLAGS', '\\Seen')
        del sent[3]
        r = talk(d, 'open', 'list', 'fetch')
        complete(r, sent)
        v = r.having('validity')[0][0]
        r = talk(d, 'open', f'after={v}:5', 'list')
        equal([x[0] for x in r.listed], [6, 7, 8])


@test('Dovecot ends in the middle of our wait, comes back, and so do we')
def _():
    need()
    with tempdir() as tmp, Dovecot(tmp) as d:
        deliver(d, 2)
        timer = threading.Timer(1, d.stop)
        timer.start()
        r = talk(d, 'open', 'list', 'wait=60')
        timer.join()
        equal(r.errors[0][0], 'retry', r.text)
        r = talk(d, 'open')
        equal(r.errors[0][:2], ('retry', 69), r.text)
        d.start()
        equal(len(talk(d, 'open', 'list').listed), 2)




finish()
