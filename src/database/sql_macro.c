/* SPDX-License-Identifier: MIT */
#include "database/sql_macro.h"

#include "database/connection.h"
#include "database/database.h"

#include <assert.h>

/* A store may be brought up in several calls, and by the same schema again. */
static void macros_add(struct database *database, const struct sql_macro *macros)
{
    for (size_t i = 0; i < database->macro_lists; i++)
        if (database->macros[i] == macros)
            return;
    assert(database->macro_lists < SCHEMAS_MAXIMUM);
    database->macros[database->macro_lists++] = macros;
}

void schemas_add_macros(struct database *database, const struct database_schema *const *schemas,
                        size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (schemas[i]->macros)
            macros_add(database, schemas[i]->macros);
}
