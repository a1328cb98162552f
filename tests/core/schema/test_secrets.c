/*
 * Secrets are never shown: not in faults, not in answers, however the input is wrong. Also absent
 * and null.
 */
#include "core/schema/bind_case.h"
#include "core/schema/chain.h"

#define SECRET "hunter2-s3cret"

struct card {
	const char *owner, *pin;
};
SCHEMA(card,
	FIELD(struct card, owner),
	FIELD(struct card, pin, .secret = true, .max_len = 4));

struct account {
	const char *email, *password, *token_type;
	int64_t code;
	struct card card;
	struct array cards;
};
SCHEMA(account,
	FIELD(struct account, email, .required = true, .format = FORMAT_EMAIL),
	FIELD(struct account, password, .required = true, .secret = true, .min_len = 8,
	      .max_len = 10, .pattern = "^[0-9]+$"),
	FIELD(struct account, token_type),
	FIELD(struct account, code, .secret = true, MIN(1), MAX(9)),
	FIELD(struct account, card, .object = &card_schema),
	FIELD(struct account, cards, .object = &card_schema));

struct token {
	const char *token;
};
SCHEMA_OF(token_schema, "token", struct token,
	FIELD(struct token, token, .in = IN_QUERY, .secret = true, .format = FORMAT_UUID));

struct hidden {
	struct card card;
};
SCHEMA(hidden, FIELD(struct hidden, card, .object = &card_schema, .secret = true));

struct change {
	const char *current_password, *new_password;
};
SCHEMA(change,
	FIELD(struct change, current_password, .required = true, .secret = true),
	FIELD(struct change, new_password, .required = true, .secret = true));

/* Of a schema that is far down. */
static struct chain chain;

/* Whatever the faults are, the secret is not in them, nor in the sentence. */
static void never_shown(void **state)
{
	const struct bind_case *row = *state;
	struct input input = row->input;
	struct scene scene;
	scene_open(&scene);
	if (input.body)
		input = body_of(&scene, input.body);
	assert_int_equal(schema_bind(&scene.c, row->schema, &input, &bound), APP_INVALID);
	assert_non_null(scene.c.failure.fields);
	assert_null(strstr(faults_text(&scene), SECRET));
	assert_null(strstr(scene.c.failure.text, SECRET));
	scene_close(&scene);
}

#define HIDDEN_ROW(sentence, schema_, body_) \
	ROW_OF(sentence, never_shown, \
	       (&(struct bind_case){ .schema = &(schema_), .input = { .body = (body_) } }))

struct patch {
	struct maybe_text name;
	struct maybe_int age;
	struct maybe_bool on;
	struct maybe_real rate;
	struct maybe_instant at;
	const char *note;
	struct raw_json raw;
};
SCHEMA(patch,
	FIELD(struct patch, name, .nullable = true),
	FIELD(struct patch, age, .nullable = true),
	FIELD(struct patch, on),
	FIELD(struct patch, rate, .nullable = true),
	FIELD(struct patch, at, .nullable = true),
	FIELD(struct patch, note, .nullable = true),
	FIELD(struct patch, raw, .nullable = true));

static void bind_patch(struct scene *scene, const char *body, struct patch *ret)
{
	struct input input = body_of(scene, body);
	assert_int_equal(schema_bind(&scene->c, &patch_schema, &input, ret), APP_OK);
}

