/* The edges of what a field of numbers allows, tried on the CHECKs of its column. */
#include <inttypes.h>
#include <math.h>

#include "base/arena.h"
#include "base/buf.h"
#include "core/json.h"
#include "rule.h"

/* What an integer of 64 bits can be, in round figures. */
static const int64_t NUMBER_MOST = 9000000000000000000;
/* What a real number can be. */
static const double REAL_MOST = 1.7976931348623157e308;

static enum app_err try_number(struct trial *t, int64_t number, bool is_allowed)
{
	if (number < -NUMBER_MOST || number > NUMBER_MOST ||
	    (is_allowed && !rule_is_open(t->field)))
		return APP_OK;
	return rule_try(t, db_bind_int(number), is_allowed,
			arena_printf(t->k->c->arena, "%" PRId64, number));
}

/* An id is 1 at the least. */
enum app_err rule_try_integers(struct trial *t)
{
	const struct field *field = t->field;
	int64_t lowest = model_relation_of(t->k->model, field) ? 1 : -NUMBER_MOST;
	int64_t min = field->has_min ? field_least_int(field) : lowest;
	int64_t max = field->has_max ? field_most_int(field) : NUMBER_MOST;
	enum app_err err = try_number(t, min, true);
	if (!err && field->has_min && min > -NUMBER_MOST)
		err = try_number(t, min - 1, false);
	if (!err)
		err = try_number(t, max, true);
	if (!err && field->has_max && max < NUMBER_MOST)
		err = try_number(t, max + 1, false);
	return err;
}

static enum app_err try_real(struct trial *t, double number, bool is_allowed)
{
	struct buf text;
	if (!isfinite(number) || (is_allowed && !rule_is_open(t->field)))
		return APP_OK;
	buf_init(&text, t->k->c->arena);
	json_add_real(&text, number);
	return rule_try(t, db_bind_real(number), is_allowed, buf_text(&text));
}

/* The numbers on both sides of a bound have nothing between them. */
enum app_err rule_try_reals(struct trial *t)
{
	const struct field *field = t->field;
	double least = field->has_min ? field_least(field) : -REAL_MOST;
	double most = field->has_max ? field_most(field) : REAL_MOST;
	enum app_err err = try_real(t, least, true);
	if (!err && field->has_min)
		err = try_real(t, nextafter(least, -INFINITY), false);
	if (!err)
		err = try_real(t, most, true);
	if (!err && field->has_max)
		err = try_real(t, nextafter(most, INFINITY), false);
	return err;
}
