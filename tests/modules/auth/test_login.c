/*
 * Signing in. The module's login.c is compiled into this program, so that password verifications
 * can be counted: one a try, whoever tries.
 */
#include "modules/auth/internal.h"

#include <stdio.h>
#include <string.h>

#include "core/security.h"
#include "testing/stage.h"
#include "testing/store.h"

static int verifications, hashes;

static enum app_err counted_verify(struct ctx *c, const char *hash, const char *password,
				   bool *ret_matches)
{
	verifications++;
	return password_verify(c, hash, password, ret_matches);
}

static enum app_err counted_hash(struct ctx *c, const char *password,
				 char ret_hash[PASSWORD_HASH_ROOM])
{
	hashes++;
	return password_hash(c, password, ret_hash);
}

#define password_verify(...) counted_verify(__VA_ARGS__)
#define password_hash(...) counted_hash(__VA_ARGS__)
#include "modules/auth/login.c"
#undef password_verify
#undef password_hash

#define LOGIN(name, word) "{'login':'" name "','password':'" word "'}"
#define GRANT(name, word, more) "{'username':'" name "','password':'" word "'" more "}"
#define WRONG "Incorrect username or password"

struct sign_in_case {
	const char *before; /* SQL */
	const struct operation *op;
	const char *json;
	enum app_err err;
	const char *code; /* of the failure */
	const char *text;
	int verifications;
	const char *setting; /* "auth.password_grant=…" or NULL */
	enum app_environment environment;
};

static void open_for(struct stage *s, const struct sign_in_case *of)
{
	stage_open_empty(s, (const char *const[]){ of->setting, NULL });
	s->options.environment = of->environment;
	const char *answer;
	stage_ok(s, stage_call(s, AS_SYSTEM, &users_create,
			       "{'username':'Ada','email':'Ada@Example.com',"
			       "'password':'" ADA_PASSWORD "'}",
			       &answer));
	stage_exec(s, "UPDATE users SET token_version = 1");
	if (of->before)
		stage_exec(s, of->before);
	verifications = hashes = 0;
}

static void signs_in(void **state)
{
	const struct sign_in_case *of = *state;
	struct stage s;
	open_for(&s, of);
	struct ctx *c = &s.scene.c;
	const char *answer;
	stage_ok(&s, stage_call(&s, AS_NOBODY, of->op, of->json, &answer));
	char text[TOKEN_ROOM];
	assert_int_equal(sscanf(answer, "{'access_token':'%511[^']", text), 1);
	answer += strlen("{'access_token':'") + strlen(text);
	const char *const more =
		"','token_type':'bearer','expires_in':1800,'refresh_token':'r.1.0.";
	assert_true(str_starts(answer, more));
	assert_string_equal(answer + strlen(more) + 22, "','refresh_expires_in':604800}");
	struct token token;
	stage_ok(&s, token_verify(c, text, strlen(text), &token));
	assert_int_equal(token.user_id, 1);
	assert_int_equal(token.version, 1);
	assert_int_equal(token.issued_at, s.clock.us / 1000000);
	assert_int_equal(token.expires_at, token.issued_at + 1800);
	assert_int_equal(strlen(token.id), 26);
	assert_int_equal(verifications, 1);
	assert_int_equal(hashes, 0);
	stage_close(&s);
}

static void refuses(void **state)
{
	const struct sign_in_case *want = *state;
	struct stage s;
	open_for(&s, want);
	const char *answer;
	enum app_err err = stage_call(&s, AS_NOBODY, want->op, want->json, &answer);
	assert_string_equal(answer, want->text);
	assert_int_equal(err, want->err);
	assert_string_equal(ctx_failure_code(&s.scene.c, err), want->code);
	assert_int_equal(verifications, want->verifications);
	assert_int_equal(hashes, 0);
	stage_close(&s);
}

/*
 * An account whose hash was made with cheaper settings gets a new one, once, and stays signed in.
 */
