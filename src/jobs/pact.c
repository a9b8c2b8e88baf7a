#include "pact.h"

#include "phrase.h"
#include "text.h"

#include <math.h>
#include <string.h>

static const struct rule_words {
	const char *rule, *label, *note;
} rules[] = {
	{"shapley", "Valeur de Shapley",
		"Chacun paie ce qu’il ajoute au coût, en moyenne sur tous les ordres d’arrivée."},
	{"nucleolus", "Nucléole",
		"Le groupe le plus mécontent l’est le moins possible, puis le suivant, et ainsi de "
		"suite."},
	{"proportional", "Proportionnel aux tonnes", "Tous paient le même prix à la tonne."},
	{"equal_profit", "Gain égal à la tonne",
		"Les économies à la tonne diffèrent le moins possible, parmi les partages stables "
		"s’il y en a."},
};
enum { RULES_SHOWN = sizeof rules / sizeof *rules };

/* The names of a list of codes, in a phrase. */
static const char *names_of(const struct findings *f, const struct jin *pick)
{
	if (!jin_has(pick, "regions"))
		return NULL;
	struct jin list = jin_array(pick, "regions", 0, 100);
	const char **names = arena_array(f->arena, const char *, list.count);
	for (size_t n = 0; n < list.count; n++) {
		struct jin item = jin_item(&list, n);
		names[n] = finding_region(f, jin_value_text(&item, 200));
	}
	return phrase_list(f->arena, names, list.count);
}

/* "A+B" of a game, in a phrase. */
static const char *coalition_names(const struct findings *f, const char *members)
{
	const char *names[64];
	size_t count = 0;
	for (const char *at = members; at && count < sizeof names / sizeof *names;) {
		const char *plus = strchrnul(at, '+');
		names[count++] =
			finding_region(f, arena_strndup(f->arena, at, (size_t)(plus - at)));
		at = *plus ? plus + 1 : NULL;
	}
	return phrase_list(f->arena, names, count);
}

/* A note of the solver, where « 24+28 » becomes the regions' names. */
static const char *named(const struct findings *f, const char *note)
{
	static const char opening[] = "«\u00a0", closing[] = "\u00a0»";
	const char *done = "";
	for (;;) {
		const char *from = strstr(note, opening);
		const char *to = from ? strstr(from, closing) : NULL;
		if (!to)
			return arena_printf(f->arena, "%s%s", done, note);
		from += strlen(opening);
		done = arena_printf(f->arena, "%s%.*s%s", done, (int)(from - note), note,
			coalition_names(f, arena_strndup(f->arena, from, (size_t)(to - from))));
		note = to;
	}
}

static void write_notes(const struct findings *f, const struct jin *sharing)
{
	struct jin notes = jin_array(sharing, "notes", 0, 100);
	jout_key(f->j, "notes");
	jout_open(f->j, '[');
	for (size_t n = 0; n < notes.count; n++) {
		struct jin note = jin_item(&notes, n);
		jout_text(f->j, named(f, jin_value_text(&note, 2000)));
	}
	jout_close(f->j);
}

/* The group of one region alone. */
static struct jin alone(const struct findings *f, const char *region)
{
	struct jin list = jin_array(f->answer, "coalitions", 1, 1 << 15);
	for (size_t n = 0; n < list.count; n++) {
		struct jin x = jin_item(&list, n), members = jin_array(&x, "regions", 1, 100);
		struct jin first = jin_item(&members, 0);
		if (members.count == 1 && text_eq(jin_value_text(&first, 200), region))
			return x;
	}
	return (struct jin){.reader = list.reader};
}

static void write_pick(const struct findings *f, const struct jin *object, const char *key)
{
	struct jin pick = jin_object(object, key);
	jout_key(f->j, key);
	jout_open(f->j, '{');
	finding_copy(f, &pick, "regions");
	jout_kv_text(f->j, "names", names_of(f, &pick));
	finding_copy(f, &pick, "is_sure");
	jout_close(f->j);
}

/* How a share stands, in words. */
static const char *stability_note(const char *stable)
{
	if (!stable)
		return "Cette règle n’a pas de sens ici.";
	return text_eq(stable, "certain")
		       ? "Stable, c’est prouvé : aucun groupe ne paierait moins à part."
	       : text_eq(stable, "no") ? "Instable : au moins un groupe paierait moins à part, le "
					 "plan moins cher est "
					 "montré."
				       : "Non tranché : l’écart des calculs peut cacher un groupe "
					 "qui paierait moins "
					 "à part.";
}

