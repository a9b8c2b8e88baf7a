/* The rules a line of the register is held to, one by one, in JSON and in CSV. */
#include "line.h"
#include "test.h"
#include "text.h"

#include <stdio.h>
#include <string.h>

static const char good[] =
	"\"publicId\": \"A-1\", \"flow\": \"pam\", \"wasteCode\": \"20 01 35*\", "
	"\"receptionDate\": \"2026-11-02\", \"weightIsEstimate\": false, "
	"\"weightValue\": 1.25, \"point\": 12";

/* The good line, with a member put in place of its own. */
static char *with(struct arena *a, const char *name, const char *value)
{
	static const char *const members[][2] = {{"publicId", "\"A-1\""}, {"flow", "\"pam\""},
		{"wasteCode", "\"20 01 35*\""}, {"receptionDate", "\"2026-11-02\""},
		{"weightIsEstimate", "false"}, {"weightValue", "1.25"}, {"point", "12"}};
	char *all = arena_strdup(a, "{");
	bool is_there = false;
	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		bool is_it = text_eq(members[i][0], name);
		is_there = is_there || is_it;
		const char *v = is_it ? value : members[i][1];
		if (v)
			all = arena_printf(
				a, "%s%s\"%s\": %s", all, all[1] ? ", " : "", members[i][0], v);
	}
	if (!is_there && value)
		all = arena_printf(a, "%s, \"%s\": %s", all, name, value);
	return arena_printf(a, "%s}", all);
}

static bool read_json(struct arena *a, const char *json, struct line *line, struct err *e)
{
	return line_from_json(a, json, strlen(json), line, e);
}

static void reads_a_line_whole(void **state)
{
	struct arena *a = *state;
	struct line l;
	struct err e;
	assert_ok(
		read_json(a,
			arena_printf(a,
				"{%s, \"reason\": \"MODIFIER\", \"wasteDescription\": \"Écrans\", "
				"\"wastePop\": \"OUI\", \"volume\": \"12,5\", "
				"\"initialEmitterMunicipalitiesInseeCodes\": [\"1004\", \"75112\", "
				"\"75101\", \"2a004\"], \"reportForCompanySiret\": "
				"\"732 829 320 00074\", \"reportForCompanyName\": \"Usine\", "
				"\"ecoOrganismeName\": null, \"operationCode\": \"R 4\", "
				"\"operationMode\": \"Valorisation énergétique\", "
				"\"transporter1TransportMode\": \"FERRÉ\", "
				"\"transporter1CompanyOrgId\": \"35600000000048\", "
				"\"transporter1CompanyName\": \"  Poste \", "
				"\"emitterCompanyName\": "
				"\"passée\"}",
				good),
			&l, &e),
		e);
	assert_string_equal(l.public_id, "A-1");
	assert_int_equal(l.reason, LINE_EDITS);
	assert_string_equal(l.flow, "pam");
	assert_string_equal(l.low_code, "20 01 35");
	assert_string_equal(l.description, "Écrans");
	assert_int_equal(l.pop, LINE_POP_YES);
	assert_string_equal(l.day, "2026-11-02");
	assert_int_equal(l.weight_kg, 1250);
	assert_false(l.is_estimate);
	assert_int_equal(l.volume_l, 12500);
	assert_int_equal(l.point, 12);
	assert_int_equal(l.municipality_count, 3);
	assert_string_equal(l.municipalities[0], "01004");
	assert_string_equal(l.municipalities[1], "75056");
	assert_string_equal(l.municipalities[2], "2A004");
	assert_string_equal(l.destination_siret, "73282932000074");
	assert_string_equal(l.destination_name, "Usine");
	assert_null(l.producer_siret);
	assert_null(l.producer_name);
	assert_string_equal(l.operation_code, "R4");
	assert_string_equal(l.operation_mode, "VALORISATION_ENERGETIQUE");
	assert_string_equal(l.transport_mode, "RAIL");
	assert_string_equal(l.carrier_siret, "35600000000048");
	assert_string_equal(l.carrier_name, "Poste");
}

