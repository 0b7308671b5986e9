#pragma once
// What Endora uses of OpenJPEG: decoding one grey frame.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Decodes a JPEG 2000 code stream or JP2 file in memory into `samples`, which holds `columns` times `rows` values,
/// each as it was stored. Gives false and a message when the stream is damaged, has another size, colours, or more
/// than `bits` bits a sample.
bool copenjpeg_decode(
  const uint8_t *data, size_t length, uint32_t columns, uint32_t rows, uint32_t bits, int32_t *samples, char *message,
  size_t capacity);
