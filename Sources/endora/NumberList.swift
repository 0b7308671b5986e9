import CommandLine

/// Numbers separated by commas.
struct NumberList: ArgumentValue {
  let numbers: [Double]
  init?(argument: String) {
    let values = argument.split(separator: ",", omittingEmptySubsequences: false).map { Double(argument: String($0)) }
    numbers = values.compactMap { $0 }
    guard numbers.count == values.count else { return nil }
  }
  var argument: String { numbers.map(\.argument).joined(separator: ",") }
  static var valueName: String? { "NUMBERS" }
  static var kind: String { "numbers separated by commas" }
  static var completion: Completion { .nothing }
}
