import Provenance
import Quantities

/// Which planes of an OME-TIFF file are which channels, and how large a pixel is.
struct OMEDocument {
  /// Where a channel's values are.
  struct Channel {
    let name: String
    let page: Int
    let sample: Int
  }

  let channels: [Channel]
  /// The width and height of a pixel, where the file states them.
  let pixel: (width: Length, height: Length)?
  private(set) var findings: [Finding] = []

  /// Reads the OME-XML in the first page's description; without it every page of the first one's size is a channel.
  ///
  /// - Throws: ``LaboratoryError`` for several sections or times, planes in other files, and planes that are not there.
  init(_ file: TIFFFile) throws {
    let main = file.pages.filter { !$0.isReduced }
    guard let first = main.first else { throw file.refusal("has reduced pages alone") }
    if file.pages.contains(where: { $0.isReduced || $0.levels > 0 }) {
      findings.append(
        .fcs(.info, "pyramid-ignored", "Smaller copies of the image were not used.", "Values are of the full size."))
    }
    guard let text = first.description, text.utf8.count < 1 << 26, text.contains("<OME") else {
      let alike = main.filter { $0.width == first.width && $0.height == first.height }
      channels = alike.flatMap { page in
        (0..<page.samples).map { sample in
          Channel(
            name: "channel \(alike.count > 1 ? page.number + 1 : sample + 1)"
              + (alike.count > 1 && page.samples > 1 ? ".\(sample + 1)" : ""),
            page: page.number, sample: sample)
        }
      }
      pixel = nil
      findings.append(
        .fcs(
          .caution, "ome-missing", "The image has no OME-XML.",
          "Channels are numbered by their pages, and lengths are in pixels."))
      return
    }
    let root = try XMLElement(document: Array(text.utf8))
    let images = root.all("Image")
    guard root.name == "OME", let pixels = images.first?.first("Pixels") else {
      throw file.refusal("has OME-XML without an image")
    }
    if images.count > 1 {
      findings.append(
        .fcs(.info, "images-ignored", "The file holds several images.", "The first of \(images.count) was used."))
    }
    func size(_ name: String) throws -> Int {
      guard let number = pixels.attributes[name].flatMap({ Int($0) }), number > 0, number < 1 << 31 else {
        throw file.refusal("has OME-XML without \(name)")
      }
      return number
    }
    guard try size("SizeX") == first.width, try size("SizeY") == first.height else {
      throw file.refusal("has \(first.width) × \(first.height) pixels, other than its OME-XML says")
    }
    guard try size("SizeZ") == 1, try size("SizeT") == 1 else {
      throw LaboratoryError(
        "ome-stack", "\(file.name) holds several sections or times.", remedy: "Project it or export one section.")
    }
    pixel = Self.pixel(pixels)
    if pixel == nil {
      findings.append(
        .fcs(.caution, "pixel-size-missing", "The size of a pixel is not stated.", "Lengths are in pixels."))
    }
    channels = try Self.channels(pixels, count: size("SizeC"), file)
  }

  private static func pixel(_ pixels: XMLElement) -> (width: Length, height: Length)? {
    let millimetres = ["nm": 1e-6, "µm": 1e-3, "μm": 1e-3, "um": 1e-3, "mm": 1, "cm": 10, "m": 1000]
    func length(_ axis: String) -> Length? {
      guard let value = pixels.attributes["PhysicalSize\(axis)"].flatMap({ Double($0.trimming) }), value > 0,
        let unit = millimetres[pixels.attributes["PhysicalSize\(axis)Unit"] ?? "µm"], value.isFinite
      else { return nil }
      return .millimetres(value * unit)
    }
    return length("X").flatMap { x in length("Y").map { (x, $0) } }
  }

  private static func channels(_ pixels: XMLElement, count: Int, _ file: TIFFFile) throws -> [Channel] {
    let described = pixels.all("Channel")
    let blocks = pixels.all("TiffData")
    guard Set(blocks.compactMap { $0.first("UUID")?.attributes["FileName"] }).count <= 1 else {
      throw LaboratoryError(
        "ome-several-files", "The planes of \(file.name) lie in several files.", remedy: "Export one OME-TIFF file.")
    }
    let planes = described.isEmpty ? count : described.count
    guard planes <= file.pages.count else {
      throw file.refusal("has \(file.pages.count) pages for \(planes) channels")
    }
    var pages: [Int: Int] = [:]
    for block in blocks {
      func number(_ name: String) throws -> Int? {
        guard let text = block.attributes[name] else { return nil }
        guard let number = Int(text.trimming), (0..<1 << 31).contains(number) else {
          throw file.refusal("has OME-XML with a \(name) that is no number")
        }
        return number
      }
      let (ifd, first) = (try number("IFD"), try number("FirstC") ?? 0)
      let length = try number("PlaneCount") ?? (ifd == nil ? planes : 1)
      for k in 0..<min(length, planes) { pages[first + k] = (ifd ?? 0) + k }
    }
    var names: [String: Int] = [:]
    return try (0..<planes).flatMap { plane -> [Channel] in
      let page = blocks.isEmpty ? plane : pages[plane] ?? -1
      guard file.pages.indices.contains(page), file.pages[page].width == file.pages[0].width,
        file.pages[page].height == file.pages[0].height
      else { throw file.refusal("has no plane of channel \(plane + 1)") }
      let written = (described.isEmpty ? nil : described[plane].attributes["Name"]).map(\.trimming) ?? ""
      let samples = file.pages[page].samples
      return (0..<samples).map { sample in
        let base = (written.isEmpty ? "channel \(plane + 1)" : written) + (samples > 1 ? ".\(sample + 1)" : "")
        names[base, default: 0] += 1
        let times = names[base] ?? 1
        return Channel(name: times > 1 ? "\(base) (\(times))" : base, page: page, sample: sample)
      }
    }
  }
}
