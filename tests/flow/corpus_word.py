#!/usr/bin/python3
"""Word files, workbooks and damaged files of other projects: what their index
expects of each.  Skipped where the corpora are not at hand.

Uses build/VARIANT/tools/readdraft; $VARIANT is release unless given.
"""
import csv
import json
import os
import subprocess
import sys
import unicodedata

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TOOL = os.path.join(ROOT, "build", os.environ.get("VARIANT", "release"),
                    "tools", "readdraft")
SHARED = os.environ.get("BAOSONG_SHARED") or os.path.join(ROOT, "..", "shared")
CORPORA = os.path.join(SHARED, "corpora")
HUNG_MS = 10_000
AGREED_SHARE = 0.97

# Streams named in lower or upper case: OLE2 names have no case ([MS-CFB]
# 2.6.4), so these are Word files, whatever the index calls them.
CASELESS = {"other/apache+poi/47950_lower.doc", "other/apache+poi/47950_upper.doc"}
WORD = {"docx", "doc", "wordxml", "rtf", "html", "text"}

results = []


def check(name, wrong, of):
    results.append(not wrong)
    print(f"{'not ok' if wrong else 'ok'} {len(results)} - {name} ({of} files)")
    for line in wrong:
        print(f"# {line}")


def rows():
    with open(os.path.join(CORPORA, "INDEX.tsv"), encoding="utf-8") as f:
        for r in csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE):
            if r["file"].split("/")[0] in ("word", "other", "sheet", "tnef"):
                r["expected"] = json.loads(r["expected"])
                yield r


def read_all(files):
    """{file: what the tool says}, and the files at which it died."""
    said, died, todo = {}, [], list(files)
    while todo:
        p = subprocess.run([TOOL] + [os.path.join(CORPORA, f) for f in todo],
                           stdout=subprocess.PIPE, timeout=600)
        lines = p.stdout.decode("utf-8").splitlines()
        said.update(zip(todo, map(json.loads, lines)))
        if p.returncode in (0, 1):
            break
        died.append(f"{todo[len(lines)]}: ended with {p.returncode}")
        todo = todo[len(lines) + 1:]
    return said, died


def tight(text):
    """As the index keeps its anchors: no white space, no table rules."""
    return "".join((text or "").split()).replace("|", "")


def unclean(text):
    return [c for c in text or "" if c not in "\n\t" and
            (unicodedata.category(c) in ("Cc", "Cs") or ord(c) & 0xFFFE == 0xFFFE)]


def expect(name, index, said, wants, holds):
    """Every file whose outcome the first function chooses satisfies the second."""
    chosen = [r for r in index if wants(r)]
    wrong = [f"{r['file']}: {said[r['file']]['kind']} {said[r['file']]['state']}"
             for r in chosen if not holds(said[r["file"]], r)]
    check(name, wrong, len(chosen))


def anchors(index, said):
    agreed = [r for r in index if r["file"].startswith("word/") and
              "agreed" in r["confidence"] and r["expected"].get("text_contains")]
    missed = [r["file"] for r in agreed if tight(r["expected"]["text_contains"])
              not in tight(said[r["file"]]["text"])]
    few = len(missed) <= (1 - AGREED_SHARE) * len(agreed)
    check(f"at least {AGREED_SHARE:.0%} of the agreed anchors are in the text",
          [] if few else missed, len(agreed))
    print(f"# {len(agreed) - len(missed)} of {len(agreed)}")


def outcome(word):
    return lambda r: word in (r["expected"].get("outcome") or "")


def main():
    if not os.path.exists(os.path.join(CORPORA, "INDEX.tsv")):
        print("1..0 # SKIP skipped: the corpora are not here")
        return 0
    index = list(rows())
    said, died = read_all([r["file"] for r in index])
    check("nothing crashes the reader", died, len(index))
    index = [r for r in index if r["file"] in said]
    check("nothing hangs it", [f for f, s in said.items() if s["ms"] > HUNG_MS],
          len(said))
    check("E24: all text is clean", [f for f, s in said.items()
                                     if unclean(s["text"])], len(said))
    anchors(index, said)
    expect("encrypted files are told", index, said, outcome("encrypted"),
           lambda s, r: s["state"] == "encrypted" and not s["text"])
    expect("macros are told", index, said, outcome("macro document"),
           lambda s, r: s["state"] == "macro")
    expect("no entity is expanded", index, said, outcome("entity"),
           lambda s, r: s["state"] == "unreadable")
    expect("E21: files without text give none", index, said, outcome("no text"),
           lambda s, r: not s["text"] and s["state"] in ("no-text", "unreadable")
           or s["kind"] not in WORD)
    expect("E20: what is no Word file is not taken for one", index, said,
           lambda r: outcome("not a Word draft")(r) and r["file"] not in CASELESS,
           lambda s, r: not s["text"])
    expect("damaged files give no text", index, said,
           outcome("not a readable Word"), lambda s, r: not s["text"])
    expect("workbooks are no drafts", index, said, outcome("not a draft"),
           lambda s, r: s["kind"] == "sheet" and not s["text"])
    print(f"1..{len(results)}")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
