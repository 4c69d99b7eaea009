/*
 * Envelopes from strangers: any bytes as a sealed and as a signed token, and any bytes as the header of one, so that
 * the checks behind the encoding are reached too.
 */
#include "base/id.h"
#include "base/util.h"
#include "crypto/crypto.h"
#include "crypto/envelope.h"
#include "crypto/keys_inner.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define TYP "sulh-message+jws"
#define SIGNATURE "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
/* RFC 8037 appendix A.1 and RFC 7748 section 6.1. */
#define OWN_KEYS                                                                                                       \
	"{\"version\":1,\"sign\":{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":"                                          \
	"\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\",\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\"},"      \
	"\"seal\""                                                                                                     \
	":{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo\",\"d\":"            \
	"\"dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo\"},\"secret\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\"}"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct keys *keys;

static void start(void)
{
	json_t *json = NULL;

	if (keys)
		return;
	crypto_init();
	if (json_parse(OWN_KEYS, strlen(OWN_KEYS), 4096, &json, NULL) || keys_from_json(json, "fuzz", &keys, NULL))
		abort();
	json_wipe(json);
}

static void try_jwe(const char *text, size_t len)
{
	char *jws = NULL;
	struct fault fault;

	if (jwe_open(keys, text, len, &jws, &fault) == OK && !jws)
		abort();
	free(jws);
}

static void try_jws(const char *text)
{
	json_t *header = NULL;
	char *payload = NULL;
	size_t len = 0;
	struct fault fault;
	enum err peeked = jws_peek(text, TYP, &header, &fault);

	json_decref(header);
	header = NULL;
	/* What cannot be peeked at must never be believed. */
	if (jws_verify(keys_public(keys), TYP, text, &header, &payload, &len, &fault) == OK && peeked != OK)
		abort();
	json_decref(header);
	free(payload);
}

static char *with_header(const uint8_t *data, size_t size, const char *tail)
{
	size_t room = base64url_size(size) + strlen(tail) + 1;
	char *text = malloc(room);

	base64url_encode(text, data, size);
	strcat(text, tail);
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), *jws, *jwe;

	start();
	memcpy(text, data, size);
	text[size] = '\0';
	try_jwe(text, size);
	try_jws(text);
	jws = with_header(data, size, ".e30." SIGNATURE);
	try_jws(jws);
	jwe = with_header(data, size, "..AAAAAAAAAAAAAAAA.AAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA");
	try_jwe(jwe, strlen(jwe));
	free(text);
	free(jws);
	free(jwe);
	return 0;
}
