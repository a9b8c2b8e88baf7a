/* The log: one line per event on stderr, key=value, for the people who run the service.
 *
 *	log_event(LOG_WARN, "lease_lost", "run=%" PRId64 " attempt=%d", id, attempt);
 *	-> 2026-11-23T20:10:05Z warn lease_lost run=12 attempt=2
 *
 * The level is set once, before threads start (log_init); it is constant afterwards. */
#ifndef RECIRCUIT_LOG_H
#define RECIRCUIT_LOG_H

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

void log_init(enum log_level lowest);
void log_event(enum log_level level, const char *event, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
