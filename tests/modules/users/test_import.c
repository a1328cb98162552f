/* Accounts of another system: which come in, with what, and what keeps all of them out. */
#include "modules/users/internal.h"

#include <inttypes.h>
#include <string.h>

#include "core/security.h"
#include "core/security/matches.h"
#include "testing/json.h"
#include "testing/stage.h"
#include "testing/store.h"

#define BCRYPT "$2b$04$GDNQTqsO7LDMvNAuPt85b.Py/yEDUf7CEXW/ylxXn10fmd7WogrH6"
/* Five letters are no salt: crypt(3) refuses it. */
#define UNCOMPUTABLE "$y$j75$abcde$PA9Og2Co/veOAh808p1r.6lnuFrFOMBOEIR7M9m8Lz2"
#define SCRYPT \
	"scrypt:16:8:1$q4Zr1mVbK0tXw7Ys$" \
	"dbea5a254ba4fe239720e5520a42a93dfb97f67f2d777c5fa487488e3d6db043" \
	"2b21d048a97ab806d208cc5698f7336ccdb620feb8441c0f20e13c357b9401e4"
#define DEAR "pbkdf2_sha256$2147483648$salt$xaiojIhsZYHY3ssnuv3Uu7Jsz93oA2EphZkioE7BWo4="

struct import_case {
	const char *text; /* JSON lines when it begins with { */
	const char *told; /* what was made of it, or its faults by line */
};

static void tell_nobody(void *arg, int64_t done, int64_t total)
{
	(void)arg;
	assert_true(done <= total);
}

static enum app_err import_with(struct stage *s, const struct users_import *more, const char *text,
				struct users_imported *ret)
{
	struct ctx *c = &s->scene.c;
	struct users_import what = *more;
	ctx_recover(c);
	c->actor = stage_actors[AS_SYSTEM];
	what.form = *text == '{' ? RECORDS_JSON_LINES : RECORDS_CSV;
	what.text = what.form == RECORDS_CSV ? text : json_swapped(c->arena, text);
	what.len = strlen(text);
	if (!what.tell)
		what.tell = tell_nobody;
	return users_import(c, &what, ret);
}

/* "3 accounts, 1 superusers, 1 hashes, 1 passwords", or "2 username: …" for each fault. */
static const char *told(struct stage *s, enum app_err err, const struct users_imported *done)
{
	struct buf out;
	struct ctx *c = &s->scene.c;
	buf_init(&out, c->arena);
	for (const struct records_fault *at = done->faults.first; at; at = at->next) {
		if (!at->fields)
			buf_printf(&out, "%" PRId64 " %s\n", at->line, at->text);
		for (const struct field_fault *field = at->fields; field; field = field->next)
			buf_printf(&out, "%" PRId64 " %s %s\n", at->line,
				   json_swapped(c->arena, field->loc), field->msg);
	}
	if (!err)
		buf_printf(&out,
			   "%" PRId64 " accounts, %" PRId64 " superusers, %" PRId64
			   " hashes, %" PRId64 " passwords\n",
			   done->accounts, done->superusers, done->with_hash, done->with_password);
	return buf_text(&out);
}

static void tells(void **state)
{
	const struct import_case *of = *state;
	struct stage s;
	struct users_imported done;
	stage_open(&s);
	const struct users_import dry = { .is_dry = true };
	enum app_err err = import_with(&s, &dry, of->text, &done);
	assert_string_equal(told(&s, err, &done), of->told);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM users"), 2);
	err = import_with(&s, &(struct users_import){ 0 }, of->text, &done);
	assert_string_equal(told(&s, err, &done), of->told);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM users"), 2 + done.accounts * !err);
	stage_close(&s);
}

#define TELLS(sentence, text, told) ROW_OF(sentence, tells, (&(struct import_case){ text, told }))
#define HEAD "username,email\n"
#define WITH_HASH "username,email,password_hash\n"
#define WITH_PASSWORD "username,email,password\n"

/* ---- what becomes of an account ---- */

static void import_ok(struct stage *s, const char *text)
{
	struct users_imported done;
	enum app_err err = import_with(s, &(struct users_import){ 0 }, text, &done);
	if (err)
		fail_msg("%s%s", ctx_failure_text(&s->scene.c, err), told(s, err, &done));
}

