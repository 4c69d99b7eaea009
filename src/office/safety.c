/* Which settings are dangerous, as a function of the settings. */
#include "office/safety.h"

#include <string.h>

#define LONG_SESSION 480 /* minutes: a working day */
#define MANY_TRIES 20

static bool begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

/* Of an address as in `listen`, or of what follows "://" in a URL. */
static bool on_this_machine(const char *address)
{
	return begins(address, "127.") || begins(address, "[::1]") || begins(address, "localhost");
}

static const char *behind_scheme(const char *url)
{
	const char *rest = strstr(url, "://");
	return rest ? rest + 3 : url;
}

/* Where the server of a postgresql:// address is: after the user, if one is named. */
static const char *database_host(const char *url)
{
	const char *rest = behind_scheme(url), *end = rest + strcspn(rest, "/?"), *at = rest;
	for (const char *p = rest; p < end; p++)
		if (*p == '@')
			at = p + 1;
	return at;
}

static bool open_database(const char *url)
{
	if (!begins(url, "postgresql://") && !begins(url, "postgres://"))
		return false;
	const char *host = database_host(url);
	return *host && *host != '/' && !on_this_machine(host) && !strstr(url, "sslmode=verify-full") &&
	       !strstr(url, "sslmode=verify-ca");
}

size_t safety_check(const struct safety_facts *f, struct danger out[SAFETY_MAX])
{
	const struct config *c = f->config;
	bool plain = begins(c->public_url, "http://") && !on_this_machine(behind_scheme(c->public_url));
	const struct {
		bool is;
		struct danger danger;
	} rules[] = {
		{ plain,
		    { "public_url", N_("People reach this office without encryption: complaints, codes and passwords "
				       "can be read on the way. Set up TLS and give an https address.") } },
		{ c->behind_proxy[0] && !c->tls_key[0] && !on_this_machine(c->listen),
		    { "listen", N_("The server can be reached past the proxy, without encryption. Let it listen on the "
				   "address of this machine alone, or close the port to others.") } },
		{ open_database(c->database),
		    { "database", N_("The connection to the database leaves this machine and the server's certificate "
				     "is not checked. Add sslmode=verify-full to the address.") } },
		{ f->readable_keys, { "keys.json", N_("The office's keys or settings can be read by others on this "
						      "machine. Take the right to read them away: mode 0600.") } },
		{ f->clock_moved,
		    { "SULH_NOW_OFFSET_MS", N_("The clock of this program is moved, as for a test. Every "
					       "time limit and every signature carries a wrong time.") } },
		{ c->templates[0], { "templates", N_("Pages are made from a folder on the disk, as for development. "
						     "Whoever may write there changes what people read.") } },
		{ c->log_level == 0,
		    { "log_level", N_("The log is as detailed as for development. Set it to info.") } },
		{ c->session_minutes > LONG_SESSION,
		    { "session_minutes", N_("Officers stay logged in for longer than a "
					    "working day without a click.") } },
		{ c->login_tries > MANY_TRIES, { "login_tries", N_("Passwords can be guessed many times before the "
								   "guessing is slowed.") } },
		{ f->mixed > 0, { "roles", N_("Somebody manages accounts and also reads complaints. Give these two "
					      "to two people.") } },
	};
	size_t n = 0;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (rules[i].is)
			out[n++] = rules[i].danger;
	return n;
}
