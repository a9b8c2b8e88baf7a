/* recircuit publish: a year of recorded lines as public statistics. */
#include "command.h"
#include "house.h"
#include "publication.h"
#include "secrecy.h"
#include "text.h"

#include <stdio.h>

struct publish_options {
	bool is_dry_run;
};

static const struct option_spec specs[] = {
	{"dry-run", 'n', OPTION_FLAG, offsetof(struct publish_options, is_dry_run), NULL,
		"dit ce qui serait publié, sans rien enregistrer"},
};

static void print_report(int year, const struct publication_report *r, bool is_dry_run)
{
	printf("%s %d : %zu territoires, %zu organisations.\n",
		is_dry_run ? "Essai pour" : "Publié pour", year, r->territories, r->organisations);
	printf("%zu cases diffusées, %zu sans ligne, %zu retenues (secret statistique : %zu par la "
	       "règle, %zu pour "
	       "qu’on ne\nles retrouve pas par soustraction).\n",
		r->shown, r->empty, r->withheld, r->by_rule, r->withheld - r->by_rule);
}

bool cmd_publish(int argc, char **argv, struct err *e)
{
	static const struct usage usage = {
		.program = "recircuit",
		.name = "publish",
		.arguments = "ANNÉE",
		.doc = "Publie les tonnages enregistrés d’une année, par territoire et par flux. "
		       "Une case de moins "
		       "de trois\norganisations, ou dont une fait plus de 85 %, est retenue, avec "
		       "ce qu’il faut d’autres "
		       "pour qu’on ne la\nretrouve pas. Une année ne se publie qu’une fois : la "
		       "différence entre deux "
		       "versions trahirait des lignes.",
		.specs = specs,
		.spec_count = sizeof specs / sizeof *specs,
		.plain = 1,
	};
	struct publish_options o = {0};
	struct publication_report report;
	int64_t year;
	bool done;
	int first;
	if (!program_options(&usage, argc, argv, &o, &done, &first, e) || done)
		return done;
	if (!text_to_int64(argv[first], &year) || year < 2000 || year > 2100)
		return err_set(e, ERR_USAGE, "« %s » n’est pas une année", argv[first]);
	struct arena *a = arena_new();
	struct house house;
	struct db *db;
	bool ok = house_open(a, &house, e) && house_connect(a, &house, &db, e) &&
		  publication_make(a, db, (int)year, o.is_dry_run, &report, e);
	if (ok)
		print_report((int)year, &report, o.is_dry_run);
	arena_free(a);
	return ok;
}
