/*
 * What the fuzz targets of the sources of settings share: a group with an option of each kind, and
 * a look at what came out.
 */
#ifndef CROFT_TESTS_FUZZ_SETTINGS_H
#define CROFT_TESTS_FUZZ_SETTINGS_H

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/str.h"
#include "core/config/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct fuzz_settings {
	const char *name, *kind, *secret;
	int64_t number, seconds, bytes, choice;
	bool flag;
};

static const char *const fuzz_kinds[] = { "plain", "other", NULL };

#define FUZZ_OPTION(member, ...) OPTION(struct fuzz_settings, member, __VA_ARGS__)
static OPTION_GROUP(fuzz_group, "app", struct fuzz_settings, "Everything.", FUZZ_OPTION(name),
		    FUZZ_OPTION(kind, .preset = "plain", .choices = fuzz_kinds),
		    FUZZ_OPTION(secret, .secret = true), FUZZ_OPTION(number, .min = -5, .max = 100),
		    FUZZ_OPTION(seconds, .unit = UNIT_SECONDS, .preset = "1", .min = 1,
				.max = 86400),
		    FUZZ_OPTION(bytes, .unit = UNIT_BYTES),
		    FUZZ_OPTION(choice, .choices = fuzz_kinds), FUZZ_OPTION(flag));
static const struct option_group *const fuzz_groups[] = { &fuzz_group, NULL };

/*
 * A file with these bytes, at a path that can be opened until the descriptor, which is the
 * caller's, is closed.
 */
static inline int fuzz_file(const uint8_t *data, size_t size, char path[64])
{
	int fd = memfd_create("settings", MFD_CLOEXEC);
	assert(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	snprintf(path, 64, "/proc/self/fd/%d", fd);
	return fd;
}

static inline void fuzz_is_printable(const struct buf *text)
{
	for (size_t i = 0; i < text->len; i++)
		assert(text->data[i] == '\n' || (unsigned char)text->data[i] >= ' ');
}

/*
 * What was taken is within its bounds, and neither values nor faults bring a terminal out of step.
 */
static inline void fuzz_load(const struct config_sources *sources)
{
	AUTO(arena) arena = { 0 };
	AUTO(buf) faults = { 0 };
	struct config *config = NULL;
	struct ctx c;
	ctx_init(&c, NULL, &arena);
	if (config_load(&c, fuzz_groups, sources, &faults, &config)) {
		assert(faults.len && faults.data[faults.len - 1] == '\n');
		fuzz_is_printable(&faults);
		return;
	}
	AUTO(buf) shown = { 0 };
	const struct fuzz_settings *settings = config_group(config, &fuzz_group);
	assert(!faults.len && settings->number >= -5 && settings->number <= 100);
	assert(settings->seconds >= 1 && settings->seconds <= 86400);
	assert(settings->choice == 0 || settings->choice == 1);
	assert(str_eq(settings->kind, "plain") || str_eq(settings->kind, "other"));
	assert(!config_has_control(settings->name));
	config_print(config, &shown);
	fuzz_is_printable(&shown);
	assert(strlen(settings->secret) < 8 ||
	       !memmem(shown.data, shown.len, settings->secret, strlen(settings->secret)) ||
	       strstr(settings->name, settings->secret));
	config_drop(config);
}

#endif
