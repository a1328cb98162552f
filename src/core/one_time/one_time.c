/* The table one_time_tokens: each step is one statement, so that of two at once one wins. */
#include "core/one_time.h"

#include <string.h>

#include "base/random.h"
#include "base/str.h"
#include "core/db.h"
#include "core/digest.h"

enum { PURGED_AT_ONCE = 100 };

static const char SQL_PURGE[] =
	"DELETE FROM one_time_tokens WHERE hash IN"
	" (SELECT hash FROM one_time_tokens WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)";

static const char SQL_MAKE[] =
	"INSERT INTO one_time_tokens (hash, purpose, subject, user_id, data, tries, created_at,"
	" expires_at) VALUES ($1, $2, $3, $4, $5, 0, $6, $7)"
	" ON CONFLICT (purpose, subject) DO UPDATE SET hash = excluded.hash,"
	" user_id = excluded.user_id, data = excluded.data, tries = 0, used_at = NULL,"
	" created_at = excluded.created_at, expires_at = excluded.expires_at"
	" WHERE one_time_tokens.used_at IS NOT NULL OR one_time_tokens.created_at <= $8";

#define GOOD \
	" WHERE hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3" \
	" AND tries < $4"
#define GIVES " RETURNING subject, user_id, data"

static const char SQL_LOOK[] = "UPDATE one_time_tokens SET tries = tries + 1" GOOD GIVES;
/* The try that looked at it last may use it. */
static const char SQL_USE[] = "UPDATE one_time_tokens SET used_at = $3" GOOD GIVES;

static const char SQL_FIND[] =
	"SELECT subject, user_id, data FROM one_time_tokens WHERE purpose = $1 AND subject = $2"
	" AND used_at IS NULL AND expires_at > $3";

enum app_err one_time_make(struct ctx *c, const struct one_time *what, int64_t lifetime_s,
			   int64_t pause_s, char ret[ONE_TIME_ROOM], bool *ret_made)
{
	unsigned char bytes[ONE_TIME_BYTES], hash[DIGEST_BYTES];
	int64_t now_us = ctx_now(c).us, made = 0;
	random_bytes(bytes, sizeof(bytes));
	digest_bytes(bytes, sizeof(bytes), hash);
	enum app_err err = db_exec(c, SQL_PURGE, BIND(now_us, PURGED_AT_ONCE), NULL);
	if (!err)
		err = db_exec(c, SQL_MAKE,
			      BIND(db_bind_bytes(hash, DIGEST_BYTES), what->purpose, what->subject,
				   what->user_id ? db_bind_int(what->user_id) : DB_NONE, what->data,
				   now_us, now_us + SECONDS_US(lifetime_s),
				   now_us - SECONDS_US(pause_s)),
			      &made);
	if (err)
		return err;
	str_base64url(bytes, sizeof(bytes), ret);
	*ret_made = made > 0;
	return APP_OK;
}

enum app_err one_time_refuse(struct ctx *c)
{
	ctx_recover(c);
	return ctx_fail_code(c, APP_BAD_REQUEST, "token_not_good",
			     "This token is not good, or not any more: ask for a new letter");
}

static const char *kept(struct ctx *c, const struct db_rows *rows, int column)
{
	const char *text = db_column_text(rows, column, NULL);
	return text ? arena_strdup(c->arena, text) : NULL;
}

static struct one_time read_row(struct ctx *c, const char *purpose, const struct db_rows *rows)
{
	return (struct one_time){ .purpose = purpose,
				  .subject = kept(c, rows, 0),
				  .user_id = db_column_int(rows, 1),
				  .data = kept(c, rows, 2) };
}

static enum app_err take(struct ctx *c, const char *sql, int64_t tries_most, const char *purpose,
			 const char *text, struct one_time *ret)
{
	unsigned char bytes[ONE_TIME_BYTES], hash[DIGEST_BYTES];
	size_t len;
	if (!str_base64url_decode(text, strlen(text), bytes, sizeof(bytes), &len) ||
	    len != sizeof(bytes))
		return one_time_refuse(c);
	digest_bytes(bytes, sizeof(bytes), hash);
	AUTO(db_rows) rows = { 0 };
	bool has_row = false;
	enum app_err err = db_query_first(
		c, sql, BIND(db_bind_bytes(hash, DIGEST_BYTES), purpose, ctx_now(c).us, tries_most),
		&rows, &has_row);
	if (err)
		return err;
	if (!has_row)
		return one_time_refuse(c);
	*ret = read_row(c, purpose, &rows);
	return APP_OK;
}

enum app_err one_time_look(struct ctx *c, const char *purpose, const char *text,
			   struct one_time *ret)
{
	return take(c, SQL_LOOK, ONE_TIME_TRIES_MAX, purpose, text, ret);
}

enum app_err one_time_use(struct ctx *c, const char *purpose, const char *text,
			  struct one_time *ret)
{
	return take(c, SQL_USE, ONE_TIME_TRIES_MAX + 1, purpose, text, ret);
}

enum app_err one_time_find(struct ctx *c, const char *purpose, const char *subject,
			   struct one_time *ret, bool *ret_there)
{
	AUTO(db_rows) rows = { 0 };
	enum app_err err = db_query_first(c, SQL_FIND, BIND(purpose, subject, ctx_now(c).us), &rows,
					  ret_there);
	if (!err && *ret_there)
		*ret = read_row(c, purpose, &rows);
	return err;
}
