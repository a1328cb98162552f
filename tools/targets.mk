# The targets that people call. Included by the Makefile; `make help` prints the texts after ##.

c_files := $(sort $(shell find include src tests -name '*.[ch]' 2>/dev/null))
jobs := $(shell nproc 2>/dev/null || echo 2)

.PHONY: serve dev coverage check check-long test bench lint format format-check syntax headers mistakes layers tidy
.PHONY: fuzz fuzz-replay
.PHONY: install uninstall dist deps vendor vendor-lock clean help

help: ## Show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST) | sort
	@echo "  V=1 shows the commands; SAN=address,undefined or SAN=thread builds with sanitizers."

serve: ## Install what is missing, build, and run the server here
	@tools/deps --quick build serve
	@$(MAKE) --no-print-directory -j$(jobs) all
	@exec $(OUT)/$(NAME) serve

dev: ## Run the server here; build and restart it when a source or setting changes (ARGS='--set …')
	@tools/deps --quick build serve dev
	@exec tools/dev $(BUILD)/dev $(OUT)/$(NAME) $(MAKE) --no-print-directory -j$(jobs) BUILD='$(BUILD)' \
		CC='$(CC)' O='$(O)' SAN='$(SAN)' CFLAGS='$(CFLAGS)' LDFLAGS='$(LDFLAGS)' all -- $(ARGS)

deps: ## Install the Debian packages that building and checking need
	@tools/deps build check

vendor: ## Fetch the bundles of /docs and /redoc again (needs npm)
	@tools/vendor --again $(vendor)

vendor-lock: ## Make package-lock.json anew after a change of package.json
	@tools/vendor --lock

# ---- checks ----

check: ## Everything that must pass before a change goes in (T=modules: of the tests those alone)
	@$(tests_found)
	@BUILD='$(BUILD)' V='$(V)' T='$(T)' MAKE='$(MAKE)' tools/check

check-long: ## Run the checks again and again on a busy machine, then with slow starts (LONG_ROUNDS=10 LONG_TESTS= LONG_SAN= LONG_DELAY_MS=2000 LONG_FUZZ_SECONDS=180 LONG_KILLS=1000)
	@tools/deps --quick build check
	@BUILD='$(BUILD)' V='$(V)' MAKE='$(MAKE)' LONG_ROUNDS='$(LONG_ROUNDS)' LONG_TESTS='$(LONG_TESTS)' \
		LONG_SAN='$(LONG_SAN)' LONG_DELAY_MS='$(LONG_DELAY_MS)' LONG_FUZZ_SECONDS='$(LONG_FUZZ_SECONDS)' \
		LONG_KILLS='$(LONG_KILLS)' \
		tools/check-long

# T=posts: those in a folder of that name, T=core/db or T=test_write: in that place, of that name.
tests_asked = $(strip $(if $(T),$(foreach one,$(test_programs),$(if $(findstring /$(T)/,$(patsubst $(OUT)/test/%,/%/,$(one))),$(one))),$(test_programs)))
threaded_asked = $(filter $(tests_asked),$(threaded_programs))
tests_found = $(if $(tests_asked),,echo "tests has no folder and no program '$(T)'" && exit 1)
test: ## Build and run the tests as they are (T=posts: those of a folder; SAN=… with sanitizers)
	@tools/deps --quick build check
	@$(tests_found)
	@$(MAKE) --no-print-directory -j$(jobs) $(OUT)/$(NAME) $(tests_asked)
	@CROFT_BINARY='$(abspath $(OUT))/$(NAME)' V='$(V)' tools/run-tests $(OUT) $(tests_asked)

# Of a build of its own, with the pages' bundles of the plain one.
measured := $(BUILD)/coverage
measured_make = $(MAKE) --no-print-directory BUILD='$(measured)' vendor='$(vendor)' CC=gcc SAN= O=-Og \
	CFLAGS='--coverage -fprofile-update=atomic' LDFLAGS=--coverage
coverage: ## Run the tests and say what of src/ they reach, by folder and as HTML (T=posts: those of a folder)
	@tools/deps --quick build check coverage
	@$(tests_found)
	@$(measured_make) -j$(jobs) coverage-programs
	@find $(measured) -name '*.gcda' -delete
	@status=0; $(measured_make) test || status=$$?; \
		tools/coverage $(measured)/obj/src $(measured)/html && exit $$status

# Those that were asked for, built.
.PHONY: tests threaded-tests
tests: $(tests_asked)
threaded-tests: $(threaded_asked)

.PHONY: coverage-programs
coverage-programs: $(OUT)/$(NAME) $(tests_asked)

syntax: ## Compile every file with CC and write nothing, as with CC=clang
	@printf '%s\n' $(filter %.c,$(c_files)) | \
		xargs -n 8 -P $(jobs) $(CC) -fsyntax-only $(filter-out -MMD,$(CFLAGS_)) -Itests

headers: ## Check that each public header compiles alone
	@CC='$(CC)' CFLAGS='$(CFLAGS_)' tools/check-headers

mistakes: ## Check that the compilers tell what authors do wrong, at its line
	@tests/tools/mistakes gcc clang -- $(filter-out -MMD,$(CFLAGS_))

