/*
 * Fuzz target of a backup's manifest: what was read can be written and is read again as the same.
 */
#include <assert.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/backup/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char backup[64], path[72];

static void clean_up(void)
{
	unlink(path);
	unlink(backup);
}

static void file_choose(void)
{
	if (*backup)
		return;
	strcpy(backup, "/tmp/croft-fuzz-XXXXXX");
	int fd = mkstemp(backup);
	assert(fd >= 0);
	close(fd);
	snprintf(path, sizeof(path), "%s.json", backup);
	atexit(clean_up);
}

static void file_write(const uint8_t *data, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(arena) arena = { 0 };
	struct manifest one = { 0 }, two = { 0 };
	struct ctx c;
	ctx_init(&c, NULL, &arena);
	file_choose();
	file_write(data, size);
	if (manifest_read(&c, backup, &one)) {
		assert(strstr(ctx_failure_text(&c, APP_INVALID),
			      "is not the manifest of a backup"));
		return 0;
	}
	assert(strlen(one.sha256) == 64 && one.size >= 0 && one.schema.number >= 0);
	/* it replaces nothing */
	assert(manifest_write(&c, path, &one));
	ctx_recover(&c);
	assert(!unlink(path) && !manifest_write(&c, path, &one));
	assert(!manifest_read(&c, backup, &two));
	assert(str_eq(one.version, two.version) && str_eq(one.sha256, two.sha256));
	assert(one.size == two.size && one.created_at.us == two.created_at.us);
	assert(one.schema.number == two.schema.number);
	assert(str_eq(one.schema.name, two.schema.name));
	return 0;
}
