/*
 * Inputs of the users module: each wrong value and its exact fault; nothing may pass that is not
 * listed.
 */
#include "modules/users/internal.h"
#include "testing/stage.h"

#define NEW(members) "{'username':'grace','email':'grace@example.com'" members "}"
#define FAULT(type, field, msg, more) \
	"{'type':'" type "','loc':['body','" field "'],'msg':'" msg "'" more "}"
#define NO_STRING(field, input) \
	FAULT("string_type", field, "Input should be a valid string", ",'input':" input)
#define NO_BOOL(field, input) \
	FAULT("bool_type", field, "Input should be a valid boolean", ",'input':" input)
#define NO_SECRET(field) FAULT("string_type", field, "Input should be a valid string", "")
#define EXTRA(field, input) \
	FAULT("extra_forbidden", field, "Extra inputs are not permitted", ",'input':" input)
#define EXTRA_SECRET(field) FAULT("extra_forbidden", field, "Extra inputs are not permitted", "")
#define SHORT(field, n, more) \
	FAULT("string_too_short", field, "String should have at least " n " characters", \
	      more ",'ctx':{'min_length':" n "}")
#define LONG(field, n, more) \
	FAULT("string_too_long", field, "String should have at most " n " characters", \
	      more ",'ctx':{'max_length':" n "}")
#define NO_MATCH(field, pattern, input) \
	FAULT("string_pattern_mismatch", field, "String should match pattern \"" pattern "\"", \
	      ",'input':'" input "','ctx':{'pattern':'" pattern "'}")
#define USERNAME_PATTERN "^[A-Za-z0-9][A-Za-z0-9_.-]*$"
#define BAD_USERNAME(input) NO_MATCH("username", USERNAME_PATTERN, input)
#define NAME_PATTERN "^[^\\\\x00-\\\\x1f\\\\x7f-\\\\x9f\\\\u2028\\\\u2029]*$"
#define BAD_NAME(input) NO_MATCH("full_name", NAME_PATTERN, input)
#define NO_AT(field, input) \
	FAULT("value_error", field, \
	      "value is not a valid email address: An email address must have an @-sign.", \
	      ",'input':'" input "','ctx':{'reason':'An email address must have an @-sign.'}")

/* Up to seven faults, as one list. */
#define LIST_1(a) a
#define LIST_2(a, ...) a "," LIST_1(__VA_ARGS__)
#define LIST_3(a, ...) a "," LIST_2(__VA_ARGS__)
#define LIST_4(a, ...) a "," LIST_3(__VA_ARGS__)
#define LIST_5(a, ...) a "," LIST_4(__VA_ARGS__)
#define LIST_6(a, ...) a "," LIST_5(__VA_ARGS__)
#define LIST_7(a, ...) a "," LIST_6(__VA_ARGS__)
#define LIST_PICK(_1, _2, _3, _4, _5, _6, _7, name, ...) name
#define LIST(...) \
	LIST_PICK(__VA_ARGS__, LIST_7, LIST_6, LIST_5, LIST_4, LIST_3, LIST_2, LIST_1, ) \
	(__VA_ARGS__)
#define BAD(sentence, who, op, json, ...) \
	CASE(sentence, who, op, json, APP_INVALID, "[" LIST(__VA_ARGS__) "]")

#define TEN "abcdefghij"
#define FIFTY TEN TEN TEN TEN TEN
#define HUNDRED FIFTY FIFTY

