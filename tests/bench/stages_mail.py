"""Stages that fetch, read, record and send mail."""
import os
import shutil
import statistics
import time

import servers_of_bench as s
from bench import BIN, DATA, NOW, PEERS
from corpus import base64_lines, part
from measure import Row, run, side_by_side

SMALL = 500         # messages where each costs a round trip


def url(d, user, port=None):
    return f'imap://{user}@127.0.0.1:{port or d.imap_port}/INBOX'


ROUNDS = f'{DATA}/rounds'


def work_in(folder):
    """What rounds make goes there: on another file system, for example."""
    global ROUNDS
    ROUNDS = f'{os.path.abspath(folder)}/rounds'


def fresh_folder():
    """For what one round of one program makes."""
    return f'{ROUNDS}/{time.monotonic_ns()}'


def forget_rounds():
    """At the end of a stage, not between its rounds: an ext4 without a
    journal makes new files slowly for minutes after many were removed, in
    every program."""
    shutil.rmtree(ROUNDS, ignore_errors=True)


# ---- peers ----

def mbsync_config(folder, port, user, fsync):
    for part_ in ('cur', 'new', 'tmp'):
        os.makedirs(f'{folder}/mail/{part_}')
    with open(f'{folder}/rc', 'w') as f:
        f.write(('' if fsync else 'FSync no\n')
                + f'IMAPAccount b\nHost 127.0.0.1\nPort {port}\nUser {user}\n'
                'Pass pw\nSSLType None\nAuthMechs LOGIN\n\n'
                'IMAPStore far\nAccount b\n\nMaildirStore near\n'
                f'Inbox {folder}/mail\nSubFolders Verbatim\n\nChannel c\n'
                'Far :far:\nNear :near:\nPatterns INBOX\nSync Pull\n'
                'SyncState *\n')
    return f'{folder}/rc'


def mbsync(port, user, fsync, folder=None):
    folder = folder or fresh_folder()
    rc = mbsync_config(folder, port, user, fsync)
    return run(['mbsync', '-q', '-c', rc, 'c'])


def notmuch_config(mail):
    path = f'{DATA}/notmuch.rc'
    with open(path, 'w') as f:
        f.write(f'[database]\npath={mail}\n[user]\nname=x\n'
                'primary_email=x@y\n[new]\ntags=new\n'
                'ignore=.mbsyncstate;.uidvalidity\n')
    return path


def notmuch_new(mail):
    shutil.rmtree(f'{mail}/.notmuch', ignore_errors=True)
    return run(['notmuch', f'--config={notmuch_config(mail)}', 'new',
                '--no-hooks', '--quiet'])


def mbsync_notmuch(port, user):
    start, folder = time.monotonic(), fresh_folder()
    took = mbsync(port, user, False, folder)
    took.cpu += notmuch_new(f'{folder}/mail').cpu
    took.wall = time.monotonic() - start
    return took


def python_pipeline(port, user):
    path = f'{DATA}/pipeline.db'
    for suffix in ('', '-wal', '-shm'):
        if os.path.exists(path + suffix):
            os.unlink(path + suffix)
    return run(['/usr/bin/python3', f'{PEERS}/pipeline.py', str(port), user,
                path])


# ---- the whole poll ----

def poll(b, d, out, memory=False, name='all'):
    """A fresh office and a fresh mailbox; what the poll took."""
    folder = fresh_folder()
    d.fill('office', name)
    config = b.office(folder, url(d, 'office'),
                      f'smtp://127.0.0.1:{out.port}')
    took = run(b.command(config, 'poll'), cwd=folder, memory=memory)
    if d.count('office') != 0:
        raise RuntimeError('mail was left in the inbox')
    return took