static void strengthens_an_old_hash(void **state)
{
	(void)state;
	struct stage s;
	open_for(&s, &(struct sign_in_case){ 0 });
	struct ctx *c = &s.scene.c;
	struct security_options costly = *(const struct security_options *)config_group(
		s.scene.app.config, &security_option_group);
	costly.hash_passes = 2;
	security_drop(s.scene.app.security);
	stage_ok(&s, security_new(c, &costly, &s.scene.app.security));
	for (int i = 0; i < 2; i++) {
		const char *answer;
		stage_ok(&s, stage_call(&s, AS_NOBODY, &auth_login, LOGIN("ada", ADA_PASSWORD),
					&answer));
		assert_int_equal(hashes, 1);
	}
	struct user_credentials user;
	stage_ok(&s, users_find(c, "ada", &user));
	assert_false(password_is_outdated(c, user.password_hash));
	assert_int_equal(user.token_version, 1);
	stage_close(&s);
}

/* The account came from another system, and the password that it had there opens it. */
static void replaces_a_foreign_hash(void **state)
{
	struct stage s;
	open_for(&s, &(struct sign_in_case){ 0 });
	struct ctx *c = &s.scene.c;
	const char *answer;
	stage_exec(&s, arena_printf(c->arena, "UPDATE users SET password_hash = '%s'",
				    (const char *)*state));
	enum app_err err = stage_call(&s, AS_NOBODY, &auth_login, LOGIN("ada", "wrong"), &answer);
	assert_int_equal(err, APP_UNAUTHENTICATED);
	assert_int_equal(hashes, 0);
	for (int i = 0; i < 2; i++) {
		stage_ok(&s, stage_call(&s, AS_NOBODY, &auth_login, LOGIN("ada", ADA_PASSWORD),
					&answer));
		assert_int_equal(hashes, 1);
	}
	struct user_credentials user;
	stage_ok(&s, users_find(c, "ada", &user));
	assert_true(str_starts(user.password_hash, "$argon2id$"));
	assert_int_equal(user.token_version, 1);
	stage_close(&s);
}

static void gives_tokens_of_their_own(void **state)
{
	(void)state;
	struct stage s;
	open_for(&s, &(struct sign_in_case){ 0 });
	const char *first, *second;
	stage_ok(&s, stage_call(&s, AS_NOBODY, &auth_login, LOGIN("ada", ADA_PASSWORD), &first));
	stage_ok(&s, stage_call(&s, AS_NOBODY, &auth_login, LOGIN("ada", ADA_PASSWORD), &second));
	assert_string_not_equal(first, second);
	stage_close(&s);
}

#define SIGNS_IN(...) (&(struct sign_in_case){ __VA_ARGS__ })
#define REFUSES(...) (&(struct sign_in_case){ __VA_ARGS__ })
#define INACTIVE "UPDATE users SET is_active = FALSE"
#define NO_PASSWORD "UPDATE users SET password_hash = NULL"
#define NO_LOGIN APP_UNAUTHENTICATED, "invalid_credentials", WRONG, .verifications = 1
#define NO_TOKEN APP_BAD_REQUEST, "invalid_grant", WRONG, .verifications = 1
#define NO_GRANT(text) APP_BAD_REQUEST, "unsupported_grant_type", text, .verifications = 0
#define OFF_TEXT "The password grant is switched off: use /auth/login"
#define OTHER_TEXT "The grant types are client_credentials, password and refresh_token"
#define LACKS(what) APP_BAD_REQUEST, "invalid_request", what, .verifications = 0
#define LACKS_PASSWORD LACKS("The grant type password takes a username and a password")
#define FAULT_PASSWORD \
	"[{'type':'string_too_long','loc':['body','password']," \
	"'msg':'String should have at most 128 characters','ctx':{'max_length':128}}]"
#define FAULT_NAMES(input) \
	"[{'type':'value_error','loc':['body','username'],'msg':'Value error, give either " \
	"username or login','input':" input ",'ctx':{'error':{}}}]"
