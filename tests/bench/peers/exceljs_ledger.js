// node exceljs_ledger.js MODULES DATA.json FILE.xlsx ROWS - the program's ledger
// by exceljs, a row at a time, as it is meant for large ones: sheets, columns,
// formats, validations and conditional formats as plain_workbook.py took them
// down (its first sheet has the heading and one row), the rows made as
// write_ledger makes them.  Prints "SECONDS s ROWS", in which reading DATA is
// not.
'use strict';
const start = process.hrtime.bigint();
const fs = require('fs');
const [, , modules, data, file, rows] = process.argv;
const Excel = require(modules + '/exceljs');

const count = Number(rows);
const FIRST_DAY = 43466;        // 2019-01-01

function styleOf(plain) {
  const style = {font: {name: plain.font.name, size: plain.font.size,
                        bold: plain.font.bold}, numFmt: plain.format,
                 alignment: {horizontal: plain.across, vertical: plain.down,
                             wrapText: plain.wrap}};
  if (plain.font.colour) style.font.color = {argb: plain.font.colour};
  if (plain.fill)
    style.fill = {type: 'pattern', pattern: 'solid',
                  fgColor: {argb: plain.fill}};
  if (plain.border) {
    style.border = {};
    for (const side of ['left', 'right', 'top', 'bottom'])
      if (plain.border[side]) style.border[side] = {style: plain.border[side]};
  }
  return style;
}

// As ordinary() in tests/tools/write_ledger.c.
function ordinary(i) {
  const day = FIRST_DAY + i % 365;
  const marked = i % 3 === 0;
  return [`2019-${String(i + 1).padStart(5, '0')}`,
    day + i * 7 % 1440 / 1440, `我县第${i + 1}批重点项目建设进展情况`,
    `县第${i % 100 + 1}单位`, i % 2 ? '张敏' : '李强',
    `0539620${String(i % 10000).padStart(4, '0')}`, '一般性信息',
    300 + i % 900, null, '已受理', marked ? '普刊' : null,
    marked ? day + 3 : null, null, null, null, null, null,
    i % 5 ? null : '篇幅偏长、发件邮箱未备案', `重点项目${i + 1}.docx`];
}

function addSheet(book, plain) {
  const frozen = plain.frozen &&
    {state: 'frozen', xSplit: plain.frozen.charCodeAt(0) - 65,
     ySplit: Number(plain.frozen.slice(1)) - 1};
  const sheet = book.addWorksheet(plain.name, {
    state: plain.hidden ? 'hidden' : 'visible', views: frozen ? [frozen] : [],
    headerFooter: {oddHeader: plain.header && '&C' + plain.header,
                   oddFooter: plain.footer && '&C' + plain.footer},
    pageSetup: {paperSize: plain.paper, fitToPage: true, fitToHeight: 0,
                orientation: plain.landscape ? 'landscape' : 'portrait',
                horizontalCentered: true, printTitlesRow: plain.titles &&
                  plain.titles.replaceAll('$', '')}});
  sheet.columns = Object.keys(plain.widths).map(k => ({width: plain.widths[k]}));
  return sheet;
}

// Given out when the sheet is committed, or at once by row.commit().
function addRow(sheet, values, numbers, styles, height) {
  const row = sheet.addRow(values);
  row.height = height;
  for (let k = 0; k < numbers.length; k++)
    if (numbers[k] !== null) row.getCell(k + 1).style = styles[numbers[k]];
  return row;
}

function dateOf(day) {
  return new Date(Date.UTC(1899, 11, 30) + day * 86400000);
}

function addRules(sheet, plain) {
  for (const rule of plain.rules) {
    const style = {};
    if (rule.fill)
      style.fill = {type: 'pattern', pattern: 'solid',
                    bgColor: {argb: rule.fill}};
    if (rule.font) style.font = {color: {argb: rule.font}};
    sheet.addConditionalFormatting({ref: toEnd(rule.at), rules: [
      {type: 'expression', formulae: [rule.formula], style}]});
  }
  for (const v of plain.validations)
    sheet.dataValidations.add(toEnd(v.at), {
      type: v.type, allowBlank: true, operator: 'between',
      formulae: [v.formula1, v.formula2].filter(f => f !== null)
        .map(f => v.type === 'date' ? dateOf(Number(f)) : f),
      showErrorMessage: true, error: v.error, showInputMessage: true,
      prompt: v.prompt});
}

// A2:S51 for the rows that were taken down: A2:S50001 for these.
function toEnd(area) {
  return area.replace(/\d+$/, String(count + 1));
}

function fillLedger(sheet, plain, styles) {
  const heading = plain.cells[0], first = plain.cells[1];
  const numbers = first.map(cell => cell[1]), height = plain.heights['2'];
  addRow(sheet, heading.map(cell => cell[0]), heading.map(cell => cell[1]),
         styles, plain.heights['1']);
  for (let i = 0; i < count; i++)
    addRow(sheet, ordinary(i), numbers, styles, height).commit();
  sheet.autoFilter = toEnd(plain.filter);
  addRules(sheet, plain);
}

function fillOther(sheet, plain, styles) {
  plain.cells.forEach((row, n) => addRow(
    sheet, row.map(cell => cell[0]), row.map(cell => cell[1]), styles,
    plain.heights[String(n + 1)]));
  plain.merged.forEach(area => sheet.mergeCells(area));
}

async function main() {
  const reading = process.hrtime.bigint();
  const plain = JSON.parse(fs.readFileSync(data, 'utf8'));
  const read = process.hrtime.bigint() - reading;
  const styles = plain.styles.map(styleOf);
  const book = new Excel.stream.xlsx.WorkbookWriter(
    {filename: file, useStyles: true, useSharedStrings: false});
  plain.sheets.forEach((sheet, n) => {
    const made = addSheet(book, sheet);
    if (n === 0) fillLedger(made, sheet, styles);
    else fillOther(made, sheet, styles);
    made.commit();
  });
  await book.commit();
  const seconds = Number(process.hrtime.bigint() - start - read) / 1e9;
  console.log(`${seconds.toFixed(4)} s ${count}`);
}

main();
