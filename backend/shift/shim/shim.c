/* Answers the questions of a process for the time with the time of the machine and an offset. It is preloaded into the process by the dynamic
 * linker. The offset, and the moves that led to it, lie in a file that storecheck writes and the process maps. See clock.go for its layout. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <mqueue.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>
#include <utime.h>

#define SECOND 1000000000LL
#define MOST_MOVES 65535

struct move { int64_t at, offset; }; /* from this moment of the machine on, that of the date was this one; in nanoseconds */
struct clock {
  int64_t offset; /* of all clocks, in nanoseconds, never smaller than before */
  int64_t beside; /* of the date alone, in addition to that; smaller ones may follow */
  int64_t moves;  /* how many of the table count */
  struct move table[MOST_MOVES];
};

/* Before the constructor has run, or where the file is missing, the time is that of the machine. */
static const struct clock *shared;

static int64_t offset(void) { return shared ? __atomic_load_n(&shared->offset, __ATOMIC_ACQUIRE) : 0; }
static int64_t beside(void) { return shared ? __atomic_load_n(&shared->beside, __ATOMIC_ACQUIRE) : 0; }

/* A call of the kernel that needs nothing of libc: an allocator may ask for the time before libc is ready. */
static long kernel(long n, long a, long b, long c, long d, long e, long f) {
#if defined(__x86_64__)
  long result;
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  __asm__ volatile("syscall" : "=a"(result) : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9) : "rcx", "r11", "memory");
  return result;
#elif defined(__aarch64__)
  register long x8 __asm__("x8") = n;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  register long x4 __asm__("x4") = e;
  register long x5 __asm__("x5") = f;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
  return x0;
#else
#error "only amd64 and arm64 are known"
#endif
}

static long answer(long result) {
  if (result < 0 && result > -4096) {
    errno = (int)-result;
    return -1;
  }
  return result;
}

/* The functions of libc that stand behind those of this file. */
static int (*real_clock_gettime)(clockid_t, struct timespec *);
static int (*real_cond_timedwait)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
static int (*real_cond_clockwait)(pthread_cond_t *, pthread_mutex_t *, clockid_t, const struct timespec *);
static int (*real_mutex_timedlock)(pthread_mutex_t *, const struct timespec *);
static int (*real_mutex_clocklock)(pthread_mutex_t *, clockid_t, const struct timespec *);
static int (*real_rdlock)(pthread_rwlock_t *, const struct timespec *);
static int (*real_wrlock)(pthread_rwlock_t *, const struct timespec *);
static int (*real_sem_timedwait)(sem_t *, const struct timespec *);
static int (*real_sem_clockwait)(sem_t *, clockid_t, const struct timespec *);

__attribute__((constructor)) static void begin(void) {
  /* The clock and the waiting of all Node and server processes is behind these. A libc without one of them has nobody who calls it. */
#ifdef __GLIBC__
  real_cond_timedwait = dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2"); /* an older one waits on other structures */
#endif
  if (!real_cond_timedwait) real_cond_timedwait = dlsym(RTLD_NEXT, "pthread_cond_timedwait");
  real_cond_clockwait = dlsym(RTLD_NEXT, "pthread_cond_clockwait");
  real_mutex_timedlock = dlsym(RTLD_NEXT, "pthread_mutex_timedlock");
  real_mutex_clocklock = dlsym(RTLD_NEXT, "pthread_mutex_clocklock");
  real_rdlock = dlsym(RTLD_NEXT, "pthread_rwlock_timedrdlock");
  real_wrlock = dlsym(RTLD_NEXT, "pthread_rwlock_timedwrlock");
  real_sem_timedwait = dlsym(RTLD_NEXT, "sem_timedwait");
  real_sem_clockwait = dlsym(RTLD_NEXT, "sem_clockwait");
  real_clock_gettime = dlsym(RTLD_NEXT, "clock_gettime"); /* which asks no kernel, and is fast */

  const char *path = getenv("STORECHECK_CLOCK");
  if (!path) return;
  long fd = kernel(SYS_openat, AT_FDCWD, (long)path, O_RDONLY | O_CLOEXEC, 0, 0, 0);
  if (fd < 0) return;
  void *map = mmap(NULL, sizeof(struct clock), PROT_READ, MAP_SHARED, (int)fd, 0);
  kernel(SYS_close, fd, 0, 0, 0, 0, 0);
  if (map != MAP_FAILED) shared = map;
}

