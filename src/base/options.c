#include "options.h"

#include "text.h"

#include <assert.h>
#include <getopt.h>

enum { OPTIONS_MAX = 32, LONG_BASE = 256 };

static bool store(const struct option_spec *spec, const char *value, void *target, struct err *e)
{
	void *field = (char *)target + spec->offset;
	switch (spec->type) {
	case OPTION_FLAG: *(bool *)field = true; return true;
	case OPTION_TEXT: *(const char **)field = value; return true;
	case OPTION_INT:
		if (text_to_int64(value, field))
			return true;
		return err_set(e, ERR_USAGE, "--%s attend un nombre entier, pas « %s »", spec->name,
			value);
	case OPTION_REAL:
		if (text_to_double(value, field))
			return true;
		return err_set(
			e, ERR_USAGE, "--%s attend un nombre, pas « %s »", spec->name, value);
	}
	return false;
}

/* The option getopt_long has just refused, as it was written; of a cluster (-abc), the letter. */
static bool refuse(int found, char **argv, struct err *e)
{
	const char letter[] = {'-', (char)optopt, '\0'};
	const char *word = argv[optind - 1];
	if (optopt > 0 && optopt < 0x80)
		word = letter;
	else if (optopt < 0 || (optopt && optopt < LONG_BASE)) /* whatever the sign of char */
		word = argv[optind]; /* beyond ASCII: getopt is still inside the word */
	return err_set(e, ERR_USAGE,
		found == ':' ? "%s attend une valeur" : "option inconnue ou mal écrite : %s", word);
}

bool options_parse(const struct option_spec *specs, size_t count, int argc, char **argv,
	void *target, int *first, struct err *e)
{
	struct option longs[OPTIONS_MAX + 1] = {0};
	char letters[2 * OPTIONS_MAX + 2] = ":"; /* a leading ':' tells a missing value apart */
	char *letter = letters + 1;
	assert(count <= OPTIONS_MAX);
	for (size_t i = 0; i < count; i++) {
		int has_value = specs[i].type == OPTION_FLAG ? no_argument : required_argument;
		longs[i] = (struct option){specs[i].name, has_value, NULL, LONG_BASE + (int)i};
		if (specs[i].letter) {
			*letter++ = specs[i].letter;
			if (has_value)
				*letter++ = ':';
		}
	}
	optind = 0; /* start afresh: getopt keeps its place between calls */
	opterr = 0;
	int found;
	while ((found = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		if (found == ':' || found == '?')
			return refuse(found, argv, e);
		size_t i = 0;
		while (found >= LONG_BASE ? (int)i != found - LONG_BASE : specs[i].letter != found)
			i++;
		if (!store(&specs[i], optarg, target, e))
			return false;
	}
	*first = optind;
	return true;
}

void options_help(FILE *out, const struct option_spec *specs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct option_spec *s = &specs[i];
		char left[64];
		snprintf(left, sizeof left, "%s%.1s%s--%s %s", s->letter ? "-" : " ",
			s->letter ? &s->letter : " ", s->letter ? ", " : "  ", s->name,
			s->value ? s->value : "");
		fprintf(out, "  %-26s %s\n", left, s->doc);
	}
}
