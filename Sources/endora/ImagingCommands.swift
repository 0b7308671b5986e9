public import CommandLine
import Foundation
import Quantities
public import Volumes
public import Workbench

private let folder = Argument<FolderPath>("folder", "A folder with DICOM files, a zip archive or a DICOMDIR.")
private let file = Argument<FilePath>("file", "A file of a gamma camera (modality NM).")

private let anyFile = Argument<FilePath>("file", "A DICOM file.")
private let caseFolder = Argument<FilePath>("case", "A folder that holds a case.json.")
private let series = Option<String?>("series", "The Series Instance UID, where the folder holds several.")
private let drawn = Option<FilePath?>("regions", "Regions to write with their uptake.")
private let output = Option("output", "The folder to write to.", default: "export")

private let mapFile = Argument<FilePath>("map", "A map in NIfTI, such as tac voxel writes.")
private let mapImages = Option<FolderPath>(required: "images", "The images on whose lattice the map lies.")
private let mapQuantity = Option<MapQuantity?>("quantity", "What it holds, where its unit does not tell.")
private let mapUnit = Option<String?>("unit", "Its unit, where the map does not name it: Gy, Gy/h, Bq h/mL, g/mL ...")

private let source = Argument<FolderPath>("volume", "A folder with a series, or a NIfTI file.")
private let lattice = Option<FolderPath>(required: "onto", "The folder or NIfTI file whose lattice it gets.")
private let latticeSeries = Option<String?>("onto-series", "The Series Instance UID of that, where it holds several.")
private let rule = Option("by", "How values follow.", default: ResamplingRule.linear)
private let plane = Option("plane", "The plane of the body.", default: AnatomicalPlane.coronal)
private let across = Option<NumberList?>("across", "The direction of rows, x,y,z to the left, the back and the head.")
private let down = Option<NumberList?>("down", "The direction of columns, at right angles to it.")
private let spacing = Option<Double?>("spacing", "The edge of the voxels in mm.")
private let volumeFile = Option("output", "The file to write.", default: "resampled.nii")

private let image = Option<String>(required: "image", "The Series Instance UID of the image.")
private let outlines = Option<FilePath>(required: "regions", "An RTSTRUCT, a SEG, NIfTI masks, or shapes in JSON5.")
private let shared = Option("output", "The folder to write to.", default: "deidentified")
private let secret = Option<String?>("secret", "A text that gives the same names and dates in every run.")

/// The moment at which results are made.
private var now: Timestamp { Timestamp(secondsSince1970: Date().timeIntervalSince1970.rounded(.down), utcOffset: 0) }

