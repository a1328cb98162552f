/*
 * Start-up checks of one route: its row, and that its operation takes what the pattern has. A
 * mistake ends the start with a sentence that says where it is, so that no request ever meets it.
 * What an operation must have with or without a route stands in operation.c.
 */
#include "internal.h"

#include <string.h>

#include "base/app_name.h"
#include "base/arena.h"
#include "core/module.h"
#include "core/op.h"
#include "core/schema.h"

/* ---- its input ---- */

static bool has_path_field(const struct schema *in, const struct router_part *part)
{
	for (size_t i = 0; in && i < in->count; i++) {
		const struct field *field = &in->fields[i];
		if (field->in == IN_PATH && strlen(field->name) == part->len &&
		    memcmp(field->name, part->text, part->len) == 0)
			return true;
	}
	return false;
}

/* Every parameter is taken. */
static enum app_err check_params(struct ctx *c, const struct router_entry *entry)
{
	const struct operation *op = entry->route->op;
	for (size_t i = 0; i < entry->part_count; i++) {
		const struct router_part *part = &entry->parts[i];
		if (part->is_param && !has_path_field(op->in, part))
			return router_fault(
				c, entry, "the input of %s has no field '%.*s' with .in = IN_PATH",
				op->name, (int)part->len, part->text);
	}
	return APP_OK;
}

static enum app_err check_field(struct ctx *c, const struct router_entry *entry,
				const struct field *field)
{
	const struct route *route = entry->route;
	if (field->in == IN_PATH && !router_has_param(entry, field->name, strlen(field->name)))
		return router_fault(c, entry,
				    "the input of %s takes '%s' from the path, but the path has no "
				    "{%s}",
				    route->op->name, field->name, field->name);
	if (route->method == GET && (field->in == IN_BODY || field->in == IN_FORM))
		return router_fault(c, entry,
				    "the input of %s takes '%s' from a body, but GET has none; say "
				    ".in = IN_QUERY",
				    route->op->name, field->name);
	return APP_OK;
}

/* What it takes is there. */
static enum app_err check_fields(struct ctx *c, const struct router_entry *entry)
{
	const struct schema *in = entry->route->op->in;
	enum app_err err = APP_OK;
	for (size_t i = 0; !err && in && i < in->count; i++)
		err = check_field(c, entry, &in->fields[i]);
	return err;
}

/* ---- its operation ---- */

/* RFC 9110 §9.2.1: what only reads is asked for with GET, and GET only reads; POST may do both. */
static enum app_err check_kind(struct ctx *c, const struct router_entry *entry)
{
	const struct route *route = entry->route;
	bool reads = route->method == GET || route->method == HEAD;
	if (!reads && route->method != POST && route->op->kind == QUERY)
		return router_fault(c, entry,
				    "%s changes something, and the operation %s is a "
				    "QUERY; say .kind = COMMAND",
				    route_method_name(route->method), route->op->name);
	if (reads && route->op->kind == COMMAND)
		return router_fault(c, entry,
				    "%s changes nothing, and the operation %s is a "
				    "COMMAND; route it by POST",
				    route_method_name(route->method), route->op->name);
	return APP_OK;
}

static enum app_err check_operation(struct ctx *c, const struct router_entry *entry)
{
	const struct operation *op = entry->route->op;
	const char *it = op->name ? arena_printf(c->arena, "the operation %s", op->name)
				  : "its operation";
	const char *what = router_operation_fault(c, op, it, !entry->route->handle);
	if (what)
		return router_fault(c, entry, "%s", what);
	enum app_err err = check_kind(c, entry);
	if (!err)
		err = check_params(c, entry);
	return err ? err : check_fields(c, entry);
}

/* ---- its form ---- */

static enum app_err check_form_body(struct ctx *c, const struct router_entry *entry)
{
	const struct route *route = entry->route;
	const struct schema *in = route->op->in, *form = route->form->in;
	if (!in || !schema_uses(in, IN_BODY))
		return router_fault(c, entry,
				    "its .form is for a body that may be JSON as well, and %s "
				    "takes none; let .op be the form",
				    route->op->name);
	if (!form || !schema_uses(form, IN_FORM))
		return router_fault(c, entry,
				    "its .form %s takes no form; say .in = IN_FORM of its fields",
				    route->form->name);
	return APP_OK;
}

static bool is_listed(const struct module *module, const struct operation *op)
{
	const struct operation *const *listed = module->operations;
	while (listed && *listed && *listed != op)
		listed++;
	return listed && *listed;
}

