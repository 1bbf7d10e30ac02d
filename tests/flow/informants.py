#!/usr/bin/python3
"""信息员备案: registered by the desk or by a unit's own mail; whose mail is
believed, and what becomes of the others'."""
import glob
import os

from desk_office import STAFF, Office, one, to
from tap import equal, finish, test, true

HE = 'heping@nyj.tancheng.example'      # registered in the roster's file
NEW = 'zhangsan@nyj.tancheng.example'
UNIT = '县农业农村局'
FORM = f'信息员备案\n单位：{UNIT}\n姓名：张三\n邮箱：{NEW}\n电话：0539-6201234\n'


def office(trusted=True, rules='tancheng-2019'):
    return Office(trusted, {UNIT: HE}, rules)


def draft(o, sender, at, title='农村公路养护见成效'):
    o.mail(sender, f'{title}-{UNIT}-张三-0539-6201234', at=at,
           draft='全县完成农村公路养护120公里。')


def is_known(o, sender, at, title='农村公路养护见成效'):
    """Is a submission from there one of a registered informant's?"""
    draft(o, sender, at, title)
    letters = o.poll(at)
    receipt = one(to(letters, sender), having='已受理')
    return '未备案' not in receipt.text


@test('a registered informant, proven, registers a colleague; staff hear it')
def _():
    o = office()
    true(not is_known(o, NEW, '2019-03-05 09:00', '春耕备播进展顺利'))
    o.mail(HE, '信息员备案', FORM, '2019-03-05 10:00')
    letters = o.poll('2019-03-05 10:01')
    equal(sorted(x.to for x in letters if '备案' in x.subject),
          [HE, NEW])
    true('张三' in one(to(letters, NEW)).text)
    notice = one(to(letters, STAFF), having=f'信息员变动：{UNIT}')
    true(f'信息员 停用 {NEW}' in notice.text, notice)
    true(is_known(o, NEW, '2019-03-05 11:00'))
    o.desk('2019-03-05 12:00', f'信息员 停用 {NEW}')
    true(not is_known(o, NEW, '2019-03-05 13:00', '河道清淤工作完成'))
    o.close()


@test('one line in the subject, dashes; and one that stops')
def _():
    o = office()
    o.mail(HE, f'信息员备案-{UNIT}-张三-{NEW}-0539-6201234', '',
           '2019-03-05 10:00')
    o.poll('2019-03-05 10:01')
    true(is_known(o, NEW, '2019-03-05 11:00'))
    o.mail(HE, f'信息员停用 {NEW}', '请停用。', '2019-03-05 12:00')
    letters = o.poll('2019-03-05 12:01')
    true('停　　用' in one(to(letters, HE)).text, letters)
    true(not is_known(o, NEW, '2019-03-05 13:00', '河道清淤工作完成'))
    o.close()


@test('what the subject says and the body repeats is done once')
def _():
    o = office()
    line = f'信息员备案 {UNIT} 张三 {NEW}'
    o.mail(HE, line, line + ' 0539-6201234\n', '2019-03-05 10:00')
    letters = o.poll('2019-03-05 10:01')
    equal(one(to(letters, NEW)).text.count(NEW), 1)
    true('0539-6201234' in one(to(letters, HE)).text)
    o.mail(HE, f'信息员停用 {NEW}', f'信息员停用 {NEW}\n', '2019-03-05 12:00')
    letters = o.poll('2019-03-05 12:01')
    equal(one(to(letters, HE)).text.count(NEW), 1)
    equal(o.json('2019-03-05 12:02', 'held'), [])
    true(not is_known(o, NEW, '2019-03-05 13:00', '河道清淤工作完成'))
    o.close()


def held(o, at):
    letters = o.poll(at)
    notice = one(to(letters, STAFF), having='信息员备案申请')
    true(not any(x.to in (NEW, HE) for x in letters), letters)
    return notice


@test('a stranger, an unproven mail, another unit, a file: staff confirm it')
def _():
    for n, (sender, text, proven) in enumerate((
            (NEW, FORM, True), (HE, FORM, False),
            (HE, FORM.replace(UNIT, '县财政局'), True),
            (HE, FORM.replace(f'邮箱：{NEW}\n', ''), True),
            (HE, f'信息员停用 {HE}\n', True),
            (HE, FORM + FORM.replace('张三', '李四'), True))):
        o = office()
        o.mail(sender, '信息员变动', text, '2019-03-05 10:00', proven=proven)
        true('受理 待-1' in held(o, '2019-03-05 10:01').text)
        equal(o.json('2019-03-05 10:02', 'held')[0]['reasons'],
              ['registration'], str(n))
        o.close()


@test('where the server proves nothing, the desk confirms all of them')
def _():
    o = office(trusted=False)
    o.mail(HE, '信息员备案', FORM, '2019-03-05 10:00')
    held(o, '2019-03-05 10:01')
    o.close()


