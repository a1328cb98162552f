/* Which columns hold ids of other rows. */
#include "base/str.h"
#include "internal.h"

bool comparison_has_key(const struct comparison *k, const struct field *field)
{
	for (size_t i = 0; i < k->model->row->count; i++) {
		const struct relation *relation = k->model->row->fields[i].relation;
		if (relation && relation->kind == BELONGS_TO && str_eq(relation->key, field->name))
			return true;
	}
	return false;
}
