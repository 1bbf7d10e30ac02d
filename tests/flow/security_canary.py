#!/usr/bin/python3
"""涉密 (promise 7): fifty mails with a marking and words that occur nowhere
else; then everything we wrote, sent or still hold is searched for the words,
also after the program was killed and the disk failed."""
import contextlib
import glob
import os
import random
import re
import shutil
import subprocess
import time

from canary import Canary, codes, mails, traces
from fake_imap import FakeImap
from fake_smtp import FakeSmtp
from fakes import Fakes
from mails import UNIT, docx, draft, mail
from memory import memory_of, processes_of
from office import ROOT, STAFF, Office, instant, parse, text_of, tree
from servers import tempdir, until
from tap import Skip, equal, finish, test, true

# LeakSanitizer and strace are both tracers
UNTRACED = dict(os.environ, ASAN_OPTIONS='detect_leaks=0')
EVERY = 'CANARY' in os.environ      # CANARY=all: every step, minutes
SANITIZED = os.environ.get('VARIANT') == 'san'
AT = '2019-03-05 09:00'
SHIM = f'{ROOT}/build/tests/shim.so'
PLAIN = '-县财政局-张敏-0539-6201001'


class Served(Fakes):
    def said(self):
        """All that the servers ever heard from us."""
        return '\n'.join(self.imap.log + self.smtp.log).encode() + \
            b''.join(self.smtp.raw)


@contextlib.contextmanager
def fakes(more=''):
    with tempdir() as tmp, FakeImap() as imap, FakeSmtp() as smtp:
        imap.office_folders()
        o = Served(tmp, imap, smtp)
        o.use(f'replies-per-day: 1000\n{more}')
        o.set_up()
        yield o


@contextlib.contextmanager
def maildir(more='replies-per-day: 1000\n'):
    with tempdir() as tmp:
        o = Office(tmp, more=more)
        o.set_up()
        yield o


def verdicts(o):
    return [v for v, in o.rows('SELECT verdict FROM message')]


def leaks(o, words, *others):
    """Where any of the words is found, but for the mailbox itself."""
    out = [(f'output {n}', found) for n, data in enumerate(others)
           if (found := traces(data, words, deep=False))]
    for path, data in tree(o.folder).items():
        if path.startswith(o.mailbox):
            continue
        found = traces(path.encode() + b'\n' + data, words)
        if found:
            out.append((path, found))
    return out


def after(o):
    """Everything that shows what the register holds."""
    said = []
    for command in (['held'], ['held', '--json'], ['list', '2019'],
                    ['status', '--json'], ['check'],
                    ['backup', f'{o.folder}/copy.db'],
                    ['desk', '台账', '2019-03'], ['desk', '帮助'],
                    ['ledger', '2019-03', '-o', f'{o.folder}/ledger.xlsx'],
                    ['bulletin', '2019-03', '-o', f'{o.folder}/b.xlsx'],
                    ['desk', '确认涉密', '待-1'], ['scores', '2019-03']):
        r = o.run('-v', *command)
        said.append((r.out + r.err).encode())
    return b''.join(said)


# ---- the search itself ----

@test('what is looked for is found where it is')
def _():
    c = Canary(random.Random(7))
    for code in codes(c.chinese):
        equal(traces(b'..' + code + b'..', c.words), [c.chinese])
    equal(traces(docx(f'甲{c}乙'), c.words), c.words)
    equal(traces(b'x' * 1000, c.words), [])
    with maildir() as o:
        o.deliver(draft(f'{c.chinese}进展{PLAIN}', f'增长1%。{c}'), AT)
        o.poll()
        true(len(leaks(o, [c.latin])) > 0)
        true(len(leaks(o, [c.chinese])) > 1)


# ---- one round through real bytes ----

