/*
 * The office's one configuration file, `sulh.conf`, written and commented by `sulh init`, overridden by the environment
 * (SULH_LISTEN for [server] listen and so on). INI form, read with inih. Every key is a row in one table (config.c),
 * which also holds its documentation, default and check; an unknown key is an error with its line.
 */
#ifndef SULH_BASE_CONFIG_H
#define SULH_BASE_CONFIG_H

#include "base/err.h"

#include <stdio.h>

struct config {
	char database[512];        /* "sqlite:office.db" (relative to the directory) or a postgresql:// URL */
	char listen[128];          /* "127.0.0.1:8080"; IPv6 as [::1]:8080 */
	char public_url[256];      /* how others reach us, no slash at the end */
	char tls_certificate[512]; /* PEM files; both empty: plain HTTP, loopback only unless behind_proxy */
	char tls_key[512];
	char behind_proxy[128]; /* address whose X-Forwarded-For is believed, empty = none */
	char templates[512];    /* development: read templates from this folder instead of the embedded ones */
	int workers;            /* request threads */
	int upload_limit_mib;   /* one file */
	int files_limit;        /* files in one form */
	int body_limit_mib;     /* a whole request */
	int session_minutes;    /* staff session without a click */
	int login_tries;        /* wrong tries before slowing */
	int log_level;          /* 0 debug .. 3 error */
	int demonstration;      /* 1: pages say that everything here is invented */
};

void config_default(struct config *);
/* Sets one key by its name, as the command line does; the fault's field is the key. */
enum err config_set(struct config *, const char *key, const char *value, struct fault *) MUST_CHECK;
/* Rules between keys: both TLS files or none, plain HTTP on loopback only unless a proxy stands before us. */
enum err config_check(const struct config *, struct fault *) MUST_CHECK;
/* Reads text over what is there; `name` is for the fault's field ("sulh.conf:12"). config_check is the caller's. */
enum err config_parse(struct config *, const char *name, const char *text, size_t len, struct fault *) MUST_CHECK;
/* The file, then the environment, then config_check. */
enum err config_load(struct config *, const char *path, struct fault *) MUST_CHECK;
enum err config_save(const struct config *, const char *path, struct fault *) MUST_CHECK; /* commented, mode 0600 */

#endif
