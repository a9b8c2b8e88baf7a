#include "distance.h"

#include <math.h>

struct place distance_place(double lat, double lon)
{
	const double radian = 3.14159265358979323846 / 180;
	double rim = cos(lat * radian);
	return (struct place){
		lat, lon, {rim * cos(lon * radian), rim * sin(lon * radian), sin(lat * radian)}};
}

struct place distance_place_read(const struct jin *at)
{
	double lat = jin_real(at, "lat", -90, 90), lon = jin_real(at, "lon", -180, 180);
	return distance_place(lat, lon);
}

const struct distance_band *distance_bands_read(
	struct arena *a, const struct jin *at, size_t *count)
{
	struct jin bands = jin_array(at, "distance_bands", 1, 50);
	struct distance_band *band = arena_array(a, struct distance_band, bands.count + 1);
	for (size_t b = 0; b < bands.count; b++) {
		struct jin item = jin_item(&bands, b);
		jin_only(&item, (const char *const[]){"below_km", "factor", NULL});
		double previous = b ? band[b - 1].below_km : 0;
		if (isinf(previous))
			jin_fail(&bands, "seule la dernière tranche est sans limite");
		band[b].below_km = jin_real_or(&item, "below_km", previous, 1e5, INFINITY);
		band[b].factor = jin_real(&item, "factor", 0.1, 10);
	}
	if (bands.count && isfinite(band[bands.count - 1].below_km))
		jin_fail(&bands, "la dernière tranche doit être sans limite");
	*count = bands.count;
	return band;
}

/* From the chord, on the mean sphere (IUGG mean radius 6371.0088 km): well under 1 % off the
 * ellipsoid. A network of a country has tens of millions of pairs. */
static double great_circle_km(const struct place *a, const struct place *b)
{
	double x = a->up[0] - b->up[0], y = a->up[1] - b->up[1], z = a->up[2] - b->up[2];
	double half = sqrt(x * x + y * y + z * z) / 2;
	return 2 * 6371.0088 * asin(half < 1 ? half : 1);
}

/* A factor that falls from one band to the next would make a place just past the border nearer than
 * one just before it; so the distance never falls below what the earlier bands reach. */
double distance_road_km(const struct distance_band *band, size_t bands, const struct place *a,
	const struct place *b)
{
	double km = great_circle_km(a, b), longest = 0;
	for (size_t n = 0; n < bands; n++) {
		bool is_last = km < band[n].below_km;
		longest = fmax(longest, band[n].factor * (is_last ? km : band[n].below_km));
		if (is_last)
			break;
	}
	return longest;
}