static void takes_password(void **state)
{
	struct stage s;
	stage_open(&s);
	const char *answer;
	const char *json = arena_printf(&s.scene.arena, NEW(",'password':'%s'"),
					(const char *)*state);
	stage_ok(&s, stage_call(&s, AS_ROOT, &users_create, json, &answer));
	stage_close(&s);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		BAD("users.create wants username and e-mail", AS_ROOT, &users_create,
		    "{'password':'tell nobody'}",
		    FAULT("missing", "username", "Field required", ",'input':{}"),
		    FAULT("missing", "email", "Field required", ",'input':{}")),
		BAD("users.create reports every wrong type at once, secrets without input", AS_ROOT,
		    &users_create,
		    "{'username':1,'email':true,'full_name':[],'password':12345678,"
		    "'is_active':1,'is_superuser':'true'}",
		    NO_STRING("username", "1"), NO_STRING("email", "true"),
		    NO_STRING("full_name", "[]"), NO_SECRET("password"), NO_BOOL("is_active", "1"),
		    NO_BOOL("is_superuser", "'true'")),
		BAD("users.create refuses null but for full_name", AS_ROOT, &users_create,
		    "{'username':null,'email':null,'full_name':null,'password':null,"
		    "'is_active':null,'is_superuser':null}",
		    NO_STRING("username", "null"), NO_STRING("email", "null"),
		    NO_SECRET("password"), NO_BOOL("is_active", "null"),
		    NO_BOOL("is_superuser", "null")),
		BAD("users.create takes no id, hash, version or times", AS_ROOT, &users_create,
		    NEW(",'id':7,'password_hash':'x','token_version':9,'created_at':1,"
			"'updated_at':1"),
		    EXTRA("id", "7"), EXTRA_SECRET("password_hash"), EXTRA("token_version", "9"),
		    EXTRA("created_at", "1"), EXTRA("updated_at", "1")),
		BAD("a username has three characters", AS_ROOT, &users_create,
		    "{'username':'ab','email':'ab@example.com'}",
		    SHORT("username", "3", ",'input':'ab'")),
		BAD("a username has at most fifty characters", AS_ROOT, &users_create,
		    "{'username':'" FIFTY "x','email':'ab@example.com'}",
		    LONG("username", "50", ",'input':'" FIFTY "x'")),
		BAD("a username has no space", AS_ROOT, &users_create,
		    "{'username':'a b c','email':'ab@example.com'}", BAD_USERNAME("a b c")),
		BAD("a username is never an e-mail", AS_ROOT, &users_create,
		    "{'username':'ada@example.com','email':'ab@example.com'}",
		    BAD_USERNAME("ada@example.com")),
		BAD("a username starts with a letter or digit", AS_ROOT, &users_create,
		    "{'username':'-abc','email':'ab@example.com'}", BAD_USERNAME("-abc")),
		BAD("a username does not end with a line feed", AS_ROOT, &users_create,
		    "{'username':'grace\\n','email':'ab@example.com'}", BAD_USERNAME("grace\\n")),
		BAD("an e-mail has an at sign", AS_ROOT, &users_create,
		    "{'username':'grace','email':'grace'}", NO_AT("email", "grace")),
		BAD("a full name has no line feed", AS_ROOT, &users_create,
		    NEW(",'full_name':'G\\r\\nBcc: x'"), BAD_NAME("G\\r\\nBcc: x")),
		BAD("a full name does not end with a line feed", AS_ROOT, &users_create,
		    NEW(",'full_name':'G\\n'"), BAD_NAME("G\\n")),
		BAD("a full name has no control character beyond ASCII", AS_ROOT, &users_create,
		    NEW(",'full_name':'G\\u009b1m'"),
		    BAD_NAME("G\xc2\x9b"
			     "1m")),
		BAD("a full name has no line separator of Unicode", AS_ROOT, &users_create,
		    NEW(",'full_name':'G\\u2028'"), BAD_NAME("G\\u2028")),
		BAD("a full name has at most two hundred characters", AS_ROOT, &users_create,
		    NEW(",'full_name':'" HUNDRED HUNDRED "x'"),
		    LONG("full_name", "200", ",'input':'" HUNDRED HUNDRED "x'")),
		BAD("S25 a password of seven characters is too short", AS_ROOT, &users_create,
		    NEW(",'password':'1234567'"), SHORT("password", "8", "")),
		BAD("a password of 129 characters is too long", AS_ROOT, &users_create,
		    NEW(",'password':'" HUNDRED TEN TEN "123456789'"), LONG("password", "128", "")),
		BAD("S25 so is one of four letters with four marks", AS_ROOT, &users_create,
		    NEW(",'password':'a\u0308e\u0301o\u0308u\u0308'"),
		    FAULT("value_error", "password",
			  "Value error, the password must have at least 8 characters, each with "
			  "its marks counted once",
			  ",'ctx':{'error':{}}")),
		ROW_OF("S25 a password of 64 characters will do", takes_password,
		       TEN TEN TEN TEN TEN TEN "1234"),
		ROW_OF("a password of 8 characters will do", takes_password, "87654xyz"),
		ROW_OF("S25 a password of 128 characters will do", takes_password,
		       HUNDRED TEN TEN "12345678"),
		ROW_OF("S25 a password may hold spaces and any script", takes_password,
		       " \xe5\xaf\x86\xe7\xa0\x81 \xf0\x9f\x94\x91 k\xc3\xb6nig "),
		BAD("users.update refuses null but for full_name", AS_ROOT, &users_update,
		    "{'user_id':2,'username':null,'email':null,'full_name':null,"
		    "'password':null,'is_active':null,'is_superuser':null}",
		    NO_STRING("username", "null"), NO_STRING("email", "null"),
		    NO_SECRET("password"), NO_BOOL("is_active", "null"),
		    NO_BOOL("is_superuser", "null")),
		BAD("users.update reports every wrong type at once", AS_ROOT, &users_update,
		    "{'user_id':true,'username':1,'email':{},'full_name':2.5,'password':1,"
		    "'is_active':0,'is_superuser':'no'}",
		    FAULT("int_type", "user_id", "Input should be a valid integer",
			  ",'input':true"),
		    NO_STRING("username", "1"), NO_STRING("email", "{}"),
		    NO_STRING("full_name", "2.5"), NO_SECRET("password"), NO_BOOL("is_active", "0"),
		    NO_BOOL("is_superuser", "'no'")),
		BAD("users.update takes no hash, version or times", AS_ROOT, &users_update,
		    "{'user_id':2,'id':1,'password_hash':'x','token_version':1,"
		    "'created_at':'" STAGE_TIME "'}",
		    EXTRA("id", "1"), EXTRA_SECRET("password_hash"), EXTRA("token_version", "1"),
		    EXTRA("created_at", "'" STAGE_TIME "'")),
		BAD("users.update_me takes no role, name, state or id", AS_ADA, &users_update_me,
		    "{'is_superuser':true,'username':'root2','is_active':true,'id':1}",
		    EXTRA("is_superuser", "true"), EXTRA("username", "'root2'"),
		    EXTRA("is_active", "true"), EXTRA("id", "1")),
		BAD("users.update_me takes no password, and does not repeat it", AS_ADA,
		    &users_update_me, "{'password_hash':'x'}", EXTRA_SECRET("password_hash")),
		BAD("users.update_me takes no e-mail, which a letter changes", AS_ADA,
		    &users_update_me, "{'email':'ada@example.org'}",
		    EXTRA("email", "'ada@example.org'")),
		BAD("users.update_me refuses wrong types", AS_ADA, &users_update_me,
		    "{'full_name':7}", NO_STRING("full_name", "7")),
		BAD("users.change_password wants both passwords", AS_ADA, &users_change_password,
		    "{}", FAULT("missing", "current_password", "Field required", ",'input':{}"),
		    FAULT("missing", "new_password", "Field required", ",'input':{}")),
		BAD("users.change_password echoes no secret of a wrong type", AS_ADA,
		    &users_change_password, "{'current_password':1,'new_password':null}",
		    NO_SECRET("current_password"), NO_SECRET("new_password")),
		BAD("users.change_password refuses a short password", AS_ADA,
		    &users_change_password,
		    "{'current_password':'" ADA_PASSWORD "','new_password':'short'}",
		    SHORT("new_password", "8", "")),
		BAD("users.set_password wants a name and a password", AS_SYSTEM,
		    &users_set_password, "{'login':'','password':'short'}",
		    FAULT("string_too_short", "login", "String should have at least 1 character",
			  ",'input':'','ctx':{'min_length':1}"),
		    SHORT("password", "8", "")),
	};
	return rows_run("modules/users/schemas", rows, COUNT_OF(rows));
}
