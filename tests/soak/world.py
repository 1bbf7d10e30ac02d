"""The world of a soak: a Dovecot and a Postfix behind lines that break, units
that write, a colleague with the same mailbox open, and the program."""
import contextlib
import glob
import os
import random
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, f'{os.path.dirname(HERE)}/flow')

from mails import docx, draft, mail                             # noqa: E402
from office import Office                                       # noqa: E402
from relay import Plan, Relay                                   # noqa: E402
from servers import Dovecot, Postfix, modified_utf7, until      # noqa: E402

FOLDERS = ('INBOX', '已受理', '已退回', '已忽略', '待处理')
TAKEN = '已办'          # where a colleague puts what he deals with himself
TITLES = ('春耕备播进展顺利', '减税降费政策落地', '物价总体平稳', '水库除险加固',
          '城乡低保提标', '节日市场供应')
UNITS = ('财政局', '商务局', '人社局', '发改局', '民政局')

# What the n-th mail is, by n modulo 20, and its verdict.
KINDS = (*('accepted',) * 13, *('returned',) * 3, *('ignored',) * 2,
         *('held',) * 2)


def verdict_of(n):
    return KINDS[n % len(KINDS)]


def mail_of(n):
    """Every mail has a sender of its own, and its number in its id."""
    kind = verdict_of(n)
    subject = (f'第{n}期{TITLES[n % 6]}-县{UNITS[n % len(UNITS)]}-张敏'
               '-0539-6201001')
    how = {'sender': f'u{n}@tancheng.example',
           'message_id': f'<soak.{n}@tancheng.example>'}
    if kind == 'returned':
        return mail(subject, '稿件忘了附上。', **how)
    if kind == 'ignored':
        return mail(subject, '外出。', headers=[('Auto-Submitted',
                                               'auto-replied')], **how)
    if kind == 'held':          # some bytes were lost on the way
        data = docx(f'第{n}期。')
        half = len(data) // 2
        return mail(subject, files=[('稿件.docx', data[:half]
                                     + data[half + 40:])], **how)
    return draft(subject, f'第{n}期：拨付资金{n}.{n % 10}亿元，惠及{n * 7}户。', **how)


class World:
    """Everything that must be closed again is in `stack`."""

    def __init__(self, folder, program, connections, stack):
        self.connections = connections
        self.dovecot = stack.enter_context(Dovecot(folder))
        self.postfix = stack.enter_context(
            Postfix(folder, auth=self.dovecot))
        self.way_in = stack.enter_context(Relay(self.dovecot.imaps_port))
        self.way_out = stack.enter_context(
            Relay(self.postfix.submissions_port))
        self.office = Office(folder, program)
        self.configure(folder)
        self.office.poll(now=None)
        self.process = None
        self.moved = 0      # mails that the colleague moved, or tried to
        self.log = stack.enter_context(open(f'{folder}/log', 'wb'))
        stack.callback(self.stop, signal.SIGKILL)

    def configure(self, folder):
        with open(f'{folder}/password', 'w', encoding='ascii') as f:
            f.write(self.dovecot.password)
        os.chmod(f'{folder}/password', 0o600)
        self.office.configure(
            f'password-file: password\ntls-ca: {self.dovecot.ca}\n'
            'poll-interval: 5 s\nreplies-per-day: 1000\n'
            'replies-per-hour: 1000000\ndisk-floor: 1 MB\n'
            f'outgoing-connections: {self.connections}\n',
            f'imaps://{self.dovecot.user}@localhost:{self.way_in.port}/INBOX',
            f'smtps://{self.postfix.user}@localhost:{self.way_out.port}')

    # ---- the program ----

    def start(self):
        self.process = subprocess.Popen(
            self.office.command('run', now=None), cwd=self.office.folder,
            stdout=subprocess.DEVNULL, stderr=self.log)

    def stop(self, how):
        if self.process:
            self.process.send_signal(how)
            code = self.process.wait(30)
            self.process = None
            return code
        return None

    def is_alive(self):
        return self.process and self.process.poll() is None

    # ---- the server ----

    def renumber(self):
        self.dovecot.stop()
        for path in glob.glob(f'{self.dovecot.maildir}/dovecot*'):
            os.remove(path)
        time.sleep(1.1)     # a validity is a number of seconds
        self.dovecot.start()

    def ids_in(self, folder):
        """The Message-IDs of a folder's mails."""
        try:
            parts = self.dovecot.fetch(
                folder, '(BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])')
        except KeyError:
            return []
        return [p[1].split(b':', 1)[1].strip().decode()
                for p in parts if isinstance(p, tuple)]

    def waiting(self):
        """How many mails the inbox holds: what a colleague took away before
        it was recorded does not keep the next ones from coming."""
        return sum(len(os.listdir(f'{self.dovecot.maildir}/{part}'))
                   for part in ('new', 'cur'))

    # ---- a colleague ----

    def colleague(self, does):
        """Whether he came to the end: his session fails now and then, as
        the server does."""
        with contextlib.suppress(Exception), self.dovecot.session() as c:
            c.create(f'"{modified_utf7(TAKEN)}"')
            does(c)
            return True
        return False

    @staticmethod
    def some_of(c, folder, most):
        c.select(f'"{modified_utf7(folder)}"')
        found = c.uid('SEARCH', 'ALL')[1][0].split()
        return random.sample(found, min(most, len(found)))

    def moves(self, source, target):
        def does(c):
            for uid in self.some_of(c, source, 2):
                self.moved += 1
                c.uid('MOVE', uid, f'"{modified_utf7(target)}"')
        return self.colleague(does)

    def takes_away(self):
        return self.moves('INBOX', TAKEN)

    def puts_back(self):
        return self.moves('已受理', 'INBOX')

    def reads(self):
        def does(c):
            for uid in self.some_of(c, 'INBOX', 5):
                c.uid('STORE', uid, '+FLAGS', '(\\Seen \\Flagged)')
        return self.colleague(does)


def resources(pid):
    """(KB resident, KB resident of the largest child, descriptors)"""
    with open(f'/proc/{pid}/task/{pid}/children', encoding='ascii') as f:
        children = f.read().split()
    largest = max((resident(c) for c in children), default=0)
    return resident(pid), largest, len(os.listdir(f'/proc/{pid}/fd'))


def resident(pid):
    with contextlib.suppress(OSError), \
            open(f'/proc/{pid}/status', encoding='ascii') as f:
        for line in f:
            if line.startswith('VmRSS:'):
                return int(line.split()[1])
    return 0


__all__ = ['FOLDERS', 'TAKEN', 'Plan', 'World', 'mail_of', 'resources',
           'until', 'verdict_of']
