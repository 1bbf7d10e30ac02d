#!/usr/bin/python3
"""Orders that are not the desk's: forged, replayed, relayed, look-alike.  Each
mail asks for an entry in the register; none but those of the first table may
get one, and of every one that claims to be staff's, staff are told."""
import base64
import re

from mails import PROOFS, RECEIVED, UNIT, mail, order
from office import ADDRESS, STAFF, Office, text_of
from servers import tempdir
from tap import equal, finish, test, true

HOST = 'mail.tancheng.example'
FRESH = 'Wed, 20 Mar 2019 08:30:00 +0800'
DMARC = f'{HOST}; {PROOFS["dmarc"]}'
FOREIGN = (f'from evil.example (evil.example [203.0.113.6]) by {HOST} '
           f'(Postfix) with ESMTPS id 1; {FRESH}')
OWN_HOP = (f'from {HOST} ({HOST} [10.0.0.5]) by {HOST} with LMTP id 2; '
           f'{FRESH}')


def word(text, charset='utf-8'):
    code = base64.b64encode(text.encode(charset)).decode()
    return f'=?{charset}?B?{code}?='


def field_of(value):
    is_hop = value.startswith(('from ', 'by '))
    return 'Received' if is_hop else 'Authentication-Results'


class Raw:
    """A mail made of lines, so that nothing is put right on the way."""
    count = 0

    def __init__(self, *trace, sender=STAFF, to=ADDRESS, subject='命令',
                 more=(), body=None, message_id=True, kind='text/plain'):
        Raw.count += 1
        self.label = f'越权{Raw.count:03}'
        self.body = body or '补录 财政局 {}\n'
        lines = [f'{field_of(v)}: {v}' for v in trace]
        senders = sender if isinstance(sender, list) else [f'From: {sender}']
        lines += senders
        lines += [f'To: {to}'] if to else []
        lines += [f'Subject: {word(subject.format(self.label))}']
        lines += [f'Date: {FRESH}']
        if message_id:
            lines += [f'Message-ID: <order.{Raw.count}@tancheng.example>']
        lines += [f'{name}: {value}' for name, value in more]
        lines += ['MIME-Version: 1.0', f'Content-Type: {kind}; charset=utf-8',
                  'Content-Transfer-Encoding: 8bit']
        self.head = '\r\n'.join(lines)

    def bytes(self):
        text = self.body.format(self.label).replace('\n', '\r\n')
        return f'{self.head}\r\n\r\n{text}'.encode()


OBEYED = {
    'dmarc of the own server': Raw(DMARC, RECEIVED),
    'dkim, aligned': Raw(f'{HOST}; {PROOFS["dkim"]}', RECEIVED),
    'login of the same person': Raw(f'{HOST}; {PROOFS["auth"]}', RECEIVED),
    'through a second host of our own': Raw(OWN_HOP, DMARC, RECEIVED),
    'the name in capitals, with a version and comments':
        Raw(f'(x) {HOST.upper()} (y) 1; (z) dmarc = pass (p=none) '
            f'header.from={HOST}', RECEIVED),
    'folded over several lines':
        Raw(DMARC.replace('; ', ';\r\n\t').replace(' ', '\r\n '), RECEIVED),
    'address in other case':
        Raw(DMARC, RECEIVED, sender=STAFF.upper()),
    'a display name': Raw(DMARC, RECEIVED, sender=f'{word("王芳")} <{STAFF}>'),
    'we are only in Cc': Raw(DMARC, RECEIVED, to='a@b.example',
                             more=[('Cc', f'"x" <{ADDRESS}>')]),
}