@test('P9 fifty markings by IMAP and SMTP: nothing of them is kept or said')
def _():
    with fakes() as o:
        found, words = mails(1)
        true(len(found) >= 50)
        for n, data in enumerate(found.values()):
            o.imap.inbox.add(data, instant(AT) + n)
        r = o.must('-v', 'poll')
        equal(set(verdicts(o)), {'quarantined'})
        again = o.must('-v', 'poll')
        said = after(o)
        equal(leaks(o, words, r.out.encode() + r.err.encode(), again.err.encode(),
                    said, o.said()), [])
        # left where it is: nothing moved, copied, marked or deleted
        equal(len(o.imap.inbox.messages), len(found))
        equal([m.flags - {'\\Recent'} for m in o.imap.inbox.messages],
              [set()] * len(found))
        for word in ('COPY', 'MOVE', 'STORE', 'EXPUNGE', 'APPEND'):
            equal(o.imap.sent(word), [])


@test('P9 the letters: neutral to the sender, without content to the officers')
def _():
    with fakes() as o:
        for n, data in enumerate(mails(2)[0].values()):
            o.imap.inbox.add(data, instant(AT) + n)
        o.poll()
        letters = [parse(data) for data in o.smtp.raw]
        to_sender = [m for m in letters if m['To'] == UNIT]
        to_staff = [m for m in letters if m['To'] == STAFF and
                    m['Auto-Submitted'] == 'auto-generated']
        true(len(to_sender) > 40)
        equal(len({m['Subject'] for m in to_sender}), 1)
        equal(len({text_of(m) for m in to_sender}), 1)
        equal({(m['In-Reply-To'], m['References']) for m in to_sender},
              {(None, None)})
        equal(len(to_staff), len(o.imap.inbox.messages))
        for m in to_staff:
            true(re.search('待-[0-9]+', text_of(m)))
            true('机密' not in text_of(m) + m['Subject'], text_of(m))


@test('P9 no file is opened for writing but the register and what is sent')
def _():
    with maildir() as o:
        found, words = mails(3)
        for n, data in enumerate(found.values()):
            o.deliver(data, AT, f'secret-{n}')
        log = f'{o.folder}/opened'
        p = subprocess.run(
            ['strace', '-f', '-qq', '-o', log, '-e',
             'trace=openat,open,creat,rename,renameat2,linkat,symlinkat,'
             'memfd_create', *o.command('-v', 'poll')],
            cwd=o.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=UNTRACED)
        equal(p.returncode, 0)
        with open(log, encoding='utf-8', errors='replace') as f:
            lines = f.read().splitlines()
        opened = {m.group(1) for line in lines
                  if re.search('O_WRONLY|O_RDWR|O_CREAT', line) and
                  '= -1' not in line and (m := re.search('"([^"]*)"', line))}
        own = [p for p in opened if os.path.basename(p).startswith(
            ('register.db', 'lock', '.lock'))]
        true(own, opened)
        for path in opened - set(own):
            whole = os.path.join(o.folder, path)
            true(whole.startswith((o.data, o.outgoing)) or
                 whole == '/dev/null' or
                 os.path.basename(whole) == 'maildirfolder', path)
        equal(leaks(o, words, p.stdout, p.stderr), [])


# ---- what is left in memory ----

def left_in_memory(found, words, env, which):
    """Of a program that has read them all, and now waits for more."""
    if SANITIZED:
        raise Skip('ASan keeps what was freed')
    with fakes('poll-interval: 600 s\nanswer-since: 2000-01-01\n') as o:
        p = subprocess.Popen(o.command('-v', 'run', now=None), cwd=o.folder,
                             env=dict(os.environ, **env),
                             stderr=subprocess.DEVNULL)
        try:
            for data in found.values():
                o.imap.inbox.add(data, instant(AT))
            until(lambda: len(o.smtp.raw) > len(found), 'the letters', 60)
            time.sleep(1)
            return [(pid, region, w) for pid in which(p.pid)
                    for region, data in memory_of(pid)
                    if (w := traces(data, words, deep=False))]
        finally:
            p.terminate()
            p.wait()


@test('P9 after a round nothing of them is in the memory of the program')
def _():
    found, words = mails(4)
    equal(left_in_memory(found, words, {}, processes_of), [])


@test('P9 nor in what it has freed, which is kept here as it was')
def _():
    found, words = mails(4)
    found.pop('Received and proof')     # docs/security.md: what remains
    few = {place: data for n, (place, data) in enumerate(found.items())
           if n % 6 == 1}
    words = [w for data in few.values() for w in traces(data, words)]
    equal(left_in_memory(few, words, {'LD_PRELOAD': SHIM, 'FAULT_KEEP': '1'},
                         lambda pid: [pid]), [])


# ---- killed, and with a disk that fails ----

def strace(o, inject, *arguments):
    p = subprocess.run(
        ['strace', '-f', '-qq', '-o', '/dev/null', '-e', 'signal=none',
         '-e', f'inject={inject}', *o.command(*arguments)], cwd=o.folder,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120,
        env=UNTRACED)
    return p.stdout + p.stderr


CALLS = 'write,pwrite64,fsync,fdatasync,rename,renameat2,unlink,sendto,' \
        'sendmsg,ftruncate'


def under(faults):
    """Each fault in a round of its own over the same mailbox, then a round
    without: no words anywhere, and every mail is known as what it is, or
    (when its reader died three times) as unread."""
    with maildir() as o:
        found, words = mails(5)
        chosen = [d for n, d in enumerate(found.values()) if n % 4 == 1]
        for n, data in enumerate(chosen):
            o.deliver(data, AT, f'secret-{n}')
        said = b''
        for fault in faults:
            said += strace(o, fault, '-v', 'poll')
            equal((fault, leaks(o, words, said)), (fault, []))
        for _ in range(3):
            r = o.run('-v', 'poll')
        equal(r.code, 0, str(r))
        equal(leaks(o, words, said, after(o)), [])
        equal(len(verdicts(o)), len(chosen))
        true(set(verdicts(o)) <= {'quarantined', 'held'})
        true('quarantined' in verdicts(o))


@test('P9 killed at system calls, the readers too')
def _():
    steps = range(1, 80) if EVERY else (2, 13)
    under([f'{CALLS}:signal=KILL:when={n}' for n in steps])


@test('P9 the disk is full, or fails, in the middle')
def _():
    steps = range(1, 60) if EVERY else (5,)
    under([f'pwrite64:error={error}:when={n}+'
           for error in ('ENOSPC', 'EIO') for n in steps] +
          ['fsync,fdatasync:error=EIO:when=2'])


# ---- known again, released, confirmed ----

@test('P9 known again by receipt, size and sender, under new numbers too')
def _():
    with fakes() as o:
        found, words = mails(6)
        for n, data in enumerate(list(found.values())[:12]):
            o.imap.inbox.add(data, instant(AT) + n)
        o.poll()
        sent = len(o.smtp.raw)
        old = o.imap.inbox.messages
        o.imap.folders['INBOX'] = type(o.imap.inbox)(99)
        for m in reversed(old):
            o.imap.inbox.add(m.data, m.received)
        o.poll()
        equal(len(verdicts(o)), 12)
        equal(len([d for d in o.smtp.raw[sent:] if
                   parse(d)['To'] != STAFF]), 0)
        equal(leaks(o, words, o.said()), [])


@test('解除隔离 takes in what was a false alarm, 确认涉密 closes what was none')
def _():
    with fakes() as o:
        found, words = mails(7)
        good = draft(f'机密★1年纪念展开幕{PLAIN}', '增长1.2%。')
        o.imap.inbox.add(good, instant(AT))
        o.imap.inbox.add(found['body'], instant(AT))
        o.poll()
        equal(verdicts(o), ['quarantined'] * 2)
        first, second = [m['handle'] for m in o.json('held')]
        o.must('desk', '解除隔离', first)
        o.must('desk', '确认涉密', second)
        o.poll()
        equal(verdicts(o), ['accepted', 'quarantined'])
        equal(o.json('held'), [])
        equal(len(o.imap.inbox.messages), 1)
        equal(len(o.imap.folder('已受理').messages), 1)
        equal(leaks(o, words, o.said()), [])


