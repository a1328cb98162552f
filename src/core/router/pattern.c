/*
 * The pattern of a route cut into its parts, such as "/posts/{post_id}". Knows what may stand in
 * one, not what its operation takes.
 */
#include "internal.h"

#include <stdarg.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/module.h"

static const char word_chars[] =
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
static const char param_chars[] = "abcdefghijklmnopqrstuvwxyz0123456789_";

enum app_err router_fault(struct ctx *c, const struct router_entry *entry, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	const char *what = arena_vprintf(c->arena, format, args);
	va_end(args);
	return ctx_fail(c, APP_INVALID, "Module %s, route %s %s: %s", entry->module->name,
			route_method_name(entry->route->method),
			entry->route->path ? entry->route->path : "?", what);
}

bool router_has_param(const struct router_entry *entry, const char *name, size_t len)
{
	for (size_t i = 0; i < entry->part_count; i++) {
		const struct router_part *part = &entry->parts[i];
		if (part->is_param && part->len == len && memcmp(part->text, name, len) == 0)
			return true;
	}
	return false;
}

static enum app_err read_param(struct ctx *c, struct router_entry *entry, struct router_part *part)
{
	if (part->len < 3 || part->text[part->len - 1] != '}')
		return router_fault(
			c, entry, "a path parameter is written {name} and fills its whole segment");
	part->text++;
	part->len -= 2;
	part->is_param = true;
	if (strspn(part->text, param_chars) != part->len)
		return router_fault(
			c, entry,
			"the name '%.*s' of a path parameter may hold a-z, 0-9 and _ only",
			(int)part->len, part->text);
	if (router_has_param(entry, part->text, part->len))
		return router_fault(c, entry, "the path parameter '%.*s' is there twice",
				    (int)part->len, part->text);
	entry->param_count++;
	return APP_OK;
}

static bool is_dots(const struct router_part *part)
{
	return part->text[0] == '.' && (part->len == 1 || (part->len == 2 && part->text[1] == '.'));
}

static enum app_err read_part(struct ctx *c, struct router_entry *entry, struct router_part *part)
{
	if (part->len == 0)
		return router_fault(c, entry, "the path has an empty segment or ends in a slash");
	if (part->text[0] == '{')
		return read_param(c, entry, part);
	if (strspn(part->text, word_chars) < part->len)
		return router_fault(
			c, entry,
			"the segment '%.*s' holds a character that is not allowed in a path",
			(int)part->len, part->text);
	return is_dots(part) ? router_fault(c, entry, "the path has a dot segment") : APP_OK;
}

static enum app_err read_parts(struct ctx *c, struct router_entry *entry, struct router_part *parts)
{
	for (const char *at = entry->path; *at;) {
		if (entry->part_count == ROUTER_SEGMENTS_MAX)
			return router_fault(c, entry, "the path has more than %d segments",
					    ROUTER_SEGMENTS_MAX);
		struct router_part *part = &parts[entry->part_count];
		part->text = at + 1;
		part->len = strcspn(part->text, "/");
		at = part->text + part->len;
		enum app_err err = read_part(c, entry, part);
		if (err)
			return err;
		entry->part_count++;
	}
	return APP_OK;
}

static const char *whole_path(const struct router_entry *entry, struct arena *arena)
{
	const char *path = entry->route->path, *mount = entry->module->mount;
	const char *below = str_eq(path, "/") ? "" : path;
	if (mount)
		return arena_printf(arena, "%s%s", mount, below);
	if (!entry->version)
		return path;
	return arena_printf(arena, HTTP_VERSIONS_PREFIX "%d%s", entry->version, below);
}

/* Whether its own path begins with what is put in front of it. */
static bool has_mount(const struct router_entry *entry)
{
	const char *path = entry->route->path, *mount = entry->module->mount;
	size_t len = mount ? strlen(mount) : 0;
	return mount && str_starts(path, mount) && (path[len] == '/' || !path[len]);
}

enum app_err router_read_pattern(struct ctx *c, struct arena *arena, struct router_entry *entry)
{
	const struct route *route = entry->route;
	struct router_part *parts = arena_zero(arena, ROUTER_SEGMENTS_MAX * sizeof(*parts));
	entry->path = whole_path(entry, arena);
	entry->parts = parts;
	if (route->path[0] != '/')
		return router_fault(c, entry, "the path must begin with a slash");
	if (entry->version && str_starts(route->path, "/api/"))
		return router_fault(c, entry,
				    "the path would be %s: " HTTP_VERSIONS_PREFIX
				    "%d is put in front of it, so leave that out, or set .root",
				    entry->path, entry->version);
	if (has_mount(entry))
		return router_fault(c, entry,
				    "the path would be %s: %s is put in front of it, so leave that "
				    "out",
				    entry->path, entry->module->mount);
	return str_eq(entry->path, "/") ? APP_OK : read_parts(c, entry, parts);
}
