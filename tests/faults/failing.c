/* Loaded before the C library: counts the calls that write, sync, open, read or remove below one folder, and
 * fails the Nth of them, or every one from the Nth on; or ends the process there as a SIGKILL does, with half
 * of what is written on the disk. Armed by `faults_arm`; until then it only passes on. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

/* OPEN is to write, ANY_OPEN also to read; BYTES counts those written to WARC files, and kills at the Nth. */
enum { WRITE = 1, SYNC = 2, OPEN = 4, READ = 8, ANY_OPEN = 16, REMOVE = 32, BYTES = 64 };

static char folder[PATH_MAX];
static int kinds, error_number, from_then_on;
static long failing, seen;

void faults_arm(const char *below, int which, long nth, int number, int sticky) {
    snprintf(folder, sizeof folder, "%s/", below);
    error_number = number;
    from_then_on = sticky;
    failing = nth;
    seen = 0;
    kinds = which;
}

void faults_disarm(void) { kinds = 0; }

long faults_seen(void) { return __atomic_load_n(&seen, __ATOMIC_SEQ_CST); }

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

static int is_met(int kind, const char *path) {
    if (!(kinds & kind) || strncmp(path, folder, strlen(folder)) != 0) return 0;
    long number = __atomic_add_fetch(&seen, 1, __ATOMIC_SEQ_CST);
    return number == failing || (from_then_on && number > failing);
}

static int fails(int kind, const char *path) {
    if (!is_met(kind, path)) return 0;
    if (!error_number) die();
    errno = error_number;
    return 1;
}

static int named(int descriptor, char path[PATH_MAX]) {
    char name[64];
    snprintf(name, sizeof name, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(name, path, PATH_MAX - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return 1;
}

static int fails_on(int kind, int descriptor) {
    char path[PATH_MAX];
    return (kinds & kind) && named(descriptor, path) && fails(kind, path);
}

#define REAL(name) \
    static __typeof__(name) *real; \
    if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

static ssize_t put(int fd, const void *from, size_t count, off_t at) {
    static __typeof__(write) *real_write;
    static __typeof__(pwrite) *real_pwrite;
    if (!real_write) real_write = (__typeof__(write) *)dlsym(RTLD_NEXT, "write");
    if (!real_pwrite) real_pwrite = (__typeof__(pwrite) *)dlsym(RTLD_NEXT, "pwrite");
    return at < 0 ? real_write(fd, from, count) : real_pwrite(fd, from, count, at);
}

static int is_warc(const char *path) {
    size_t length = strlen(path);
    return length > 8 && strcmp(path + length - 8, ".warc.gz") == 0;
}

/* Every write of bytes: passed on, failed, or begun and killed. */
static ssize_t written(int fd, const void *from, size_t count, off_t at) {
    char path[PATH_MAX];
    if (!(kinds & (WRITE | BYTES)) || !named(fd, path)) return put(fd, from, count, at);
    if ((kinds & BYTES) && is_warc(path)) {
        long before = __atomic_fetch_add(&seen, (long)count, __ATOMIC_SEQ_CST);
        if (before < failing && failing <= before + (long)count) {
            put(fd, from, failing - before, at);
            die();
        }
    }
    if (!is_met(WRITE, path)) return put(fd, from, count, at);
    if (!error_number) {
        put(fd, from, count / 2, at);
        die();
    }
    errno = error_number;
    return -1;
}

ssize_t write(int fd, const void *from, size_t count) { return written(fd, from, count, -1); }
ssize_t pwrite(int fd, const void *from, size_t count, off_t at) { return written(fd, from, count, at); }
ssize_t pwrite64(int fd, const void *from, size_t count, off64_t at) { return written(fd, from, count, at); }

#define ON_DESCRIPTOR(kind, type, name, given, passed) \
    type name given { REAL(name); return fails_on(kind, fd) ? -1 : real passed; }

ON_DESCRIPTOR(WRITE, ssize_t, writev, (int fd, const struct iovec *from, int count), (fd, from, count))
ON_DESCRIPTOR(WRITE, ssize_t, sendfile, (int fd, int from, off_t *at, size_t count), (fd, from, at, count))
ON_DESCRIPTOR(WRITE, ssize_t, sendfile64, (int fd, int from, off64_t *at, size_t count), (fd, from, at, count))
ON_DESCRIPTOR(WRITE, int, ftruncate, (int fd, off_t length), (fd, length))
ON_DESCRIPTOR(WRITE, int, ftruncate64, (int fd, off64_t length), (fd, length))
ON_DESCRIPTOR(SYNC, int, fsync, (int fd), (fd))
ON_DESCRIPTOR(SYNC, int, fdatasync, (int fd), (fd))
ON_DESCRIPTOR(READ, ssize_t, read, (int fd, void *into, size_t count), (fd, into, count))
ON_DESCRIPTOR(READ, ssize_t, pread, (int fd, void *into, size_t count, off_t at), (fd, into, count, at))
ON_DESCRIPTOR(READ, ssize_t, pread64, (int fd, void *into, size_t count, off64_t at), (fd, into, count, at))

#define ON_PATH(kind, name, given, path, passed) \
    int name given { REAL(name); return fails(kind, path) ? -1 : real passed; }

ON_PATH(WRITE, rename, (const char *from, const char *to), to, (from, to))
ON_PATH(WRITE, link, (const char *from, const char *to), to, (from, to))
ON_PATH(WRITE, mkdir, (const char *path, mode_t mode), path, (path, mode))
ON_PATH(REMOVE, unlink, (const char *path), path, (path))
ON_PATH(REMOVE, rmdir, (const char *path), path, (path))

#define OPENS(name) \
    int name(const char *path, int flags, ...) { \
        REAL(name); \
        va_list more; \
        va_start(more, flags); \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0; \
        va_end(more); \
        int writes = (flags & O_ACCMODE) != O_RDONLY; \
        return (writes && fails(OPEN, path)) || fails(ANY_OPEN, path) ? -1 : real(path, flags, mode); \
    }

OPENS(open)
OPENS(open64)
