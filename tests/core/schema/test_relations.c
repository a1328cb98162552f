/*
 * Relations and left-out fields: what a struct and a list render, and what the document says of
 * them.
 */
#include "core/json.h"
#include <stdio.h>

#include "core/list/list_rows.h"

struct article {
	int64_t id;
	const char *title, *password;
	const struct user *author;
	struct array tags;
	const struct user *editor;
};
SCHEMA(article,
	FIELD(struct article, id, .required = true),
	FIELD(struct article, title, .required = true),
	FIELD(struct article, password, .secret = true),
	FIELD(struct article, author, .doc = "Who wrote it", .object = &user_schema,
	      .relation = &one),
	FIELD(struct article, tags, .object = &team_schema, .relation = &many),
	FIELD(struct article, editor, .required = true, .object = &user_schema, .relation = &one));
PAGE_SCHEMA(article);

enum { ID = 1, TITLE = 2, PASSWORD = 4, AUTHOR = 8, TAGS = 16, EDITOR = 32 };
#define MASK (HIDDEN_MASK | EDITOR)

static struct team red = { .id = 3, .name = "red" };
static const struct user without_team = { .id = 1, .name = "ann" };
static const struct user with_team = { .id = 2, .name = "bob", .team = &red };

struct render_case {
	struct article value;
	bool in_list;
	uint64_t hidden; /* of the list */
	const char *want;
};

#define LIST_OF(row) \
	"{'items':[" row "],'total':null,'page':0,'per_page':0," \
	"'pages':null,'next_cursor':null}"

static void render_row(void **state)
{
	const struct render_case *row = *state;
	AUTO(buf) out = { 0 };
	struct article item = row->value;
	struct page page = { .items = { .items = &item, .count = 1, .hidden = row->hidden } };
	if (row->in_list)
		schema_render(&article_page_schema, &page, &out);
	else
		schema_render(&article_schema, &item, &out);
	char want[512];
	snprintf(want, sizeof(want), row->in_list ? LIST_OF("%s") : "%s", row->want);
	assert_json_equal(buf_text(&out), want);
}

#define SINGLE(sentence, value_, want_) \
	ROW_OF(sentence, render_row, (&(struct render_case){ .value = value_, .want = (want_) }))
#define LISTED(sentence, hidden_, value_, want_) \
	ROW_OF(sentence, render_row, \
	       (&(struct render_case){ \
		       .value = value_, .in_list = true, .hidden = (hidden_), .want = (want_) }))
#define ARTICLE(...) \
	{ \
		.id = 9, .title = "t", __VA_ARGS__ \
	}
#define NO_TAGS .tags = { .items = &red }
#define ONE_TAG .tags = { .items = &red, .count = 1 }
#define PLAIN "{'id':9,'title':'t'}"
#define TAG "{'id':3,'name':'red'}"

static void an_empty_list_needs_no_items(void **state)
{
	(void)state;
	AUTO(buf) out = { 0 };
	struct page page = { .items = { .hidden = HIDDEN_MASK }, .page = 1, .per_page = 20 };
	schema_render(&article_page_schema, &page, &out);
	assert_json_equal(buf_text(&out), "{'items':[],'total':null,'page':1,'per_page':20,"
					  "'pages':null,'next_cursor':null}");
}

static void the_mask_of_relations_is_never_zero(void **state)
{
	(void)state;
	assert_true(schema_hide_relations(&team_schema) == HIDDEN_MASK);
	assert_true(schema_hide_relations(&article_schema) ==
		    (HIDDEN_MASK | AUTHOR | TAGS | EDITOR));
}

static void a_body_does_not_take_relations(void **state)
{
	(void)state;
	struct scene scene;
	struct article in;
	scene_open(&scene);
	const char *body = json_swapped(&scene.arena, "{'id':1,'title':'t','author':{'id':1}}");
	struct input input = { .body = body, .body_len = strlen(body) };
	assert_int_equal(schema_bind(&scene.c, &article_schema, &input, &in), APP_INVALID);
	assert_string_equal(dump_faults(&scene.arena, scene.c.failure.fields),
			    "['body','author'] extra_forbidden: Extra inputs are not permitted");
	scene_close(&scene);
}

