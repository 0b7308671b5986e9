import Foundation
import Testing

/// A TIFF file of the pages a test needs.
struct TIFFWriter: CustomTestStringConvertible {
  enum Packing: Int, CaseIterable { case none = 1, deflate = 8, runs = 32773 }

  struct Page {
    var width, height: Int
    /// Values by row, each pixel's samples together.
    var values: [Double]
    var bits = 16
    /// 1 unsigned, 2 signed, 3 float.
    var format = 1
    var samples = 1
    var description: String?
    var isReduced = false
    /// How many smaller copies the page claims to have.
    var levels = 0
  }

  var isBig = false
  var isBigEndian = false
  var packing = Packing.none
  /// The side of a tile; `nil` for strips of three rows.
  var tile: Int?
  var isPlanar = false

  var testDescription: String {
    "\(isBig ? "BigTIFF" : "TIFF") \(isBigEndian ? "MM" : "II") \(packing) \(tile.map { "tiles \($0)" } ?? "strips")"
      + (isPlanar ? " planar" : "")
  }

  private func number(_ value: UInt64, _ bytes: Int) -> [UInt8] {
    let little = (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
    return isBigEndian ? little.reversed() : little
  }

  private func stored(_ value: Double, _ page: Page) -> [UInt8] {
    switch (page.format, page.bits) {
    case (3, 32): number(UInt64(Float(value).bitPattern), 4)
    case (3, _): number(value.bitPattern, 8)
    default: number(UInt64(bitPattern: Int64(value)), page.bits / 8)
    }
  }

  /// Runs end with their row, as the standard asks.
  private func packed(_ bytes: [UInt8], row: Int) -> [UInt8] {
    switch packing {
    case .none: return bytes
    case .deflate:
      // A zlib stream of blocks that are stored as they are (RFC 1950, RFC 1951).
      var (a, b): (UInt32, UInt32) = (1, 0)
      for byte in bytes {
        a = (a + UInt32(byte)) % 65521
        b = (b + a) % 65521
      }
      let sum = b << 16 | a
      let length = [UInt8(bytes.count & 255), UInt8(bytes.count >> 8)]
      return [0x78, 0x01, 1] + length + length.map { ~$0 } + bytes
        + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: sum >> $0) }
    case .runs:
      let starts = stride(from: 0, to: bytes.count, by: row).flatMap { start in
        stride(from: start, to: start + row, by: 128).map { ($0, min($0 + 128, start + row)) }
      }
      return starts.flatMap { first, end in
        let part = bytes[first..<end]
        return Set(part).count == 1 && part.count > 1
          ? [UInt8(bitPattern: Int8(1 - part.count)), part[first]] : [UInt8(part.count - 1)] + part
      }
    }
  }

  /// The blocks of a page in their order.
  private func blocks(_ page: Page) -> [[UInt8]] {
    let planes = isPlanar ? page.samples : 1
    let (wide, high) = (tile ?? page.width, tile ?? 3)
    return (0..<planes).flatMap { plane in
      stride(from: 0, to: page.height, by: high).flatMap { top in
        stride(from: 0, to: page.width, by: wide).map { left -> [UInt8] in
          let rows = tile == nil ? min(high, page.height - top) : high
          var bytes: [UInt8] = []
          for y in top..<(top + rows) {
            for x in left..<(left + wide) {
              for sample in isPlanar ? plane..<(plane + 1) : 0..<page.samples {
                let isIn = x < page.width && y < page.height
                bytes += stored(isIn ? page.values[(y * page.width + x) * page.samples + sample] : 0, page)
              }
            }
          }
          return packed(bytes, row: bytes.count / rows)
        }
      }
    }
  }

  func file(_ pages: [Page]) -> [UInt8] {
    let wide = isBig ? 8 : 4
    var bytes = Array((isBigEndian ? "MM" : "II").utf8)
    bytes += isBig ? number(43, 2) + number(8, 2) + number(0, 2) : number(42, 2)
    var link = bytes.count
    bytes += number(0, wide)
    for page in pages {
      var entries: [(tag: Int, type: Int, values: [UInt64])] = [
        (254, 4, [page.isReduced ? 1 : 0]), (256, 4, [UInt64(page.width)]), (257, 4, [UInt64(page.height)]),
        (258, 3, [UInt64](repeating: UInt64(page.bits), count: page.samples)), (259, 3, [UInt64(packing.rawValue)]),
        (262, 3, [1]), (277, 3, [UInt64(page.samples)]), (284, 3, [isPlanar ? 2 : 1]),
        (339, 3, [UInt64](repeating: UInt64(page.format), count: page.samples)),
      ]
      if page.samples > 1 { entries.append((338, 3, [UInt64](repeating: 0, count: page.samples - 1))) }
      if let text = page.description { entries.append((270, 2, (Array(text.utf8) + [0]).map { UInt64($0) })) }
      if page.levels > 0 { entries.append((330, isBig ? 18 : 13, [UInt64](repeating: 8, count: page.levels))) }
      var (places, lengths): ([UInt64], [UInt64]) = ([], [])
      for block in blocks(page) {
        places.append(UInt64(bytes.count))
        lengths.append(UInt64(block.count))
        bytes += block
      }
      if let tile {
        entries += [(322, 4, [UInt64(tile)]), (323, 4, [UInt64(tile)])]
      } else {
        entries.append((278, 4, [3]))
      }
      let kind = isBig ? 16 : 4
      entries += [(tile == nil ? 273 : 324, kind, places), (tile == nil ? 279 : 325, kind, lengths)]
      var directory = number(UInt64(entries.count), isBig ? 8 : 2)
      for entry in entries.sorted(by: { $0.tag < $1.tag }) {
        let size = [2: 1, 3: 2, 4: 4, 13: 4, 16: 8, 18: 8][entry.type] ?? 1
        let data = entry.values.flatMap { number($0, size) }
        directory += number(UInt64(entry.tag), 2) + number(UInt64(entry.type), 2)
        directory += number(UInt64(entry.values.count), wide)
        if data.count <= wide {
          directory += data + [UInt8](repeating: 0, count: wide - data.count)
        } else {
          directory += number(UInt64(bytes.count), wide)
          bytes += data
        }
      }
      bytes.replaceSubrange(link..<(link + wide), with: number(UInt64(bytes.count), wide))
      bytes += directory
      link = bytes.count
      bytes += number(0, wide)
    }
    return bytes
  }
}
