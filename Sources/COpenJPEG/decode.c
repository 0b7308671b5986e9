#include "copenjpeg.h"

#include <openjpeg-2.5/openjpeg.h>
#include <stdio.h>
#include <string.h>

typedef struct {
  const uint8_t *data;
  size_t length;
  size_t position;
} source_t;

static OPJ_SIZE_T read_bytes(void *buffer, OPJ_SIZE_T count, void *user) {
  source_t *source = user;
  const size_t left = source->length - source->position;
  if (left == 0) return (OPJ_SIZE_T)-1;
  if (count > left) count = left;
  memcpy(buffer, source->data + source->position, count);
  source->position += count;
  return count;
}

static OPJ_OFF_T skip_bytes(OPJ_OFF_T count, void *user) {
  source_t *source = user;
  const size_t left = source->length - source->position;
  if (count < 0) return -1;
  if ((size_t)count > left) count = (OPJ_OFF_T)left;
  source->position += (size_t)count;
  return count;
}

static OPJ_BOOL seek_bytes(OPJ_OFF_T position, void *user) {
  source_t *source = user;
  if (position < 0 || (size_t)position > source->length) return OPJ_FALSE;
  source->position = (size_t)position;
  return OPJ_TRUE;
}

typedef struct {
  char *text;
  size_t capacity;
  unsigned warnings;
} report_t;

static void keep(const char *text, void *user) {
  report_t *report = user;
  if (report->text[0] != 0) return;
  snprintf(report->text, report->capacity, "%.*s", (int)strcspn(text, "\n"), text);
}

static void warn(const char *text, void *user) {
  (void)text;
  ((report_t *)user)->warnings++;
}

static bool fits(const opj_image_t *image, uint32_t columns, uint32_t rows, uint32_t bits) {
  return image->numcomps == 1 && image->comps[0].w == columns && image->comps[0].h == rows
    && image->comps[0].prec <= bits && image->comps[0].prec <= 31;
}

static bool decode(
  opj_codec_t *codec, opj_stream_t *stream, opj_image_t **image, uint32_t columns, uint32_t rows, uint32_t bits,
  int32_t *samples, report_t *report) {
  opj_dparameters_t parameters;
  opj_set_default_decoder_parameters(&parameters);
  opj_set_error_handler(codec, keep, report);
  opj_set_warning_handler(codec, warn, report);
  if (!opj_setup_decoder(codec, &parameters)) return false;
  if (!opj_read_header(stream, codec, image)) return false;
  // Checked before anything of the image's size is allocated.
  const opj_image_t *header = *image;
  if (header->numcomps != 1 || header->x1 - header->x0 != columns || header->y1 - header->y0 != rows) {
    keep("the compressed frame has another size or has colours", report);
    return false;
  }
  if (!opj_decode(codec, stream, *image) || !opj_end_decompress(codec, stream)) return false;
  if (!fits(*image, columns, rows, bits) || (*image)->comps[0].data == NULL || report->warnings > 0) {
    keep("the compressed frame is damaged or deeper than declared", report);
    return false;
  }
  memcpy(samples, (*image)->comps[0].data, (size_t)columns * rows * sizeof(int32_t));
  return true;
}

bool copenjpeg_decode(
  const uint8_t *data, size_t length, uint32_t columns, uint32_t rows, uint32_t bits, int32_t *samples, char *message,
  size_t capacity) {
  message[0] = 0;
  static const uint8_t jp2[] = {0, 0, 0, 12, 'j', 'P', ' ', ' '};
  const bool is_file = length > sizeof jp2 && memcmp(data, jp2, sizeof jp2) == 0;
  source_t source = {data, length, 0};
  report_t report = {message, capacity, 0};
  opj_codec_t *codec = opj_create_decompress(is_file ? OPJ_CODEC_JP2 : OPJ_CODEC_J2K);
  opj_stream_t *stream = opj_stream_create(1 << 16, OPJ_TRUE);
  opj_image_t *image = NULL;
  bool decoded = false;
  if (codec != NULL && stream != NULL) {
    opj_stream_set_read_function(stream, read_bytes);
    opj_stream_set_skip_function(stream, skip_bytes);
    opj_stream_set_seek_function(stream, seek_bytes);
    opj_stream_set_user_data(stream, &source, NULL);
    opj_stream_set_user_data_length(stream, length);
    decoded = decode(codec, stream, &image, columns, rows, bits, samples, &report);
  }
  if (!decoded) keep("the compressed frame cannot be decoded", &report);
  if (image != NULL) opj_image_destroy(image);
  if (stream != NULL) opj_stream_destroy(stream);
  if (codec != NULL) opj_destroy_codec(codec);
  return decoded;
}
