/*
 * What a module's table of stages must hold: each stage has a name of its own, a place, and what it
 * needs there. How many a route may have is the router's to say.
 */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "internal.h"

enum { NAME_MAX_LEN = 64 };

/* ---- its place ---- */

static const char *function_fault(const struct module_stage *stage)
{
	bool finishes = stage->place == OVER_ANSWER;
	if (finishes && stage->run)
		return "OVER_ANSWER it can refuse nothing any more; set .finish in place of .run";
	if (!finishes && stage->finish)
		return "there is no answer yet; set .run in place of .finish";
	if (finishes && !stage->finish)
		return "it has no function; set .finish";
	if (!finishes && !stage->run)
		return "it has no function; set .run";
	return NULL;
}

static const char *thread_fault(const struct module_stage *stage)
{
	if (stage->light && stage->blocks)
		return ".light and .blocks exclude each other";
	if (stage->place == BEFORE_OPERATION || stage->light)
		return NULL;
	return "in its place event loops wait for it; set .light when it asks no database and "
	       "waits for nothing, else .place = BEFORE_OPERATION";
}

static const char *place_fault(const struct module_stage *stage)
{
	if (stage->place <= NOWHERE || stage->place >= MODULE_PLACES)
		return "it has no place; set .place to BEFORE_SENDER, BEFORE_OPERATION or "
		       "OVER_ANSWER";
	const char *what = function_fault(stage);
	return what ? what : thread_fault(stage);
}

/* ---- its headers ---- */

/* RFC 9110 §5.1, §5.6.2. */
static bool name_is_fine(const char *name)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				  "!#$%&'*+-.^_`|~");
	return len > 0 && len <= NAME_MAX_LEN && !name[len];
}

/* Those of an answer that the server, or the library below it, makes by itself. */
static bool is_servers_own(const char *name)
{
	static const char *const names[] = {
		"Allow",
		"Cache-Control",
		"Connection",
		"Content-Encoding",
		"Content-Length",
		"Content-Range",
		"Content-Security-Policy",
		"Content-Type",
		"Date",
		"Deprecation",
		"ETag",
		"Idempotency-Replayed",
		"Keep-Alive",
		"Location",
		"Preference-Applied",
		"Referrer-Policy",
		"Retry-After",
		"Sunset",
		"Trailer",
		"Transfer-Encoding",
		"Upgrade",
		"WWW-Authenticate",
		"X-Content-Type-Options",
		"X-Request-ID",
	};
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (str_eq_nocase(names[i], name))
			return true;
	return str_starts_nocase(name, "Access-Control-");
}

/* `member`: "takes" or "sets". */
static const char *headers_fault(struct ctx *c, const struct module_header *headers,
				 const char *member)
{
	bool has_ended = false;
	for (int i = 0; i < MODULE_HEADERS_MAX; i++) {
		const char *name = headers[i].name;
		if (name && has_ended)
			return arena_printf(c->arena,
					    ".%s has a gap before %s; number them from 0 on",
					    member, name);
		if (name && !name_is_fine(name))
			return arena_printf(c->arena,
					    ".%s has '%s', which is no name of a header: letters, "
					    "digits and hyphens, %d at most",
					    member, name, NAME_MAX_LEN);
		has_ended = !name;
	}
	return NULL;
}

static const char *sets_fault(struct ctx *c, const struct module_header *sets)
{
	for (int i = 0; i < MODULE_HEADERS_MAX && sets[i].name; i++)
		if (is_servers_own(sets[i].name))
			return arena_printf(c->arena,
					    ".sets has %s, which the server sets by itself; leave "
					    "it out",
					    sets[i].name);
	return NULL;
}

/* ---- its refusals ---- */

static bool has_failure(const struct module_stage *stage, enum app_err err)
{
	for (int i = 0; i < OP_FAILURES_MAX; i++)
		if (stage->fails_with[i] == err)
			return true;
	return false;
}

/* Visible ASCII and blanks, so that it is one line. */
static bool challenge_is_fine(const char *text)
{
	for (const char *at = text; *at; at++)
		if (*at < ' ' || *at > '~')
			return false;
	return str_is_alpha(*text);
}

