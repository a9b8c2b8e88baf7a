/* The open data of `Que faire de mes objets` (ADEME): everybody who repairs, takes, lends or sells.
 * Kept are those to whom people bring waste electrical equipment. */
#include "point_file.h"

#include "jin.h"
#include "text.h"

#include <string.h>

enum { KIND = POINT_COLUMNS, PUBLIC, SERVICES, COLUMNS };
static const struct csv_column columns[COLUMNS] = {
	[POINT_KEY] = {"identifiant", true},
	[POINT_NAME] = {"nom", true},
	[POINT_COMMUNE] = {"code_commune", true},
	[POINT_ADDRESS] = {"adresse", false},
	[POINT_POSTCODE] = {"code_postal", false},
	[POINT_TOWN] = {"ville", false},
	[POINT_LATITUDE] = {"latitude", true},
	[POINT_LONGITUDE] = {"longitude", true},
	[KIND] = {"type_dacteur", true},
	[PUBLIC] = {"public_accueilli", false},
	[SERVICES] = {"propositions_de_services", true},
};

/* The file's types of actors and ours; all others are `autre`. */
static const struct {
	const char *type, *kind;
} kinds[] = {
	{"decheterie", "decheterie"},
	{"commerce", "commerce"},
	{"ess", "ess"},
};

/* What brings waste to a place: the others give an object another life. */
static const char *const actions[] = {"trier", "rapporter"};

/* How the names of electrical equipment begin, in plain letters. */
static const char *const electrical[] = {
	"gros electromenager",
	"petit electromenager",
	"electromenager",
	"ecran",
	"materiel informatique",
	"materiel hifi",
	"hifi",
	"ordinateur",
	"smartphone",
	"telephone",
	"console",
	"appareil electrique",
	"equipement electrique",
	"autres equipements electriques",
	"luminaire",
	"lampe",
	"ampoule",
	"neon",
	"panneau photovoltaique",
	"deee",
	"eee",
};

/* "Écrans_plats" -> "ecrans plats": small plain letters, blanks for whatever joins them. */
static char *plain_words(struct arena *a, const char *s)
{
	static const char latin[] =
		"aaaaaaaceeeeiiiidnooooo ouuuuypsaaaaaaaceeeeiiiidnooooo ouuuuypy";
	char *copy = arena_alloc(a, strlen(s) + 1), *p = copy;
	for (const unsigned char *u = (const unsigned char *)s; *u; u++) {
		if (*u == 0xC3 && u[1] >= 0x80 && u[1] < 0xC0) /* U+00C0 to U+00FF */
			*p++ = latin[*++u - 0x80];
		else if (*u >= 'A' && *u <= 'Z')
			*p++ = (char)(*u - 'A' + 'a');
		else
			*p++ = *u == '_' || *u == '-' ? ' ' : (char)*u;
	}
	*p = '\0';
	return copy;
}

static bool is_one_of(const char *word, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (text_eq(word, list[i]))
			return true;
	return false;
}

static bool is_electrical(struct arena *a, const char *name)
{
	const char *plain = plain_words(a, name);
	for (size_t i = 0; i < sizeof electrical / sizeof *electrical; i++)
		if (text_starts(plain, electrical[i]))
			return true;
	return false;
}

/* [{"action": "trier", "sous_categories": ["petit_electromenager", ...]}, ...] */
static bool takes_equipment(struct arena *a, const char *services, struct err *why)
{
	enum { SERVICES_MOST = 100, NAMES_MOST = 1000, NAME_BYTES = 200 };
	struct jin root;
	bool takes = false;
	if (!jin_parse(a, arena_printf(a, "{\"list\": %s}", services), strlen(services) + 10, &root,
		    why))
		return false;
	struct jin list = jin_array(&root, "list", 0, SERVICES_MOST);
	for (size_t i = 0; i < list.count && !takes; i++) {
		struct jin service = jin_item(&list, i);
		if (!is_one_of(jin_text(&service, "action", NAME_BYTES), actions,
			    sizeof actions / sizeof *actions))
			continue;
		struct jin names = jin_array(&service, "sous_categories", 0, NAMES_MOST);
		for (size_t n = 0; n < names.count && !takes; n++) {
			struct jin name = jin_item(&names, n);
			takes = is_electrical(a, jin_value_text(&name, NAME_BYTES));
		}
	}
	if (jin_failed(&root))
		return false;
	why->kind = ERR_NONE;
	return takes;
}

static void read_actor(struct point_file *f, struct site *s)
{
	const char *type = plain_words(f->arena, point_cell(f, KIND));
	const char *services = point_cell(f, SERVICES);
	struct err why = {0};
	s->kind = "autre";
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
		if (text_eq(kinds[k].type, type))
			s->kind = kinds[k].kind;
	if (text_eq(plain_words(f->arena, point_cell(f, PUBLIC)), "professionnels"))
		point_judge(s, POINT_OUTSIDE, "réservé aux professionnels");
	else if (!*services || !takes_equipment(f->arena, services, &why))
		point_judge(s, why.kind ? POINT_REFUSED : POINT_OUTSIDE,
			why.kind ? arena_printf(f->arena,
					   "propositions_de_services est illisible : %.200s",
					   why.message)
				 : "ne reprend pas d’équipements électriques");
}

const struct point_format point_acteurs = {
	.origin = "acteurs",
	.source = "qfdmo_acteurs",
	.title = "acteurs de Que faire de mes objets",
	.columns = columns,
	.column_count = COLUMNS,
	.may_lack_commune = true,
	.read = read_actor,
	.settle = point_keep_latest,
};
