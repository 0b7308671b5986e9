/// A small dense square matrix.
public struct SquareMatrix: Hashable, Sendable {
  /// Rows and columns.
  public let size: Int
  private var elements: [Double]

  public init(size: Int, _ element: (_ row: Int, _ column: Int) -> Double = { _, _ in 0 }) {
    self.size = size
    elements = (0..<size * size).map { element($0 / size, $0 % size) }
  }

  /// One element.
  public subscript(row: Int, column: Int) -> Double {
    get { elements[row * size + column] }
    set { elements[row * size + column] = newValue }
  }

  /// The quadratic form gᵀ M g.
  public func quadraticForm(_ g: [Double]) -> Double {
    precondition(g.count == size, "the vector has one value a row")
    var sum = 0.0
    for row in 0..<size { for column in 0..<size { sum += g[row] * self[row, column] * g[column] } }
    return sum
  }

  /// The square root of the quadratic form of a covariance matrix: a standard uncertainty.
  ///
  /// `nil` when rounding in a nearly singular matrix leaves no number: where the terms of the sum cancel to 1e-10.
  public func standardUncertainty(along g: [Double]) -> Double? {
    let variance = quadraticForm(g)
    var magnitude = 0.0
    for row in 0..<size { for column in 0..<size { magnitude += abs(g[row] * self[row, column] * g[column]) } }
    return magnitude.isFinite && variance >= 1e-10 * magnitude ? variance.squareRoot() : nil
  }

  /// The matrix times a factor.
  public func scaled(by factor: Double) -> SquareMatrix { SquareMatrix(size: size) { self[$0, $1] * factor } }

  /// The lower triangle L with L Lᵀ = M of a symmetric, positive semi-definite matrix.
  ///
  /// A direction whose variance vanishes to 1e-14 of the largest is left out (a zero column).
  public func choleskyFactor() -> SquareMatrix {
    var lower = SquareMatrix(size: size)
    let largest = (0..<size).map { self[$0, $0] }.max() ?? 0
    for column in 0..<size {
      var diagonal = self[column, column]
      for k in 0..<column { diagonal -= lower[column, k] * lower[column, k] }
      guard diagonal > 1e-14 * largest else { continue }
      lower[column, column] = diagonal.squareRoot()
      for row in (column + 1)..<max(size, column + 1) {
        var sum = self[row, column]
        for k in 0..<column { sum -= lower[row, k] * lower[column, k] }
        lower[row, column] = sum / lower[column, column]
      }
    }
    return lower
  }

  /// The x with M x = b of a symmetric, positive definite matrix; `nil` when it is singular to 1e-12 of a diagonal
  /// element.
  public func solved(for b: [Double]) -> [Double]? {
    precondition(b.count == size, "the vector has one value a row")
    var (matrix, x) = (self, b)
    for column in 0..<size {
      guard matrix[column, column] > 1e-12 * self[column, column] else { return nil }
      for row in (column + 1)..<max(size, column + 1) {
        let factor = matrix[row, column] / matrix[column, column]
        for k in column..<size { matrix[row, k] -= factor * matrix[column, k] }
        x[row] -= factor * x[column]
      }
    }
    for row in (0..<size).reversed() {
      for k in (row + 1)..<max(size, row + 1) { x[row] -= matrix[row, k] * x[k] }
      x[row] /= matrix[row, row]
    }
    return x
  }

  /// The inverse of a symmetric, positive definite matrix; `nil` when it is singular as ``solved(for:)`` has it.
  public func inverted() -> SquareMatrix? {
    var inverse = SquareMatrix(size: size)
    for column in 0..<size {
      guard let x = solved(for: (0..<size).map { $0 == column ? 1 : 0 }) else { return nil }
      for row in 0..<size { inverse[row, column] = x[row] }
    }
    return inverse
  }
}
