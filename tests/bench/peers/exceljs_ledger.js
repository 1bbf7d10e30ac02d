// node exceljs_ledger.js MODULES FILE.xlsx ROWS - a ledger by exceljs, a row
// at a time, as it is meant for large ones.  Prints "SECONDS s ROWS".
'use strict';
const start = process.hrtime.bigint();
const [, , modules, file, count] = process.argv;
const Excel = require(modules + '/exceljs');

async function main() {
  const book = new Excel.stream.xlsx.WorkbookWriter(
    {filename: file, useStyles: true, useSharedStrings: false});
  const sheet = book.addWorksheet('台账');
  sheet.columns = Array.from({length: 15}, (_, n) =>
    n === 1 ? {style: {numFmt: 'yyyy-mm-dd hh:mm'}} : {});
  for (let n = 0; n < Number(count); n++) {
    sheet.addRow([`2019-${n + 1}`, 43500 + n / 100,
      `我县第${n + 1}批重点项目建设进展情况`, `县第${n % 100 + 1}单位`,
      n % 2 ? '张敏' : '李强', `0539620${n % 10000}`, '一般性信息',
      300 + n % 400, '', '已受理', n % 5 ? '' : '篇幅偏长', '稿件.docx',
      n % 3 ? '' : '普刊', n % 3 ? '' : 43510, '']).commit();
  }
  await book.commit();
}

main().then(() => {
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  console.log(`${seconds.toFixed(4)} s ${count}`);
});
