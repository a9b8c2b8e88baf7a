#include "app.h"
#include "command.h"
#include "house.h"
#include "stop.h"

#include <stdio.h>

struct serve_options {
	const char *address, *anonymous;
	bool is_behind_proxy;
	int64_t port, executors, address_connections;
};

static const struct option_spec specs[] = {
	{"address", 'a', OPTION_TEXT, offsetof(struct serve_options, address), "ADRESSE",
		"adresse d’écoute (127.0.0.1 par défaut)"},
	{"port", 'p', OPTION_INT, offsetof(struct serve_options, port), "N",
		"port d’écoute (8080 par défaut ; 0 : un port libre)"},
	{"executors", 'j', OPTION_INT, offsetof(struct serve_options, executors), "N",
		"fils qui répondent, chacun avec sa connexion à la base (4 par défaut)"},
	{"address-connections", 0, OPTION_INT, offsetof(struct serve_options, address_connections),
		"N", "connexions au plus par adresse (256 par défaut ; -1 : sans limite)"},
	{"behind-proxy", 0, OPTION_FLAG, offsetof(struct serve_options, is_behind_proxy), NULL,
		"croit X-Forwarded-For et X-Forwarded-Proto, que le mandataire inverse doit poser"},
	{"anonymous", 0, OPTION_TEXT, offsetof(struct serve_options, anonymous), "RÔLE",
		"ce que peut un visiteur sans compte : public (lire, par défaut) ou planner (aussi "
		"demander des calculs)"},
};

static void say_url(void *context, const char *url)
{
	(void)context;
	printf("Recircuit écoute sur %s\n", url);
	fflush(stdout);
}

bool cmd_serve(int argc, char **argv, struct err *e)
{
	static const struct usage usage = {
		.program = "recircuit",
		.name = "serve",
		.arguments = "",
		.doc = "Sert l’interface et l’API HTTP jusqu’à Ctrl-C ; les requêtes en cours "
		       "reçoivent "
		       "leur réponse avant l’arrêt.",
		.specs = specs,
		.spec_count = sizeof specs / sizeof *specs,
	};
	struct serve_options o = {.port = 8080};
	bool done;
	int first;
	if (!program_options(&usage, argc, argv, &o, &done, &first, e) || done)
		return done;
	struct arena *a = arena_new();
	const atomic_bool *stop;
	struct house house;
	struct db *db;
	bool ok = stop_watch(a, &stop, e) && house_open(a, &house, e) &&
		  house_connect(a, &house, &db, e);
	if (ok) {
		struct app_config config = {
			.address = o.address,
			.port = o.port,
			.executors = o.executors,
			.address_connections = o.address_connections,
			.anonymous = o.anonymous,
			.is_behind_proxy = o.is_behind_proxy,
			.conninfo = house.service,
			.queries = house.queries_folder,
			.web = house.web,
			.listening = say_url,
		};
		ok = app_serve(&config, stop, e);
	}
	arena_free(a);
	return ok;
}
