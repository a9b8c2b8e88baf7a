/* recircuit load lines: lines of the legal register, on behalf of an account. */
#include "file.h"
#include "house.h"
#include "jout.h"
#include "line_write.h"
#include "load.h"
#include "program.h"
#include "text.h"

#include <stdio.h>

enum { AT_ONCE = 1000 };

struct lines_options {
	bool is_json, is_dry_run;
	const char *login;
};

static const struct option_spec specs[] = {
	{"as", 0, OPTION_TEXT, offsetof(struct lines_options, login), "COMPTE",
		"l’opérateur au nom de qui elles sont enregistrées (nécessaire)"},
	{"dry-run", 'n', OPTION_FLAG, offsetof(struct lines_options, is_dry_run), NULL,
		"dit ce qui serait fait, sans rien enregistrer"},
	{"json", 0, OPTION_FLAG, offsetof(struct lines_options, is_json), NULL,
		"une ligne JSON par ligne du fichier, puis le bilan"},
};

static void print_item(struct arena *a, const struct line_item *item, bool is_json)
{
	if (!is_json) {
		if (item->verdict == LINE_REJECTED || *item->reason)
			printf("%s  %s %s : %s\n",
				text_pad(a, arena_printf(a, "%zu", item->number), 7),
				text_pad(a, line_verdict_name(item->verdict, 1), -10),
				item->line.public_id ? item->line.public_id : "", item->reason);
		return;
	}
	struct buf b;
	struct jout j;
	buf_init(&b, a, BUF_NO_LIMIT);
	jout_init(&j, &b);
	jout_open(&j, '{');
	jout_kv_int(&j, "line", (int64_t)item->number);
	jout_kv_text(&j, "publicId", item->line.public_id);
	jout_kv_text(&j, "verdict", line_verdict_word(item->verdict));
	jout_kv_text(&j, "reason", item->reason);
	jout_close(&j);
	puts(b.data);
}

static void print_summary(
	struct arena *a, const struct line_writer *w, const struct lines_options *o)
{
	if (o->is_json) {
		struct buf b;
		struct jout j;
		buf_init(&b, a, BUF_NO_LIMIT);
		jout_init(&j, &b);
		jout_open(&j, '{'), jout_key(&j, "summary"), jout_open(&j, '{');
		line_write_counts(w, &j);
		jout_kv_bool(&j, "dry_run", o->is_dry_run);
		jout_close(&j), jout_close(&j);
		puts(b.data);
		return;
	}
	for (enum line_verdict v = 0; v < LINE_VERDICT_COUNT; v++)
		printf("%s%zu %s", v ? ", " : "", w->counts[v], line_verdict_name(v, w->counts[v]));
	printf(".\n%s", o->is_dry_run ? "Essai : rien n’a été enregistré.\n" : "");
}

static size_t read_some(struct line_source *source, struct arena *a, struct line_item *items)
{
	size_t n = 0;
	for (; n < AT_ONCE; n++) {
		struct err why;
		enum line_event event = line_source_next(source, a, &items[n].line, &why);
		if (event == LINE_END)
			break;
		items[n].number = line_source_number(source);
		if (event == LINE_REFUSED)
			items[n].reason = arena_strdup(a, why.message);
	}
	return n;
}

/* A thousand lines at a time: a long file takes no more memory. */
static bool write_all(
	struct line_source *source, struct line_writer *w, bool is_json, struct err *e)
{
	struct arena *some = arena_new();
	bool ok = true;
	for (size_t n = AT_ONCE; ok && n == AT_ONCE; arena_reset(some)) {
		struct line_item *items = arena_array(some, struct line_item, AT_ONCE);
		n = read_some(source, some, items);
		ok = !n || line_write(w, some, items, n, e);
		for (size_t i = 0; ok && i < n; i++)
			print_item(some, &items[i], is_json);
	}
	arena_free(some);
	return ok && line_write_end(w, e);
}

static bool import(struct arena *a, struct db *db, const char *bytes, size_t len,
	const struct lines_options *o, struct line_writer *w, struct err *e)
{
	struct line_source *source;
	struct rows rows;
	enum line_format format = len && *bytes == '{' ? LINE_JSON : LINE_CSV;
	if (!line_source_open(a, bytes, len, format, &source, e) || !db_begin(db, e) ||
		!db_query(a, db, "line_import_as", &o->login, 1, &rows, e))
		return false;
	if (!rows.count)
		return err_set(e, ERR_NOT_FOUND, "aucun compte d’opérateur « %s »", o->login);
	if (!line_write_begin(a, db, "import", w, e) || !write_all(source, w, o->is_json, e))
		return false;
	if (!o->is_dry_run)
		return db_commit(db, e);
	db_rollback(db);
	return true;
}

bool load_lines(int argc, char **argv, struct err *e)
{
	static const struct usage usage = {
		.program = "recircuit",
		.name = "load lines",
		.arguments = "FICHIER",
		.doc = "Enregistre des lignes du registre chronologique (déchets entrants) : CSV "
		       "aux colonnes du "
		       "RNDTS ou aux\nnôtres, ou une ligne JSON par ligne (« - » lit l’entrée "
		       "standard), 10 000 au "
		       "plus. Chaque ligne a son\nverdict ; les bonnes sont enregistrées même "
		       "quand d’autres sont "
		       "refusées, et le code de sortie est alors 2.\nLe même fichier une seconde "
		       "fois ne change rien.",
		.specs = specs,
		.spec_count = sizeof specs / sizeof *specs,
		.plain = 1,
	};
	struct lines_options o = {0};
	bool done;
	int first;
	if (!program_options(&usage, argc, argv, &o, &done, &first, e) || done)
		return done;
	if (!o.login)
		return err_set(e, ERR_USAGE, "--as COMPTE manque : au nom de qui enregistrer");
	struct arena *a = arena_new();
	struct house house;
	struct db *db;
	struct line_writer w;
	char *bytes;
	size_t len;
	bool ok = file_read(a, argv[first], LOAD_FILE_LIMIT, &bytes, &len, e) &&
		  house_open(a, &house, e) && house_connect(a, &house, &db, e) &&
		  (import(a, db, bytes, len, &o, &w, e) || err_prefix(e, "%s : ", argv[first]));
	if (ok) {
		print_summary(a, &w, &o);
		ok = load_conclude(w.counts[LINE_REJECTED], e);
	}
	arena_free(a);
	return ok;
}
