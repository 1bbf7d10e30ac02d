"""An office of its own for a test: configuration, mailbox, outgoing Maildir
and data in one temporary folder; the program is run from outside.

    o = Office(folder)
    o.deliver(draft('标题-县财政局-张三-6201001'), '2019-03-05 09:12')
    o.poll(now='2019-03-20 17:00')
    o.sent()            # the mails that went out, parsed
    o.where()           # {'': [names in the inbox], '已受理': [names], ...}
    o.json('list')
"""
import contextlib
import email
import email.parser
import email.policy
import glob
import json
import os
import shutil
import sqlite3
import subprocess
from datetime import datetime

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
PROGRAM = f'{ROOT}/build/{os.environ.get("VARIANT", "release")}/baosong'
DEMO = f'{ROOT}/tests/demo'
ADDRESS = 'xxk@mail.tancheng.example'
STAFF = 'wangfang@mail.tancheng.example'
SET_UP = '2019-03-01 09:00'
NOW = '2019-03-20 17:00'
GUARD = 120         # seconds; only against hanging

# What differs from run to run and says nothing: salts and what is made of
# them, how often it was looked, numbers that a Maildir does not keep.
PASSING = {
    'history': ('words_hash', 'hash'),
    'history_words': ('salt',),
    'mail': ('mail_id', 'data'),
    'place': ('uid',),
    'mailbox': ('highest_uid',),
    'status': ('last_success', 'last_try'),
    'poll': None,
}


HEADERS = email.parser.BytesHeaderParser()


def instant(text):
    """Seconds of '2019-03-05 09:12' by the office's clock."""
    return int(datetime.fromisoformat(iso(text)).timestamp())


def iso(text):
    if '+' in text:
        return text
    return text.replace(' ', 'T') + (':00' if text.count(':') == 1 else '') \
        + '+08:00'


def parse(data):
    return email.message_from_bytes(data, policy=email.policy.default)


def text_of(message):
    return message.get_body(('plain',)).get_content()


def written(register):
    """{Message-ID: number}, in the order in which letters were written: their
    names, and so those of the files, are drawn by lot."""
    with contextlib.closing(sqlite3.connect(f'file:{register}?mode=ro',
                                            uri=True)) as db:
        return dict(db.execute('SELECT mail_id, id FROM mail'))


class Result:
    def __init__(self, process):
        self.code = process.returncode
        self.out = process.stdout.decode()
        self.err = process.stderr.decode()

    def __str__(self):
        return f'status {self.code}\n{self.out}{self.err}'


