/* SPDX-License-Identifier: MIT */
#include "list/tool_reader.h"

#include "base/error.h"

#include <string.h>
#include <strings.h>

/* Audience → Export: subscribed_…, unsubscribed_…, cleaned_… and nonsubscribed_…csv. CONFIRM_TIME
 * is when the person confirmed, OPTIN_TIME when the form was sent; who left has UNSUB_TIME, who
 * bounced for good has CLEAN_TIME. Who never subscribed may have CONFIRM_TIME too, so that only the
 * file's name says it. What a newsroom asks beyond that (groups) has columns of its own. */
enum {
    OPTIN_TIME = LIST_KEY_COUNT,
    OPTIN_IP,
    CONFIRM_IP,
    UNSUB_TIME,
    UNSUB_CAMPAIGN,
    UNSUB_REASON,
    CLEAN_TIME,
    CLEAN_CAMPAIGN
};

static const struct list_tool_column columns[] = {
    { "Email Address", LIST_ADDRESS },
    { "Email", LIST_ADDRESS },
    { "E-mail Address", LIST_ADDRESS },
    { "TAGS", LIST_FEEDS },
    { "CONFIRM_TIME", LIST_CONFIRMED_AT },
    { "Status", LIST_STATE },
    { "Email Marketing Status", LIST_STATE },
    { "MC_LANGUAGE", LIST_LANGUAGE },
    { "OPTIN_TIME", OPTIN_TIME },
    { "OPTIN_IP", OPTIN_IP },
    { "CONFIRM_IP", CONFIRM_IP },
    { "UNSUB_TIME", UNSUB_TIME },
    { "UNSUB_CAMPAIGN_TITLE", UNSUB_CAMPAIGN },
    { "UNSUB_REASON", UNSUB_REASON },
    { "CLEAN_TIME", CLEAN_TIME },
    { "CLEAN_CAMPAIGN_TITLE", CLEAN_CAMPAIGN },
    { "First Name", LIST_TOOL_NO_USE },
    { "Last Name", LIST_TOOL_NO_USE },
    { "Address", LIST_TOOL_NO_USE },
    { "Phone Number", LIST_TOOL_NO_USE },
    { "Birthday", LIST_TOOL_NO_USE },
    { "MEMBER_RATING", LIST_TOOL_NO_USE },
    { "LATITUDE", LIST_TOOL_NO_USE },
    { "LONGITUDE", LIST_TOOL_NO_USE },
    { "GMTOFF", LIST_TOOL_NO_USE },
    { "DSTOFF", LIST_TOOL_NO_USE },
    { "TIMEZONE", LIST_TOOL_NO_USE },
    { "CC", LIST_TOOL_NO_USE },
    { "REGION", LIST_TOOL_NO_USE },
    { "LAST_CHANGED", LIST_TOOL_NO_USE },
    { "LEID", LIST_TOOL_NO_USE },
    { "EUID", LIST_TOOL_NO_USE },
    { "NOTES", LIST_TOOL_NO_USE },
    { "EMAIL_TYPE", LIST_TOOL_NO_USE },
    { "UNSUB_CAMPAIGN_ID", LIST_TOOL_NO_USE },
    { "UNSUB_REASON_OTHER", LIST_TOOL_NO_USE },
    { "SMS Marketing Status", LIST_TOOL_NO_USE },
    { "CLEAN_CAMPAIGN_ID", LIST_TOOL_NO_USE },
    { NULL, LIST_TOOL_NO_USE },
};

static bool mailchimp_begin(struct list_tool_reader *reader, struct error *error)
{
    return list_tool_header_read(reader, columns, error) && list_tool_lists_check(reader, error);
}

static bool cell_is_one_of(const char *cell, const char *const *words)
{
    for (; *words; words++)
        if (strcasecmp(cell, *words) == 0)
            return true;
    return false;
}

/* Whether the reason is a complaint: Mailchimp's words for it, and the person's. */
static bool reason_is_complaint(const char *reason)
{
    return strcasestr(reason, "abuse") || strcasestr(reason, "complain") ||
           strcasecmp(reason, "SPAM") == 0;
}

static bool has_time(const struct list_tool_reader *reader, int field)
{
    const char *time = list_tool_cell(reader, field);
    return *time && strncmp(time, "0000-00-00", 10) != 0;
}

/* What the file's name says of everybody in it; "" where it says nothing. */
static const char *status_of_file(const struct list_tool_reader *reader)
{
    static const struct {
        const char *part; /* anywhere in the name, because a copy may begin otherwise and a newsroom
                             may add words of its own */
        const char *status;
    } names[] = {
        { "unsubscribed", "unsubscribed" },
        { "nonsubscribed", "nonsubscribed" },
        { "non-subscribed", "nonsubscribed" },
        { "non_subscribed", "nonsubscribed" },
        { "cleaned_", "cleaned" },
    };

    const char *file = reader->settings.file ? reader->settings.file : "";
    const char *slash = strrchr(file, '/');
    const char *name = slash ? slash + 1 : file;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcasestr(name, names[i].part))
            return names[i].status;
    return strncasecmp(name, "cleaned", strlen("cleaned")) == 0 ? "cleaned" : "";
}

