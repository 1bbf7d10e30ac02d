"""Is our text of a Word file the one that LibreOffice reads in it?

Compared is what a reader sees (writer.py), without white space, which is
layout, and in one form of each character (NFKC).  Of files that both read;
those that only LibreOffice reads are named with what we say of them.  Each
file that differs is put into the first class that explains it whole."""
import glob
import json
import os
import re
import shutil
import subprocess
import tempfile
import unicodedata
from collections import Counter

import plain_docx
import writer

GONE = re.compile('[\\s\u200b\u00ad\ufeff]+')
BOXES = re.compile(f'({writer.BOX}.*?{writer.BOX_END}(?!{writer.BOX}))', re.S)
SYMBOL = re.compile('[\uf000-\uf0ff]')
FIELD_MAX = 400     # characters that a field may show


def normal(text):
    text = re.sub('[\u2010\u2011]', '-', text)
    return GONE.sub('', unicodedata.normalize('NFKC', text))


def same(theirs, ours):
    """LibreOffice leaves a symbol as its font's code, we say it in Unicode:
    one for one."""
    return len(theirs) == len(ours) and all(
        a == b or SYMBOL.match(a) for a, b in zip(theirs, ours))


def without_marks(text):
    return text.replace(writer.BOX, '').replace(writer.BOX_END, '')


def groups_of_boxes(text):
    """[what stands between, [boxes that hang on one paragraph], ...]"""
    out = []
    for n, part in enumerate(BOXES.split(text)):
        out.append(part if n % 2 == 0 else
                   part[1:-1].split(writer.BOX_END + writer.BOX))
    return out


def boxes_fit(boxes, ours):
    """Each of them, in whatever order: they float, and only the page says
    which comes first.  How many characters they are, or None."""
    at, left = 0, sorted(boxes, key=len, reverse=True)
    while left:
        fits = next((b for b in left if same(b, ours[at:at + len(b)])), None)
        if fits is None:
            return None
        left.remove(fits)
        at += len(fits)
    return at


def same_but_order_of_boxes(theirs, ours):
    at = 0
    for n, part in enumerate(groups_of_boxes(theirs)):
        size = (boxes_fit(part, ours[at:]) if n % 2 else
                len(part) if same(part, ours[at:at + len(part)]) else None)
        if size is None:
            return False
        at += size
    return at == len(ours)


def equal(theirs, ours):
    """theirs with the marks of boxes."""
    return (same(without_marks(theirs), ours)
            or same_but_order_of_boxes(theirs, ours))


def same_but_fields(masked, ours):
    pattern = re.escape(masked).replace(writer.FIELD, f'.{{0,{FIELD_MAX}}}?')
    return re.fullmatch(SYMBOL.sub('.', pattern), ours, re.S) is not None


def cause(reading, ours):
    """Why the texts differ."""
    theirs = without_marks(normal(reading.seen))
    if writer.FIELD in reading.masked and same_but_fields(
            without_marks(normal(reading.masked)), ours):
        return 'a field that LibreOffice works out anew'
    if Counter(theirs) == Counter(ours):
        return 'the same in another order'
    if within(theirs, ours):
        return 'only we have it'
    return 'only LibreOffice has it' if within(ours, theirs) else 'other text'


def within(part, whole):
    """Is the one what remains of the other when something is left out?"""
    rest = iter(whole)
    return all(c in rest for c in part)


def first_difference(theirs, ours):
    n = next((n for n, (a, b) in enumerate(zip(theirs, ours)) if a != b
              and not SYMBOL.match(a)), min(len(theirs), len(ours)))
    return f'{theirs[max(0, n - 8):n + 24]!r} -> {ours[max(0, n - 8):n + 24]!r}'


def our_texts(tools, paths):
    """{path: what readdraft says}."""
    out = subprocess.run([f'{tools}/readdraft', *paths],
                         stdout=subprocess.PIPE, check=False).stdout
    return {r['file']: r for r in map(json.loads, out.decode().splitlines())}


def corpora(base):
    """Word files by their name, not Word's lock files."""
    found = [p for kind in ('docx', 'doc')
             for p in glob.glob(f'{base}/**/*.{kind}', recursive=True)]
    return sorted(p for p in found if not os.path.basename(p)[0] == '~')


def copies(found, folder):
    """Each in a folder of its own, where LibreOffice may lock it; its name
    stays, for a text may speak of it."""
    paths = {}
    for n, path in enumerate(found):
        os.mkdir(f'{folder}/{n}')
        paths[shutil.copy(path, f'{folder}/{n}')] = path
    return paths


def as_in_the_file(wrong, text, folder):
    """Those of the .docx that are equal when LibreOffice is given what stands
    in the file for fields and controls, where it put something else."""
    copies_of = {}
    for n, path in enumerate(p for p in wrong if p.endswith('.docx')):
        os.mkdir(f'{folder}/plain{n}')
        copies_of[path] = f'{folder}/plain{n}/{os.path.basename(path)}'
        plain_docx.write(path, copies_of[path])
    readings = writer.read_all(list(copies_of.values()), folder)
    return {p for p, copy in copies_of.items() if readings[copy]
            and equal(normal(readings[copy].seen), text[p])}


def tell_done(readings, count):
    print('in how many of them LibreOffice was asked to take something into '
          'account:')
    files = Counter(what for r in readings for what, n in r.done.items() if n)
    for what, n in files.most_common():
        print(f'  {what}: {n}')
    print(f'  symbols of a font, one for one: '
          f'{sum(bool(SYMBOL.search(r.seen)) for r in readings)}')
    print(f'  white space, forms of characters: all {count}')


def compare(base, tools):
    """(files that both read, those of them that are equal)."""
    with tempfile.TemporaryDirectory() as folder:
        paths = copies(corpora(base), folder)
        readings = writer.read_all(list(paths), folder)
        ours = our_texts(tools, list(paths))
        read = {p: r for p, r in readings.items() if r and normal(r.seen)}
        both = {p: r for p, r in read.items()
                if ours[p]['state'] in ('ok', 'macro')}
        text = {p: normal(ours[p]['text'] or '') for p in both}
        wrong = [p for p in both if not equal(normal(both[p].seen), text[p])]
        as_stored = as_in_the_file(wrong, text, folder)
    wrong = [p for p in wrong if p not in as_stored]
    at_once = sum(same(normal(r.plain), text[p]) for p, r in both.items())
    print(f'\nWord text equal to LibreOffice\'s: {len(both) - len(wrong)} of '
          f'{len(both)} files; {at_once} as LibreOffice writes plain text '
          f'at once')
    tell_done(both.values(), len(both))
    print('  fields and controls as they stand in the file: '
          f'{len(as_stored)}')
    for p in wrong:
        theirs = without_marks(normal(both[p].seen))
        print(f'  {os.path.relpath(paths[p], base)}: '
              f'{cause(both[p], text[p])}: '
              f'{first_difference(theirs, text[p])}')
    for p in sorted(read.keys() - both.keys()):
        print(f'  only LibreOffice reads {os.path.relpath(paths[p], base)}: '
              f'we say {ours[p]["state"]}')
    return len(both), len(both) - len(wrong)
