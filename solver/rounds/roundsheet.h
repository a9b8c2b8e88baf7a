/* A plan of rounds (itinerary.h) in other shapes: GeoJSON for maps, CSV for spreadsheets, sheets for drivers. A new shape is a
 * line in the table of roundsheet.c and one file. */
#ifndef RECIRCUIT_ROUNDS_ROUNDSHEET_H
#define RECIRCUIT_ROUNDS_ROUNDSHEET_H

#include "buf.h"
#include "itinerary.h"

typedef void roundsheet_writer(struct arena *a, struct buf *b, const struct itinerary *it);

/* Null: there is no such shape. */
roundsheet_writer *roundsheet_find(const char *shape);

roundsheet_writer roundsheet_geojson, roundsheet_csv, roundsheet_html;

#endif
