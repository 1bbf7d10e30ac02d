"""A .docx with what an application works out anew made plain text, as it
stands in the file: the results of fields (what "unlink fields" leaves), the
content of controls, what is hidden only where a page is shown as a web page,
and paragraphs that stand in a frame in their own place in the text.  The author
saw these words; LibreOffice puts others, or them elsewhere."""
import re
import zipfile

TAG = re.compile(r'<[^>]+>')
CONTROL = re.compile(r'<w:sdtPr>.*?</w:sdtPr>|<w:sdtPr/>|<w:sdtEndPr>.*?'
                     r'</w:sdtEndPr>|</?w:sdt>|</?w:sdtContent>', re.S)
WEB_ONLY = re.compile(r'<w:webHidden[^>]*/>')
FRAME = re.compile(r'<w:framePr[^>]*/>')
SHOWN = re.compile(r'<w:(tab|br|cr|sym|noBreakHyphen)\b')
TYPE = re.compile(r'w:fldCharType="(\w+)"')
PARTS = re.compile(r'word/(document|footnotes|endnotes)\.xml')


class Fields:
    """Walks over the tags; inside a field's code nothing is shown."""

    def __init__(self):
        self.out, self.open = [], []    # open: is it the code of the field?
        self.in_char = self.in_code_text = False

    def text(self, text):
        if not self.in_char and not self.in_code_text:
            self.out.append(text)

    def character(self, tag):
        kind = TYPE.search(tag)
        if kind and kind.group(1) == 'begin':
            self.open.append(True)
        elif kind and kind.group(1) == 'separate' and self.open:
            self.open[-1] = False
        elif kind and kind.group(1) == 'end' and self.open:
            self.open.pop()
        self.in_char = not tag.endswith('/>')

    def tag(self, tag):
        if tag.startswith('<w:fldChar'):
            self.character(tag)
        elif tag == '</w:fldChar>':
            self.in_char = False
        elif self.in_char or 'w:fldSimple' in tag:
            return
        elif tag.startswith('<w:instrText') or (
                any(self.open) and re.match(r'<w:t[ >]', tag)):
            self.in_code_text = not tag.endswith('/>')
        elif tag in ('</w:instrText>', '</w:t>') and self.in_code_text:
            self.in_code_text = False
        elif not (any(self.open) and SHOWN.match(tag)):
            self.out.append(tag)


def unlinked(xml):
    fields, at = Fields(), 0
    for m in TAG.finditer(xml):
        fields.text(xml[at:m.start()])
        fields.tag(m.group())
        at = m.end()
    return ''.join(fields.out) + xml[at:]


def plain(xml):
    for what in (CONTROL, WEB_ONLY, FRAME):
        xml = what.sub('', xml)
    return unlinked(xml)


def write(path, out):
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, 'w') as new:
        for item in old.infolist():
            data = old.read(item)
            if PARTS.fullmatch(item.filename):
                data = plain(data.decode()).encode()
            new.writestr(item, data)