def drag_back(o, folder='已受理'):
    """What a colleague does with the mouse; its time of receipt stays."""
    m = o.imap.folder(folder).messages.pop()
    o.imap.inbox.add(m.data, m.received)


@contextlib.contextmanager
def released(title, text='增长1.2%。'):
    """A marked mail that was let in."""
    with fakes() as o:
        o.imap.inbox.add(draft(title, text), instant(AT))
        o.poll()
        o.must('desk', '解除隔离', '待-1')
        o.poll()
        yield o


def told(o):
    """(whom, of what form) behind the letters of the marking's alarm."""
    letters = [(m['To'], m['Subject'].split('：')[0].split(' ')[-1])
               for m in map(parse, o.smtp.raw)]
    equal(letters[:2], [(UNIT, '关于您发来邮件的提示'),
                        (STAFF, '疑似涉密邮件，请按保密规定处置')])
    return letters[2:]


@test('the outcome of what was released is told: to the sender once, or to staff')
def _():
    for title, letters in (
            (f'机密★1年纪念展开幕{PLAIN}', [(UNIT, '已受理')]),
            ('机密★1年纪念展开幕-县财政局-张敏', [(UNIT, '退回补正')]),
            ('机密★1年纪念展开幕-县才政局-张敏-0539-6201001',
             [(STAFF, '待处理')])):
        with released(title) as o:
            o.poll()
            equal(told(o), letters)


@test('a released mail held at first: its sender hears what staff decide')
def _():
    with released('机密★1年纪念展开幕-县才政局-张敏-0539-6201001') as o:
        o.must('desk', '退回', '待-1', '请写明单位')
        o.poll()
        equal(told(o), [(STAFF, '待处理'), (UNIT, '退回补正')])


@test('a released mail is answered once although the program is killed')
def _():
    for at in range(1, 40, 2):
        with fakes() as o:
            o.imap.inbox.add(draft('机密★1年纪念展开幕-县财政局-张敏'),
                             instant(AT))
            o.poll()
            o.must('desk', '解除隔离', '待-1')
            o.run('poll', env={'BAOSONG_CRASH_AT': str(at)})
            o.poll()
            ids = {m['Message-ID'] for m in map(parse, o.smtp.raw)
                   if m['To'] == UNIT}
            equal((verdicts(o), len(ids)), (['returned'], 2))


@test('a released mail put back is known: no new row, no alarm, its folder')
def _():
    with released(f'机密★1年纪念展开幕{PLAIN}') as o:
        sent = len(o.smtp.raw)
        for _ in range(2):
            drag_back(o)
            o.poll()
            equal((verdicts(o), o.places()), (['accepted'], {'已受理': 1}))
        equal(len(o.smtp.raw), sent)
        # the same in all that is compared, but for its second
        o.imap.inbox.add(draft(f'机密★1年纪念展开幕{PLAIN}'), instant(AT) + 1)
        o.poll()
        equal(verdicts(o), ['accepted', 'quarantined'])


@test('a released mail that was returned is judged anew when it is put back')
def _():
    with released('机密★1年纪念展开幕-县财政局-张敏') as o:
        equal((verdicts(o), o.places()), (['returned'], {'已退回': 1}))
        sent = len(o.smtp.raw)
        drag_back(o, '已退回')
        o.poll()
        o.poll()
        equal((verdicts(o), o.places()), (['returned'], {'已退回': 1}))
        equal(o.rows("SELECT count(*) FROM history WHERE what = 'decide'"),
              [(2,)])
        equal(len(o.smtp.raw), sent)


@test('a released mail put back in a Maildir is known by its name')
def _():
    with maildir() as o:
        o.deliver(draft(f'机密★1年纪念展开幕{PLAIN}'), AT, 'mail')
        o.poll()
        o.must('desk', '解除隔离', '待-1')
        o.poll()
        o.put_back('mail')
        o.poll()
        equal((verdicts(o), o.folder_of('mail')), (['accepted'], ['已受理']))


