#!/usr/bin/python3
"""The office on a machine that fails slowly: a register out of a backup or
damaged, a disk that is full for an hour, a clock that jumps."""
import contextlib
import glob
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import time

from fakes import by_imap
from mails import UNIT, draft, mail, order
from office import GUARD, STAFF, Office, parse, text_of, tree
from servers import tempdir, until
from tap import Skip, equal, finish, test, true

TITLES = ('春耕备播进展', '减税降费落地', '物价总体平稳', '水库除险加固', '低保提标启动')


@contextlib.contextmanager
def office(more=''):
    with tempdir() as tmp:
        o = Office(tmp, more=more)
        o.set_up()
        yield o


def subject(n):
    return f'{TITLES[n % 5]}{n}-县财政局-张敏-0539-6201001'


def submission(n):
    return draft(subject(n), f'第{n}批，下达资金{n + 1}.2亿元。')


def verdicts(o):
    return o.rows('SELECT received, verdict, reasons FROM message '
                  'ORDER BY received')


# ---- a register out of a backup ----

def weeks(o, arrive):
    """Mail of three weeks; a backup after the first.  Polled as it comes."""
    arrive(submission(0), '2019-03-04 09:00')
    arrive(mail('没有稿件-县商务局-李强-6202002', '见附件。'), '2019-03-04 10:00')
    o.poll(now='2019-03-04 17:00')
    o.must('backup', f'{o.folder}/week.db', now='2019-03-05 09:00')
    arrive(submission(1), '2019-03-08 09:00')
    arrive(mail('也没有稿件-县商务局-李强-6202002', '见附件。',
                sender='swj@tancheng.example'), '2019-03-08 10:00')
    o.poll(now='2019-03-08 17:00')
    arrive(order('补录 财政局 电话报送的信息 2019-03-11\n'), '2019-03-12 09:00')
    arrive(submission(2), '2019-03-12 10:00')
    o.poll(now='2019-03-12 17:00')
    arrive(submission(3), '2019-03-18 09:00')
    o.poll(now='2019-03-18 17:00')


def restore(o):
    for path in glob.glob(f'{o.data}/register.*'):
        os.remove(path)
    shutil.copy(f'{o.folder}/week.db', f'{o.data}/register.db')


def check_restored(o, before, places):
    o.poll(now='2019-03-19 09:00')
    after = verdicts(o)
    equal([r for r in after if r[1] == 'command'], [])
    equal([r[:1] for r in after], [r[:1] for r in before], 'nothing is lost')
    held = [r for r in after if r[1] == 'held']
    equal(len(held), 1, 'an order of last week is looked at by people')
    equal([r for r in after if r not in held],
          [r for r in before if r[1] != 'command'])
    now = places()
    equal(now['待处理'], 1)
    equal({k: v for k, v in now.items() if k not in ('待处理', '已受理')},
          {'已退回': 2})
    o.poll(now='2019-03-19 09:30')
    equal(verdicts(o), after)


def letters_since(o, when):
    return sorted(o.rows(
        "SELECT m.subject, mail.kind FROM mail LEFT JOIN message m "
        "ON m.id = mail.message WHERE mail.created >= ?", when), key=repr)


def replies(o):
    """Letters to units that the restored register has written."""
    return [s for s, kind in letters_since(o, 1552900000) if kind == 'reply']


@test('A26 a backup of last week: mail since then again, no old receipt')
def _():
    with office() as o:
        weeks(o, o.deliver)
        before = verdicts(o)

        def places():
            return {k: len(v) for k, v in o.where().items() if v}
        restore(o)
        check_restored(o, before, places)
        equal(replies(o), [subject(3)], 'not older than three days')
        told, = [m for m in o.sent(STAFF) if '备份' in m['Subject']]
        true('5封' in text_of(told), text_of(told))


@test('A26 the same over IMAP, with MOVE and without')
def _():
    for able in ('IMAP4rev1 ID IDLE MOVE UIDPLUS', 'IMAP4rev1 UIDPLUS'):
        with by_imap() as (o, s):
            s.capability = able
            weeks(o, o.arrive)
            before = verdicts(o)
            restore(o)
            check_restored(o, before, o.places)
            equal(replies(o), [subject(3)])


