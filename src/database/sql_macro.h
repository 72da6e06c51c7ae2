/* SPDX-License-Identifier: MIT */
#ifndef DATABASE_SQL_MACRO_H
#define DATABASE_SQL_MACRO_H

/* SQL macros: a name between two @ stands for the text behind it, in statements and migrations
 * alike. They are put in when a statement is prepared, so that they cost nothing afterwards. The
 * backends' own have small letters (database.h); a module's have capitals, mostly the very names of
 * its enumerators, so that SQL and C say the same word for a number that stands in the store. One
 * list makes both:
 *
 *   #define THING_STATES(X) X(THING_NEW, 0) X(THING_SOLD, 1) X(THING_LOST, 2)
 *   enum thing_state { THING_STATES(SQL_ENUMERATOR) };
 *   static const struct sql_macro macros[] = { THING_STATES(SQL_MACRO)
 *                                              { "THING_GONE", "@THING_SOLD@, @THING_LOST@" },
 *                                              { NULL, NULL } };
 *
 * and then "SELECT … WHERE state IN (@THING_GONE@)". */
struct sql_macro {
    const char *name;
    const char *text; /* may hold macros, but no circle of them */
};

#define SQL_ENUMERATOR(name, number) name = (number),
#define SQL_MACRO(name, number) { #name, #number },

/* The same of a list that has a third, the word that stands for it outside:
 *
 *   #define THING_STATES(X) X(THING_NEW, 0, "new") X(THING_SOLD, 1, "sold")
 *   static const char *const names[] = { THING_STATES(SQL_NAME) }; */
#define SQL_NAMED_ENUMERATOR(name, number, word) name = (number),
#define SQL_NAMED_MACRO(name, number, word) { #name, #number },
#define SQL_NAME(name, number, word) [number] = (word),

#endif
