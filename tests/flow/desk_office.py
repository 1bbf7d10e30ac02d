"""An office on Maildirs, worked from outside: mail in, mail out, poll.

    o = Office(trusted=True)
    o.mail('hp@x.example', '主题', '正文', at='2019-03-05 09:12', draft='稿件')
    o.poll('2019-03-05 09:15')      # all letters it sent, as Letter
"""
import email
import email.policy
import io
import json
import os
import re
import shutil
import subprocess
import tempfile
import zipfile
from email.message import EmailMessage

from office import written

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BAOSONG = f'{ROOT}/build/{os.environ.get("VARIANT", "release")}/baosong'
GUARD = 120         # seconds; only against hanging
OWN = 'xxk@mail.tancheng.example'
STAFF = 'wangfang@mail.tancheng.example'
OTHER = 'lina@mail.tancheng.example'
SERVER = 'mail.tancheng.example'

CONFIG = f'''office: 郯城县人民政府办公室信息科
rules: rules
mailbox: maildir:mailbox
outgoing: maildir:outgoing
address: {OWN}
data: data
replies-per-day: 100
ledger-at: never
staff:
  - {{name: 王芳, address: {STAFF}}}
  - {{name: 李娜, address: {OTHER}}}
'''
TRUSTED = f'trusted-authserv: [{SERVER}]\nown-hosts: [{SERVER}]\n'
WORD = ('http://schemas.openxmlformats.org/wordprocessingml/2006/main')
TEXT = ('截至3月4日，全县已备足化肥2.6万吨、良种3100吨，完成春灌面积32万亩，'
        '占计划的81%。一是强化农资保障。二是强化技术服务，举办课堂27场次。')


def docx(text):
    """The bytes of the plainest Word file."""
    out = io.BytesIO()
    body = ''.join(f'<w:p><w:r><w:t>{line}</w:t></w:r></w:p>'
                   for line in text.split('\n'))
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as z:
        z.writestr('[Content_Types].xml',
                   '<?xml version="1.0"?><Types xmlns="http://schemas.openxml'
                   'formats.org/package/2006/content-types"><Default Extension'
                   '="xml" ContentType="application/xml"/><Override PartName='
                   '"/word/document.xml" ContentType="application/vnd.openxml'
                   'formats-officedocument.wordprocessingml.document.main+xml"'
                   '/></Types>')
        z.writestr('word/document.xml',
                   f'<?xml version="1.0"?><w:document xmlns:w="{WORD}">'
                   f'<w:body>{body}</w:body></w:document>')
    return out.getvalue()


class Letter:
    def __init__(self, raw):
        m = email.message_from_bytes(raw, policy=email.policy.default)
        self.to, self.subject = m['To'], str(m['Subject'])
        self.id, self.in_reply_to = m['Message-ID'], m['In-Reply-To']
        self.text = m.get_body(('plain',)).get_content()
        self.raw = raw

    def __repr__(self):
        return f'<{self.to} {self.subject}\n{self.text}>'


