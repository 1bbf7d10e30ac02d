/* schema.c - every table of the register.  docs/schema.md says what each
 * column means; it changes together with this file. */
#include "register/schema.h"

/* clang-format off */
static const char *const version_1[] = {
"PRAGMA application_id = 1112756807", /* SCHEMA_APPLICATION_ID */

"CREATE TABLE migration ("
"  version INTEGER PRIMARY KEY,"
"  applied INTEGER NOT NULL)",

"CREATE TABLE counter ("
"  name TEXT PRIMARY KEY,"
"  value INTEGER NOT NULL)",

"CREATE TABLE setting ("
"  name TEXT PRIMARY KEY,"
"  value TEXT NOT NULL)",

/* ---- mailboxes and messages ---- */

"CREATE TABLE mailbox ("
"  id INTEGER PRIMARY KEY,"
"  url TEXT NOT NULL UNIQUE,"
"  validity INTEGER NOT NULL,"
"  highest_uid INTEGER NOT NULL,"
"  first_seen INTEGER)",

"CREATE TABLE message ("
"  id INTEGER PRIMARY KEY,"
"  received INTEGER NOT NULL,"
"  receipt TEXT NOT NULL CHECK (receipt IN"
"    ('internaldate', 'mtime', 'from-line', 'received', 'file')),"
"  size INTEGER NOT NULL,"
"  sender TEXT,"
"  verdict TEXT NOT NULL CHECK (verdict IN"
"    ('accepted', 'returned', 'ignored', 'duplicate', 'quarantined',"
"     'held', 'command', 'query')),"
"  reasons TEXT NOT NULL,"
"  notes TEXT NOT NULL,"
"  rule TEXT,"
"  identity TEXT,"
"  raw_hash TEXT,"
"  message_id TEXT,"
"  subject TEXT,"
"  title TEXT,"
"  unit TEXT,"
"  submitter TEXT,"
"  phones TEXT,"
"  extensions TEXT,"
"  category TEXT,"
"  answers TEXT,"
"  handle_kind TEXT,"
"  handle_number INTEGER,"
"  original INTEGER REFERENCES message (id),"
"  is_open INTEGER NOT NULL CHECK (is_open IN (0, 1)),"
"  recorded INTEGER NOT NULL,"
"  purged INTEGER,"
"  UNIQUE (handle_kind, handle_number),"
"  CHECK (is_open = 0 OR verdict IN ('held', 'quarantined')),"
"  CHECK (verdict <> 'quarantined' OR coalesce(identity, raw_hash,"
"    message_id, subject, title, unit, submitter, phones, extensions,"
"    category, answers) IS NULL))",
"CREATE INDEX message_identity ON message (identity)"
"  WHERE identity IS NOT NULL",
"CREATE INDEX message_message_id ON message (message_id)"
"  WHERE message_id IS NOT NULL",
"CREATE INDEX message_raw_hash ON message (raw_hash, received)"
"  WHERE raw_hash IS NOT NULL AND message_id IS NULL",
"CREATE INDEX message_received ON message (received)",
"CREATE INDEX message_open ON message (received) WHERE is_open = 1",
"CREATE INDEX message_quarantined ON message (received, size)"
"  WHERE verdict = 'quarantined'",

"CREATE TABLE place ("
"  mailbox INTEGER NOT NULL REFERENCES mailbox (id),"
"  validity INTEGER NOT NULL,"
"  name TEXT NOT NULL,"
"  uid INTEGER NOT NULL,"
"  message INTEGER NOT NULL REFERENCES message (id),"
"  folder TEXT NOT NULL CHECK (folder IN"
"    ('inbox', 'accepted', 'returned', 'ignored', 'held')),"
"  moved INTEGER NOT NULL CHECK (moved IN (0, 1)),"
"  PRIMARY KEY (mailbox, validity, name))",
"CREATE INDEX place_message ON place (message)",
"CREATE INDEX place_pending ON place (mailbox, validity, uid)"
"  WHERE moved = 0 AND folder <> 'inbox'",

"CREATE TABLE claim ("
"  mailbox INTEGER NOT NULL REFERENCES mailbox (id),"
"  validity INTEGER NOT NULL,"
"  name TEXT NOT NULL,"
"  attempts INTEGER NOT NULL,"
"  last INTEGER NOT NULL,"
"  PRIMARY KEY (mailbox, validity, name))",

"CREATE TABLE kept ("
"  message INTEGER PRIMARY KEY REFERENCES message (id),"
"  reading BLOB NOT NULL)",

/* ---- submissions ---- */

"CREATE TABLE commission ("
"  id INTEGER PRIMARY KEY,"
"  year INTEGER NOT NULL,"
"  serial INTEGER NOT NULL,"
"  title TEXT NOT NULL,"
"  level TEXT,"
"  requirement TEXT,"
"  issued INTEGER NOT NULL,"
"  day INTEGER NOT NULL,"
"  due INTEGER NOT NULL,"
"  who TEXT NOT NULL,"
"  cancelled INTEGER,"
"  UNIQUE (year, serial))",
"CREATE INDEX commission_day ON commission (day)",
"CREATE INDEX commission_due ON commission (due)",

"CREATE TABLE commission_unit ("
"  commission INTEGER NOT NULL REFERENCES commission (id),"
"  position INTEGER NOT NULL,"
"  unit TEXT NOT NULL,"
"  waived INTEGER,"
"  waived_by TEXT,"
"  waived_note TEXT,"
"  PRIMARY KEY (commission, unit))",

"CREATE TABLE incident ("
"  id INTEGER PRIMARY KEY,"
"  year INTEGER NOT NULL,"
"  serial INTEGER NOT NULL,"
"  name TEXT,"
"  unit TEXT NOT NULL,"
"  happened INTEGER NOT NULL,"
"  day INTEGER NOT NULL,"
"  who TEXT NOT NULL,"
"  closed INTEGER,"
"  cancelled INTEGER,"
"  UNIQUE (year, serial))",
"CREATE INDEX incident_day ON incident (day)",
"CREATE INDEX incident_open ON incident (id)"
"  WHERE closed IS NULL AND cancelled IS NULL",

"CREATE TABLE draft ("
"  id INTEGER PRIMARY KEY,"
"  sha256 TEXT NOT NULL UNIQUE,"
"  kind TEXT NOT NULL,"
"  size INTEGER NOT NULL,"
"  words INTEGER NOT NULL,"
"  text TEXT,"
"  bytes BLOB NOT NULL)",

"CREATE TABLE submission ("
"  id INTEGER PRIMARY KEY,"
"  year INTEGER NOT NULL,"
"  serial INTEGER NOT NULL,"
"  message INTEGER REFERENCES message (id),"
"  received INTEGER NOT NULL,"
"  day INTEGER NOT NULL,"
"  title TEXT,"
"  submitter TEXT,"
"  signer TEXT,"
"  openness TEXT,"
"  phones TEXT,"
"  extensions TEXT,"
"  category TEXT,"
"  words INTEGER NOT NULL,"
"  notes TEXT NOT NULL,"
"  commission INTEGER REFERENCES commission (id),"
"  incident INTEGER REFERENCES incident (id),"
"  stage TEXT,"
"  remark TEXT,"
"  state TEXT NOT NULL CHECK (state IN"
"    ('recorded', 'withdrawn', 'purged')),"
"  state_reason TEXT,"
"  version INTEGER NOT NULL,"
"  draft INTEGER REFERENCES draft (id),"
"  file_name TEXT,"
"  UNIQUE (year, serial),"
"  CHECK (state = 'purged' OR title IS NOT NULL),"
"  CHECK (state = 'purged' OR message IS NULL OR draft IS NOT NULL))",
"CREATE INDEX submission_day ON submission (day)",
"CREATE INDEX submission_message ON submission (message)",
"CREATE INDEX submission_draft ON submission (draft)",
"CREATE INDEX submission_commission ON submission (commission)"
"  WHERE commission IS NOT NULL",
"CREATE INDEX submission_incident ON submission (incident)"
"  WHERE incident IS NOT NULL",

"CREATE TABLE credit ("
"  submission INTEGER NOT NULL REFERENCES submission (id),"
"  position INTEGER NOT NULL,"
"  unit TEXT NOT NULL,"
"  share INTEGER,"
"  PRIMARY KEY (submission, position),"
"  UNIQUE (submission, unit))",

"CREATE TABLE author ("
"  submission INTEGER NOT NULL REFERENCES submission (id),"
"  position INTEGER NOT NULL,"
"  name TEXT NOT NULL,"
"  PRIMARY KEY (submission, position))",

"CREATE TABLE version ("
"  submission INTEGER NOT NULL REFERENCES submission (id),"
"  version INTEGER NOT NULL,"
"  message INTEGER REFERENCES message (id),"
"  recorded INTEGER NOT NULL,"
"  title_key TEXT NOT NULL,"
"  submitter TEXT,"
"  phones TEXT,"
"  extensions TEXT,"
"  draft INTEGER REFERENCES draft (id),"
"  file_name TEXT,"
"  words INTEGER NOT NULL,"
"  PRIMARY KEY (submission, version))",
"CREATE INDEX version_draft ON version (draft)",
"CREATE UNIQUE INDEX version_message ON version (message)",

"CREATE TABLE command ("
"  id INTEGER PRIMARY KEY,"
"  number INTEGER NOT NULL UNIQUE,"
"  who TEXT NOT NULL,"
"  identity TEXT UNIQUE,"
"  message INTEGER REFERENCES message (id),"
"  text TEXT NOT NULL,"
"  answer TEXT,"
"  at INTEGER NOT NULL,"
"  undone INTEGER,"
"  undone_by TEXT)",
"CREATE INDEX command_message ON command (message)"
"  WHERE message IS NOT NULL",

"CREATE TABLE mark ("
"  id INTEGER PRIMARY KEY,"
"  item TEXT NOT NULL,"
"  submission INTEGER REFERENCES submission (id),"
"  unit TEXT,"
"  day INTEGER NOT NULL,"
"  quantity INTEGER NOT NULL,"
"  amount INTEGER,"
"  note TEXT,"
"  who TEXT NOT NULL,"
"  command INTEGER REFERENCES command (id),"
"  recorded INTEGER NOT NULL,"
"  revoked INTEGER,"
"  revoked_by TEXT,"
"  revoked_note TEXT,"
"  CHECK (submission IS NOT NULL OR unit IS NOT NULL))",
"CREATE INDEX mark_submission ON mark (submission)"
"  WHERE submission IS NOT NULL",
"CREATE INDEX mark_unit ON mark (unit, item) WHERE unit IS NOT NULL",
"CREATE INDEX mark_day ON mark (day)",

/* ---- people, orders, history ---- */

"CREATE TABLE informant ("
"  id INTEGER PRIMARY KEY,"
"  unit TEXT NOT NULL,"
"  name TEXT NOT NULL,"
"  address TEXT NOT NULL,"
"  address_key TEXT NOT NULL,"
"  phone TEXT,"
"  since INTEGER NOT NULL,"
"  until INTEGER)",
"CREATE UNIQUE INDEX informant_live ON informant (address_key)"
"  WHERE until IS NULL",
"CREATE INDEX informant_unit ON informant (unit)",

"CREATE TABLE bounce ("
"  address_key TEXT PRIMARY KEY,"
"  times INTEGER NOT NULL,"
"  last INTEGER NOT NULL)",

"CREATE TABLE code ("
"  id INTEGER PRIMARY KEY,"
"  address_key TEXT NOT NULL,"
"  message INTEGER NOT NULL REFERENCES message (id),"
"  hash TEXT NOT NULL,"
"  created INTEGER NOT NULL,"
"  expires INTEGER NOT NULL,"
"  wrong INTEGER NOT NULL,"
"  dead INTEGER)",
"CREATE INDEX code_live ON code (address_key) WHERE dead IS NULL",
"CREATE INDEX code_message ON code (message)",

"CREATE TABLE history ("
"  id INTEGER PRIMARY KEY,"
"  at INTEGER NOT NULL,"
"  who TEXT NOT NULL,"
"  command INTEGER REFERENCES command (id),"
"  message INTEGER REFERENCES message (id),"
"  what TEXT NOT NULL,"
"  subject TEXT NOT NULL,"
"  object INTEGER NOT NULL,"
"  words_hash TEXT NOT NULL,"
"  hash TEXT NOT NULL)",
"CREATE INDEX history_subject ON history (subject)",
"CREATE INDEX history_command ON history (command)"
"  WHERE command IS NOT NULL",
"CREATE INDEX history_object ON history (what, object)",
"CREATE INDEX history_at ON history (at)",

"CREATE TABLE history_words ("
"  change INTEGER PRIMARY KEY REFERENCES history (id),"
"  salt TEXT NOT NULL,"
"  old TEXT,"
"  new TEXT,"
"  note TEXT)",

/* Which change's words were taken away, and by which change. */
"CREATE TABLE history_purged ("
"  change INTEGER PRIMARY KEY REFERENCES history (id),"
"  purge INTEGER NOT NULL REFERENCES history (id))",

/* A row only while a purge is going on, inside its transaction. */
"CREATE TABLE purging (purge INTEGER PRIMARY KEY)",

"CREATE TRIGGER history_no_update BEFORE UPDATE ON history"
"  BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END",
"CREATE TRIGGER history_no_delete BEFORE DELETE ON history"
"  BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END",
"CREATE TRIGGER history_words_no_update BEFORE UPDATE ON history_words"
"  BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END",
"CREATE TRIGGER history_words_no_delete BEFORE DELETE ON history_words"
"  WHEN NOT EXISTS (SELECT 1 FROM purging)"
"  BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END",
"CREATE TRIGGER history_purged_no_update BEFORE UPDATE ON history_purged"
"  BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END",
"CREATE TRIGGER history_purged_no_delete BEFORE DELETE ON history_purged"
"  BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END",

/* ---- mails to send ---- */

"CREATE TABLE mail ("
"  id INTEGER PRIMARY KEY,"
"  kind TEXT NOT NULL CHECK (kind IN"
"    ('reply', 'decision', 'answer', 'code', 'notice', 'reminder',"
"     'bulletin', 'ledger', 'staff', 'alert')),"
"  message INTEGER REFERENCES message (id),"
"  commission INTEGER REFERENCES commission (id),"
"  recipient TEXT NOT NULL,"
"  recipient_key TEXT NOT NULL,"
"  envelope_from TEXT NOT NULL,"
"  mail_id TEXT NOT NULL UNIQUE,"
"  subject TEXT,"
"  data BLOB,"
"  state TEXT NOT NULL CHECK (state IN"
"    ('pending', 'sent', 'failed', 'bounced', 'suppressed')),"
"  attempts INTEGER NOT NULL,"
"  created INTEGER NOT NULL,"
"  due INTEGER NOT NULL,"
"  first_try INTEGER,"
"  done INTEGER,"
"  last_answer TEXT,"
"  CHECK (state <> 'pending' OR data IS NOT NULL))",
"CREATE UNIQUE INDEX mail_one_reply ON mail (message)"
"  WHERE kind = 'reply'",
"CREATE UNIQUE INDEX mail_one_answer ON mail (message)"
"  WHERE kind = 'answer' AND message IS NOT NULL",
"CREATE INDEX mail_pending ON mail (due, id) WHERE state = 'pending'",
"CREATE INDEX mail_message ON mail (message) WHERE message IS NOT NULL",
"CREATE INDEX mail_replies_to ON mail (recipient_key, created)"
"  WHERE kind = 'reply' AND state <> 'suppressed'",
"CREATE INDEX mail_replies_sent ON mail (done)"
"  WHERE kind = 'reply' AND state = 'sent'",
"CREATE INDEX mail_state ON mail (state, id) WHERE state <> 'sent'",
"CREATE INDEX mail_with_data ON mail (done)"
"  WHERE data IS NOT NULL AND state <> 'pending'",

/* ---- bulletins ---- */

"CREATE TABLE bulletin ("
"  id INTEGER PRIMARY KEY,"
"  series TEXT NOT NULL,"
"  period TEXT NOT NULL,"
"  first_day INTEGER NOT NULL,"
"  last_day INTEGER NOT NULL,"
"  published INTEGER NOT NULL,"
"  who TEXT NOT NULL,"
"  pack TEXT NOT NULL,"
"  scores TEXT NOT NULL,"
"  corrects INTEGER UNIQUE REFERENCES bulletin (id))",
"CREATE UNIQUE INDEX bulletin_first ON bulletin (series, period)"
"  WHERE corrects IS NULL",
"CREATE INDEX bulletin_days ON bulletin (series, last_day)",

"CREATE TABLE bulletin_file ("
"  bulletin INTEGER NOT NULL REFERENCES bulletin (id),"
"  name TEXT NOT NULL,"
"  sha256 TEXT NOT NULL,"
"  bytes BLOB,"
"  PRIMARY KEY (bulletin, name))",

"CREATE TRIGGER bulletin_no_update BEFORE UPDATE ON bulletin"
"  WHEN NOT EXISTS (SELECT 1 FROM purging)"
"  BEGIN SELECT RAISE(ABORT, 'a published bulletin never changes'); END",
"CREATE TRIGGER bulletin_no_delete BEFORE DELETE ON bulletin"
"  BEGIN SELECT RAISE(ABORT, 'a published bulletin never changes'); END",
"CREATE TRIGGER bulletin_file_no_update BEFORE UPDATE ON bulletin_file"
"  WHEN NOT EXISTS (SELECT 1 FROM purging)"
"  BEGIN SELECT RAISE(ABORT, 'a published bulletin never changes'); END",
"CREATE TRIGGER bulletin_file_no_delete BEFORE DELETE ON bulletin_file"
"  BEGIN SELECT RAISE(ABORT, 'a published bulletin never changes'); END",

/* ---- how the program fares ---- */

"CREATE TABLE status ("
"  id INTEGER PRIMARY KEY CHECK (id = 1),"
"  last_success INTEGER NOT NULL,"
"  last_try INTEGER NOT NULL,"
"  failures INTEGER NOT NULL,"
"  failing_since INTEGER NOT NULL,"
"  last_error TEXT,"
"  alerted INTEGER NOT NULL)",
"INSERT INTO status VALUES (1, 0, 0, 0, 0, NULL, 0)",

"CREATE TABLE poll ("
"  id INTEGER PRIMARY KEY,"
"  first INTEGER NOT NULL,"
"  last INTEGER NOT NULL,"
"  times INTEGER NOT NULL,"
"  messages INTEGER NOT NULL,"
"  error TEXT)",

"CREATE TABLE once ("
"  name TEXT PRIMARY KEY,"
"  at INTEGER NOT NULL)",
NULL
};

