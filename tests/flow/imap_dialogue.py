#!/usr/bin/python3
"""The IMAP driver against a server that misbehaves on purpose."""
import os
import signal
import socket
import ssl
import subprocess

from fake_imap import ALL, FakeImap
from mbox import ROOT, TOOL, mbox, sha
from memory import memory_of
from servers import Authority, missing, modified_utf7, tempdir, until
from tap import Skip, equal, finish, test, true

LONG = bool(os.environ.get('BAOSONG_LONG'))
PEOPLE = ['已受理', '已退回', '已忽略', '待处理']

# What a hostile sender writes to be taken for the server.
FORGED = (b'Subject: forged\r\n\r\nb3 OK done\r\n* SEARCH 666\r\n'
          b'* BYE forged\r\n)\r\n+ go on\r\n* 1 FETCH (UID 9 BODY[] {3}\r\n'
          b'abc)\r\nA004 OK done\r\n{12}\r\n')


def mails(server, n=5, size=300):
    """Put n mails into the inbox and the office's folders beside it."""
    server.office_folders()
    out = {}
    for i in range(n):
        body = (b'line %d of a mail\r\n' % i) * (size // 20)
        data = b'Subject: mail %d\r\n\r\n' % i + body
        out[server.inbox.add(data, 1551749400 + i)] = data
    return out


def talk(server, *commands, timeout=20, env=None, more=()):
    """Run the tool on a fake server.  It must never have broken the rules
    that the server knows."""
    r = mbox('--plain', '--password', server.password, '--timeout',
             str(timeout), *more, server.url, *commands, env=env)
    equal(server.complaints, [], r.text)
    return r


def whole(result, wanted):
    """Every message that was handed on is one of these, unchanged."""
    for uid, (length, digest) in result.messages.items():
        equal((length, digest), (len(wanted[uid]), sha(wanted[uid])), uid)


def complete(result, wanted):
    whole(result, wanted)
    equal(sorted(result.messages), sorted(wanted), result.text)


@test('list and fetch: every message, byte for byte, with its time and size')
def _():
    with FakeImap() as s:
        sent = mails(s, 130, 3000)
        r = talk(s, 'open', 'list', 'fetch')
        equal(r.code, 0, r.text)
        complete(r, sent)
        equal(r.listed[3], (4, 1551749403, len(sent[4])))
        equal(s.sent('SEARCH'), [])


@test('F5 text that looks like the protocol is text')
def _():
    with FakeImap() as s:
        sent = mails(s, 2)
        sent[s.inbox.add(FORGED)] = FORGED
        sent[s.inbox.add(b'')] = b''
        sent[s.inbox.add(b'Subject: last\r\n\r\n')] = b'Subject: last\r\n\r\n'
        complete(talk(s, 'open', 'list', 'fetch'), sent)


@test('segments of one byte change nothing')
def _():
    with FakeImap() as s:
        sent = mails(s, 3)
        sent[s.inbox.add(FORGED)] = FORGED
        s.segment = 1
        complete(talk(s, 'open', 'list', 'fetch', timeout=20), sent)


@test('after a uid that is known only what is newer is listed')
def _():
    with FakeImap() as s:
        mails(s, 9)
        v = s.inbox.validity
        r = talk(s, 'open', f'after={v}:6', 'list')
        equal([x[0] for x in r.listed], [7, 8, 9])
        r = talk(s, 'open', f'after={v + 1}:6', 'list')
        equal(len(r.listed), 9, 'of another validity: all')
        r = talk(s, 'open', f'after={v}:9', 'list')
        equal((r.code, r.listed), (0, []))


@test('C3 UIDVALIDITY 0 or missing stops everything')
def _():
    for validity in (0, None):
        with FakeImap() as s:
            mails(s, 2)
            s.inbox.validity = validity
            r = talk(s, 'open', 'list', 'fetch')
            equal(r.errors[0][0], 'fatal', r.text)
            true('UIDVALIDITY' in r.errors[0][2])
            equal(r.messages, {})


@test('C4 numbers that go backwards stop everything')
def _():
    with FakeImap() as s:
        mails(s, 5)
        r = talk(s, 'open', f'after={s.inbox.validity}:6', 'list')
        equal(r.errors[0][0], 'fatal', r.text)
        # also between two looks of one program
        rewound = []

        def rewind(conn, tag, _):
            rewound.append(1)
            if len(rewound) > 1:
                s.inbox.messages[3:] = []
                s.inbox.uidnext = 4
            return False
        s.hooks['SELECT'] = rewind
        r = talk(s, 'open', 'list', 'list')
        equal(len(r.listed), 5)
        equal(r.errors[0][0], 'fatal', r.text)


@test('a new validity is no error, and refs of the old are refused')
def _():
    with FakeImap() as s:
        mails(s, 3)
        looks = []

        def renumber(conn, tag, _):
            looks.append(1)
            s.inbox.validity = 1551760200 + len(looks)
            return False
        s.hooks['SELECT'] = renumber
        r = talk(s, 'open', 'list', 'close', 'open', 'move=1:0', 'fetch',
                 more=['--go-on'])
        equal([e[0] for e in r.errors], ['reject', 'retry'], r.text)
        equal(len(s.inbox.messages), 3)


@test('C5 C11 messages that are gone meanwhile are left out')
def _():
    with FakeImap() as s:
        sent = mails(s, 6)

        def vanish(conn, tag, arguments):
            if 'BODY' in arguments:
                for m in s.inbox.messages[1:3]:
                    s.inbox.messages.remove(m)
                    del sent[m.uid]
                s.hooks.clear()
                # one of them answered with nothing in it
                conn.line('* 2 FETCH (UID 2 BODY[] NIL)')
            return False
        s.hooks['UID FETCH'] = vanish
        r = talk(s, 'open', 'list', 'fetch', 'move=1')
        equal(r.code, 0, r.text)
        complete(r, sent)
        equal(len(s.folder('已受理').messages), 4)


@test('C6 what the server says between is no matter')
def _():
    with FakeImap() as s:
        sent = mails(s, 4)

        def noise(conn, tag, arguments):
            conn.line('* 17 EXISTS')
            conn.line('* 4 FETCH (FLAGS (\\Seen) UID 4)')
            conn.line('* 3 RECENT')
            conn.line('* OK still here {7}')
            conn.line('* NO [ALERT] the disk is "almost full')
            conn.line('* VANISHED (EARLIER) 1:3')
            conn.line('* STATUS x (MESSAGES 4)')
            return False
        s.hooks['UID FETCH'] = s.hooks['SELECT'] = noise
        complete(talk(s, 'open', 'list', 'fetch'), sent)


@test('items in another order, and a message told twice')
def _():
    with FakeImap() as s:
        sent = mails(s, 2)

        def otherwise(conn, tag, arguments):
            if 'BODY' not in arguments:
                return False
            for n, uid in ((2, 2), (1, 1), (2, 2)):
                d = sent[uid]
                conn.send(b'* %d FETCH (BODY[] {%d}\r\n%s FLAGS (\\Seen $x) '
                          b'RFC822.SIZE %d UID %d)\r\n'
                          % (n, len(d), d, len(d), uid))
            conn.ok(tag)
            return True
        s.hooks['UID FETCH'] = otherwise
        r = talk(s, 'open', 'list', 'fetch')
        complete(r, sent)
        equal(len(r.having('message')), 2)


def length_of_session():
    with FakeImap() as s:
        sent = mails(s, 3, 60)
        total = []
        s.hooks['LOGOUT'] = lambda conn, tag, _: total.append(conn.sent)
        talk(s, 'open', 'list', 'fetch', 'move=1')
        return until(lambda: total, 'the server to hear LOGOUT')[0]


@test('C7 cut at any byte: nothing half, and the next time all')
def _():
    total = length_of_session()
    step = 1 if LONG else max(1, total // 40)
    for at in range(1, total, step):
        with FakeImap() as s:
            sent = mails(s, 3, 60)
            s.cut = at
            r = talk(s, 'open', 'list', 'fetch', 'move=1')
            whole(r, sent)
            s.cut = None
            equal(r.having('trouble'), [], r.text)
            if r.code == 0:     # a second, shorter session was enough
                complete(r, sent)
                continue
            equal(r.errors[0][0], 'retry', r.text)
            left = {m.uid: m.data for m in s.inbox.messages}
            moved = len(s.folder('已受理').messages)
            equal(len(left) + moved, 3)
            complete(talk(s, 'open', 'list', 'fetch'), left)


@test('C7 cut once: the fetch goes on by itself')
def _():
    with FakeImap() as s:
        sent = mails(s, 60, 2000)
        s.cut = 60000
        s.hooks['SELECT'] = lambda conn, tag, _: \
            conn.number == 2 and setattr(s, 'cut', None)
        r = talk(s, 'open', 'list', 'fetch')
        equal((r.code, s.connections), (0, 2), r.text)
        complete(r, sent)
        equal(len(r.having('message')), 60, 'none twice')


@test('C8 a literal longer or shorter than announced is never handed on')
def _():
    for lie in (+1, +7, +40, +100000, -1, -2, -15, -60):
        with FakeImap() as s:
            sent = mails(s, 3, 200)
            s.announce = lambda m, data, lie=lie: \
                len(data) + (lie if m.uid == 2 else 0)
            r = talk(s, 'open', 'list', 'fetch', timeout=1)
            whole(r, sent)
            true(2 not in r.messages, f'{lie}: {r.text}')
            equal(len(r.having('trouble')), 1, f'{lie}: {r.text}')
            equal(sorted(r.messages), [1, 3], f'{lie}: {r.text}')


@test('C8 sizes that are estimates are found out by a second connection')
def _():
    with FakeImap() as s:
        sent = mails(s, 5, 200)
        s.size_of = lambda m: len(m.data) + 3
        r = talk(s, 'open', 'list', 'fetch')
        equal((r.code, s.connections), (0, 2), r.text)
        complete(r, sent)


@test('C10 flags are neither read nor set')
def _():
    with FakeImap() as s:
        sent = mails(s, 3)
        for m in s.inbox.messages:
            m.flags.add('\\Seen')
        complete(talk(s, 'open', 'list', 'fetch'), sent)
        equal(s.sent('STORE') + s.sent('UNSEEN') + s.sent('FLAGS'), [])


@test('C17 a server that wants ID first gets it')
def _():
    with FakeImap() as s:
        sent = mails(s, 2)
        s.needs_id = True
        complete(talk(s, 'open', 'list', 'fetch'), sent)


@test('C17 "Unsafe Login" is a refused login, with the cure')
def _():
    with FakeImap() as s:
        mails(s, 2)
        s.needs_id, s.capability = True, 'IMAP4rev1'
        r = talk(s, 'open')
        equal((r.code, r.errors[0][0]), (77, 'reject'), r.text)
        true('Unsafe Login' in r.errors[0][2])


@test('capabilities given with the login are believed')
def _():
    with FakeImap() as s:
        mails(s, 2)
        s.capability = 'IMAP4rev1 SASL-IR AUTH=PLAIN'
        s.login_answer = '[CAPABILITY IMAP4rev1 MOVE] in'
        s.hooks['UID MOVE'] = lambda conn, tag, _: conn.ok(tag) or True
        equal(talk(s, 'open', 'list', 'move=1').code, 0)
        equal(len(s.sent('UID MOVE')), 1)
        equal(len(s.sent('CAPABILITY')), 1, 'only the one of libcurl')


@test('C18 a greeting of PREAUTH, BYE, nonsense or a megabyte')
def _():
    for greeting, works in ((b'* PREAUTH hello\r\n', True),
                            (b'* BYE too busy\r\n', False),
                            (b'HTTP/1.1 200 OK\r\n\r\n', False),
                            (b'\0\xff\r\n', False),
                            (b'* OK ' + b'x' * (1 << 20) + b'\r\n', False),
                            (b'* OK ' + b'x' * (1 << 20), False)):
        with FakeImap() as s:
            mails(s, 1)
            s.greeting = greeting
            r = talk(s, 'open', 'list', timeout=2)
            if works:
                equal((r.code, len(r.listed)), (0, 1), r.text)
            else:
                equal(r.errors[0][:2], ('retry', 69), r.text)


@test('C18 nonsense and endless lines in the session')
def _():
    nonsense = (b'x' * (1 << 20) + b'\r\n', b'\r\n', b'from a mail\r\n',
                b'* 1 FETCH (UID 1 BODY[]\r\n', b'zz OK not mine\r\n',
                b'* 1 FETCH (' + b'(' * 5000 + b'\r\n',
                b'* 1 FETCH (UID 1' + b' X {1}\r\nx' * 40 + b')\r\n')
    for data in nonsense:
        with FakeImap() as s:
            mails(s, 1)
            s.hooks['UID FETCH'] = lambda conn, tag, _, data=data: \
                conn.send(data) or True
            r = talk(s, 'open', 'list', timeout=2)
            equal(r.errors[0][0], 'retry', r.text)
            true(len(r.errors[0][2]) < 1000)
            true('without end' in r.errors[0][2] or len(data) < 1 << 20)


@test('a server that trickles is given up in time')
def _():
    with FakeImap() as s:
        mails(s, 1)

        def trickle(conn, tag, _):
            for _ in range(100):
                conn.send(b'*')
                if conn.pending(0.2):
                    break
            return True
        s.hooks['UID FETCH'] = trickle
        r = talk(s, 'open', 'list', timeout=1)
        equal(r.errors[0][0], 'retry', r.text)
        true('in time' in r.errors[0][2], r.text)


@test('C19 certificates: unknown authority, expired, of another name')
def _():
    if missing('openssl'):
        raise Skip('openssl is not installed')
    with tempdir() as tmp:
        ours, theirs = Authority(tmp + '/a'), Authority(tmp + '/b')
        bad = [theirs.certificate('localhost'),
               ours.certificate('old', days='-1'),
               ours.certificate('other', san='DNS:mail.example.gov.cn')]
        for pair, works in [(x, False) for x in bad] + \
                [(ours.certificate('localhost'), True)]:
            with FakeImap(tls=pair) as s:
                mails(s, 1)
                r = mbox('--password', s.password, '--ca', ours.ca, s.url,
                         'open', 'list')
                equal(r.code, 0 if works else 69, r.text)
                if not works:
                    true('not trusted' in r.errors[0][2], r.text)
                    equal(s.log, [], 'nothing is said to a stranger')
        with FakeImap(tls=bad[0]) as s:
            r = mbox('--password', 'x', '--ca', tmp + '/none', s.url, 'open')
            equal((r.errors[0][0], r.code), ('fatal', 78), r.text)


# What a system may allow that is laxer than Debian.
LAX = '''openssl_conf = a
[a]
ssl_conf = b
[b]
system_default = c
[c]
MinProtocol = TLSv1
CipherString = DEFAULT@SECLEVEL=0
'''


@test('C19 a server of old TLS is refused, also where the system would take it')
def _():
    if missing('openssl'):
        raise Skip('openssl is not installed')
    with tempdir() as tmp:
        ours = Authority(tmp + '/a')
        with open(f'{tmp}/lax', 'w', encoding='ascii') as f:
            f.write(LAX)
        for newest, code in ((ssl.TLSVersion.TLSv1_2, 0),
                             (ssl.TLSVersion.TLSv1_1, 69)):
            with FakeImap(tls=ours.certificate('localhost')) as s:
                s.context.set_ciphers('DEFAULT@SECLEVEL=0')
                s.context.minimum_version = ssl.TLSVersion.TLSv1
                s.context.maximum_version = newest
                r = mbox('--password', s.password, '--ca', ours.ca, s.url,
                         'open', 'list', env={'OPENSSL_CONF': f'{tmp}/lax'})
                equal((newest, r.code), (newest, code), r.text)
                true(code == 0 or not s.log, s.log)


@test('C19 STARTTLS that was stripped: the password stays here')
def _():
    for greeting in (b'* OK hello\r\n', b'* PREAUTH hello\r\n'):
        with FakeImap() as s:
            mails(s, 1)
            s.greeting = greeting
            r = mbox('--password', s.password, '--timeout', '20', s.url, 'open')
            equal(r.errors[0][:2], ('retry', 69), r.text)
            equal([x for x in s.log if 'LOGIN' in x or 'AUTH' in x], [])


@test('C20 a refused login is status 77 with the server\'s sentence, once')
def _():
    with FakeImap() as s:
        s.refuse_login = '[AUTHENTICATIONFAILED] wrong, my friend'
        r = talk(s, 'open')
        equal((r.code, r.errors[0][0]), (77, 'reject'), r.text)
        true('wrong, my friend' in r.errors[0][2])
        true(s.password not in r.text)
        equal(len(s.sent('AUTHENTICATE')) + len(s.sent('LOGIN ')), 1)
        s.refuse_login = '[UNAVAILABLE] later, my friend'
        r = talk(s, 'open')
        equal((r.code, r.errors[0][0]), (75, 'retry'), r.text)


@test('nobody there is "could not look", not "nothing new"')
def _():
    with FakeImap() as s:
        pass
    r = mbox('--plain', '--password', 'x', '--timeout', '2', s.url, 'open')
    equal(r.errors[0][:2], ('retry', 69), r.text)


@test('at least two batches are in flight')
def _():
    with FakeImap() as s:
        sent = mails(s, 200)
        ahead = []

        def look(conn, tag, arguments):
            if 'BODY' in arguments and not ahead:
                ahead.append(conn.pending(2))
            return False
        s.hooks['UID FETCH'] = look
        complete(talk(s, 'open', 'list', 'fetch'), sent)
        equal(ahead, [True])


@test('a server that works on two batches at once: order is kept')
def _():
    with FakeImap() as s:
        sent = mails(s, 100)

        def mingle(conn, tag, arguments):
            if 'BODY' not in arguments:
                return False
            s.hooks.clear()
            tag2, _, rest = conn.read_line().decode().strip().partition(' ')
            items = arguments.partition(' ')[2]
            one = conn.folder.chosen(arguments.split(' ')[0], True)
            two = conn.folder.chosen(rest.split(' ')[2], True)
            for (n, m), (n2, m2) in zip(one, two):
                conn.fetch_items(n2, m2, items)
                conn.fetch_items(n, m, items)
            conn.ok(tag2)
            conn.ok(tag)
            return True
        s.hooks['UID FETCH'] = mingle
        r = talk(s, 'open', 'list', 'fetch')
        complete(r, sent)
        equal(list(r.messages), sorted(sent), 'ascending')


def out_of_turn(s):
    """The first batch comes behind the fifth: 16 MB before their turn."""
    waiting = []

    def first_last(conn, tag, arguments):
        if 'BODY' not in arguments:
            return False
        waiting.append((tag, arguments))
        if len(waiting) == 1:
            return True
        conn.fetch(tag, arguments, True)
        if len(waiting) == 5:
            s.hooks.clear()
            conn.fetch(*waiting[0], True)
        return True
    s.hooks['UID FETCH'] = first_last


@test('C7 what comes too early and is too much is asked for again')
def _():
    with FakeImap() as s:
        sent = mails(s, 36, 1 << 20)
        out_of_turn(s)
        r = talk(s, 'open', 'list', 'fetch', timeout=20)
        complete(r, sent)
        equal(list(r.messages), sorted(sent), 'ascending')
        equal((len(r.having('message')), s.connections), (36, 1))
        asked = [line.split()[3] for line in s.sent('BODY.PEEK')]
        true(len(set(asked)) < len(asked), f'none was asked for again: {asked}')


# ---- listing ahead of the answer to SELECT ----

EARLY = ('expect', 'open', 'list', 'fetch')


@test('what is expected is listed in the round trip of SELECT')
def _():
    with FakeImap() as s:
        sent = mails(s, 9)
        early = []

        def look(conn, tag, _):
            while b'UID FETCH' not in conn.buffer and conn.receive():
                pass            # until the client gives up
            early.append(b'UID FETCH' in conn.buffer)
            return False
        s.hooks['SELECT'] = look
        complete(talk(s, *EARLY), sent)
        equal(early, [True])
        equal(len(s.sent('UID FETCH')), 2, 'one listing, one batch')
        v = s.inbox.validity
        s.log.clear()
        r = talk(s, f'after={v}:6', *EARLY)
        equal([x[0] for x in r.listed], [7, 8, 9])
        equal(len(s.sent('UID FETCH')), 2)
        s.log.clear()
        equal(talk(s, f'after={v + 1}:6', *EARLY).code, 0)
        equal(s.sent('UID FETCH')[1].split()[3], '1:9', 'renumbered: all')


@test('an early listing that is refused is asked for in its turn')
def _():
    for answer in ('NO not now', 'BAD select first'):
        with FakeImap() as s:
            sent = mails(s, 5)

            def refuse(conn, tag, _, s=s, answer=answer):
                s.hooks.clear()
                conn.line(f'{tag} {answer}')
                return True
            s.hooks['UID FETCH'] = refuse
            complete(talk(s, *EARLY), sent)


@test('C17 C3 SELECT refused or without UIDVALIDITY: as without a listing')
def _():
    with FakeImap() as s:
        mails(s, 2)
        s.hooks['SELECT'] = lambda conn, tag, _: conn.no(tag, 'away') or True
        r = talk(s, *EARLY)
        equal(r.errors[0][:2], ('retry', 69), r.text)
        true('SELECT' in r.errors[0][2] and 'away' in r.errors[0][2], r.text)
    with FakeImap() as s:
        mails(s, 2)
        s.needs_id, s.capability = True, 'IMAP4rev1'
        r = talk(s, *EARLY)
        equal((r.code, r.errors[0][0]), (77, 'reject'), r.text)
    for validity in (0, None):
        with FakeImap() as s:
            mails(s, 2)
            s.inbox.validity = validity
            r = talk(s, *EARLY)
            equal((r.errors[0][0], r.messages), ('fatal', {}), r.text)


@test('answers to LIST and to the early listing may be mingled')
def _():
    with FakeImap() as s:
        sent = mails(s, 4)

        def mingle(conn, tag, _):
            tag2, _, rest = conn.read_line().decode().strip().partition(' ')
            conn.fetch(tag2, rest.partition('FETCH ')[2], True)
            return False
        s.hooks['LIST'] = mingle
        complete(talk(s, *EARLY), sent)
        equal(s.sent('CREATE'), [])


@test('the windows after an early listing go on where it ended')
def _():
    with FakeImap() as s:
        s.office_folders()
        for i in range(12000):
            s.inbox.add(b'x')
        r = talk(s, 'expect', 'open', 'list', timeout=30)
        equal((r.code, len(r.listed)), (0, 12000), r.text[-300:])
        equal([x.split()[3] for x in s.sent('UID FETCH')],
              ['1:5000', '5001:10000', '10001:12000'])
        s.inbox.uidnext = None
        r = talk(s, 'expect', 'open', 'list', timeout=30)
        equal((r.code, len(r.listed)), (0, 12000), r.text[-300:])


@test('C9 wide gaps between uids cost few commands, and sets ascend')
def _():
    with FakeImap() as s:
        s.office_folders()
        sent = {}
        for uid in (1308562356, 1308562400, 2000000000, 4294967290):
            data = b'Subject: %d\r\n\r\n' % uid
            sent[s.inbox.add(data, uid=uid)] = data
        r = talk(s, 'open', 'list', 'fetch')
        complete(r, sent)
        true(len(s.log) < 60, f'{len(s.log)} commands')


@test('C9 a large inbox is listed in windows')
def _():
    with FakeImap() as s:
        s.office_folders()
        for i in range(12000):
            s.inbox.add(b'x')
        r = talk(s, 'open', 'list', timeout=30)
        equal((r.code, len(r.listed)), (0, 12000), r.text[-300:])
        equal(len(s.sent('UID FETCH')), 3)


@test('without UIDNEXT all is listed all the same')
def _():
    with FakeImap() as s:
        sent = mails(s, 5)
        def quiet(conn, tag, text):
            f = conn.folder = s.inbox
            conn.read_only = False
            conn.line(f'* {len(f.messages)} EXISTS')
            conn.line(f'* OK [UIDVALIDITY {f.validity}] valid')
            conn.ok(tag)
            return True
        s.hooks['SELECT'] = quiet
        complete(talk(s, 'open', 'list', 'fetch'), sent)
        r = talk(s, 'open', f'after={s.inbox.validity}:5', 'list')
        equal((r.code, r.listed), (0, []), 'the last one is not new again')


@test('over the limit only the header is fetched, and that bounded')
def _():
    with FakeImap() as s:
        sent = mails(s, 3, 100)
        big = b'Subject: big\r\nX: y\r\n\r\n' + b'z' * 5000
        wide = b'X: ' + b'w' * (3 << 20) + b'\r\n\r\nbody'
        uids = s.inbox.add(big), s.inbox.add(wide)
        last = b'Subject: last\r\n\r\nbody'
        sent[s.inbox.add(last)] = last
        r = talk(s, 'open', 'list', 'fetch', more=['--limit', '2000'])
        equal(r.code, 0, r.text)
        equal(r.headers_only, list(uids))
        head = big[:big.index(b'z')]
        equal(r.messages[uids[0]], (len(head), sha(head)))
        equal(r.messages[uids[1]][0], 1 << 20)
        equal([u for u in r.messages if u not in uids], sorted(sent))


@test('a mail larger than its size said is cut at the limit')
def _():
    with FakeImap() as s:
        sent = mails(s, 2, 100)
        data = b'Subject: liar\r\n\r\n' + b'z' * (3 << 20)
        uid = s.inbox.add(data)
        s.size_of = lambda m: 50 if m.uid == uid else len(m.data)
        r = talk(s, 'open', 'list', 'fetch', more=['--limit', '100000'])
        equal((r.code, r.headers_only), (0, [uid]), r.text)
        equal(r.messages[uid][0], 17)
        equal(len(r.messages), 3)


def left_behind(s, words, mark, *more):
    """Which of the words are in the memory of a program that frees nothing,
    as soon as the mark is there too."""
    if os.environ.get('VARIANT') == 'san':
        raise Skip('ASan wants no shim')
    p = subprocess.Popen(
        [TOOL, '--plain', '--password', s.password, '--timeout', '60',
         '--discard', *more, s.url, 'open', 'list', 'fetch', 'sleep=60'],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=dict(os.environ, FAULT_KEEP='1',
                 LD_PRELOAD=f'{ROOT}/build/tests/shim.so'))

    def regions():
        found = [data for _, data in memory_of(p.pid)]
        return found if any(mark in data for data in found) else None
    try:
        found = until(regions, 'the mark')
        return [w for w in words if any(w in data for data in found)]
    finally:
        p.kill()
        p.wait()


@test('P9 what came too early, or once more, is wiped')
def _():
    with FakeImap() as s:
        s.office_folders()
        words = [b'canary-%d-early ' % n for n in range(24)]
        for word in words:
            s.inbox.add(b'Subject: x\r\n\r\n' + word * ((1 << 20) // len(word)))
        out_of_turn(s)
        equal(left_behind(s, words, b'done fetch'), [])
        sets = [line.split()[3].split(':') for line in s.sent('BODY.PEEK')]
        true(sum(int(x[-1]) - int(x[0]) + 1 for x in sets) > len(words) + 1,
             f'none was passed over, or none came twice: {sets}')


@test('P9 what lies behind the limit of a literal is wiped')
def _():
    word = b'canary behind the limit '
    data = b'Subject: liar\r\n\r\n' + b'z' * (1 << 20) + word * 5000

    def stall(conn, tag, arguments):
        if 'BODY' not in arguments:
            return False
        conn.send(b'* 1 FETCH (UID 1 BODY[] {%d}\r\n%s X-BEHIND'
                  % (len(data), data))
        conn.read_line()        # until the client is gone
        return True
    with FakeImap() as s:
        s.office_folders()
        s.inbox.add(data)
        s.size_of = lambda m: 50
        s.hooks['UID FETCH'] = stall
        equal(left_behind(s, [word], b' X-BEHIND', '--limit', '100000'), [])


def poison(s, how, *uids):
    """Messages that the server cannot give: 'refuse' them or 'die' of them."""
    def hook(conn, tag, arguments):
        chosen = s.inbox.chosen(arguments.split(' ')[0], True)
        if 'BODY' not in arguments or not any(m.uid in uids
                                              for _, m in chosen):
            return False
        if how == 'refuse':
            conn.no(tag, '[SERVERBUG] the file is damaged')
        else:
            conn.sock.shutdown(socket.SHUT_RDWR)
        return True
    s.hooks['UID FETCH'] = hook


@test('P4 a message that the server cannot give does not stop the others')
def _():
    for how in ('refuse', 'die'):
        for uids in ([30], [1], [120], [59, 60]):
            with FakeImap() as s:
                sent = mails(s, 120)
                poison(s, how, *uids)
                r = talk(s, 'open', 'list', 'fetch')
                for uid in uids:
                    del sent[uid]
                complete(r, sent)
                equal(r.code, 0, r.text)
                equal([int(x[0]) for x in r.having('trouble')], uids)
                order = [int(x[1]) for x in r.lines
                         if x[0] in ('message', 'trouble')]
                equal(order, list(range(1, 121)), 'ascending')
                if how == 'refuse':
                    true('damaged' in r.text)


@test('P4 while nothing comes at all, no message is blamed')
def _():
    for how, n in (('die', 3), ('die', 1), ('refuse', 1)):
        with FakeImap() as s:
            mails(s, n)
            poison(s, how, 1, 2, 3)
            r = talk(s, 'open', 'list', 'fetch')
            equal((r.messages, r.having('trouble')), ({}, []), r.text)
            equal(r.errors[0][0], 'retry', r.text)
            true(s.connections < 10)


# ---- folders ----

@test('folders are made where they are missing, and found the next time')
def _():
    with FakeImap() as s:
        s.add_folder('已退回')
        equal(talk(s, 'open').code, 0)
        equal(sorted(s.folders), sorted(['INBOX'] +
                                        [modified_utf7(n) for n in PEOPLE]))
        before = len(s.sent('CREATE'))
        equal(before, 3)
        equal(talk(s, 'open').code, 0)
        equal(len(s.sent('CREATE')), before)


@test('folders below 其他文件夹 (QQ) and below INBOX (Courier)')
def _():
    for below, only, d in ((modified_utf7('其他文件夹') + '/', '', '/'),
                           ('', 'INBOX.', '.')):
        with FakeImap() as s:
            s.create_below, s.create_only, s.delimiter = below, only, d
            s.inbox.add(b'Subject: x\r\n\r\n')
            r = talk(s, 'open', 'list', 'move=1')
            equal(r.code, 0, r.text)
            name = (below or only) + modified_utf7('已受理')
            equal(len(s.folders[name].messages), 1)


@test('a server that makes no folders: could not look, and which to make')
def _():
    with FakeImap() as s:
        s.hooks['CREATE'] = lambda conn, tag, _: \
            conn.no(tag, 'over your quota of folders') or True
        r = talk(s, 'open')
        equal(r.errors[0][0], 'retry', r.text)
        true('已受理' in r.errors[0][2] and 'quota' in r.errors[0][2], r.text)


@test('a folder that was removed meanwhile is made again')
def _():
    with FakeImap() as s:
        mails(s, 2)

        def remove(conn, tag, _):
            del s.folders[modified_utf7('已受理')]
            s.hooks.clear()
            return False
        s.hooks['UID MOVE'] = remove
        r = talk(s, 'open', 'list', 'move=1')
        equal(r.code, 0, r.text)
        equal(len(s.folder('已受理').messages), 2)


# ---- moving ----

LESSER = [('MOVE', ALL),
          ('COPY and UID EXPUNGE', ALL.replace(' MOVE', '')),
          ('COPY alone', ALL.replace(' MOVE', '').replace(' UIDPLUS', ''))]


def live(folder):
    return [m for m in folder.messages if '\\Deleted' not in m.flags]


@test('moving, with MOVE and without; done twice is done once')
def _():
    for name, capability in LESSER:
        with FakeImap() as s:
            mails(s, 7)
            s.capability = capability
            r = talk(s, 'open', 'list', 'move=1:2', 'move=1:2', 'move=2:4',
                     'move=3', 'move=3')
            equal(r.code, 0, name + r.text)
            equal([len(s.folder(f).messages) for f in PEOPLE][:2], [1, 1],
                  name)
            equal(live(s.inbox), [], name)
            true(('UIDPLUS' in capability) == (not s.inbox.messages), name)


@test('mail marked \\Deleted by a colleague is not expunged')
def _():
    for name, capability in LESSER:
        with FakeImap() as s:
            mails(s, 3)
            s.capability = capability
            s.inbox.messages[0].flags.add('\\Deleted')
            equal(talk(s, 'open', 'list', 'move=1:1').code, 0)
            equal(s.inbox.messages[0].uid, 1, name)


@test('promise 1: what is marked \\Deleted is neither copied so nor a copy')
def _():
    with FakeImap() as s:
        s.office_folders()
        s.capability = 'IMAP4rev1'      # neither MOVE nor UIDPLUS
        s.inbox.add(b'Subject: x\r\n\r\nbody', flags=['\\Deleted'])
        s.folder('已受理').add(b'Subject: x\r\n\r\nbody', flags=['\\Deleted'])
        r = talk(s, 'open', 'list', 'move=1', 'move=1')
        equal((r.code, s.complaints), (0, []), r.text)
        equal([m.flags for m in s.folder('已受理').messages],
              [{'\\Deleted'}, set()])
        equal(s.inbox.messages[0].flags, {'\\Deleted'})


@test('refile: there and back again, where what is moved stays behind')
def _():
    with FakeImap() as s:
        s.office_folders()
        s.capability = 'IMAP4rev1'
        data = b'Subject: x\r\n\r\nbody'
        s.folder('待处理').add(data)
        sought = f'{len(data)}:1551749400:{sha(data)}'
        for there, back in ((4, 1), (1, 4), (4, 1)):
            r = talk(s, 'open', f'refile={there}:{back}:{sought}')
            equal((r.code, r.having('refiled')), (0, [['1']]), r.text)
            equal([name for name in ('待处理', '已受理')
                   for m in s.folder(name).messages if not m.flags],
                  ['已受理' if back == 1 else '待处理'])


@test('refile: of a mail over the limit the header is compared, unseen')
def _():
    with FakeImap() as s:
        s.office_folders()
        head = b'Subject: x\r\n\r\n'
        s.folder('待处理').add(head + b'z' * 5000)
        for digest, found in ((sha(b'other'), '0'), (sha(head), '1')):
            r = talk(s, 'open',
                     f'refile=4:1:{len(head) + 5000}:1551749400:{digest}',
                     more=['--limit', '2000'])
            equal((r.code, r.having('refiled')), (0, [[found]]), r.text)
        true('BODY.PEEK[]' not in ' '.join(s.sent('UID FETCH')))


@test('promise 1: killed at every step of a move, then again: one of each')
def _():
    for name, capability in LESSER:
        step, killed = 1, 0
        while True:
            with FakeImap() as s:
                sent = mails(s, 3)
                s.capability = capability
                env = {'BAOSONG_CRASH_AT': str(step)}
                r = talk(s, 'open', 'list', 'move=1', env=env)
                if r.code == 0:
                    break
                equal(r.code, -signal.SIGKILL, r.text)
                killed += 1
                equal(talk(s, 'open', 'list', 'move=1').code, 0)
                got = sorted(m.data for m in s.folder('已受理').messages)
                equal(got, sorted(sent.values()), f'{name}, step {step}')
                equal(live(s.inbox), [], f'{name}, step {step}')
            step += 1
        true(killed >= 3, f'{name}: {killed}')


@test('promise 1: the answer to COPY is lost, then again: one of each')
def _():
    with FakeImap() as s:
        sent = mails(s, 3)
        s.capability = LESSER[1][1]

        def lose(conn, tag, arguments):
            numbers, _, text = arguments.partition(' ')
            conn.transfer(numbers, text, False)
            s.hooks.clear()
            conn.sock.shutdown(socket.SHUT_RDWR)
            return True
        s.hooks['UID COPY'] = lose
        r = talk(s, 'open', 'list', 'move=1', 'open', 'move=1',
                 more=['--go-on'])
        equal(len(r.errors), 1, r.text)
        equal(sorted(m.data for m in s.folder('已受理').messages),
              sorted(sent.values()))
        equal(s.inbox.messages, [])


@test('a mail of the same size in the target is no copy of ours')
def _():
    with FakeImap() as s:
        mails(s, 1)
        s.capability = LESSER[1][1]
        other = s.inbox.messages[0].data.replace(b'mail 0', b'mail 9')
        s.folder('已受理').add(other)
        equal(talk(s, 'open', 'list', 'move=1').code, 0)
        equal(len(s.folder('已受理').messages), 2)


@test('a refused move says why, and nothing is lost')
def _():
    for name, capability in LESSER:
        with FakeImap() as s:
            mails(s, 2)
            s.capability = capability
            for command in ('UID MOVE', 'UID COPY'):
                s.hooks[command] = lambda conn, tag, _: \
                    conn.no(tag, '[OVERQUOTA] full') or True
            r = talk(s, 'open', 'list', 'move=1')
            equal(r.errors[0][0], 'retry', r.text)
            true('full' in r.errors[0][2], r.text)
            equal(len(live(s.inbox)), 2, name)


# ---- waiting ----

def arrive(conn):
    conn.server.inbox.add(b'Subject: new\r\n\r\n')
    conn.line(f'* {len(conn.server.inbox.messages)} EXISTS')


@test('IDLE ends when mail comes, not before')
def _():
    with FakeImap() as s:
        mails(s, 2)
        s.on_idle = lambda conn: conn.line('* OK Still here')
        r = talk(s, 'open', 'list', 'wait=1')
        true(0.9 < r.waited[0] < 30, r.text)
        s.on_idle = arrive
        r = talk(s, 'open', 'list', 'wait=60', 'list')
        true(r.waited[0] < 30, r.text)
        equal(len(r.listed), 2 + 3)
        equal(s.log.count('DONE'), 2)


@test('mail that came between listing and waiting is not slept over')
def _():
    with FakeImap() as s:
        mails(s, 2)

        def late(conn, tag, arguments):
            if 'BODY' in arguments:
                arrive(conn)
                s.hooks.clear()
            return False
        s.hooks['UID FETCH'] = late
        r = talk(s, 'open', 'list', 'fetch', 'wait=60', 'list')
        true(r.waited[0] < 30, r.text)
        equal(len(r.listed), 5)


@test('a connection that died in silence is found by a timer')
def _():
    with FakeImap() as s:
        mails(s, 2)

        def deaf(conn, tag, _):
            conn.line('+ idling')
            conn.read_line()        # DONE, which is never answered
            conn.pending(20)
            return True
        s.hooks['IDLE'] = deaf
        r = talk(s, 'open', 'list', 'wait=1', timeout=1)
        equal(r.errors[0][0], 'retry', r.text)
        true(r.waited[0] < 30, r.text)


@test('IDLE that is refused or not offered: NOOP, or plain waiting')
def _():
    for capability in (ALL, ALL.replace(' IDLE', '')):
        with FakeImap() as s:
            mails(s, 2)
            s.capability = capability
            s.hooks['IDLE'] = lambda conn, tag, _: conn.no(tag) or True
            r = talk(s, 'open', 'list', 'wait=1', 'wait=1', 'list')
            equal(r.code, 0, r.text)
            true(all(0.9 < w < 20 for w in r.waited), r.text)
            true(len(s.sent('IDLE')) <= 1, 'asked once')


@test('a server that says BYE while we wait: its sentence')
def _():
    with FakeImap() as s:
        mails(s, 1)

        def bye(conn):
            conn.line('* BYE going down for maintenance')
            conn.sock.shutdown(socket.SHUT_RDWR)
        s.on_idle = bye
        r = talk(s, 'open', 'list', 'wait=60', 'open', 'list', more=['--go-on'])
        equal(r.errors[0][0], 'retry', r.text)
        true('maintenance' in r.errors[0][2], r.text)
        equal(len(r.errors), 1, 'open() mends it')


finish()
