import Foundation
import Kinetics
import Provenance
import Quantities
import Radionuclides
import Scintigraphy
import Studies
import Volumes

/// One region's points with what all its times share.
struct MeasuredRegion: Sendable {
  let region: CaseFile.Region
  let curve: TimeActivityCurve
  let weighting: Weighting
  /// Planimetric, or as stated; `nil` for curves that came as numbers.
  let volume: Uncertain<Volume>?
  /// From images; `nil` for curves that came as numbers.
  let common: CommonUncertainty?
  /// Of curves that came as numbers.
  let calibrationUncertainty: Double?
  let findings: [Finding]
  /// κ at each time of a region measured in images; empty else.
  var countSensitivities: [Double] = []
  /// Points that a person took out.
  var excluded: [(point: TimeActivityCurve.Point, reason: String)] = []
  /// Of the file that the case names.
  var population: PopulationPrior?
}

extension MeasuredRegion {
  /// What a population says of the region's half-lives.
  var prior: PopulationPrior? { population ?? region.prior }

  /// What the activity at one time shares with that at others; `nil` for curves that came as numbers.
  func commonUncertainty(at index: Int) -> Double? {
    common.map {
      countSensitivities.indices.contains(index)
        ? $0.relativeOfActivity(countSensitivity: countSensitivities[index]) : $0.relativeOfActivity
    }
  }
}

/// An input file or series and its digest.
struct InputRecord: Sendable {
  let input: String
  let when: String
  let what: String
  let digest: Digest
}

/// Everything measured of a case.
struct Measurement: Sendable {
  let regions: [MeasuredRegion]
  let inputs: [InputRecord]
  let findings: [Finding]
}

/// A quantitative image at its time after administration.
struct TimedImage: Sendable {
  let time: Time
  /// At the start of the acquisition.
  let image: Image<ActivityConcentration>
}

extension CaseFile {
  /// Reads the curves and images that the case names.
  func measure(in folder: String, nuclide: Nuclide) throws -> Measurement {
    var measured: [MeasuredRegion] = []
    var inputs: [InputRecord] = []
    var findings: [Finding] = []
    if let curves {
      let table = try CurveTable(path: curves.file.hasPrefix("/") ? curves.file : folder + "/" + curves.file)
      measured += try regions(from: table, curves, nuclide, &findings)
      inputs.append(
        InputRecord(
          input: "Time-activity table", when: "", what: "\(table.regions.count) regions, \(fileName(curves.file))",
          digest: table.digest))
    }
    if let spect {
      let study = try ReadStudy(spect, folder: folder, case: self, nuclide: nuclide)
      inputs += study.inputs
      findings += study.findings
      let inTable = Set(measured.map(\.region.name))
      let wanted = regions.filter { $0.structure != nil || !$0.sampledBy.isEmpty }
      if let twice = wanted.first(where: { inTable.contains($0.name) }) {
        throw CaseError(
          "region-measured-twice", "Region “\(twice.name)” is both in the table and outlined in the images.",
          remedy: "Remove it from the table, or remove its structure.")
      }
      measured += try measure(wanted, in: study.images, study.structures, study.spect, nuclide)
    }
    if spect == nil, curves == nil, planar != nil {
      let found = try PlanarCaseResult(self, folder: folder, nuclide: nuclide)
      measured = try found.measuredRegions(nuclide)
      findings += found.findings
      inputs.append(found.input)
    }
    let names = Set(measured.map(\.region.name))
    if let absent = regions.first(where: { !names.contains($0.name) }) {
      throw CaseError(
        "region-absent", "Region “\(absent.name)” was measured nowhere.",
        remedy: "Add it to the table, name its structure, or leave it out of the case.")
    }
    try readPopulations(in: folder, for: &measured, &inputs)
    let order = Dictionary(uniqueKeysWithValues: regions.enumerated().map { ($1.name, $0) })
    return Measurement(
      regions: measured.sorted { order[$0.region.name]! < order[$1.region.name]! }, inputs: inputs, findings: findings)
  }

