#pragma once
#include "cdcmtk_net.h"
#include "dcmtk.h"
#include "dcmtk/dcmnet/dcmlayer.h"
#include "dcmtk/dcmnet/dimse.h"

#include <memory>

namespace cdcmtk {

/// Lets DCMTK send small packets at once, which it decides by the environment, and prepares the rest.
void prepareNetwork();

/// The layer for secure connections; null when the connection is not to be secure.
OFCondition secure(
  const cdcmtk_security &security, bool is_provider, std::unique_ptr<DcmTransportLayer> &layer);

}  // namespace cdcmtk
