import Archive
import HTTP
import JSON
import Provenance
import Workbench

extension Route {
  /// What the viewer asks: images, regions, planar scans.
  static let imaging = [
    document("GET", "/api/images") { app, request in try app.images.open(request.query["case"] ?? "").document },
    document("GET", "/api/volume") { app, request in try app.volume(request, "series").document },
    Route("GET", "/api/slices") { app, request in
      binary(
        try app.volume(request, "series").bytes(first: try request.number("first"), count: try request.number("count")))
    },
    Route("GET", "/api/projection") { app, request in
      let found = try app.volume(request, "series").projection(frames: try request.number("frames"))
      var response = binary(found.bytes)
      response.headers["Endora-Picture"] = try found.document.text(indented: false).filter { $0 != "\n" }
      return response
    },
    document("GET", "/api/registration") { app, request in
      try app.volume(request, "series").registration(to: app.volume(request, "to"))
    },
    document("POST", "/api/measure") { app, request in try app.measure(request) },
    document("GET", "/api/regions") { app, request in try app.kept(.volumes, request).document() },
    document("POST", "/api/regions") { app, request in try app.keep(.volumes, request) },
    document("GET", "/api/planar") { app, request in try app.images.planar(request.query["case"] ?? "").document() },
    Route("GET", "/api/planar/counts") { app, request in
      binary(try app.images.planar(request.query["case"] ?? "").counts(of: try request.number("scan")))
    },
    document("GET", "/api/planar/regions") { app, request in try app.kept(.planar, request).document() },
    document("POST", "/api/planar/regions") { app, request in try app.keep(.planar, request) },
    document("POST", "/api/planar/measure") { app, request in
      let root = try JSONDocument(request.body, dialect: .strict).root
      let regions = try root.required("content")
      return try app.images.planar(try root.required("case").string()).activities(of: regions)
    },
  ]

  private static func binary(_ bytes: [UInt8]) -> Response {
    Response(200, type: "application/octet-stream", body: bytes)
  }
}

extension Request {
  /// A field of the query that is a whole number.
  func number(_ name: String) throws -> Int {
    guard let number = Int(query[name] ?? "") else {
      throw WebAppError("not-a-number", "\(name) is no whole number.", remedy: "Load the page again.", category: .input)
    }
    return number
  }
}

extension WebApplication {
  fileprivate func volume(_ request: Request, _ field: String) throws -> ViewedVolume {
    try images.volume(request.query["case"] ?? "", request.query[field] ?? "")
  }

  fileprivate func kept(_ kind: KeptRegions.Kind, _ request: Request) throws -> KeptRegions {
    try KeptRegions(kind, of: images.images(request.query["case"] ?? ""))
  }

  /// The region of a request in every series that it names.
  fileprivate func measure(_ request: Request) throws -> JSONValue {
    let root = try JSONDocument(request.body, dialect: .strict).root
    let path = try root.required("case").string()
    let withVoxels = try root["withVoxels"]?.bool() ?? false
    let region = try root.required("region")
    let series = try root.required("series").list().map { try $0.string() }
    guard (1...12).contains(series.count) else {
      throw WebAppError(
        "series-count", "A region is measured in 1 to 12 series.", remedy: "Name fewer.", category: .input)
    }
    let opened = try images.images(path)
    // What lies above a threshold is found in the first series alone; without it there is nothing to measure in others.
    let above =
      region["threshold"] == nil
      ? nil : Result { try RegionMeasurement(region, in: images.volume(path, series[0]), of: opened) }
    return [
      "measurements": .array(
        try series.enumerated().map { n, uid in
          do {
            let volume = try images.volume(path, uid)
            let found =
              try above.map { n == 0 ? try $0.get() : try RegionMeasurement($0.get(), in: volume) }
              ?? RegionMeasurement(region, in: volume, of: opened)
            return found.document(withVoxels: withVoxels && n == 0)
          } catch let refusal as any Refusal {
            return ["series": .string(uid), "refused": Self.document(refusal)]
          }
        })
    ]
  }

  /// Writes regions into the case folder and notes who did it.
  fileprivate func keep(_ kind: KeptRegions.Kind, _ request: Request) throws -> JSONValue {
    let root = try JSONDocument(request.body, dialect: .strict).root
    let path = try root.required("case").string()
    let kept = try KeptRegions(kind, of: images.images(path))
    let digest = try kept.replace(with: try root.required("content"), seen: try root["seen"]?.string())
    try Archive(folder: folder).note(
      action: kind == .volumes ? "regions" : "planar-regions", subject: path, detail: "{\"digest\":\"\(digest)\"}",
      actor: request.actor ?? actor, at: clock().description)
    return ["digest": .string(digest)]
  }
}
