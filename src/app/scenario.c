#include "answer.h"
#include "routes.h"

#include "text.h"

#include <string.h>

enum { PAGE_DEFAULT = 200, PAGE_MOST = 1000, CODE_MOST = 48, REGIONS_MOST = 13, SITES_MOST = 5000 };

/* ---- What a scenario is ---- */

struct definition {
	struct texts regions;
	struct numbers parameters;
	struct texts candidates;
	const char *volumes;
	int64_t max_platforms, rounds;
	double budget_eur, budget_eur_year, max_co2_t, max_co2_t_year;
	double site_max_t, site_min_t; /* of every candidate */
};

struct scenario_params {
	const char *name, *description;
	struct definition definition;
};

enum { NO_LIMIT = -1 };

static const struct definition default_definition = {
	.candidates = {.word = "default"},
	.volumes = "estimated",
	.max_platforms = NO_LIMIT,
	.budget_eur = NO_LIMIT,
	.budget_eur_year = NO_LIMIT,
	.max_co2_t = NO_LIMIT,
	.max_co2_t_year = NO_LIMIT,
	.site_max_t = NO_LIMIT,
	.site_min_t = NO_LIMIT,
};

#define LIMIT(name, most, text) \
	{ \
#name, FIELD_REAL, .max = (most), .label = (text), \
				   .offset = offsetof(struct definition, name) \
	}

/* Bounds of the values are those of each parameter: query scenario_fault. */
static const struct field definition_fields[] = {
	{"regions", FIELD_TEXTS, .is_required = true, .min = 1, .max = REGIONS_MOST,
		.label = "codes des régions étudiées",
		.offset = offsetof(struct definition, regions)},
	{"parameters", FIELD_NUMBERS, .min = -1e12, .max = 1e12,
		.label = "valeurs changées par ce scénario",
		.offset = offsetof(struct definition, parameters)},
	{"candidates", FIELD_TEXTS, .min = 1, .max = SITES_MOST, .choices = "default",
		.label = "codes des sites candidats, ou default",
		.offset = offsetof(struct definition, candidates)},
	{"volumes", FIELD_TEXT, .choices = "estimated|recorded|recorded_where_covered",
		.label = "d’où viennent les volumes",
		.offset = offsetof(struct definition, volumes)},
	{"max_platforms", FIELD_INT, .max = SITES_MOST, .label = "nombre maximal de plateformes",
		.offset = offsetof(struct definition, max_platforms)},
	{"rounds", FIELD_INT, .min = 1, .max = 9e15,
		.label = "calcul de tournées d’où vient le coût du transport",
		.offset = offsetof(struct definition, rounds)},
	LIMIT(budget_eur, 1e12, "budget d’investissement de toutes les années, €"),
	LIMIT(budget_eur_year, 1e12, "budget d’investissement de chaque année, €"),
	LIMIT(max_co2_t, 1e9, "plafond de CO2 du transport, toutes les années, t"),
	LIMIT(max_co2_t_year, 1e9, "plafond de CO2 du transport de chaque année, t"),
	LIMIT(site_max_t, 1e9, "ce qu’un site candidat peut prendre, tous flux ensemble, t par an"),
	LIMIT(site_min_t, 1e9, "ce qu’un site candidat ouvert doit prendre, t par an"),
};
static const struct record definition_record =
	RECORD(definition_fields, struct definition, &default_definition);

static const struct scenario_params scenario_defaults = {.description = ""};
static const struct field scenario_fields[] = {
	{"name", FIELD_TEXT, .is_required = true, .min = 1, .max = 200, .label = "nom",
		.offset = offsetof(struct scenario_params, name)},
	{"description", FIELD_TEXT, .max = 5000, .label = "ce qu’il étudie",
		.offset = offsetof(struct scenario_params, description)},
	{"definition", FIELD_RECORD, .is_required = true, .label = "contenu",
		.offset = offsetof(struct scenario_params, definition),
		.record = &definition_record},
};
const struct record scenario_body =
	RECORD(scenario_fields, struct scenario_params, &scenario_defaults);

static void write_texts(struct jout *j, const char *key, const struct texts *t)
{
	jout_key(j, key);
	if (t->word) {
		jout_text(j, t->word);
		return;
	}
	jout_open(j, '[');
	for (size_t i = 0; i < t->count; i++)
		jout_text(j, t->list[i]);
	jout_close(j);
}

/* The definition as it is stored: only what was checked. */
static char *definition_json(struct arena *a, const struct definition *d)
{
	struct buf b;
	struct jout j;
	buf_init(&b, a, BUF_NO_LIMIT);
	jout_init(&j, &b);
	jout_open(&j, '{');
	write_texts(&j, "regions", &d->regions);
	jout_key(&j, "parameters"), jout_open(&j, '{');
	for (size_t i = 0; i < d->parameters.count; i++)
		jout_kv_real(&j, d->parameters.list[i].name, d->parameters.list[i].value);
	jout_close(&j);
	write_texts(&j, "candidates", &d->candidates);
	if (!text_eq(d->volumes, default_definition.volumes))
		jout_kv_text(&j, "volumes", d->volumes);
	if (d->max_platforms != NO_LIMIT)
		jout_kv_int(&j, "max_platforms", d->max_platforms);
	if (d->rounds)
		jout_kv_int(&j, "rounds", d->rounds);
	for (size_t i = 0; i < definition_record.count; i++) {
		const struct field *f = &definition_fields[i];
		double value = f->type == FIELD_REAL
				       ? *(const double *)((const char *)d + f->offset)
				       : NO_LIMIT;
		if (value != NO_LIMIT)
			jout_kv_real(&j, f->name, value);
	}
	jout_close(&j);
	return b.data;
}

