#pragma once
// What Endora uses of libtiff: the pages of a file and the values of their blocks.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ctiff ctiff;

/// What a page says of itself; blocks are tiles, or single rows where it has strips.
typedef struct {
  uint32_t width, height, block_width, block_height;
  /// The bytes of a block of all its samples, or of one where `is_planar`.
  uint64_t block_size;
  uint16_t bits, samples, format, photometric, levels;
  bool is_planar, is_reduced;
} ctiff_page;

/// Opens a regular file for reading without mapping it; no allocation of the library is larger than `limit` bytes. NULL
/// and a message when it cannot be had.
ctiff *ctiff_open(const char *path, int64_t limit, char *message, size_t capacity);
void ctiff_close(ctiff *file);
/// The bytes of the file.
int64_t ctiff_length(const ctiff *file);
/// Goes to the first page, or on to the next; false after the last or, with a message, where the directory is damaged.
bool ctiff_first(ctiff *file, ctiff_page *page);
bool ctiff_next(ctiff *file, ctiff_page *page);
/// Goes back to a page by its number from 0.
bool ctiff_go(ctiff *file, uint32_t number, ctiff_page *page);
/// The page's text, valid until the next page is gone to; NULL where it has none.
const char *ctiff_description(ctiff *file);
/// Decodes the block that holds the place, in the machine's order of bytes.
bool ctiff_read(ctiff *file, uint32_t x, uint32_t y, uint16_t sample, void *buffer, size_t size);
/// The first thing the library objected to, empty where nothing.
const char *ctiff_message(const ctiff *file);
