#include "security.h"
#include "dcmtk/dcmtls/tlslayer.h"

#include <cstdlib>
#include <mutex>

namespace cdcmtk {

void prepareNetwork() {
  prepare();
  static std::once_flag once;
  std::call_once(once, [] {
    setenv("TCP_NODELAY", "1", 0);
    DcmTLSTransportLayer::initializeOpenSSL();
  });
}

OFCondition secure(
  const cdcmtk_security &security, bool is_provider, std::unique_ptr<DcmTransportLayer> &layer) {
  if (!security.is_on) return EC_Normal;
  auto made = std::make_unique<DcmTLSTransportLayer>(is_provider ? NET_ACCEPTOR : NET_REQUESTOR, nullptr, OFFalse);
  OFCondition status = EC_Normal;
  if (security.key != nullptr) status = made->setPrivateKeyFile(security.key, DCF_Filetype_PEM);
  if (status.good() && security.certificate != nullptr) {
    status = made->setCertificateFile(security.certificate, DCF_Filetype_PEM);
  }
  if (status.good() && security.trust != nullptr) {
    status = made->addTrustedCertificateFile(security.trust, DCF_Filetype_PEM);
  }
  if (status.good()) status = made->setTLSProfile(TSP_Profile_BCP195);
  if (status.good()) status = made->activateCipherSuites();
  // A provider that trusts no one in particular takes everyone; a user always checks whom it talks to.
  const bool asks = !is_provider || security.trust != nullptr;
  made->setCertificateVerification(asks ? DCV_requireCertificate : DCV_ignoreCertificate);
  if (status.good()) layer = std::move(made);
  return status;
}

}  // namespace cdcmtk