static const char *const version_2[] = {
/* ---- ledgers that were sent, to compare with what comes back ---- */

"CREATE TABLE ledger ("
"  id INTEGER PRIMARY KEY,"
"  token TEXT NOT NULL UNIQUE,"
"  period TEXT NOT NULL,"
"  made INTEGER NOT NULL,"
"  who TEXT NOT NULL)",

"CREATE TABLE ledger_row ("
"  ledger INTEGER NOT NULL REFERENCES ledger (id),"
"  submission INTEGER NOT NULL REFERENCES submission (id),"
"  facts TEXT NOT NULL,"
"  marks TEXT NOT NULL,"
"  remark TEXT NOT NULL,"
"  PRIMARY KEY (ledger, submission)) WITHOUT ROWID",
"CREATE INDEX ledger_row_submission ON ledger_row (submission)",
NULL
};

static const char *const version_3[] = {
/* ---- what staff decided lies in one folder and belongs in another ---- */

"ALTER TABLE place ADD COLUMN refile TEXT CHECK (refile IN"
"  ('accepted', 'returned', 'ignored', 'held'))",
"CREATE INDEX place_refile ON place (mailbox) WHERE refile IS NOT NULL",
NULL
};

static const char *const version_4[] = {
/* ---- how units stand, so that no receipt reckons everything anew ---- */

"CREATE TABLE progress ("
"  first INTEGER NOT NULL,"
"  last INTEGER NOT NULL,"
"  unit TEXT NOT NULL,"
"  submitted INTEGER NOT NULL,"
"  adopted INTEGER NOT NULL,"
"  points INTEGER NOT NULL,"
"  PRIMARY KEY (first, last, unit)) WITHOUT ROWID",

"CREATE TABLE progress_state ("
"  id INTEGER PRIMARY KEY CHECK (id = 1),"
"  basis TEXT NOT NULL,"
"  upto INTEGER NOT NULL)",
"INSERT INTO progress_state VALUES (1, '', 0)",
NULL
};

