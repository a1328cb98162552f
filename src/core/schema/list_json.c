/*
 * List parameters as members of a flat JSON object: what the command line and the queue give. Called by bind_body.c. A
 * value is read as the text that would stand in a query, so both ways have the same rules.
 */
#include <string.h>

#include "list_bind.h"

static bool text_of_node(struct json_node n, struct subject *ret)
{
	enum json_kind kind = json_node_kind(n);
	if (kind == JSON_TEXT) {
		ret->text = json_node_text(n);
		ret->len = strlen(ret->text);
	} else if (kind == JSON_NUMBER || kind == JSON_BOOL) {
		ret->text = n.span->at;
		ret->len = n.span->len;
	}
	return ret->text;
}

void list_bind_member(struct list_bind *l, struct json_node member)
{
	struct place at = { .up = l->root, .name = json_node_name(member) };
	struct subject s = { .at = &at, .node = member };
	if (!list_bind_knows(l, at.name))
		fault_extra(l->b, &s);
	else if (!text_of_node(member, &s))
		fault_add(l->b, &s, "string_type", NULL, "Input should be a valid string");
	else
		list_bind_take(l, &s);
}