/* ---- documents ---- */

struct form_case {
	enum schema_form form;
	const char *user, *author, *tags, *end; /* component, descriptions, and what is required */
};

static void form_is_documented(void **state)
{
	const struct form_case *want = *state;
	struct scene scene;
	struct buf out;
	scene_open(&scene);
	buf_init(&out, &scene.arena);
	schema_document(&article_schema, want->form, &out);
	assert_json_equal(
		buf_text(&out),
		arena_printf(
			&scene.arena,
			"{'properties':{'id':{'type':'integer',"
			"'exclusiveMaximum':9223372036854775808,'minimum':-9223372036854775808,"
			"'format':'int64','examples':[1],'title':'Id'},'title':{'type':'string','"
			"title':'Title'},"
			"'author':{'anyOf':[{'$ref':'#/components/schemas/%s'},"
			"{'type':'null'}],'description':'%s'},"
			"'tags':{'items':{'$ref':'#/components/schemas/Team'},'type':'array',"
			"'title':'Tags'%s},"
			"'editor':{'$ref':'#/components/schemas/%s'%s}},"
			"'type':'object','required':%s'}",
			want->user, want->author, want->tags, want->user,
			want->form == FORM_ANSWER
				? ""
				: ",'description':'Embedded with include=editor.'",
			want->end));
	scene_close(&scene);
}

static void name_of_form(void **state)
{
	(void)state;
	AUTO(buf) out = { 0 };
	schema_form_name(&article_schema, FORM_INPUT, &out);
	schema_form_name(&article_schema, FORM_ANSWER, &out);
	schema_form_name(&article_schema, FORM_EMBEDDED, &out);
	schema_form_name(&article_schema, FORM_ROW, &out);
	schema_form_name(&team_schema, FORM_EMBEDDED, &out);
	schema_form_name(&team_schema, FORM_ROW, &out);
	assert_string_equal(buf_text(&out), "ArticleArticleArticleEmbeddedArticleRowTeamTeamRow");
}

static void a_page_holds_rows(void **state)
{
	(void)state;
	AUTO(buf) out = { 0 };
	schema_document(&article_page_schema, FORM_ANSWER, &out);
	assert_json_has(buf_text(&out), "'#/components/schemas/ArticleRow'");
	assert_json_lacks(buf_text(&out), "'#/components/schemas/Article'");
}

static void what_must_be_loaded_is_missed(void **state)
{
	(void)state;
	struct article article = { .id = 9 };
	assert_string_equal(schema_unloaded(&article_schema, &article)->name, "tags");
	article.tags.items = &red;
	assert_string_equal(schema_unloaded(&article_schema, &article)->name, "editor");
	article.editor = &without_team;
	assert_null(schema_unloaded(&article_schema, &article));
	assert_null(schema_unloaded(&team_schema, &red));
}

static void relations_are_no_input_in_the_document(void **state)
{
	(void)state;
	AUTO(buf) out = { 0 };
	schema_document(&article_schema, FORM_INPUT, &out);
	assert_null(strstr(buf_text(&out), "author"));
	assert_null(strstr(buf_text(&out), "tags"));
}

static void collect(void *data, const struct field *parameter)
{
	struct buf *out = data;
	buf_printf(out, "%s ", parameter->name);
	field_document(parameter, true, out);
	buf_add_char(out, '\n');
}

static const char *parameters_text(struct scene *scene, const struct schema *in)
{
	struct buf out;
	buf_init(&out, &scene->arena);
	list_query_parameters(schema_list_field(in), &scene->arena, collect, &out);
	return json_swapped(&scene->arena, buf_text(&out));
}

