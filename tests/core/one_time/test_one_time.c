/* Codes that are good once, and what ends them before. */
#include "core/one_time.h"

#include <stdio.h>
#include <string.h>

#include "core/db.h"
#include "testing/stage.h"
#include "testing/store.h"

struct code {
	char text[ONE_TIME_ROOM];
	const char *purpose, *data;
	int64_t pause_s;
	bool is_made;
	struct one_time found;
};

static enum app_err make(struct ctx *c, void *arg)
{
	struct code *code = arg;
	return one_time_make(c,
			     &(struct one_time){ code->purpose, "subject", .user_id = ADA_ID,
						 .data = code->data },
			     60, code->pause_s, code->text, &code->is_made);
}

static enum app_err look(struct ctx *c, void *arg)
{
	struct code *code = arg;
	return one_time_look(c, code->purpose, code->text, &code->found);
}

static enum app_err use(struct ctx *c, void *arg)
{
	struct code *code = arg;
	return one_time_use(c, code->purpose, code->text, &code->found);
}

static void made(struct stage *s, struct code *code)
{
	stage_ok(s, db_write(&s->scene.c, make, code));
	assert_true(code->is_made);
}

static void refused(struct stage *s, db_write_fn *fn, struct code *code)
{
	assert_int_equal(db_write(&s->scene.c, fn, code), APP_BAD_REQUEST);
	assert_string_equal(ctx_failure_code(&s->scene.c, APP_BAD_REQUEST), "token_not_good");
	ctx_recover(&s->scene.c);
}

static void is_good_once(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	struct code code = { .purpose = "test", .data = "d" };
	made(&s, &code);
	assert_int_equal(strlen(code.text), 27);
	stage_ok(&s, db_write(&s.scene.c, look, &code));
	assert_int_equal(code.found.user_id, ADA_ID);
	assert_string_equal(code.found.subject, "subject");
	assert_string_equal(code.found.data, "d");
	stage_ok(&s, db_write(&s.scene.c, use, &code));
	refused(&s, use, &code);
	refused(&s, look, &code);
	stage_close(&s);
}

/* No text of it is in the database: S28. */
static void is_kept_as_a_digest(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	struct code code = { .purpose = "test" };
	made(&s, &code);
	assert_int_equal(stage_int(&s, "SELECT length(hash) FROM one_time_tokens"), 32);
	AUTO(db_rows) rows = { 0 };
	bool has_row;
	size_t len;
	stage_ok(&s, db_query_first(&s.scene.c, "SELECT * FROM one_time_tokens", BIND(), &rows,
				    &has_row));
	for (int i = 0; i < db_column_count(&rows); i++) {
		const char *text = db_column_text(&rows, i, &len);
		assert_true(!text || !memmem(text, len, code.text, strlen(code.text)));
	}
	db_rows_auto(&rows);
	stage_close(&s);
}

static void a_newer_one_kills_it(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	struct code first = { .purpose = "test" }, second = { .purpose = "test" },
		    other = { .purpose = "other" };
	made(&s, &first);
	made(&s, &other);
	made(&s, &second);
	refused(&s, use, &first);
	stage_ok(&s, db_write(&s.scene.c, use, &second));
	stage_ok(&s, db_write(&s.scene.c, use, &other));
	stage_close(&s);
}

static void is_for_one_purpose(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	struct code code = { .purpose = "test" };
	made(&s, &code);
	code.purpose = "other";
	refused(&s, use, &code);
	code.purpose = "test";
	stage_ok(&s, db_write(&s.scene.c, use, &code));
	stage_close(&s);
}

static void is_found(struct stage *s, bool is_there)
{
	struct one_time found;
	bool there;
	stage_ok(s, one_time_find(&s->scene.c, "test", "subject", &found, &there));
	assert_int_equal(there, is_there);
	if (there)
		assert_string_equal(found.data, "d");
}

static void is_found_by_its_subject(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	struct code code = { .purpose = "test", .data = "d" };
	struct code other = { .purpose = "other", .data = "e" };
	is_found(&s, false);
	made(&s, &code);
	made(&s, &other);
	is_found(&s, true);
	stage_ok(&s, db_write(&s.scene.c, use, &code));
	is_found(&s, false);
	made(&s, &code);
	s.clock.us += SECONDS_US(60);
	is_found(&s, false);
	stage_close(&s);
}

static void has_its_time(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	struct code code = { .purpose = "test" }, next = { .purpose = "next" };
	made(&s, &code);
	s.clock.us += SECONDS_US(60) - 1;
	stage_ok(&s, db_write(&s.scene.c, look, &code));
	s.clock.us++;
	refused(&s, look, &code);
	refused(&s, use, &code);
	/* and it goes with the next that is made */
	made(&s, &next);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM one_time_tokens"), 1);
	stage_close(&s);
}

static void is_tried_ten_times(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	struct code code = { .purpose = "test" };
	made(&s, &code);
	for (int i = 0; i < ONE_TIME_TRIES_MAX; i++)
		stage_ok(&s, db_write(&s.scene.c, look, &code));
	refused(&s, look, &code);
	/* whoever looked last may */
	stage_ok(&s, db_write(&s.scene.c, use, &code));
	stage_close(&s);
}

static void has_a_pause(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	struct code first = { .purpose = "test", .pause_s = 10 };
	struct code second = first, third = first;
	made(&s, &first);
	s.clock.us += SECONDS_US(9);
	stage_ok(&s, db_write(&s.scene.c, make, &second));
	assert_false(second.is_made);
	refused(&s, look, &second);
	stage_ok(&s, db_write(&s.scene.c, use, &first));
	made(&s, &second);
	s.clock.us += SECONDS_US(10);
	made(&s, &third);
	refused(&s, look, &second);
	stage_close(&s);
}

static void goes_with_its_account(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	struct code code = { .purpose = "test" };
	made(&s, &code);
	stage_exec(&s, "DELETE FROM users WHERE id = 2");
	refused(&s, use, &code);
	stage_close(&s);
}

static void is_none(void **state)
{
	struct stage s;
	stage_open(&s);
	struct code code = { .purpose = "test" };
	made(&s, &code);
	snprintf(code.text, sizeof(code.text), "%s", (const char *)*state);
	refused(&s, look, &code);
	refused(&s, use, &code);
	stage_close(&s);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("S28 a code is good once", is_good_once),
		ROW("S28 a code of 160 bits is kept as a digest alone", is_kept_as_a_digest),
		ROW("S28 a newer code kills the older", a_newer_one_kills_it),
		ROW("a code is for one purpose", is_for_one_purpose),
		ROW("S28 a code has its time, and is deleted by and by", has_its_time),
		ROW("what a code was made for is found by its subject, while it is good",
		    is_found_by_its_subject),
		ROW("a code is tried ten times at most", is_tried_ten_times),
		ROW("until it is used there is a pause before the next", has_a_pause),
		ROW("a code goes with its account", goes_with_its_account),
		ROW_OF("nothing is no code", is_none, ""),
		ROW_OF("a code that nobody made is none", is_none, "AAAAAAAAAAAAAAAAAAAAAAAAAAA"),
		ROW_OF("a shorter one is none", is_none, "AAAA"),
		ROW_OF("a text that spells no bytes is none", is_none, "!\"'OR 1=1"),
	};
	return store_run("core/one_time", rows, COUNT_OF(rows), NULL, NULL);
}
