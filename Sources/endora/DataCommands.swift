import CommandLine
import Workbench

private let archiveFolder = Argument<FolderPath>("folder", "The folder that holds the case folders and their archive.")
private let name = Argument<String?>("name", "One nuclide; all when left out.")

let dataCommands = Command(
  "data", "The data that Endora ships and keeps.", example: "endora data nuclides Lu-177",
  commands: [
    Command(
      "nuclides", "Half-lives, energies per decay and photon lines.", example: "endora data nuclides Lu-177 --json",
      takes: [name, json]
    ) { arguments in
      let listing = try NuclideListing(arguments[name])
      try show(listing.document, as: arguments, text: listing.summary)
    },
    Command(
      "audit", "Check that everything in an archive is as it was written.", example: "endora data audit cases --json",
      takes: [archiveFolder, json]
    ) { arguments in
      let audit = try ArchiveAudit(folder: arguments[archiveFolder].path)
      try show(audit.document, as: arguments, text: audit.summary)
      if let refusal = audit.refusal { throw refusal }
    },
    Command(
      "checks", "Numbers of the source papers, recomputed here.", example: "endora data checks --json", takes: [json]
    ) { arguments in
      let checks = try PublishedChecks()
      try show(checks.document, as: arguments, text: checks.summary)
    },
  ])
