extension FCSDataset {
  /// The data set as an FCS 3.1 file with one data set of floating-point values on the channels' scales.
  ///
  /// Values that single precision does not hold are written in double precision, which then holds for all channels. Time
  /// keeps its step. Other keywords of the data set are kept unless they describe the layout.
  ///
  /// - Throws: ``LaboratoryError`` when the file would pass 99 999 999 999 bytes.
  public func written() throws -> [UInt8] {
    let columns = channels.map { channel in
      if case .time = channel.amplification { events[channel: channel.index] } else { scaled(channel) }
    }
    let isDouble = columns.contains { $0.contains { !$0.isNaN && Double(Float($0)) != $0 } }
    let width = isDouble ? 8 : 4
    var pairs: [(String, String)] = [
      ("$BEGINANALYSIS", "0"), ("$ENDANALYSIS", "0"), ("$BEGINSTEXT", "0"), ("$ENDSTEXT", "0"), ("$NEXTDATA", "0"),
      ("$PAR", "\(channels.count)"), ("$TOT", "\(events.count)"), ("$MODE", "L"), ("$DATATYPE", isDouble ? "D" : "F"),
      ("$BYTEORD", "1,2,3,4"),
    ]
    for channel in channels {
      let prefix = "$P\(channel.index + 1)"
      let top = channel.isTime ? channel.range : channel.scaled(channel.range)
      let name = channel.name.replacing(",", with: " ")
      pairs += [
        (prefix + "N", name), (prefix + "B", "\(8 * width)"), (prefix + "R", "\(top)"), (prefix + "E", "0,0"),
      ]
      if let label = channel.label { pairs.append((prefix + "S", label)) }
      if case .time(let step) = channel.amplification { pairs.append(("$TIMESTEP", "\(step)")) }
    }
    let layout = /\$?P[0-9]+.*/
    let known = Set(pairs.map(\.0) + ["$BEGINDATA", "$ENDDATA", "$TIMESTEP", "$UNICODE"])
    for pair in keywords.pairs {
      let key = pair.key.uppercased()
      if known.contains(key) || key.wholeMatch(of: layout) != nil || pair.value.trimming.isEmpty { continue }
      pairs.append((pair.key, pair.value))
    }
    let delimiter: UInt8 = 0x0C
    func bytes(_ text: String) -> [UInt8] { text.utf8.flatMap { $0 == delimiter ? [$0, $0] : [$0] } }
    let body = pairs.flatMap { [UInt8](bytes($0.0) + [delimiter] + bytes($0.1) + [delimiter]) }
    func padded(_ number: Int, _ width: Int, _ fill: Character) -> String {
      let digits = String(number)
      return String(repeating: fill, count: max(0, width - digits.count)) + digits
    }
    let size = events.count * channels.count * width
    let textSize = 1 + "$BEGINDATA".utf8.count + "$ENDDATA".utf8.count + 2 * 11 + 4 + body.count
    let begin = 58 + textSize
    let end = begin + size - 1
    guard end < 99_999_999_999 else { throw PlaneMemory.tooLarge }
    let places = [
      "$BEGINDATA", padded(begin, 11, "0"), "$ENDDATA", padded(max(end, 0), 11, "0"),
    ].flatMap { [UInt8]($0.utf8) + [delimiter] }
    let fits = end <= 99_999_999
    let header =
      "FCS3.1    "
      + [58, 58 + textSize - 1, fits ? begin : 0, fits ? end : 0, 0, 0].map { padded($0, 8, " ") }.joined()
    var file = [UInt8](header.utf8) + [delimiter] + places + body
    file.reserveCapacity(file.count + size)
    for i in 0..<events.count {
      for column in columns {
        if isDouble {
          withUnsafeBytes(of: column[i].bitPattern.littleEndian) { file.append(contentsOf: $0) }
        } else {
          withUnsafeBytes(of: Float(column[i]).bitPattern.littleEndian) { file.append(contentsOf: $0) }
        }
      }
    }
    return file
  }
}
