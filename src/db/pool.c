/* Connections lent out one thread at a time, last back first out. */
#include "db/engine.h"

#include <stdlib.h>

enum err pool_init(struct pool *p, int room)
{
	p->idle = calloc((size_t)room, sizeof(*p->idle));
	if (!p->idle)
		return ERR_MEMORY;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->back, NULL);
	return OK;
}

void pool_add(struct pool *p, void *connection)
{
	p->size++;
	pool_give(p, connection);
}

void *pool_take(struct pool *p)
{
	pthread_mutex_lock(&p->lock);
	while (!p->idle_count)
		pthread_cond_wait(&p->back, &p->lock);
	void *connection = p->idle[--p->idle_count];
	pthread_mutex_unlock(&p->lock);
	return connection;
}

void pool_give(struct pool *p, void *connection)
{
	pthread_mutex_lock(&p->lock);
	p->idle[p->idle_count++] = connection;
	pthread_cond_signal(&p->back);
	pthread_mutex_unlock(&p->lock);
}

void *pool_remove(struct pool *p)
{
	if (!p->size)
		return NULL;
	p->size--;
	return pool_take(p);
}

void pool_done(struct pool *p)
{
	if (!p->idle)
		return;
	pthread_cond_destroy(&p->back);
	pthread_mutex_destroy(&p->lock);
	free(p->idle);
	p->idle = NULL;
}