/* The objection of the group with most to gain: they come in that order. */
static void write_objection(const struct findings *f, const struct jin *core, const char *rule)
{
	struct jin list = jin_array(core, "objections", 0, 1 << 20);
	size_t count = 0;
	const char *who = NULL;
	double by = NAN;
	for (size_t n = 0; n < list.count; n++) {
		struct jin x = jin_item(&list, n);
		if (!text_eq(jin_text(&x, "rule", 50), rule))
			continue;
		if (!count++) {
			who = coalition_names(f, jin_text(&x, "coalition", 2000));
			by = finding_number(&x, "by");
		}
	}
	jout_kv_int(f->j, "objections", (int64_t)count);
	jout_kv_text(f->j, "first_objection", who);
	jout_kv_real(f->j, "first_objection_eur", by);
}

static void write_rules(const struct findings *f, const struct jin *sharing)
{
	struct jin core = jin_object(sharing, "core"), stable = jin_object(&core, "stable");
	jout_key(f->j, "rules");
	jout_open(f->j, '[');
	for (size_t r = 0; r < RULES_SHOWN; r++) {
		const char *word = jin_text_or(&stable, rules[r].rule, 50, NULL);
		jout_open(f->j, '{');
		jout_kv_text(f->j, "rule", rules[r].rule);
		jout_kv_text(f->j, "label", rules[r].label);
		jout_kv_text(f->j, "note", rules[r].note);
		jout_kv_text(f->j, "stable", word);
		jout_kv_text(f->j, "stable_note", stability_note(word));
		write_objection(f, &core, rules[r].rule);
		jout_close(f->j);
	}
	jout_close(f->j);
}

static void write_regions(const struct findings *f, const struct jin *partners)
{
	struct jin list = jin_array(partners, "regions", 1, 100);
	jout_key(f->j, "regions");
	jout_open(f->j, '[');
	for (size_t n = 0; n < list.count; n++) {
		struct jin x = jin_item(&list, n);
		const char *code = jin_text(&x, "region", 200);
		struct jin own = alone(f, code);
		jout_open(f->j, '{');
		jout_kv_text(f->j, "region", code);
		jout_kv_text(f->j, "name", finding_region(f, code));
		finding_copy(f, &x, "tonnes");
		jout_kv_real(f->j, "before_eur", finding_number(&own, "before_eur"));
		jout_kv_real(f->j, "alone_eur", finding_number(&own, "cost_eur"));
		jout_kv_real(f->j, "alone_bound_eur", finding_number(&own, "bound_eur"));
		jout_kv_text(f->j, "alone_answer", jin_text(&own, "answer", 50));
		finding_copy(f, &x, "brings_least_eur");
		finding_copy(f, &x, "brings_most_eur");
		write_pick(f, &x, "smallest_viable");
		jout_close(f->j);
	}
	jout_close(f->j);
}

/* One line for each region and rule: what the page's table and the CSV file are made of. */
static void write_shares(
	const struct findings *f, const struct jin *sharing, const struct jin *partners)
{
	struct jin core = jin_object(sharing, "core"), stable = jin_object(&core, "stable");
	struct jin list = jin_array(partners, "regions", 1, 100);
	jout_key(f->j, "shares");
	jout_open(f->j, '[');
	for (size_t n = 0; n < list.count; n++)
		for (size_t r = 0; r < RULES_SHOWN; r++) {
			struct jin x = jin_item(&list, n);
			const char *code = jin_text(&x, "region", 200);
			struct jin own = alone(f, code);
			double share = NAN, tonnes = finding_number(&x, "tonnes");
			if (jin_has(sharing, rules[r].rule)) {
				struct jin by = jin_object(sharing, rules[r].rule);
				share = finding_number(&by, code);
			}
			jout_open(f->j, '{');
			jout_kv_text(f->j, "region", code);
			jout_kv_text(f->j, "name", finding_region(f, code));
			jout_kv_text(f->j, "rule", rules[r].rule);
			jout_kv_text(f->j, "label", rules[r].label);
			jout_kv_real(f->j, "tonnes", tonnes);
			jout_kv_real(f->j, "before_eur", finding_number(&own, "before_eur"));
			jout_kv_real(f->j, "alone_eur", finding_number(&own, "cost_eur"));
			jout_kv_real(f->j, "share_eur", share);
			jout_kv_real(f->j, "share_eur_t", share / tonnes);
			jout_kv_real(f->j, "saves_eur", finding_number(&own, "cost_eur") - share);
			jout_kv_text(f->j, "stable", jin_text_or(&stable, rules[r].rule, 50, NULL));
			jout_close(f->j);
		}
	jout_close(f->j);
}

