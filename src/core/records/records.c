/* Records of either form, bound by a schema; and the list of what is wrong with them. */
#include "core/records.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "core/schema.h"
#include "csv.h"

/* ---- CSV ---- */

static bool has_column(const struct records *records, const char *name)
{
	for (size_t i = 0; i < records->column_count; i++)
		if (str_eq(records->columns[i], name))
			return true;
	return false;
}

static const char *names_text(struct ctx *c, const struct schema *schema)
{
	struct buf text;
	buf_init(&text, c->arena);
	for (size_t i = 0; i < schema->count; i++)
		if (schema->fields[i].in == IN_FORM)
			buf_printf(&text, "%s%s", text.len ? ", " : "", schema->fields[i].name);
	return buf_text(&text);
}

static enum app_err take_column(struct ctx *c, struct records *records, const char *name)
{
	const struct field *field = schema_field(records->schema, name);
	if (!field || field->in != IN_FORM)
		return ctx_fail(c, APP_INVALID, "there is no column '%s'; there are %s", name,
				names_text(c, records->schema));
	if (has_column(records, name))
		return ctx_fail(c, APP_INVALID, "the column '%s' is named twice", name);
	records->columns[records->column_count++] = field->name;
	return APP_OK;
}

static enum app_err check_required(struct ctx *c, const struct records *records)
{
	for (size_t i = 0; i < records->schema->count; i++) {
		const struct field *field = &records->schema->fields[i];
		if (field->in == IN_FORM && field->required && !has_column(records, field->name))
			return ctx_fail(c, APP_INVALID, "the column '%s' is missing", field->name);
	}
	return APP_OK;
}

static enum app_err read_columns(struct ctx *c, struct records *records)
{
	struct csv_record first;
	if (!csv_next(records->csv, c->arena, &first))
		return ctx_fail(c, APP_INVALID,
				"there is nothing in it; the first line names the columns");
	records->line = first.line;
	if (first.fault)
		return ctx_fail(c, APP_INVALID, "%s", first.fault);
	for (size_t i = 0; i < first.count; i++) {
		const struct csv_cell *cell = &first.cells[i];
		enum app_err err = take_column(c, records,
					       arena_strndup(c->arena, cell->text, cell->len));
		if (err)
			return err;
	}
	return check_required(c, records);
}

static enum app_err next_of_csv(struct ctx *c, struct records *records, void *ret, bool *ret_found)
{
	struct csv_record record;
	struct input_pair pairs[RECORDS_COLUMNS_MAX + 1];
	size_t count = 0;
	*ret_found = csv_next(records->csv, c->arena, &record);
	if (!*ret_found)
		return APP_OK;
	records->line = record.line;
	if (record.fault)
		return ctx_fail(c, APP_INVALID, "%s; nothing behind it was read", record.fault);
	if (record.count != records->column_count)
		return ctx_fail(c, APP_INVALID,
				"it has %zu cells, and the first line names %zu columns",
				record.count, records->column_count);
	for (size_t i = 0; i < record.count; i++)
		if (record.cells[i].len)
			pairs[count++] = (struct input_pair){ records->columns[i],
							      record.cells[i].text,
							      record.cells[i].len };
	pairs[count] = (struct input_pair){ 0 };
	return schema_bind(c, records->schema, &(struct input){ .form = pairs }, ret);
}

/* ---- JSON lines ---- */

/* The next line that is not empty, without its end; NULL: there is none. */
static const char *next_line(struct records *records, size_t *ret_len)
{
	while (records->at < records->end) {
		const char *start = records->at;
		const char *feed = memchr(start, '\n', (size_t)(records->end - start));
		const char *end = feed ? feed : records->end;
		records->at = feed ? feed + 1 : records->end;
		records->line = records->next_line++;
		if (end > start && end[-1] == '\r')
			end--;
		*ret_len = (size_t)(end - start);
		if (*ret_len)
			return start;
	}
	return NULL;
}

static enum app_err next_of_lines(struct ctx *c, struct records *records, void *ret,
				  bool *ret_found)
{
	size_t len = 0;
	const char *line = next_line(records, &len);
	*ret_found = line;
	if (!line)
		return APP_OK;
	if (len > RECORDS_LINE_MAX)
		return ctx_fail(c, APP_INVALID, "it is too long");
	return schema_bind_flat(c, records->schema, line, len, ret);
}

/* ---- both ---- */

enum app_err records_open(struct ctx *c, enum records_form form, const char *text, size_t len,
			  const struct schema *schema, struct records *ret)
{
	*ret = (struct records){ .schema = schema, .form = form, .line = 1, .next_line = 1 };
	ret->csv = arena_zero(c->arena, sizeof(*ret->csv));
	csv_init(ret->csv, text, len);
	ret->at = ret->csv->at;
	ret->end = ret->csv->end;
	return form == RECORDS_CSV ? read_columns(c, ret) : APP_OK;
}

enum app_err records_next(struct ctx *c, struct records *records, void *ret, bool *ret_found)
{
	return records->form == RECORDS_CSV ? next_of_csv(c, records, ret, ret_found)
					    : next_of_lines(c, records, ret, ret_found);
}

/* ---- faults ---- */

/* The first so many of them, all when there are no more. */
static const struct field_fault *first_of(struct ctx *c, const struct field_fault *all,
					  int64_t most)
{
	const struct field_fault *first = NULL, **end = &first;
	for (; all && most > 0; all = all->next, most--) {
		struct field_fault *copy = arena_zero(c->arena, sizeof(*copy));
		*copy = *all;
		copy->next = NULL;
		*end = copy;
		end = &copy->next;
	}
	return first;
}

static void keep_fault(struct ctx *c, struct records_faults *faults, struct records_fault fault)
{
	struct records_fault *kept = arena_zero(c->arena, sizeof(*kept));
	struct records_fault **at = &faults->first;
	while (*at && (*at)->line <= fault.line)
		at = &(*at)->next;
	fault.next = *at;
	*kept = fault;
	*at = kept;
}

void records_refuse(struct ctx *c, struct records_faults *faults, int64_t line, enum app_err err)
{
	int64_t count = 0, room = RECORDS_FAULTS_MAX - faults->kept;
	for (const struct field_fault *at = c->failure.fields; at; at = at->next)
		count++;
	count += !count;
	faults->count += count;
	if (room > 0) {
		faults->kept += count < room ? count : room;
		keep_fault(c, faults,
			   (struct records_fault){ .line = line,
						   .fields = first_of(c, c->failure.fields, room),
						   .text = ctx_failure_text(c, err) });
	}
	ctx_recover(c);
}
