/* The tables behind `enum app_err`, made from the one list in base/err.h. */
#include "base/err.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>

#include "base/attr.h"

static const struct {
	int status;
	const char *slug;
	const char *text;
} errors[] = {
#define X(name, status, slug, text) [name] = { status, slug, text },
	APP_ERR_LIST(X)
#undef X
};

int app_err_status(enum app_err err)
{
	assert(err < COUNT_OF(errors));
	return errors[err].status;
}

const char *app_err_slug(enum app_err err)
{
	assert(err < COUNT_OF(errors));
	return errors[err].slug;
}

const char *app_err_text(enum app_err err)
{
	assert(err < COUNT_OF(errors));
	return errors[err].text;
}

enum app_err app_err_of_errno(int why)
{
	bool is_full = why == ENOSPC || why == EDQUOT || why == EFBIG;
	return is_full ? APP_STORAGE_FULL : APP_UNAVAILABLE;
}