/* "name {…}" is a line of its own, and its schema is strict JSON. */
static void parameter_is_documented(void **state)
{
	const char *line = *state;
	struct scene scene;
	size_t at;
	const char *why;
	scene_open(&scene);
	const char *text = parameters_text(&scene, &post_list_schema);
	const char *found = strstr(text, line);
	if (!found)
		assert_string_equal(text, line);
	assert_true(found == text || found[-1] == '\n');
	assert_int_equal(found[strlen(line)], '\n');
	const char *json = json_swapped(&scene.arena, strchr(line, '{'));
	assert_true(json_check(json, strlen(json), &at, &why));
	scene_close(&scene);
}
#define DOCUMENTED(sentence, line) ROW_OF(sentence, parameter_is_documented, line)

static void the_names_are_all_that_is_accepted(void **state)
{
	(void)state;
	struct scene scene;
	scene_open(&scene);
	struct buf names;
	buf_init(&names, &scene.arena);
	for (const char *line = parameters_text(&scene, &post_list_schema); *line;
	     line = strchr(line, '\n') + 1)
		buf_add(&names, line, strcspn(line, " ") + 1);
	assert_string_equal(
		buf_text(&names),
		"page per_page cursor sort q fields include with_total id id__ne id__gt id__gte "
		"id__lt id__lte id__in title title__ne title__in title__like summary__like "
		"summary__isnull status status__ne status__in status__like rating rating__ne "
		"rating__gt rating__gte rating__lt rating__lte pinned pinned__ne created_at "
		"created_at__ne created_at__gt created_at__gte created_at__lt created_at__lte "
		"seen_at seen_at__ne seen_at__gt seen_at__gte seen_at__lt seen_at__lte seen_at__in "
		"seen_at__isnull key key__ne ");
	scene_close(&scene);
}

/* Whoever follows the document is never refused. */
static void every_documented_name_binds(void **state)
{
	(void)state;
	struct scene scene;
	struct post_list in;
	scene_open(&scene);
	const char *line = parameters_text(&scene, &post_list_schema);
	for (; *line; line = strchr(line, '\n') + 1) {
		struct input_pair pairs[] = {
			{ arena_strndup(&scene.arena, line, strcspn(line, " ")), "?", 1 }, { 0 }
		};
		struct input input = { .query = pairs };
		memset(&scene.c.failure, 0, sizeof(scene.c.failure));
		if (schema_bind(&scene.c, &post_list_schema, &input, &in))
			assert_string_not_equal(scene.c.failure.fields->type, "extra_forbidden");
	}
	scene_close(&scene);
}

#define SORTS "id|title|rating|created_at|seen_at"
#define FORM(sentence, ...) \
	ROW_OF(sentence, form_is_documented, (&(struct form_case){ __VA_ARGS__ }))
#define TAGS_COME ",'description':'Embedded with include=tags.'"
#define PATHS "author|author\\\\.team|tags"

