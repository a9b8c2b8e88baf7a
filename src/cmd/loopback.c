#include "loopback.h"

#include "buf.h"
#include "text.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REPLY_LIMIT = 64 << 20 };

static bool connect_to(const char *host, const char *port, int *fd, struct err *e)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found;
	int why = getaddrinfo(host, port, &hints, &found);
	if (why)
		return err_set(e, ERR_SYSTEM, "%s : %s", host, gai_strerror(why));
	*fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool ok = *fd >= 0 && connect(*fd, found->ai_addr, found->ai_addrlen) == 0;
	why = errno;
	freeaddrinfo(found);
	if (ok)
		return true;
	if (*fd >= 0)
		close(*fd);
	return err_set(e, ERR_UNAVAILABLE, "%s:%s : %s", host, port, err_system_text(why));
}

/* HTTP/1.0: the reply ends where the connection does, and is never chunked. */
static bool exchange(int fd, const struct buf *request, struct buf *reply, struct err *e)
{
	char chunk[65536];
	ssize_t n;
	for (size_t sent = 0; sent < request->len; sent += (size_t)n)
		if ((n = send(fd, request->data + sent, request->len - sent, MSG_NOSIGNAL)) < 0)
			return err_set(e, ERR_SYSTEM, "envoi : %s", err_system_text(errno));
	while ((n = recv(fd, chunk, sizeof chunk, 0)) > 0)
		buf_add(reply, chunk, (size_t)n);
	if (n < 0)
		return err_set(e, ERR_SYSTEM, "réception : %s", err_system_text(errno));
	return true;
}

static bool read_reply(struct arena *a, const struct buf *b, struct reply_text *r, struct err *e)
{
	char *body = strstr(b->data, "\r\n\r\n");
	if (!body || sscanf(b->data, "HTTP/1.%*d %d", &r->status) != 1)
		return err_set(e, ERR_SYSTEM, "réponse HTTP illisible");
	char *head = arena_strndup(a, b->data, (size_t)(body - b->data));
	char *location = strcasestr(head, "\r\nLocation:");
	r->location = "";
	if (location) {
		location += strlen("\r\nLocation:");
		location[strcspn(location, "\r\n")] = '\0';
		r->location = text_trim(location);
	}
	r->body = body + 4;
	r->body_len = b->len - (size_t)(r->body - b->data);
	return true;
}

bool loopback(struct arena *a, const char *url, const char *path, const char *body,
	struct reply_text *reply, struct err *e)
{
	char *host = arena_strdup(a, url + strlen("http://"));
	host[strcspn(host, "/")] = '\0';
	char *port = strrchr(host, ':');
	if (!port)
		return err_set(e, ERR_SYSTEM, "adresse sans port : %s", url);
	*port++ = '\0';
	struct buf request, answer;
	buf_init(&request, a, BUF_NO_LIMIT);
	buf_init(&answer, a, REPLY_LIMIT);
	buf_printf(&request, "%s %s HTTP/1.0\r\nHost: %s:%s\r\n", body ? "POST" : "GET", path, host,
		port);
	if (body)
		buf_printf(&request, "Content-Type: application/json\r\nContent-Length: %zu\r\n",
			strlen(body));
	buf_printf(&request, "\r\n%s", body ? body : "");
	int fd = -1;
	if (!connect_to(host, port, &fd, e))
		return false;
	bool ok = exchange(fd, &request, &answer, e) && read_reply(a, &answer, reply, e);
	close(fd);
	return ok;
}
