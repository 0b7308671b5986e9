import Archive
import HTTP
import JSON
import Workbench

extension Route {
  static let courses = [
    document("GET", "/api/course") { app, request in
      try CoursePage(
        try app.sessions.folder(of: try request.required("case")), day0: request.query["day0"],
        width: request.width ?? 588
      ).document
    },
    document("POST", "/api/confirm") { app, request in
      let asked = try request.document()
      let path = try asked.text("case")
      let folder = try app.sessions.folder(of: path)
      let person = request.actor ?? app.actor
      _ = try ConfirmationFile.confirm(
        folder, item: asked.text("item"), reading: asked.text("reading"), by: person, because: asked.text("reason"))
      try Archive(folder: app.folder).note(
        action: "confirm", subject: path,
        detail: JSONValue.object(["item": asked["item"] ?? .null, "reading": asked["reading"] ?? .null])
          .text(indented: false), actor: person, at: app.clock().description)
      return try CoursePage(folder).document
    },
    document("GET", "/api/cohort") { app, request in
      try CohortPage(app.folder, width: request.width ?? 680).document
    },
  ]
}

extension Request {
  /// The width of a figure's place in the page; `nil` where none is told that a figure can have.
  fileprivate var width: Double? {
    query["width"].flatMap(Double.init).flatMap { (480...2400).contains($0) ? $0 : nil }
  }
}
