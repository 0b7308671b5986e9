import CommandLine
import Workbench

private let name = Argument<String?>("name", "One nuclide; all when left out.")

let dataCommands = Command(
  "data", "The data that Endora ships.", example: "endora data nuclides Lu-177",
  commands: [
    Command(
      "nuclides", "Half-lives, energies per decay and photon lines.", example: "endora data nuclides Lu-177 --json",
      takes: [name, json]
    ) { arguments in
      let listing = try NuclideListing(arguments[name])
      try show(listing.document, as: arguments, text: listing.summary)
    }
  ])