static const char *refusals_fault(const struct module_stage *stage)
{
	bool refuses_unknown = has_failure(stage, APP_UNAUTHENTICATED);
	if (stage->place == OVER_ANSWER && stage->fails_with[0])
		return "OVER_ANSWER it can refuse nothing any more; leave out .fails_with";
	if (refuses_unknown && !stage->challenge)
		return "a 401 says how to sign in; set .challenge, such as \"ApiKey\"";
	if (stage->challenge && !refuses_unknown)
		return ".challenge goes with APP_UNAUTHENTICATED in .fails_with";
	if (stage->challenge && !challenge_is_fine(stage->challenge))
		return ".challenge is a scheme such as \"ApiKey\", perhaps with parameters behind "
		       "it, on one line";
	return NULL;
}

/* ---- by itself ---- */

static const char *stage_fault(struct ctx *c, const struct module *module,
			       const struct module_stage *stage)
{
	const char *what = place_fault(stage);
	if (!what)
		what = headers_fault(c, stage->takes, "takes");
	if (!what)
		what = headers_fault(c, stage->sets, "sets");
	if (!what)
		what = sets_fault(c, stage->sets);
	if (!what)
		what = refusals_fault(stage);
	if (!what && !stage->all_routes && route_is_end(module->routes))
		what = "the module has no routes that it could be for; set .all_routes";
	return what;
}

/* ---- what others have ---- */

/* A stage and whose it is. */
struct owned {
	const struct module *module;
	const struct module_stage *stage;
};

typedef bool clash_fn(const struct owned *one, const struct owned *other);

static bool have_one_name(const struct owned *one, const struct owned *other)
{
	return str_eq(one->stage->name, other->stage->name);
}

static bool sets_header(const struct module_stage *stage, const char *name)
{
	for (int i = 0; i < MODULE_HEADERS_MAX && stage->sets[i].name; i++)
		if (str_eq_nocase(stage->sets[i].name, name))
			return true;
	return false;
}

/* Those of what is mounted are for nothing else. */
static bool is_for_routes_of(const struct owned *it, const struct module *module)
{
	const char *mount = it->module->mount;
	return it->module == module ||
	       (it->stage->all_routes && (!mount || str_eq(mount, module->mount)));
}

/* RFC 9110 §5.3: each value is a header of its own, so nobody takes another's place. */
static bool may_come_often(const char *name)
{
	return str_eq_nocase(name, "set-cookie");
}

/* On the answers of one route. */
static bool set_one_header(const struct owned *one, const struct owned *other)
{
	const struct module_header *sets = one->stage->sets;
	if (!is_for_routes_of(one, other->module) && !is_for_routes_of(other, one->module))
		return false;
	for (int i = 0; i < MODULE_HEADERS_MAX && sets[i].name; i++)
		if (!may_come_often(sets[i].name) && sets_header(other->stage, sets[i].name))
			return true;
	return false;
}

/* The first of those before `it` that clashes with it; false: none does. */
static bool find_clash(const struct module *const *modules, const struct owned *it, clash_fn *clash,
		       struct owned *ret)
{
	for (;; modules++) {
		ret->module = *modules;
		ret->stage = (*modules)->stages;
		for (; !module_stage_is_end(ret->stage); ret->stage++) {
			if (ret->stage == it->stage && ret->module == it->module)
				return false;
			if (clash(it, ret))
				return true;
		}
	}
}

static const char *clash_fault(struct ctx *c, const struct module *const *modules,
			       const struct owned *it)
{
	struct owned other;
	if (find_clash(modules, it, have_one_name, &other))
		return arena_printf(c->arena, "module %s has a stage of that name, too",
				    other.module->name);
	if (find_clash(modules, it, set_one_header, &other))
		return arena_printf(c->arena,
				    "the stage %s of module %s sets the same header; one does",
				    other.stage->name, other.module->name);
	return NULL;
}

/* ---- all of them ---- */

static enum app_err check_stage(struct ctx *c, const struct module *const *modules,
				const struct owned *it)
{
	const char *name = it->stage->name;
	const char *what = name ? stage_fault(c, it->module, it->stage)
				: "it has no name; set .name";
	if (!what)
		what = clash_fault(c, modules, it);
	if (!what)
		return APP_OK;
	return ctx_fail(c, APP_INVALID, "Module %s, stage %s: %s", it->module->name,
			name ? name : "?", what);
}

enum app_err stages_check(struct ctx *c, const struct module *const *modules)
{
	enum app_err err = APP_OK;
	for (const struct module *const *module = modules; !err && *module; module++) {
		struct owned it = { *module, (*module)->stages };
		for (; !err && !module_stage_is_end(it.stage); it.stage++)
			err = check_stage(c, modules, &it);
	}
	return err;
}