# What claims to be staff's address: held, and staff are told.
HELD = {
    'D2 no proof at all': Raw(RECEIVED),
    'D2 no proof, no trace': Raw(),
    'D3 the proof below our Received': Raw(FOREIGN, DMARC),
    'D3 below two of ours': Raw(OWN_HOP, FOREIGN, DMARC),
    'D3 and a forged hop of ours below it': Raw(FOREIGN, OWN_HOP, DMARC),
    'D3 a client that calls itself ours':
        Raw(f'from {HOST} (evil.example [203.0.113.6]) by {HOST}; {FRESH}',
            DMARC),
    'D3 ... whose name the server doubts':
        Raw(f'from {HOST} ({HOST} [203.0.113.6] (may be forged)) by {HOST}; '
            f'{FRESH}', DMARC),
    'D3 ... that brought its own comment':
        Raw(f'from {HOST} ({HOST} [10.0.0.5]) (evil.example [203.0.113.6]) '
            f'by {HOST}; {FRESH}', DMARC),
    'D3 ... that says localhost':
        Raw(f'from localhost (localhost [203.0.113.6]) by {HOST}; {FRESH}',
            DMARC),
    'D4 a longer name': Raw(f'{HOST}.evil.example; {PROOFS["dmarc"]}',
                            RECEIVED),
    'D4 a shorter name': Raw(f'tancheng.example; {PROOFS["dmarc"]}', RECEIVED),
    'D4 a look-alike name': Raw(DMARC.replace('mail.t', 'mai1.t', 1),
                                RECEIVED),
    'D4 Cyrillic in the name': Raw(DMARC.replace('mail', 'mаil', 1), RECEIVED),
    'D4 the name in a comment': Raw(f'evil.example ({HOST}); '
                                    f'{PROOFS["dmarc"]}', RECEIVED),
    'D4 the name as a path': Raw(f'evil.example/{HOST}; {PROOFS["dmarc"]}',
                                 RECEIVED),
    'D4 the name behind the first word': Raw(f'evil.example {HOST}; '
                                             f'{PROOFS["dmarc"]}', RECEIVED),
    'D4 no name': Raw(PROOFS['dmarc'], RECEIVED),
    'the result within a quoted string':
        Raw(f'{HOST}; spf=fail smtp.mailfrom="x; {PROOFS["dmarc"]}"',
            RECEIVED),
    'the result within a comment':
        Raw(f'{HOST}; spf=fail (; {PROOFS["dmarc"]}) smtp.mailfrom=x',
            RECEIVED),
    'a comment that does not end':
        Raw(f'{DMARC}; spf=fail (x', RECEIVED),
    'a string that does not end':
        Raw(f'{DMARC}; spf=fail smtp.mailfrom="x', RECEIVED),
    'spf alone': Raw(f'{HOST}; {PROOFS["spf"]}', RECEIVED),
    'dmarc failed': Raw(f'{HOST}; {PROOFS["dmarc=fail"]}', RECEIVED),
    'dmarc failed although dkim passed':
        Raw(f'{HOST}; {PROOFS["dkim"]}; dmarc=fail', RECEIVED),
    'dmarc failed in a second field':
        Raw(DMARC, f'{HOST}; {PROOFS["dmarc=fail"]}', RECEIVED),
    'dmarc none': Raw(f'{HOST}; dmarc=none header.from={HOST}', RECEIVED),
    'dmarc passable': Raw(f'{HOST}; dmarc=passed header.from={HOST}',
                          RECEIVED),
    'dmarc of another domain':
        Raw(f'{HOST}; dmarc=pass header.from=evil.example', RECEIVED),
    'dmarc of the domain below':
        Raw(f'{HOST}; dmarc=pass header.from=sub.{HOST}', RECEIVED),
    'dkim of another domain':
        Raw(f'{HOST}; dkim=pass header.d=evil.example', RECEIVED),
    'dkim of a domain that ends alike':
        Raw(f'{HOST}; dkim=pass header.d=il.tancheng.example', RECEIVED),
    'dkim of a domain that begins alike':
        Raw(f'{HOST}; dkim=pass header.d={HOST}.evil.example', RECEIVED),
    'dkim of a domain below':
        Raw(f'{HOST}; dkim=pass header.d=sub.{HOST}', RECEIVED),
    'dkim of the top': Raw(f'{HOST}; dkim=pass header.d=example', RECEIVED),
    'dkim failed': Raw(f'{HOST}; dkim=fail header.d={HOST}', RECEIVED),
    'the login of a colleague':
        Raw(f'{HOST}; auth=pass smtp.auth=lisi@{HOST}', RECEIVED),
    'the login of a name that is longer':
        Raw(f'{HOST}; auth=pass smtp.auth=x{STAFF}', RECEIVED),
    'ARC is not what we asked for':
        Raw(RECEIVED, more=[('ARC-Authentication-Results', f'i=1; {DMARC}')]),
    'X-Authentication-Results is nobody':
        Raw(RECEIVED, more=[('X-Authentication-Results', DMARC)]),
    'Received-SPF is no proof':
        Raw(RECEIVED, more=[('Received-SPF', 'pass')]),
    'two From lines, staff first':
        Raw(DMARC, RECEIVED,
            sender=[f'From: {STAFF}', 'From: evil@evil.example']),
    'two From lines, staff last':
        Raw(DMARC, RECEIVED,
            sender=['From: evil@evil.example', f'From: {STAFF}']),
    'two From lines, both staff':
        Raw(DMARC, RECEIVED, sender=[f'From: {STAFF}', f'From: {STAFF}']),
    'two authors in one line':
        Raw(DMARC, RECEIVED, sender=f'{STAFF}, evil@evil.example'),
    'two addresses without a comma':
        Raw(DMARC, RECEIVED, sender=f'<{STAFF}> <evil@evil.example>'),
    'somebody else sent it':
        Raw(DMARC, RECEIVED, more=[('Sender', 'evil@evil.example')]),
    'relayed: written to somebody else':
        Raw(DMARC, RECEIVED, to=f'lisi@{HOST}'),
    'relayed: our address only as a name':
        Raw(DMARC, RECEIVED, to=f'"{ADDRESS}" <lisi@{HOST}>'),
    'a second subject on top of a signed one':
        Raw(DMARC, RECEIVED, sender=[f'Subject: {word("补录 财政局 越权甲")}',
                                     f'From: {STAFF}']),
    'the order is in the subject alone':
        Raw(RECEIVED, subject='补录 财政局 {}', body='您好\n'),
}

