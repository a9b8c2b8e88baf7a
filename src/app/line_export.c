/* GET /api/volumes.csv: lines as a file, in our columns or in those of the national register. */
#include "answer.h"
#include "csv.h"
#include "line_shown.h"
#include "routes.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

enum { FILE_LINES = 50000 };

static const struct line_filter defaults = {.limit = FILE_LINES, .layout = "plain"};
static const struct field fields[] = {
	LINE_FILTER_FIELDS,
	{"limit", FIELD_INT, .min = 1, .max = FILE_LINES, .label = "nombre de lignes du fichier",
		.offset = offsetof(struct line_filter, limit)},
	{"layout", FIELD_TEXT, .choices = "plain|rndts", .label = "colonnes du fichier",
		.offset = offsetof(struct line_filter, layout)},
};
const struct record line_export_query = RECORD(fields, struct line_filter, &defaults);

/* ---- One cell ---- */

enum kind { TEXT, NUMBER, LIST, ESTIMATE, YES, OPERATION, DAY, MOMENT, REASON, STATE, CONSTANT };

struct column {
	const char *heading;
	enum kind kind;
	const char *name; /* of derived.line_shown; CONSTANT: the text */
};

static void put_list(struct arena *a, struct csv_out *out, const char *array)
{
	char *list = arena_strdup(a, array + (*array == '{'));
	size_t n = strlen(list);
	if (n)
		list[n - 1] = '\0'; /* codes have nothing that PostgreSQL would quote */
	csv_put_text(out, *list ? list : NULL);
}

static const char *reason_of(const struct rows *rows, size_t r)
{
	if (text_eq(column_text(rows, r, "state"), "cancelled"))
		return "ANNULER";
	return text_eq(column_text(rows, r, "version"), "1") ? NULL : "MODIFIER";
}

static void put(struct arena *a, struct csv_out *out, const struct column *column,
	const struct rows *rows, size_t r)
{
	if (column->kind == CONSTANT || column->kind == REASON) {
		csv_put_text(out, column->kind == REASON ? reason_of(rows, r) : column->name);
		return;
	}
	const char *s = column_text(rows, r, column->name);
	if (!*s) {
		csv_put_text(out, NULL);
		return;
	}
	switch (column->kind) {
	case NUMBER: csv_put_real(out, strtod(s, NULL)); break;
	case LIST: put_list(a, out, s); break;
	case ESTIMATE: csv_put_text(out, *s == 't' ? "ESTIME" : "REEL"); break;
	case YES: csv_put_text(out, *s == 't' ? "OUI" : "NON"); break;
	case OPERATION: csv_put_text(out, arena_printf(a, "%.1s %s", s, s + 1)); break;
	case DAY: csv_put_text(out, arena_printf(a, "%.2s/%.2s/%.4s", s + 8, s + 5, s)); break;
	case MOMENT: csv_put_text(out, arena_printf(a, "%.10sT%.8sZ", s, s + 11)); break;
	case STATE: csv_put_text(out, *s == 'c' ? "annulée" : "enregistrée"); break;
	case TEXT:
	case REASON:
	case CONSTANT: csv_put_text(out, s); break;
	}
}

/* ---- The two layouts ---- */

static const struct column plain[] = {
	{"Ligne", NUMBER, "id"},
	{"Organisation", TEXT, "organisationName"},
	{"État", STATE, "state"},
	{"Version", NUMBER, "version"},
	{"Identifiant unique", TEXT, "publicId"},
	{"Flux", TEXT, "flow"},
	{"Code déchet", TEXT, "wasteCode"},
	{"Dénomination du déchet", TEXT, "wasteDescription"},
	{"POP", YES, "wastePop"},
	{"Date de réception", DAY, "receptionDate"},
	{"Poids en tonnes", NUMBER, "weightValue"},
	{"Type de poids", ESTIMATE, "weightIsEstimate"},
	{"Volume en M3", NUMBER, "volume"},
	{"Point de collecte", NUMBER, "point"},
	{"Nom du point", TEXT, "pointName"},
	{"Code(s) INSEE de(s) commune(s)", LIST, "initialEmitterMunicipalitiesInseeCodes"},
	{"SIRET du destinataire", TEXT, "reportForCompanySiret"},
	{"Raison sociale du destinataire", TEXT, "reportForCompanyName"},
	{"SIRET de l'éco-organisme", TEXT, "ecoOrganismeSiret"},
	{"Raison sociale de l'éco-organisme", TEXT, "ecoOrganismeName"},
	{"Code de traitement réalisé", TEXT, "operationCode"},
	{"Mode de traitement", TEXT, "operationMode"},
	{"Mode de transport du transporteur n°1", TEXT, "transporter1TransportMode"},
	{"Numéro d'identification du transporteur n°1", TEXT, "transporter1CompanyOrgId"},
	{"Raison sociale du transporteur n°1", TEXT, "transporter1CompanyName"},
	{"Enregistrée le", MOMENT, "created_at"},
	{"Modifiée le", MOMENT, "updated_at"},
};