let dicomCommands = Command(
  "dicom", "Studies in DICOM.", example: "endora dicom index patient-2/imaging",
  commands: [
    Command(
      "index", "The studies and series of a folder, with what their headers show and the files that were refused.",
      example: "endora dicom index patient-2/imaging --json", takes: [folder, json]
    ) { arguments in
      let index = try IndexDocument(folder: arguments[folder].path, progress: scanProgress)
      try show(index.document, as: arguments, text: index.summary)
    },
    Command(
      "check", "Read a file whole, with every value and its pixels.", example: "endora dicom check slice-1.dcm",
      takes: [anyFile, json]
    ) { arguments in
      let check = try FileCheckDocument(path: arguments[anyFile].path)
      try show(check.document, as: arguments, text: check.summary)
    },
    Command(
      "export", "Results as DICOM objects of the study they come from.", example: "endora dicom export plan patient-2",
      commands: [
        Command(
          "plan", "The doses of a case as a structured report, and its report as an Encapsulated PDF.",
          example: "endora dicom export plan patient-2 --output export", takes: [caseFolder, output, json]
        ) { arguments in
          let export = try ResultExport.plan(
            arguments[caseFolder].path, to: arguments[output], created: now)
          try show(export.document, as: arguments, text: export.summary)
        },
        Command(
          "pet", "A PET series as a map of SUV and a rotating projection; regions with their uptake.",
          example: "endora dicom export pet patient-2/imaging --regions regions.dcm",
          takes: [folder, series, drawn, output, json]
        ) { arguments in
          let export = try ResultExport.pet(
            folder: arguments[folder].path, series: arguments[series], regions: arguments[drawn]?.path,
            to: arguments[output], created: now)
          try show(export.document, as: arguments, text: export.summary)
        },
        Command(
          "map", "A map that Endora wrote (NIfTI) as an RT Dose or a Parametric Map of the images it was made from.",
          example: "endora dicom export map maps/time-integrated-activity.nii --images patient-2/imaging",
          takes: [mapFile, mapImages, series, mapQuantity, mapUnit, output, json]
        ) { arguments in
          let export = try ResultExport.map(
            arguments[mapFile].path, images: arguments[mapImages].path, series: arguments[series],
            quantity: arguments[mapQuantity], unit: arguments[mapUnit], to: arguments[output], created: now)
          try show(export.document, as: arguments, text: export.summary)
        },
      ]),
    Command(
      "regions", "The regions of a file laid on a series, with their volume by pixel centre and by area.",
      example: "endora dicom regions imaging --image 1.2.840.1 --regions organs.dcm",
      takes: [folder, image, outlines, json]
    ) { arguments in
      let volumes = try RegionVolumes(
        folder: arguments[folder].path, image: arguments[image], regions: arguments[outlines].path)
      try show(volumes.document, as: arguments, text: volumes.summary)
    },
    Command(
      "resample", "A volume on the lattice of another, as NIfTI.",
      example: "endora dicom resample imaging/spect --onto imaging/ct --by conserving --output spect-on-ct.nii",
      takes: [source, series, lattice, latticeSeries, rule, volumeFile, json]
    ) { arguments in
      let done = try Resampling.resample(
        arguments[source].path, series: arguments[series], onto: arguments[lattice].path,
        series: arguments[latticeSeries], by: arguments[rule], to: arguments[volumeFile])
      try show(done.document, as: arguments, text: done.summary)
    },
    Command(
      "reformat", "A volume in planes of the body, or in oblique ones, as NIfTI.",
      example: "endora dicom reformat imaging/ct --plane coronal --spacing 2 --output coronal.nii",
      takes: [source, series, plane, across, down, spacing, rule, volumeFile, json]
    ) { arguments in
      let (u, v) = (try arguments[across], try arguments[down])
      guard (u == nil) == (v == nil) else {
        throw CaseError(
          "directions", "Only one of --across and --down is given.", remedy: "Give both, or --plane.", category: .usage)
      }
      let done = try Resampling.reformat(
        arguments[source].path, series: arguments[series], plane: arguments[plane],
        directions: u.flatMap { u in v.map { (u.numbers, $0.numbers) } },
        spacing: arguments[spacing].map { .millimetres($0) }, by: arguments[rule], to: arguments[volumeFile])
      try show(done.document, as: arguments, text: done.summary)
    },
    Command(
      "deidentify", "Files without what tells who the patient is; SUV stays what it was.",
      example: "endora dicom deidentify imaging --output shared", takes: [folder, shared, secret, json]
    ) { arguments in
      let done = try DeidentificationDocument(
        folder: arguments[folder].path, output: arguments[shared], secret: arguments[secret])
      try show(done.document, as: arguments, text: done.summary)
    },
  ] + exchangeCommands)

let nmCommands = Command(
  "nm", "Images of gamma cameras.", example: "endora nm info patient-2/imaging/anterior-posterior.dcm",
  commands: [
    Command(
      "info", "Every frame of a file with its view, energy window, angle, duration and counts.",
      example: "endora nm info patient-2/imaging/anterior-posterior.dcm --json", takes: [file, json]
    ) { arguments in
      let info = try NuclearMedicineDocument(path: arguments[file].path)
      try show(info.document, as: arguments, text: info.summary)
    }
  ] + nuclearMedicineMeasurements)

extension MapQuantity: ArgumentValue {}
extension ResamplingRule: ArgumentValue {}
extension AnatomicalPlane: ArgumentValue {}
