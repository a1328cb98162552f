/*
 * The section components/schemas of the OpenAPI document: every schema that an operation reaches,
 * once, by name. The text of a schema is core/schema's work.
 */
#include "internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"

#define DEBUG_MEMBER \
	"\"debug\":{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"}," \
	"\"title\":\"Debug\",\"description\":\"Of a 500, where app.environment is local: " \
	"cause, statement, place, operation and route.\"}"

#define MFA_MEMBER \
	"\"mfa_token\":{\"type\":\"string\",\"title\":\"Mfa Token\",\"description\":" \
	"\"With the code mfa_required: what the sign-in goes on with.\"}"

/*
 * What a failed request is answered with; FastAPI's validation shapes with croft's "code" and
 * "request_id".
 */
static const char error_text[] =
	"{\"properties\":{"
	"\"detail\":{\"type\":\"string\",\"title\":\"Detail\",\"description\":\"What went "
	"wrong.\"},"
	"\"code\":{\"type\":\"string\",\"title\":\"Code\",\"description\":\"The same in one word, "
	"for programs.\"},"
	"\"request_id\":{\"type\":\"string\",\"title\":\"Request Id\","
	"\"description\":\"Finds the request in the log.\"}," MFA_MEMBER "," DEBUG_MEMBER "},"
	"\"type\":\"object\",\"required\":[\"detail\",\"code\",\"request_id\"],\"title\":"
	"\"Error\"}";

/* RFC 9457 §3.1, and what croft adds. */
static const char problem_text[] =
	"{\"properties\":{"
	"\"type\":{\"type\":\"string\",\"title\":\"Type\"},"
	"\"title\":{\"type\":\"string\",\"title\":\"Title\"},"
	"\"status\":{\"type\":\"integer\",\"title\":\"Status\"},"
	"\"detail\":{\"type\":\"string\",\"title\":\"Detail\"},"
	"\"code\":{\"type\":\"string\",\"title\":\"Code\"},"
	"\"request_id\":{\"type\":\"string\",\"title\":\"Request Id\"},"
	"\"errors\":{\"items\":{\"$ref\":\"#/components/schemas/ValidationError\"},"
	"\"type\":\"array\",\"title\":\"Errors\",\"description\":\"Of a 422: all faults of the "
	"input.\"}," MFA_MEMBER "," DEBUG_MEMBER "},"
	"\"type\":\"object\",\"required\":[\"type\",\"title\",\"status\",\"detail\",\"code\","
	"\"request_id\"],\"title\":\"Problem\"}";

/* RFC 6749 §5.2, beside `detail` */
static const char oauth_error_text[] =
	"{\"properties\":{"
	"\"error\":{\"type\":\"string\",\"title\":\"Error\"},"
	"\"error_description\":{\"type\":\"string\",\"title\":\"Error Description\"}},"
	"\"type\":\"object\",\"required\":[\"error\",\"error_description\"],\"title\":"
	"\"OAuthError\"}";

static const char http_validation_error_text[] =
	"{\"properties\":{"
	"\"detail\":{\"items\":{\"$ref\":\"#/components/schemas/"
	"ValidationError\"},\"type\":\"array\","
	"\"title\":\"Detail\"},"
	"\"code\":{\"type\":\"string\",\"title\":\"Code\"},"
	"\"request_id\":{\"type\":\"string\",\"title\":\"Request Id\"}},"
	"\"type\":\"object\",\"required\":[\"detail\",\"code\",\"request_id\"],"
	"\"title\":\"HTTPValidationError\"}";

static const char validation_error_text[] =
	"{\"properties\":{"
	"\"loc\":{\"items\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"integer\"}]},\"type\":"
	"\"array\","
	"\"title\":\"Location\"},"
	"\"msg\":{\"type\":\"string\",\"title\":\"Message\"},"
	"\"type\":{\"type\":\"string\",\"title\":\"Error Type\"},"
	"\"input\":{\"title\":\"Input\"},"
	"\"ctx\":{\"type\":\"object\",\"title\":\"Context\"}},"
	"\"type\":\"object\",\"required\":[\"loc\",\"msg\",\"type\"],\"title\":"
	"\"ValidationError\"}";

void components_init(struct components *all, struct arena *arena)
{
	*all = (struct components){ .arena = arena };
}

static struct component *components_find(const struct components *all, const char *name)
{
	for (size_t i = 0; i < all->count; i++)
		if (str_eq(all->list[i].name, name))
			return &all->list[i];
	return NULL;
}

static struct component *components_new(struct components *all, const char *name)
{
	if (all->count == all->room) {
		size_t room = all->room ? 2 * all->room : 16;
		all->list = arena_grow(all->arena, all->list, all->room * sizeof(*all->list),
				       room * sizeof(*all->list));
		all->room = room;
	}
	struct component *component = &all->list[all->count++];
	*component = (struct component){ .name = name };
	return component;
}

void components_add_text(struct components *all, const char *name, const char *text)
{
	if (!components_find(all, name))
		components_new(all, name)->text = text;
}

void components_add_errors(struct components *all)
{
	static const struct {
		const char *name, *text;
	} shapes[] = {
		{ "Error", error_text },
		{ "HTTPValidationError", http_validation_error_text },
		{ "OAuthError", oauth_error_text },
		{ "Problem", problem_text },
		{ "ValidationError", validation_error_text },
	};
	for (size_t i = 0; i < COUNT_OF(shapes); i++) {
		assert(schema_name_is_kept(shapes[i].name)); /* else a schema may have it */
		components_add_text(all, shapes[i].name, shapes[i].text);
	}
}

static const char *component_name(struct arena *arena, const struct schema *schema,
				  enum schema_form form)
{
	struct buf text;
	buf_init(&text, arena);
	schema_form_name(schema, form, &text);
	return buf_text(&text);
}

static void add_schema(struct components *all, const struct schema *schema, enum schema_form form)
{
	const char *name = component_name(all->arena, schema, form);
	struct component *component = components_find(all, name);
	assert(!component || component->schema == schema); /* the router lets no two share one */
	if (component && (component->form == form || component->form == FORM_INPUT))
		return;
	if (!component)
		component = components_new(all, name);

	struct buf text;
	buf_init(&text, all->arena);
	schema_document(schema, form, &text);
	component->schema = schema;
	component->form = form;
	component->text = buf_text(&text);
	for (size_t i = 0; i < schema->count; i++) {
		const struct field *field = &schema->fields[i];
		if (field->object && schema_form_has(field, form))
			add_schema(all, field->object, schema_form_within(field, form));
	}
}

const char *components_use(struct components *all, const struct schema *schema,
			   enum schema_form form)
{
	add_schema(all, schema, form);
	return component_name(all->arena, schema, form);
}

const char *components_use_result(struct components *all, const struct route *route)
{
	const struct schema *out = route->op && route->status != 204 ? route->op->out : NULL;
	return out ? components_use(all, out, FORM_ANSWER) : NULL;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct component *)a)->name, ((const struct component *)b)->name);
}

void components_print(struct components *all, struct buf *out)
{
	qsort(all->list, all->count, sizeof(*all->list), by_name);
	buf_add_char(out, '{');
	for (size_t i = 0; i < all->count; i++) {
		openapi_key(out, all->list[i].name);
		buf_add_text(out, all->list[i].text);
	}
	buf_add_char(out, '}');
}
