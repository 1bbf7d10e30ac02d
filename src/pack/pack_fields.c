/* pack_fields.c - see pack_fields.h: the language as tables. */
#include "pack/pack_fields.h"

/* clang-format off */
const char *const period_words[] = {
    "week", "month", "quarter", "half", "year", NULL};
const char *const credit_words[] = {"units", "authors", NULL};
const char *const senders_words[] = {
    "registered", "known-domain", "anyone", NULL};
const char *const held_words[] = {"none", "notice", NULL};
const char *const standing_words[] = {
    "ranked", "listed", "uncredited", "hidden", NULL};
const char *const check_words[] = {
    "no-title", "no-unit", "unknown-unit", "no-submitter", "no-phone",
    "no-signer", "no-openness", "no-date", "no-body", "no-draft", "no-tag",
    "several-drafts", "too-long", "too-short", "no-data", "unregistered",
    "similar", "bunching", NULL};
const char *const then_words[] = {"note", "hold", "return", NULL};
const char *const per_words[] = {
    "submission", "commission", "office",
    "week", "month", "quarter", "half", "year", NULL};
const char *const when_words[] = {
    "submitted", "volunteered", "answered", "late", "missed", "overdue",
    "met", "unmet", "missing", "surplus", "progress",
    "week", "month", "quarter", "half", "year", NULL};
const char *const effect_words[] = {
    "praise", "criticism", "veto", "zero", NULL};
const char *const as_words[] = {"value", "percent", "excess", NULL};
const char *const refused_words[] = {"keep", "shares", "amount", NULL};
const char *const verdict_words[] = {"accepted", "held", "returned", NULL};
static const char *const stage_words[] = {"初报", "续报", "终报", NULL};
static const char *const met_words[] = {"true", "false", "none", NULL};
static const char *const lacks_words[] = {
    "标题", "正文", "单位", "签发人", "报送人", "公开属性", "联系电话", "日期",
    "政务信息", "数据", "附件", NULL};
static const char *const has_words[] = {"true", "false", NULL};

#define MUST TRUE
#define MAY FALSE
#define END {NULL, FIELD_TEXT, MAY, NULL, NULL}

/* ---- units, in pack.yaml and in roster.yaml ---- */
static const struct field move_fields[] = {
    {"from", FIELD_DAY, MUST, NULL, NULL},
    {"class", FIELD_NAME, MUST, NULL, NULL},
    END};

static const struct field informant_fields[] = {
    {"name", FIELD_NAME, MUST, NULL, NULL},
    {"address", FIELD_NAME, MAY, NULL, NULL},
    {"phone", FIELD_NAME, MAY, NULL, NULL},
    {"from", FIELD_DAY, MAY, NULL, NULL},
    {"to", FIELD_DAY, MAY, NULL, NULL},
    END};

static const struct field unit_fields[] = {
    {"name", FIELD_NAME, MUST, NULL, NULL},
    {"short", FIELD_NAME, MAY, NULL, NULL},
    {"class", FIELD_NAME, MAY, NULL, NULL},
    {"moves", FIELD_MAPS, MAY, NULL, move_fields},
    {"aliases", FIELD_LIST, MAY, NULL, NULL},
    {"was", FIELD_LIST, MAY, NULL, NULL},
    {"from", FIELD_DAY, MAY, NULL, NULL},
    {"to", FIELD_DAY, MAY, NULL, NULL},
    {"credit-to", FIELD_NAME, MAY, NULL, NULL},
    {"domains", FIELD_LIST, MAY, NULL, NULL},
    {"informants", FIELD_MAPS, MAY, NULL, informant_fields},
    {"note", FIELD_TEXT, MAY, NULL, NULL},
    END};

const struct field roster_fields[] = {
    {"units", FIELD_MAPS, MUST, NULL, unit_fields},
    {"note", FIELD_TEXT, MAY, NULL, NULL},
    END};

/* ---- pack.yaml ---- */
static const struct field odd_period_fields[] = {
    {"name", FIELD_NAME, MUST, NULL, NULL},
    {"from", FIELD_DAY, MUST, NULL, NULL},
    {"to", FIELD_DAY, MUST, NULL, NULL},
    END};

static const struct field class_fields[] = {
    {"name", FIELD_NAME, MUST, NULL, NULL},
    {"units", FIELD_LIST, MAY, NULL, NULL},
    {"samples", FIELD_WORDS, MAY, NULL, NULL},
    {"standing", FIELD_WORD, MAY, standing_words, NULL},
    END};

static const struct field check_fields[] = {
    {"check", FIELD_CHOICES, MUST, check_words, NULL},
    {"then", FIELD_WORD, MUST, then_words, NULL},
    {"clause", FIELD_TEXT, MUST, NULL, NULL},
    {"choice", FIELD_TEXT, MAY, NULL, NULL},
    {"forms", FIELD_WORDS, MAY, NULL, NULL},
    {"value", FIELD_NUMBER, MAY, NULL, NULL},
    {"text", FIELD_NAME, MAY, NULL, NULL},
    {"days", FIELD_COUNT, MAY, NULL, NULL},
    {"per", FIELD_WORD, MAY, period_words, NULL},
    END};

