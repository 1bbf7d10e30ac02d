#!/usr/bin/python3
"""Orders as the mailers of an office write them: Outlook, Foxmail, QQ, 163,
a telephone; what is signature, quoted or hidden orders nothing.  One office
on Maildirs; every mail orders one 补录 that must be done and carries others
that must not."""
from desk_office import SERVER, STAFF, Office, one
from tap import equal, finish, test, true

from email.message import EmailMessage

NOT = '补录 财政局 不应登记 2019-03-01'
HEADER = f'{SERVER}; dmarc=pass header.from={STAFF.split("@")[1]}'


def letter(n, subject, plain=None, html=None, charset='utf-8'):
    m = EmailMessage()
    m['From'], m['To'], m['Subject'] = STAFF, f'xxk@{SERVER}', subject
    m['Message-ID'] = f'<form.{n}@{SERVER}>'
    m['Date'] = f'Tue, 05 Mar 2019 09:{n:02}:00 +0800'
    if plain is not None:
        m.set_content(plain, charset=charset)
    if html is not None and plain is None:
        m.set_content(html, subtype='html', charset=charset)
    elif html is not None:
        m.add_alternative(html, subtype='html', charset=charset)
    return f'Authentication-Results: {HEADER}\n'.encode() + m.as_bytes()


OUTLOOK = '''<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>
<style>p.MsoNormal {{margin:0cm}}</style></head><body lang=ZH-CN>
<div class=WordSection1><p class=MsoNormal><span>{order}</span></p>
<p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p>
<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm'>
<p class=MsoNormal><b>发件人:</b> xxk@{server} <br><b>发送时间:</b>
2019年3月4日 9:00<br><b>收件人:</b> 王芳<br><b>主题:</b> 命令12</p></div>
<p class=MsoNormal>{no}</p></div></body></html>'''
FOXMAIL = '''<html><head><meta http-equiv="content-type"
content="text/html; charset=GB2312"><style>body {{ line-height: 1.5; }}</style>
</head><body><div><span></span>{order}</div><div><br></div>
<hr style="width: 210px; height: 1px;" color="#b5c4df" size="1" align="left">
<div><span><div style="MARGIN: 10px">王芳<br>{no}</div></span></div>
<blockquote style="margin-Top: 0px; margin-Bottom: 0px"><div>&nbsp;</div>
<div style="border:none;border-top:solid #B5C4DF 1.0pt"><div><b>发件人：</b>
<a href="mailto:xxk@{server}">信息科</a></div><div><b>主题：</b>命令</div></div>
<div>{no}</div></blockquote></body></html>'''
QQ = '''<div style="font-family:微软雅黑">{order}</div><div><br></div>
<div style="display:none">{no}</div><div><!--emptysign--></div>
<div style="font-size: 12px;font-family: Arial Narrow;padding:2px 0 2px 0;">
------------------&nbsp;原始邮件&nbsp;------------------</div>
<div style="font-size: 12px;background:#efefef;padding:8px;"><div><b>发件人:</b>
"信息科"&lt;xxk@{server}&gt;;</div><div><b>主题:</b> 命令12</div></div>
<div>{no}</div>'''
NETEASE = '''<div style="line-height:1.7;color:#000000;font-size:14px">
<p style="margin: 0;">{order}</p><br><br>
<div style="position:relative;zoom:1">--<br><div>王芳<br>{no}</div></div>
<p>在 2019-03-04 09:00:00，"信息科" &lt;xxk@{server}&gt; 写道：</p>
<blockquote id="isReplyContent" style="PADDING-LEFT: 1ex">{no}</blockquote>
</div>'''
PHONE = '''<div dir="ltr">{order}</div><div dir="ltr"><br></div>
<div id="ydp-sign">发自我的iPhone</div><div><br><blockquote type="cite">
<div>{no}</div></blockquote></div>'''


def html(form, order):
    return form.format(order=order, no=NOT, server=SERVER)


def plain(n):
    """What these mailers put into the plain part of the same mail."""
    return (f'补录 财政局 第{n}封 2019-03-04\n\n--\n王芳\n{NOT}\n\n'
            f'> {NOT}\n')


