"""Mails for tests, in the plain forms of the standards.  How mailers of the
field write is in tests/demo/mail."""
import io
import zipfile
from email.message import EmailMessage
from email.policy import SMTP

from office import ADDRESS, STAFF

UNIT = 'czj@tancheng.example'
WORD = ('application', 'vnd.openxmlformats-officedocument.wordprocessingml'
        '.document')
TEXT = ('县财政局建立直达资金台账，实行专人专管、日清月结。2月份下达直达资金1.47亿元，'
        '惠及民生项目63个，资金拨付平均用时由7天压缩到2天。')
COUNT = [0]

CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas'
    '.openxmlformats.org/package/2006/content-types"><Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd'
    '.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
    '</Types>')
RELS = (
    '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://'
    'schemas.openxmlformats.org/package/2006/relationships"><Relationship '
    'Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/officeDocument" Target="word/document.xml"/>'
    '</Relationships>')
DOCUMENT = (
    '<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://'
    'schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}'
    '</w:body></w:document>')


def docx(text=TEXT):
    """A Word file with a paragraph a line."""
    lines = ''.join(f'<w:p><w:r><w:t>{line}</w:t></w:r></w:p>'
                    for line in text.split('\n'))
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as z:
        for name, content in (('[Content_Types].xml', CONTENT_TYPES),
                              ('_rels/.rels', RELS),
                              ('word/document.xml', DOCUMENT.format(lines))):
            z.writestr(zipfile.ZipInfo(name, (2019, 3, 1, 9, 0, 0)), content,
                       zipfile.ZIP_DEFLATED)
    return out.getvalue()


def zipped(data, name='draft.docx'):
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w') as z:
        z.writestr(name, data)
    return out.getvalue()


def pdf():
    return (b'%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n'
            b'trailer<</Root 1 0 R>>\n%%EOF\n')


def mail(subject, text='', files=(), sender=UNIT, headers=(), html=None,
         message_id=True):
    """bytes.  files: (name, bytes).  headers: (name, value), in front where
    the name ends in '^' (what a server adds).  message_id: True makes one."""
    m = EmailMessage(policy=SMTP)
    if sender:
        m['From'] = sender
    m['To'] = ADDRESS
    m['Subject'] = subject
    m['Date'] = 'Tue, 05 Mar 2019 09:11:58 +0800'
    COUNT[0] += 1
    if message_id is True:
        message_id = f'<test.{COUNT[0]}@tancheng.example>'
    if message_id:
        m['Message-ID'] = message_id
    m.set_content(text, charset='utf-8', cte='base64')
    if html is not None:
        m.set_content(html, subtype='html', charset='utf-8', cte='base64')
    for name, data in files:
        kind = WORD if name.endswith('.docx') else ('application',
                                                    'octet-stream')
        m.add_attachment(data, *kind, filename=name)
    if m.is_multipart():
        m.set_boundary(f'=-boundary-{COUNT[0]}')
    front = ''.join(f'{n[:-1]}: {v}\r\n' for n, v in headers if n[-1] == '^')
    rest = ''.join(f'{n}: {v}\r\n' for n, v in headers if n[-1] != '^')
    return (front + rest).encode() + m.as_bytes()


def draft(subject='财政资金直达基层-县财政局-张敏-0539-6201001', text=TEXT,
          **more):
    """A submission in order: a Word file under a full subject."""
    return mail(subject, files=[('稿件.docx', docx(text))], **more)


RECEIVED = ('from pc (pc.tancheng.example [192.0.2.20]) by '
            'mail.tancheng.example; Wed, 20 Mar 2019 08:30:00 +0800')
PROOFS = {
    'dmarc': 'dmarc=pass header.from=mail.tancheng.example',
    'dkim': 'dkim=pass header.d=mail.tancheng.example',
    'auth': f'auth=pass smtp.auth={STAFF}',
    'spf': 'spf=pass smtp.mailfrom=mail.tancheng.example',
    'dmarc=fail': 'dmarc=fail header.from=mail.tancheng.example',
}


def order(lines, subject='命令', proof='dmarc', host='mail.tancheng.example',
          sender=STAFF, below=False, **more):
    """An order of the desk.  proof: a word of PROOFS, None: without.  below:
    the proof stands under the Received line, where a stranger put it."""
    added = [('Received^', RECEIVED)]
    if proof:
        at = len(added) if below else 0
        added.insert(at, ('Authentication-Results^',
                          f'{host}; {PROOFS[proof]}'))
    return mail(subject, lines, sender=sender, headers=added, **more)
