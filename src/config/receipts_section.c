/* SPDX-License-Identifier: MIT */
#include "config/loading.h"

#include "address/address.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/nearest.h"
#include "receipt/receipt.h"

#include <string.h>

/* "Anna Holm <anna@nordhav.example>": what is shown of who may say yes is the name. */
static const struct address *parse(struct loading *loading, const char *text, const char **name,
                                   struct error *error)
{
    *name = NULL;
    return strchr(text, '<') ? address_parse_display(loading->arena, text, name, error)
                             : address_parse(loading->arena, text, strlen(text), error);
}

/* A message's header holds no letters beyond ASCII before the @ unless every server on the way
 * takes them. */
static const char *read_address(struct loading *loading, const struct yaml_node *item,
                                const char *key, const char **name)
{
    struct error error;
    const char *text = item->text ? item->text : "";
    const struct address *address = parse(loading, text, name, &error);
    if (address && !address->is_international)
        return address->typed;
    if (address)
        (void)error_set(&error, ERROR_INPUT,
                        "“%s” has letters beyond a to z before the @; write an address without",
                        text);
    error_list_add(loading->problems, item->line, "“%s”: %s", key, error.message);
    return NULL;
}

const struct receipt_address *
loading_receipt_addresses(struct loading *loading, const struct yaml_node *mapping, const char *key)
{
    const struct yaml_node *item = NULL;
    struct receipt_address *first = NULL;
    struct receipt_address **link = &first;
    (void)yaml_read_list(loading->problems, mapping, key, &item);
    for (; item; item = item->next) {
        const char *name = NULL;
        const char *address = read_address(loading, item, key, &name);
        if (!address)
            continue;
        *link = arena_allocate(loading->arena, sizeof **link);
        **link = (struct receipt_address){ .address = address, .name = name };
        link = &(*link)->next;
    }
    return first;
}

/* ---- receipts.at ---- */

static void unknown_event(struct loading *loading, const struct yaml_node *item)
{
    const char *names[RECEIPT_EVENTS_AT + 1] = { NULL };
    for (int event = 1; event <= RECEIPT_EVENTS_AT; event++)
        names[event - 1] = receipt_event_name((enum receipt_event)event);
    const char *nearest = name_nearest(item->text, names);
    if (nearest)
        error_list_add(loading->problems, item->line, "“%s” in “at” is not known; did you mean %s?",
                       item->text, nearest);
    else
        error_list_add(
            loading->problems, item->line,
            "“%s” in “at” is not known; write some of dropped, held, public, 1h, 24h, refused, "
            "withdrawn",
            item->text);
}

static unsigned read_events(struct loading *loading, const struct yaml_node *receipts)
{
    unsigned events = 0;
    const struct yaml_node *item = NULL;
    if (!yaml_read_list(loading->problems, receipts, "at", &item))
        return (1U << (RECEIPT_EVENTS_AT + 1)) - 2;
    for (; item; item = item->next) {
        int event = 1;
        while (event <= RECEIPT_EVENTS_AT &&
               strcmp(item->text, receipt_event_name((enum receipt_event)event)) != 0)
            event++;
        if (event <= RECEIPT_EVENTS_AT)
            events |= 1U << event;
        else
            unknown_event(loading, item);
    }
    return events;
}

void loading_receipts(struct loading *loading, const struct yaml_node *receipts)
{
    static const char *const keys[] = { "to", "approvers", "operator", "at", NULL };
    struct receipt_settings *settings = &loading->config->receipt;
    yaml_check_keys(loading->problems, receipts, keys, NULL);
    settings->to = loading_receipt_addresses(loading, receipts, "to");
    settings->approvers = loading_receipt_addresses(loading, receipts, "approvers");
    settings->operators = loading_receipt_addresses(loading, receipts, "operator");
    settings->events = read_events(loading, receipts);
}

/* What is ready would wait for ever where nobody is asked, or nobody hears the answer. */
static void check_approval(struct loading *loading)
{
    const struct config *config = loading->config;
    if (!config->intake.needs_approval)
        return;
    if (!config->receipt.approvers)
        error_list_add(loading->problems, 0,
                       "“approval: required” in “intake” has nobody to ask" ERROR_ADVICE
                       "name one or more in “receipts” as “approvers: [somebody@example.org]”");
    if (!config->inbox.url)
        error_list_add(loading->problems, 0,
                       "“approval: required” in “intake” is answered by mail, and no mailbox is "
                       "read" ERROR_ADVICE "set “inbox” in “mail”");
}

/* The page that says who may say yes shows no address: of who has no name there, what stands before
 * the @. */
static const char *const *approver_names(const struct loading *loading)
{
    size_t count = 0;
    const struct receipt_address *approver = loading->config->receipt.approvers;
    for (; approver; approver = approver->next)
        count++;
    const char **names = arena_allocate_array(loading->arena, count + 1, sizeof *names);
    count = 0;
    for (approver = loading->config->receipt.approvers; approver; approver = approver->next)
        names[count++] = approver->name ? approver->name
                                        : arena_copy_bytes(loading->arena, approver->address,
                                                           strcspn(approver->address, "@"));
    names[count] = NULL;
    return names;
}

/* After all of newsroom.yaml: folders may have receivers of their own, and who reads no inbox hears
 * no reply. */
void loading_receipts_complete(struct loading *loading)
{
    struct config *config = loading->config;
    struct receipt_settings *settings = &config->receipt;
    settings->is_read = config->inbox.url != NULL;
    settings->is_wanted = settings->to || settings->approvers;
    for (const struct intake_container *folder = config->intake.containers; folder;
         folder = folder->next)
        settings->is_wanted = settings->is_wanted || folder->receipts;
    settings->resources = &config->resources;
    settings->announce = &config->announce;
    settings->intake = &config->intake;
    config->intake.notifies = settings->is_wanted;
    config->intake.hears = settings->is_wanted && settings->is_read;
    config->publish.notifies = settings->is_wanted;
    config->announce.notifies = settings->is_wanted;
    if (config->intake.needs_approval && settings->approvers)
        config->status_page.approvers = approver_names(loading);
    check_approval(loading);
}