static const struct field group_fields[] = {
    {"name", FIELD_NAME, MUST, NULL, NULL},
    {"keep", FIELD_TEXT, MUST, NULL, NULL},
    {"per", FIELD_CHOICES, MAY, per_words, NULL},
    {"at-most", FIELD_NUMBER, MAY, NULL, NULL},
    {"at-least", FIELD_NUMBER, MAY, NULL, NULL},
    {"group", FIELD_NAME, MAY, NULL, NULL},
    {"currency", FIELD_NAME, MAY, NULL, NULL},
    {"clause", FIELD_TEXT, MAY, NULL, NULL},
    {"choice", FIELD_TEXT, MAY, NULL, NULL},
    END};

static const struct field case_fields[] = {
    {"points", FIELD_TEXT, MAY, NULL, NULL},
    {"forms", FIELD_WORDS, MAY, NULL, NULL},
    {"classes", FIELD_WORDS, MAY, NULL, NULL},
    {"units", FIELD_WORDS, MAY, NULL, NULL},
    {"levels", FIELD_WORDS, MAY, NULL, NULL},
    {"with", FIELD_WORDS, MAY, NULL, NULL},
    {"min-words", FIELD_WHOLE, MAY, NULL, NULL},
    {"first", FIELD_COUNT, MAY, NULL, NULL},
    END};

static const struct field item_fields[] = {
    {"name", FIELD_NAME, MUST, NULL, NULL},
    {"label", FIELD_NAME, MAY, NULL, NULL},
    {"was", FIELD_LIST, MAY, NULL, NULL},
    {"clause", FIELD_TEXT, MUST, NULL, NULL},
    {"choice", FIELD_TEXT, MAY, NULL, NULL},
    {"group", FIELD_NAME, MAY, NULL, NULL},
    {"points", FIELD_TEXT, MAY, NULL, NULL},
    {"cases", FIELD_MAPS, MAY, NULL, case_fields},
    {"when", FIELD_WORD, MAY, when_words, NULL},
    {"measures", FIELD_WORDS, MAY, NULL, NULL},
    {"stage", FIELD_WORD, MAY, stage_words, NULL},
    {"within-hours", FIELD_NUMBER, MAY, NULL, NULL},
    {"effect", FIELD_WORD, MAY, effect_words, NULL},
    {"text", FIELD_NAME, MAY, NULL, NULL},
    END};

static const struct field target_fields[] = {
    {"classes", FIELD_WORDS, MAY, NULL, NULL},
    {"units", FIELD_WORDS, MAY, NULL, NULL},
    {"at-least", FIELD_NUMBER, MAY, NULL, NULL},
    {"at-most", FIELD_NUMBER, MAY, NULL, NULL},
    END};

static const struct field measure_fields[] = {
    {"name", FIELD_NAME, MUST, NULL, NULL},
    {"clause", FIELD_TEXT, MAY, NULL, NULL},
    {"choice", FIELD_TEXT, MAY, NULL, NULL},
    {"points", FIELD_WORDS, MAY, NULL, NULL},
    {"count", FIELD_WORDS, MAY, NULL, NULL},
    {"streak", FIELD_WORDS, MAY, NULL, NULL},
    {"value", FIELD_TEXT, MAY, NULL, NULL},
    {"forms", FIELD_WORDS, MAY, NULL, NULL},
    {"per", FIELD_WORD, MAY, period_words, NULL},
    {"targets", FIELD_MAPS, MAY, NULL, target_fields},
    END};

static const struct field award_fields[] = {
    {"name", FIELD_NAME, MUST, NULL, NULL},
    {"places", FIELD_COUNT, MUST, NULL, NULL},
    END};

static const struct field ranking_fields[] = {
    {"name", FIELD_NAME, MUST, NULL, NULL},
    {"per", FIELD_WORD, MUST, period_words, NULL},
    {"by", FIELD_NAME, MUST, NULL, NULL},
    {"classes", FIELD_WORDS, MAY, NULL, NULL},
    {"as", FIELD_WORD, MAY, as_words, NULL},
    {"requires", FIELD_WORDS, MAY, NULL, NULL},
    {"awards", FIELD_MAPS, MAY, NULL, award_fields},
    {"clause", FIELD_TEXT, MAY, NULL, NULL},
    {"choice", FIELD_TEXT, MAY, NULL, NULL},
    END};

static const struct field fact_fields[] = {
    {"date", FIELD_MOMENT, MUST, NULL, NULL},
    {"times", FIELD_COUNT, MAY, NULL, NULL},
    {"note", FIELD_TEXT, MAY, NULL, NULL},
    {"submit", FIELD_NAME, MAY, NULL, NULL},
    {"mark", FIELD_NAME, MAY, NULL, NULL},
    {"commission", FIELD_NAME, MAY, NULL, NULL},
    {"waive", FIELD_NAME, MAY, NULL, NULL},
    {"incident", FIELD_NAME, MAY, NULL, NULL},
    {"report", FIELD_NAME, MAY, NULL, NULL},
    {"unit", FIELD_NAME, MAY, NULL, NULL},
    {"units", FIELD_WORDS, MAY, NULL, NULL},
    {"shares", FIELD_NUMBERS, MAY, NULL, NULL},
    {"authors", FIELD_WORDS, MAY, NULL, NULL},
    {"form", FIELD_NAME, MAY, NULL, NULL},
    {"words", FIELD_WHOLE, MAY, NULL, NULL},
    {"answers", FIELD_NAME, MAY, NULL, NULL},
    {"lacks", FIELD_CHOICES, MAY, lacks_words, NULL},
    {"drafts", FIELD_WHOLE, MAY, NULL, NULL},
    {"of", FIELD_NAME, MAY, NULL, NULL},
    {"quantity", FIELD_NUMBER, MAY, NULL, NULL},
    {"amount", FIELD_NUMBER, MAY, NULL, NULL},
    {"level", FIELD_NAME, MAY, NULL, NULL},
    {"due", FIELD_MOMENT, MAY, NULL, NULL},
    {"stage", FIELD_WORD, MAY, stage_words, NULL},
    END};

static const struct field expect_fields[] = {
    {"unit", FIELD_NAME, MAY, NULL, NULL},
    {"period", FIELD_NAME, MAY, NULL, NULL},
    {"points", FIELD_NUMBER, MAY, NULL, NULL},
    {"currency", FIELD_NAME, MAY, NULL, NULL},
    {"measure", FIELD_NAME, MAY, NULL, NULL},
    {"value", FIELD_NAME, MAY, NULL, NULL},
    {"met", FIELD_WORD, MAY, met_words, NULL},
    {"missing", FIELD_NUMBER, MAY, NULL, NULL},
    {"ranking", FIELD_NAME, MAY, NULL, NULL},
    {"rank", FIELD_NAME, MAY, NULL, NULL},
    {"award", FIELD_NAME, MAY, NULL, NULL},
    {"item", FIELD_NAME, MAY, NULL, NULL},
    {"has", FIELD_WORD, MAY, has_words, NULL},
    {"label", FIELD_NAME, MAY, NULL, NULL},
    {"notes", FIELD_CODES, MAY, check_words, NULL},
    {"submission", FIELD_NAME, MAY, NULL, NULL},
    {"verdict", FIELD_WORD, MAY, verdict_words, NULL},
    {"reasons", FIELD_CODES, MAY, check_words, NULL},
    END};

static const struct field example_fields[] = {
    {"name", FIELD_NAME, MUST, NULL, NULL},
    {"facts", FIELD_MAPS, MAY, NULL, fact_fields},
    {"expect", FIELD_MAPS, MAY, NULL, expect_fields},
    {"refused", FIELD_WORD, MAY, refused_words, NULL},
    END};

const struct field pack_fields[] = {
    {"pack", FIELD_NAME, MUST, NULL, NULL},
    {"title", FIELD_NAME, MUST, NULL, NULL},
    {"document", FIELD_TEXT, MAY, NULL, NULL},
    {"note", FIELD_TEXT, MAY, NULL, NULL},
    {"version", FIELD_COUNT, MUST, NULL, NULL},
    {"effective", FIELD_DAY, MUST, NULL, NULL},
    {"choices-by", FIELD_NAME, MAY, NULL, NULL},
    {"joint", FIELD_TEXT, MUST, NULL, NULL},
    {"credit", FIELD_WORD, MAY, credit_words, NULL},
    {"bulletin", FIELD_WORD, MAY, period_words, NULL},
    {"decimals", FIELD_WHOLE, MAY, NULL, NULL},
    {"forms", FIELD_LIST, MAY, NULL, NULL},
    {"senders", FIELD_WORD, MAY, senders_words, NULL},
    {"held-reply", FIELD_WORD, MAY, held_words, NULL},
    {"periods", FIELD_MAPS, MAY, NULL, odd_period_fields},
    {"classes", FIELD_MAPS, MAY, NULL, class_fields},
    {"units", FIELD_MAPS, MAY, NULL, unit_fields},
    {"checks", FIELD_MAPS, MAY, NULL, check_fields},
    {"groups", FIELD_MAPS, MAY, NULL, group_fields},
    {"items", FIELD_MAPS, MAY, NULL, item_fields},
    {"measures", FIELD_MAPS, MAY, NULL, measure_fields},
    {"rankings", FIELD_MAPS, MAY, NULL, ranking_fields},
    {"examples", FIELD_MAPS, MAY, NULL, example_fields},
    END};
/* clang-format on */
