/* E-mail addresses, UUIDs and URLs: what is accepted, and the reason of each refusal. */
#include "core/json.h"
#include "core/schema/bind_case.h"

struct text {
	const char *t;
};
SCHEMA_OF(email_schema, "email", struct text, FIELD(struct text, t, .format = FORMAT_EMAIL));
SCHEMA_OF(secret_schema, "secret", struct text,
	FIELD(struct text, t, .format = FORMAT_EMAIL, .secret = true));
SCHEMA_OF(uuid_schema, "uuid", struct text, FIELD(struct text, t, .format = FORMAT_UUID));

/* One that leaves no room for the spelling that is stored. */
SCHEMA_OF(short_schema, "short", struct text,
	FIELD(struct text, t, .format = FORMAT_UUID, .max_len = 32));
SCHEMA_OF(url_schema, "url", struct text, FIELD(struct text, t, .format = FORMAT_URI));

struct email_case {
	const char *address;
	const char *reason; /* NULL: accepted */
};

static enum app_err bind_text(struct scene *scene, const struct schema *schema, const char *text,
			      struct text *ret)
{
	struct buf body;
	buf_init(&body, &scene->arena);
	buf_add_lit(&body, "{'t':");
	json_swap_bytes(body.data, body.len);
	json_add_text(&body, text, strlen(text));
	buf_add_char(&body, '}');
	struct input input = { .body = body.data, .body_len = body.len };
	return schema_bind(&scene->c, schema, &input, ret);
}

static void email_row(void **state)
{
	const struct email_case *row = *state;
	struct scene scene;
	struct text got;
	scene_open(&scene);
	enum app_err err = bind_text(&scene, &email_schema, row->address, &got);
	if (!row->reason) {
		assert_int_equal(err, APP_OK);
		assert_string_equal(got.t, row->address);
	} else {
		const char *msg = arena_printf(
			&scene.arena, "value is not a valid email address: %s", row->reason);
		assert_int_equal(err, APP_INVALID);
		assert_string_equal(scene.c.failure.fields->type, "value_error");
		assert_string_equal(scene.c.failure.fields->msg, msg);
	}
	scene_close(&scene);
}

