import Quantities
import Testing
import Volumes

/// An image of a function of the patient's coordinates.
private func image(on grid: Grid, _ value: (SIMD3<Double>) -> Double) -> Image<AbsorbedDose> {
  var values = [Float](repeating: 0, count: grid.count)
  for k in 0..<grid.slices {
    for j in 0..<grid.rows {
      for i in 0..<grid.columns { values[grid.index(i, j, k)] = Float(value(grid.position(i, j, k))) }
    }
  }
  return Image(grid: grid, values: values)
}

private func length(_ a: SIMD3<Double>) -> Double { (a * a).sum().squareRoot() }

private func perimeter(_ line: [SIMD3<Double>]) -> Double {
  zip(line, line.dropFirst()).reduce(0) { $0 + length($1.1 - $1.0) }
}

private let fine = Grid(
  columns: 60, rows: 50, slices: 40, origin: SIMD3(-59, -49, -39), columnStep: SIMD3(2, 0, 0),
  rowStep: SIMD3(0, 2, 0), sliceStep: SIMD3(0, 0, 2))

private func flat(_ columns: Int, _ values: [Float]) -> Image<AbsorbedDose> {
  let grid = Grid(
    columns: columns, rows: values.count / columns, slices: 1, origin: .zero, columnStep: SIMD3(1, 0, 0),
    rowStep: SIMD3(0, 1, 0), sliceStep: SIMD3(0, 0, 1))
  return Image(grid: grid, values: values)
}

@Suite("Lines of equal value in a plane")
struct IsolineTests {
  @Test("In a linear image they are straight, lie in the plane and have the level, in every plane of the body")
  func linear() throws {
    func value(_ p: SIMD3<Double>) -> Double { 200 + p.x - 2 * p.y + 0.5 * p.z }
    let ramp = image(on: fine, value)
    for (plane, normal) in [(AnatomicalPlane.axial, 2), (.coronal, 1), (.sagittal, 0)] {
      let lines = try ramp.isolines(at: [.grays(203.7)], in: plane, through: SIMD3(repeating: 3.3))[0]
      #expect(lines.count == 1)
      let line = try #require(lines.first)
      #expect(line.allSatisfy { abs($0[normal] - 3.3) < 1e-9 })
      let inner = line.filter { p in (0..<3).allSatisfy { abs(p[$0]) <= [59.0, 49, 39][$0] } }
      #expect(inner.count > 20 && inner.allSatisfy { abs(value($0) - 203.7) < 1e-4 })
      #expect(line.first != line.last)
    }
  }

  @Test("About a hot sphere they are circles of the radius of their dose, closed, between slices too")
  func circle() throws {
    let ball = image(on: fine) { 40 - length($0) }
    for (level, height) in [(20.0, 0.0), (20, 7.7), (32, 3)] {
      let lines = try ball.isolines(at: [.grays(level)], in: .axial, through: SIMD3(0, 0, height))[0]
      #expect(lines.count == 1)
      let line = try #require(lines.first)
      #expect(line.first == line.last)
      let radius = ((40 - level) * (40 - level) - height * height).squareRoot()
      #expect(abs(perimeter(line) / (2 * .pi * radius) - 1) < 0.01)
      #expect(line.allSatisfy { abs(($0.x * $0.x + $0.y * $0.y).squareRoot() - radius) < 0.1 })
    }
  }

  @Test("A shell has two lines, and no line is where no voxel has the level")
  func shell() throws {
    let shell = image(on: fine) { 20 - abs(length($0) - 20) }
    let found = try shell.isolines(at: [.grays(10), .grays(30)], in: .coronal, through: .zero)
    #expect(found[0].count == 2 && found[0].allSatisfy { $0.first == $0.last })
    #expect(found[1].isEmpty)
  }

  @Test("Where the corners of a square leave a choice, its mean decides, and every crossing is used once")
  func saddle() throws {
    let saddle = flat(2, [1, 0, 0, 1])
    for (level, hangsTogether) in [(0.4, true), (0.6, false)] {
      let lines = try saddle.isolines(at: [.grays(level)], in: .axial, through: .zero)[0]
      #expect(lines.count == 2 && lines.allSatisfy { $0.count == 2 })
      // A line that cuts off a corner is near it; the corners above are (0, 0) and (1, 1).
      let middles = lines.map { ($0[0] + $0[1]) / 2 }
      let nearAbove = middles.allSatisfy { ($0.x < 0.5) == ($0.y < 0.5) }
      #expect(nearAbove == !hangsTogether)
    }
  }

  @Test("A grid whose axes run backwards gives the same lines")
  func reversed() throws {
    let backwards = Grid(
      columns: 60, rows: 50, slices: 40, origin: SIMD3(59, 49, 39), columnStep: SIMD3(-2, 0, 0),
      rowStep: SIMD3(0, -2, 0), sliceStep: SIMD3(0, 0, -2))
    func value(_ p: SIMD3<Double>) -> Double { 40 - length(p - SIMD3(5, -3, 2)) }
    let lines = try [fine, backwards].map { grid in
      try image(on: grid, value).isolines(at: [.grays(25)], in: .sagittal, through: SIMD3(4, 0, 0))[0]
    }
    #expect(lines[0].count == 1 && lines[1].count == 1)
    #expect(abs(perimeter(lines[0][0]) / perimeter(lines[1][0]) - 1) < 1e-3)
  }
}
