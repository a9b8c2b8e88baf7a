#include "password.h"

#include "text.h"

#include <sodium.h>
#include <string.h>
#include <strings.h>

/* Chosen for 0.1 s on a small server of 2020. RFC 9106 prefers memory to passes; two executors
 * hash at once (server.h), hence 92 MiB at most. */
enum { PASSES = 2, MEMORY = 46 << 20 /* bytes */ };

bool password_check_strength(const char *password, const char *login, struct err *e)
{
	size_t characters = 0, len = strlen(password);
	bool is_one_letter = true;
	for (size_t i = 0; i < len; i++) {
		characters += ((unsigned char)password[i] & 0xc0) != 0x80;
		is_one_letter &= password[i] == password[0];
	}
	if (characters < PASSWORD_LEAST)
		return err_set(e, ERR_INVALID,
			"Le mot de passe doit compter au moins %d caractères.", PASSWORD_LEAST);
	if (len > PASSWORD_MOST)
		return err_set(
			e, ERR_INVALID, "Le mot de passe doit tenir en %d octets.", PASSWORD_MOST);
	if (is_one_letter || strcasestr(password, login))
		return err_set(e, ERR_INVALID,
			"Ce mot de passe se devine : il répète une lettre ou l’identifiant.");
	return true;
}

bool password_hash(struct arena *a, const char *password, const char **hash, struct err *e)
{
	char *text = arena_alloc(a, crypto_pwhash_STRBYTES);
	*hash = text;
	if (sodium_init() < 0 ||
		crypto_pwhash_str(text, password, strlen(password), PASSES, MEMORY) != 0)
		return err_set(e, ERR_UNAVAILABLE, "la mémoire manque pour un mot de passe");
	return true;
}

/* The same work as for somebody who is there. */
static void work_for_nobody(const char *password)
{
	static const unsigned char salt[crypto_pwhash_SALTBYTES] = "nobody";
	unsigned char out[32];
	if (crypto_pwhash(out, sizeof out, password, strlen(password), salt, PASSES, MEMORY,
		    crypto_pwhash_ALG_ARGON2ID13) == 0)
		sodium_memzero(out, sizeof out);
}

bool password_is(const char *hash, const char *password)
{
	if (sodium_init() < 0 || strlen(password) > PASSWORD_MOST)
		return false;
	if (hash)
		return crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
	work_for_nobody(password);
	return false;
}
