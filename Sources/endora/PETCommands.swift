public import CommandLine
public import Workbench

private let folder = Argument<FolderPath>("folder", "A folder that holds the PET study in DICOM.")
private let weight = Option<String?>("weight", "The patient's weight, such as \"70 kg\".")
private let height = Option<String?>("height", "The patient's height, such as \"175 cm\".")
private let sex = Option<String?>("sex", "The patient's sex, M or F.")
private let administered = Option<String?>("administered", "The administered activity, such as \"150 MBq\".")
private let residual = Option<String?>("residual", "What was left over at the administration, such as \"5 MBq\".")
private let injected = Option<String?>("injected", "The administration by the scanner's clock: 2026-03-04T09:30:00.")
private let nuclide = Option<String?>("nuclide", "The nuclide, such as Ga-68.")
private let correctFrames = Flag("correct-frames", "Correct a single frame that is not corrected for decay.")
private let caseArgument = Argument<FilePath>("case", "A folder that holds a pet.json.")
private let otherCase = Argument<FilePath>("other", "Another case of the same patient and template.")
private let regions = Option<FilePath>(
  required: "regions", "An RTSTRUCT, SEG or NIfTI file, a folder of NIfTI masks, or spheres and boxes in JSON5.")
private let series = Option<String?>("series", "The Series Instance UID, where the folder holds several.")
private let kind = Option("type", "What the uptake is normalised to.", default: PETMeasurement.Kind.bw)
private let peak = Option(
  "peak", "Surface voxels of the peak's sphere by fraction or centre, or its middle between voxels.",
  default: PETMeasurement.Peak.fractional)
private let threshold = Option<String?>(
  "threshold", "Leave out voxels below \"41 %\" of the maximum, an SUV, or gradient.")
private let parts = Option("parts", "Which parts of a lesion count.", default: PETMeasurement.Parts.all)
private let picture = Option("output", "The animated PNG to write.", default: "mip.png")
private let frames = Option("frames", "From how many sides, an even number.", default: 36)
private let window = Option("window", "The SUV that is drawn black.", default: 10.0)
private let folders = Rest<FolderPath>("folder", "Cases, or folders that hold cases.", required: true)
private let pictures = Option<String?>("output", "The folder to write figures and the table to.")
private let figureFolder = Option("output", "The folder to write figures to.", default: "figures")
private let format = Option("format", "In what figures are written.", default: PictureFormat.all)
private let test = Option("test", "The test whose p is drawn between groups.", default: GroupTest.mannWhitney)
private let muscle = Option("muscle", "The name of the region that is muscle.", default: "muscle")
private let cohortFolder = Option("output", "The folder to write the synthetic cohort to.", default: "pet-cohort")
private let seed = Option("seed", "The seed of all random numbers.", default: 0)
private let numbers = Flag("numbers", "Write what was measured in the images instead of the images.")
private let facts: [any Parameter] = [
  weight, height, sex, administered, residual, injected, nuclide, correctFrames,
]

private func stated(_ arguments: ParsedArguments) throws -> StatedText {
  var stated = StatedText()
  stated.weight = try arguments[weight]
  stated.height = try arguments[height]
  stated.sex = try arguments[sex]
  stated.administered = try arguments[administered]
  stated.residual = try arguments[residual]
  stated.injected = try arguments[injected]
  stated.nuclide = try arguments[nuclide]
  stated.correctsFrames = try arguments[correctFrames]
  return stated
}

