/* threaded */
/*
 * The writer: order and wholeness with many threads, the bound of its buffer, and outputs that fail
 * or that nobody reads.
 */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <pty.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/log/internal.h"
#include "testing/json.h"
#include "testing/rows.h"
#include "testing/scene.h"

enum { THREADS = 4, LINES = 3000, LINE_LEN = 24 };

struct author {
	pthread_t thread;
	struct log_writer *writer;
	int number;
};

/* Lines such as "author 3 line 00000017\n"; every 500th is urgent. */
static void *author_write(void *arg)
{
	struct author *a = arg;
	for (int i = 0; i < LINES; i++) {
		char line[32];
		int len = snprintf(line, sizeof(line), "author %d line %08d\n", a->number, i);
		log_writer_add(a->writer, line, (size_t)len, i % 500 == 499);
	}
	return NULL;
}

static char *read_file(const char *path, size_t *ret_len)
{
	FILE *file = fopen(path, "rb");
	assert_non_null(file);
	fseek(file, 0, SEEK_END);
	*ret_len = (size_t)ftell(file);
	rewind(file);
	char *text = calloc(1, *ret_len + 1);
	assert_non_null(text);
	assert_int_equal(fread(text, 1, *ret_len, file), *ret_len);
	fclose(file);
	return text;
}

static void check_lines(const char *text)
{
	int next[THREADS] = { 0 };
	for (const char *line = text; *line; line = strchr(line, '\n') + 1) {
		int number = -1, at = -1, end = 0;
		assert_int_equal(sscanf(line, "author %d line %8d%n", &number, &at, &end), 2);
		assert_int_equal(line[end], '\n');
		assert_in_range(number, 0, THREADS - 1);
		assert_int_equal(at, next[number]);
		next[number]++;
	}
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(next[i], LINES);
}

