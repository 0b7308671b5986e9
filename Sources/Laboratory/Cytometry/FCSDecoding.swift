import Dispatch

/// How the events of a DATA segment lie in memory.
struct FCSLayout {
  let channels: [FCSChannel]
  /// For every stored byte of a value, how significant it is, 1 the least.
  let byteOrder: [Int]

  /// The bits of one event; `nil` where values are text between delimiters.
  var eventBits: Int? {
    var bits = 0
    for channel in channels {
      switch channel.storage {
      case .integer(let width): bits += width
      case .float32: bits += 32
      case .float64: bits += 64
      case .text(.some(let characters)): bits += 8 * characters
      case .text(nil): return nil
      }
    }
    return bits
  }

  /// Whether single precision holds every value of the channel.
  static func isDouble(_ channel: FCSChannel) -> Bool {
    switch channel.storage {
    case .integer: channel.mask > 1 << 24
    case .float32: false
    case .float64, .text: true
    }
  }

  /// How many of a segment's bytes precede the end of so many events.
  func byteCount(of events: Int) -> Int? {
    guard let bits = eventBits else { return nil }
    let (product, overflow) = bits.multipliedReportingOverflow(by: events)
    return overflow || product > Int.max - 7 ? nil : (product + 7) / 8
  }

  /// Reads events. The segment holds at least ``byteCount(of:)`` bytes.
  ///
  /// - Returns: the events, and how many values of each channel are infinite or no numbers.
  func decode(_ segment: UnsafeRawBufferPointer, count: Int) throws -> (table: EventTable, strange: [Int]) {
    if eventBits == nil {
      let table = try decodeDelimited(segment, count: count)
      return (table, channels.indices.map { table.notFinite(channel: $0, 0..<table.count) })
    }
    let table = try EventTable(count: count, isDouble: channels.map(Self.isDouble))
    var strange = [Int](repeating: 0, count: channels.count)
    guard count > 0, let start = segment.baseAddress else { return (table, strange) }
    nonisolated(unsafe) let source = start
    let chunk = 1 << 13
    let parts = (count + chunk - 1) / chunk
    nonisolated(unsafe) let tallies = UnsafeMutablePointer<Int>.allocate(capacity: parts * channels.count)
    defer { tallies.deallocate() }
    DispatchQueue.concurrentPerform(iterations: parts) { part in
      let range = part * chunk..<min(count, (part + 1) * chunk)
      if channels.allSatisfy({ $0.storage == .float32 }), isBigEndian(4) || isLittleEndian(4) {
        decodeFloats(source, range, into: table, swapped: isBigEndian(4))
      } else if channels.allSatisfy({ if case .integer(let bits) = $0.storage { bits % 8 == 0 } else { true } }) {
        decodeBytes(source, range, into: table)
      } else {
        decodeBits(source, range, into: table)
      }
      for channel in channels.indices {
        tallies[part * channels.count + channel] = table.notFinite(channel: channel, range)
      }
    }
    for part in 0..<parts {
      for channel in channels.indices { strange[channel] += tallies[part * channels.count + channel] }
    }
    return (table, strange)
  }

  /// The significance of the bytes of a value of a width that the byte order covers.
  ///
  /// An order of four bytes holds for narrower values in the order of their own bytes; a plain one for wider values too.
  func order(_ width: Int) -> [Int]? {
    if byteOrder.count >= width { return byteOrder.filter { $0 <= width } }
    if byteOrder == Array(1...byteOrder.count) { return Array(1...width) }
    if byteOrder == Array((1...byteOrder.count).reversed()) { return Array((1...width).reversed()) }
    return nil
  }

  private func isLittleEndian(_ width: Int) -> Bool { order(width) == Array(1...width) }
  private func isBigEndian(_ width: Int) -> Bool { order(width) == Array((1...width).reversed()) }

