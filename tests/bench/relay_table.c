/* SPDX-License-Identifier: MIT */
#include "base/log.h"
#include "net/net.h"

#include "unit/delivery/relay_simulation.h"

#include <errno.h>

/* relay_table: prints, as Markdown, how mailings go to relays that take so much in so much time
 * (tests/unit/delivery/relay_simulation.h). The clock is simulated: the table is the same on every
 * machine, but for a few messages that happen to be under way. */

static bool open_store(const char *folder, struct database **database, struct error *error)
{
    static const struct database_schema *const schemas[] = { &subscriber_tables_schema,
                                                             &queue_schema };
    char path[128];
    (void)snprintf(path, sizeof path, "%s/pressroom.db", folder);
    int directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct database_settings settings = { .path = path, .state_directory = directory };
    *database = database_open(&settings, error);
    return *database && database_migrate(*database, schemas, 2, error);
}

static bool print_case(const struct simulated_case *tried, struct error *error)
{
    char folder[] = "/tmp/pressroom-relays-XXXXXX";
    char command[64];
    struct database *database = NULL;
    struct simulation simulation = { .limit = &tried->limit,
                                     .people = tried->people,
                                     .ideal_ms = tried->ideal_ms };
    if (!mkdtemp(folder))
        return error_set_errno(error, ERROR_SYSTEM, errno, "%s", folder);
    bool done = open_store(folder, &database, error) && simulate(&simulation, database, error);
    database_close(database);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", folder);
    done = system(command) == 0 && done; /* NOLINT(cert-env33-c,concurrency-mt-unsafe) */
    if (!done)
        return false;
    (void)printf("| %s | %d | %d | %d | %d.%02d | %d (%d.%d %%) | %d | %d |\n", tried->limit.name,
                 (int)simulation.sent, (int)(tried->ideal_ms / 1000),
                 (int)(simulation.passed_ms / 1000), (int)(simulation.passed_ms / tried->ideal_ms),
                 (int)(simulation.passed_ms % tried->ideal_ms * 100 / tried->ideal_ms),
                 simulation.refused, simulation.refused * 100 / tried->people,
                 simulation.refused * 1000 / tried->people % 10, (int)simulation.failed,
                 simulation.relay.connections);
    return true;
}

int main(void)
{
    struct error error = { 0 };
    log_set_level(LOG_ERROR);
    if (!net_initialize(&error))
        goto failed;
    (void)printf("| relay | people | s at best | s | ratio | refused transmissions | failed | "
                 "connections |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n");
    for (size_t i = 0; i < sizeof simulated_cases / sizeof simulated_cases[0]; i++) {
        if (!print_case(&simulated_cases[i], &error))
            goto failed;
    }
    return 0;
failed:
    (void)fprintf(stderr, "relay_table: %s\n", error.message);
    return 1;
}
