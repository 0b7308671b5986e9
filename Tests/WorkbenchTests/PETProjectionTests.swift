import Foundation
import JSON
import Testing
import Workbench

@Suite("The rotating picture of a series")
struct PETProjectionTests {
  @Test("It is an animated PNG of the asked size with as many frames, and the same every time")
  func animation() throws {
    var header = SyntheticPET.Header()
    (header.units, header.slope) = ("GML", "0.01")
    let pet = try SyntheticPET(header)
    let bytes = try PETProjection(folder: pet.folder, frames: 6).png()
    #expect(Array(bytes.prefix(8)) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    let chunks = try chunks(of: bytes)
    #expect(chunks.map(\.name).filter { $0 == "fcTL" }.count == 6)
    #expect(chunks.map(\.name).filter { $0 == "fdAT" }.count == 5)
    #expect(chunks.first?.data.prefix(8) == [0, 0, 0, 8, 0, 0, 0, 4])
    #expect(chunks.last?.name == "IEND")
    let pixels = try #require(chunks.first { $0.name == "IDAT" }?.data)
    // zlib header, one last block of 36 bytes, its length and complement, then a row: filter 0 and eight pixels.
    #expect(pixels.prefix(7) == [0x78, 0x01, 1, 36, 0, 0xDB, 0xFF])
    // The first row is the top slice: SUV 1.58 to 1.65 of 10 in the last row of its voxels.
    #expect(Array(pixels[8..<16]) == [215, 214, 214, 214, 214, 213, 213, 213])
    #expect(try PETProjection(folder: pet.folder, frames: 6).png() == bytes)
  }

  @Test("A window without width and a file that cannot be written are refused")
  func refused() throws {
    let pet = try SyntheticPET()
    #expect(throws: CaseError.self) { try PETProjection(folder: pet.folder, window: 0) }
    let projection = try PETProjection(folder: pet.folder, frames: 2)
    #expect(throws: CaseError.self) { try projection.write(to: pet.folder + "/none/mip.png") }
    try projection.write(to: pet.folder + "/mip.png")
    #expect(FileManager.default.fileExists(atPath: pet.folder + "/mip.png"))
  }

  /// The chunks, whose lengths lead exactly to the end.
  private func chunks(of bytes: [UInt8]) throws -> [(name: String, data: [UInt8])] {
    var chunks: [(name: String, data: [UInt8])] = []
    var place = 8
    while place < bytes.count {
      let length = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      let name = String(decoding: bytes[place + 4..<place + 8], as: UTF8.self)
      chunks.append((name, Array(bytes[place + 8..<place + 8 + length])))
      place += 12 + length
    }
    #expect(place == bytes.count)
    return chunks
  }
}
