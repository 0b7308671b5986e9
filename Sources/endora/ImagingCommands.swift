import CommandLine
import Workbench

private let folder = Argument<FolderPath>("folder", "A folder with DICOM files, a zip archive or a DICOMDIR.")
private let file = Argument<FilePath>("file", "A file of a gamma camera (modality NM).")

let dicomCommands = Command(
  "dicom", "Studies in DICOM.", example: "endora dicom index patient-2/imaging",
  commands: [
    Command(
      "index", "The studies and series of a folder, with what their headers show and the files that were refused.",
      example: "endora dicom index patient-2/imaging --json", takes: [folder, json]
    ) { arguments in
      let index = try IndexDocument(folder: arguments[folder].path)
      try show(index.document, as: arguments, text: index.summary)
    }
  ])

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
  ])
