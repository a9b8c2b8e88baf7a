#include "server.h"

#include "clock.h"
#include "exchange.h"
#include "log.h"
#include "server_parts.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	BACKLOG = 511,
	MERGED_MOST = 256,     /* requests in one transaction */
	TICK_MS = 250,         /* how late a deadline or a stop may be noticed */
	SPARE_FDS = 128,       /* files and database connections beside the clients */
	HEAD_MEMORY = 32 << 10 /* bytes a connection may use for its head and buffers */
};

struct server_config server_defaults(void)
{
	return (struct server_config){
		.address = "127.0.0.1",
		.executors = 4,
		.queue_length = 256,
		.costly_executors = 2,
		.costly_queue_length = 32,
		.merging_queue_length = 1024,
		.body_limit = 1 << 20,
		.connections = 2000,
		.address_connections = 256,
		.head_s = 10,
		.request_s = 20,
		.reply_s = 60,
		.idle_s = 60,
		.stop_s = 5,
	};
}

static int try_listen(const struct addrinfo *a)
{
	int fd =
		socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, a->ai_protocol);
	if (fd < 0)
		return -1;
	int on = 1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(fd, a->ai_addr, a->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	int why = errno;
	close(fd);
	errno = why;
	return -1;
}

static bool refuse_address(const struct server_config *config, int why, struct err *e)
{
	if (why == EADDRINUSE)
		return err_set(e, ERR_UNAVAILABLE,
			"le port %d est déjà pris sur %s ; choisissez-en un autre (--port)",
			config->port, config->address);
	if (why == EACCES)
		return err_set(e, ERR_UNAVAILABLE,
			"le port %d est réservé au super-utilisateur ; choisissez-en un au-dessus "
			"de 1023 (--port)",
			config->port);
	if (why == EADDRNOTAVAIL)
		return err_set(e, ERR_UNAVAILABLE,
			"l’adresse %s n’est pas celle de cette machine (--address)",
			config->address);
	return err_set(e, ERR_SYSTEM, "impossible d’écouter sur %s, port %d : %s", config->address,
		config->port, strerror(why));
}

static bool open_socket(struct server *s, struct err *e)
{
	char port[16];
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE}, *found;
	if (s->config.port < 0 || s->config.port > 65535)
		return err_set(
			e, ERR_USAGE, "le port doit être de 0 à 65535, pas %d", s->config.port);
	snprintf(port, sizeof port, "%d", s->config.port);
	int why = getaddrinfo(s->config.address, port, &hints, &found);
	if (why)
		return err_set(e, ERR_USAGE, "adresse « %s » inconnue", s->config.address);
	for (struct addrinfo *a = found; a && s->listen_fd < 0; a = a->ai_next)
		s->listen_fd = try_listen(a);
	why = errno;
	freeaddrinfo(found);
	if (s->listen_fd < 0)
		return refuse_address(&s->config, why, e);

	struct sockaddr_storage self;
	socklen_t len = sizeof self;
	getsockname(s->listen_fd, (struct sockaddr *)&self, &len);
	s->port = ntohs(self.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&self)->sin6_port
						   : ((struct sockaddr_in *)&self)->sin_port);
	return true;
}

/* As many files as the system lets us open; no more connections than that carries. */
static unsigned fit_connections(unsigned wanted)
{
	struct rlimit files;
	if (getrlimit(RLIMIT_NOFILE, &files) != 0)
		return wanted;
	if (files.rlim_cur < wanted + SPARE_FDS && files.rlim_cur < files.rlim_max) {
		files.rlim_cur =
			wanted + SPARE_FDS < files.rlim_max ? wanted + SPARE_FDS : files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
		getrlimit(RLIMIT_NOFILE, &files);
	}
	if (files.rlim_cur >= wanted + SPARE_FDS)
		return wanted;
	unsigned fitting = files.rlim_cur > 2 * SPARE_FDS ? (unsigned)files.rlim_cur - SPARE_FDS
							  : (unsigned)files.rlim_cur / 2;
	log_event(LOG_WARN, "few_files", "connections=%u wanted=%u", fitting, wanted);
	return fitting;
}

static void log_daemon(void *cls, const char *format, va_list args)
{
	char said[512];
	(void)cls;
	vsnprintf(said, sizeof said, format, args);
	log_event(LOG_DEBUG, "http_library", "said=\"%s\"", said);
}

static void notify_connection(void *cls, struct MHD_Connection *connection, void **context,
	enum MHD_ConnectionNotificationCode code)
{
	struct server *s = cls;
	switch (code) {
	case MHD_CONNECTION_NOTIFY_STARTED:
		*context = client_new(&s->clients,
			MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)
				->connect_fd,
			MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)
				->client_addr,
			clock_seconds() + s->config.head_s);
		return;
	case MHD_CONNECTION_NOTIFY_CLOSED: client_free(&s->clients, *context); return;
	}
}

