#!/usr/bin/python3
"""Write the sample mailbox of `make demo`: tests/demo/mail/*.eml and times.tsv.

Run by hand when a sample changes (needs python3-docx and LibreOffice); the
mails themselves are kept, so that the demo needs neither.  All texts, names
and numbers are invented; the header habits are those of the mailers that
offices use (Foxmail, QQ, Coremail, Outlook).
"""
import base64
import io
import os
import shutil
import subprocess
import sys
import tempfile

import docx

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, 'mail')
TO = 'xxk@mail.tancheng.example'

SPRING = '''全县春耕备播进展顺利
今年以来，我县抢抓农时，统筹推进春耕备播。截至3月4日，全县已备足化肥2.6万吨、良种3100吨、农膜420吨，检修农机具1.8万台（套），完成春灌面积32万亩，占计划的81%。
一是强化农资保障。组织农资企业提前储备，对12个重点镇村开展质量抽检，合格率达98.7%。
二是强化技术服务。抽调农技人员65名包靠乡镇，举办田间课堂27场次，培训农民3400余人次。
三是强化资金支持。发放春耕贷款1.2亿元，惠及种植大户和合作社420家。'''

TAX = '''减税降费政策落实情况
1月至2月，全县累计新增减税2130万元，惠及小微企业4860户次。县税务局建立“一户一档”台账，设置专窗12个，办税时间平均压缩43%。存在的主要问题是部分企业财务人员对政策理解不深，建议加大培训力度。'''

FINANCE = '''我县扎实推进财政资金直达基层
县财政局建立直达资金台账，实行专人专管、日清月结。2月份下达直达资金1.47亿元，惠及民生项目63个，资金拨付平均用时由7天压缩到2天。建议进一步扩大直达资金范围，完善绩效评价办法。'''

CIVIL = '''城乡低保提标工作启动
自3月1日起，全县城市低保标准由每人每月520元提高到560元，农村低保标准由每人每年4200元提高到4800元，惠及困难群众1.13万人。'''

BANK = '\n'.join(['一季度存贷款情况分析'] + [
    f'{k}，{t}' for k, t in [
        ('从总量看', '截至3月末，全县金融机构本外币各项存款余额412.6亿元，比年初增加21.3亿元，同比多增3.4亿元；'
         '各项贷款余额298.1亿元，比年初增加14.7亿元，同比多增2.2亿元，存贷比达到72.2%。'),
        ('从结构看', '住户存款增加18.9亿元，占全部存款增量的88.7%；制造业中长期贷款增加2.8亿元，同比增长17.4%；'
         '普惠小微贷款余额46.3亿元，同比增长21.6%，高于各项贷款增速9.8个百分点。'),
        ('从成本看', '新发放企业贷款加权平均利率5.31%，较去年同期下降0.42个百分点；'
         '累计为1260户小微企业办理无还本续贷9.4亿元，节约转贷成本1100余万元。'),
        ('从问题看', '一是部分行业信贷投放不足，批发零售业贷款余额比年初下降0.6亿元；'
         '二是个别企业担保链风险仍然存在，涉及贷款1.9亿元；三是涉农贷款抵押物不足，户均授信仅为11.2万元。'),
        ('下一步', '建议完善政银企对接机制，建立重点项目融资需求清单，推动银行机构主动对接；'
         '扩大农村承包土地经营权抵押贷款试点，发挥政府性融资担保作用；稳妥处置担保链风险，守住不发生区域性风险的底线。')]])

WATER = '''水库除险加固工程全部完工
县水利局组织实施的9座小型水库除险加固工程于3月18日全部完工，总投资2650万元，新增防洪库容86万立方米，保护下游村庄23个、耕地1.9万亩。'''

SECRET = '''机密★1年
关于某项工作的情况报告
（本文为演示涉密标志识别而编写，不含任何真实内容。）'''


def make_docx(text, path):
    d = docx.Document()
    for n, line in enumerate(text.split('\n')):
        if n == 0:
            d.add_heading(line, 1)
        else:
            d.add_paragraph(line)
    d.core_properties.author = ''
    d.save(path)


