import Dosimetry
import Foundation
import JSON
import Kinetics
import Provenance
import Quantities
import Radionuclides
import Therapy

/// A case that is being worked on: what was measured is kept, so that another model, another point or another choice
/// answers at once.
public struct CaseSession: Sendable {
  /// The case as it was read.
  public let file: CaseFile
  /// The files that its results depend on.
  public let inputs: CaseInputs
  let plan: Plan
  /// All points, those that are excluded too.
  private let measured: Measurement

  /// Reads and measures a case.
  ///
  /// - Parameter earlier: a session of the same case; its measurement serves again where only regions' models, excluded
  ///   points, limits, therapy or settings of the analysis have changed.
  public init(_ folder: String, earlier: CaseSession? = nil) throws {
    let (file, folder) = try CaseFile.read(folder)
    let nuclide = try NuclideTable.icrp107().nuclide(file.nuclide)
    inputs = CaseInputs(of: file, in: folder)
    if let earlier, earlier.inputs.withoutCase == inputs.withoutCase, earlier.file.isMeasured(as: file) {
      measured = earlier.measured
    } else {
      measured = try file.measure(in: folder, nuclide: nuclide)
    }
    self.file = file
    plan = try Plan(
      file, nuclide: nuclide, measurement: try measured.excluding(file.regions, decay: nuclide.decayConstant),
      compares: false)
  }
}

extension CaseFile {
  /// Whether another reading of a case has the same measurement: it may differ in how the curves are analysed only.
  fileprivate func isMeasured(as other: CaseFile) -> Bool {
    func measuring(_ file: CaseFile) -> [[String?]] {
      file.regions.map {
        [
          $0.name, $0.organ.rawValue, $0.structure, $0.sampledBy.joined(separator: "\n"),
          $0.dilatedBy.map { "\($0.base)" }, $0.volume.map { "\($0.base)" },
        ]
      }
    }
    return nuclide == other.nuclide && administration == other.administration && spect == other.spect
      && curves == other.curves && (planar == nil) == (other.planar == nil) && (planar == nil || digest == other.digest)
      && settings.timeBase == other.settings.timeBase && measuring(self) == measuring(other)
  }
}
