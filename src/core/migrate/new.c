/*
 * `croft migrate new`: an empty migration with the next number, for every driver. Touches no
 * database.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "internal.h"

struct new_migration {
	struct ctx *c;
	const char *sql_dir;
	/* of the migration, in each folder */
	const char *file;
	int64_t number;
	/* that there are; and in how many of them the file was made, and is still there */
	size_t folders, made;
	struct buf *out;
};

typedef enum app_err folder_fn(struct new_migration *n, const char *folder);

static bool name_is_fine(const char *name)
{
	size_t len = strlen(name);
	if (!len || len > 60)
		return false;
	return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == len;
}

static enum app_err fail_folder(struct ctx *c, const char *folder)
{
	return ctx_fail(c, APP_INVALID,
			"cannot read the folder '%s' (%s): migrations are made in the source tree, "
			"whose sql folder has one folder for each kind of database",
			folder, strerror(errno));
}

/* Raises the number past every migration in the folder. */
static enum app_err folder_number(struct new_migration *n, const char *folder)
{
	DIR *dir = opendir(folder);
	if (!dir)
		return fail_folder(n->c, folder);
	n->folders++;
	for (struct dirent *entry; (entry = readdir(dir));) {
		int64_t number = strtoll(entry->d_name, NULL, 10);
		if (str_ends(entry->d_name, ".sql") && number >= n->number)
			n->number = number + 1;
	}
	closedir(dir);
	return APP_OK;
}

static enum app_err folder_write(struct new_migration *n, const char *folder)
{
	const char *path = arena_printf(n->c->arena, "%s/%s", folder, n->file);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0)
		return ctx_fail(n->c, APP_CONFLICT, "cannot create '%s': %s", path,
				strerror(errno));
	const char *text = arena_printf(n->c->arena,
					"-- What this migration is for.\n\n-- migrate:up\n\n\n"
					"-- migrate:down\n\n");
	n->made++;
	bool written = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	if (close(fd) || !written)
		return ctx_fail(n->c, APP_UNAVAILABLE, "cannot write '%s': %s", path,
				strerror(errno));
	buf_printf(n->out, "%s\n", path);
	return APP_OK;
}

/* The folders come in the same order again. */
static enum app_err folder_take_back(struct new_migration *n, const char *folder)
{
	if (n->made) {
		unlink(arena_printf(n->c->arena, "%s/%s", folder, n->file));
		n->made--;
	}
	return APP_OK;
}

static bool is_folder(const char *path)
{
	struct stat st;
	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

/* Calls fn for each folder below sql_dir, by name. */
static enum app_err each_folder(struct new_migration *n, folder_fn *fn)
{
	struct dirent **entries;
	int count = scandir(n->sql_dir, &entries, NULL, alphasort);
	if (count < 0)
		return fail_folder(n->c, n->sql_dir);
	enum app_err err = APP_OK;
	for (int i = 0; i < count; i++) {
		const char *path = arena_printf(n->c->arena, "%s/%s", n->sql_dir,
						entries[i]->d_name);
		if (!err && entries[i]->d_name[0] != '.' && is_folder(path))
			err = fn(n, path);
		free(entries[i]);
	}
	free(entries);
	return err;
}

static enum app_err file_name(struct new_migration *n, const char *name)
{
	enum app_err err = each_folder(n, folder_number);
	if (!err && !n->folders)
		err = ctx_fail(
			n->c, APP_INVALID,
			"the folder '%s' has no folder for a kind of database, such as sqlite",
			n->sql_dir);
	n->file = err ? NULL : migration_file(n->c, n->number, name);
	return err;
}

enum app_err migrate_next_file(struct ctx *c, const char *sql_dir, const char *name,
			       const char **ret)
{
	struct new_migration n = { .c = c, .sql_dir = sql_dir, .number = 1 };
	enum app_err err = file_name(&n, name);
	if (!err)
		*ret = n.file;
	return err;
}

enum app_err migrate_name_check(struct ctx *c, const char *name)
{
	if (name_is_fine(name))
		return APP_OK;
	return ctx_fail(c, APP_INVALID,
			"'%s' is no name for a migration: use lower-case letters, digits and '_', "
			"such as add_posts",
			name);
}

enum app_err migrate_new(struct ctx *c, const char *sql_dir, const char *name, struct buf *out)
{
	struct new_migration n = { .c = c, .sql_dir = sql_dir, .number = 1, .out = out };
	size_t before = out->len;
	enum app_err err = migrate_name_check(c, name);
	if (!err)
		err = file_name(&n, name);
	if (!err)
		err = each_folder(&n, folder_write);
	if (err && n.made) {
		enum app_err taken_back = each_folder(&n, folder_take_back);
		(void)taken_back;
		out->len = before;
	}
	return err;
}