/* Whoever asks gets the same either way. */
static enum app_err check_form_beside(struct ctx *c, const struct router_entry *entry)
{
	const struct operation *op = entry->route->op, *form = entry->route->form;
	if (op->access != form->access || op->permission != form->permission ||
	    op->proven_s != form->proven_s || op->kind != form->kind || op->out != form->out)
		return router_fault(c, entry,
				    "%s and its .form %s differ in .access, .permission, "
				    ".proven_s, .kind or .out",
				    op->name, form->name);
	if (!is_listed(entry->module, form))
		return router_fault(c, entry,
				    "its .form %s is for " APP_NAME " run, too: add it to "
				    ".operations of the module",
				    form->name);
	return APP_OK;
}

/* What answers a form: an operation as the other, but for its body. */
static enum app_err check_form(struct ctx *c, const struct router_entry *entry)
{
	struct route route = *entry->route;
	struct router_entry as_form = *entry;
	if (!route.op || route.handle)
		return router_fault(c, entry,
				    "a raw handler reads its forms itself; leave out .form");
	route.op = route.form;
	as_form.route = &route;
	enum app_err err = check_operation(c, &as_form);
	if (!err)
		err = check_form_body(c, entry);
	return err ? err : check_form_beside(c, entry);
}

/* ---- its statuses ---- */

static bool is_success(int status)
{
	return status >= 200 && status <= 299;
}

/* The two have their places in the document; 503 is one that everything may be answered with. */
static enum app_err check_other_status(struct ctx *c, const struct router_entry *entry, int status)
{
	const struct route *route = entry->route;
	int other = route->other_status;
	if (route->handle)
		return router_fault(c, entry,
				    "its handler says the status by itself; leave out .status_of");
	if (other == status || !(is_success(other) || other == app_err_status(APP_UNAVAILABLE)))
		return router_fault(c, entry, ".other_status is %d: it is another success, or 503",
				    other);
	if (route->op && route->op->out && (status == 204 || other == 204))
		return router_fault(
			c, entry, ".status and .other_status have the same body, and 204 has none");
	return APP_OK;
}

static enum app_err check_statuses(struct ctx *c, const struct router_entry *entry)
{
	const struct route *route = entry->route;
	int status = route_status(route);
	bool redirects = route->handle && status >= 300 && status <= 399;
	if (!is_success(status) && !redirects)
		return router_fault(c, entry, ".status is that of success, and %d is none", status);
	if (!route->status_of != !route->other_status)
		return router_fault(c, entry, ".status_of and .other_status go together");
	return route->other_status ? check_other_status(c, entry, status) : APP_OK;
}

/* ---- the whole ---- */

/* Who keeps an answer gives it to others. */
static enum app_err check_kept(struct ctx *c, const struct router_entry *entry)
{
	const struct route *route = entry->route;
	if (!route->kept_s)
		return APP_OK;
	if (route->kept_s < 0)
		return router_fault(c, entry, ".kept_s is seconds, and %d is none", route->kept_s);
	if (route->handle || route->method != GET || route_access(route) != ACCESS_PUBLIC)
		return router_fault(c, entry,
				    "what is kept is what an operation answers to a GET that "
				    "anyone may send; leave out .kept_s");
	return APP_OK;
}

static enum app_err check_route(struct ctx *c, const struct router_entry *entry)
{
	const struct route *route = entry->route;
	if (route->method < GET || route->method > OPTIONS)
		return router_fault(c, entry, "the method is missing");
	if (route->method == HEAD || route->method == OPTIONS)
		return router_fault(c, entry, "the server answers this method by itself");
	if (!route->path)
		return router_fault(c, entry, "the path is missing");
	if (!route->op && !route->handle)
		return router_fault(c, entry, "it has neither an operation nor a handler");
	if (!route->op && route->access == ACCESS_DENY)
		return router_fault(c, entry,
				    "its handler does not say who may call it; set .access");
	if (route->op && route->access != ACCESS_DENY)
		return router_fault(c, entry,
				    "its operation says who may call it; leave out .access");
	if (limit_is_set(&route->limit) && !limit_is_fine(&route->limit))
		return router_fault(c, entry,
				    "its .limit needs a count and seconds above 0, and no burst "
				    "below 0, as LIMIT(30, 60) for 30 a minute; or is LIMIT_NONE");
	enum app_err err = check_kept(c, entry);
	return err ? err : check_statuses(c, entry);
}

enum app_err router_read_route(struct ctx *c, struct arena *arena, struct router_entry *entry)
{
	enum app_err err = check_route(c, entry);
	if (!err)
		err = router_read_pattern(c, arena, entry);
	if (!err && entry->route->op)
		err = check_operation(c, entry);
	if (!err && entry->route->form)
		err = check_form(c, entry);
	return err;
}