static void add(struct timespec *t, int64_t by) {
  t->tv_sec += by / SECOND;
  t->tv_nsec += by % SECOND;
  if (t->tv_nsec >= SECOND) t->tv_nsec -= SECOND, t->tv_sec++;
  if (t->tv_nsec < 0) t->tv_nsec += SECOND, t->tv_sec--;
}

/* The clocks of a process or of a thread count work, and are not moved. */
static int moved(clockid_t c) {
  switch (c) {
  case CLOCK_REALTIME: case CLOCK_REALTIME_COARSE: case CLOCK_REALTIME_ALARM: case CLOCK_TAI:
  case CLOCK_MONOTONIC: case CLOCK_MONOTONIC_COARSE: case CLOCK_MONOTONIC_RAW: case CLOCK_BOOTTIME: case CLOCK_BOOTTIME_ALARM:
    return 1;
  }
  return 0;
}

/* Whether a clock shows the date. */
static int dates(clockid_t c) { return c == CLOCK_REALTIME || c == CLOCK_REALTIME_COARSE || c == CLOCK_REALTIME_ALARM || c == CLOCK_TAI; }

/* ---- What time is it? ---- */

int clock_gettime(clockid_t c, struct timespec *t) {
  int result = real_clock_gettime ? real_clock_gettime(c, t) : (int)answer(kernel(SYS_clock_gettime, c, (long)t, 0, 0, 0, 0));
  if (result == 0 && moved(c)) add(t, offset());
  if (result == 0 && dates(c)) add(t, beside());
  return result;
}

int gettimeofday(struct timeval *restrict v, void *restrict zone) {
  (void)zone;
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  v->tv_sec = t.tv_sec, v->tv_usec = t.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *p) {
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  if (p) *p = t.tv_sec;
  return t.tv_sec;
}

int timespec_get(struct timespec *t, int base) {
  if (base != TIME_UTC) return 0;
  clock_gettime(CLOCK_REALTIME, t);
  return base;
}

/* ---- Wait until then: the moment was made of the moved clock, and the kernel waits by its own. ---- */

/* Whether a moment is a date, where nobody says by which clock it was made: it is nearest to that one. */
static int is_date(const struct timespec *until) {
  struct timespec date, since;
  clock_gettime(CLOCK_REALTIME, &date), clock_gettime(CLOCK_MONOTONIC, &since);
  return llabs((int64_t)until->tv_sec - date.tv_sec) < llabs((int64_t)until->tv_sec - since.tv_sec);
}

static const struct timespec *before(const struct timespec *until, struct timespec *by) {
  if (!until) return NULL;
  *by = *until;
  if (beside() && is_date(until)) add(by, -beside());
  add(by, -offset());
  if (by->tv_sec < 0) by->tv_sec = by->tv_nsec = 0; /* long ago, which is not an error */
  return by;
}

int pthread_cond_timedwait(pthread_cond_t *restrict c, pthread_mutex_t *restrict m, const struct timespec *restrict until) {
  struct timespec t;
  return real_cond_timedwait(c, m, before(until, &t));
}

int pthread_cond_clockwait(pthread_cond_t *c, pthread_mutex_t *m, clockid_t k, const struct timespec *until) {
  struct timespec t;
  return real_cond_clockwait(c, m, k, before(until, &t));
}

int pthread_mutex_timedlock(pthread_mutex_t *restrict m, const struct timespec *restrict until) {
  struct timespec t;
  return real_mutex_timedlock(m, before(until, &t));
}

int pthread_mutex_clocklock(pthread_mutex_t *m, clockid_t k, const struct timespec *until) {
  struct timespec t;
  return real_mutex_clocklock(m, k, before(until, &t));
}

int pthread_rwlock_timedrdlock(pthread_rwlock_t *restrict l, const struct timespec *restrict until) {
  struct timespec t;
  return real_rdlock(l, before(until, &t));
}

int pthread_rwlock_timedwrlock(pthread_rwlock_t *restrict l, const struct timespec *restrict until) {
  struct timespec t;
  return real_wrlock(l, before(until, &t));
}