static const char *status_of(const struct list_tool_reader *reader)
{
    const char *status = status_of_file(reader);
    return *status ? status : list_tool_cell(reader, LIST_STATE);
}

/* The state because of which the person must not be mailed; NULL: there is none. */
static const char *state_out(const struct list_tool_reader *reader)
{
    static const char *const bounced[] = { "cleaned", NULL };
    static const char *const left[] = { "unsubscribed", NULL };
    const char *status = status_of(reader);
    const char *reason = list_tool_cell(reader, UNSUB_REASON);
    if (reason_is_complaint(reason))
        return "complained";
    if (has_time(reader, CLEAN_TIME) || *list_tool_cell(reader, CLEAN_CAMPAIGN) ||
        cell_is_one_of(status, bounced))
        return "bounced";
    if (has_time(reader, UNSUB_TIME) || *list_tool_cell(reader, UNSUB_CAMPAIGN) || *reason ||
        cell_is_one_of(status, left))
        return "unsubscribed";
    return NULL;
}

/* The state of a person who is not out: confirmed where Mailchimp has the time and its status does
 * not contradict it. */
static bool state_in_take(struct list_tool_reader *reader, struct error *error)
{
    static const char *const subscribed[] = { "", "subscribed", NULL };
    static const char *const asked[] = { "non-subscribed",
                                         "nonsubscribed",
                                         "non_subscribed",
                                         "not subscribed",
                                         "transactional",
                                         "pending",
                                         NULL };
    const char *status = status_of(reader);
    if (cell_is_one_of(status, asked))
        list_tool_set(reader, LIST_STATE, "pending");
    else if (!cell_is_one_of(status, subscribed))
        return error_set(error, ERROR_INPUT,
                         "the status \"%.40s\" is not taken over" ERROR_ADVICE "write subscribed, "
                         "non-subscribed, unsubscribed or cleaned, or leave the column out with "
                         "--map NAME=none",
                         status);
    else if (has_time(reader, LIST_CONFIRMED_AT))
        list_tool_set(reader, LIST_STATE, "confirmed");
    return true;
}

static void evidence_set(struct list_tool_reader *reader)
{
    list_tool_evidence_add(reader, "OPTIN_TIME", list_tool_cell(reader, OPTIN_TIME));
    list_tool_evidence_add(reader, "OPTIN_IP", list_tool_cell(reader, OPTIN_IP));
    list_tool_evidence_add(reader, "CONFIRM_TIME", list_tool_cell(reader, LIST_CONFIRMED_AT));
    list_tool_evidence_add(reader, "CONFIRM_IP", list_tool_cell(reader, CONFIRM_IP));
    list_tool_evidence_add(reader, "UNSUB_TIME", list_tool_cell(reader, UNSUB_TIME));
    list_tool_evidence_add(reader, "UNSUB_REASON", list_tool_cell(reader, UNSUB_REASON));
    list_tool_evidence_add(reader, "CLEAN_TIME", list_tool_cell(reader, CLEAN_TIME));
    list_tool_evidence_add(reader, "status", status_of(reader));
    list_tool_evidence_add(reader, "evidence", list_tool_cell(reader, LIST_EVIDENCE));
}

static enum list_result mailchimp_next(struct list_tool_reader *reader, struct error *error)
{
    enum list_result result = list_tool_row_read(reader, error);
    if (result != LIST_RECORD)
        return result;
    list_tool_set(reader, LIST_ADDRESS, list_tool_cell(reader, LIST_ADDRESS));
    list_tool_set(reader, LIST_LANGUAGE, list_tool_cell(reader, LIST_LANGUAGE));
    list_tool_set(reader, LIST_CADENCE, list_tool_cell(reader, LIST_CADENCE));
    evidence_set(reader);
    const char *out = state_out(reader);
    if (out) {
        list_tool_set(reader, LIST_STATE, out);
        return LIST_RECORD;
    }
    bool has_confirmed = has_time(reader, LIST_CONFIRMED_AT);
    list_tool_confirmed_set(reader,
                            list_tool_cell(reader, has_confirmed ? LIST_CONFIRMED_AT : OPTIN_TIME));
    if (!state_in_take(reader, error))
        return LIST_MALFORMED;
    if (reader->position[LIST_FEEDS] < 0)
        list_tool_feeds_set_all(reader);
    else if (!list_tool_feeds_set(reader, list_tool_cell(reader, LIST_FEEDS), error))
        return LIST_MALFORMED;
    return LIST_RECORD;
}

const struct list_tool list_tool_mailchimp = {
    .name = "mailchimp",
    .title = "Mailchimp",
    .is_table = true,
    .begin = mailchimp_begin,
    .next = mailchimp_next,
};
