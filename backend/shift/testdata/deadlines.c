/* Waits in each way for a moment that is 200 ms away, and prints how long it took. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static struct timespec in(clockid_t c, long ms) {
  struct timespec t;
  clock_gettime(c, &t);
  t.tv_nsec += ms * 1000000;
  t.tv_sec += t.tv_nsec / 1000000000, t.tv_nsec %= 1000000000;
  return t;
}

static struct timespec start;

static void began(void) { clock_gettime(CLOCK_MONOTONIC, &start); }

static void ended(const char *how) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  printf("%s %ld\n", how, (t.tv_sec - start.tv_sec) * 1000 + (t.tv_nsec - start.tv_nsec) / 1000000);
}

static pthread_mutex_t locked = PTHREAD_MUTEX_INITIALIZER;

static void *lock(void *unused) {
  struct timespec t = in(CLOCK_REALTIME, 200);
  began();
  pthread_mutex_timedlock(&locked, &t);
  ended("mutex");
  return unused;
}

int main(void) {
  pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t c = PTHREAD_COND_INITIALIZER, steady;
  pthread_condattr_t a;
  pthread_condattr_init(&a);
  pthread_condattr_setclock(&a, CLOCK_MONOTONIC);
  pthread_cond_init(&steady, &a);
  struct timespec t;

  pthread_mutex_lock(&m);
  t = in(CLOCK_REALTIME, 200), began();
  pthread_cond_timedwait(&c, &m, &t), ended("cond");
  t = in(CLOCK_MONOTONIC, 200), began();
  pthread_cond_timedwait(&steady, &m, &t), ended("steady");
  t = in(CLOCK_MONOTONIC, 200), began();
  pthread_cond_clockwait(&c, &m, CLOCK_MONOTONIC, &t), ended("clockwait");

  sem_t s;
  sem_init(&s, 0, 0);
  t = in(CLOCK_REALTIME, 200), began();
  sem_timedwait(&s, &t), ended("semaphore");

  t = in(CLOCK_MONOTONIC, 200), began();
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL), ended("nanosleep");

  int fd = timerfd_create(CLOCK_REALTIME, 0);
  struct itimerspec i = {{0, 0}, in(CLOCK_REALTIME, 200)};
  uint64_t n;
  began(), timerfd_settime(fd, TFD_TIMER_ABSTIME, &i, NULL);
  if (read(fd, &n, sizeof n) == sizeof n) ended("timerfd");

  int word = 0;
  t = in(CLOCK_MONOTONIC, 200), began();
  syscall(SYS_futex, &word, FUTEX_WAIT_BITSET, 0, &t, NULL, FUTEX_BITSET_MATCH_ANY), ended("futex");

  pthread_mutex_lock(&locked);
  pthread_t thread;
  pthread_create(&thread, NULL, lock, NULL), pthread_join(thread, NULL);
  return 0;
}
