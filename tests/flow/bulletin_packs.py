#!/usr/bin/python3
"""A played period under each pack: the workbook and the 通报 that come of it,
read by openpyxl, python-docx and LibreOffice, against `scores --json`.

With $KEEP=FOLDER the files are left there, to be looked at."""
import os
import shutil
import subprocess
import tempfile
from decimal import Decimal

import docx
import openpyxl
from docx.oxml.ns import qn

from office import ADDRESS, GUARD, ROOT, STAFF, Office, text_of
from tap import Skip, equal, finish, test, true

FOLDER = tempfile.mkdtemp(prefix='baosong-packs-')
MADE = {}       # path of a workbook -> its scores, how it was compared


class Played(Office):
    """An office under one pack; `units` is a roster of its own."""

    def __init__(self, pack, office, units=None):
        folder = f'{FOLDER}/{pack}-{len(os.listdir(FOLDER))}'
        os.makedirs(folder)
        super().__init__(folder)
        rules = pack
        if units:
            rules = 'rules'
            shutil.copytree(f'{ROOT}/mailrules/{pack}', f'{folder}/rules')
            with open(f'{folder}/rules/roster.yaml', 'w') as f:
                f.write('units:\n' + ''.join(
                    f'  - {{name: {name}, class: {k}}}\n'
                    for k, names in units.items() for name in names.split()))
        with open(self.config, 'w') as f:
            f.write(f'office: {office}\nrules: {rules}\n'
                    f'mailbox: maildir:mailbox\noutgoing: maildir:outgoing\n'
                    f'address: {ADDRESS}\ndata: data\nledger-at: never\nstaff:\n'
                    f'  - {{name: 王芳, address: {STAFF}}}\n')

    def desk(self, now, orders):
        return self.must('desk', '-', now=now, stdin=orders)

    def bulletin(self, period, now):
        path = f'{self.folder}/{period}.xlsx'
        self.must('bulletin', period, '-o', path, now=now)
        return path


def entered(lines):
    """Orders that enter submissions and mark them: "unit title day item ..."
    with an item as 名称@日."""
    year = lines.split()[0]
    orders, n = [], 0
    for line in lines.strip().splitlines()[1:]:
        unit, title, day, *items = line.split()
        n += 1
        orders.append(f'补录 {unit} {title} {year}-{day}')
        for item in items:
            name, at = item.split('@') if '@' in item else (item, day)
            if name.startswith('类别='):
                orders.append(f'改 {year}-{n:04} {name}')
            else:
                orders.append(f'标注 {year}-{n:04} {name} {year}-{at}')
    return '\n'.join(orders) + '\n'


# ---- the five offices ----

def tancheng():
    o = Played('tancheng-2019', '郯城县人民政府办公室')
    o.desk('2019-03-01 09:00', '约稿 减税降费政策落实情况\n截止：3月10日17时\n'
           '单位：税务局、财政局、统计局\n层级：市\n要求：附数据\n')
    o.desk('2019-03-09 09:00', '免约 2019-01 统计局 已函告不属职责\n')
    o.desk('2019-04-01 09:00', entered('''2019
        县农业农村局 春耕备播进展顺利 03-05 普刊@03-08 市专报采用@03-20
        县农业农村局 农机检修完成九成 03-11 简讯@03-12
        县财政局 直达资金台账专人专管 03-06 普刊@03-12 县领导批示@03-15
        县商务局 春节市场供应充足 03-07 市普刊采用@03-18
        县商务局 步行街改造方案 03-09
        县科技局 高新技术企业申报 03-12 省专报采用@03-28
        县发改局 重点项目开工 03-20
        县水利局 局长调研 03-22 低质量信息@03-23
        县民政局 城乡低保提标 03-25 报市办@03-26 市领导批示@03-29
        郯城街道 老旧小区改造 03-26 普刊@03-27
        郯城经济开发区 技改项目加快推进 03-27
        ''') + '记分 县人社局 以干代训 2019-03-31 ×2 跟班两人\n'
           '记分 县应急管理局 重大信息未报 2019-03-30 化工厂险情漏报\n')
    return o


def haicheng():
    o = Played('haicheng-2019', '北海市海城区人民政府办公室')
    o.desk('2019-04-09 09:00', entered('''2019
        区财政局 预算执行平稳 01-10 类别=动态 采用@01-25
        区财政局 专项债券使用情况调研 01-20 类别=调研 市采用@02-11
        区财政局 减税降费政策落实 02-20 类别=动态
        区财政局 国库集中支付 02-21 类别=动态
        区财政局 直达资金 03-05 类别=动态 采用@03-25
        区财政局 基层财政困难 03-15 类别=问题
        区教育局 中小学开学 02-18 类别=动态 采用@02-25
        东街街道办事处 占道经营反弹 01-15 类别=问题
        东街街道办事处 老旧小区停车难 02-15 类别=问题 采用@02-28
        东街街道办事处 网格化管理 03-15 类别=经验
        区档案局 档案数字化调研 03-05 类别=调研
        '''))
    return o


