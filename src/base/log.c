#include "log.h"

#include "clock.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static enum log_level lowest_level = LOG_INFO;

void log_init(enum log_level lowest)
{
	lowest_level = lowest;
}

void log_event(enum log_level level, const char *event, const char *format, ...)
{
	static const char *const names[] = {"debug", "info", "warn", "error"};
	if (level < lowest_level)
		return;
	char line[2048], when[21];
	clock_iso_now(when);
	int n = snprintf(line, sizeof line, "%s %s %s ", when, names[level], event);
	va_list args;
	va_start(args, format);
	vsnprintf(line + n, sizeof line - (size_t)n - 1, format, args);
	va_end(args);
	/* One event is one line, whatever a message from elsewhere holds. */
	size_t len = strlen(line);
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)line[i] < ' ')
			line[i] = ' ';
	line[len++] = '\n';
	/* One write, so that lines of several threads and processes do not mix. */
	ssize_t written = write(STDERR_FILENO, line, len);
	(void)written;
}
