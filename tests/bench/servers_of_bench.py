"""The servers that a measurement talks to, all on 127.0.0.1: a Dovecot whose
mailboxes are filled by hard links, so that each round finds the whole mail
again; a sink for mail (Postfix's smtp-sink); and relays that add latency."""
import contextlib
import glob
import imaplib
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, f'{ROOT}/tests/flow')

import servers                                              # noqa: E402
from corpus import START                                    # noqa: E402

RELAY = f'{ROOT}/build/bench/bin/relay'


class Dovecot(servers.Dovecot):
    """Any user, password "pw".  Every mailbox is a copy of the first."""

    user, password = 'bench', 'pw'

    def make_maildir(self):
        self.filled = {}

    def path(self, user):
        return f'{self.root}/mail/{user}'

    def load(self, emls, name='all'):
        """Bring these .eml files in, as a delivery agent stores them: with
        line feeds alone, and both sizes in the name."""
        cur = f'{self.root}/mail/.{name}'
        os.makedirs(cur)
        for n, path in enumerate(emls, 1):
            with open(path, 'rb') as f:
                data = f.read()
            plain = data.replace(b'\r\n', b'\n')
            at = START + n * 60
            file = (f'{cur}/{at}.M{n:06}P1.bench,S={len(plain)},'
                    f'W={len(data)}:2,')
            with open(file, 'wb') as f:
                f.write(plain)
            os.chown(file, *self.owner)
            os.utime(file, (at, at))

    def fill(self, user, name='all'):
        """A fresh mailbox of `user` with what was loaded as `name`; Dovecot
        has looked at it once, so that its index is there."""
        self.drop(user)
        box = f'{self.path(user)}/Maildir'
        for part in ('', '/tmp', '/new'):
            os.makedirs(box + part, exist_ok=True)
        subprocess.run(['cp', '-al', f'{self.root}/mail/.{name}', f'{box}/cur'],
                       check=True)
        for path in (self.path(user), box, *glob.glob(f'{box}/*')):
            os.chown(path, *self.owner)
        with self.login(user) as c:
            c.select('INBOX', readonly=True)
            c.fetch('1:*', '(UID RFC822.SIZE INTERNALDATE)')

    def drop(self, user):
        shutil.rmtree(self.path(user), ignore_errors=True)

    @contextlib.contextmanager
    def login(self, user):
        c = imaplib.IMAP4('127.0.0.1', self.imap_port)
        c.login(user, self.password)
        try:
            yield c
        finally:
            with contextlib.suppress(Exception):
                c.logout()

    def count(self, user, folder='INBOX'):
        with self.login(user) as c:
            name = servers.modified_utf7(folder)
            return int(c.select(f'"{name}"', readonly=True)[1][0] or 0)

    def deliver_to(self, user, data):
        """One mail more, as a delivery agent does it."""
        box = f'{self.path(user)}/Maildir'
        for part in ('', '/tmp', '/new', '/cur'):
            os.makedirs(box + part, exist_ok=True)
            os.chown(box + part, *self.owner)
        os.chown(self.path(user), *self.owner)
        self.delivered += 1
        name = f'{self.delivered:09}.M1P1.bench'
        with open(f'{box}/tmp/{name}', 'wb') as f:
            f.write(data.replace(b'\r\n', b'\n'))
        os.chown(f'{box}/tmp/{name}', *self.owner)
        os.rename(f'{box}/tmp/{name}', f'{box}/new/{name}')


class Daemon:
    """A child that listens on a port."""

    def __init__(self, port, *command):
        self.port, self.command = port, command

    def __enter__(self):
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        servers.until(lambda: servers.answers(self.port), self.command[0])
        return self

    def __exit__(self, *unused):
        self.process.terminate()
        self.process.wait()


def relay(to_port, milliseconds):
    """A round trip to to_port through .port takes so much longer."""
    port = servers.free_port()
    return Daemon(port, RELAY, str(port), str(to_port), str(milliseconds))


def sink():
    """Takes every mail and keeps none."""
    port = servers.free_port()
    user = ['-u', 'nobody'] if os.geteuid() == 0 else []
    return Daemon(port, '/usr/sbin/smtp-sink', *user, f'127.0.0.1:{port}',
                  '128')