int main(void)
{
	const struct CMUnitTest rows[] = {
		SINGLE("an answer has all relations, those too that there are none of",
		       ARTICLE(.password = "s"),
		       "{'id':9,'title':'t','author':null,'tags':[],'editor':null}"),
		SINGLE("an answer shows what was loaded, without relations of it that were not",
		       ARTICLE(.author = &without_team, ONE_TAG, .editor = &with_team),
		       "{'id':9,'title':'t','author':{'id':1,'name':'ann'},"
		       "'tags':[" TAG "],'editor':{'id':2,'name':'bob','team':" TAG "}}"),
		LISTED("a list without a mask leaves out what was not loaded", 0,
		       ARTICLE(.password = "s"), PLAIN),
		LISTED("a list without a mask shows an object that was loaded", 0,
		       ARTICLE(.author = &without_team),
		       "{'id':9,'title':'t','author':{'id':1,'name':'ann'}}"),
		LISTED("a relation of a relation likewise", 0, ARTICLE(.author = &with_team),
		       "{'id':9,'title':'t','author':{'id':2,'name':'bob',"
		       "'team':" TAG "}}"),
		LISTED("a list without a mask shows rows that were loaded", 0, ARTICLE(ONE_TAG),
		       "{'id':9,'title':'t','tags':[" TAG "]}"),
		LISTED("a list without a mask shows that there are no rows", 0, ARTICLE(NO_TAGS),
		       "{'id':9,'title':'t','tags':[]}"),
		LISTED("a mask hides relations, loaded or not", MASK | AUTHOR | TAGS,
		       ARTICLE(.author = &with_team), PLAIN),
		LISTED("a mask without a relation shows it, also when it is null", MASK | TAGS,
		       ARTICLE(.password = "s"), "{'id':9,'title':'t','author':null}"),
		LISTED("a mask without a relation shows it, also when it is empty", MASK | AUTHOR,
		       ARTICLE(.password = "s"), "{'id':9,'title':'t','tags':[]}"),
		LISTED("a mask that hides nothing shows all", MASK, ARTICLE(.password = "s"),
		       "{'id':9,'title':'t','author':null,'tags':[]}"),
		LISTED("a mask hides plain fields", TITLE | TAGS | EDITOR,
		       ARTICLE(.author = &without_team), "{'id':9,'author':{'id':1,'name':'ann'}}"),
		LISTED("the first field that is shown has no comma", ID | AUTHOR | TAGS | EDITOR,
		       ARTICLE(.password = "s"), "{'title':'t'}"),
		LISTED("a mask that hides all leaves an object",
		       ID | TITLE | AUTHOR | TAGS | EDITOR, ARTICLE(.password = "s"), "{}"),
		LISTED("a mask never shows a secret", MASK | AUTHOR | TAGS,
		       ARTICLE(.password = "s"), PLAIN),
		LISTED("what is embedded is not masked by the list around it",
		       MASK | TITLE | TAGS | EDITOR, ARTICLE(.author = &without_team),
		       "{'id':9,'author':{'id':1,'name':'ann'}}"),
		LISTED("what is embedded has a mask of its own", MASK | AUTHOR,
		       ARTICLE(.tags = { .items = &red, .count = 1, .hidden = ID }),
		       "{'id':9,'title':'t','tags':[{'name':'red'}]}"),
		ROW("a list of no rows needs no items", an_empty_list_needs_no_items),
		ROW("the mask that hides relations is never zero",
		    the_mask_of_relations_is_never_zero),
		ROW("a body does not take relations", a_body_does_not_take_relations),

		FORM("an answer requires its relations in the document", FORM_ANSWER,
		     "UserEmbedded", "Who wrote it", "",
		     "['id','title','author','tags','editor'],'title':'Article"),
		FORM("relations are optional within others, and say how they come", FORM_EMBEDDED,
		     "UserEmbedded", "Who wrote it. Embedded with include=author.", TAGS_COME,
		     "['id','title'],'title':'ArticleEmbedded"),
		FORM("a row of a list requires its id only", FORM_ROW, "UserEmbedded",
		     "Who wrote it. Embedded with include=author.", TAGS_COME,
		     "['id'],'title':'ArticleRow"),
		ROW("each form has a name of its own where it differs", name_of_form),
		ROW("a page holds rows", a_page_holds_rows),
		ROW("what an answer must have loaded is missed", what_must_be_loaded_is_missed),
		ROW("relations are no input in the document",
		    relations_are_no_input_in_the_document),
		DOCUMENTED("page", "page {'type':'integer','maximum':1000000,'minimum':1,"
				   "'format':'int64',"
				   "'title':'Page',"
				   "'description':'Number of the page.','default':1}"),
		DOCUMENTED("per_page",
			   "per_page {'type':'integer','maximum':100,'minimum':1,'format':'int64',"
			   "'title':'Per Page','description':'Rows on a page.','default':20}"),
		DOCUMENTED(
			"with_total",
			"with_total {'type':'boolean','title':'With Total',"
			"'description':'Whether total and pages are counted: by default not with "
			"cursor.'}"),
		DOCUMENTED(
			"sort, which names nothing twice",
			"sort {'type':'string','pattern':'^(?!(?:[^,]*,)*-?(" SORTS
			")(?::[a-z]+)?,(?:[^,]*,)*-?\\\\1(?::[a-z]+)?(?:,|$))(?:-?(?:" SORTS
			")|(?:" SORTS "):(?:asc|desc))(?:,(?:-?(?:" SORTS ")|(?:" SORTS
			"):(?:asc|desc))){0,3}$','title':'Sort',"
			"'description':'Fields to sort by, at most 4 with commas between them: id, "
			"title, rating, created_at, seen_at. `-` in front or `:desc` behind turns "
			"the order round. Rows that are equal in all of them are sorted by id.'}"),
		DOCUMENTED(
			"q, of which something is no white space",
			"q {'type':'string','maxLength':200,'minLength':1,"
			"'pattern':'\\\\S','not':{'pattern':'\\\\x00'},'title':'Q',"
			"'description':'Only rows in which these words are found. Looked through: "
			"title.'}"),
		DOCUMENTED(
			"include, which names nothing twice",
			"include {'type':'string','pattern':'^(?!(?:[^,]*,)*(" PATHS
			"),(?:[^,]*,)*\\\\1(?:,|$))(?:" PATHS ")(?:,(?:" PATHS
			")){0,7}$','title':'Include','description':'Relations that are embedded, "
			"at most 8 with commas between them: author, author.team, tags.'}"),
		DOCUMENTED("a filter has its field's type, without the bounds of its input",
			   "id {'type':'integer','exclusiveMaximum':9223372036854775808,"
			   "'minimum':-9223372036854775808,'format':'int64','examples':[1],'title':"
			   "'Id',"
			   "'description':'Only rows whose id is this.'}"),
		DOCUMENTED(
			"a filter of choices has them",
			"status__ne {'type':'string','enum':['draft','published'],'maxLength':200,"
			"'title':'Status Ne','description':'Only rows whose status is not this.'}"),
		DOCUMENTED(
			"a filter of several numbers is an array",
			"id__in {'items':{'type':'integer','exclusiveMaximum':9223372036854775808,"
			"'minimum':-9223372036854775808,'format':'int64','examples':[1]},'type':'"
			"array',"
			"'maxItems':100,'minItems':1,'title':'Id In',"
			"'description':'Only rows whose id is one of these, with commas between "
			"them. At most 100.'}"),
		DOCUMENTED("one of several choices, too",
			   "status__in {'items':{'type':'string','enum':['draft',"
			   "'published']},'type':'array','maxItems':100,'minItems':1,"
			   "'title':'Status In','description':'Only rows whose status is one of "
			   "these, with commas between them. At most 100.'}"),
		DOCUMENTED(
			"one of several texts is a text, in which quotes part them",
			"title__in {'type':'string','pattern':'^(?:(?:[^,"
			"\\'\\\\x00][^,\\\\x00]{0,199})?|\\'(?:"
			"[^\\'\\\\x00]|\\'\\'){0,200}\\')(?:,(?:(?:[^,"
			"\\'\\\\x00][^,\\\\x00]{0,199})?|\\'(?:"
			"[^\\'\\\\x00]|\\'\\'){0,200}\\')){0,99}$','title':'Title In',"
			"'description':'Only rows whose title is one of these, with commas between "
			"them. A value with a comma, or with a quote at its beginning, stands in "
			"quotes, and each quote inside is doubled. At most 100.'}"),
		DOCUMENTED("a filter of an instant takes dates",
			   "created_at__gt {'type':'string','format':'date-time',"
			   "'title':'Created At Gt',"
			   "'description':'Only rows whose created_at is greater than this. A date "
			   "alone is its first moment in UTC.'}"),
		DOCUMENTED("a filter of null is a truth",
			   "summary__isnull {'type':'boolean','title':'Summary Isnull',"
			   "'description':'true: only rows whose summary is null; false: only the "
			   "others.'}"),
		ROW("each parameter is documented, and no other",
		    the_names_are_all_that_is_accepted),
		ROW("each documented parameter is known", every_documented_name_binds),
	};
	return rows_run("schema/relations", rows, sizeof(rows) / sizeof(rows[0]));
}
