#!/usr/bin/python3
"""The way out by SMTP against a server that misbehaves on purpose: what
became of a mail must always be known, or known to be unknown."""
from fake_smtp import FakeSmtp
from mbox import mbox
from servers import Authority, missing, tempdir, until
from tap import Skip, equal, finish, test, true

TEXT = b'Subject: x\r\n\r\nbody\r\n'
A, B = 'a@unit.example', 'b@unit.example'


def send(server, *recipients, text=TEXT, timeout=20, more=(), url=None,
         then=()):
    with tempdir() as tmp:
        with open(tmp + '/mail', 'wb') as f:
            f.write(text)
        commands = [r if r.startswith('sleep=') else f'send={r}:{tmp}/mail'
                    for r in recipients]
        return mbox('--out', '--plain', '--timeout', str(timeout), *more,
                    url or server.url, *commands, *then)


@test('a mail with the null sender, and the connection kept for the next')
def _():
    with FakeSmtp() as s:
        r = send(s, A, B, A)
        equal((r.sent, s.connections), (['ok'] * 3, 1), r.text)
        equal([(m.sender, m.recipients) for m in s.mails],
              [('', [A]), ('', [B]), ('', [A])])
        equal(s.mails[0].data, TEXT)
        true(all(x.startswith('MAIL FROM:<> SIZE=') for x in s.sent('MAIL')))
        equal(len(s.sent('EHLO')), 1)


@test('hanging up, and sending again')
def _():
    with FakeSmtp() as s:
        with tempdir() as tmp:
            open(tmp + '/mail', 'wb').write(TEXT)
            one = f'send={A}:{tmp}/mail'
            r = mbox('--out', '--plain', s.url, 'check', one, 'rest', one)
        equal((r.sent, s.connections), (['ok'] * 2, 2), r.text)
        # the program does not wait until the server has read the last one
        until(lambda: len(s.sent('QUIT')) == 2, 'a QUIT on each connection')


@test('without PIPELINING every command waits for its answer')
def _():
    with FakeSmtp() as s:
        s.extensions = ['8BITMIME']
        r = send(s, A)
        equal((r.sent, len(s.mails)), (['ok'], 1), r.text)
        equal(s.sent('MAIL'), ['MAIL FROM:<>'], 'no SIZE was offered')


@test('B8 dots are doubled, line ends made CR LF, on the wire')
def _():
    cases = [(b'S: x\r\n\r\n.\r\n..\r\n.x\r\ny.\r\n',
              b'S: x\r\n\r\n..\r\n...\r\n..x\r\ny.\r\n.\r\n'),
             (b'S: x\n\na\n.\nb', b'S: x\r\n\r\na\r\n..\r\nb\r\n.\r\n'),
             (b'S: x\r\n\r\na\n.\nMAIL FROM:<>\r\n',
              b'S: x\r\n\r\na\r\n..\r\nMAIL FROM:<>\r\n.\r\n'),
             (b'S: x\r\n\r\na\r.\rb\r\n',
              b'S: x\r\n\r\na\r\n..\r\nb\r\n.\r\n'),
             (b'S: x\r\n\r\n\r\n\r\n', b'S: x\r\n\r\n\r\n\r\n.\r\n')]
    for text, wire in cases:
        with FakeSmtp() as s:
            equal(send(s, A, text=text).sent, ['ok'])
            equal(s.raw[0], wire)
            equal(len(s.mails), 1)


@test('8-bit text is announced where the server can take it')
def _():
    text = TEXT + '报送'.encode() + b'\r\n'
    with FakeSmtp() as s:
        equal(send(s, A, text=text).sent, ['ok'])
        true('BODY=8BITMIME' in s.sent('MAIL')[0])
        s.extensions = []
        equal(send(s, A, text=text).sent, ['ok'])
        true('BODY' not in s.sent('MAIL')[1])


@test('B10 a UTF-8 address: only where the server takes it')
def _():
    address = '张三@unit.example'
    with FakeSmtp() as s:
        r = send(s, address, A)
        equal(r.sent, ['never', 'ok'], r.text)
        equal(len(s.sent('MAIL')), 1)
        s.extensions.append('SMTPUTF8')
        r = send(s, address)
        equal(r.sent, ['ok'], r.text)
        true('SMTPUTF8' in s.sent('MAIL')[-1])


