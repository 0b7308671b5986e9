/// Solves a·x = b by elimination with row pivoting; `nil` when a is singular to rounding.
func solve(_ a: [[Double]], _ b: [Double]) -> [Double]? {
  let n = a.count
  var rows = zip(a, b).map { $0 + [$1] }
  for column in 0..<n {
    guard let pivot = (column..<n).max(by: { rows[$0][column].magnitude < rows[$1][column].magnitude }),
      rows[pivot][column].magnitude > 1e-6
    else { return nil }
    rows.swapAt(column, pivot)
    for row in 0..<n where row != column {
      let factor = rows[row][column] / rows[column][column]
      for k in column...n { rows[row][k] -= factor * rows[column][k] }
    }
  }
  return (0..<n).map { rows[$0][n] / rows[$0][$0] }
}