#define TEN "abcdefghij"
#define TOO_LONG TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define VERIFIED_ONLY "auth.require_verified=true"
#define RIGHT GRANT("ada", ADA_PASSWORD, "")

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW_OF("auth.login takes the username in any case", signs_in,
		       SIGNS_IN(.op = &auth_login, .json = LOGIN("ada", ADA_PASSWORD))),
		ROW_OF("auth.login takes the e-mail in any case", signs_in,
		       SIGNS_IN(.op = &auth_login, .json = LOGIN("ADA@example.com", ADA_PASSWORD))),
		ROW_OF("auth.login_form takes the form of RFC 6749", signs_in,
		       SIGNS_IN(.op = &auth_login_form,
				.json = GRANT("ada", ADA_PASSWORD,
					      ",'grant_type':'password','scope':'',"
					      "'client_id':'x','client_secret':'y'"))),
		ROW_OF("auth.login_form takes what auth.login does", signs_in,
		       SIGNS_IN(.op = &auth_login_form,
				.json = LOGIN("ada@example.com", ADA_PASSWORD),
				.environment = ENV_PRODUCTION)),
		ROW_OF("auth.login_form takes one of the two names", refuses,
		       REFUSES(NULL, &auth_login_form, GRANT("ada", ADA_PASSWORD, ",'login':'ada'"),
			       APP_INVALID, "validation_error", FAULT_NAMES("'ada'"),
			       .verifications = 0)),
		ROW_OF("auth.login_form refuses a wrong password", refuses,
		       REFUSES(NULL, &auth_login_form, GRANT("ada", "wrong", ""), NO_LOGIN)),
		ROW_OF("auth.login_form knows no other grant type", refuses,
		       REFUSES(NULL, &auth_login_form,
			       GRANT("ada", ADA_PASSWORD, ",'grant_type':'x'"), APP_INVALID,
			       "validation_error",
			       "[{'type':'literal_error','loc':['body','grant_type'],"
			       "'msg':'Input should be \"password\"','input':'x',"
			       "'ctx':{'expected':'\"password\"'}}]",
			       .verifications = 0)),
		ROW_OF("auth.token takes the form of RFC 6749", signs_in,
		       SIGNS_IN(.op = &auth_token,
				.json = GRANT("ada", ADA_PASSWORD,
					      ",'grant_type':'password','scope':'',"
					      "'client_id':'x','client_secret':'y'"))),
		ROW_OF("auth.token does without the optional fields", signs_in,
		       SIGNS_IN(.op = &auth_token, .json = RIGHT)),
		ROW_OF("auth.token can be switched on in production", signs_in,
		       SIGNS_IN(.op = &auth_token, .json = RIGHT,
				.setting = "auth.password_grant=on",
				.environment = ENV_PRODUCTION)),
		ROW_OF("auth.login goes on where auth.token is switched off", signs_in,
		       SIGNS_IN(.op = &auth_login, .json = LOGIN("ada", ADA_PASSWORD),
				.setting = "auth.password_grant=off")),
		ROW_OF("auth.login refuses a wrong password", refuses,
		       REFUSES(NULL, &auth_login, LOGIN("ada", "wrong"), NO_LOGIN)),
		ROW_OF("auth.login says the same of an unknown user", refuses,
		       REFUSES(NULL, &auth_login, LOGIN("bob", ADA_PASSWORD), NO_LOGIN)),
		ROW_OF("auth.login says the same of an inactive user", refuses,
		       REFUSES(INACTIVE, &auth_login, LOGIN("ada", ADA_PASSWORD), NO_LOGIN)),
		ROW_OF("auth.login says the same of an account without password", refuses,
		       REFUSES(NO_PASSWORD, &auth_login, LOGIN("ada", ADA_PASSWORD), NO_LOGIN)),
		ROW_OF("a password is not trimmed", refuses,
		       REFUSES(NULL, &auth_login, LOGIN("ada", ADA_PASSWORD " "), NO_LOGIN)),
		ROW_OF("a password too long to be one is not hashed", refuses,
		       REFUSES(NULL, &auth_login, LOGIN("ada", TOO_LONG), APP_INVALID,
			       "validation_error", FAULT_PASSWORD, .verifications = 0)),
		ROW_OF("auth.token refuses a wrong password", refuses,
		       REFUSES(NULL, &auth_token, GRANT("ada", "wrong", ""), NO_TOKEN)),
		ROW_OF("auth.token says the same of an unknown user", refuses,
		       REFUSES(NULL, &auth_token, GRANT("bob", ADA_PASSWORD, ""), NO_TOKEN)),
		ROW_OF("auth.token says the same of an inactive user", refuses,
		       REFUSES(INACTIVE, &auth_token, RIGHT, NO_TOKEN)),
		ROW_OF("auth.token is off in production", refuses,
		       REFUSES(NULL, &auth_token, RIGHT, NO_GRANT(OFF_TEXT),
			       .environment = ENV_PRODUCTION)),
		ROW_OF("auth.token can be switched off", refuses,
		       REFUSES(NULL, &auth_token, RIGHT, NO_GRANT(OFF_TEXT),
			       .setting = "auth.password_grant=off")),
		ROW_OF("auth.token knows no other grant type", refuses,
		       REFUSES(NULL, &auth_token,
			       GRANT("ada", ADA_PASSWORD, ",'grant_type':'authorization_code'"),
			       NO_GRANT(OTHER_TEXT))),
		ROW_OF("the grant of a password needs the password", refuses,
		       REFUSES(NULL, &auth_token, "{'username':'ada'}", LACKS_PASSWORD)),
		ROW_OF("the grant of a password needs the username", refuses,
		       REFUSES(NULL, &auth_token, "{'password':'x'}", LACKS_PASSWORD)),
		ROW_OF("the grant of a refresh token needs it, and no password", refuses,
		       REFUSES(NULL, &auth_token,
			       GRANT("ada", ADA_PASSWORD, ",'grant_type':'refresh_token'"),
			       LACKS("The grant type refresh_token takes a refresh_token"))),
		ROW_OF("who has not confirmed his e-mail does not sign in where that is asked for",
		       refuses,
		       REFUSES(NULL, &auth_login, LOGIN("ada", ADA_PASSWORD), APP_UNAUTHENTICATED,
			       "email_not_verified", AUTH_NOT_VERIFIED, 1,
			       .setting = VERIFIED_ONLY)),
		ROW_OF("auth.token says so as RFC 6749 has it", refuses,
		       REFUSES(NULL, &auth_token, RIGHT, APP_BAD_REQUEST, "invalid_grant",
			       AUTH_NOT_VERIFIED, 1, .setting = VERIFIED_ONLY)),
		ROW_OF("who does not know the password is not told of it", refuses,
		       REFUSES(NULL, &auth_login, LOGIN("ada", "wrong"), NO_LOGIN,
			       .setting = VERIFIED_ONLY)),
		ROW_OF("who has confirmed it signs in", signs_in,
		       SIGNS_IN(.op = &auth_login, .json = LOGIN("ada", ADA_PASSWORD),
				.before = "UPDATE users SET verified_at = 1",
				.setting = VERIFIED_ONLY)),
		ROW_OF("so does a superuser who has not", signs_in,
		       SIGNS_IN(.op = &auth_login, .json = LOGIN("ada", ADA_PASSWORD),
				.before = "UPDATE users SET is_superuser = TRUE",
				.setting = VERIFIED_ONLY)),
		ROW("a hash from cheaper settings is replaced, once", strengthens_an_old_hash),
		ROW_OF("a hash of bcrypt is replaced at the sign-in, once", replaces_a_foreign_hash,
		       "$2b$04$GDNQTqsO7LDMvNAuPt85b.Py/yEDUf7CEXW/ylxXn10fmd7WogrH6"),
		ROW_OF("a hash of Django is replaced at the sign-in, once", replaces_a_foreign_hash,
		       "pbkdf2_sha256$1200$OCGqvFfJWYLzpPSDe52fU3$"
		       "xaiojIhsZYHY3ssnuv3Uu7Jsz93oA2EphZkioE7BWo4="),
		ROW_OF("a hash of werkzeug is replaced at the sign-in, once",
		       replaces_a_foreign_hash,
		       "scrypt:16:8:1$q4Zr1mVbK0tXw7Ys$"
		       "dbea5a254ba4fe239720e5520a42a93dfb97f67f2d777c5fa487488e3d6db043"
		       "2b21d048a97ab806d208cc5698f7336ccdb620feb8441c0f20e13c357b9401e4"),
		ROW_OF("argon2id of Django is replaced at the sign-in, once",
		       replaces_a_foreign_hash,
		       "argon2$argon2id$v=19$m=1024,t=1,p=4$WERERXBYRE9LWHRBV0ZweWhvd1dEdw$"
		       "aX6lEmNAzc6N7MP7iagM0g"),
		ROW("two sign-ins give two tokens", gives_tokens_of_their_own),
	};
	return store_run("modules/auth/login", rows, COUNT_OF(rows), NULL, NULL);
}