def panyu():
    o = Played('panyu-2010', '广州市番禺区人民政府办公室')
    o.desk('2011-01-05 09:00', entered('''2010
        沙湾镇 水乡文化节筹备 01-10 门户网站@01-12
        沙湾镇 外来务工人员返岗 01-20 政务动态@01-22 区领导批示@01-25
        区教育局 义务教育均衡发展 01-11 类别=综合调研 信息上报@02-01 市采用@03-01
        区财政局 国库集中支付 02-10 类别=标题信息 信息上报@02-12
        区妇联 妇女维权站 04-10 门户网站@04-12
        区教育局 校舍安全工程 05-11 类别=综合调研 信息上报@06-01 省批示@07-02
        ''') + '''记分 沙湾镇 门户网站 2010-03-10 ×4 补登四条
记分 区财政局 受批评 2010-03-20 报送材料失实
记分 石基镇 门户网站 2010-02-10 ×9 补登九条
记分 石基镇 门户网站 2010-05-10 ×9 补登九条
记分 石基镇 门户网站 2010-08-10 ×9 补登九条
记分 石基镇 门户网站 2010-11-10 ×9 补登九条
记分 区妇联 门户网站 2010-11-12 ×5 补登五条
''')
    return o


def sample_city():
    o = Played('sample-city', '某某市人民政府办公室', {
        '乡镇': '甲镇 乙镇 丙镇 丁乡', '综合部门': '市发改委 市财政局',
        '其他部门': '市教育局 市体育局'})
    o.desk('2010-01-04 09:00', entered('''2009
        市财政局 财政收入平稳增长 03-01 快报@03-02 上级市采用@03-10 国办采用@03-20
        甲镇 春季植树 03-03 专期@03-10
        甲镇 森林防火 03-05
        市教育局 中小学安全 03-09
        ''') + '''记分 市财政局 快报 2009-06-01 ×48 补登
记分 市发改委 快报 2009-06-01 ×39 补登
记分 市教育局 快报 2009-06-01 ×27 补登
记分 甲镇 快报 2009-06-01 ×75 补登
记分 甲镇 重大信息迟报漏报 2009-08-02 洪涝灾情迟报
记分 乙镇 快报 2009-06-01 ×45 补登
记分 丙镇 快报 2009-06-01 ×29 补登
''')
    return o


def haidong():
    o = Played('haidong-2023', '海东市人民政府办公室', {
        '县区': '乐都区 平安区 民和县 互助县 化隆县 循化县',
        '市直部门单位': '海东工业园区 市发改委 市教育局 市农业农村局'})
    o.desk('2023-03-01 09:00', '约稿 稳就业政策落实情况\n截止：3月10日18时\n'
           '单位：市发改委、市教育局\n要求：附数据\n')
    o.desk('2023-04-03 09:00', entered('''2023
        市教育局 义务教育优质均衡 03-01 海东单篇@03-05 青海单篇@03-20
        互助县 土族盘绣带动就业 03-02 青海动态@03-12
        互助县 设施农业 03-04 海东动态@03-10 肯定性批示@03-15
        市农业农村局 春耕备耕 03-06 海东单篇@03-09 国办综合采用@03-30
        ''') + '记分 民和县 漏报 2023-03-22 山体滑坡未报\n')
    return o


# ---- checks ----

def header(sheet):
    """{(group, heading): column} of the two-level header."""
    spans = {}
    for r in sheet.merged_cells.ranges:
        if r.min_row == r.max_row == 3:
            for column in range(r.min_col, r.max_col + 1):
                spans[column] = sheet.cell(3, r.min_col).value
    out = {}
    for column in range(1, sheet.max_column + 1):
        upper, lower = (sheet.cell(r, column).value for r in (3, 4))
        if lower:
            out[(spans.get(column, upper), lower.split('\n')[0])] = column
        elif upper:
            out[(None, upper.split('\n')[0])] = column
    return out


def tables(sheet):
    """{class: [row numbers]} by the captions, without totals and notes."""
    out, rows = {}, None
    for r in range(5, sheet.max_row + 1):
        first = sheet.cell(r, 1).value
        if isinstance(first, str) and '、' in first[:3]:
            rows = out.setdefault(first.split('、', 1)[1], [])
        elif first == '合计':
            break
        elif rows is not None:
            rows.append(r)
    return out


def number(value):
    return None if value is None else Decimal(str(value))


