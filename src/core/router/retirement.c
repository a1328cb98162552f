/*
 * Which routes will go, and when: by what they say themselves, or else by what a module says of
 * their version. Made into the texts of headers at the start.
 */
#include "internal.h"

#include "base/arena.h"
#include "base/clock.h"
#include "core/module.h"

/* Of a route or of a version, as they were written. */
struct days {
	const char *deprecated, *sunset;
};

static const char *day_fault(struct ctx *c, const char *member, const char *text, struct date *ret)
{
	const char *why;
	if (date_parse(text, ret, &why))
		return NULL;
	return arena_printf(c->arena, "%s is '%s', and that is no day (%s); write it as 2027-01-31",
			    member, text, why);
}

static const char *sunset_text(struct arena *arena, struct date day)
{
	char text[HTTP_DATE_ROOM];
	instant_http_text((struct instant){ day.day * DAY_US }, text);
	return arena_strdup(arena, text);
}

/* What is wrong with them, as a sentence; NULL: nothing, and `ret` is filled in. */
static const char *days_fault(struct ctx *c, struct arena *arena, const struct days *days,
			      struct router_retirement *ret)
{
	struct date deprecated, sunset = { 0 };
	if (!days->deprecated)
		return "what goes is deprecated before; set .deprecated, too";
	const char *what = day_fault(c, ".deprecated", days->deprecated, &deprecated);
	if (!what && days->sunset)
		what = day_fault(c, ".sunset", days->sunset, &sunset);
	if (what)
		return what;
	if (days->sunset && sunset.day < deprecated.day)
		return ".sunset is before .deprecated, and it goes after that";
	ret->deprecation = arena_printf(arena, "@%lld",
					(long long)(deprecated.day * (DAY_US / SECONDS_US(1))));
	ret->sunset = days->sunset ? sunset_text(arena, sunset) : NULL;
	return NULL;
}

/* ---- of whole versions ---- */

/* The row that stands before `end` and is of that version, and whose it is; NULL: none. */
static const struct api_version *find_row(const struct module *const *modules, int version,
					  const struct api_version *end,
					  const struct module **whose)
{
	for (; *modules; modules++) {
		const struct api_version *row = (*modules)->versions;
		*whose = *modules;
		for (; !api_version_is_end(row); row++) {
			if (row == end)
				return NULL;
			if (row->version == version)
				return row;
		}
	}
	return NULL;
}

static const char *row_fault(struct ctx *c, const struct module *const *modules,
			     const struct api_version *row)
{
	const struct days days = { row->deprecated, row->sunset };
	const struct module *whose;
	struct router_retirement made;
	int last = router_count_versions(modules);
	if (row->version < 1 || row->version > last)
		return arena_printf(c->arena,
				    "the versions of the API are 1 to %d, and it is none of them",
				    last);
	if (find_row(modules, row->version, row, &whose))
		return arena_printf(c->arena, "module %s has a row of it already", whose->name);
	return days_fault(c, c->arena, &days, &made);
}

enum app_err router_check_retirements(struct ctx *c, const struct module *const *modules)
{
	for (const struct module *const *module = modules; *module; module++) {
		const struct api_version *row = (*module)->versions;
		for (; !api_version_is_end(row); row++) {
			const char *what = row_fault(c, modules, row);
			if (what)
				return ctx_fail(c, APP_INVALID, "Module %s, version %d: %s",
						(*module)->name, row->version, what);
		}
	}
	return APP_OK;
}

/* ---- of a route ---- */

static struct days days_of(const struct module *const *modules, const struct router_entry *entry)
{
	const struct route *route = entry->route;
	const struct module *whose;
	if (route->deprecated || route->sunset)
		return (struct days){ route->deprecated, route->sunset };
	const struct api_version *row = find_row(modules, entry->version, NULL, &whose);
	return row ? (struct days){ row->deprecated, row->sunset } : (struct days){ 0 };
}

enum app_err router_read_retirement(struct ctx *c, struct arena *arena,
				    const struct module *const *modules, struct router_entry *entry)
{
	const struct days days = days_of(modules, entry);
	if (!days.deprecated && !days.sunset)
		return APP_OK;
	struct router_retirement *made = arena_zero(arena, sizeof(*made));
	const char *what = days_fault(c, arena, &days, made);
	entry->retirement = made;
	return what ? router_fault(c, entry, "%s", what) : APP_OK;
}
