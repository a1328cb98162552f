/* What differs, in sentences: all of it, or what the start does not serve with. */
#include "base/app_name.h"
#include "base/arena.h"
#include "base/buf.h"
#include "internal.h"

/* model_faults() has said it. */
static bool is_said(const struct table_difference *difference)
{
	return difference->part == TABLE_ITSELF || difference->part == TABLE_COLUMN ||
	       difference->part == TABLE_TYPE;
}

static bool is_told(const struct table_difference *difference, bool all)
{
	if (is_said(difference) || difference->follows)
		return false;
	return difference->stops || (all && !difference->is_harmless);
}

enum app_err tables_faults(struct ctx *c, const struct model *const *models, bool all,
			   struct model_faults *ret)
{
	struct table_differences found;
	struct db_columns_cache columns = { 0 };
	struct comparison k = { c, models, .columns = &columns, .found = &found, .all = all };
	enum app_err err = model_faults(c, models, &columns, ret);
	if (!err)
		err = comparison_run(&k);
	for (size_t i = 0; !err && i < found.count; i++)
		if (is_told(&found.at[i], all))
			model_faults_add(c, ret, found.at[i].model, found.at[i].says);
	return err;
}

enum app_err tables_check(struct ctx *c, const struct model *const *models)
{
	struct model_faults faults;
	struct buf text;
	enum app_err err = tables_faults(c, models, false, &faults);
	if (err || !faults.count)
		return err;
	buf_init(&text, c->arena);
	for (size_t i = 0; i < faults.count; i++)
		buf_printf(&text, " %s", faults.at[i]);
	return ctx_fail(c, APP_CONFLICT,
			"The tables of the database are not those of the models.%s Write the "
			"migration that is missing (" APP_NAME " migrate new NAME --auto), apply "
			"it (" APP_NAME " migrate up), or set the model right.",
			buf_text(&text));
}
