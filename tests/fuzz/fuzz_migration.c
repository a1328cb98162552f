/*
 * Fuzz target of migration files: a second walk over the lines says which parts there are. Other
 * ends of line make neither another file nor another checksum.
 */
#include "fuzz/target.h"

#include "base/str.h"
#include "core/migrate/internal.h"

enum line { OTHER, IDLE, UP, DOWN, STEP };

static enum line kind_of(const char *line, size_t len)
{
	char *copy = strndup(line, len);
	for (size_t end = strlen(copy); end && strchr(" \t\r", copy[end - 1]);)
		copy[--end] = '\0';
	const char *text = copy + strspn(copy, " \t\r");
	enum line kind = !*text || str_starts(text, "--") ? IDLE : OTHER;
	if (str_eq(copy, "-- migrate:up"))
		kind = UP;
	else if (str_eq(copy, "-- migrate:down"))
		kind = DOWN;
	else if (str_starts(line, "-- migrate:"))
		kind = STEP;
	free(copy);
	return kind;
}

struct seen {
	size_t up_at, up_end, down_at;
	int ups, downs, statements; /* statements: lines of the up part that are not idle */
	bool is_wrong, has_steps;
};

static struct seen look(const char *sql, size_t len)
{
	struct seen seen = { 0 };
	for (size_t at = 0, step; at < len; at += step) {
		const char *end = memchr(sql + at, '\n', len - at);
		size_t line_len = end ? (size_t)(end - sql) - at : len - at;
		enum line kind = kind_of(sql + at, line_len);
		step = line_len + (end != NULL);
		seen.ups += kind == UP;
		seen.downs += kind == DOWN;
		seen.has_steps |= kind == STEP;
		seen.is_wrong |= (kind == UP && seen.ups > 1) ||
				 (kind == DOWN && (seen.downs > 1 || !seen.ups)) ||
				 (kind == OTHER && !seen.ups);
		if (kind == UP)
			seen.up_at = at + step;
		if (kind == DOWN) {
			seen.up_end = at;
			seen.down_at = at + step;
		}
		seen.statements += kind == OTHER && !seen.downs;
	}
	seen.up_end = seen.downs ? seen.up_end : len;
	seen.is_wrong |= !seen.ups || !seen.statements;
	return seen;
}

static void check_parts(const char *sql, const struct migration_text *text)
{
	struct seen seen = look(sql, strlen(sql));
	assert(text->up.sql == sql + seen.up_at && text->up.len == seen.up_end - seen.up_at);
	assert(text->has_down == (seen.downs == 1));
	if (text->has_down)
		assert(text->down.sql == sql + seen.down_at &&
		       text->down.len == strlen(sql) - seen.down_at);
}

static char *with_crlf(const char *sql)
{
	char *text = NULL;
	size_t room;
	FILE *out = open_memstream(&text, &room);
	for (; *sql; sql++)
		fprintf(out, *sql == '\n' ? "\r\n" : "%c", *sql);
	fclose(out);
	return text;
}

static void check_ends(struct ctx *c, const struct migration *m, enum app_err err)
{
	char here[MIGRATION_CHECKSUM_ROOM], there[MIGRATION_CHECKSUM_ROOM];
	char *crlf = with_crlf(m->sql);
	struct migration other = { .number = m->number, .name = m->name, .sql = crlf };
	struct migration_text text;
	ctx_recover(c);
	if (!strchr(m->sql, '\r')) {
		migration_checksum(m->sql, here);
		migration_checksum(crlf, there);
		assert(str_eq(here, there) && migration_split(c, &other, &text) == err);
	}
	free(crlf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(arena) arena = { 0 };
	struct ctx c;
	ctx_init(&c, NULL, &arena);
	char *sql = fuzz_text(data, size);
	const struct migration m = { .number = 7, .name = "fuzz", .sql = sql };
	struct seen seen = look(sql, strlen(sql));
	struct migration_text text;
	enum app_err err = migration_split(&c, &m, &text);
	if (err)
		assert(str_starts(c.failure.cause, "0007_fuzz.sql, line "));
	else
		check_parts(sql, &text);
	if (!seen.has_steps)
		assert(!err == !seen.is_wrong);
	check_ends(&c, &m, err);
	free(sql);
	return 0;
}