  /// Gives regions what the files of populations that they name say of them.
  private func readPopulations(
    in folder: String, for measured: inout [MeasuredRegion], _ inputs: inout [InputRecord]
  ) throws {
    for path in Set(regions.compactMap(\.priorFile)).sorted() {
      let bytes = try readFile(path.hasPrefix("/") ? path : folder + "/" + path)
      let priors = try PriorChoice.populations(bytes, file: path)
      for index in measured.indices where measured[index].region.priorFile == path {
        measured[index].population = try priors.prior(for: measured[index].region.name)
      }
      inputs.append(InputRecord(input: "Population", when: "", what: fileName(path), digest: Digest(of: bytes)))
    }
  }

  private func regions(
    from table: CurveTable, _ curves: Curves, _ nuclide: Nuclide, _ findings: inout [Finding]
  ) throws -> [MeasuredRegion] {
    let weighting: Weighting =
      switch curves.weights {
      case .given: .given
      case .relative: .relative(curves.relativeUncertainty)
      case .equal: .equal
      case nil: table.hasUncertainties ? .given : .relative(curves.relativeUncertainty)
      }
    if case .relative(let fraction) = weighting {
      findings.append(
        Finding(
          .caution, code: "assumed-uncertainty", title: "Uncertainties assumed.",
          "Every activity of the table carries a standard uncertainty of \(shortNumber(fraction * 100)) %, which is an "
            + "assumption unless the case states it.", origin: "Workbench · measurements.curves"))
    }
    if curves.calibrationUncertainty == nil {
      findings.append(
        Finding(
          .caution, code: "calibration-not-stated", title: "Calibration not stated.",
          "The uncertainty of the calibration behind the table is not part of any result.",
          origin: "Workbench · measurements.curves"))
    }
    var known = Dictionary(uniqueKeysWithValues: regions.map { ($0.name, $0) })
    return try table.regions.map { name, points in
      guard let region = known.removeValue(forKey: name) else {
        throw CaseError(
          "region-unknown", "The table holds region “\(name)”, which the case does not name.",
          remedy: "Add it to regions in the case file, or remove it from the table.")
      }
      return MeasuredRegion(
        region: region,
        curve: try TimeActivityCurve(region: name, points: points, physicalDecay: nuclide.decayConstant),
        weighting: weighting, volume: region.volume.map { Uncertain($0, standardUncertainty: nil) }, common: nil,
        calibrationUncertainty: curves.calibrationUncertainty, findings: [])
    }
  }

  /// Reads outlined regions in images.
  ///
  /// Spheres whose surrounding organ is not outlined are read without recovery correction; their concentration holds for
  /// the region's stated volume.
  func measure(
    _ wanted: [Region], in images: [TimedImage], _ structures: [Structure], _ spect: Spect, _ nuclide: Nuclide
  ) throws -> [MeasuredRegion] {
    func structure(_ name: String, for region: Region) throws -> Structure {
      let found = structures.filter { $0.name == name }
      guard found.count == 1 else {
        let names = structures.map { "“\($0.name)”" }.joined(separator: ", ")
        throw CaseError(
          found.isEmpty ? "structure-missing" : "structure-twice",
          "Region “\(region.name)” needs the structure “\(name)”, which is there \(found.count) times.",
          remedy: "The structure set holds \(names).")
      }
      return found[0]
    }
    let grown = wanted.filter { $0.dilatedBy != nil }
    let wanted = wanted.filter { $0.dilatedBy == nil }
    let outlined = try wanted.filter { $0.structure != nil }.map { region in
      (
        region,
        RegionOfInterest(
          name: region.name, emitting: try structure(region.structure!, for: region),
          sampledBy: try region.sampledBy.map { try structure($0, for: region) })
      )
    }
    let sampled = try wanted.filter { $0.structure == nil }.map { region in
      guard region.volume != nil else {
        throw CaseError(
          "volume-missing", "Region “\(region.name)” is sampled without a structure or a volume.",
          remedy: "Name the structure that holds the activity, or give volume_mL.")
      }
      let contours = try region.sampledBy.flatMap { try structure($0, for: region).contours }
      return (region, RegionOfInterest(name: region.name, emitting: Structure(name: region.name, contours: contours)))
    }
    return try activities(outlined, images, spect, recovery: spect.recovery, nuclide)
      + activities(sampled, images, spect, recovery: .none, nuclide)
      + grown.map { region in
        let own = try structure(region.structure!, for: region)
        let others = try (wanted + grown).filter { $0.name != region.name }.compactMap(\.structure).map {
          try structure($0, for: region)
        }
        return try dilated(region, own, others, images, spect, nuclide)
      }
  }

