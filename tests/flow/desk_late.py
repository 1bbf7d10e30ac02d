#!/usr/bin/python3
"""Every order about a fact of a published period is taken, and its answer
says that it will be an adjustment; one about another period says nothing."""
from desk_office import TEXT, Office
from tap import equal, finish, test, true

SAYS = '属于已发布的通报，原通报不变，下期作为调整项列出'
NOW = '2019-04-02 09:00'


def office():
    o = Office()
    for n in range(1, 6):
        o.desk('2019-03-05 09:00', f'补录 财政局 三月信息{n} 2019-03-05')
    o.desk('2019-03-06 09:00', '约稿 春耕情况\n截止：3月10日\n单位：财政局、税务局')
    for n in (1, 2):
        o.mail('a@x.example', f'春耕备播第{n}件-县某某局-张敏-0539-6201000',
               at='2019-03-06 10:00', draft=TEXT + f'第{n}件。' * 9)
    o.poll('2019-03-06 10:01')
    o.desk(NOW, '发布 2019-03')
    equal(o.code, 0)
    return o


@test('each order says that it is an adjustment, once')
def _():
    o = office()
    for order in ('标注 2019-0001 普刊 2019-03-12', '撤销 2019-0001 普刊',
                  '记分 财政局 以干代训 2019-03-12 跟班',
                  '补录 税务局 漏登的信息 2019-03-06',
                  '退稿 2019-0003 不实', '改 2019-0004 单位=民政局',
                  '联合 2019-0005 财政局 商务局',
                  '受理 待-1 单位=财政局', '清除 2019-0002',
                  '免约 2019-01 税务局 已函告',
                  '紧急 2019-0001 发生=3月4日8时', '撤销命令 10'):
        said = o.desk('2019-04-02 10:00', order)
        equal(o.code, 0, said)
        equal(said.count(SAYS), 1, f'{order}: {said}')
    o.close()


@test('of the running period none says so')
def _():
    o = office()
    for order in ('补录 税务局 四月信息 2019-04-01',
                  '标注 2019-0006 普刊 2019-04-02', '改 2019-0001 报送人=张三',
                  '改 2019-0006 单位=财政局', '退稿 2019-0006 不实', '撤销命令 12'):
        said = o.desk('2019-04-02 10:00', order)
        equal(o.code, 0, said)
        true(SAYS not in said, f'{order}: {said}')
    o.close()


finish()
