public import Dosimetry
public import Kinetics
public import Provenance
public import Quantities
public import Scintigraphy
public import Therapy

/// What a case file says, checked against its schema.
public struct CaseFile: Sendable {
  /// The patient or phantom.
  public struct Subject: Hashable, Sendable {
    public let sex: Sex
    public let age: Double?
    public let weight: Mass?
    public let height: Length?
    public let diagnosis: String?
    /// For the marrow's dose by blood.
    public let haematocrit: Double?
    /// Of the marrow over the reference adult's.
    public let cellularity: Double
    /// Hypertension or diabetes.
    public let kidneyRiskFactors: Bool
  }

  /// What was given.
  public struct Administration: Hashable, Sendable {
    /// A measured activity and when it was measured.
    public struct Reading: Hashable, Sendable {
      public let activity: Activity
      public let time: Timestamp
    }

    /// The activity at ``start``, where it is stated as such.
    public let activity: Activity?
    public let assay: Reading?
    public let residual: Reading?
    public let start: Timestamp
    public let end: Timestamp?
  }

  /// Quantitative SPECT in DICOM.
  public struct Spect: Hashable, Sendable {
    public let folder: String
    public internal(set) var calibrationUncertainty: Double
    public let pointUncertainty: Double
    /// Where regions other than an RTSTRUCT in the folder lie, relative to the case.
    public let regions: String?
    /// How counts become activities; `nil` for images in Bq/mL.
    public let counts: Counts?
    public let recovery: RecoveryCorrection
    public let outlineImage: OutlineImage
    /// Later images are laid on the first by rigid registration before they are measured.
    public let registers: Bool

    /// The calibration of reconstructions in counts.
    public struct Counts: Hashable, Sendable {
      /// Steps times the time of a step, by the convention of the calibration.
      public let duration: Time
      public let sensitivity: CountCalibration
      /// The collimator, where the files do not name it.
      public let collimator: String?
    }
  }

  /// Where the sensitivity of a camera comes from.
  public enum CountCalibration: Hashable, Sendable {
    case stated(Uncertain<Scintigraphy.Sensitivity>)
    /// What `nm calibrate --json` printed, relative to the case.
    case file(String)
  }

  /// A table of curves.
  public struct Curves: Hashable, Sendable {
    public enum Weights: String, CaseIterable, Hashable, Sendable { case given, relative, equal }
    public let file: String
    public let weights: Weights?
    public let relativeUncertainty: Double
    public let calibrationUncertainty: Double?
  }

  /// A region and how its mass and curve are found.
  public struct Region: Hashable, Sendable {
    /// What the region is.
    public enum Organ: String, CaseIterable, Hashable, Sendable {
      case kidneyLeft = "kidney-left"
      case kidneyRight = "kidney-right"
      case kidneys, liver, spleen
      case marrow = "marrow-L2-L4"
      case lesion
      case wholeBody = "whole-body"
      case remainder, blood, other
    }

    public let name: String
    public let organ: Organ
    public let structure: String?
    public let sampledBy: [String]
    /// How far the structure is grown to catch what spills out; `nil` for the structure itself.
    public let dilatedBy: Length?
    public let volume: Volume?
    public let mass: Mass?
    public let massUncertainty: Double?
    public let density: Density?
    public let model: CurveModel?
    /// A published population.
    public let prior: PopulationPrior?
    /// A file of populations by the names of regions.
    public let priorFile: String?
    /// Points that the fit does not use.
    public let excluded: [Exclusion]
    public let published: Published?

    /// A point that a person took out, by its time after the administration, and why.
    public struct Exclusion: Hashable, Sendable {
      public let time: Time
      public let reason: String
    }

    /// A published time-integrated activity and how it was fitted.
    public struct Published: Hashable, Sendable {
      public let timeIntegratedActivity: TimeIntegratedActivity
      public let model: CurveModel
      public let weights: Curves.Weights
    }
  }

  /// Limits on doses.
  public struct Limits: Hashable, Sendable {
    public var kidneys: AbsorbedDose?
    public var marrow: AbsorbedDose?
    public var liver: AbsorbedDose?
    public var spleen: AbsorbedDose?
    public var priorKidneys: AbsorbedDose
    public var priorMarrow: AbsorbedDose
    public var kidneysBED: BiologicalLimit?

    /// A limit on the biologically effective dose.
    public enum BiologicalLimit: Hashable, Sendable { case published, stated(BiologicallyEffectiveDose) }
  }

  /// What the therapy is to be.
  public struct Therapy: Hashable, Sendable {
    public let graft: Time
    public let graftIsStated: Bool
    public var acceptedRisk: Double?
    public let cap: Activity?
    /// Nuclides to compare with the measured one.
    public let labels: [String]
    public let seed: UInt64
  }

