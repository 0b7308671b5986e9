#include "cmapping.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

// The handler of SIGBUS finds the mapping of an address here. A slot with a length is mapped; its owner alone changes it.
typedef struct {
  atomic_bool taken;
  atomic_uintptr_t start;
  atomic_size_t length;
  atomic_bool cut;
} Slot;

static Slot slots[endora_most_mappings];
static struct sigaction earlier;
static size_t page;
static pthread_once_t installed = PTHREAD_ONCE_INIT;

// Only what may be called in a handler: atomics without locks, and mmap, which is a bare system call.
static bool patched(uintptr_t address) {
  for (int i = 0; i < endora_most_mappings; i++) {
    size_t length = atomic_load(&slots[i].length);
    uintptr_t start = atomic_load(&slots[i].start);
    if (length == 0 || address < start || address - start >= length) continue;
    uintptr_t from = address & ~(uintptr_t)(page - 1);
    void *zeros = mmap((void *)from, start + length - from, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    if (zeros == MAP_FAILED) return false;
    atomic_store(&slots[i].cut, true);
    return true;
  }
  return false;
}

static void faulted(int signal, siginfo_t *info, void *context) {
  int saved = errno;
  bool ours = info->si_code == BUS_ADRERR && patched((uintptr_t)info->si_addr);
  errno = saved;
  if (ours) return;
  if (earlier.sa_flags & SA_SIGINFO) {
    earlier.sa_sigaction(signal, info, context);
  } else if (earlier.sa_handler != SIG_DFL && earlier.sa_handler != SIG_IGN) {
    earlier.sa_handler(signal);
  } else {
    // The instruction is tried again on return, and then ends the process as it would have done without this handler.
    sigaction(signal, &earlier, NULL);
  }
}

static void install(void) {
  page = (size_t)sysconf(_SC_PAGESIZE);
  struct sigaction action = {.sa_sigaction = faulted, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigemptyset(&action.sa_mask);
  sigaction(SIGBUS, &action, &earlier);
}

int endora_map(int descriptor, size_t length, bool whole, const void **start) {
  pthread_once(&installed, install);
  int slot = 0;
  while (slot < endora_most_mappings && atomic_exchange(&slots[slot].taken, true)) slot++;
  if (slot == endora_most_mappings) return -EMFILE;
  void *bytes = mmap(NULL, length, PROT_READ, MAP_PRIVATE | (whole ? MAP_POPULATE : 0), descriptor, 0);
  if (bytes == MAP_FAILED) {
    int error = errno;
    atomic_store(&slots[slot].taken, false);
    return -error;
  }
  atomic_store(&slots[slot].cut, false);
  atomic_store(&slots[slot].start, (uintptr_t)bytes);
  atomic_store(&slots[slot].length, length);
  *start = bytes;
  return slot;
}

bool endora_mapping_is_whole(int mapping) { return !atomic_load(&slots[mapping].cut); }

void endora_unmap(int mapping) {
  size_t length = atomic_exchange(&slots[mapping].length, 0);
  munmap((void *)atomic_load(&slots[mapping].start), length);
  atomic_store(&slots[mapping].taken, false);
}
