/* SPDX-License-Identifier: MIT */
#include "list/tool_reader.h"

#include "base/error.h"

#include <strings.h>

/* Subscribers → Export: uuid, email, name, attributes, status, created_at, updated_at. The status
 * is the person's, over all lists; who left one list is still "enabled", and neither that nor who
 * confirmed stands in the file. Queries of its database give lists and subscription_status too. */
enum { CREATED_AT = LIST_KEY_COUNT, SUBSCRIPTION_STATUS };

static const struct list_tool_column columns[] = {
    { "email", LIST_ADDRESS },
    { "status", LIST_STATE },
    { "created_at", CREATED_AT },
    { "lists", LIST_FEEDS },
    { "subscription_status", SUBSCRIPTION_STATUS },
    { "uuid", LIST_TOOL_NO_USE },
    { "name", LIST_TOOL_NO_USE },
    { "attributes", LIST_TOOL_NO_USE },
    { "updated_at", LIST_TOOL_NO_USE },
    { NULL, LIST_TOOL_NO_USE },
};

static bool listmonk_begin(struct list_tool_reader *reader, struct error *error)
{
    if (!list_tool_header_read(reader, columns, error))
        return false;
    if (reader->position[SUBSCRIPTION_STATUS] < 0)
        list_tool_note(
            reader, 1,
            "listmonk does not write who left a list: export with the subscription status "
            "\"confirmed\" or \"unconfirmed\", so that nobody who left is in the file");
    return list_tool_lists_check(reader, error);
}

static bool status_take(struct list_tool_reader *reader, struct error *error)
{
    const char *status = list_tool_cell(reader, LIST_STATE);
    if (strcasecmp(list_tool_cell(reader, SUBSCRIPTION_STATUS), "unsubscribed") == 0) {
        list_tool_set(reader, LIST_STATE, "unsubscribed");
        return true;
    }
    if (*status == '\0' || strcasecmp(status, "enabled") == 0)
        return true;
    if (strcasecmp(status, "blocklisted") != 0 && strcasecmp(status, "blacklisted") != 0 &&
        strcasecmp(status, "disabled") != 0)
        return error_set(error, ERROR_INPUT,
                         "the status \"%.40s\" is none of listmonk's" ERROR_ADVICE
                         "write enabled, disabled or "
                         "blocklisted",
                         status);
    list_tool_set(reader, LIST_STATE, "unsubscribed");
    return true;
}

static enum list_result listmonk_next(struct list_tool_reader *reader, struct error *error)
{
    enum list_result result = list_tool_row_read(reader, error);
    if (result != LIST_RECORD)
        return result;
    const char *created = list_tool_cell(reader, CREATED_AT);
    list_tool_set(reader, LIST_ADDRESS, list_tool_cell(reader, LIST_ADDRESS));
    list_tool_set(reader, LIST_LANGUAGE, list_tool_cell(reader, LIST_LANGUAGE));
    list_tool_set(reader, LIST_CADENCE, list_tool_cell(reader, LIST_CADENCE));
    list_tool_evidence_add(reader, "status", list_tool_cell(reader, LIST_STATE));
    list_tool_evidence_add(reader, "subscription", list_tool_cell(reader, SUBSCRIPTION_STATUS));
    list_tool_evidence_add(reader, "created", created);
    list_tool_evidence_add(reader, "evidence", list_tool_cell(reader, LIST_EVIDENCE));
    list_tool_confirmed_set(reader, created);
    if (!status_take(reader, error))
        return LIST_MALFORMED;
    if (reader->values[LIST_STATE].length)
        return LIST_RECORD;
    if (reader->position[LIST_FEEDS] < 0)
        list_tool_feeds_set_all(reader);
    else if (!list_tool_feeds_set(reader, list_tool_cell(reader, LIST_FEEDS), error))
        return LIST_MALFORMED;
    return LIST_RECORD;
}

const struct list_tool list_tool_listmonk = {
    .name = "listmonk",
    .title = "listmonk",
    .is_table = true,
    .begin = listmonk_begin,
    .next = listmonk_next,
};
