/// A picture as a list of marks of known size, drawn alike as SVG and on paper.
///
/// Lengths are in px of the design, y grows downwards.
public struct Figure: Sendable {
  /// A shape in a role.
  struct Shape: Sendable {
    enum Geometry: Sendable {
      case path(Path)
      case circle(x: Double, y: Double, radius: Double)
      case rectangle(x: Double, y: Double, width: Double, height: Double, radius: Double)
    }

    let geometry: Geometry
    let role: Role
    let tone: Tone?
  }

  /// A rectangle that shows a value by a colour of a map, the same in light and dark.
  struct Cell: Sendable {
    let x, y, width, height: Double
    let colour: Int
  }

  /// A picture of pixels stretched over a rectangle.
  struct Picture: Sendable {
    let x, y, width, height: Double
    let raster: Raster
  }

  enum Mark: Sendable {
    case shape(Shape)
    case text(Label)
    case cell(Cell)
    case picture(Picture)
  }

  /// The width of the drawing in px of the design.
  public let width: Double
  /// The height of the drawing in px of the design.
  public let height: Double
  /// One or two sentences that say what the picture shows.
  public let label: String
  private(set) var marks: [Mark] = []

  init(width: Double, height: Double, label: String) {
    self.width = width
    self.height = height
    self.label = label
  }

  var texts: [Label] {
    marks.compactMap { mark in if case .text(let label) = mark { label } else { nil } }
  }

  mutating func add(_ path: Path, _ role: Role, _ tone: Tone? = nil) {
    guard !path.steps.isEmpty else { return }
    marks.append(.shape(Shape(geometry: .path(path), role: role, tone: tone)))
  }

  mutating func addCircle(_ x: Double, _ y: Double, radius: Double, _ role: Role, _ tone: Tone? = nil) {
    marks.append(.shape(Shape(geometry: .circle(x: x, y: y, radius: radius), role: role, tone: tone)))
  }

  mutating func addRectangle(
    _ x: Double, _ y: Double, width: Double, height: Double, radius: Double = 0, _ role: Role, _ tone: Tone? = nil
  ) {
    guard width > 0, height > 0 else { return }
    let geometry = Shape.Geometry.rectangle(x: x, y: y, width: width, height: height, radius: radius)
    marks.append(.shape(Shape(geometry: geometry, role: role, tone: tone)))
  }

  mutating func addCell(_ x: Double, _ y: Double, width: Double, height: Double, colour: Int) {
    guard width > 0, height > 0 else { return }
    marks.append(.cell(Cell(x: x, y: y, width: width, height: height, colour: colour)))
  }

  mutating func add(_ raster: Raster, _ x: Double, _ y: Double, width: Double, height: Double) {
    marks.append(.picture(Picture(x: x, y: y, width: width, height: height, raster: raster)))
  }

  mutating func add(_ label: Label) {
    guard !label.text.isEmpty else { return }
    marks.append(.text(label))
  }
}

/// A line of straight and cubic pieces.
struct Path: Sendable {
  enum Step: Sendable {
    case move(Double, Double)
    case line(Double, Double)
    case curve(Double, Double, Double, Double, Double, Double)
    case close
  }

  private(set) var steps: [Step] = []

  init() {}

  /// An open or closed polyline.
  init(_ points: [Spot], closed: Bool = false) {
    guard let first = points.first else { return }
    steps = [.move(first.x, first.y)] + points.dropFirst().map { .line($0.x, $0.y) } + (closed ? [.close] : [])
  }

  mutating func move(_ x: Double, _ y: Double) { steps.append(.move(x, y)) }
  mutating func line(_ x: Double, _ y: Double) { steps.append(.line(x, y)) }
  mutating func curve(_ ax: Double, _ ay: Double, _ bx: Double, _ by: Double, _ x: Double, _ y: Double) {
    steps.append(.curve(ax, ay, bx, by, x, y))
  }
  mutating func close() { steps.append(.close) }

  /// Adds a separate piece from one point to another.
  mutating func segment(_ ax: Double, _ ay: Double, _ bx: Double, _ by: Double) {
    move(ax, ay)
    line(bx, by)
  }
}

/// A place in a figure.
struct Spot: Hashable, Sendable {
  var x: Double
  var y: Double

  init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }
}
