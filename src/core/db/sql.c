#include "core/sql.h"

#include <string.h>

#include "base/arena.h"

enum { VALUES_AT_FIRST = 16, TEXT_AT_FIRST = 512 };

void sql_init(struct sql *sql, struct ctx *c, const struct db_binds *binds)
{
	*sql = (struct sql){ .c = c };
	buf_init(&sql->text, c->arena);
	buf_reserve(&sql->text, TEXT_AT_FIRST);
	sql->room = VALUES_AT_FIRST + (binds ? binds->count : 0);
	sql->values = arena_raw(c->arena, sql->room * sizeof(*sql->values));
	if (binds && binds->count) {
		memcpy(sql->values, binds->values, binds->count * sizeof(*sql->values));
		sql->count = binds->count;
	}
}

void sql_add(struct sql *sql, const char *text)
{
	buf_add_text(&sql->text, text);
}

void sql_bind(struct sql *sql, struct db_value value)
{
	if (sql->count == sql->room) {
		size_t size = sql->room * sizeof(*sql->values);
		sql->values = arena_grow(sql->c->arena, sql->values, size, size * 2);
		sql->room *= 2;
	}
	sql->values[sql->count++] = value;
	buf_add_char(&sql->text, '$');
	buf_add_int(&sql->text, (int64_t)sql->count);
}

void sql_and(struct sql *sql)
{
	sql_add(sql, sql->has_where ? " AND " : " WHERE ");
	sql->has_where = true;
}

void sql_in(struct sql *sql, const struct db_value *values, size_t count)
{
	size_t rounded = 1;
	while (rounded < count)
		rounded *= 2;
	for (size_t i = 0; i < rounded; i++) {
		if (i)
			sql_add(sql, ", ");
		/* Named twice, a value is found as often as once. */
		sql_bind(sql, values[i < count ? i : count - 1]);
	}
	sql_add(sql, ")");
}

struct db_binds sql_binds(const struct sql *sql)
{
	return (struct db_binds){ .values = sql->values, .count = sql->count };
}