let petCommands = Command(
  "pet", "Uptake in PET.", example: "endora pet suv patient-2/imaging",
  commands: [
    Command(
      "suv", "The factor to SUV of every PET series, with how it came about.",
      example: "endora pet suv patient-2/imaging --json", takes: [folder] + facts + [json]
    ) { arguments in
      let listing = try PETListing(folder: arguments[folder].path, stated: stated(arguments))
      try show(listing.document, as: arguments, text: listing.summary)
      if let refusal = listing.refusal { throw refusal }
    },
    Command(
      "measure", "Uptake of regions: maximum, peak, mean, spread, volume and total.",
      example: "endora pet measure patient-2/imaging --regions regions.dcm --json",
      takes: [folder, regions, series, kind, peak, threshold, parts] + facts + [json]
    ) { arguments in
      let measured = try PETMeasurement(
        folder: arguments[folder].path, regions: arguments[regions].path, series: arguments[series],
        kind: arguments[kind], peak: arguments[peak], threshold: arguments[threshold], parts: arguments[parts],
        stated: stated(arguments))
      try show(measured.document, as: arguments, text: measured.summary)
      if let refusal = measured.refusal { throw refusal }
    },
    Command(
      "mip", "The rotating maximum intensity projection of a series.",
      example: "endora pet mip patient-2/imaging --output mip.png",
      takes: [folder, series, picture, frames, window] + facts + [json]
    ) { arguments in
      let projection = try PETProjection(
        folder: arguments[folder].path, series: arguments[series], frames: arguments[frames],
        window: arguments[window], stated: stated(arguments))
      try projection.write(to: arguments[picture])
      try show(
        projection.document(path: arguments[picture]), as: arguments,
        text: projection.summary(path: arguments[picture]))
    },
    Command(
      "sites", "The skeletal sites of a case with their mean, ratios, lesions and burden.",
      example: "endora pet sites patient-2 --json", takes: [caseArgument, json]
    ) { arguments in
      let sites = try PETSites(case: arguments[caseArgument].path)
      try show(sites.document(), as: arguments, text: sites.summary())
    },
    Command(
      "compare", "Two studies of a patient, site by site and lesion by lesion.",
      example: "endora pet compare patient-2/pentixafor patient-2/fdg --json", takes: [caseArgument, otherCase, json]
    ) { arguments in
      let comparison = try PETComparison(arguments[caseArgument].path, with: arguments[otherCase].path)
      try show(comparison.document, as: arguments, text: comparison.summary)
    },
    Command(
      "figures", "Pictures of a case: sites, projection, and planes over CT or MR at each site.",
      example: "endora pet figures patient-2 --output figures",
      takes: [caseArgument, figureFolder, format, window, json]
    ) { arguments in
      let folder = try arguments[figureFolder]
      let pictures = try PETPictures(case: arguments[caseArgument].path, window: arguments[window])
      let names = try pictures.write(to: folder, arguments[format])
      try show(pictures.document(names, in: folder), as: arguments, text: pictures.summary(names, in: folder))
    },
    Command(
      "cohort", "The SUV table, heat map, group tests and bars of entities of several cases.",
      example: "endora pet cohort cases --output figures", takes: [folders, pictures, format, test, json]
    ) { arguments in
      let cohort = try PETCohort(folders: arguments[folders].map(\.path))
      if let path = try arguments[pictures] {
        try cohort.write(to: path, arguments[format], test: arguments[test])
      }
      try show(cohort.document(), as: arguments, text: cohort.summary())
    },
    Command(
      "xenograft", "Uptake of a mouse's tumours in %ID/g and against muscle.",
      example: "endora pet xenograft mouse-4 --regions regions.json --muscle muscle",
      takes: [folder, regions, muscle, series] + facts + [json]
    ) { arguments in
      let found = try XenograftPET(
        folder: arguments[folder].path, regions: arguments[regions].path, muscle: arguments[muscle],
        series: arguments[series], stated: stated(arguments))
      try show(found.document, as: arguments, text: found.summary)
    },
    Command(
      "demo", "Write a synthetic cohort of fifteen with PET, CT and outlines.",
      example: "endora pet demo --output pet-cohort", takes: [cohortFolder, seed, numbers]
    ) { arguments in
      let folder = try arguments[cohortFolder]
      try PETDemonstration(seed: arguments[seed]).write(to: folder, asNumbers: arguments[numbers])
      try OutputStream.standardOutput.write("\(folder): 15 cases; try endora pet cohort \(folder)\n")
    },
  ])

extension GroupTest: ArgumentValue {}
extension PictureFormat: ArgumentValue {}

extension PETMeasurement.Kind: ArgumentValue {}
extension PETMeasurement.Peak: ArgumentValue {}
extension PETMeasurement.Parts: ArgumentValue {}
