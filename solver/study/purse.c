#include "purse.h"

#include <math.h>

/* A search may have so many times its own time, of what others left. */
static const double MOST_TIMES = 3;

void purse_init(struct purse *p, size_t searches, double each_s)
{
	*p = (struct purse){.left_s = each_s * (double)searches,
		.left = searches,
		.most_s = MOST_TIMES * each_s,
		.mutex = PTHREAD_MUTEX_INITIALIZER};
}

double purse_take(struct purse *p)
{
	pthread_mutex_lock(&p->mutex);
	double part = fmin(p->most_s, p->left_s / (double)p->left);
	double seconds = p->most_s > 0 ? fmax(PURSE_LEAST_S, part) : 0;
	p->left_s -= seconds;
	p->left--;
	pthread_mutex_unlock(&p->mutex);
	return seconds;
}

void purse_return(struct purse *p, double seconds)
{
	pthread_mutex_lock(&p->mutex);
	p->left_s += seconds;
	pthread_mutex_unlock(&p->mutex);
}
