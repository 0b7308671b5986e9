import Testing

@testable import Numerics

@Suite("Matrices and distributions")
struct MatrixTests {
  @Test("A solved system gives its right side back, and a singular one has no solution")
  func solving() throws {
    let matrix = SquareMatrix(size: 3) { [[4.0, 1, 2], [1, 3, 0.5], [2, 0.5, 5]][$0][$1] }
    let x = try #require(matrix.solved(for: [1, 2, 3]))
    for row in 0..<3 {
      let product = (0..<3).reduce(0) { $0 + matrix[row, $1] * x[$1] }
      #expect(abs(product - Double(row + 1)) < 1e-14)
    }
    let inverse = try #require(matrix.inverted())
    for row in 0..<3 {
      for column in 0..<3 {
        let product = (0..<3).reduce(0) { $0 + matrix[row, $1] * inverse[$1, column] }
        #expect(abs(product - (row == column ? 1 : 0)) < 1e-14)
      }
    }
    let singular = SquareMatrix(size: 2) { _, _ in 1 }
    #expect(singular.solved(for: [1, 2]) == nil && singular.inverted() == nil)
  }

  @Test("Student's distribution has its tabulated quantiles", arguments: [(12.7062, 1), (4.30265, 2), (2.22814, 10)])
  func student(t: Double, freedom: Double) {
    #expect(abs(StudentT.cumulative(t, degreesOfFreedom: freedom) - 0.975) < 1e-6)
    #expect(abs(StudentT.cumulative(-t, degreesOfFreedom: freedom) - 0.025) < 1e-6)
  }
}
