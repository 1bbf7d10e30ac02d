#!/usr/bin/python3
"""The office on real servers: mail from a Dovecot, replies by a Postfix."""
import os
import signal
import time

from mails import UNIT, draft
from office import ADDRESS, STAFF, text_of
from served import FOLDERS, Servers, office
from servers import Authority, modified_utf7, until
from tap import equal, finish, test, true

FULL = '财政资金直达基层-县财政局-张敏-0539-6201001'
ONE, TWO = '春耕备播进展顺利', '减税降费政策落地见效'


def subject(title):
    return f'{title}-县财政局-张敏-0539-6201001'


ALWAYS = 'poll-interval: 600 s\nanswer-since: 2000-01-01\n'


# ---- the whole way ----

@test('imaps and smtps: a month of mail, its folders, its letters')
def _():
    with office() as o:
        o.arrivals()
        r = o.poll()
        true('accepted=6 returned=3 ignored=2 duplicate=1 quarantined=1 '
             'held=2 command=1' in r.out, r.out)
        equal(o.counts(), [1, 7, 3, 3, 2])
        equal([s['received'] for s in o.json('list')][0],
              '2019-03-05T09:12:00+08:00')
        equal(o.rows('SELECT DISTINCT receipt FROM message'),
              [('internaldate',)])
        letters = o.letters(14)
        equal(len(letters), 14)
        true(all(m['Return-Path'] == '<>' for m in letters))
        receipt, = o.letters(1, 'czj@tancheng.example')
        equal(receipt['In-Reply-To'], '<2019030509115800101@tancheng.example>')
        equal(receipt['From'].addresses[0].addr_spec, ADDRESS)
        seen = o.dump()
        o.poll()
        equal((o.dump(), o.counts()), (seen, [1, 7, 3, 3, 2]))
        o.must('desk', '受理', o.json('held')[0]['handle'], '单位=县商务局')
        o.poll(now='2019-04-01 09:00')
        equal(o.counts(), [1, 8, 3, 3, 1], 'out of 待处理 on the server')
        draft_ = [m for m in o.letters(16) if '通报稿' in m['Subject']]
        equal(len(draft_), 1)
        true(any(part.get_filename() for part in draft_[0].iter_attachments()))
        with o.dovecot.session() as c:
            names = {line.decode().split()[-1].strip('"')
                     for line in c.list()[1]}
        equal(names, {'INBOX', *map(modified_utf7, FOLDERS)})


@test('imap:// and smtp:// mean STARTTLS')
def _():
    with office(starttls=True) as o:
        o.arrive(draft(FULL), '2019-03-05 09:12')
        o.poll()
        equal(o.counts(), [0, 1, 0, 0, 0])
        equal(len(o.letters(1)), 1)
        true('TLS' in o.dovecot.log(), 'Dovecot says so')


# ---- run ----

@test('run: a delivery during IDLE is answered without waiting; SIGTERM ends it')
def _():
    with office(set_up=False, more=ALWAYS) as o, o.running() as p:
        until(lambda: 'IDLE' in o.dovecot.log() or o.json('status', now=None)[
            'last_success'] if os.path.exists(f'{o.data}/register.db')
            else False, 'the first look')
        time.sleep(1)
        for n, title in enumerate((ONE, TWO)):
            begin = time.monotonic()
            o.arrive(draft(subject(title)))
            o.letters(n + 1, UNIT)
            took = time.monotonic() - begin
            true(took < 10, f'{took:.1f} s')
            print(f'# report: delivery to receipt in {took:.1f} s')
        equal(o.run('poll').code, 75, 'C21 a second program')
        begin = time.monotonic()
        p.send_signal(signal.SIGTERM)
        equal(p.wait(20), 0)
        true(time.monotonic() - begin < 5, 'F9r')