def draft(text, kind):
    """bytes of a Word file"""
    tmp = tempfile.mkdtemp()
    try:
        path = os.path.join(tmp, 'draft.docx')
        make_docx(text, path)
        if kind == 'doc':
            subprocess.run(['soffice', f'-env:UserInstallation=file://{tmp}/p',
                            '--headless', '--convert-to', 'doc:MS Word 97',
                            '--outdir', tmp, path], check=True,
                           stdout=subprocess.DEVNULL)
            path = os.path.join(tmp, 'draft.doc')
        with open(path, 'rb') as f:
            return f.read()
    finally:
        shutil.rmtree(tmp)


def b64(data):
    return base64.encodebytes(data).decode().replace('\n', '\r\n')


def word(text, charset):
    """one encoded word, however long: what Foxmail and Coremail do"""
    return f'=?{charset}?B?{base64.b64encode(text.encode("gb18030" if charset.upper().startswith("GB") else charset)).decode()}?='


def qq_words(text):
    """QQ cuts the bytes of a subject anywhere, also inside a character"""
    raw = text.encode()
    return '\r\n '.join(f'=?utf-8?B?{base64.b64encode(raw[i:i + 32]).decode()}?='
                        for i in range(0, len(raw), 32))


TYPES = {'docx': 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
         'doc': 'application/msword', 'pdf': 'application/pdf', 'zip': 'application/zip'}


def foxmail(sender, name, subject, body, files, mid, charset='GB2312'):
    bound = '----=_001_NextPart242521225423_=----'
    cs = 'gb18030'
    out = [f'Return-Path: <{sender}>',
           f'Received: from mta1.tancheng.example (unknown [192.0.2.10])\r\n\tby mail.tancheng.example with SMTP id {mid.split("@")[0]};\r\n\tTue, 5 Mar 2019 09:12:00 +0800 (CST)',
           f'From: "{word(name, charset)}" <{sender}>', f'To: <{TO}>',
           f'Subject: {word(subject, charset)}', f'Message-ID: <{mid}>',
           'Date: Tue, 5 Mar 2019 09:11:58 +0800',
           'X-Mailer: Foxmail 7.2.9.156[cn]', 'Mime-Version: 1.0',
           f'Content-Type: multipart/mixed;\r\n\tboundary="{bound}"', '',
           'This is a multi-part message in MIME format.', '', f'--{bound}',
           'Content-Type: text/plain;\r\n\tcharset="gb2312"',
           'Content-Transfer-Encoding: base64', '', b64(body.encode(cs))]
    for fname, data in files:
        t = TYPES.get(fname.rsplit('.', 1)[-1], 'application/octet-stream')
        out += [f'--{bound}', f'Content-Type: {t};\r\n\tname="{word(fname, charset)}"',
                'Content-Transfer-Encoding: base64',
                f'Content-Disposition: attachment;\r\n\tfilename="{word(fname, charset)}"',
                '', b64(data)]
    return '\r\n'.join(out + [f'--{bound}--', ''])


def qq(sender, subject, body, files, mid):
    bound = '----=_NextPart_5C7E0A12_0C2E4A10_5B2D7E21'
    out = [f'Return-Path: <{sender}>', f'From: "{qq_words(sender.split("@")[0])}" <{sender}>',
           f'To: "=?utf-8?B?5L+h5oGv56eR?=" <{TO}>', f'Subject: {qq_words(subject)}',
           'Mime-Version: 1.0',
           f'Content-Type: multipart/mixed;\r\n\tboundary="{bound}"',
           'Content-Transfer-Encoding: 8Bit', 'Date: Wed, 6 Mar 2019 10:22:15 +0800',
           f'Message-ID: <{mid}>', 'X-QQ-MIME: TCMime 1.0 by Tencent',
           'X-QQ-Mailer: QQMail 2.x', '',
           'This is a multi-part message in MIME format.', '', f'--{bound}',
           'Content-Type: text/html;\r\n\tcharset="utf-8"',
           'Content-Transfer-Encoding: base64', '',
           b64(f'<div>{body}</div>'.encode())]
    for fname, data in files:
        out += [f'--{bound}', f'Content-Type: application/octet-stream;\r\n\tcharset="utf-8";\r\n\tname="{word(fname, "gb18030")}"',
                f'Content-Disposition: attachment; filename="{word(fname, "gb18030")}"',
                'Content-Transfer-Encoding: base64', '', b64(data)]
    return '\r\n'.join(out + [f'--{bound}--', ''])


