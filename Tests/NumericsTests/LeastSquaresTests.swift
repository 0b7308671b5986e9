import Foundation
import Testing

@testable import Numerics

@Suite("Least squares")
struct LeastSquaresTests {
  /// A straight line a + b x through points with unit weights.
  func line(_ x: [Double], _ y: [Double]) -> LeastSquaresProblem {
    LeastSquaresProblem(
      parameterCount: 2, residualCount: x.count,
      residuals: { p, r in for j in x.indices { r[j] = p[0] + p[1] * x[j] - y[j] } },
      jacobian: { _, d in
        for j in x.indices {
          d[2 * j] = 1
          d[2 * j + 1] = x[j]
        }
      })
  }

  @Test("A straight line agrees with the normal equations, covariance included")
  func straightLine() throws {
    let x = [0.0, 1, 2, 5, 7]
    let y = [1.1, 2.9, 5.2, 10.8, 15.1]
    let solution = try #require(line(x, y).minimise(from: [10, -3]))
    let n = Double(x.count)
    let sx = x.reduce(0, +)
    let sxx = x.reduce(0) { $0 + $1 * $1 }
    let sy = y.reduce(0, +)
    let sxy = zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
    let determinant = n * sxx - sx * sx
    let slope = (n * sxy - sx * sy) / determinant
    #expect(abs(solution.parameters[1] - slope) < 1e-12)
    #expect(abs(solution.parameters[0] - (sy - slope * sx) / n) < 1e-12)
    #expect(abs(solution.covariance[1, 1] - n / determinant) < 1e-12)
    #expect(abs(solution.covariance[0, 1] + sx / determinant) < 1e-12)
  }

  @Test("Rosenbrock's valley is followed to its end (NIST-style start)")
  func valley() throws {
    let problem = LeastSquaresProblem(
      parameterCount: 2, residualCount: 2,
      residuals: { p, r in
        r[0] = 10 * (p[1] - p[0] * p[0])
        r[1] = 1 - p[0]
      },
      jacobian: { p, d in
        d[0] = -20 * p[0]
        d[1] = 10
        d[2] = -1
        d[3] = 0
      })
    let solution = try #require(problem.minimise(from: [-1.2, 1]))
    #expect(abs(solution.parameters[0] - 1) < 1e-9 && abs(solution.parameters[1] - 1) < 1e-9)
  }

  @Test("A start that is the minimum is a solution")
  func atMinimum() throws {
    let solution = try #require(line([0, 1, 2], [1, 2, 3]).minimise(from: [1, 1]))
    #expect(solution.sumOfSquares < 1e-20)
  }

  @Test("Fewer residuals than parameters, a start that is no number and a function that is none have no solution")
  func impossible() {
    #expect(line([0], [1]).minimise(from: [0, 0]) == nil)
    #expect(line([0, 1], [1, 2]).minimise(from: [.nan, 0]) == nil)
    #expect(line([0, 1], [.infinity, 2]).minimise(from: [0, 0]) == nil)
  }
}

@Suite("Matrices, distributions, streams and roots")
struct SmallNumericsTests {
  @Test("The Cholesky factor times its transpose is the matrix; a direction without variance is left out")
  func cholesky() {
    let matrix = SquareMatrix(size: 3) { [[4.0, 2, 0.6], [2, 5, 1], [0.6, 1, 3]][$0][$1] }
    let factor = matrix.choleskyFactor()
    for row in 0..<3 {
      for column in 0..<3 {
        let product = (0..<3).reduce(0) { $0 + factor[row, $1] * factor[column, $1] }
        #expect(abs(product - matrix[row, column]) < 1e-12)
      }
    }
    let flat = SquareMatrix(size: 2) { $0 == 0 && $1 == 0 ? 1 : 0 }
    #expect(flat.choleskyFactor()[1, 1] == 0)
  }

  @Test("A negative variance and none at all have no standard uncertainty")
  func variance() {
    let matrix = SquareMatrix(size: 2) { [[1.0, 2], [2, 1]][$0][$1] }
    #expect(matrix.standardUncertainty(along: [1, 1]) == 6.0.squareRoot())
    #expect(matrix.standardUncertainty(along: [1, -1]) == nil)
    #expect(SquareMatrix(size: 1) { _, _ in .nan }.standardUncertainty(along: [1]) == nil)
  }

  @Test(
    "The normal quantile inverts the cumulative distribution",
    arguments: [1e-9, 0.025, 0.5, 0.841344746, 0.95, 1 - 1e-9])
  func normal(p: Double) {
    #expect(abs(Normal.cumulative(Normal.quantile(p)) / p - 1) < 1e-9)
  }

  @Test("Known values: 1.959964 holds 97.5 %, χ² of 5.991465 with 2 degrees of freedom is exceeded in 5 %")
  func known() {
    #expect(abs(Normal.quantile(0.975) - 1.959963984540054) < 1e-12)
    #expect(abs(ChiSquared.survival(5.991464547107979, degreesOfFreedom: 2) - 0.05) < 1e-12)
  }

  @Test("A stream repeats itself, differs from a stream of another name, and is uniform and normal")
  func streams() {
    var a = RandomStream(seed: 5, stream: "a")
    var again = RandomStream(seed: 5, stream: "a")
    var b = RandomStream(seed: 5, stream: "b")
    #expect(a.next() == again.next())
    #expect(a.next() != b.next())
    let n = 100_000
    let uniform = (0..<n).map { _ in a.uniform() }
    let normal = (0..<n).map { _ in b.normal() }
    #expect(uniform.allSatisfy { $0 > 0 && $0 < 1 })
    #expect(abs(uniform.reduce(0, +) / Double(n) - 0.5) < 0.004)
    #expect(abs(normal.reduce(0, +) / Double(n)) < 0.014)
    #expect(abs(normal.reduce(0) { $0 + $1 * $1 } / Double(n) - 1) < 0.02)
    let crossed = zip(uniform, normal).reduce(0) { $0 + ($1.0 - 0.5) * $1.1 } / Double(n)
    #expect(abs(crossed) < 0.005)
  }

  @Test("A root is found to machine precision, and there is none without a change of sign")
  func roots() throws {
    let root = try #require(Root.bisect(0, 2) { $0 * $0 - 2 })
    #expect(abs(root - 2.0.squareRoot()) < 1e-15)
    #expect(Root.bisect(0, 1) { $0 + 1 } == nil)
    #expect(Root.bisect(0, 1) { $0 } == 0)
  }
}
