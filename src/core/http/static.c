/*
 * Static files, from a folder on disk or from the binary. Finds them and says how to answer; sends
 * nothing.
 */
#include "static.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "beneath.h"
#include "core/embedded.h"
#include "gzip.h"
#include "media.h"

enum { ETAG_ROOM = 24 }; /* quotes, 16 digits, "-gz" and the NUL */

struct static_tags {
	char plain[ETAG_ROOM], gzip[ETAG_ROOM];
};

struct static_files {
	int folder; /* -1: none */
	const struct embedded_file *files;
	size_t count;
	struct static_tags *tags; /* one for each embedded file */
};

/* ---- opening ---- */

/* FNV-1a: the tag only has to change when the content does; nobody attacks our own files. */
static uint64_t hash(const unsigned char *bytes, size_t len)
{
	uint64_t value = 0xcbf29ce484222325u;

	for (size_t i = 0; i < len; i++)
		value = (value ^ bytes[i]) * 0x100000001b3u;
	return value;
}

static void make_tags(const struct embedded_file *file, struct static_tags *tags)
{
	uint64_t value = file->bytes ? hash(file->bytes, file->size)
				     : hash(file->gzip, file->gzip_size);

	snprintf(tags->plain, sizeof(tags->plain), "\"%016" PRIx64 "\"", value);
	snprintf(tags->gzip, sizeof(tags->gzip), "\"%016" PRIx64 "-gz\"", value);
}

enum app_err static_open(struct ctx *c, const char *folder, const struct embedded_file *files,
			 size_t count, struct static_files **ret)
{
	int fd = -1;

	if (folder && *folder) {
		fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0)
			return app_fail(c, APP_UNAVAILABLE,
					"server.static_dir: cannot open '%s': %s", folder,
					strerror(errno));
	}
	struct static_files *statics = mem_new(1, sizeof(*statics));
	*statics = (struct static_files){ .folder = fd, .files = files, .count = count };
	statics->tags = mem_new(count + 1, sizeof(*statics->tags));
	for (size_t i = 0; i < count; i++)
		make_tags(&files[i], &statics->tags[i]);
	*ret = statics;
	return APP_OK;
}

void static_drop(struct static_files *statics)
{
	if (!statics)
		return;
	if (statics->folder >= 0)
		close(statics->folder);
	free(statics->tags);
	free(statics);
}

/* ---- finding ---- */

/*
 * Every segment is an ordinary name: not empty, no dot in front, no backslash, no control
 * character.
 */
static bool is_plain_path(const char *path)
{
	bool starts = true;

	for (const char *at = path; *at; at++) {
		if (starts && (*at == '.' || *at == '/'))
			return false;
		if ((unsigned char)*at < ' ' || *at == 0x7f || *at == '\\')
			return false;
		starts = *at == '/';
	}
	return !starts;
}

/* Pages, scripts and styles must match each other, so a browser asks each time; a 304 is cheap. */
static const char *cache_control_of(const char *type)
{
	bool is_picture = str_starts(type, "image/") || str_starts(type, "font/");

	return is_picture ? "public, max-age=86400" : "no-cache";
}

static enum app_err not_found(struct ctx *c)
{
	return app_fail(c, APP_NOT_FOUND, "Not Found");
}

static bool find_on_disk(struct ctx *c, int folder, const char *path, struct static_file *ret)
{
	struct stat st;
	int fd = beneath_open(folder, path);

	if (fd < 0)
		return false;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size > STATIC_SIZE_MAX) {
		close(fd);
		return false;
	}
	*ret = (struct static_file){
		.fd = fd,
		.size = (size_t)st.st_size,
		.type = media_of_file(path),
		.etag = arena_printf(c->arena, "\"%" PRIx64 "%08lx-%" PRIx64 "\"",
				     (uint64_t)st.st_mtim.tv_sec, (unsigned long)st.st_mtim.tv_nsec,
				     (uint64_t)st.st_size),
	};
	ret->cache_control = cache_control_of(ret->type);
	return true;
}

static int compare_path(const void *path, const void *file)
{
	return strcmp(path, ((const struct embedded_file *)file)->path);
}

/* The plain form of a file that is embedded in gzip form only. */
static enum app_err unpack(struct ctx *c, const struct embedded_file *file, struct static_file *ret)
{
	struct buf plain;

	buf_init(&plain, c->arena);
	if (!gzip_unpack(file->gzip, file->gzip_size, file->size, &plain))
		return app_fail_cause(c, APP_INTERNAL, "the embedded file %s is damaged",
				      file->path);
	ret->bytes = buf_text(&plain);
	return APP_OK;
}

static enum app_err choose_form(struct ctx *c, const struct embedded_file *file, bool gzip,
				struct static_file *ret)
{
	ret->vary = file->gzip != NULL;
	ret->is_gzip = gzip && file->gzip;
	ret->size = ret->is_gzip ? file->gzip_size : file->size;
	ret->bytes = ret->is_gzip ? file->gzip : file->bytes;
	return ret->bytes ? APP_OK : unpack(c, file, ret);
}

static enum app_err find_embedded(struct ctx *c, const struct static_files *statics,
				  const char *path, bool gzip, struct static_file *ret)
{
	const struct embedded_file *file = NULL;

	/* The table holds the migrations too, which are not for the public. */
	if (statics->count > 0 && !str_starts(path, "sql/"))
		file = bsearch(path, statics->files, statics->count, sizeof(*file), compare_path);
	if (!file)
		return not_found(c);
	const struct static_tags *tags = &statics->tags[file - statics->files];
	struct static_file found = { .fd = -1, .type = media_of_file(path) };
	enum app_err err = choose_form(c, file, gzip, &found);
	if (err)
		return err;
	found.etag = found.is_gzip ? tags->gzip : tags->plain;
	found.cache_control = cache_control_of(found.type);
	*ret = found;
	return APP_OK;
}

enum app_err static_find(struct ctx *c, const struct static_files *statics, const char *path,
			 bool gzip, struct static_file *ret)
{
	if (!is_plain_path(path))
		return not_found(c);
	if (statics->folder >= 0 && find_on_disk(c, statics->folder, path, ret))
		return APP_OK;
	return find_embedded(c, statics, path, gzip, ret);
}