/* "Étude à 20 ans" -> "etude-a-20-ans": the name in addresses and file names. */
static char *code_of(struct arena *a, const char *name)
{
	/* U+00C0 to U+00FF, in UTF-8 the bytes C3 80 to C3 BF. */
	static const char latin[] =
		"aaaaaaaceeeeiiiidnooooo-ouuuuypsaaaaaaaceeeeiiiidnooooo-ouuuuypy";
	char *code = arena_alloc(a, strlen(name) + sizeof "scenario");
	size_t n = 0;
	for (const unsigned char *s = (const unsigned char *)name; *s && n < CODE_MOST; s++) {
		char c = '-';
		if (*s == 0xc3 && s[1] >= 0x80)
			c = latin[*++s - 0x80];
		else if (*s >= 'A' && *s <= 'Z')
			c = (char)(*s - 'A' + 'a');
		else if ((*s >= 'a' && *s <= 'z') || (*s >= '0' && *s <= '9'))
			c = (char)*s;
		if (c != '-' || (n && code[n - 1] != '-'))
			code[n++] = c;
	}
	while (n && code[n - 1] == '-')
		n--;
	code[n] = '\0';
	return n ? code : strcpy(code, "scenario");
}

/* ---- The handlers ---- */

/* What the definition names must exist and be within its bounds: said in French, line by line. */
static bool verify(struct request *rq, const char *definition, struct err *e)
{
	struct rows faults;
	const char *params[] = {definition};
	if (!ask(rq, "scenario_fault", params, 1, &faults, e))
		return false;
	if (!faults.count)
		return true;
	char *all = arena_strdup(rq->arena, rows_text(&faults, 0, 0));
	for (size_t r = 1; r < faults.count; r++)
		all = arena_printf(rq->arena, "%s %s", all, rows_text(&faults, r, 0));
	return err_set(e, ERR_INVALID, "%s", all);
}

bool scenario_create(struct request *rq, struct reply *rp, struct err *e)
{
	const struct scenario_params *p = rq->body;
	struct rows free_code, made;
	const char *definition = definition_json(rq->arena, &p->definition);
	const char *code_params[] = {code_of(rq->arena, p->name)};
	if (!verify(rq, definition, e) ||
		!ask(rq, "scenario_free_code", code_params, 1, &free_code, e))
		return false;
	const char *params[] = {rows_text(&free_code, 0, 0), p->name, p->description, definition};
	if (!ask(rq, "scenario_create", params, 4, &made, e))
		return false;
	struct jout *j = reply_json(rp);
	reply_created(
		rp, arena_printf(rq->arena, "/api/scenarios/%s", column_text(&made, 0, "id")));
	jout_open(j, '{');
	jout_key(j, "id"), rows_json_value(&made, 0, 0, j);
	jout_kv_text(j, "code", params[0]);
	jout_key(j, "version"), rows_json_value(&made, 0, 1, j);
	jout_close(j);
	return true;
}

struct list_params {
	int64_t after, limit;
};

static const struct list_params list_defaults = {.limit = PAGE_DEFAULT};
static const struct field list_fields[] = {
	{"after", FIELD_INT, .max = 9e15, .label = "dernier scénario de la page d’avant",
		.offset = offsetof(struct list_params, after)},
	{"limit", FIELD_INT, .min = 1, .max = PAGE_MOST, .label = "nombre de scénarios par page",
		.offset = offsetof(struct list_params, limit)},
};
const struct record scenario_list_query = RECORD(list_fields, struct list_params, &list_defaults);

bool scenario_list(struct request *rq, struct reply *rp, struct err *e)
{
	const struct list_params *q = rq->query;
	struct rows rows;
	const char *params[] = {text_of_int(rq->arena, q->after), text_of_int(rq->arena, q->limit)};
	if (!ask(rq, "scenario_list", params, 2, &rows, e))
		return false;
	struct jout *j = reply_json(rp);
	jout_open(j, '{');
	rows_as_list(&rows, "scenarios", j);
	jout_close(j);
	return true;
}

struct get_params {
	int64_t version;
};

static const struct field get_fields[] = {
	{"version", FIELD_INT, .min = 1, .max = 1e9, .label = "version du scénario",
		.offset = offsetof(struct get_params, version)},
};
const struct record scenario_get_query = RECORD(get_fields, struct get_params, NULL);

bool scenario_get(struct request *rq, struct reply *rp, struct err *e)
{
	const struct get_params *q = rq->query;
	struct rows rows;
	const char *params[] = {
		text_of_int(rq->arena, rq->path_values[0]),
		q->version ? text_of_int(rq->arena, q->version) : NULL,
	};
	if (!ask(rq, "scenario_show", params, 2, &rows, e) ||
		!found(&rows, q->version ? "Cette version du scénario" : "Ce scénario", e))
		return false;
	rows_json(&rows, 0, reply_json(rp));
	return true;
}