/* The incoming line of the national register, every column in its order; what we do not keep is empty.
 * The columns of the carriers come five times. */
static const struct column register_columns[] = {
	{"Motif", REASON, NULL},
	{"Identifiant unique", TEXT, "publicId"},
	{"SIRET du déclarant", CONSTANT, NULL},
	{"SIRET du destinataire", TEXT, "reportForCompanySiret"},
	{"Dénomination du déchet", TEXT, "wasteDescription"},
	{"Code déchet", TEXT, "wasteCode"},
	{"Code déchet Bâle", CONSTANT, NULL},
	{"POP", YES, "wastePop"},
	{"Dangereux", CONSTANT, NULL},
	{"Date de réception", TEXT, "receptionDate"},
	{"Heure de pesée", CONSTANT, NULL},
	{"Poids en tonnes", NUMBER, "weightValue"},
	{"Type de poids", ESTIMATE, "weightIsEstimate"},
	{"Volume en M3", NUMBER, "volume"},
	{"Type de producteur initial", CONSTANT, "COMMUNE"},
	{"Numéro d'identification du producteur initial", CONSTANT, NULL},
	{"Raison sociale du producteur initial", CONSTANT, NULL},
	{"Libellé de l'adresse du producteur initial", CONSTANT, NULL},
	{"Code postal du producteur initial", CONSTANT, NULL},
	{"Commune du producteur initial", CONSTANT, NULL},
	{"Code pays du producteur initial", CONSTANT, NULL},
	{"Code(s) INSEE de(s) commune(s)", LIST, "initialEmitterMunicipalitiesInseeCodes"},
	{"Commune(s)", CONSTANT, NULL},
	{"Type d'expéditeur", CONSTANT, NULL},
	{"Numéro d'identification de l'expéditeur", CONSTANT, NULL},
	{"Raison sociale de l'expéditeur", CONSTANT, NULL},
	{"Libellé de l'adresse de l'expéditeur", CONSTANT, NULL},
	{"Code postal de l'expéditeur", CONSTANT, NULL},
	{"Commune de l'expéditeur", CONSTANT, NULL},
	{"Code pays de l'expéditeur", CONSTANT, NULL},
	{"Référence du chantier ou du lieu de collecte de l'expéditeur", TEXT, "pointName"},
	{"Libellé de l'adresse du chantier ou du lieu de collecte de l'expéditeur", CONSTANT, NULL},
	{"Code postal du chantier ou du lieu de collecte de l'expéditeur", CONSTANT, NULL},
	{"Commune du chantier ou du lieu de collecte de l'expéditeur", CONSTANT, NULL},
	{"Code pays du chantier ou du lieu de collecte de l'expéditeur", CONSTANT, NULL},
	{"SIRET du courtier", CONSTANT, NULL},
	{"Raison sociale du courtier", CONSTANT, NULL},
	{"Numéro de récépissé du courtier", CONSTANT, NULL},
	{"SIRET du négociant", CONSTANT, NULL},
	{"Raison sociale du négociant", CONSTANT, NULL},
	{"Numéro de récépissé du négociant", CONSTANT, NULL},
	{"SIRET de l'éco-organisme", TEXT, "ecoOrganismeSiret"},
	{"Raison sociale de l'éco-organisme", TEXT, "ecoOrganismeName"},
	{"Code de traitement réalisé", OPERATION, "operationCode"},
	{"Mode de traitement", TEXT, "operationMode"},
	{"Rupture de traçabilité autorisée", CONSTANT, NULL},
	{"Destination ultérieure à l'étranger", CONSTANT, NULL},
	{"Numéro de déclaration GISTRID", CONSTANT, NULL},
	{"Numéro de notification GISTRID", CONSTANT, NULL},
	{"Numéro de mouvement", CONSTANT, NULL},
	{"Code de traitement ultérieur prévu", CONSTANT, NULL},
	{"Approvisionnement direct", CONSTANT, NULL},
};
static const struct column carrier[] = {
	{"Mode de transport", TEXT, "transporter1TransportMode"},
	{"Type de", CONSTANT, "ETABLISSEMENT_FR"},
	{"Numéro d'identification", TEXT, "transporter1CompanyOrgId"},
	{"Exemption de récépissé", CONSTANT, NULL},
	{"Numéro de récépissé", CONSTANT, NULL},
	{"Raison sociale", TEXT, "transporter1CompanyName"},
	{"Libellé de l'adresse", CONSTANT, NULL},
	{"Code postal", CONSTANT, NULL},
	{"Commune", CONSTANT, NULL},
	{"Code pays", CONSTANT, NULL},
};
enum {
	PLAIN = sizeof plain / sizeof *plain,
	REGISTER = sizeof register_columns / sizeof *register_columns,
	CARRIER = sizeof carrier / sizeof *carrier,
	CARRIERS = 5,
};

