"""An office whose servers are fake_imap and fake_smtp."""
import contextlib
import os

from fake_imap import FakeImap
from fake_smtp import FakeSmtp
from office import Office, instant
from servers import tempdir
from tap import equal


class Fakes(Office):
    def __init__(self, folder, imap, smtp):
        super().__init__(folder)
        with open(f'{folder}/password', 'w', encoding='ascii') as f:
            f.write((imap or smtp).password)
        os.chmod(f'{folder}/password', 0o600)
        self.imap, self.smtp = imap, smtp
        self.use('')

    def use(self, more):
        self.configure(f'password-file: password\ntls: none\n{more}',
                       self.imap.url if self.imap else None,
                       self.smtp.url_with_user if self.smtp else None)

    def arrive(self, data, at='2019-03-20 09:00'):
        return self.imap.inbox.add(data, instant(at))

    def verdicts(self):
        return sorted(v for v, in self.rows('SELECT verdict FROM message'))

    def places(self):
        """{folder: how many mails}, without the empty ones"""
        found = {name: len(self.imap.folder(name).messages)
                 for name in ('INBOX', '已受理', '已退回', '已忽略', '待处理')}
        return {name: n for name, n in found.items() if n}


@contextlib.contextmanager
def by_imap():
    with tempdir() as tmp, FakeImap() as s:
        s.office_folders()
        o = Fakes(tmp, s, None)
        o.set_up()
        yield o, s
        equal(s.complaints, [])


@contextlib.contextmanager
def by_smtp():
    with tempdir() as tmp, FakeSmtp() as s:
        o = Fakes(tmp, None, s)
        o.set_up()
        yield o, s
