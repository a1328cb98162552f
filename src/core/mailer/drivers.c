/* What becomes of a letter: a file in a folder, or words on standard error. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/id.h"
#include "base/say.h"
#include "core/app.h"
#include "internal.h"

static const char *folder_of(struct ctx *c, const struct mail_options *options)
{
	if (*options->folder)
		return options->folder;
	return arena_printf(c->arena, "%s/mail", c->app->options->data_dir);
}

static bool write_all(int fd, const struct buf *bytes)
{
	size_t done = 0;
	while (done < bytes->len) {
		ssize_t wrote = write(fd, bytes->data + done, bytes->len - done);
		if (wrote < 0 && errno != EINTR)
			return false;
		done += wrote > 0 ? (size_t)wrote : 0;
	}
	return fsync(fd) == 0;
}

/* Under a name that none of the letters has, and only then under its own. */
static bool keep(int folder, const char *name, const struct buf *bytes)
{
	char hidden[64];
	hidden[0] = '.';
	strcpy(hidden + 1, name);
	int fd = openat(folder, hidden, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return false;
	bool kept = write_all(fd, bytes);
	close(fd);
	kept = kept && !renameat(folder, hidden, folder, name) && !fsync(folder);
	if (!kept) {
		int why = errno;
		unlinkat(folder, hidden, 0);
		errno = why;
	}
	return kept;
}

/* Names sort by time: "2026-01-02T03:04:05Z-….eml". */
static const char *name_new(struct ctx *c)
{
	char time[INSTANT_TEXT_ROOM], id[ID_ROOM];
	instant_text((struct instant){ ctx_now(c).us / SECONDS_US(1) * SECONDS_US(1) }, time);
	id_new(id);
	id[8] = '\0';
	return arena_printf(c->arena, "%s-%s.eml", time, id);
}

enum app_err mail_file_send(struct ctx *c, struct mailer *mailer, const struct letter *letter)
{
	(void)mailer;
	const struct mail_options *options = config_group(c->app->config, &mail_option_group);
	const char *path = folder_of(c, options);
	struct buf bytes;
	buf_init(&bytes, c->arena);
	letter_render(letter, c->app->options->name, options->from, ctx_now(c), &bytes);
	if (mkdir(path, 0700) && errno != EEXIST)
		return ctx_fail_cause(c, APP_UNAVAILABLE, "mail.folder: cannot make '%s': %s", path,
				      strerror(errno));
	int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool kept = folder >= 0 && keep(folder, name_new(c), &bytes);
	int why = errno;
	if (folder >= 0)
		close(folder);
	return kept ? APP_OK
		    : ctx_fail_cause(c, APP_UNAVAILABLE, "mail.folder: cannot write into '%s': %s",
				     path, strerror(why));
}

enum app_err mail_console_send(struct ctx *c, struct mailer *mailer, const struct letter *letter)
{
	(void)mailer;
	if (say_error("\n---- a letter to %s ----\n%s\n\n%s---- its end ----\n\n", letter->to,
		      letter->subject, letter->text))
		return APP_OK;
	return ctx_fail_cause(c, APP_UNAVAILABLE, "standard error takes nothing");
}