@test('F9r SIGTERM in the middle of much mail: soon, and nothing is lost')
def _():
    with office(set_up=False, more=ALWAYS + 'replies-per-day: 1000\n') as o:
        for n in range(150):
            o.arrive(draft(f'第{n + 1}次全县招商引资项目集中开工'
                           '-县财政局-张敏-6201001', f'第{n + 1}批。'))
        with o.running() as p:
            time.sleep(0.4)
            begin = time.monotonic()
            p.send_signal(signal.SIGTERM)
            equal(p.wait(20), 0)
            true(time.monotonic() - begin < 5)
        o.poll(now=None)
        equal(o.counts(), [0, 150, 0, 0, 0])
        equal(len({m['Message-ID'] for m in o.letters(150, UNIT)}), 150)
        equal(len(o.letters(150, UNIT)), 150)
        equal(o.rows('SELECT count(*) FROM claim'), [(0,)])


# ---- when it cannot be done ----

@test('C20 a wrong password: 77; staff are told after three, by another way')
def _():
    with office() as o:
        o.write_password('wrong', 'Mo-Zi-2018')
        o.use(o.setting.replace('password-file: password',
                                'password-file: wrong\n'
                                'outgoing-password-file: password'))
        for n in range(4):
            r = o.run('poll', now=f'2019-03-20 17:0{n}')
            equal(r.code, 77, str(r))
        status = o.json('status')
        equal(status['failures'], 4)
        true(status['last_error'])
        alert, = o.letters(1)
        equal(alert['To'], STAFF)
        text = text_of(alert)
        true('3' in text and '没有接受登录' in text and '不能连接' not in text,
             text)
        o.use(o.setting)
        o.poll()
        equal(o.json('status')['failures'], 0)


@test('a server that is down: could not look, and says so; then all goes on')
def _():
    with office() as o:
        o.dovecot.stop()
        try:
            for n in range(3):
                r = o.run('poll', now=f'2019-03-20 17:0{n}')
                true(r.code in (69, 75), str(r))
                true('could-not-look' in r.err)
            said = o.must('status').out
            true('3' in said and 'localhost' in said, said)
        finally:
            o.dovecot.start()
        o.arrive(draft(FULL), '2019-03-20 17:04')
        o.poll(now='2019-03-20 17:10')
        # the way out was open all the time but for its SASL, by Dovecot
        until(lambda: o.run('poll', now='2019-03-20 18:10').code == 0 and
              len(o.letters(0)) >= 2, 'alert and receipt')
        equal(sorted(m['To'] == STAFF for m in o.letters(2)), [False, True])


@test('C19 a wrong authority is refused, and no password is sent')
def _():
    with office(set_up=False) as o:
        other = Authority(f'{o.folder}/tls')
        o.use(o.setting.replace(o.dovecot.ca, other.ca))
        o.arrive(draft(FULL), '2019-03-05 09:12')
        r = o.run('poll')
        true(r.code in (69, 75), str(r))
        true('certificate' in r.err.lower(), r.err)
        true(o.dovecot.user not in o.dovecot.log(), 'nobody tried to log in')
        o.use(o.setting)
        o.set_up()
        o.poll()
        equal(len(o.letters(1)), 1)


@test('a way out that is closed delays the letters, not the mail')
def _():
    with office() as o:
        o.arrive(draft(FULL), '2019-03-20 10:00')
        o.postfix.stop()
        try:
            r = o.poll(now='2019-03-20 10:01')
            true('accepted=1' in r.out and 'unsent=1' in r.out, r.out)
            equal(o.counts(), [0, 1, 0, 0, 0])
            equal(o.json('status')['outbox_pending'], 1)
        finally:
            o.postfix.start()
        o.poll(now='2019-03-20 10:01')       # too soon: its time has not come
        equal(o.json('status')['outbox_pending'], 1)
        o.poll(now='2019-03-20 10:03')
        equal(len(o.letters(1)), 1)


# ---- colleagues, and servers that change ----

@test('C10 C11 a colleague reads one and takes another away')
def _():
    with office() as o:
        for n, title in enumerate((ONE, TWO)):
            o.arrive(draft(subject(title)), f'2019-03-05 09:1{n}')
        with o.dovecot.session() as c:
            c.select('INBOX')
            c.store('1', '+FLAGS', '\\Seen')
            c.create('private')
            c.copy('2', 'private')
            c.store('2', '+FLAGS', '\\Deleted')
            c.expunge()
        o.poll()
        equal([s['title'] for s in o.json('list')], [ONE])
        equal(o.counts(), [0, 1, 0, 0, 0])
        equal(len(o.dovecot.messages('private')), 1)