def heading_of(columns, name, label):
    """The column of an item: by its name, or by its label."""
    for word in (name, label):
        for (group, heading), column in columns.items():
            if heading == word and group is not None:
                return column
    return next((column for word in (label, name)
                 for (group, heading), column in columns.items()
                 if heading == word), None)


def same_counts(sheet, columns, row, unit, labels, absent):
    for item, n in unit['counts'].items():
        if item in absent:
            continue
        column = heading_of(columns, item, labels.get(item, item))
        true(column, f'no column for {item}: {sorted(map(str, columns))}')
        equal(number(sheet.cell(row, column).value), number(n),
              f'{unit["name"]} {item}')


def printed(period, bulletin):
    """2010-Q1 in a bulletin of 2010: as the table calls it."""
    year, _, part = period.partition('-')
    if period == bulletin:
        return '完成'
    if not part:
        return f'{year}年度'
    if part[0] == 'Q':
        return f'第{"一二三四"[int(part[1]) - 1]}季度'
    return f'{int(part)}月份'


def same_targets(sheet, columns, row, unit, bulletin, streaks, many):
    for t in unit['targets']:
        what = f'{unit["name"]} {t["metric"]} {t["period"]}'
        actual = number(t['actual'])
        if t['metric'] in streaks:
            if t is [x for x in unit['targets']
                     if x['metric'] == t['metric']][-1]:
                column = columns[(None, t['metric'])]
                equal(number(sheet.cell(row, column).value), actual, what)
            continue
        column = columns[(t['metric'], '目标')]
        equal(number(sheet.cell(row, column).value), number(t['target']), what)
        if t['metric'] in many:
            continue
        column = columns[(t['metric'], printed(t['period'], bulletin))]
        cell = sheet.cell(row, column)
        equal(number(cell.value), actual, what)
        equal(cell.fill.fgColor.rgb == 'FFD9D9D9', t['met'] is False, what)


def same_row(sheet, columns, r, u, bulletin, labels, absent=(), streaks=(),
             many=(), points=True, adjusted=False):
    wanted = {'报送': u['submitted'], '采用': u['adopted']}
    if points:
        wanted |= {'本期得分': u['points'], '累计得分': u['points_to_date'],
                   '排名': u['rank']}
    if adjusted:
        wanted['调整'] = u['adjustment']
    for heading, n in wanted.items():
        cell = sheet.cell(r, columns[(None, heading)]).value
        equal(number(cell), number(n), f'{u["name"]} {heading}')
    same_counts(sheet, columns, r, u, labels, absent)
    same_targets(sheet, columns, r, u, bulletin, streaks, many)


def wide(name):
    """Between Chinese characters wide brackets stand."""
    return name.replace('(', '（').replace(')', '）')


def classes_of(scores):
    return list(dict.fromkeys(u['class'] for u in scores['units']))


def same_as_scores(path, scores, labels, **how):
    """Every cell of 通报 that `scores` has a figure for."""
    sheet = openpyxl.load_workbook(path)['通报']
    columns = header(sheet)
    points = how.get('points', True)
    equal((None, '排名') in columns, points, 'ranks')
    equal((None, '本期得分') in columns, points, 'points')
    equal((None, '调整') in columns, how.get('adjusted', False), 'adjustments')
    shown = tables(sheet)
    equal(list(shown), [wide(k) for k in classes_of(scores)])
    for name, rows in shown.items():
        units = [u for u in scores['units'] if wide(u['class']) == name]
        equal([sheet.cell(r, columns[(None, '单位')]).value for r in rows],
              [u['name'] for u in units], f'order of {name}')
        for r, u in zip(rows, units):
            same_row(sheet, columns, r, u, scores['period'], labels, **how)
    total = next(r for r in range(5, sheet.max_row + 1)
                 if sheet.cell(r, 1).value == '合计')
    equal(sheet.cell(total, columns[(None, '报送')]).value, scores['received'])
    equal(sheet.cell(total, columns[(None, '采用')]).value, scores['adopted'])
    return columns


def labels_of(scores):
    """haicheng's adoptions earn no points: no line has their label"""
    return {'采用': '区采用', **{line['item']: line['label']
                           for u in scores['units'] for line in u['lines']}}


def notice(path):
    return docx.Document(path[:-len('xlsx')] + 'docx')


def lines(document):
    return [p.text for p in document.paragraphs]


def section(document, heading):
    """The paragraphs under a heading, found without its number."""
    start = next(i for i, line in enumerate(lines(document))
                 if line.split('、', 1)[-1] == heading)
    out = []
    for p in document.paragraphs[start + 1:]:
        if p.style.name.lower().startswith('heading') or not p.text:
            break
        out.append(p.text)
    return out