#define EMAIL(address) \
	ROW_OF("e-mail " #address, email_row, (&(struct email_case){ address, NULL }))
#define NO_EMAIL(address, reason) \
	ROW_OF("no e-mail " #address, email_row, (&(struct email_case){ address, reason }))

#define X10 "xxxxxxxxxx"
#define X60 X10 X10 X10 X10 X10 X10
#define LOCAL_64 X60 "xxxx"
#define LABEL_63 X60 "xxx"

struct uuid_case {
	const char *text, *want;
};

static void uuid_row(void **state)
{
	const struct uuid_case *row = *state;
	struct scene scene;
	struct text got;
	scene_open(&scene);
	assert_int_equal(bind_text(&scene, &uuid_schema, row->text, &got), APP_OK);
	assert_string_equal(got.t, row->want);
	scene_close(&scene);
}

#define CANONICAL "a1a2a3a4-b1b2-c1c2-d1d2-d3d4d5d6d7d8"
#define UUID(sentence, text) ROW_OF(sentence, uuid_row, (&(struct uuid_case){ text, CANONICAL }))

static void secret_is_not_quoted(void **state)
{
	(void)state;
	struct scene scene;
	struct text got;
	scene_open(&scene);
	assert_int_equal(bind_text(&scene, &secret_schema, "a;b@c.de", &got), APP_INVALID);
	assert_string_equal(
		faults_text(&scene),
		"[{'type':'value_error','loc':['body','t'],"
		"'msg':'value is not a valid email address: The email address contains invalid "
		"characters before the @-sign.','ctx':{'reason':'The email address contains "
		"invalid characters before the @-sign.'}}]");
	scene_close(&scene);
}

#define UUID_FAULT(why, input) \
	FAULT_CTX("uuid_parsing", "['body','t']", "Input should be a valid UUID, " why, input, \
		  "{'error':'" why "'}")
#define URL_FAULT(why, input) \
	FAULT_CTX("url_parsing", "['body','t']", "Input should be a valid URL, " why, input, \
		  "{'error':'" why "'}")

#define SCHEMES "\"http\" or \"https\""

int main(void)
{
	const struct CMUnitTest rows[] = {
		BODY_ROW("what is stored keeps the other rules, too", short_schema,
			 "{'t':'6ba7b8109dad11d180b400c04fd430c8'}",
			 "[{'type':'string_too_long','loc':['body','t'],"
			 "'msg':'String should have at most 32 characters',"
			 "'input':'6ba7b8109dad11d180b400c04fd430c8','ctx':{'max_length':32}}]"),
		EMAIL("a@b.de"),
		EMAIL("Ada.Lovelace+tag@Example.COM"),
		EMAIL("o'brien_!#$%&*/=?^`{|}~-@sub.example-site.org"),
		EMAIL("x@1.2.3.example"),
		EMAIL("x@xn--bcher-kva.example"),
		EMAIL(LOCAL_64 "@b.de"),
		EMAIL("x@" LABEL_63 ".de"),
		EMAIL("abcdef@" LABEL_63 "." LABEL_63 "." LABEL_63 "." X10 X10 X10 X10 X10 "xxxxx"),
		NO_EMAIL("", "An email address must have an @-sign."),
		NO_EMAIL("a", "An email address must have an @-sign."),
		NO_EMAIL("a@b@c.de",
			 "The email address is not valid. It must have exactly one @-sign."),
		NO_EMAIL("@b.de", "There must be something before the @-sign."),
		NO_EMAIL("a@", "There must be something after the @-sign."),
		NO_EMAIL("a b@c.de",
			 "The email address contains invalid characters before the @-sign: SPACE."),
		NO_EMAIL("a;b@c.de",
			 "The email address contains invalid characters before the @-sign: ';'."),
		NO_EMAIL("\"a\"@c.de",
			 "The email address contains invalid characters before the @-sign: '\"'."),
		NO_EMAIL("ä@c.de", "The email address contains invalid characters before the "
				   "@-sign: only ASCII letters, "
				   "digits and signs are supported."),
		NO_EMAIL("a\r\nBcc: x@c.de", "The email address contains invalid characters before "
					     "the @-sign: only ASCII letters, "
					     "digits and signs are supported."),
		NO_EMAIL("a@c.de\r\nBcc: x", "The part after the @-sign contains invalid "
					     "characters: only ASCII letters, digits and "
					     "signs are supported."),
		NO_EMAIL("a@c_d.de", "The part after the @-sign contains invalid characters: '_'."),
		NO_EMAIL("a@[127.0.0.1]",
			 "The part after the @-sign contains invalid characters: '['."),
		NO_EMAIL(".a@b.de", "An email address cannot start with a period."),
		NO_EMAIL("a.@b.de",
			 "An email address cannot have a period immediately before the @-sign."),
		NO_EMAIL("a..b@b.de", "An email address cannot have two periods in a row."),
		NO_EMAIL("a@.b.de",
			 "An email address cannot have a period immediately after the @-sign."),
		NO_EMAIL("a@b.de.", "An email address cannot end with a period."),
		NO_EMAIL("a@b..de", "An email address cannot have two periods in a row."),
		NO_EMAIL("a@-b.de",
			 "An email address cannot have a hyphen immediately after the @-sign."),
		NO_EMAIL("a@b.de-", "An email address cannot end with a hyphen."),
		NO_EMAIL("a@b-.de",
			 "An email address cannot have a period and a hyphen next to each other."),
		NO_EMAIL("a@localhost",
			 "The part after the @-sign is not valid. It should have a period."),
		NO_EMAIL("a@127.0.0.1",
			 "The part after the @-sign is not valid. It is not within a valid "
			 "top-level domain."),
		NO_EMAIL(LOCAL_64 "y@b.de",
			 "The email address is too long before the @-sign (1 character too many)."),
		NO_EMAIL("x@" LABEL_63 "yy.de",
			 "After the @-sign, periods cannot be separated by so many "
			 "characters (2 characters too many)."),
		NO_EMAIL("abcdefg@" LABEL_63 "." LABEL_63 "." LABEL_63 "." X10 X10 X10 X10 X10
			 "xxxxx",
			 "The email address is too long (1 character too many)."),
		BODY_ROW("an e-mail's fault as JSON", email_schema, "{'t':'a'}",
			 "[{'type':'value_error','loc':['body','t'],"
			 "'msg':'value is not a valid email address: An email address must have an "
			 "@-sign.','input':'a','ctx':{'reason':'An email address must have an "
			 "@-sign.'}}]"),
		BODY_ROW("a number is no e-mail", email_schema, "{'t':1}",
			 "[{'type':'string_type','loc':['body','t'],"
			 "'msg':'Input should be a valid string','input':1}]"),
		ROW("a secret's letters are not quoted", secret_is_not_quoted),
		UUID("a UUID with hyphens", CANONICAL),
		UUID("a UUID in upper case", "A1A2A3A4-B1B2-C1C2-D1D2-D3D4D5D6D7D8"),
		UUID("a UUID without hyphens", "a1a2a3a4b1b2c1c2d1d2d3d4d5d6d7d8"),
		UUID("a UUID in braces", "{" CANONICAL "}"),
		UUID("a UUID as a URN", "urn:uuid:" CANONICAL),
		BODY_ROW("uuid too short", uuid_schema, "{'t':'abc'}",
			 UUID_FAULT("invalid length: expected length 32 for simple format, found 3",
				    "'abc'")),
		BODY_ROW("uuid with a letter beyond f", uuid_schema, "{'t':'zz'}",
			 UUID_FAULT("invalid character: found `z` at 1", "'zz'")),
		BODY_ROW("uuid with an é", uuid_schema, "{'t':'{é}'}",
			 UUID_FAULT("invalid character: found `é` at 2", "'{é}'")),
		BODY_ROW("uuid with four groups", uuid_schema,
			 "{'t':'a1a2a3a4-b1b2-c1c2-d1d2d3d4d5d6d7d8'}",
			 UUID_FAULT("invalid group count: expected 5, found 4",
				    "'a1a2a3a4-b1b2-c1c2-d1d2d3d4d5d6d7d8'")),
		BODY_ROW("uuid with a long last group", uuid_schema,
			 "{'t':'a1a2a3a4-b1b2-c1c2-d1d2-d3d4d5d6d7d8e'}",
			 UUID_FAULT("invalid group length in group 4: expected 12, found 13",
				    "'a1a2a3a4-b1b2-c1c2-d1d2-d3d4d5d6d7d8e'")),
		BODY_ROW("uuid with a short first group", uuid_schema,
			 "{'t':'a1a2a3a-b1b2-c1c2-d1d2-d3d4d5d6d7d89'}",
			 UUID_FAULT("invalid group length in group 0: expected 8, found 7",
				    "'a1a2a3a-b1b2-c1c2-d1d2-d3d4d5d6d7d89'")),
		BODY_ROW("a number is no uuid", uuid_schema, "{'t':5}",
			 FAULT_AT("uuid_type", "['body','t']",
				  "UUID input should be a string, bytes or UUID object", "5")),
		BODY_ROW("a relative URL", url_schema, "{'t':'/a'}",
			 URL_FAULT("relative URL without a base", "'/a'")),
		BODY_ROW("an empty URL", url_schema, "{'t':''}", URL_FAULT("input is empty", "''")),
		BODY_ROW("a URL without a host", url_schema, "{'t':'http://'}",
			 URL_FAULT("empty host", "'http://'")),
		BODY_ROW("a URL with a user and no host", url_schema, "{'t':'http://u@'}",
			 URL_FAULT("empty host", "'http://u@'")),
		BODY_ROW("a URL with a space in its host", url_schema, "{'t':'http://a b'}",
			 URL_FAULT("invalid international domain name", "'http://a b'")),
		BODY_ROW("a URL with a wrong port", url_schema, "{'t':'http://x:99999'}",
			 URL_FAULT("invalid port number", "'http://x:99999'")),
		BODY_ROW("a URL with an open bracket", url_schema, "{'t':'http://[::1'}",
			 URL_FAULT("invalid IPv6 address", "'http://[::1'")),
		BODY_ROW("a URL with a line feed", url_schema, "{'t':'http://x/a\\nb'}",
			 URL_FAULT("spaces and control characters must be percent-encoded",
				   "'http://x/a\\nb'")),
		BODY_ROW("a URL of another scheme", url_schema, "{'t':'javascript:x'}",
			 FAULT_CTX("url_scheme", "['body','t']", "URL scheme should be " SCHEMES,
				   "'javascript:x'", "{'expected_schemes':'" SCHEMES "'}")),
		BODY_ROW("a number is no URL", url_schema, "{'t':5}",
			 FAULT_AT("url_type", "['body','t']", "URL input should be a string or URL",
				  "5")),
		BODY_ROW("a URL with everything", url_schema,
			 "{'t':'HTTPS://u:p@[2001:db8::1]:8443/a%20b?c=d#e'}", NULL),
		BODY_ROW("a URL with an international name", url_schema,
			 "{'t':'http://bücher.example/'}", NULL),
	};
	return rows_run("formats", rows, COUNT_OF(rows));
}
