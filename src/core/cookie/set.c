/*
 * Writes Set-Cookie, and refuses what browsers refuse without a word (RFC 6265bis §4.1, §5.6): what
 * is wrong is the program's fault, and is seen where it is made.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "core/cookie.h"
#include "internal.h"

enum { GONE = -1 };

/* ---- what is wrong with it: a sentence, or NULL ---- */

static const char *name_fault(const char *name)
{
	size_t len = 0;
	while (name[len] && str_is_token_char(name[len]))
		len++;
	if (!len || name[len])
		return "its name is no token";
	return len > COOKIE_NAME_MAX ? "its name is too long" : NULL;
}

static const char *path_fault(const char *path)
{
	if (*path != '/')
		return "its path does not begin with a slash";
	return str_has_control(path, strlen(path)) || strchr(path, ';')
		       ? "its path holds a control character or a semicolon"
		       : NULL;
}

/* Browsers look at these in any case. */
static const char *prefix_fault(const struct cookie *cookie, const char *path)
{
	bool is_host = str_starts_nocase(cookie->name, "__Host-");
	if (is_host && !str_eq(path, "/"))
		return "with the prefix __Host- the path is /";
	if (cookie->is_plain && (is_host || str_starts_nocase(cookie->name, "__Secure-")))
		return "with such a prefix it goes over https alone";
	return NULL;
}

static const char *rules_fault(const struct cookie *cookie, const char *path)
{
	if (cookie->lifetime_s < GONE ||
	    cookie->lifetime_s > COOKIE_DAYS_MAX * (DAY_US / SECONDS_US(1)))
		return "browsers keep none for so long";
	if (cookie->is_plain && cookie->site == COOKIE_ANY_SITE)
		return "one for any site goes over https alone";
	return prefix_fault(cookie, path);
}

static const char *value_fault(const char *value)
{
	size_t len = strlen(value);
	if (len > COOKIE_VALUE_MAX)
		return "its value is too long";
	return cookie_value_is_fine(value, len) ? NULL : "its value has bytes that no cookie has";
}

static const char *fault_of(const struct cookie *cookie, const char *path, const char *value)
{
	const char *fault = name_fault(cookie->name);
	if (!fault)
		fault = path_fault(path);
	if (!fault)
		fault = rules_fault(cookie, path);
	return fault ? fault : value_fault(value);
}

/* ---- the header ---- */

static const char *site_name(enum cookie_site site)
{
	switch (site) {
	case COOKIE_STRICT: return "Strict";
	case COOKIE_ANY_SITE: return "None";
	case COOKIE_LAX:
	default: return "Lax";
	}
}

enum app_err cookie_set(struct ctx *c, const struct cookie *cookie, const char *value,
			const char **ret)
{
	const char *path = cookie->path ? cookie->path : "/";
	const char *fault = fault_of(cookie, path, value);
	if (fault)
		return ctx_fail_cause(c, APP_INTERNAL, "the cookie %s cannot be set: %s",
				      cookie->name, fault);
	struct buf out;
	buf_init(&out, c->arena);
	buf_printf(&out, "%s=%s; Path=%s", cookie->name, value, path);
	if (cookie->lifetime_s)
		buf_printf(&out, "; Max-Age=%lld",
			   cookie->lifetime_s > 0 ? (long long)cookie->lifetime_s : 0LL);
	if (!cookie->is_plain)
		buf_add_lit(&out, "; Secure");
	if (!cookie->is_for_scripts)
		buf_add_lit(&out, "; HttpOnly");
	buf_printf(&out, "; SameSite=%s", site_name(cookie->site));
	*ret = buf_text(&out);
	return APP_OK;
}

enum app_err cookie_clear(struct ctx *c, const struct cookie *cookie, const char **ret)
{
	struct cookie gone = *cookie;
	gone.lifetime_s = GONE;
	return cookie_set(c, &gone, "", ret);
}
