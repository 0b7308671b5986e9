/// A Sanger sequencing trace of an ABIF file (Applied Biosystems, 2009).
public struct SangerTrace: Sendable {
  /// The called bases.
  public let bases: [Character]
  /// The four channels' heights at each called base, in the order A, C, G, T.
  public let heights: [SIMD4<Double>]

  /// Reads an `.ab1` file.
  ///
  /// - Throws: ``LaboratoryError`` for what is no ABIF file or lacks traces, base calls or their places.
  public init(path: String) throws {
    self = try InstrumentFile.read(path) { try SangerTrace(bytes: $0) }
  }

  private init(bytes: UnsafeRawBufferPointer) throws {
    func refusal(_ what: String) -> LaboratoryError {
      LaboratoryError("abif-invalid", "The trace file \(what).", remedy: "Export the .ab1 file again.")
    }
    func number(_ offset: Int, _ width: Int) throws -> Int {
      guard offset >= 0, width >= 0, offset <= bytes.count - width else { throw refusal("ends inside its directory") }
      return bytes[offset..<(offset + width)].reduce(0) { $0 << 8 | Int($1) }
    }
    guard bytes.count >= 128, bytes.prefix(4).elementsEqual("ABIF".utf8) else {
      throw refusal("does not begin with ABIF")
    }
    let (count, directory) = (try number(18, 4), try number(26, 4))
    guard count < 100_000 else { throw refusal("states \(count) entries") }
    var entries: [String: UnsafeRawBufferPointer] = [:]
    for index in 0..<count {
      let start = directory + 28 * index
      _ = try number(start, 28 - 20)
      let name = String(decoding: bytes[start..<(start + 4)], as: UTF8.self) + "\(try number(start + 4, 4))"
      let size = try number(start + 16, 4)
      let offset = size <= 4 ? start + 20 : try number(start + 20, 4)
      guard offset <= bytes.count, size <= bytes.count - offset else { throw refusal("places \(name) beyond its end") }
      entries[name] = UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + size)])
    }
    func shorts(_ name: String) -> [Int]? {
      entries[name].map { data in
        (0..<data.count / 2).map { Int(Int16(bitPattern: UInt16(data[2 * $0]) << 8 | UInt16(data[2 * $0 + 1]))) }
      }
    }
    guard let order = entries["FWO_1"].map({ String(decoding: $0, as: UTF8.self).uppercased() }), order.count == 4,
      Set(order) == Set("ACGT"), let called = entries["PBAS2"] ?? entries["PBAS1"],
      let places = shorts("PLOC2") ?? shorts("PLOC1")
    else { throw refusal("lacks its base order, base calls or their places") }
    var traces: [[Int]] = []
    for base in "ACGT" {
      let position = order.distance(from: order.startIndex, to: order.firstIndex(of: base) ?? order.startIndex)
      guard let trace = shorts("DATA\(9 + position)") else { throw refusal("lacks the trace of \(base)") }
      traces.append(trace)
    }
    bases = String(decoding: called, as: UTF8.self).uppercased().map { $0 }
    guard bases.count == places.count, bases.count >= 50,
      places.allSatisfy({ place in place >= 0 && traces.allSatisfy { place < $0.count } })
    else { throw refusal("has base calls that do not fit its traces") }
    heights = places.map { place in
      SIMD4(traces.map { Double(max(0, $0[place])) })
    }
  }

  /// The shares of the four bases at a called base; equal shares where there is no signal.
  func shares(_ index: Int) -> SIMD4<Double> {
    let sum = heights[index].sum()
    return sum > 0 ? heights[index] / sum : SIMD4(repeating: 0.25)
  }
}
