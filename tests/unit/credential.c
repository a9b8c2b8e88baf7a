/* What a request says of who sent it, read from its headers; and what a password and its login may be. */
#include "credential.h"
#include "password.h"
#include "secret.h"
#include "text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void a_session_is_found_among_cookies(void **state)
{
	struct arena *a = arena_new();
	static const struct {
		const char *cookie, *session;
	} cases[] = {
		{NULL, NULL},
		{"", NULL},
		{";;; ", NULL},
		{"recircuit_session", NULL},
		{"recircuit_session=", ""},
		{"recircuit_session=abc", "abc"},
		{"a=b; recircuit_session=abc; c=d", "abc"},
		{"a=b;recircuit_session=abc", "abc"},
		{"xrecircuit_session=abc", NULL},
		{"recircuit_session2=abc", NULL},
		{"Recircuit_Session=abc", NULL},
		{"a=recircuit_session=abc", NULL},
		{"recircuit_session=first; recircuit_session=second", "first"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *found = credential_session(a, cases[i].cookie);
		if (!cases[i].session)
			assert_null(found);
		else
			assert_string_equal(found, cases[i].session);
	}
	arena_free(a);
}

static void a_secret_too_long_to_be_ours_is_none(void **state)
{
	struct arena *a = arena_new();
	char *cookie = arena_printf(a, "recircuit_session=%01000d; x", 0);
	(void)state;
	assert_null(credential_session(a, cookie));
	arena_free(a);
}

static void only_pages_of_the_service_change_things(void **state)
{
	struct arena *a = arena_new();
	const char *cookie = "recircuit_session=abc";
	const struct {
		struct credential c;
		bool is_ours;
	} cases[] = {
		{{.is_safe = true, .origin = "http://evil"}, true},
		{{.authorization = "Bearer rc_x", .origin = "http://evil"}, true},
		{{0}, true}, /* no browser, nobody's session */
		{{.cookie = cookie}, false},
		{{.cookie = "other=1"}, true},
		{{.cookie = cookie, .fetch_site = "same-origin"}, true},
		{{.cookie = cookie, .fetch_site = "same-site"}, false},
		{{.cookie = cookie, .fetch_site = "none"}, false},
		{{.fetch_site = "cross-site"}, false},
		{{.fetch_site = "cross-site", .host = "here", .origin = "http://here"}, false},
		{{.cookie = cookie, .host = "here", .origin = "http://here"}, true},
		{{.cookie = cookie, .host = "here", .origin = "https://here"}, false},
		{{.cookie = cookie, .host = "here", .origin = "https://here", .is_https = true},
			true},
		{{.cookie = cookie, .host = "here", .origin = "http://here", .is_https = true},
			false},
		{{.cookie = cookie, .host = "here:8080", .origin = "http://here"}, false},
		{{.cookie = cookie, .host = "here", .origin = "http://here.evil"}, false},
		{{.cookie = cookie, .host = "here", .origin = "null"}, false},
		{{.cookie = cookie, .origin = "http://here"}, false},
		{{.host = "here", .origin = "http://evil"}, false},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct err e = {0};
		bool ok = credential_check_origin(a, &cases[i].c, &e);
		if (ok != cases[i].is_ours)
			fail_msg("case %zu", i);
		assert_int_equal(e.kind, ok ? ERR_NONE : ERR_FORBIDDEN);
	}
	arena_free(a);
}

static void a_password_is_long_and_not_its_login(void **state)
{
	static const struct {
		const char *password;
		bool is_good;
	} cases[] = {
		{"", false},
		{"onze lettre", false},
		{"douze lettre", true},
		{"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9",
			false}, /* 6 characters, 12 bytes */
		{"aaaaaaaaaaaaaaaa", false},
		{"claire.martin.2026", false},
		{"CLAIRE.Martin.2026", false},
		{"un mot de passe", true},
	};
	char too_long[PASSWORD_MOST + 2];
	struct err e;
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (password_check_strength(cases[i].password, "claire.martin", &e) !=
			cases[i].is_good)
			fail_msg("« %s »", cases[i].password);
	for (size_t i = 0; i < sizeof too_long - 1; i++)
		too_long[i] = (char)('a' + i % 26);
	too_long[sizeof too_long - 1] = '\0';
	assert_false(password_check_strength(too_long, "claire.martin", &e));
	too_long[PASSWORD_MOST] = '\0';
	assert_true(password_check_strength(too_long, "claire.martin", &e));
}

static void a_password_is_known_by_its_hash_and_nobody_has_one(void **state)
{
	struct arena *a = arena_new();
	const char *hash, *again;
	struct err e;
	(void)state;
	assert_true(password_hash(a, "un mot de passe", &hash, &e));
	assert_true(password_hash(a, "un mot de passe", &again, &e));
	assert_string_not_equal(hash, again);
	assert_true(strncmp(hash, "$argon2id$v=19$m=47104,t=2,p=1$", 31) == 0);
	assert_true(password_is(hash, "un mot de passe"));
	assert_false(password_is(hash, "un mot de passe "));
	assert_false(password_is(hash, ""));
	assert_false(password_is(NULL, "un mot de passe"));
	assert_false(password_is(NULL, ""));
	assert_false(password_is("", "un mot de passe"));
	assert_false(password_is("$argon2id$garbage", "un mot de passe"));
	arena_free(a);
}

static void secrets_differ_and_are_known_by_their_sha256(void **state)
{
	struct arena *a = arena_new();
	char *one = secret_new(a, "rc_"), *other = secret_new(a, "rc_");
	(void)state;
	assert_int_equal(strlen(one), 46);
	assert_true(text_starts(one, "rc_"));
	assert_string_not_equal(one, other);
	assert_string_equal(secret_hash(a, "abc"),
		"\\xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_session_is_found_among_cookies),
		cmocka_unit_test(a_secret_too_long_to_be_ours_is_none),
		cmocka_unit_test(only_pages_of_the_service_change_things),
		cmocka_unit_test(a_password_is_long_and_not_its_login),
		cmocka_unit_test(a_password_is_known_by_its_hash_and_nobody_has_one),
		cmocka_unit_test(secrets_differ_and_are_known_by_their_sha256),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