# What is not staff's address: nobody's order.
STRANGERS = {
    'a subdomain': f'wangfang@sub.{HOST}',
    'the domain above': 'wangfang@tancheng.example',
    'a domain that ends alike': f'wangfang@x{HOST}',
    'a domain that begins alike': f'{STAFF}.evil.example',
    'the address as a display name': f'"{STAFF}" <evil@evil.example>',
    'the address as a comment': f'evil@evil.example ({STAFF})',
    'the name of staff alone': f'{word("王芳")} <evil@evil.example>',
    'a Latin l for an i': STAFF.replace('mail', 'mall'),
    'a Cyrillic a': STAFF.replace('a', 'а', 1),
    'full-width letters': STAFF.replace('w', 'ｗ', 1),
    'a full-width at sign': STAFF.replace('@', '＠'),
    'an invisible character within':
        STAFF.replace('@', '\u200b@'),
    'an invisible character, in brackets':
        f'{word("王芳")} <{STAFF}>'.replace('@', '\u200b@'),
    'a character that turns the line, in brackets':
        f'<\u202e{STAFF}>',
    'another tag': STAFF.replace('@', '+x@'),
    'a dot that some servers ignore': STAFF.replace('wang', 'wang.'),
    'an encoded word as an address': f'<{word(STAFF)}>',
    'an encoded word as the local part':
        f'<{word("wangfang")}@{HOST}>',
    'a quoted local part': f'"wangfang" @{HOST}, evil@evil.example',
    'a bang path': f'<{HOST}!wangfang@evil.example>',
    'a percent route': f'<wangfang%{HOST}@evil.example>',
    'an empty group': f'{word("王芳")}:;',
    'a group named like staff': f'"{STAFF}": evil@evil.example;',
    'a NUL in the address': STAFF.replace('@', '\0@'),
}
for _what, _sender in STRANGERS.items():
    STRANGERS[_what] = Raw(DMARC, RECEIVED, sender=_sender)

# Wrapped: the order stands in a mail within the mail, or where it is not the
# author's own words.
WRAPPED = {
    'D5 proven, but within an attached mail':
        lambda inner: mail('转发', '请看附件', sender='evil@evil.example',
                           files=[('a.eml', inner)]),
    'D5 an attached mail, as such':
        lambda inner: rfc822(inner),
}


def rfc822(inner):
    head = (f'From: evil@evil.example\r\nTo: {ADDRESS}\r\nSubject: fw\r\n'
            'Message-ID: <wrapped@evil.example>\r\nMIME-Version: 1.0\r\n'
            'Content-Type: message/rfc822\r\n\r\n')
    return head.encode() + inner