def plain(headers, body):
    return '\r\n'.join(headers + ['', body.replace('\n', '\r\n'), ''])


def staff(subject, body, mid):
    return plain([
        'Return-Path: <wangfang@mail.tancheng.example>',
        'Authentication-Results: mail.tancheng.example; dmarc=pass header.from=mail.tancheng.example',
        'Received: from pc (pc.tancheng.example [192.0.2.20]) by mail.tancheng.example; Wed, 20 Mar 2019 08:30:00 +0800',
        f'From: {word("王芳", "utf-8")} <wangfang@mail.tancheng.example>',
        f'To: {TO}', f'Subject: {word(subject, "utf-8")}', f'Message-ID: <{mid}>',
        'Date: Wed, 20 Mar 2019 08:29:58 +0800', 'MIME-Version: 1.0',
        'Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: base64'],
        b64(body.encode()))


def pdf():
    return b'%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n'


def zipped(data):
    import zipfile
    f = io.BytesIO()
    with zipfile.ZipFile(f, 'w') as z:
        z.writestr('draft.docx', data)
    return f.getvalue()


def mails():
    """(file name, time of receipt, message)"""
    fin = draft(FINANCE, 'docx')
    first = foxmail('czj@tancheng.example', '县财政局',
                    '我县扎实推进财政资金直达基层-县财政局-张敏-0539-6201001',
                    '信息科：现报送信息一篇，请审阅。', [('财政资金直达基层.docx', fin)],
                    '2019030509115800101@tancheng.example')
    yield '01-finance', '2019-03-05T09:12:00+08:00', first
    yield '02-agriculture-doc', '2019-03-06T10:22:30+08:00', qq(
        '2716001234@qq.com', '全县春耕备播进展顺利—县农业农村局—李强—6201234',
        '请查收', [('全县春耕备播进展顺利.doc', draft(SPRING, 'doc'))],
        'tencent_0A1B2C3D4E5F60718293@qq.com')
    yield '03-tax-labelled', '2019-03-07T15:40:00+08:00', foxmail(
        'swj@tancheng.example', '税务局办公室',
        '标题：减税降费政策落实情况；单位：县税务局；报送人：高翔；电话：6204567',
        '', [('减税降费.docx', draft(TAX, 'docx')), ('签发单.pdf', pdf())],
        '2019030715395900103@tancheng.example')
    yield '04-bank-long', '2019-03-11T11:05:00+08:00', foxmail(
        'rhtc@example.com', '人行', '人行郯城县支行 一季度存贷款情况分析 金晶 6204455',
        '详见附件', [('存贷款情况.docx', draft(BANK, 'docx'))],
        '2019031111045500104@example.com', 'GBK')
    yield '05-no-phone', '2019-03-12T16:31:00+08:00', foxmail(
        'mzj@tancheng.example', '县民政局', '城乡低保提标工作启动-县民政局-宋佳', '',
        [('低保提标.docx', draft(CIVIL, 'docx'))], '2019031216304400105@tancheng.example')
    yield '06-civil-again', '2019-03-12T17:02:00+08:00', foxmail(
        'mzj@tancheng.example', '县民政局',
        '城乡低保提标工作启动-县民政局-宋佳-０５３９－６２０５６７８', '',
        [('低保提标.docx', draft(CIVIL, 'docx'))], '2019031217015100106@tancheng.example')
    yield '07-pdf-and-no-unit', '2019-03-13T08:45:00+08:00', qq(
        '1990001111@qq.com', '春节市场供应充足-何平', '领导好，材料在附件里',
        [('春节市场供应.pdf', pdf())], 'tencent_11223344556677889900@qq.com')
    yield '08-archive', '2019-03-14T09:00:00+08:00', foxmail(
        'slj@tancheng.example', '水利局',
        '【县水利局】水库除险加固工程全部完工+马超+6203456', '',
        [('水库除险加固.zip', zipped(draft(WATER, 'docx')))],
        '2019031408595900108@tancheng.example')
    yield '09-unknown-unit', '2019-03-15T10:10:00+08:00', foxmail(
        'dsb@example.com', '电商办', '电商进农村示范县通过验收-县电商办-何平-15253901234',
        '', [('电商进农村.docx', draft(CIVIL.replace('城乡低保提标工作启动', '电商进农村示范县通过验收'), 'docx'))],
        '2019031510095900109@example.com')
    yield '10-auto-reply', '2019-03-15T10:11:00+08:00', plain([
        'From: 1990001111@qq.com', f'To: {TO}',
        f'Subject: {word("自动回复: 退回通知", "utf-8")}', 'X-QQ-AUTO-REPLY: true',
        'Message-ID: <tencent_AUTO0001@qq.com>', 'Mime-Version: 1.0',
        'Content-Type: text/html; charset=utf-8'], '<div>您好，来信已收到。</div>')
    yield '11-recall', '2019-03-16T09:20:00+08:00', plain([
        'From: <rhtc@example.com>', f'To: {TO}',
        f'Subject: {word("发信方已撤回邮件：一季度存贷款情况分析", "gb18030")}',
        'Message-ID: <2019031609195900111@example.com>', 'Mime-Version: 1.0',
        'Content-Type: text/plain; charset=utf-8'], '发信方已撤回邮件')
    yield '12-same-again', '2019-03-16T14:00:00+08:00', first
    yield '13-marked', '2019-03-18T09:30:00+08:00', foxmail(
        'sfj@tancheng.example', '县司法局', '有关情况报告-县司法局-冯程-6208901', '',
        [('情况报告.docx', draft(SECRET, 'docx'))], '2019031809295900113@tancheng.example')
    yield '14-water', '2019-03-18T17:20:00+08:00', foxmail(
        'slj@tancheng.example', '水利局',
        '【县水利局】水库除险加固工程全部完工+马超+6203456', '',
        [('水库除险加固.docx', draft(WATER, 'docx'))], '2019031817195900114@tancheng.example')
    yield '15-staff-marks', '2019-03-20T08:30:00+08:00', staff(
        '标注', '标注 2019-0001 普刊 2019-03-12\n标注 2019-0002 简讯 2019-03-14\n'
        '标注 2019-0001 市普刊采用 2019-03-19\n标注 2019-0002 县领导批示 2019-03-20\n'
        '记分 人社局 以干代训 2019-03-20 跟班学习一人\n',
        '20190320082958.wf@mail.tancheng.example')
    yield '16-forged-order', '2019-03-20T12:00:00+08:00', plain([
        'Return-Path: <stranger@example.net>',
        'Received: from evil (evil.example.net [198.51.100.7]) by mail.tancheng.example; Wed, 20 Mar 2019 12:00:00 +0800',
        'Authentication-Results: mail.tancheng.example; dmarc=pass header.from=mail.tancheng.example',
        f'From: {word("王芳", "utf-8")} <wangfang@mail.tancheng.example>', f'To: {TO}',
        f'Subject: {word("标注 2019-0003 国办参考采用", "utf-8")}',
        'Message-ID: <forged-1@example.net>', 'MIME-Version: 1.0',
        'Content-Type: text/plain; charset=utf-8'], '')


def main():
    os.makedirs(OUT, exist_ok=True)
    with open(os.path.join(HERE, 'times.tsv'), 'w', encoding='utf-8') as times:
        for name, received, text in mails():
            with open(os.path.join(OUT, name + '.eml'), 'wb') as f:
                f.write(text.encode('utf-8'))
            times.write(f'{name}.eml\t{received}\n')


sys.exit(main())
