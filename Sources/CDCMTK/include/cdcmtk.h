#pragma once
// What Endora uses of DCMTK: decoding compressed pixel data and writing files.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Decodes all frames of a DICOM file in memory into `pixels`, which holds exactly `size` bytes: samples in host
/// byte order, frame after frame. On failure gives false and a message.
bool cdcmtk_decode(
  const void *file, size_t length, void *pixels, size_t size, char *message, size_t capacity);

/// A file that is to be written, and one of its data sets.
typedef struct cdcmtk_file cdcmtk_file;
typedef struct cdcmtk_item cdcmtk_item;

/// An empty file; NULL and a message when DCMTK's dictionary of attributes is not installed.
cdcmtk_file *cdcmtk_create(char *message, size_t capacity);
void cdcmtk_destroy(cdcmtk_file *file);

/// The data set of the file.
cdcmtk_item *cdcmtk_root(cdcmtk_file *file);

/// Each of these puts one attribute, whose representation the dictionary tells. On failure false and a message.
bool cdcmtk_put_text(
  cdcmtk_item *item, uint16_t group, uint16_t element, const char *text, char *message, size_t capacity);
bool cdcmtk_put_words(
  cdcmtk_item *item, uint16_t group, uint16_t element, const uint16_t *words, size_t count, char *message,
  size_t capacity);
bool cdcmtk_put_bytes(
  cdcmtk_item *item, uint16_t group, uint16_t element, const uint8_t *bytes, size_t count, char *message,
  size_t capacity);
bool cdcmtk_put_floats(
  cdcmtk_item *item, uint16_t group, uint16_t element, const float *numbers, size_t count, char *message,
  size_t capacity);
bool cdcmtk_put_sequence(
  cdcmtk_item *item, uint16_t group, uint16_t element, char *message, size_t capacity);

/// Writes the two letters of an attribute's representation by the dictionary into `letters`; false where it is unknown.
bool cdcmtk_representation(uint16_t group, uint16_t element, char letters[3]);

/// Adds an item to a sequence; NULL on failure.
cdcmtk_item *cdcmtk_add_item(
  cdcmtk_item *item, uint16_t group, uint16_t element, char *message, size_t capacity);

/// Writes the file, explicit little endian.
bool cdcmtk_save(cdcmtk_file *file, const char *path, char *message, size_t capacity);

#ifdef __cplusplus
}
#endif
