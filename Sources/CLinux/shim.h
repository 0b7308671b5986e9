#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

// Exchanges two paths in one step: renameat2 with RENAME_EXCHANGE (2), which Swift's C library module does not show.
static inline long endora_exchange(const char *a, const char *b) {
  return syscall(SYS_renameat2, AT_FDCWD, a, AT_FDCWD, b, 2);
}