static void accounts_have_all_that_was_given(void **state)
{
	(void)state;
	struct stage s;
	const char *answer;
	stage_open(&s);
	import_ok(&s, "is_superuser,is_active,created_at,full_name,email,username\n"
		      "true,false,2020-02-29T01:02:03.5+01:00,\"\u041F\u0451\u0442\u0440, "
		      "\"\"Zo\u00EB\"\"\",zoe@example.com,zoe\n"
		      ",,,,yan@example.com,yan\n");
	stage_ok(&s, stage_call(&s, AS_ROOT, &users_list, "{'id__in':'3,4','sort':'id'}", &answer));
	assert_string_equal(
		answer,
		"{'items':[{'id':3,'username':'zoe','email':'zoe@example.com','full_name':"
		"'\u041F\u0451\u0442\u0440, \\'Zo\u00EB\\'','is_active':false,'is_superuser':true,"
		"'roles':['member'],'created_at':'2020-02-29T00:02:03.500000Z','updated_at':"
		"'" STAGE_TIME "','kind':'person'},"
		"{'id':4,'username':'yan','email':'yan@example.com','full_name':null,"
		"'is_active':true,'is_superuser':false,'roles':['member'],'created_at':'" STAGE_TIME
		"','updated_at':'" STAGE_TIME
		"','kind':'person'}],'total':2,'page':1,'per_page':20,'pages':1,"
		"'next_cursor':null}");
	stage_close(&s);
}

static void accounts_are_found_by_all_their_names(void **state)
{
	(void)state;
	const char *const queries[] = { "{'q':'\u041F\u0401\u0422'}", "{'q':'ZO\u00CB'}",
					"{'username':'ZOE'}", "{'email__like':'OE@EX'}" };
	struct stage s;
	const char *answer;
	stage_open(&s);
	import_ok(&s, "username,email,full_name\nzoe,zoe@example.com,\u041F\u0451\u0442 zo\u00EB\n"
		      "yan,yan@example.com,Yan\n");
	for (size_t i = 0; i < COUNT_OF(queries); i++) {
		stage_ok(&s, stage_call(&s, AS_ROOT, &users_list, queries[i], &answer));
		assert_non_null(strstr(answer, "'username':'zoe'"));
		assert_non_null(strstr(answer, "'total':1,"));
	}
	stage_close(&s);
}

static bool signs_in(struct stage *s, const char *login, const char *password)
{
	struct user_credentials user;
	stage_ok(s, users_find(&s->scene.c, login, &user));
	return password_matches(&s->scene.c, user.password_hash, password);
}

static void accounts_sign_in_with_their_passwords(void **state)
{
	(void)state;
	struct stage s;
	struct user_credentials user;
	stage_open(&s);
	import_ok(&s, "username,email,password_hash,password\n"
		      "zoe,zoe@example.com," BCRYPT ",\nyan,yan@example.com,,correct horse\n"
		      "eve,eve@example.com,!" BCRYPT ",\nbob,bob@example.com," SCRYPT ",\n");
	assert_true(signs_in(&s, "bob", "staple of the engine"));
	assert_false(signs_in(&s, "bob", "staple of the engines"));
	assert_true(signs_in(&s, "zoe", "staple of the engine"));
	assert_true(signs_in(&s, "yan@example.com", "correct horse"));
	assert_false(signs_in(&s, "eve", "staple of the engine"));
	stage_ok(&s, users_find(&s.scene.c, "zoe", &user));
	assert_string_equal(user.password_hash, BCRYPT);
	stage_ok(&s, users_find(&s.scene.c, "yan", &user));
	assert_false(password_is_outdated(&s.scene.c, user.password_hash));
	stage_ok(&s, users_find(&s.scene.c, "eve", &user));
	assert_null(user.password_hash);
	assert_int_equal(stage_int(&s, "SELECT count(DISTINCT token_version) FROM users"), 5);
	stage_close(&s);
}

/* ---- many ---- */

static const char *many(struct stage *s, int count)
{
	struct buf text;
	buf_init(&text, s->scene.c.arena);
	buf_add_lit(&text, HEAD);
	for (int i = 1; i <= count; i++)
		buf_printf(&text, "many%d,many%d@example.com\n", i, i);
	return buf_text(&text);
}

static void names_are_looked_up_among_many(void **state)
{
	(void)state;
	struct stage s;
	const char *answer;
	struct users_imported done;
	stage_open(&s);
	stage_ok(&s, stage_call(&s, AS_SYSTEM, &users_create,
				"{'username':'MANY1199','email':'Many700@Example.com'}", &answer));
	enum app_err err = import_with(&s, &(struct users_import){ 0 }, many(&s, 1200), &done);
	assert_string_equal(told(&s, err, &done),
			    "701 ['body','email'] Value error, another account has the same\n"
			    "1200 ['body','username'] Value error, another account has the same\n");
	stage_exec(&s, "DELETE FROM users WHERE id = 3");
	import_ok(&s, many(&s, 1200));
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM users"), 1202);
	stage_close(&s);
}