static void absent_null_and_given(void **state)
{
	(void)state;
	struct patch got;
	struct scene scene;
	scene_open(&scene);
	bind_patch(&scene, "{}", &got);
	assert_true(got.name.is == ABSENT && got.age.is == ABSENT && got.at.is == ABSENT);
	bind_patch(&scene, "{'name':null,'age':null,'rate':null,'at':null,'note':null,'raw':null}",
		   &got);
	assert_true(got.name.is == IS_NULL && got.age.is == IS_NULL && got.rate.is == IS_NULL);
	assert_true(got.at.is == IS_NULL && !got.note && !got.raw.len && got.on.is == ABSENT);
	bind_patch(&scene,
		   "{'name':'n','age':0,'on':false,'rate':1.5,'at':'1970-01-01T00:00:00Z',"
		   "'note':'','raw':[]}",
		   &got);
	assert_true(got.name.is == GIVEN && strcmp(got.name.value, "n") == 0);
	assert_true(got.age.is == GIVEN && got.age.value == 0 && got.on.is == GIVEN &&
		    !got.on.value);
	assert_true(got.rate.is == GIVEN && got.rate.value == 1.5 && got.at.is == GIVEN);
	assert_string_equal(got.note, "");
	assert_string_equal(got.raw.text, "[]");
	scene_close(&scene);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		HIDDEN_ROW("a secret too long", account_schema,
			   "{'email':'a@b.de','password':'" SECRET "'}"),
		HIDDEN_ROW("a secret of the wrong type", account_schema,
			   "{'email':'a@b.de','password':['" SECRET "']}"),
		HIDDEN_ROW("a secret number that is a text", account_schema,
			   "{'code':'" SECRET "'}"),
		HIDDEN_ROW("missing beside a secret", account_schema, "{'password':'" SECRET "'}"),
		HIDDEN_ROW("missing beside a secret inside an object", account_schema,
			   "{'card':{'owner':'o','pin':'" SECRET "'}}"),
		HIDDEN_ROW("missing beside secrets inside a list", account_schema,
			   "{'cards':[{'pin':'1'},{'pin':'" SECRET "'}]}"),
		HIDDEN_ROW("an unknown member that holds one", account_schema,
			   "{'email':'a@b.de','user':{'password':'" SECRET "','x':1}}"),
		HIDDEN_ROW("a misspelt secret", account_schema,
			   "{'email':'a@b.de','pasword':'" SECRET "'}"),
		HIDDEN_ROW("a secret in the wrong case", account_schema,
			   "{'email':'a@b.de','Password':'" SECRET "'}"),
		HIDDEN_ROW("a secret with more to its name", account_schema,
			   "{'email':'a@b.de','new_password':'" SECRET "'}"),
		HIDDEN_ROW("a secret by the name that others give it", change_schema,
			   "{'old_password':'" SECRET "'}"),
		HIDDEN_ROW("a secret that is repeated", change_schema,
			   "{'new_password':'1','confirmPassword':'" SECRET "'}"),
		HIDDEN_ROW("a password that nobody asks for", patch_schema,
			   "{'password':'" SECRET "'}"),
		HIDDEN_ROW("one of another name, within what nobody asks for", patch_schema,
			   "{'user':{'newPassword':'" SECRET "'}}"),
		HIDDEN_ROW("a body that is a text", account_schema, "'" SECRET "'"),
		HIDDEN_ROW("a body that is a list", account_schema, "[{'password':'" SECRET "'}]"),
		HIDDEN_ROW("a body that is no JSON", account_schema, "{'password':'" SECRET "',}"),
		HIDDEN_ROW("everything in a secret object", hidden_schema,
			   "{'card':{'owner':1,'pin':'" SECRET "','x':'" SECRET "'}}"),
		HIDDEN_ROW("a secret of a schema forty deep", chain.links[0],
			   "{'right':[{'pin':'" SECRET "'}]}"),
		ROW_OF("a secret in the query", never_shown,
		       (&(struct bind_case){ .schema = &token_schema,
					     .input = { .query = PAIRS(PAIR("token", SECRET)) } })),
		ROW_OF("a secret given twice in the query", never_shown,
		       (&(struct bind_case){ .schema = &token_schema,
					     .input = { .query = PAIRS(PAIR("token", SECRET),
								       PAIR("token", SECRET)) } })),
		BODY_ROW("a fault of a secret has no input", account_schema,
			 "{'email':'a@b.de','password':'short'}",
			 "[{'type':'string_too_short','loc':['body','password'],"
			 "'msg':'String should have at least 8 characters',"
			 "'ctx':{'min_length':8}}]"),
		BODY_ROW("what encloses is shown without its secrets", account_schema,
			 "{'password':'12345678','token_type':'t','card':{'pin':'1',"
			 "'owner':'o'}}",
			 "[{'type':'missing','loc':['body','email'],'msg':'Field required',"
			 "'input':{'token_type':'t','card':{'owner':'o'}}}]"),
		BODY_ROW("a missing secret", account_schema, "{'email':'a@b.de'}",
			 "[{'type':'missing','loc':['body','password'],'msg':'Field required',"
			 "'input':{'email':'a@b.de'}}]"),
		BODY_ROW("an unknown member is shown", account_schema,
			 "{'email':'a@b.de','password':'12345678','is_admin':true}",
			 "[{'type':'extra_forbidden','loc':['body','is_admin'],"
			 "'msg':'Extra inputs are not permitted','input':true}]"),
		PAIRS_ROW("a secret's format is told without its letters", token_schema, query,
			  PAIRS(PAIR("token", "zz")),
			  "[{'type':'uuid_parsing','loc':['query','token'],"
			  "'msg':'Input should be a valid UUID, invalid character',"
			  "'ctx':{'error':'invalid character'}}]"),
		ROW("a patch tells absent, null and given apart", absent_null_and_given),
		BODY_ROW("null where the field is not nullable", patch_schema, "{'on':null}",
			 "[{'type':'bool_type','loc':['body','on'],"
			 "'msg':'Input should be a valid boolean','input':null}]"),
	};
	chain_make(&chain, (struct field)FIELD(struct chain_link, pin, .secret = true));
	return rows_run("secrets", rows, COUNT_OF(rows));
}
