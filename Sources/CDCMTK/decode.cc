#include "cdcmtk.h"
#include "dcmtk.h"
#include "dcmtk/dcmdata/dcfcache.h"
#include "dcmtk/dcmdata/dcistrmb.h"

#include <cstring>
#include <exception>
#include <vector>

using cdcmtk::fail;

static bool decode(const void *data, size_t length, unsigned char *pixels, size_t size, char *message, size_t capacity) {
  DcmInputBufferStream stream;
  stream.setBuffer(data, static_cast<offile_off_t>(length));
  stream.setEos();
  DcmFileFormat file;
  file.transferInit();
  OFCondition status = file.read(stream);
  file.transferEnd();
  if (status.bad()) return fail(status.text(), message, capacity);

  DcmDataset *dataSet = file.getDataset();
  DcmElement *element = nullptr;
  status = dataSet->findAndGetElement(DCM_PixelData, element);
  DcmPixelData *pixelData = status.good() ? dynamic_cast<DcmPixelData *>(element) : nullptr;
  if (pixelData == nullptr) return fail("no pixel data", message, capacity);

  Sint32 frames = 1;
  if (dataSet->findAndGetSint32(DCM_NumberOfFrames, frames).bad() || frames < 1) frames = 1;
  const size_t frameSize = size / static_cast<size_t>(frames);
  // DCMTK wants an even number of bytes.
  std::vector<unsigned char> frame(frameSize + frameSize % 2);
  DcmFileCache cache;
  Uint32 fragment = 0;
  cdcmtk::warnings = 0;
  for (Sint32 i = 0; i < frames; i++) {
    OFString colours;
    status = pixelData->getUncompressedFrame(
      dataSet, static_cast<Uint32>(i), fragment, frame.data(), static_cast<Uint32>(frame.size()), colours, &cache);
    if (status.bad()) return fail(status.text(), message, capacity);
    if (cdcmtk::warnings > 0) return fail("the compressed data are damaged", message, capacity);
    memcpy(pixels + static_cast<size_t>(i) * frameSize, frame.data(), frameSize);
  }
  return true;
}

bool cdcmtk_decode(const void *file, size_t length, void *pixels, size_t size, char *message, size_t capacity) {
  cdcmtk::prepare();
  try {
    return decode(file, length, static_cast<unsigned char *>(pixels), size, message, capacity);
  } catch (const std::exception &error) {
    return fail(error.what(), message, capacity);
  }
}
