#include "err.h"

#include "text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct kind_facts {
	int exit_status, http_status;
	const char *title;
};

#define ERR_FACTS(kind, exit_status, http_status, title) [kind] = {exit_status, http_status, title},
static const struct kind_facts facts[] = {ERR_KINDS(ERR_FACTS)};
#undef ERR_FACTS

bool err_set(struct err *e, enum err_kind kind, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	e->kind = kind;
	e->retry_s = 0;
	vsnprintf(e->message, sizeof e->message, format, args);
	va_end(args);
	text_repair(e->message);
	return false;
}

bool err_prefix(struct err *e, const char *format, ...)
{
	char said[sizeof e->message];
	memcpy(said, e->message, sizeof said);
	va_list args;
	va_start(args, format);
	int n = vsnprintf(e->message, sizeof e->message, format, args);
	va_end(args);
	if (n >= 0 && (size_t)n < sizeof e->message)
		snprintf(e->message + n, sizeof e->message - (size_t)n, "%s", said);
	text_repair(e->message);
	return false;
}

const char *err_system_text(int number)
{
	static const struct {
		int number;
		const char *text;
	} texts[] = {
		{ENOENT, "introuvable"},
		{EACCES, "accès refusé"},
		{EPERM, "opération interdite"},
		{EEXIST, "existe déjà"},
		{EISDIR, "est un dossier"},
		{ENOTDIR, "n’est pas un dossier"},
		{ENOSPC, "plus de place sur le disque"},
		{EDQUOT, "quota de disque atteint"},
		{EROFS, "disque en lecture seule"},
		{EFBIG, "fichier trop grand"},
		{EMFILE, "trop de fichiers ouverts"},
		{ENFILE, "trop de fichiers ouverts sur la machine"},
		{ENOMEM, "plus de mémoire"},
		{EAGAIN, "ressource momentanément épuisée"},
		{EIO, "erreur du disque"},
		{ENAMETOOLONG, "nom trop long"},
		{EPIPE, "personne ne lit plus"},
		{ECONNREFUSED, "connexion refusée"},
		{ETIMEDOUT, "délai dépassé"},
		{EADDRINUSE, "adresse déjà prise"},
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (texts[i].number == number)
			return texts[i].text;
	return strerror(number);
}

int err_exit_status(enum err_kind kind)
{
	return facts[kind].exit_status;
}

int err_http_status(enum err_kind kind)
{
	return facts[kind].http_status;
}

const char *err_title(enum err_kind kind)
{
	return facts[kind].title;
}
