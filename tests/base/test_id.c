/* Identifiers: fresh in every draw, thread and forked child. */
#include "base/id.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/attr.h"
#include "testing/rows.h"

enum { DRAWS = 2000, THREADS = 4 };

struct draws {
	char ids[DRAWS][ID_ROOM];
};

static int compare_ids(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void check_all_differ(char (*ids)[ID_ROOM], size_t count)
{
	qsort(ids, count, sizeof(*ids), compare_ids);
	for (size_t i = 1; i < count; i++)
		assert_string_not_equal(ids[i - 1], ids[i]);
}

static void id_has_its_alphabet(void **state)
{
	(void)state;
	bool seen[256] = { 0 };
	size_t kinds = 0;
	for (int i = 0; i < DRAWS; i++) {
		char id[ID_ROOM];
		id_new(id);
		assert_int_equal(strlen(id), ID_TEXT_LEN);
		assert_int_equal(strspn(id, "0123456789abcdefghjkmnpqrstvwxyz"), ID_TEXT_LEN);
		for (size_t j = 0; j < ID_TEXT_LEN; j++) {
			kinds += !seen[(unsigned char)id[j]];
			seen[(unsigned char)id[j]] = true;
		}
	}
	assert_int_equal(kinds, 32);
}

static void *draw(void *arg)
{
	struct draws *draws = arg;
	for (size_t i = 0; i < DRAWS; i++)
		id_new(draws->ids[i]);
	return NULL;
}

static void ids_differ_across_threads(void **state)
{
	(void)state;
	static struct draws draws[THREADS];
	pthread_t threads[THREADS];
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, draw, &draws[i]), 0);
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	check_all_differ(draws[0].ids, (size_t)THREADS * DRAWS);
}

static void child_draws_its_own(void **state)
{
	(void)state;
	char mine[ID_ROOM], theirs[ID_ROOM];
	id_new(mine); /* so that a block is at hand to be inherited */
	int pipe_fds[2];
	assert_int_equal(pipe(pipe_fds), 0);
	pid_t child = fork();
	if (child == 0) {
		id_new(theirs);
		_exit(write(pipe_fds[1], theirs, sizeof(theirs)) != sizeof(theirs));
	}
	id_new(mine);
	int status = 0;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(read(pipe_fds[0], theirs, sizeof(theirs)), sizeof(theirs));
	close(pipe_fds[0]);
	close(pipe_fds[1]);
	assert_string_not_equal(mine, theirs);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("an identifier is 26 characters of its alphabet", id_has_its_alphabet),
		ROW("identifiers differ, across threads too", ids_differ_across_threads),
		ROW("a forked child does not repeat its parent", child_draws_its_own),
	};
	return rows_run("base/id", rows, COUNT_OF(rows));
}
