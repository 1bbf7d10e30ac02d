"""What must come out whatever failed on the way: every message recorded
once, with its verdict, in its folder; every letter it calls for, once.
Numbers are left out, for a message that could not be had in its turn comes
after the others."""
import hashlib
import re

from office import parse


def without_numbers(text):
    return re.sub(r'\d+', '#', text or '')


def messages(o):
    return sorted(o.rows(
        'SELECT identity, received, size, sender, verdict, reasons, unit, '
        '(SELECT count(*) FROM version v WHERE v.message = m.id) '
        'FROM message m'), key=repr)


def is_expected(subject):
    """A fault may keep a duty from being done in one round, and staff are told
    so; nothing else may be more than without it."""
    return not (subject or '').startswith('告警：有到期事项未能办理')


def letters(o):
    return sorted(
        (kind, recipient, state, without_numbers(subject), identity or '')
        for kind, recipient, state, subject, identity in o.rows(
            'SELECT kind, recipient, state, mail.subject, identity FROM mail '
            'LEFT JOIN message m ON m.id = mail.message')
        if is_expected(subject))


def sent(by_id):
    """To whom, and what about; by_id: {Message-ID: [bytes]}."""
    out = []
    for copies in by_id.values():
        m = parse(copies[0])
        if is_expected(m['Subject']):
            out.append((m['To'], without_numbers(m['Subject'])))
    return sorted(out)


def repeated(by_id):
    """{Message-ID: copies} of what came more than once, or differs."""
    return {i: len(copies) for i, copies in by_id.items()
            if len(copies) > 1 or len(set(copies)) > 1}


def folders(o):
    return {name: found for name, found in o.where().items() if found}


def account(o):
    return {
        'messages': messages(o),
        'drafts': o.rows('SELECT sha256 FROM draft ORDER BY sha256'),
        'claims': o.rows('SELECT * FROM claim'),
        'not moved': o.rows("SELECT name FROM place WHERE moved = 0 "
                            "AND folder <> 'inbox'"),
        'folders': folders(o),
        'letters': letters(o),
        'sent': sent(o.outgoing_bytes()),
        'integrity': o.rows('PRAGMA integrity_check'),
        'references': o.rows('PRAGMA foreign_key_check'),
    }


def digest(data):
    return hashlib.sha256(data).hexdigest()[:16]
