/*
 * Usernames and e-mails are the same in any case and form: at sign-up, at sign-in, in filters and
 * in what is searched.
 */
#include "modules/users/internal.h"

#include <stdio.h>
#include <string.h>

#include "testing/postgres.h"
#include "testing/stage.h"
#include "testing/store.h"

#define ZOE \
	"{'username':'Zoe','email':'Zoe.Strasse@Example.com'," \
	"'full_name':'Zoe\u0308 \u041F\u0451\u0442\u0440'}"
enum { ZOE_ID = 3 };

static void open_with_zoe(struct stage *s)
{
	const char *answer;
	stage_open(s);
	stage_ok(s, stage_call(s, AS_SYSTEM, &users_create, ZOE, &answer));
	/* what was sent is what is shown */
	assert_non_null(strstr(answer, "'username':'Zoe','email':'Zoe.Strasse@Example.com',"
				       "'full_name':'Zoe\u0308 \u041F\u0451\u0442\u0440'"));
	assert_null(strstr(answer, "_key"));
	assert_null(strstr(answer, "_folded"));
}

static void answers(void **state)
{
	struct stage s;
	open_with_zoe(&s);
	stage_expect(&s, *state);
	stage_close(&s);
}

static void finds_zoe(void **state)
{
	struct stage s;
	struct user_credentials user;
	open_with_zoe(&s);
	stage_ok(&s, users_find(&s.scene.c, *state, &user));
	assert_int_equal(user.id, ZOE_ID);
	assert_string_equal(user.email, "Zoe.Strasse@Example.com");
	stage_close(&s);
}

static void finds_nobody(void **state)
{
	struct stage s;
	struct user_credentials user;
	open_with_zoe(&s);
	assert_int_equal(users_find(&s.scene.c, *state, &user), APP_NOT_FOUND);
	stage_close(&s);
}

/* An account takes another name, and the old one is free. */
static void names_move_on(void **state)
{
	(void)state;
	struct stage s;
	struct user_credentials user;
	const char *answer;
	open_with_zoe(&s);
	stage_ok(&s, stage_call(&s, AS_ROOT, &users_update,
				"{'user_id':3,'username':'Leo','email':'Leo@x.org'}", &answer));
	stage_ok(&s, users_find(&s.scene.c, "LEO", &user));
	assert_int_equal(user.id, ZOE_ID);
	stage_ok(&s, users_find(&s.scene.c, "leo@X.ORG", &user));
	assert_int_equal(user.id, ZOE_ID);
	assert_int_equal(users_find(&s.scene.c, "zoe", &user), APP_NOT_FOUND);
	ctx_recover(&s.scene.c);
	stage_ok(&s, stage_call(&s, AS_SYSTEM, &users_create, ZOE, &answer));
	stage_close(&s);
}

/* No member of an input writes a key. */
static void keys_are_nobodys_input(void **state)
{
	struct stage s;
	const char *answer;
	open_with_zoe(&s);
	assert_int_equal(stage_call(&s, AS_ROOT, &users_update,
				    arena_printf(&s.scene.arena, "{'user_id':3,'%s':'x'}",
						 (const char *)*state),
				    &answer),
			 APP_INVALID);
	assert_non_null(strstr(answer, "extra_forbidden"));
	stage_close(&s);
}

/* There I is ı in lower case: what SQL calls the same is not what we do. */
static void a_database_may_speak_turkish(void **state)
{
	(void)state;
	struct stage s;
	struct user_credentials user;
	const char *answer;
	char url[POSTGRES_URL_ROOM], set[POSTGRES_URL_ROOM + 16];
	postgres_database_in(url, "tr");
	snprintf(set, sizeof(set), "database.url=%s", url);
	stage_open_empty(&s, (const char *const[]){ set, NULL });
	assert_int_equal(stage_int(&s, "SELECT CAST(lower('I') = '\u0131' AS integer)"), 1);
	stage_ok(&s, stage_call(&s, AS_SYSTEM, &users_create,
				"{'username':'IBIS','email':'I@ibis.org',"
				"'full_name':'IVI'}",
				&answer));
	stage_ok(&s, users_find(&s.scene.c, "ibis", &user));
	stage_ok(&s, users_find(&s.scene.c, "i@IBIS.org", &user));
	stage_migrate_down(&s, 4);
	stage_migrate_up(&s);
	stage_ok(&s, users_find(&s.scene.c, "Ibis", &user));
	static const char *const lists[] = { "{'username':'ibis'}", "{'username__like':'bi'}",
					     "{'q':'ivi'}" };
	for (size_t i = 0; i < COUNT_OF(lists); i++) {
		stage_ok(&s, stage_call(&s, AS_SYSTEM, &users_list, lists[i], &answer));
		assert_non_null(strstr(answer, "'total':1"));
	}
	stage_close(&s);
}

