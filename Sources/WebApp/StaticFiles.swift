import Foundation
import HTTP
import Workbench

/// The files of the page, read once: a path is looked up among their names and never becomes a path on disk.
struct StaticFiles: Sendable {
  private let responses: [String: Response]

  private static let types = [
    "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "mjs": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml", "json": "application/json",
  ]

  /// - Throws: ``WebAppError`` when Endora's own files are not where it was installed.
  init() throws {
    guard let page = Bundle.module.url(forResource: "Resources/index", withExtension: "html"),
      let names = try? FileManager.default.contentsOfDirectory(atPath: page.deletingLastPathComponent().path)
    else {
      throw WebAppError(
        "app-missing", "The files of the app are not beside the program.", remedy: "Build Endora again.",
        category: .internalFault)
    }
    var responses: [String: Response] = [:]
    for name in names {
      guard let type = Self.types[String(name.split(separator: ".").last ?? "")],
        let data = FileManager.default.contents(atPath: page.deletingLastPathComponent().path + "/" + name)
      else { continue }
      responses[name == "index.html" ? "/" : "/app/" + name] = Response(200, type: type, body: Array(data))
    }
    responses["/app/figures.css"] = Response(
      200, type: Self.types["css"], body: Array(PageFigure.styles.replacing(".plot ", with: ".drawn .plot ").utf8))
    self.responses = responses
  }

  /// The file of a path, exactly as the page names it.
  func response(to path: String) -> Response? { responses[path] }
}