QUOTED = {
    'D10 quoted': '> 补录 财政局 {}\n',
    'D10 below the line of the one who is quoted':
        '收到。\n\n------------------ 原始邮件 ------------------\n'
        '补录 财政局 {}\n',
    'D10 in the signature': '收到。\n\n-- \n补录 财政局 {}\n',
}
HIDDEN = {
    'D11 hidden': '<p>你好</p><div style="display:none">补录 财政局 {}</div>',
    'D11 of no size':
        '<p>你好</p><p style="font-size:0">补录 财政局 {}</p>',
    'D11 white': '<p>你好</p><p style="color:#fff">补录 财政局 {}</p>',
    'D11 quoted': '<p>你好</p><blockquote>补录 财政局 {}</blockquote>',
}


class Mailbox:
    """All of them in one mailbox, looked at once."""
    found = None

    @classmethod
    def look(cls):
        if cls.found is None:
            with tempdir() as tmp:
                o = Office(tmp, more='replies-per-day: 1000\n')
                o.set_up()
                cls.fill(o)
                o.poll()
                cls.found = cls.what_became(o)
        return cls.found

    @staticmethod
    def fill(o):
        mails = {**OBEYED, **HELD, **STRANGERS}
        for n, (name, m) in enumerate(mails.items()):
            o.deliver(m.bytes(), '2019-03-20 09:00', f'm{n:03}')
        Mailbox.names = {name: f'm{n:03}' for n, name in enumerate(mails)}
        for n, (name, wrap) in enumerate(WRAPPED.items()):
            inner = Raw(DMARC, RECEIVED)
            o.deliver(wrap(inner.bytes()), '2019-03-20 09:01', f'w{n:03}')
        for n, text in enumerate(QUOTED.values()):
            o.deliver(Raw(DMARC, RECEIVED, body=text, subject='回复').bytes(),
                      '2019-03-20 09:02', f'q{n:03}')
        for n, text in enumerate(HIDDEN.values()):
            o.deliver(Raw(DMARC, RECEIVED, body=text, subject='回复',
                          kind='text/html').bytes(),
                      '2019-03-20 09:03', f'h{n:03}')

    @staticmethod
    def what_became(o):
        titles = {s['title'] for s in o.json('list')}
        verdicts = dict(o.rows('SELECT p.name, m.verdict FROM place p '
                               'JOIN message m ON m.id = p.message'))
        handles = dict(o.rows(
            "SELECT p.name, '待-' || m.handle_number FROM place p JOIN "
            'message m ON m.id = p.message WHERE m.handle_number NOTNULL'))
        told = '\n'.join(text_of(m) for m in o.sent(STAFF))
        Mailbox.answered = {name for name, in o.rows(
            'SELECT p.name FROM place p JOIN mail x ON x.message = p.message '
            "WHERE x.kind <> 'staff'")}
        return titles, verdicts, handles, told


def name_of(name):
    Mailbox.look()
    return Mailbox.names[name]


def check_obeyed(name):
    titles, verdicts, *_ = Mailbox.look()
    equal(verdicts[name_of(name)], 'command')
    true(OBEYED[name].label in titles)


def check_held(name):
    titles, verdicts, handles, told = Mailbox.look()
    equal(verdicts[name_of(name)], 'held')
    true(HELD[name].label not in titles)
    true(re.search(rf'{handles[name_of(name)]}\b', told),
         f'staff do not hear of {handles[name_of(name)]}')


def check_stranger(name):
    titles, verdicts, *_ = Mailbox.look()
    true(verdicts[name_of(name)] != 'command', verdicts[name_of(name)])
    true(STRANGERS[name].label not in titles)


for _name in OBEYED:
    test(f'D1 obeyed: {_name}')(lambda name=_name: check_obeyed(name))
for _name in HELD:
    test(f'held, and staff told: {_name}')(
        lambda name=_name: check_held(name))
for _name in STRANGERS:
    test(f'not staff: {_name}')(lambda name=_name: check_stranger(name))


@test('nothing else has come into the register; D5 D10 D11')
def _():
    titles, verdicts, *_ = Mailbox.look()
    equal(titles, {m.label for m in OBEYED.values()})
    equal(sum(v == 'command' for v in verdicts.values()), len(OBEYED))


@test('what claims to be staff is not answered: they may not have written it')
def _():
    Mailbox.look()
    equal(Mailbox.answered & {name_of(n) for n in HELD}, set())


# ---- replayed ----

