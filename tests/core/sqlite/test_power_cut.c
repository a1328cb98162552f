/*
 * Power cuts: every write and flush of the database file and its log is recorded while threads
 * write. Then the power fails at many moments: what was flushed is there, and of what was not some
 * writes are, torn ones too, in any mixture. Whatever was acknowledged before must be found, and
 * nothing by halves. (Pillai and others, "All File Systems Are Not Created Equal", OSDI 2014, calls
 * such states the ones that a file system may leave.)
 */
#include "core/db/store.h"

#include <pthread.h>
#include <stdio.h>

#include "core/sqlite/recorder.h"

enum { THREADS = 6, TURNS = 150, CUTS = 80, SECTOR = 512 };

/* ---- what is written, and when it was acknowledged ---- */

static struct store store;
/* By id: how many events there were when the write had been acknowledged. */
static size_t acknowledged[THREADS * TURNS];

static const char SQL_BOTH[] =
	"CREATE TABLE a (id INTEGER PRIMARY KEY, data TEXT NOT NULL) STRICT;"
	"CREATE TABLE b (id INTEGER PRIMARY KEY, turns INTEGER NOT NULL) STRICT;"
	"CREATE INDEX a_data_idx ON a (data);"
	"CREATE VIRTUAL TABLE a_fts USING fts5 (words, tokenize = 'ascii', detail = 'none',"
	" columnsize = 0, prefix = '1 2 3');"
	"CREATE TABLE a_fts_words (word TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;"
	"CREATE TABLE a_fts_todo (id INTEGER PRIMARY KEY) STRICT;"
	"CREATE VIEW a_fts_source AS SELECT id, 'row' || id AS text FROM a;"
	"CREATE TRIGGER a_fts_insert AFTER INSERT ON a BEGIN"
	" INSERT INTO a_fts_todo (id) VALUES (new.id) ON CONFLICT DO NOTHING; END";
static const char SQL_A[] = "INSERT INTO a VALUES ($1, printf('%d-%300s', $1 * 7919 % 1000, 'x'))";
static const char SQL_B[] = "INSERT INTO b VALUES ($1, 0)";
static const char SQL_TURN[] = "UPDATE b SET turns = turns + 1 WHERE id % 50 = $1 % 50";

static enum app_err write_both(struct ctx *c, void *arg)
{
	const int64_t *id = arg;
	enum app_err err = db_exec(c, SQL_A, BIND(*id), NULL);
	if (!err)
		err = db_exec(c, SQL_TURN, BIND(*id), NULL);
	return err ? err : db_exec(c, SQL_B, BIND(*id), NULL);
}

static void *write_turns(void *arg)
{
	int64_t id = (intptr_t)arg * TURNS;
	struct scene mine = { .app = store.scene.app };
	arena_init(&mine.arena, 0);
	ctx_init(&mine.c, &mine.app, &mine.arena);
	for (int i = 0; i < TURNS; i++, id++) {
		if (!db_write(&mine.c, write_both, &id))
			acknowledged[id] = recorded();
		scene_next(&mine);
	}
	arena_done(&mine.arena);
	return NULL;
}

static void write_all(void)
{
	pthread_t threads[THREADS];
	for (intptr_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, write_turns, (void *)i), 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < THREADS * TURNS; i++)
		assert_true(acknowledged[i]);
	assert_true(db_stats(store.db).checkpoints > 0);
}

/* ---- what the disk holds after the power is back ---- */

enum unflushed { NONE_OF_IT, ALL_OF_IT, SOME_OF_IT, TORN };

struct cut {
	size_t at;          /* events before it happened */
	size_t flushes_end; /* the disk keeps its word for flushes before it */
	enum unflushed unflushed;
	unsigned seed;
};

struct image {
	char *bytes;
	size_t len, room;
};

