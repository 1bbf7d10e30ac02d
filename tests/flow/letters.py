#!/usr/bin/python3
"""The letters read by a mail reader that is not ours: Python's email.

Uses build/VARIANT/tools/write_letters; $VARIANT is release unless given.
"""
import email
import email.policy
import glob
import os
import subprocess
import sys
import tempfile
import urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
VARIANT = os.environ.get("VARIANT", "release")
TOOL = os.path.join(ROOT, "build", VARIANT, "tools", "write_letters")

results = []


def check(name, problem):
    results.append(not problem)
    n = len(results)
    print(f"{'ok' if not problem else 'not ok'} {n} - {name}")
    if problem:
        print(f"# {problem}")


def leaves(message):
    return [p for p in message.walk() if not p.is_multipart()]


def form(raw, message):
    """What is wrong with the form of one letter, or None."""
    if message.defects or any(p.defects for p in message.walk()):
        return "defects"
    if b"\n" in raw.replace(b"\r\n", b""):
        return "a bare line feed"
    head = raw.split(b"\r\n\r\n", 1)[0]
    if max(len(line) for line in head.split(b"\r\n")) > 76:
        return "a header line over 76"
    if max(len(line) for line in raw.split(b"\r\n")) > 998:
        return "a line over 998"
    for name in ("From", "To", "Subject", "Date", "Message-ID",
                 "Auto-Submitted", "X-Baosong-Loop", "MIME-Version"):
        if len(message.get_all(name, [])) != 1:
            return f"{name} is not there once"
    return None


def content(message):
    for part in leaves(message):
        if part.get_content_maintype() != "text":
            continue
        text = part.get_content()
        if "\ufffd" in text or "{{" in text or not text.strip():
            return "text part"
        if "郯城县人民政府办公室信息科" not in text:
            return "not signed by the office"
    return None


def main():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([TOOL, os.path.join(ROOT, "templates"), folder],
                       check=True)
        paths = sorted(glob.glob(os.path.join(folder, "*.eml")))
        check("every letter was written", len(paths) < 16 and str(len(paths)))
        letters = {}
        for path in paths:
            with open(path, "rb") as f:
                raw = f.read()
            message = email.message_from_bytes(raw, policy=email.policy.default)
            name = os.path.basename(path)[:-4]
            letters[name] = message
            check(f"B1 form of {name}", form(raw, message))
            check(f"content of {name}", content(message))
        receipt = letters["receipt"]
        check("subject of the receipt",
              receipt["Subject"] != "已受理：2019-0012《全县春耕备播进展顺利》"
              and receipt["Subject"])
        check("name of the office",
              receipt["From"].addresses[0].display_name
              != "郯城县人民政府办公室信息科" and receipt["From"])
        check("text and HTML",
              [p.get_content_type() for p in leaves(receipt)]
              != ["text/plain", "text/html"])
        quarantine = letters["quarantine"].as_string()
        check("quarantine repeats nothing",
              any(w in quarantine for w in ("2019-0012", "春耕", "李强")))
        sheet = leaves(letters["bulletin-draft"])[-1]
        chinese = "关于2019年3月份全县政务信息采用情况的通报.xlsx"
        check("B6 name in the habit of QQ",
              sheet.get_filename() != chinese and sheet.get_filename())
        with open(os.path.join(folder, "bulletin-draft.eml"), "rb") as f:
            raw = f.read().decode("ascii")
        coded = "filename*=UTF-8''" + urllib.parse.quote(chinese, safe="")
        check("B6 name by RFC 2231", coded not in raw and "no filename*=")
        check("B6 short name",
              sheet["Content-Type"].params["name"] != "bulletin-2019-03.xlsx")
        check("attachment's bytes",
              sheet.get_content() != b"PK\x03\x04 a workbook")
    print(f"1..{len(results)}")
    return 0 if all(results) else 1


sys.exit(main())
