/* threaded */
/* A log in a file: what is in which, which are kept, and what becomes of one that is in the way. */
#include "testing/rows.h"
#include "testing/scene.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "core/log.h"
#include "core/log/file.h"

/* What somebody does between two looks: at the next opening of a file to write to; once. */
static void (*meanwhile)(void *arg);
static void *meanwhile_arg;

static void do_meanwhile(int flags)
{
	void (*happens)(void *arg) = meanwhile;
	if (!happens || (flags & O_ACCMODE) != O_WRONLY)
		return;
	meanwhile = NULL;
	happens(meanwhile_arg);
}

int open(const char *path, int flags, ...)
{
	va_list args;
	va_start(args, flags);
	mode_t mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
	va_end(args);
	do_meanwhile(flags);
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...)
{
	va_list args;
	va_start(args, flags);
	mode_t mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
	va_end(args);
	do_meanwhile(flags);
	return (int)syscall(SYS_openat, folder, path, flags, mode);
}

struct bench {
	struct scene scene;
	struct log_options options;
};

static void bench_open(struct bench *b, struct log_options options)
{
	memset(b, 0, sizeof(*b));
	scene_open(&b->scene);
	b->options = options;
	b->options.format = 1;
	b->options.file = scene_path(&b->scene, "log");
	b->options.keep = options.keep ? options.keep : 7;
}

static void log_start(struct bench *b)
{
	b->scene.app.log = log_new_in_file(&b->options);
	assert_non_null(b->scene.app.log);
}

static void log_end(struct bench *b)
{
	log_drop(b->scene.app.log);
	b->scene.app.log = NULL;
}

/* One batch: the lines before are written. */
static void say_line(struct bench *b, const char *event)
{
	log_info(&b->scene.c, event);
	log_flush(b->scene.app.log);
}

/* The events in the file "log" with this ending, one after the other; NULL: there is none. */
static const char *events(struct bench *b, const char *ending)
{
	char line[4096];
	struct buf out;
	FILE *file = fopen(scene_path(&b->scene, arena_printf(&b->scene.arena, "log%s", ending)),
			   "r");
	if (!file)
		return NULL;
	buf_init(&out, &b->scene.arena);
	while (fgets(line, sizeof(line), file)) {
		const char *at = strstr(line, "\"event\":\"");
		assert_non_null(at);
		at += strlen("\"event\":\"");
		buf_printf(&out, "%s%.*s", out.len ? " " : "", (int)strcspn(at, "\""), at);
	}
	fclose(file);
	return buf_text(&out);
}

static void bench_close(struct bench *b)
{
	log_end(b);
	scene_close(&b->scene);
}