static void lines_of_many_threads_stay_whole(void **state)
{
	(void)state;
	struct scene scene;
	scene_open(&scene);
	const char *path = scene_path(&scene, "log");
	int fd = open(path, O_WRONLY | O_CREAT, 0600);
	struct log_writer *writer = log_writer_new(fd, LOG_FORM_JSON, NULL);
	struct author authors[THREADS];
	for (int i = 0; i < THREADS; i++) {
		authors[i] = (struct author){ .writer = writer, .number = i };
		assert_int_equal(
			pthread_create(&authors[i].thread, NULL, author_write, &authors[i]), 0);
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(authors[i].thread, NULL);
	assert_true(log_writer_lost(writer) == 0);
	log_writer_drop(writer);
	size_t len;
	char *text = read_file(path, &len);
	check_lines(text);
	free(text);
	close(fd);
	scene_close(&scene);
}

/* ---- an output that nobody reads ---- */

enum {
	FILL = 12 << 20, /* bytes, in lines of LINE_LEN */
	/* Two buffers of the writer and the pipe's own. */
	HELD_MAX = 2 * (4 << 20) + (1 << 16),
};

/*
 * Lines such as "line 000000000000000017\n", FILL bytes of them; ends only because nothing waits
 * for a reader.
 */
static void fill(struct log_writer *writer, bool urgent)
{
	for (int64_t i = 0; i < FILL / LINE_LEN; i++) {
		char line[32];
		snprintf(line, sizeof(line), "line %018lld\n", (long long)i);
		log_writer_add(writer, line, LINE_LEN, urgent);
	}
}

struct reading {
	int fd;
	int64_t lines, dropped, notices;
	/*
	 * each line is one more than the last, or than the last and what a notice says is missing
	 */
	bool in_order;
};

/*
 * To the end of the pipe: what was kept, and what the log itself says is missing, must account for
 * every line.
 */
static void *read_all(void *arg)
{
	struct reading *r = arg;
	char line[512];
	FILE *pipe_end = fdopen(r->fd, "r");
	r->in_order = pipe_end != NULL;
	while (pipe_end && fgets(line, sizeof(line), pipe_end)) {
		const char *event = strstr(json_swap(line), "'event':'");
		if (event) {
			r->in_order = r->in_order && strstr(line, " lines were dropped'") &&
				      strstr(line, "'level':'warn'");
			r->dropped += strtoll(event + strlen("'event':'"), NULL, 10);
			r->notices++;
			continue;
		}
		r->in_order = r->in_order && strtoll(line + 5, NULL, 10) == r->lines + r->dropped;
		r->lines++;
	}
	if (pipe_end)
		fclose(pipe_end);
	return NULL;
}

struct stuck_case {
	int flags;
	bool urgent;
};

static void nobody_waits_for_a_reader(void **state)
{
	const struct stuck_case *stuck = *state;
	int fds[2];
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(fcntl(fds[1], F_SETFL, stuck->flags), 0);
	struct log_writer *writer = log_writer_new(fds[1], LOG_FORM_JSON, NULL);
	fill(writer, stuck->urgent);
	int64_t lost = log_writer_lost(writer);
	assert_true(lost >= (FILL - HELD_MAX) / LINE_LEN);
	struct reading reading = { .fd = fds[0] };
	pthread_t reader;
	assert_int_equal(pthread_create(&reader, NULL, read_all, &reading), 0);
	log_writer_flush(writer);
	log_writer_drop(writer);
	close(fds[1]);
	pthread_join(reader, NULL);
	assert_true(reading.in_order);
	assert_true(reading.notices > 0);
	assert_true(reading.dropped == lost);
	assert_true(reading.lines + reading.dropped == FILL / LINE_LEN);
}

/* Neither ends when the output is waited for; what they wait at most is not measured. */
static void the_end_does_not_wait_for_a_reader(void **state)
{
	(void)state;
	int fds[2];
	assert_int_equal(pipe(fds), 0);
	struct log_writer *writer = log_writer_new(fds[1], LOG_FORM_JSON, NULL);
	fill(writer, false);
	log_writer_flush(writer);
	log_writer_drop(writer);
	close(fds[0]);
	close(fds[1]);
}

static void a_terminal_that_is_held_is_not_waited_for(void **state)
{
	(void)state;
	int terminal, side;
	assert_int_equal(openpty(&terminal, &side, NULL, NULL, NULL), 0);
	struct log_writer *writer = log_writer_new(side, LOG_FORM_PLAIN, NULL);
	fill(writer, true);
	assert_true(log_writer_lost(writer) > 0);
	log_writer_drop(writer);
	/*
	 * The side stays open: the log's thread may still be in the middle of a write to it, and
	 * ends by this.
	 */
	close(terminal);
}

static void reader_that_left_costs_lines_only(void **state)
{
	(void)state;
	int fds[2];
	assert_int_equal(pipe(fds), 0);
	close(fds[0]);
	struct log_writer *writer = log_writer_new(fds[1], LOG_FORM_JSON, NULL);
	log_writer_add(writer, "hello\n", 6, true);
	log_writer_flush(writer);
	assert_true(log_writer_lost(writer) == 1);
	log_writer_add(writer, "again\nand again\n", 16, false);
	log_writer_flush(writer);
	assert_true(log_writer_lost(writer) == 3);
	log_writer_drop(writer);
	close(fds[1]);
}

static void full_disk_costs_lines_only(void **state)
{
	(void)state;
	int fd = open("/dev/full", O_WRONLY);
	if (fd < 0)
		skip();
	struct log_writer *writer = log_writer_new(fd, LOG_FORM_JSON, NULL);
	log_writer_add(writer, "hello\n", 6, true);
	log_writer_flush(writer);
	assert_true(log_writer_lost(writer) == 1);
	log_writer_drop(writer);
	close(fd);
}

static void closed_output_costs_lines_only(void **state)
{
	(void)state;
	struct log_writer *writer = log_writer_new(-1, LOG_FORM_JSON, NULL);
	log_writer_add(writer, "hello\n", 6, true);
	log_writer_flush(writer);
	assert_true(log_writer_lost(writer) == 1);
	log_writer_drop(writer);
}

static void line_after_a_torn_one_is_whole(void **state)
{
	(void)state;
	struct scene scene;
	scene_open(&scene);
	const char *path = scene_path(&scene, "log");
	int fd = open(path, O_WRONLY | O_CREAT, 0600);
	struct log_writer *writer = log_writer_new(fd, LOG_FORM_JSON, NULL);
	/* The file may not grow past eight bytes: a short write, then an error. */
	struct rlimit before;
	getrlimit(RLIMIT_FSIZE, &before);
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){ .rlim_cur = 8, .rlim_max = before.rlim_max });
	log_writer_add(writer, "one\ntwo three\n", 14, true);
	log_writer_flush(writer);
	int64_t lost = log_writer_lost(writer);
	log_writer_add(writer, "four\n", 5, true);
	log_writer_flush(writer);
	int64_t lost_more = log_writer_lost(writer);
	setrlimit(RLIMIT_FSIZE, &before);
	log_writer_add(writer, "five\n", 5, true);
	log_writer_drop(writer);
	assert_true(lost == 1);
	assert_true(lost_more == 2);
	size_t len;
	char *text = read_file(path, &len);
	assert_memory_equal(json_swap(text), "one\ntwo \n{'time':", 17);
	assert_non_null(strstr(text, "'event':'2 lines were dropped','lines':2,"));
	assert_non_null(strstr(text, "}\nfive\n"));
	free(text);
	close(fd);
	scene_close(&scene);
}

