/*
 * The tables of second factors: what devices make codes of, and codes on paper. Each is taken by
 * one statement, so that of two who bring the same code at once one is let in.
 */
#include <string.h>

#include "core/app.h"
#include "core/db.h"
#include "core/digest.h"
#include "core/log.h"
#include "core/model.h"
#include "factor.h"

static const char SQL_BEGIN[] =
	"INSERT INTO second_factors (user_id, secret, created_at) VALUES ($1, $2, $3)"
	" ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, last_step = 0,"
	" created_at = excluded.created_at WHERE second_factors.confirmed_at IS NULL";
static const char SQL_FIND[] = "SELECT secret FROM second_factors WHERE user_id = $1"
			       " AND (confirmed_at IS NOT NULL) = $2";
static const char SQL_TAKE[] = "UPDATE second_factors SET last_step = $2"
			       " WHERE user_id = $1 AND last_step < $2";
static const char SQL_CONFIRM[] = "UPDATE second_factors SET confirmed_at = $2"
				  " WHERE user_id = $1 AND confirmed_at IS NULL";
static const char SQL_TAKE_PAPER[] = "UPDATE recovery_codes SET used_at = $3"
				     " WHERE user_id = $1 AND hash = $2 AND used_at IS NULL";
static const char SQL_FORGET_PAPER[] = "DELETE FROM recovery_codes WHERE user_id = $1";
static const char SQL_ADD_PAPER[] = "INSERT INTO recovery_codes (user_id, hash) VALUES ($1, $2)";
static const char SQL_END[] = "DELETE FROM second_factors WHERE user_id = $1";
static const char SQL_LOOK[] =
	"SELECT coalesce((SELECT confirmed_at FROM second_factors WHERE user_id = $1), 0),"
	" (SELECT count(*) FROM recovery_codes WHERE user_id = $1 AND used_at IS NULL)";

enum app_err factor_look(struct ctx *c, int64_t user_id, struct auth_factor *ret)
{
	AUTO(db_rows) rows = { 0 };
	bool has_row = false;
	const bool before = c->reads_primary;
	c->reads_primary = true;
	enum app_err err = db_query_first(c, SQL_LOOK, BIND(user_id), &rows, &has_row);
	c->reads_primary = before;
	if (err)
		return err;
	*ret = (struct auth_factor){ 0 };
	ret->confirmed_at.is = IS_NULL;
	if (!has_row || !db_column_int(&rows, 0))
		return APP_OK;
	ret->is_on = true;
	ret->confirmed_at.is = GIVEN;
	ret->confirmed_at.value.us = db_column_int(&rows, 0);
	ret->recovery_codes_left = db_column_int(&rows, 1);
	return APP_OK;
}

enum app_err factor_begin(struct ctx *c, int64_t user_id, const struct totp_secret *secret)
{
	char sealed[TOTP_SEALED_ROOM];
	int64_t changed = 0;
	totp_close(c->app->security, user_id, secret, sealed);
	enum app_err err = db_exec(c, SQL_BEGIN, BIND(user_id, (const char *)sealed, ctx_now(c)),
				   &changed);
	if (err)
		return err;
	ctx_touch(c, "second_factors", user_id);
	return changed ? APP_OK
		       : ctx_fail(c, APP_CONFLICT,
				  "A second factor is on already: turn it off first");
}

/* ---- taking codes ---- */

/* *ret_step: the step of the code, or 0. */
static enum app_err find_step(struct ctx *c, int64_t user_id, bool is_on, const char *code,
			      int64_t *ret_step)
{
	AUTO(db_rows) rows = { 0 };
	bool has_row = false;
	struct totp_secret secret;
	enum app_err err = db_query_first(c, SQL_FIND, BIND(user_id, is_on), &rows, &has_row);
	*ret_step = 0;
	if (err || !has_row)
		return err;
	if (totp_open(c->app->security, user_id, db_column_text(&rows, 0, NULL), &secret))
		*ret_step = totp_step(&secret, code, ctx_now_s(c));
	else
		log_error(c,
			  "a second factor was sealed with another auth.secret: its owner needs a "
			  "recovery code, or to have it ended",
			  LOG_INT("user_id", user_id));
	explicit_bzero(&secret, sizeof(secret));
	return APP_OK;
}

