/* sulh verify: walks everything that must be provable and says where the first fault is. */
#include "cli/command.h"

#include "base/progress.h"
#include "casework/casefile.h"
#include "cooperation/exchange.h"
#include "office/blob.h"
#include "office/journal.h"

#include <stdio.h>

static enum err verify(struct office *office, struct fault *fault)
{
	struct progress progress;
	enum err e = journal_verify(office->db, keys_public(office->keys), &progress, fault);
	if (!e)
		e = casework_verify(office, &progress, fault);
	if (!e)
		e = blob_verify(office->db, &progress, fault);
	return e ? e : exchange_verify(office, &progress, fault);
}

static int run(int argc, char **argv)
{
	struct fault fault = { 0 };
	struct office *office = NULL;
	if (argc != 2)
		return command_usage(&command_verify);
	enum err e = cli_office_open(argv[1], &office, &fault);
	if (!e) {
		office->only_looks = true;
		e = verify(office, &fault);
	}
	office_close(office);
	if (e)
		return command_fail(&command_verify, e, &fault);
	printf("Everything holds: journal, complaints, files, agreements, messages and receipts.\n");
	return 0;
}

const struct command command_verify = {
	"verify",
	"DIR",
	"Check journal, complaints, files and every message exchanged",
	"Walks the journal's chain, the content of every complaint, every stored file, and every thread's messages,\n"
	"signatures and receipts. Stops at the first fault, says where it is, and ends with status 76.\n"
	"May run while the office is served.\n\n"
	"Example: sulh verify /srv/office\n",
	run,
};