@test('A26 a longer answer-since lets nobody be answered twice after a month')
def _():
    with office('answer-since: 30 days\n') as o:
        weeks(o, o.deliver)
        restore(o)
        o.poll(now='2019-03-19 09:00')
        equal(replies(o), [subject(3)], 'three days at most')


@test('A26 put into its place while the newer state stands beside it')
def _():
    with office() as o:
        weeks(o, o.deliver)
        before = verdicts(o)
        shutil.copy(f'{o.folder}/week.db', f'{o.data}/register.db')
        o.must('desk', '查询 2019-0001', now='2019-03-18 18:00')
        o.poll(now='2019-03-19 09:00')
        equal([r[0] for r in verdicts(o)], [r[0] for r in before])


@test('A26 killed while mail is brought back, it is brought back')
def _():
    for at in range(1, 14, 3):
        with office() as o:
            weeks(o, o.deliver)
            before = verdicts(o)
            restore(o)
            r = o.run('poll', now='2019-03-19 09:00',
                      env={'BAOSONG_CRASH_AT': str(at)})
            equal(r.code, -signal.SIGKILL)
            o.poll(now='2019-03-19 09:00')
            equal([r[0] for r in verdicts(o)], [r[0] for r in before])
            equal(replies(o), [subject(3)])


@test('a register that nobody replaced is not taken for a backup')
def _():
    with office() as o:
        for n in range(3):
            o.deliver(submission(n), f'2019-03-0{n + 4} 09:00')
            o.run('poll', now=f'2019-03-0{n + 4} 10:00',
                  env={'BAOSONG_CRASH_AT': str(20 + 9 * n)})
        r = o.poll(now='2019-03-08 10:00')
        true('restored' not in r.err, r.err)
        with open(f'{o.data}/register.state', 'r+', encoding='ascii') as f:
            words = f.read().split()
            f.seek(0)
            f.truncate()
            f.write(f'{words[0]:6} {words[1]:>20}\n')   # of an older program
        r = o.poll(now='2019-03-08 11:00')
        true('restored' not in r.err, r.err)


@test('backups are made while mail is taken in, and each is whole')
def _():
    with office() as o:
        for n in range(120):
            o.deliver(submission(n), '2019-03-20 09:00')
        p = subprocess.Popen(o.command('poll'), cwd=o.folder,
                             stderr=subprocess.DEVNULL,
                             stdout=subprocess.DEVNULL)
        made = []
        while p.poll() is None or not made:
            path = f'{o.folder}/backup{len(made)}.db'
            o.must('backup', path)
            made.append(path)
        equal(p.wait(), 0)
        for path in made:
            with contextlib.closing(sqlite3.connect(path)) as db:
                equal(db.execute('PRAGMA integrity_check').fetchall(),
                      [('ok',)])
                equal(db.execute(
                    'SELECT count(*) FROM message WHERE verdict = ? AND id '
                    'NOT IN (SELECT message FROM version)',
                    ('accepted',)).fetchone(), (0,), 'a record without draft')


# ---- a damaged register ----

def flipped(data, at):
    return data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1:]