# ---- 清除 ----

@test('清除: rows, free pages, log, view, bulletin; and what it cannot reach')
def _():
    c = Canary(random.Random(9))
    with maildir() as o:
        other = mail('得分', '2019-03', sender=STAFF)
        o.deliver(draft(f'{c.chinese}情况{PLAIN}', f'增长1%。{c}',
                        sender=f'"{c.latin}" <{UNIT}>'), AT, 'late')
        o.deliver(other, AT, 'other')
        o.poll()
        o.must('desk', '标注', '2019-0001', '普刊', '2019-03-12')
        o.must('desk', '改', '2019-0001', f'标题={c}又一题')
        o.must('backup', f'{o.folder}/backup.db')
        o.must('bulletin', '2019-03', '--publish', '-o',
               f'{o.data}/2019-03.xlsx', now='2019-04-01 09:00')
        o.poll(now='2019-04-01 09:10')
        true(leaks(o, c.words))
        r = o.must('desk', '清除', '2019-0001', now='2019-04-02 09:00')
        true(UNIT in r.out, r.out)              # the receipt that went out
        true(f'{o.folder}/backup.db' in r.out, r.out)
        true('2019-03' in r.out, r.out)
        o.poll(now='2019-04-02 09:10')
        os.remove(f'{o.folder}/backup.db')
        for path in os.listdir(f'{o.outgoing}/new'):
            os.remove(f'{o.outgoing}/new/{path}')   # what was sent is sent
        for kind in ('xlsx', 'docx'):               # the user's own copies
            os.remove(f'{o.data}/2019-03.{kind}')
        r = o.run('-v', 'show', '2019-0001', now='2019-04-02 09:20')
        equal(leaks(o, c.words, (r.out + r.err).encode()), [])
        r = o.run('bulletin', '2019-03', '-o', f'{o.folder}/again.xlsx',
                  now='2019-04-02 09:20')
        equal(leaks(o, c.words, (r.out + r.err).encode()), [])


def content(o):
    """What the register says of its mails and submissions."""
    return o.rows('SELECT verdict, identity, raw_hash, message_id, subject, '
                  'title, unit FROM message'), \
        o.rows('SELECT title, state FROM submission')


GONE = ('quarantined', None, None, None, None, None, None)


@test('清除: dragged back to the inbox it is known, and neither kept nor answered')
def _():
    with fakes() as o:
        o.imap.inbox.add(draft(f'春耕备播进展顺利{PLAIN}'), instant(AT))
        o.poll()
        o.must('desk', '清除', '2019-0001')
        o.poll()
        drag_back(o)
        for _ in range(2):
            o.poll()
            equal(content(o), ([GONE], [(None, 'purged')]))
            equal(o.places(), {'INBOX': 1})
        equal([m['To'] for m in map(parse, o.smtp.raw)], [UNIT])
        o.imap.inbox.add(draft(f'麦苗长势良好{PLAIN}'), instant(AT))
        o.poll()                        # another of the same instant is new
        equal(verdicts(o), ['quarantined', 'accepted'])


@test('清除: known again on the recall after a restore of a later backup')
def _():
    with fakes() as o:
        o.imap.inbox.add(draft(f'春耕备播进展顺利{PLAIN}'),
                         instant('2019-03-05 09:50'))
        o.poll(now='2019-03-05 09:51')
        o.must('desk', '清除', '2019-0001', now='2019-03-05 10:00')
        o.poll(now='2019-03-05 10:01')
        o.must('backup', f'{o.folder}/copy.db', now='2019-03-05 10:05')
        o.imap.inbox.add(draft(f'麦苗长势良好{PLAIN}'),
                         instant('2019-03-05 10:30'))
        o.poll(now='2019-03-05 10:31')
        for path in glob.glob(f'{o.data}/register.*'):
            os.remove(path)
        shutil.copy(f'{o.folder}/copy.db', f'{o.data}/register.db')
        o.poll(now='2019-03-05 11:00')
        mails, submissions = content(o)
        equal((mails[0], len(mails)), (GONE, 2))
        equal([state for _, state in submissions], ['purged', 'recorded'])
        equal(o.places(), {'INBOX': 1, '已受理': 1})