static void image_size(struct image *image, size_t len)
{
	if (len > image->room) {
		image->bytes = realloc(image->bytes, len * 2);
		assert_non_null(image->bytes);
		image->room = len * 2;
	}
	if (len > image->len)
		memset(image->bytes + image->len, 0, len - image->len);
	image->len = len;
}

static void image_apply(struct image *image, const struct event *event, size_t len)
{
	size_t at = (size_t)event->at;
	if (event->what == TRUNCATE)
		image_size(image, at);
	if (event->what != WRITE || !len)
		return;
	if (at + len > image->len)
		image_size(image, at + len);
	memcpy(image->bytes + at, event->bytes, len);
}

/* Up to here everything is on the disk. */
static size_t flushed_until(const struct cut *cut, enum file file)
{
	size_t end = cut->at < cut->flushes_end ? cut->at : cut->flushes_end;
	while (end &&
	       !(recorder.events[end - 1].what == FLUSH && recorder.events[end - 1].file == file))
		end--;
	return end;
}

/* How many bytes of a write that was not flushed have reached the disk. */
static size_t survives(struct cut *cut, const struct event *event)
{
	size_t sectors = event->len / SECTOR;
	unsigned drawn = (unsigned)rand_r(&cut->seed);
	switch (cut->unflushed) {
	case NONE_OF_IT: return 0;
	case ALL_OF_IT: return event->len;
	case SOME_OF_IT: return drawn % 2 ? event->len : 0;
	case TORN: break;
	}
	return sectors ? drawn % (sectors + 1) * SECTOR : drawn % (event->len + 1);
}

static void image_make(struct cut *cut, enum file file, struct image *image)
{
	size_t until = flushed_until(cut, file);
	image->len = 0;
	for (size_t i = 0; i < cut->at; i++) {
		const struct event *event = &recorder.events[i];
		if (event->file != file)
			continue;
		if (i < until)
			image_apply(image, event, event->len);
		else if (event->what == WRITE)
			image_apply(image, event, survives(cut, event));
		else if (cut->unflushed == ALL_OF_IT || (cut->unflushed && rand_r(&cut->seed) % 2))
			image_apply(image, event, 0);
	}
}

static void image_save(const struct image *image, const char *path)
{
	FILE *out = fopen(path, "wb");
	assert_non_null(out);
	assert_int_equal(fwrite(image->bytes, 1, image->len, out), image->len);
	assert_int_equal(fclose(out), 0);
}

/* NULL when all is well, else what is wrong. */
static const char *database_judge(struct store *s, const struct cut *cut)
{
	struct ctx *c = &s->scene.c;
	bool has_row = true;
	AUTO(db_rows) whole = { 0 };
	if (db_query(c, "PRAGMA integrity_check", BIND(), &whole) ||
	    db_rows_next(&whole, &has_row) || strcmp(db_column_text(&whole, 0, NULL), "ok") != 0)
		return "the file is damaged";
	AUTO(db_rows) halves = { 0 };
	if (db_query(
		    c,
		    "SELECT 1 FROM a FULL JOIN b ON a.id = b.id WHERE a.id IS NULL OR b.id IS NULL",
		    BIND(), &halves) ||
	    db_rows_next(&halves, &has_row) || has_row)
		return "a write is there by halves";
	AUTO(db_rows) unlisted = { 0 };
	if (db_query(c,
		     "SELECT 1 FROM a WHERE id NOT IN (SELECT id FROM a_fts_todo)"
		     " AND id NOT IN (SELECT rowid FROM a_fts WHERE a_fts MATCH 'row*')",
		     BIND(), &unlisted) ||
	    db_rows_next(&unlisted, &has_row) || has_row)
		return "a row is neither in the full-text index nor on its list";
	for (int64_t id = 0; id < THREADS * TURNS; id++) {
		AUTO(db_rows) row = { 0 };
		if (acknowledged[id] > cut->at)
			continue;
		if (db_query(c, "SELECT 1 FROM a WHERE id = $1", BIND(id), &row) ||
		    db_rows_next(&row, &has_row) || !has_row)
			return "an acknowledged write is lost";
	}
	return NULL;
}

