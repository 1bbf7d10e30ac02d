# Makefile - the only build.  `make help` lists what there is.
VARIANT ?= release
BUILD := build/$(VARIANT)
PREFIX ?= /usr/local
DESTDIR ?=
CC := gcc
PKGS := glib-2.0 gobject-2.0 gio-2.0 gmime-3.0 libcurl sqlite3 libgsf-1 \
        libxml-2.0 zlib xlsxwriter yaml-0.1 json-glib-1.0 libseccomp libytnef
PURE_PKGS := glib-2.0

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

all: $(BUILD)/baosong

$(BUILD)/%.o: src/%.c | deps-quiet
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(PKG_CFLAGS) -c $< -o $@

$(BUILD)/libbaosong.a: $(LIB_OBJ)
	@rm -f $@
	ar rcs $@ $^

$(BUILD)/baosong: $(BUILD)/cmd/main.o $(BUILD)/libbaosong.a
	$(CC) $(CFLAGS_$(VARIANT)) $(LDFLAGS_$(VARIANT)) $^ $(PKG_LIBS) -lm -o $@

$(BUILD)/tests/%: tests/unit/%.c $(BUILD)/libbaosong.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -Itests $(PKG_CFLAGS) $(LDFLAGS_$(VARIANT)) $< \
	  $(BUILD)/libbaosong.a $(PKG_LIBS) -lm -o $@

unit-tests: $(UNIT)

deps-quiet:
	@true

-include $(OBJ:.o=.d)

.PHONY: all unit-tests deps-quiet
.SECONDARY:
