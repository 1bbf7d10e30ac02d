#!/usr/bin/python3
"""What staff are told of the mail that waits for them, and how often: the
facts, and floods by strangers."""
import contextlib

from mails import docx, draft, mail
from office import Office, text_of
from servers import tempdir
from tap import equal, finish, test, true

AT, LOOK = '2019-03-05 09:00', '2019-03-05 09:01'


@contextlib.contextmanager
def office(more=''):
    with tempdir() as tmp:
        o = Office(tmp, more=more)
        o.set_up()
        yield o


def notice_of(o, data):
    """The text that staff get of a mail that is held."""
    before = len(o.sent())
    o.deliver(data, AT)
    o.poll(now=LOOK)
    found = [m for m in o.sent()[before:] if '待处理：' in m['Subject']]
    equal(len(found), 1, 'one notice')
    return text_of(found[0])


def lost_bytes():
    data = docx()
    return data[:len(data) // 2] + data[len(data) // 2 + 40:]


@test('a held notice names what was written and the nearest that is known')
def _():
    with office() as o:
        said = notice_of(o, draft('春耕备播进展顺利-县才政局-张敏-0539-6201001'))
        true('● 单位不在名单内。“县才政局”不在报送单位名单内，名称相近的有：县民政局、县财政局、'
             in said, said)
        said = notice_of(o, mail('春耕备播顺利开展-县财政局-张敏-0539-6201002',
                                 files=[('稿件.docx', lost_bytes())]))
        true('● 稿件无法读取。来信所附的Word文件已损坏或者版本过旧，无法读取（附件：稿件.docx）。'
             '请打开原邮件查看。' in said, said)
        said = notice_of(o, draft('').replace(
            b'From:', b'Sender: x@evil.example\r\nFrom:', 1))
        true('邮件主题：（无主题）' in said, said)


finish()
