import DICOM
public import Provenance

extension IndexedSeries {
  /// What the headers of the files show together: slices missing, doubled or unequally spaced, several acquisitions,
  /// mixed patients or units, pixels that were compressed with loss, files that are something else as well.
  ///
  /// What shows that the files are no one image, or not all of it, is `serious`; readers refuse more, such as a unit that
  /// they do not know.
  public var findings: [Finding] { (geometryFindings + instanceFindings + fileFindings).worstFirst() }

  private var geometryFindings: [Finding] {
    if isEnhanced {
      let errors = files.compactMap { file -> StudyError? in
        if case .failure(let error)? = file.enhanced { error } else { nil }
      }
      return errors.prefix(1).map { finding(.serious, $0.code, "No single volume", $0.reason) }
    }
    let isOfSlices = [.ct, .mr, .pet, .quantitativeSPECT].contains(kind)
    let several = files.filter { ($0.size?.frames ?? 1) > 1 }.count
    if isOfSlices, several > 0, reconstruction == nil {
      return [
        finding(
          .serious, "multi-frame", "Slices without a place",
          "\(several) of \(files.count) files hold several slices and do not tell where they lie.")
      ]
    }
    let single = kind.isMeasured && files.allSatisfy { $0.size?.frames == 1 }
    guard single, files.count > 1, ![.planar, .wholeBody, .nuclearMedicine].contains(kind) else { return [] }
    let planes = files.compactMap(\.plane)
    guard planes.count == files.count else {
      let lacking = files.count - planes.count
      return [
        finding(
          .serious, "missing-geometry", "Slices without a place",
          "\(lacking) of \(files.count) slices do not tell where they lie, or tell it in a way that cannot be.")
      ]
    }
    do throws(StudyError) {
      _ = try SliceStack(planes)
      return []
    } catch {
      return [finding(.serious, error.code, "No single volume", error.reason)]
    }
  }

  private var instanceFindings: [Finding] {
    var findings: [Finding] = []
    let doubled = files.count - Set(files.map(\.sopInstanceUID)).count
    if doubled > 0 {
      findings.append(
        finding(
          .serious, "duplicate-instance", "Instances twice",
          "\(doubled) of \(files.count) files carry the UID of another file of the series."))
    }
    if Set(files.map(\.patient)).count > 1 {
      findings.append(
        finding(.serious, "mixed-patients", "Different patients", "The files of the series name different patients."))
    }
    if Set(files.compactMap(\.frameOfReferenceUID)).count > 1 {
      findings.append(
        finding(
          .serious, "mixed-frames-of-reference", "Several frames of reference",
          "The files of the series lie in different frames of reference."))
    }
    if Set(files.map(\.units)).count > 1 {
      findings.append(
        finding(
          .serious, "mixed-units", "Several units", "The files of the series have values in different units."))
    }
    if let declared = files.compactMap(\.declaredSlices).max(), files.count > 1, declared > files.count,
      files.allSatisfy({ $0.size?.frames == 1 })
    {
      findings.append(
        finding(
          .serious, "incomplete-series", "Slices are missing",
          "The series declares \(declared) slices and holds \(files.count)."))
    }
    let acquisitions = Set(files.compactMap(\.acquisitionNumber)).count
    if kind.isMeasured, acquisitions > 1 {
      findings.append(
        finding(
          .caution, "several-acquisitions", "Several acquisitions",
          "The series joins \(acquisitions) acquisitions; check that they belong to one image."))
    }
    return findings
  }

  private var fileFindings: [Finding] {
    var findings: [Finding] = []
    let lossy = files.filter { DICOMFile.isLossy(transferSyntaxUID: $0.transferSyntaxUID) }.count
    if kind.isMeasured, lossy > 0 {
      findings.append(
        finding(
          .serious, "lossy-compression", "Compressed with loss",
          "\(lossy) of \(files.count) files were compressed with loss: their values are not those that were measured."))
    }
    let malformed = files.filter { !$0.malformed.isEmpty }
    if let reason = malformed.first?.malformed.first {
      findings.append(
        finding(
          .serious, "malformed-value", "Malformed values",
          "\(malformed.count) of \(files.count) files hold values that cannot be read. \(reason)"))
    }
    let unnamed = files.filter { !$0.hasSeriesUID }.count
    if unnamed > 0 {
      findings.append(
        finding(
          .serious, "missing-series-uid", "Files without a series",
          "\(unnamed) of \(files.count) files do not tell to what study and series they belong; those of one folder, frame "
            + "of reference and series number are taken as one series, whose UIDs are made up."))
    }
    for (preamble, what) in [(DICOMHeader.Preamble.executable, "program"), (.markup, "page of the web")] {
      let count = files.filter { $0.preamble == preamble }.count
      guard count > 0 else { continue }
      findings.append(
        finding(
          .caution, "preamble-\(preamble.rawValue)", "Begins like a \(what)",
          "\(count) of \(files.count) files begin like a \(what); Endora never runs or serves those bytes."))
    }
    return findings
  }

  private func finding(_ severity: Finding.Severity, _ code: String, _ title: String, _ text: String) -> Finding {
    Finding(severity, code: code, title: title, text, origin: "Studies")
  }
}