  private func decodeFloats(
    _ source: UnsafeRawPointer, _ range: Range<Int>, into table: EventTable, swapped: Bool
  ) {
    let width = channels.count
    var first = range.lowerBound
    while first < range.upperBound {
      let block = min(256, range.upperBound - first)
      for channel in 0..<width {
        let target = UnsafeMutableRawPointer(table.planes[channel].floats + first)
          .assumingMemoryBound(to: UInt32.self)
        var place = source + (first * width + channel) * 4
        if swapped {
          for i in 0..<block {
            target[i] = place.loadUnaligned(as: UInt32.self).byteSwapped
            place += width * 4
          }
        } else {
          for i in 0..<block {
            target[i] = place.loadUnaligned(as: UInt32.self)
            place += width * 4
          }
        }
      }
      first += block
    }
  }

  private func decodeBytes(_ source: UnsafeRawPointer, _ range: Range<Int>, into table: EventTable) {
    let stride = (eventBits ?? 0) / 8
    var offset = 0
    for (index, channel) in channels.enumerated() {
      let plane = table.planes[index]
      let width: Int
      switch channel.storage {
      case .integer(let bits): width = bits / 8
      case .float32: width = 4
      case .float64: width = 8
      case .text(let characters): width = characters ?? 0
      }
      let order = order(width) ?? []
      let mask = channel.mask
      for i in range {
        let place = source + i * stride + offset
        var value: Double
        if case .text = channel.storage {
          value = FCSLayout.number(UnsafeRawBufferPointer(start: place, count: width)) ?? .nan
        } else {
          var word: UInt64 = 0
          for (byte, significance) in order.enumerated() {
            word |= UInt64(place.load(fromByteOffset: byte, as: UInt8.self)) << UInt64(8 * (significance - 1))
          }
          switch channel.storage {
          case .float32: value = Double(Float(bitPattern: UInt32(truncatingIfNeeded: word)))
          case .float64: value = Double(bitPattern: word)
          default: value = Double(word & mask)
          }
        }
        if plane.isDouble { plane.doubles[i] = value } else { plane.floats[i] = Float(value) }
      }
      offset += width
    }
  }

  /// Integers packed without padding, the most significant bit first.
  private func decodeBits(_ source: UnsafeRawPointer, _ range: Range<Int>, into table: EventTable) {
    let eventBits = eventBits ?? 0
    var start = 0
    for (index, channel) in channels.enumerated() {
      guard case .integer(let bits) = channel.storage else { continue }
      let plane = table.planes[index]
      let mask = channel.mask
      for i in range {
        var position = i * eventBits + start
        var word: UInt64 = 0
        for _ in 0..<bits {
          let byte = source.load(fromByteOffset: position >> 3, as: UInt8.self)
          word = word << 1 | UInt64(byte >> UInt8(7 - position & 7) & 1)
          position += 1
        }
        let value = Double(word & mask)
        if plane.isDouble { plane.doubles[i] = value } else { plane.floats[i] = Float(value) }
      }
      start += bits
    }
  }

  private func decodeDelimited(_ segment: UnsafeRawBufferPointer, count: Int) throws -> EventTable {
    var values: [Double] = []
    var index = 0
    while index < segment.count, values.count < count * channels.count {
      while index < segment.count, Self.isDelimiter(segment[index]) { index += 1 }
      let first = index
      while index < segment.count, !Self.isDelimiter(segment[index]) { index += 1 }
      guard first < index else { break }
      guard let value = Self.number(UnsafeRawBufferPointer(rebasing: segment[first..<index])) else {
        throw LaboratoryError(
          "data-not-numbers", "The DATA segment of text holds something that is not a number.",
          remedy: "Export the file again.")
      }
      values.append(value)
    }
    let whole = values.count / max(1, channels.count)
    let table = try EventTable(count: whole, isDouble: channels.map { _ in true })
    for i in 0..<whole {
      for channel in channels.indices { table.planes[channel].doubles[i] = values[i * channels.count + channel] }
    }
    return table
  }

  private static func isDelimiter(_ byte: UInt8) -> Bool { byte <= 32 || byte == UInt8(ascii: ",") }

  private static func number(_ bytes: UnsafeRawBufferPointer) -> Double? {
    Double(String(decoding: bytes, as: UTF8.self).trimming)
  }
}
