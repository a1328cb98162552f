/* Files that are written all or none. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/str.h"
#include "new.h"

/* What was made so far, to be taken back. */
struct made {
	/* of the files, those before it */
	size_t files;
	/* of the files, those before it that are changed and what they were is kept beside them */
	size_t kept;
	/* folders, the newest last */
	const char *folders[2 * NEW_FILES_MAX];
	size_t folder_count;
};

static bool write_all(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t done = write(fd, text, len);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return false;
		text += done;
		len -= (size_t)done;
	}
	return true;
}

/* Of its folders the last alone may be missing. */
static enum app_err folder_make(struct ctx *c, const char *path, struct made *made)
{
	const char *folder = str_folder(c->arena, path);
	if (!mkdir(folder, 0777))
		made->folders[made->folder_count++] = folder;
	else if (errno != EEXIST)
		return ctx_fail(c, APP_UNAVAILABLE, "cannot make the folder %s: %s", folder,
				strerror(errno));
	return APP_OK;
}

static enum app_err file_make(struct ctx *c, const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0)
		return ctx_fail(c, errno == EEXIST ? APP_CONFLICT : APP_UNAVAILABLE,
				"cannot create %s: %s", path, strerror(errno));
	bool written = write_all(fd, text, strlen(text));
	int cause = errno;
	if (close(fd) && written) {
		written = false;
		cause = errno;
	}
	if (written)
		return APP_OK;
	unlink(path);
	return ctx_fail(c, APP_UNAVAILABLE, "cannot write %s: %s", path, strerror(cause));
}

/* The new text beside it, to take its place at once. */
static const char *beside(struct ctx *c, const struct new_file *file)
{
	return file->is_change ? arena_printf(c->arena, "%s.new", file->path) : file->path;
}

static const char *old_beside(struct ctx *c, const struct new_file *file)
{
	return arena_printf(c->arena, "%s.old", file->path);
}

/* Where the change was not made yet, both names are one file, which a rename leaves as they are. */
static void change_undo(struct ctx *c, const struct new_file *file)
{
	const char *old = old_beside(c, file);
	int unused = rename(old, file->path);
	(void)unused;
	unlink(old);
}

static void take_back(struct ctx *c, const struct new_file *files, const struct made *made)
{
	for (size_t i = made->kept; i-- > 0;)
		if (files[i].is_change)
			change_undo(c, &files[i]);
	for (size_t i = 0; i < made->files; i++)
		unlink(beside(c, &files[i]));
	for (size_t i = made->folder_count; i-- > 0;)
		rmdir(made->folders[i]);
}

static enum app_err change_failed(struct ctx *c, const struct new_file *file)
{
	return ctx_fail(c, APP_UNAVAILABLE, "cannot change %s: %s", file->path, strerror(errno));
}

/* By a second name, which takes no room; by a rename where a file has one name only. */
static enum app_err change_keep(struct ctx *c, const struct new_file *file)
{
	struct stat st;
	const char *old = old_beside(c, file);
	if (stat(file->path, &st) || chmod(beside(c, file), st.st_mode & 07777) ||
	    (link(file->path, old) && (errno == EEXIST || rename(file->path, old))))
		return change_failed(c, file);
	return APP_OK;
}

static enum app_err changes_make(struct ctx *c, const struct new_file *files, size_t count,
				 struct made *made)
{
	enum app_err err = APP_OK;
	for (; !err && made->kept < count; made->kept += !err)
		if (files[made->kept].is_change)
			err = change_keep(c, &files[made->kept]);
	for (size_t i = 0; !err && i < count; i++)
		if (files[i].is_change && rename(beside(c, &files[i]), files[i].path))
			err = change_failed(c, &files[i]);
	return err;
}

static enum app_err files_write(struct ctx *c, const struct new_file *files, size_t count)
{
	struct made made = { 0 };
	enum app_err err = APP_OK;
	while (!err && made.files < count) {
		const struct new_file *file = &files[made.files];
		err = folder_make(c, file->path, &made);
		if (!err)
			err = file_make(c, beside(c, file), file->text);
		made.files += !err;
	}
	if (!err)
		err = changes_make(c, files, count, &made);
	if (err)
		take_back(c, files, &made);
	for (size_t i = 0; !err && i < count; i++)
		if (files[i].is_change)
			unlink(old_beside(c, &files[i]));
	return err;
}

/* It takes a moment: signals come before or behind it. */
enum app_err new_files_write(struct ctx *c, const struct new_file *files, size_t count)
{
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	enum app_err err = files_write(c, files, count);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return err;
}
