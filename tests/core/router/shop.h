/* A made-up shop of two modules that are mounted below /shop, beside an API of its own. */
#ifndef CROFT_TESTS_CORE_ROUTER_SHOP_H
#define CROFT_TESTS_CORE_ROUTER_SHOP_H

#include "core/http.h"
#include "core/module.h"
#include "core/op.h"
#include "core/route.h"
#include "core/schema.h"

struct shop_item {
	int64_t id;
};
/* Two of one name: no document has both. */
SCHEMA(shop_item, FIELD(struct shop_item, id, .required = true));
SCHEMA_OF(thing_schema, "shop_item", struct shop_item, FIELD(struct shop_item, id));

static enum app_err give_item(struct ctx *c, void *in, void *ret)
{
	(void)c, (void)in;
	*(struct shop_item *)ret = (struct shop_item){ 7 };
	return APP_OK;
}

#define SHOP_OP(name_, out_) \
	{ \
		.name = name_, .access = ACCESS_PUBLIC, .light = true, .run = give_item, \
		.out = (out_) \
	}
static const struct operation shop_items = SHOP_OP("shop.items", &shop_item_schema);
static const struct operation shop_sell = SHOP_OP("shop.sell", &shop_item_schema);
static const struct operation shop_till = SHOP_OP("till.open", &shop_item_schema);
static const struct operation list_things = SHOP_OP("things.list", &thing_schema);

/* Two of the shop's own and two of the API's: one for all routes, and one for its module alone. */
static void finish_plainly(struct ctx *c, struct http_exchange *x)
{
	(void)c;
	http_stage_set(x, 0, "1");
}

#define PASSES(name_, header, ...) \
	{ \
		.name = name_, .place = OVER_ANSWER, .light = true, .finish = finish_plainly, \
		.sets = { { .name = header } }, __VA_ARGS__ \
	}
static const struct module_stage shop_stages[] = STAGES(
	PASSES("shop", "X-Shop", .all_routes = true), PASSES("counter", "X-Counter"));
static const struct module_stage thing_stages[] = STAGES(
	PASSES("things", "X-Things", .all_routes = true), PASSES("shelf", "X-Shelf"));

static const struct route shop_routes[] = {
	{ GET, "/", .op = &shop_items },
	{ POST, "/sales", &shop_sell, .status = 201 },
	{ 0 },
};
static const struct route till_routes[] = { { GET, "/till", .op = &shop_till }, { 0 } };
static const struct route thing_routes[] = { { GET, "/things", .op = &list_things }, { 0 } };
static const struct module shop_module = {
	.name = "shop",
	.doc = "What is sold.",
	.mount = "/shop",
	.routes = shop_routes,
	.stages = shop_stages,
};
static const struct module till_module = {
	.name = "till",
	.doc = "What was paid.",
	.mount = "/shop",
	.routes = till_routes,
};
static const struct module things_module = {
	.name = "things",
	.doc = "What there is.",
	.routes = thing_routes,
	.stages = thing_stages,
};
static const struct module *const shop_modules[] = { &things_module, &shop_module, &till_module,
						     NULL };

#endif
