#include "cdcmtk.h"
#include "dcmtk.h"

#include <cstdio>
#include <memory>

using cdcmtk::fail;

static DcmItem *inside(cdcmtk_item *item) { return reinterpret_cast<DcmItem *>(item); }
static cdcmtk_item *outside(DcmItem *item) { return reinterpret_cast<cdcmtk_item *>(item); }

static bool check(const OFCondition &status, char *message, size_t capacity) {
  return status.good() || fail(status.text(), message, capacity);
}

cdcmtk_file *cdcmtk_create(char *message, size_t capacity) {
  cdcmtk::prepare();
  if (!dcmDataDict.isDictionaryLoaded()) {
    fail("DCMTK's dictionary of attributes is not installed", message, capacity);
    return nullptr;
  }
  return new cdcmtk_file;
}

void cdcmtk_destroy(cdcmtk_file *file) { delete file; }

cdcmtk_item *cdcmtk_root(cdcmtk_file *file) { return outside(file->format.getDataset()); }

/// The most characters that one value of a kind of text has (PS3.5 6.2); 0 where DCMTK's own check knows.
static size_t limit(DcmEVR representation) {
  switch (representation) {
    case EVR_SH: return 16;
    case EVR_LO:
    case EVR_PN: return 64;
    default: return 0;
  }
}

/// Whether all values of UTF-8 text have at most so many characters.
static bool fits(const char *text, size_t limit) {
  size_t characters = 0;
  for (; *text != 0; text++) {
    if (*text == '\\') {
      characters = 0;
    } else if ((*text & 0xC0) != 0x80 && ++characters > limit) {
      return false;
    }
  }
  return true;
}

bool cdcmtk_put_text(
  cdcmtk_item *item, uint16_t group, uint16_t element, const char *text, char *message, size_t capacity) {
  DcmElement *made = nullptr;
  OFCondition status = DcmItem::newDicomElement(made, DcmTag(group, element));
  if (status.bad()) return check(status, message, capacity);
  std::unique_ptr<DcmElement> attribute(made);
  status = attribute->putString(text);
  if (status.good()) status = inside(item)->insert(attribute.get(), OFTrue);
  if (status.bad()) return check(status, message, capacity);
  attribute.release();
  const size_t most = limit(made->ident());
  if (most > 0 && !fits(text, most)) return fail("it is too long", message, capacity);
  // The value is checked where it stands: how long it is depends on the character set of the data set.
  return check(*text == 0 ? EC_Normal : made->checkValue("1-n"), message, capacity);
}

bool cdcmtk_put_words(
  cdcmtk_item *item, uint16_t group, uint16_t element, const uint16_t *words, size_t count, char *message,
  size_t capacity) {
  const OFCondition status = inside(item)->putAndInsertUint16Array(DcmTag(group, element), words, count);
  return check(status, message, capacity);
}

bool cdcmtk_put_bytes(
  cdcmtk_item *item, uint16_t group, uint16_t element, const uint8_t *bytes, size_t count, char *message,
  size_t capacity) {
  const OFCondition status = inside(item)->putAndInsertUint8Array(DcmTag(group, element), bytes, count);
  return check(status, message, capacity);
}

bool cdcmtk_put_floats(
  cdcmtk_item *item, uint16_t group, uint16_t element, const float *numbers, size_t count, char *message,
  size_t capacity) {
  const OFCondition status = inside(item)->putAndInsertFloat32Array(DcmTag(group, element), numbers, count);
  return check(status, message, capacity);
}

bool cdcmtk_put_sequence(cdcmtk_item *item, uint16_t group, uint16_t element, char *message, size_t capacity) {
  return check(inside(item)->insertEmptyElement(DcmTag(group, element)), message, capacity);
}

bool cdcmtk_representation(uint16_t group, uint16_t element, char letters[3]) {
  const DcmTag tag(group, element);
  if (tag.error().bad() || tag.isUnknownVR()) return false;
  snprintf(letters, 3, "%s", DcmVR(tag.getVR().getValidEVR()).getVRName());
  return true;
}

cdcmtk_item *cdcmtk_add_item(
  cdcmtk_item *item, uint16_t group, uint16_t element, char *message, size_t capacity) {
  DcmItem *added = nullptr;
  const OFCondition status = inside(item)->findOrCreateSequenceItem(DcmTag(group, element), added, -2);
  return check(status, message, capacity) ? outside(added) : nullptr;
}

bool cdcmtk_save(cdcmtk_file *file, const char *path, char *message, size_t capacity) {
  return check(
    file->format.saveFile(path, EXS_LittleEndianExplicit, EET_ExplicitLength, EGL_recalcGL), message, capacity);
}