def stage_poll(b):
    with s.servers.tempdir() as tmp, s.Dovecot(tmp) as d, s.sink() as out:
        d.load(b.mails())
        d.fill('peer')
        things = {'baosong poll': lambda: poll(b, d, out)}
        if b.has('mbsync', 'isync'):
            things['mbsync, fetch only'] = \
                lambda: mbsync(d.imap_port, 'peer', True)
        if b.has('mbsync', 'isync') and b.has('notmuch'):
            things['mbsync + notmuch new'] = \
                lambda: mbsync_notmuch(d.imap_port, 'peer')
        if b.has('catdoc'):
            things['Python script'] = \
                lambda: python_pipeline(d.imap_port, 'peer')
        things['written at the least'] = \
            lambda: run([f'{BIN}/least', fresh_folder(), str(b.messages)])
        rig = b.prototype('pipeline')
        if rig:
            things['prototype, 1 worker'] = \
                lambda: run([rig, str(d.imap_port), 'peer', '-W', '1'])
        rows = side_by_side(f'the whole of poll, {b.messages} messages by IMAP',
                            b.rounds, things)
    forget_rounds()
    ours, what = rows.pop('baosong poll'), 'poll beside '
    limits = {'mbsync, fetch only': 1, 'mbsync + notmuch new': 4,
              'Python script': 7}
    for name, limit in limits.items():
        if name in rows:
            b.goals.at_least(what + name, limit, rows[name], ours)
    if rig:
        b.goals.at_most('CPU of poll beside the prototype', 1.4, ours,
                        rows['prototype, 1 worker'], cpu=True)
        least(rows['prototype, 1 worker'], rows['written at the least'], ours)


def least(prototype, writing, ours):
    """What no poll can be cheaper than: to fetch and read as the prototype
    does, and to write what is promised."""
    cpu = [p + w for p, w in zip(prototype.cpus, writing.cpus)]
    print(f'  CPU of the prototype and of what is written at the least: '
          f'{statistics.median(cpu):.3f} s, '
          f'{statistics.median(cpu) / prototype.cpu:.2f}x the prototype alone; '
          f'poll {ours.cpu / statistics.median(cpu):.2f}x of that')


# ---- fetch ----

def fetch(b, d, port=None):
    return run([f'{b.tools}/mbox', '--plain', '--password', 'pw', '--discard',
                '--timeout', '60', url(d, 'peer', port), 'expect', 'open',
                'list', 'fetch', 'time'])


def peer(mode, port):
    return run([f'{BIN}/imap_peer', mode, str(port), 'peer'])


def stage_fetch(b):
    with s.servers.tempdir() as tmp, s.Dovecot(tmp) as d:
        d.load(b.mails())
        d.load(b.mails(SMALL), 'small')
        d.fill('peer')
        port = d.imap_port
        rows = side_by_side(
            f'fetch, {b.messages} messages, no latency', b.rounds,
            {'baosong': lambda: fetch(b, d), 'raw': lambda: peer('raw', port),
             'a URL each': lambda: peer('url', port),
             'multi, 4 connections': lambda: peer('multi', port)})
        b.goals.at_most('fetch beside a raw client', 1.2, rows['baosong'],
                        rows['raw'])
        d.fill('peer', 'small')
        for ms in (20, 50):
            latency(b, d, ms)
    forget_rounds()


def latency(b, d, ms):
    with s.relay(d.imap_port, ms) as r:
        things = {'baosong': lambda: fetch(b, d, r.port),
                  'raw': lambda: peer('raw', r.port),
                  'multi, 4 connections': lambda: peer('multi', r.port)}
        if b.has('mbsync', 'isync'):
            things['mbsync, no fsync'] = \
                lambda: mbsync(r.port, 'peer', False)
        rows = side_by_side(f'fetch, {SMALL} messages, {ms} ms', b.rounds,
                            things)
        rows.update(side_by_side(f'the same by URLs, {ms} ms', 1, {
            'a URL each': lambda: peer('url', r.port)}))
    trips = [(x - y) / (ms / 1000) for x, y in
             zip(rows['baosong'].walls, rows['raw'].walls)]
    trip = statistics.median(trips)
    b.goals.add(f'fetch at {ms} ms', '<= raw + 2.5 round trips',
                f'raw + {trip:.1f}', f'{min(trips):.1f} .. {max(trips):.1f}',
                trip <= 2.5)
    b.goals.at_least(f'fetch at {ms} ms beside a URL each', 50,
                     rows['a URL each'], rows['baosong'])


# ---- MIME ----