static void drop_writes_the_rest(void **state)
{
	(void)state;
	int fds[2];
	assert_int_equal(pipe(fds), 0);
	struct log_writer *writer = log_writer_new(fds[1], LOG_FORM_JSON, NULL);
	log_writer_add(writer, "one\n", 4, false);
	log_writer_add(writer, "two\n", 4, false);
	log_writer_drop(writer);
	char text[16] = "";
	assert_int_equal(read(fds[0], text, sizeof(text)), 8);
	assert_string_equal(text, "one\ntwo\n");
	close(fds[0]);
	close(fds[1]);
}

static void lines_are_written_without_being_asked(void **state)
{
	(void)state;
	int fds[2];
	assert_int_equal(pipe(fds), 0);
	struct log_writer *writer = log_writer_new(fds[1], LOG_FORM_JSON, NULL);
	for (int i = 0; i < 3; i++) {
		log_writer_add(writer, "one\n", 4, false);
		char text[4];
		assert_int_equal(read(fds[0], text, sizeof(text)), 4); /* hangs if nobody writes */
		assert_memory_equal(text, "one\n", 4);
	}
	log_writer_drop(writer);
	close(fds[0]);
	close(fds[1]);
}

/* In bytes, of this process. */
static long resident(void)
{
	long pages = 0;
	FILE *file = fopen("/proc/self/statm", "r");
	assert_non_null(file);
	assert_int_equal(fscanf(file, "%*d %ld", &pages), 1);
	fclose(file);
	return pages * sysconf(_SC_PAGESIZE);
}

/*
 * As in the server, whose allocator writes into all that it gives: see app/conceal.c. The kernel
 * counts by some pages.
 */
static void what_may_wait_takes_no_memory_yet(void **state)
{
	(void)state;
	enum { MUCH = 2 << 20 };
	mallopt(M_PERTURB, 0xff);
	long before = resident();
	struct log_writer *writer = log_writer_new(-1, LOG_FORM_JSON, NULL);
	long after = resident();
	log_writer_drop(writer);
	mallopt(M_PERTURB, 0);
	assert_true(after - before < MUCH);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("lines of many threads stay whole and in order",
		    lines_of_many_threads_stay_whole),
		ROW("lines are written without being asked for",
		    lines_are_written_without_being_asked),
		ROW("dropping writes the rest", drop_writes_the_rest),
		ROW_OF("nobody waits for a reader, and each line is there or counted at its place",
		       nobody_waits_for_a_reader, &(struct stuck_case){ .flags = 0 }),
		ROW_OF("the same when every line is urgent", nobody_waits_for_a_reader,
		       &(struct stuck_case){ .urgent = true }),
		ROW_OF("the same on a pipe that does not block", nobody_waits_for_a_reader,
		       &(struct stuck_case){ .flags = O_NONBLOCK }),
		ROW("the end does not wait for a reader", the_end_does_not_wait_for_a_reader),
		ROW("a terminal that is held is not waited for",
		    a_terminal_that_is_held_is_not_waited_for),
		ROW("a reader that left costs lines only", reader_that_left_costs_lines_only),
		ROW("a full disk costs lines only", full_disk_costs_lines_only),
		ROW("a closed output costs lines only", closed_output_costs_lines_only),
		ROW("the line after a torn one is whole", line_after_a_torn_one_is_whole),
		ROW("room for lines that may wait takes no memory before they come",
		    what_may_wait_takes_no_memory_yet),
	};
	return rows_run("core/log/writer", rows, COUNT_OF(rows));
}