  /// Reads a region grown until it catches what spills out, the same at all times.
  private func dilated(
    _ region: Region, _ structure: Structure, _ others: [Structure], _ images: [TimedImage], _ spect: Spect,
    _ nuclide: Nuclide
  ) throws -> MeasuredRegion {
    let volume = try ContourPlanes(of: structure).planimetricVolume()
    let readings = try images.map { one in
      let grid = one.image.grid
      return try DilatedSampling(
        of: try Mask(of: structure, on: grid), volume: volume, in: one.image, width: region.dilatedBy!,
        others: others.map { try Mask(of: $0, on: grid) })
    }
    let points = zip(images, readings).map { image, reading in
      let noise = reading.activity.relativeUncertainty ?? 0
      let relative = (noise * noise + spect.pointUncertainty * spect.pointUncertainty).squareRoot()
      return TimeActivityCurve.Point(
        time: image.time, activity: reading.activity.value, standardUncertainty: reading.activity.value * relative)
    }
    // d ln A/d ln V is what the background inside the outline is of the activity.
    let inside = readings.map { $0.background * volume }.total() / readings.map(\.activity.value).total()
    return MeasuredRegion(
      region: region,
      curve: try TimeActivityCurve(region: region.name, points: points, physicalDecay: nuclide.decayConstant),
      weighting: .given,
      volume: Uncertain(volume, relative: spect.outlineImage.relativeVolumeUncertainty(of: volume)),
      common: CommonUncertainty(
        calibration: spect.calibrationUncertainty, recovery: 0,
        volume: spect.outlineImage.relativeVolumeUncertainty(of: volume), countSensitivity: inside,
        recoverySensitivity: 0), calibrationUncertainty: nil, findings: [])
  }

  private func activities(
    _ wanted: [(Region, RegionOfInterest)], _ images: [TimedImage], _ spect: Spect, recovery: RecoveryCorrection,
    _ nuclide: Nuclide
  ) throws -> [MeasuredRegion] {
    guard !wanted.isEmpty else { return [] }
    let quantification = try RegionQuantification(
      regions: wanted.map(\.1), recovery: recovery, outlineImage: spect.outlineImage,
      pointUncertainty: spect.pointUncertainty, calibrationUncertainty: spect.calibrationUncertainty)
    let results = try quantification.activities(in: images.map(\.image))
    return try zip(wanted, results).map { wanted, result in
      let region = wanted.0
      let isSampledAlone = region.structure == nil
      let scale = isSampledAlone ? region.volume! / result.volume.value : 1
      let points = zip(images, result.measurements).map { image, reading in
        TimeActivityCurve.Point(
          time: image.time, activity: reading.activity.value * scale,
          standardUncertainty: reading.activity.standardUncertainty.map { $0 * scale })
      }
      return MeasuredRegion(
        region: region,
        curve: try TimeActivityCurve(region: region.name, points: points, physicalDecay: nuclide.decayConstant),
        weighting: .given,
        volume: isSampledAlone ? Uncertain(region.volume!, standardUncertainty: nil) : result.volume,
        common: result.common, calibrationUncertainty: nil, findings: result.findings,
        countSensitivities: result.measurements.map(\.countSensitivity))
    }
  }
}
