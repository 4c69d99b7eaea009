/*
 * One line per event to standard error, for operators: time, level, what, where, what to do. Called by the edges only
 * (server, commands, background work); never with personal data.
 */
#ifndef SULH_BASE_LOG_H
#define SULH_BASE_LOG_H

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR, LOG_LEVEL_MAX };

void log_set_level(enum log_level);
void log_line(enum log_level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