static const char *const version_5[] = {
/* ---- what drafts have in common ---- */

/* Published texts, to compare with. */
"CREATE TABLE reference ("
"  id INTEGER PRIMARY KEY,"
"  name TEXT NOT NULL UNIQUE,"
"  size INTEGER NOT NULL,"
"  modified INTEGER NOT NULL,"
"  text TEXT)",

"CREATE TABLE fingerprint ("
"  id INTEGER PRIMARY KEY,"
"  draft INTEGER REFERENCES draft (id),"
"  reference INTEGER REFERENCES reference (id),"
"  whole INTEGER NOT NULL,"
"  hashes BLOB NOT NULL,"
"  CHECK ((draft IS NULL) <> (reference IS NULL)))",
"CREATE UNIQUE INDEX fingerprint_draft ON fingerprint (draft)"
"  WHERE draft IS NOT NULL",
"CREATE UNIQUE INDEX fingerprint_reference ON fingerprint (reference)"
"  WHERE reference IS NOT NULL",
"CREATE INDEX fingerprint_whole ON fingerprint (whole)",

/* An index that was made from the fingerprints is no longer true. */
"INSERT INTO counter VALUES ('fingerprints dropped', 0)",
"CREATE TRIGGER fingerprint_dropped AFTER DELETE ON fingerprint"
"  BEGIN UPDATE counter SET value = value + 1"
"    WHERE name = 'fingerprints dropped'; END",
"INSERT INTO setting SELECT 'fingerprints', 'missing'"
"  WHERE EXISTS (SELECT 1 FROM draft)",

"CREATE TABLE similar ("
"  submission INTEGER NOT NULL REFERENCES submission (id),"
"  position INTEGER NOT NULL,"
"  other INTEGER REFERENCES submission (id),"
"  reference TEXT,"
"  degree INTEGER NOT NULL,"
"  here INTEGER NOT NULL,"
"  there INTEGER NOT NULL,"
"  passages TEXT NOT NULL,"
"  PRIMARY KEY (submission, position),"
"  CHECK ((other IS NULL) <> (reference IS NULL))) WITHOUT ROWID",
"CREATE INDEX similar_other ON similar (other) WHERE other IS NOT NULL",
NULL
};

