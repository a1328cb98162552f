/* The Info Object of the document: what the settings and docs/api.md say of the API as a whole. */
#include "internal.h"

#include "base/app_name.h"
#include "base/arena.h"
#include "core/app.h"

/* What docs/api.md says of all operations, for those who have nothing but the document. */
static const char in_common[] =
	"Errors of every operation are `{detail, code, request_id}`; the `detail` of a 422 is "
	"the list of all faults of the input. With `Accept: application/problem+json` they come "
	"in the form of RFC 9457 instead. A row that has `updated_at` is answered with an "
	"`ETag`: with `If-None-Match` an unchanged one is a 304, with `If-Match` a change of one "
	"that somebody else has changed is a 412. A write with `If-None-Match`, or any request "
	"with an `If-Match` that it does not list, is a 412, too. A 201 has a `Location`. What "
	"lists a 429 may tell in `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` of "
	"each answer how many requests are left. JSON "
	"is that of RFC 8259 in UTF-8, at most 64 levels deep, of at most 100,000 values, with "
	"no name twice in an object and no lone surrogate. Date-times have no leap seconds and "
	"lie in the years 1 to 9999, in UTC. No parameter is given twice, but one whose schema "
	"is an array without `explode: false`.";

struct word {
	const char *name, *text;
};

static bool is_said(const char *text)
{
	return text && *text;
}

static const char *title_of(const struct ctx *c, const struct openapi_words *words)
{
	bool has_name = c->app && c->app->options && c->app->options->name;
	if (is_said(words->title))
		return words->title;
	return has_name ? c->app->options->name : APP_NAME;
}

/* "name" is `name`, and so on; nothing where nothing is said. */
static void print_words(struct buf *out, const char *member, const struct word *list, size_t count)
{
	bool any = false;
	for (size_t i = 0; i < count; i++) {
		if (!is_said(list[i].text))
			continue;
		if (!any) {
			openapi_key(out, member);
			buf_add_char(out, '{');
		}
		openapi_text(out, list[i].name, list[i].text);
		any = true;
	}
	if (any)
		buf_add_char(out, '}');
}

void openapi_info(const struct ctx *c, const struct openapi_words *given, struct buf *out)
{
	static const struct openapi_words none;
	const struct openapi_words *words = given ? given : &none;
	const struct word contact[] = {
		{ "name", words->contact_name },
		{ "url", words->contact_url },
		{ "email", words->contact_email },
	};
	const struct word licence[] = { { "name", words->licence }, { "url", words->licence_url } };
	bool described = is_said(words->description);
	openapi_key(out, "info");
	buf_add_char(out, '{');
	openapi_text(out, "title", title_of(c, words));
	openapi_text(out, "version", app_version);
	openapi_text(out, "description",
		     described ? arena_printf(c->arena, "%s\n\n%s", words->description, in_common)
			       : in_common);
	print_words(out, "contact", contact, COUNT_OF(contact));
	print_words(out, "license", licence, COUNT_OF(licence));
	buf_add_char(out, '}');
}