/* Name, value in JSON (null: absent), what the reason says (null: it is taken). */
static const struct rule {
	const char *name, *value, *said;
} rules[] = {
	{"publicId", NULL, "« publicId » (identifiant de la ligne) manque"},
	{"publicId", "\"\"", "manque"},
	{"publicId", "\"a_b.c/d-9\"", NULL},
	{"publicId", "\"123456789012345678901234567890123456\"", NULL},
	{"publicId", "\"1234567890123456789012345678901234567\"", "plus de 36 caractères"},
	{"publicId", "\"é\"", "« é » ne peut avoir que"},
	{"publicId", "\"a b\"", "« a b » ne peut avoir que"},
	{"publicId", "17", NULL},
	{"publicId", "[\"a\"]", "doit être un texte ou un nombre"},
	{"publicId", "{}", "doit être un texte ou un nombre"},
	{"reason", "\"cancel\"", NULL},
	{"reason", "\"IGNORER\"", "« IGNORER » doit être EDIT"},
	{"reason", "null", NULL},
	{"flow", "null", NULL},
	{"flow", "\"'; DROP TABLE line\"", "n’est pas un flux"},
	{"wasteCode", "\"200135\"", NULL},
	{"wasteCode", "200135", NULL},
	{"wasteCode", "\"20 01 3\"", "« 20 01 3 » n’est pas un code déchet"},
	{"wasteCode", "\"20 01 35**\"", "n’est pas un code déchet"},
	{"wasteCode", "\"20 01 355\"", "n’est pas un code déchet"},
	{"wasteCode", NULL, "« wasteCode » (code déchet) manque"},
	{"receptionDate", "\"02/11/2026\"", NULL},
	{"receptionDate", "\"29/02/2024\"", NULL},
	{"receptionDate", "\"2026-02-29\"", "« 2026-02-29 » n’est pas une date"},
	{"receptionDate", "\"2026-13-01\"", "n’est pas une date"},
	{"receptionDate", "\"2026-11-31\"", "n’est pas une date"},
	{"receptionDate", "\"2026-11-2\"", "n’est pas une date"},
	{"receptionDate", "\"11/2026\"", "n’est pas une date"},
	{"receptionDate", "\"0000-01-01\"", "n’est pas une date"},
	{"weightValue", "0", "« 0 » doit être plus grand que 0"},
	{"weightValue", "\"-1\"", "doit être plus grand que 0"},
	{"weightValue", "0.001", NULL},
	{"weightValue", "0.0005", "« 0.0005 » a plus de 3 décimales"},
	{"weightValue", "1.23400", NULL},
	{"weightValue", "12.3", NULL},
	{"weightValue", "\"1,2345\"", "a plus de 3 décimales"},
	{"weightValue", "40", NULL},
	{"weightValue", "40.001", "40.001 t dépasse le plus par la route, 40 t"},
	{"weightValue", "1e300", "n’est pas un nombre"},
	{"weightValue", "\"1 250\"", "n’est pas un nombre"},
	{"weightValue", "\"0x10\"", "n’est pas un nombre"},
	{"weightValue", "\"nan\"", "n’est pas un nombre"},
	{"weightValue", "\"1.\"", "n’est pas un nombre"},
	{"weightValue", "\".5\"", "n’est pas un nombre"},
	{"weightValue", "99999999999", "est trop grand"},
	{"weightValue", "true", "n’est pas un nombre"},
	{"weightValue", NULL, "« weightValue » (poids en tonnes) manque"},
	{"weightIsEstimate", "\"Estimé\"", NULL},
	{"weightIsEstimate", "\"RÉEL\"", NULL},
	{"weightIsEstimate", "\"peut-être\"", "doit être true ou ESTIME"},
	{"weightIsEstimate", NULL, "manque"},
	{"volume", "40", NULL},
	{"volume", "41", "41 m3 dépasse le plus par la route, 40 m3"},
	{"volume", "0", "doit être plus grand que 0"},
	{"wastePop", "\"non\"", NULL},
	{"wastePop", "2", "doit être true ou OUI"},
	{"point", NULL, "il manque d’où vient le chargement"},
	{"point", "0", "n’est pas le numéro d’un point"},
	{"point", "-3", "n’est pas le numéro d’un point"},
	{"point", "\"99999999999999999999\"", "n’est pas le numéro"},
	{"point", "\"abc\"", "n’est pas le numéro d’un point"},
	{"initialEmitterMunicipalitiesInseeCodes", "\"18033, 45234;37261\"", NULL},
	{"initialEmitterMunicipalitiesInseeCodes", "[]", NULL},
	{"initialEmitterMunicipalitiesInseeCodes", "\"180333\"",
		"a « 180333 », qui n’est pas le code INSEE"},
	{"initialEmitterMunicipalitiesInseeCodes", "[18033]", "doit être un texte ou un nombre"},
	{"reportForCompanySiret", "\"73282932000074\"", NULL},
	{"reportForCompanySiret", "73282932000074", NULL},
	{"reportForCompanySiret", "\"73282932000075\"", "sa clé est fausse"},
	{"reportForCompanySiret", "\"7328293200007\"", "n’est pas un SIRET (14 chiffres)"},
	{"reportForCompanySiret", "\"7328293200007A\"", "n’est pas un SIRET (14 chiffres)"},
	{"ecoOrganismeSiret", "\"35600000049837\"", NULL}, /* La Poste: digits add up to 45 */
	{"ecoOrganismeSiret", "\"35600000049838\"", "sa clé est fausse"},
	{"operationCode", "\"D15\"", NULL},
	{"operationCode", "\"d 1\"", NULL},
	{"operationCode", "\"R13\"", NULL},
	{"operationCode", "\"D16\"", "« D16 » n’est pas un code de traitement"},
	{"operationCode", "\"R14\"", "n’est pas un code de traitement"},
	{"operationCode", "\"R0\"", "n’est pas un code de traitement"},
	{"operationCode", "\"R01\"", "n’est pas un code de traitement"},
	{"operationCode", "\"R1 3 x\"", "n’est pas un code de traitement"},
	{"operationMode", "\"RECYCLAGE\"", NULL},
	{"operationMode", "\"ENFOUISSEMENT\"", "doit être REUTILISATION"},
	{"transporter1TransportMode", "\"route\"", NULL},
	{"transporter1TransportMode", "\"ballon\"", "doit être ROAD"},
	{"transporter1CompanyName", "\"a\\tb\"", "caractère de commande"},
	{"wastecode", "\"20 01 35\"", "« wastecode » n’est pas un champ du registre"},
	{"publicID", "\"x\"", "« publicID » n’est pas un champ du registre"},
	{"brokerCompanyName", "\"passé\"", NULL},
};

