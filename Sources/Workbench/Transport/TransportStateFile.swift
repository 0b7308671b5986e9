import Foundation
import Transport

/// A file that keeps the state of a transport, from which a run of the same input goes on.
struct TransportStateFile {
  let path: String

  /// The state; `nil` when the file is not there yet.
  func read() throws -> VoxelTransport.State? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let refusal = CaseError(
      "state-broken", "The file \(fileName(path)) holds no state of a transport.", remedy: "Remove it, or name another."
    )
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: path)) else { throw refusal }
    var parts: VoxelTransport.State = []
    var place = data.startIndex
    while place < data.endIndex {
      guard data.endIndex - place >= 8 else { throw refusal }
      let count = data[place..<place + 8].enumerated().reduce(UInt64(0)) {
        $0 | UInt64($1.element) << UInt64(8 * $1.offset)
      }
      place += 8
      guard count <= UInt64(data.endIndex - place), parts.count < 256 else { throw refusal }
      parts.append(Data(data[place..<place + Int(count)]))
      place += Int(count)
    }
    return parts
  }

  /// Replaces the file as a whole.
  func write(_ state: VoxelTransport.State) throws {
    var data = Data()
    for part in state {
      withUnsafeBytes(of: UInt64(part.count).littleEndian) { data.append(contentsOf: $0) }
      data.append(part)
    }
    do {
      try data.write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw CaseError(
        "not-written", "The state \(fileName(path)) cannot be written.", remedy: "Check the folder and the space.",
        category: .inputOutput)
    }
  }
}
