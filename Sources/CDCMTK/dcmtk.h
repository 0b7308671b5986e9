#pragma once
// DCMTK's headers and what all of its users here share.
#include "dcmtk/config/osconfig.h"

#include "dcmtk/dcmdata/dctk.h"

#include <cstddef>

/// A file that is being made.
struct cdcmtk_file {
  DcmFileFormat format;
};

namespace cdcmtk {

/// Registers the decoders and lets the log count warnings instead of printing them, once for the process.
void prepare();

/// The warnings that DCMTK gave on this thread: a decoder warns where it fills in what is missing.
extern thread_local unsigned warnings;

/// Copies as much of a message as fits and gives false.
bool fail(const char *text, char *message, size_t capacity);

}  // namespace cdcmtk
