#include "record.h"

#include "text.h"

#include <assert.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

enum { TEXT_ITEM_MAX = 100, NUMBERS_MAX = 1000 };

/* What is being read, for the words of an error. `kind` tells a query string from a body. */
struct reading {
	struct arena *arena;
	enum err_kind kind;
	const char *path; /* "definition." inside a nested record, else "" */
	struct err *e;
};

static bool refuse(const struct reading *rd, const struct field *f, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* « definition.years » (durée de l'étude, en années) + what was said. */
static bool refuse(const struct reading *rd, const struct field *f, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *said = arena_vprintf(rd->arena, format, args);
	va_end(args);
	return err_set(rd->e, rd->kind, "« %s%s » (%s) %s", rd->path, f->name, f->label, said);
}

static size_t count_characters(const char *s)
{
	size_t n = 0;
	for (; *s; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

static bool is_choice(const char *choices, const char *s)
{
	size_t len = strlen(s);
	for (const char *c = choices;; c++) {
		size_t n = strcspn(c, "|");
		if (n == len && memcmp(c, s, n) == 0)
			return true;
		c += n;
		if (!*c)
			return false;
	}
}

/* ---- One value, checked and stored ---- */

static bool store_int(const struct reading *rd, const struct field *f, int64_t v, void *target)
{
	if ((double)v < f->min || (double)v > f->max)
		return refuse(rd, f, "doit être un entier de %.0f à %.0f", f->min, f->max);
	*(int64_t *)target = v;
	return true;
}

static bool store_real(const struct reading *rd, const struct field *f, double v, void *target)
{
	if (!isfinite(v) || v < f->min || v > f->max)
		return refuse(rd, f, "doit être un nombre entre %g et %g", f->min, f->max);
	*(double *)target = v;
	return true;
}

static bool store_text(const struct reading *rd, const struct field *f, const char *s, void *target)
{
	if (f->choices && !is_choice(f->choices, s))
		return refuse(rd, f, "doit être l’une des valeurs %s", f->choices);
	if (f->min > 0 && !s[strspn(s, " \t\r\n")])
		return refuse(rd, f, "ne doit pas être vide");
	size_t n = count_characters(s);
	if (!f->choices && (n < (size_t)f->min || n > (size_t)f->max))
		return refuse(rd, f, "doit compter de %.0f à %.0f caractères", f->min, f->max);
	*(const char **)target = s;
	return true;
}

/* ---- From a query string: text -> value ---- */

static bool query_bool(const struct reading *rd, const struct field *f, const char *s, void *target)
{
	if (!text_eq(s, "true") && !text_eq(s, "false"))
		return refuse(rd, f, "doit être true ou false");
	*(bool *)target = text_eq(s, "true");
	return true;
}

static bool query_int(const struct reading *rd, const struct field *f, const char *s, void *target)
{
	int64_t v;
	if (!text_to_int64(s, &v))
		return refuse(rd, f, "doit être un entier de %.0f à %.0f", f->min, f->max);
	return store_int(rd, f, v, target);
}

static bool query_real(const struct reading *rd, const struct field *f, const char *s, void *target)
{
	double v;
	if (!text_to_double(s, &v))
		return refuse(rd, f, "doit être un nombre entre %g et %g", f->min, f->max);
	return store_real(rd, f, v, target);
}

static bool query_box(const struct reading *rd, const struct field *f, const char *s, void *target)
{
	char *copy = arena_strdup(rd->arena, s);
	double edges[4];
	size_t n = 0;
	bool is_good = true;
	for (char *rest = copy; is_good && rest; n++) {
		char *number = strsep(&rest, ",");
		is_good = n < 4 && text_to_double(number, &edges[n]);
	}
	struct box b = {true, edges[0], edges[1], edges[2], edges[3]};
	if (!is_good || n != 4 || b.west < -180 || b.east > 180 || b.south < -90 || b.north > 90 ||
		b.west > b.east || b.south > b.north)
		return refuse(rd, f,
			"doit être ouest,sud,est,nord en degrés (par exemple 0.1,46.3,3.1,48.6)");
	*(struct box *)target = b;
	return true;
}

typedef bool query_reader(
	const struct reading *rd, const struct field *f, const char *s, void *target);

static query_reader *const query_readers[] = {
	[FIELD_BOOL] = query_bool,
	[FIELD_INT] = query_int,
	[FIELD_REAL] = query_real,
	[FIELD_TEXT] = store_text,
	[FIELD_BOX] = query_box,
	[FIELD_RECORD] = NULL,
};

/* ---- From a body: JSON -> value ---- */

static bool json_read_bool(
	const struct reading *rd, const struct field *f, const json_t *v, void *target)
{
	if (!json_is_boolean(v))
		return refuse(rd, f, "doit être true ou false");
	*(bool *)target = json_is_true(v);
	return true;
}

static bool json_read_int(
	const struct reading *rd, const struct field *f, const json_t *v, void *target)
{
	if (!json_is_integer(v))
		return refuse(rd, f, "doit être un entier de %.0f à %.0f", f->min, f->max);
	return store_int(rd, f, json_integer_value(v), target);
}

static bool json_read_real(
	const struct reading *rd, const struct field *f, const json_t *v, void *target)
{
	return store_real(rd, f, json_is_number(v) ? json_number_value(v) : NAN, target);
}

static bool json_read_text(
	const struct reading *rd, const struct field *f, const json_t *v, void *target)
{
	if (!json_is_string(v))
		return refuse(rd, f, "doit être un texte");
	return store_text(rd, f, json_string_value(v), target);
}

static bool json_read_box(
	const struct reading *rd, const struct field *f, const json_t *v, void *target)
{
	const char *s = json_is_string(v) ? json_string_value(v) : "";
	return query_box(rd, f, s, target);
}

static bool json_read_texts(
	const struct reading *rd, const struct field *f, const json_t *v, void *target)
{
	if (f->choices && json_is_string(v)) {
		struct texts *word = target;
		*word = (struct texts){0};
		return store_text(rd, f, json_string_value(v), &word->word);
	}
	size_t count = json_array_size(v);
	if (!json_is_array(v) || count < (size_t)f->min || count > (size_t)f->max)
		return refuse(rd, f, "doit être une liste de %.0f à %.0f textes", f->min, f->max);
	const char **list = arena_array(rd->arena, const char *, count);
	for (size_t i = 0; i < count; i++) {
		const char *s = json_string_value(json_array_get(v, i));
		size_t n = s ? count_characters(s) : 0;
		if (!n || n > TEXT_ITEM_MAX)
			return refuse(rd, f, "doit être une liste de textes de 1 à %d caractères",
				TEXT_ITEM_MAX);
		for (size_t k = 0; k < i; k++)
			if (text_eq(list[k], s))
				return refuse(rd, f, "cite deux fois « %s »", s);
		list[i] = s;
	}
	*(struct texts *)target = (struct texts){NULL, list, count};
	return true;
}

static bool json_read_numbers(
	const struct reading *rd, const struct field *f, const json_t *v, void *target)
{
	size_t count = json_object_size(v);
	if (!json_is_object(v) || count > NUMBERS_MAX)
		return refuse(rd, f, "doit être un objet { nom : nombre } d’au plus %d noms",
			NUMBERS_MAX);
	struct number *list = arena_array(rd->arena, struct number, count);
	size_t n = 0;
	/* jansson's iteration takes non-const objects though it only reads. */
	json_t *object = (json_t *)(uintptr_t)v;
	for (void *it = json_object_iter(object); it; it = json_object_iter_next(object, it)) {
		const json_t *value = json_object_iter_value(it);
		struct number *item = &list[n++];
		item->name = json_object_iter_key(it);
		item->value = json_is_number(value) ? json_number_value(value) : NAN;
		if (!isfinite(item->value) || item->value < f->min || item->value > f->max)
			return refuse(rd, f,
				"donne à « %.100s » autre chose qu’un nombre entre %g et %g",
				item->name, f->min, f->max);
	}
	*(struct numbers *)target = (struct numbers){list, count};
	return true;
}

static bool read_object(
	const struct reading *rd, const struct record *r, const json_t *object, void *target);

static bool json_read_record(
	const struct reading *rd, const struct field *f, const json_t *v, void *target)
{
	if (!json_is_object(v))
		return refuse(rd, f, "doit être un objet { … }");
	struct reading inside = *rd;
	inside.path = arena_printf(rd->arena, "%s%s.", rd->path, f->name);
	return read_object(&inside, f->record, v, target);
}

typedef bool json_reader(
	const struct reading *rd, const struct field *f, const json_t *v, void *target);

static json_reader *const json_readers[] = {
	[FIELD_BOOL] = json_read_bool,
	[FIELD_INT] = json_read_int,
	[FIELD_REAL] = json_read_real,
	[FIELD_TEXT] = json_read_text,
	[FIELD_BOX] = json_read_box,
	[FIELD_TEXTS] = json_read_texts,
	[FIELD_NUMBERS] = json_read_numbers,
	[FIELD_RECORD] = json_read_record,
};

/* ---- Whole records ---- */

static void set_defaults(const struct record *r, void *target)
{
	if (r->defaults)
		memcpy(target, r->defaults, r->size);
	else
		memset(target, 0, r->size);
}

static const struct field *find_field(const struct record *r, const char *name)
{
	for (size_t i = 0; i < r->count; i++)
		if (text_eq(r->fields[i].name, name))
			return &r->fields[i];
	return NULL;
}

static char *list_names(struct arena *a, const struct record *r)
{
	char *names = arena_strdup(a, r->count ? r->fields[0].name : "aucun");
	for (size_t i = 1; i < r->count; i++)
		names = arena_printf(a, "%s, %s", names, r->fields[i].name);
	return names;
}

static bool refuse_unknown(const struct reading *rd, const struct record *r, const char *name)
{
	return err_set(rd->e, rd->kind, "« %s%.100s » n’est pas connu ici (connus : %s)", rd->path,
		name, list_names(rd->arena, r));
}

static bool read_object(
	const struct reading *rd, const struct record *r, const json_t *object, void *target)
{
	json_t *o = (json_t *)(uintptr_t)object;
	for (void *it = json_object_iter(o); it; it = json_object_iter_next(o, it))
		if (!find_field(r, json_object_iter_key(it)))
			return refuse_unknown(rd, r, json_object_iter_key(it));
	set_defaults(r, target);
	for (size_t i = 0; i < r->count; i++) {
		const struct field *f = &r->fields[i];
		const json_t *v = json_object_get(object, f->name);
		if (!v && f->is_required)
			return refuse(rd, f, "manque");
		if (v && !json_readers[f->type](rd, f, v, (char *)target + f->offset))
			return false;
	}
	return true;
}

bool record_from_json(struct arena *a, const struct record *r, const struct json_t *object,
	void *target, struct err *e)
{
	struct reading rd = {a, ERR_INVALID, "", e};
	return read_object(&rd, r, object, target);
}

static bool read_pair(const struct reading *rd, const struct record *r, const struct pair *pairs,
	size_t i, void *target)
{
	const struct field *f = find_field(r, pairs[i].name);
	if (!f)
		return refuse_unknown(rd, r, pairs[i].name);
	for (size_t k = 0; k < i; k++)
		if (text_eq(pairs[k].name, f->name))
			return refuse(rd, f, "est donné deux fois");
	assert(query_readers[f->type]);
	return query_readers[f->type](rd, f, pairs[i].value, (char *)target + f->offset);
}

bool record_from_query(struct arena *a, const struct record *r, const struct pair *pairs,
	size_t count, void *target, struct err *e)
{
	struct reading rd = {a, ERR_MALFORMED, "", e};
	set_defaults(r, target);
	for (size_t i = 0; i < count; i++)
		if (!read_pair(&rd, r, pairs, i, target))
			return false;
	for (size_t i = 0; i < r->count; i++) {
		const struct field *f = &r->fields[i];
		bool is_given = false;
		for (size_t k = 0; k < count; k++)
			is_given = is_given || text_eq(pairs[k].name, f->name);
		if (f->is_required && !is_given)
			return refuse(&rd, f, "manque");
	}
	return true;
}

static void release_json(void *json)
{
	json_decref(json);
}

bool record_parse(struct arena *a, const struct record *r, const char *bytes, size_t len,
	void *target, struct err *e)
{
	json_error_t why;
	json_t *object = len ? json_loadb(bytes, len, JSON_REJECT_DUPLICATES, &why) : json_object();
	arena_defer(a, release_json, object);
	if (!object && json_error_code(&why) == json_error_duplicate_key)
		return err_set(e, ERR_MALFORMED,
			"le corps cite deux fois la même clé : ligne %d, colonne %d", why.line,
			why.column);
	if (!object)
		return err_set(e, ERR_MALFORMED,
			"le corps n’est pas du JSON valable : ligne %d, colonne %d", why.line,
			why.column);
	if (!json_is_object(object))
		return err_set(e, ERR_MALFORMED, "le corps doit être un objet JSON { … }");
	return record_from_json(a, r, object, target, e);
}
