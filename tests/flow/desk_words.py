#!/usr/bin/python3
"""The words of an order: dates, quantities and values that cannot be, titles
and reasons as written."""
import re

from desk_office import STAFF, TEXT, Office, one
from tap import equal, finish, test, true

NOW = '2019-03-20 09:00'
UNIT = 'czj@dept.example'


def office(n=2):
    o = Office()
    for k in range(n):
        o.desk('2019-03-05 09:00', f'补录 财政局 第{k}件信息 2019-03-05')
    return o


def refused(o, order, *says, now=NOW):
    said = o.desk(now, order)
    equal(o.code, 65, f'{order}: {said}')
    for word in says:
        true(word in said, f'{order}: {said}')


def done(o, order, *says, now=NOW):
    said = o.desk(now, order)
    equal(o.code, 0, f'{order}: {said}')
    for word in says:
        true(word in said, f'{order}: {said}')


def marks(o, number='2019-0001', now=NOW):
    return [(m['item'], m['date']) for s in o.json(now, 'list')
            if s['number'] == number for m in s['marks']]


@test('what begins like a date, quantity or value and is none is refused')
def _():
    o = office()
    for order, word in (('标注 2019-0001 普刊 2019-02-30', '“2019-02-30”不是日期'),
                        ('标注 2019-0001 普刊 昨天', '“昨天”不是日期'),
                        ('标注 2019-0001 普刊 12日', '“12日”不是日期'),
                        ('标注 2019-0001 普刊 县报 2019-03-12', '写在备注之中'),
                        ('记分 财政局 以干代训 2019-03-10 ×2人 跟班', '不是数量'),
                        ('记分 财政局 以干代训 2019-03-10 ×-2 跟班', '不是数量'),
                        ('记分 财政局 以干代训 2019-03-10 ×0 跟班', '不是数量'),
                        ('记分 财政局 以干代训 ×99999999999 跟班', '不是数量'),
                        ('标注 2019-0001 普刊 =五分', '“=五分”不是分值'),
                        ('标注 2019-0001 普刊 =5分', '为3分，不能另写分值5')):
        refused(o, order, word)
    equal(marks(o), [])
    equal(o.points(NOW, '财政局'), '0.4')
    o.close()


@test('a remark may have digits, and stays as written')
def _():
    o = office()
    done(o, '标注 2019-0001 普刊 2019年3月12号 2019年工作要点，第3期')
    done(o, '标注 2019-0001 简讯 2019-03-13 市政府第3期')
    equal(marks(o), [('普刊', '2019-03-12'), ('简讯', '2019-03-13')])
    again = o.desk(NOW, '撤销 2019-0001 普刊')
    true('标注 2019-0001 普刊 2019-03-12 2019年工作要点，第3期' in again, again)
    o.close()


@test('撤销 of a day that is none takes no other mark away')
def _():
    o = office()
    done(o, '标注 2019-0001 县领导批示 2019-03-10')
    refused(o, '撤销 2019-0001 县领导批示 2019-03-32', '不是日期')
    equal(marks(o), [('县领导批示', '2019-03-10')])
    done(o, '撤销 2019-0001 县领导批示 2019-03-10 误登')
    o.close()


@test('a day without a year is the nearest: 12月28日 in January')
def _():
    o = Office()
    o.desk('2019-12-20 09:00', '补录 财政局 年终信息 2019-12-20')
    done(o, '标注 2019-0001 普刊 12月28日', '2019年12月28日',
         now='2020-01-05 09:00')
    refused(o, '标注 2019-0001 简讯 1月28日', '2020年1月28日还没有到',
            now='2020-01-05 09:00')
    o.close()


@test('补录: the title is all between the unit and a date at the end')
def _():
    o = Office()
    for title in ('保供应、稳物价成效明显', '春耕备播 进展顺利', '《保供应，稳物价》；再发力',
                  '3月5日，全县 动员', '2019年工作要点', '财政运行情况 2019年3月'):
        done(o, f'补录 财政局 {title} 2019-03-08', f'《{title}》，2019年3月8日')
    done(o, '补录 财政局 市政府第3期、刊发', '《市政府第3期、刊发》，2019年3月20日')
    o.mail(STAFF, '补录', '补录 财政局 保供应、稳物价 2019-03-05。', at=NOW)
    answer = one(o.poll(NOW), STAFF)
    true('《保供应、稳物价》，2019年3月5日' in answer.text, answer)
    o.close()


@test('补录: a date that is none, or stands elsewhere, is refused')
def _():
    o = Office()
    for order in ('保供应 2019-03-32', '保供应 昨天', '2019-03-05 保供应',
                  '保供应 2019-03-05 补登', '保供应 2019年3月'):
        refused(o, f'补录 财政局 {order}', '不能作为日期')
    refused(o, '补录 财政局 2019-03-05', '写法：补录')
    equal(o.json(NOW, 'list'), [])
    o.close()


