/* Tokens that others show: revoking them, telling what they are good for, and who we are. */
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "core/authenticator.h"
#include "core/security.h"
#include "modules/auth/internal.h"
#include "modules/users.h"
#include "testing/stage.h"
#include "testing/store.h"

#define LOGIN "{'login':'ada','password':'" ADA_PASSWORD "'}"
#define REFRESH "'refresh_token':'"
#define DEAD "{'active':false}"

enum { TEXT_ROOM = 128 };

struct pair {
	char access[TOKEN_ROOM], refresh[TEXT_ROOM];
};

static void sign_in(struct stage *s, struct pair *ret)
{
	const char *answer = stage_call_ok(s, AS_NOBODY, &auth_login, LOGIN);
	const char *at = strstr(answer, REFRESH);
	assert_non_null(at);
	assert_int_equal(sscanf(answer, "{'access_token':'%639[^']", ret->access), 1);
	assert_int_equal(sscanf(at, REFRESH "%127[^']", ret->refresh), 1);
}

static const char *shown(struct stage *s, const char *token)
{
	return arena_printf(s->scene.c.arena, "{'token':'%s'}", token);
}

static void revoke(struct stage *s, const char *token)
{
	assert_string_equal(stage_call_ok(s, AS_NOBODY, &auth_revoke, shown(s, token)),
			    "{'is_over':true}");
}

static void tells(struct stage *s, const char *token, const char *want)
{
	assert_string_equal(stage_call_ok(s, AS_ROOT, &auth_introspect, shown(s, token)), want);
}

static int64_t live(struct stage *s)
{
	return stage_int(s, "SELECT count(*) FROM sessions WHERE user_id = 2"
			    " AND ended_at IS NULL");
}

/* ---- revoking ---- */

/* state: by the refresh token. */
static void revoking_ends_its_session(void **state)
{
	struct stage s;
	struct pair here, there;
	stage_open(&s);
	sign_in(&s, &here);
	sign_in(&s, &there);
	revoke(&s, *state ? here.refresh : here.access);
	tells(&s, here.access, DEAD);
	tells(&s, here.refresh, DEAD);
	assert_int_equal(live(&s), 1);
	assert_int_equal(stage_int(&s, "SELECT id FROM sessions WHERE ended_why = 'revoked'"), 1);
	/* and again */
	revoke(&s, *state ? here.refresh : here.access);
	assert_int_equal(live(&s), 1);
	stage_close(&s);
}

static void revoking_what_is_none_changes_nothing(void **state)
{
	struct stage s;
	struct pair pair;
	stage_open(&s);
	sign_in(&s, &pair);
	revoke(&s, *state);
	assert_int_equal(live(&s), 1);
	stage_close(&s);
}

/* Whoever has a token that was used may end its session by using it again anyway. */
static void revoking_one_that_was_used_ends_it(void **state)
{
	(void)state;
	struct stage s;
	struct pair pair;
	stage_open(&s);
	sign_in(&s, &pair);
	const char *in = arena_printf(s.scene.c.arena, "{" REFRESH "%s'}", pair.refresh);
	stage_call_ok(&s, AS_NOBODY, &auth_refresh_token, in);
	s.clock.us += SECONDS_US(60);
	tells(&s, pair.refresh, DEAD);
	assert_int_equal(live(&s), 1);
	revoke(&s, pair.refresh);
	assert_int_equal(live(&s), 0);
	stage_close(&s);
}

/* ---- telling ---- */

static void tells_of_an_access_token(void **state)
{
	(void)state;
	struct stage s;
	struct pair pair;
	struct token token;
	stage_open(&s);
	sign_in(&s, &pair);
	stage_ok(&s, token_verify(&s.scene.c, pair.access, strlen(pair.access), &token));
	tells(&s, pair.access,
	      arena_printf(s.scene.c.arena,
			   "{'active':true,'sub':'2','username':'Ada','token_type':'bearer',"
			   "'iat':%lld,'exp':%lld,'sid':1,'jti':'%s','auth_time':%lld}",
			   (long long)token.issued_at, (long long)token.expires_at, token.id,
			   (long long)(s.clock.us / SECONDS_US(1))));
	stage_close(&s);
}

static void tells_of_a_refresh_token(void **state)
{
	(void)state;
	struct stage s;
	struct pair pair;
	stage_open(&s);
	sign_in(&s, &pair);
	long long now_s = s.clock.us / SECONDS_US(1);
	const char *want = arena_printf(s.scene.c.arena,
					"{'active':true,'sub':'2','username':'Ada',"
					"'token_type':'refresh_token','iat':%lld,'exp':%lld,"
					"'sid':1}",
					now_s, now_s + 7 * 24 * 3600);
	tells(&s, pair.refresh, want);
	/* which uses nothing up */
	tells(&s, pair.refresh, want);
	assert_int_equal(stage_int(&s, "SELECT generation FROM sessions WHERE id = 1"), 0);
	stage_close(&s);
}

