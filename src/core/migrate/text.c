/* The text of a migration file: its checksum and its two parts. Touches no database. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "internal.h"

#define MARK_UP "-- migrate:up"
#define MARK_DOWN "-- migrate:down"

void migration_checksum(const char *sql, char out[MIGRATION_CHECKSUM_ROOM])
{
	uint64_t hash = 0xcbf29ce484222325u;
	for (; *sql; sql++) {
		if (sql[0] == '\r' && sql[1] == '\n')
			continue;
		hash = (hash ^ (unsigned char)*sql) * 0x100000001b3u;
	}
	snprintf(out, MIGRATION_CHECKSUM_ROOM, "%016" PRIx64, hash);
}

static bool is_mark(const char *line, const char *mark)
{
	if (!str_starts(line, mark))
		return false;
	line += strlen(mark);
	while (*line == ' ' || *line == '\t' || *line == '\r')
		line++;
	return !*line || *line == '\n';
}

bool migration_is_keys_last(const char *line)
{
	return is_mark(line, MIGRATION_KEYS_LAST);
}

/*
 * Only comments and empty lines may stand before the first mark: a statement there would never run.
 */
static bool is_idle_line(const char *line)
{
	while (*line == ' ' || *line == '\t' || *line == '\r')
		line++;
	return !*line || *line == '\n' || str_starts(line, "--");
}

static const char *line_next(const char *line)
{
	const char *end = strchr(line, '\n');
	return end ? end + 1 : line + strlen(line);
}

/* A step of ours is a comment to SQL. */
static bool part_is_idle(const struct migration_part *part)
{
	const char *end = part->sql + part->len;
	for (const char *line = part->sql; line < end; line = line_next(line))
		if (!is_idle_line(line) ||
		    (str_starts(line, MIGRATION_STEP) && !migration_is_keys_last(line)))
			return false;
	return true;
}

static enum app_err fail_layout(struct ctx *c, const struct migration *m, int line, const char *why)
{
	return ctx_fail_cause(c, APP_INTERNAL, "%s, line %d: %s",
			      migration_file(c, m->number, m->name), line, why);
}

/* What the lines of a text have shown so far. */
struct reading {
	struct ctx *c;
	const struct migration *m;
	struct migration_text text;
	/* the one that lines belong to, or NULL */
	struct migration_part *part;
};

static void part_close(struct reading *r, const char *end)
{
	if (r->part)
		r->part->len = (size_t)(end - r->part->sql);
}

static enum app_err take_mark(struct reading *r, const char *line, int number, bool is_down)
{
	if (is_down ? !r->part || r->text.has_down : r->part != NULL)
		return fail_layout(r->c, r->m, number,
				   "there is one '" MARK_UP "', then at most one '" MARK_DOWN "'");
	part_close(r, line);
	r->part = is_down ? &r->text.down : &r->text.up;
	*r->part = (struct migration_part){ .sql = line_next(line), .line = number + 1 };
	r->text.has_down = is_down;
	return APP_OK;
}

static enum app_err take_line(struct reading *r, const char *line, int number)
{
	struct migration_fold fold;
	bool is_down = is_mark(line, MARK_DOWN);
	if (is_down || is_mark(line, MARK_UP))
		return take_mark(r, line, number, is_down);
	if (migration_is_keys_last(line)) {
		if (!r->part)
			return fail_layout(r->c, r->m, number, "steps stand behind '" MARK_UP "'");
		r->part->keys_last = true;
		return APP_OK;
	}
	if (str_starts(line, MIGRATION_STEP) &&
	    migration_fold_read(r->c, r->m, line, number, &fold))
		return APP_INTERNAL;
	if (!r->part && !is_idle_line(line))
		return fail_layout(r->c, r->m, number, "SQL begins after a line '" MARK_UP "'");
	return APP_OK;
}

enum app_err migration_split(struct ctx *c, const struct migration *m, struct migration_text *ret)
{
	struct reading r = { .c = c, .m = m };
	const char *line = m->sql;
	enum app_err err = APP_OK;
	int number = 1;
	for (; !err && *line; line = line_next(line), number++)
		err = take_line(&r, line, number);
	if (err)
		return err;
	if (!r.part)
		return fail_layout(c, m, number, "there is no line '" MARK_UP "'");
	part_close(&r, line);
	if (part_is_idle(&r.text.up))
		return fail_layout(c, m, r.text.up.line - 1,
				   "nothing stands behind '" MARK_UP
				   "': the migration would count as applied and have done nothing");
	*ret = r.text;
	return APP_OK;
}