@test('C11 taken away between its record and its move')
def _():
    with office() as o:
        o.arrive(draft(FULL), '2019-03-05 09:12')
        equal(killed_before_moving(o), -signal.SIGKILL)
        equal(o.counts()[:1], [1])
        with o.dovecot.session() as c:
            c.select('INBOX')
            c.store('1', '+FLAGS', '\\Deleted')
            c.expunge()
        o.poll()
        equal((len(o.json('list')), len(o.letters(1))), (1, 1))
        equal(o.rows('SELECT count(*) FROM place WHERE moved = 0'), [(0,)])


def killed_before_moving(o):
    """The step "move" stands behind three commits: of the mailbox's validity,
    of the claim, of the record; each is two steps."""
    return o.run('poll', env={'BAOSONG_CRASH_AT': '7'}).code


@test('C10 what nobody has read stays unread')
def _():
    with office() as o:
        o.arrive(draft(FULL), '2019-03-05 09:12')
        o.poll()
        flags = b''.join(o.dovecot.fetch('已受理', '(FLAGS)'))
        true(b'Seen' not in flags, flags)


@test('dragged back by a colleague: judged anew, answered once')
def _():
    with office() as o:
        o.arrive(draft('春耕备播进展顺利-县财政局-张敏'), '2019-03-05 09:12')
        o.poll()
        equal(o.counts(), [0, 0, 1, 0, 0])
        with o.dovecot.session() as c:
            c.select('"' + modified_utf7('已退回') + '"')
            c.uid('MOVE', '1', 'INBOX')
        o.poll()
        equal(o.counts(), [0, 0, 1, 0, 0])
        equal(o.rows('SELECT count(*) FROM message'), [(1,)])
        equal(len(o.letters(1)), 1)


@test('C2 UIDVALIDITY changed: nothing twice, one notice')
def _():
    with office() as o:
        o.arrivals()
        equal(killed_before_moving(o), -signal.SIGKILL)
        recorded = o.dump()
        equal(o.counts()[0], 16)
        o.renumber()
        o.arrive(draft(subject(ONE)), '2019-03-20 16:00')
        equal(o.run('poll', env={'BAOSONG_CRASH_AT': '6'}).code,
              -signal.SIGKILL, 'killed once more in the middle')
        o.poll()
        for table in ('submission', 'mark', 'command'):
            equal(len(o.dump()[table]),
                  len(recorded[table]) + (table == 'submission'), table)
        equal(o.counts(), [1, 8, 3, 3, 2])
        notices = [m for m in o.letters(16, None)
                   if '重新编号' in m['Subject'] + text_of(m)]
        equal(len(notices), 1)
        o.poll()
        equal(len(o.letters(16)), 16)


@test('an inbox that was empty at first: no talk of new numbers')
def _():
    with office() as o:
        o.arrive(draft(FULL), '2019-03-05 09:12')
        o.poll()
        equal(len(o.letters(1)), 1)


@test('B14 killed after the server took a letter: again, the same Message-ID')
def _():
    with office() as o:
        o.arrive(draft(FULL), '2019-03-05 09:12')
        log = f'{o.folder}/steps'
        o.run('poll', env={'BAOSONG_STEP_LOG': log})
        with open(log, encoding='ascii') as f:
            steps = f.read().split()
        at = steps.index('smtp-answered') + 1
    with office() as o:
        o.arrive(draft(FULL), '2019-03-05 09:12')
        equal(o.run('poll', env={'BAOSONG_CRASH_AT': str(at)}).code,
              -signal.SIGKILL)
        recorded = o.dump()['submission']
        o.poll()
        one, two = o.letters(2)
        equal(one['Message-ID'], two['Message-ID'])
        equal(text_of(one), text_of(two))
        equal(o.dump()['submission'], recorded)
        o.poll()
        equal(len(o.letters(2)), 2)


try:
    finish()
finally:
    Servers.stop()
