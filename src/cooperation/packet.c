/* The list of fields that may cross a border, and the only way to put them together. */
#include "cooperation/packet.h"

#include "base/util.h"

#include <stdio.h>
#include <string.h>

#define SHORT 300
#define MIDDLE 4000
#define LONG 20000

const struct packet_field packet_fields[] = {
	{ "name", "identity", N_("Name"), SHORT },
	{ "father_name", "identity", N_("Father's name"), SHORT },
	{ "birth_date", "identity", N_("Date of birth"), SHORT },
	{ "nationality", "identity", N_("Nationality"), SHORT },
	{ "sex", "identity", N_("Sex"), SHORT },
	{ "language", "identity", N_("Language"), SHORT },
	{ "passport_no", "identity_documents", N_("Passport number"), SHORT },
	{ "identity_no", "identity_documents", N_("Identity card number"), SHORT },
	{ "phone", "contact", N_("Telephone"), SHORT },
	{ "email", "contact", N_("E-mail address"), SHORT },
	{ "address", "contact", N_("Postal address"), MIDDLE },
	{ "facts", "facts", N_("What happened"), LONG },
	{ "incident_date", "facts", N_("When it happened"), SHORT },
	{ "body", "facts", N_("Body complained of"), SHORT },
	{ "steps_taken", "facts", N_("Steps taken so far"), MIDDLE },
	{ "remedy", "remedy", N_("What is wanted"), MIDDLE },
	{ "health", "health", N_("Health"), MIDDLE },
	{ "detention", "detention", N_("Detention"), MIDDLE },
	{ "embassy_not_informed", NULL, N_("The embassy must not be told"), SHORT },
	{ NULL, NULL, NULL, 0 },
};

const char *const packet_categories[] = { "identity", "identity_documents", "contact", "facts", "remedy",
	PACKET_DOCUMENTS, "health", "detention", NULL };

static const char *const category_labels[] = { N_("Identity"), N_("Identity papers"), N_("Contact details"),
	N_("Facts of the complaint"), N_("Remedy wanted"), N_("Documents"), N_("Health"), N_("Detention") };

const struct packet_field *packet_field_find(const char *key)
{
	for (const struct packet_field *field = packet_fields; field->key; field++)
		if (strcmp(field->key, key) == 0)
			return field;
	return NULL;
}

const char *packet_category_label(const char *category)
{
	for (size_t i = 0; i < ARRAY_LEN(category_labels); i++)
		if (strcmp(packet_categories[i], category) == 0)
			return category_labels[i];
	return NULL;
}

static const char *value_of(const struct packet_value *values, size_t count, const char *key)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(values[i].key, key) == 0)
			return values[i].text && *values[i].text ? values[i].text : NULL;
	return NULL;
}

static enum err add_field(json_t *packet, const char *key, const char *text, struct fault *fault)
{
	const struct packet_field *field = packet_field_find(key);
	char limit[16];

	if (!field)
		return fault_set(
		    fault, ERR_INVALID, key, N_("There is no field {field} in a packet."), "field", key, NULL);
	if (!text)
		return fault_set(
		    fault, ERR_INVALID, key, N_("This field was chosen but the complaint does not have it."), NULL);
	if (utf8_length(text) > (size_t)field->max) {
		snprintf(limit, sizeof(limit), "%d", field->max);
		return fault_set(
		    fault, ERR_INVALID, key, N_("Write at most {limit} characters."), "limit", limit, NULL);
	}
	json_put_str(packet, key, text);
	return OK;
}

enum err packet_build(const struct packet_value *values, size_t count, const char *const *chosen, size_t chosen_count,
    json_t **ret_packet, struct fault *fault)
{
	json_t *packet;
	enum err e = OK;

	if (chosen_count == 0 || chosen_count > PACKET_FIELDS_MAX)
		return fault_set(fault, ERR_INVALID, "fields", N_("Choose at least one field."), NULL);
	packet = json_object();
	for (size_t i = 0; i < chosen_count && !e; i++)
		e = add_field(packet, chosen[i], value_of(values, count, chosen[i]), fault);
	if (e)
		json_decref(packet);
	else
		*ret_packet = packet;
	return e;
}
