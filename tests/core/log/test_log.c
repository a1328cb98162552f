/* The log as its callers see it: levels, forms, the context's fields, failures and settings. */
#include "core/log.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "testing/json.h"
#include "testing/rows.h"
#include "testing/scene.h"

struct bench {
	struct scene scene;
	int fd;
};

static struct instant frozen_now(const struct clock *clock)
{
	(void)clock;
	return (struct instant){ 1767323045678901 };
}

static const struct clock frozen = { .now = frozen_now };

static int bench_open(void **state)
{
	static struct bench bench;
	scene_open(&bench.scene);
	bench.scene.c.clock = &frozen;
	bench.fd = open(scene_path(&bench.scene, "log"), O_RDWR | O_CREAT | O_APPEND, 0600);
	*state = &bench;
	return bench.fd < 0;
}

static int bench_close(void **state)
{
	struct bench *b = *state;
	log_drop(b->scene.app.log);
	close(b->fd);
	scene_close(&b->scene);
	return 0;
}

#define BENCH_ROW(sentence, fn) \
	{ \
		.name = (sentence), .test_func = (fn), .setup_func = bench_open, \
		.teardown_func = bench_close \
	}

static void start(struct bench *b, enum log_level level, int64_t format)
{
	struct log_options options = { .level = level, .format = format };
	b->scene.app.log = log_new(&options, b->fd);
	assert_non_null(b->scene.app.log);
}

/* What stands in the file now. */
static const char *written(const struct bench *b)
{
	if (b->scene.app.log)
		log_flush(b->scene.app.log);
	static char text[4096];
	ssize_t len = pread(b->fd, text, sizeof(text) - 1, 0);
	assert_true(len >= 0);
	text[len] = '\0';
	return text;
}

static void finish(struct bench *b)
{
	log_drop(b->scene.app.log);
	b->scene.app.log = NULL;
}

#define HEAD "{'time':'2026-01-02T03:04:05.678Z','level':"

static void levels_are_filtered(void **state)
{
	struct bench *b = *state;
	start(b, LOG_LEVEL_WARN, 1);
	log_debug(&b->scene.c, "one");
	log_info(&b->scene.c, "two");
	log_warn(&b->scene.c, "three");
	log_error(&b->scene.c, "four");
	assert_false(log_wants(b->scene.app.log, LOG_LEVEL_INFO));
	assert_true(log_wants(b->scene.app.log, LOG_LEVEL_WARN));
	finish(b);
	assert_json_equal(written(b),
			  HEAD "'warn','event':'three'}\n" HEAD "'error','event':'four'}\n");
}

static void off_writes_nothing(void **state)
{
	struct bench *b = *state;
	start(b, LOG_LEVEL_OFF, 1);
	log_error(&b->scene.c, "lost");
	log_line(&b->scene.c, LOG_LEVEL_OFF, "strange",
		 &(struct log_field){ .type = LOG_TYPE_END });
	assert_false(log_wants(b->scene.app.log, LOG_LEVEL_ERROR));
	finish(b);
	assert_string_equal(written(b), "");
}

static void no_log_is_silent(void **state)
{
	struct bench *b = *state;
	log_error(&b->scene.c, "nobody hears");
	b->scene.c.app = NULL;
	log_error(&b->scene.c, "nobody hears");
	assert_false(log_wants(NULL, LOG_LEVEL_ERROR));
}

static void warnings_come_after_what_was_before(void **state)
{
	struct bench *b = *state;
	start(b, LOG_LEVEL_DEBUG, 1);
	log_info(&b->scene.c, "before");
	log_warn(&b->scene.c, "now");
	assert_json_equal(written(b),
			  HEAD "'info','event':'before'}\n" HEAD "'warn','event':'now'}\n");
}

static void flush_writes_all(void **state)
{
	struct bench *b = *state;
	start(b, LOG_LEVEL_DEBUG, 1);
	log_flush(b->scene.app.log);
	log_debug(&b->scene.c, "one");
	log_flush(b->scene.app.log);
	assert_json_equal(written(b), HEAD "'debug','event':'one'}\n");
}

static void request_is_named(void **state)
{
	struct bench *b = *state;
	start(b, LOG_LEVEL_INFO, 0);
	b->scene.c.request_id = "r1";
	b->scene.c.operation = "posts.create";
	log_info(&b->scene.c, "post written", LOG_INT("post_id", 7), LOG_TEXT("none", NULL));
	finish(b);
	assert_json_equal(written(b), HEAD "'info','event':'post written','request_id':'r1',"
					   "'operation':'posts.create','post_id':7}\n");
}

static void console_into_a_file_has_no_colour(void **state)
{
	struct bench *b = *state;
	start(b, LOG_LEVEL_INFO, 2);
	log_info(&b->scene.c, "hello", LOG_TEXT("to", "you"));
	finish(b);
	assert_string_equal(written(b), "2026-01-02T03:04:05.678Z INFO  hello to=you\n");
}

