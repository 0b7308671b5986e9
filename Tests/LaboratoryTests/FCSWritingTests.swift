import Numerics
import Testing

@testable import Laboratory

@Suite struct FCSWritingTests {
  static func dataset(count: Int = 200) throws -> FCSDataset {
    var stream = RandomStream(seed: 7, stream: "cytometry tests")
    let columns = (0..<3).map { _ in (0..<count).map { _ in Double(Float(1000 * stream.normal())) } }
    let channels = ["FSC-A", "SSC-A", "PE-A"].enumerated().map { index, name in
      FCSChannel(
        index: index, name: name, label: index == 2 ? "CXCR4 | “é”" : nil, range: 262144, storage: .float32,
        amplification: .linear(gain: 1))
    }
    return try FCSDataset(channels: channels, events: EventTable(columns: columns))
  }

  @Test("What is written is read again without a finding", arguments: [0, 1, 200])
  func roundTrip(_ count: Int) throws {
    let dataset = try Self.dataset(count: count)
    let file = try FCSFile(bytes: try dataset.written())
    #expect(file.findings.isEmpty)
    let read = file.datasets[0]
    #expect(read.version == "3.1")
    #expect(read.events.count == count)
    #expect(read.channels.map(\.label) == dataset.channels.map(\.label))
    for channel in dataset.channels {
      #expect(read.events[channel: channel.index] == dataset.events[channel: channel.index])
    }
  }

  @Test("Double precision is kept where single precision does not hold a value")
  func doubles() throws {
    let channel = FCSChannel(
      index: 0, name: "X", label: nil, range: 1, storage: .float64, amplification: .linear(gain: 1))
    let values = [0.1, 1.0 / 3, -2.5]
    let dataset = try FCSDataset(channels: [channel], events: EventTable(columns: [values]))
    #expect(try FCSFile(bytes: try dataset.written()).datasets[0].events[channel: 0] == values)
  }

  @Test("Bytes that are damaged in any way give a file or a refusal")
  func damaged() throws {
    let sound = try Self.dataset(count: 20).written()
    var stream = RandomStream(seed: 11, stream: "damage")
    var refused = 0
    for round in 0..<4000 {
      var bytes = sound
      for _ in 0..<(1 + round % 6) {
        let place = Int(stream.uniform() * Double(min(bytes.count, 520)))
        let digits: [UInt8] = [48, 57, 45, 32, 0, 0x0C, 255, 36, 73, 65, 42, 68]
        bytes[place] = digits[Int(stream.uniform() * Double(digits.count))]
      }
      if round % 5 == 0 { bytes.removeLast(Int(stream.uniform() * Double(bytes.count))) }
      do { _ = try FCSFile(bytes: bytes) } catch is LaboratoryError { refused += 1 }
    }
    #expect(refused > 0)
  }

  @Test("A stated number of events that no memory holds is no number of bytes")
  func absurdCount() {
    for bits in [1, 12, 64] {
      let channel = FCSChannel(
        index: 0, name: "X", label: nil, range: 2, storage: .integer(bits: bits), amplification: .linear(gain: 1))
      #expect(FCSLayout(channels: [channel], byteOrder: [1, 2]).byteCount(of: .max) == nil)
    }
  }
}