static void one_too_many_is_refused(void **state)
{
	(void)state;
	struct stage s;
	struct users_imported done;
	stage_open(&s);
	enum app_err err = import_with(&s, &(struct users_import){ 0 },
				       many(&s, USERS_IMPORT_MAX + 1), &done);
	assert_int_equal(err, APP_INVALID);
	assert_string_equal(ctx_failure_text(&s.scene.c, err),
			    "there are more than 200000 accounts: part the file");
	stage_close(&s);
}

/* They take memory as the others do, which nobody gets back before the end. */
static void a_record_too_many_is_refused_if_all_are_bad(void **state)
{
	(void)state;
	struct stage s;
	struct buf text;
	struct users_imported done;
	stage_open(&s);
	buf_init(&text, s.scene.c.arena);
	buf_add_lit(&text, HEAD);
	for (int i = 0; i <= USERS_IMPORT_MAX; i++)
		buf_add_lit(&text, "z\n");
	enum app_err err = import_with(&s, &(struct users_import){ 0 }, buf_text(&text), &done);
	assert_int_equal(err, APP_INVALID);
	assert_string_equal(ctx_failure_text(&s.scene.c, err),
			    "there are more than 200000 accounts: part the file");
	assert_int_equal(done.faults.count, USERS_IMPORT_MAX + 1);
	stage_close(&s);
}

/* Somebody takes a name while passwords are hashed. */
static void take_name(void *arg, int64_t done, int64_t total)
{
	struct stage *s = arg;
	(void)done;
	(void)total;
	stage_exec(s, "UPDATE users SET username = 'yan', username_key = 'yan' WHERE id = 2");
}

static void a_name_taken_meanwhile_keeps_all_out(void **state)
{
	(void)state;
	struct stage s;
	struct users_imported done;
	stage_open(&s);
	const struct users_import what = { .tell = take_name, .arg = &s };
	enum app_err err = import_with(&s, &what,
				       WITH_PASSWORD "zoe,zoe@example.com,correct horse\n"
						     "yan,yan@example.com,\n",
				       &done);
	assert_int_equal(err, APP_CONFLICT);
	assert_string_equal(ctx_failure_text(&s.scene.c, err), "username is already taken");
	assert_int_equal(done.faults.count, 0);
	assert_int_equal(stage_int(&s, "SELECT count(*) FROM users"), 2);
	stage_close(&s);
}

#define BOTH "Value error, there is a password_hash, too: one of both is enough\n"
#define DEAR_TEXT "Value error, checking it takes longer than a sign-in may\n"
#define BROKEN_TEXT "Value error, it begins as a hash that can be checked, and goes on otherwise\n"
#define UNKNOWN_TEXT \
	"Value error, it is no hash that can be checked: argon2, bcrypt, PBKDF2, scrypt, " \
	"sha512-crypt, sha256-crypt and yescrypt can\n"
#define NAMED_TEXT \
	"Value error, the password must not contain the username, the e-mail address or the name " \
	"of this service\n"
#define COMMON_TEXT \
	"Value error, the password is one of the 10,000 commonest: whoever guesses tries those " \
	"first\n"

