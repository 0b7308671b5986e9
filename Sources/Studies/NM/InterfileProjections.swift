import DICOM
import Foundation
import Provenance
import Quantities

extension NuclearMedicineFile {
  /// Whether a file is the header of an Interfile image.
  public static func isInterfile(path: String) -> Bool {
    (try? FileBytes(path: path).first(64)).map { InterfileHeader.begins($0) } ?? false
  }

  /// Reads the projections of a SPECT acquisition from an Interfile header and the data beside it.
  ///
  /// Projection n stands at start ± n·extent/N, + for the direction CW; its angle counts as the file's does. The data
  /// lie in a file of the same folder. Data without a stated byte order are big endian, as Interfile 3.3 has it.
  /// - Throws: ``StudyError`` for what is no acquired tomography, lacks a number that the projections need, holds less data
  ///   than declared or a value that is below zero or no number.
  public init(interfile path: String) throws {
    let bytes = try FileBytes(path: path).all()
    let header = try InterfileHeader(bytes)
    guard header.text("type of data")?.lowercased() == "tomographic",
      header.text("process status")?.lowercased() ?? "acquired" == "acquired"
    else {
      throw StudyError(
        "not-projections", "The Interfile image holds no projections of a tomography.",
        remedy: "Name a header whose type of data is Tomographic and whose process status is Acquired.")
    }
    let columns = try header.count("matrix size [1]", in: 1...4096)
    let rows = try header.count("matrix size [2]", in: 1...4096)
    let projections = try header.count("number of projections", in: 1...4096)
    guard try header.count("number of energy windows", in: 1...16, default: 1) == 1,
      try header.count("number of detector heads", in: 1...8, default: 1) == 1
    else {
      throw StudyError(
        "interfile-windows", "The Interfile image holds several energy windows or detector heads.",
        remedy: "Export one file for each of them.")
    }
    let data = try Self.data(of: header, beside: path)
    let counts = try Self.values(
      header, data, offset: try header.count("data offset in bytes", in: 0...1 << 20, default: 0),
      count: rows * columns * projections)
    guard let extent = try header.number("extent of rotation"), let start = try header.number("start angle") else {
      throw InterfileHeader.malformed("does not tell where the detector stood")
    }
    let turn = header.text("direction of rotation")?.lowercased() == "ccw" ? -1.0 : 1
    let duration = try header.number("time per projection (sec)").flatMap { $0 > 0 ? Time.seconds($0) : nil }
    let radius = try header.number("radius").map { Length.millimetres($0) }
    let window = try Self.window(header)
    let pixels = rows * columns
    self.init(
      kind: .projections, transferSyntaxUID: "Interfile", rows: rows, columns: columns,
      pixelSpacing: try Self.spacing(header),
      detectors: [Detector(startAngle: .degrees(start), radius: radius)], energyWindows: window.map { [$0] } ?? [],
      digest: .combining([Digest(of: bytes), Digest(of: data)]),
      frames: (0..<projections).map { n in
        let degrees = start + turn * Double(n) * extent / Double(projections)
        return Frame(
          detector: 1, view: nil, energyWindow: window == nil ? nil : 1, phase: nil, slice: nil,
          angle: .degrees((degrees.truncatingRemainder(dividingBy: 360) + 360).truncatingRemainder(dividingBy: 360)),
          radius: radius, duration: duration,
          totalCounts: Int(counts[n * pixels..<(n + 1) * pixels].reduce(0.0) { $0 + Double($1) }.rounded()))
      }, counts: counts,
      findings: counts.allSatisfy { $0 == $0.rounded() }
        ? []
        : [
          Finding(
            .info, code: "fractional-counts", title: "Counts that are no whole numbers",
            "The projections hold fractions of counts, as simulated ones do; the totals are rounded.",
            origin: "Studies · nuclear medicine")
        ])
  }

  /// The bytes of the data, in a file of the folder of the header.
  private static func data(of header: InterfileHeader, beside path: String) throws -> [UInt8] {
    guard let name = header.text("name of data file") else {
      throw InterfileHeader.malformed("does not name the file with the data")
    }
    guard !name.contains("/"), !name.contains("\\"), name != ".." else {
      throw StudyError(
        "unsafe-name", "The Interfile header names data outside its folder.",
        remedy: "Put header and data into one folder, and name the data alone.")
    }
    return try FileBytes(path: (path as NSString).deletingLastPathComponent + "/" + name).all()
  }

  private static func spacing(_ header: InterfileHeader) throws(StudyError) -> (down: Length, along: Length)? {
    guard let along = try header.number("scaling factor (mm/pixel) [1]"),
      let down = try header.number("scaling factor (mm/pixel) [2]")
    else { return nil }
    guard (0.01...1000).contains(along), (0.01...1000).contains(down) else {
      throw InterfileHeader.malformed("has pixels of a size that cannot be")
    }
    return (.millimetres(down), .millimetres(along))
  }

  private static func window(_ header: InterfileHeader) throws(StudyError) -> EnergyWindow? {
    guard let lower = try header.number("energy window lower level [1]", "energy window lower level"),
      let upper = try header.number("energy window upper level [1]", "energy window upper level")
    else { return nil }
    guard lower >= 0, lower < upper else { throw InterfileHeader.malformed("has an energy window out of order") }
    return EnergyWindow(name: nil, ranges: [.kiloelectronvolts(lower)...(.kiloelectronvolts(upper))])
  }

  private static func values(
    _ header: InterfileHeader, _ data: [UInt8], offset: Int, count: Int
  ) throws(StudyError) -> [Float] {
    let size = try header.count("number of bytes per pixel", in: 1...8)
    guard data.count - offset >= count * size else {
      throw StudyError(
        "short-pixel-data", "The data have \(max(0, data.count - offset)) bytes where \(count * size) are declared.",
        remedy: "Copy or export the projections again.")
    }
    let isLittle = header.text("imagedata byte order")?.lowercased() == "littleendian"
    func words<N: FixedWidthInteger>(_: N.Type, _ value: (N) -> Float) -> [Float] {
      data.withUnsafeBytes { raw in
        (0..<count).map {
          let word = raw.loadUnaligned(fromByteOffset: offset + $0 * MemoryLayout<N>.size, as: N.self)
          return value(isLittle ? N(littleEndian: word) : N(bigEndian: word))
        }
      }
    }
    let values: [Float]
    switch (header.text("number format")?.lowercased(), size) {
    case ("unsigned integer", 1): values = words(UInt8.self) { Float($0) }
    case ("unsigned integer", 2): values = words(UInt16.self) { Float($0) }
    case ("unsigned integer", 4): values = words(UInt32.self) { Float($0) }
    case ("signed integer", 1): values = words(Int8.self) { Float($0) }
    case ("signed integer", 2): values = words(Int16.self) { Float($0) }
    case ("signed integer", 4): values = words(Int32.self) { Float($0) }
    case ("float", 4), ("short float", 4): values = words(UInt32.self) { Float(bitPattern: $0) }
    case ("float", 8), ("long float", 8): values = words(UInt64.self) { Float(Double(bitPattern: $0)) }
    default: throw InterfileHeader.malformed("has numbers of a format that is not read")
    }
    guard values.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
      throw StudyError(
        "counts-below-zero", "The projections hold counts below zero or no numbers.",
        remedy: "Check the byte order and the number format of the header.")
    }
    return values
  }
}