@test('受理 registers it, 撤销命令 takes it back')
def _():
    o = office()
    o.mail(NEW, '信息员备案', FORM, '2019-03-05 10:00')
    notice = held(o, '2019-03-05 10:01')
    for word in ('张三', NEW, '0539-6201234', UNIT):
        true(word in notice.text, notice)
    said = o.desk('2019-03-05 10:30', '受理 待-1')
    true(o.code == 0 and '已办理信息员备案' in said and '张三' in said, said)
    letters = o.poll('2019-03-05 10:31')
    equal([x.to for x in letters], [NEW])
    true(is_known(o, NEW, '2019-03-05 11:00'))
    equal(o.json('2019-03-05 11:00', 'held'), [])
    o.desk('2019-03-05 12:00', '撤销命令 1')
    true(not is_known(o, NEW, '2019-03-05 13:00', '河道清淤工作完成'))
    o.close()


@test('受理 asks for what is missing, and takes it from the order')
def _():
    o = office()
    o.mail(NEW, '信息员备案', f'姓名：张三\n邮箱：{NEW}\n', '2019-03-05 10:00')
    held(o, '2019-03-05 10:01')
    said = o.desk('2019-03-05 10:30', '受理 待-1')
    true(o.code == 65 and '单位' in said, said)
    said = o.desk('2019-03-05 10:31', '受理 待-1 单位=没有的局')
    true(o.code == 65 and '没有的局' in said, said)
    said = o.desk('2019-03-05 10:32', '受理 待-1 标题=错')
    true(o.code == 65 and '标题' in said, said)
    said = o.desk('2019-03-05 10:33', f'受理 待-1 单位={UNIT} 姓名=张三丰')
    true(o.code == 0 and '张三丰' in said, said)
    true(is_known(o, NEW, '2019-03-05 11:00'))
    o.close()


@test('受理 stops nobody who is not registered, and does all or nothing')
def _():
    o = office()
    old = 'lisi@nyj.tancheng.example'
    o.desk('2019-03-05 09:00', f'信息员 {UNIT} 李四 {old}')
    o.mail(NEW, '信息员变更', f'信息员停用 {old}\n信息员停用 wangwu@nyj.tancheng.example\n',
           '2019-03-05 10:00')
    held(o, '2019-03-05 10:01')
    said = o.desk('2019-03-05 10:30', '受理 待-1 单位=' + UNIT)
    true(o.code == 65 and 'wangwu@nyj' in said and '没有登记' in said, said)
    said = o.desk('2019-03-05 10:31', f'受理 待-1 单位={UNIT} 邮箱={HE}')
    true(o.code == 65 and '名单文件' in said, said)
    said = o.desk('2019-03-05 10:32', f'受理 待-1 单位={UNIT} 邮箱={old}')
    true(o.code == 65 and '未办' in said, said)     # stopped twice
    true(is_known(o, old, '2019-03-05 11:00'))
    equal(len(o.json('2019-03-05 11:01', 'held')), 1)
    o.close()


@test('a title that begins so is a submission; a form attached is not')
def _():
    o = office()
    o.mail(HE, f'信息员备案工作全面完成-{UNIT}-何平-0539-6201234', at='2019-03-05 10:00',
           draft='全县信息员全部备案，共62人。')
    true('已受理' in one(to(o.poll('2019-03-05 10:01'), HE)).subject)
    o.mail(HE, f'信息员备案 {UNIT}', at='2019-03-05 10:10', draft='备案表 张三')
    held(o, '2019-03-05 10:11')
    o.close()


@test('senders: registered holds mail of strangers until they are')
def _():
    o = office()
    o.change_pack('senders: anyone', 'senders: registered')
    draft(o, NEW, '2019-03-05 09:00')
    o.poll('2019-03-05 09:01')
    equal(o.json('2019-03-05 09:02', 'held')[0]['reasons'],
          ['unregistered-sender'])
    o.desk('2019-03-05 09:03', f'信息员 {UNIT} 张三 {NEW} 6201234')
    said = o.desk('2019-03-05 09:04', '重办 待-1')
    true(o.code == 0 and '已受理' in said, said)
    o.close()


@test('an import knows whom the desk has registered')
def _():
    o = office()
    o.desk('2019-03-05 09:03', f'信息员 {UNIT} 张三 {NEW} 6201234')
    draft(o, NEW, '2019-03-04 09:00')
    source, = glob.glob(f'{o.dir}/mailbox/new/*.m')
    os.rename(source, f'{o.dir}/old.eml')
    o.run('2019-03-06 09:00', 'import', f'{o.dir}/old.eml')
    number, = [s['number'] for s in o.json('2019-03-06 09:01', 'list')]
    equal(o.json('2019-03-06 09:01', 'show', number)['notes'], [])
    o.close()


finish()
