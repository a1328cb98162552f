/* gzip: there and back, and what is left alone. */
#include "core/gzip.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/random.h"
#include "support/memory.h"
#include "testing/rows.h"
#include "testing/scene.h"

enum { TEXT_LEN = 200000 };

static char *repetitive_text(struct arena *arena)
{
	char *text = arena_raw(arena, TEXT_LEN);

	for (size_t i = 0; i < TEXT_LEN; i++)
		text[i] = "{'id':1,'title':'x'},"[(i + i / 1000) % 21];
	return text;
}

static void comes_back(void **state)
{
	struct scene scene;
	struct buf packed, plain;

	(void)state;
	scene_open(&scene);
	char *text = repetitive_text(&scene.arena);
	buf_init(&packed, &scene.arena);
	buf_init(&plain, &scene.arena);
	/* thrice: the compressor is used again */
	for (int i = 0; i < 3; i++) {
		buf_clear(&packed);
		buf_clear(&plain);
		buf_add_lit(&plain, "kept");
		assert_true(gzip_pack(text, TEXT_LEN, &packed));
		assert_true(packed.len < TEXT_LEN / 10);
		assert_true(gzip_unpack(packed.data, packed.len, TEXT_LEN, &plain));
		assert_int_equal(plain.len, TEXT_LEN + 4);
		assert_memory_equal(plain.data + 4, text, TEXT_LEN);
	}
	scene_close(&scene);
}

static void appends(void **state)
{
	struct scene scene;
	struct buf out, plain;
	static const char text[] =
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

	(void)state;
	scene_open(&scene);
	buf_init(&out, NULL);
	buf_init(&plain, &scene.arena);
	buf_add_lit(&out, "before");
	assert_true(gzip_pack(text, sizeof(text), &out));
	assert_memory_equal(out.data, "before", 6);
	assert_true(gzip_unpack(out.data + 6, out.len - 6, sizeof(text), &plain));
	assert_memory_equal(plain.data, text, sizeof(text));
	buf_done(&out);
	scene_close(&scene);
}

static void leaves_noise(void **state)
{
	struct buf out;
	char noise[4096];

	(void)state;
	buf_init(&out, NULL);
	random_bytes(noise, sizeof(noise));
	assert_false(gzip_pack(noise, sizeof(noise), &out));
	assert_false(gzip_pack("short", 5, &out));
	assert_false(gzip_pack("x", 1, &out));
	assert_false(gzip_pack("", 0, &out));
	assert_int_equal(out.len, 0);
	/* and works on after having given up midway */
	memset(noise, 'a', sizeof(noise));
	assert_true(gzip_pack(noise, sizeof(noise), &out));
	assert_true(out.len < 100);
	buf_done(&out);
}

static void refuses_what_does_not_fit(void **state)
{
	struct buf packed, plain;
	char text[1000];

	(void)state;
	buf_init(&packed, NULL);
	buf_init(&plain, NULL);
	memset(text, 'a', sizeof(text));
	assert_true(gzip_pack(text, sizeof(text), &packed));
	assert_false(gzip_unpack(packed.data, packed.len, 999, &plain));
	assert_false(gzip_unpack(packed.data, packed.len, 1001, &plain));
	assert_false(gzip_unpack(packed.data, packed.len - 1, 1000, &plain));
	packed.data[packed.len - 6] ^= 1;
	assert_false(gzip_unpack(packed.data, packed.len, 1000, &plain));
	assert_false(gzip_unpack("nonsense", 8, 1000, &plain));
	assert_int_equal(plain.len, 0);
	buf_done(&packed);
	buf_done(&plain);
}

enum { SECRET_LEN = 40 };

/*
 * Packs a text with a secret in it, of which it has no copy afterwards, tells the secret, and
 * waits.
 */
static void pack_secret(int fd)
{
	char text[3000];
	AUTO(buf) out = { 0 };
	memset(text, '.', sizeof(text));
	for (int i = 0; i < SECRET_LEN; i++) {
		unsigned char byte;
		random_bytes(&byte, 1);
		text[1000 + i] = (char)('a' + byte % 26);
	}
	if (!gzip_pack(text, sizeof(text), &out) ||
	    write(fd, text + 1000, SECRET_LEN) != SECRET_LEN)
		_exit(1);
	mem_wipe(text, sizeof(text));
	close(fd);
	pause();
}

static void keeps_nothing_of_a_text(void **state)
{
	int pipe_fds[2];
	char secret[SECRET_LEN + 1] = "", end;

	(void)state;
	assert_int_equal(pipe(pipe_fds), 0);
	pid_t pid = fork();
	if (!pid)
		pack_secret(pipe_fds[1]);
	close(pipe_fds[1]);
	assert_int_equal(read(pipe_fds[0], secret, SECRET_LEN), SECRET_LEN);
	/* closed once it is wiped */
	assert_int_equal(read(pipe_fds[0], &end, 1), 0);
	size_t found = memory_count(pid, secret);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(pipe_fds[0]);
	assert_int_equal(found, 0);
}

static void *pack_often(void *unused)
{
	char text[5000];

	(void)unused;
	memset(text, 'b', sizeof(text));
	for (int i = 0; i < 50; i++) {
		AUTO(buf) out = { 0 };
		if (!gzip_pack(text, sizeof(text), &out))
			return NULL;
	}
	return (void *)"done";
}

static void serves_many_threads(void **state)
{
	pthread_t threads[4];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, pack_often, NULL), 0);
	for (size_t i = 0; i < COUNT_OF(threads); i++) {
		void *result;
		assert_int_equal(pthread_join(threads[i], &result), 0);
		assert_non_null(result);
	}
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("what was packed comes back", comes_back),
		ROW("the result is appended", appends),
		ROW("nothing of a text is kept once it is packed", keeps_nothing_of_a_text),
		ROW("what would not get smaller is left alone", leaves_noise),
		ROW("damaged bytes and a wrong size are refused", refuses_what_does_not_fit),
		ROW("each thread has its own compressor and gives it back", serves_many_threads),
	};

	return rows_run("gzip", rows, COUNT_OF(rows));
}
