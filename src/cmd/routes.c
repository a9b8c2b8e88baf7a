/* recircuit routes: the route table, for documents and for the tests that go through all of it. */
#include "app.h"
#include "command.h"
#include "jout.h"
#include "text.h"

#include <stdio.h>

struct routes_options {
	bool is_json;
};

static const struct option_spec specs[] = {
	{"json", 0, OPTION_FLAG, offsetof(struct routes_options, is_json), NULL,
		"une ligne JSON par adresse"},
};

static bool may(const struct route *r, enum role role)
{
	if (role == ROLE_PUBLIC)
		return !r->roles && !r->needs_account;
	return !r->roles || r->roles & ROLE_BIT(role);
}

static const char *scope_names(struct arena *a, const struct route *r)
{
	struct buf b;
	buf_init(&b, a, BUF_NO_LIMIT);
	for (size_t i = 0; i < SCOPE_COUNT; i++)
		if (r->scopes & 1u << i)
			buf_printf(&b, "%s%s", b.len ? ", " : "", scope_name(i));
	return b.data;
}

/* A cell is empty, "yes", or how a visitor may when the service was told so. */
static void print_markdown(struct arena *a, const struct route_table *table)
{
	printf("| method and path |");
	for (size_t role = 0; role < ROLE_COUNT; role++)
		printf(" %s |", role_name((enum role)role));
	printf(" token |\n|---|");
	for (size_t role = 0; role < ROLE_COUNT; role++)
		printf("---|");
	printf("---|\n");
	for (size_t i = 0; i < table->count; i++) {
		const struct route *r = &table->list[i];
		printf("| %s %s |", r->method, r->pattern);
		for (size_t role = 0; role < ROLE_COUNT; role++) {
			bool is_lent = role == ROLE_PUBLIC && !r->needs_account &&
				       r->roles & ROLE_BIT(ROLE_PLANNER);
			printf(" %s |", may(r, (enum role)role) ? "yes"
					: is_lent               ? "(planner)"
								: "");
		}
		printf(" %s |\n", !r->roles && !r->needs_account ? "any" : scope_names(a, r));
	}
}

static void print_json(struct arena *a, const struct route_table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct route *r = &table->list[i];
		struct buf b;
		struct jout j;
		buf_init(&b, a, BUF_NO_LIMIT);
		jout_init(&j, &b);
		jout_open(&j, '{');
		jout_kv_text(&j, "method", r->method);
		jout_kv_text(&j, "pattern", r->pattern);
		jout_kv_text(&j, "doc", r->doc);
		jout_kv_bool(&j, "has_body", r->body);
		jout_kv_bool(&j, "needs_account", r->needs_account);
		jout_key(&j, "roles"), jout_open(&j, '[');
		for (size_t role = 0; role < ROLE_COUNT; role++)
			if (may(r, (enum role)role))
				jout_text(&j, role_name((enum role)role));
		jout_close(&j);
		jout_kv_text(&j, "scopes", scope_names(a, r));
		jout_close(&j);
		puts(b.data);
	}
}

bool cmd_routes(int argc, char **argv, struct err *e)
{
	static const struct usage usage = {
		.program = "recircuit",
		.name = "routes",
		.arguments = "",
		.doc = "Écrit la table des adresses de l’API : qui peut les appeler, et avec quel "
		       "jeton. Sans option, en Markdown.",
		.specs = specs,
		.spec_count = sizeof specs / sizeof *specs,
	};
	struct routes_options o = {0};
	bool done;
	int first;
	if (!program_options(&usage, argc, argv, &o, &done, &first, e) || done)
		return done;
	struct arena *a = arena_new();
	if (o.is_json)
		print_json(a, app_route_table());
	else
		print_markdown(a, app_route_table());
	arena_free(a);
	return true;
}