def damages(data):
    """(what, bytes) of what a disk does to a file."""
    page = int.from_bytes(data[16:18], 'big')
    pages = len(data) // page
    yield 'empty', b''
    yield 'one byte', data[:1]
    yield 'cut in half', data[:pages // 2 * page]
    yield 'cut within a page', data[:len(data) - 1000]
    yield 'the last page is gone', data[:-page]
    yield 'not a database', os.urandom(len(data))
    yield 'text', b'SELECT 1;\n' * 1000
    yield 'all zero', bytes(len(data))
    yield 'another application\'s', other_database()
    for n in random.Random(1).sample(range(1, pages), 6):
        yield (f'page {n} is zero',
               data[:n * page] + bytes(page) + data[(n + 1) * page:])
        yield (f'page {n} is page 2',
               data[:n * page] + data[page:2 * page]
               + data[(n + 1) * page:])
    for at in (0, 5, 16, 18, 21, 28, 52, 68, 100, 101, 104, 105):
        yield f'byte {at} is another', flipped(data, at)


def other_database():
    with tempdir() as tmp:
        with contextlib.closing(sqlite3.connect(f'{tmp}/x')) as db:
            db.execute('CREATE TABLE t (a)')
            db.executemany('INSERT INTO t VALUES (?)',
                           [(str(n),) for n in range(2000)])
            db.commit()
        with open(f'{tmp}/x', 'rb') as f:
            return f.read()


def with_mail(o):
    for n in range(8):
        o.deliver(submission(n), '2019-03-20 09:00')
    o.poll()
    # all of it in one file, as after a night
    with contextlib.closing(sqlite3.connect(f'{o.data}/register.db')) as db:
        db.execute('PRAGMA wal_checkpoint(TRUNCATE)')


def says_the_same(o, kept):
    with contextlib.suppress(sqlite3.DatabaseError, UnicodeDecodeError):
        return o.rows('PRAGMA integrity_check') == [('ok',)] \
            and o.dump() == kept
    return False


@test('F6r a damaged register is known by every command, and not written to')
def _():
    with office() as o:
        with_mail(o)
        with open(f'{o.data}/register.db', 'rb') as f:
            whole = f.read()
        o.deliver(submission(20), '2019-03-20 10:00')
        kept, refused = o.dump(), 0
        for what, data in damages(whole):
            with open(f'{o.data}/register.db', 'wb') as f:
                f.write(data)
            if 'cut' not in what and says_the_same(o, kept):
                continue        # a page that holds nothing
            before = tree(o.mailbox, o.outgoing), data
            r = o.run('poll')
            with open(f'{o.data}/register.db', 'rb') as f:
                equal((tree(o.mailbox, o.outgoing), f.read()), before,
                      f'{what}: touched')
            true(r.code == 65 and len(r.err.splitlines()) <= 3 and
                 'register.db' in r.err, f'{what}: {r}')
            refused += 1
        true(refused > 20, refused)
        with open(f'{o.data}/register.db', 'wb') as f:
            f.write(whole)
        o.poll()
        equal(len(verdicts(o)), 9)


@test('F6r the log of another register is not taken for its own')
def _():
    with office() as o, office() as other:
        with_mail(o)
        for n in range(30, 60):
            other.deliver(submission(n), '2019-03-20 09:00')
        other.run('poll', env={'BAOSONG_CRASH_AT': '70'})
        wal = f'{other.data}/register.db-wal'
        true(os.path.getsize(wal) > 100000)
        shutil.copy(wal, f'{o.data}/register.db-wal')
        with contextlib.suppress(FileNotFoundError):
            os.remove(f'{o.data}/register.db-shm')
        with open(f'{o.data}/register.db', 'rb') as f:
            before = f.read()
        r = o.run('poll')
        equal(r.code, 65, str(r))
        with open(f'{o.data}/register.db', 'rb') as f:
            true(f.read() == before, 'touched')


@test('a change of the history behind the program\'s back is found')
def _():
    with office() as o:
        with_mail(o)
        path = f'{o.data}/register.db'
        with contextlib.closing(sqlite3.connect(path)) as db:
            for name, in db.execute("SELECT name FROM sqlite_schema WHERE "
                                    "type = 'trigger'").fetchall():
                db.execute(f'DROP TRIGGER {name}')
            db.execute("UPDATE history SET who = '某人' WHERE id = 3")
            db.commit()
        r = o.run('check')
        true(r.code != 0 and '3' in r.out + r.err, str(r))


# ---- a full disk ----

@contextlib.contextmanager
def small_disk(o, kilobytes):
    """The data of the office on a file system of so many KB."""
    if os.geteuid() != 0:
        raise Skip('mounting needs root')
    kept = f'{o.folder}/kept'
    os.rename(o.data, kept)
    os.mkdir(o.data, 0o700)
    r = subprocess.run(['mount', '-t', 'tmpfs', '-o', f'size={kilobytes}k',
                        'none', o.data], check=False, capture_output=True)
    if r.returncode != 0:
        os.rmdir(o.data)
        os.rename(kept, o.data)
        raise Skip('tmpfs cannot be mounted here')
    try:
        shutil.copytree(kept, o.data, dirs_exist_ok=True)
        yield
    finally:
        subprocess.run(['umount', o.data], check=True)


def enlarge(o, kilobytes):
    subprocess.run(['mount', '-o', f'remount,size={kilobytes}k', o.data],
                   check=True)


@test('F5r a disk that is full for an hour, at any fill: nothing is lost')
def _():
    for kilobytes in (1300, 1700, 2400):
        with office('disk-floor: 0 MB\n') as o, small_disk(o, kilobytes):
            for n in range(40):
                o.deliver(draft(subject(n), os.urandom(3000).hex()),
                          '2019-03-20 09:00')
            for minute in range(3):
                r = o.run('poll', now=f'2019-03-20 10:0{minute}')
                true(r.code in (0, 74, 75), str(r))
            enlarge(o, 40000)
            o.poll(now='2019-03-20 11:00')
            o.poll(now='2019-03-20 13:00')
            equal({(v, r) for _, v, r in verdicts(o)}, {('accepted', '')},
                  kilobytes)
            equal(len(o.where()['已受理']), 40)
            ids = [m['Message-ID'] for m in o.sent(UNIT)]
            equal((len(ids), len(set(ids))), (20, 20), 'the cap of a day')
            equal(o.rows('PRAGMA integrity_check'), [('ok',)])


@test('F5r run goes on by itself when there is room again, and staff are told')
def _():
    more = 'disk-floor: 5 MB\npoll-interval: 5 s\nanswer-since: 2019-01-01\n'
    with office(more) as o, small_disk(o, 4000):
        o.deliver(submission(1), '2019-03-20 09:00')
        p = subprocess.Popen(o.command('run', now=None), cwd=o.folder,
                             stderr=subprocess.PIPE)
        try:
            until(lambda: o.sent(STAFF), 'the notice')
            equal(verdicts(o), [])
            enlarge(o, 40000)
            until(lambda: o.sent(UNIT), 'the work', 40)
            p.send_signal(signal.SIGTERM)
            equal(p.wait(10), 0)
        finally:
            p.kill()
            p.stderr.close()
        equal(len(o.sent(UNIT)), 1)


# ---- a process that is taken away ----

def nursery_of(pid):
    with open(f'/proc/{pid}/task/{pid}/children', encoding='ascii') as f:
        return int(f.read().split()[0])


@test('F11r without the process that starts readers the service begins anew')
def _():
    with office('poll-interval: 5 s\nanswer-since: 2019-01-01\n') as o:
        p = subprocess.Popen(o.command('run', now=None), cwd=o.folder,
                             stderr=subprocess.PIPE)
        try:
            true(b'started' in p.stderr.readline())
            os.kill(nursery_of(p.pid), signal.SIGKILL)
            o.deliver(submission(1), '2019-03-20 09:00')
            _, err = p.communicate(timeout=GUARD)   # systemd's Restart
            equal(p.returncode, 75, err)
            true(b'the process that starts readers has ended' in err, err)
        finally:
            p.kill()
            p.wait()
        equal(verdicts(o), [])
        o.poll()
        equal([v for _, v, _ in verdicts(o)], ['accepted'])


# ---- a clock that jumps ----

@test('C22 a clock that jumps: no mass of letters, and points stay')
def _():
    with office() as o:
        for n in range(6):
            o.deliver(submission(n), f'2019-03-1{n} 09:00')
        o.poll(now='2019-03-16 09:00')
        sent = len(o.outgoing_bytes())
        first = o.json('list', now='2019-03-16 09:00')
        for now in ('2019-03-15 09:00', '2019-03-17 09:00',
                    '2018-12-31 23:59:59', '2019-01-01 00:00',
                    '2029-03-16 09:00', '2019-03-16 10:00'):
            o.poll(now=now)
            equal(o.json('list', now=now), first, now)
        more = [parse(c[0]) for c in o.outgoing_bytes().values()][sent:]
        true(len([m for m in more if m['To'] == UNIT]) <= 6 - sent + 6,
             'no second receipt')
        equal(o.rows("SELECT count(*) FROM mail WHERE kind = 'reply'"),
              [(6,)])


@test('C22 what came while the clock was wrong has a time of receipt')
def _():
    with office() as o:
        o.deliver(submission(0), '2019-03-16 09:00')
        o.poll(now='2019-03-10 09:00')      # the mail is of the future
        o.deliver(submission(1), '2019-03-16 10:00')
        o.poll(now='2029-03-16 09:00')      # and ten years on
        o.deliver(submission(2), '2019-03-16 11:00')
        o.poll(now='2019-03-16 12:00')
        equal(len(o.json('list', now='2019-03-16 12:00')), 3)
        equal(len(o.sent(UNIT)), 3)


finish()