#define LIST(rows, total) \
	"{'items':[" rows "],'total':" total ",'page':1,'per_page':20,'pages':" total \
	",'next_cursor':null}"
#define ONLY_ZOE LIST("{'id':3}", "1")
#define NOBODY LIST("", "0")
#define LISTS(sentence, parameter, answer) \
	ROW_OF("list: " sentence, answers, \
	       (&(struct stage_case){ AS_ROOT, &users_list, "{'fields':'id'," parameter "}", \
				      APP_OK, answer }))
#define TAKEN(sentence, op, json, text) \
	ROW_OF("taken: " sentence, answers, \
	       (&(struct stage_case){ AS_ROOT, op, json, APP_CONFLICT, text }))
#define FINDS(sentence, login) ROW_OF("sign-in: " sentence, finds_zoe, login)

int main(void)
{
	const struct CMUnitTest rows[] = {
		FINDS("the username in another case", "zOE"),
		FINDS("the username in wide letters", "\uFF3A\uFF4F\uFF45"),
		FINDS("the e-mail as it was given", "Zoe.Strasse@Example.com"),
		FINDS("the e-mail in another case", "zOE.strasse@example.COM"),
		FINDS("the e-mail in another encoding", "\uFF5Aoe.\uFB06rasse@example.com"),
		ROW_OF("sign-in: an accent is a difference", finds_nobody, "zo\u00EB"),
		ROW_OF("sign-in: nobody has a name that cannot be seen", finds_nobody, "\u200B"),
		ROW("an account takes another name, and the old one is free", names_move_on),
		ROW_OF("no input has username_key", keys_are_nobodys_input, "username_key"),
		ROW_OF("no input has full_name_folded", keys_are_nobodys_input, "full_name_folded"),

		TAKEN("a username in another case", &users_create,
		      "{'username':'ZOE','email':'z@x.org'}", "username is already taken"),
		TAKEN("an e-mail in another case", &users_create,
		      "{'username':'zoe2','email':'zOE.strasse@EXAMPLE.com'}",
		      "email is already taken"),
		TAKEN("of both the username is told", &users_create,
		      "{'username':'zOE','email':'zoe.strasse@example.com'}",
		      "username is already taken"),
		TAKEN("an e-mail, by a change", &users_update,
		      "{'user_id':2,'email':'zoe.STRASSE@EXAMPLE.com'}", "email is already taken"),

		LISTS("a username in another case", "'username':'ZOE'", ONLY_ZOE),
		LISTS("usernames in another case", "'username__in':'zoe,nobody'", ONLY_ZOE),
		LISTS("other usernames", "'username__ne':'zOE'",
		      "{'items':[{'id':1},{'id':2}],'total':2,'page':1,'per_page':20,"
		      "'pages':1,'next_cursor':null}"),
		LISTS("an e-mail in another case and encoding",
		      "'email':'zoe.\uFB06RASSE@example.com'", ONLY_ZOE),
		LISTS("an accent is a difference", "'username':'zo\u00EB'", NOBODY),
		LISTS("part of an e-mail in another case", "'email__like':'OE.STRASS'", ONLY_ZOE),
		LISTS("part of a username in another case", "'username__like':'OE'", ONLY_ZOE),
		LISTS("q in an e-mail", "'q':'OE.s'", ONLY_ZOE),
		LISTS("q in a full name in another case", "'q':'\u041F\u0401\u0422'", ONLY_ZOE),
		LISTS("q in a full name in another encoding", "'q':'ZO\u00CB '", ONLY_ZOE),
		LISTS("q that is nowhere", "'q':'zoe \u041F'", NOBODY),
	};
	const struct CMUnitTest only_postgres[] = {
		ROW("a database may speak Turkish", a_database_may_speak_turkish),
	};
	return store_run("modules/users/names", rows, COUNT_OF(rows), NULL, NULL) +
	       rows_run("modules/users/names (only postgres)", only_postgres,
			COUNT_OF(only_postgres));
}