/* Logs one warning to a terminal and reads what arrives there. */
static void on_terminal(struct bench *b, int64_t format, char *out, size_t room)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY);
	assert_true(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
	int terminal = open(ptsname(master), O_RDWR | O_NOCTTY);
	assert_true(terminal >= 0);
	struct log_options options = { .format = format };
	b->scene.app.log = log_new(&options, terminal);
	log_warn(&b->scene.c, "hello");
	finish(b);
	ssize_t len = read(master, out, room - 1);
	assert_true(len > 0);
	out[len] = '\0';
	close(terminal);
	close(master);
}

static void terminal_gets_colours(void **state)
{
	char text[256];
	unsetenv("NO_COLOR");
	on_terminal(*state, 0, text, sizeof(text));
	assert_true(str_starts(text, "2026-01-02T03:04:05.678Z \033[33mWARN\033[0m  hello"));
	setenv("NO_COLOR", "1", 1);
	on_terminal(*state, 0, text, sizeof(text));
	assert_true(str_starts(text, "2026-01-02T03:04:05.678Z WARN  hello"));
	unsetenv("NO_COLOR");
	on_terminal(*state, 1, text, sizeof(text));
	assert_true(str_starts(json_swap(text), HEAD "'warn'"));
}

static void failure_tells_its_cause(void **state)
{
	struct bench *b = *state;
	start(b, LOG_LEVEL_INFO, 1);
	enum app_err err = ctx_fail_cause(&b->scene.c, APP_INTERNAL, "disk\nis gone");
	int line = b->scene.c.failure.line;
	log_failure(&b->scene.c, LOG_LEVEL_ERROR, "request failed", err);
	char wanted[512];
	snprintf(wanted, sizeof(wanted),
		 HEAD "'error','event':'request failed','code':'internal_error',"
		      "'text':'Internal Server Error','cause':'disk\\nis gone',"
		      "'file':'%s','line':%d}\n",
		 __FILE__, line);
	assert_json_equal(written(b), wanted);
}

static void failure_without_record(void **state)
{
	struct bench *b = *state;
	start(b, LOG_LEVEL_INFO, 1);
	(void)!ctx_fail_cause(&b->scene.c, APP_INTERNAL, "another matter");
	log_failure(&b->scene.c, LOG_LEVEL_WARN, "refused", APP_CONFLICT);
	assert_json_equal(written(b), HEAD "'warn','event':'refused','code':'conflict',"
					   "'text':'Conflict'}\n");
}

static const struct option *option_of(const char *key)
{
	for (size_t i = 0; i < log_option_group.count; i++) {
		if (str_eq(log_option_group.options[i].key, key))
			return &log_option_group.options[i];
	}
	return NULL;
}

static void settings_match_the_enums(void **state)
{
	(void)state;
	assert_string_equal(log_option_group.section, "log");
	assert_int_equal(log_option_group.size, sizeof(struct log_options));
	assert_int_equal(log_option_group.count, 7);
	const struct option *level = option_of("level");
	assert_string_equal(level->choices[LOG_LEVEL_DEBUG], "debug");
	assert_string_equal(level->choices[LOG_LEVEL_INFO], "info");
	assert_string_equal(level->choices[LOG_LEVEL_WARN], "warn");
	assert_string_equal(level->choices[LOG_LEVEL_ERROR], "error");
	assert_string_equal(level->choices[LOG_LEVEL_OFF], "off");
	assert_null(level->choices[LOG_LEVEL_OFF + 1]);
	assert_string_equal(level->preset, "info");
	assert_string_equal(option_of("format")->choices[0], "auto");
	assert_string_equal(option_of("format")->choices[1], "json");
	assert_string_equal(option_of("format")->choices[2], "console");
	assert_string_equal(option_of("access")->preset, "true");
	assert_string_equal(option_of("file")->preset, "");
	assert_string_equal(option_of("keep")->preset, "7");
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		BENCH_ROW("lines below the level are not written", levels_are_filtered),
		BENCH_ROW("level off writes nothing", off_writes_nothing),
		BENCH_ROW("without a log there is silence", no_log_is_silent),
		BENCH_ROW("a warning comes behind what was logged before it",
			  warnings_come_after_what_was_before),
		BENCH_ROW("flush writes what is buffered", flush_writes_all),
		BENCH_ROW("a line in a request names it", request_is_named),
		BENCH_ROW("console form into a file has no colour",
			  console_into_a_file_has_no_colour),
		BENCH_ROW("a terminal gets colours unless NO_COLOR is set", terminal_gets_colours),
		BENCH_ROW("a failure tells cause, file and line", failure_tells_its_cause),
		BENCH_ROW("an error that was not recorded has its default text",
			  failure_without_record),
		ROW("the settings match the enums", settings_match_the_enums),
	};
	return rows_run("core/log", rows, COUNT_OF(rows));
}
