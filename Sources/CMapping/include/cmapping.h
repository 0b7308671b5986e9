#pragma once
#include <stdbool.h>
#include <stddef.h>

// A file mapped for reading. Where the file has been cut short since, or its disk fails, zeros are read instead, and
// the mapping says that it is no longer whole.

// The most files that can be mapped at once.
enum { endora_most_mappings = 4096 };

// Maps a file of at least one byte; whole: all of it will be read. Gives the number of the mapping and its start, or
// the negative error number, -EMFILE when there are too many.
int endora_map(int descriptor, size_t length, bool whole, const void **start);

// Whether every byte that was read so far is the file's.
bool endora_mapping_is_whole(int mapping);

void endora_unmap(int mapping);
