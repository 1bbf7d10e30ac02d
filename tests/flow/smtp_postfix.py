#!/usr/bin/python3
"""The way out by SMTP against a real Postfix: TLS from the start, STARTTLS,
SASL, plain text on this machine; what arrives is what was sent."""
import os

from mbox import mbox
from servers import Dovecot, Postfix, missing, tempdir, until
from tap import Skip, equal, finish, test, true

TEXT = ('From: 信息科 <xxk@mail.example.gov.cn>\r\nTo: a@unit.example\r\n'
        'Message-ID: <r1@mail.example.gov.cn>\r\nSubject: x\r\n\r\n'
        '.\r\n.. 已收到\r\n' + 'x' * 900 + '\r\n').encode()


def need():
    absent = missing('postfix', 'dovecot', 'openssl')
    if absent:
        raise Skip(f'{absent} is not installed')
    if os.geteuid() != 0:
        raise Skip('a private Postfix needs root')


def send(p, url, *recipients, plain=False, password=None, more=()):
    path = f'{p.root}/mail'
    with open(path, 'wb') as f:
        f.write(TEXT)
    return mbox('--out', '--ca', p.ca, *(['--plain'] if plain else []),
                *(['--password', password] if password else []), *more, url,
                *[f'send={r}:{path}' for r in recipients])


def body(mail):
    return mail.partition(b'\n\n')[2]


@test('plain text on this machine, many mails on one connection')
def _():
    need()
    with tempdir() as tmp, Postfix(tmp) as p:
        r = send(p, f'smtp://127.0.0.1:{p.port}',
                 *[f'a{i}@unit.example' for i in range(20)], plain=True)
        equal(r.sent, ['ok'] * 20, r.text)
        got = p.messages(20)
        wanted = body(TEXT.replace(b'\r\n', b'\n'))
        equal({body(m) for m in got}, {wanted}, 'B8 dots and all')
        true(all(m.startswith(b'Return-Path: <>') for m in got))
        true(all(m.count(b'Message-ID: <r1@') == 1 for m in got))


@test('imitating a unit\'s provider: TLS, STARTTLS, SASL, and what is refused')
def _():
    need()
    with tempdir() as tmp, Dovecot(tmp) as d, Postfix(tmp, auth=d) as p:
        user = f'{p.user}@localhost'
        for url in (f'smtps://{user}:{p.submissions_port}',
                    f'smtp://{user}:{p.port}'):
            r = send(p, url, 'a@unit.example', 'b@unit.example',
                     password=p.password)
            equal(r.sent, ['ok'] * 2, r.text)
            # C20
            r = send(p, url, 'a@unit.example', password='wrong')
            equal(r.sent, ['no-login'], r.text)
            true('refuses the login' in r.text, r.text)
        # nobody has logged in: Postfix will not relay
        r = send(p, f'smtp://localhost:{p.port}', 'a@unit.example')
        equal(r.sent, ['never'], r.text)
        equal(len(p.messages(4)), 4)


@test('several recipients; a sender of our own; a UTF-8 address')
def _():
    need()
    with tempdir() as tmp, Postfix(tmp, extra='smtputf8_enable = yes') as p:
        url = f'smtp://127.0.0.1:{p.port}'
        r = send(p, url, 'a@unit.example,b@unit.example', '张三@unit.example',
                 plain=True, more=['--from', 'xxk@mail.example.gov.cn'])
        equal(r.sent, ['ok', 'ok'], r.text)
        got = p.messages(3)
        true(all(m.startswith(b'Return-Path: <xxk@mail.example.gov.cn>')
                 for m in got))


@test('the null sender refused by policy is said apart')
def _():
    need()
    extra = 'smtpd_sender_restrictions = check_sender_access inline:{<>=REJECT}'
    with tempdir() as tmp, Postfix(tmp, extra=extra + '\n'
                                   'smtpd_null_access_lookup_key = <>\n'
                                   'smtpd_delay_reject = no') as p:
        url = f'smtp://127.0.0.1:{p.port}'
        equal(send(p, url, 'a@unit.example', plain=True).sent,
              ['null-sender-refused'])
        equal(send(p, url, 'a@unit.example', plain=True,
                   more=['--from', 'xxk@mail.example.gov.cn']).sent, ['ok'])


@test('B12 a mail over the server\'s limit is refused for good')
def _():
    need()
    with tempdir() as tmp, Postfix(tmp,
                                   extra='message_size_limit = 800') as p:
        r = send(p, f'smtp://127.0.0.1:{p.port}', 'a@unit.example', plain=True)
        equal(r.sent, ['never'], r.text)
        true('size' in r.text.lower(), r.text)


@test('a Postfix that was started again is found again')
def _():
    need()
    with tempdir() as tmp, Postfix(tmp) as p:
        url = f'smtp://127.0.0.1:{p.port}'
        equal(send(p, url, 'a@unit.example', plain=True).sent, ['ok'])
        # stopped before it forgets a delivered mail, it delivers it again
        until(lambda: ': removed' in p.log(), 'an empty queue')
        p.stop()
        equal(send(p, url, 'a@unit.example', plain=True).sent, ['later'])
        p.start()
        equal(send(p, url, 'a@unit.example', plain=True).sent, ['ok'])
        equal(len(p.messages(2)), 2)


finish()
