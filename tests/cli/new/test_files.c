/*
 * Files that `croft new` writes all or none, whatever goes wrong on the way: the rows say at which
 * of the renames, which is the last step of a change.
 */
#include "testing/rows.h"
#include "testing/scene.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/attr.h"
#include "cli/new/new.h"
#include "testing/child.h"

/* How many renames go well before one fails; and at which this process is told to end. */
static int renames_left, signal_at;

/* In the place of the library's. */
int rename(const char *from, const char *to)
{
	if (signal_at && !--signal_at)
		raise(SIGTERM);
	if (renames_left-- != 0)
		return renameat(AT_FDCWD, from, AT_FDCWD, to);
	errno = ENOSPC;
	return -1;
}

enum { ALL = 1000 };

struct place {
	struct scene scene;
	struct new_file files[4];
};

static void text_write(struct place *p, const char *name, const char *text)
{
	FILE *file = fopen(scene_path(&p->scene, name), "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static const char *text_of(struct place *p, const char *name)
{
	const char *text = NULL;
	assert_int_equal(new_file_read(&p->scene.c, scene_path(&p->scene, name), &text), APP_OK);
	return text;
}

/* Three that are changed, and one in a folder of its own. */
static void place_open(struct place *p)
{
	scene_open(&p->scene);
	text_write(p, "a.c", "old a\n");
	text_write(p, "b.c", "old b\n");
	text_write(p, "c.c", "old c\n");
	const struct new_file files[] = {
		{ scene_path(&p->scene, "more/d.c"), "new d\n", false },
		{ scene_path(&p->scene, "a.c"), "new a\n", true },
		{ scene_path(&p->scene, "b.c"), "new b\n", true },
		{ scene_path(&p->scene, "c.c"), "new c\n", true },
	};
	memcpy(p->files, files, sizeof(files));
	renames_left = ALL;
	signal_at = 0;
}

static enum app_err place_write(struct place *p)
{
	enum app_err err = new_files_write(&p->scene.c, p->files, COUNT_OF(p->files));
	renames_left = ALL;
	return err;
}

static bool is_there(struct place *p, const char *name)
{
	return access(scene_path(&p->scene, name), F_OK) == 0;
}

/* The three are so, and nothing is beside them. */
static void place_holds(struct place *p, const char *age)
{
	static const char *const names[] = { "a", "b", "c" };
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct arena *arena = &p->scene.arena;
		const char *name = arena_printf(arena, "%s.c", names[i]);
		assert_string_equal(text_of(p, name),
				    arena_printf(arena, "%s %s\n", age, names[i]));
		assert_false(is_there(p, arena_printf(arena, "%s.new", name)));
		assert_false(is_there(p, arena_printf(arena, "%s.old", name)));
	}
	assert_int_equal(is_there(p, "more/d.c"), strcmp(age, "new") == 0);
	assert_int_equal(is_there(p, "more"), strcmp(age, "new") == 0);
}

static void too_long_a_file_is_told(void **state)
{
	(void)state;
	struct place p;
	const char *text = NULL;
	place_open(&p);
	assert_int_equal(truncate(scene_path(&p.scene, "a.c"), (16 << 20) + 1), 0);
	assert_int_equal(new_file_read(&p.scene.c, scene_path(&p.scene, "a.c"), &text),
			 APP_UNAVAILABLE);
	assert_non_null(strstr(ctx_failure_text(&p.scene.c, APP_UNAVAILABLE),
			       "/a.c is longer than 16 MiB, and no source is"));
	assert_null(text);
	scene_close(&p.scene);
}

static void all_are_written(void **state)
{
	(void)state;
	struct place p;
	struct stat st;
	place_open(&p);
	chmod(scene_path(&p.scene, "b.c"), 0640);
	assert_int_equal(place_write(&p), APP_OK);
	place_holds(&p, "new");
	assert_int_equal(stat(scene_path(&p.scene, "b.c"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	scene_close(&p.scene);
}

/* `*state`: how many renames go well. */
static void a_change_that_fails_undoes_all(void **state)
{
	struct place p;
	place_open(&p);
	renames_left = *(const int *)*state;
	assert_int_equal(place_write(&p), APP_UNAVAILABLE);
	assert_non_null(strstr(ctx_failure_text(&p.scene.c, APP_UNAVAILABLE), "cannot change "));
	place_holds(&p, "old");
	scene_close(&p.scene);
}

static void a_file_that_is_gone_undoes_all(void **state)
{
	(void)state;
	struct place p;
	place_open(&p);
	unlink(scene_path(&p.scene, "c.c"));
	assert_int_equal(place_write(&p), APP_UNAVAILABLE);
	assert_false(is_there(&p, "c.c"));
	text_write(&p, "c.c", "old c\n");
	place_holds(&p, "old");
	scene_close(&p.scene);
}

/* What somebody keeps under the name of the copy stays his. */
static void a_name_that_is_taken_undoes_all(void **state)
{
	(void)state;
	struct place p;
	place_open(&p);
	text_write(&p, "b.c.old", "mine\n");
	assert_int_equal(place_write(&p), APP_UNAVAILABLE);
	assert_string_equal(text_of(&p, "b.c.old"), "mine\n");
	unlink(scene_path(&p.scene, "b.c.old"));
	place_holds(&p, "old");
	scene_close(&p.scene);
}

/* In a child, which `before` changes; what it ended with. */
static int write_in_child(struct place *p, void (*before)(void))
{
	int status;
	pid_t child = child_fork(SIGKILL);
	if (!child) {
		before();
		_exit(place_write(p) == APP_OK ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static void end_at_the_second(void)
{
	signal_at = 2;
}

static void a_signal_comes_when_all_is_written(void **state)
{
	(void)state;
	struct place p;
	place_open(&p);
	int status = write_in_child(&p, end_at_the_second);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGTERM);
	place_holds(&p, "new");
	scene_close(&p.scene);
}

/* Of the new texts the last alone is longer. The command line ignores the signal, too. */
static void fill_the_disk(void)
{
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 8, 8 });
}

static void a_full_disk_undoes_all(void **state)
{
	(void)state;
	struct place p;
	place_open(&p);
	p.files[3].text = "a text that is longer than there is room for\n";
	int status = write_in_child(&p, fill_the_disk);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1);
	place_holds(&p, "old");
	scene_close(&p.scene);
}

int main(void)
{
	static const int none = 0, one = 1, two = 2;
	const struct CMUnitTest rows[] = {
		ROW("a file that is too long to be a source is told", too_long_a_file_is_told),
		ROW("all are written, and a changed file keeps its mode", all_are_written),
		ROW_OF("where the first change fails, nothing is left",
		       a_change_that_fails_undoes_all, &none),
		ROW_OF("where the second does, the first is undone", a_change_that_fails_undoes_all,
		       &one),
		ROW_OF("where the last does, all are", a_change_that_fails_undoes_all, &two),
		ROW("a file that went meanwhile undoes the others", a_file_that_is_gone_undoes_all),
		ROW("a file beside it that is somebody's stays", a_name_that_is_taken_undoes_all),
		ROW("a signal waits until all is written", a_signal_comes_when_all_is_written),
		ROW("a disk that is full undoes all", a_full_disk_undoes_all),
	};
	return rows_run("cli/new/files", rows, COUNT_OF(rows));
}
