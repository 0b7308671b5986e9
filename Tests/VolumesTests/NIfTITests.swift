import Testing

@testable import Volumes

@Suite("Volumes as NIfTI files")
struct NIfTITests {
  let grid = Grid(
    columns: 3, rows: 2, slices: 2, origin: SIMD3(-10, 20, 30), columnStep: SIMD3(2, 0, 0), rowStep: SIMD3(0, 3, 0),
    sliceStep: SIMD3(0, 0, -4))

  private func number<T: BitwiseCopyable>(_ bytes: [UInt8], _ offset: Int, _ type: T.Type) -> T {
    bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: type) }
  }

  @Test("The header states size, type, spacing and the way into the scanner's coordinates, x and y turned")
  func header() throws {
    let file = try NIfTIFile(grid: grid, name: "TIA", description: "time-integrated activity, Bq h/mL")
    let bytes = file.bytes(of: (0..<12).map { Float($0) })
    #expect(bytes.count == 352 + 48)
    #expect(number(bytes, 0, Int32.self) == 348)
    #expect((0..<4).map { number(bytes, 40 + 2 * $0, Int16.self) } == [3, 3, 2, 2])
    #expect(number(bytes, 70, Int16.self) == 16 && number(bytes, 72, Int16.self) == 32)
    #expect((1...3).map { number(bytes, 76 + 4 * $0, Float.self) } == [2, 3, 4])
    #expect(number(bytes, 108, Float.self) == 352 && number(bytes, 254, Int16.self) == 1)
    let affine = (0..<12).map { number(bytes, 280 + 4 * $0, Float.self) }
    #expect(affine == [-2, 0, 0, 10, 0, -3, 0, -20, 0, 0, -4, 30])
    #expect(Array(bytes[344..<348]) == Array("n+1".utf8) + [0])
    #expect(number(bytes, 352 + 4 * 11, Float.self) == 11)
  }

  @Test("Labels take a byte each; long and foreign text is cut, not overrun")
  func labels() throws {
    let file = try NIfTIFile(
      grid: grid, name: String(repeating: "n", count: 99), description: String(repeating: "χd", count: 99))
    let bytes = file.bytes(of: [UInt8](repeating: 7, count: 12))
    #expect(bytes.count == 352 + 12 && bytes.last == 7)
    #expect(number(bytes, 70, Int16.self) == 2 && number(bytes, 72, Int16.self) == 8)
    #expect(bytes[227] == 0 && bytes[226] == UInt8(ascii: "d") && bytes[343] == 0)
  }

  @Test("A side that the format cannot count is refused")
  func tooLarge() {
    let long = Grid(
      columns: 40_000, rows: 1, slices: 1, origin: .zero, columnStep: SIMD3(1, 0, 0), rowStep: SIMD3(0, 1, 0),
      sliceStep: SIMD3(0, 0, 1))
    #expect(throws: VolumeError.self) { try NIfTIFile(grid: long, name: "", description: "") }
  }
}