def stage_mime(b):
    files = b.mails(500)
    folder = f'{DATA}/mime'
    shutil.rmtree(folder, ignore_errors=True)
    for part_ in ('cur', 'new', 'tmp'):
        os.makedirs(f'{folder}/{part_}')
    for path in files:
        os.link(path, f'{folder}/cur/{os.path.basename(path)}')
    things = {
        'baosong, MIME alone': lambda: run(
            [f'{BIN}/readspeed', 'mime', '1', *files]),
        'baosong, everything': lambda: run(
            [f'{BIN}/readspeed', 'mail', '1', *files]),
        'Python email': lambda: run(
            ['/usr/bin/python3', f'{PEERS}/mime.py', *files])}
    if b.has('notmuch'):
        things['notmuch new'] = lambda: notmuch_new(folder)
    rows = side_by_side(f'MIME with decoding, {len(files)} messages',
                        b.rounds, things)
    for name, what in (('baosong, MIME alone', 'MIME with decoding'),
                       ('baosong, everything', 'all of reading a mail')):
        b.goals.at_least(f'{what} beside Python email', 7,
                         rows['Python email'], rows[name])
        if 'notmuch new' in rows:
            b.goals.at_least(f'{what} beside notmuch new', 3,
                             rows['notmuch new'], rows[name])


# ---- receipts ----

def send(b, port, count, mail):
    folder = f'{DATA}/sending'
    config = b.office(folder, outgoing=f'smtp://127.0.0.1:{port}',
                      replies=1000000)
    return run([f'{BIN}/sendspeed', config, str(count), mail], cwd=folder)


def receipt():
    path = f'{DATA}/receipt.eml'
    with open(path, 'wb') as f:
        f.write(part([b'From: <xxk@mail.tancheng.example>',
                      b'To: <u1@tancheng.example>', b'Subject: receipt',
                      b'MIME-Version: 1.0',
                      b'Content-Type: text/plain; charset=utf-8',
                      b'Content-Transfer-Encoding: base64'],
                     base64_lines('稿件已收到，编号2019-0001。'.encode() * 40)))
    return path


def stage_receipts(b):
    if not b.has('smtp-sink', 'postfix'):
        return
    mail = receipt()

    def curl(port, count):
        return run([f'{BIN}/smtp_peer', str(port), str(count), mail])

    with s.sink() as out:
        many = b.size(1000, 20)
        rows = side_by_side(f'{many:,} receipts, no latency', b.rounds, {
            'baosong': lambda: send(b, out.port, many, mail),
            'libcurl, one connection': lambda: curl(out.port, many)})
        b.goals.at_least('receipts beside libcurl', 1,
                         rows['libcurl, one connection'], rows['baosong'])
        with s.relay(out.port, 20) as r:
            few = b.size(100, 8)
            rows = side_by_side(f'{few} receipts, 20 ms', b.rounds, {
                'baosong': lambda: send(b, r.port, few, mail),
                'libcurl, one connection': lambda: curl(r.port, few)})
    b.goals.at_most('receipts at 20 ms beside libcurl', 0.55, rows['baosong'],
                    rows['libcurl, one connection'])


# ---- arrival to receipt ----

def stage_idle(b):
    """Dovecot tells of a mail 0.5 s after it has come; a plain client that
    waits in IDLE says how long that takes here."""
    import idle
    beyond = Row('beyond the server')
    with s.servers.tempdir() as tmp, s.Dovecot(tmp) as d:
        for told, answered in idle.times(b, d, b.mails(b.rounds)):
            print(f'  the server tells after {told:.3f} s, the receipt is '
                  f'there after {answered:.3f} s')
            beyond.walls.append(answered - told)
    b.goals.add('arrival to receipt with IDLE', '< 1 s beyond the notice',
                f'{beyond.wall:.2f} s',
                f'{min(beyond.walls):.2f} .. {max(beyond.walls):.2f}',
                beyond.wall < 1)


# ---- memory ----