static void lines_are_added_to_the_file(void **state)
{
	(void)state;
	struct bench b;
	struct stat st;
	bench_open(&b, (struct log_options){ 0 });
	for (int i = 0; i < 2; i++) {
		log_start(&b);
		say_line(&b, i ? "two" : "one");
		log_end(&b);
	}
	assert_string_equal(events(&b, ""), "one two");
	assert_null(events(&b, ".1"));
	assert_int_equal(stat(b.options.file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	bench_close(&b);
}

static void a_full_file_makes_way(void **state)
{
	(void)state;
	struct bench b;
	/* two lines of about 70 bytes do not fit */
	bench_open(&b, (struct log_options){ .rotate_bytes = 120, .keep = 2 });
	log_start(&b);
	for (int i = 1; i <= 5; i++)
		say_line(&b, arena_printf(&b.scene.arena, "line%d", i));
	assert_string_equal(events(&b, ""), "line5");
	assert_string_equal(events(&b, ".1"), "line4");
	assert_string_equal(events(&b, ".2"), "line3");
	assert_null(events(&b, ".3"));
	bench_close(&b);
}

static void a_line_alone_may_be_too_long(void **state)
{
	(void)state;
	struct bench b;
	bench_open(&b, (struct log_options){ .rotate_bytes = 1, .keep = 1 });
	log_start(&b);
	say_line(&b, "one");
	say_line(&b, "two");
	assert_string_equal(events(&b, ""), "two");
	assert_string_equal(events(&b, ".1"), "one");
	bench_close(&b);
}

static void written_two_days_ago(const struct bench *b)
{
	struct timespec then[2];
	clock_gettime(CLOCK_REALTIME, &then[0]);
	then[0].tv_sec -= 2 * 24 * 60 * 60;
	then[1] = then[0];
	assert_int_equal(utimensat(AT_FDCWD, b->options.file, then, 0), 0);
}

static void another_day_is_another_file(void **state)
{
	(void)state;
	struct bench b;
	bench_open(&b, (struct log_options){ .rotate_daily = true });
	log_start(&b);
	say_line(&b, "before");
	log_end(&b);
	written_two_days_ago(&b);
	log_start(&b);
	say_line(&b, "after");
	say_line(&b, "more");
	assert_string_equal(events(&b, ".1"), "before");
	assert_string_equal(events(&b, ""), "after more");
	bench_close(&b);
}

/* Opened on one day, and first written to on the next. */
static void an_empty_file_is_of_the_day_of_its_first_line(void **state)
{
	(void)state;
	struct bench b;
	struct stat st;
	bench_open(&b, (struct log_options){ .rotate_daily = true });
	struct log_file *file = log_file_open(&b.options);
	assert_non_null(file);
	file->day--;
	for (int i = 0; i < 2; i++)
		assert_int_equal(write(log_file_for(file, 5), "line\n", 5), 5);
	log_file_close(file);
	assert_int_equal(stat(b.options.file, &st), 0);
	assert_int_equal(st.st_size, 10);
	bench_close(&b);
}

static void without_it_days_do_not_count(void **state)
{
	(void)state;
	struct bench b;
	bench_open(&b, (struct log_options){ 0 });
	log_start(&b);
	say_line(&b, "before");
	log_end(&b);
	written_two_days_ago(&b);
	log_start(&b);
	say_line(&b, "after");
	assert_string_equal(events(&b, ""), "before after");
	bench_close(&b);
}

/* As logrotate does: rename, and tell. */
static void a_file_that_was_renamed_is_left(void **state)
{
	(void)state;
	struct bench b;
	bench_open(&b, (struct log_options){ 0 });
	log_start(&b);
	say_line(&b, "one");
	assert_int_equal(rename(b.options.file, scene_path(&b.scene, "log.old")), 0);
	say_line(&b, "two");
	assert_true(log_open_anew(b.scene.app.log));
	say_line(&b, "three");
	assert_string_equal(events(&b, ".old"), "one two");
	assert_string_equal(events(&b, ""), "three");
	bench_close(&b);
}

/* A folder has its name, so that nothing can be renamed to it. */
static void what_cannot_make_way_goes_on(void **state)
{
	(void)state;
	struct bench b;
	char *blocked;
	bench_open(&b, (struct log_options){ .rotate_bytes = 1, .keep = 1 });
	blocked = arena_printf(&b.scene.arena, "%s.1", b.options.file);
	assert_int_equal(mkdir(blocked, 0700), 0);
	log_start(&b);
	say_line(&b, "one");
	say_line(&b, "two");
	assert_string_equal(events(&b, ""), "one two");
	assert_int_equal(rmdir(blocked), 0);
	say_line(&b, "three");
	assert_string_equal(events(&b, ".1"), "one two");
	assert_string_equal(events(&b, ""), "three");
	bench_close(&b);
}

/* The older ones stay what they are. */
static void a_file_that_is_gone_is_made_again(void **state)
{
	(void)state;
	struct bench b;
	bench_open(&b, (struct log_options){ .rotate_bytes = 1, .keep = 3 });
	log_start(&b);
	say_line(&b, "one");
	say_line(&b, "two");
	assert_int_equal(unlink(b.options.file), 0);
	say_line(&b, "three");
	assert_string_equal(events(&b, ""), "three");
	assert_string_equal(events(&b, ".1"), "one");
	assert_null(events(&b, ".2"));
	bench_close(&b);
}

/* Planted while the server of root was at work. */
static void no_link_of_a_user_is_opened_anew(void **state)
{
	(void)state;
	const struct passwd *user = getpwnam("nobody");
	struct bench b;
	struct stat st;
	if (geteuid() != 0 || !user)
		skip();
	bench_open(&b, (struct log_options){ 0 });
	const char *other = scene_path(&b.scene, "precious");
	close(open(other, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	log_start(&b);
	say_line(&b, "one");
	assert_int_equal(rename(b.options.file, scene_path(&b.scene, "log.old")), 0);
	assert_int_equal(symlink(other, b.options.file), 0);
	assert_int_equal(lchown(b.options.file, user->pw_uid, user->pw_gid), 0);
	assert_true(log_open_anew(b.scene.app.log));
	say_line(&b, "two");
	assert_int_equal(stat(other, &st), 0);
	assert_int_equal(st.st_size, 0);
	assert_string_equal(events(&b, ".old"), "one two");
	bench_close(&b);
}

/* ---- what a user does to root ---- */

/* A folder of his with the log in it, and one of root's with a file of the same name. */
struct trap {
	struct bench b;
	const struct passwd *user;
	const char *folder, *moved, *precious_folder, *precious;
};

static void trap_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	fclose(file);
}

static void trap_open(struct trap *t, struct log_options options)
{
	memset(t, 0, sizeof(*t));
	t->user = getpwnam("nobody");
	if (geteuid() != 0 || !t->user)
		skip();
	bench_open(&t->b, options);
	t->folder = scene_path(&t->b.scene, "his");
	t->moved = scene_path(&t->b.scene, "moved");
	t->precious_folder = scene_path(&t->b.scene, "precious");
	t->precious = scene_path(&t->b.scene, "precious/log");
	assert_int_equal(mkdir(t->folder, 0755), 0);
	assert_int_equal(chown(t->folder, t->user->pw_uid, t->user->pw_gid), 0);
	assert_int_equal(mkdir(t->precious_folder, 0755), 0);
	trap_file(t->precious, "kept");
	t->b.options.file = scene_path(&t->b.scene, "his/log");
}

/* Nothing was made, renamed or written where root's file is. */
static void trap_close(struct trap *t)
{
	struct stat st;
	assert_int_equal(stat(t->precious, &st), 0);
	assert_int_equal(st.st_size, strlen("kept"));
	assert_int_equal(st.st_uid, 0);
	assert_int_equal(access(scene_path(&t->b.scene, "precious/log.1"), F_OK), -1);
	assert_int_equal(access(scene_path(&t->b.scene, "precious/new"), F_OK), -1);
	bench_close(&t->b);
}

static void plant(const struct trap *t, const char *from, const char *to)
{
	assert_int_equal(symlink(to, from), 0);
	assert_int_equal(lchown(from, t->user->pw_uid, t->user->pw_gid), 0);
}

static void plant_link(void *arg)
{
	const struct trap *t = arg;
	unlink(t->b.options.file);
	plant(t, t->b.options.file, t->precious);
}

static void plant_link_to_none(void *arg)
{
	const struct trap *t = arg;
	unlink(t->b.options.file);
	plant(t, t->b.options.file, scene_path((struct scene *)&t->b.scene, "precious/new"));
}

static void plant_folder(void *arg)
{
	const struct trap *t = arg;
	assert_int_equal(rename(t->folder, t->moved), 0);
	plant(t, t->folder, t->precious_folder);
}

static void a_link_planted_meanwhile_is_not_followed(void **state)
{
	static void (*const plants[])(void *) = { plant_link, plant_link_to_none };
	const bool is_there = *(const bool *)*state;
	for (size_t i = 0; i < COUNT_OF(plants); i++) {
		struct trap t;
		trap_open(&t, (struct log_options){ 0 });
		if (is_there)
			trap_file(t.b.options.file, "");
		meanwhile = plants[i];
		meanwhile_arg = &t;
		struct log *log = log_new_in_file(&t.b.options);
		assert_null(meanwhile);
		assert_null(log);
		trap_close(&t);
	}
}

static void a_folder_planted_meanwhile_is_not_entered(void **state)
{
	(void)state;
	struct trap t;
	trap_open(&t, (struct log_options){ 0 });
	meanwhile = plant_folder;
	meanwhile_arg = &t;
	log_start(&t.b);
	assert_null(meanwhile);
	say_line(&t.b, "one");
	t.b.options.file = scene_path(&t.b.scene, "moved/log");
	trap_close(&t);
}

static void nothing_is_renamed_by_a_link_of_a_user(void **state)
{
	(void)state;
	struct trap t;
	trap_open(&t, (struct log_options){ .rotate_bytes = 1, .keep = 2 });
	log_start(&t.b);
	say_line(&t.b, "one");
	plant_folder(&t);
	say_line(&t.b, "two");
	assert_int_equal(unlink(t.folder), 0);
	assert_int_equal(rename(t.moved, t.folder), 0);
	say_line(&t.b, "three");
	trap_close(&t);
}

/* The new file, too, is his, so that a server of his can open it. */
static void what_root_rotates_is_of_the_folder(void **state)
{
	(void)state;
	struct trap t;
	struct stat st;
	trap_open(&t, (struct log_options){ .rotate_bytes = 1, .keep = 2 });
	log_start(&t.b);
	say_line(&t.b, "one");
	say_line(&t.b, "two");
	assert_int_equal(stat(scene_path(&t.b.scene, "his/log.1"), &st), 0);
	assert_int_equal(st.st_uid, t.user->pw_uid);
	assert_int_equal(stat(t.b.options.file, &st), 0);
	assert_int_equal(st.st_uid, t.user->pw_uid);
	trap_close(&t);
}

static void a_second_name_of_another_file_is_not_opened(void **state)
{
	(void)state;
	struct trap t;
	trap_open(&t, (struct log_options){ 0 });
	assert_int_equal(link(t.precious, t.b.options.file), 0);
	assert_null(log_new_in_file(&t.b.options));
	assert_int_equal(errno, EPERM);
	trap_close(&t);
}

/* ---- what is no file of its own ---- */

static void a_link_stays_and_its_file_makes_way(void **state)
{
	(void)state;
	struct bench b;
	struct stat st;
	bench_open(&b, (struct log_options){ .rotate_bytes = 1, .keep = 1 });
	const char *link = scene_path(&b.scene, "link");
	assert_int_equal(symlink("log", link), 0);
	b.options.file = link;
	log_start(&b);
	say_line(&b, "one");
	say_line(&b, "two");
	assert_string_equal(events(&b, ""), "two");
	assert_string_equal(events(&b, ".1"), "one");
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	bench_close(&b);
}

/* As /dev/stdout of a container. */
static void an_open_pipe_is_written_to(void **state)
{
	(void)state;
	struct bench b;
	char text[1024] = "";
	int ends[2];
	bench_open(&b, (struct log_options){ .rotate_bytes = 1 });
	assert_int_equal(pipe(ends), 0);
	b.options.file = arena_printf(&b.scene.arena, "/proc/self/fd/%d", ends[1]);
	log_start(&b);
	say_line(&b, "one");
	assert_true(read(ends[0], text, sizeof(text) - 1) > 0);
	assert_non_null(strstr(text, "\"event\":\"one\""));
	bench_close(&b);
	close(ends[0]);
	close(ends[1]);
}

static void an_open_file_is_written_to_and_never_renamed(void **state)
{
	(void)state;
	struct bench b;
	bench_open(&b, (struct log_options){ .rotate_bytes = 1 });
	int fd = open(b.options.file, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	b.options.file = arena_printf(&b.scene.arena, "/proc/self/fd/%d", fd);
	log_start(&b);
	say_line(&b, "one");
	say_line(&b, "two");
	assert_string_equal(events(&b, ""), "one two");
	assert_null(events(&b, ".1"));
	bench_close(&b);
	close(fd);
}

static void a_device_is_never_renamed(void **state)
{
	(void)state;
	struct bench b;
	bench_open(&b, (struct log_options){ .rotate_bytes = 1, .rotate_daily = true });
	b.options.file = "/dev/null";
	log_start(&b);
	say_line(&b, "one");
	say_line(&b, "two");
	assert_int_equal(access("/dev/null.1", F_OK), -1);
	bench_close(&b);
}

static void a_folder_that_is_not_there_is_told(void **state)
{
	(void)state;
	struct bench b;
	bench_open(&b, (struct log_options){ 0 });
	b.options.file = scene_path(&b.scene, "none/log");
	errno = 0;
	assert_null(log_new_in_file(&b.options));
	assert_int_equal(errno, ENOENT);
	bench_close(&b);
}

static void a_descriptor_is_no_file(void **state)
{
	(void)state;
	struct bench b;
	bench_open(&b, (struct log_options){ 0 });
	int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	b.scene.app.log = log_new(&b.options, fd);
	assert_false(log_open_anew(b.scene.app.log));
	bench_close(&b);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("lines are added to the file, which is for its owner alone",
		    lines_are_added_to_the_file),
		ROW("a file that is full makes way, and so many are kept", a_full_file_makes_way),
		ROW("a line alone may be longer than a file", a_line_alone_may_be_too_long),
		ROW("another day is another file", another_day_is_another_file),
		ROW("an empty file is of the day of its first line",
		    an_empty_file_is_of_the_day_of_its_first_line),
		ROW("without that days do not count", without_it_days_do_not_count),
		ROW("a file that was renamed is left once that is told",
		    a_file_that_was_renamed_is_left),
		ROW("what cannot make way goes on, and does once it can",
		    what_cannot_make_way_goes_on),
		ROW("a file that is gone is made again", a_file_that_is_gone_is_made_again),
		ROW("no link of a user is opened anew by root", no_link_of_a_user_is_opened_anew),
		ROW_OF("a link that a user plants meanwhile is not followed by root",
		       a_link_planted_meanwhile_is_not_followed, &(bool){ false }),
		ROW_OF("nor is one that he plants in place of the file",
		       a_link_planted_meanwhile_is_not_followed, &(bool){ true }),
		ROW("a folder that a user plants meanwhile is not entered",
		    a_folder_planted_meanwhile_is_not_entered),
		ROW("root renames nothing by a link of a user",
		    nothing_is_renamed_by_a_link_of_a_user),
		ROW("what root rotates is of the folder's owner",
		    what_root_rotates_is_of_the_folder),
		ROW("a second name of another's file is not opened by root",
		    a_second_name_of_another_file_is_not_opened),
		ROW("a link stays, and its file makes way", a_link_stays_and_its_file_makes_way),
		ROW("an open pipe is written to", an_open_pipe_is_written_to),
		ROW("an open file is written to and never renamed",
		    an_open_file_is_written_to_and_never_renamed),
		ROW("a device is never renamed", a_device_is_never_renamed),
		ROW("a folder that is not there is told", a_folder_that_is_not_there_is_told),
		ROW("a descriptor is no file", a_descriptor_is_no_file),
	};
	return rows_run("core/log/file", rows, sizeof(rows) / sizeof(rows[0]));
}
