/*
 * Static files, from a folder on disk or from the binary. Finds them and says how to answer; sends
 * nothing.
 */
#include "core/static.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
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
#include "core/gzip.h"
#include "type.h"

/* quotes, 16 digits, "-gz" and the NUL */
enum { ETAG_ROOM = 24 };

/* What is known of one embedded file. */
struct static_forms {
	char plain_tag[ETAG_ROOM], gzip_tag[ETAG_ROOM];
	/* of one that is embedded in gzip form only, once somebody wanted it */
	struct buf plain;
};

struct static_files {
	/* -1: none */
	int folder;
	const struct embedded_file *files;
	size_t count;
	/* one for each embedded file */
	struct static_forms *forms;
	/* guards their .plain */
	pthread_mutex_t lock;
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

static void make_tags(const struct embedded_file *file, struct static_forms *forms)
{
	uint64_t value = file->bytes ? hash(file->bytes, file->size)
				     : hash(file->gzip, file->gzip_size);

	snprintf(forms->plain_tag, sizeof(forms->plain_tag), "\"%016" PRIx64 "\"", value);
	snprintf(forms->gzip_tag, sizeof(forms->gzip_tag), "\"%016" PRIx64 "-gz\"", value);
}

/* *ret_fd is -1 when no folder is set. */
static enum app_err folder_open(struct ctx *c, const char *folder, int *ret_fd)
{
	*ret_fd = -1;
	if (!folder || !*folder)
		return APP_OK;
	*ret_fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (*ret_fd >= 0)
		return APP_OK;
	return ctx_fail(c, APP_UNAVAILABLE, "server.static_dir: cannot open '%s': %s", folder,
			strerror(errno));
}

enum app_err static_open(struct ctx *c, const char *folder, const struct embedded_file *files,
			 size_t count, struct static_files **ret)
{
	int fd;
	enum app_err err = folder_open(c, folder, &fd);
	if (err)
		return err;
	struct static_files *statics = mem_new(1, sizeof(*statics));
	*statics = (struct static_files){ .folder = fd, .files = files, .count = count };
	statics->forms = mem_new(count + 1, sizeof(*statics->forms));
	pthread_mutex_init(&statics->lock, NULL);
	for (size_t i = 0; i < count; i++) {
		make_tags(&files[i], &statics->forms[i]);
		buf_init(&statics->forms[i].plain, NULL);
	}
	*ret = statics;
	return APP_OK;
}

void static_drop(struct static_files *statics)
{
	if (!statics)
		return;
	if (statics->folder >= 0)
		close(statics->folder);
	for (size_t i = 0; i < statics->count; i++)
		buf_done(&statics->forms[i].plain);
	pthread_mutex_destroy(&statics->lock);
	free(statics->forms);
	free(statics);
}

/* ---- any file ---- */

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
	return ctx_fail(c, APP_NOT_FOUND, "Not Found");
}

/* ---- on disk ---- */

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
		.type = static_type_of(path),
		.etag = arena_printf(c->arena, "\"%" PRIx64 "%08lx-%" PRIx64 "\"",
				     (uint64_t)st.st_mtim.tv_sec, (unsigned long)st.st_mtim.tv_nsec,
				     (uint64_t)st.st_size),
	};
	ret->cache_control = cache_control_of(ret->type);
	return true;
}

/* ---- in the binary ---- */

static int compare_path(const void *path, const void *file)
{
	return strcmp(path, ((const struct embedded_file *)file)->path);
}

/* Unpacked once and then kept: a client could have it done as often as it likes. */
static enum app_err unpack(struct ctx *c, struct static_files *statics,
			   const struct embedded_file *file, struct static_file *ret)
{
	struct buf *plain = &statics->forms[file - statics->files].plain;
	pthread_mutex_lock(&statics->lock);
	bool is_there = plain->len || gzip_unpack(file->gzip, file->gzip_size, file->size, plain);
	pthread_mutex_unlock(&statics->lock);
	if (!is_there)
		return ctx_fail_cause(c, APP_INTERNAL, "the embedded file %s is damaged",
				      file->path);
	ret->bytes = plain->data;
	return APP_OK;
}

static enum app_err choose_form(struct ctx *c, struct static_files *statics,
				const struct embedded_file *file, bool gzip,
				struct static_file *ret)
{
	ret->vary = file->gzip != NULL;
	ret->is_gzip = gzip && file->gzip;
	ret->size = ret->is_gzip ? file->gzip_size : file->size;
	ret->bytes = ret->is_gzip ? file->gzip : file->bytes;
	return ret->bytes ? APP_OK : unpack(c, statics, file, ret);
}

static enum app_err find_embedded(struct ctx *c, struct static_files *statics, const char *path,
				  bool gzip, struct static_file *ret)
{
	const struct embedded_file *file = NULL;

	/* The table holds the migrations too, which are not for the public. */
	if (statics->count > 0 && !str_starts(path, "sql/"))
		file = bsearch(path, statics->files, statics->count, sizeof(*file), compare_path);
	if (!file)
		return not_found(c);
	const struct static_forms *forms = &statics->forms[file - statics->files];
	struct static_file found = { .fd = -1, .type = static_type_of(path) };
	enum app_err err = choose_form(c, statics, file, gzip, &found);
	if (err)
		return err;
	found.etag = found.is_gzip ? forms->gzip_tag : forms->plain_tag;
	found.cache_control = cache_control_of(found.type);
	*ret = found;
	return APP_OK;
}

/* ---- either ---- */

enum app_err static_find(struct ctx *c, struct static_files *statics, const char *path, bool gzip,
			 struct static_file *ret)
{
	if (!is_plain_path(path))
		return not_found(c);
	if (statics->folder >= 0 && find_on_disk(c, statics->folder, path, ret))
		return APP_OK;
	return find_embedded(c, statics, path, gzip, ret);
}
