/*
 * The keys that sign access tokens: the table they are kept in, and the operations that list them
 * and add one. What a key is and how it is sealed is core/keyring.h's.
 */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "core/app.h"
#include "core/db.h"
#include "core/db_signal.h"
#include "core/log.h"
#include "core/security.h"
#include "internal.h"
#include "signing.h"

_Static_assert(KEY_TOKENS_LIVE_S >= ACCESS_MINUTES_MAX * 60,
	       "what a retired key signed is taken for as long as it lives");

/*
 * From a key's row to its first signature: all processes have it by then, and take its tokens. One
 * that missed the signal looks every few seconds. Services that keep our public keys have it, too.
 */
enum { LEAD_S = 10, PUBLIC_LEAD_S = 2 * JWKS_KEPT_S };

static int64_t lead_s(const struct ctx *c)
{
	const struct security_options *options = config_group(c->app->config,
							      &security_option_group);
	return options->signing == SIGNING_EDDSA ? PUBLIC_LEAD_S : LEAD_S;
}

/* ---- the table ---- */

static void read_text(const struct db_rows *rows, int column, char *ret, size_t room)
{
	size_t len = 0;
	const char *text = db_column_text(rows, column, &len);
	/* one that is too long cannot be opened any more, and is refused by that */
	memcpy(ret, text ? text : "", len < room ? len : room - 1);
}

enum app_err auth_keys_read(struct ctx *c, struct auth_kept *ret)
{
	static const char sql[] = "SELECT kid, sealed, signs_from FROM auth_keys"
				  " ORDER BY signs_from, id LIMIT $1";
	AUTO(db_rows) rows = { 0 };
	bool has_row = false;
	memset(ret, 0, sizeof(*ret));
	enum app_err err = db_query(c, sql, BIND(KEYRING_MOST + 1), &rows);
	while (!err && !(err = db_rows_next(&rows, &has_row)) && has_row) {
		struct kept_key *key = &ret->keys[ret->count++];
		read_text(&rows, 0, key->id, sizeof(key->id));
		read_text(&rows, 1, key->sealed, sizeof(key->sealed));
		key->signs_from = db_column_int(&rows, 2) / SECONDS_US(1);
	}
	return err;
}

/* The next number, so that of two that add one at the same moment one fails. */
static enum app_err add_row(struct ctx *c, const struct kept_key *key)
{
	static const char sql[] = "INSERT INTO auth_keys (id, kid, sealed, signs_from, created_at)"
				  " SELECT coalesce(max(id), 0) + 1, $1, $2, $3, $4 FROM auth_keys";
	return db_exec(c, sql,
		       BIND(key->id, *key->sealed ? key->sealed : (const char *)NULL,
			    SECONDS_US(key->signs_from), ctx_now(c)),
		       NULL);
}

/* The keys that sign, or did: those of the table, or the one there is without a row. */
static enum app_err read_or_own(struct ctx *c, struct auth_kept *ret)
{
	enum app_err err = auth_keys_read(c, ret);
	if (err || ret->count)
		return err;
	err = keyring_own(c, &ret->keys[0]);
	ret->count = !err;
	return err;
}

/* ---- auth.list_keys ---- */

static const char *const key_states[] = CHOICES("next", "signs", "retired");

SCHEMA(auth_key,
	FIELD(struct auth_key, kid, .required = true, .doc = "As it stands in the header of tokens",
	      .example = "\"obyrrzT04gE\""),
	FIELD(struct auth_key, state, .required = true, .choices = key_states),
	FIELD(struct auth_key, signs_from, .required = true),
	FIELD(struct auth_key, taken_until, .required = true, .nullable = true,
	      .doc = "When its tokens are refused: none lives as long"));

SCHEMA(auth_keys, FIELD(struct auth_keys, keys, .required = true, .object = &auth_key_schema));

/* `next` is the key behind it, or NULL. */
static struct auth_key describe(struct ctx *c, const struct kept_key *key,
				const struct kept_key *next)
{
	int64_t now_s = ctx_now_s(c);
	struct auth_key ret = {
		.kid = arena_strdup(c->arena, key->id),
		.signs_from = { SECONDS_US(key->signs_from) },
		.state = key->signs_from > now_s ? "next" : "signs",
		.taken_until = { .is = IS_NULL },
	};
	if (!next)
		return ret;
	ret.taken_until.is = GIVEN;
	ret.taken_until.value.us = SECONDS_US(keyring_over(next->signs_from));
	if (next->signs_from <= now_s)
		ret.state = "retired";
	return ret;
}

