/*
 * Commands that write a lot, on a disk that fills up meanwhile: they say so, exit with 1 and leave
 * nothing half made.
 */
#include "app/disk.h"

#include <glob.h>

#include "cli/database.h"

static void run_on_disk(struct program *p, int64_t room, const char *const *args)
{
	disk->room = room;
	program_run(p, &(struct program_run){ .args = args,
					      .environ = (const char *const[]){ disk_fd, NULL } });
	disk_reset();
}

#define ARGS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static size_t files_like(const struct program *p, const char *pattern)
{
	glob_t found = { 0 };
	char path[128];
	snprintf(path, sizeof(path), "%s/%s", p->folder, pattern);
	size_t count = glob(path, 0, NULL, &found) ? 0 : found.gl_pathc;
	globfree(&found);
	return count;
}

/* state: the room; none, not enough for the pages, enough for all but the last of them. */
static void backup_leaves_nothing(void **state)
{
	const int64_t *room = *state;
	struct program p;
	seeded_open(&p);
	/* more than SQLite keeps in memory before it writes */
	program(&p, "seed", "--users", "0", "--posts", "12000");
	run_on_disk(&p, *room, ARGS("backup", "b.db"));
	program_assert_code(&p, 1);
	text_assert_has(p.err, "the storage is full");
	assert_int_equal(files_like(&p, "b.db*"), 0);
	program(&p, "backup", "b.db");
	program_assert_code(&p, 0);
	program_close(&p);
}

static void copy_goes_on_once_there_is_room(void **state)
{
	(void)state;
	struct program p;
	seeded_open(&p);
	run_on_disk(&p, 400000, ARGS("db", "copy", "sqlite:data/croft.db", "sqlite:copy.db"));
	program_assert_code(&p, 1);
	text_assert_has(p.err, "the storage is full");
	program(&p, "db", "copy", "sqlite:data/croft.db", "sqlite:copy.db", "--resume");
	program_assert_code(&p, 0);
	assert_int_equal(number(&p, "copy.db", "SELECT count(*) FROM posts"), 2500);
	program_close(&p);
}

static void seed_keeps_what_is_whole(void **state)
{
	(void)state;
	struct program p;
	seeded_open(&p);
	run_on_disk(&p, 400000, ARGS("seed", "--users", "10", "--posts", "5000"));
	program_assert_code(&p, 1);
	text_assert_has(p.err, "the storage is full");
	assert_int_equal(number(&p, "data/croft.db",
				"SELECT count(*) FROM pragma_integrity_check "
				"WHERE integrity_check <> 'ok'"),
			 0);
	assert_int_equal(
		number(&p, "data/croft.db", "SELECT count(*) FROM pragma_foreign_key_check"), 0);
	program(&p, "seed", "--users", "10", "--posts", "100");
	program_assert_code(&p, 0);
	program_close(&p);
}

int main(int argc, char **argv)
{
	static const int64_t none = 0, little = 50000, nearly = 5000000;
	const struct CMUnitTest rows[] = {
		ROW_OF("a backup on a full disk leaves nothing", backup_leaves_nothing, &none),
		ROW_OF("a backup that fills the disk leaves nothing", backup_leaves_nothing,
		       &little),
		ROW_OF("a backup that fills the disk late leaves nothing", backup_leaves_nothing,
		       &nearly),
		ROW("db copy that filled the disk goes on with --resume",
		    copy_goes_on_once_there_is_room),
		ROW("seed that filled the disk keeps what is whole", seed_keeps_what_is_whole),
	};
	return disk_main(argc, argv, "cli/disk", rows, COUNT_OF(rows));
}
