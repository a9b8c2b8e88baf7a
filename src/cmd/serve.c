#include "app.h"
#include "command.h"
#include "share.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

struct serve {
	const char *address;
	int64_t port, threads, address_connections;
	bool is_api_alone;
};

static const struct option_spec specs[] = {
	{"port", 'p', OPTION_INT, offsetof(struct serve, port), "N",
		"port d'écoute (8080 ; 0 : un port libre)"},
	{"address", 'a', OPTION_TEXT, offsetof(struct serve, address), "ADRESSE",
		"adresse d'écoute (127.0.0.1)"},
	{"threads", 't', OPTION_INT, offsetof(struct serve, threads), "N",
		"requêtes traitées à la fois, une connexion à la base chacune (4)"},
	{"per-address", 0, OPTION_INT, offsetof(struct serve, address_connections), "N",
		"connexions par adresse (256 ; -1 : sans limite, derrière un mandataire)"},
	{"api-only", 0, OPTION_FLAG, offsetof(struct serve, is_api_alone), NULL, "sans la carte"},
};

static void say_where(void *context, const char *url)
{
	(void)context;
	printf("Recircuit répond sur %s (Ctrl-C pour arrêter)\n", url);
	fflush(stdout);
}

bool cmd_serve(struct arena *a, int argc, char **argv, struct err *e)
{
	struct serve s = {.address = "127.0.0.1", .port = 8080, .threads = 4};
	struct app_config app = {.listening = say_where};
	bool is_done;
	if (!command_options("Usage : recircuit serve [options]", specs,
		    sizeof specs / sizeof specs[0], argc, argv, &s, &is_done, e))
		return false;
	if (is_done)
		return true;
	app.address = s.address;
	app.port = s.port;
	app.executors = s.threads;
	app.address_connections = s.address_connections;
	const atomic_bool *stop = command_stop_flag();
	return share_path(a, "sql/queries", &app.queries, e) &&
	       (s.is_api_alone || share_path(a, "web", &app.web, e)) &&
	       command_database(a, &app.conninfo, e) && app_serve(&app, stop, e);
}
