/* INSEE codes of communes, as files write them. */
#ifndef RECIRCUIT_INSEE_H
#define RECIRCUIT_INSEE_H

#include <stdbool.h>

enum { INSEE_LENGTH = 5 };

/* Two digits or 2A or 2B, then three digits. */
bool insee_is_code(const char *s);

/* Files name the arrondissements of Paris, Lyon and Marseille, which are one commune each. Any other
 * code is given back. */
const char *insee_whole_city(const char *code);

/* What was meant: in capitals, with the zero that spreadsheets take away from 01004, whole cities.
 * False when that is no code. */
bool insee_read(const char *s, char code[static INSEE_LENGTH + 1]);

#endif
