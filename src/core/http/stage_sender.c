/*
 * The stages that settle who is asking, and whether he may ask this at all. Whose body is not
 * wanted is told before it comes.
 */
#include <string.h>

#include "answers.h"
#include "base/str.h"
#include "core/app.h"
#include "core/authenticator.h"
#include "core/cookie.h"
#include "core/http.h"
#include "exchange.h"
#include "server.h"
#include "stage.h"

const char *sender_cookie_name(const struct http_exchange *x)
{
	const struct app *app = x->server->app;
	bool may = app->authenticator && app->authenticator->cookie_name;
	return may ? app->authenticator->cookie_name(app) : NULL;
}

/* Those of the cookie, when there is one of that name. */
static const struct credentials *cookie_of(const struct http_exchange *x, struct credentials *room)
{
	const char *header = x->head.value[GUARD_COOKIE];
	const char *name = header ? sender_cookie_name(x) : NULL;
	struct cookie_value value = { .text = "" };
	enum cookie_found found = name ? cookie_find(header, name, &value) : COOKIE_ABSENT;
	if (!found)
		return NULL;
	*room = (struct credentials){ .scheme = CREDENTIALS_COOKIE,
				      .text = value.text,
				      .len = found == COOKIE_THERE ? value.len : 0 };
	return room;
}

/* RFC 9110 §11.4: a scheme, blanks, and what it takes. */
static const struct credentials *credentials_in(const char *authorization, struct credentials *room)
{
	const char *end = strchr(authorization, ' ');
	if (!end)
		return NULL;
	bool is_bearer = str_starts_nocase(authorization, "bearer ");
	const char *text = end + strspn(end, " ");
	*room = (struct credentials){ .scheme = is_bearer ? CREDENTIALS_BEARER : CREDENTIALS_OTHER,
				      .text = text,
				      .len = strlen(text) };
	return room;
}

/*
 * One of two headers, of which the guard lets no more in; or a cookie, which browsers send whether
 * or not it is meant. Fills `room`; NULL: none are shown.
 */
static const struct credentials *credentials_of(const struct http_exchange *x,
						struct credentials *room)
{
	const char *key = x->head.value[GUARD_X_API_KEY];
	const char *authorization = x->head.value[GUARD_AUTHORIZATION];
	if (authorization)
		return credentials_in(authorization, room);
	if (!key)
		return cookie_of(x, room);
	*room = (struct credentials){ .scheme = CREDENTIALS_KEY, .text = key, .len = strlen(key) };
	return room;
}

bool http_is_by_cookie(const struct http_exchange *x)
{
	return x->is_by_cookie;
}

/* Finds the account that the credentials belong to. */
static enum app_err sender_authenticate(struct http_exchange *x, const struct credentials *shown)
{
	const struct authenticator *authenticator = x->server->app->authenticator;
	if (!authenticator)
		return ctx_fail_cause(&x->c, APP_UNAUTHENTICATED, "no module can authenticate");
	x->c.reads_primary = true;
	enum app_err err = authenticator->authenticate(&x->c, shown, &x->c.actor);
	x->c.reads_primary = false;
	x->is_by_cookie = !err && shown->scheme == CREDENTIALS_COOKIE;
	return err;
}

/* What the credentials say by themselves, without the database. */
static enum app_err sender_screen(struct http_exchange *x, const struct credentials *shown)
{
	const struct authenticator *authenticator = x->server->app->authenticator;
	return authenticator ? authenticator->screen(&x->c, shown) : APP_OK;
}

static enum stage_result sender_admit(struct http_exchange *x, const struct credentials *shown)
{
	enum app_err err = shown ? sender_authenticate(x, shown) : APP_OK;
	if (!err)
		err = op_authorize(&x->c, route_access(x->route), route_permission(x->route));
	if (!err && x->op && x->op->people_only)
		err = op_check_person(&x->c);
	if (!err)
		err = op_check_proof(&x->c, route_proven_s(x->route));
	return err ? stage_fail(x, err) : STAGE_NEXT;
}

/*
 * Whether credentials are looked at when the body is in: where the database may block, and where
 * nothing is to come, together with what the request reads.
 */
static bool is_admitted_later(const struct http_exchange *x, const struct credentials *shown)
{
	return shown && (x->server->db_blocks || !exchange_has_body(x));
}

/*
 * Whether who was let in by the head is looked at again: he may have lost his rights while the body
 * came. A command that nothing is prepared for does so itself, inside its write.
 */
static bool is_admitted_again(const struct http_exchange *x)
{
	bool asks_itself = !x->route->handle && x->op->kind == COMMAND && !x->op->prepare;
	return exchange_has_body(x) && !asks_itself;
}

bool when_screened(const struct http_exchange *x)
{
	struct credentials room;
	return route_access(x->route) != ACCESS_PUBLIC &&
	       (x->server->db_blocks || !is_admitted_later(x, credentials_of(x, &room)));
}

enum stage_result stage_screen_sender(struct http_exchange *x)
{
	struct credentials room;
	const struct credentials *shown = credentials_of(x, &room);
	if (!is_admitted_later(x, shown))
		return sender_admit(x, shown);
	enum app_err err = sender_screen(x, shown);
	return err ? stage_fail(x, err) : STAGE_NEXT;
}

bool when_admitted(const struct http_exchange *x)
{
	struct credentials room;
	return route_access(x->route) != ACCESS_PUBLIC &&
	       (is_admitted_later(x, credentials_of(x, &room)) || is_admitted_again(x));
}

enum stage_result stage_admit_sender(struct http_exchange *x)
{
	struct credentials room;
	return sender_admit(x, credentials_of(x, &room));
}

void answers_of_admit_sender(const struct router_entry *entry, struct answers *answers)
{
	enum op_access access = route_access(entry->route);
	if (access == ACCESS_USER || access == ACCESS_SUPERUSER)
		answers->fails |= answers_bit(APP_UNAUTHENTICATED);
	if (access == ACCESS_SUPERUSER || access == ACCESS_DENY || route_permission(entry->route) ||
	    (entry->route->op && entry->route->op->people_only))
		answers->fails |= answers_bit(APP_FORBIDDEN);
}
