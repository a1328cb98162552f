# croft: `make serve` runs it, `make check` tests it, `make help` lists the rest.
# Non-recursive; objects are rebuilt when a header or a flag changes. V=1 shows the commands.

VERSION := 0.1.0
# What the program and its variables are called, as the sources have it.
named = $(shell sed -n 's/^\#define $(1) "\(.*\)"$$/\1/p' include/base/app_name.h)
NAME    := $(call named,APP_NAME)
ifeq ($(origin CC),default)
CC := gcc
endif
BUILD   ?= build
AREAS   ?=
SAN     ?=
O       ?= -O2
PREFIX  ?= /usr/local
DESTDIR ?=
UNITDIR ?= /etc/systemd/system
SYSCONFDIR ?= /etc

# SAN=address,undefined or SAN=thread builds beside the plain build, in a folder of its own.
comma := ,
OUT   := $(BUILD)$(if $(SAN),/san-$(subst $(comma),-,$(SAN)))

LIBS     := libmicrohttpd sqlite3 libpq libcjson libsodium libxcrypt nettle liboath libqrencode inih libpcre2-8 libutf8proc zlib
WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla -Werror
HARDEN   := $(if $(SAN),,-D_FORTIFY_SOURCE=2) -fstack-protector-strong -fPIE
CFLAGS_  := -std=gnu17 -D_GNU_SOURCE $(O) -g -fno-omit-frame-pointer -ffile-prefix-map=$(CURDIR)=. \
	    $(WARNINGS) $(HARDEN) -Iinclude -Isrc $(shell pkg-config --cflags libpq 2>/dev/null) \
	    $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all) $(CFLAGS)
LDFLAGS_ := -pie -Wl,-z,relro,-z,now -Wl,--as-needed -pthread $(if $(SAN),-fsanitize=$(SAN)) $(LDFLAGS)
# Asked for when something is linked, not before: pkg-config may not be installed yet.
LDLIBS_  = $(shell pkg-config --libs $(LIBS)) -lm

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-6s %s\n' '$(1)' '$(2)')

# `make` alone and test programs by their names install nothing: they say what is missing. The other targets see to
# that by themselves.
goals   := $(or $(MAKECMDGOALS),all)
looked  := $(if $(filter all install $(OUT)/test/%,$(goals)),build) $(if $(filter $(OUT)/test/%,$(goals)),test)
ifneq ($(strip $(looked)),)
$(if $(shell tools/deps --look $(looked) || echo missing),$(error see above))
endif

include tools/build.mk
include tools/targets.mk
