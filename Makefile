# Makefile - the only build.  `make help` lists what there is.
VARIANT ?= release
JOBS ?= $(shell nproc)
BUILD := build/$(VARIANT)
PREFIX ?= /usr/local
DESTDIR ?=
CC := gcc
ifneq ($(filter fuzz grow seen,$(VARIANT)),)
CC := clang
endif
PKGS := glib-2.0 gobject-2.0 gio-2.0 gmime-3.0 libcurl sqlite3 \
        libxml-2.0 zlib xlsxwriter yaml-0.1 json-glib-1.0 libseccomp libcrypto \
        libpcre2-8
PURE_PKGS := glib-2.0 libpcre2-8

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
        -Wmissing-prototypes -Wvla -Wformat=2 $(WERROR)
DEFS := -D_GNU_SOURCE -DG_LOG_DOMAIN='"baosong"' -DPREFIX='"$(PREFIX)"'
CFLAGS_release := -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong \
        -fstack-clash-protection -fcf-protection -fPIE
LDFLAGS_release := -pie -Wl,-z,relro,-z,now
CFLAGS_debug := -O0 -g3
CFLAGS_san := -O1 -g -fsanitize=address,undefined -fno-omit-frame-pointer \
        -fno-sanitize-recover=undefined -DBAOSONG_SANITIZED
LDFLAGS_san := -fsanitize=address,undefined
# libFuzzer's own main(): the targets of tests/fuzz and nothing else.
CFLAGS_fuzz := -O1 -g -fsanitize=fuzzer-no-link,address,undefined \
        -fno-omit-frame-pointer -fno-sanitize-recover=undefined \
        -DBAOSONG_SANITIZED -Wno-missing-field-initializers
LDFLAGS_fuzz := -fsanitize=fuzzer,address,undefined
# The same without sanitizers, and without a look at what is compared (words
# are in the dictionaries): five times as fast, to find what there is.  Not
# more optimized: each copy that is made of a loop or a function has edges of
# its own, and what is looked for are those of the source.
CFLAGS_grow := -O1 -fno-inline -g -fsanitize=fuzzer-no-link \
        -fno-sanitize-coverage=trace-cmp -DBAOSONG_SANITIZED \
        -Wno-missing-field-initializers
LDFLAGS_grow := -fsanitize=fuzzer
# What a corpus reaches, line by line: for tests/fuzz/unseen.
CFLAGS_seen := -O1 -g -fsanitize=fuzzer-no-link -fprofile-instr-generate \
        -fcoverage-mapping -DBAOSONG_SANITIZED -Wno-missing-field-initializers
LDFLAGS_seen := -fsanitize=fuzzer -fprofile-instr-generate
CFLAGS_cov := -O0 -g --coverage
LDFLAGS_cov := --coverage

# Quiet when the libraries are not there yet: `make deps` brings them.
PKG_CFLAGS = $(shell pkg-config --cflags $(PKGS) 2>/dev/null | sed 's/-I/-isystem /g')
PKG_LIBS = $(shell pkg-config --libs $(PKGS) 2>/dev/null)
PURE_CFLAGS = $(shell pkg-config --cflags $(PURE_PKGS) 2>/dev/null | sed 's/-I/-isystem /g')
PURE_LIBS = $(shell pkg-config --libs $(PURE_PKGS) 2>/dev/null)

ALL_CFLAGS = -std=c11 -MMD -MP -Isrc $(DEFS) $(WARN) $(CFLAGS_$(VARIANT)) \
        $(CFLAGS)
SRC := $(wildcard src/*/*.c)
OBJ := $(SRC:src/%.c=$(BUILD)/%.o)
LIB_OBJ := $(filter-out $(BUILD)/cmd/main.o,$(OBJ))
UNIT_SRC := $(wildcard tests/unit/test_*.c)
UNIT := $(UNIT_SRC:tests/unit/%.c=$(BUILD)/tests/%)
TOOLS := $(patsubst tests/tools/%.c,$(BUILD)/tools/%,$(wildcard tests/tools/*.c))
FUZZ := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))

# What a bare Debian 12 needs: to build, and beside it to run the tests.
BUILD_DEPS := gcc make pkg-config libglib2.0-dev libpcre2-dev libgmime-3.0-dev \
        libcurl4-openssl-dev libsqlite3-dev libxml2-dev \
        zlib1g-dev libxlsxwriter-dev libyaml-dev libjson-glib-dev \
        libseccomp-dev libssl-dev gettext ca-certificates python3
TEST_DEPS := python3-yaml python3-openpyxl python3-docx python3-uno openssl \
        dovecot-imapd postfix libreoffice-calc-nogui \
        libreoffice-writer-nogui fonts-noto-cjk poppler-utils binutils \
        spin strace systemd
# llvm: without its symbolizer no leak of a library is known by its name.
FUZZ_DEPS := clang libclang-rt-14-dev llvm
# A Node.js that is not Debian's stands in the way of Debian's npm.
BENCH_DEPS := isync notmuch catdoc linux-perf \
        $(if $(shell which npm 2>/dev/null),,nodejs npm)
LINT_DEPS := clang-format clang-tidy cppcheck valgrind man-db

# One line a file; V=1 shows the commands.
V ?=
say = $(if $(V),,@printf '  %-4s %s\n' $(1) $(2);)

all: $(BUILD)/baosong catalogue ## build the program (VARIANT=release, V=1)

$(BUILD)/%.o: src/%.c
	@mkdir -p $(@D)
	$(call say,CC,$@)$(CC) $(ALL_CFLAGS) $(PKG_CFLAGS) -c $< -o $@

# Data is looked for below PREFIX: for another one office.c is compiled anew.
$(BUILD)/intake/office.o: $(BUILD)/prefix
$(BUILD)/prefix: FORCE
	@mkdir -p $(@D)
	@echo '$(PREFIX)' | cmp -s - $@ || echo '$(PREFIX)' > $@

$(BUILD)/libbaosong.a: $(LIB_OBJ)
	@rm -f $@
	$(call say,AR,$@)ar rcs $@ $^

LINK = $(CC) $(CFLAGS_$(VARIANT)) $(LDFLAGS_$(VARIANT)) $(filter %.o %.a,$^) $(PKG_LIBS) -lm -o $@

$(BUILD)/baosong: $(BUILD)/cmd/main.o $(BUILD)/libbaosong.a
	$(call say,LINK,$@)$(LINK)

$(BUILD)/tests/%.o: tests/unit/%.c
	@mkdir -p $(@D)
	$(call say,CC,$@)$(CC) $(ALL_CFLAGS) -Itests $(PKG_CFLAGS) -c $< -o $@

$(BUILD)/tests/%: $(BUILD)/tests/%.o $(BUILD)/libbaosong.a
	$(call say,LINK,$@)$(LINK)

$(BUILD)/tools/%.o: tests/tools/%.c
	@mkdir -p $(@D)
	$(call say,CC,$@)$(CC) $(ALL_CFLAGS) -Itests $(PKG_CFLAGS) -c $< -o $@

$(BUILD)/tools/%: $(BUILD)/tools/%.o $(BUILD)/libbaosong.a
	$(call say,LINK,$@)$(LINK)

# With gcc a driver of our own stands for libFuzzer.
$(BUILD)/fuzz/%.o: tests/fuzz/%.c
	@mkdir -p $(@D)
	$(call say,CC,$@)$(CC) $(ALL_CFLAGS) -Itests $(PKG_CFLAGS) -c $< -o $@

$(BUILD)/fuzz/fuzz_%: $(BUILD)/fuzz/fuzz_%.o $(BUILD)/fuzz/fuzz.o \
        $(if $(filter fuzz grow seen,$(VARIANT)),,$(BUILD)/fuzz/driver.o) \
        $(BUILD)/libbaosong.a
	$(call say,LINK,$@)$(LINK)

# A machine that fails, for tests/crash and tests/faults; of every variant.
SHIM := build/tests/shim.so
$(SHIM): tests/faults/shim.c tests/faults/power.c tests/faults/shim.h
	@mkdir -p $(@D)
	$(call say,CC,$@)$(CC) -std=c11 -O1 -g -fPIC -shared $(WARN) -D_GNU_SOURCE \
	  $(filter %.c,$^) -ldl -o $@

# GLib's locks as helgrind knows them.
LOCKS := build/tests/glib_locks.so
$(LOCKS): tests/threads/glib_locks.c
	@mkdir -p $(@D)
	$(call say,CC,$@)$(CC) -std=c11 -O1 -g -fPIC -shared $(WARN) \
	  $(PURE_CFLAGS) $< -o $@

unit-tests: $(UNIT) $(TOOLS) $(FUZZ) $(SHIM)
fuzz-targets: $(FUZZ)

# One catalogue for command-line text; `make catalogue` is part of `all`.
PO := src/po/zh_CN.po
MO := build/share/locale/zh_CN/LC_MESSAGES/baosong.mo
catalogue: $(if $(wildcard $(PO)),$(MO))
$(MO): $(PO)
	@mkdir -p $(@D)
	$(call say,MO,$@)msgfmt --check -o $@ $<

deps: ## install what building and the demo need (Debian)
	@tests/install-deps $(BUILD_DEPS)

deps-check: ## install what the tests need as well
	@tests/install-deps $(BUILD_DEPS) $(TEST_DEPS)

deps-bench:
	@tests/install-deps $(BUILD_DEPS) $(TEST_DEPS) $(BENCH_DEPS)

deps-lint:
	@tests/install-deps $(BUILD_DEPS) $(TEST_DEPS) $(LINT_DEPS)

# The Makefile asks pkg-config when it is read: what needs the libraries is
# run by a second make, after the first has installed them.
check: deps-check ## install what tests need, build, run every test
	@$(MAKE) --no-print-directory -j$(JOBS) all unit-tests \
	  $(if $(filter release,$(VARIANT)),bench-tools)
	@$(MAKE) --no-print-directory check-layers
	@tests/run --variant $(VARIANT)

demo: deps ## the main job on a Maildir of sample mail; look into demo/
	@$(MAKE) --no-print-directory -j$(JOBS) all
	@tests/demo/run $(BUILD)/baosong

san: deps-check ## every unit and flow test under ASan and UBSan
	@$(MAKE) --no-print-directory -j$(JOBS) VARIANT=san all unit-tests
	@tests/run --variant san

# Inputs of others are looked for in $$BAOSONG_SHARED, else in ../shared.
hostile: deps-check ## bombs, corpora, sandbox, requirements: all, not samples (VARIANT=san too)
	@$(MAKE) --no-print-directory -j$(JOBS) all unit-tests
	@tests/hostile/run --variant $(VARIANT)

deps-fuzz:
	@tests/install-deps $(BUILD_DEPS) $(FUZZ_DEPS)

# Seconds for each target; of all together about an hour.
FUZZ_TIME ?= 240
fuzz: deps-fuzz ## FUZZ_TIME=240 seconds of libFuzzer on each reader of hostile bytes
	@$(MAKE) --no-print-directory -j$(JOBS) VARIANT=fuzz fuzz-targets
	@tests/fuzz/run --time $(FUZZ_TIME)

valgrind: deps-lint ## the unit tests under memcheck
	@$(MAKE) --no-print-directory -j$(JOBS) all unit-tests
	@tests/tools/valgrind $(UNIT)

# The two threads beside the program, as the tests of each drive them.
threads: deps-lint ## the program's threads under helgrind
	@$(MAKE) --no-print-directory -j$(JOBS) all unit-tests $(LOCKS)
	@tests/threads/run $(LOCKS) $(BUILD)/tests

# Hours on a small machine: what was tried is kept (--journal), so that a run
# that was broken off goes on; `CRASH_ARGS='--every 11'` tries a sample.
JOURNAL = --journal $(BUILD)/$@.journal
CRASH_ARGS ?= $(JOURNAL)
FAULTS_ARGS ?= $(JOURNAL)
crash: deps-check ## kill the program at every crash point, resume, compare
	@$(MAKE) --no-print-directory -j$(JOBS) all $(SHIM)
	@tests/crash/run $(CRASH_ARGS) $(BUILD)/baosong

faults: deps-check ## the machine fails and lines break at every point; compare
	@$(MAKE) --no-print-directory -j$(JOBS) all $(SHIM)
	@tests/faults/run $(FAULTS_ARGS) $(BUILD)/baosong

# How many messages `make soak` sends; N=200000 for a night.
SOAK_ARGS ?=
soak: deps-check ## N=20000 messages through real servers, while things go wrong
	@$(MAKE) --no-print-directory -j$(JOBS) all
	@tests/soak/run $(SOAK_ARGS) $(BUILD)/baosong $(if $(filter file,$(origin N)),20000,$(N))

model: deps-check ## docs/delivery.pml checked by spin, and each safeguard missed
	@tests/model/run

cov: ## coverage of the tests, by file
	@$(MAKE) --no-print-directory VARIANT=cov all unit-tests
	@tests/run --variant cov >/dev/null; tests/tools/coverage build/cov

# How many random fact sequences `make rules` scores twice.
N ?= 100000
rules: all unit-tests ## the packs' examples; N=100000 sequences against the reference
	@$(BUILD)/baosong check --rules mailrules/*
	@DIFF_SCORE=$(N) DIFF_SCORE_JOBS=$$(nproc) tests/flow/diff_score.py

mutate-packs: all ## change every number of every pack: its examples must notice
	@tests/tools/mutate_packs.py --jobs $$(nproc)

scorespeed: unit-tests ## a year of 2,000 units scored, beside reading it out of SQLite
	@bad=0; for p in mailrules/*; do \
	  $(BUILD)/tools/scorespeed $$p || { bad=1; echo "$$p: too slow"; }; \
	done; exit $$bad

# rules/ and the text parts of message/ and draft/ link with GLib alone, and the
# PCRE2 that comes with it.
PURE_SRC := $(wildcard src/rules/*.c) $(wildcard src/base/*.c) \
        $(wildcard $(addprefix src/message/, reading.c reading_wire.c charset.c rfc2047.c codec.c header.c \
        params.c machine.c authres.c address.c quote.c tnef.c report.c smime.c)) \
        $(wildcard $(addprefix src/draft/, words.c mark_line.c secrecy.c openness.c plain.c likeness.c \
        common_runs.c fingerprint*.c radix.c)) \
        $(wildcard $(addprefix src/reply/, mustache.c mustache_parse.c value.c compose.c recheck.c))
check-layers: $(PURE_SRC:src/%.c=$(BUILD)/%.o) ## prove which folder needs what
	@echo 'int main(void) { return 0; }' > $(BUILD)/pure.c
	$(call say,LINK,$(BUILD)/pure)$(CC) $(CFLAGS_$(VARIANT)) $(LDFLAGS_$(VARIANT)) $(BUILD)/pure.c \
	  $^ $(PURE_LIBS) -lm -o $(BUILD)/pure
	@tests/tools/check_layers $(BUILD)

lint: deps-lint ## format, compiler warnings as errors, clang-tidy, cppcheck
	@$(MAKE) --no-print-directory -j$(JOBS) BUILD=build/lint WERROR=-Werror all unit-tests
	@tests/tools/lint

format: ## lay the code out
	clang-format -i src/*/*.[ch] tests/unit/*.[ch] tests/tools/*.[ch] \
	  tests/fuzz/*.[ch]

po: ## bring the Chinese catalogue up to date with the source
	xgettext --from-code=UTF-8 --no-location -k_ -kN_ -o build/baosong.pot src/*/*.c
	msgmerge --quiet --update --backup=none --no-fuzzy-matching $(PO) build/baosong.pot

# What a measurement runs beside the program: see tests/bench/run.
BENCH := $(patsubst tests/bench/%.c,build/bench/bin/%,$(wildcard tests/bench/*.c))
build/bench/bin/%: tests/bench/%.c $(BUILD)/libbaosong.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(PKG_CFLAGS) $(LDFLAGS_$(VARIANT)) $< \
	  $(BUILD)/libbaosong.a $(PKG_LIBS) -lm -o $@

bench-tools: all unit-tests $(BENCH)

# Near duplicates: N drafts, Q copies of each kind.
NEARDUP_ARGS ?= --drafts 100000 --queries 1000
neardup: ## copies found and unrelated drafts left alone, NEARDUP_ARGS=--drafts 1000000
	@$(MAKE) --no-print-directory -j$(JOBS) $(BUILD)/tools/neardup_bench
	@$(BUILD)/tools/neardup_bench $(NEARDUP_ARGS)

BENCH_ARGS ?=
bench: deps-bench ## every stage beside its peers: ratios, medians, spread
	@$(MAKE) --no-print-directory -j$(JOBS) bench-tools
	@tests/bench/run $(BENCH_ARGS) $(BUILD)/baosong

install: all ## into $(DESTDIR)$(PREFIX)
	install -Dm755 $(BUILD)/baosong $(DESTDIR)$(PREFIX)/bin/baosong
	install -Dm644 docs/baosong.1 $(DESTDIR)$(PREFIX)/share/man/man1/baosong.1
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	sed 's|/usr/local/bin|$(PREFIX)/bin|' docs/baosong@.service > \
	  $(DESTDIR)$(PREFIX)/lib/systemd/system/baosong@.service
	install -Dm644 $(MO) \
	  $(DESTDIR)$(PREFIX)/share/locale/zh_CN/LC_MESSAGES/baosong.mo
	mkdir -p $(DESTDIR)$(PREFIX)/share/baosong
	cp -R mailrules templates $(DESTDIR)$(PREFIX)/share/baosong/

dist: ## a source archive of HEAD
	git archive --prefix=baosong/ -o build/baosong.tar.gz HEAD

clean:
	rm -rf build demo

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /\t/' | sort

-include $(OBJ:.o=.d) $(UNIT:=.d) $(TOOLS:=.d) $(FUZZ:=.d)

.PHONY: all unit-tests fuzz-targets fuzz hostile catalogue deps deps-check \
        deps-fuzz deps-lint check demo san \
        valgrind threads crash faults soak model cov po rules mutate-packs check-layers lint format \
        bench bench-tools deps-bench neardup \
        install dist clean help FORCE
.SECONDARY:
