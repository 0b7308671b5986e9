import Foundation
import Quantities
import TestFolders
import Testing

@testable import Laboratory

@Suite struct CellIntensityTests {
  static let (width, height) = (37, 29)

  /// A channel whose values differ from place to place.
  static func channel(_ number: Int, scale: Double = 1) -> [Double] {
    (0..<width * height).map { place in
      scale * Double((place * (2 * number + 3) * 2654435761) % 251) + Double(number)
    }
  }

  /// Two cells that touch, one of which has a hole, and a single pixel with a large number.
  static let labels: [Double] = (0..<width * height).map { place in
    let (x, y) = (place % width, place / width)
    if x == 36, y == 28 { return 70000 }
    if (3..<15).contains(x), (4..<20).contains(y) { return (6..<8).contains(x) && y == 9 ? 0 : 9 }
    return (15..<33).contains(x) && (10..<27).contains(y) ? 2 : 0
  }

  static func ome(_ pixels: String, _ inner: String) -> String {
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><OME xmlns=\"http://www.openmicroscopy.org/Schemas/OME/2016-06\">"
      + "<Image ID=\"Image:0\"><Pixels ID=\"Pixels:0\" DimensionOrder=\"XYCZT\" Type=\"uint16\" SizeX=\"\(width)\" "
      + "SizeY=\"\(height)\" \(pixels)>\(inner)</Pixels></Image></OME>"
  }

  static func page(_ values: [Double], bits: Int = 16, format: Int = 1, description: String? = nil) -> TIFFWriter.Page {
    .init(width: width, height: height, values: values, bits: bits, format: format, description: description)
  }

  static func measure(_ image: [UInt8], _ mask: [UInt8]? = nil) throws -> CellIntensities {
    let folder = try TemporaryFolder()
    let paths = ["image.ome.tif", "masks.tif"].map { URL(filePath: folder.path + "/" + $0) }
    try Data(image).write(to: paths[0])
    try Data(mask ?? TIFFWriter().file([page(labels, bits: 32)])).write(to: paths[1])
    return try withExtendedLifetime(folder) { try CellIntensities(image: paths[0].path, masks: paths[1].path) }
  }

  /// What every way of storing must give.
  static func check(_ result: CellIntensities, _ channels: [(name: String, values: [Double])]) throws {
    #expect(result.cells.map(\.label) == [2, 9, 70000])
    #expect(result.markers.map(\.name) == channels.map(\.name))
    for (index, cell) in result.cells.enumerated() {
      let places = labels.indices.filter { labels[$0] == Double(cell.label) }
      #expect(cell.pixels == places.count)
      #expect(abs(cell.x - places.reduce(0) { $0 + Double($1 % width) + 0.5 } / Double(places.count)) < 1e-12)
      #expect(abs(cell.y - places.reduce(0) { $0 + Double($1 / width) + 0.5 } / Double(places.count)) < 1e-12)
      for (marker, channel) in zip(result.markers, channels) {
        let values = places.map { channel.values[$0] }.sorted()
        let total = values.reduce(0, +)
        #expect(abs(marker.totals[index] - total) <= 1e-12 * abs(total), "\(marker.name)")
        #expect(abs(marker.means[index] - total / Double(values.count)) <= 1e-12 * abs(total))
        let middle = (values[(values.count - 1) / 2] + values[values.count / 2]) / 2
        #expect(marker.medians[index] == middle)
      }
    }
  }

  static let layouts: [TIFFWriter] = TIFFWriter.Packing.allCases.flatMap { packing in
    [nil, 16].flatMap { tile in
      [false, true].flatMap { isBig in
        [TIFFWriter(isBig: isBig, isBigEndian: isBig != (tile == nil), packing: packing, tile: tile)]
      }
    }
  }

  @Test("Strips, tiles, both orders of bytes, BigTIFF and compression give the same cells", arguments: layouts)
  func layout(_ writer: TIFFWriter) throws {
    let channels = (0..<3).map { ("channel \($0 + 1)", Self.channel($0)) }
    let result = try Self.measure(
      writer.file(channels.map { Self.page($0.1) }), writer.file([Self.page(Self.labels, bits: 32)]))
    try Self.check(result, channels)
    #expect(result.pixel == nil && result.findings.map(\.code) == ["ome-missing"])
  }

  @Test(
    "Every kind of number is read as it is",
    arguments: [
      (8, 1, 1.0), (16, 1, 200), (32, 1, 1.6e7), (8, 2, -0.5), (16, 2, -100), (32, 2, -8e6), (32, 3, 0.125),
      (64, 3, 1e-3),
    ])
  func kinds(_ bits: Int, _ format: Int, _ scale: Double) throws {
    let values = Self.channel(0, scale: scale).map { format == 3 ? $0 : $0.rounded() }
    let result = try Self.measure(TIFFWriter(tile: 32).file([Self.page(values, bits: bits, format: format)]))
    try Self.check(result, [("channel 1", values)])
  }

  @Test("Samples of one page are channels, together or in planes", arguments: [false, true], [nil, 16])
  func samples(_ isPlanar: Bool, _ tile: Int?) throws {
    let (a, b) = (Self.channel(0), Self.channel(1))
    var page = Self.page(zip(a, b).flatMap { [$0, $1] })
    page.samples = 2
    page.description = Self.ome("SizeC=\"2\" SizeZ=\"1\" SizeT=\"1\"", "<Channel Name=\"CD3\" SamplesPerPixel=\"2\"/>")
    let result = try Self.measure(TIFFWriter(tile: tile, isPlanar: isPlanar).file([page]))
    try Self.check(result, [("CD3.1", a), ("CD3.2", b)])
  }

  @Test("Markers are named and placed by the OME-XML, lengths are its units")
  func metadata() throws {
    let text = Self.ome(
      "SizeC=\"3\" SizeZ=\"1\" SizeT=\"1\" PhysicalSizeX=\"500\" PhysicalSizeXUnit=\"nm\" PhysicalSizeY=\"0.25\"",
      "<Channel Name=\"DAPI\"/><Channel Name=\"CXCR4 é\"/><Channel Name=\"DAPI\"/>"
        + "<TiffData FirstC=\"0\" IFD=\"2\"/><TiffData FirstC=\"1\" IFD=\"0\" PlaneCount=\"1\"/><TiffData FirstC=\"2\" IFD=\"1\"/>"
    )
    let values = (0..<3).map { Self.channel($0) }
    var pages = values.map { Self.page($0) }
    pages[0].description = text
    pages[1].levels = 2
    let result = try Self.measure(TIFFWriter().file(pages))
    try Self.check(result, [("DAPI", values[2]), ("CXCR4 é", values[0]), ("DAPI (2)", values[1])])
    let pixel = try #require(result.pixel)
    #expect(abs(pixel.width.millimetres - 5e-4) < 1e-18 && abs(pixel.height.millimetres - 2.5e-4) < 1e-18)
    #expect(result.findings.map(\.code) == ["pyramid-ignored"])
  }

  @Test("Pages that are smaller copies are no channels")
  func pyramid() throws {
    var small = TIFFWriter.Page(width: 4, height: 3, values: [Double](repeating: 5, count: 12))
    small.isReduced = true
    let result = try Self.measure(TIFFWriter().file([Self.page(Self.channel(0)), small]))
    try Self.check(result, [("channel 1", Self.channel(0))])
    #expect(result.findings.map(\.code).contains("pyramid-ignored"))
  }

  @Test("What is not one section with whole masks of its size is refused, and says why")
  func refusals() {
    func refused(_ code: String, _ image: [UInt8], _ mask: [UInt8]? = nil) {
      let error = #expect(throws: LaboratoryError.self) { try Self.measure(image, mask) }
      #expect(error?.code == code, "\(error?.reason ?? "")")
    }
    let plain = TIFFWriter().file([Self.page(Self.channel(0))])
    func described(_ text: String) -> [UInt8] { TIFFWriter().file([Self.page(Self.channel(0), description: text)]) }
    refused("ome-stack", described(Self.ome("SizeC=\"1\" SizeZ=\"2\" SizeT=\"1\"", "")))
    refused("tiff-invalid", described(Self.ome("SizeC=\"2\" SizeZ=\"1\" SizeT=\"1\"", "")))
    refused(
      "tiff-invalid",
      described(Self.ome("SizeC=\"1\" SizeZ=\"1\" SizeT=\"1\"", "<TiffData IFD=\"7\" FirstC=\"0\"/>")))
    refused(
      "ome-several-files",
      described(
        Self.ome(
          "SizeC=\"1\" SizeZ=\"1\" SizeT=\"1\"",
          ["a", "b"].map { "<TiffData IFD=\"0\"><UUID FileName=\"\($0).tif\">u</UUID></TiffData>" }.joined())))
    refused("xml-invalid", described("<OME><Image>"))
    refused("mask-size", plain, TIFFWriter().file([.init(width: 2, height: 2, values: [1, 1, 2, 2])]))
    refused("mask-empty", plain, TIFFWriter().file([Self.page(Self.labels.map { _ in 0 })]))
    refused("mask-invalid", plain, TIFFWriter().file([Self.page(Self.labels.map { -$0 }, bits: 32, format: 2)]))
    refused("mask-invalid", plain, TIFFWriter().file([Self.page(Self.labels, bits: 32, format: 3)]))
    refused(
      "intensity-not-finite", TIFFWriter().file([Self.page(Self.labels.map { _ in .nan }, bits: 32, format: 3)]))
    refused("tiff-invalid", Array("no picture".utf8))
    refused("tiff-invalid", [])
  }

  @Test("A small file that claims a giant image takes no memory")
  func giant() throws {
    var bytes = TIFFWriter().file([Self.page(Self.channel(0))])
    for (tag, size) in [(UInt8(0), 11000), (1, 12000)] {
      let head: [UInt8] = [tag, 1, 4, 0, 1, 0, 0, 0]
      let entry = try #require(bytes.indices.last { bytes[$0...].starts(with: head) })
      for k in 0..<4 { bytes[entry + 8 + k] = UInt8(truncatingIfNeeded: size >> (8 * k)) }
    }
    let error = #expect(throws: LaboratoryError.self) { try Self.measure(bytes) }
    #expect(error?.reason.contains("too short") == true, "\(error?.reason ?? "")")
  }

  @Test("Files cut anywhere or with a byte changed give cells or a refusal")
  func damaged() throws {
    let writer = TIFFWriter(packing: .deflate)
    let text = Self.ome("SizeC=\"2\" SizeZ=\"1\" SizeT=\"1\"", "<Channel Name=\"A\"/><Channel Name=\"B\"/>")
    let whole = writer.file([Self.page(Self.channel(0), description: text), Self.page(Self.channel(1))])
    var outcomes = (read: 0, refused: 0)
    func attempt(_ bytes: [UInt8]) {
      do {
        _ = try Self.measure(bytes)
        outcomes.read += 1
      } catch { outcomes.refused += error is LaboratoryError ? 1 : 0 }
    }
    var state: UInt64 = 5
    for length in stride(from: 0, to: whole.count, by: 97) { attempt(Array(whole.prefix(length))) }
    let cut = outcomes.refused
    #expect(outcomes.read == 0)
    for _ in 0..<150 {
      state = state &* 6364136223846793005 &+ 1442695040888963407
      var bytes = whole
      // The directories lie at the end of each page's data, where a byte matters most.
      let place = bytes.count - 1 - Int(state >> 33) % min(bytes.count, 900)
      bytes[place] = UInt8(truncatingIfNeeded: state >> 24)
      attempt(bytes)
    }
    #expect(outcomes.read + outcomes.refused == cut + 150)
  }
}
