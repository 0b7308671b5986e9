public import Quantities
import DICOM

/// A whole-body acquisition with two detectors that is to be written.
public struct WholeBodyDraft: Sendable {
  /// A window's name, its limits and the counts of front and back, head first, row after row, each as its detector saw
  /// them.
  public struct Window: Sendable {
    public let name: String
    public let limits: ClosedRange<Energy>
    public let front: [UInt16]
    public let back: [UInt16]

    public init(name: String, limits: ClosedRange<Energy>, front: [UInt16], back: [UInt16]) {
      self.name = name
      self.limits = limits
      self.front = front
      self.back = back
    }
  }

  public let description: String
  public let number: Int
  public let rows: Int
  public let columns: Int
  public let pixel: Length
  public let windows: [Window]
  public let start: Timestamp
  /// Of the whole scan.
  public let duration: Time
  /// The way of the bed each second.
  public let velocity: Length
  public let nuclide: String

  public init(
    description: String, number: Int, rows: Int, columns: Int, pixel: Length, windows: [Window], start: Timestamp,
    duration: Time, velocity: Length, nuclide: String
  ) {
    self.description = description
    self.number = number
    self.rows = rows
    self.columns = columns
    self.pixel = pixel
    self.windows = windows
    self.start = start
    self.duration = duration
    self.velocity = velocity
    self.nuclide = nuclide
  }
}

extension StudyWriter {
  /// Writes a whole-body acquisition as one Nuclear Medicine Image: frames by window, front before back.
  public func writeWholeBody(_ scan: WholeBodyDraft, to path: String) throws {
    let pixels = scan.rows * scan.columns
    guard !scan.windows.isEmpty, scan.windows.allSatisfy({ $0.front.count == pixels && $0.back.count == pixels }) else {
      throw StudyError(
        "unwritable-views", "A view does not have \(scan.rows) × \(scan.columns) pixels.",
        remedy: "Give one value a pixel.", category: .internalFault)
    }
    let storage = "1.2.840.10008.5.1.4.1.1.20"
    var draft = header(
      sopClassUID: storage, modality: "NM", series: scan.description, number: scan.number, acquired: scan.start,
      frameOfReferenceUID: frameOfReferenceUID(scan.description))
    draft.put(.sopInstanceUID, instanceUID(scan.number, 0))
    draft.put(.instanceNumber, integer: 1)
    draft.put(.imageType, "ORIGINAL", "PRIMARY", "WHOLE BODY", "EMISSION")
    draft.put(.acquisitionDate, date: scan.start.calendarDate)
    draft.put(.acquisitionTime, time: scan.start.clockTime)
    draft.put(.actualFrameDuration, integer: Int((scan.duration.seconds * 1000).rounded()))
    draft.put(.scanVelocity, decimal: scan.velocity.millimetres)
    draft.put(.wholeBodyTechnique, "1PS")
    draft.put(.scanLength, decimal: scan.pixel.millimetres * Double(scan.rows))
    draft.put(.pixelSpacing, decimals: [scan.pixel.millimetres, scan.pixel.millimetres])
    draft.put(.energyWindowVector, unsigned16s: scan.windows.indices.flatMap { [UInt16($0 + 1), UInt16($0 + 1)] })
    draft.put(.detectorVector, unsigned16s: scan.windows.flatMap { _ in [1, 2] })
    draft.put(
      .energyWindowInformation,
      items: scan.windows.map { window in
        var range = DataSetDraft()
        range.put(.energyWindowLower, decimal: window.limits.lowerBound.kiloelectronvolts)
        range.put(.energyWindowUpper, decimal: window.limits.upperBound.kiloelectronvolts)
        var item = DataSetDraft()
        item.put(.energyWindowName, window.name)
        item.put(.energyWindowRange, items: [range])
        return item
      })
    draft.put(
      .detectorInformation,
      items: [("Anterior", "272460009", 180.0), ("Posterior", "272462001", 0)].map { meaning, code, angle in
        var view = DataSetDraft()
        view.put(.codeValue, code)
        view.put(.codingSchemeDesignator, "SCT")
        view.put(.codeMeaning, meaning)
        var detector = DataSetDraft()
        detector.put(.collimatorType, "PARA")
        detector.put(.startAngle, decimal: angle)
        detector.put(.viewCode, items: [view])
        return detector
      })
    var code = DataSetDraft()
    let standard = RadionuclideName.code(of: scan.nuclide)
    code.put(.codeValue, standard.value)
    code.put(.codingSchemeDesignator, standard.scheme)
    code.put(.codeMeaning, scan.nuclide)
    var administration = DataSetDraft()
    administration.put(.radionuclideCode, items: [code])
    draft.put(.radiopharmaceuticalInformation, items: [administration])
    draft.put(
      pixels: scan.windows.flatMap { $0.front + $0.back }, rows: scan.rows, columns: scan.columns,
      frames: 2 * scan.windows.count)
    if let slash = path.lastIndex(of: "/") { try Folder(path: String(path[..<slash])).make() }
    try draft.write(to: path)
  }
}
