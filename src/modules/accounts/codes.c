/* The codes of letters, and whose account an address is. */
#include "internal.h"

enum app_err account_find(struct ctx *c, const char *login, struct user_credentials *ret,
			  bool *ret_there)
{
	enum app_err err = users_find(c, login, ret);
	*ret_there = !err;
	if (err != APP_NOT_FOUND)
		return err;
	ctx_recover(c);
	return APP_OK;
}

static enum app_err make(struct ctx *c, void *arg)
{
	struct account_code *code = arg;
	const struct one_time what = {
		.purpose = code->purpose,
		.subject = code->subject ? code->subject
					 : arena_printf(c->arena, "%lld", (long long)code->user_id),
		.user_id = code->user_id,
		.data = code->data,
	};
	return one_time_make(c, &what, code->minutes * 60, code->pause_s, code->text,
			     &code->is_made);
}

enum app_err account_code_make(struct ctx *c, struct account_code *code)
{
	return db_write(c, make, code);
}
