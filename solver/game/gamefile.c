#include "gamefile.h"

#include "jin.h"
#include "text.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

enum { NAME_MAX_BYTES = 100 };
static const double LARGEST = 1e15;

static const char **read_players(struct arena *a, const struct jin *root, size_t *count)
{
	struct jin list = jin_array(root, "players", 1, GAME_PLAYERS_MAX);
	const char **name = arena_array(a, const char *, GAME_PLAYERS_MAX);
	for (size_t i = 0; i < list.count; i++) {
		struct jin item = jin_item(&list, i);
		name[i] = jin_value_text(&item, NAME_MAX_BYTES);
		if (!*name[i])
			jin_fail(&item, "un joueur a besoin d’un nom");
		if (strchr(name[i], '+'))
			jin_fail(&item, "« %s » : le nom d’un joueur ne contient pas de « + »",
				name[i]);
		for (size_t k = 0; k < i; k++)
			if (text_eq(name[k], name[i]))
				jin_fail(&item, "le joueur « %s » figure deux fois", name[i]);
	}
	*count = list.count;
	return name;
}

const char *gamefile_coalition(struct arena *a, const struct gamefile *f, coalition members)
{
	struct buf b;
	buf_init(&b, a, BUF_NO_LIMIT);
	for (size_t i = 0; i < f->game.players; i++)
		if (members >> i & 1)
			buf_printf(&b, "%s%s", b.len ? "+" : "", f->name[i]);
	return b.data;
}

/* The coalition that a key names, 0 when it names none properly. */
static coalition read_key(struct arena *a, const struct jin *at, const struct gamefile *f)
{
	coalition members = 0;
	bool is_in_order = true;
	for (const char *rest = at->key; rest;) {
		const char *plus = strchrnul(rest, '+');
		const char *name = arena_strndup(a, rest, (size_t)(plus - rest));
		size_t i = 0;
		while (i < f->game.players && !text_eq(f->name[i], name))
			i++;
		if (!*name)
			jin_fail(at, "un nom de joueur manque dans cette coalition");
		else if (i == f->game.players)
			jin_fail(at, "joueur inconnu « %s »", name);
		else if (members >> i & 1)
			jin_fail(
				at, "le joueur « %s » figure deux fois dans cette coalition", name);
		if (jin_failed(at))
			return 0;
		is_in_order = is_in_order && !(members >> i);
		members |= (coalition)1 << i;
		rest = *plus ? plus + 1 : NULL;
	}
	if (!is_in_order)
		jin_fail(at, "dans l’ordre des joueurs, cette coalition s’écrit « %s »",
			gamefile_coalition(a, f, members));
	return members;
}

/* A number for every coalition but the empty one. Keys in order and the parser's refusal of double ones
 * leave one way to write each. */
static const double *read_table(
	struct arena *a, const struct jin *root, const char *key, const struct gamefile *f)
{
	coalition all = game_everyone(&f->game), missing = 0;
	size_t absent = 0;
	double *table = arena_array(a, double, (size_t)all + 1);
	bool *is_there = arena_array(a, bool, (size_t)all + 1);
	struct jin list = jin_object(root, key);
	const char *name;
	json_t *value;
	json_object_foreach(list.value, name, value)
	{
		struct jin at = {
			.reader = list.reader, .parent = &list, .key = name, .value = value};
		coalition members = read_key(a, &at, f);
		if (jin_failed(&at))
			return table;
		table[members] = jin_value_real(&at, -LARGEST, LARGEST);
		is_there[members] = true;
	}
	for (coalition s = all; s; s--)
		if (!is_there[s]) {
			missing = s;
			absent++;
		}
	if (absent == 1)
		jin_fail(&list, "il manque la coalition « %s »", gamefile_coalition(a, f, missing));
	else if (absent)
		jin_fail(&list, "il manque %zu coalitions, dont « %s »", absent,
			gamefile_coalition(a, f, missing));
	return table;
}

static const double *read_bound(struct arena *a, const struct jin *root, const struct gamefile *f)
{
	const double *bound = read_table(a, root, "bound", f);
	struct jin at = jin_object(root, "bound");
	for (coalition s = 1; s <= game_everyone(&f->game) && !jin_failed(root); s++)
		if (bound[s] > f->game.cost[s] + game_grain(&f->game))
			jin_fail(&at, "la borne de « %s », %.15g, dépasse son coût, %.15g",
				gamefile_coalition(a, f, s), bound[s], f->game.cost[s]);
	return bound;
}

static const double *read_weight(struct arena *a, const struct jin *root, const struct gamefile *f)
{
	double *weight = arena_array(a, double, GAME_PLAYERS_MAX), sum = 0;
	struct jin at = jin_object(root, "weight");
	const char *allowed[GAME_PLAYERS_MAX + 1] = {NULL};
	memcpy(allowed, f->name, f->game.players * sizeof *allowed);
	jin_only(&at, allowed);
	for (size_t i = 0; i < f->game.players; i++)
		sum += weight[i] = jin_real(&at, f->name[i], 0, LARGEST);
	if (!(sum > 0))
		jin_fail(&at, "tous les poids sont nuls");
	return weight;
}

