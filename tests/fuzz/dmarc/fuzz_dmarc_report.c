/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "base/string_builder.h"
#include "confined/packet.h"
#include "dmarc/dmarc.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever a report is made of, what is understood is within its bounds, and the parent takes it.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = { 0 };
    struct string_builder bytes;
    struct packet packet;
    const struct dmarc_report *report = dmarc_report_read(&arena, data, size);
    string_builder_init(&bytes, 0);
    dmarc_report_put(&bytes, report);
    packet_init(&packet, bytes.data, bytes.length);
    const struct dmarc_report *taken = dmarc_report_take(&packet, &arena);
    assert(packet_is_good(&packet));
    assert(!report == !taken);
    if (report) {
        assert(report->begin_at > 0 && report->begin_at <= report->end_at);
        assert(strcmp(report->identity, taken->identity) == 0);
    }
    /* As a packet of a process that was taken over. */
    packet_init(&packet, data, size);
    (void)dmarc_report_take(&packet, &arena);
    string_builder_release(&bytes);
    arena_release(&arena);
    return 0;
}
