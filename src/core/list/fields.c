/* fields=id,title: which members the rows of the answer have. */
#include "internal.h"

static void show_term(struct list_bind *l, const struct subject *s, const struct list_terms *term)
{
	const struct schema *row = l->row;
	const struct field *field = list_field_find(row, field_may_show, term->term, term->len);
	uint64_t bit = field ? (uint64_t)1 << (field - row->fields) : 0;
	if (list_field_find(row, field_may_include, term->term, term->len))
		list_fault_term(l, s, term, "is a relation: name it in include instead", "");
	else if (!field)
		list_fault_term(l, s, term, "is no field; there are: ",
				list_names(l->b->c->arena, row, field_may_show, ", "));
	else if (l->shown & bit)
		list_fault_term(l, s, term, "is named twice", "");
	else
		l->shown |= bit;
}

void list_take_fields(struct list_bind *l, const struct subject *s)
{
	l->has_shown = true;
	list_terms_take(l, s, HIDDEN_FIELDS_MAX, show_term);
}
