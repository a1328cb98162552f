# The rules that make build/croft and the test programs. Included by the Makefile.

folders := $(if $(AREAS),$(addprefix src/,$(AREAS)),src)
sources := $(sort $(shell find $(folders) -name '*.c' 2>/dev/null))
# src/testing is the kit that tests are made with, and no part of the server.
sources := $(filter-out src/main.c src/testing/%,$(sources))
objects := $(sources:%.c=$(OUT)/obj/%.o) $(OUT)/obj/version.o $(OUT)/obj/embedded.o
library := $(OUT)/libcroft.a

.PHONY: all
all: $(OUT)/$(NAME) ## Build build/croft
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:

# $(call remember,text): writes the target when the text is not what it holds, so that it is newer only then.
remember = @mkdir -p $(@D); printf '%s\n' '$(1)' | cmp -s - $@ || printf '%s\n' '$(1)' >$@

# Changes exactly when the compiler or a flag does.
flags := $(OUT)/flags
$(flags): FORCE
	$(call remember,$(CC) $(CFLAGS_) $(LDFLAGS_) $(VERSION))
# Changes exactly when a source file comes or goes. A module that came is to be listed.
members := $(OUT)/members
$(members): FORCE
	$(if $(AREAS),,@tools/check-modules)
	$(call remember,$(objects) $(kit_objects))
.PHONY: FORCE
FORCE:

$(OUT)/obj/%.o: %.c $(flags)
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_) -MMD -MP -c -o $@ $<

$(OUT)/obj/version.o: Makefile $(flags)
	@mkdir -p $(@D)
	$(Q)printf 'extern const char *const app_version;\nconst char *const app_version = "%s";\n' '$(VERSION)' | \
		$(CC) $(CFLAGS_) -x c -c -o $@ -

# The bundles of the documentation pages, when npm can be had: see tools/vendor.
vendor := $(BUILD)/vendor
$(vendor)/state: FORCE
	@tools/vendor $(vendor)

# The files in the binary: sql/, static/ and those bundles. The list holds their checksums, so it changes when one
# of them does, comes or goes. With AREAS it is empty: tests of the lower layers bring their own.
embed_roots := $(if $(AREAS),,. $(vendor))
$(OUT)/gen/embedded.list: $(if $(AREAS),,$(vendor)/state) FORCE
	@mkdir -p $(@D)
	@tools/embed list $(embed_roots) >$@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi
$(OUT)/gen/embedded.c: $(OUT)/gen/embedded.list tools/embed
	$(call say,EMBED,$@)
	$(Q)tools/embed make $< $(@D)
$(OUT)/obj/embedded.o: $(OUT)/gen/embedded.c $(flags) $(wildcard include/core/embedded.h)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_) -c -o $@.table $<
	$(Q)$(CC) $(CFLAGS_) -c -o $@.bytes $(<:.c=.S)
	$(Q)ld -r -z noexecstack -o $@ $@.table $@.bytes && rm $@.table $@.bytes

$(library): $(objects) $(members)
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar rcs $@ $(objects)

$(OUT)/$(NAME): $(OUT)/obj/src/main.o $(library)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS_) -o $@ $^ $(LDLIBS_)

# tests/core/db/test_write.c → build/test/core/db/test_write
support := $(patsubst %.c,$(OUT)/obj/%.o,$(sort $(wildcard tests/support/*.c)))
kit_objects := $(patsubst %.c,$(OUT)/obj/%.o,$(sort $(wildcard src/testing/*.c)))
kit := $(OUT)/libtesting.a
$(kit): $(kit_objects) $(members)
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar rcs $@ $(kit_objects)

found_sources := $(sort $(shell find tests -name 'test_*.c' 2>/dev/null))
# Those with a line /* long */ are begun first, so that nothing waits for one of them at the end.
long_sources := $(shell grep -lx '/\* long \*/' $(found_sources) /dev/null)
test_sources := $(long_sources) $(filter-out $(long_sources),$(found_sources))
test_programs := $(test_sources:tests/%.c=$(OUT)/test/%)
# Those with a line /* threaded */ are run under SAN=thread too.
threaded_sources := $(shell grep -lx '/\* threaded \*/' $(test_sources) /dev/null)
threaded_programs := $(threaded_sources:tests/%.c=$(OUT)/test/%)

# Private, or the flags that are remembered would be those of tests where one of them is the first goal.
$(OUT)/obj/tests/%.o: private CFLAGS_ += -Itests
$(OUT)/test/%: $(OUT)/obj/tests/%.o $(support) $(kit) $(library)
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS_) -o $@ $^ $(LDLIBS_) -lcmocka

# tests/fuzz/fuzz_json.c → build/…/fuzz/fuzz_json: clang's fuzzer drives it when SAN names it, else it replays the
# files that it is given.
fuzz_sources := $(sort $(wildcard tests/fuzz/fuzz_*.c))
fuzz_programs := $(fuzz_sources:tests/fuzz/%.c=$(OUT)/fuzz/%)
fuzzing := $(findstring fuzzer,$(SAN))
$(OUT)/fuzz/%: $(OUT)/obj/tests/fuzz/%.o $(if $(fuzzing),,$(OUT)/obj/tests/fuzz/replay.o) $(library)
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS_) $(if $(fuzzing),-fsanitize=fuzzer) -o $@ $^ $(LDLIBS_)

.PHONY: fuzz-programs
fuzz-programs: $(fuzz_programs)

$(OUT)/bench/bare: $(patsubst %.c,$(OUT)/obj/%.o,$(sort $(wildcard tests/bench/bare*.c)))
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS_) -o $@ $^ $(LDLIBS_)

$(OUT)/bench/snapshot $(OUT)/bench/declared $(OUT)/bench/identity: $(OUT)/bench/%: $(OUT)/obj/tests/bench/%.o $(library)
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS_) -o $@ $^ $(LDLIBS_)

$(OUT)/bench/%.so: tests/bench/preload/%.c
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_) $(LDFLAGS) -fPIC -shared -o $@ $<

.SECONDARY:
-include $(shell find $(OUT)/obj -name '*.d' 2>/dev/null)