def in_order(document, *words):
    text, at = '\n'.join(lines(document)), 0
    for word in words:
        found = text.find(word, at)
        true(found >= 0, f'{word} is not there, or not in its place:\n{text}')
        at = found


def font(document, style):
    fonts = document.styles[style].element.rPr.find(qn('w:rFonts'))
    return fonts.get(qn('w:eastAsia'))


def in_official_layout(document):
    """GB/T 9704-2012, as another program reads it."""
    first = document.sections[0]
    equal([round(x.mm) for x in (
        first.page_width, first.page_height, first.top_margin,
        first.bottom_margin, first.left_margin, first.right_margin)],
        [210, 297, 37, 35, 28, 26])
    title = next(p for p in document.paragraphs if p.style.name == 'Title')
    equal((title.style.font.size.pt, font(document, 'Title')),
          (22, '方正小标宋简体'))
    equal(document.styles['Normal'].paragraph_format.line_spacing.pt, 28.95)
    equal((font(document, 'Body Text'), font(document, 'Heading 1'),
           font(document, 'Heading 2')),
          ('仿宋_GB2312', '黑体', '楷体_GB2312'))
    first_line = document.styles['Body Text'].element.pPr.find(qn('w:ind'))
    equal(first_line.get(qn('w:firstLineChars')), '200')
    true(document.settings.odd_and_even_pages_header_footer)
    for part in (first.footer, first.even_page_footer):
        equal(part.paragraphs[0].text.replace(' ', ''), '—1—')


def same_tables(document, scores, points=True):
    """The annex has the figures of `scores`, a table for each class."""
    for name, table in zip(classes_of(scores), document.tables):
        units = [u for u in scores['units'] if u['class'] == name]
        heads = [c.text for c in table.rows[0].cells]
        texts = [[c.text for c in r.cells] for r in table.rows]
        body = [r for r in texts if r[1] in {u['name'] for u in units}]
        equal([r[1] for r in body], [u['name'] for u in units])
        for r, u in zip(body, units):
            cells = dict(zip(heads, r))
            wanted = {'报送': u['submitted'], '采用': u['adopted']}
            if points:
                wanted |= {'本期得分': u['points'], '累计得分': u['points_to_date']}
            for heading, n in wanted.items():
                equal(Decimal(cells[heading]), Decimal(n),
                      f'{u["name"]} {heading}')


def same_tasks(path, scores, streaks):
    """任务完成情况: a line a unit that has tasks, every period in it."""
    sheet = openpyxl.load_workbook(path)['任务完成情况']
    heads = header_whole(sheet)
    rows = unit_rows(sheet)
    equal({u['name'] for u in scores['units'] if u['targets']},
          {name for name in rows if name and name != '单位'})
    for u in scores['units']:
        judged = [t for t in u['targets'] if t['metric'] not in streaks]
        for t in judged:
            column = heads[(t['metric'],
                            printed(t['period'], scores['period']))]
            cell = sheet.cell(rows[u['name']], column)
            what = f'{u["name"]} {t["metric"]} {t["period"]}'
            equal(number(cell.value), number(t['actual']), what)
            equal(cell.fill.fgColor.rgb == 'FFD9D9D9', t['met'] is False, what)
        if judged:
            equal(sheet.cell(rows[u['name']], heads[(None, '完成情况')]).value,
                  outcome([t['met'] for t in judged]), u['name'])


def outcome(met):
    done, judged = met.count(True), len(met) - met.count(None)
    if not judged:
        return '未到期'
    if done in (0, judged):
        return '完成' if done else '未完成'
    return f'{judged}项完成{done}项'


def header_whole(sheet):
    """As header(), of headings in two lines."""
    for row in sheet.iter_rows(min_row=3, max_row=4):
        for cell in row:
            if isinstance(cell.value, str):
                cell.value = cell.value.replace('\n', '')
    return header(sheet)


def one_row_each(book):
    """表扬批评: what is said of a unit, good or bad, is one row."""
    if '表扬批评' in book.sheetnames:
        said = [(r[1].value, r[2].value)
                for r in book['表扬批评'].iter_rows(min_row=3)]
        equal(len(said), len(set(said)), str(said))


def good(o, period, now, **how):
    """Both files of a period against its scores; (columns, document)."""
    path = o.bulletin(period, now)
    scores = o.json('scores', period, now=now)
    columns = same_as_scores(path, scores, labels_of(scores), **how)
    document = notice(path)
    in_official_layout(document)
    same_tables(document, scores, how.get('points', True))
    same_tasks(path, scores, how.get('streaks', ()))
    one_row_each(openpyxl.load_workbook(path))
    MADE[path] = (scores, how)
    return columns, document


def unit_rows(sheet):
    return {sheet.cell(r, 2).value: r for r in range(5, sheet.max_row + 1)}


# ---- the five regulations ----

@test('tancheng, a month: groups by level, deductions, a veto, commissions')
def _():
    o = tancheng()
    columns, d = good(o, '2019-03', '2019-04-01 09:00')
    true({('县采用', '普刊'), ('市采用', '市专报采用'), ('省采用', '省专报采用'),
          ('批示', '市领导批示'), ('批示', '县领导批示'), ('加分项', '以干代训')}
         <= set(columns), str(columns))
    true((None, '国办采用') in columns, 'a group without a mark keeps a column')
    in_order(d, '关于2019年3月份全县政务信息采用情况的通报',
             '各乡镇（街道、开发区、景区），各县直部门单位：', '一、总体情况',
             '共收到各单位报送信息11条，采用7条', '约稿《减税降费政策落实情况》',
             '通报批评', '县应急管理局：化工厂险情漏报，取消年度选优资格。', '扣分情况',
             '零报送单位：', '工作要求', '附件：1.', '郯城县人民政府办公室\n2019年4月1日',
             '附件1', '附件2')
    equal(section(d, '约稿完成情况'),
          ['约稿《减税降费政策落实情况》（2019年3月10日17时截止）：'
           '未完成的有县税务局、县财政局；免约的有县统计局。'])
    true('县水利局：低质量信息，扣0.5分。' in section(d, '扣分情况'))
    true('〔' not in '\n'.join(lines(d)), 'a document number nobody gave')
    idle = section(d, '零报送、零采用情况')
    true('县统计局' in idle[0] and '县发改局' in idle[1]
         and '县统计局' not in idle[1], str(idle))


@test('haicheng, a quarter and a month: tasks, no points, a blank is no zero')
def _():
    o = haicheng()
    columns, d = good(o, '2019-Q1', '2019-04-09 09:00', points=False,
                      absent=('报送',))
    true({('月报送', '目标'), ('月报送', '1月份'), ('月报送', '3月份'),
          ('季采用', '完成'), ('季调研', '完成'), ('季问题', '完成')}
         <= set(columns), str(columns))
    book = openpyxl.load_workbook(f'{o.folder}/2019-Q1.xlsx')
    sheet = book['通报']
    rows = unit_rows(sheet)
    blank = [sheet.cell(rows['区档案局'], columns[(m, h)]).value
             for m in ('季采用', '季问题') for h in ('目标', '完成')]
    equal(blank, [None] * 4, '区档案局 has no such tasks')
    equal(sheet.cell(rows['东街街道办事处'], columns[('季调研', '目标')]).value, None)
    equal([c.value for c in book['采用目录'][2]][-1], '日期', 'no points to list')
    in_order(d, '关于2019年第一季度全区政务信息采用情况的通报', '各有关单位：',
             '任务完成情况', '“季调研”任务：有任务的25个单位中，2个完成',
             '完成的有区财政局、区档案局', '2019年4月9日')
    true('得分' not in '\n'.join(lines(d)))
    good(o, '2019-01', '2019-04-09 09:00', points=False, absent=('报送',))


@test('panyu, quarter, half-year and year: targets, misses in a row, reasons')
def _():
    o = panyu()
    how = {'absent': ('季度达标', '季度未完成', '连续四季未完成'),
           'streaks': ('连续未完成季数',)}
    columns, d = good(o, '2010-Q1', '2010-04-06 09:00', **how)
    true({('区采用', '门户网站'), ('季度得分', '目标'), ('季度得分', '完成'),
          ('年度得分', '2010年度'), (None, '连续未完成季数'), (None, '备注')}
         <= set(columns), str(columns))
    named = '\n'.join(section(d, '通报批评'))
    # of so many the text is said once, the results behind the names
    true(named.startswith('书面通报批评（59个单位）：新造镇、南村镇、')
         and '；区财政局（季度得分第一季度-5，目标18）；' in named, named)
    good(o, '2010-H1', '2010-07-06 09:00', **how)
    in_order(notice(f'{o.folder}/2010-H1.xlsx'),
             '关于2010年上半年全区政务信息采用情况的通报')
    columns, d = good(o, '2010', '2011-01-05 09:00', **how)
    true({('季度得分', '第一季度'), ('季度得分', '第四季度'), ('年度得分', '完成'),
          ('达标季数', '完成'), ('四季全部达标', '排名')} <= set(columns),
         str(columns))
    book = openpyxl.load_workbook(f'{o.folder}/2010.xlsx')
    sheet = book['通报']
    rows = unit_rows(sheet)
    equal(sheet.cell(rows['石基镇'], columns[('四季全部达标', '排名')]).value, 1)
    equal(sheet.cell(rows['沙湾镇'], columns[(None, '备注')]).value, '书面通报批评')
    named = '\n'.join(section(d, '通报批评'))
    true('；新造镇、南村镇、' in named and '（季度得分第一季度0、第二季度0、'
         '第三季度0、第四季度0，目标18）' in named, named)
    true('\n对分管领导和信息员通报批评，建议更换信息员（58个单位）：' in named
         and named.endswith('（连续未完成季数4）。'), named)
    reasons = {(r[1].value, r[2].value, r[4].value)
               for r in book['表扬批评'].iter_rows()}
    true(('沙湾镇', '批评', '季度得分第二季度0、第三季度0、第四季度0（目标18）')
         in reasons, str(reasons))