@test('字段= runs to the next 字段=: 改, 受理')
def _():
    o = office()
    done(o, '改 2019-0001 标题=保供应、稳物价，再 发力 报送人=张三、李四',
         '标题=保供应、稳物价，再 发力、报送人=张三、李四')
    first = o.json(NOW, 'list')[0]
    equal((first['title'], first['submitter']),
          ('保供应、稳物价，再 发力', '张三、李四'))
    refused(o, '改 2019-0001 标题=', '写法：改')
    refused(o, '改 2019-0001 标题=甲 标提=乙', '没有“标提”这个字段')
    o.mail(UNIT, '春耕-县某某局-张敏-0539-6201000', at='2019-03-19 09:00',
           draft=TEXT)
    o.poll('2019-03-19 10:00')
    done(o, '受理 待-1 单位=财政局 标题=保供应、稳物价', '《保供应、稳物价》')
    o.close()


@test('more than 500 orders: the rest is not done, and that is said')
def _():
    o = Office()
    lines = '\n'.join(f'补录 财政局 题目{n} 2019-03-02' for n in range(502))
    refused(o, lines, '一次最多办理500条命令。从“补录 财政局 题目500 2019-03-02”起的2行')
    equal(len(o.json(NOW, 'list')), 500)
    o.mail(STAFF, '命令', lines.replace('题目', '再报'), at=NOW)
    answer = one(o.poll(NOW), STAFF)
    true('办理500条，未办2条' in answer.subject, answer.subject)
    true('题目' not in answer.text and '起的2行没有办理' in answer.text)
    equal(len(o.json(NOW, 'list')), 1000)
    done(o, lines.replace('题目', '三报')[:-1].rsplit('\n', 2)[0])
    o.close()


@test('a line of a mail that names a number is answered, prose is not')
def _():
    o = office()
    o.mail(STAFF, '命令', '标注 2019-0001 普刊 2019-03-12\n取消 2019-0002 普刊\n'
           '请作废待-3\n标注2019-0002 简讯\n以上请于2019-03-21前办理，'
           '电话0539-6106766\n谢谢', at=NOW)
    answer = one(o.poll(NOW), STAFF)
    true('办理1条，未办3条' in answer.subject, answer)
    for word in ('没有“取消”这个命令', '没有“请作废待-3”', '没有“标注2019-0002”'):
        true(word in answer.text, answer)
    true('谢谢' not in answer.text and '6106766' not in answer.text, answer)
    o.close()


@test('reasons, notes and names are kept as written')
def _():
    o = office()
    o.mail(UNIT, '春耕-县某某局-张敏-0539-6201000', at='2019-03-19 09:00',
           draft=TEXT)
    o.poll('2019-03-19 10:00')
    done(o, '退回 待-1 缺数据，请补充、完善；再报', '已退回')
    letter = one(o.poll(NOW), UNIT)
    true('缺数据，请补充、完善；再报' in letter.text, letter)
    done(o, '约稿 春耕情况\n截止：3月25日\n单位：税务局')
    done(o, '免约 2019-01 税务局 已函告，另行报送、不再催')
    done(o, '查询 约稿2019-01', '免约（已函告，另行报送、不再催）')
    done(o, '紧急 2019-0001 发生=3月4日 9:30 某村火灾，无伤亡', '《某村火灾，无伤亡》')
    o.close()


@test('show prints why a draft was withdrawn, and which mark was revoked')
def _():
    o = office()
    done(o, '标注 2019-0001 普刊 2019-03-12')
    done(o, '撤销 2019-0001 普刊 误登，已核')
    done(o, '退稿 2019-0001 来源不明；请核对')
    shown = o.run(NOW, 'show', '2019-0001')
    true(re.search('revoke .*普刊.* 误登，已核\n', shown), shown)
    true(re.search('withdraw withdrawn 来源不明；请核对\n', shown), shown)
    o.close()


@test('改 and 受理 write no category, phone or extension that cannot be')
def _():
    o = office()
    o.mail(UNIT, '春耕-县某某局-张敏-0539-6201000', at='2019-03-19 09:00',
           draft=TEXT)
    o.poll('2019-03-19 10:00')
    for order in ('改 2019-0001', '受理 待-1 单位=财政局'):
        refused(o, f'{order} 类别=胡说', '没有“胡说”这个类别',
                '类别有：一般性信息、专报类信息')
        refused(o, f'{order} 类别=专报信息', '是否要写“专报类信息”')
        for bad in ('abc', '123', '6106766张三', '6106766转601'):
            refused(o, f'{order} 电话={bad}', f'“{bad}”不是电话号码')
        refused(o, f'{order} 分机=x', '不是分机号')
    equal(len(o.json(NOW, 'list')), 2)
    many = ['05396106766', '6109100']
    done(o, '改 2019-0001 电话=0539-6106766/6109100 类别=专报类信息 分机=8012、601')
    done(o, '受理 待-1 单位=财政局 标题=春耕备播 电话=０５３９－６１０６７６６、6109100 '
         '类别=一般性信息')
    first, _, last = o.json(NOW, 'list')
    equal((first['phones'], first['category']), (many, '专报类信息'))
    equal((last['phones'], last['category']), (many, '一般性信息'))
    o.close()


finish()