def worked_on(data):
    """What can be done to a signed mail so that the signature holds: white
    space where the canonical form has one, trace, what is not signed."""
    head, body = data.split(b'\r\n\r\n', 1)
    return {
        'the same bytes': data,
        'through another server': b'Received: from y by z.example\r\n' + data,
        'line feeds alone': data.replace(b'\r\n', b'\n'),
        'blanks at the ends of lines':
            head + b'\r\n\r\n' + body.replace(b'\r\n', b' \r\n'),
        'two blanks for one':
            head + b'\r\n\r\n' + body.replace(b' ', b'  '),
        'text behind it (l=)': data + '撤销 2019-0001 普刊\r\n'.encode(),
        'another subject on top':
            f'Subject: {word("补录 财政局 重放")}\r\n'.encode() + data,
        'other unsigned fields': b'X-Priority: 1\r\n' + data,
        'another order of fields':
            b'\r\n'.join(reversed(head.split(b'\r\n'))) + b'\r\n\r\n' + body,
    }


@test('D7 obeyed once, however it is worked on, and again next year')
def _():
    with tempdir() as tmp:
        o = Office(tmp, more='replies-per-day: 1000\n')
        o.set_up()
        once = Raw(DMARC, RECEIVED)
        first = once.bytes()
        o.deliver(first, '2019-03-20 09:00', 'first')
        o.poll()
        equal(len(o.json('list')), 1)
        for day, now in (('2019-03-20', '2019-03-20 18:00'),
                         ('2020-03-20', '2020-03-20 18:00')):
            for n, (what, data) in enumerate(worked_on(first).items()):
                o.deliver(data, f'{day} 1{n}:00', f'{day}-{n}')
            o.poll(now=now)
        equal([s['title'] for s in o.json('list', '2019')], [once.label])
        equal(o.json('list', '2020'), [])
        equal(dict(o.rows("SELECT verdict, count(*) FROM message WHERE "
                          "verdict = 'command' GROUP BY 1")), {'command': 1})


@test('D7 a held forgery that comes again is told once and never obeyed')
def _():
    with tempdir() as tmp:
        o = Office(tmp)
        o.set_up()
        data = Raw(RECEIVED).bytes()
        for n in range(3):
            o.deliver(data, f'2019-03-20 0{n + 6}:00', f'again-{n}')
            o.poll()
        equal(o.json('list'), [])
        equal(len(o.json('held')), 1)
        equal(len(o.sent(STAFF)), 1)


@test('D15 who is no longer staff orders nothing, proven or not')
def _():
    with tempdir() as tmp:
        o = Office(tmp)
        o.set_up()
        o.deliver(order('补录 财政局 在职\n'), '2019-03-20 09:00', 'before')
        o.poll()
        text = open(o.config, encoding='utf-8').read()
        with open(o.config, 'w', encoding='utf-8') as f:
            f.write(text.replace(STAFF, f'lisi@{HOST}').replace('王芳', '李四'))
        o.deliver(order('补录 财政局 离职\n'), '2019-03-20 10:00', 'after')
        o.poll()
        equal([s['title'] for s in o.json('list')], ['在职'])


@test("a unit's words that look like orders are a submission or nothing")
def _():
    with tempdir() as tmp:
        o = Office(tmp)
        o.set_up()
        o.deliver(order('补录 财政局 单位所写\n', sender=UNIT),
                  '2019-03-20 09:00', 'unit')
        o.poll()
        equal(o.json('list'), [])


@test('D1 who gives no address, or several, is not taken for the first of staff')
def _():
    with tempdir() as tmp:
        o = Office(tmp)
        with open(o.config, encoding='utf-8') as f:
            text = f.read()
        with open(o.config, 'w', encoding='utf-8') as f:
            f.write(re.sub('(?m)^(trusted-authserv|own-hosts):.*\n', '', text))
        o.set_up()
        for n, sender in enumerate(('', 'From: nobody\r\n', 'From: <>\r\n')):
            o.deliver((f'{sender}To: {ADDRESS}\r\nSubject: =?utf-8?q?'
                       '=E7=A1=AE=E8=AE=A4?= 123456\r\n'
                       f'Message-ID: <n{n}@x.example>\r\n\r\n123456\r\n').encode(),
                      f'2019-03-20 09:0{n}')
        r = o.poll(now='2019-03-20 10:00')
        true('CRITICAL' not in r.err, r.err)
        equal(o.rows("SELECT verdict FROM message"), [('held',)] * 3)
        equal(o.rows("SELECT count(*) FROM mail WHERE kind = 'code'"), [(0,)])


finish()