@test('F9 what is no address never reaches the wire')
def _():
    with FakeSmtp() as s:
        for address in ('a@b.example>\r\nRCPT TO:<evil@x.example',
                        'a@b.example> NOTIFY=NEVER', 'a b@c.example', 'a',
                        'a@localhost'):
            equal(send(s, address).sent, ['never'], address)
        equal(send(s, A, more=['--from', 'x>\r\nDATA']).sent, ['never'])
        equal(s.log, [])


@test('B11 4xx at any point: later, and the next mail goes')
def _():
    for where in ('MAIL', 'RCPT', 'DATA', 'END'):
        for pipelining in (True, False):
            with FakeSmtp() as s:
                if not pipelining:
                    s.extensions = []
                s.replies[where] = '450 4.7.1 greylisted, my friend'
                r = send(s, A)
                equal(r.sent, ['later'], where + r.text)
                true('my friend' in r.text, r.text)
                equal(s.mails, [])


@test('B12 5xx at any point: never, with the server\'s whole sentence')
def _():
    for where in ('MAIL', 'RCPT', 'DATA', 'END'):
        with FakeSmtp() as s:
            s.replies[where] = '550-5.1.1 no such\r\n550 5.1.1 friend'
            r = send(s, A, more=['--from', B])
            equal(r.sent, ['never'], where + r.text)
            true('5.1.1 no such 5.1.1 friend' in r.text, r.text)
            equal(s.mails, [])


@test('one refused mail does not stop the next on the same connection')
def _():
    with FakeSmtp() as s:
        s.replies[f'RCPT TO:<{A}>'] = '550 no such user'
        r = send(s, A, B, A, B)
        equal(r.sent, ['never', 'ok', 'never', 'ok'], r.text)
        equal(s.connections, 1)
        equal([m.recipients for m in s.mails], [[B], [B]])


@test('of several recipients one refused is all refused; nobody gets it')
def _():
    with FakeSmtp() as s:
        s.replies[f'RCPT TO:<{A}>'] = '550 no such user'
        r = send(s, f'{B},{A}', B)
        equal(r.sent, ['never', 'ok'], r.text)
        equal([m.recipients for m in s.mails], [[B]])
        equal(len(s.sent('DATA')), 1)


@test('a server that wants data from nobody is left at once')
def _():
    with FakeSmtp() as s:
        s.replies['RCPT'] = '550 no'
        s.replies['DATA'] = '354 go on all the same'
        r = send(s, A)
        equal((r.sent, s.mails), (['never'], []), r.text)


@test('the null sender refused (QQ, 163, Exchange) is said apart')
def _():
    for where, reply in (
            ('MAIL', '553 Mail from must equal authorized user'),
            ('MAIL', '501 mail from address must be same as authorization'),
            ('RCPT', '550 5.7.1 null sender not allowed'),
            ('END', '550 5.7.60 no permissions to send as this sender')):
        with FakeSmtp() as s:
            s.replies[where] = reply
            r = send(s, A)
            equal(r.sent, ['null-sender-refused'], r.text)
            equal(send(s, A, more=['--from', B]).sent, ['never'])
    with FakeSmtp() as s:
        s.replies['MAIL'] = '552 too big'
        equal(send(s, A).sent, ['never'], 'that is another matter')


@test('B13 the answer to the text lost: uncertain, and only then')
def _():
    for where, outcome in (('MAIL', 'later'), ('RCPT', 'later'),
                           ('DATA', 'later'), ('END', 'uncertain')):
        for pipelining in (True, False):
            with FakeSmtp() as s:
                if not pipelining:
                    s.extensions = []
                s.cut = where
                r = send(s, A)
                equal(r.sent, [outcome], where + r.text)
                if outcome == 'later':
                    equal(s.mails, [])


@test('B13 cut in the middle of a large text: later, the server has nothing')
def _():
    with FakeSmtp() as s:
        s.cut = 'BODY'
        r = send(s, A, text=TEXT + b'x' * 70 + b'\r\n' * 8000000)
        equal((r.sent, s.mails), (['later'], []), r.text)


