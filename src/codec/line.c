#include "line_cells.h"

#include "insee.h"
#include "text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum {
	NAME_MOST = 150, /* characters, as in the register */
	DESCRIPTION_MOST = 300,
	SHOWN_MOST = 60,      /* bytes of a value shown in a reason */
	ROAD_MOST = 40000,    /* kg, litres */
	OTHER_MOST = 1000000, /* kg, litres: by rail, water or air */
	SIRET_LENGTH = 14,
};

/* ---- One value ----
 * JSON and CSV come to the same: a text in each field, null where there is none. */

struct field;

struct reading {
	struct arena *arena;
	const struct field *field;
	const char *cell;
	struct err *e;
};

typedef bool field_reader(const struct reading *rd, struct line *line);

struct field {
	struct line_field about;
	field_reader *read;
	size_t offset; /* of a const char * in struct line, for the readers of texts */
	size_t most;   /* characters */
};

const char *line_shown(struct arena *a, const char *s)
{
	if (strlen(s) <= SHOWN_MOST)
		return s;
	char *cut = arena_strndup(a, s, SHOWN_MOST);
	text_drop_half_character(cut);
	return arena_printf(a, "%s…", cut);
}

static bool refuse(const struct reading *rd, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* « weightValue » (poids en tonnes) : « 41 » + what was said. */
static bool refuse(const struct reading *rd, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *said = arena_vprintf(rd->arena, format, args);
	va_end(args);
	return err_set(rd->e, ERR_INVALID, "« %s » (%s) : « %s » %s", rd->field->about.name,
		rd->field->about.label, line_shown(rd->arena, rd->cell), said);
}

static bool store(const struct reading *rd, struct line *line, const char *text)
{
	*(const char **)(void *)((char *)line + rd->field->offset) = text;
	return true;
}

static size_t characters(const char *s)
{
	size_t n = 0;
	for (; *s; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

/* Capitals without accents, blanks as underscores: what the register's words are compared in. */
static char *fold(struct arena *a, const char *s)
{
	/* U+00C0 to U+00DF and, in lower case, U+00E0 to U+00FF: in UTF-8 the bytes C3 80 to C3 BF. */
	static const char latin[] = "AAAAAAACEEEEIIIIDNOOOOO*OUUUUYPS";
	char *folded = arena_alloc(a, strlen(s) + 1), *p = folded;
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s, next = (unsigned char)s[1];
		if (c == 0xc3 && next >= 0x80 && next < 0xc0)
			*p++ = latin[(next - 0x80) & 31], s++;
		else
			*p++ = c == ' ' ? '_' : (char)toupper(c);
	}
	*p = '\0';
	return folded;
}

/* A word of the register and what we keep of it. */
struct word {
	const char *said, *kept;
};

static const char *find_word(const struct word *words, struct arena *a, const char *cell)
{
	const char *folded = fold(a, cell);
	for (; words->said; words++)
		if (text_eq(words->said, folded))
			return words->kept;
	return NULL;
}

/* ---- Readers, one a kind of field ---- */

static bool read_public_id(const struct reading *rd, struct line *line)
{
	size_t length = strlen(rd->cell);
	if (length > LINE_PUBLIC_ID_MOST)
		return refuse(rd, "compte plus de %d caractères", LINE_PUBLIC_ID_MOST);
	for (const char *s = rd->cell; *s; s++)
		if (!isalnum((unsigned char)*s) && !strchr("-_./", *s))
			return refuse(rd,
				"ne peut avoir que des lettres sans accent, des chiffres, "
				"des tirets, des points, « _ » et « / »");
	return store(rd, line, rd->cell);
}

static bool read_reason(const struct reading *rd, struct line *line)
{
	static const struct word words[] = {
		{"EDIT", "E"}, {"MODIFIER", "E"}, {"CANCEL", "C"}, {"ANNULER", "C"}, {NULL, NULL}};
	const char *word = find_word(words, rd->arena, rd->cell);
	if (!word)
		return refuse(rd, "doit être EDIT (corriger), CANCEL (annuler) ou rien");
	line->reason = *word == 'E' ? LINE_EDITS : LINE_CANCELS;
	return true;
}

static bool is_yes(const struct reading *rd, const struct word *more, bool *yes)
{
	static const struct word words[] = {{"TRUE", "y"}, {"OUI", "y"}, {"1", "y"}, {"FALSE", "n"},
		{"NON", "n"}, {"0", "n"}, {NULL, NULL}};
	const char *word = find_word(words, rd->arena, rd->cell);
	if (!word)
		word = find_word(more, rd->arena, rd->cell);
	*yes = word && *word == 'y';
	return word;
}

static bool read_estimate(const struct reading *rd, struct line *line)
{
	static const struct word words[] = {{"ESTIME", "y"}, {"REEL", "n"}, {NULL, NULL}};
	return is_yes(rd, words, &line->is_estimate) ||
	       refuse(rd, "doit être true ou ESTIME (estimé), false ou REEL (pesé)");
}

static bool read_pop(const struct reading *rd, struct line *line)
{
	static const struct word none[] = {{NULL, NULL}};
	bool yes;
	if (!is_yes(rd, none, &yes))
		return refuse(rd, "doit être true ou OUI, false ou NON");
	line->pop = yes ? LINE_POP_YES : LINE_POP_NO;
	return true;
}

/* 200135, 20 01 35, 20 01 35* -> 20 01 35 */
static bool read_low_code(const struct reading *rd, struct line *line)
{
	char digits[7];
	size_t n = 0;
	const char *s = rd->cell;
	for (; *s && *s != '*'; s++) {
		if (*s == ' ')
			continue;
		if (!isdigit((unsigned char)*s) || n == 6)
			break;
		digits[n++] = *s;
	}
	if (*s == '*')
		s++;
	if (*s || n != 6)
		return refuse(rd, "n’est pas un code déchet (six chiffres, par exemple 20 01 35*)");
	line->low_code = arena_printf(rd->arena, "%.2s %.2s %.2s", digits, digits + 2, digits + 4);
	return true;
}

static bool is_day(int year, int month, int day)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	if (year < 1 || month < 1 || month > 12)
		return false;
	return day >= 1 && day <= days[month - 1] + (month == 2 && is_leap);
}

/* Whether `s` has the shape, 9 standing for a digit. */
static bool has_shape(const char *s, const char *shape)
{
	for (; *shape; s++, shape++)
		if (*shape == '9' ? !isdigit((unsigned char)*s) : *s != *shape)
			return false;
	return !*s;
}

static int number(const char *digits, size_t n)
{
	int v = 0;
	for (size_t i = 0; i < n; i++)
		v = v * 10 + digits[i] - '0';
	return v;
}

bool line_is_day(const char *s)
{
	return has_shape(s, "9999-99-99") &&
	       is_day(number(s, 4), number(s + 5, 2), number(s + 8, 2));
}

static bool read_day(const struct reading *rd, struct line *line)
{
	const char *s = rd->cell;
	int year = 0, month = 0, day = 0;
	if (has_shape(s, "9999-99-99"))
		year = number(s, 4), month = number(s + 5, 2), day = number(s + 8, 2);
	else if (has_shape(s, "99/99/9999"))
		year = number(s + 6, 4), month = number(s + 3, 2), day = number(s, 2);
	if (!is_day(year, month, day))
		return refuse(rd, "n’est pas une date (AAAA-MM-JJ ou JJ/MM/AAAA)");
	line->day = arena_printf(rd->arena, "%04d-%02d-%02d", year, month, day);
	return true;
}

/* "1.25" or "1,25" in thousandths; zeros at the end of the decimals do not count. */
static bool read_thousandths(const struct reading *rd, int64_t *thousandths)
{
	enum { DIGITS = 9, DECIMALS = 3 };
	const char *s = rd->cell;
	bool is_negative = *s == '-';
	s += is_negative;
	size_t whole = strspn(s, "0123456789");
	const char *decimals = s + whole + (s[whole] == '.' || s[whole] == ',');
	size_t n = strspn(decimals, "0123456789");
	if (!whole || decimals[n] || (decimals != s + whole && !n))
		return refuse(rd, "n’est pas un nombre");
	while (n && decimals[n - 1] == '0')
		n--;
	if (n > DECIMALS)
		return refuse(rd, "a plus de 3 décimales");
	if (whole > DIGITS)
		return refuse(rd, "est trop grand");
	int64_t v = 0;
	for (size_t i = 0; i < whole; i++)
		v = v * 10 + s[i] - '0';
	for (size_t i = 0; i < DECIMALS; i++)
		v = v * 10 + (i < n ? decimals[i] - '0' : 0);
	if (is_negative || !v)
		return refuse(rd, "doit être plus grand que 0");
	*thousandths = v;
	return true;
}

static bool read_weight(const struct reading *rd, struct line *line)
{
	return read_thousandths(rd, &line->weight_kg);
}

static bool read_volume(const struct reading *rd, struct line *line)
{
	return read_thousandths(rd, &line->volume_l);
}

/* A code in capitals without blanks: "R 4" -> "R4". */
static bool read_operation(const struct reading *rd, struct line *line)
{
	char code[8];
	size_t n = 0;
	for (const char *s = rd->cell; *s && n < sizeof code - 1; s++)
		if (*s != ' ')
			code[n++] = (char)toupper((unsigned char)*s);
	code[n] = '\0';
	int64_t v = 0;
	bool is_good = (*code == 'D' || *code == 'R') && code[1] != '0' &&
		       isdigit((unsigned char)code[1]) && text_to_int64(code + 1, &v) &&
		       v <= (*code == 'D' ? 15 : 13);
	if (!is_good)
		return refuse(rd, "n’est pas un code de traitement (D1 à D15, R1 à R13)");
	line->operation_code = arena_strdup(rd->arena, code);
	return true;
}

static bool read_operation_mode(const struct reading *rd, struct line *line)
{
	static const struct word words[] = {{"REUTILISATION", "REUTILISATION"},
		{"RECYCLAGE", "RECYCLAGE"},
		{"VALORISATION_ENERGETIQUE", "VALORISATION_ENERGETIQUE"},
		{"ELIMINATION", "ELIMINATION"}, {NULL, NULL}};
	const char *word = find_word(words, rd->arena, rd->cell);
	return word ? store(rd, line, word)
		    : refuse(rd, "doit être REUTILISATION, RECYCLAGE, VALORISATION_ENERGETIQUE ou "
				 "ELIMINATION");
}

static bool read_transport_mode(const struct reading *rd, struct line *line)
{
	static const struct word words[] = {{"ROAD", "ROAD"}, {"ROUTE", "ROAD"}, {"RAIL", "RAIL"},
		{"FERRE", "RAIL"}, {"AIR", "AIR"}, {"AERIEN", "AIR"}, {"RIVER", "RIVER"},
		{"FLUVIAL", "RIVER"}, {"SEA", "SEA"}, {"MARITIME", "SEA"}, {"OTHER", "OTHER"},
		{NULL, NULL}};
	const char *word = find_word(words, rd->arena, rd->cell);
	return word ? store(rd, line, word)
		    : refuse(rd, "doit être ROAD, RAIL, AIR, RIVER, SEA ou OTHER");
}

bool line_is_siret(const char *digits)
{
	if (strlen(digits) != SIRET_LENGTH || strspn(digits, "0123456789") != SIRET_LENGTH)
		return false;
	int luhn = 0, sum = 0;
	for (size_t i = 0; i < SIRET_LENGTH; i++) {
		int d = digits[i] - '0', doubled = i % 2 ? d : 2 * d;
		sum += d;
		luhn += doubled > 9 ? doubled - 9 : doubled;
	}
	return luhn % 10 == 0 || (text_starts(digits, "356000000") && sum % 5 == 0);
}

static bool read_siret(const struct reading *rd, struct line *line)
{
	char *digits = arena_alloc(rd->arena, strlen(rd->cell) + 1), *p = digits;
	for (const char *s = rd->cell; *s; s++)
		if (*s != ' ')
			*p++ = *s;
	*p = '\0';
	if (strlen(digits) != SIRET_LENGTH || strspn(digits, "0123456789") != SIRET_LENGTH)
		return refuse(rd, "n’est pas un SIRET (14 chiffres)");
	if (!line_is_siret(digits))
		return refuse(rd, "n’est pas un SIRET valable : sa clé est fausse");
	return store(rd, line, digits);
}

static bool read_text(const struct reading *rd, struct line *line)
{
	for (const char *s = rd->cell; *s; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			return refuse(
				rd, "a un caractère de commande (tabulation, saut de ligne…)");
	if (characters(rd->cell) > rd->field->most)
		return refuse(rd, "compte plus de %zu caractères", rd->field->most);
	return store(rd, line, rd->cell);
}

static bool read_flow(const struct reading *rd, struct line *line)
{
	if (strlen(rd->cell) > rd->field->most ||
		rd->cell[strspn(rd->cell, "abcdefghijklmnopqrstuvwxyz_")])
		return refuse(rd, "n’est pas un flux");
	return store(rd, line, rd->cell);
}

static bool read_point(const struct reading *rd, struct line *line)
{
	return (text_to_int64(rd->cell, &line->point) && line->point > 0) ||
	       refuse(rd, "n’est pas le numéro d’un point de collecte");
}

/* Codes between commas, semicolons or blanks; each is kept once. */
static bool read_communes(const struct reading *rd, struct line *line)
{
	char *rest = arena_strdup(rd->arena, rd->cell);
	const char **list = arena_array(rd->arena, const char *, LINE_COMMUNES_MOST);
	size_t count = 0;
	for (char *item; (item = strsep(&rest, ",; ")) != NULL;) {
		char *code = arena_alloc(rd->arena, INSEE_LENGTH + 1);
		if (!*item)
			continue;
		if (!insee_read(item, code))
			return refuse(rd, "a « %s », qui n’est pas le code INSEE d’une commune",
				line_shown(rd->arena, item));
		bool is_known = false;
		for (size_t i = 0; i < count; i++)
			is_known = is_known || text_eq(list[i], code);
		if (is_known)
			continue;
		if (count == LINE_COMMUNES_MOST)
			return refuse(rd, "nomme plus de %d communes", LINE_COMMUNES_MOST);
		list[count++] = code;
	}
	line->municipalities = list;
	line->municipality_count = count;
	return true;
}

/* ---- The fields ---- */

#define TEXT(member) offsetof(struct line, member)

static const struct field fields[] = {
	{{"publicId", "Identifiant unique", "id", "identifiant de la ligne", true}, read_public_id,
		TEXT(public_id), 0},
	{{"reason", "Motif", "motif", "motif de correction ou d’annulation", false}, read_reason, 0,
		0},
	{{"flow", "Flux", "flux", "flux de DEEE", false}, read_flow, TEXT(flow), 40},
	{{"wasteCode", "Code déchet", "code", "code déchet", true}, read_low_code, 0, 0},
	{{"wasteDescription", "Dénomination du déchet", "denomination", "dénomination du déchet",
		 false},
		read_text, TEXT(description), DESCRIPTION_MOST},
	{{"wastePop", "POP", "pop", "polluants organiques persistants", false}, read_pop, 0, 0},
	{{"receptionDate", "Date de réception", "date", "date de réception", true}, read_day, 0, 0},
	{{"weightValue", "Poids en tonnes", "tonnes", "poids en tonnes", true}, read_weight, 0, 0},
	{{"weightIsEstimate", "Type de poids", "estime", "poids estimé ou pesé", true},
		read_estimate, 0, 0},
	{{"volume", "Volume en M3", "m3", "volume en m3", false}, read_volume, 0, 0},
	{{"point", "Point de collecte", "point", "point de collecte", false}, read_point, 0, 0},
	{{"initialEmitterMunicipalitiesInseeCodes", "Code(s) INSEE de(s) commune(s)", "communes",
		 "communes d’origine", false},
		read_communes, 0, 0},
	{{"reportForCompanySiret", "SIRET du destinataire", "destination_siret",
		 "SIRET du destinataire", false},
		read_siret, TEXT(destination_siret), 0},
	{{"reportForCompanyName", "Raison sociale du destinataire", "destination",
		 "nom du destinataire", false},
		read_text, TEXT(destination_name), NAME_MOST},
	{{"ecoOrganismeSiret", "SIRET de l'éco-organisme", "eco_organisme_siret",
		 "SIRET de l’éco-organisme", false},
		read_siret, TEXT(producer_siret), 0},
	{{"ecoOrganismeName", "Raison sociale de l'éco-organisme", "eco_organisme",
		 "nom de l’éco-organisme", false},
		read_text, TEXT(producer_name), NAME_MOST},
	{{"operationCode", "Code de traitement réalisé", "traitement", "code de traitement", false},
		read_operation, 0, 0},
	{{"operationMode", "Mode de traitement", "mode", "mode de traitement", false},
		read_operation_mode, TEXT(operation_mode), 0},
	{{"transporter1TransportMode", "Mode de transport du transporteur n°1", "transport",
		 "mode de transport", false},
		read_transport_mode, TEXT(transport_mode), 0},
	{{"transporter1CompanyOrgId", "Numéro d'identification du transporteur n°1",
		 "transporteur_siret", "SIRET du transporteur", false},
		read_siret, TEXT(carrier_siret), 0},
	{{"transporter1CompanyName", "Raison sociale du transporteur n°1", "transporteur",
		 "nom du transporteur", false},
		read_text, TEXT(carrier_name), NAME_MOST},
};
_Static_assert(sizeof fields / sizeof *fields == LINE_FIELDS, "line_cells.h says how many");

size_t line_field_count(void)
{
	return LINE_FIELDS;
}

struct line_field line_field(size_t index)
{
	return fields[index].about;
}

/* ---- Whole lines ---- */

static bool refuse_missing(const struct field *f, struct err *e)
{
	return err_set(e, ERR_INVALID, "« %s » (%s) manque", f->about.name, f->about.label);
}

/* What several fields say together. */
static bool check_together(const struct line *line, struct err *e)
{
	if (line->reason == LINE_CANCELS)
		return true;
	if (!line->point && !line->municipality_count)
		return err_set(e, ERR_INVALID,
			"il manque d’où vient le chargement : « point » (point de collecte) ou "
			"« initialEmitterMunicipalitiesInseeCodes » (communes d’origine)");
	bool is_road = !line->transport_mode || text_eq(line->transport_mode, "ROAD");
	int64_t most = is_road ? ROAD_MOST : OTHER_MOST;
	const char *by = is_road ? "par la route" : "d’un chargement";
	if (line->weight_kg > most)
		return err_set(e, ERR_INVALID,
			"« weightValue » (poids en tonnes) : %g t dépasse le plus %s, %d t",
			(double)line->weight_kg / 1000, by, (int)(most / 1000));
	if (line->volume_l > most)
		return err_set(e, ERR_INVALID,
			"« volume » (volume en m3) : %g m3 dépasse le plus %s, %d m3",
			(double)line->volume_l / 1000, by, (int)(most / 1000));
	return true;
}

/* The identifier first, so that whatever is refused can be named by it. */
bool line_from_cells(
	struct arena *a, const char *const cells[LINE_FIELDS], struct line *line, struct err *e)
{
	memset(line, 0, sizeof *line);
	for (size_t i = 0; i < LINE_FIELDS; i++) {
		const struct field *f = &fields[i];
		const struct reading rd = {a, f, cells[i], e};
		if (rd.cell && !f->read(&rd, line))
			return false;
		if (!rd.cell && f->about.is_required &&
			(line->reason != LINE_CANCELS || !line->public_id))
			return refuse_missing(f, e);
	}
	return check_together(line, e);
}
