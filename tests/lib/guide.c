#include "guide.h"

#include "file.h"
#include "test.h"
#include "text.h"

static const char guide_path[] = "docs/guide-planificateur.md";

/* The guide with all its blanks plain: it breaks lines where it likes, and thousands are apart. */
const char *guide_text(struct arena *a)
{
	char *bytes, *to;
	size_t n;
	struct err e;
	assert_ok(file_read(a, guide_path, 1 << 20, &bytes, &n, &e), e);
	to = bytes;
	for (const char *from = bytes; *from;) {
		if (*from == '\n' || *from == ' ') {
			while (*from == '\n' || *from == ' ')
				from++;
			*to++ = ' ';
		} else if (strncmp(from, "\u202f", 3) == 0) {
			from += 3;
			*to++ = ' ';
		} else {
			*to++ = *from++;
		}
	}
	*to = 0;
	return bytes;
}

/* The number as the guide writes it, between two words that are there once. */
void assert_written(
	struct arena *a, const char *before, double value, int decimals, const char *after)
{
	char *number = text_french_number(a, value, decimals), *blank;
	while ((blank = strstr(number, "\u202f"))) {
		*blank = ' ';
		memmove(blank + 1, blank + 3, strlen(blank + 3) + 1);
	}
	assert_says(guide_text(a), arena_printf(a, "%s%s%s", before, number, after));
}