static void holds_every_rule(void **state)
{
	struct arena *a = *state;
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		const struct rule *r = &rules[i];
		struct line l;
		struct err e = {0};
		char *json = with(a, r->name, r->value);
		bool is_good = read_json(a, json, &l, &e);
		if (is_good != !r->said || (r->said && !strstr(e.message, r->said)))
			fail_msg("%s\n\tsaid %s, not %s", json, is_good ? "nothing" : e.message,
				r->said ? r->said : "nothing");
		if (!is_good)
			assert_int_equal(e.kind, ERR_INVALID);
	}
}

static void a_heavier_load_may_come_by_rail(void **state)
{
	struct arena *a = *state;
	struct line l;
	struct err e;
	assert_ok(read_json(a,
			  "{\"publicId\": \"A\", \"wasteCode\": \"200123\", \"receptionDate\": "
			  "\"2026-11-02\", \"weightIsEstimate\": true, \"point\": 1, "
			  "\"weightValue\": "
			  "1000, \"transporter1TransportMode\": \"RAIL\"}",
			  &l, &e),
		e);
	assert_false(read_json(a,
		"{\"publicId\": \"A\", \"wasteCode\": \"200123\", \"receptionDate\": "
		"\"2026-11-02\", \"weightIsEstimate\": true, \"point\": 1, \"weightValue\": "
		"1000.001, \"transporter1TransportMode\": \"RAIL\"}",
		&l, &e));
	assert_says(e.message, "1000 t");
}

