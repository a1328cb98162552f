/* Running rows on one database after the other; see testing/store.h. */
#include "testing/store.h"

#include <stdio.h>

#include "base/arena.h"
#include "testing/postgres.h"

bool store_is_postgres;

int store_run(const char *area, const struct CMUnitTest *rows, size_t count,
	      CMFixtureFunction setup, CMFixtureFunction teardown)
{
	char postgres[128];
	snprintf(postgres, sizeof(postgres), "%s (postgres)", area);
	store_is_postgres = false;
	int failed = _cmocka_run_group_tests(area, rows, count, setup, teardown);
	store_is_postgres = true;
	return failed + _cmocka_run_group_tests(postgres, rows, count, setup, teardown);
}

const char *store_either(const char *sqlite, const char *postgres)
{
	return store_is_postgres ? postgres : sqlite;
}

const char *store_url(struct scene *scene, const char *file)
{
	char url[POSTGRES_URL_ROOM];
	if (!store_is_postgres)
		return arena_printf(&scene->arena, "sqlite:%s/%s", scene->folder, file);
	postgres_schema(url);
	return arena_strdup(&scene->arena, url);
}
