/* SPDX-License-Identifier: MIT */
#include "net/smtp.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever a relay says, every message that goes in comes out once, and none is told to be accepted
 * whose dot was not released. */
struct count {
    int added;
    int done;
    int released;
    int accepted;
};

static void take(struct count *count, enum smtp_event event, const struct smtp_result *result)
{
    if (event != SMTP_EVENT_RESULT)
        return;
    count->done++;
    count->accepted += result->kind == SMTP_RESULT_ACCEPTED;
}

static void fill(struct smtp_transaction *transaction, struct count *count)
{
    while (count->added < 1000 && smtp_transaction_wants_message(transaction)) {
        struct smtp_message message = { .sender = "presse+1@nordhav.example",
                                        .recipient = "a@nordhav.example",
                                        .data = "a: b\r\n\r\nc\r\n",
                                        .length = 11,
                                        .owner = count };
        struct smtp_result result;
        if (!smtp_transaction_add(transaction, &message, &result))
            break;
        count->added++;
    }
}

/* data[0]: capabilities; data[1]: size of pieces, and how much is written at once. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    struct smtp_capabilities capabilities = { .pipelining = data[0] & 1,
                                              .dsn = data[0] & 2,
                                              .size = data[0] & 4 };
    size_t piece = (size_t)data[1] + 1;
    struct smtp_transaction *transaction = smtp_transaction_new(
        &capabilities, data[0] & 8 ? SMTP_PIPELINING_ENVELOPE : SMTP_PIPELINING_MESSAGES);
    struct count count = { 0 };
    struct smtp_result result;
    enum smtp_event event = SMTP_EVENT_NONE;
    for (size_t at = 2; at < size && event != SMTP_EVENT_BROKEN;) {
        fill(transaction, &count);
        struct smtp_piece pieces[SMTP_PIECES_MAXIMUM];
        size_t length = 0;
        for (size_t i = smtp_transaction_output(transaction, pieces); i-- > 0;)
            length += pieces[i].length;
        smtp_transaction_written(transaction, data[0] & 16 && length > piece ? piece : length);
        size_t chunk = size - at < piece ? size - at : piece;
        size_t used = 0;
        event = smtp_transaction_receive(transaction, (const char *)data + at, chunk, &used,
                                         &result);
        at += used;
        take(&count, event, &result);
        if (event == SMTP_EVENT_READY) {
            fill(transaction, &count);
            smtp_transaction_release(transaction);
            count.released++;
        }
        (void)smtp_transaction_timeout_ms(transaction);
    }
    while (smtp_transaction_abandon(transaction, &result))
        take(&count, SMTP_EVENT_RESULT, &result);
    assert(count.done == count.added);
    assert(count.accepted <= count.released);
    assert(smtp_transaction_is_idle(transaction));
    smtp_transaction_free(transaction);
    return 0;
}