/* "Le plus petit groupe viable : A et B (prouvé)." */
static const char *pick_sentence(
	const struct findings *f, const struct jin *partners, const char *key, const char *what)
{
	struct jin pick = jin_object(partners, key), all = jin_array(partners, "regions", 1, 100);
	const char *names = names_of(f, &pick);
	if (names && jin_array(&pick, "regions", 0, 100).count == all.count)
		names = "toutes les régions ensemble";
	bool is_sure = jin_bool(&pick, "is_sure");
	if (!names)
		return arena_printf(f->arena, "%s : aucun%s.", what,
			is_sure ? " (prouvé)"
				: " n’a été trouvé, mais les écarts en laissent possible");
	return arena_printf(f->arena, "%s : %s (%s).", what, names,
		is_sure ? "prouvé" : "les écarts en laissent possible un autre");
}

/* The smallest group; where that is one region, all those to which a platform is worth it alone. */
static const char *smallest_sentence(const struct findings *f, const struct jin *partners)
{
	struct jin list = jin_array(partners, "regions", 1, 100);
	const char **names = arena_array(f->arena, const char *, list.count);
	size_t count = 0;
	for (size_t n = 0; n < list.count; n++) {
		struct jin x = jin_item(&list, n);
		const char *code = jin_text(&x, "region", 200);
		struct jin own = alone(f, code);
		if (text_eq(jin_text(&own, "answer", 50), "viable"))
			names[count++] = finding_region(f, code);
	}
	if (!count)
		return pick_sentence(f, partners, "smallest_viable", "Le plus petit groupe viable");
	return arena_printf(f->arena,
		"Sur son seul territoire, une plateforme est viable pour %s (prouvé).",
		phrase_list(f->arena, names, count));
}

static const char *invite_sentence(const struct findings *f, const struct jin *partners)
{
	return arena_printf(f->arena, "%s %s %s", smallest_sentence(f, partners),
		pick_sentence(f, partners, "best", "Le groupe qui économise le plus"),
		pick_sentence(f, partners, "best_per_tonne",
			"Le groupe qui économise le plus à la tonne"));
}

/* What the nucleolus leaves every group to gain, at the costs found: the least core. */
static const char *margin_sentence(struct arena *a, const struct jin *core)
{
	static const double LEAST_SAID = 5e4; /* what shows in tenths of a million */
	double epsilon = finding_number(core, "least_core_epsilon");
	if (!(fabs(epsilon) >= LEAST_SAID))
		return "";
	return arena_printf(a,
		epsilon < 0 ? " Réparti selon le nucléole, chaque groupe, même le moins bien "
			      "servi, paie au moins %s de moins que seul."
			    : " Le moins que tous devraient accepter d’y perdre : %s.",
		phrase_millions(a, fabs(epsilon)));
}

/* The core is known as well as the costs are: a share is proved to lie in it, or that none of what the
 * plan costs does, or neither. */
static const char *core_sentence(struct arena *a, const struct jin *sharing)
{
	struct jin core = jin_object(sharing, "core"), stable = jin_object(&core, "stable");
	if (jin_bool(&core, "empty"))
		return arena_printf(a,
			"Quel que soit le partage de ce que coûte ce plan, un groupe de régions "
			"paierait moins à part : le cœur est vide.%s",
			margin_sentence(a, &core));
	for (size_t r = 0; r < RULES_SHOWN; r++)
		if (text_eq(jin_text_or(&stable, rules[r].rule, 50, ""), "certain"))
			return arena_printf(a,
				"Il existe un partage qu’aucune région ni aucun groupe n’a intérêt "
				"à refuser, c’est prouvé.%s",
				margin_sentence(a, &core));
	return arena_printf(a,
		"Aux coûts des plans trouvés, il existe un partage qu’aucun groupe n’a intérêt à "
		"refuser ; l’écart des calculs ne permet pas encore de le prouver.%s",
		margin_sentence(a, &core));
}

void pact_write(const struct findings *f)
{
	if (!jin_has(f->answer, "sharing"))
		return;
	struct jin sharing = jin_object(f->answer, "sharing");
	struct jin partners = jin_object(f->answer, "partners");
	jout_key(f->j, "sharing");
	jout_open(f->j, '{');
	jout_kv_text(f->j, "sentence", core_sentence(f->arena, &sharing));
	jout_kv_text(f->j, "invite_sentence", invite_sentence(f, &partners));
	jout_kv_real(f->j, "total_eur", finding_number(&sharing, "total"));
	finding_copy(f, &sharing, "core");
	write_notes(f, &sharing);
	write_pick(f, &partners, "smallest_viable");
	write_pick(f, &partners, "best");
	write_pick(f, &partners, "best_per_tonne");
	write_rules(f, &sharing);
	write_regions(f, &partners);
	write_shares(f, &sharing, &partners);
	finding_copy(f, f->answer, "coalitions");
	jout_close(f->j);
}