layers: ## Check who includes whom
	@tools/check-layers

tidy: ## Find what is dead, there twice, out of place or past 100 columns
	@tools/tidy

# Field tables also stand in the tutorials.
format: ## Format all C files
	@clang-format -i $(c_files)
	@tools/format-tables $(c_files) docs/tutorial.md docs/first-module.md

format-check: ## Fail when a C file is not formatted
	@{ clang-format --dry-run -Werror $(c_files) 2>&1 | sed -n 's/^\([^:]*\):[0-9].* error: .*/not formatted: \1/p'; \
		tools/format-tables --check $(c_files) docs/tutorial.md docs/first-module.md; } | \
		sort -u | awk '{ print } END { exit NR > 0 }'

lint: ## Look for bugs with clang-tidy
	@tools/deps --quick build lint
	@printf '%s\n' $(filter-out src/testing/%,$(filter src/%.c tests/bench/%.c,$(c_files))) | xargs -n 4 -P $(jobs) sh -c \
		'clang-tidy --quiet --config-file=tools/clang-tidy.yaml --warnings-as-errors="*" "$$@" -- $(CFLAGS_) \
		$(if $(V),,2>/dev/null)' _

fuzz-replay: fuzz-programs ## Give the fuzz programs every input that was found before (with SAN=address,undefined)
	@set -e; for name in $(patsubst tests/fuzz/fuzz_%.c,%,$(fuzz_sources)); do \
		[ -d tests/fuzz/corpus/$$name ] || { echo "tests/fuzz/corpus/$$name: no inputs are kept"; exit 1; }; \
		find tests/fuzz/corpus/$$name -type f | LC_ALL=C sort | xargs $(OUT)/fuzz/fuzz_$$name; \
	done

FUZZ_SECONDS ?= 30
fuzz: ## Let clang's fuzzer look for new inputs (FUZZ_SECONDS=30 for each program)
	@tools/deps --quick build check
	@$(MAKE) --no-print-directory -j$(jobs) CC=clang SAN=fuzzer-no-link,address,undefined fuzz-programs
	@tools/fuzz $(FUZZ_SECONDS) $(BUILD) $(patsubst tests/fuzz/%.c,%,$(fuzz_sources))

# For scripts: make -s print-test_programs
print-%:
	@printf '%s\n' $($*)

# ---- use ----

bench: ## Measure the cost of a request: against a bare libmicrohttpd program, of a shared state, of tables by declaration, of identity, as tables grow, and with too many clients
	@tools/deps --quick build bench
	@$(MAKE) --no-print-directory $(OUT)/$(NAME) $(OUT)/bench/bare $(OUT)/bench/slow_flush.so \
		$(OUT)/bench/snapshot $(OUT)/bench/declared $(OUT)/bench/identity
	@tests/bench/run $(OUT)
	@tests/bench/snapshot $(OUT)
	@tests/bench/declared $(OUT)
	@tests/bench/identity $(OUT)
	@tests/bench/scale $(OUT)
	@tests/bench/overload $(OUT)

# What these files call croft is called as the program is, but for what they write as c\&roft.
prefix := $(call named,APP_PREFIX)
renamed := sed 's/\<croft\>/$(NAME)/g; s/\<CROFT_/$(prefix)/g; s/\<CROFT\>/$(prefix:_=)/g'

install: all ## Install the binary, the man page, the systemd unit and, unless it is there, /etc/croft/app.ini (DESTDIR, PREFIX, UNITDIR, SYSCONFDIR)
	install -D -m 755 $(OUT)/$(NAME) $(DESTDIR)$(PREFIX)/bin/$(NAME)
	install -d -m 755 $(DESTDIR)$(PREFIX)/share/man/man1
	$(renamed) docs/croft.1 | install -m 644 /dev/stdin $(DESTDIR)$(PREFIX)/share/man/man1/$(NAME).1
	install -d -m 755 $(DESTDIR)$(UNITDIR)
	$(renamed) tools/croft.service | sed 's|@BINDIR@|$(PREFIX)/bin|' | \
		install -m 644 /dev/stdin $(DESTDIR)$(UNITDIR)/$(NAME).service
	install -d -m 755 $(DESTDIR)$(SYSCONFDIR)/$(NAME)
	@test -e $(DESTDIR)$(SYSCONFDIR)/$(NAME)/app.ini || { set -x; \
		tools/server-ini $(OUT)/$(NAME) | install -m 644 /dev/stdin $(DESTDIR)$(SYSCONFDIR)/$(NAME)/app.ini; }

uninstall: ## Remove what install put there, and nothing else
	rm -f $(DESTDIR)$(PREFIX)/bin/$(NAME) $(DESTDIR)$(PREFIX)/share/man/man1/$(NAME).1 $(DESTDIR)$(UNITDIR)/$(NAME).service

release := $(NAME)-$(VERSION)
dist: ## Pack the committed sources with their checksum into build/
	@mkdir -p $(BUILD)
	git archive --format=tar --prefix=$(release)/ HEAD | gzip -9n >$(BUILD)/$(release).tar.gz
	cd $(BUILD) && sha256sum $(release).tar.gz | tee $(release).tar.gz.sha256

clean: ## Remove everything that was built
	rm -rf $(BUILD)
