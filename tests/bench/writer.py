"""What a reader sees of a Word file in LibreOffice Writer.

LibreOffice's plain text is not that: it has what tracked changes took away,
hidden text, the labels of lists and the marks of notes as if they had been
typed, and leaves out text boxes.  So it is told, over its own interface, to
accept the changes, take the labels and marks away and put the text of boxes
behind the paragraphs that hold them, before it writes."""
import contextlib
import os
import re
import signal
import subprocess
import time
from collections import Counter

from calc import connect, option, uno

SECONDS = 60        # for one file
TEXT = 'com.sun.star.text.'
FIELD = '\ue000'    # stands for what a field shows
BOX, BOX_END = '\ue001', '\ue002'     # around what a box says
ERROR = uno.getClass('com.sun.star.uno.Exception') if uno else OSError


class Reading:
    """`plain` as LibreOffice writes it at once; `seen` after what is counted
    in `done` (files in which it did nothing have none of it), what boxes say
    between BOX and BOX_END; `masked` is `seen` with FIELD for every field that
    LibreOffice works out anew."""

    def __init__(self):
        self.plain = self.seen = self.masked = None
        self.done = Counter()


def elements(enumeration):
    while enumeration.hasMoreElements():
        yield enumeration.nextElement()


def each(access):
    return elements(access.createEnumeration())


def paragraphs(text):
    """All of them, those of tables in their place."""
    for p in each(text):
        if p.supportsService(TEXT + 'TextTable'):
            for name in p.CellNames:
                yield from paragraphs(p.getCellByName(name))
        elif p.supportsService(TEXT + 'Paragraph'):
            yield p


# ---- what is asked of LibreOffice ----

def accept_changes(office, doc, done):
    doc.RecordChanges = False
    done['tracked changes'] = len(list(each(doc.Redlines)))
    if done['tracked changes']:
        office.dispatch(doc, '.uno:AcceptAllTrackedChanges')


def drop_hidden(body, done):
    for _, parts in body:
        for part in parts:
            if (part.TextPortionType == 'Text' and part.CharHidden
                    and part.String):
                part.String = ''
                done['hidden text'] += 1


def drop_note_marks(doc, done):
    """A mark that somebody typed is text and stays."""
    for notes in (doc.Footnotes, doc.Endnotes):
        for n in reversed(range(notes.Count)):
            note = notes.getByIndex(n)
            anchor, typed = note.Anchor, note.Label
            if typed:
                anchor.Text.insertString(anchor.Start, typed, False)
            anchor.Text.removeTextContent(note)
            done['marks of notes'] += 1


def drop_labels(body, done):
    for p, _ in body:
        listed = p.NumberingStyleName or p.ListLabelString
        if listed:      # a bullet is no label to LibreOffice
            p.NumberingStyleName = ''
            if p.ListLabelString:       # a numbered heading
                p.NumberingIsNumber = False
            done['labels of lists'] += 1


def drawn(content):
    """What a frame or shape says, with all that it is grouped of."""
    if content.supportsService('com.sun.star.drawing.GroupShape'):
        for n in range(content.Count):
            yield from drawn(content.getByIndex(n))
    elif content.supportsService(TEXT + 'TextFrame'):
        yield '\n'.join(p.String for p in paragraphs(content.Text))
    elif content.supportsService('com.sun.star.drawing.Text'):
        yield content.String


def held_by(paragraph, parts):
    """Frames and shapes, those bound to a character in its order."""
    kind = TEXT + 'TextContent'
    yield from elements(paragraph.createContentEnumeration(kind))
    for part in parts:
        if part.TextPortionType == 'Frame':
            yield from elements(part.createContentEnumeration(kind))


def place_boxes(body, done):
    for p, parts in body:
        said = [t for c in held_by(p, parts) for t in drawn(c) if t.strip()]
        if said:
            boxes = ''.join(f'{BOX}\n{t}{BOX_END}' for t in said)
            p.Text.insertString(p.End, boxes, False)
            done['text boxes'] += len(said)


def mask_fields(doc):
    for field in list(each(doc.TextFields)):
        with contextlib.suppress(Exception):    # one in a header
            a = field.Anchor
            a.Text.insertString(a.Start, FIELD, False)
            a.Text.removeTextContent(field)


# ---- LibreOffice itself ----

class Office:
    """One LibreOffice, begun again when it dies.  Files that it cannot open
    over its interface (those with comments, where it has no screen) are made
    flat ODF by its own converter and opened without their comments."""

    def __init__(self, folder):
        self.folder, self.process, self.started = folder, None, 0

    def start(self):
        self.started += 1
        name = f'baosong{os.getpid()}.{self.started}'
        self.process = subprocess.Popen(
            ['soffice', f'-env:UserInstallation=file://{self.folder}/profile',
             '--headless', '--norestore', f'--accept=pipe,name={name};urp;'],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True)
        context = connect(name)
        make = context.ServiceManager.createInstanceWithContext
        self.desktop = make('com.sun.star.frame.Desktop', context)
        self.dispatcher = make('com.sun.star.frame.DispatchHelper', context)

    def stop(self):
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def dispatch(self, doc, command):
        self.dispatcher.executeDispatch(doc.CurrentController.Frame, command,
                                        '', 0, ())

    def load(self, path):
        return self.desktop.loadComponentFromURL(
            f'file://{path}', '_blank', 0,
            (option('Hidden', True), option('MacroExecutionMode', 0),
             option('UpdateDocMode', 0)))

    def load_or_die(self, path):
        """None also where it died of the file; then it is there again."""
        try:
            return self.load(path)
        except ERROR:
            self.stop()
            self.start()
            return None

    def load_without_comments(self, path):
        flat = f'{self.folder}/{os.path.basename(path).rsplit(".", 1)[0]}.fodt'
        subprocess.run(
            ['soffice', f'-env:UserInstallation=file://{self.folder}/second',
             '--headless', '--convert-to', 'fodt', '--outdir', self.folder,
             path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            timeout=SECONDS, check=False)
        if not os.path.exists(flat):
            return None
        with open(flat, encoding='utf-8') as f:
            xml = f.read()
        with open(flat, 'w', encoding='utf-8') as f:
            f.write(re.sub(r'<office:annotation[ >].*?</office:annotation>|'
                           r'<office:annotation-end[^>]*/>', '', xml,
                           flags=re.S))
        return self.load(flat)

    def plain(self, doc):
        out = f'{self.folder}/plain.txt'
        doc.storeToURL(f'file://{out}', (
            option('FilterName', 'Text (encoded)'),
            option('FilterOptions', 'UTF8,LF,,,')))
        with open(out, encoding='utf-8', errors='replace') as f:
            return f.read()

    def read(self, path):
        """None where LibreOffice does not open it as text."""
        r = Reading()
        doc = self.load_or_die(path) or self.load_without_comments(path)
        if not doc:
            return None
        try:
            if not doc.supportsService(TEXT + 'TextDocument'):
                return None
            r.plain = self.plain(doc)
            accept_changes(self, doc, r.done)
            body = [(p, list(each(p))) for p in paragraphs(doc.Text)]
            drop_hidden(body, r.done)
            drop_labels(body, r.done)
            if doc.DrawPage.Count > 0:      # which frames are on, too
                place_boxes(body, r.done)
            drop_note_marks(doc, r.done)
            r.seen = self.plain(doc)
            mask_fields(doc)
            r.masked = self.plain(doc)
            return r
        finally:
            with contextlib.suppress(Exception):    # it died
                doc.close(True)


def too_long(_signal, _frame):
    raise TimeoutError


def read_all(paths, folder):
    """{path: Reading, or None where LibreOffice gives nothing}."""
    office, readings = Office(folder), {}
    before = signal.signal(signal.SIGALRM, too_long)
    try:
        for path in paths:
            if not office.process:
                office.start()
            signal.alarm(SECONDS)
            try:
                readings[path] = office.read(path)
            except (ERROR, TimeoutError, subprocess.TimeoutExpired):
                readings[path] = None
                office.stop()
            finally:
                signal.alarm(0)
    finally:
        office.stop()
        signal.signal(signal.SIGALRM, before)
    return readings
