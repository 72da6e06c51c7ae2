/* SPDX-License-Identifier: MIT */
/* Preloaded: TCP_NODELAY on every connection, to measure a peer without the stall that Nagle's
 * algorithm and delayed acknowledgements give it. */
#include <dlfcn.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <sys/socket.h>

/* Under the library's name, in whose place it is called. */
int connect_without_delay(int descriptor, const struct sockaddr *address,
                          socklen_t length) __asm__("connect");

int connect_without_delay(int descriptor, const struct sockaddr *address, socklen_t length)
{
    static int (*next)(int, const struct sockaddr *, socklen_t);
    int on = 1;
    if (!next)
        *(void **)&next = dlsym(RTLD_NEXT, "connect");
    (void)setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return next(descriptor, address, length);
}
