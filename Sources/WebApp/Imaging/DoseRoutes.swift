import Archive
import HTTP
import JSON
import Provenance
import Quantities
import Workbench

extension Route {
  /// What the viewer asks of dose maps.
  static let voxelDoses = [
    document("GET", "/api/isodoses") { app, request in
      let levels = (request.query["levels"] ?? "").split(separator: ",").map { Double($0) ?? .nan }
      return try app.images.volume(request.required("case"), request.required("series"))
        .isodoses(in: request.required("plane"), at: Double(request.required("at")) ?? .nan, levels: levels)
    },
    document("POST", "/api/dose-volume") { app, request in
      let root = try JSONDocument(request.body, dialect: .strict).root
      let path = try root.required("case").string()
      let volume = try app.images.volume(path, try root.required("series").string())
      return try RegionDoses(root, in: volume, of: app.images.images(path)).document
    },
    document("POST", "/api/voxel-dose") { app, request in
      let asked = try request.document()
      let path = try asked.text("case")
      let folder = try app.sessions.folder(of: path)
      guard let choice = VoxelDosimetry.Choice(rawValue: try asked.text("method")),
        choice == .local || choice == .kernel
      else {
        throw WebAppError(
          "no-such-method", "The page computes doses in voxels by local deposition or kernels.",
          remedy: "Choose one of them; endora dose voxel follows the radiation too.", category: .input)
      }
      let actor = request.actor ?? app.actor
      let id = try app.jobs.begin("voxel-dose " + path) { job in
        let dose = try VoxelDosimetry(case: folder, options: VoxelDosimetry.Options(choice: choice))
        if job.state.withLock({ $0.isCancelled }) { throw Jobs.Cancelled() }
        try dose.write(to: folder + "/voxel-dose-\(choice.rawValue)", created: app.clock())
        try Archive(folder: app.folder).note(
          action: "voxel-dose", subject: path, detail: "{\"method\":\"\(choice.rawValue)\"}", actor: actor,
          at: app.clock().description)
        return ["method": JSONValue(choice.rawValue), "findings": dose.document["findings"] ?? []]
      }
      return ["job": JSONValue(id)]
    },
  ]
}
