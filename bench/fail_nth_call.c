/* Preloaded into a process, it lets the n-th call that changes a file fail: FAIL_CALL=n, FAIL_ERRNO=28 (ENOSPC).
   Counted are write, writev, fsync, rename, mkdir and link of regular files and folders, in the order of the calls. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long calls;

static int fails(void) {
  const char *wanted = getenv("FAIL_CALL");
  if (!wanted || atomic_fetch_add(&calls, 1) + 1 != atol(wanted)) return 0;
  const char *code = getenv("FAIL_ERRNO");
  errno = code ? atoi(code) : ENOSPC;
  return 1;
}

static int is_file(int descriptor) {
  struct stat facts;
  return fstat(descriptor, &facts) == 0 && (S_ISREG(facts.st_mode) || S_ISDIR(facts.st_mode));
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int descriptor, const void *bytes, size_t count) {
  return is_file(descriptor) && fails() ? -1 : REAL(write)(descriptor, bytes, count);
}
ssize_t writev(int descriptor, const struct iovec *parts, int count) {
  return is_file(descriptor) && fails() ? -1 : REAL(writev)(descriptor, parts, count);
}
int fsync(int descriptor) { return is_file(descriptor) && fails() ? -1 : REAL(fsync)(descriptor); }
int rename(const char *from, const char *to) { return fails() ? -1 : REAL(rename)(from, to); }
int mkdir(const char *path, mode_t mode) { return fails() ? -1 : REAL(mkdir)(path, mode); }
int link(const char *from, const char *to) { return fails() ? -1 : REAL(link)(from, to); }