@test('sample-city, month and year: task, excess, awards, a veto')
def _():
    o = sample_city()
    columns, d = good(o, '2009-03', '2009-04-02 09:00')
    true(('月报送', '完成') in columns and ('年度得分', '2009年度') in columns,
         str(columns))
    columns, d = good(o, '2009', '2010-01-04 09:00', many=('月报送',),
                      absent=('年度达标',))
    sheet = openpyxl.load_workbook(f'{o.folder}/2009.xlsx')['通报']
    rows = unit_rows(sheet)

    def cells(unit, ranking, *heads):
        return [sheet.cell(rows[unit], columns[(ranking, h)]).value
                for h in heads]

    excess = ('超额率%', '排名', '荣誉')
    equal(cells('市财政局', '市直先进', *excess), [37.5, 1, '先进单位'])
    equal(cells('市教育局', '市直先进', *excess), [35, 2, '先进单位'])
    equal(cells('市发改委', '市直先进', *excess), [None] * 3, 'below the target')
    equal(cells('甲镇', '乡镇先进', '排名', '荣誉'), [1, None], 'vetoed')
    equal(cells('乙镇', '乡镇先进', '排名', '荣誉'), [2, '先进单位'])
    true('取消年度评先资格' in cells('甲镇', None, '备注')[0])
    places = {u['name']: [(r['ranking'], r['rank'], r['award'])
                          for r in u['rankings']]
              for u in o.json('scores', '2009', now='2010-01-04 09:00')['units']}
    equal(places['市财政局'], [('年度得分表', 1, None), ('市直先进', 1, '先进单位')])
    equal(places['甲镇'], [('年度得分表', 1, None), ('乡镇先进', 1, None)])
    in_order(d, '各乡镇，各综合部门，各有关单位：', '通报表扬',
             '市财政局：年度得分55，超额37.5%，列市直先进第1名，评为先进单位；'
             '国办采用《财政收入平稳增长》，予以表彰。', '乙镇：年度得分45，列乡镇先进第2名',
             '通报批评', '甲镇：洪涝灾情迟报，取消年度评先资格', '2010年1月4日')
    true('2009年度各期“月报送”任务：有任务的8个单位均未完成。'
         in section(d, '任务完成情况'))


@test('haidong, a quarter: praise and criticism by name, with the reason')
def _():
    o = haidong()
    _, d = good(o, '2023-Q1', '2023-04-03 09:00')
    equal(section(d, '通报表扬'), [
        '互助县：肯定性批示《设施农业》，按东办发〔2016〕17号奖励。',
        '市教育局：青海单篇《义务教育优质均衡》，按东办发〔2016〕17号奖励。',
        '市农业农村局：国办综合采用《春耕备耕》，按东办发〔2016〕17号奖励。'])
    equal(sorted(section(d, '通报批评')), [
        '市教育局、市发改委：约稿《稳就业政策落实情况》，不报。',
        '民和县：山体滑坡未报，漏报。'])
    true(section(d, '零报送、零采用情况')[0].startswith('零报送单位：乐都区、平安区'))


# ---- a pack of every standing ----

PACK = '''pack: office
title: 示例办法
version: 1
effective: 2019-01-01
joint: full
bulletin: {kind}
{more}classes:
  - name: 单位
    units: [财政局, 教育局]
  - {{name: 参与, standing: listed, units: [人民银行]}}
  - {{name: 本办, standing: uncredited, units: [信息科]}}
  - {{name: 内部, standing: hidden, units: [秘书科]}}
groups:
  - {{name: 采用, keep: all}}
  - {{name: 稿费, keep: all, currency: 元}}
items:
  - {{name: 报送, when: submitted, clause: 一}}
  - {{name: 普刊, group: 采用, points: 3, clause: 二}}
  - {{name: 批评, group: 采用, points: -1, effect: criticism, clause: 三}}
  - {{name: 稿酬, group: 稿费, points: 20, clause: 四}}
measures: [{{name: 得分, points: [all]}}, {{name: 采用数, count: [普刊]}}]
examples:
  - name: 3分
    facts:
      - {{date: 2019-03-05, submit: a, unit: 财政局}}
      - {{date: 2019-03-12, mark: 普刊, of: a}}
    expect:
      - {{unit: 财政局, period: 2019-03, points: 3}}
'''


def small(kind='month', more=''):
    """An office whose pack has every standing of a class, and a currency."""
    o = Played('rules', '某县人民政府办公室')
    os.mkdir(f'{o.folder}/rules')
    with open(f'{o.folder}/rules/pack.yaml', 'w') as f:
        f.write(PACK.format(kind=kind, more=more))
    return o


def played_small(**how):
    o = small(**how)
    o.desk('2019-04-01 09:00', entered('''2019
        财政局 甲 03-05 普刊@03-12 稿酬@03-12
        人民银行 乙 03-06 普刊@03-13 普刊@03-14
        信息科 丙 03-07 普刊@03-15
        秘书科 丁 03-08 普刊@03-16
        ''') + '记分 秘书科 批评 2019-03-20 内部\n')
    return o


@test('standings: listed without a rank, uncredited in totals, hidden nowhere')
def _():
    o = played_small()
    path = o.bulletin('2019-03', '2019-04-01 09:00')
    book = openpyxl.load_workbook(path)
    sheet = book['通报']
    columns = header(sheet)
    rows = unit_rows(sheet)
    heads = ('排名', '报送', '采用', '本期得分', '金额（元）')

    def cells(unit):
        return [sheet.cell(rows[unit], columns[(None, h)]).value for h in heads]

    equal(cells('财政局'), [1, 1, 1, 3, 20])
    equal(cells('教育局'), [2, 0, 0, 0, 0])
    equal(cells('人民银行'), [None, 1, 1, 6, 0])
    equal(cells('信息科'), [None, 1, 1, None, None])
    equal(list(tables(sheet)), ['单位', '参与（不参加排名）', '本办（计入总数，不计分）'])
    total = next(r for r in range(5, sheet.max_row + 1)
                 if sheet.cell(r, 1).value == '合计')
    equal([sheet.cell(total, columns[(None, h)]).value for h in ('报送', '采用')],
          [4, 4])
    listed = list(book['采用目录'].iter_rows(min_row=3, values_only=True))
    equal([r[3] for r in listed], ['甲', '乙', '乙', '丙'])
    equal([r[7] for r in listed], [3, 3, 3, 0], 'nothing for the office itself')
    for s in book.worksheets:
        for row in s.iter_rows(values_only=True):
            true('秘书科' not in str(row), f'{s.title}: {row}')
    text = '\n'.join(lines(notice(path)))
    true('秘书科' not in text and '共收到各单位报送信息4条，采用4条' in text, text)
    true('零报送单位：教育局。' in text, text)


@test('odd periods: in titles, in file names, of unusual length')
def _():
    o = played_small(more='periods: [{name: 2019-Q1, from: 2019-01-01, '
                     'to: 2019-04-10}]\n')
    for period, name in (
            ('2019-W10', '2019年第10周'), ('2019-H1', '2019年上半年'),
            ('2019-01-01..2019-03-31', '2019年1月1日至3月31日'),
            ('2019-03-12', '2019年3月12日'), ('2019', '2019年度'),
            ('2019-Q1', '2019年第一季度')):
        path = o.bulletin(period, '2020-01-06 09:00')
        title = f'关于{name}全县政务信息采用情况的通报'
        sheet = openpyxl.load_workbook(path)['通报']
        equal(sheet['A1'].value, title)
        equal(lines(notice(path))[0], title)
    true('2019年1月1日至2019年4月10日' in sheet['A2'].value, sheet['A2'].value)
    true('2020年1月6日9时' in sheet['A2'].value, 'cut-off in Chinese form')
    out = o.must('bulletin', '2019-Q1', now='2020-01-06 09:00').out.split()
    equal(out, ['bulletin-2019-Q1.xlsx', 'bulletin-2019-Q1.docx'])
    true(os.path.exists(f'{o.folder}/bulletin-2019-Q1.docx'))


@test('F12r the same facts give the same bytes of both files')
def _():
    o = played_small()
    made = []
    for name in ('a', 'b'):
        o.must('bulletin', '2019-03', '-o', f'{name}.xlsx',
               now='2019-04-01 09:00')
        made.append(files(o, name))
    true(made[0] == made[1])


def files(o, stem):
    out = []
    for suffix in ('xlsx', 'docx'):
        with open(f'{o.folder}/{stem}.{suffix}', 'rb') as f:
            out.append(f.read())
    return out