  /// The therapy as given and what was measured after it.
  public struct Verification: Sendable {
    public let administration: Administration
    public let spect: Spect?
    public let curves: Curves?
  }

  public let name: String
  public let notes: [String]
  public let source: String?
  public let nuclide: String
  public let agent: String
  public let subject: Subject?
  public internal(set) var administration: Administration
  public internal(set) var spect: Spect?
  public internal(set) var curves: Curves?
  public let planar: Planar?
  public internal(set) var regions: [Region]
  public var limits: Limits
  public var therapy: Therapy
  /// Total-body irradiation, external beams and earlier radionuclides.
  public let otherIrradiation: [OtherIrradiation]
  public let verification: Verification?
  /// Items of the reporting checklist, by number.
  public let reporting: [Int: String]
  public var settings: CaseSettings
  /// Of the file's bytes.
  public let digest: Digest
}

/// The readings of the published method that `plan` depends on.
public struct CaseSettings: Hashable, Sendable {
  /// What times after administration are counted from.
  public enum TimeBase: String, Hashable, Sendable { case start, middle, end }

  /// Register A4-1: how spheres in L2–L4 lead to the marrow.
  public enum MarrowReading: String, Hashable, Sendable { case vertebrae = "A", spongiosa = "B" }

  /// Register A4-2.
  public enum MarrowShare: Hashable, Sendable { case bySex, papers, share(Double) }

  public var timeBase: TimeBase = .middle
  public var marrowReading: MarrowReading = .vertebrae
  public var marrowShare: MarrowShare = .bySex
  public var criterion: InformationCriterion = .sigmaKnown
  public var scalesMass = true
  public var sValues: SValueChoice = .full
  /// A folder with absorbed fractions of the user's own, in place of ``sValues``.
  public var fractions: String?
  /// Register A7-1.
  public var marrowLimit: LimitReading = .afterGraft
  public var limitsMarrow = true
  /// Register A7-2: how kidneys and marrow are read together.
  public var combination: LimitCombination = .all
  public var conversionFactor = 1.0
  /// What the file says of entries that `plan` does not use, by id.
  public var others: [String: String] = [:]

  public init() {}
}

/// Where the S values of a plan come from.
public enum SValueChoice: String, CaseIterable, Hashable, Sendable {
  /// Transport through the reference adult of the sex, with cross-dose and remainder of the body.
  case full = "endora"
  /// Self-dose alone.
  case selfDose = "self"

  /// In words.
  var meaning: String {
    switch self {
    case .full: "reference adult, with cross-dose"
    case .selfDose: "self-dose alone"
    }
  }
}

extension CaseFile {
  /// The set of S values that the case asks for; self-dose alone where the subject's sex is not known.
  ///
  /// - Throws: a refusal of the user's own fractions where they cannot be used for this subject.
  func sValueSet() throws -> any SValueSet {
    if let path = settings.fractions {
      guard let subject, subject.cellularity == 1 else {
        throw CaseError(
          "fractions-subject",
          subject == nil
            ? "Absorbed fractions of one's own need the subject's sex."
            : "Absorbed fractions of one's own hold for the reference cellularity.",
          remedy: "Give subject.sex and no cellularity, or leave sValues at endora.")
      }
      guard let folder = FractionFolder(path) else {
        throw CaseError(
          "fractions-missing", "There is no folder of absorbed fractions \(printable(fileName(path))).",
          remedy: "Correct settings.sValues.", category: .missing)
      }
      return try PatientSValues(folder.sValues(phantom: subject.sex == .male ? "adult-male" : "adult-female"))
    }
    guard settings.sValues == .full, let subject else { return SelfDoseSet() }
    return try PatientSValues(subject.sex, cellularity: subject.cellularity)
  }
}

extension CaseSettings {
  /// The choice of S values that a plan is compared with.
  var alternative: SValueChoice { fractions == nil && sValues == .full ? .selfDose : .full }

  /// Whether the S values are those of other settings.
  func hasSetOf(_ other: CaseSettings) -> Bool { sValues == other.sValues && fractions == other.fractions }
}

/// Register A7-2: which of kidneys and marrow limit, and how they are read together.
public enum LimitChoice: String, CaseIterable, Hashable, Sendable {
  case both, governing, kidneys

  /// In words.
  var meaning: String {
    switch self {
    case .both: "both"
    case .governing: "the governing one"
    case .kidneys: "kidneys only"
    }
  }
}

extension CaseSettings {
  /// Register A7-2.
  var limitChoice: LimitChoice {
    get { !limitsMarrow ? .kidneys : combination == .governing ? .governing : .both }
    set {
      limitsMarrow = newValue != .kidneys
      combination = newValue == .governing ? .governing : .all
    }
  }
}
