/* Time: a steady clock for durations, a calendar for people. */
#ifndef RECIRCUIT_CLOCK_H
#define RECIRCUIT_CLOCK_H

/* Seconds since an arbitrary moment; never goes back. */
double clock_seconds(void);

/* Processor seconds used by this process, all threads. */
double clock_cpu_seconds(void);

/* Now, in UTC, as 2026-11-23T20:10:05Z. */
void clock_iso_now(char out[static 21]);

void clock_sleep(double seconds);

#endif
