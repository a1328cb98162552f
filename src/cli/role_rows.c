/*
 * What `croft role` does: the operations of the roles module, by the names of roles. It changes no
 * table itself, so that their rules hold here, too.
 */
#include <string.h>

#include "answer.h"
#include "base/buf.h"
#include "base/str.h"
#include "cli.h"
#include "core/model.h"
#include "modules/roles.h"
#include "role.h"

/* ---- what is shown ---- */

static void say_role_head(void)
{
	cli_say("%-20s  %s", "role", "permissions");
}

static void say_role(struct json_node role, bool json)
{
	AUTO(buf) permissions = { 0 };
	if (json) {
		answer_say_line(role);
		return;
	}
	answer_add_texts(role, "permissions", &permissions);
	cli_say("%-20s  %s", answer_text(role, "name"), buf_text(&permissions));
}

static int ask_all(struct ctx *c, const struct operation *op, struct buf *out,
		   struct json_tree *ret)
{
	AUTO(buf) input = { 0 };
	buf_add_lit(&input, "{}");
	return answer_ask(c, op, &input, out, ret);
}

int role_run_list(struct ctx *c, const struct role_work *work)
{
	AUTO(buf) out = { 0 };
	AUTO(json_tree) roles = { 0 };
	int code = ask_all(c, &roles_list, &out, &roles);
	if (code)
		return code;
	if (!work->arguments->json)
		say_role_head();
	struct json_node at = answer_items(json_tree_top(&roles));
	for (; at.item; at = json_node_next(at))
		say_role(at, work->arguments->json);
	return CLI_OK;
}

int role_run_permissions(struct ctx *c, const struct role_work *work)
{
	AUTO(buf) out = { 0 };
	AUTO(json_tree) tree = { 0 };
	int code = ask_all(c, &roles_list_permissions, &out, &tree);
	if (code)
		return code;
	if (!work->arguments->json)
		cli_say("%-20s  %s", "permission", "lets a user");
	struct json_node at = answer_items(json_tree_top(&tree));
	for (; at.item; at = json_node_next(at))
		if (work->arguments->json)
			answer_say_line(at);
		else
			cli_say("%-20s  %s", answer_text(at, "name"), answer_text(at, "doc"));
	return CLI_OK;
}

/* ---- one role by its name ---- */

/* Returns CLI_OK, or another exit code once it is told that there is none. */
static int find(struct ctx *c, const char *name, struct buf *out, struct json_tree *tree,
		struct json_node *ret)
{
	int code = ask_all(c, &roles_list, out, tree);
	if (code)
		return code;
	struct json_node at = answer_items(json_tree_top(tree));
	while (at.item && !str_eq(answer_text(at, "name"), name))
		at = json_node_next(at);
	if (!at.item) {
		cli_error("there is no role '%s'", name);
		return CLI_FAILED;
	}
	*ret = at;
	return CLI_OK;
}

int role_run_show(struct ctx *c, const struct role_work *work)
{
	AUTO(buf) out = { 0 };
	AUTO(json_tree) tree = { 0 };
	struct json_node role;
	int code = find(c, work->cli->argv[0], &out, &tree, &role);
	if (code)
		return code;
	if (!work->arguments->json)
		say_role_head();
	say_role(role, work->arguments->json);
	return CLI_OK;
}

struct role_stamp {
	int64_t id;
	struct instant updated_at;
};

SCHEMA(role_stamp,
	FIELD(struct role_stamp, id),
	FIELD(struct role_stamp, updated_at));

/* Its id, which may be another role's next, and so its ETag, too: what was found is changed. */
static void add_target(struct json_node role, struct buf *json)
{
	struct role_stamp stamp = { .id = answer_int(role, "id") };
	char etag[MODEL_ETAG_ROOM];
	const char *why;
	if (!instant_parse(answer_text(role, "updated_at"), &stamp.updated_at, &why))
		stamp.updated_at = (struct instant){ 0 };
	model_etag(&role_stamp_schema, &stamp, etag);
	buf_printf(json, "{\"role_id\":%lld", (long long)stamp.id);
	cli_add_member(json, "if_match", etag);
}

/* ---- changes ---- */

static void say_done(const char *what, const char *name)
{
	AUTO(buf) text = { 0 };
	buf_printf(&text, "%s role ", what);
	str_add_printable(&text, name, strlen(name));
	buf_add_lit(&text, ".\n");
	cli_print(&text);
}

static int change(struct ctx *c, const struct operation *op, struct buf *json, const char *what,
		  const char *name)
{
	AUTO(buf) out = { 0 };
	buf_add_char(json, '}');
	int code = answer_ask(c, op, json, &out, NULL);
	if (!code)
		say_done(what, name);
	return code;
}

int role_run_create(struct ctx *c, const struct role_work *work)
{
	AUTO(buf) json = { 0 };
	cli_add_member(&json, "name", work->cli->argv[0]);
	cli_add_list(&json, "permissions", work->cli->argv + 1, work->cli->argc - 1);
	return change(c, &roles_create, &json, "Created", work->cli->argv[0]);
}

int role_run_update(struct ctx *c, const struct role_work *work)
{
	const struct cli *cli = work->cli;
	AUTO(buf) found = { 0 }, json = { 0 };
	AUTO(json_tree) tree = { 0 };
	struct json_node role;
	int code = find(c, cli->argv[0], &found, &tree, &role);
	if (code)
		return code;
	add_target(role, &json);
	cli_add_member(&json, "name", work->arguments->rename);
	if (work->arguments->none || cli->argc > 1)
		cli_add_list(&json, "permissions", cli->argv + 1, cli->argc - 1);
	return change(c, &roles_update, &json, "Changed", cli->argv[0]);
}

int role_run_delete(struct ctx *c, const struct role_work *work)
{
	AUTO(buf) found = { 0 }, json = { 0 };
	AUTO(json_tree) tree = { 0 };
	struct json_node role;
	int code = find(c, work->cli->argv[0], &found, &tree, &role);
	if (code)
		return code;
	add_target(role, &json);
	return change(c, &roles_delete, &json, "Deleted", work->cli->argv[0]);
}
