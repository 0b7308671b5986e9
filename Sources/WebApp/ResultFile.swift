import Archive
import HTTP

/// A result as the browser gets it: found by its digest among the results of the archive.
struct ResultFile {
  let name: String
  let digest: String

  /// What is shown; everything else is offered as a file.
  private static let shown = [
    "html": "text/html; charset=utf-8", "svg": "image/svg+xml", "pdf": "application/pdf", "json": "application/json",
    "csv": "text/csv; charset=utf-8", "png": "image/png",
  ]

  func response(in folder: String) throws -> Response {
    let archive = try Archive(folder: folder)
    guard try archive.hasResult(named: name, digest: digest), let bytes = archive.result(digest) else {
      throw WebAppError(
        "no-such-result", "The archive has no such result.", remedy: "Index the folder again and open the case anew.")
    }
    let suffix = String(name.split(separator: ".").last ?? "")
    guard let type = Self.shown[suffix] else {
      return Response(
        200, type: "application/octet-stream", body: bytes, headers: ["Content-Disposition": "attachment"])
    }
    var response = Response(200, type: type, body: bytes)
    if suffix == "html" || suffix == "svg" {
      // A report is one file with its styles inside and no script: it may style itself and do nothing else.
      response.headers["Content-Security-Policy"] =
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; "
        + "form-action 'none'; frame-ancestors 'self'; sandbox"
    }
    return response
  }
}