static enum app_err take_device(struct ctx *c, int64_t user_id, bool is_on, const char *code,
				bool *ret_taken)
{
	int64_t step, changed = 0;
	enum app_err err = find_step(c, user_id, is_on, code, &step);
	if (!err && step)
		err = db_exec(c, SQL_TAKE, BIND(user_id, step), &changed);
	*ret_taken = changed > 0;
	return err;
}

static struct db_value hash_of(const char *code, unsigned char hash[DIGEST_BYTES])
{
	digest_bytes(code, strlen(code), hash);
	return db_bind_bytes(hash, DIGEST_BYTES);
}

static enum app_err take_paper(struct ctx *c, int64_t user_id, const char *code, bool *ret_taken)
{
	unsigned char hash[DIGEST_BYTES];
	int64_t changed = 0;
	enum app_err err = db_exec(c, SQL_TAKE_PAPER,
				   BIND(user_id, hash_of(code, hash), ctx_now(c)), &changed);
	*ret_taken = changed > 0;
	return !err && changed ? factor_tell(c, user_id, FACTOR_PAPER_USED) : err;
}

enum app_err factor_take(struct ctx *c, int64_t user_id, const char *text)
{
	char code[TOTP_PAPER_LEN + 1];
	bool is_taken = false;
	enum app_err err = APP_OK;
	switch (totp_typed(text, code)) {
	case TOTP_DEVICE: err = take_device(c, user_id, true, code, &is_taken); break;
	case TOTP_PAPER: err = take_paper(c, user_id, code, &is_taken); break;
	case TOTP_NEITHER: break;
	}
	if (err || is_taken)
		return err;
	return ctx_fail_code(c, APP_UNAUTHENTICATED, FACTOR_WRONG_SLUG, FACTOR_WRONG_CODE);
}

enum app_err factor_confirm(struct ctx *c, int64_t user_id, const char *text)
{
	char code[TOTP_PAPER_LEN + 1];
	bool is_taken = false;
	enum app_err err = APP_OK;
	if (totp_typed(text, code) == TOTP_DEVICE)
		err = take_device(c, user_id, false, code, &is_taken);
	if (!err && is_taken)
		err = db_exec(c, SQL_CONFIRM, BIND(user_id, ctx_now(c)), NULL);
	if (err)
		return err;
	ctx_touch(c, "second_factors", user_id);
	return is_taken ? APP_OK
			: ctx_fail_code(c, APP_FORBIDDEN, FACTOR_WRONG_SLUG, FACTOR_WRONG_CODE);
}

/* ---- on paper ---- */

enum app_err factor_print(struct ctx *c, int64_t user_id, struct auth_recovery_codes *ret)
{
	const char **codes = arena_zero(c->arena, FACTOR_PAPERS * sizeof(*codes));
	enum app_err err = db_exec(c, SQL_FORGET_PAPER, BIND(user_id), NULL);
	for (size_t i = 0; !err && i < FACTOR_PAPERS; i++) {
		char *text = arena_raw(c->arena, TOTP_PAPER_ROOM), code[TOTP_PAPER_LEN + 1];
		unsigned char hash[DIGEST_BYTES];
		totp_draw_paper(text);
		codes[i] = text;
		/* as it is read when it is typed */
		if (totp_typed(text, code) != TOTP_PAPER)
			return ctx_fail_cause(c, APP_INTERNAL, "a code was drawn that is none");
		err = db_exec(c, SQL_ADD_PAPER, BIND(user_id, hash_of(code, hash)), NULL);
	}
	ret->recovery_codes = (struct array){ .items = codes, .count = FACTOR_PAPERS };
	return err;
}

enum app_err factor_end(struct ctx *c, int64_t user_id, bool *ret_was_on)
{
	int64_t changed = 0;
	enum app_err err = db_exec(c, SQL_FORGET_PAPER, BIND(user_id), NULL);
	if (!err)
		err = db_exec(c, SQL_END, BIND(user_id), &changed);
	if (err)
		return err;
	ctx_touch(c, "second_factors", user_id);
	*ret_was_on = changed > 0;
	return APP_OK;
}
