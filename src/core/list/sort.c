/* sort=-created_at,title: what the rows are sorted by. The SQL of it is the model's work. */
#include <string.h>

#include "internal.h"

static bool cut_end(size_t *len, const char *term, const char *end)
{
	size_t end_len = strlen(end);
	if (*len < end_len || memcmp(term + *len - end_len, end, end_len) != 0)
		return false;
	*len -= end_len;
	return true;
}

/* "-created_at", or "created_at:desc". Both at once is no name. */
static bool sort_read(const struct schema *row, const struct list_terms *terms,
		      struct list_sort *ret)
{
	const char *name = terms->term;
	size_t len = terms->len;
	bool descending = len && *name == '-';
	if (descending) {
		name++;
		len--;
	} else if (cut_end(&len, name, ":desc")) {
		descending = true;
	} else {
		(void)cut_end(&len, name, ":asc");
	}
	*ret = (struct list_sort){ list_field_find(row, field_may_sort, name, len), descending };
	return ret->field;
}

static bool is_sorted_by(const struct list_query *query, const struct field *field)
{
	for (size_t i = 0; i < query->sort_count; i++)
		if (query->sorts[i].field == field)
			return true;
	return false;
}

static void sort_term(struct list_bind *l, const struct subject *s, const struct list_terms *term)
{
	struct list_query *query = l->query;
	struct list_sort sort;
	if (!sort_read(l->row, term, &sort))
		list_fault_term(l, s, term, "is no field to sort by; there are: ",
				list_names(l->b->c->arena, l->row, field_may_sort, ", "));
	else if (is_sorted_by(query, sort.field))
		list_fault_term(l, s, term, "sorts by a field that was named before", "");
	else
		query->sorts[query->sort_count++] = sort;
}

void list_take_sort(struct list_bind *l, const struct subject *s)
{
	list_terms_take(l, s, LIST_SORTS_MAX, sort_term);
}