/* The index, once what was left to do is done. */
static const char *index_judge(struct store *s)
{
	if (db_search_finish(&s->scene.c) ||
	    store_try(s, "INSERT INTO a_fts (a_fts, rank) VALUES ('integrity-check', 0)"))
		return "the full-text index is damaged";
	return store_int(s, "SELECT count(*) FROM a") == store_int(s, "SELECT count(*) FROM a_fts"
								      " WHERE a_fts MATCH 'row*'")
		       ? NULL
		       : "the full-text index lacks rows";
}

static const char *cut_judge(struct cut *cut)
{
	struct store after = { 0 };
	struct image image = { 0 };
	scene_open(&after.scene);
	for (int i = 0; i < FILES; i++) {
		image_make(cut, (enum file)i, &image);
		image_save(&image, scene_path(&after.scene, file_names[i]));
	}
	free(image.bytes);
	const struct db_options options = { .url = store_url(&after.scene, "t.db") };
	const char *wrong = "the database cannot be opened";
	if (!db_open(&after.scene.c, &options, &after.db)) {
		after.scene.app.db = after.db;
		wrong = database_judge(&after, cut);
		if (!wrong)
			wrong = index_judge(&after);
		db_close(after.db);
	}
	scene_close(&after.scene);
	return wrong;
}

/* ---- rows ---- */

static size_t first_cut; /* the tables are there, durably */

static int setup(void **state)
{
	(void)state;
	memset(acknowledged, 0, sizeof(acknowledged));
	recorder_install();
	recorder.on = true;
	store_open(&store);
	store_do(&store, SQL_BOTH);
	first_cut = recorded();
	write_all();
	pthread_mutex_lock(&recorder.lock);
	recorder.on = false;
	pthread_mutex_unlock(&recorder.lock);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	store_close(&store);
	recorder_clear();
	return 0;
}

static struct cut cut_of(unsigned number, enum unflushed unflushed)
{
	unsigned seed = number * 31 + (unsigned)unflushed;
	size_t span = recorder.count - first_cut;
	return (struct cut){ .at = first_cut + (size_t)rand_r(&seed) % (span + 1),
			     .flushes_end = recorder.count,
			     .unflushed = unflushed,
			     .seed = seed };
}

static void nothing_acknowledged_is_lost(void **state)
{
	const enum unflushed *unflushed = *state;
	for (unsigned i = 0; i < CUTS; i++) {
		struct cut cut = cut_of(i, *unflushed);
		const char *wrong = cut_judge(&cut);
		if (wrong)
			fail_msg("cut %u, after event %zu of %zu: %s", i, cut.at, recorder.count,
				 wrong);
	}
}

/* So that the rows above can fail: without flushes the same cuts lose what was acknowledged. */
static void a_disk_that_does_not_flush_is_found_out(void **state)
{
	(void)state;
	int found = 0;
	for (unsigned i = 0; i < CUTS && !found; i++) {
		struct cut cut = cut_of(i, SOME_OF_IT);
		cut.flushes_end = first_cut;
		found += cut_judge(&cut) != NULL;
	}
	assert_true(found);
}

#define CUT(sentence, what) \
	ROW_OF(sentence, nothing_acknowledged_is_lost, (&(enum unflushed){ what }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		CUT("a power cut that drops what was not flushed loses nothing acknowledged",
		    NONE_OF_IT),
		CUT("a power cut after everything was written loses nothing", ALL_OF_IT),
		CUT("a power cut that keeps some of the writes and drops others loses nothing",
		    SOME_OF_IT),
		CUT("a power cut that tears writes apart loses nothing", TORN),
		ROW("a disk that does not flush is found out",
		    a_disk_that_does_not_flush_is_found_out),
	};
	return rows_run_with("core/sqlite power cut", rows, COUNT_OF(rows), setup, teardown);
}