static void tells_nothing_after(void **state)
{
	struct stage s;
	struct pair pair;
	stage_open(&s);
	sign_in(&s, &pair);
	stage_exec(&s, *state);
	tells(&s, pair.access, DEAD);
	tells(&s, pair.refresh, DEAD);
	stage_close(&s);
}

static void time_ends_both(void **state)
{
	(void)state;
	struct stage s;
	struct pair pair;
	stage_open(&s);
	sign_in(&s, &pair);
	s.clock.us += SECONDS_US(3600);
	tells(&s, pair.access, DEAD);
	s.clock.us += 7 * DAY_US;
	tells(&s, pair.refresh, DEAD);
	stage_close(&s);
}

/* ---- who we are ---- */

struct metadata_case {
	const char *sets[3];
	/* begins with; NULL: there is none */
	const char *begins;
	const char *has;
};

static void metadata(void **state)
{
	const struct metadata_case *want = *state;
	struct stage s;
	const char *answer;
	stage_open_with(&s, want->sets);
	enum app_err err = stage_call(&s, AS_NOBODY, &auth_get_metadata, "{}", &answer);
	if (want->begins) {
		stage_ok(&s, err);
		assert_true(str_starts(answer, want->begins));
		assert_non_null(strstr(answer, want->has));
	} else {
		assert_int_equal(err, APP_NOT_FOUND);
		assert_string_equal(answer, "There is none: auth.issuer is no URL");
	}
	stage_close(&s);
}

#define METADATA(...) (&(struct metadata_case){ __VA_ARGS__ })
#define URL "https://api.example.com"
#define BEGINS \
	"{'issuer':'" URL "','token_endpoint':'" URL "/api/v1/auth/token'," \
	"'revocation_endpoint':'" URL "/api/v1/auth/revoke'," \
	"'introspection_endpoint':'" URL "/api/v1/auth/introspect'," \
	"'jwks_uri':'" URL "/.well-known/jwks.json',"

int main(void)
{
	static const bool by_refresh = true;
	const struct CMUnitTest rows[] = {
		ROW_OF("S13 revoking a refresh token ends its session, and no other",
		       revoking_ends_its_session, &by_refresh),
		ROW_OF("S13 so does revoking an access token", revoking_ends_its_session, NULL),
		ROW("a refresh token that was used is revoked, too",
		    revoking_one_that_was_used_ends_it),
		ROW_OF("S10 a signature that is wrong revokes nothing, and is told alike",
		       revoking_what_is_none_changes_nothing, "r.1.0.AAAAAAAAAAAAAAAAAAAAAA"),
		ROW_OF("what is no token is told alike", revoking_what_is_none_changes_nothing,
		       "nonsense"),
		ROW("an access token is told of", tells_of_an_access_token),
		ROW("a refresh token is told of", tells_of_a_refresh_token),
		ROW_OF("nothing is told of an ended session", tells_nothing_after,
		       "UPDATE sessions SET ended_at = 1 WHERE id = 1"),
		ROW_OF("nothing is told after another password", tells_nothing_after,
		       "UPDATE users SET token_version = 9 WHERE id = 2"),
		ROW_OF("nothing is told of an account that is deactivated", tells_nothing_after,
		       "UPDATE users SET is_active = FALSE WHERE id = 2"),
		ROW("nothing is told of what is over", time_ends_both),
		CASE("nothing is told to everybody", AS_ADA, &auth_introspect, "{'token':'x'}",
		     APP_FORBIDDEN, "You lack the permission auth.introspect"),
		ROW_OF("where the issuer is a URL there is metadata", metadata,
		       METADATA({ "auth.issuer=" URL, NULL }, BEGINS,
				"'grant_types_supported':['refresh_token','client_credentials',"
				"'password'],'response_types_supported':[],"
				"'token_endpoint_auth_methods_supported':['none',"
				"'client_secret_basic','client_secret_post'],")),
		ROW_OF("it tells when passwords are not traded", metadata,
		       METADATA({ "auth.issuer=" URL, "auth.password_grant=off", NULL }, BEGINS,
				"'grant_types_supported':['refresh_token',"
				"'client_credentials'],")),
		ROW_OF("where it is none there is no metadata", metadata,
		       METADATA({ NULL }, NULL, NULL)),
		ROW_OF("a URL with a slash behind it is none", metadata,
		       METADATA({ "auth.issuer=" URL "/", NULL }, NULL, NULL)),
	};
	return store_run("modules/auth/shown", rows, COUNT_OF(rows), NULL, NULL);
}
