#include "jin.h"

#include "buf.h"
#include "text.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct jin_reader {
	struct arena *arena;
	struct err *err;
	bool has_failed;
};

static void release_json(void *json)
{
	json_decref(json);
}

static size_t count_of(const json_t *value)
{
	return json_is_array(value) ? json_array_size(value) : json_object_size(value);
}

bool jin_parse(struct arena *a, const char *bytes, size_t n, struct jin *root, struct err *e)
{
	json_error_t why;
	json_t *json = json_loadb(bytes, n, JSON_REJECT_DUPLICATES, &why);
	arena_defer(a, release_json, json);
	if (!json)
		return err_set(e, ERR_MALFORMED, "JSON illisible, ligne %d colonne %d : %s",
			why.line, why.column, why.text);
	struct jin_reader *reader = arena_one(a, struct jin_reader);
	*reader = (struct jin_reader){.arena = a, .err = e};
	*root = (struct jin){.reader = reader, .value = json, .count = count_of(json)};
	return true;
}

bool jin_failed(const struct jin *at)
{
	return at->reader->has_failed;
}

/* points[3].tonnes, written from the root down. */
static void write_path(const struct jin *at, struct buf *b)
{
	if (!at->parent)
		return;
	write_path(at->parent, b);
	if (at->key)
		buf_printf(b, "%s%s", b->len ? "." : "", at->key);
	else
		buf_printf(b, "[%zu]", at->index);
}

void jin_fail(const struct jin *at, const char *format, ...)
{
	struct jin_reader *reader = at->reader;
	if (reader->has_failed)
		return;
	reader->has_failed = true;
	va_list args;
	va_start(args, format);
	const char *what = arena_vprintf(reader->arena, format, args);
	va_end(args);
	struct buf path;
	buf_init(&path, reader->arena, BUF_NO_LIMIT);
	write_path(at, &path);
	(void)err_set(reader->err, ERR_INVALID, "%s%s%s", path.data, path.len ? " : " : "", what);
}

static json_t *member_of(const struct jin *object, const char *key)
{
	if (jin_failed(object))
		return NULL;
	if (!json_is_object(object->value)) {
		jin_fail(object, "un objet JSON est attendu");
		return NULL;
	}
	json_t *value = json_object_get(object->value, key);
	return json_is_null(value) ? NULL : value;
}

bool jin_has(const struct jin *object, const char *key)
{
	return member_of(object, key) != NULL;
}

struct jin jin_member(const struct jin *object, const char *key)
{
	json_t *value = member_of(object, key);
	struct jin at = {object->reader, object, key, 0, value, count_of(value)};
	if (!value)
		jin_fail(&at, "valeur manquante");
	return at;
}

double jin_value_real(const struct jin *at, double low, double high)
{
	if (jin_failed(at))
		return 0;
	double v = json_number_value(at->value);
	if (!json_is_number(at->value) || !isfinite(v))
		jin_fail(at, "un nombre est attendu");
	else if (v < low || v > high)
		jin_fail(at, "%g est hors des bornes [%g, %g]", v, low, high);
	return jin_failed(at) ? 0 : v;
}

int64_t jin_value_int(const struct jin *at, int64_t low, int64_t high)
{
	if (jin_failed(at))
		return 0;
	int64_t v = json_integer_value(at->value);
	if (!json_is_integer(at->value))
		jin_fail(at, "un nombre entier est attendu");
	else if (v < low || v > high)
		jin_fail(at, "%lld est hors des bornes [%lld, %lld]", (long long)v, (long long)low,
			(long long)high);
	return jin_failed(at) ? 0 : v;
}

const char *jin_value_text(const struct jin *at, size_t max_bytes)
{
	if (jin_failed(at))
		return "";
	const char *s = json_string_value(at->value);
	if (!s)
		jin_fail(at, "un texte est attendu");
	else if (json_string_length(at->value) > max_bytes)
		jin_fail(at, "texte trop long (plus de %zu octets)", max_bytes);
	return jin_failed(at) ? "" : s;
}

double jin_real(const struct jin *object, const char *key, double low, double high)
{
	struct jin at = jin_member(object, key);
	return jin_value_real(&at, low, high);
}

int64_t jin_int(const struct jin *object, const char *key, int64_t low, int64_t high)
{
	struct jin at = jin_member(object, key);
	return jin_value_int(&at, low, high);
}

bool jin_bool(const struct jin *object, const char *key)
{
	struct jin at = jin_member(object, key);
	if (!jin_failed(&at) && !json_is_boolean(at.value))
		jin_fail(&at, "true ou false est attendu");
	return !jin_failed(&at) && json_is_true(at.value);
}

const char *jin_text(const struct jin *object, const char *key, size_t max_bytes)
{
	struct jin at = jin_member(object, key);
	return jin_value_text(&at, max_bytes);
}

double jin_real_or(const struct jin *object, const char *key, double low, double high, double other)
{
	return jin_has(object, key) ? jin_real(object, key, low, high) : other;
}

