/*
 * Many writers that give the same tags, in orders of their own: none waits for another in a circle.
 */
/* threaded */
#include "fixture.h"
#include "testing/store.h"

#include <pthread.h>

enum { WRITERS = 4, POSTS = 25, TAGS = 6 };

struct writer {
	struct stage *stage;
	pthread_t thread;
	uint64_t random;
	int refused;
};

static size_t draw(struct writer *w, size_t most)
{
	w->random = w->random * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(w->random >> 33) % most;
}

/* "a", "B", …: all of them, shuffled, in either case; every few posts all are new. */
static const char *tags_json(struct writer *w, struct arena *arena, int post)
{
	int at[TAGS];
	struct buf out;
	buf_init(&out, arena);
	for (int i = 0; i < TAGS; i++) {
		size_t other = draw(w, (size_t)i + 1);
		at[i] = at[other];
		at[other] = i;
	}
	for (int i = 0; i < TAGS; i++)
		buf_printf(&out, "%s'%s%d-%d'", i ? "," : "", draw(w, 2) ? "tag" : "TAG", post / 5,
			   at[i]);
	return buf_text(&out);
}

static const char *post_json(struct writer *w, struct arena *arena, int post)
{
	const char *tags = tags_json(w, arena, post);
	if (post % 3)
		return arena_printf(arena, "{'title':'T','tags':[%s]}", tags);
	return arena_printf(arena,
			    "{'items':[{'title':'A','tags':[%s]},{'title':'B','tags':[%s]}]}", tags,
			    tags_json(w, arena, post + 5));
}

static void *write_along(void *arg)
{
	struct writer *w = arg;
	struct scene mine = { .app = w->stage->scene.app };
	arena_init(&mine.arena, 0);
	for (int i = 0; i < POSTS; i++) {
		ctx_init(&mine.c, &w->stage->scene.app, &mine.arena);
		mine.c.actor = stage_actor(&mine.c, AS_ADA);
		const char *json = post_json(w, &mine.arena, i);
		struct buf out;
		buf_init(&out, &mine.arena);
		w->refused += stage_run(&mine.c, i % 3 ? &posts_create : &posts_create_batch, json,
					&out) != APP_OK;
		arena_reset(&mine.arena);
	}
	arena_done(&mine.arena);
	return NULL;
}

static void nobody_waits_in_a_circle(void **state)
{
	(void)state;
	struct stage s;
	struct writer writers[WRITERS];
	stage_open(&s);
	for (size_t i = 0; i < WRITERS; i++) {
		writers[i] = (struct writer){ .stage = &s, .random = i + 1 };
		assert_int_equal(pthread_create(&writers[i].thread, NULL, write_along, &writers[i]),
				 0);
	}
	for (size_t i = 0; i < WRITERS; i++) {
		pthread_join(writers[i].thread, NULL);
		assert_int_equal(writers[i].refused, 0);
	}
	/* Batches reach five posts further. */
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM tags"), TAGS * (POSTS / 5 + 1));
	assert_int_equal(stage_int(&s, "SELECT max(n) FROM (SELECT count(*) AS n FROM post_tags"
				       " GROUP BY post_id) AS each"),
			 TAGS);
	stage_close(&s);
}

/* An identity that is drawn and thrown away is a hole in the ids. */
static void known_tags_draw_no_id(void **state)
{
	(void)state;
	struct stage s;
	posts_open(&s);
	for (int i = 0; i < 3; i++)
		posts_write(&s, AS_ADA, "{'title':'T','tags':['Math','machines']}");
	posts_write(&s, AS_ADA, "{'title':'T','tags':['new']}");
	assert_int_equal(stage_int(&s, "SELECT max(id) FROM tags"), 3);
	stage_close(&s);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("writers of the same tags never wait for each other in a circle",
		    nobody_waits_in_a_circle),
		ROW("tags that are there already draw no new id", known_tags_draw_no_id),
	};
	return store_run("modules/posts/tag_threads", rows, COUNT_OF(rows), NULL, NULL);
}