static const char *const version_6[] = {
/* ---- mails that went out and whose row does not say so yet ---- */

"CREATE TABLE mail_sent ("
"  mail INTEGER PRIMARY KEY REFERENCES mail (id) ON DELETE CASCADE,"
"  at INTEGER NOT NULL)",
NULL
};

/* The same words are allowed as before, compared one after the other: for a
 * list of three or more SQLite opens a table of its own at every row that is
 * checked, seven for each mail.  A condition that means the same may be put
 * into the schema's own text (lang_altertable.html, 7); that another table
 * came and went tells every connection that the schema is another. */
#define WORDS(table, old, new)                                                 \
    "UPDATE sqlite_schema SET sql = replace(sql, '" old "', '" new "') "       \
    "WHERE type = 'table' AND name = '" table "'"

static const char *const version_7[] = {
"CREATE TABLE another (a INTEGER)",
"DROP TABLE another",
"PRAGMA writable_schema = ON",
WORDS("message",
      "receipt IN    (''internaldate'', ''mtime'', ''from-line'', "
      "''received'', ''file'')",
      "receipt = ''internaldate'' OR receipt = ''mtime'' OR receipt = "
      "''from-line'' OR receipt = ''received'' OR receipt = ''file''"),
WORDS("message",
      "verdict IN    (''accepted'', ''returned'', ''ignored'', "
      "''duplicate'', ''quarantined'',     ''held'', ''command'', "
      "''query'')",
      "verdict = ''accepted'' OR verdict = ''returned'' OR verdict = "
      "''ignored'' OR verdict = ''duplicate'' OR verdict = "
      "''quarantined'' OR verdict = ''held'' OR verdict = ''command'' OR "
      "verdict = ''query''"),
WORDS("place",
      "folder IN    (''inbox'', ''accepted'', ''returned'', ''ignored'', "
      "''held'')",
      "folder = ''inbox'' OR folder = ''accepted'' OR folder = "
      "''returned'' OR folder = ''ignored'' OR folder = ''held''"),
WORDS("place",
      "refile IN  (''accepted'', ''returned'', ''ignored'', ''held'')",
      "refile = ''accepted'' OR refile = ''returned'' OR refile = "
      "''ignored'' OR refile = ''held''"),
WORDS("submission",
      "state IN    (''recorded'', ''withdrawn'', ''purged'')",
      "state = ''recorded'' OR state = ''withdrawn'' OR state = "
      "''purged''"),
WORDS("mail",
      "kind IN    (''reply'', ''decision'', ''answer'', ''code'', "
      "''notice'', ''reminder'',     ''bulletin'', ''ledger'', ''staff'',"
      " ''alert'')",
      "kind = ''reply'' OR kind = ''decision'' OR kind = ''answer'' OR "
      "kind = ''code'' OR kind = ''notice'' OR kind = ''reminder'' OR "
      "kind = ''bulletin'' OR kind = ''ledger'' OR kind = ''staff'' OR "
      "kind = ''alert''"),
WORDS("mail",
      "state IN    (''pending'', ''sent'', ''failed'', ''bounced'', "
      "''suppressed'')",
      "state = ''pending'' OR state = ''sent'' OR state = ''failed'' OR "
      "state = ''bounced'' OR state = ''suppressed''"),
"PRAGMA writable_schema = RESET",
NULL
};
/* Answers to questions are limited as replies are. */
static const char *const version_8[] = {
"CREATE INDEX mail_answers_to ON mail (recipient_key, created)"
"  WHERE kind = 'answer' AND state <> 'suppressed'",
"CREATE INDEX mail_answers_sent ON mail (done)"
"  WHERE kind = 'answer' AND state = 'sent'",
NULL
};

/* clang-format on */

const struct migration schema_migrations[] = {
    {1, version_1}, {2, version_2}, {3, version_3}, {4, version_4},
    {5, version_5}, {6, version_6}, {7, version_7}, {8, version_8},
};
const int schema_migrations_count = G_N_ELEMENTS(schema_migrations);