@test('清除 of a number: its duplicates and returned attempts, short titles too')
def _():
    for title in ('某镇暗线', '沙湾镇涉密工程进展情况'):
        with maildir() as o:
            good = draft(f'{title}{PLAIN}')
            other = draft(f'{title}-县税务局-李华', sender='swj@tancheng.example')
            o.deliver_all({'early': draft(f'{title}-县财政局-张敏'),
                           'other': other, 'good': good, 'twice': good})
            o.poll()
            r = o.must('desk', '清除', '2019-0001')
            true('退-1' in r.out and '重-1' in r.out, r.out)
            o.poll()
            for name in ('early', 'good', 'twice'):
                o.put_back(name)
            o.poll()
            mails, submissions = content(o)
            equal([m for m in mails if m != GONE],
                  [('returned', *mails[1][1:])])
            equal(mails[1][6], '税务局')    # another unit's own item
            equal(submissions, [(None, 'purged')])


@test('清除 of a number names the letters about its attempts, and ledgers')
def _():
    with maildir() as o:
        o.deliver(draft('某地涉密工程进展情况-县财政局-张敏',
                        sender='二股 <zm@tancheng.example>'), AT)
        o.deliver(draft(f'某地涉密工程进展情况{PLAIN}'), '2019-03-05 10:00')
        o.poll(now='2019-03-05 10:01')
        o.must('desk', '台账', '2019-03', now='2019-03-05 10:05')
        o.poll(now='2019-03-05 10:06')
        r = o.must('desk', '清除', '2019-0001')
        true(f'此前已发给{UNIT}、zm@tancheng.example的邮件' in r.out or
             f'此前已发给zm@tancheng.example、{UNIT}的邮件' in r.out, r.out)
        true(f'此前已发给{STAFF}的台账' in r.out, r.out)


@test('清除 of a 待-n: orders about it are emptied, letters about it named')
def _():
    c = Canary(random.Random(11))
    with maildir() as o:
        o.deliver(draft(f'{c.chinese}情况-县才政局-张敏-0539-6201001',
                        f'增长1%。{c}'), AT)
        o.poll()
        o.must('desk', '重办', '待-1')
        refused = [o.run('desk', '受理', handle, f'标题={c.latin}', '单位=无此')
                   for handle in ('待-1', '待１')]
        equal([r.code == 0 for r in refused], [False] * 2)
        o.run('desk', '退回', '待-12', '另一件')
        o.must('desk', '退回', '待-1', f'{c.latin}有误')
        o.poll()
        true(leaks(o, c.words))
        r = o.must('desk', '清除', '待-1')
        true(UNIT in r.out and STAFF in r.out, r.out)
        o.poll()
        for path in glob.glob(f'{o.outgoing}/new/*'):
            os.remove(path)                     # what was sent is sent
        equal(leaks(o, c.words), [])
        equal(o.rows("SELECT text FROM command WHERE text LIKE '%待%'"),
              [('退回 待-12 另一件\n',), ('清除 待-1\n',)])


@test('清除 and 确认涉密 call off a 解除隔离 that was not yet carried out')
def _():
    for orders in (('清除', '待-1'), ('确认涉密', '待-1')):
        with fakes() as o:
            o.imap.inbox.add(draft(f'机密★1年纪念展开幕{PLAIN}'), instant(AT))
            o.poll()
            o.must('desk', '解除隔离', '待-1')
            o.must('desk', *orders)
            o.poll()
            equal(content(o), ([GONE], []))
            equal(o.places(), {'INBOX': 1})


finish()
