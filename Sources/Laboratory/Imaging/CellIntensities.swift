public import Provenance
public import Quantities

/// How bright every cell of a multiplex image is in every channel, in masks that are given.
///
/// A mask is a page of the image's size whose whole numbers say to which cell a pixel belongs; 0 is no cell.
public struct CellIntensities: Sendable {
  /// One channel's values in every cell, in the order of ``cells``.
  public struct Marker: Sendable {
    public let name: String
    public let means: [Double]
    public let medians: [Double]
    public let totals: [Double]
  }

  /// Where a cell lies.
  public struct Cell: Sendable {
    /// Its number in the mask.
    public let label: Int
    /// How many pixels it has.
    public let pixels: Int
    /// The mean of its pixels' middles in pixels from the upper left corner.
    public let x, y: Double
  }

  public let width, height: Int
  /// By their numbers in the mask.
  public let cells: [Cell]
  public let markers: [Marker]
  /// The width and height of a pixel, where the image states them.
  public let pixel: (width: Length, height: Length)?
  public let findings: [Finding]

  /// - Throws: ``LaboratoryError`` for files that cannot be read, sizes that differ, an empty mask, or values in a cell
  ///   that are not finite.
  public init(image: String, masks: String) throws {
    let (file, map) = (try TIFFFile(path: image), try TIFFFile(path: masks))
    let document = try OMEDocument(file)
    let size = (file.pages[document.channels[0].page].width, file.pages[document.channels[0].page].height)
    let labels = try LabelMask(map, width: size.0, height: size.1)
    (width, height) = size
    cells = labels.cells
    pixel = document.pixel
    var findings = document.findings
    if map.pages.count(where: { !$0.isReduced }) > 1 {
      findings.append(
        .fcs(.caution, "masks-ignored", "The mask has several pages.", "The first was used.", subject: map.name))
    }
    if labels.cells.count == 1 {
      findings.append(
        .fcs(
          .caution, "mask-single", "The mask has one cell.",
          "A mask of foreground alone counts as a single cell; number the cells.", subject: map.name))
    }
    markers = try document.channels.map { channel in
      let page = file.pages[channel.page]
      guard page.photometric == 1 || page.photometric == 2 else {
        throw file.refusal("has a page whose values are stored inverted, by a palette or as another colour space")
      }
      return page.isNarrow
        ? try labels.measure(file, channel, as: Float.self) : try labels.measure(file, channel, as: Double.self)
    }
    self.findings = findings
  }
}

/// To which cell every pixel belongs.
private struct LabelMask {
  let cells: [CellIntensities.Cell]
  private let width: Int
  /// For every pixel the cell's place from 1, or 0.
  private let places: [UInt32]
  /// Where the values of each cell begin among those of all.
  private let starts: [Int]

  init(_ file: TIFFFile, width: Int, height: Int) throws {
    guard let page = file.pages.first(where: { !$0.isReduced }), page.samples == 1, page.kind != .float else {
      throw LaboratoryError(
        "mask-invalid", "\(file.name) is no mask of whole numbers.", remedy: "Write labels as 16 or 32 bit integers.")
    }
    guard page.width == width, page.height == height else {
      throw LaboratoryError(
        "mask-size", "The mask has \(page.width) × \(page.height) pixels, the image \(width) × \(height).",
        remedy: "Give the masks of this image in its full size.")
    }
    var numbers: [Int: UInt32] = [:]
    var sums: [(label: Int, count: Int, x: Double, y: Double)] = []
    var last = (label: 0, place: UInt32(0))
    let places = try [UInt32](unsafeUninitializedCapacity: page.pixels) { buffer, initialized in
      buffer.initialize(repeating: 0)
      try file.read(page) { left, row, values in
        for (offset, value) in values.enumerated() where value != 0 {
          guard value > 0 else {
            throw LaboratoryError(
              "mask-invalid", "\(file.name) has the label \(Int(value)).", remedy: "Number cells from 1.")
          }
          let label = Int(value)
          if label != last.label {
            let place = numbers[label] ?? UInt32(sums.count + 1)
            if Int(place) > sums.count {
              numbers[label] = place
              sums.append((label, 0, 0, 0))
            }
            last = (label, place)
          }
          buffer[row * width + left + offset] = last.place
          let own = Int(last.place) - 1
          sums[own].count += 1
          sums[own].x += Double(left + offset)
          sums[own].y += Double(row)
        }
      }
      initialized = page.pixels
    }
    guard !sums.isEmpty else {
      throw LaboratoryError("mask-empty", "\(file.name) has no cell.", remedy: "Give masks whose cells are numbered.")
    }
    let order = sums.indices.sorted { sums[$0].label < sums[$1].label }
    var rank = [UInt32](repeating: 0, count: sums.count + 1)
    for (place, index) in order.enumerated() { rank[index + 1] = UInt32(place + 1) }
    self.places = places.map { rank[Int($0)] }
    self.width = width
    cells = order.map { index in
      let own = sums[index]
      return .init(
        label: own.label, pixels: own.count, x: own.x / Double(own.count) + 0.5, y: own.y / Double(own.count) + 0.5)
    }
    starts = cells.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.pixels) }
  }

  /// Mean, median and total of a channel in every cell; `kind` holds its values exactly.
  func measure<Kind: BinaryFloatingPoint>(
    _ file: TIFFFile, _ channel: OMEDocument.Channel, as kind: Kind.Type
  ) throws -> CellIntensities.Marker {
    var next = starts
    var values = [Kind](repeating: 0, count: starts[cells.count])
    try file.read(file.pages[channel.page], sample: channel.sample) { left, row, piece in
      for (offset, value) in piece.enumerated() {
        let place = Int(places[row * width + left + offset])
        guard place > 0 else { continue }
        guard value.isFinite else {
          throw LaboratoryError(
            "intensity-not-finite", "Channel \(channel.name) is not finite in cell \(cells[place - 1].label).",
            remedy: "Write the image again without such pixels.")
        }
        values[next[place - 1]] = Kind(value)
        next[place - 1] += 1
      }
    }
    var (means, medians, totals): ([Double], [Double], [Double]) = ([], [], [])
    for index in cells.indices {
      var own = values[starts[index]..<starts[index + 1]].map { Double($0) }
      let total = own.reduce(0, +)
      totals.append(total)
      means.append(total / Double(own.count))
      medians.append(Fluorescence.quantile(0.5, of: &own))
    }
    return .init(name: channel.name, means: means, medians: medians, totals: totals)
  }
}
