#pragma once
#include "dcmtk.h"

namespace cdcmtk {

/// The objects that may come over an association that we opened: fewer than the 128 that it can name.
inline const char *const objects[] = {
  UID_CTImageStorage, UID_EnhancedCTImageStorage, UID_LegacyConvertedEnhancedCTImageStorage, UID_MRImageStorage,
  UID_EnhancedMRImageStorage, UID_LegacyConvertedEnhancedMRImageStorage, UID_PositronEmissionTomographyImageStorage,
  UID_EnhancedPETImageStorage, UID_LegacyConvertedEnhancedPETImageStorage, UID_NuclearMedicineImageStorage,
  UID_SecondaryCaptureImageStorage, UID_MultiframeSingleBitSecondaryCaptureImageStorage,
  UID_MultiframeGrayscaleByteSecondaryCaptureImageStorage, UID_MultiframeGrayscaleWordSecondaryCaptureImageStorage,
  UID_MultiframeTrueColorSecondaryCaptureImageStorage, UID_RTStructureSetStorage, UID_RTDoseStorage,
  UID_RTPlanStorage, UID_SegmentationStorage, UID_SurfaceSegmentationStorage, UID_SpatialRegistrationStorage,
  UID_DeformableSpatialRegistrationStorage, UID_SpatialFiducialsStorage, UID_RealWorldValueMappingStorage,
  UID_ParametricMapStorage, UID_RawDataStorage, UID_BasicTextSRStorage, UID_EnhancedSRStorage,
  UID_ComprehensiveSRStorage, UID_Comprehensive3DSRStorage, UID_XRayRadiationDoseSRStorage,
  UID_RadiopharmaceuticalRadiationDoseSRStorage, UID_PatientRadiationDoseSRStorage,
  UID_KeyObjectSelectionDocumentStorage, UID_EncapsulatedPDFStorage, UID_GrayscaleSoftcopyPresentationStateStorage,
  UID_ComputedRadiographyImageStorage, UID_DigitalXRayImageStorageForPresentation, UID_UltrasoundImageStorage,
  UID_XRayAngiographicImageStorage,
};

inline OFList<OFString> syntaxes(bool isCompressed) {
  OFList<OFString> list;
  list.push_back(UID_LittleEndianExplicitTransferSyntax);
  list.push_back(UID_LittleEndianImplicitTransferSyntax);
  if (!isCompressed) return list;
  for (const char *uid :
       {UID_DeflatedExplicitVRLittleEndianTransferSyntax, UID_RLELosslessTransferSyntax,
        UID_JPEGProcess14TransferSyntax, UID_JPEGProcess14SV1TransferSyntax, UID_JPEGLSLosslessTransferSyntax,
        UID_JPEGLSLossyTransferSyntax, UID_JPEG2000LosslessOnlyTransferSyntax, UID_JPEG2000TransferSyntax,
        UID_JPEGProcess1TransferSyntax, UID_JPEGProcess2_4TransferSyntax, UID_BigEndianExplicitTransferSyntax}) {
    list.push_back(uid);
  }
  return list;
}

}  // namespace cdcmtk
