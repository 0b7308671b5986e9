#pragma once
// DCMTK's headers and what all of its users here share.
#include "dcmtk/config/osconfig.h"

#include "dcmtk/dcmdata/dctk.h"

#include <cstddef>

namespace cdcmtk {

/// Registers the decoders and silences the log, once for the process.
void prepare();

/// Copies as much of a message as fits and gives false.
bool fail(const char *text, char *message, size_t capacity);

}  // namespace cdcmtk
