#include "security.h"
#include "syntaxes.h"
#include "dcmtk/dcmdata/dcostrmb.h"
#include "dcmtk/dcmnet/dstorscu.h"
#include "dcmtk/dcmnet/scu.h"

#include <string>
#include <vector>

using cdcmtk::fail;

namespace {

/// DCMTK lets heirs alone choose a secure layer.
template <class Base>
class Securable : public Base {
public:
  using Base::useSecureConnection;
};

/// An association that ends with the value.
template <class User>
class Connection {
public:
  explicit Connection(const cdcmtk_peer &peer) : peer(peer) {
    cdcmtk::prepareNetwork();
    user.setPeerHostName(peer.host);
    user.setPeerPort(peer.port);
    user.setAETitle(peer.calling);
    user.setPeerAETitle(peer.called);
    user.setConnectionTimeout(10);
    user.setACSETimeout(15);
    user.setDIMSEBlockingMode(DIMSE_NONBLOCKING);
    user.setDIMSETimeout(60);
    user.setVerbosePCMode(OFFalse);
  }

  OFCondition open() {
    OFCondition status = cdcmtk::secure(peer.security, false, layer);
    if (status.good()) status = user.initNetwork();
    if (status.good() && layer) status = user.useSecureConnection(layer.get());
    if (status.good()) status = user.negotiateAssociation();
    if (status == DUL_ASSOCIATIONREJECTED) {
      const std::string reason = rejection();
      if (!reason.empty()) status = makeOFCondition(OFM_dcmnet, 0x0006, OF_error, reason.c_str());
    }
    return status;
  }

  ~Connection() {
    if (user.isConnected() && user.releaseAssociation().bad()) user.abortAssociation();
  }

  Securable<User> user;

private:
  /// Why the peer rejects, which DCMTK's user keeps to itself: it is asked once more, for verification alone.
  std::string rejection() {
    T_ASC_Network *network = nullptr;
    T_ASC_Parameters *parameters = nullptr;
    T_ASC_Association *association = nullptr;
    std::string reason;
    const std::string place = std::string(peer.host) + ":" + std::to_string(peer.port);
    const char *syntax = UID_LittleEndianImplicitTransferSyntax;
    OFCondition status = ASC_initializeNetwork(NET_REQUESTOR, 0, 15, &network);
    if (status.good()) status = ASC_createAssociationParameters(&parameters, ASC_DEFAULTMAXPDU);
    if (status.good() && layer) status = ASC_setTransportLayer(network, layer.get(), 0);
    if (status.good()) status = ASC_setTransportLayerType(parameters, layer != nullptr);
    if (status.good()) status = ASC_setAPTitles(parameters, peer.calling, peer.called, nullptr);
    if (status.good()) status = ASC_setPresentationAddresses(parameters, "localhost", place.c_str());
    if (status.good()) status = ASC_addPresentationContext(parameters, 1, UID_VerificationSOPClass, &syntax, 1);
    if (status.good()) {
      status = ASC_requestAssociation(network, parameters, &association, nullptr, nullptr, DUL_NOBLOCK, 15);
      T_ASC_RejectParameters told;
      if (status.good()) ASC_abortAssociation(association);
      if (status == DUL_ASSOCIATIONREJECTED && ASC_getRejectParameters(parameters, &told).good()) {
        OFString text;
        reason = ASC_printRejectParameters(text, &told).c_str();
        for (char &letter : reason) if (letter == '\n') letter = ' ';
      }
    }
    // An association has taken the parameters.
    if (association) ASC_destroyAssociation(&association);
    else if (parameters) ASC_destroyAssociationParameters(&parameters);
    if (network) ASC_dropNetwork(&network);
    return reason;
  }

  const cdcmtk_peer &peer;
  std::unique_ptr<DcmTransportLayer> layer;
};

/// A user that writes what comes to numbered files.
class Getter : public DcmSCU {
public:
  std::string folder;
  cdcmtk_received received = nullptr;
  void *context = nullptr;
  size_t refused = 0;

protected:
  OFString createStorageFilename(DcmDataset *) override {
    return (folder + "/" + std::to_string(count++) + ".arriving").c_str();
  }

  void notifyInstanceStored(const OFString &path, const OFString &, const OFString &) const override {
    if (!received(context, path.c_str())) const_cast<Getter *>(this)->refused++;
  }

private:
  size_t count = 0;
};

bool check(const OFCondition &status, char *message, size_t capacity) {
  return status.good() || fail(status.text(), message, capacity);
}

template <class Responses>
void tally(Responses &responses, size_t *failed) {
  for (auto *response : responses) {
    if (response->m_numberOfFailedSubops > *failed) *failed = response->m_numberOfFailedSubops;
    delete response;
  }
}

}  // namespace