static void put_plain(struct arena *a, struct csv_out *out, const struct rows *rows)
{
	for (size_t c = 0; c < PLAIN; c++)
		csv_put_text(out, plain[c].heading);
	csv_end_line(out);
	for (size_t r = 0; r < rows->count; r++) {
		for (size_t c = 0; c < PLAIN; c++)
			put(a, out, &plain[c], rows, r);
		csv_end_line(out);
	}
}

static void put_register_heading(struct arena *a, struct csv_out *out)
{
	for (size_t c = 0; c < REGISTER; c++)
		csv_put_text(out, register_columns[c].heading);
	for (int n = 1; n <= CARRIERS; n++)
		for (size_t c = 0; c < CARRIER; c++)
			csv_put_text(out, text_eq(carrier[c].heading, "Type de")
						  ? arena_printf(a, "Type de transporteur n°%d", n)
						  : arena_printf(a, "%s du transporteur n°%d",
							    carrier[c].heading, n));
	csv_end_line(out);
}

static void put_register(struct arena *a, struct csv_out *out, const struct rows *rows)
{
	put_register_heading(a, out);
	for (size_t r = 0; r < rows->count; r++) {
		bool has_communes = !text_eq(
			column_text(rows, r, "initialEmitterMunicipalitiesInseeCodes"), "{}");
		bool has_carrier = *column_text(rows, r, "transporter1CompanyOrgId");
		for (size_t c = 0; c < REGISTER; c++) {
			const struct column *column = &register_columns[c];
			if (column->kind == CONSTANT && !has_communes)
				csv_put_text(out, NULL);
			else
				put(a, out, column, rows, r);
		}
		for (size_t c = 0; c < CARRIER * CARRIERS; c++) {
			bool is_empty =
				c >= CARRIER || (carrier[c].kind == CONSTANT && !has_carrier);
			if (is_empty)
				csv_put_text(out, NULL);
			else
				put(a, out, &carrier[c], rows, r);
		}
		csv_end_line(out);
	}
}

bool line_export(struct request *rq, struct reply *rp, struct err *e)
{
	const struct line_filter *f = rq->query;
	struct rows rows;
	struct csv_out out;
	bool has_next, is_register = text_eq(f->layout, "rndts");
	if (!line_shown_find(rq, f, &rows, &has_next, e) ||
		!line_shown_audit(rq, "lines.export", true, &rows, e))
		return false;
	rp->type = "text/csv; charset=utf-8";
	reply_header(rp, "Content-Disposition",
		is_register ? "attachment; filename=\"recircuit-volumes-rndts.csv\""
			    : "attachment; filename=\"recircuit-volumes.csv\"");
	if (has_next)
		reply_header(rp, "Link",
			arena_printf(rq->arena, "<%s>; rel=\"next\"",
				line_shown_next(rq, rows_int(&rows, rows.count - 1, 0))));
	csv_out_init(&out, &rp->body, CSV_FRENCH);
	if (is_register)
		put_register(rq->arena, &out, &rows);
	else
		put_plain(rq->arena, &out, &rows);
	return true;
}
