/* The writer: order and wholeness with many threads, the bound of its buffer, and outputs that fail. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../../../src/core/log/internal.h"
#include "support/rows.h"
#include "support/scene.h"

enum { THREADS = 4, LINES = 3000, LINE_LEN = 24 };

struct author {
	pthread_t thread;
	struct log_writer *writer;
	int number;
	_Atomic int64_t added;
	int64_t wanted; /* bytes, for author_fill */
};

/* Lines such as "author 3 line 00000017\n"; every 500th waits until it is written. */
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
	struct log_writer *writer = log_writer_new(fd);
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

static void *author_fill(void *arg)
{
	struct author *a = arg;
	for (int64_t i = 0; i < a->wanted / LINE_LEN; i++) {
		char line[32];
		snprintf(line, sizeof(line), "line %018lld\n", (long long)i);
		log_writer_add(a->writer, line, LINE_LEN, false);
		atomic_fetch_add(&a->added, LINE_LEN);
	}
	return NULL;
}

enum {
	FILL = 6 << 20,
	/* Two buffers of the writer, the pipe's own, and the line just taken. */
	HELD_MAX = 2 * (1 << 20) + (1 << 16) + LINE_LEN,
};

/*
 * Reads the numbered lines of author_fill to the end, one at a time to stay behind their author, and checks all
 * the while that little enough is held back. Begins when a buffer's worth has been added.
 */
static void read_filled(int fd, struct author *a)
{
	while (atomic_load(&a->added) < 1 << 20)
		sched_yield();
	for (int64_t next = 0; next < FILL / LINE_LEN; next++) {
		assert_true(atomic_load(&a->added) <= next * LINE_LEN + HELD_MAX);
		char line[LINE_LEN + 1] = "";
		for (size_t held = 0; held < LINE_LEN;) {
			ssize_t len = read(fd, line + held, LINE_LEN - held);
			assert_true(len > 0);
			held += (size_t)len;
		}
		assert_int_equal(line[LINE_LEN - 1], '\n');
		assert_int_equal(strtoll(line + 5, NULL, 10), next);
	}
}

static void slow_reader(int flags)
{
	int fds[2];
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(fcntl(fds[1], F_SETFL, flags), 0);
	struct author author = { .writer = log_writer_new(fds[1]), .wanted = FILL };
	assert_int_equal(pthread_create(&author.thread, NULL, author_fill, &author), 0);
	read_filled(fds[0], &author);
	pthread_join(author.thread, NULL);
	assert_true(log_writer_lost(author.writer) == 0);
	log_writer_drop(author.writer);
	close(fds[0]);
	close(fds[1]);
}

static void slow_reader_makes_writers_wait(void **state)
{
	(void)state;
	slow_reader(0);
}

static void full_non_blocking_pipe_is_waited_for(void **state)
{
	(void)state;
	slow_reader(O_NONBLOCK);
}

static void reader_that_left_costs_lines_only(void **state)
{
	(void)state;
	int fds[2];
	assert_int_equal(pipe(fds), 0);
	close(fds[0]);
	struct log_writer *writer = log_writer_new(fds[1]);
	log_writer_add(writer, "hello\n", 6, true);
	assert_true(log_writer_lost(writer) == 6);
	log_writer_add(writer, "again\n", 6, false);
	log_writer_drop(writer);
	close(fds[1]);
}

static void full_disk_costs_lines_only(void **state)
{
	(void)state;
	int fd = open("/dev/full", O_WRONLY);
	if (fd < 0)
		skip();
	struct log_writer *writer = log_writer_new(fd);
	log_writer_add(writer, "hello\n", 6, true);
	log_writer_flush(writer);
	assert_true(log_writer_lost(writer) == 6);
	log_writer_drop(writer);
	close(fd);
}

static void closed_output_costs_lines_only(void **state)
{
	(void)state;
	struct log_writer *writer = log_writer_new(-1);
	log_writer_add(writer, "hello\n", 6, true);
	assert_true(log_writer_lost(writer) == 6);
	log_writer_drop(writer);
}

static void line_after_a_torn_one_is_whole(void **state)
{
	(void)state;
	struct scene scene;
	scene_open(&scene);
	const char *path = scene_path(&scene, "log");
	int fd = open(path, O_WRONLY | O_CREAT, 0600);
	struct log_writer *writer = log_writer_new(fd);
	/* The file may not grow past eight bytes: a short write, then an error. */
	struct rlimit before;
	getrlimit(RLIMIT_FSIZE, &before);
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){ .rlim_cur = 8, .rlim_max = before.rlim_max });
	log_writer_add(writer, "one\ntwo three\n", 14, true);
	int64_t lost = log_writer_lost(writer);
	log_writer_add(writer, "four\n", 5, true);
	int64_t lost_more = log_writer_lost(writer);
	setrlimit(RLIMIT_FSIZE, &before);
	log_writer_add(writer, "five\n", 5, true);
	log_writer_drop(writer);
	assert_true(lost == 6);
	assert_true(lost_more == 11);
	size_t len;
	char *text = read_file(path, &len);
	assert_string_equal(text, "one\ntwo \nfive\n");
	free(text);
	close(fd);
	scene_close(&scene);
}

static void drop_writes_the_rest(void **state)
{
	(void)state;
	int fds[2];
	assert_int_equal(pipe(fds), 0);
	struct log_writer *writer = log_writer_new(fds[1]);
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
	struct log_writer *writer = log_writer_new(fds[1]);
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

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("lines of many threads stay whole and in order",
		    lines_of_many_threads_stay_whole),
		ROW("lines are written without being asked for",
		    lines_are_written_without_being_asked),
		ROW("dropping writes the rest", drop_writes_the_rest),
		ROW("a slow reader makes writers wait, at a bounded buffer",
		    slow_reader_makes_writers_wait),
		ROW("a full non-blocking pipe is waited for", full_non_blocking_pipe_is_waited_for),
		ROW("a reader that left costs lines only", reader_that_left_costs_lines_only),
		ROW("a full disk costs lines only", full_disk_costs_lines_only),
		ROW("a closed output costs lines only", closed_output_costs_lines_only),
		ROW("the line after a torn one is whole", line_after_a_torn_one_is_whole),
	};
	return rows_run("core/log/writer", rows, COUNT_OF(rows));
}
