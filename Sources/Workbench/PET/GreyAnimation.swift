/// Grey pictures one after another as an animated PNG, whose first frame other programs show.
///
/// The image data are stored, not compressed: the same frames give the same bytes everywhere (PNG third edition, W3C).
struct GreyAnimation: Sendable {
  let columns: Int
  let rows: Int
  /// Grey values of 8 bits, row after row; all frames have the same size.
  let frames: [[UInt8]]
  /// How long a frame shows, in milliseconds.
  let milliseconds: UInt16

  /// The bytes of the file.
  func png() -> [UInt8] {
    var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    bytes += chunk("IHDR", big(UInt32(columns)) + big(UInt32(rows)) + [8, 0, 0, 0, 0])
    bytes += chunk("acTL", big(UInt32(frames.count)) + big(0))
    var sequence: UInt32 = 0
    for (n, frame) in frames.enumerated() {
      let control = big(sequence) + big(UInt32(columns)) + big(UInt32(rows)) + big(0) + big(0)
      bytes += chunk("fcTL", control + [UInt8(milliseconds >> 8), UInt8(milliseconds & 0xFF), 0x03, 0xE8, 0, 0])
      sequence += 1
      let data = stored(frame)
      if n == 0 {
        bytes += chunk("IDAT", data)
      } else {
        bytes += chunk("fdAT", big(sequence) + data)
        sequence += 1
      }
    }
    return bytes + chunk("IEND", [])
  }

  /// A zlib stream of blocks that are not compressed; every row begins with filter 0.
  private func stored(_ frame: [UInt8]) -> [UInt8] {
    var raw: [UInt8] = []
    raw.reserveCapacity((columns + 1) * rows)
    for row in 0..<rows {
      raw.append(0)
      raw += frame[row * columns..<(row + 1) * columns]
    }
    var bytes: [UInt8] = [0x78, 0x01]
    var start = 0
    repeat {
      let end = min(start + 65535, raw.count)
      let size = UInt16(end - start)
      bytes += [end == raw.count ? 1 : 0, UInt8(size & 0xFF), UInt8(size >> 8), UInt8(~size & 0xFF), UInt8(~size >> 8)]
      bytes += raw[start..<end]
      start = end
    } while start < raw.count
    return bytes + big(adler(raw))
  }

  private func adler(_ bytes: [UInt8]) -> UInt32 {
    var (a, b): (UInt32, UInt32) = (1, 0)
    var start = 0
    while start < bytes.count {
      let end = min(start + 5552, bytes.count)
      for byte in bytes[start..<end] {
        a += UInt32(byte)
        b += a
      }
      (a, b, start) = (a % 65521, b % 65521, end)
    }
    return b << 16 | a
  }

  private func chunk(_ name: StaticString, _ data: [UInt8]) -> [UInt8] {
    let body = (0..<4).map { name.utf8Start[$0] } + data
    var crc: UInt32 = ~0
    for byte in body { crc = Self.table[Int((crc ^ UInt32(byte)) & 0xFF)] ^ crc >> 8 }
    return big(UInt32(data.count)) + body + big(~crc)
  }

  private func big(_ number: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) } }

  private static let table: [UInt32] = (0..<256).map { n in
    (0..<8).reduce(UInt32(n)) { crc, _ in crc & 1 == 1 ? 0xEDB8_8320 ^ crc >> 1 : crc >> 1 }
  }
}
