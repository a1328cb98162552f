/*
 * Rows since a moment, without an index of moments: ids grow with time, so the first is looked for
 * by halves, with a few look-ups by id.
 */
#include "internal.h"

enum {
	/* Between two rows whose ids are in one order and whose times in the other. */
	SLACK_S = 60,
};

static const char SQL_LAST[] = "SELECT max(id) FROM audit";
static const char SQL_NEXT[] = "SELECT id, at FROM audit WHERE id >= $1 ORDER BY id LIMIT 1";

/* The first row from the id on; *ret_id is 0 when there is none. */
static enum app_err next_row(struct ctx *c, int64_t from, int64_t *ret_id, int64_t *ret_at)
{
	AUTO(db_rows) rows = { 0 };
	bool has_row = false;
	enum app_err err = db_query_first(c, SQL_NEXT, BIND(from), &rows, &has_row);
	if (err)
		return err;
	*ret_id = has_row ? db_column_int(&rows, 0) : 0;
	*ret_at = has_row ? db_column_int(&rows, 1) : 0;
	return APP_OK;
}

enum app_err audit_first_since(struct ctx *c, struct instant since, int64_t *ret_id)
{
	int64_t low = 0, last = 0, at_us = 0, at = since.us - SECONDS_US(SLACK_S);
	enum app_err err = next_row(c, INT64_MIN, &low, &at_us);
	if (!err)
		err = db_query_int(c, SQL_LAST, BIND(), &last);
	/* all before `low` are too old, none from `high` on is */
	int64_t high = last + 1;
	while (!err && low < high) {
		int64_t middle = low + (high - low) / 2, id = 0;
		err = next_row(c, middle, &id, &at_us);
		if (id && id < high && at_us < at)
			low = id + 1;
		else
			high = middle;
	}
	if (!err)
		*ret_id = low;
	return err;
}
