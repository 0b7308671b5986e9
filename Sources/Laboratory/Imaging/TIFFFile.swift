import CTIFF

/// The pages of a TIFF or BigTIFF file, read by libtiff without mapping the file.
///
/// At most 2000 pages of at most 2²⁷ pixels with 64 samples, and no more of them than a file of its size can hold
/// compressed; no block takes more than 256 MB.
final class TIFFFile {
  /// One page.
  struct Page {
    enum Kind { case unsigned, signed, float }

    /// Its place in the chain of directories, from 0.
    let number: Int
    let width, height: Int
    let bits, samples: Int
    let kind: Kind
    let isPlanar: Bool
    /// Whether it is a smaller copy of another page.
    let isReduced: Bool
    /// How many smaller copies it has.
    let levels: Int
    let photometric: Int
    let description: String?
    fileprivate let block: (width: Int, height: Int, size: Int)

    var pixels: Int { width * height }
    /// Whether single precision holds every value.
    var isNarrow: Bool { kind == .float ? bits == 32 : bits <= 16 }
  }

  static let mostPixels = 1 << 27
  private static let mostPages = 2000
  private static let mostBytes = 1 << 28
  /// Bytes of an empty image that a byte of a file stands for, far more than Zstandard reaches.
  private static let mostCompression = 1 << 14
  let name: String
  private(set) var pages: [Page] = []
  private let file: OpaquePointer

  /// - Throws: ``LaboratoryError`` for what is no TIFF file or has a page beyond the limits.
  init(path: String) throws {
    name = path.split(separator: "/").last.map(String.init) ?? path
    var message = [CChar](repeating: 0, count: 200)
    guard let file = ctiff_open(path, Int64(Self.mostBytes), &message, message.count) else {
      throw LaboratoryError(
        "tiff-invalid", "\(name) is no TIFF file that can be read: \(Self.text(message)).",
        remedy: "Give a TIFF or OME-TIFF file.")
    }
    self.file = file
    var page = ctiff_page()
    var isThere = ctiff_first(file, &page)
    while isThere {
      guard pages.count < Self.mostPages else { throw refusal("has more than \(Self.mostPages) pages") }
      pages.append(try described(page))
      isThere = ctiff_next(file, &page)
    }
    let objection = String(cString: ctiff_message(file))
    guard objection.isEmpty, !pages.isEmpty else {
      throw refusal("is damaged: \(objection.isEmpty ? "it has no page" : objection)")
    }
  }

  deinit { ctiff_close(file) }

  private static func text(_ message: [CChar]) -> String {
    String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  func refusal(_ what: String) -> LaboratoryError {
    LaboratoryError("tiff-invalid", "\(name) \(what).", remedy: "Export the image again as OME-TIFF.")
  }

  private func described(_ page: ctiff_page) throws -> Page {
    let number = pages.count
    guard page.width > 0, page.height > 0, page.block_width > 0, page.block_height > 0,
      page.width <= UInt32(Self.mostPixels), page.height <= UInt32(Self.mostPixels),
      Int(page.width) * Int(page.height) <= Self.mostPixels
    else {
      throw refusal("has a page of \(page.width) × \(page.height) pixels, where at most \(Self.mostPixels) are read")
    }
    let kind: Page.Kind
    switch (page.format, page.bits) {
    case (1, 8), (1, 16), (1, 32), (4, 8), (4, 16), (4, 32): kind = .unsigned
    case (2, 8), (2, 16), (2, 32): kind = .signed
    case (3, 32), (3, 64): kind = .float
    default: throw refusal("has values of \(page.bits) bits in a format that is not read (\(page.format))")
    }
    guard (1...64).contains(page.samples), page.block_size > 0, page.block_size <= UInt64(Self.mostBytes) else {
      throw refusal("has \(page.samples) samples a pixel in blocks of \(page.block_size) bytes")
    }
    let bytes = Int(page.width) * Int(page.height) * Int(page.samples) * Int(page.bits) / 8
    guard bytes / Self.mostCompression <= ctiff_length(file) else {
      throw refusal("is too short for a page of \(page.width) × \(page.height) pixels")
    }
    return Page(
      number: number, width: Int(page.width), height: Int(page.height), bits: Int(page.bits),
      samples: Int(page.samples), kind: kind, isPlanar: page.is_planar, isReduced: page.is_reduced,
      levels: Int(page.levels), photometric: Int(page.photometric),
      description: ctiff_description(file).map { String(cString: $0) },
      block: (Int(page.block_width), Int(page.block_height), Int(page.block_size)))
  }

  /// Hands over the rows of one sample of a page, in pieces as they are stored.
  ///
  /// - Throws: ``LaboratoryError`` when a block is missing or damaged.
  func read(_ page: Page, sample: Int = 0, _ use: (_ x: Int, _ y: Int, _ values: ArraySlice<Double>) throws -> Void)
    throws
  {
    var found = ctiff_page()
    guard ctiff_go(file, UInt32(page.number), &found), found.width == UInt32(page.width),
      found.height == UInt32(page.height), found.block_size == UInt64(page.block.size)
    else { throw refusal("is damaged: page \(page.number + 1) is not found again") }
    let (wide, high) = (page.block.width, page.block.height)
    let stride = page.isPlanar ? 1 : page.samples
    guard page.block.size >= wide * high * stride * page.bits / 8 else {
      throw refusal("has blocks that are smaller than their pixels")
    }
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: page.block.size, alignment: 16)
    defer { bytes.deallocate() }
    var values = [Double](repeating: 0, count: wide * high)
    for top in Swift.stride(from: 0, to: page.height, by: high) {
      for left in Swift.stride(from: 0, to: page.width, by: wide) {
        let isRead = ctiff_read(
          file, UInt32(left), UInt32(top), UInt16(page.isPlanar ? sample : 0), bytes.baseAddress, bytes.count)
        guard isRead else {
          throw refusal("is damaged at column \(left), row \(top): \(String(cString: ctiff_message(file)))")
        }
        Self.convert(bytes, page, first: page.isPlanar ? 0 : sample, stride: stride, into: &values)
        for row in top..<min(top + high, page.height) {
          let start = (row - top) * wide
          try use(left, row, values[start..<(start + min(wide, page.width - left))])
        }
      }
    }
  }

  private static func convert(
    _ bytes: UnsafeMutableRawBufferPointer, _ page: Page, first: Int, stride: Int, into values: inout [Double]
  ) {
    func fill<T>(_ type: T.Type, _ number: (T) -> Double) {
      let source = bytes.bindMemory(to: type)
      for i in values.indices { values[i] = number(source[first + i * stride]) }
    }
    switch (page.kind, page.bits) {
    case (.unsigned, 8): fill(UInt8.self) { Double($0) }
    case (.unsigned, 16): fill(UInt16.self) { Double($0) }
    case (.unsigned, _): fill(UInt32.self) { Double($0) }
    case (.signed, 8): fill(Int8.self) { Double($0) }
    case (.signed, 16): fill(Int16.self) { Double($0) }
    case (.signed, _): fill(Int32.self) { Double($0) }
    case (.float, 32): fill(Float.self) { Double($0) }
    case (.float, _): fill(Double.self) { $0 }
    }
  }
}
