/* recircuit merge: points that two directories describe, one pair at a time. */
#include "command.h"
#include "house.h"
#include "jout.h"
#include "text.h"

#include <stdio.h>

struct merge_options {
	bool is_json;
	const char *state;
};

static const struct option_spec specs[] = {
	{"state", 's', OPTION_TEXT, offsetof(struct merge_options, state), "ÉTAT",
		"de list : proposed (par défaut), accepted, refused, undone ou all"},
	{"json", 0, OPTION_FLAG, offsetof(struct merge_options, is_json), NULL,
		"de list : une ligne JSON par rapprochement"},
};

static bool list(struct arena *a, struct db *db, const struct merge_options *o, struct err *e)
{
	enum { ID, STATE, SCORE, DISTANCE, SIMILARITY, WHY };
	struct rows rows;
	const char *params[] = {text_eq(o->state, "all") ? NULL : o->state, "0", "1000000"};
	if (!db_query(a, db, "merge_list", params, 3, &rows, e))
		return false;
	for (size_t r = 0; r < rows.count; r++) {
		if (o->is_json) {
			struct buf b;
			struct jout j;
			buf_init(&b, a, BUF_NO_LIMIT);
			jout_init(&j, &b);
			rows_json(&rows, r, &j);
			puts(b.data);
			continue;
		}
		printf("%s  %s  %s  %s\n", text_pad(a, rows_text(&rows, r, ID), 7),
			text_pad(a, rows_text(&rows, r, STATE), -8),
			text_french_number(a, rows_real(&rows, r, SCORE), 2),
			rows_text(&rows, r, WHY));
	}
	if (!o->is_json)
		printf("%zu rapprochement%s.\n", rows.count, rows.count > 1 ? "s" : "");
	return true;
}

static bool decide(
	struct arena *a, struct db *db, const char *id, const char *decision, struct err *e)
{
	int64_t number;
	struct rows rows;
	const char *params[] = {id, decision};
	if (!text_to_int64(id, &number))
		return err_set(e, ERR_USAGE, "« %s » n’est pas le numéro d’un rapprochement", id);
	if (!db_query(a, db, "merge_decide", params, 2, &rows, e))
		return false;
	const char *outcome = rows_text(&rows, 0, 0);
	if (text_eq(outcome, "missing"))
		return err_set(e, ERR_NOT_FOUND, "le rapprochement %s n’existe pas", id);
	if (text_eq(outcome, "closed"))
		return err_set(e, ERR_CONFLICT, "l’un des deux points est fermé");
	if (text_eq(outcome, "wrong"))
		return err_set(e, ERR_CONFLICT, "le rapprochement %s est déjà « %s »", id,
			rows_text(&rows, 0, 1));
	printf("Rapprochement %s : %s.\n", id, decision);
	return db_query(a, db, "merge_refresh", NULL, 0, &rows, e);
}

static bool propose(struct arena *a, struct db *db, struct err *e)
{
	struct rows rows;
	if (!db_query(a, db, "merge_propose", NULL, 0, &rows, e))
		return false;
	printf("%s nouveau(x) rapprochement(s) proposé(s).\n", rows_text(&rows, 0, 0));
	return true;
}

/* `decision` null: to list, or to propose. */
static bool run(const char *name, const char *decision, int argc, char **argv, struct err *e)
{
	const struct usage usage = {
		.program = "recircuit",
		.name = name,
		.arguments = decision ? "N" : "",
		.doc = "Points que deux annuaires décrivent. Rien n’est rapproché sans une "
		       "décision ; le point\n"
		       "écarté est fermé, jamais effacé, et ses lignes comptent pour l’autre.",
		.specs = decision ? NULL : specs,
		.spec_count = decision ? 0 : sizeof specs / sizeof *specs,
		.plain = decision ? 1 : 0,
	};
	struct merge_options o = {.state = "proposed"};
	bool done;
	int first;
	if (!program_options(&usage, argc, argv, &o, &done, &first, e) || done)
		return done;
	struct arena *a = arena_new();
	struct house house;
	struct db *db;
	bool ok = house_open(a, &house, e) && house_connect(a, &house, &db, e);
	if (ok && decision)
		ok = decide(a, db, argv[first], decision, e);
	else if (ok)
		ok = text_eq(name, "merge list") ? list(a, db, &o, e) : propose(a, db, e);
	arena_free(a);
	return ok;
}

static bool merge_list(int argc, char **argv, struct err *e)
{
	return run("merge list", NULL, argc, argv, e);
}

static bool merge_propose(int argc, char **argv, struct err *e)
{
	return run("merge propose", NULL, argc, argv, e);
}

static bool merge_accept(int argc, char **argv, struct err *e)
{
	return run("merge accept", "accepted", argc, argv, e);
}

static bool merge_refuse(int argc, char **argv, struct err *e)
{
	return run("merge refuse", "refused", argc, argv, e);
}

static bool merge_undo(int argc, char **argv, struct err *e)
{
	return run("merge undo", "undone", argc, argv, e);
}

static const struct command verbs[] = {
	{"list", merge_list, "liste les rapprochements"},
	{"propose", merge_propose, "cherche de nouveaux rapprochements parmi les points ouverts"},
	{"accept", merge_accept, "ferme le second point : ses lignes comptent pour le premier"},
	{"refuse", merge_refuse, "les deux points restent"},
	{"undo", merge_undo, "défait un rapprochement accepté : le point fermé rouvre"},
};

bool cmd_merge(int argc, char **argv, struct err *e)
{
	static const struct command_group group = {
		"recircuit", "merge", verbs, sizeof verbs / sizeof *verbs};
	return program_group(&group, argc, argv, e);
}