@test('run drafts for the period of the pack, with both files')
def _():
    for kind, now, code in (('week', '2019-03-11 09:00', '2019-W10'),
                            ('quarter', '2019-04-01 09:00', '2019-Q1'),
                            ('half', '2019-07-01 09:00', '2019-H1'),
                            ('year', '2020-01-01 09:00', '2019')):
        o = small(kind)
        o.poll(now='2019-03-04 09:00')
        o.poll(now=now)
        o.poll(now=now)
        drafts = [m for m in o.sent(STAFF) if m['Subject'].startswith('通报稿')
                  and f'发布 {code}”' in text_of(m)]
        equal(len(drafts), 1, kind)
        title = drafts[0]['Subject'].removeprefix('通报稿：')
        names = [a.get_filename() for a in drafts[0].iter_attachments()]
        equal(names, [f'{title}.xlsx', f'{title}.docx'])


@test('a published bulletin stays: both files frozen, sent, written again')
def _():
    o = played_small()
    o.desk('2019-04-02 09:00', '信息员 财政局 张三 czj@dept.example 6201001\n')
    o.desk('2019-04-02 09:10', '发布 2019-03\n')
    o.poll(now='2019-04-02 09:11')
    mail = next(m for m in o.sent('czj@dept.example')
                if m['Subject'].startswith('关于'))
    sent = [a.get_content() for a in mail.iter_attachments()]
    o.desk('2019-04-03 09:00', '标注 2019-0001 普刊 2019-03-25\n')
    for how, same in (((), True), (('--recompute',), False)):
        o.must('bulletin', '2019-03', '-o', 'again.xlsx', *how,
               now='2019-04-03 09:01')
        equal(files(o, 'again') == sent, same, str(how))
    path = o.bulletin('2019-04', '2019-05-05 09:00')
    equal(section(notice(path), '以前各期得分调整'), ['财政局：普刊（2019-0001）加3分。'])
    sheet = openpyxl.load_workbook(path)['通报']
    column = header(sheet)[(None, '调整')]
    equal(sheet.cell(unit_rows(sheet)['财政局'], column).value, 3)


@test('LibreOffice has the same cells, and prints what an official signs')
def _():
    if not shutil.which('soffice') or not shutil.which('pdftotext'):
        raise Skip('no soffice, or no pdftotext')
    chosen = [p for p in MADE if os.path.basename(p) in (
        '2019-03.xlsx', '2019-Q1.xlsx', '2010.xlsx', '2009.xlsx',
        '2023-Q1.xlsx')]
    equal(len(chosen), 5, 'not all packs were played')
    out, books, notices = f'{FOLDER}/again', [], []
    for n, path in enumerate(chosen):
        for suffix, all_ in (('xlsx', books), ('docx', notices)):
            all_.append(f'{FOLDER}/{n}.{suffix}')
            shutil.copy(f'{path[:-4]}{suffix}', all_[-1])
    running = [subprocess.Popen(
        ['soffice', f'-env:UserInstallation=file://{FOLDER}/lo-{kind}',
         '--headless', '--convert-to', kind, '--outdir', out, *from_],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for kind, from_ in (('xlsx', books), ('pdf', notices))]
    equal([p.wait(GUARD) for p in running], [0, 0], 'soffice')
    for n, path in enumerate(chosen):
        scores, how = MADE[path]
        same_as_scores(f'{out}/{n}.xlsx', scores, labels_of(scores), **how)
        well_printed(f'{out}/{n}.pdf', os.path.basename(path))


def well_printed(pdf, what):
    text = subprocess.run(['pdftotext', '-layout', pdf, '-'], check=True,
                          stdout=subprocess.PIPE).stdout.decode()
    pages = [p.replace(' ', '') for p in text.split('\f')[:-1]]
    for n, page in enumerate(pages, 1):
        true(page.rstrip().endswith(f'—{n}—'), f'{what}: page {n} unnumbered')
    signed = next(p for p in pages if '附件：1' in p)
    true('人民政府办公室\n' in signed and '杜绝零报送' in signed,
         f'{what}: the signature is torn from the text:\n{signed}')


def keep():
    """Leave what was made where $KEEP says."""
    folder = os.environ.get('KEEP')
    if folder:
        os.makedirs(folder, exist_ok=True)
    for path in MADE if folder else ():
        for suffix in ('xlsx', 'docx'):
            shutil.copy(f'{path[:-4]}{suffix}', f'{folder}/'
                        f'{path.split("/")[-2]}-{os.path.basename(path)[:-4]}'
                        f'{suffix}')


try:
    finish()
finally:
    keep()
    shutil.rmtree(FOLDER, ignore_errors=True)
