import Foundation

/// What is measured, its value and the bounds it was reviewed against.
struct Figure {
  let name: String
  let value: Double
  let bounds: ClosedRange<Double>
  let note: String

  var isWithin: Bool { bounds.contains(value) }
}

let arguments = CommandLine.arguments.dropFirst()
if arguments.first == "images-child", arguments.count == 2 {
  try Images.child(arguments[2])
  exit(0)
}
let known = [
  "coverage", "speed", "curves", "outcome", "transport", "calibration", "published", "planar", "registration",
  "decisions", "quantification", "images", "cytometry",
]
if let unknown = arguments.first(where: { !known.contains($0) }), arguments.first != "cytometry-run" {
  FileHandle.standardError.write(
    Data("There is no benchmark '\(unknown)'.\nChoose from \(known.joined(separator: ", ")), or none for all.\n".utf8))
  exit(64)
}
let chosen = arguments.isEmpty ? known : Array(arguments)
do {
  if arguments.count == 3, arguments.first == "cytometry-run" {
    try Cytometry.runOnce(Array(arguments)[1], Array(arguments)[2])
    exit(0)
  }
  let thresholds = try Thresholds.read()
  var figures: [Figure] = []
  if chosen.contains("coverage") { figures += try Coverage.measure(seeds: 1000..<1100, thresholds) }
  if chosen.contains("planar") { figures += try Planar.measure(seeds: 2000..<2400, thresholds) }
  if chosen.contains("quantification") { figures += try Quantification.measure(thresholds) }
  if chosen.contains("registration") { figures += try Registration.measure(thresholds) }
  if chosen.contains("speed") { figures += try Speed.measure(thresholds) }
  if chosen.contains("curves") { figures += try Curves.measure(thresholds) }
  if chosen.contains("outcome") { figures += try Outcome.measure(thresholds) }
  if chosen.contains("transport") { figures += try TransportFigures.measure(thresholds) }
  if chosen.contains("published") { figures += try Published.measure() }
  if chosen.contains("calibration") { figures += try Calibration.measure(thresholds) }
  if chosen.contains("decisions") { figures += try Decisions.measure(patients: 1000, thresholds) }
  if chosen.contains("images") { figures += try Images.measure(thresholds) }
  if chosen.contains("cytometry") { figures += try Cytometry.measure(thresholds) }
  for figure in figures {
    let bounds = "\(figure.bounds.lowerBound) to \(figure.bounds.upperBound)"
    print(
      "\(figure.isWithin ? "ok  " : "OUT ") \(figure.name): \(String(format: "%.4g", figure.value)) (\(bounds)) \(figure.note)"
    )
  }
  exit(figures.allSatisfy(\.isWithin) ? 0 : 1)
} catch {
  FileHandle.standardError.write(Data("\(error)\n".utf8))
  exit(70)
}
