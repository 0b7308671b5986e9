#include "security.h"
#include "syntaxes.h"
#include "dcmtk/dcmnet/scp.h"

#include <iterator>
#include <set>
#include <string>
#include <unistd.h>

using cdcmtk::fail;

namespace {

/// A provider of storage that writes each object to a file before it answers.
class Provider : public DcmSCP {
public:
  std::string folder;
  cdcmtk_received received = nullptr;
  cdcmtk_ended ended = nullptr;
  cdcmtk_goes_on goesOn = nullptr;
  void *context = nullptr;

protected:
  OFCondition handleIncomingCommand(T_DIMSE_Message *incoming, const DcmPresentationContextInfo &info) override {
    if (incoming->CommandField != DIMSE_C_STORE_RQ) return DcmSCP::handleIncomingCommand(incoming, info);
    T_DIMSE_C_StoreRQ &request = incoming->msg.CStoreRQ;
    const std::string path = folder + "/" + std::to_string(count++) + ".arriving";
    OFCondition status = receiveSTORERequest(request, info.presentationContextID, OFString(path.c_str()));
    if (status.bad()) {
      unlink(path.c_str());
      return status;
    }
    const bool isKept = received(context, path.c_str());
    return sendSTOREResponse(
      info.presentationContextID, request, isKept ? STATUS_Success : STATUS_STORE_Error_CannotUnderstand);
  }

  void notifyReleaseRequest() override { isOrderly = true; }

  void notifyAssociationTermination() override {
    ended(context, isOrderly);
    isOrderly = false;
  }

  OFBool stopAfterCurrentAssociation() override { return !goesOn(context); }
  OFBool stopAfterConnectionTimeout() override { return !goesOn(context); }

private:
  size_t count = 0;
  bool isOrderly = false;
};

}  // namespace

bool cdcmtk_receive(
  uint16_t port, const char *title, const cdcmtk_security *security, const char *folder, cdcmtk_received received,
  cdcmtk_ended ended, cdcmtk_goes_on goes_on, void *context, char *message, size_t capacity) {
  cdcmtk::prepareNetwork();
  std::unique_ptr<DcmTransportLayer> layer;
  OFCondition status = cdcmtk::secure(*security, true, layer);
  if (status.bad()) return fail(status.text(), message, capacity);
  Provider provider;
  provider.folder = folder;
  provider.received = received;
  provider.ended = ended;
  provider.goesOn = goes_on;
  provider.context = context;
  DcmSCPConfig &config = provider.getConfig();
  config.setPort(port);
  config.setAETitle(title);
  config.setConnectionBlockingMode(DUL_NOBLOCK);
  config.setConnectionTimeout(1);
  config.setDIMSEBlockingMode(DIMSE_NONBLOCKING);
  config.setDIMSETimeout(60);
  config.setACSETimeout(15);
  config.setRespondWithCalledAETitle(OFTrue);
  config.setHostLookupEnabled(OFFalse);
  if (layer) config.setTransportLayer(layer.get());
  config.addPresentationContext(UID_VerificationSOPClass, cdcmtk::syntaxes(false));
  // An association names at most 128 classes: those that matter here first.
  std::set<std::string> classes(std::begin(cdcmtk::objects), std::end(cdcmtk::objects));
  for (int i = 0; classes.size() < 127 && i < numberOfDcmLongSCUStorageSOPClassUIDs; i++) {
    classes.insert(dcmLongSCUStorageSOPClassUIDs[i]);
  }
  for (const std::string &uid : classes) {
    if (status.good()) status = config.addPresentationContext(uid.c_str(), cdcmtk::syntaxes(true));
  }
  if (status.good()) status = provider.listen();
  const bool isStopped =
    status.good() || status == NET_EC_StopAfterConnectionTimeout || status == NET_EC_StopAfterAssociation;
  return isStopped || fail(status.text(), message, capacity);
}