class Office:
    def __init__(self, trusted=True, informants=None,
                 rules='tancheng-2019'):
        self.dir = tempfile.mkdtemp(prefix='baosong-')
        for d in ('mailbox/new', 'mailbox/cur', 'mailbox/tmp', 'outgoing'):
            os.makedirs(f'{self.dir}/{d}')
        with open(f'{self.dir}/baosong.yaml', 'w') as f:
            f.write(CONFIG + (TRUSTED if trusted else ''))
        self._rules(rules, informants or {})
        self.count = 0
        self.seen = set()
        self.poll('2019-03-01 08:00')

    def _rules(self, rules, informants):
        shutil.copytree(f'{ROOT}/mailrules/{rules}', f'{self.dir}/rules')
        path = f'{self.dir}/rules/roster.yaml'
        with open(path) as f:
            text = f.read()
        for unit, address in informants.items():
            text = text.replace(
                f'  - name: {unit}\n',
                f'  - name: {unit}\n    informants:\n'
                f'      - {{name: 何平, address: {address}}}\n')
        with open(path, 'w') as f:
            f.write(text)

    def change_pack(self, old, new):
        """A rule of the office's own pack, as it stands there."""
        path = f'{self.dir}/rules/pack.yaml'
        with open(path, encoding='utf-8') as f:
            text = f.read()
        assert old in text, old
        with open(path, 'w', encoding='utf-8') as f:
            f.write(text.replace(old, new))

    def close(self):
        shutil.rmtree(self.dir)

    def run(self, now, *arguments, stdin=''):
        p = subprocess.run(
            [BAOSONG, '-c', f'{self.dir}/baosong.yaml', '--now',
             now.replace(' ', 'T') + ':00+08:00', *arguments],
            input=stdin.encode(), stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, timeout=GUARD)
        self.errors = p.stderr.decode('utf-8', 'replace')
        if 'Sanitizer' in self.errors or 'runtime error' in self.errors:
            raise AssertionError(self.errors)
        self.code = p.returncode
        return p.stdout.decode()

    def desk(self, now, order):
        return self.run(now, 'desk', '-', stdin=order)

    def json(self, now, *arguments):
        command, *rest = arguments
        return json.loads(self.run(now, command, '--json', *rest))

    def sent(self):
        """The letters that were not looked at yet, as they were written."""
        folder = f'{self.dir}/outgoing/new'
        names = sorted(set(os.listdir(folder) if os.path.isdir(folder) else [])
                       - self.seen)
        self.seen |= set(names)
        letters = []
        for name in names:
            with open(f'{folder}/{name}', 'rb') as f:
                letters.append(Letter(f.read()))
        order = written(f'{self.dir}/data/register.db')
        return sorted(letters, key=lambda x: order.get(x.id, 0))

    def poll(self, now):
        self.run(now, 'poll')
        if self.code:
            raise AssertionError(f'poll: {self.code}\n{self.errors}')
        return self.sent()

    def mail(self, sender, subject, text='', at='2019-03-05 09:00',
             draft=None, answers=None, proven=True, headers=()):
        """Deliver one mail; its bytes, to be delivered again."""
        self.count += 1
        m = EmailMessage()
        m['From'], m['To'], m['Subject'] = sender, OWN, subject
        m['Date'] = 'Tue, 05 Mar 2019 09:00:00 +0800'
        m['Message-ID'] = f'<m{self.count}@{sender.split("@")[1]}>'
        if answers:
            m['In-Reply-To'] = m['References'] = answers
        for name, value in headers:
            m[name] = value
        m.set_content(text or '见附件。')
        if draft:
            m.add_attachment(docx(draft), maintype='application',
                             subtype='vnd.openxmlformats-officedocument.'
                             'wordprocessingml.document', filename='稿件.docx')
        raw = m.as_bytes()
        if proven:
            raw = (f'Authentication-Results: {SERVER}; dmarc=pass '
                   f'header.from={sender.split("@")[1]}\n').encode() + raw
        self.deliver(raw, at)
        return raw

    def deliver(self, raw, at):
        self.count += 1
        path = f'{self.dir}/mailbox/new/{self.count}.m'
        with open(path, 'wb') as f:
            f.write(raw)
        subprocess.run(['touch', '-d', f'{at}:00+08:00', path], check=True)

    def count_in(self, folder):
        """Mails in a folder of the mailbox."""
        return sum(len(os.listdir(f'{self.dir}/mailbox/.{folder}/{part}'))
                   for part in ('new', 'cur'))

    def points(self, now, unit, period='2019-03'):
        for u in self.json(now, 'scores', period)['units']:
            if unit in (u['unit'], u['name']):
                return u['points']
        raise AssertionError(f'{unit} is not in the scores')


def to(letters, address):
    return [x for x in letters if x.to and address in x.to]


def one(letters, address=None, having=''):
    """The only letter to an address that has a word."""
    found = [x for x in letters if (not address or address in x.to)
             and (having in x.text or having in x.subject)]
    if len(found) != 1:
        raise AssertionError(f'{len(found)} letters to {address} with '
                             f'"{having}" among {letters}')
    return found[0]


def find(pattern, text):
    m = re.search(pattern, text)
    if not m:
        raise AssertionError(f'no {pattern} in {text}')
    return m.group(1) if m.groups() else m.group(0)