int sem_timedwait(sem_t *restrict s, const struct timespec *restrict until) {
  struct timespec t;
  return real_sem_timedwait(s, before(until, &t));
}

int sem_clockwait(sem_t *s, clockid_t k, const struct timespec *until) {
  struct timespec t;
  return real_sem_clockwait(s, k, before(until, &t));
}

int clock_nanosleep(clockid_t c, int flags, const struct timespec *want, struct timespec *left) {
  struct timespec t;
  if (flags & TIMER_ABSTIME && moved(c)) want = before(want, &t);
  return (int)-kernel(SYS_clock_nanosleep, c, flags, (long)want, (long)left, 0, 0);
}

static const struct itimerspec *timer_before(int absolute, const struct itimerspec *v, struct itimerspec *by) {
  if (!absolute || !v || (v->it_value.tv_sec == 0 && v->it_value.tv_nsec == 0)) return v;
  *by = *v;
  before(&v->it_value, &by->it_value);
  if (by->it_value.tv_sec == 0 && by->it_value.tv_nsec == 0) by->it_value.tv_nsec = 1; /* 0 would disarm the timer */
  return by;
}

int timerfd_settime(int fd, int flags, const struct itimerspec *v, struct itimerspec *old) {
  struct itimerspec t;
  return (int)answer(kernel(SYS_timerfd_settime, fd, flags, (long)timer_before(flags & TFD_TIMER_ABSTIME, v, &t), (long)old, 0, 0));
}

/* ---- When was this file changed? ----
 * The kernel dates files by its own clock. Such a date is moved by the offset of its time. A date that a program gives is its own, and stays: it
 * is marked in the digits below a millisecond. */

#define MARK 271828

static void date(int64_t *seconds, int64_t *nanoseconds) {
  if (!shared) return;
  if (*nanoseconds % 1000000 == MARK) {
    *nanoseconds -= MARK;
    return;
  }
  int64_t at = *seconds * SECOND + *nanoseconds, by = 0;
  int64_t low = 0, high = __atomic_load_n(&shared->moves, __ATOMIC_ACQUIRE);
  while (low < high) {
    int64_t middle = (low + high) / 2;
    if (shared->table[middle].at <= at) by = shared->table[middle].offset, low = middle + 1;
    else high = middle;
  }
  at += by;
  *seconds = at / SECOND, *nanoseconds = at % SECOND;
  if (*nanoseconds < 0) *nanoseconds += SECOND, --*seconds;
}

static void date_spec(struct timespec *t) {
  int64_t s = t->tv_sec, n = t->tv_nsec;
  date(&s, &n);
  t->tv_sec = s, t->tv_nsec = n;
}

static int dated(long result, struct stat *s) {
  if (result == 0) date_spec(&s->st_atim), date_spec(&s->st_mtim), date_spec(&s->st_ctim);
  return (int)answer(result);
}

static void date_x(struct statx_timestamp *t) {
  int64_t s = t->tv_sec, n = t->tv_nsec;
  date(&s, &n);
  t->tv_sec = s, t->tv_nsec = (uint32_t)n;
}

static long dated_x(long result, struct statx *s) {
  if (result == 0) date_x(&s->stx_atime), date_x(&s->stx_mtime), date_x(&s->stx_ctime), date_x(&s->stx_btime);
  return answer(result);
}