bool cdcmtk_echo(const cdcmtk_peer *peer, char *message, size_t capacity) {
  Connection<DcmSCU> connection(*peer);
  connection.user.addPresentationContext(UID_VerificationSOPClass, cdcmtk::syntaxes(false));
  OFCondition status = connection.open();
  if (status.good()) status = connection.user.sendECHORequest(0);
  return check(status, message, capacity);
}

bool cdcmtk_find(
  const cdcmtk_peer *peer, cdcmtk_file *query, cdcmtk_match match, void *context, char *message, size_t capacity) {
  Connection<DcmSCU> connection(*peer);
  const char *model = UID_FINDStudyRootQueryRetrieveInformationModel;
  connection.user.addPresentationContext(model, cdcmtk::syntaxes(false));
  OFCondition status = connection.open();
  if (status.bad()) return check(status, message, capacity);
  OFList<QRResponse *> responses;
  status = connection.user.sendFINDRequest(
    connection.user.findPresentationContextID(model, ""), query->format.getDataset(), &responses);
  for (QRResponse *response : responses) {
    DcmDataset *dataSet = response->m_dataset;
    if (status.good() && dataSet != nullptr) {
      std::vector<unsigned char> bytes(dataSet->calcElementLength(EXS_LittleEndianExplicit, EET_ExplicitLength) + 64);
      DcmOutputBufferStream stream(bytes.data(), static_cast<offile_off_t>(bytes.size()));
      dataSet->transferInit();
      const OFCondition written =
        dataSet->write(stream, EXS_LittleEndianExplicit, EET_ExplicitLength, nullptr, EGL_withoutGL);
      dataSet->transferEnd();
      void *start = nullptr;
      offile_off_t length = 0;
      stream.flushBuffer(start, length);
      if (written.good()) match(context, start, static_cast<size_t>(length));
    }
    delete response;
  }
  return check(status, message, capacity);
}

bool cdcmtk_get(
  const cdcmtk_peer *peer, cdcmtk_file *query, const char *folder, cdcmtk_received received, void *context,
  size_t *failed, char *message, size_t capacity) {
  Connection<Getter> connection(*peer);
  Getter &user = connection.user;
  user.folder = folder;
  user.received = received;
  user.context = context;
  user.setStorageMode(DCMSCU_STORAGE_DISK);
  const char *model = UID_GETStudyRootQueryRetrieveInformationModel;
  user.addPresentationContext(model, cdcmtk::syntaxes(false));
  for (const char *uid : cdcmtk::objects) user.addPresentationContext(uid, cdcmtk::syntaxes(false), ASC_SC_ROLE_SCP);
  OFCondition status = connection.open();
  if (status.bad()) return check(status, message, capacity);
  OFList<RetrieveResponse *> responses;
  status = user.sendCGETRequest(user.findPresentationContextID(model, ""), query->format.getDataset(), &responses);
  *failed = 0;
  tally(responses, failed);
  *failed += user.refused;
  return check(status, message, capacity);
}

bool cdcmtk_move(
  const cdcmtk_peer *peer, cdcmtk_file *query, const char *destination, size_t *failed, char *message,
  size_t capacity) {
  Connection<DcmSCU> connection(*peer);
  const char *model = UID_MOVEStudyRootQueryRetrieveInformationModel;
  connection.user.addPresentationContext(model, cdcmtk::syntaxes(false));
  OFCondition status = connection.open();
  if (status.bad()) return check(status, message, capacity);
  OFList<RetrieveResponse *> responses;
  status = connection.user.sendMOVERequest(
    connection.user.findPresentationContextID(model, ""), destination, query->format.getDataset(), &responses);
  *failed = 0;
  tally(responses, failed);
  return check(status, message, capacity);
}

bool cdcmtk_send(
  const cdcmtk_peer *peer, const char *const *paths, size_t count, size_t *sent, char *message, size_t capacity) {
  Connection<DcmStorageSCU> connection(*peer);
  DcmStorageSCU &user = connection.user;
  user.setDecompressionMode(DcmStorageSCU::DM_never);
  user.setHaltOnUnsuccessfulStoreMode(OFFalse);
  *sent = 0;
  OFCondition status = EC_Normal;
  for (size_t i = 0; i < count && status.good(); i++) {
    status = user.addDicomFile(paths[i], ERM_fileOnly, OFTrue);
  }
  if (status.good()) status = user.addPresentationContexts();
  if (status.good()) status = connection.open();
  if (status.good()) status = user.sendSOPInstances();
  *sent = user.getNumberOfSOPInstances() - user.getNumberOfSOPInstancesToBeSent();
  return check(status, message, capacity);
}