FORMS = {
    'Outlook': lambda n: dict(html=html(OUTLOOK, f'补录 财政局 第{n}封 2019-03-04')),
    'Foxmail, GBK': lambda n: dict(
        html=html(FOXMAIL, f'补录　财政局　第{n}封　２０１９－０３－０４'),
        charset='gb18030'),
    'QQ': lambda n: dict(html=html(QQ, f'补录&nbsp;财政局&nbsp;第{n}封 2019-03-04')),
    '163': lambda n: dict(html=html(NETEASE, f'补录 财政局 第{n}封 2019-03-04')),
    'a telephone': lambda n: dict(
        html=html(PHONE, f'补录 财政局 第{n}封 2019-03-04')),
    'both parts': lambda n: dict(
        plain=plain(n), html=html(OUTLOOK, f'补录 财政局 第{n}封 2019-03-04')),
    'plain, signed and quoting': lambda n: dict(plain=plain(n)),
    'D12 zero-width and odd spaces': lambda n: dict(
        plain=f'\u200b补录\u00a0财政局\u3000第{n}封\u2003２０１９年３月４日\n'),
    'numbered, with a full stop': lambda n: dict(
        plain=f'请办理：\n1、补录 财政局 第{n}封 2019-03-04。\n谢谢！\n'),
}


@test('every form of mail: its own line is done, once, and nothing else')
def _():
    o = Office()
    for n, (name, form) in enumerate(FORMS.items(), 1):
        o.deliver(letter(n, '命令', **form(n)), f'2019-03-05 09:{n:02}')
        answer = one(o.poll(f'2019-03-05 09:{n:02}'), STAFF)
        true(f'《第{n}封》' in answer.text and '全部办理' in answer.subject,
             f'{name}: {answer}')
        titles = [s['title'] for s in o.json('2019-03-05 10:00', 'list')]
        equal(titles, [f'第{k}封' for k in range(1, n + 1)], name)
        equal(o.json('2019-03-05 10:00', 'list')[-1]['received'][:10],
              '2019-03-04', name)
    o.close()


@test('subject and body: the order stands in either, a bare verb adds nothing')
def _():
    o = Office()
    cases = (('补录 财政局 主题里 2019-03-04', ' ', ['主题里']),
             ('回复：补录 财政局 回复里 2019-03-04', '王芳\n', ['回复里']),
             ('补录', '补录 财政局 正文里 2019-03-04\n', ['正文里']),
             ('命令', '补录 财政局 甲 2019-03-04\n补录 财政局 乙 2019-03-04\n',
              ['甲', '乙']),
             ('补录 财政局 丙 2019-03-04', '补录 财政局 丁 2019-03-04', ['丙', '丁']))
    wanted = []
    for n, (subject, text, titles) in enumerate(cases, 20):
        o.deliver(letter(n, subject, text), f'2019-03-05 09:{n}')
        one(o.poll(f'2019-03-05 09:{n}'), STAFF, '全部办理')
        wanted += titles
        equal([s['title'] for s in o.json('2019-03-05 10:00', 'list')],
              wanted, subject)
    o.close()


@test('what was run together, or misspelt, is suggested and never done')
def _():
    o = Office()
    o.desk('2019-03-05 08:00', '补录 财政局 题目 2019-03-04')
    cases = (('标注2019-0001 普刊', '是否要写“标注”'),
             ('退稿2019-0001 失实', '是否要写“退稿”'),
             ('标住 2019-0001 普刊', '是否要写“标注”'),
             ('标注 2019-0001 普特刊', '是否要写'),
             ('记分 财正局 以干代训 跟班', '是否是县财政局'),
             ('改 2019-0001 题目=新', '可写：标题、单位'),
             ('改 2019-0001 标提=新', '是否要写“标题”'),
             ('得分 财政局 2019-13', '不是期'),
             ('补录 财政局', '写法：补录'))
    for n, (line, says) in enumerate(cases, 30):
        o.deliver(letter(n, '命令', f'{line}\n谢谢\n'), f'2019-03-05 09:{n}')
        answer = one(o.poll(f'2019-03-05 09:{n}'), STAFF)
        true(says in answer.text and '【未办】' in answer.text,
             f'{line}: {answer}')
    s, = o.json('2019-03-05 10:00', 'list')
    equal((s['title'], s['status'], s['marks']), ('题目', 'recorded', []))
    o.close()


@test('prose is no order: one sentence says so, nothing is done')
def _():
    o = Office()
    for n, text in enumerate(('通报已收到，谢谢。', '改天再说。\n此致\n敬礼',
                              '查询结果如下，供参考。'), 50):
        o.deliver(letter(n, '命令', text), f'2019-03-05 09:{n}')
        letters = o.poll(f'2019-03-05 09:{n}')
        true(all('已补录' not in x.text for x in letters))
    equal(o.json('2019-03-05 10:00', 'list'), [])
    o.close()


if __name__ == '__main__':
    finish()
