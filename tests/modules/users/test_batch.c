/* Many accounts at once: all or none, whatever is wrong with some of them. */
#include "fixture.h"

#include <string.h>

#include "modules/users/internal.h"
#include "testing/stage.h"
#include "testing/store.h"

#include "core/crud.h"
#include "core/security.h"
#include "core/security/matches.h"

#define GRACE "{'username':'grace','email':'gh@example.com'}"
#define ALAN "{'username':'alan','email':'alan@example.com','password':'turing machine'}"
#define DONE(ids, count) "{'ids':[" ids "],'count':" count "}"
#define ITEM_FAULT(index, field, msg) \
	"{'type':'value_error','loc':['body','items'," index ",'" field \
	"'],'msg':'Value error, " msg "','ctx':{'error':{}}}"

static int64_t accounts(struct stage *s)
{
	return stage_int(s, "SELECT count(*) FROM users");
}

static void refuses(void **state)
{
	struct stage s;
	stage_open(&s);
	stage_refuses(&s, *state, accounts);
	stage_close(&s);
}

#define REFUSED(sentence, who, json, err, answer) \
	ROW_OF(sentence, refuses, \
	       (&(struct stage_case){ who, &users_create_batch, json, err, answer }))

static void creates_all(void **state)
{
	(void)state;
	struct stage s;
	stage_open(&s);
	stage_expect(&s, &(struct stage_case){ AS_ROOT, &users_create_batch,
					       "{'items':[" GRACE "," ALAN "]}", APP_OK,
					       DONE("3,4", "2") });
	assert_int_equal(stage_int(&s, "SELECT count(DISTINCT token_version) FROM users"
				       " WHERE id > 2"),
			 2);
	stage_expect(&s, &(struct stage_case){ AS_ROOT, &users_get, "{'user_id':3}", APP_OK,
					       USER_JSON("3", "grace", "gh@example.com", "null",
							 "true", "false") });
	struct user_credentials user;
	stage_ok(&s, users_find(&s.scene.c, "ALAN", &user));
	assert_true(password_matches(&s.scene.c, user.password_hash, "turing machine"));
	stage_ok(&s, users_find(&s.scene.c, "grace", &user));
	assert_null(user.password_hash);
	stage_close(&s);
}

/* `count` accounts, of which the first have a password. */
static const char *batch_of(struct stage *s, int count, int passwords)
{
	struct buf json;
	buf_init(&json, &s->scene.arena);
	buf_add_lit(&json, "{'items':[");
	for (int i = 0; i < count; i++)
		buf_printf(&json, "%s{'username':'user%d','email':'u%d@example.com'%s}",
			   i ? "," : "", i, i, i < passwords ? ",'password':'ab'" : "");
	buf_add_lit(&json, "]}");
	return buf_text(&json);
}

static void takes_a_hundred(void **state)
{
	(void)state;
	struct stage s;
	const char *answer;
	stage_open(&s);
	stage_ok(&s, stage_call(&s, AS_ROOT, &users_create_batch, batch_of(&s, USER_BATCH_MAX, 0),
				&answer));
	assert_int_equal(accounts(&s), 2 + USER_BATCH_MAX);
	stage_close(&s);
}

static void refuses_more(void **state)
{
	(void)state;
	struct stage s;
	const char *answer;
	stage_open(&s);
	assert_int_equal(stage_call(&s, AS_ROOT, &users_create_batch,
				    batch_of(&s, USER_BATCH_MAX + 1, 0), &answer),
			 APP_INVALID);
	assert_non_null(strstr(answer, "'loc':['body','items']"));
	assert_non_null(strstr(answer, "at most 100 items"));
	stage_close(&s);
}

/* None is hashed: that is counted first. */
static void refuses_many_passwords(void **state)
{
	(void)state;
	struct stage s;
	struct user_create users[USER_BATCH_PASSWORDS_MAX + 1];
	struct user_batch in = { .items = { .items = users, .count = COUNT_OF(users) } };
	struct crud_done done;
	stage_open(&s);
	for (size_t i = 0; i < COUNT_OF(users); i++)
		users[i] = (struct user_create){ .username = "user",
						 .email = "u@example.com",
						 .password = "turing machine" };
	assert_int_equal(users_create_batch.prepare(&s.scene.c, &in, &done), APP_INVALID);
	assert_non_null(
		strstr(s.scene.c.failure.fields->msg, "at most 20 of them may have a password"));
	for (size_t i = 0; i < COUNT_OF(users); i++)
		assert_null(users[i].password_hash);
	stage_close(&s);
}

/* The second is refused: the first is not hashed for nothing. */
static void hashes_none_of_a_refused_batch(void **state)
{
	(void)state;
	struct stage s;
	struct user_create users[] = {
		{ .username = "alan", .email = "a@example.com", .password = "turing machine" },
		{ .username = "grace", .email = "g@example.com", .password = "I am GRACE" },
	};
	struct user_batch in = { .items = { .items = users, .count = COUNT_OF(users) } };
	struct crud_done done;
	stage_open(&s);
	assert_int_equal(users_create_batch.prepare(&s.scene.c, &in, &done), APP_INVALID);
	for (size_t i = 0; i < COUNT_OF(users); i++)
		assert_null(users[i].password_hash);
	stage_close(&s);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("users.create_batch makes all, with and without a password", creates_all),
		ROW("users.create_batch takes a hundred", takes_a_hundred),
		ROW("users.create_batch takes no more", refuses_more),
		ROW("users.create_batch takes twenty passwords", refuses_many_passwords),
		ROW("users.create_batch hashes none when one is guessable",
		    hashes_none_of_a_refused_batch),
		REFUSED("users.create_batch takes one at least", AS_ROOT, "{'items':[]}",
			APP_INVALID,
			"[{'type':'too_short','loc':['body','items'],'msg':'List should have at "
			"least 1 item after validation, not 0','input':[],'ctx':"
			"{'field_type':'List','min_length':1,'actual_length':0}}]"),
		REFUSED("users.create_batch names each that is taken", AS_ROOT,
			"{'items':[" GRACE ",{'username':'ADA','email':'x@example.com'},"
			"{'username':'new','email':'ROOT@example.com'}]}",
			APP_INVALID,
			"[" ITEM_FAULT("1", "username", "username is already taken") "," ITEM_FAULT(
				"2", "email", "email is already taken") "]"),
		REFUSED("users.create_batch names each guessable password", AS_ROOT,
			"{'items':[{'username':'grace','email':'gh@example.com',"
			"'password':'I am GRACE'}," ALAN "]}",
			APP_INVALID,
			"[" ITEM_FAULT("0", "password",
				       "the password must not contain the username, the e-mail "
				       "address or the name of this service") "]"),
		REFUSED("S26 users.create_batch names each common password", AS_ROOT,
			"{'items':[" ALAN ",{'username':'grace','email':'gh@example.com',"
			"'password':'Sunshine'}]}",
			APP_INVALID,
			"[" ITEM_FAULT("1", "password",
				       "the password is one of the 10,000 commonest: whoever "
				       "guesses tries those first") "]"),
		REFUSED("users.create_batch is not for users", AS_ADA, "{'items':[" GRACE "]}",
			APP_FORBIDDEN, "You lack the permission users.manage"),
		REFUSED("users.create_batch is not for everyone", AS_NOBODY,
			"{'items':[" GRACE "]}", APP_UNAUTHENTICATED, "Not authenticated"),
	};
	return store_run("modules/users/batch", rows, COUNT_OF(rows), NULL, NULL);
}
