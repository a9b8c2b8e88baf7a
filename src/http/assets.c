#include "assets.h"

#include "digest.h"
#include "file.h"
#include "gzip.h"
#include "log.h"
#include "response.h"
#include "text.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
	FILE_LIMIT = 16 << 20,
	ASSETS_MAX = 1000,
	FOLDER_DEPTH = 8,
	ASSET_GZIP_LEVEL = 9,
	PAGE_PATH = 100
};

static const struct content_type {
	const char *suffix, *type;
} content_types[] = {
	{".html", "text/html; charset=utf-8"},
	{".css", "text/css; charset=utf-8"},
	{".js", "text/javascript; charset=utf-8"},
	{".json", "application/json"},
	{".geojson", "application/geo+json"},
	{".svg", "image/svg+xml"},
	{".png", "image/png"},
	{".ico", "image/x-icon"},
	{".woff2", "font/woff2"},
	{".txt", "text/plain; charset=utf-8"},
	{".webmanifest", "application/manifest+json"},
};

static const char *type_of(const char *path)
{
	const char *dot = strrchr(path, '.');
	for (size_t i = 0; dot && i < sizeof content_types / sizeof content_types[0]; i++)
		if (text_eq(dot, content_types[i].suffix))
			return content_types[i].type;
	return NULL;
}

static void release_response(void *response)
{
	MHD_destroy_response(response);
}

/* One answer: a copy with its tag, or only the news that the tag has not changed. */
static struct MHD_Response *make_response(struct arena *a, const char *bytes, size_t len,
	const char *type, const char *etag, bool is_packed)
{
	struct MHD_Response *r = response_of_bytes(bytes, len);
	arena_defer(a, release_response, r);
	if (type)
		response_header(r, "Content-Type", type);
	if (type && is_packed)
		response_header(r, "Content-Encoding", "gzip");
	response_header(r, "ETag", etag);
	response_header(r, "Vary", "Accept-Encoding");
	/* File names carry no version: clients keep a copy and ask whether it still holds. */
	response_header(r, "Cache-Control", "no-cache");
	return r;
}

static bool load_file(struct arena *a, const char *file, const char *path, const char *type,
	struct asset *asset, struct err *e)
{
	char *data, *packed, hex[65];
	if (!file_read(a, file, FILE_LIMIT, &data, &asset->len, e))
		return false;
	digest_sha256(data, asset->len, hex);
	asset->path = path;
	asset->etag = arena_printf(a, "\"%.32s\"", hex);
	asset->plain = make_response(a, data, asset->len, type, asset->etag, false);
	asset->plain_unchanged = make_response(a, "", 0, NULL, asset->etag, false);
	if (!gzip_pack(a, data, asset->len, ASSET_GZIP_LEVEL, &packed, &asset->gzip_len))
		return true;
	asset->etag_gzip = arena_printf(a, "\"%.32s-gz\"", hex);
	asset->gzip = make_response(a, packed, asset->gzip_len, type, asset->etag_gzip, true);
	asset->gzip_unchanged = make_response(a, "", 0, NULL, asset->etag_gzip, true);
	return true;
}

/* Files of a folder and of those below it, appended to `assets`. */
static bool load_folder(struct arena *a, const char *folder, const char *path, int depth,
	struct assets *assets, struct err *e)
{
	char **names;
	size_t count;
	if (!file_list(a, folder, "", &names, &count, e))
		return false;
	for (size_t i = 0; i < count; i++) {
		char *file = arena_printf(a, "%s/%s", folder, names[i]);
		char *inside = arena_printf(a, "%s/%s", path, names[i]);
		struct stat st;
		if (stat(file, &st) != 0)
			return err_set(e, ERR_SYSTEM, "%s : %s", file, strerror(errno));
		if (S_ISDIR(st.st_mode)) {
			if (depth == FOLDER_DEPTH)
				return err_set(
					e, ERR_INVALID, "%s : trop de dossiers imbriqués", file);
			if (!load_folder(a, file, inside, depth + 1, assets, e))
				return false;
			continue;
		}
		const char *type = type_of(inside);
		if (!S_ISREG(st.st_mode) || !type) {
			log_event(LOG_WARN, "asset_ignored", "file=\"%s\"", file);
			continue;
		}
		if (assets->count == ASSETS_MAX)
			return err_set(
				e, ERR_INVALID, "%s : plus de %d fichiers", folder, ASSETS_MAX);
		if (!load_file(a, file, inside, type, &assets->list[assets->count++], e))
			return false;
	}
	return true;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct asset *)a)->path, ((const struct asset *)b)->path);
}

bool assets_load(struct arena *a, const char *folder, struct assets *assets, struct err *e)
{
	assets->list = arena_array(a, struct asset, ASSETS_MAX);
	assets->count = 0;
	if (!load_folder(a, folder, "", 0, assets, e))
		return err_prefix(e, "interface web : ");
	qsort(assets->list, assets->count, sizeof *assets->list, by_path);
	return true;
}

static const struct asset *find(const struct assets *assets, const char *path)
{
	struct asset key = {.path = path};
	return bsearch(&key, assets->list, assets->count, sizeof *assets->list, by_path);
}

const struct asset *assets_find(const struct assets *assets, const char *path)
{
	char page[PAGE_PATH];
	const struct asset *asset = find(assets, text_eq(path, "/") ? "/index.html" : path);
	int length = snprintf(page, sizeof page, "%s.html", path);
	return asset || length >= PAGE_PATH ? asset : find(assets, page);
}
