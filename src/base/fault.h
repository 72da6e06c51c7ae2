/* SPDX-License-Identifier: MIT */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

/* A named point at which a crash story kills the process: PRESSROOM_FAULT=NAME or NAME:COUNT (die
 * at the COUNT-th pass) sends SIGKILL to itself there, or with
 * PRESSROOM_FAULT_STOPS=1 SIGSTOP, so that a test can look at what the process holds. Only with
 * PRESSROOM_TEST_HOOKS; nothing otherwise. */
#ifdef PRESSROOM_TEST_HOOKS
void fault_point(const char *name);
#else
static inline void fault_point(const char *name)
{
    (void)name;
}
#endif

#endif
