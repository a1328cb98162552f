/*
 * Fuzz target of patterns of ECMA-262, as field tables have them: a pattern in the first line, a
 * text in the others. One that is taken is taken in a group, too, and then finds the same; what it
 * is translated to is ASCII; and a text whose every character is written as an escape matches
 * itself and nothing longer.
 */
#include "fuzz/target.h"

#include <pthread.h>

#include "base/buf.h"
#include "base/str.h"
#include "core/schema/format/ecma.h"
#include "core/schema/format/pattern.h"

struct task {
	char *pattern, *text;
};

static void check_translation(const char *pattern)
{
	AUTO(buf) out = { 0 };
	struct ecma_fault fault = { 0 };
	if (!ecma_translate(pattern, &out, &fault)) {
		assert(fault.why && fault.at <= strlen(pattern));
		return;
	}
	for (size_t i = 0; i < out.len; i++)
		assert(out.data[i] >= ' ' && out.data[i] < 127);
}

/*
 * What cannot come near the limit on steps, at which a match counts as none and one step more or
 * less tells.
 */
static bool is_quick(const char *pattern, const char *text)
{
	int repeats = 0;
	for (const char *at = pattern; *at; at++)
		repeats += strchr("*+?", *at) ? 1 : *at == '{' ? 3 : 0;
	return repeats <= 2 && strlen(text) <= 16 && strlen(pattern) <= 64;
}

static void check_group(struct arena *arena, const char *pattern, const char *text)
{
	const char *group = arena_printf(arena, "(?:%s)", pattern);
	const char *either = arena_printf(arena, "(?:%s)|(?:%s)", pattern, "[]");
	if (pattern_fault(arena, pattern))
		return;
	bool matches = pattern_matches(pattern, text, strlen(text));
	if (!is_quick(pattern, text))
		return;
	/* at the edge of how deep groups may be, or how long a pattern, one more is too much */
	if (!pattern_fault(arena, group))
		assert(pattern_matches(group, text, strlen(text)) == matches);
	if (!pattern_fault(arena, either))
		assert(pattern_matches(either, text, strlen(text)) == matches);
}

static void check_escaped(struct arena *arena, const char *text)
{
	struct buf pattern;
	size_t len = strlen(text), step;
	uint32_t code_point;
	buf_init(&pattern, arena);
	buf_add_char(&pattern, '^');
	for (size_t at = 0; at < len; at += step) {
		step = str_utf8_next(text + at, len - at, &code_point);
		buf_printf(&pattern, at % 2 ? "\\u{%x}" : "[\\u{%x}]", (unsigned)code_point);
	}
	buf_add_char(&pattern, '$');
	assert(!pattern_fault(arena, buf_text(&pattern)));
	assert(pattern_matches(buf_text(&pattern), text, len));
	const char *longer = arena_printf(arena, "%s\n", text);
	assert(!pattern_matches(buf_text(&pattern), longer, len + 1));
}

/* On a thread of its own: with it goes what it has compiled. */
static void *check(void *at)
{
	AUTO(arena) arena = { 0 };
	const struct task *task = at;
	check_translation(task->pattern);
	if (!str_is_utf8(task->text, strlen(task->text)))
		return NULL;
	check_group(&arena, task->pattern, task->text);
	if (strlen(task->text) <= 100)
		check_escaped(&arena, task->text);
	return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > 1000)
		return 0;
	char *text = fuzz_text(data, size), *rest = text;
	struct task task = { .pattern = fuzz_line(&rest) };
	task.text = rest ? rest : text + strlen(text);
	pthread_t thread;
	assert(!pthread_create(&thread, NULL, check, &task));
	pthread_join(thread, NULL);
	free(text);
	return 0;
}