@test('B13 an answer that makes no sense: uncertain')
def _():
    for reply in ('what?', '', '354 go on', '199 hm'):
        with FakeSmtp() as s:
            s.replies['END'] = reply
            r = send(s, A)
            equal(r.sent, ['uncertain'], reply + r.text)


@test('B13 a server that falls silent after the text: uncertain, in time')
def _():
    with FakeSmtp() as s:
        s.answer = lambda f, name, default, answer=s.answer: \
            None if name == 'END' else answer(f, name, default)
        r = send(s, A, timeout=1)
        equal(r.sent, ['uncertain'], r.text)


@test('a connection that was kept too long is replaced, unseen')
def _():
    with FakeSmtp() as s:
        s.idle_limit = 1
        r = send(s, A, 'sleep=2', A)
        equal((r.sent, s.connections), (['ok', 'ok'], 2), r.text)
        # and where the server only finds out when it is spoken to
        s.idle_limit = None
        s.cut, s.cut_times = 'MAIL', 0
        with tempdir() as tmp:
            open(tmp + '/mail', 'wb').write(TEXT)
            s.sent_before = len(s.mails)
            original = s.answer

            def cut_next(f, name, default):
                if name == 'END':
                    s.cut_times = 1
                original(f, name, default)
            s.answer = cut_next
            one = f'send={A}:{tmp}/mail'
            r = mbox('--out', '--plain', '--timeout', '20', s.url, one, one)
            equal(r.sent, ['ok', 'ok'], r.text)


@test('421 is later, and the next mail has a new connection')
def _():
    with FakeSmtp() as s:
        s.replies['MAIL'] = '421 going down'
        r = send(s, A, A)
        equal((r.sent, s.connections), (['later', 'later'], 2), r.text)


@test('greetings: 421, 554, nonsense, nobody there: later')
def _():
    for greeting in ('421 too busy, my friend', '554 not you, my friend',
                     'HTTP/1.1 200 OK', 'x' * 100000):
        with FakeSmtp() as s:
            s.greeting = greeting
            r = send(s, A)
            equal(r.sent, ['later'], r.text)
            true('my friend' in r.text or 'friend' not in greeting, r.text)
    equal(send(s, A).sent, ['later'], 'nobody there')


@test('C20 a refused login is status 77, a passing refusal is not')
def _():
    for reply, sent, status in (('535 wrong, my friend', 'no-login', 77),
                                ('454 later', 'later', 75)):
        with FakeSmtp() as s:
            s.extensions.append('AUTH PLAIN')
            s.replies['AUTH'] = reply
            more = ['--password', s.password]
            r = send(s, A, url=s.url_with_user, more=more, then=['check'])
            equal((r.sent, r.code), ([sent], status), r.text)
            true(s.password not in r.text)
    with FakeSmtp() as s:
        s.replies['MAIL'] = '530 5.7.0 Authentication required'
        equal(send(s, A).sent, ['later'], 'no fault of the mail')


@test('C19 STARTTLS stripped, certificates not trusted: nothing is said')
def _():
    if missing('openssl'):
        raise Skip('openssl is not installed')
    with FakeSmtp() as s, tempdir() as tmp:
        s.extensions.append('AUTH PLAIN')
        open(tmp + '/mail', 'wb').write(TEXT)
        r = mbox('--out', '--password', s.password, '--timeout', '20',
                 s.url_with_user, f'send={A}:{tmp}/mail')
        equal(r.sent, ['later'], r.text)
        equal(s.sent('AUTH') + s.sent('MAIL'), [])
    with tempdir() as tmp:
        ours, theirs = Authority(tmp + '/a'), Authority(tmp + '/b')
        open(tmp + '/mail', 'wb').write(TEXT)
        for pair, outcome in ((theirs.certificate('localhost'), 'later'),
                              (ours.certificate('localhost'), 'ok')):
            with FakeSmtp(tls=pair) as s:
                s.extensions.append('AUTH PLAIN')
                r = mbox('--out', '--password', s.password, '--ca', ours.ca,
                         s.url_with_user, f'send={A}:{tmp}/mail')
                equal(r.sent, [outcome], r.text)


finish()
