/*
 * The functions of ours that SQL may call. Only statements may, no view, trigger or index: a
 * hostile file cannot reach them.
 */
#include "base/arena.h"
#include "core/text.h"
#include "internal.h"

/*
 * search_has(text, words): whether the text has a word that begins with each of these, which are as
 * text_words() makes them. To SQLite it is one step however long the text is, so it asks by itself
 * whether the statement is to be stopped.
 */
static void search_has(sqlite3_context *call, int count, sqlite3_value **values)
{
	(void)count;
	AUTO(arena) arena = { 0 };
	const char *text = (const char *)sqlite3_value_text(values[0]);
	const char *wanted = (const char *)sqlite3_value_text(values[1]);
	if (!text || !wanted)
		return;
	size_t len = (size_t)sqlite3_value_bytes(values[0]);
	const char *words = text_words_watched(&arena, text, len, sqlite3_user_data(call));
	if (words)
		sqlite3_result_int(call, text_words_begin(words, wanted));
	else
		sqlite3_result_error_code(call, SQLITE_INTERRUPT);
}

int sqlite_functions_add(sqlite3 *handle, struct text_watch *watch)
{
	return sqlite3_create_function_v2(handle, "search_has", 2,
					  SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY,
					  watch, search_has, NULL, NULL, NULL);
}
