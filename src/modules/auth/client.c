/*
 * The grant of a client: an API key for an access token, for programs that speak OAuth2 and nothing
 * else. The token is of the key, which is looked at with each request as a session is, so it may
 * what the key may, and ends with it.
 */
#include "client.h"

#include <string.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "core/app.h"
#include "core/log.h"
#include "core/security.h"
#include "modules/keys.h"

/* ---- who it says it is ---- */

/* Never NULL. */
struct client_shown {
	const char *id, *secret;
};

static bool is_there(const char *text)
{
	return text && *text;
}

/* Of base64 with its padding or without (RFC 4648 §4); NULL: it is none. */
static char *decode_base64(struct arena *arena, const char *text, size_t *ret_len)
{
	char *own = arena_strdup(arena, text);
	size_t len = strlen(own);
	for (size_t i = 0; i < 2 && len && own[len - 1] == '='; i++)
		len--;
	for (size_t i = 0; i < len; i++) {
		if (own[i] == '+')
			own[i] = '-';
		else if (own[i] == '/')
			own[i] = '_';
	}
	char *ret = arena_raw(arena, len + 1);
	return str_base64url_decode(own, len, ret, len, ret_len) ? ret : NULL;
}

/* Without a NUL in it; NULL: it is none. */
static const char *decode_form(struct arena *arena, const char *text, size_t len)
{
	size_t decoded = 0;
	const char *ret = str_percent_decode(arena, text, len, true, &decoded);
	return ret && strlen(ret) == decoded ? ret : NULL;
}

/* RFC 6749 §2.3.1: as RFC 7617 has it, but each of the two as in a form first. */
static struct client_shown read_basic(struct arena *arena, const char *text)
{
	static const struct client_shown none = { "", "" };
	size_t len = 0;
	const char *both = decode_base64(arena, text, &len);
	const char *colon = both ? memchr(both, ':', len) : NULL;
	if (!colon)
		return none;
	const char *id = decode_form(arena, both, (size_t)(colon - both));
	const char *secret = decode_form(arena, colon + 1, len - (size_t)(colon + 1 - both));
	return id && secret ? (struct client_shown){ id, secret } : none;
}

/* RFC 6749 §2.3: a client shows who it is in one way. Its name may stand in the form, too. */
static enum app_err read_shown(struct ctx *c, const struct auth_grant *in, struct client_shown *ret)
{
	static const char basic[] = "basic ";
	const char *header = in->authorization;
	if (!header || !str_starts_nocase(header, basic)) {
		*ret = (struct client_shown){ in->client_id ? in->client_id : "",
					      in->client_secret ? in->client_secret : "" };
		return APP_OK;
	}
	const char *text = header + strlen(basic);
	*ret = read_basic(c->arena, text + strspn(text, " "));
	bool is_other = is_there(in->client_id) && !str_eq(in->client_id, ret->id);
	if (!is_other && !is_there(in->client_secret))
		return APP_OK;
	return ctx_fail_code(c, APP_BAD_REQUEST, "invalid_request",
			     "Show the client in one place: the header Authorization, or the form");
}

/* ---- whether it is ---- */

/* What an access token is to be of. */
struct client_key {
	struct key_token token;
	struct maybe_instant expires_at;
};

static enum app_err refuse(struct ctx *c)
{
	ctx_recover(c);
	auth_tell_refused(c, 0, "client");
	return ctx_fail_code(c, APP_UNAUTHENTICATED, "invalid_client",
			     "There is no such client, or this is not its secret");
}

static enum app_err find_key(struct ctx *c, const struct auth_grant *in, struct client_key *ret)
{
	struct client_shown shown;
	struct key_claim claim;
	enum app_err err = read_shown(c, in, &shown);
	if (err)
		return err;
	key_claim_of_client(shown.id, shown.secret, &claim);
	err = keys_token(c, &claim, &ret->token, &ret->expires_at);
	return err == APP_NOT_FOUND ? refuse(c) : err;
}

enum app_err client_check(struct ctx *c, const struct auth_grant *in)
{
	struct client_key key;
	return find_key(c, in, &key);
}

/* ---- its token ---- */

/* Seconds: as long as others, and no longer than the key. */
static int64_t lifetime_of(const struct ctx *c, const struct client_key *key)
{
	const struct auth_options *options = config_group(c->app->config, &auth_option_group);
	int64_t lifetime_s = options->access_minutes * 60;
	if (key->expires_at.is != GIVEN)
		return lifetime_s;
	int64_t left_s = (key->expires_at.value.us - ctx_now(c).us) / SECONDS_US(1);
	if (left_s < 1)
		return 1;
	return left_s < lifetime_s ? left_s : lifetime_s;
}

static enum app_err sign(struct ctx *c, const struct client_key *key, struct auth_granted *ret)
{
	int64_t now_s = ctx_now_s(c), lifetime_s = lifetime_of(c, key);
	struct token token = { .user_id = key->token.user_id,
			       .version = key->token.version,
			       .key_id = key->token.key_id,
			       .issued_at = now_s,
			       .expires_at = now_s + lifetime_s };
	id_new(token.id);
	char *text = arena_raw(c->arena, TOKEN_ROOM);
	enum app_err err = token_sign(c, &token, text);
	if (err)
		return err;
	*ret = (struct auth_granted){ .access_token = text,
				      .token_type = "bearer",
				      .expires_in = lifetime_s };
	return APP_OK;
}

enum app_err client_give_token(struct ctx *c, const struct auth_grant *in, struct auth_granted *ret)
{
	struct client_key key;
	enum app_err err = find_key(c, in, &key);
	if (!err)
		err = sign(c, &key, ret);
	if (err)
		return err;
	/* what the audit has it about */
	ctx_touch(c, "api_keys", key.token.key_id);
	log_info(c, "a key got a token", LOG_INT("user_id", key.token.user_id),
		 LOG_INT("key_id", key.token.key_id));
	return APP_OK;
}