class Office:
    def __init__(self, folder, program=PROGRAM, more='', mailbox=None,
                 outgoing=None):
        self.folder, self.program = folder, program
        self.mailbox = f'{folder}/mailbox'
        self.outgoing = f'{folder}/outgoing'
        self.data = f'{folder}/data'
        self.config = f'{folder}/baosong.yaml'
        self.delivered = 0
        if os.path.exists(self.config):
            return
        for box in (self.mailbox, self.outgoing):
            for part in ('new', 'cur', 'tmp'):
                os.makedirs(f'{box}/{part}')
        self.configure(more, mailbox, outgoing)

    def configure(self, more='', mailbox=None, outgoing=None,
                  rules='tancheng-2019'):
        quiet = '' if 'ledger-at:' in more else 'ledger-at: never\n'
        with open(self.config, 'w', encoding='utf-8') as f:
            f.write(f'office: 郯城县人民政府办公室信息科\n'
                    f'rules: {rules}\n'
                    f'mailbox: {mailbox or "maildir:mailbox"}\n'
                    f'outgoing: {outgoing or "maildir:outgoing"}\n'
                    f'address: {ADDRESS}\nphone: 0539-6106766\ndata: data\n'
                    f'trusted-authserv: [mail.tancheng.example]\n'
                    f'own-hosts: [mail.tancheng.example]\n'
                    f'staff:\n  - {{name: 王芳, address: {STAFF}}}\n{more}'
                    f'{quiet}')

    def own_rules(self, more='', roster=lambda text: text):
        """The pack as a copy of the office's own, whose roster is changed."""
        rules = f'{self.folder}/rules'
        shutil.copytree(f'{ROOT}/mailrules/tancheng-2019', rules,
                        dirs_exist_ok=True)
        with open(f'{rules}/roster.yaml', encoding='utf-8') as f:
            text = f.read()
        with open(f'{rules}/roster.yaml', 'w', encoding='utf-8') as f:
            f.write(roster(text))
        self.configure(more, rules='rules')

    # ---- running ----

    def command(self, *arguments, now=NOW):
        clock = ['--now', iso(now)] if now else []
        return [self.program, '-c', self.config, *clock, *arguments]

    def run(self, *arguments, now=NOW, env=None, stdin=None):
        return Result(subprocess.run(
            self.command(*arguments, now=now), cwd=self.folder,
            env=dict(os.environ, LC_ALL='C.UTF-8', **(env or {})),
            input=stdin.encode() if stdin else b'', timeout=GUARD,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE))

    def must(self, *arguments, **how):
        r = self.run(*arguments, **how)
        if r.code != 0:
            raise AssertionError(f'{" ".join(arguments)}: {r}')
        return r

    def poll(self, **how):
        return self.must('poll', **how)

    def set_up(self):
        """The first look, at an empty mailbox, before the first mail came."""
        self.poll(now=SET_UP)

    def json(self, *arguments, **how):
        command, *rest = arguments
        return json.loads(self.must(command, '--json', *rest, **how).out)

    def replay(self, *files):
        lines = self.must('replay', '--json', *files).out.splitlines()
        return [json.loads(line) for line in lines]

    # ---- mails ----

    def deliver(self, data, at=None, name=None):
        """As a delivery agent does; `at` is the time of receipt."""
        self.delivered += 1
        name = name or f'{self.delivered:04}.test'
        path = f'{self.mailbox}/new/{name}'
        with open(path, 'wb') as f:
            f.write(data)
        if at:
            os.utime(path, (instant(at), instant(at)))
        return name

    def deliver_all(self, mails, at='2019-03-05 09:00'):
        """{name: mail}, a second after another."""
        for n, (name, data) in enumerate(mails.items()):
            self.deliver(data, at, name)
            when = instant(at) + n
            os.utime(f'{self.mailbox}/new/{name}', (when, when))

    def deliver_demo(self):
        for name, at in demo_times():
            with open(f'{DEMO}/mail/{name}', 'rb') as f:
                self.deliver(f.read(), at, name.removesuffix('.eml'))

    def folders(self):
        found = glob.glob(f'{glob.escape(self.mailbox)}/.*/')
        return [''] + sorted(os.path.basename(os.path.dirname(p))[1:]
                             for p in found)

    def where(self):
        """{folder: [unique names]}; the inbox is ''."""
        out = {}
        for folder in self.folders():
            base = self.mailbox + (f'/.{folder}' if folder else '')
            names = [n for part in ('new', 'cur')
                     for n in os.listdir(f'{base}/{part}')]
            out[folder] = sorted(n.split(':')[0] for n in names)
        return out

    def folder_of(self, name):
        return [f for f, names in self.where().items() if name in names]

    def path_of(self, name):
        for part in ('', *(f'.{f}' for f in self.folders() if f)):
            for sub in ('new', 'cur'):
                for path in glob.glob(
                        glob.escape(f'{self.mailbox}/{part}/{sub}/{name}')
                        + '*'):
                    return path
        return None

    def put_back(self, name):
        """What staff do with the mouse: drag a mail back to the inbox."""
        path = self.path_of(name)
        os.rename(path, f'{self.mailbox}/cur/{os.path.basename(path)}')

    def outgoing_bytes(self):
        """{Message-ID: [bytes of each copy]}"""
        out = {}
        for path in sorted(glob.glob(f'{self.outgoing}/new/*')):
            with open(path, 'rb') as f:
                data = f.read()
            head = HEADERS.parsebytes(data)
            out.setdefault(head['Message-ID'], []).append(data)
        return out

    def sent(self, to=None):
        """Mails that went out, in the order in which they were written."""
        order = written(f'{self.data}/register.db')
        mails = [parse(copy) for copies in self.outgoing_bytes().values()
                 for copy in copies]
        mails.sort(key=lambda m: order.get(m['Message-ID'], 0))
        return [m for m in mails if to is None or m['To'] == to]

    # ---- the register ----

    def register(self):
        db = sqlite3.connect(f'file:{self.data}/register.db?mode=ro', uri=True)
        return contextlib.closing(db)

    def rows(self, sql, *values):
        with self.register() as db:
            return db.execute(sql, values).fetchall()

    def dump(self):
        """{table: rows}, without what passes; {} before there is one."""
        out = {}
        if not os.path.exists(f'{self.data}/register.db'):
            return out
        with self.register() as db:
            names = [r[0] for r in db.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table' "
                "AND name NOT LIKE 'sqlite_%' ORDER BY name")]
            for table in names:
                passing = PASSING.get(table, ())
                if passing is None:
                    continue
                columns = [r[1] for r in
                           db.execute(f'PRAGMA table_info({table})')
                           if r[1] not in passing]
                out[table] = sorted(db.execute(
                    f'SELECT {", ".join(columns)} FROM {table}'), key=repr)
        return out


def demo_times():
    with open(f'{DEMO}/times.tsv', encoding='utf-8') as f:
        return [line.rstrip('\n').split('\t') for line in f]


def tree(*folders):
    """{path: content} of everything below, to see whether it was touched."""
    out = {}
    for folder in folders:
        for base, dirs, files in os.walk(folder):
            for name in dirs:
                out[f'{base}/{name}/'] = b''
            for name in files:
                with open(f'{base}/{name}', 'rb') as f:
                    out[f'{base}/{name}'] = f.read()
    return out
