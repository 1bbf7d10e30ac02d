#!/usr/bin/python3
"""Real mail of other projects, read and compared with what Python's email and
Dovecot agree on.

The corpora are not part of this project: $BAOSONG_SHARED, else ../shared beside
it; without them every test is skipped.  Held to the numbers of the requirements:
no crash, no hang, 99 % of the agreed subjects and attachment lists, 97 % of the
agreed beginnings of the text.  Uses build/VARIANT/tools/readmail.
"""
import base64
import collections
import json
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SHARED = os.environ.get("BAOSONG_SHARED", os.path.join(ROOT, "..", "shared"))
CORPORA = os.path.join(SHARED, "corpora")
VARIANT = os.environ.get("VARIANT", "release")
TOOL = os.path.join(ROOT, "build", VARIANT, "tools", "readmail")
SECONDS = 10    # longer for one message is a hang
BATCH = 40

results = []


def check(name, good, note=""):
    results.append(good)
    print(f"{'ok' if good else 'not ok'} {len(results)} - {name}")
    if note:
        print(f"# {note}")


def run(paths):
    """The JSON objects, or None when the tool crashed, hung or complained."""
    try:
        p = subprocess.run([TOOL] + paths, capture_output=True,
                           timeout=SECONDS * len(paths))
    except subprocess.TimeoutExpired:
        return None
    if p.returncode or p.stderr:
        return None
    return [json.loads(line) for line in p.stdout.splitlines()]


def read_all(paths):
    """path -> reading, and the paths that could not be read."""
    readings, bad = {}, []
    for start in range(0, len(paths), BATCH):
        batch = paths[start:start + BATCH]
        for group in [batch] if run(batch) else [[p] for p in batch]:
            got = run(group)
            if got is None:
                bad += group
                continue
            readings.update(zip(group, got))
    return readings, bad


def flat(text):
    return " ".join((text or "").split())


def named(files):
    """The corpora list attachments that have a name."""
    return [(f["name"], f["size"], f["sha256"][:16]) for f in files if f["name"]]


def same_subject(expected, got):
    return flat(expected.get("subject")) == flat(got["subject"])


def same_attachments(expected, got):
    want = [(a["name"], a["bytes"], a["sha256"][:16])
            for a in expected.get("attachments", []) if a["name"]]
    outer = [f for f in got["attachments"] if not f["nested"]]
    return want in (named(got["attachments"]), named(outer))


def same_text(expected, got):
    return flat(got["body"]).startswith(flat(expected.get("text_prefix")))


def may_reply(expected, got):
    """Forbidden by the header must be forbidden here; not the other way
    round, for an address may be one that we never write to."""
    forbidden = got["machine"] is not None or not got["author"]
    if expected["reply"].startswith("no:"):
        return forbidden
    return got["machine"] is None


def load(kind):
    with open(os.path.join(CORPORA, "INDEX.tsv"), encoding="utf-8") as f:
        rows = [line.rstrip("\n").split("\t") for line in f][1:]
    return [r for r in rows if r[1] == kind]


def confidence(row):
    pairs = (c.strip().partition(":") for c in row[10].split(";"))
    return {what: how for what, _, how in pairs}


def compare(rows, readings):
    """What was agreed by others -> [agreed, same here, those that differ]."""
    tests = {"subject": same_subject, "attachments": same_attachments,
             "text": same_text}
    counts = {k: [0, 0, []] for k in (*tests, "reply")}
    for row in rows:
        got = readings.get(os.path.join(CORPORA, row[0]))
        expected = json.loads(row[9])
        if not got:
            continue
        agreed = confidence(row)
        todo = [(k, f) for k, f in tests.items() if agreed.get(k) == "agreed"]
        if "reply" in expected:
            todo.append(("reply", may_reply))
        for key, same in todo:
            counts[key][0] += 1
            if same(expected, got):
                counts[key][1] += 1
            else:
                counts[key][2].append(row[0])
    return counts


def check_mails():
    rows = load("mail")
    readings, bad = read_all([os.path.join(CORPORA, r[0]) for r in rows])
    check(f"no crash, no hang, no complaint in {len(rows)} mails", not bad,
          " ".join(bad[:5]))
    least = {"subject": 99, "attachments": 99, "text": 97, "reply": 99}
    for key, (agreed, same, differ) in compare(rows, readings).items():
        share = 100 * same / agreed if agreed else 0
        check(f"{key}: {same} of {agreed} agreed ({share:.1f} %)",
              agreed > 500 and share >= least[key], " ".join(differ[:8]))


def wrap(path, folder):
    """A mail with the file as its winmail.dat."""
    with open(path, "rb") as f:
        body = base64.encodebytes(f.read()).decode()
    mail = os.path.join(folder, os.path.basename(path) + ".eml")
    with open(mail, "w", encoding="ascii") as f:
        f.write("From: a@example.cn\nSubject: x\n"
                "Content-Type: application/ms-tnef; name=winmail.dat\n"
                "Content-Transfer-Encoding: base64\n\n" + body)
    return mail


def check_tnef():
    paths = [os.path.join(CORPORA, r[0]) for r in load("tnef")]
    with tempfile.TemporaryDirectory() as folder:
        mails = [wrap(p, folder) for p in paths]
        readings, bad = read_all(mails)
    check(f"no crash in {len(mails)} TNEF streams", not bad, " ".join(bad))
    kinds = collections.Counter(r["attachments"][0]["kind"]
                                for r in readings.values())
    check("each is known for TNEF by its content",
          kinds["tnef"] == len(mails), str(dict(kinds)))
    inner = [f["name"] for r in readings.values()
             for f in r["attachments"][1:]]
    check(f"{len(inner)} files found inside, all with a name",
          len(inner) >= 10 and all(inner), ", ".join(map(str, inner[:6])))


def main():
    if not os.path.isdir(CORPORA):
        print("1..0 # skipped: no corpora")
        return 0
    check_mails()
    check_tnef()
    print(f"1..{len(results)}")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
