#include "ctiff.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tiffio.h>
#include <unistd.h>

struct ctiff {
  TIFF *tiff;
  int64_t length;
  char message[200];
};

static int keep(TIFF *tiff, void *user, const char *module, const char *format, va_list arguments) {
  (void)tiff;
  (void)module;
  ctiff *file = user;
  if (file->message[0] == 0) vsnprintf(file->message, sizeof file->message, format, arguments);
  return 1;
}

static int ignore(TIFF *tiff, void *user, const char *module, const char *format, va_list arguments) {
  (void)tiff;
  (void)user;
  (void)module;
  (void)format;
  (void)arguments;
  return 1;
}

ctiff *ctiff_open(const char *path, int64_t limit, char *message, size_t capacity) {
  snprintf(message, capacity, "it cannot be opened");
  const int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return NULL;
  struct stat status;
  ctiff *file = NULL;
  TIFFOpenOptions *options = NULL;
  if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode)) {
    file = calloc(1, sizeof *file);
    options = TIFFOpenOptionsAlloc();
  }
  if (file != NULL && options != NULL) {
    TIFFOpenOptionsSetMaxSingleMemAlloc(options, (tmsize_t)limit);
    TIFFOpenOptionsSetErrorHandlerExtR(options, keep, file);
    TIFFOpenOptionsSetWarningHandlerExtR(options, ignore, NULL);
    file->length = status.st_size;
    file->tiff = TIFFFdOpenExt(descriptor, "", "rm", options);
  }
  if (options != NULL) TIFFOpenOptionsFree(options);
  if (file != NULL && file->tiff != NULL) return file;
  if (file != NULL && file->message[0] != 0) snprintf(message, capacity, "%s", file->message);
  free(file);
  close(descriptor);
  return NULL;
}

void ctiff_close(ctiff *file) {
  TIFFClose(file->tiff);
  free(file);
}

int64_t ctiff_length(const ctiff *file) { return file->length; }

static bool describe(ctiff *file, ctiff_page *page) {
  TIFF *tiff = file->tiff;
  memset(page, 0, sizeof *page);
  uint16_t planar = PLANARCONFIG_CONTIG;
  uint32_t kind = 0;
  if (!TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &page->width) || !TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &page->height))
    return false;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &page->bits);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &page->samples);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &page->format);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &planar);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SUBFILETYPE, &kind);
  if (!TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &page->photometric)) page->photometric = PHOTOMETRIC_MINISBLACK;
  uint64_t *levels = NULL;
  TIFFGetField(tiff, TIFFTAG_SUBIFD, &page->levels, &levels);
  page->is_planar = planar == PLANARCONFIG_SEPARATE;
  page->is_reduced = (kind & FILETYPE_REDUCEDIMAGE) != 0;
  if (TIFFIsTiled(tiff)) {
    TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &page->block_width);
    TIFFGetField(tiff, TIFFTAG_TILELENGTH, &page->block_height);
    page->block_size = TIFFTileSize64(tiff);
  } else {
    page->block_width = page->width;
    page->block_height = 1;
    page->block_size = TIFFScanlineSize64(tiff);
  }
  return true;
}

bool ctiff_first(ctiff *file, ctiff_page *page) { return describe(file, page); }

bool ctiff_next(ctiff *file, ctiff_page *page) { return TIFFReadDirectory(file->tiff) && describe(file, page); }

bool ctiff_go(ctiff *file, uint32_t number, ctiff_page *page) {
  return TIFFSetDirectory(file->tiff, (tdir_t)number) && describe(file, page);
}

const char *ctiff_description(ctiff *file) {
  char *text = NULL;
  return TIFFGetField(file->tiff, TIFFTAG_IMAGEDESCRIPTION, &text) ? text : NULL;
}

bool ctiff_read(ctiff *file, uint32_t x, uint32_t y, uint16_t sample, void *buffer, size_t size) {
  TIFF *tiff = file->tiff;
  if (!TIFFIsTiled(tiff)) return TIFFScanlineSize64(tiff) <= size && TIFFReadScanline(tiff, buffer, y, sample) == 1;
  const tmsize_t length = TIFFReadEncodedTile(tiff, TIFFComputeTile(tiff, x, y, 0, sample), buffer, (tmsize_t)size);
  return length == (tmsize_t)size;
}

const char *ctiff_message(const ctiff *file) { return file->message; }
