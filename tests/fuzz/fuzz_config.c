/* Any bytes as sulh.conf: read or refused with a line; what is read is saved and read again to the same values. */
#include "base/config.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_saved(const struct config *config)
{
	struct config back;
	char path[64];

	snprintf(path, sizeof(path), "/tmp/sulh-fuzz-config-%ld", (long)getpid());
	config_default(&back);
	if (config_save(config, path, NULL))
		abort();
	if (config_check(config, NULL) == OK &&
	    (config_load(&back, path, NULL) || memcmp(config, &back, sizeof(back)) != 0))
		abort();
	unlink(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct config config, before;
	struct fault fault = { 0 };

	config_default(&config);
	before = config;
	if (config_parse(&config, "sulh.conf", (const char *)data, size, &fault)) {
		if (!strchr(fault.field, ':') || memcmp(&config, &before, sizeof(config)) != 0)
			abort();
	} else {
		check_saved(&config);
	}
	return 0;
}