int64_t jin_int_or(
	const struct jin *object, const char *key, int64_t low, int64_t high, int64_t other)
{
	return jin_has(object, key) ? jin_int(object, key, low, high) : other;
}

bool jin_bool_or(const struct jin *object, const char *key, bool other)
{
	return jin_has(object, key) ? jin_bool(object, key) : other;
}

const char *jin_text_or(
	const struct jin *object, const char *key, size_t max_bytes, const char *other)
{
	return jin_has(object, key) ? jin_text(object, key, max_bytes) : other;
}

struct jin jin_object(const struct jin *object, const char *key)
{
	struct jin at = jin_member(object, key);
	if (!jin_failed(&at) && !json_is_object(at.value))
		jin_fail(&at, "un objet JSON est attendu");
	return at;
}

struct jin jin_array(const struct jin *object, const char *key, size_t at_least, size_t at_most)
{
	struct jin at = jin_member(object, key);
	if (!jin_failed(&at) && !json_is_array(at.value))
		jin_fail(&at, "une liste est attendue");
	else if (!jin_failed(&at) && (at.count < at_least || at.count > at_most))
		jin_fail(&at, "%zu élément%s : il en faut de %zu à %zu", at.count,
			at.count > 1 ? "s" : "", at_least, at_most);
	if (jin_failed(&at))
		at.count = 0;
	return at;
}

struct jin jin_item(const struct jin *array, size_t index)
{
	json_t *value = jin_failed(array) ? NULL : json_array_get(array->value, index);
	return (struct jin){array->reader, array, NULL, index, value, count_of(value)};
}

bool jin_is_number(const struct jin *at)
{
	return json_is_number(at->value);
}

bool jin_is_bool(const struct jin *at)
{
	return json_is_boolean(at->value);
}

bool jin_is_array(const struct jin *at)
{
	return json_is_array(at->value);
}

bool jin_is_null(const struct jin *at)
{
	return json_is_null(at->value);
}

static bool is_named(const char *const *list, const char *key)
{
	for (; list && *list; list++)
		if (text_eq(*list, key))
			return true;
	return false;
}

static void same_number(const struct jin *said, const struct jin *found, double within)
{
	double x = json_number_value(said->value), y = json_number_value(found->value);
	if (!(fabs(x - y) <= within * (1 + fabs(y))))
		jin_fail(said, "vaut %.9g, le calcul donne %.9g", x, y);
}

static void same_object(const struct jin *said, const struct jin *found, double within,
	const char *const *but)
{
	const char *key;
	json_t *value;
	json_object_foreach(found->value, key, value)
	{
		if (is_named(but, key))
			continue;
		json_t *other = json_object_get(said->value, key);
		struct jin x = {said->reader, said, key, 0, other, count_of(other)},
			   y = {found->reader, found, key, 0, value, count_of(value)};
		if (!other)
			jin_fail(&x, "manque");
		else
			jin_same(&x, &y, within, NULL);
	}
	json_object_foreach(said->value, key, value)
	{
		struct jin x = {said->reader, said, key, 0, value, 0};
		if (!is_named(but, key) && !json_object_get(found->value, key))
			jin_fail(&x, "n’a pas lieu d’être");
	}
}

void jin_same(
	const struct jin *said, const struct jin *found, double within, const char *const *but)
{
	if (jin_failed(said))
		return;
	bool are_numbers = json_is_number(said->value) && json_is_number(found->value);
	if (!are_numbers && json_typeof(said->value) != json_typeof(found->value))
		jin_fail(said, "n’est pas de la même sorte que ce que le calcul donne");
	else if (are_numbers)
		same_number(said, found, within);
	else if (json_is_object(found->value))
		same_object(said, found, within, but);
	else if (json_is_array(found->value) && said->count != found->count)
		jin_fail(said, "%zu éléments, le calcul en donne %zu", said->count, found->count);
	else if (json_is_array(found->value))
		for (size_t n = 0; n < found->count; n++) {
			struct jin x = jin_item(said, n), y = jin_item(found, n);
			jin_same(&x, &y, within, NULL);
		}
	else if (!json_equal(said->value, found->value))
		jin_fail(said, "« %s », le calcul donne « %s »", jin_dump(said->reader->arena, said),
			jin_dump(said->reader->arena, found));
}

const char *jin_dump(struct arena *a, const struct jin *at)
{
	if (!at->value)
		return "null";
	char *text = json_dumps(at->value, JSON_ENCODE_ANY | JSON_COMPACT);
	arena_defer(a, free, text);
	return text;
}

void jin_only(const struct jin *object, const char *const *allowed)
{
	if (jin_failed(object) || !json_is_object(object->value))
		return;
	const char *key;
	json_t *value;
	json_object_foreach(object->value, key, value)
	{
		const char *const *name = allowed;
		while (*name && !text_eq(*name, key))
			name++;
		if (!*name)
			jin_fail(object, "champ inconnu « %s »", key);
	}
}
