/* Loaded before the C library: counts the calls that write, sync or open for writing below one folder,
 * and fails the Nth of them, or every one from the Nth on. Armed by `faults_arm`; until then it only passes on. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WRITE = 1, SYNC = 2, OPEN = 4 };

static char folder[PATH_MAX];
static int kinds, error_number, from_then_on;
static long failing, seen;

void faults_arm(const char *below, int which, long nth, int number, int sticky) {
    snprintf(folder, sizeof folder, "%s", below);
    error_number = number;
    from_then_on = sticky;
    failing = nth;
    seen = 0;
    kinds = which;
}

void faults_disarm(void) { kinds = 0; }

long faults_seen(void) { return __atomic_load_n(&seen, __ATOMIC_SEQ_CST); }

static int fails(int kind, const char *path) {
    if (!(kinds & kind) || strncmp(path, folder, strlen(folder)) != 0) return 0;
    long number = __atomic_add_fetch(&seen, 1, __ATOMIC_SEQ_CST);
    if (number != failing && !(from_then_on && number > failing)) return 0;
    errno = error_number;
    return 1;
}

static int fails_on(int kind, int descriptor) {
    if (!(kinds & kind)) return 0;
    char name[64], path[PATH_MAX];
    snprintf(name, sizeof name, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(name, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return fails(kind, path);
}

#define REAL(name) \
    static __typeof__(name) *real; \
    if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

#define ON_DESCRIPTOR(kind, type, name, given, passed) \
    type name given { REAL(name); return fails_on(kind, fd) ? -1 : real passed; }

ON_DESCRIPTOR(WRITE, ssize_t, write, (int fd, const void *from, size_t count), (fd, from, count))
ON_DESCRIPTOR(WRITE, ssize_t, pwrite, (int fd, const void *from, size_t count, off_t at), (fd, from, count, at))
ON_DESCRIPTOR(WRITE, ssize_t, pwrite64, (int fd, const void *from, size_t count, off64_t at), (fd, from, count, at))
ON_DESCRIPTOR(WRITE, ssize_t, writev, (int fd, const struct iovec *from, int count), (fd, from, count))
ON_DESCRIPTOR(WRITE, int, ftruncate, (int fd, off_t length), (fd, length))
ON_DESCRIPTOR(WRITE, int, ftruncate64, (int fd, off64_t length), (fd, length))
ON_DESCRIPTOR(SYNC, int, fsync, (int fd), (fd))
ON_DESCRIPTOR(SYNC, int, fdatasync, (int fd), (fd))

int rename(const char *from, const char *to) {
    REAL(rename);
    return fails(WRITE, to) ? -1 : real(from, to);
}

#define OPENS(name) \
    int name(const char *path, int flags, ...) { \
        REAL(name); \
        va_list more; \
        va_start(more, flags); \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0; \
        va_end(more); \
        int writes = (flags & O_ACCMODE) != O_RDONLY; \
        return writes && fails(OPEN, path) ? -1 : real(path, flags, mode); \
    }

OPENS(open)
OPENS(open64)