static void what_cancels_needs_its_identifier_alone(void **state)
{
	struct arena *a = *state;
	struct line l;
	struct err e;
	assert_ok(read_json(a, "{\"publicId\": \"A\", \"reason\": \"CANCEL\"}", &l, &e), e);
	assert_int_equal(l.reason, LINE_CANCELS);
	assert_false(read_json(a, "{\"reason\": \"CANCEL\"}", &l, &e));
	assert_false(read_json(a, "{\"publicId\": \"A\", \"reason\": \"EDIT\"}", &l, &e));
}

static void a_refused_line_keeps_its_name(void **state)
{
	static const char *const lines[] = {"{\"publicId\": \"A-7\", \"weightValue\": 0}",
		"{\"odd\": 1, \"publicId\": \"A-7\"}", "{\"publicId\": \"A-7\", \"flow\": []}"};
	struct arena *a = *state;
	struct line l;
	struct err e;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		assert_false(read_json(a, lines[i], &l, &e));
		assert_string_equal(l.public_id, "A-7");
	}
	assert_false(read_json(a, "{\"publicId\": \"a b\", \"odd\": 1}", &l, &e));
	assert_null(l.public_id);
	assert_false(read_json(a, "[1]", &l, &e));
	assert_int_equal(e.kind, ERR_MALFORMED);
	assert_false(read_json(a, "{\"publicId\": \"A\", \"publicId\": \"B\"}", &l, &e));
	assert_int_equal(e.kind, ERR_MALFORMED);
	assert_null(l.public_id);
}

/* ---- Files ---- */

static struct line_source *open_source(struct arena *a, const char *text, enum line_format format)
{
	struct line_source *s;
	struct err e;
	assert_ok(line_source_open(a, text, strlen(text), format, &s, &e), e);
	return s;
}

static void assert_next(
	struct line_source *s, struct arena *a, size_t number, const char *id, int64_t weight_kg)
{
	struct line l;
	struct err why = {0};
	if (line_source_next(s, a, &l, &why) != LINE_READ)
		fail_msg("%s", why.message);
	assert_int_equal(line_source_number(s), number);
	assert_string_equal(l.public_id, id);
	assert_int_equal(l.weight_kg, weight_kg);
	assert_string_equal(l.low_code, "20 01 35");
	assert_string_equal(l.day, "2026-11-02");
}

static void assert_next_refused(
	struct line_source *s, struct arena *a, size_t number, const char *id, const char *said)
{
	struct line l;
	struct err why;
	assert_int_equal(line_source_next(s, a, &l, &why), LINE_REFUSED);
	assert_int_equal(line_source_number(s), number);
	if (id)
		assert_string_equal(l.public_id, id);
	else
		assert_null(l.public_id);
	assert_says(why.message, said);
}

static void assert_end(struct line_source *s, struct arena *a)
{
	struct line l;
	struct err why;
	assert_int_equal(line_source_next(s, a, &l, &why), LINE_END);
}

static void reads_json_lines(void **state)
{
	struct arena *a = *state;
	char *text = arena_printf(
		a, "\xEF\xBB\xBF{%s}\r\n\n{\"publicId\": \"B\"}\nnot json\n{%s}", good, good);
	struct line_source *s = open_source(a, text, LINE_JSON);
	assert_next(s, a, 1, "A-1", 1250);
	assert_next_refused(s, a, 3, "B", "« wasteCode »");
	assert_next_refused(s, a, 4, NULL, "ce n’est pas du JSON");
	assert_next(s, a, 5, "A-1", 1250);
	assert_end(s, a);
}

