import DICOM
import Numerics
import Studies

/// The series of a folder from which a case can be made, with what their headers tell of patient and administration.
struct CaseSources: Sendable {
  /// The SPECT: in Bq/mL, or in counts where there is none in Bq/mL.
  let tomographies: [IndexedSeries]
  /// Whether the SPECT are reconstructions in counts.
  let areCounts: Bool
  /// The reconstructions in counts that stand beside SPECT in Bq/mL.
  let unused: Int
  /// The planar scans with both views, in the order of their times.
  let planar: [NuclearMedicineFile]
  let planarSeries: [IndexedSeries]
  let structureSets: [IndexedSeries]
  let segmentations: [IndexedSeries]
  /// The image on which the regions were most likely drawn.
  let outlined: IndexedSeries?
  /// Of the first image.
  let header: DataSet?
  /// Of every series of emission.
  let administrations: [CheckedAdministration]

  /// What a series must be for a case to begin with it.
  static let kinds: Set<SeriesKind> = [.quantitativeSPECT, .reconstruction, .planar, .wholeBody]

  init(_ index: StudyIndex) throws {
    func of(_ kinds: SeriesKind...) -> [IndexedSeries] { index.series.filter { kinds.contains($0.kind) } }
    let (quantitative, counts) = (of(.quantitativeSPECT), of(.reconstruction))
    areCounts = quantitative.isEmpty
    tomographies = areCounts ? counts : quantitative
    unused = areCounts ? 0 : counts.count
    let scans = of(.planar, .wholeBody)
    let files = scans.flatMap(\.files)
    let read = try inParallel(files.count) { try NuclearMedicineFile(path: files[$0].path) }
    planar = read.filter(\.hasBothViews).sorted { a, b in
      (a.acquisition?.secondsSince1970 ?? 0) < (b.acquisition?.secondsSince1970 ?? 0)
    }
    planarSeries = planar.isEmpty ? [] : scans
    guard let first = tomographies.first ?? planarSeries.first else {
      throw CaseError(
        "no-spect",
        scans.isEmpty
          ? "The folder holds neither SPECT nor planar scintigraphy."
          : "The planar scans of the folder do not have both views in one file.",
        remedy: Self.remedy(Set(index.series.map(\.kind))), category: .missing)
    }
    if let spect = tomographies.first {
      if areCounts { _ = try CountSeries(spect) } else { _ = try QuantitativeSeries(spect) }
    }
    structureSets = of(.structureSet)
    segmentations = of(.segmentation)
    outlined = of(.ct).first ?? tomographies.first
    header = try DICOMHeader(path: first.files[0].path)?.dataSet
    // Every planar file is an acquisition of its own.
    let emission = tomographies.map { $0.files[0] } + planarSeries.flatMap(\.files)
    administrations = try emission.map { try CheckedAdministration($0) }
  }

  private static func remedy(_ kinds: Set<SeriesKind>) -> String {
    if kinds.contains(.pet) {
      return "PET needs no case.json: use `endora pet suv FOLDER`, and `endora pet sites CASE` with a pet.json."
    }
    if kinds.contains(.projections) { return "Reconstruct the projections at the camera, and add the result." }
    return "Add the SPECT, or planar scans with the anterior and the posterior view in one file."
  }

  /// Parts of the patient's name, identifier and birth date; no path in a case may hold one.
  private var identity: [String] {
    var parts: [String] = []
    for tag in [Tag.patientName, .patientID, .patientBirthDate] {
      guard let text = try? header?.string(tag) else { continue }
      parts.append(text)
      parts += text.split { !$0.isLetter && !$0.isNumber }.map { String($0) }
    }
    return parts.filter { $0.count > 1 }.map { $0.lowercased() }
  }

  /// The folder that holds all files of series, relative to the case's, or one above it whose path does not tell who the
  /// patient is.
  func folder(of series: [IndexedSeries], below root: String) -> String {
    let root = root.split(separator: "/", omittingEmptySubsequences: true)
    let folders = series.flatMap(\.files).map { file -> [Substring] in
      let parts = file.path.split(separator: "/", omittingEmptySubsequences: true)
      return parts.starts(with: root) ? Array(parts.dropFirst(root.count).dropLast()) : []
    }
    guard var common = folders.first else { return "." }
    for folder in folders.dropFirst() { common = zip(common, folder).prefix { $0 == $1 }.map(\.0) }
    let identity = identity
    let sound = common.prefix { part in !identity.contains { part.lowercased().contains($0) } }
    return sound.isEmpty ? "." : sound.joined(separator: "/")
  }
}

extension NuclearMedicineFile {
  /// Whether an energy window has one anterior and one posterior frame.
  fileprivate var hasBothViews: Bool {
    let windows = Dictionary(grouping: frames) { $0.energyWindow ?? 1 }
    return windows.values.contains { frames in
      [Detector.View.anterior, .posterior].allSatisfy { view in frames.count { $0.view == view } == 1 }
    }
  }
}
