/*
 * Cookies (RFC 6265bis) for modules: those of a request, the header that sets one, and bytes of a
 * module's own that the browser keeps and nobody can change. They go through stages, which take the
 * header Cookie and set Set-Cookie: docs/cookies.md.
 */
#ifndef CROFT_CORE_COOKIE_H
#define CROFT_CORE_COOKIE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/ctx.h"

enum {
	/* Bytes of a name, and of a value: with what stands around them browsers keep 4096. */
	COOKIE_NAME_MAX = 64,
	COOKIE_VALUE_MAX = 3584,
	/* Bytes that can be signed, which make such a value at most. */
	COOKIE_SIGNED_MAX = 2600,
	/* Cookies of one header; browsers keep fewer for a site. */
	COOKIES_MAX = 200,
	/* RFC 6265bis §5.5: browsers keep none for longer. */
	COOKIE_DAYS_MAX = 400,
};

enum cookie_site {
	/* With requests of our own pages, and where a link of another page leads here. */
	COOKIE_LAX = 0,
	/* With requests of our own pages alone. */
	COOKIE_STRICT,
	/* With those of any page. */
	COOKIE_ANY_SITE,
};

/* No Domain: a cookie goes to the host that has set it, and to no other. */
struct cookie {
	/*
	 * With "__Host-" in front browsers see to it that nobody else has set it: it is of this
	 * very host and of all its paths, and goes over https alone.
	 */
	const char *name;
	/* How long it is kept; 0: until the browser is closed. */
	int64_t lifetime_s;
	/* NULL: "/". */
	const char *path;
	enum cookie_site site;
	/* It goes over plain http, too (no Secure): on a machine of one's own. */
	bool is_plain;
	/* Scripts of our pages may read it (no HttpOnly). */
	bool is_for_scripts;
};

/*
 * The value of Set-Cookie, in the arena. APP_INTERNAL: browsers would drop the cookie, or read
 * something else in it; the cause says why.
 */
enum app_err cookie_set(struct ctx *c, const struct cookie *cookie, const char *value,
			const char **ret) MUST_USE;
/* The same so that it is forgotten: of one with this name and path. */
enum app_err cookie_clear(struct ctx *c, const struct cookie *cookie, const char **ret) MUST_USE;

enum cookie_found {
	COOKIE_ABSENT = 0,
	COOKIE_THERE,
	/* It is to be taken for none: there are two of the name, or it is not what we have set. */
	COOKIE_BAD,
};

/* A value in the header, or what was signed in the arena; a NUL is behind the latter. */
struct cookie_value {
	const char *text;
	size_t len;
};

/*
 * Finds the one of that name, in its very case, in the header Cookie (NULL: there is none).
 * COOKIE_BAD, too: more than COOKIES_MAX of them, or a value of bytes that no cookie has.
 */
enum cookie_found cookie_find(const char *header, const char *name,
			      struct cookie_value *ret) MUST_USE;

/*
 * A cookie_set() of bytes that are signed with the time, under a key of the cookie's name: a value
 * under another name, or of another secret, is COOKIE_BAD. Whoever has the browser can read them
 * and, as long as the cookie lives, send old ones again. The cookie has a .lifetime_s. More than
 * COOKIE_SIGNED_MAX bytes is APP_INTERNAL.
 */
enum app_err cookie_sign(struct ctx *c, const struct cookie *cookie, const void *bytes, size_t len,
			 const char **ret) MUST_USE;
/* Reads them back; COOKIE_BAD, too, once it was signed longer ago than cookie->lifetime_s. */
enum cookie_found cookie_open(struct ctx *c, const struct cookie *cookie, const char *header,
			      struct cookie_value *ret) MUST_USE;

#endif