static void reads_the_register_s_spreadsheet(void **state)
{
	struct arena *a = *state;
	struct line_source *s = open_source(a,
		"\xEF\xBB\xBFIdentifiant unique;Motif;Code déchet;Date de réception;Poids en "
		"tonnes;"
		"Type de poids;Autre;Code(s) INSEE de(s) commune(s)\r\n"
		"A;;20 01 35*;02/11/2026;1,25;REEL;x;\"18033,45234\"\r\n"
		"B;;20 01 35*;02/11/2026;41;ESTIME;x;18033\r\n"
		"C;;20 01 35*;02/11/2026\r\n"
		"D;MODIFIER;20 01 35*;2026-11-02;0,001;ESTIME;x;18033\r\n",
		LINE_CSV);
	assert_next(s, a, 2, "A", 1250);
	assert_next_refused(s, a, 3, "B", "dépasse");
	assert_next_refused(s, a, 4, NULL, "4 cellules au lieu de 8");
	assert_next(s, a, 5, "D", 1);
	assert_end(s, a);
}

static void reads_a_plain_csv_in_any_names(void **state)
{
	struct arena *a = *state;
	struct line l;
	struct err why;
	struct line_source *s = open_source(a,
		"id,flux,wasteCode,DATE,tonnes,estime,point,transporteur\n"
		"A,pam,200135,2026-11-02,1.25,0,7,'=SOMME(A1)\n",
		LINE_CSV);
	assert_int_equal(line_source_next(s, a, &l, &why), LINE_READ);
	assert_string_equal(l.flow, "pam");
	assert_int_equal(l.weight_kg, 1250);
	assert_int_equal(l.point, 7);
	assert_string_equal(l.carrier_name, "=SOMME(A1)"); /* as our own exports guard it */
	assert_end(s, a);
}

static void refuses_a_file_without_identifiers_or_too_long(void **state)
{
	struct arena *a = *state;
	struct line_source *s;
	struct err e;
	assert_false(line_source_open(a, "a,b\n1,2\n", 8, LINE_CSV, &s, &e));
	assert_says(e.message, "la colonne publicId (ou « Identifiant unique », ou id)");
	enum { MANY = LINE_FILE_LINES_MOST + 1 };
	char *text = arena_alloc(a, MANY);
	memset(text, '\n', MANY);
	assert_false(line_source_open(a, text, MANY, LINE_JSON, &s, &e));
	assert_int_equal(e.kind, ERR_TOO_LARGE);
	assert_ok(line_source_open(a, text, MANY - 1, LINE_JSON, &s, &e), e);
}

static void refuses_one_line_that_is_too_long(void **state)
{
	struct arena *a = *state;
	char *blank = arena_alloc(a, LINE_BYTES_MOST + 1);
	memset(blank, ' ', LINE_BYTES_MOST);
	char *text = arena_printf(a, "{%s%s}\n{%s}\n", blank, good, good);
	struct line_source *s = open_source(a, text, LINE_JSON);
	assert_next_refused(s, a, 1, NULL, "plus de 65536 octets");
	assert_next(s, a, 2, "A-1", 1250);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_AN_ARENA(reads_a_line_whole),
		WITH_AN_ARENA(holds_every_rule),
		WITH_AN_ARENA(a_heavier_load_may_come_by_rail),
		WITH_AN_ARENA(what_cancels_needs_its_identifier_alone),
		WITH_AN_ARENA(a_refused_line_keeps_its_name),
		WITH_AN_ARENA(reads_json_lines),
		WITH_AN_ARENA(reads_the_register_s_spreadsheet),
		WITH_AN_ARENA(reads_a_plain_csv_in_any_names),
		WITH_AN_ARENA(refuses_a_file_without_identifiers_or_too_long),
		WITH_AN_ARENA(refuses_one_line_that_is_too_long),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