def large(b, n):
    """A message of about 24 MB, nearly all of it one Word file."""
    import io
    import random
    import zipfile
    out = io.BytesIO()
    r = random.Random(b.seed + n)
    with open(b.words('docx')[n % 20], 'rb') as f, \
            zipfile.ZipFile(f) as old, zipfile.ZipFile(out, 'w') as new:
        for item in old.infolist():
            new.writestr(item, old.read(item))
        new.writestr('word/media/large.bin', r.randbytes(17_000_000))
    return part([b'From: <u%03d@tancheng.example>' % n,
                 b'To: <xxk@mail.tancheng.example>',
                 b'Message-ID: <large.%d@tancheng.example>' % n,
                 f'Subject: 大稿件{n}-财政局-张敏-0539-6201001'.encode(),
                 b'MIME-Version: 1.0', b'Content-Type: application/msword; '
                 b'name="large.docx"', b'Content-Transfer-Encoding: base64'],
                base64_lines(out.getvalue()))


def stage_memory(b):
    folder = f'{DATA}/large'
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    count = b.size(12, 1)
    for n in range(count):
        with open(f'{folder}/{n:02}.eml', 'wb') as f:
            f.write(large(b, n))
    with s.servers.tempdir() as tmp, s.Dovecot(tmp) as d, s.sink() as out:
        d.load(b.mails(1000))
        d.load(sorted(f'{folder}/{n}' for n in os.listdir(folder)), 'large')
        for name, what in (('all', f'{min(b.messages, 1000)} messages'),
                           ('large', f'{count} messages of 23 MB')):
            peak = poll(b, d, out, memory=True, name=name).peak / 1024
            print(f'\nmemory of all processes, {what}: {peak:.0f} MB')
            b.goals.add(f'memory, {what}', '<= 80 MB', f'{peak:.0f} MB', '',
                        peak <= 80)
    forget_rounds()
    shutil.rmtree(folder)


# ---- growth ----

def filled(b, count):
    folder = f'{DATA}/filled-{count}'
    if not os.path.exists(f'{folder}/made'):
        config = b.office(folder)
        run([f'{BIN}/fill', config, str(count)], cwd=folder)
        with open(f'{folder}/made', 'w'):
            pass
    return folder


FEW = 10


def poll_these(b, folder, mails, name):
    """What a poll took that found these in the Maildir."""
    for path in mails:
        os.link(path, f'{folder}/in/new/{name}-{os.path.basename(path)}')
    return run([b.program, '-c', f'{folder}/baosong.yaml', '--now', NOW,
                'poll'], cwd=folder)


def stage_growth(b):
    """The same messages into a register with a thousand, and with many: what
    a poll of a hundred costs more than one of ten, so that the start of the
    program, which loads the fingerprints, is in neither.  CPU time, since what
    grows is work.  Every round has messages of its own."""
    many = b.size(int(os.environ.get('BENCH_GROWTH', '1000000')), 2000)
    each = min(200, b.messages // (b.rounds + 1)) - FEW
    small, full = Row('1,000 recorded'), Row(f'{many:,} recorded')
    folders = {row: filled(b, n) for row, n in ((small, 1000), (full, many))}
    mails = iter(b.mails())
    for n in range(b.rounds + 1):       # the first warms both up
        few = [next(mails) for _ in range(FEW)]
        more = [next(mails) for _ in range(each)]
        for row in (small, full):
            start = poll_these(b, folders[row], few, f'{n}a')
            took = poll_these(b, folders[row], more, f'{n}b')
            print(f'  {row.name}: the start and {FEW} messages '
                  f'{start.cpu:.3f} s, {each} {took.cpu:.3f} s of CPU')
            took.cpu = (took.cpu - start.cpu) / (each - FEW)
            took.wall = (took.wall - start.wall) / (each - FEW)
            if n > 0:
                row.add(took)
    for folder in folders.values():
        shutil.rmtree(folder)
    print('\na message into a register')
    for row in (small, full):
        print(row.line(small))
    b.goals.at_most(f'a message with {many:,} recorded beside 1,000, CPU',
                    1.2, full, small, cpu=True)


STAGES = {'poll': stage_poll, 'fetch': stage_fetch, 'mime': stage_mime,
          'receipts': stage_receipts, 'idle': stage_idle,
          'memory': stage_memory, 'growth': stage_growth}