bool gamefile_read(
	struct arena *a, const char *bytes, size_t n, struct gamefile *out, struct err *e)
{
	struct jin root;
	*out = (struct gamefile){0};
	if (!jin_parse(a, bytes, n, &root, e))
		return false;
	jin_only(&root, (const char *const[]){"players", "cost", "bound", "weight", NULL});
	out->name = read_players(a, &root, &out->game.players);
	if (jin_failed(&root))
		return false;
	out->game.cost = read_table(a, &root, "cost", out);
	if (!jin_failed(&root) && jin_has(&root, "bound"))
		out->game.bound = read_bound(a, &root, out);
	if (!jin_failed(&root) && jin_has(&root, "weight"))
		out->game.weight = read_weight(a, &root, out);
	return !jin_failed(&root);
}

static void write_share(struct jout *j, const struct gamefile *f, const struct shares *by)
{
	if (!by->is_defined) {
		jout_null(j);
		return;
	}
	jout_open(j, '{');
	for (size_t i = 0; i < f->game.players; i++)
		jout_kv_real(j, f->name[i], by->share[i]);
	jout_close(j);
}

static void write_objections(
	struct arena *a, struct jout *j, const struct gamefile *f, const struct sharing *s)
{
	jout_key(j, "objections");
	jout_open(j, '[');
	for (enum rule r = 0; r < RULES; r++)
		for (size_t n = 0; n < s->by[r].objection_count; n++) {
			const struct objection *o = &s->by[r].objections[n];
			jout_open(j, '{');
			jout_kv_text(j, "rule", rule_name(r));
			jout_kv_text(j, "coalition", gamefile_coalition(a, f, o->members));
			jout_kv_real(j, "pays", o->pays);
			jout_kv_real(j, "alone", o->alone);
			jout_kv_real(j, "by", o->pays - o->alone);
			jout_close(j);
		}
	jout_close(j);
}

static void write_core(
	struct arena *a, struct jout *j, const struct gamefile *f, const struct sharing *s)
{
	static const char *const words[] = {
		[STABLE] = "certain", [STABLE_PERHAPS] = "undecided", [STABLE_NOT] = "no"};
	jout_key(j, "core");
	jout_open(j, '{');
	jout_kv_bool(j, "empty", s->core_is_empty);
	jout_kv_real(j, "least_core_epsilon", s->epsilon);
	write_objections(a, j, f, s);
	if (f->game.bound) {
		jout_key(j, "stable");
		jout_open(j, '{');
		for (enum rule r = 0; r < RULES; r++)
			jout_kv_text(j, rule_name(r),
				s->by[r].is_defined ? words[s->by[r].stability] : NULL);
		jout_close(j);
	}
	jout_close(j);
}

/* What the reader of the shares should know. */
static void write_notes(
	struct arena *a, struct jout *j, const struct gamefile *f, const struct sharing *s)
{
	jout_key(j, "notes");
	jout_open(j, '[');
	if (s->core_is_empty)
		jout_text(j, "Le cœur est vide : quel que soit le partage, un groupe paierait "
			     "moins à part.");
	if (s->core_is_empty && s->by[RULE_EQUAL_PROFIT].is_defined)
		jout_text(j, "Le partage à gain égal est pris dans le moindre cœur.");
	if (!s->by[RULE_EQUAL_PROFIT].is_defined)
		jout_text(j, "Sans poids, les partages proportionnel et à gain égal se règlent sur "
			     "ce que "
			     "chacun paierait seul ; un de ces coûts est négatif, ou tous sont "
			     "nuls : ces "
			     "deux partages ne sont pas définis.");
	if (s->has_misfit)
		jout_text(
			j, arena_printf(a,
				   "Ensemble, « %s » et « %s » coûtent %s de plus que l’un et "
				   "l’autre à "
				   "part : ce coût est trop haut s’ils peuvent agir séparément.%s",
				   f->name[s->misfit.joining],
				   gamefile_coalition(a, f, s->misfit.members),
				   text_french_number(a, s->misfit.excess, 2),
				   s->core_is_empty
					   ? " Le nucléole est cherché parmi tous les partages, "
					     "ceux aussi où l’un paierait plus que seul."
					   : ""));
	jout_close(j);
}

void gamefile_write(
	struct arena *a, struct jout *j, const struct gamefile *f, const struct sharing *s)
{
	jout_open(j, '{');
	jout_kv_real(j, "total", f->game.cost[game_everyone(&f->game)]);
	for (enum rule r = 0; r < RULES; r++) {
		jout_key(j, rule_name(r));
		write_share(j, f, &s->by[r]);
	}
	jout_kv_text(j, "equal_profit_within",
		!s->by[RULE_EQUAL_PROFIT].is_defined ? NULL
		: s->core_is_empty                   ? "least_core"
						     : "core");
	write_core(a, j, f, s);
	write_notes(a, j, f, s);
	jout_close(j);
}
