/// What a series holds, from its SOP class (PS3.4 B.5) and the third value of Image Type (PS3.3 C.8.4.9, C.8.9.1).
public enum SeriesKind: String, Sendable {
  case ct = "CT"
  case mr = "MR"
  case pet = "PET"
  case quantitativeSPECT = "quantitative SPECT"
  case planar = "NM static"
  case wholeBody = "NM whole body"
  case dynamic = "NM dynamic"
  case gated = "NM gated"
  case projections = "NM tomographic projections"
  case reconstruction = "NM reconstructed tomography"
  case nuclearMedicine = "NM"
  case structureSet = "structure set"
  case segmentation = "segmentation"
  case dose = "dose"
  case plan = "plan"
  case registration = "registration"
  case parametricMap = "parametric map"
  case realWorldValueMap = "real-world value map"
  case report = "structured report"
  case document = "document"
  case picture = "picture"
  case presentation = "presentation state"
  case other

  /// Whether its files are slices or frames that measure something.
  public var isMeasured: Bool {
    switch self {
    case .ct, .mr, .pet, .quantitativeSPECT, .planar, .wholeBody, .dynamic, .gated, .projections, .reconstruction,
      .nuclearMedicine, .dose, .parametricMap:
      true
    default: false
    }
  }

  init(_ file: IndexedFile) {
    let root = "1.2.840.10008.5.1.4.1.1."
    let suffix = file.sopClassUID.hasPrefix(root) ? String(file.sopClassUID.dropFirst(root.count)) : ""
    guard file.modality != "NM" else {
      self = Self.nuclearMedicine(file)
      return
    }
    switch suffix {
    case "2", "2.1", "2.2": self = .ct
    case "4", "4.1", "4.4": self = .mr
    case "128", "128.1", "130": self = Self.emission(file)
    case "481.3": self = .structureSet
    case "66.4", "66.5", "66.7": self = .segmentation
    case "481.2": self = .dose
    case "481.5", "481.8": self = .plan
    case "66.1", "66.3": self = .registration
    case "30": self = .parametricMap
    case "67": self = .realWorldValueMap
    case "104.1", "104.2": self = .document
    case _ where suffix == "7" || suffix.hasPrefix("7."): self = .picture
    case _ where suffix.hasPrefix("88."): self = .report
    case _ where suffix.hasPrefix("11."): self = .presentation
    default: self = .other
    }
  }

  /// Quantitative SPECT is stored as PET by several systems: a nuclide that emits no positrons tells.
  private static func emission(_ file: IndexedFile) -> Self {
    let singlePhoton: Set = ["Lu-177", "Tc-99m", "In-111", "I-131", "I-123", "Tb-161", "Re-188", "Ga-67", "Tl-201"]
    return file.nuclide.map(singlePhoton.contains) == true ? .quantitativeSPECT : .pet
  }

  private static func nuclearMedicine(_ file: IndexedFile) -> Self {
    switch file.imageType.count > 2 ? file.imageType[2] : "" {
    case "STATIC": .planar
    case "WHOLE BODY": .wholeBody
    case "DYNAMIC": .dynamic
    case "GATED", "GATED TOMO", "RECON GATED TOMO": .gated
    case "TOMO": .projections
    case "RECON TOMO": file.units == "BQML" ? .quantitativeSPECT : .reconstruction
    default: .nuclearMedicine
    }
  }
}

extension IndexedSeries {
  /// What it holds.
  public var kind: SeriesKind { SeriesKind(files[0]) }
}
