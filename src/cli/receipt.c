/* sulh receipt: checks, without any office or network, the receipt that a complainant was given. */
#include "cli/command.h"

#include "base/id.h"
#include "base/json.h"
#include "base/util.h"
#include "crypto/crypto.h"
#include "crypto/envelope.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The keys that the receipt must be signed with: from a file the reader trusts, else the ones it names itself. */
static enum err find_keys(const char *keys_path, const char *jws, struct public_keys **ret_keys, struct fault *fault)
{
	json_t *header CLEANUP(json_decrefp) = NULL, *source CLEANUP(json_decrefp) = NULL;
	char *text CLEANUP(free_ptr) = NULL;
	size_t len;
	enum err e = jws_peek(jws, "sulh-complaint-receipt+jws", &header, fault);
	if (e)
		return e;
	if (keys_path) {
		e = cli_read_text(keys_path, &text, &len, fault);
	} else {
		const char *from = strchr(jws, '.') + 1, *to = strchr(from, '.');
		text = calloc(1, (size_t)(to - from) + 1);
		e = text ? base64url_decode(from, (size_t)(to - from), text, (size_t)(to - from), &len) : ERR_MEMORY;
	}
	if (!e)
		e = json_parse(text, len, CLI_TEXT_LIMIT, &source, fault);
	if (e)
		return e;
	const json_t *keys = json_object_get(source, "keys");
	return public_keys_parse(json_is_object(keys) ? keys : source, ret_keys, fault);
}

static enum err check_content(const json_t *payload, struct fault *fault)
{
	char digest[SHA256_HEX];
	char *content CLEANUP(free_ptr) = json_canonical_text(json_object_get(payload, "content"));
	if (!content)
		return fault_set(fault, ERR_UNTRUSTED, "content", N_("The receipt has no content."), NULL);
	sha256_hex(digest, content, strlen(content));
	if (strcmp(digest, json_str_or(payload, "content_sha256", "")))
		return fault_set(
		    fault, ERR_UNTRUSTED, "content", N_("The content is not the one that was signed."), NULL);
	return OK;
}

static void print_receipt(const json_t *payload, const struct public_keys *keys, bool trusted)
{
	char fingerprint[FINGERPRINT_TEXT];
	const json_t *content = json_object_get(payload, "content");
	public_keys_fingerprint(keys, fingerprint);
	printf("The signature is right.\n\n");
	printf("  office       %s\n", json_str_or(payload, "office_name", ""));
	printf("  number       %s\n", json_str_or(payload, "number", ""));
	printf("  received     %s\n", json_str_or(payload, "received_at", ""));
	printf("  about        %s\n", json_str_or(content, "body_name", ""));
	printf("  files        %zu\n", json_array_size(json_object_get(content, "documents")));
	printf("  fingerprint  %s\n\n", fingerprint);
	if (!trusted)
		printf("The keys came with the receipt: compare the fingerprint with the one the office publishes.\n");
}

static enum err verify(const char *path, const char *keys_path, struct fault *fault)
{
	char *jws CLEANUP(free_ptr) = NULL, *text CLEANUP(free_ptr) = NULL;
	json_t *header CLEANUP(json_decrefp) = NULL, *payload CLEANUP(json_decrefp) = NULL;
	struct public_keys *keys = NULL;
	size_t len;
	enum err e = cli_read_text(path, &jws, &len, fault);
	if (!e)
		e = find_keys(keys_path, jws, &keys, fault);
	if (!e)
		e = jws_verify(keys, "sulh-complaint-receipt+jws", jws, &header, &text, &len, fault);
	if (!e)
		e = json_parse(text, len, CLI_TEXT_LIMIT, &payload, fault);
	if (!e)
		e = check_content(payload, fault);
	if (!e)
		print_receipt(payload, keys, keys_path != NULL);
	public_keys_free(keys);
	return e;
}

static int run(int argc, char **argv)
{
	static const struct option options[] = { { "keys", required_argument, NULL, 'k' }, { 0 } };
	struct fault fault = { 0 };
	const char *keys = NULL;
	int c;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c != 'k')
			return command_usage(&command_receipt);
		keys = optarg;
	}
	if (optind != argc - 2 || strcmp(argv[optind], "verify"))
		return command_usage(&command_receipt);
	enum err e = verify(argv[optind + 1], keys, &fault);
	return e ? command_fail(&command_receipt, e, &fault) : 0;
}

const struct command command_receipt = {
	"receipt",
	"verify FILE [--keys FILE]",
	"Check a complaint's receipt offline",
	"Checks the signature and the content of a receipt without any network. The keys come from the receipt "
	"itself,\n"
	"whose fingerprint is then shown for comparison, or from a file: a JWK Set as the office publishes it at\n"
	"/exchange/v1/keys.\n\n"
	"Example: sulh receipt verify WMS-2026-000123.jws\n",
	run,
};