int fstatat(int dir, const char *restrict path, struct stat *restrict s, int flags) {
  return dated(kernel(SYS_newfstatat, dir, (long)path, (long)s, flags, 0, 0), s);
}
int stat(const char *restrict path, struct stat *restrict s) { return fstatat(AT_FDCWD, path, s, 0); }
int lstat(const char *restrict path, struct stat *restrict s) { return fstatat(AT_FDCWD, path, s, AT_SYMLINK_NOFOLLOW); }
int fstat(int fd, struct stat *s) { return dated(kernel(SYS_fstat, fd, (long)s, 0, 0, 0, 0), s); }
int statx(int dir, const char *restrict path, int flags, unsigned mask, struct statx *restrict s) {
  return (int)dated_x(kernel(SYS_statx, dir, (long)path, flags, mask, (long)s, 0), s);
}
#ifdef __GLIBC__
/* These are what programs call that were built with an older libc, or with large files. On a machine of 64 bits they are the same. */
int stat64(const char *restrict path, struct stat64 *restrict s) { return stat(path, (struct stat *)s); }
int lstat64(const char *restrict path, struct stat64 *restrict s) { return lstat(path, (struct stat *)s); }
int fstat64(int fd, struct stat64 *s) { return fstat(fd, (struct stat *)s); }
int fstatat64(int dir, const char *restrict path, struct stat64 *restrict s, int flags) { return fstatat(dir, path, (struct stat *)s, flags); }
int __xstat(int v, const char *path, struct stat *s) { (void)v; return stat(path, s); }
int __lxstat(int v, const char *path, struct stat *s) { (void)v; return lstat(path, s); }
int __fxstat(int v, int fd, struct stat *s) { (void)v; return fstat(fd, s); }
int __fxstatat(int v, int dir, const char *path, struct stat *s, int flags) { (void)v; return fstatat(dir, path, s, flags); }
int __xstat64(int v, const char *path, struct stat64 *s) { (void)v; return stat64(path, s); }
int __lxstat64(int v, const char *path, struct stat64 *s) { (void)v; return lstat64(path, s); }
int __fxstat64(int v, int fd, struct stat64 *s) { (void)v; return fstat64(fd, s); }
int __fxstatat64(int v, int dir, const char *path, struct stat64 *s, int flags) { (void)v; return fstatat64(dir, path, s, flags); }
#endif

static long give(int dir, const char *path, const struct timespec *times, int flags) {
  struct timespec t[2];
  if (times && shared) {
    memcpy(t, times, sizeof t);
    for (int i = 0; i < 2; i++)
      if (t[i].tv_nsec != UTIME_NOW && t[i].tv_nsec != UTIME_OMIT) t[i].tv_nsec += MARK - t[i].tv_nsec % 1000000;
    times = t;
  }
  return answer(kernel(SYS_utimensat, dir, (long)path, (long)times, flags, 0, 0));
}

int utimensat(int dir, const char *path, const struct timespec times[2], int flags) { return (int)give(dir, path, times, flags); }
int futimens(int fd, const struct timespec times[2]) { return (int)give(fd, NULL, times, 0); }

static int give_micro(int dir, const char *path, const struct timeval *v, int flags) {
  struct timespec t[2];
  if (!v) return (int)give(dir, path, NULL, flags);
  for (int i = 0; i < 2; i++) t[i].tv_sec = v[i].tv_sec, t[i].tv_nsec = v[i].tv_usec * 1000;
  return (int)give(dir, path, t, flags);
}

int utimes(const char *path, const struct timeval v[2]) { return give_micro(AT_FDCWD, path, v, 0); }
int lutimes(const char *path, const struct timeval v[2]) { return give_micro(AT_FDCWD, path, v, AT_SYMLINK_NOFOLLOW); }
int futimes(int fd, const struct timeval v[2]) { return give_micro(fd, NULL, v, 0); }
int utime(const char *path, const struct utimbuf *u) {
  if (!u) return give_micro(AT_FDCWD, path, NULL, 0);
  struct timeval v[2] = {{u->actime, 0}, {u->modtime, 0}};
  return give_micro(AT_FDCWD, path, v, 0);
}

/* ---- What asks the kernel by number, as libuv does for statx ---- */

long syscall(long n, ...) {
  va_list list;
  va_start(list, n);
  long a = va_arg(list, long), b = va_arg(list, long), c = va_arg(list, long), d = va_arg(list, long), e = va_arg(list, long), f = va_arg(list, long);
  va_end(list);
  struct timespec t;
  switch (n) {
  case SYS_clock_gettime:
    return clock_gettime((clockid_t)a, (struct timespec *)b);
  case SYS_statx:
    return dated_x(kernel(n, a, b, c, d, e, 0), (struct statx *)e);
  case SYS_newfstatat:
    return fstatat((int)a, (const char *)b, (struct stat *)c, (int)d);
  case SYS_futex:
    if ((b & FUTEX_CMD_MASK) == FUTEX_WAIT_BITSET) d = (long)before((const struct timespec *)d, &t); /* the one that has a moment */
    break;
  }
  return answer(kernel(n, a, b, c, d, e, f));
}
