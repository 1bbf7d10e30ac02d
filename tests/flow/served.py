"""An office whose mailbox is a Dovecot and whose way out a Postfix, both
private and shared by the tests of one program.

    with office() as o:         # skipped where the servers are missing
        o.arrive(draft(...), '2019-03-05 09:12')
        o.poll()
        o.letters(1)
    ...
    Servers.stop()
"""
import contextlib
import glob
import os
import subprocess
import time

from office import DEMO, Office, demo_times, instant, parse
from servers import Dovecot, Postfix, missing, tempdir, until
from tap import Skip, true

FOLDERS = ('已受理', '已退回', '已忽略', '待处理')


class Servers:
    """One Dovecot and one Postfix for all tests; every test has its own user
    and an empty box."""
    stack, dovecot, postfix, users = None, None, None, 0

    @classmethod
    def start(cls):
        absent = missing('dovecot', 'postfix', 'openssl')
        if absent:
            raise Skip(f'{absent} is not installed')
        if os.geteuid() != 0:
            raise Skip('a private Postfix needs root')
        if cls.stack is None:
            cls.stack = contextlib.ExitStack()
            cls.tmp = cls.stack.enter_context(tempdir())
            cls.dovecot = cls.stack.enter_context(Dovecot(cls.tmp))
            cls.postfix = cls.stack.enter_context(
                Postfix(cls.tmp, auth=cls.dovecot))
        return cls.dovecot, cls.postfix

    @classmethod
    def stop(cls):
        if cls.stack:
            cls.stack.close()


class Mailbox(Office):
    """An office whose mail lies on the servers."""

    def __init__(self, folder, d, p, more='', starttls=False):
        self.dovecot, self.postfix = d, p
        super().__init__(folder)
        self.write_password('password', d.password)
        self.setting = (f'tls-ca: {d.ca}\npassword-file: password\n' + more)
        self.url = d.starttls_url if starttls else d.url
        self.way_out = (f'smtp://{p.user}@localhost:{p.port}' if starttls else
                        f'smtps://{p.user}@localhost:{p.submissions_port}')
        self.use(self.setting)

    def use(self, more):
        self.configure(more, self.url, self.way_out)

    def write_password(self, name, password):
        path = f'{self.folder}/{name}'
        with open(path, 'w', encoding='ascii') as f:
            f.write(password + '\n')
        os.chmod(path, 0o600)

    def arrive(self, data, at=None):
        self.dovecot.deliver(data, instant(at) if at else None)

    def arrivals(self):
        for name, at in demo_times():
            with open(f'{DEMO}/mail/{name}', 'rb') as f:
                self.arrive(f.read(), at)

    def held_mail(self, folder='INBOX'):
        return self.dovecot.messages(folder)

    def counts(self):
        return [len(self.held_mail(f)) for f in ('INBOX', *FOLDERS)]

    def letters(self, at_least, to=None):
        """What Postfix has delivered, once there is so much of it."""
        def those():
            all_ = [parse(m) for m in self.postfix.messages()]
            return [m for m in all_ if to is None or m['To'] == to]
        until(lambda: len(those()) >= at_least, f'{at_least} letters')
        return those()

    @contextlib.contextmanager
    def running(self):
        p = subprocess.Popen(self.command('run', now=None), cwd=self.folder,
                             stderr=subprocess.PIPE)
        try:
            true(b'started' in p.stderr.readline())
            yield p
        finally:
            p.kill()
            p.wait()
            p.stderr.close()

    def renumber(self):
        """The server is rebuilt: another UIDVALIDITY, new uids."""
        self.dovecot.stop()
        for path in glob.glob(f'{self.dovecot.maildir}/dovecot*'):
            os.remove(path)
        time.sleep(1.1)     # a validity is a number of seconds
        self.dovecot.start()


@contextlib.contextmanager
def office(set_up=True, **how):
    d, p = Servers.start()
    Servers.users += 1
    d.user = f'office{Servers.users}@mail.example.gov.cn'
    d.make_maildir()
    for path in glob.glob(f'{p.maildir}/new/*'):
        os.remove(path)
    with tempdir() as tmp:
        o = Mailbox(tmp, d, p, **how)
        if set_up:
            o.set_up()
        yield o