static enum app_err list_keys(struct ctx *c, const struct nothing *in, struct auth_keys *ret)
{
	(void)in;
	struct auth_kept kept;
	enum app_err err = read_or_own(c, &kept);
	if (err)
		return err;
	struct auth_key *keys = arena_zero(c->arena, kept.count * sizeof(*keys));
	for (size_t i = 0; i < kept.count; i++)
		keys[i] = describe(c, &kept.keys[i], i + 1 < kept.count ? &kept.keys[i + 1] : NULL);
	ret->keys = (struct array){ .items = keys, .count = kept.count };
	return APP_OK;
}

OPERATION_FN(list_keys, struct nothing, struct auth_keys)

const struct operation auth_list_keys = {
	.name = "auth.list_keys",
	.summary = "List the keys that sign access tokens",
	.doc = "Their ids and times; what is secret of them is never told.",
	.kind = QUERY,
	.access = ACCESS_SUPERUSER,
	.out = &auth_keys_schema,
	RUN(list_keys),
};

/* ---- auth.rotate_keys ---- */

SCHEMA(auth_rotate,
	FIELD(struct auth_rotate, forget, .preset = "false",
	      .doc = "The new key signs at once, and all access tokens that others signed are "
		     "refused"));

/* Takes those out whose tokens are over, the oldest first. */
static enum app_err drop_over(struct ctx *c, struct auth_kept *kept)
{
	static const char sql[] = "DELETE FROM auth_keys WHERE kid = $1";
	int64_t now_s = ctx_now_s(c);
	enum app_err err = APP_OK;
	while (!err && kept->count > 1 && keyring_over(kept->keys[1].signs_from) <= now_s) {
		err = db_exec(c, sql, BIND((const char *)kept->keys[0].id), NULL);
		memmove(kept->keys, kept->keys + 1, --kept->count * sizeof(kept->keys[0]));
	}
	return err;
}

static enum app_err refuse_full(struct ctx *c, const struct auth_kept *kept)
{
	char until[INSTANT_TEXT_ROOM];
	instant_text((struct instant){ SECONDS_US(keyring_over(kept->keys[1].signs_from)) }, until);
	return ctx_fail(c, APP_CONFLICT,
			"there are %d keys already, and what the oldest signed may live until %s: "
			"rotate again after that, or forget the old ones, which ends all access "
			"tokens",
			KEYRING_MOST, until);
}

/* Before a key is added the others must open: no server takes one in beside others that do not. */
static enum app_err make_room(struct ctx *c)
{
	struct auth_kept kept;
	enum app_err err = auth_keys_read(c, &kept);
	bool has_row = kept.count;
	if (!err)
		err = keyring_set(c, kept.keys, kept.count);
	if (!err && !has_row)
		err = read_or_own(c, &kept);
	if (!err && !has_row)
		err = add_row(c, &kept.keys[0]);
	if (!err)
		err = drop_over(c, &kept);
	if (err)
		return err;
	return kept.count < KEYRING_MOST ? APP_OK : refuse_full(c, &kept);
}

static enum app_err rotate_keys(struct ctx *c, const struct auth_rotate *in, struct auth_key *ret)
{
	struct kept_key key;
	int64_t now_s = ctx_now_s(c);
	enum app_err err = in->forget ? db_exec(c, "DELETE FROM auth_keys", BIND(), NULL)
				      : make_room(c);
	if (!err)
		err = keyring_draw(c, in->forget ? now_s : now_s + lead_s(c), &key);
	if (!err)
		err = add_row(c, &key);
	if (err)
		return err;
	db_signal(c, DB_IDENTITY);
	log_info(c, "a key that signs access tokens was added", LOG_TEXT("kid", key.id),
		 LOG_TEXT("others", in->forget ? "forgotten" : "kept"));
	*ret = describe(c, &key, NULL);
	return APP_OK;
}

OPERATION_FN(rotate_keys, struct auth_rotate, struct auth_key)

const struct operation auth_rotate_keys = {
	.name = "auth.rotate_keys",
	.summary = "Add a key that signs access tokens",
	.doc = "It signs in a moment, when all servers have it. What the keys before it signed "
	       "lives until it expires.",
	.kind = COMMAND,
	.access = ACCESS_SUPERUSER,
	.in = &auth_rotate_schema,
	.out = &auth_key_schema,
	.fails_with = { APP_CONFLICT },
	RUN(rotate_keys),
};
