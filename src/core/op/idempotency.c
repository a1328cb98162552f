/*
 * Commands with a key: the row of the key is claimed first, in the write of the command, and takes
 * its answer last. So there is a row if and only if the command was done; and of several at once
 * the others wait for the first, or find its row.
 */
#include "core/idempotency.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "core/app.h"
#include "core/config.h"
#include "internal.h"

OPTION_GROUP(
	idempotency_option_group, "idempotency", struct idempotency_options,
	"Changes that are asked for with an Idempotency-Key.",
	OPTION(struct idempotency_options, keep_minutes, .preset = "1d", .min = 1, .max = 43200,
	       .unit = UNIT_MINUTES,
	       .doc = "How long the answer of a change is kept for who asks for it again with "
		      "the same key."),
	OPTION(struct idempotency_options, account_answers, .preset = "100000", .max = 1000000,
	       .doc = "How many answers one account may have kept in that time, before its keys "
		      "are refused until some of it has passed; 0 means as many as it likes."),
	OPTION(struct idempotency_options, account_bytes, .preset = "64MiB",
	       .max = INT64_C(1) << 40, .unit = UNIT_BYTES,
	       .doc = "How many bytes they may take; 0 means as many as they like."));

bool idempotency_takes_key(const struct operation *op)
{
	return op->kind == COMMAND && op->access != ACCESS_PUBLIC && !op->gives_secret;
}

/* ---- what is asked for ---- */

/* Secrets are in it, too: another password is another input. A hash without a key would tell. */
static void hash_input(struct op_call *call)
{
	AUTO(buf) text = { 0 };
	unsigned char mac[SIGNATURE_BYTES];
	const char *name = call->op->name;
	buf_add(&text, name, strlen(name) + 1);
	if (call->op->in)
		schema_render_whole(call->op->in, call->in, &text);
	security_sign(call->c->app->security, "idempotency", text.data, text.len, mac);
	str_hex(mac, sizeof(mac), call->once->input_hash);
}

void op_once_begin(struct op_call *call)
{
	const struct ctx *c = call->c;
	struct idempotency_once *once = call->once;
	hash_input(call);
	once->at_us = ctx_now(c).us;
	once->oldest_us = once->at_us - op_once_kept_us(c);
}

/* ---- its row ---- */

/* One that counts no more is as good as none. */
static const char SQL_CLAIM[] =
	"INSERT INTO idempotency (user_id, key, input_hash, at) VALUES ($1, $2, $3, $4)"
	" ON CONFLICT (user_id, key) DO UPDATE SET input_hash = excluded.input_hash,"
	" at = excluded.at, status = NULL, location = NULL, etag = NULL, body = NULL"
	" WHERE idempotency.at <= $5";
static const char SQL_FIND[] = "SELECT input_hash, status, location, etag, body FROM idempotency"
			       " WHERE user_id = $1 AND key = $2 AND at > $3";
static const char SQL_KEEP[] =
	"UPDATE idempotency SET status = $3, location = $4, etag = $5, body = $6"
	" WHERE user_id = $1 AND key = $2";
static const char SQL_FORGET[] = "DELETE FROM idempotency WHERE user_id = $1 AND key = $2";

static const char *text_copy(struct ctx *c, const struct db_rows *rows, int column, size_t *ret_len)
{
	const char *text = db_column_text(rows, column, ret_len);
	return text ? arena_strndup(c->arena, text, *ret_len) : NULL;
}

static enum app_err fail_other_input(struct ctx *c)
{
	enum app_err err = schema_fault(c, "header", "idempotency-key",
					"this key came with another request; take a new one");
	c->failure.code = "idempotency_key_reused";
	return err;
}

/* The answer in the row, if it is this call's and was kept. */
static enum app_err answer_read(struct op_call *call, const struct db_rows *rows)
{
	struct ctx *c = call->c;
	struct idempotency_once *once = call->once;
	struct idempotency_answer *answer = &once->answer;
	size_t len = 0;
	if (!str_eq(db_column_text(rows, 0, NULL), once->input_hash))
		return fail_other_input(c);
	answer->status = (int)db_column_int(rows, 1);
	answer->location = text_copy(c, rows, 2, &len);
	answer->etag = text_copy(c, rows, 3, &len);
	answer->body = text_copy(c, rows, 4, &answer->len);
	once->is_repeated = true;
	if (answer->body || answer->status == 204 || !call->op->out)
		return APP_OK;
	return ctx_fail_code(c, APP_CONFLICT, "answer_not_kept",
			     "This was done before, and its answer was too large to be kept: read "
			     "what came of it");
}

/* `is_repeated` stays false when there is none. */
static enum app_err row_find(struct op_call *call)
{
	AUTO(db_rows) rows = { 0 };
	struct ctx *c = call->c;
	const struct idempotency_once *once = call->once;
	bool has_row;
	enum app_err err = db_query_first(
		c, SQL_FIND, BIND(c->actor.user_id, once->key, once->oldest_us), &rows, &has_row);
	return err || !has_row ? err : answer_read(call, &rows);
}

static enum app_err row_claim(struct op_call *call, bool *ret_claimed)
{
	struct ctx *c = call->c;
	const struct idempotency_once *once = call->once;
	const char *hash = once->input_hash;
	int64_t changed = 0;
	enum app_err err = db_exec(
		c, SQL_CLAIM, BIND(c->actor.user_id, once->key, hash, once->at_us, once->oldest_us),
		&changed);
	*ret_claimed = changed > 0;
	return err;
}

/* What is done and yet told as no success (see .other_status) is for the client to ask again. */
static enum app_err row_keep(struct op_call *call)
{
	struct ctx *c = call->c;
	const struct idempotency_once *once = call->once;
	const struct idempotency_answer *answer = &once->answer;
	if (answer->status >= 300)
		return db_exec(c, SQL_FORGET, BIND(c->actor.user_id, once->key), NULL);
	op_once_take(call);
	return db_exec(c, SQL_KEEP,
		       BIND(c->actor.user_id, once->key, answer->status, answer->location,
			    answer->etag, answer->body),
		       NULL);
}

/* ---- the call ---- */

enum app_err op_once_look(struct op_call *call)
{
	struct ctx *c = call->c;
	bool before = c->reads_primary;
	c->reads_primary = true;
	enum app_err err = row_find(call);
	c->reads_primary = before;
	return err || call->once->is_repeated ? err : op_once_room(c);
}

static enum app_err command_run(struct op_call *call)
{
	struct idempotency_once *once = call->once;
	enum app_err err = op_once_room(call->c);
	if (!err)
		err = op_command(call->c, call->op, call->in, call->out);
	if (!err)
		err = once->answers(call, &once->answer);
	if (!err && once->answer.len > IDEMPOTENCY_BODY_MAX)
		once->answer.body = NULL;
	return err ? err : row_keep(call);
}

enum app_err op_once_run(struct op_call *call)
{
	bool is_claimed;
	call->once->is_repeated = false;
	call->once->answer = (struct idempotency_answer){ 0 };
	enum app_err err = row_claim(call, &is_claimed);
	if (err)
		return err;
	return is_claimed ? command_run(call) : row_find(call);
}