int main(void)
{
	const struct CMUnitTest rows[] = {
		TELLS("accounts with a hash, a password and nothing",
		      "username,email,is_superuser,password_hash,password\n"
		      "zoe,zoe@example.com,true," BCRYPT ",\n"
		      "yan,yan@example.com,,,correct horse\neve,eve@example.com,,,\n",
		      "3 accounts, 1 superusers, 1 hashes, 1 passwords\n"),
		TELLS("JSON lines",
		      "{'username':'zoe','email':'zoe@example.com','password_hash':'" BCRYPT "'}\n"
		      "{'username':'yan','email':'yan@example.com','password':null,"
		      "'password_hash':null,'full_name':null,'created_at':null}\n",
		      "2 accounts, 0 superusers, 1 hashes, 0 passwords\n"),
		TELLS("no accounts", HEAD, "0 accounts, 0 superusers, 0 hashes, 0 passwords\n"),
		TELLS("hashes that nobody signs in with",
		      WITH_HASH "zoe,zoe@example.com,!\nyan,yan@example.com,*\n",
		      "2 accounts, 0 superusers, 0 hashes, 0 passwords\n"),
		TELLS("names that accounts have already, in any case",
		      HEAD "ADA,new@example.com\nzoe,zoe@example.com\nnew,ROOT@Example.COM\n",
		      "2 ['body','username'] Value error, another account has the same\n"
		      "4 ['body','email'] Value error, another account has the same\n"),
		TELLS("names that are there twice, in any case",
		      HEAD "zoe,zoe@example.com\nZOE,eve@example.com\nyan,Zoe@Example.com\n",
		      "3 ['body','username'] Value error, line 2 has the same\n"
		      "4 ['body','email'] Value error, line 2 has the same\n"),
		TELLS("the rules of any account",
		      "username,email,full_name,is_active,created_at\n"
		      "z,zoe@example.com,,,\nyan,yan,,,\n_eve,eve@example.com,,perhaps,\n"
		      "eve,eve@example.com,\"a\nb\",,\nbob,bob@example.com,,,yesterday\n",
		      "2 ['body','username'] String should have at least 3 characters\n"
		      "3 ['body','email'] value is not a valid email address: An email address "
		      "must have an @-sign.\n"
		      "4 ['body','username'] String should match pattern "
		      "'^[A-Za-z0-9][A-Za-z0-9_.-]*$'\n"
		      "4 ['body','is_active'] Input should be a valid boolean, unable to interpret "
		      "input\n"
		      "5 ['body','full_name'] String should match pattern "
		      "'^[^\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]*$'\n"
		      "7 ['body','created_at'] Input should be a valid datetime or date, "
		      "invalid character in year\n"),
		TELLS("passwords that are too short or have a name in them",
		      WITH_PASSWORD "zoe,zoe@example.com,short\nyanni,y@example.com,yanni1234\n"
				    "eve,evening@example.com,my evening\n",
		      "2 ['body','password'] String should have at least 8 characters\n"
		      "3 ['body','password'] " NAMED_TEXT "4 ['body','password'] " NAMED_TEXT),
		TELLS("S26 common passwords",
		      WITH_PASSWORD "zoe,zoe@example.com,correct horse\n"
				    "yan,yan@example.com,Football\n"
				    "eve,eve@example.com,1q2w3e4r\n",
		      "3 ['body','password'] " COMMON_TEXT "4 ['body','password'] " COMMON_TEXT),
		TELLS("hashes that no sign-in could check",
		      WITH_HASH "zoe,zoe@example.com," DEAR "\n"
				"yan,yan@example.com,$2b$04$GDNQTqsO7LDMvNAuPt85b.\n"
				"eve,eve@example.com,5f4dcc3b5aa765d61d8327deb882cf99\n"
				"bob,bob@example.com," UNCOMPUTABLE "\n",
		      "2 ['body','password_hash'] " DEAR_TEXT
		      "3 ['body','password_hash'] " BROKEN_TEXT
		      "4 ['body','password_hash'] " UNKNOWN_TEXT
		      "5 ['body','password_hash'] " BROKEN_TEXT),
		TELLS("a hash and a password",
		      "username,email,password_hash,password\nzoe,zoe@example.com," BCRYPT
		      ",correct horse\n",
		      "2 ['body','password'] " BOTH),
		TELLS("a column that there is not", "username,email,id\nzoe,zoe@example.com,7\n",
		      "1 there is no column 'id'; there are username, email, full_name, "
		      "password_hash, password, is_active, is_superuser, created_at\n"),
		TELLS("a line that cannot be read", HEAD "z,z\nzoe,\"zoe@example.com\n",
		      "2 ['body','username'] String should have at least 3 characters\n"
		      "2 ['body','email'] value is not a valid email address: An email address "
		      "must have an @-sign.\n"
		      "3 a quotation mark is opened and never closed; nothing behind it was "
		      "read\n"),
		ROW("accounts have all that was given", accounts_have_all_that_was_given),
		ROW("accounts are found by all their names", accounts_are_found_by_all_their_names),
		ROW("accounts sign in with their passwords", accounts_sign_in_with_their_passwords),
		ROW("names are looked up among many", names_are_looked_up_among_many),
		ROW("an account too many is refused", one_too_many_is_refused),
		ROW("a record too many is refused if all of them are bad",
		    a_record_too_many_is_refused_if_all_are_bad),
		ROW("a name that is taken meanwhile keeps all out",
		    a_name_taken_meanwhile_keeps_all_out),
	};
	return store_run("modules/users/import", rows, COUNT_OF(rows), NULL, NULL);
}
