#include "prompt.h"

#include "password.h"
#include "text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>

enum { LINE_MOST = PASSWORD_MOST + 2 /* the end of line and the final zero */, CTRL_C = 3 };

static bool read_line(FILE *in, char line[LINE_MOST], struct err *e)
{
	if (!fgets(line, LINE_MOST, in))
		return err_set(e, ERR_CANCELLED, "aucun mot de passe n’a été donné");
	size_t n = strcspn(line, "\r\n");
	if (!line[n] && n == LINE_MOST - 1)
		return err_set(e, ERR_INVALID, "un mot de passe tient en %d octets", PASSWORD_MOST);
	line[n] = '\0';
	if (!text_is_utf8(line, n))
		return err_set(e, ERR_INVALID, "le mot de passe n’est pas du texte UTF-8");
	return true;
}

/* Ctrl-C is a character here: the terminal is put back as it was whatever is typed. */
static bool ask_hidden(FILE *terminal, const char *question, char line[LINE_MOST], struct err *e)
{
	struct termios shown, hidden;
	if (tcgetattr(fileno(terminal), &shown) != 0)
		return err_set(e, ERR_SYSTEM, "le terminal : %s", err_system_text(errno));
	hidden = shown;
	hidden.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
	fputs(question, terminal);
	fflush(terminal);
	tcsetattr(fileno(terminal), TCSAFLUSH, &hidden);
	bool ok = read_line(terminal, line, e);
	tcsetattr(fileno(terminal), TCSAFLUSH, &shown);
	fputs("\n", terminal);
	if (ok && strchr(line, CTRL_C))
		return err_set(e, ERR_CANCELLED, "interrompu");
	return ok;
}

static bool ask_twice(FILE *terminal, char line[LINE_MOST], struct err *e)
{
	char again[LINE_MOST];
	if (!ask_hidden(terminal, "Mot de passe : ", line, e) ||
		!ask_hidden(terminal, "Encore une fois : ", again, e))
		return false;
	return text_eq(line, again) ||
	       err_set(e, ERR_INVALID, "les deux mots de passe ne sont pas les mêmes");
}

bool prompt_password(struct arena *a, bool from_stdin, const char **password, struct err *e)
{
	char *line = arena_alloc(a, LINE_MOST);
	*password = line;
	if (from_stdin)
		return read_line(stdin, line, e);
	FILE *terminal = fopen("/dev/tty", "r+e");
	if (!terminal)
		return err_set(e, ERR_USAGE,
			"il n’y a pas de terminal où taper le mot de passe : --password-stdin le "
			"lit sur l’entrée standard");
	bool ok = ask_twice(terminal, line, e);
	fclose(terminal);
	return ok;
}