/* The event loop is ours (server_run), so that deadlines and connections need no lock. */
static bool start_daemon(struct server *s, struct err *e)
{
	struct MHD_OptionItem options[] = {
		{MHD_OPTION_LISTEN_SOCKET, s->listen_fd, NULL},
		{MHD_OPTION_CONNECTION_LIMIT, (intptr_t)fit_connections(s->config.connections),
			NULL},
		{MHD_OPTION_PER_IP_CONNECTION_LIMIT, (intptr_t)s->config.address_connections, NULL},
		{MHD_OPTION_CONNECTION_MEMORY_LIMIT, HEAD_MEMORY, NULL},
		{MHD_OPTION_CONNECTION_TIMEOUT, (intptr_t)s->config.idle_s + 1, NULL},
		{MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL},
		{MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)exchange_begin, s},
		{MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)exchange_end, s},
		{MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)notify_connection, s},
		{MHD_OPTION_END, 0, NULL},
	};
	s->daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG,
		0, NULL, NULL, exchange_continue, s, MHD_OPTION_EXTERNAL_LOGGER, log_daemon, NULL,
		MHD_OPTION_ARRAY, options, MHD_OPTION_END);
	if (!s->daemon)
		return err_set(e, ERR_SYSTEM, "libmicrohttpd ne démarre pas");
	return true;
}

static void server_release(void *server)
{
	struct server *s = server;
	executors_stop(&s->executors);
	executors_stop(&s->costly);
	executors_stop(&s->merging);
	if (s->daemon)
		MHD_stop_daemon(s->daemon); /* closes the listening socket unless quiesced */
	else if (s->listen_fd >= 0)
		close(s->listen_fd);
	if (s->wake_fd >= 0)
		close(s->wake_fd);
}

bool server_open(
	struct arena *a, const struct server_config *config, struct server **server, struct err *e)
{
	struct server *s = *server = arena_one(a, struct server);
	s->config = *config;
	s->listen_fd = s->wake_fd = -1;
	arena_defer(a, server_release, s);
	if (getrandom(&s->id_prefix, sizeof s->id_prefix, 0) != sizeof s->id_prefix)
		return err_set(e, ERR_SYSTEM, "getrandom : %s", strerror(errno));
	s->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (s->wake_fd < 0)
		return err_set(e, ERR_SYSTEM, "eventfd : %s", strerror(errno));
	return open_socket(s, e) && start_daemon(s, e) &&
	       executors_start(&s->executors, s, a, config->executors, 1, e) &&
	       executors_start(&s->costly, s, a, config->costly_executors, 1, e) &&
	       executors_start(&s->merging, s, a, 1, MERGED_MOST, e);
}

int server_port(const struct server *s)
{
	return s->port;
}

void server_wake(struct server *s)
{
	if (!atomic_exchange(&s->is_woken, true))
		eventfd_write(s->wake_fd, 1);
}

static void turn(struct server *s)
{
	MHD_UNSIGNED_LONG_LONG wait_ms;
	int timeout_ms = TICK_MS;
	if (MHD_get_timeout(s->daemon, &wait_ms) == MHD_YES && wait_ms < TICK_MS)
		timeout_ms = (int)wait_ms;
	struct pollfd ready[] = {
		{MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd, POLLIN, 0},
		{s->wake_fd, POLLIN, 0},
	};
	poll(ready, 2, timeout_ms);
	/* Cleared before MHD looks: what is resumed from here on wakes the next turn. */
	eventfd_t count;
	if (ready[1].revents)
		eventfd_read(s->wake_fd, &count);
	atomic_exchange(&s->is_woken, false);
	MHD_run(s->daemon);
}

void server_run(struct server *s, const atomic_bool *stop)
{
	for (double next_s = 0; !atomic_load(stop);) {
		turn(s);
		double now_s = clock_seconds();
		if (now_s < next_s)
			continue;
		clients_cut_late(&s->clients, now_s);
		next_s = now_s + 1e-3 * TICK_MS;
	}

	/* Nobody new; what was begun is answered, unless it takes too long. */
	atomic_store(&s->is_stopping, true);
	double limit_s = clock_seconds() + s->config.stop_s;
	log_event(
		LOG_INFO, "stopping", "exchanges=%zu clients=%zu", s->exchanges, s->clients.count);
	MHD_socket fd = MHD_quiesce_daemon(s->daemon);
	if (fd != MHD_INVALID_SOCKET)
		close(fd);
	while (s->exchanges && clock_seconds() < limit_s) {
		turn(s);
		clients_cut_late(&s->clients, clock_seconds());
	}
	if (s->exchanges)
		log_event(LOG_WARN, "stop_late", "exchanges=%zu", s->exchanges);
	/* MHD must hold no suspended connection when it stops: the executors resume them all. */
	atomic_store(&s->executors.is_hasty, true);
	atomic_store(&s->costly.is_hasty, true);
	atomic_store(&s->merging.is_hasty, true);
	executors_stop(&s->executors);
	executors_stop(&s->costly);
	executors_stop(&s->merging);
	turn(s);
	MHD_stop_daemon(s->daemon);
	s->daemon = NULL;
	s->listen_fd = -1;
}
