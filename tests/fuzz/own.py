"""Which files each fuzz target is there for; what else it reaches is another's.
"""

OWN = {
    'authres': 'message/authres',
    'compose': 'reply/compose reply/recheck',
    'config': 'pack/load_config pack/config pack/yaml pack/schema pack/holidays '
              'mailbox/url',
    'desk': 'desk/',
    'doc': 'draft/doc. draft/doc_ draft/ole draft/html_doc draft/mht '
           'draft/kind draft/plain draft/wordxml draft/draft',
    'docx': 'draft/docx draft/wordml draft/package draft/zip draft/sax '
            'draft/symbols',
    'header': 'message/header message/params message/rfc2047 message/address '
              'message/codec message/charset base/address',
    'imap': 'mailbox/imap_ mailbox/utf7',
    'intake': 'intake/record intake/overtake intake/letters intake/notices '
              'intake/informants intake/similar. rules/submission '
              'rules/material rules/verdict rules/registration reply/letter',
    'mail': 'message/ rules/decide rules/registration',
    'mustache': 'reply/mustache',
    'order': 'desk/order desk/when rules/orders rules/period message/quote',
    'rtf': 'draft/rtf',
    'subject': 'rules/subject rules/tokens rules/fields rules/labels '
               'rules/meaning rules/person rules/phone rules/views rules/weigh '
               'rules/match rules/runes',
    'text': 'base/text draft/mark_line draft/openness draft/secrecy '
            'draft/words message/html',
    'wire': 'message/reading_wire',
    'xlsx': 'draft/xlsx report/ledger_read',
    'yaml': 'pack/load pack/yaml pack/schema pack/formula',
}


def is_own(target, path):
    """`path` below the project's root."""
    return path.startswith(tuple('src/' + f for f in OWN[target].split()))
